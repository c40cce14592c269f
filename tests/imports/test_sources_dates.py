"""Dates that are known in part or cannot be read: never blank without a finding, and no row is lost for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import import_text, table

from ecosystem.errors import DatasetError
from ecosystem.imports import ImportReport

NODES = """
title = "policies"
files.list = { path = "list.csv" }
[nodes.policy]
label = "Policy"
id = "id"
name = "id"
properties.date = { column = "day" }
"""
LINKS = """
title = "rounds"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "id"
name = "id"
[nodes.investor]
label = "Investor"
id = "by"
name = "by"
[links.round]
type = "INVESTED_IN"
from = "investor"
to = "company"
keep = { column = "by", blank = false }
properties.date = { column = "day", as = "date" }
"""
DAYS = ["2016-05-17", "2016-05", "2016-05", "01/02/2016", ""]
READ = ["2016-05-17", "", "", "", ""]


def told(report: ImportReport) -> list[tuple[int | None, str | None, str]]:
    """Line, column and message of what could not be read."""
    return [(one.row, one.column, one.message) for one in report.findings if one.code == "cell_unread"]


def test_days_of_nodes_that_are_known_in_part_are_told(tmp_path: Path) -> None:
    lines = "".join(f"p{row},{day}\n" for row, day in enumerate(DAYS))
    report = import_text(tmp_path, "m", NODES, {"list.csv": f"id,day\n{lines}"})
    assert [row["date"] for row in table(tmp_path, "policies")] == READ
    assert told(report) == [
        (
            3,
            "day",
            "'2016-05' is not a whole date: its day is not known; policies.date is blank there (2 cells)",
        ),
        (
            5,
            "day",
            "'01/02/2016' is not a date; format = '%d/%m/%Y' or '%m/%d/%Y' would read it; "
            "policies.date is blank there (1 cell)",
        ),
    ]


def test_days_of_links_that_are_known_in_part_are_told(tmp_path: Path) -> None:
    lines = "".join(f"c{row},i{row},{day}\n" for row, day in enumerate(DAYS))
    report = import_text(tmp_path, "m", LINKS, {"list.csv": f"id,by,day\n{lines}c9,,2016-06\n"})
    assert [row["date"] for row in table(tmp_path, "invested_in")] == READ
    assert [(line, message.rpartition("; ")[2]) for line, _, message in told(report)] == [
        (3, "invested_in.date is blank there (2 cells)"),
        (5, "invested_in.date is blank there (1 cell)"),
    ]


def test_what_the_hint_says_works(tmp_path: Path) -> None:
    mapping = NODES.replace('"day" }', '"day", format = "%d/%m/%Y" }')
    report = import_text(tmp_path, "m", mapping, {"list.csv": "id,day\na,01/02/2016\nb,2016-05-17\n"})
    assert [row["date"] for row in table(tmp_path, "policies")] == ["2016-02-01", "2016-05-17"]
    assert told(report) == []


@pytest.mark.parametrize(
    ("cell", "kept", "reasons"),
    [
        ('{ column = "day", optional = false }', [], ["day: 'soon' is not a date"]),
        ('{ column = "day", as = "year" }', [], ["day: 'soon' is not a date"]),
        ('{ column = "day", as = "year", optional = true }', [""], []),
        ('{ column = "day", as = "integer", optional = true }', [""], []),
    ],
)
def test_the_mapping_says_whether_a_row_stays(tmp_path: Path, cell: str, kept: list[str], reasons: list[str]) -> None:
    name, good = ("year", "2016") if "as" in cell else ("date", "2016-05-17")
    mapping = NODES.replace('date = { column = "day" }', f"{name} = {cell}")
    report = import_text(tmp_path, "m", mapping, {"list.csv": f"id,day\na,soon\nb,{good}\n"})
    assert [row[name] for row in table(tmp_path, "policies")][:-1] == kept
    if reasons:
        assert [row["reason"] for row in table(tmp_path, "import/m/quarantine/policies")] == reasons
    assert len(told(report)) == len(kept)


@pytest.mark.parametrize(
    ("cell", "ids", "messages"),
    [
        ('{ column = "day", as = "date" }', ["a", "c"], ["'2016-05' is not a whole date: its day is not known"]),
        (
            '{ column = "day", as = "date", optional = true }',
            ["a", "b", "c"],
            ["'soon' is not a date", "'2016-05' is not a whole date: its day is not known"],
        ),
        ('{ column = "day", as = "date", optional = false }', ["a"], []),
    ],
)
def test_added_columns_that_are_known_in_part_are_told_once(
    tmp_path: Path, cell: str, ids: list[str], messages: list[str]
) -> None:
    mapping = NODES.replace('path = "list.csv"', f'path = "list.csv", add.d = {cell}').replace('"day" }', '"d" }')
    mapping += '[nodes.park]\nlabel = "Park"\nid = { column = "id", prefix = "p-" }\nproperties.open = "d"\n'
    report = import_text(tmp_path, "m", mapping, {"list.csv": "id,day\na,2016-05-17\nb,soon\nc,2016-05\n"})
    assert [row["id"] for row in table(tmp_path, "policies")] == ids
    assert sorted(told(report)) == sorted(
        (3 if "soon" in one else 4, "day", f"{one}; the added column d is blank there (1 cell)") for one in messages
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "id"', 'name = { column = "id", optional = true }', "nodes.policy.name: cannot be optional"),
        ('"day" }', '"day", format = "%d" }', "needs a year"),
        ('id = "id"', 'id = { column = "id", optional = true }', "nodes.policy.id: cannot be optional"),
        ('"day" }', '"day", as = "text", format = "%Y" }', "format goes with as"),
        ("properties.date", 'properties.category = { column = "c", format = "%Y" }\nproperties.date', "has a format"),
        ('"list.csv"', '"list.csv", add.x = { column = "c", format = "%Y" }', "has a format, but is read as text"),
    ],
)
def test_what_makes_no_sense_of_dates(tmp_path: Path, old: str, new: str, message: str) -> None:
    mapping = NODES.replace(old, new, 1)
    with pytest.raises(DatasetError) as caught:
        import_text(tmp_path, "m", mapping, {"list.csv": "id,day,c\na,2016,c\n"})
    shown = "\n".join(f"{one.column}: {one.message}" for one in caught.value.findings)
    assert message in shown
