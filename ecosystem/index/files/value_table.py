"""Values of regions as a table: a row per region (and year), a column per indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ecosystem.errors import Finding, InputError, did_you_mean, refuse_unknown
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Text
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_rows, named


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ValueTable:
    """Values of regions, as read: `regions`, `years` (None where there is none) and `lines` go row by row.

    `numbers` are the columns that hold numbers, NaN where missing; `texts` those that hold words, None where blank;
    `mixed` gives the first words of a column that has both, which is no indicator. `percents` are columns of numbers of
    which every cell ends in %: 12% is 12. `hash` is the SHA-256 of the file.
    """

    file: str
    path: str = ""
    hash: str = ""
    regions: tuple[str, ...]
    years: tuple[int | None, ...]
    lines: tuple[int, ...]
    names: Mapping[str, Text] = field(default_factory=dict)
    numbers: Mapping[str, FloatArray]
    texts: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    mixed: Mapping[str, Finding] = field(default_factory=dict)
    percents: tuple[str, ...] = ()
    columns: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        return few_lines(self._title, tr("columns: {names}", names=named(self.numbers, 8)))

    def _repr_html_(self) -> str:
        names = [*self.numbers, *self.texts]
        cells = (self.numbers[name].tolist() if name in self.numbers else self.texts[name] for name in names)
        rows = list(zip(self.regions, self.years, *cells, strict=True))
        return html_rows(self._title, (tr("region"), tr("year"), *names), rows)

    @property
    def _title(self) -> str:
        facts = {"regions": len(self.units), "columns": len(self.numbers), "file": self.file}
        return tr("values of {regions} regions, {columns} columns of numbers: {file}", **facts)

    @property
    def units(self) -> tuple[str, ...]:
        """The regions, each once, in the order of the table."""
        return tuple(dict.fromkeys(self.regions))

    @property
    def dated(self) -> bool:
        """True where a row has a year."""
        return any(year is not None for year in self.years)

    def column(self, name: str) -> dict[str, dict[int | None, float]]:
        """Region -> year -> value of a column of numbers, what is missing left out; UsageError for another column."""
        refuse_unknown(name, self.numbers, tr("{file} has no column of numbers {name!r}", file=self.file, name=name))
        found: dict[str, dict[int | None, float]] = {}
        for region, year, value in zip(self.regions, self.years, self.numbers[name].tolist(), strict=True):
            if not np.isnan(value):
                found.setdefault(region, {})[year] = value
        return found

    def group(self, name: str) -> dict[str, str]:
        """Region -> group of a column of words, or of whole numbers that are names then.

        InputError for numbers that are measured: with a fraction, or another for every region. UsageError for a name
        that no column has.
        """
        columns = {**self.numbers, **self.texts}
        refuse_unknown(name, columns, tr("{file} has no column {name!r}", file=self.file, name=name))
        cells: Iterable[str | None] = self.texts[name] if name in self.texts else self._numbered(name)
        return {region: cell for region, cell in zip(self.regions, cells, strict=True) if cell is not None}

    def _numbered(self, name: str) -> list[str | None]:
        numbers = self.numbers[name]
        known = numbers[~np.isnan(numbers)]
        if not (known == np.round(known)).all() or len({*known.tolist()}) == len({*self.regions}) > 1:
            message = tr(
                "the column {name!r} of {file} holds measured numbers, such as {value:g}, and not groups",
                name=name,
                file=self.file,
                value=known[0],
            )
            raise InputError(message, hint=tr("groups are words, or whole numbers that several regions share"))
        return [None if np.isnan(number) else f"{number:.0f}" for number in numbers.tolist()]


def column_of(table: ValueTable, *names: str) -> str | None:
    """The first of some names that is a column of numbers."""
    return next((name for name in names if name in table.numbers), None)


def near_columns(table: ValueTable, name: str) -> str:
    """A hint with the columns most like a name."""
    return did_you_mean(name, [column for column in table.columns if column])
