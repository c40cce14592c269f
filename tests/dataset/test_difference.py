"""What differs between two datasets."""

from __future__ import annotations

from pathlib import Path

from ecosystem.dataset import read_dataset
from ecosystem.dataset.difference import Difference, TableDifference, difference


def write(folder: Path, companies: str, enables: str) -> Path:
    folder.mkdir()
    (folder / "companies.csv").write_text(companies, encoding="utf-8")
    (folder / "enables.csv").write_text(enables, encoding="utf-8")
    return folder


def compared(tmp_path: Path, *second: str) -> Difference:
    first = write(
        tmp_path / "a", "id,name,patents\nx,X,1\ny,Y,\nz,Z,3\n", "id,from,to,year\nl1,x,y,2020\nl2,y,z,2021\n"
    )
    after = write(tmp_path / "b", *second)
    return difference(read_dataset(first).dataset, read_dataset(after).dataset)


def test_added_removed_and_changed(tmp_path: Path) -> None:
    found = compared(tmp_path, "id,name,patents\ny,Y,2\nx,X,1\nw,W,1\n", "id,from,to,year\nl1,x,w,2020\n")
    tables = {table.table: table for table in found.tables}
    assert tables["companies"] == TableDifference("companies", added=1, removed=1, changed=1, same=1)
    assert tables["enables"] == TableDifference("enables", added=0, removed=1, changed=1, same=0)
    assert {tuple(row.values()) for row in found.changes.to_pylist()} == {
        ("companies", "added", "w", None, None, None),
        ("companies", "removed", "z", None, None, None),
        ("companies", "changed", "y", "patents", None, "2"),
        ("enables", "removed", "l2", None, None, None),
        ("enables", "changed", "l1", "to", "y", "w"),
    }


def test_order_does_not_differ_and_a_new_column_does(tmp_path: Path) -> None:
    rows = "id,name,patents\nz,Z,3\nx,X,1\ny,Y,\n"
    assert compared(tmp_path, rows, "id,from,to,year\nl2,y,z,2021\nl1,x,y,2020\n").none
    other = tmp_path / "more"
    other.mkdir()
    found = compared(
        other, "id,name,patents,note\nx,X,1,n\ny,Y,,\nz,Z,3,\n", "id,from,to,year\nl1,x,y,2020\nl2,y,z,2021\n"
    )
    assert [tuple(row.values()) for row in found.changes.to_pylist()] == [
        ("companies", "changed", "x", "note", None, "n")
    ]


def test_a_table_that_only_one_has(tmp_path: Path) -> None:
    found = compared(tmp_path, "id,name,patents\nx,X,1\ny,Y,\nz,Z,3\n", "id,from,to,year\n")
    assert [row["id"] for row in found.changes.to_pylist()] == ["l1", "l2"]
    assert {table.table: table.removed for table in found.tables}["enables"] == 2
