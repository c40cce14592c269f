"""Tables of values: what is read, and every way in which a table can be wrong, each with its place and a hint."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from tables import write_csv, write_xlsx

from ecosystem.errors import Finding, InputError
from ecosystem.index.files.value_files import read_values

ROWS: list[list[object]] = [
    ["region", "name", "a", "b"],
    ["r1", "One", 1, 2.5],
    ["r2", "Two", "NA", 3],
    ["r3", "Three", 4, ""],
]
Write = Callable[[Path, Sequence[Sequence[object]]], Path]


def parquet(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    frame = pd.DataFrame([list(row) for row in rows[1:]], columns=[str(cell) for cell in rows[0]])
    numbers = {name: pd.to_numeric(frame[name].replace({"NA": None, "": None})) for name in ("a", "b")}
    frame.assign(**numbers).to_parquet(path)
    return path


@pytest.mark.parametrize(("suffix", "write"), [(".csv", write_csv), (".xlsx", write_xlsx), (".parquet", parquet)])
def test_three_forms_of_one_table(tmp_path: Path, suffix: str, write: Write) -> None:
    table = read_values(write(tmp_path / f"values{suffix}", ROWS))
    assert table.units == ("r1", "r2", "r3")
    np.testing.assert_array_equal(table.numbers["a"], [1, np.nan, 4])
    np.testing.assert_array_equal(table.numbers["b"], [2.5, 3, np.nan])
    assert table.names["r2"].en == "Two"
    assert not table.dated
    assert table.column("b") == {"r1": {None: 2.5}, "r2": {None: 3.0}}


def test_wide_with_years_and_long(tmp_path: Path) -> None:
    wide = read_values(
        write_csv(tmp_path / "wide.csv", [["uCode", "Time", "a"], ["x", 2020, 1], ["x", 2021, 2], ["y", 2021, 5]])
    )
    long: list[list[object]] = [
        ["region", "indicator", "year", "value"],
        ["x", "a", 2020, 1],
        ["x", "a", 2021, 2],
        ["y", "a", 2021, 5],
    ]
    both = (wide, read_values(write_csv(tmp_path / "long.csv", long)))
    for table in both:
        assert table.dated
        assert table.column("a") == {"x": {2020: 1, 2021: 2}, "y": {2021: 5}}


def faults(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        read_values(path)
    assert "hint: " in str(caught.value)
    return caught.value.findings


FAULTS: dict[str, tuple[list[list[object]], str, int | None]] = {
    "region twice": ([["region", "a"], ["x", 1], ["y", 2], ["x", 3]], "region_twice", 4),
    "no region column": ([["land", "a", "b"], ["x", 1, 2]], "missing_column", 1),
    "blank region": ([["region", "a"], ["", 1], ["y", 2]], "blank_region", 2),
    "bad year": ([["region", "year", "a"], ["x", "last", 1]], "bad_year", 2),
    "column twice": ([["region", "a", "a"], ["x", 1, 2]], "duplicate_column", 1),
    "no name": ([["region", "", "a"], ["x", 1, 2]], "bad_column_name", 1),
    "header only": ([["region", "a"]], "no_rows", 1),
}


@pytest.mark.parametrize(("suffix", "write"), [(".csv", write_csv), (".xlsx", write_xlsx)])
@pytest.mark.parametrize("what", FAULTS)
def test_faults(tmp_path: Path, what: str, suffix: str, write: Write) -> None:
    rows, code, line = FAULTS[what]
    with pytest.raises(InputError) as caught:
        read_values(write(tmp_path / f"values{suffix}", rows))
    assert [(one.code, one.row) for one in caught.value.findings if one.severity == "error"] == [(code, line)]


@pytest.mark.parametrize(("suffix", "write"), [(".csv", write_csv), (".xlsx", write_xlsx)])
def test_a_title_above_the_header(tmp_path: Path, suffix: str, write: Write) -> None:
    (found,) = faults(write(tmp_path / f"values{suffix}", [["Our indicators"], *ROWS]))
    assert (found.code, found.row, found.hint) == ("title_row", 1, "delete the lines above the header")
    assert "'Our indicators'" in found.message


def test_merged_cells(tmp_path: Path) -> None:
    found = faults(write_xlsx(tmp_path / "values.xlsx", ROWS, merged="C2:C3"))
    assert [one.code for one in found] == ["merged_cells"]
    assert "C2:C3" in found[0].message


def test_a_formula_without_its_value_and_one_with(tmp_path: Path) -> None:
    rows: list[list[object]] = [["region", "a"], ["x", 1], ["y", "=B2*2"]]
    (found,) = faults(write_xlsx(tmp_path / "values.xlsx", rows))
    assert (found.code, found.row, found.column) == ("formula", 3, "a")


def test_a_column_of_words_is_a_group_and_a_mixed_one_is_neither(tmp_path: Path) -> None:
    rows: list[list[object]] = [["region", "g", "a", "b"], ["x", "east", 1, "12%"], ["y", "west", 2, 7]]
    table = read_values(write_csv(tmp_path / "values.csv", rows))
    assert table.group("g") == {"x": "east", "y": "west"}
    assert set(table.numbers) == {"a"}
    assert (table.mixed["b"].code, table.mixed["b"].row) == ("text_column", 2)


def test_locked_truncated_absent_and_other_files(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "values.xlsx", ROWS).read_bytes()
    locked = tmp_path / "locked.xlsx"
    with locked.open("wb") as out:
        OOXMLFile(io.BytesIO(whole)).encrypt("secret", out)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    assert [one.code for one in faults(locked)] == ["locked_workbook"]
    assert [one.code for one in faults(cut)] == ["unreadable_workbook"]
    for path, words in ((tmp_path / "valeus.xlsx", "did you mean"), (tmp_path / "values.ods", "known are|there is no")):
        with pytest.raises(InputError, match=words):
            read_values(path)


def test_a_sheet_behind_the_name_of_its_workbook(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for sheet, value in (("first", 1), ("2023", 2)):
            pd.DataFrame({"region": ["x", "y"], "a": [value, 5]}).to_excel(book, sheet_name=sheet, index=False)
    table = read_values(path)
    assert table.column("a")["x"] == {None: 1}
    assert [(finding.severity, finding.hint) for finding in table.findings] == [
        ("info", "two.xlsx[2023] reads that one")
    ]
    second = read_values(Path(f"{path}[2023]"))
    assert (second.column("a")["x"], second.findings) == ({None: 2}, ())
    assert read_values(Path(second.path)).hash == second.hash
    with pytest.raises(InputError, match=r"no sheet '2032'[\s\S]*2023"):
        read_values(Path(f"{path}[2032]"))


def test_spellings_of_one_region_are_named_with_their_lines(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["region", "a"],
        ["北京市", 1],
        ["四川省", 2],
        ["Beijing", 3],
        ["North  Bay", 4],
        ["north bay", 5],
        ["x", 6],
    ]
    found = [(one.severity, one.code, one.row) for one in read_values(write_csv(tmp_path / "v.csv", rows)).findings]
    assert found == [("warning", "spelled_otherwise", 4), ("warning", "spelled_otherwise", 6)]
