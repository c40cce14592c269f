"""Which years the values of scores are from, where they come from columns with years: said, and as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ecosystem.index import Index
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import listed, tr, tr_later

Years = Mapping[str, Sequence[int | None]]
"""By code of an indicator, or by `denominator NAME`, the year (R,) of the value of each region; None where none is."""

NO_YEAR = tr_later("no year")
SHOWN = 10
"""How many names, or lines of regions, a note lists."""


def year_notes(index: Index, raw: FloatArray, years: Years, names: Sequence[str]) -> list[str]:
    """What a reader has to know of the years of the values `raw` (R, K); nothing where no value has a year.

    `names` are those of the regions. The first note says the rule; where the years differ, the others say which
    regions, and which of their indicators, have which.
    """
    found = list(years_of_regions(index, raw, years))
    different = sorted({year for one in found for year in one})
    if not different:
        return []
    if len(different) == 1:
        return [
            tr(
                "every value from a column with years is of {year}: the latest year that its region has",
                year=different[0],
            )
        ]
    alike: dict[str, list[str]] = {}
    for name, one in zip(names, found, strict=True):
        if one:
            alike.setdefault(_signature(one), []).append(name)
    lines = [
        tr("  {years}: {regions}", years=what, regions=first_of(names))
        for what, names in sorted(alike.items(), reverse=True)
    ]
    more = (
        [tr("  and {count} more: the column `year` of --out has all of them", count=len(lines) - SHOWN)]
        if len(lines) > SHOWN
        else []
    )
    first = tr(
        "the values are of different years ({years}): each is of the latest year that its region has; "
        "choose years with --since and --until, or score each year with --by-year",
        years=", ".join(different),
    )
    return [first, *lines[:SHOWN], *more]


def years_of_regions(index: Index, raw: FloatArray, years: Years) -> Iterator[dict[str, list[str]]]:
    """Of each region the years of its values, the latest first, and what is of that year."""
    leaves = [leaf.code for leaf in index.leaves]
    for region in range(len(raw)):
        found: dict[str, list[str]] = {}
        for code, held in years.items():
            lacking = np.isnan(raw[region, leaves.index(code)]) if code in leaves else held[region] is None
            if not lacking:
                found.setdefault(tr(NO_YEAR) if held[region] is None else str(held[region]), []).append(code)
        yield dict(sorted(found.items(), reverse=True))


def _signature(years: Mapping[str, Sequence[str]]) -> str:
    """The one year of a region; else each with its indicators."""
    if len(years) == 1:
        return next(iter(years))
    return listed((tr("{year} ({codes})", year=year, codes=first_of(codes)) for year, codes in years.items()), "; ")


def first_of(names: Sequence[str]) -> str:
    """The first names in words, and how many more there are."""
    if len(names) <= SHOWN:
        return ", ".join(names)
    return tr("{names} and {count:,} more", names=", ".join(names[:SHOWN]), count=len(names) - SHOWN)


def year_column(years: Years, code: str, rows: int) -> dict[str, pd.Series]:
    """The year of each value of an indicator, blank for what has none; no column where nothing has a year."""
    if not any(year is not None for held in years.values() for year in held):
        return {}
    return {"year": pd.Series(list(years.get(code, [None] * rows)), dtype="Int64")}
