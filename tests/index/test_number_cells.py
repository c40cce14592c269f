"""What the cells of a table may say beside numbers: read where it is plain, named where a column is left out for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import run_in
from openpyxl import load_workbook
from tables import coin_tool, write_csv, write_xlsx

from ecosystem.errors import InputError
from ecosystem.index import read_index
from ecosystem.index.files.coin_tool import import_coin_tool
from ecosystem.index.files.value_files import read_values
from ecosystem.tables.words import MISSING


def _table(path: Path, cells: list[object]) -> Path:
    rows = [[f"r{at}", at + 1, 9 - at * at, cell] for at, cell in enumerate(cells)]
    header: list[object] = ["region", "a", "b", "c"]
    return (write_xlsx if path.suffix == ".xlsx" else write_csv)(path, [header, *rows])


@pytest.mark.parametrize("word", sorted(MISSING))
def test_the_words_for_missing_are_missing(word: str, tmp_path: Path) -> None:
    values = read_values(_table(tmp_path / "v.csv", [1, word.upper(), 3]))
    np.testing.assert_array_equal(values.numbers["c"], [1, np.nan, 3])
    assert not values.findings


def test_the_coin_tool_has_the_same_words(tmp_path: Path) -> None:
    path = coin_tool(tmp_path / "tool.xlsx")
    book = load_workbook(path)
    for word in ("…", ":", "NA", "#N/A"):
        book["Database"].cell(18, 7, word)
        book.save(path)
        assert "\nU2,Unit 2,2,8,,1\n" in import_coin_tool(path, "tool")["values.csv"]
    book["Database"].cell(18, 7, "few")
    book.save(path)
    with pytest.raises(InputError, match="'few' is not a number"):
        import_coin_tool(path, "tool")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["<5", 1, 2], "'<5'"),
        ([1, "12%", 2], "'12%'"),
        ([1, "1 200", "3 400"], "'1 200' and 1 more"),
        ([1, 2, "1_000"], "'1_000'"),
    ],
)
def test_a_column_with_text_is_left_out_by_name(cells: list[object], first: str, suffix: str, tmp_path: Path) -> None:
    """By the draft, by the check, and by every score afterwards."""
    table = _table(tmp_path / f"v{suffix}", cells)
    made = run_in(tmp_path, "index", "new", "mine", "--from", table.name)
    checked = run_in(tmp_path, "index", "check", "mine", "--values", table.name, "--format", "csv")
    scored = run_in(tmp_path, "score", "mine", "--values", table.name)
    assert [leaf.code for leaf in read_index(tmp_path / "mine").leaves] == ["a", "b"]
    for text in (made.stderr, checked.stdout, scored.stderr):
        assert "the column 'c' holds text: " + first in text
        assert "it is left out" in text
    assert (made.returncode, checked.returncode, scored.returncode) == (0, 0, 0)


def test_columns_of_words_and_of_nothing_are_named_too(tmp_path: Path) -> None:
    rows: list[list[object]] = [["A", 1, 4, "TRUE", "", "<5"], ["B", 2, 3, "FALSE", "..", "<9"]]
    write_csv(tmp_path / "v.csv", [["region", "a", "b", "listed", "empty", "few"], *rows])
    made = run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    assert "left out: column 'listed' holds words, e.g. 'TRUE'" in made.stderr
    assert "left out: column 'few' holds words, e.g. '<5'" in made.stderr
    assert "left out: column 'empty' has no value at all" in made.stderr
    assert [leaf.code for leaf in read_index(tmp_path / "mine").leaves] == ["a", "b"]


def test_a_column_of_percents_is_numbers_in_percent(tmp_path: Path) -> None:
    _table(tmp_path / "v.csv", ["12%", "15.5 ％", ".."])
    made = run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    assert "every cell of 'c' ends in %: 12% is read as 12" in made.stderr
    leaf = read_index(tmp_path / "mine").leaves[2]
    assert (leaf.code, leaf.unit) == ("c", "%")
    rows = json.loads(run_in(tmp_path, "score", "mine", "--values", "v.csv", "--format", "json").stdout)
    assert {row["region"]: row["c"] for row in rows}["r2"] is None
    np.testing.assert_array_equal(read_values(tmp_path / "v.csv").numbers["c"], [12, 15.5, np.nan])


def test_in_a_long_table_each_indicator_is_read_for_itself(tmp_path: Path) -> None:
    rows: list[list[object]] = [["A", "x", "12%"], ["B", "x", "9%"], ["A", "y", 3], ["B", "y", "—"]]
    write_csv(tmp_path / "v.csv", [["region", "indicator", "value"], *rows])
    values = read_values(tmp_path / "v.csv")
    np.testing.assert_array_equal(values.numbers["x"], [12, 9])
    np.testing.assert_array_equal(values.numbers["y"], [3, np.nan])
    assert values.percents == ("x",)
    write_csv(tmp_path / "v.csv", [["region", "indicator", "value"], *rows, ["C", "y", "3%"], ["C", "x", "3%"]])
    with pytest.raises(InputError, match=r"v\.csv:6:value: the column 'value' holds text: '3%'"):
        read_values(tmp_path / "v.csv")


def test_a_region_without_values_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path / "v.csv", [["region", "a", "b"], ["A", 1, 2], ["B", "", ".."], ["C", 3, ""], ["D", "", ""]])
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    done = run_in(tmp_path, "index", "check", "mine", "--values", "v.csv", "--format", "json")
    (found,) = (one for one in json.loads(done.stdout) if one["code"] == "region_without_values")
    assert found["message"] == "2 regions have no value for any indicator: B (line 3), D (line 5)"
    assert found["severity"] == "warning"
