"""Many variants of a graph, each without some entities: what they change in every indicator, and their scores."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ecosystem.audit.chain import Chain, Scorer
from ecosystem.errors import StoreError
from ecosystem.index import IndexScores, evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import AuditedGraph, ChangedValues, IndicatorSource, SourceMatches
from ecosystem.messages import tr
from ecosystem.notebook import named
from ecosystem.progress import Progress, silent
from ecosystem.removals import Removals
from ecosystem.scoring import Scores

SPARSE = 512
"""Variants that the linear chain scores in one go."""
DENSE = 2_000_000
"""Values of indicators that the engine is given in one go."""

Tell = Callable[[str], None]
"""Called with a sentence before something takes long."""


def mute(_: str) -> None:
    """Pass over it."""


class AuditedScores:
    """Scores under audit: the graph behind them, and the source of each indicator by its place among the leaves."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.sources = tuple(scores.sources[leaf.code] for leaf in scores.index.leaves)

    @cached_property
    def graph(self) -> AuditedGraph:
        """The graph that the scores were made from. StoreError for scores of a table alone, which has none."""
        scores = self.scores
        if scores.graph is None:
            hint = tr("these scores come from a table: load a dataset and give --store to ask the graph")
            raise StoreError(tr("{store} is a table and has no labels or links", store=scores.store), hint=hint)
        return AuditedGraph(scores.graph, scores.standing.regions, scores.window)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The indicators with matches behind their values."""
        return tuple(place for place, source in enumerate(self.sources) if source.no_matches is None)

    def matches(self, place: int, *, links: bool = False) -> SourceMatches:
        """The matches behind an indicator of `places`; with the links among their entities where they are asked for."""
        return self.sources[place].matches(self.graph, links=links)


@dataclass(frozen=True, eq=False)
class Variants:
    """The variants of audited scores; `cells[place]` are those that they change in an indicator."""

    audit: AuditedScores
    removals: Removals
    cells: Mapping[int, ChangedValues]

    def values(self, first: int, last: int) -> FloatArray:
        """The indicators of variants `first` to `last` - 1, (variants, R, K)."""
        base = self.audit.scores.standing.raw
        values = np.repeat(base[None], last - first, axis=0)
        for place, cells in self.cells.items():
            begin, end = np.searchsorted(cells.variants, [first, last])
            some = slice(begin, end)
            values[cells.variants[some] - first, cells.regions[some], place] = cells.values[some]
            gone = cells.silent[(cells.silent >= first) & (cells.silent < last)]
            values[gone - first, :, place] = np.nan
        return values

    def standing(self, variant: int) -> IndexScores:
        """The scores of one variant with every intermediate."""
        scores, values = self.audit.scores, self.values(variant, variant + 1)[0]
        return evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary)

    def standings(self) -> Iterator[IndexScores]:
        """The scores of the variants with every intermediate, a batch after the other, in order."""
        scores = self.audit.scores
        size = max(1, DENSE // scores.standing.raw.size)
        for first in range(0, self.removals.count, size):
            values = self.values(first, min(first + size, self.removals.count))
            yield evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary)

    def overall(self, *, exact: bool = False) -> Iterator[FloatArray]:
        """The scores (variants, R), a batch after the other, in order.

        By the linear chain where the index is one, to 1e-9 of what the engine gives; by the engine with `exact`.
        """
        chain = None if exact else Chain.of(self.audit.scores.standing)
        if chain is None:
            yield from (standing.overall for standing in self.standings())
            return
        scorer = Scorer(chain, self.cells, self.removals.count)
        for first in range(0, self.removals.count, SPARSE):
            yield scorer.overall(first, min(first + SPARSE, self.removals.count))


def variants(audit: AuditedScores, removals: Removals, *, progress: Progress = silent, tell: Tell = mute) -> Variants:
    """What the removals change, indicator by indicator, as the source of each says.

    `tell` is told how long it will take where a source is queried anew for each variant.
    """
    if audit.scores.graph is None:
        return Variants(audit, removals, {})  # a table has no entity to remove
    cells: dict[int, ChangedValues] = {}
    if removals.count > 1:
        _announce(audit, removals, tell)
    for place, source in enumerate(audit.sources):
        progress("indicators", place, len(audit.sources))
        changed = source.without(removals, audit.graph, audit.scores.standing.raw[:, place], progress=progress)
        if changed is not None:
            cells[place] = changed
    progress("indicators", len(audit.sources), len(audit.sources))
    return Variants(audit, removals, cells)


def _announce(audit: AuditedScores, removals: Removals, tell: Tell) -> None:
    """Compute one variant of each source that is queried anew, and say how long all of them will take."""
    slow: list[tuple[int, IndicatorSource]] = [
        (place, source) for place, source in enumerate(audit.sources) if source.queried_anew
    ]
    begun = time.perf_counter()
    names = []
    for place, source in slow:
        one = source.without(removals.of(np.array([0])), audit.graph, audit.scores.standing.raw[:, place])
        names += [source.name] if one is not None else []
    seconds = (time.perf_counter() - begun) * removals.count
    if names:
        tell(
            tr(
                "{names}: computed anew for each of {count:,} variants, about {seconds:,.0f} s",
                names=named(names),
                count=removals.count,
                seconds=seconds,
            )
        )
