"""Parties and money of rows: own parts and shares of a grant, one cell with several parties, a row for each party."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import import_text, table
from pyarrow import parquet

from ecosystem.errors import DatasetError
from ecosystem.imports import ImportReport, load_mapping

GRANTS = """
title = "grants"
files.list = { path = "list.csv" }
[nodes.funder]
label = "Investor"
id = { column = "funder", prefix = "f-" }
name = "funder"
[nodes.firm]
label = "Company"
each = { columns = "firms", by = ";" }
id = { column = "firms", prefix = "c-" }
name = "firms"
[links.grant]
type = "INVESTED_IN"
from = "funder"
to = "firm"
event = "grant"
share = { amount_cny_m = "round_amount_cny_m" }
properties = { round_amount_cny_m = "total", amount_cny_m = "own" }
"""
HEADER = "grant,funder,firms,own,total\n"


def grants(folder: Path, *rows: str, mapping: str = GRANTS) -> ImportReport:
    return import_text(folder, "m", mapping, {"list.csv": HEADER + "\n".join(rows) + "\n"})


def amounts(folder: Path) -> dict[str, str]:
    return {row["to"].removeprefix("c-"): row["amount_cny_m"] for row in table(folder, "invested_in")}


def test_the_parties_of_a_grant_keep_their_own_parts_and_share_the_rest(tmp_path: Path) -> None:
    grants(tmp_path, "G1,EU,A,4,10", "G1,EU,B,,10", "G1,EU,C,,")
    assert amounts(tmp_path) == {"A": "4", "B": "3", "C": "3"}
    assert {row["round_amount_cny_m"] for row in table(tmp_path, "invested_in")} == {"10"}


def test_own_parts_stand_where_an_event_has_no_whole(tmp_path: Path) -> None:
    grants(tmp_path, "G1,EU,A,4,", "G1,EU,B,,")
    assert amounts(tmp_path) == {"A": "4", "B": ""}


def test_own_parts_that_are_more_than_the_whole_are_told(tmp_path: Path) -> None:
    report = grants(tmp_path, "G1,EU,A,8,10", "G1,EU,B,6,10", "G1,EU,C,,10")
    assert amounts(tmp_path) == {"A": "8", "B": "6", "C": ""}
    (finding,) = [one for one in report.findings if one.code == "parts_exceed"]
    assert (finding.row, finding.column) == (2, "amount_cny_m")
    assert "14" in finding.message
    assert "10" in finding.message


def test_a_part_that_a_later_row_tells_is_taken(tmp_path: Path) -> None:
    grants(tmp_path, "G1,EU,A,,10", "G1,EU,B,,10", "G1,EU,A,4,10")
    assert amounts(tmp_path) == {"A": "4", "B": "6"}


def test_one_cell_with_several_parties_shares_the_amount_of_its_row(tmp_path: Path) -> None:
    mapping = GRANTS.replace('event = "grant"\n', "").replace(', amount_cny_m = "own"', "")
    grants(tmp_path, "G1,EU,A;B,,10", "G2,EU,C;C;D;E,,9", "G3,EU,F,,7", mapping=mapping)
    assert amounts(tmp_path) == {"A": "5", "B": "5", "C": "3", "D": "3", "E": "3", "F": "7"}


def test_rows_that_are_their_own_events_are_never_one(tmp_path: Path) -> None:
    mapping = GRANTS.replace('event = "grant"\n', "").replace(', amount_cny_m = "own"', "")
    grants(tmp_path, "G1,EU,A,,10", "G1,EU,A,,10", mapping=mapping)
    assert [row["amount_cny_m"] for row in table(tmp_path, "invested_in")] == ["10", "10"]


PARTIES = """
title = "projects, a row for each party"
files.list = { path = "list.csv" }
[nodes.org]
label = "Company"
id = "org"
name = "org"
[links.joint]
type = "COLLABORATES_WITH"
from = "org"
to = "org"
pairs = "event"
event = "project"
properties = { year = "year" }
"""


def parties(folder: Path, *rows: str, mapping: str = PARTIES) -> ImportReport:
    return import_text(folder, "m", mapping, {"list.csv": "project,org,year\n" + "\n".join(rows) + "\n"})


def pairs(folder: Path) -> list[tuple[str, str, str]]:
    path = folder / "out" / "collaborates_with.csv"
    return (
        [(row["from"], row["to"], row["year"]) for row in table(folder, "collaborates_with")] if path.exists() else []
    )


def test_the_rows_of_an_event_are_its_parties(tmp_path: Path) -> None:
    report = parties(tmp_path, "P1,C,2020", "P2,A,2021", "P1,A,2020", "P1,B,2020", "P2,D,2021", "P3,A,2022")
    assert sorted(pairs(tmp_path)) == [("A", "B", "2020"), ("A", "C", "2020"), ("A", "D", "2021"), ("B", "C", "2020")]
    entry = next(entry for entry in report.entries if entry.entry == "links.joint")
    assert (entry.rows, entry.used, entry.skipped, entry.made, entry.written) == (6, 5, 1, 4, 4)


def test_a_party_twice_is_no_pair(tmp_path: Path) -> None:
    parties(tmp_path, "P1,A,2020", "P1,A,2020", "P1,B,2020")
    assert pairs(tmp_path) == [("A", "B", "2020")]


def test_a_year_that_only_some_rows_have_is_that_of_the_event(tmp_path: Path) -> None:
    parties(tmp_path, "P1,A,", "P1,B,2020", "P1,C,")
    assert {year for _, _, year in pairs(tmp_path)} == {"2020"}


def test_both_rows_of_a_pair_are_where_it_comes_from(tmp_path: Path) -> None:
    parties(tmp_path, "P1,A,2020", "P2,X,2020", "P1,B,2020")
    origins = parquet.read_table(tmp_path / "out" / "origins.parquet").to_pylist()
    assert sorted(row["line"] for row in origins if row["table"] == "collaborates_with") == [2, 4]


def test_a_row_that_does_not_load_is_no_party(tmp_path: Path) -> None:
    report = parties(tmp_path, "P1,A,2020", "P1,B,twenty", "P1,C,2020", ",D,2020", ",E,2020")
    assert pairs(tmp_path) == [("A", "C", "2020")]
    assert next(entry for entry in report.entries if entry.entry == "links.joint").quarantined == 3


def test_cells_with_several_parties_count_among_the_rows_of_an_event(tmp_path: Path) -> None:
    mapping = PARTIES.replace('label = "Company"', 'label = "Company"\neach = { columns = "org", by = ";" }')
    parties(tmp_path, "P1,A;B,2020", "P1,C,2020", mapping=mapping)
    assert sorted(pairs(tmp_path)) == [("A", "B", "2020"), ("A", "C", "2020"), ("B", "C", "2020")]


def test_pairs_of_an_event_need_one(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(PARTIES.replace('event = "project"\n', ""))
    with pytest.raises(DatasetError, match="needs an event") as caught:
        load_mapping(str(path))
    assert "links.joint.pairs" in str(caught.value)


def test_an_event_with_very_many_parties_is_set_aside(tmp_path: Path) -> None:
    crowd = [f"P1,N{number},2020" for number in range(2001)]
    report = parties(tmp_path, *crowd, "P2,A,2020", "P2,B,2020")
    assert pairs(tmp_path) == [("A", "B", "2020")]
    (finding,) = [one for one in report.findings if one.code == "quarantined"]
    assert "2,001 parties" in finding.message
    assert next(entry for entry in report.entries if entry.entry == "links.joint").quarantined == 2001
