"""Several sources in one dataset: what is one organisation, one round, one place; and how a merge is undone."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from exports import every_byte, import_text, table

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, OutputError
from ecosystem.imports import events
from ecosystem.imports.merge.legal_names import common_form
from ecosystem.imports.run import merged_folder
from ecosystem.model import load_model

FIRST = """
title = "first"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = { column = "id", prefix = "a-" }
name = "name"
in_sample = { column = "ai", as = "boolean" }
region = "place"
properties = { legal_name = "legal", patents = "patents" }
"""
SECOND = FIRST.replace('prefix = "a-"', 'prefix = "b-"').replace("first", "second")
ROUNDS = """
title = "rounds"
files.list = { path = "list.csv" }
money = { currencies = { "元" = 1 }, default = "元" }
[nodes.company]
label = "Company"
id = { column = "legal", as = "hash", prefix = "PREFIX-" }
name = "legal"
properties = { legal_name = "legal" }
[nodes.investor]
label = "Investor"
each = { columns = "investors", by = "," }
id = { column = "investors", as = "hash", prefix = "PREFIX-i-" }
name = "investors"
unnamed = { id = { column = "event", prefix = "PREFIX-u-" }, name = { value = "?" } }
[links.round]
type = "INVESTED_IN"
from = "investor"
to = "company"
event = "event"
share = { amount_cny_m = "round_amount_cny_m" }
named = "disclosed"
properties.round_amount_cny_m = { column = "amount", as = "amount" }
properties.round_id = "event"
properties.round = "kind"
properties.date = "day"
"""
HEADER = "id,name,legal,ai,place,patents\n"
EVENTS = "event,legal,investors,kind,day,amount\n"


def two(folder: Path, first: str, second: str, merges: Path | None = None) -> None:
    import_text(folder, "one", FIRST, {"list.csv": HEADER + first})
    import_text(folder, "two", SECOND, {"list.csv": HEADER + second}, merges)


def decide(folder: Path, decision: str) -> Path:
    """Write a decision into every pair of merges.csv, as a person would."""
    rows = table(folder, "merges")
    path = folder / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"decision": decision} for row in rows)
    return path


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("百度在线网络技术（北京）有限公司", "百度在线网络技术(北京) 有限公司", True),
        ("北京甲科技有限公司", "北京甲科技股份有限公司", True),
        ("騰訊科技（深圳）有限公司", "腾讯科技(深圳)有限公司", True),
        ("ＡＢＣ科技有限责任公司", "abc科技有限公司", True),
        ("Acme Robotics Co., Ltd.", "ACME ROBOTICS", True),
        ("SAP S.E.", "sap se", True),
        ("百度网讯（北京）有限公司", "百度网讯（上海）有限公司", False),
        ("甲集团有限公司", "甲有限公司", False),
        ("Cisco", "Cis Co", False),
    ],
)
def test_what_spellings_have_in_common(one: str, other: str, same: bool) -> None:
    assert (common_form(one) == common_form(other)) == same


def test_one_legal_name_is_one_node_and_the_first_source_wins(tmp_path: Path) -> None:
    two(
        tmp_path,
        "1,甲,北京甲科技有限公司,false,北京,\n",
        "7,甲甲,北京甲科技股份有限公司,true,上海,5\n8,乙,北京乙科技有限公司,,天津,1\n",
    )
    companies = {row["id"]: row for row in table(tmp_path, "companies")}
    assert set(companies) == {"a-1", "b-8"}
    # a property that the first lacks comes from the second; the sample is whatever one of them puts there
    assert (companies["a-1"]["name"], companies["a-1"]["patents"], companies["a-1"]["in_sample"]) == ("甲", "5", "true")
    assert [(row["from"], row["to"]) for row in table(tmp_path, "located_in")] == [("a-1", "110000"), ("b-8", "120000")]
    origins = pq.read_table(tmp_path / "out" / "origins.parquet").to_pylist()
    assert [(row["source"], row["file"], row["line"]) for row in origins if row["id"] == "a-1"] == [
        ("one", "list.csv", 2),
        ("two", "list.csv", 2),
    ]
    (region,) = [row for row in origins if row["id"] == table(tmp_path, "located_in")[0]["id"]]
    assert region["source"] == "one"
    findings = table(tmp_path, "import/findings")
    assert {row["column"] for row in findings if row["code"] == "sources_differ"} == {"name", "legal_name", "region"}
    assert not [finding for finding in read_dataset(tmp_path / "out").findings if finding.severity == "error"]


def test_a_refused_merge_is_undone_and_stays_so(tmp_path: Path) -> None:
    rows = ("1,甲,北京甲科技有限公司,true,北京,\n", "7,甲,北京甲科技有限公司,true,北京,\n")
    two(tmp_path, *rows)
    (pair,) = table(tmp_path, "merges")
    assert (pair["kind"], pair["merged"], pair["decision"]) == ("same_name", "yes", "")
    two(tmp_path, *rows, decide(tmp_path, "refuse"))
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a-1", "b-7"]
    two(tmp_path, *rows)  # merges.csv of the folder is read again
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a-1", "b-7"]
    assert [(row["decision"], row["merged"]) for row in table(tmp_path, "merges")] == [("refuse", "no")]
    two(tmp_path, *rows, decide(tmp_path, ""))
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a-1"]


def test_a_near_miss_is_merged_only_when_accepted(tmp_path: Path) -> None:
    rows = ("1,甲,北京品友互动信息技术有限公司,true,北京,\n", "7,乙,北京品易互动信息技术有限公司,true,北京,\n")
    two(tmp_path, *rows)
    (pair,) = table(tmp_path, "merges")
    assert (pair["kind"], pair["merged"], float(pair["similarity"])) == ("near_miss", "no", 0.9)
    assert len(table(tmp_path, "companies")) == 2
    two(tmp_path, *rows, decide(tmp_path, "accept"))
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a-1"]


def test_one_name_in_two_countries_is_two_organisations_until_the_user_says_otherwise(tmp_path: Path) -> None:
    """A group has a company of the same name in every country, and a form of company of its own in each."""
    abroad = FIRST.replace('region = "place"', 'region = { column = "place", level = "country" }')
    rows = "1,a,AERO SPACE SAS,,FR,\n2,b,AERO SPACE GMBH,,DE,\n3,c,Aero Space S.A.,,ES,\n4,d,AERO SPACE,,,\n"
    rows += "5,e,Aero-Space,,FR,\n"
    import_text(tmp_path, "one", abroad, {"list.csv": HEADER + rows})
    assert [row["name"] for row in table(tmp_path, "companies")] == ["a", "b", "c", "d"]
    pairs = {(row["name_a"], row["name_b"]): (row["merged"], row["kind"]) for row in table(tmp_path, "merges")}
    assert pairs == {
        ("AERO SPACE SAS", "Aero-Space"): ("yes", "same_name"),
        ("AERO SPACE SAS", "AERO SPACE GMBH"): ("no", "same_name_abroad"),
        ("AERO SPACE SAS", "Aero Space S.A."): ("no", "same_name_abroad"),
        ("AERO SPACE SAS", "AERO SPACE"): ("no", "same_name_abroad"),
    }
    import_text(tmp_path, "one", abroad, {"list.csv": HEADER + rows}, decide(tmp_path, "accept"))
    assert [row["name"] for row in table(tmp_path, "companies")] == ["a"]


def test_ids_of_two_sources_that_happen_to_agree_are_two_nodes(tmp_path: Path) -> None:
    import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲科技有限公司,,北京,\n"})
    import_text(tmp_path, "two", FIRST, {"list.csv": HEADER + "1,乙,乙医疗有限公司,,上海,\n"})
    assert [(row["id"], row["name"]) for row in table(tmp_path, "companies")] == [("a-1", "甲"), ("two:a-1", "乙")]
    assert [row["to"] for row in table(tmp_path, "located_in")] == ["110000", "310000"]


def test_a_round_of_two_sources_counts_once(tmp_path: Path) -> None:
    first = "e1,甲乙丙科技有限公司,红杉,Pre-A轮,2015-03-01,\ne2,甲乙丙科技有限公司,,B轮,2017-01-01,900万\n"
    second = (
        'x1,甲乙丙科技有限公司,"红杉资本,经纬",Pre-A,2015-03-20,600万\n'
        "x2,甲乙丙科技有限公司,高榕,B轮,2017-01-09,800万\n"
        "x3,甲乙丙科技有限公司,高榕,B轮,2018-01-09,100万\n"
    )
    import_text(tmp_path, "one", ROUNDS.replace("PREFIX", "a"), {"list.csv": EVENTS + first})
    report = import_text(tmp_path, "two", ROUNDS.replace("PREFIX", "b"), {"list.csv": EVENTS + second})
    rounds = {row["round_id"]: row for row in table(tmp_path, "invested_in")}
    # e1 stands, with the amount that only x1 has; e2 names nobody, so x2 stands
    assert set(rounds) == {"e1", "x2", "x3"}
    assert (rounds["e1"]["round_amount_cny_m"], rounds["e1"]["amount_cny_m"]) == ("6", "6")
    assert rounds["x2"]["round_amount_cny_m"] == "8"
    assert {flow.table: flow.merged for flow in report.flows}["invested_in"] == 3
    origins = pq.read_table(tmp_path / "out" / "origins.parquet").to_pylist()
    told = {(row["source"], row["line"]) for row in origins if row["id"] == rounds["e1"]["id"]}
    assert told == {("one", 2), ("two", 2)}
    assert "same_round" in {finding.code for finding in report.findings}


def test_rows_that_differ_from_their_event_are_told_one_by_one_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "TOLD", 2)
    rows = "".join(f"e,甲科技有限公司,投资{row},A轮,2020-01-01,{row + 1}万元\n" for row in range(6))
    report = import_text(tmp_path, "one", ROUNDS, {"list.csv": EVENTS + rows})
    told = [finding for finding in report.findings if finding.code == "event_differs"]
    assert [finding.row for finding in told] == [3, 4, None]
    assert "3 more links do not agree" in told[-1].message
    assert {row["round_amount_cny_m"] for row in table(tmp_path, "invested_in")} == {"0.01"}


def test_importing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = ("1,甲,北京甲科技有限公司,true,北京,\n", "7,乙,北京乙科技有限公司,true,北京,3\n")
    two(tmp_path, *rows)
    before = every_byte(tmp_path / "out")
    two(tmp_path, *rows)
    assert every_byte(tmp_path / "out") == before


def test_what_is_not_of_an_import_stays(tmp_path: Path) -> None:
    import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲科技有限公司,,北京,\n"})
    (tmp_path / "out" / "README.md").write_text("mine", encoding="utf-8")
    import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "2,甲,甲科技有限公司,,北京,\n"})
    assert (tmp_path / "out" / "README.md").read_text(encoding="utf-8") == "mine"
    assert [row["id"] for row in table(tmp_path, "companies")] == ["a-2"]


def test_a_failed_import_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲科技有限公司,,北京,\n"})
    before = every_byte(tmp_path / "out")
    with pytest.raises(DatasetError):
        import_text(tmp_path, "two", SECOND, {"list.csv": "id,name\n1,甲\n"})
    assert every_byte(tmp_path / "out") == before
    assert not list(tmp_path.glob(".*partial"))


def test_a_source_is_not_merged_into_a_folder_that_another_import_writes(tmp_path: Path) -> None:
    import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲科技有限公司,,北京,\n"})
    with (
        merged_folder(tmp_path / "out", load_model()),
        pytest.raises(OutputError, match="another process is writing"),
    ):
        import_text(tmp_path, "two", SECOND, {"list.csv": HEADER + "3,丙,丙制造有限公司,,天津,\n"})
    import_text(tmp_path, "two", SECOND, {"list.csv": HEADER + "1,乙,乙医疗有限公司,,上海,\n"})
    assert [row["name"] for row in table(tmp_path, "companies")] == ["甲", "乙"]


def test_a_wrong_decision_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("decision,id_a,id_b\naccept,a,b\nmaybe,a,c\n", encoding="utf-8")
    with pytest.raises(DatasetError) as refused:
        import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲,,北京,\n"}, path)
    (finding,) = refused.value.findings
    assert (finding.row, finding.column) == (3, "decision")
    path.write_text("decision,id_a,id_b\naccept,a,b\n", encoding="utf-8")
    report = import_text(tmp_path, "one", FIRST, {"list.csv": HEADER + "1,甲,甲,,北京,\n"}, path)
    assert "merge_not_possible" in {found.code for found in report.findings}
