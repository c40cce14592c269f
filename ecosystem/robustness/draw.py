"""Draws: the scores and ranks of every region under each set of rules and weights that chance has chosen."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ecosystem.errors import InputError, UsageError
from ecosystem.index import Auxiliary, Index
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.prepare import Prepared, prepare
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.rank import rank
from ecosystem.index.variants import BeforeWeights, before_weights
from ecosystem.messages import listed, tr
from ecosystem.robustness.choices import Alternatives, Choice, applied
from ecosystem.robustness.points import alternatives_of, ancestors, on_grid, parts_by_choice, varied_shares

CHUNK = 32
"""Draws that are computed together: their scores stay in the processor's cache."""
RANKED = 512
"""Draws that are ranked together."""
MEMORY = 500e6
"""The most bytes that draws may take."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """D draws of R regions.

    `options` (D, C): the place of the alternative of each choice that is a list, -1 for any other; `shares` (D, K):
    the weights of the indicators, None where they come from the rules alone; `scores` (D, R), `ranks` (D, R), 0 for
    none; `undefined`: why a draw has no scores, by its number; then its ranks are all 0.
    """

    options: IntArray
    shares: FloatArray | None
    scores: FloatArray
    ranks: IntArray
    undefined: dict[int, str]

    @property
    def defined(self) -> BoolArray:
        """Which draws have scores, `(D,)`."""
        sound = np.ones(len(self.scores), np.bool_)
        sound[list(self.undefined)] = False
        return sound


def check_memory(draws: int, regions: int, columns: int) -> None:
    """Raise UsageError for fewer than one draw, and for more than there is memory for."""
    if draws < 1:
        raise UsageError(tr("there are no {draws} draws", draws=draws), hint=tr("--draws 1000 is usual"))
    each = bytes_of(1, regions, columns)
    if draws * each > MEMORY:
        most = int(MEMORY // each)
        size = draws * each / 1e6
        message = tr("{draws:,} draws would take {size:,.0f} MB of memory", draws=draws, size=size)
        raise UsageError(message, hint=tr("--draws {most} is the most for {count} regions", most=most, count=regions))


def bytes_of(draws: int, regions: int, columns: int) -> int:
    """The bytes that draws take at most: scores and ranks, an ordered copy of either; the points and the weights."""
    return 8 * draws * (5 * regions + 4 * columns)


def draw(
    index: Index, values: FloatArray, choices: Sequence[Choice], points: FloatArray, *, level: str, auxiliary: Auxiliary
) -> Drawn:
    """The scores of the value matrix `(R, K)` in every draw, a row of `points` (D, dimensions) each.

    Draws that have the rules in common are evaluated together, and up to where weights enter only once.
    """
    parts = parts_by_choice(points, choices)
    options = np.full((len(points), len(choices)), -1, np.int64)
    for at, choice in enumerate(choices):
        if isinstance(choice, Alternatives):
            options[:, at] = alternatives_of(parts[at][:, 0], len(choice.words))
    scores = np.full((len(points), len(index.level(level).regions)), np.nan)
    shares = np.full((len(points), len(index.leaves)), np.nan)
    undefined: dict[int, str] = {}
    prepared: Seen = {}
    for spec, places in _alike(index, choices, options):
        try:
            ready = _ready(spec, values, level, auxiliary, prepared)
        except InputError as err:
            undefined |= dict.fromkeys(places.tolist(), err.message.splitlines()[0])
            continue
        own = _shares(ready, choices, [part[places] for part in parts])
        found, lost = _scores(ready, own, len(places))
        scores[places], shares[places] = found, ready.weights.shares if own is None else own
        for place, count in zip(places.tolist(), lost.tolist(), strict=True):
            if count:
                undefined[place] = _why(spec)
    scores[list(undefined)] = np.nan
    varied = any(choice.name.startswith("weights") for choice in choices)
    return Drawn(options, shares if varied else None, scores, _ranks(scores, index), undefined)


def _ranks(scores: FloatArray, index: Index) -> IntArray:
    """The ranks of many draws, some at a time: to rank takes many times the memory of what it gives."""
    ranks = np.empty(scores.shape, np.int64)
    for start in range(0, len(scores), RANKED):
        ranks[start : start + RANKED] = rank(scores[start : start + RANKED], index.ties)
    return ranks


Seen: TypeAlias = dict[Hashable, Prepared]


def setting_of(choices: Sequence[Choice], options: Sequence[int]) -> dict[str, str]:
    """The alternative of every rule that varies by a list, in one draw."""
    return {
        choice.name: choice.words[at]
        for choice, at in zip(choices, options, strict=True)
        if isinstance(choice, Alternatives)
    }


def _alike(index: Index, choices: Sequence[Choice], options: IntArray) -> Iterator[tuple[Index, IntArray]]:
    """The index with each set of alternatives that was drawn, and the draws that have it."""
    sets, which = np.unique(options, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel()))[:-1]
    for row, places in zip(sets.tolist(), np.split(order, ends), strict=True):
        yield applied(index, setting_of(choices, row)), places


def _ready(spec: Index, values: FloatArray, level: str, auxiliary: Auxiliary, prepared: Seen) -> BeforeWeights:
    # all that comes before normalisation
    key = spec.indicators, spec.screening, spec.missing, spec.imputation, spec.treatment
    if key not in prepared:
        prepared[key] = prepare(spec, values, spec.level(level).regions, auxiliary)
    return before_weights(spec, values, level=level, auxiliary=auxiliary, prepared=prepared[key])


def _shares(ready: BeforeWeights, choices: Sequence[Choice], parts: Sequence[FloatArray]) -> FloatArray | None:
    """The shares of the draws that have their rules in common, None where no law of weights changes those rules."""
    laws = [(choice, part) for choice, part in zip(choices, parts, strict=True) if not isinstance(choice, Alternatives)]
    if not laws:
        return None
    families = ancestors(ready.index, ready.groupings)
    shares = np.tile(ready.weights.shares, (len(parts[0]), 1))
    for choice, part in laws:
        shares = varied_shares(choice, shares, part, ready.index, families)
    return on_grid(shares)


def _scores(ready: BeforeWeights, shares: FloatArray | None, count: int) -> tuple[FloatArray, IntArray]:
    """Scores `(count, R)`, and how many of each draw are undefined; one row is enough where all draws are the same."""
    if shares is None:
        found, lost = ready.own_scores()
        return found, np.repeat(lost, count)
    scores, lost = np.empty((count, ready.normalised.shape[-2])), np.zeros(count, np.int64)
    for start in range(0, count, CHUNK):
        # a method that looks at no weights gives one row for all
        scores[start : start + CHUNK], lost[start : start + CHUNK] = ready.scores(shares[start : start + CHUNK])
    return scores, lost


def _why(spec: Index) -> str:
    """Why a mean has no score, as `score` would refuse it."""
    words = (tr(AGGREGATIONS.find(name).undefined) for name in spec.aggregation.methods)
    return listed(dict.fromkeys(filter(None, words)), "; ") or tr("a score is undefined")
