"""Two states of the scores of one index side by side: the same regions and indicators, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ecosystem.errors import UsageError
from ecosystem.index import Index, evaluate
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.prepare import Auxiliary
from ecosystem.indicator_source import Window
from ecosystem.messages import listed, tr, tr_later
from ecosystem.scoring import Scores

OWN, OTHERS, RANKED, WINDOW, WEIGHTS, METHOD = "own_values", "other_values", "ranked", "window", "weights", "method"
PARTS = (OWN, OTHERS, RANKED, WINDOW, WEIGHTS, METHOD)
"""What may have changed, in the order of the tables."""
WORDS = {
    OWN: tr_later("the region's own values"),
    OTHERS: tr_later("the values of the other regions, through the scale"),
    RANKED: tr_later("which regions are ranked"),
    WINDOW: tr_later("the years that count"),
    WEIGHTS: tr_later("the weights"),
    METHOD: tr_later("the other rules of the index"),
}
CELLS = 4_000_000
"""Values of indicators that the engine is given in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One state over the regions of both (R): its values, columns beside them, and who is not there."""

    scores: Scores
    values: FloatArray
    auxiliary: Auxiliary
    absent: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class TwoStates:
    """The states `before` and `now` over the same `regions`; `players` are what differs between them, of `PARTS`.

    `crossed` are the values of the data of one in the window of the other, by (data of now, window of now); only where
    both differ.
    """

    before: Side
    now: Side
    regions: tuple[str, ...]
    players: tuple[str, ...]
    crossed: Mapping[tuple[bool, bool], FloatArray]

    @property
    def both(self) -> BoolArray:
        """The regions (R) that have a score in both."""
        scored = []
        for side in (self.before, self.now):
            overall = dict(zip(side.scores.standing.regions, side.scores.standing.overall, strict=True))
            scored.append([not np.isnan(overall.get(region, np.nan)) for region in self.regions])
        both: BoolArray = np.logical_and(*np.array(scored))
        return both

    def worth(self, places: Sequence[int], changed: frozenset[str]) -> tuple[FloatArray, FloatArray]:
        """Score (n,) and points of the indicators (n, K) of some regions, with only these parts as they are now."""
        if (OWN in changed) == (OTHERS in changed):  # one matrix for every region
            overall, points = self._evaluated(self._values(None, changed), self._auxiliary(None, changed), changed)
            return overall[list(places)], points[list(places)]
        found = [self._one(place, changed) for place in places]
        return np.array([score for score, _ in found]), np.array([points for _, points in found])

    def _one(self, place: int, changed: frozenset[str]) -> tuple[float, FloatArray]:
        overall, points = self._evaluated(self._values(place, changed), self._auxiliary(place, changed), changed)
        return float(overall[place]), points[place]

    def mixed(self, place: int, changed: frozenset[str], player: str, cells: BoolArray) -> FloatArray:
        """The score (n,) of a region where of one player's values only some indicators (n, K) are as they are now."""
        base = self._values(place, changed - {player})
        moved = self._values(place, changed | {player})
        values = np.where(cells[:, None, :], moved, base)
        return np.concatenate(
            [
                self._evaluated(values[at : at + step], self._auxiliary(place, changed | {player}), changed)[0][
                    :, place
                ]
                for step in (max(1, CELLS // base.size),)
                for at in range(0, len(values), step)
            ]
        )

    def _evaluated(
        self, values: FloatArray, auxiliary: Auxiliary, changed: frozenset[str]
    ) -> tuple[FloatArray, FloatArray]:
        side = self.now if RANKED in changed else self.before
        found = evaluate(self._index(changed), values, level=side.scores.level, auxiliary=auxiliary, absent=side.absent)
        return found.overall, found.weighted

    def _index(self, changed: frozenset[str]) -> Index:
        """The rules of one state with the weights of one, over the regions of both."""
        method = (self.now if METHOD in changed else self.before).scores
        weights = (self.now if WEIGHTS in changed else self.before).scores.index
        own = {row.code: row.weight for row in weights.indicators}
        level = replace(method.index.level(method.level), regions=self.regions, groups=())
        return replace(
            method.index,
            indicators=tuple(replace(row, weight=own[row.code]) for row in method.index.indicators),
            weighting=weights.weighting,
            levels={method.level: level},
        )

    def _values(self, place: int | None, changed: frozenset[str]) -> FloatArray:
        """The values (R, K): the rows of the others, and that of the region at `place`, each of its own state."""
        others = self._of(OTHERS, changed)
        if place is None:
            return others
        own = self._of(OWN, changed)
        values = others.copy()
        values[place] = own[place]
        return values

    def _of(self, player: str, changed: frozenset[str]) -> FloatArray:
        newer = player in changed
        if self.crossed:
            return self.crossed[newer, WINDOW in changed]
        return (self.now if newer else self.before).values

    def _auxiliary(self, place: int | None, changed: frozenset[str]) -> Auxiliary:
        """Denominators and groups, of the states that the values are of."""
        others = self.now if OTHERS in changed else self.before
        own = self.now if OWN in changed else self.before
        if place is None or own is others:
            return others.auxiliary
        a, b = own.auxiliary, others.auxiliary
        rows = np.arange(len(self.regions)) == place
        return Auxiliary(
            {name: np.where(rows, a.denominators.get(name, np.nan), b.denominators[name]) for name in b.denominators},
            {
                name: [
                    a.groups[name][at] if at == place and name in a.groups else cell for at, cell in enumerate(cells)
                ]
                for name, cells in b.groups.items()
            },
            earlier={code: np.where(rows, a.earlier.get(code, np.nan), b.earlier[code]) for code in b.earlier},
        )


def two_states(now: Scores, before: Scores) -> TwoStates:
    """Two states of one index at one level, over the regions of either. UsageError where index, level or parts differ.

    The values are those of `standing.raw`. Where the data and the window differ both, the values of each data in the
    window of the other are asked of its sources, so a graph behind them must still be open.
    """
    _refuse_different(now, before)
    regions = tuple(dict.fromkeys((*now.standing.regions, *before.standing.regions)))
    sides = _side(before, regions), _side(now, regions)
    crossed = {}
    if now.window != before.window and _data(now) != _data(before):
        for newer, side in ((False, before), (True, now)):
            for later, window in ((False, before.window), (True, now.window)):
                crossed[newer, later] = _of_window(side, regions, window)
    return TwoStates(*sides, regions, _players(*sides, crossed), crossed)


def _data(scores: Scores) -> tuple[str, str | None]:
    return scores.dataset.hash, None if scores.table is None else scores.table.hash


def _side(scores: Scores, regions: Sequence[str]) -> Side:
    standing = scores.standing
    own = {region: place for place, region in enumerate(standing.regions)}
    places = np.array([own.get(region, -1) for region in regions])

    def aligned(column: FloatArray) -> FloatArray:
        return np.where(places < 0, np.nan, column[places])

    auxiliary = Auxiliary(
        {name: aligned(column) for name, column in scores.auxiliary.denominators.items()},
        {name: [cells[at] if at >= 0 else None for at in places] for name, cells in scores.auxiliary.groups.items()},
        earlier={code: aligned(column) for code, column in scores.auxiliary.earlier.items()},
    )
    values = np.where((places < 0)[:, None], np.nan, standing.raw[places])
    return Side(scores, values, auxiliary, places < 0)


def _of_window(scores: Scores, regions: Sequence[str], window: Window) -> FloatArray:
    if window == scores.window:
        return _side(scores, regions).values
    known = [region for region in regions if region in scores.standing.regions]
    columns = [scores.sources[leaf.code].values(known, window).values for leaf in scores.index.leaves]
    found = np.full((len(regions), len(columns)), np.nan)
    found[[regions.index(region) for region in known]] = np.stack(columns, axis=1)
    return found


def _players(before: Side, now: Side, crossed: Mapping[tuple[bool, bool], FloatArray]) -> tuple[str, ...]:
    """What differs between two sides, in the order of `PARTS`."""
    one, other = before.scores.index, now.scores.index
    found = {WINDOW: bool(crossed), RANKED: not np.array_equal(before.absent, now.absent)}
    values = not np.array_equal(before.values, now.values, equal_nan=True)
    found[OWN] = found[OTHERS] = bool(crossed) or values or not _same_columns(before.auxiliary, now.auxiliary)
    weights = [[row.weight for row in index.indicators] for index in (one, other)]
    found[WEIGHTS] = weights[0] != weights[1] or one.weighting != other.weighting
    found[METHOD] = _rules(one) != _rules(other)
    return tuple(name for name in PARTS if found[name])


def _same_columns(one: Auxiliary, other: Auxiliary) -> bool:
    if {*one.denominators} != {*other.denominators} or {*one.earlier} != {*other.earlier}:
        return False
    pairs = [(one.denominators[name], other.denominators[name]) for name in one.denominators]
    pairs += [(one.earlier[name], other.earlier[name]) for name in one.earlier]
    return one.groups == other.groups and all(np.array_equal(*pair, equal_nan=True) for pair in pairs)


def _rules(index: Index) -> tuple[object, ...]:
    """The rules of an index but for its weights."""
    rows = tuple(replace(row, weight=0.0, row=None, name=index.title, source=None) for row in index.indicators)
    steps = (index.imputation, index.treatment, index.normalisation, index.aggregation, index.missing)
    return rows, *steps, index.screening, index.rescaling


def _refuse_different(now: Scores, before: Scores) -> None:
    """Raise UsageError where the two are not of one index, at one level, with the same parts."""
    for words, one, other in (
        (tr("the indices"), now.index.id, before.index.id),
        (tr("the levels of regions"), now.level, before.level),
        (tr("the indicators"), listed(_parts(now.index)), listed(_parts(before.index))),
    ):
        if one != other:
            message = tr(
                "a change is told between two states of one index at one level; {what} differ: {now} and {before}",
                what=words, now=one, before=other,
            )  # fmt: skip
            raise UsageError(message, hint=tr("compare runs of the same index at the same level"))


def _parts(index: Index) -> list[str]:
    return [f"{row.code} ({row.parent})" if row.parent else row.code for row in index.indicators]
