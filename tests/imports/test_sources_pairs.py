"""Several parties in one cell: pairs among them, conditions on the parts, and events that tell a link again."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import import_text, table

from ecosystem.errors import DatasetError
from ecosystem.imports import ImportReport, load_mapping

PATENTS = """
title = "patents and who applied for them"
files.list = { path = "list.csv" }
[nodes.org]
label = "Company"
each = { columns = ["applicants", "kinds"], by = ";" }
id = "applicants"
name = "applicants"
[links.joint]
type = "COLLABORATES_WITH"
from = "org"
to = "org"
pairs = true
event = "patent"
properties = { year = "year" }
"""
HEADER = "patent,year,applicants,kinds\n"


def patents(folder: Path, *rows: str, mapping: str = PATENTS) -> ImportReport:
    return import_text(folder, "patents", mapping, {"list.csv": HEADER + "\n".join(rows) + "\n"})


def pairs(folder: Path) -> list[tuple[str, str]]:
    path = folder / "out" / "collaborates_with.csv"
    return sorted((row["from"], row["to"]) for row in table(folder, "collaborates_with")) if path.exists() else []


def refused(folder: Path, mapping: str) -> str:
    path = folder / "mine.toml"
    path.write_text(mapping)
    with pytest.raises(DatasetError) as caught:
        load_mapping(str(path))
    return str(caught.value)


def test_two_applicants_are_one_link(tmp_path: Path) -> None:
    report = patents(tmp_path, "P1,2020,Alpha;Beta,")
    assert pairs(tmp_path) == [("Alpha", "Beta")]
    assert next(entry for entry in report.entries if entry.entry == "links.joint").made == 1


def test_three_applicants_are_three_links_and_one_is_none(tmp_path: Path) -> None:
    patents(tmp_path, "P1,2020,C;A;B,", "P2,2020,D,")
    assert pairs(tmp_path) == [("A", "B"), ("A", "C"), ("B", "C")]


def test_an_applicant_twice_in_a_cell_is_no_pair(tmp_path: Path) -> None:
    patents(tmp_path, "P1,2020,A;A;B,")
    assert pairs(tmp_path) == [("A", "B")]


def test_an_event_tells_a_pair_once_whatever_the_order(tmp_path: Path) -> None:
    patents(tmp_path, "P1,2020,A;B,", "P1,2020,B;A,", "P2,2021,B;A,")
    assert pairs(tmp_path) == [("A", "B"), ("A", "B")]


def test_without_an_event_every_row_has_its_pairs(tmp_path: Path) -> None:
    patents(tmp_path, "P1,2020,A;B,", "P1,2020,B;A,", mapping=PATENTS.replace('event = "patent"\n', ""))
    assert pairs(tmp_path) == [("A", "B"), ("A", "B")]


def test_two_names_that_the_merge_makes_one_are_no_pair(tmp_path: Path) -> None:
    mapping = PATENTS.replace('name = "applicants"', 'name = "applicants"\nproperties.legal_name = "applicants"')
    patents(tmp_path, "P1,2020,Alpha GmbH;Alpha Gmbh;Beta,", "P1,2020,Beta;Alpha GmbH;Alpha Gmbh,", mapping=mapping)
    assert all(begin != end for begin, end in pairs(tmp_path))
    assert len(table(tmp_path, "companies")) == 2


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("pairs = true\n", "", "from and to are both org of one row"),
        ('to = "org"\npairs = true', 'to = ["org"]', "pairs = true makes one link"),
        ('to = "org"', 'to = { node = "org", column = "applicants" }', "needs the same node tables"),
        ("COLLABORATES_WITH", "ENABLES", "a pair has no direction"),
    ],
)
def test_a_table_linked_with_itself_says_that_pairs_are_meant(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert message in refused(tmp_path, PATENTS.replace(before, after))


def test_two_tables_of_the_same_nodes_are_one_table(tmp_path: Path) -> None:
    begin, end = PATENTS.index("[nodes.org]"), PATENTS.index("[links.joint]")
    twin = PATENTS[begin:end].replace("nodes.org", "nodes.twin")
    mapping = PATENTS[:end] + twin + PATENTS[end:].replace('to = "org"\npairs = true', 'to = "twin"')
    assert "from and to are both org of one row" in refused(tmp_path, mapping)


def test_the_other_end_may_be_named_by_a_column(tmp_path: Path) -> None:
    mapping = PATENTS.replace('to = "org"\npairs = true', 'to = { node = "org", column = "patent" }')
    patents(tmp_path, "B,2020,A,", "A,2020,B,", mapping=mapping)
    assert pairs(tmp_path) == [("A", "B"), ("B", "A")]


def test_keep_is_asked_of_every_part(tmp_path: Path) -> None:
    mapping = PATENTS.replace('label = "Company"', 'label = "Company"\nkeep = { column = "kinds", in = ["firm"] }')
    report = patents(tmp_path, "P1,2020,A;B;C,firm;school;firm", "P2,2021,D;E,school;school", mapping=mapping)
    assert [row["id"] for row in table(tmp_path, "companies")] == ["A", "C"]
    assert pairs(tmp_path) == [("A", "C")]
    assert [(file.used, file.skipped) for file in report.files] == [(1, 1)]


def test_a_part_in_neither_list_sets_its_row_aside(tmp_path: Path) -> None:
    lists = 'keep = [{ column = "kinds", in = ["firm"], out = ["school"] }, { column = "year", in = ["2020"] }]'
    mapping = PATENTS.replace('label = "Company"', f'label = "Company"\n{lists}')
    report = patents(
        tmp_path, "P1,2020,A;B;F,firm;school;firm", "P2,2020,C;D,firm;band", "P3,1999,E,firm", mapping=mapping
    )
    assert [row["id"] for row in table(tmp_path, "companies")] == ["A", "F"]
    assert [(file.used, file.skipped, file.quarantined) for file in report.files] == [(1, 1, 1)]


DEALS = """
title = "deals"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "company"
[nodes.investor]
label = "Investor"
id = "investor"
[links.deal]
type = "INVESTED_IN"
from = "investor"
to = "company"
event = "deal"
properties = { year = "year", round = "round", amount_cny_m = { column = "amount", as = "number" } }
"""


def deals(folder: Path, *rows: str) -> ImportReport:
    lines = ["deal,company,investor,year,round,amount", *rows]
    return import_text(folder, "deals", DEALS, {"list.csv": "\n".join(lines) + "\n"})


def test_a_second_tranche_is_told_with_what_is_dropped(tmp_path: Path) -> None:
    report = deals(tmp_path, "D1,c,f,2020,A,5", "D1,c,f,2020,A,7", "D1,c,g,2020,A,9", "D1,c,f,2021,A,5")
    assert [(row["from"], row["amount_cny_m"]) for row in table(tmp_path, "invested_in")] == [("f", "5"), ("g", "9")]
    told = [finding for finding in report.findings if finding.code == "same_link_differs"]
    assert [(one.row, one.column, one.value) for one in told] == [(3, "amount_cny_m", "7.0"), (5, "year", "2021")]
    assert "amount_cny_m 7.0 is dropped, 5.0 (line 2) is kept" in told[0].message


def test_a_blank_of_the_first_row_is_filled_by_a_later_one(tmp_path: Path) -> None:
    report = deals(tmp_path, "D1,c,f,2020,,", "D1,c,f,2020,A,", "D1,c,f,2020,,7", "D1,c,f,,B,7")
    (link,) = table(tmp_path, "invested_in")
    assert (link["year"], link["round"], link["amount_cny_m"]) == ("2020", "A", "7")
    told = [finding for finding in report.findings if finding.code == "same_link_differs"]
    assert [(one.row, one.column) for one in told] == [(5, "round")]


def test_rows_that_agree_are_no_finding(tmp_path: Path) -> None:
    report = deals(tmp_path, "D1,c,f,2020,A,5", "D1,c,f,2020,,5", "D2,c,f,2021,B,6")
    assert [finding for finding in report.findings if finding.code == "same_link_differs"] == []


FIRMS = """
title = "firms"
files.list = { path = "list.csv" }
[nodes.org]
label = "Company"
id = "id"
name = "name"
[links.buys]
type = "ENABLES"
"""


@pytest.mark.parametrize(
    "ends",
    [
        'from = { node = "org", column = "a" }\nto = { node = "org", column = "a" }',
        'from = "org"\nto = { node = "org", column = "id" }',
        'from = { node = "org", column = "name", by = "name" }\nto = "org"',
        'from = { node = "org", column = "name", by = "name" }\nto = { node = "org", column = "id" }',
    ],
)
def test_a_column_that_names_the_same_node_twice_is_refused(tmp_path: Path, ends: str) -> None:
    assert "from and to are both org of one row" in refused(tmp_path, FIRMS + ends)


def test_links_of_a_node_with_itself_are_told(tmp_path: Path) -> None:
    ends = 'from = { node = "org", column = "a" }\nto = { node = "org", column = "b" }'
    report = import_text(tmp_path, "m", FIRMS + ends, {"list.csv": "id,name,a,b\n1,A,1,2\n2,B,2,2\n3,C,3,3\n"})
    (finding,) = report.findings
    assert (finding.code, finding.row) == ("self_link", 3)
    assert finding.message == "2 rows made a link of a node with itself in enables"
