"""A metric's values when every match counts as often as the node that it is counted for is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.metrics.contributions import call_shares
from ecosystem.metrics.matches import Matches
from ecosystem.query.recompute import evaluate
from ecosystem.query.tree import Call


@dataclass(frozen=True, slots=True, eq=False)
class Reweighing:
    """The aggregates of a metric, region by region, as sums over the units that the matches are counted for.

    `sums` (lines * R, units) is what each unit brings to each line of each region. An aggregate is one line, a mean
    two: its sum, and how many it is made over.
    """

    matches: Matches
    regions: int
    sums: csr_array

    def values(self, times: FloatArray) -> FloatArray:
        """The values (draws, R) when the units are there so many times (units, draws).

        The matches of a unit that is there twice are those of two units. What is counted once, `count(DISTINCT x)`, is
        two things then; where several units share one, each brings its part of it.
        """
        draws, query = times.shape[1], self.matches.query
        lines = (self.sums @ times).reshape(-1, self.regions * draws)
        totals: dict[Call, FloatArray] = {}
        for call in query.aggregates:
            totals[call], lines = lines[0], lines[1:]
            if call.function == "avg":
                sizes, lines = lines[0], lines[1:]
                totals[call] = np.divide(totals[call], sizes, out=np.full(len(sizes), np.nan), where=sizes > 0)
        values = evaluate(query.value, totals, self.matches.parameters, self.regions * draws)
        return values.reshape(self.regions, draws).T


def reweighing(matches: Matches, units: IntArray, count: int, regions: int) -> Reweighing:
    """How the values of a metric follow from the units (rows,), 0 to `count` - 1, that its matches are counted for."""
    parts = [
        call_shares(line, column, matches.regions, regions)
        for call, column in zip(matches.query.aggregates, matches.arguments, strict=True)
        for line in _lines(call)
    ]
    rows = np.concatenate([place * regions + matches.regions for place in range(len(parts))])
    columns = np.tile(units, len(parts))
    cells = coo_array((np.concatenate(parts), (rows, columns)), shape=(regions * len(parts), count))
    return Reweighing(matches, regions, cells.tocsr())


def _lines(call: Call) -> tuple[Call, ...]:
    """The sums that an aggregate is made of."""
    if call.function != "avg":
        return (call,)
    return replace(call, function="sum"), replace(call, function="count")
