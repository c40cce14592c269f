"""Cells that are read for many rows at once, held against the same cells read row by row."""

from __future__ import annotations

from typing import Any

import pytest

from ecosystem.dataset.values import LONGEST_CELL
from ecosystem.imports import cell_reader as readers
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_reader import cell_reader
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Value, evaluate
from ecosystem.tables.record_paths import ITEM

TEXTS = ["深圳", "", "a b", "12", "x" * 30]
ODD = [f"a{ITEM}b", "bell\a", "y" * (LONGEST_CELL + 1)]
CELLS: list[dict[str, Any]] = [
    {"column": "a"},
    {"column": "a", "prefix": "c-"},
    {"column": "a", "default": "none"},
    {"column": "a", "as": "integer"},
    {"column": "a", "map": {"12": "twelve"}},
    {"column": "a", "when": [{"column": "b", "in": ["12"]}]},
    {"first": ["b", "a"]},
    {"value": 7},
]


def read(found: Any) -> Value | str | None:
    try:
        value: Value | None = found()
    except UnreadableError as err:
        return f"! {err}"
    return value


@pytest.mark.parametrize("most", [1, 50_000])
@pytest.mark.parametrize("odd", ["", *ODD], ids=["plain", "list", "control", "long"])
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_cell_of_many_rows_is_that_of_each(
    cell: dict[str, Any], odd: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_MOST", most)
    spec = CellSpec.model_validate(cell)
    texts = {"a": [*TEXTS, odd, *TEXTS], "b": [odd, *TEXTS, *TEXTS]}
    rows = [dict(zip("ab", row, strict=True)) for row in zip(*texts.values(), strict=True)]
    reader = cell_reader(spec, texts, None)
    assert [read(lambda row=row: reader.at(row)) for row in range(len(rows))] == [
        read(lambda row=row: evaluate(spec, row, None)) for row in rows
    ]


@pytest.mark.parametrize("text", ["n/a", "zero\u200bwidth", "i" * 501])
def test_ids_are_looked_at_one_by_one_where_one_of_them_can_be_none(text: str) -> None:
    spec = CellSpec.model_validate({"column": "a"})
    assert cell_reader(spec, {"a": TEXTS}, None).only_keys
    assert not cell_reader(spec, {"a": [*TEXTS, text]}, None).only_keys
