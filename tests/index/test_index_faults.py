"""Every fault of an index folder: one finding with its place, and a hint that says what to type."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_index import small_index

from ecosystem.errors import Finding, SpecError
from ecosystem.index import check_index, inspect_index, load_index, read_index
from ecosystem.index.files.index_form import COLUMNS
from ecosystem.resources import resource

CSV, TOML = "indicators.csv", "index.toml"


HEADER = ",".join(COLUMNS)

TOML_FAULTS = {
    # what: (old text, new text, code, key, words of the finding, codes of what follows from it)
    "unknown key": (
        "coverage_mark",
        "coverage_marc",
        "unknown_key",
        "missing.coverage_marc",
        "mean 'coverage_mark'",
        "",
    ),
    "unknown table": ("[ties]", "[tise]", "unknown_key", "tise", "mean 'ties'", "missing_key"),
    "in a level": ('rollup = "', 'roll_up = "', "unknown_key", "level.province.roll_up", "mean 'rollup'", ""),
    "in a group": (
        'zh = "川渝"',
        'cn = "川渝"',
        "unknown_key",
        "level.province.groups.4.cn",
        "key 'cn'",
        "missing_key",
    ),
    "no level": ("[level.province]", "[levels.a]", "unknown_key", "levels", "did you mean 'level'", "missing_key"),
    "missing key": ('weights = "global"', "", "missing_key", "aggregation.weights", "'weights' is missing", ""),
    "unknown method": ('"minmax"', '"min-max"', "unknown_choice", "normalisation.method", "did you mean 'minmax'", ""),
    "text as a number": ("= 0.5", '= "half"', "bad_value", "missing.coverage_mark", "'half' is not a number", ""),
    "mark above one": ("= 0.5", "= 50", "bad_value", "missing.coverage_mark", "must be at most 1", ""),
    "range upside down": ("[0, 100]", "[100, 0]", "bad_value", "normalisation.range", "the lower first", ""),
    "range of one": ("[0, 100]", "[100]", "bad_value", "normalisation.range", "at least 2 items", ""),
    "bad id": ('"cingai-2023"', '"CINGAI 2023"', "bad_value", "id", "no spaces", ""),
    "region as a number": ('"140000"', "140000", "bad_value", "level.province.ranked.4", "quotation marks", ""),
    "region twice": ('"140000"', '"150000"', "region_twice", "level.province.ranked", "'150000' is listed 2 times", ""),
    "group twice": ("group:chuan-yu", "group:jing-jin-ji", "group_twice", "level.province.groups", "2 times", ""),
    "member twice": (
        '["500000", "51',
        '["510000", "51',
        "member_twice",
        "level.province.groups.group:chuan-yu",
        "2 times",
        "",
    ),
    "member not ranked": (
        '["500000", "51',
        '["510001", "51',
        "member_not_ranked",
        "level.province.groups",
        "'510000'",
        "",
    ),
    "no roll-up rule": ('rollup = "sum"', "", "bad_value", "level.province", 'add rollup = "sum"', ""),
    "not TOML": ("[missing]", "[missing", "not_toml", "27", "not valid TOML", ""),
}

CSV_FAULTS = {
    # what: (row, column, new cell, code, place, words of the finding, codes of what follows from it)
    "unknown parent": ("financing", "parent", "capital", "unknown_parent", "30:parent", "'capital_environment'", ""),
    "circle": ("capital_environment", "parent", "financing", "cycle", "30:parent", "-> financing", "level_skipped"),
    "own parent": (
        "linkers",
        "parent",
        "linkers",
        "cycle",
        "34:parent",
        "linkers -> linkers",
        "level_skipped no_children",
    ),
    "two tops": ("capital_environment", "parent", "", "two_tops", "42:parent", "is the top already", ""),
    "no top": ("competitiveness", "parent", "linkers", "no_top", "parent", "every row has", "cycle level_skipped"),
    "level skipped": (
        "financing",
        "parent",
        "competitiveness",
        "level_skipped",
        "30:level",
        "parent 'competitiveness'",
        "",
    ),
    "nothing under it": (
        "investment_links",
        "parent",
        "financing",
        "no_children",
        "31:code",
        "nothing is under it",
        "",
    ),
    "code twice": ("conference_count", "code", "alliance_count", "duplicate_code", "23:code", "already in row 22", ""),
    "code with a space": ("alliance_count", "code", "alliance count", "bad_value", "23:code", "no spaces", ""),
    "negative weight": ("alliance_count", "weight", "-0.0427", "bad_weight", "23:weight", "a number above 0", ""),
    "weight nan": ("alliance_count", "weight", "nan", "bad_weight", "23:weight", "is nan", ""),
    "weight infinite": ("alliance_count", "weight", "inf", "bad_weight", "23:weight", "is inf", ""),
    "weight in words": ("alliance_count", "weight", "some", "bad_value", "23:weight", "'some' is not a number", ""),
    "decimal comma": ("alliance_count", "weight", "0,0427", "bad_value", "23:weight", "'0,0427' is not a number", ""),
    "blank weight": ("alliance_count", "weight", "", "blank_cell", "23:weight", "weight is blank", ""),
    "sum of weights": (
        *("alliance_count", "weight", "0.0727", "weights_do_not_add_up", "34:weight"),
        *("the 2 parts of 'linkers' add up to 0.0812, not 0.0512 (+0.03)", "weights_do_not_add_up"),
    ),
    "direction of zero": ("alliance_count", "direction", "0", "bad_direction", "23:direction", "write 1", ""),
    "direction in words": ("alliance_count", "direction", "up", "bad_value", "23:direction", "not a whole number", ""),
    "level in words": ("financing", "level", "two", "bad_value", "30:level", "'two' is not a whole number", ""),
    "level of zero": ("financing", "level", "0", "bad_value", "30:level", "must be at least 1", ""),
    "weight source": (
        "alliance_count",
        "weight_source",
        "print",
        "unknown_choice",
        "23:weight_source",
        "'printed'",
        "",
    ),
    "source": ("alliance_count", "source", "cypher:a", "bad_value", "23:source", "'cypher:a' is not metric:<id>", ""),
    "source of no name": ("alliance_count", "source", "metric:", "bad_value", "23:source", "is not metric:<id>", ""),
    "no source": ("alliance_count", "source", "", "no_source", "23:source", "write metric:<id>", ""),
    "sourced aggregate": (
        "linkers",
        "source",
        "column:x",
        "aggregate_with_source",
        "34:source",
        "leave the cell blank",
        "",
    ),
    "blank name": ("alliance_count", "name_zh", "", "blank_cell", "23:name_zh", "name_zh is blank", ""),
}

TABLE_FAULTS = {
    # what: (old text, new text, code, place, words of the finding, codes of what follows from it)
    "cell too many": (
        "metric:park_count",
        "metric:park_count,x",
        "wrong_cell_count",
        ":24",
        "the row has 11 cells, the header 10",
        "",
    ),
    "open quotation mark": ("产业园区数", '"产业园区数', "open_quote", ":24", "opened and not closed", ""),
    "unknown column": (",unit,", ",units,", "unknown_column", ":1:units", "did you mean 'unit'", "missing_column"),
    "column twice": (",unit,", ",source,", "duplicate_column", ":1:source", "there are two columns", "missing_column"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped index."""
    copy = tmp_path / "cingai-2023"
    shutil.copytree(resource("data", "indices", "cingai-2023"), copy)
    return copy


def errors(folder: Path) -> list[Finding]:
    index, findings = inspect_index(folder)
    found = [finding for finding in findings if finding.severity == "error"]
    assert (index is None) == bool(found)
    return found


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, "the edit must touch the file"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def set_cell(path: Path, row: str, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (hit,) = (cells for cells in rows if cells["code"] == row)
    hit[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def assert_found(folder: Path, code: str, place: str, words: str, others: str) -> None:
    """Exactly one finding of this kind, at its place, in these words; and besides, what follows from the same fault."""
    found = errors(folder)
    hits = [finding for finding in found if finding.code == code]
    assert hits, found
    hit = hits[0]
    assert hit.place.startswith(place)
    assert words in str(hit)
    found.remove(hit)
    assert sorted(finding.code for finding in found) == sorted(others.split())


@pytest.mark.parametrize(("old", "new", "code", "key", "words", "others"), TOML_FAULTS.values(), ids=TOML_FAULTS)
def test_fault_of_the_rules(folder: Path, old: str, new: str, code: str, key: str, words: str, others: str) -> None:
    rewrite(folder / TOML, old, new)
    assert_found(folder, code, f"{TOML}:{key}", words, others)


@pytest.mark.parametrize(
    ("row", "column", "cell", "code", "place", "words", "others"), CSV_FAULTS.values(), ids=CSV_FAULTS
)
def test_fault_of_a_row(
    folder: Path, row: str, column: str, cell: str, code: str, place: str, words: str, others: str
) -> None:
    set_cell(folder / CSV, row, column, cell)
    assert_found(folder, code, f"{CSV}:{place}", words, others)


@pytest.mark.parametrize(("old", "new", "code", "place", "words", "others"), TABLE_FAULTS.values(), ids=TABLE_FAULTS)
def test_fault_of_the_table(folder: Path, old: str, new: str, code: str, place: str, words: str, others: str) -> None:
    rewrite(folder / CSV, old, new)
    assert_found(folder, code, f"{CSV}{place}", words, others)


def test_all_faults_at_once(folder: Path) -> None:
    set_cell(folder / CSV, "alliance_count", "weight", "x")
    set_cell(folder / CSV, "company_scale", "parent", "no_such")
    set_cell(folder / CSV, "financing", "direction", "3")
    rewrite(folder / TOML, 'rule = "zero"', 'rule = "mean"')
    rewrite(folder / TOML, "[0, 100]", '["a", 100]')
    assert [finding.place for finding in errors(folder)] == [
        f"{TOML}:normalisation.range.1",
        f"{TOML}:missing.rule",
        f"{CSV}:23:weight",
        f"{CSV}:26:parent",
        f"{CSV}:30:direction",
    ]


def test_faults_of_the_levels_beside_those_of_the_table(folder: Path) -> None:
    set_cell(folder / CSV, "alliance_count", "weight", "x")
    rewrite(folder / TOML, '"140000"', '"150000"')
    assert [finding.code for finding in errors(folder)] == ["bad_value", "region_twice"]


@pytest.mark.parametrize("row", ["financing", "investment_links", "competitiveness"])
def test_a_row_that_cannot_be_read_is_no_fault_of_its_neighbours(folder: Path, row: str) -> None:
    set_cell(folder / CSV, row, "weight", "")
    assert [finding.code for finding in errors(folder)] == ["blank_cell"]


@pytest.mark.parametrize("name", [CSV, TOML])
def test_a_file_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (found,) = errors(folder)
    assert found.code == "no_file"
    assert name in found.message
    assert found.hint == "an index folder holds index.toml and indicators.csv"


@pytest.mark.parametrize("name", [CSV, TOML])
def test_a_file_is_a_folder(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    (found,) = errors(folder)
    assert found.code == "unreadable_file"
    assert found.place == name


@pytest.mark.parametrize("name", [CSV, TOML])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding(folder: Path, name: str, encoding: str) -> None:
    path = folder / name
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    (found,) = errors(folder)
    assert (found.code, found.file) == ("wrong_encoding", name)
    assert "UTF-8" in str(found.hint)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter(folder: Path, delimiter: str) -> None:
    path = folder / CSV
    path.write_text(path.read_text(encoding="utf-8").replace(",", delimiter), encoding="utf-8")
    (found,) = errors(folder)
    assert (found.code, found.row) == ("wrong_delimiter", 1)


@pytest.mark.parametrize(("text", "code"), [("", "empty_file"), ("\n\n", "empty_file"), (f"{HEADER}\n", "no_rows")])
def test_no_rows(folder: Path, text: str, code: str) -> None:
    (folder / CSV).write_text(text, encoding="utf-8")
    (found,) = errors(folder)
    assert found.code == code


def test_a_top_without_parts(folder: Path) -> None:
    row = "a,,1,甲,A,1,1,printed,points,column:a"
    (folder / CSV).write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    (found,) = errors(folder)
    assert (found.code, found.place) == ("top_is_leaf", f"{CSV}:2:level")


def _as_spreadsheets_write_it(text: str) -> str:
    lines = [f"{line},," if line else ",,,,,,,,,,," for line in text.splitlines()]
    return "\ufeff" + "\r\n".join([*lines, ",,,,,,,,,,,", ""])


@pytest.mark.parametrize("save", [_as_spreadsheets_write_it, lambda text: text.replace("0.0390", "0.039") + "\n\n"])
def test_what_a_spreadsheet_makes_of_the_file_is_read(folder: Path, save: Callable[[str], str]) -> None:
    path = folder / CSV
    path.write_bytes(save(path.read_text(encoding="utf-8")).encode())
    assert errors(folder) == []
    assert read_index(folder).indicators == load_index("cingai-2023").indicators


def test_read_index_raises_with_all_errors(folder: Path) -> None:
    set_cell(folder / CSV, "alliance_count", "weight", "x")
    set_cell(folder / CSV, "park_count", "weight", "y")
    with pytest.raises(
        SpecError, match=r"2 errors[\s\S]*'x' is not a number[\s\S]*'y' is not[\s\S]*hint: ecosystem index check"
    ):
        read_index(folder)


def test_warnings_do_not_stop_an_index(folder: Path, tmp_path: Path) -> None:
    other = folder.rename(tmp_path / "mine")
    set_cell(other / CSV, "policy_count", "source", "metric:park_count")
    index, findings = inspect_index(other, known_regions=[f"{code}0000" for code in range(11, 65)])
    assert index is not None
    warnings = {finding.code: str(finding) for finding in findings if finding.severity == "warning"}
    assert set(warnings) == {"id_is_not_folder", "source_twice", "unknown_region"}
    assert "'650000' is not in the region hierarchy" in warnings["unknown_region"]


def test_regions_of_the_indexs_own_are_one_note(folder: Path) -> None:
    _, findings = inspect_index(folder, known_regions=["CN", "US"])
    found = [finding for finding in findings if finding.code in {"own_regions", "unknown_region"}]
    assert [finding.code for finding in found] == ["own_regions", "own_regions"]  # one for each level
    assert "--values TABLE" in str(found[0].hint)


def test_a_source_that_does_not_exist() -> None:
    index = load_index("cingai-2023")
    metrics = {leaf.source.name for leaf in index.leaves if leaf.source is not None}
    assert check_index(index, known_sources={"metric": metrics}) == check_index(index)
    (found,) = (
        finding
        for finding in check_index(index, known_sources={"metric": metrics - {"park_count"}})
        if finding.row == 24
    )
    assert (found.severity, found.code, found.column) == ("error", "unknown_source", "source")
    assert "metric 'park_count'" in found.message
    assert "did you mean" in str(found.hint)
    assert check_index(index, known_sources={"column": ()}) == check_index(index), "metrics are not asked about"
    assert sum(finding.severity == "error" for finding in check_index(index, known_sources={"metric": ()})) == 24


def test_an_index_built_in_memory_is_checked_too() -> None:
    index = small_index()
    assert check_index(index) == ()
    rows = tuple(replace(row, weight=-1.0, direction=0) if row.code == "a" else row for row in index.indicators)
    assert [finding.code for finding in check_index(replace(index, indicators=rows))] == ["bad_direction", "bad_weight"]


def test_weights_off_by_more_than_rounding_are_a_warning() -> None:
    index = small_index()
    rows = tuple(replace(row, weight=0.705) if row.code == "p" else row for row in index.indicators)
    found = check_index(replace(index, indicators=rows))
    assert [(finding.severity, finding.code) for finding in found] == [
        ("warning", "weights_off"),
        ("warning", "weights_off"),
    ]
    assert "the 2 parts of 'p' add up to 0.7, not 0.705 (-0.005" in found[0].message
