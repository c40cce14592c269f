"""Published scores and ranks that the rules of an index cannot give, whatever the values are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ecosystem.errors import Finding, SpecError
from ecosystem.index import Index
from ecosystem.index.reach import count_of, reach, reach_of_group
from ecosystem.index.spec import EVERY, Level
from ecosystem.index.steps.ranges import Range
from ecosystem.messages import tr
from ecosystem.published.published import FILE, FOLDER, SAMPLE, Published, PublishedNumber, read_published

GROUPS = "group"
ROUNDING = 1e-9


def published_findings(index: Index, folder: Path) -> tuple[Finding, ...]:
    """Every fault of the published tables in the folder of an index, and every number that its rules cannot give.

    Nothing for an index without published tables.
    """
    if not (folder / FOLDER / FILE).is_file():
        return ()
    try:
        published = read_published(index, folder)
    except SpecError as err:
        return tuple(err.findings) or (Finding("error", "published", err.message, FILE),)
    return tuple(check_published(index, published))


def check_published(index: Index, published: Published) -> Iterator[Finding]:
    """An error for every published number that cannot be met: out of reach, or of a region that is not ranked."""
    places = {name: _Places.of_level(index, level) for name, level in index.levels.items()}
    groups = [level for level in index.levels.values() if level.groups]
    if groups:
        places[GROUPS] = _Places.of_groups(index, groups[0])
    for each in published.numbers:
        if each.shows == "count":
            continue
        at = places.get(each.level)
        if at is None:
            message = tr("the index has no level {level!r}, of which a number is published", level=each.level)
        elif at.ranges and each.region not in at.ranges:
            message = tr("{region!r} is published with a number, but not ranked", region=each.region)
        elif each.shows == "value":
            continue  # an indicator has no bounds
        elif each.shows == "rank":
            message = _rank_fault(each, at.count)
        else:
            message = _score_fault(each, (at.ranges or {each.region: at.common})[each.region][each.code])
        if message:
            yield _error(each, message)


@dataclass(frozen=True, slots=True)
class _Places:
    """The ranges of every part by region, or those of any region where only the dataset says which are ranked."""

    count: float
    common: Mapping[str, Range]
    ranges: Mapping[str, Mapping[str, Range]]

    @classmethod
    def of_level(cls, index: Index, level: Level) -> _Places:
        common = reach(index, level)
        regions = () if level.regions == (EVERY,) else level.regions
        return cls(count_of(level), common, dict.fromkeys(regions, common))

    @classmethod
    def of_groups(cls, index: Index, level: Level) -> _Places:
        return cls(len(level.groups), {}, {each.id: reach_of_group(index, level, each) for each in level.groups})


def _rank_fault(each: PublishedNumber, count: float) -> str:
    if each.end.is_integer() and 1 <= each.end <= count:
        return ""
    if math.isinf(count):
        return tr("{region}: {value:g} is not a rank", region=each.region, value=each.end)
    return tr(
        "{region}: {value:g} is not a rank among the {count:.0f} that are ranked",
        region=each.region,
        value=each.end,
        count=count,
    )


def _score_fault(each: PublishedNumber, part: Range) -> str:
    """Why a score cannot be met; "" where it can. The scores of a rescaled table are shares of its best one."""
    best = each.table.best
    low, high = part if best is None else (0.0 if part[0] >= 0 else -math.inf, best)
    slack = each.half + ROUNDING * max(1.0, abs(each.end))
    if low - slack <= each.end <= high + slack:
        return ""
    facts = {"region": each.region, "value": each.end, "code": each.code, "low": low, "high": high}
    return tr("{region}: {value:g} is published for {code}, where the rules give {low:g} to {high:g} at most", **facts)


def _error(each: PublishedNumber, message: str) -> Finding:
    hint = tr("correct the published table, or the scale, weights, aggregation or ranked regions of the index")
    where = "" if each.region == SAMPLE else each.region
    return Finding("error", "out_of_reach", message, f"{FOLDER}/{each.table.file}", each.line, each.shows, where, hint)
