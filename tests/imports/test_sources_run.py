"""Imports of small exports, each written here: what becomes of every row."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from ecosystem.dataset import read_dataset, write_quarantine
from ecosystem.errors import DatasetError, OutputError
from ecosystem.imports import ImportReport, import_source
from ecosystem.progress import silent
from ecosystem.tables.writer import write_table

Rows = list[dict[str, str]]

FINANCING = """
title = "financing"
[files.list]
path = "list.csv"
missing = ["-", "未透露"]
fill_down = { key = "company", columns = ["company", "legal", "place"] }
[files.list.add]
key = { first = ["legal", "company"], as = "hash", prefix = "c-" }
event = { join = ["key", "day", "kind"], as = "hash", prefix = "r-" }
[money]
currencies = { "元" = 1, "美元" = 6.5 }
default = "元"
unknown = ["不明"]
vague = { "数百万" = 3_000_000 }
[nodes.company]
label = "Company"
id = "key"
name = "company"
names = ["legal"]
in_sample = { value = true, default = false, when = { column = "place", not_matches = "^欧洲" } }
region = { column = "place", split = "-", skip = ["欧洲"] }
properties.brands = "company"
collect = ["brands"]
[nodes.investor]
label = "Investor"
keep = { column = "kind", in = ["A轮", "B轮"], out = ["IPO"] }
each = { columns = "investors", by = "," }
id = { column = "investors", as = "hash", prefix = "i-" }
name = "investors"
same_as = "company"
in_sample = false
unnamed = { id = { column = "event", prefix = "u-" }, name = { value = "?" } }
[links.round]
type = "INVESTED_IN"
from = "investor"
to = "company"
event = "event"
share = { amount_cny_m = "round_amount_cny_m" }
named = "disclosed"
[links.round.properties]
date = "day"
year = { column = "day", as = "year" }
round_id = "event"
round_amount_cny_m = { column = "amount", as = "amount" }
amount_vague = { column = "amount", as = "vague" }
"""
HEADER = "company,legal,place,day,kind,amount,investors"


def run(tmp_path: Path, mapping: str, files: Mapping[str, str | bytes], name: str = "out") -> ImportReport:
    folder = tmp_path / "export"
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    path = tmp_path / "mine.toml"
    path.write_text(mapping, encoding="utf-8")
    report = import_source(str(path), folder, tmp_path / name, progress=silent)
    for one in report.files:
        assert one.rows == one.used + one.skipped + one.quarantined
    for entry in report.entries:
        assert entry.rows == entry.used + entry.skipped + entry.quarantined
        assert entry.made == entry.written + entry.repeated
    return report


def financing(tmp_path: Path, *lines: str) -> ImportReport:
    return run(tmp_path, FINANCING, {"list.csv": "\n".join([HEADER, *lines]) + "\n"})


def table(tmp_path: Path, name: str) -> Rows:
    with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def codes(report: ImportReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_round_with_three_investors_has_one_amount(tmp_path: Path) -> None:
    financing(tmp_path, '甲,甲有限公司,广东-深圳,2016-05-17,A轮,1000万,"乙,丙(一,二),丁"')
    links = table(tmp_path, "invested_in")
    assert len(links) == 3
    assert {link["round_amount_cny_m"] for link in links} == {"10"}
    assert math.isclose(sum(float(link["amount_cny_m"]) for link in links), 10, rel_tol=1e-12)
    assert len({link["round_id"] for link in links}) == 1
    assert {(link["year"], link["date"], link["disclosed"]) for link in links} == {("2016", "2016-05-17", "true")}
    assert [row["name"] for row in table(tmp_path, "investors")] == ["乙", "丙(一,二)", "丁"]
    assert {row["in_sample"] for row in table(tmp_path, "investors")} == {"false"}
    assert [row["to"] for row in table(tmp_path, "located_in")] == ["440300"]


def test_an_investor_twice_in_a_cell_has_one_link(tmp_path: Path) -> None:
    report = financing(tmp_path, '甲,,广东,2016-05-17,A轮,10万,"乙,乙 ,,丙"')
    assert [float(link["amount_cny_m"]) for link in table(tmp_path, "invested_in")] == [0.05, 0.05]
    assert [entry.repeated for entry in report.entries if entry.entry == "nodes.investor"] == [1]


def test_blocks_are_filled_but_a_blank_of_a_first_row_stays_blank(tmp_path: Path) -> None:
    financing(
        tmp_path,
        "甲,甲有限公司,广东-深圳,2016-05-17,A轮,10万,乙",
        ",,,2015-05-17,A轮,20万,丙",
        "Foreign,,欧洲-德国,2014-05-17,B轮,30万,丁",
        ",,,2013-05-17,A轮,40万,乙",
    )
    companies = table(tmp_path, "companies")
    assert [(row["name"], row["in_sample"]) for row in companies] == [("甲", "true"), ("Foreign", "false")]
    assert [row["to"] for row in table(tmp_path, "located_in")] == ["440300", "DE"]
    amounts = {(link["to"], link["amount_cny_m"]) for link in table(tmp_path, "invested_in")}
    first, second = (row["id"] for row in companies)
    assert amounts == {(first, "0.1"), (first, "0.2"), (second, "0.3"), (second, "0.4")}


def test_a_round_told_by_two_products_of_a_company_counts_once(tmp_path: Path) -> None:
    report = financing(
        tmp_path,
        '产品一,甲有限公司,广东-深圳,2018-06-06,A轮,不明,"乙,丙"',
        '产品二,甲 有限公司,广东-深圳,2018-06-06,A轮,5000万,"丙,丁"',
    )
    (company,) = table(tmp_path, "companies")
    assert (company["name"], company["brands"]) == ("产品一", "产品一|产品二")
    links = table(tmp_path, "invested_in")
    assert len(links) == 3
    assert {link["round_amount_cny_m"] for link in links} == {"50"}
    assert math.isclose(sum(float(link["amount_cny_m"]) for link in links), 50, rel_tol=1e-12)
    assert codes(report) == ["same_node_differs"]


def test_two_amounts_of_one_round_are_a_finding(tmp_path: Path) -> None:
    report = financing(
        tmp_path,
        "产品一,甲有限公司,广东,2018-06-06,A轮,100万,乙",
        "产品二,甲有限公司,广东,2018-06-06,A轮,200万,乙",
    )
    assert [link["amount_cny_m"] for link in table(tmp_path, "invested_in")] == ["1"]
    finding = next(finding for finding in report.findings if finding.code == "event_differs")
    assert (finding.row, finding.column, finding.value) == (3, "round_amount_cny_m", "2.0")
    assert "1.0 in line 2" in finding.message


def test_each_round_with_nobody_named_has_an_investor_of_its_own(tmp_path: Path) -> None:
    financing(
        tmp_path,
        "甲,,广东,2016-05-17,A轮,1000万,-",
        ",,,2015-05-17,A轮,数百万,",
        ',,,2014-05-17,A轮,不明,"乙,未透露"',
        ",,,2013-05-17,IPO,1亿,-",
    )
    links = table(tmp_path, "invested_in")
    assert [(link["amount_cny_m"], link["amount_vague"], link["disclosed"]) for link in links] == [
        ("10", "false", "false"),
        ("3", "true", "false"),
        ("", "", "true"),
        ("", "", "false"),
    ]
    unknown = [row for row in table(tmp_path, "investors") if row["name"] == "?"]
    assert len({row["id"] for row in unknown}) == 3
    assert {row["in_sample"] for row in unknown} == {"false"}


def test_an_investor_with_the_name_of_a_company_is_that_company(tmp_path: Path) -> None:
    report = financing(
        tmp_path,
        "甲,甲（北京）有限公司,广东,2016-05-17,A轮,1000万,丙",
        '丙,,广东,2016-05-17,B轮,1000万,"甲(北京)有限公司,丙方"',
    )
    companies = {row["name"]: row["id"] for row in table(tmp_path, "companies")}
    assert [row["name"] for row in table(tmp_path, "investors")] == ["丙方"]
    pairs = {(link["from"], link["to"]) for link in table(tmp_path, "invested_in")}
    assert (companies["丙"], companies["甲"]) in pairs
    assert (companies["甲"], companies["丙"]) in pairs
    assert report.feeds == ("Company", "Investor", "LOCATED_IN", "INVESTED_IN")
    assert "University" in report.lacks


def test_a_name_of_two_companies_names_neither(tmp_path: Path) -> None:
    financing(
        tmp_path,
        "星河,甲有限公司,广东,2016-05-17,A轮,1万,丙",
        "星河,乙有限公司,广东,2016-05-17,A轮,1万,星河",
    )
    assert "星河" in [row["name"] for row in table(tmp_path, "investors")]


def test_rows_that_do_not_load_go_to_quarantine_with_line_and_reason(tmp_path: Path) -> None:
    report = financing(
        tmp_path,
        "甲,,广东-深圳,2016-05-17,A轮,10万,乙",
        ",,,2015-05-17,C轮,20万,乙",
        ",,,二〇一五,A轮,20万,乙",
        ",,,2014-05-17,A轮,20万日元,乙",
        ",,,2013-05-17,A轮,20万,乙,多余",
        ",,,2012-05-17,A轮,20万,丁",
    )
    aside = {int(row["line"]): row for row in table(tmp_path, "import/mine/quarantine/invested_in")}
    lost = "from: the investor of this row did not load: "
    assert {line: row["reason"] for line, row in aside.items()} == {
        3: f"{lost}kind 'C轮' is in neither list of the mapping; did you mean 'B轮' or 'A轮'?",
        4: "day: '二〇一五' is not a date",
        5: "amount: '20万日元' is not an amount: '20万日' is neither a number nor a word of [money]",
        6: "has 8 cells, the file has 7 columns",
    }
    assert aside[6]["cell_1"] == "多余"
    assert aside[4]["day"] == "二〇一五"
    assert [row["year"] for row in table(tmp_path, "invested_in")] == ["2016", "2012"]
    counts = {entry.entry: entry for entry in report.entries}
    assert (counts["links.round"].used, counts["links.round"].quarantined) == (2, 4)
    assert (report.files[0].rows, report.files[0].used, report.files[0].quarantined) == (6, 2, 4)
    assert {finding.code for finding in report.findings} == {"quarantined"}
    assert len(table(tmp_path, "import/findings")) == len(report.findings)


def test_rows_under_a_broken_first_row_share_its_fate(tmp_path: Path) -> None:
    financing(
        tmp_path,
        ",,,2017-05-17,A轮,10万,乙",
        "甲,,广东,2016-05-17,A轮,10万,乙",
        "丙,,广东,2016-05-17,A轮,10万",
        ",,,2015-05-17,A轮,20万,丁",
    )
    reasons = {row["line"]: row["reason"] for row in table(tmp_path, "import/mine/quarantine/companies")}
    assert reasons == {
        "2": "company is blank and there is no row above to take it from",
        "4": "has 6 cells, the file has 7 columns",
        "5": "belongs to line 4, which has 6 cells, the file has 7 columns",
    }
    assert len(table(tmp_path, "invested_in")) == 1


def test_a_row_over_several_lines_is_counted_by_its_first(tmp_path: Path) -> None:
    financing(tmp_path, '甲,"甲\n公司",广东,2016-05-17,A轮,10万,乙', "", "丙,,广东,2015-05-17,X轮,20万,丁")
    assert [row["line"] for row in table(tmp_path, "import/mine/quarantine/investors")] == ["5"]


ZIPPED = """
title = "zipped"
files.list = { path = "list.csv" }
[nodes.investor]
label = "Investor"
each = { columns = ["ids", "names"] }
id = { column = "ids", prefix = "i-" }
name = "names"
"""


def test_cells_are_zipped_and_pairs_that_do_not_match_are_refused(tmp_path: Path) -> None:
    run(tmp_path, ZIPPED, {"list.csv": 'ids,names\n"1,2","甲（a,b）,乙"\n3,丙\n"4,5",丁\n"6,7",\n,\n'})
    rows = {row["id"]: row["name"] for row in table(tmp_path, "investors")}
    assert rows == {"i-1": "甲（a,b）", "i-2": "乙", "i-3": "丙", "i-6": "", "i-7": ""}
    (aside,) = table(tmp_path, "import/mine/quarantine/investors")
    assert aside["reason"] == "the parts of ids, names do not pair: ids has 2, names has 1"


TWO_FILES = """
title = "who provides what"
[files.firms]
path = "firms.csv"
[files.provision]
path = "provision.csv"
header = ["firm", "step", "since"]
delimiter = "\\t"
[nodes.firm]
label = "Company"
file = "firms"
id = { column = "code", prefix = "c-" }
name = "firm"
[nodes.step]
label = "Segment"
file = "provision"
id = { column = "step", as = "hash", prefix = "s-" }
name = "step"
[links.active]
type = "ACTIVE_IN"
file = "provision"
from = { node = "firm", column = "firm" }
to = "step"
properties.year = { column = "since", as = "year" }
"""


def test_a_column_names_the_node_of_another_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "firms.csv": "code,firm\nA,甲\nB,乙\n",
        "provision.csv": "A\t设计\t2020\nB\t设计\t\nC\t制造\t2021\n\t制造\t\n",
    }
    report = run(tmp_path, TWO_FILES, files)
    assert [(row["from"], row["year"]) for row in table(tmp_path, "active_in")] == [("c-A", "2020"), ("c-B", "")]
    (aside,) = table(tmp_path, "import/mine/quarantine/active_in")
    assert (aside["line"], aside["firm"]) == ("3", "C")
    assert "none has the id 'C'" in aside["reason"]
    by_name = TWO_FILES.replace('column = "firm" }\nto', 'column = "firm", by = "name" }\nto')
    files["provision.csv"] = "甲\t设计\t2020\n"
    run(tmp_path, by_name, files, "by_name")
    assert "c-A" in (tmp_path / "by_name" / "active_in.csv").read_text(encoding="utf-8")
    assert {entry.entry: entry.skipped for entry in report.entries}["links.active"] == 1


def test_values_of_regions_need_no_ids(tmp_path: Path) -> None:
    mapping = """
title = "long form"
files.list = { path = "list.csv" }
[nodes.value]
label = "RegionValue"
keep = { column = "province", out = ["全国"] }
properties = { region = "province", indicator = { column = "v", map = { "合计" = "rd" } }, year = "y", value = "value" }
"""
    run(
        tmp_path,
        mapping,
        {"list.csv": "province,y,v,value\n全国,2023,合计,9\n北京,2023.0,合计,5.5\n天津,2023,其他,1\n"},
    )
    assert table(tmp_path, "region_values") == [{"region": "110000", "indicator": "rd", "year": "2023", "value": "5.5"}]
    (aside,) = table(tmp_path, "import/mine/quarantine/region_values")
    assert aside["reason"] == "v: '其他' is not in the map; known are: 合计"


def test_what_the_model_does_not_allow_is_quarantined(tmp_path: Path) -> None:
    mapping = """
title = "bounds"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "id"
properties = { founded_year = { column = "y", as = "year" }, patents = "p", layer = "l", listed = "s", motto = "m" }
"""
    lines = [
        "id,y,p,l,s,m",
        "a,2016-05,3,application,是,x",
        "b,1066,,,,",
        "c,,-1,,,",
        "d,,,middle,,",
        "e,,,,也许,",
        "f,,,,,",
    ]
    run(tmp_path, mapping, {"list.csv": "\n".join(lines)})
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a", "f"]
    assert table(tmp_path, "companies")[0]["listed"] == "true"
    assert [row["reason"] for row in table(tmp_path, "import/mine/quarantine/companies")] == [
        "y: 1066 is outside [1800, 2100], the limits of founded_year",
        "p: -1 is outside [0, ∞], the limits of patents",
        "l: 'middle' is not one of foundation, technology, application",
        "s: '也许' is neither true nor false (true/false, yes/no, 1/0, 是/否, 有/无)",
    ]


def test_an_id_belongs_to_one_label(tmp_path: Path) -> None:
    mapping = """
title = "ids"
files.list = { path = "list.csv" }
nodes.company = { label = "Company", id = "a" }
nodes.school = { label = "University", id = "b" }
"""
    run(tmp_path, mapping, {"list.csv": "a,b\n1,2\n3,1\n"})
    assert [row["id"] for row in table(tmp_path, "universities")] == ["2"]
    assert "belongs to Company" in table(tmp_path, "import/mine/quarantine/universities")[0]["reason"]


SIMPLE = 'title = "t"\nfiles.list = { path = "list.csv" }\nnodes.company = { label = "Company", id = "id" }\n'


def nothing_left(tmp_path: Path) -> bool:
    return {path.name for path in tmp_path.iterdir()} <= {"export", "mine.toml"}


@pytest.mark.parametrize(
    ("mapping", "content", "message"),
    [
        (SIMPLE, "Id\nx\n", "has no column 'id'\n  - +hint: did you mean 'Id'?"),
        (SIMPLE, "id;name\nx;y\n", "is the delimiter right?"),
        (SIMPLE, "id,id\nx,y\n", "has the column 'id' twice"),
        (SIMPLE, "", "list.csv is empty"),
        (SIMPLE, "id\n", "has a header, but no rows"),
        (SIMPLE, "id\n \n", "no row of the export became a node"),
        (SIMPLE, "id\n企业\n".encode("gbk"), "is not utf-8"),
        (SIMPLE, "id\n企业\n".encode("utf-16"), "set encoding = 'utf-16'"),
        (SIMPLE.replace('"list.csv"', '"list.csv", encoding = "gbk"'), "id\n企\n".encode(), "is not gbk"),
        (SIMPLE, 'id\n"x\ny\n', "cannot be split into cells"),
        (SIMPLE, "id\n" + "x" * 1_000_000 + "\n", "field larger than field limit"),
        (SIMPLE.replace("list.csv", "lists.csv"), "id\nx\n", "does not exist"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_error(
    tmp_path: Path, mapping: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        run(tmp_path, mapping, {"list.csv": content})
    text = " ".join(str(caught.value).split())
    assert " ".join(message.replace("- +", "").split()) in text
    assert nothing_left(tmp_path)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        run(tmp_path, SIMPLE.replace("list.csv", "lists.csv"), {"list.csv": "id\nx\n"})
    assert caught.value.hint == "the folder has list.csv"


def test_wrong_encoding_says_the_line_and_what_fits(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        run(tmp_path, SIMPLE, {"list.csv": b"id\na\n" + "企业\n".encode("gbk")})
    (finding,) = caught.value.findings
    assert (finding.file, finding.row) == ("list.csv", 3)
    assert "gb18030" in str(finding.hint)


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    run(tmp_path, SIMPLE, {"list.csv": "\ufeffid\nx\n"})
    assert table(tmp_path, "companies") == [{"id": "x"}]


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SIMPLE, encoding="utf-8")
    export = tmp_path / "another name.csv"
    export.write_text("id\nx\n", encoding="utf-8")
    assert import_source(str(path), export, tmp_path / "out").files[0].file == "another name.csv"
    with pytest.raises(DatasetError, match="does not exist"):
        import_source(str(path), tmp_path / "none", tmp_path / "out2")


def test_several_files_need_their_folder(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TWO_FILES, encoding="utf-8")
    with pytest.raises(DatasetError, match="is not a folder"):
        import_source(str(path), path, tmp_path / "out")


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.csv").write_text("keep me", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty"):
        run(tmp_path, SIMPLE, {"list.csv": "id\nx\n"})
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == ["mine.csv"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    run(tmp_path, SIMPLE, {"list.csv": "id\nx\n"})
    assert (tmp_path / "out" / "companies.csv").exists()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interruption_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException] | BaseException
) -> None:
    written = []

    def fail_at_the_second(path: Path, *tables: pa.Table, mark: bool = False) -> None:
        written.append(path)
        if len(written) == 2:
            raise stop
        write_table(path, *tables, mark=mark)

    monkeypatch.setattr("ecosystem.imports.merge.combine.write_table", fail_at_the_second)
    with pytest.raises((KeyboardInterrupt, OutputError)):
        financing(tmp_path, "甲,,广东,2016-05-17,A轮,1000万,丙")
    assert len(written) == 2
    assert nothing_left(tmp_path)


def test_progress_is_reported_to_the_end(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int | None]] = []
    path = tmp_path / "mine.toml"
    path.write_text(SIMPLE, encoding="utf-8")
    (tmp_path / "list.csv").write_text("id\nx\n", encoding="utf-8")
    import_source(str(path), tmp_path, tmp_path / "out", progress=lambda *call: calls.append(call))
    assert {what for what, done, total in calls if done == total} == {"nodes.company", "merge nodes"}


def test_the_same_export_gives_the_same_bytes(tmp_path: Path) -> None:
    lines = ["甲,,广东,2016-05-17,A轮,1000万,丙", ",,,2015-05-17,A轮,1000万,-"]
    financing(tmp_path, *lines)
    run(tmp_path, FINANCING, {"list.csv": "\n".join([HEADER, *lines]) + "\n"}, "again")
    for path in (tmp_path / "out").rglob("*.csv"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes()


def test_quarantined_cells_do_not_run_in_a_spreadsheet(tmp_path: Path) -> None:
    mapping = SIMPLE.replace('id = "id"', 'id = "id", properties = { patents = "p" }')
    run(tmp_path, mapping, {"list.csv": "id,p\na,1\n=cmd(),x\n"})
    assert (
        (tmp_path / "out" / "import" / "mine" / "quarantine" / "companies.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    )
    assert [row["id"] for row in table(tmp_path, "import/mine/quarantine/companies")] == ["'=cmd()"]


def test_what_is_imported_reads_without_error(tmp_path: Path) -> None:
    financing(
        tmp_path, '甲,,广东,2016-05-17,A轮,1000万,"丙,丁"', ",,,2015-05-17,X轮,1000万,-", ",,,2014-05-17,B轮,不明,-"
    )
    reading = read_dataset(tmp_path / "out")
    assert reading.clean, [str(finding) for finding in reading.findings]
    assert {count.table: count.loaded for count in reading.counts} == {
        "companies": 1,
        "investors": 3,
        "located_in": 1,
        "invested_in": 3,
    }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("nan,x", "'nan' stands for a missing value, it is no id"),
        ("N/A,x", "'N/A' stands for a missing value, it is no id"),
        ('"a\tb",x', "'a\\tb' has control characters"),
        ("a,x\x07y", "name: 'x\\x07y' has control characters"),
        (f"{'a' * 501},x", "has 501 characters; at most 500 are kept"),
        (f"a,{'x' * 100_001}", "name: has 100,001 characters; at most 100,000 are kept"),
    ],
)
def test_what_the_dataset_would_not_load_is_not_written(tmp_path: Path, cells: str, reason: str) -> None:
    mapping = SIMPLE.replace('id = "id"', 'id = "id", name = "name"')
    run(tmp_path, mapping, {"list.csv": f"id,name\n{cells}\ngood,企业\n"})
    assert [row["reason"] for row in table(tmp_path, "import/mine/quarantine/companies")] == [reason]
    assert read_dataset(tmp_path / "out").clean
    assert [row["id"] for row in table(tmp_path, "companies")] == ["good"]


def test_dates_have_the_limits_of_the_dataset(tmp_path: Path) -> None:
    mapping = SIMPLE.replace('label = "Company", id = "id"', 'label = "Policy", id = "id", properties = { date = "d" }')
    run(tmp_path, mapping, {"list.csv": "id,d\na,1066-10-14\nb,2017-07-20\nc,2017-07\n"})
    assert [(row["id"], row["date"]) for row in table(tmp_path, "policies")] == [("b", "2017-07-20"), ("c", "")]
    (aside,) = table(tmp_path, "import/mine/quarantine/policies")
    assert aside["reason"] == "d: 1066-10-14 is outside [1800-01-01, 2100-12-31]"


def test_a_check_of_the_dataset_leaves_what_the_import_set_aside(tmp_path: Path) -> None:
    financing(tmp_path, "甲,,广东,2016-05-17,A轮,1万,丙", ",,,2015-05-17,X轮,1万,-")
    reading = read_dataset(tmp_path / "out")
    write_quarantine(tmp_path / "out", reading)
    assert reading.clean
    assert len(table(tmp_path, "import/mine/quarantine/invested_in")) == 1
