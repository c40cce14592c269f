"""A metric's values when every match counts as often as the node that it is counted for is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array, csr_array

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.metrics.contributions import call_shares
from ecosystem.metrics.matches import Matches
from ecosystem.query import BoundQuery
from ecosystem.query.aggregates import made
from ecosystem.query.order_statistics import places
from ecosystem.query.recompute import deviations, differences_from_middle, evaluate
from ecosystem.query.tree import Call

DISTINCT_VALUES = tr_later(
    "a sum, mean, percentile or standard deviation of distinct values, of which none counts twice"
)


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The values (rows,) of an aggregate in their order, region by region, and the unit that each is counted for.

    Those of region r begin at `edges[r]` and end before `edges[r + 1]`.
    """

    call: Call
    values: FloatArray
    units: IntArray
    edges: IntArray

    def places(self, times: FloatArray, parameters: Mapping[str, object]) -> FloatArray:
        """The value (R, draws) at its place in the order when the units are there so many times (units, draws)."""
        found = np.full((len(self.edges) - 1, times.shape[1]), np.nan)
        for region, (start, end) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
            if start == end:
                continue
            reached = np.cumsum(times[self.units[start:end]], axis=0)
            between = places(self.call, reached[-1], parameters)
            here = self.values[start:end]
            low, high = (
                here[np.minimum((reached <= place).sum(axis=0), end - start - 1)]
                for place in (between.low, between.high)
            )
            found[region] = np.where(reached[-1] > 0, between.value(low, high), np.nan)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Reweighing:
    """The aggregates of a metric, region by region, as sums over the units that the matches are counted for.

    `sums` (lines * R, units) is what each unit brings to each line of each region. A count or a sum is one line, a mean
    two: its sum, and how many it is made over; a standard deviation three. What has its place in an order has no line:
    its values are in `ordered`.
    """

    matches: Matches
    regions: int
    sums: csr_array
    ordered: Mapping[Call, Ordered] = field(default_factory=dict)

    def values(self, times: FloatArray) -> FloatArray:
        """The values (draws, R) when the units are there so many times (units, draws).

        The matches of a unit that is there twice are those of two units. What is counted once, `count(DISTINCT x)`, is
        two things then; where several units share one, each brings its part of it.
        """
        draws, query, parameters = times.shape[1], self.matches.query, self.matches.parameters
        lines = (self.sums @ times).reshape(-1, self.regions * draws)
        totals: dict[Call, FloatArray] = {}
        for call in query.aggregates:
            if call in self.ordered:
                totals[call] = self.ordered[call].places(times, parameters).ravel()
                continue
            own, lines = np.split(lines, [len(_LINES[made(call)])])
            match made(call):
                case "mean":
                    total, size = own
                    totals[call] = np.divide(total, size, out=np.full(len(size), np.nan), where=size > 0)
                case "spread":
                    totals[call] = deviations(call, *own)
                case _:
                    totals[call] = own[0]
        values = evaluate(query.value, totals, parameters, self.regions * draws)
        return values.reshape(self.regions, draws).T


def undrawn(query: BoundQuery) -> str | None:
    """Why the values do not follow from how often each unit is drawn, a text for `tr`; None where they do.

    Equal values of a unit that is there twice are still equal, other than the things that `count(DISTINCT x)` counts.
    """
    held = any(call.distinct and call.function not in ("count", "min", "max") for call in query.aggregates)
    return DISTINCT_VALUES if held else None


def reweighing(matches: Matches, units: IntArray, count: int, regions: int) -> Reweighing:
    """How the values of a metric follow from the units (rows,), 0 to `count` - 1, that its matches are counted for.

    For metrics of which `undrawn` says nothing.
    """
    pairs = list(zip(matches.query.aggregates, matches.arguments, strict=True))
    ordered = {
        call: _ordered(call, column, matches.regions, units, regions)
        for call, column in pairs
        if made(call) == "order" and column is not None
    }
    parts = [
        line(call, column, matches.regions, regions)
        for call, column in pairs
        if call not in ordered
        for line in _LINES[made(call)]
    ]
    if not parts:
        return Reweighing(matches, regions, csr_array((0, count)), ordered)
    rows = np.concatenate([place * regions + matches.regions for place in range(len(parts))])
    columns = np.tile(units, len(parts))
    cells = coo_array((np.concatenate(parts), (rows, columns)), shape=(regions * len(parts), count))
    return Reweighing(matches, regions, cells.tocsr(), ordered)


def _ordered(call: Call, column: pa.ChunkedArray, at: IntArray, units: IntArray, regions: int) -> Ordered:
    present = pc.is_valid(column).to_numpy()
    numbers = column.filter(pa.array(present)).to_numpy()
    order = np.lexsort((numbers, at[present]))
    edges = np.searchsorted(at[present][order], np.arange(regions + 1))
    return Ordered(call, numbers[order].astype(np.float64), units[present][order], edges)


def _counts(call: Call, column: pa.ChunkedArray | None, at: IntArray, regions: int) -> FloatArray:
    return call_shares(replace(call, function="count"), column, at, regions)


def _totals(call: Call, column: pa.ChunkedArray | None, at: IntArray, regions: int) -> FloatArray:
    return call_shares(replace(call, function="sum"), column, at, regions)


def _differences(call: Call, column: pa.ChunkedArray | None, at: IntArray, regions: int) -> FloatArray:
    """From the value in the middle of its region; 0 where there is none."""
    found = np.zeros(len(at))
    if column is not None:
        present = pc.is_valid(column).to_numpy()
        numbers = column.filter(pa.array(present)).to_numpy().astype(np.float64)
        found[present] = differences_from_middle(numbers, at[present], regions)
    return found


def _squares(call: Call, column: pa.ChunkedArray | None, at: IntArray, regions: int) -> FloatArray:
    return _differences(call, column, at, regions) ** 2


_Line = Callable[[Call, pa.ChunkedArray | None, IntArray, int], FloatArray]
_LINES: Mapping[str, tuple[_Line, ...]] = {
    "sum": (call_shares,),
    "mean": (_totals, _counts),
    "spread": (_counts, _differences, _squares),
    "order": (),
}
"""The sums that an aggregate is made of."""
