"""The calibrated values of a twin, as whole numbers per place: counts, and the totals behind means."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecosystem.dataset.synthetic.draws import Ints
from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.regions import Regions
from ecosystem.resources import resource

FILE = "twin.csv"
REGION = "region"
MEMBERS = {"company": "company_count", "university": "university_count", "institute": "institute_count"}


@dataclass(frozen=True, slots=True, eq=False)
class TwinValues:
    """`places` are region ids, the last one blank for what has no region; `amounts[code]` is an integer per place.

    A place has what is its own: that of a province is what none of its cities in the table has.
    """

    places: tuple[str, ...]
    amounts: Mapping[str, Ints]


def twin_file(index: str) -> Path:
    """The file of calibrated values of a shipped index; UsageError where it has none."""
    path = resource("data", "indices", index, FILE)
    if not path.is_file():
        known = sorted(each.parent.name for each in resource("data", "indices").glob(f"*/{FILE}"))
        raise UsageError(f"no twin is calibrated for {index!r}", hint=did_you_mean(index, known))
    return path


def read_values(path: Path, regions: Regions) -> TwinValues:
    """The table of a twin: a row per region, a column per indicator; a mean is turned into its total.

    SpecError names every row with an unknown region, a cell that is not a number, or cities that have more than their
    province.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    places = [row[REGION] for row in rows]
    unknown = [place for place in places if place and place not in regions]
    if unknown or len(set(places)) < len(places):
        raise SpecError(f"{path} has regions that are unknown or stand there twice: {', '.join(unknown) or 'twice'}")
    try:
        amounts = {code: _amounts(rows, code) for code in rows[0] if code != REGION}
    except ValueError as err:
        raise SpecError(f"{path} has a cell that is not a number: {err}") from err
    own = {code: _own(column, places, regions) for code, column in amounts.items()}
    below = sorted({places[row] for column in own.values() for row in np.flatnonzero(column < 0)})
    if below:
        raise SpecError(f"{path}: the cities have more than their province: {', '.join(below)}")
    return TwinValues(tuple(places), own)


def _amounts(rows: Sequence[Mapping[str, str]], code: str) -> Ints:
    subject, is_mean, _ = code.partition("_mean_")
    values = np.array([float(row[code] or 0) for row in rows])
    if is_mean:
        values *= [float(row[MEMBERS[subject]] or 0) for row in rows]
    whole: Ints = np.rint(values).astype(np.int64)
    return whole


def _own(column: Ints, places: Sequence[str], regions: Regions) -> Ints:
    """A column with what the cities have taken off their provinces."""
    own, row = column.copy(), {place: number for number, place in enumerate(places)}
    for number, place in enumerate(places):
        above = row.get(regions[place].parent or "") if place else None
        if above is not None:
            own[above] -= column[number]
    return own
