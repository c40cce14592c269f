"""Acceptability of ranks over draws of weights: who is first how often, with which weights, and how surely (SMAA)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.rules import Ties
from ecosystem.index.steps.rank import rank
from ecosystem.notebook import record_lines

CHUNK = 2048
"""Draws that are ranked together."""
COMPETITION = Ties("competition", 1e-9)


@dataclass(frozen=True, slots=True, eq=False)
class Acceptability:
    """What draws of weights say of regions R.

    * `counts` (R, R): in how many draws a region has each rank, rank 1 first; over `draws` they are the rank
      acceptability indices. A draw in which a region has no score counts for no rank;
    * `central` (R, n): the mean of the weights that make a region first, NaN where none of the draws does;
    * `best`, `worst` (R): the extreme ranks among the draws, 0 for a region without a score in any;
    * `undefined` (R): in how many draws the method gives a region no score;
    * `tops` (k), `shares`, `errors` (k, R): the share of the draws in which a region is among the first so many, and
      its standard error.
    """

    draws: int
    counts: IntArray
    central: FloatArray
    best: IntArray
    worst: IntArray
    undefined: IntArray
    tops: tuple[int, ...]
    shares: FloatArray
    errors: FloatArray

    def __repr__(self) -> str:
        return record_lines(type(self).__name__, self)

    @property
    def indices(self) -> FloatArray:
        """The rank acceptability indices (R, R): the share of the draws in which a region has each rank."""
        indices: FloatArray = self.counts / self.draws
        return indices


Scoring = Callable[[slice], FloatArray]
"""The scores (draws of the slice, R) of some of the draws."""


def acceptability(
    weights: FloatArray,
    scores: Scoring,
    regions: int,
    ties: Ties = COMPETITION,
    *,
    tops: Sequence[int] = (1, 3),
    walks: IntArray | None = None,
) -> Acceptability:
    """Rank acceptabilities and central weights over draws of weights (draws, n).

    A region is first where its rank is 1, equals included, so the shares of the first may add up to more than 1.
    `walks` (draws,) says which draws depend on each other, those of one walk; None where none do.
    Lahdelma, Hokkanen and Salminen (1998); ranks beyond the first: Lahdelma and Salminen (2001), SMAA-2.
    """
    draws, parts = weights.shape
    counts = np.zeros(regions * (regions + 1), np.int64)
    favourable = np.zeros((regions, parts))
    by_walk = np.zeros((0 if walks is None else int(walks.max()) + 1, len(tops), regions))
    place = np.arange(regions) * (regions + 1)
    for chunk in _chunks(draws):
        ranks = rank(scores(chunk), ties)
        counts += np.bincount((ranks + place).ravel(), minlength=len(counts))
        favourable += (ranks == 1).astype(np.float64).T @ weights[chunk]
        if walks is not None:
            hits = np.stack([(ranks > 0) & (ranks <= top) for top in tops], axis=1)
            np.add.at(by_walk, walks[chunk], hits.astype(np.float64))
    table = counts.reshape(regions, regions + 1)
    ranked = table[:, 1:]
    firsts = ranked[:, 0]
    central = np.where(firsts[:, None] > 0, favourable / np.maximum(firsts, 1)[:, None], np.nan)
    some = ranked.any(axis=1)
    best = np.where(some, (ranked > 0).argmax(axis=1) + 1, 0)
    worst = np.where(some, regions - (ranked[:, ::-1] > 0).argmax(axis=1), 0)
    shares = np.stack([ranked[:, :top].sum(axis=1) / draws for top in tops])
    errors = _errors(shares, draws) if walks is None else _errors_of_walks(by_walk, walks)
    return Acceptability(draws, ranked, central, best, worst, table[:, 0], tuple(tops), shares, errors)


def _errors(shares: FloatArray, draws: int) -> FloatArray:
    """sqrt(p (1 - p) / draws): the standard error of a share of independent draws."""
    errors: FloatArray = np.sqrt(shares * (1 - shares) / draws)
    return errors


def _errors_of_walks(hits: FloatArray, walks: IntArray) -> FloatArray:
    """The standard deviation of the walks' own shares over the root of their number; NaN for a single walk."""
    own = hits / np.bincount(walks, minlength=len(hits))[:, None, None]
    if len(own) < 2:
        return np.full(own.shape[1:], np.nan)
    errors: FloatArray = own.std(axis=0, ddof=1) / np.sqrt(len(own))
    return errors


def confidence_factors(central: FloatArray, values: FloatArray, ties: Ties = COMPETITION) -> FloatArray:
    """The share of draws of values (draws, R, n) in which a region is first under its central weights (R, n).

    With one matrix of values, known exactly, it is 1 where its own central weights make it first, as they always do
    where scores are sums. NaN for a region without central weights. Lahdelma, Hokkanen and Salminen (1998).
    """
    found = np.full(len(central), np.nan)
    for region, weights in enumerate(central):
        if not np.isnan(weights).any():
            found[region] = float((rank(values @ weights, ties)[:, region] == 1).mean())
    return found


def smaa(values: FloatArray, weights: FloatArray) -> tuple[Acceptability, FloatArray]:
    """Acceptability and confidence factors (R,) of additive scores.

    `values` are one matrix (R, n) on one scale where more is better, or a draw of it for each draw of `weights`
    (draws, R, n); `weights` are (draws, n).
    """
    drawn = values if values.ndim == 3 else values[None]

    def scores(chunk: slice) -> FloatArray:
        return np.einsum("drn,dn->dr", values[chunk], weights[chunk]) if values.ndim == 3 else weights[chunk] @ values.T

    found = acceptability(weights, scores, drawn.shape[1])
    return found, confidence_factors(found.central, drawn)


def _chunks(draws: int) -> Iterator[slice]:
    for start in range(0, draws, CHUNK):
        yield slice(start, min(start + CHUNK, draws))
