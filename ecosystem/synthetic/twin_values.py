"""The calibrated values of a twin, and totals split over its members so that they add up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.messages import tr
from ecosystem.regions import Regions
from ecosystem.resources import resource
from ecosystem.synthetic.draws import Ints
from ecosystem.tables.packed import content_of
from ecosystem.tables.records import parse_table

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
        raise UsageError(tr("no twin is calibrated for {index!r}", index=index), hint=did_you_mean(index, known))
    return path


def read_values(path: Path, regions: Regions) -> TwinValues:
    """The table of a twin: a row per region, a column per indicator; a mean is turned into its total.

    SpecError names every row with an unknown region, a cell that is not a number, or cities that have more than their
    province.
    """
    table = parse_table(content_of(path), path.name)
    if table.findings:
        raise SpecError(tr("{path} cannot be used", path=path), findings=table.findings)
    rows = [row for _, row in table.rows]
    places = [row[REGION] for row in rows]
    unknown = [place for place in places if place and place not in regions]
    if unknown or len(set(places)) < len(places):
        raise SpecError(
            tr(
                "{path} has regions that are unknown or there twice: {regions}",
                path=path,
                regions=", ".join(unknown or sorted({place for place in places if places.count(place) > 1})),
            )
        )
    try:
        amounts = {code: _amounts(rows, code) for code in rows[0] if code != REGION}
    except ValueError as err:
        raise SpecError(tr("{path} has a cell that is not a number: {reason}", path=path, reason=err)) from err
    own = {code: _own(column, places, regions) for code, column in amounts.items()}
    below = sorted({places[row] for column in own.values() for row in np.flatnonzero(column < 0)})
    if below:
        raise SpecError(
            tr("{path}: the cities have more than their province: {places}", path=path, places=", ".join(below))
        )
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


def split(rng: np.random.Generator, totals: Ints, group: Ints, *, spread: float = 0.8) -> Ints:
    """A whole number, 0 or more, per member; those of group g add up to `totals[g]`.

    `group` gives each member's group. A group with a total but no member is a ValueError.
    """
    weight = rng.lognormal(0.0, spread, len(group))
    whole = np.bincount(group, weight, len(totals))
    if np.any((whole == 0) & (totals > 0)):
        raise ValueError("a total cannot be split over nobody")
    exact = weight * totals[group] / whole[group]
    parts = np.floor(exact).astype(np.int64)
    missing = totals - np.bincount(group, parts, len(totals)).astype(np.int64)
    # the units that rounding has lost go to the largest fractions of each group
    order = np.lexsort((parts - exact, group))
    first = np.searchsorted(group[order], np.arange(len(totals)))
    nth = np.arange(len(group)) - first[group[order]]
    parts[order] += nth < missing[group[order]]
    return parts


def members(counts: Ints) -> Ints:
    """The place of every member, where `counts[p]` belong to place p."""
    return np.repeat(np.arange(len(counts)), counts)


def pick_within(rng: np.random.Generator, group: Ints, wanted: Ints) -> Ints:
    """For every wanted place a member that is there, drawn at random; `group` is the place of each member.

    ValueError where a place that is wanted has no member.
    """
    order = np.argsort(group, kind="stable")
    places = int(max(group.max(initial=-1), wanted.max(initial=-1))) + 1
    counts = np.bincount(group, minlength=places)
    if np.any(counts[wanted] == 0):
        raise ValueError("a link cannot start where nobody is")
    first = np.cumsum(counts) - counts
    drawn: Ints = order[first[wanted] + np.floor(rng.random(len(wanted)) ** 1.5 * counts[wanted]).astype(np.int64)]
    return drawn
