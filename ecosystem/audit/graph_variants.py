"""Many variants of a graph, each without some entities: what they change in every indicator, and their scores."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from ecosystem.audit.chain import Chain, Scorer
from ecosystem.audit.matches import NOBODY, Matches, Removals, Trail
from ecosystem.audit.recount import Cells, Presence, recount
from ecosystem.index import IndexScores, evaluate
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.metrics.measure import in_window, parameters_of, value_of_nothing
from ecosystem.metrics.recompute import totals
from ecosystem.progress import Progress, silent
from ecosystem.query.provenance import WITHOUT, without
from ecosystem.query.traversal import walk
from ecosystem.query.tree import Binary, Not

SPARSE = 512
"""Variants that the linear chain scores in one go."""
DENSE = 2_000_000
"""Values of indicators that the engine is given in one go."""

Tell = Callable[[str], None]
"""Called with a sentence before something takes long."""


def mute(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Variants:
    """The variants of the scores of a trail; `cells[place]` are those that they change in an indicator."""

    trail: Trail
    removals: Removals
    cells: Mapping[int, Cells]

    def values(self, first: int, last: int) -> FloatArray:
        """The indicators of variants `first` to `last` - 1, (variants, R, K)."""
        base = self.trail.scores.standing.raw
        values = np.repeat(base[None], last - first, axis=0)
        for place, cells in self.cells.items():
            begin, end = np.searchsorted(cells.variants, [first, last])
            some = slice(begin, end)
            values[cells.variants[some] - first, cells.regions[some], place] = cells.values[some]
            gone = cells.silent[(cells.silent >= first) & (cells.silent < last)]
            values[gone - first, :, place] = np.nan
        return values

    def standing(self, variant: int) -> IndexScores:
        """Everything that the index says of one variant, as of the scores themselves."""
        scores, values = self.trail.scores, self.values(variant, variant + 1)[0]
        return evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary)

    def standings(self) -> Iterator[IndexScores]:
        """Everything that the index says of the variants, a batch after the other, in order."""
        scores = self.trail.scores
        size = max(1, DENSE // scores.standing.raw.size)
        for first in range(0, self.removals.count, size):
            values = self.values(first, min(first + size, self.removals.count))
            yield evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary)

    def overall(self, *, exact: bool = False) -> Iterator[FloatArray]:
        """The scores (variants, R), a batch after the other, in order.

        By the linear chain where the index is one, to 1e-9 of what the engine gives; by the engine with `exact`.
        """
        chain = None if exact else Chain.of(self.trail.scores.standing)
        if chain is None:
            yield from (standing.overall for standing in self.standings())
            return
        scorer = Scorer(chain, self.cells, self.removals.count)
        for first in range(0, self.removals.count, SPARSE):
            yield scorer.overall(first, min(first + SPARSE, self.removals.count))


def variants(trail: Trail, removals: Removals, *, progress: Progress = silent, tell: Tell = mute) -> Variants:
    """What the removals change, indicator by indicator, by the class of each metric.

    A monotone metric loses the matches of who is taken out; a witnessed one also those whose last witness goes; any
    other is queried again for each variant, and `tell` is told how long that will take.
    """
    presence, cells = Presence(trail.codes), {}
    again = [place for place in trail.places if trail.metric(place).provenance == "recompute"]
    if removals.count > 1 and again:
        _announce(trail, removals, presence, again, tell)
    for number, place in enumerate(trail.places):
        progress("indicators", number, len(trail.places))
        if place in again:
            cells[place] = _queried(trail, removals, presence, place, progress)
        else:
            cells[place] = _counted(trail, removals, presence, place)
    progress("indicators", len(trail.places), len(trail.places))
    return Variants(trail, removals, cells)


def _counted(trail: Trail, removals: Removals, presence: Presence, place: int) -> Cells:
    matches = trail.matches(place, links=len(removals.links.codes) > 0)
    lost = matches.lost(removals)
    gone = presence.silent(matches.metric, removals, _suspects(matches, lost, removals.count))
    return recount(matches, lost, len(trail.scores.standing.regions), gone)


def _suspects(matches: Matches, lost: tuple[IntArray, IntArray], count: int) -> IntArray:
    """The variants that may lack something the metric needs: no match is left, or one with every argument null.

    A match that is left shows that all it needs is there, unless a negated condition was true of a null.
    """
    everyone = np.arange(count)
    if any(isinstance(node, Not) and isinstance(node.operand, Binary) for node in walk(matches.query)):
        return everyone
    variants, rows = lost
    found = np.bincount(variants, minlength=count) == len(matches)
    for column in matches.arguments:
        if column is not None:
            present = pc.is_valid(column).to_numpy()
            found |= np.bincount(variants[present[rows]], minlength=count) == present.sum()
    return np.asarray(everyone[found])


def _queried(trail: Trail, removals: Removals, presence: Presence, place: int, progress: Progress = silent) -> Cells:
    """The cells of a metric that is queried again for each variant."""
    scores, metric = trail.scores, trail.metric(place)
    store = scores.measures.store
    statement = without(in_window(metric, scores.window), store.schema)
    parameters = parameters_of(metric, scores.level, scores.window)
    nothing, base = value_of_nothing(metric, parameters), scores.standing.raw[:, place]
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for variant in range(removals.count):
        progress(metric.id, variant, removals.count)
        table = totals(store, statement, parameters | {WITHOUT: _ids(trail, removals, variant)})
        there = dict(
            zip(table["region"].to_pylist(), table["value"].cast("float64", safe=False).to_pylist(), strict=True)
        )
        values = np.array([there.get(region, nothing) for region in scores.standing.regions], dtype=np.float64)
        values = np.where(np.isfinite(values), values + 0.0, np.nan)
        regions = np.flatnonzero((values != base) & ~(np.isnan(values) & np.isnan(base)))
        found.append((np.full(len(regions), variant), regions, values[regions]))
    progress(metric.id, removals.count, removals.count)
    gone = presence.silent(metric, removals, np.arange(removals.count))
    columns = [np.concatenate([cells[part] for cells in found] or [NOBODY]) for part in range(3)]
    return Cells(columns[0].astype(np.int64), columns[1].astype(np.int64), columns[2].astype(np.float64), gone)


def _ids(trail: Trail, removals: Removals, variant: int) -> list[str]:
    """The ids of what a variant is without."""
    schema = trail.scores.measures.store.schema
    found: list[str] = []
    for members, kinds in ((removals.nodes, schema.model.labels), (removals.links, schema.model.links)):
        codes = members.only(variant)
        frames = (trail.codes.entities(kind) for kind in kinds if len(codes) and schema.counts.get(kind))
        for frame in frames:
            found += frame["id"][frame.index.isin(codes)].tolist()
    return sorted(found)


def _announce(trail: Trail, removals: Removals, presence: Presence, places: list[int], tell: Tell) -> None:
    """Query one variant of each metric that has to be queried, and say how long all of them will take."""
    begun = time.perf_counter()
    for place in places:
        _queried(trail, removals.of(np.array([0])), presence, place)
    seconds = (time.perf_counter() - begun) * removals.count
    names = ", ".join(trail.metric(place).id for place in places)
    tell(f"{names}: queried anew for each of {removals.count:,} variants, about {seconds:,.0f} s")
