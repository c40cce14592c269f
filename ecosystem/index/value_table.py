"""The record of a table of values: numbers and words by column, with the region, year and line of every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Text


@dataclass(frozen=True, slots=True, eq=False)
class ValueTable:
    """Values of regions, as read: `regions`, `years` (None where there is none) and `lines` go row by row.

    `numbers` are the columns that hold numbers, NaN where missing; `texts` those that hold words, None where blank;
    `mixed` gives the first words of a column that has both, which is no indicator. `hash` is the SHA-256 of the file.
    """

    file: str
    path: str
    hash: str
    regions: tuple[str, ...]
    years: tuple[int | None, ...]
    lines: tuple[int, ...]
    names: Mapping[str, Text]
    numbers: Mapping[str, FloatArray]
    texts: Mapping[str, tuple[str | None, ...]]
    mixed: Mapping[str, Finding]
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The regions, each once, in the order of the table."""
        return tuple(dict.fromkeys(self.regions))

    @property
    def dated(self) -> bool:
        """True where a row has a year."""
        return any(year is not None for year in self.years)

    def column(self, name: str) -> dict[str, dict[int | None, float]]:
        """Region -> year -> value of a column of numbers, what is missing left out."""
        found: dict[str, dict[int | None, float]] = {}
        for region, year, value in zip(self.regions, self.years, self.numbers[name].tolist(), strict=True):
            if not np.isnan(value):
                found.setdefault(region, {})[year] = value
        return found

    def group(self, name: str) -> dict[str, str]:
        """Region -> group of a column of words (or of numbers, which are names then)."""
        if name in self.texts:
            cells: Iterable[str | None] = self.texts[name]
        else:
            cells = (None if np.isnan(value) else f"{value:g}" for value in self.numbers[name].tolist())
        return {region: cell for region, cell in zip(self.regions, cells, strict=True) if cell is not None}


def column_of(table: ValueTable, *names: str) -> str | None:
    """The first of some names that is a column of numbers."""
    return next((name for name in names if name in table.numbers), None)


def near_columns(table: ValueTable, name: str) -> str:
    """A hint with the columns most like a name."""
    return did_you_mean(name, [column for column in table.columns if column])
