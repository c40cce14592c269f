"""Whether a region can be first with any admissible weights, and the proof: weights, or a mix of others ahead of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.robustness.admissible_weights import AdmissibleWeights, optimum

EQUAL = 1e-9
"""A lead by less than this is none."""
SMALL = 1e-9
"""A share of a mix below this is none."""

ROUNDING = 1e-12
"""A multiplier that is less than 0 by no more than this, beside the greatest, is 0."""
WORST = 1e10
"""The worst condition of equations that are solved."""

Verdict = Literal["alone", "shared", "never"]


@dataclass(frozen=True, slots=True, eq=False)
class FirstPlace:
    """Whether one region can be first: `alone`, `shared` (level with others at best), `never`; and why.

    * `margin`: the greatest lead over the best of the others that admissible weights give, below 0 for `never`;
    * `weights` (n): the weights that give it; with them the region is first, or comes nearest to it;
    * `beaten_by`: for `never` the shares, which sum to 1, of other regions (by row) whose mix is ahead with all
      admissible weights, by `margin` at least.
    """

    verdict: Verdict
    margin: float
    weights: FloatArray
    beaten_by: Mapping[int, float] = field(default_factory=dict)


def first_places(parts: FloatArray, admissible: AdmissibleWeights) -> list[FirstPlace | None]:
    """For each row of additive part scores (R, n) whether it can be first; None for a row with a missing part.

    A linear program finds the weights with the greatest lead. The multipliers of its constraints, one for each other
    region, are the mix that proves that there is no greater one (duality). Only regions that no other one is at least
    as good as in every part can stand in the way. The programs of regions that are never first have all but their goal
    in common, so that a corner that is the best for one is tried for the others, and proves the same for many.
    """
    known = np.flatnonzero(~np.isnan(parts).any(axis=1))
    beats = _beats(parts[known])
    by = beats.sum(axis=0)
    found: list[FirstPlace | None] = [None] * len(parts)
    for place, region in enumerate(known.tolist()):
        if found[region] is not None:
            continue
        # those that it alone is ahead of stand next to it
        ahead = by == beats[place] if by[place] == 0 else by == 0
        rivals = known[ahead & (known != region)]
        one = found[region] = _first_place(parts, region, rivals, admissible)
        if one.verdict == "never":
            left = np.array([at for at in known.tolist() if found[at] is None], dtype=np.int64)
            for at, same in _at_corner(parts, known[by == 0], left, one.weights, admissible):
                found[at] = same
    return found


def _beats(parts: FloatArray) -> BoolArray:
    """Whether the first row is at least as good as the second in every part, and not its equal, (R, R)."""
    at_least = np.ones((len(parts), len(parts)), np.bool_)
    for part in parts.T:
        at_least &= part[:, None] >= part[None, :]
    return at_least & ~at_least.T


def _at_corner(
    parts: FloatArray, ahead: IntArray, regions: IntArray, weights: FloatArray, admissible: AdmissibleWeights
) -> Iterator[tuple[int, FirstPlace]]:
    """Those of some regions that come nearest to the first place at these weights, too, where they are never first.

    At a corner the goal of such a region is a sum of the constraints that hold as equations there, none of them taken
    less than 0 times: these are the multipliers of its program, which need not be solved. Where more constraints meet
    in the corner than the weights have dimensions, nothing is said.
    """
    rows, limits = admissible.inequalities
    n, scale = parts.shape[1], EQUAL * max(1.0, float(np.abs(parts[ahead]).max()))
    scores = parts[ahead] @ weights
    first = float(scores.max())
    level, bounds = ahead[scores >= first - scale], rows[limits - rows @ weights <= EQUAL]
    if len(level) + len(bounds) != n or not len(regions):
        return
    whole = np.zeros((n + 1, n + 1))
    whole[: len(level), :n], whole[: len(level), n] = parts[level], -1.0
    whole[len(level) : n, :n], whole[n, :n] = bounds, 1.0
    if np.linalg.cond(whole) > WORST:
        return
    goals = np.column_stack([parts[regions], np.full(len(regions), -1.0)])
    times = np.linalg.solve(whole.T, goals.T).T[:, :n]
    margins = parts[regions] @ weights - first
    best = (times >= -ROUNDING * np.maximum(1.0, np.abs(times).max(axis=1, keepdims=True))).all(axis=1)
    never = margins < -EQUAL * np.maximum(1.0, np.abs(parts[regions]).max(axis=1))
    for at in np.flatnonzero(best & never).tolist():
        yield int(regions[at]), FirstPlace("never", float(margins[at]), weights, _mix(level, times[at, : len(level)]))


def _first_place(parts: FloatArray, region: int, rivals: IntArray, admissible: AdmissibleWeights) -> FirstPlace:
    """The linear program of one region: w and a lead t, t greatest, with t <= (own scores - those of a rival) w."""
    n = parts.shape[1]
    rows, limits = admissible.inequalities
    behind = np.hstack([parts[rivals] - parts[region], np.ones((len(rivals), 1))])
    inside = np.hstack([rows, np.zeros((len(rows), 1))])
    goal = np.r_[np.zeros(n), -1.0 if len(rivals) else 0.0]
    found = optimum(goal, np.vstack([behind, inside]), np.r_[np.zeros(len(rivals)), limits], weighed=n)
    if found is None:
        raise ValueError("the admissible weights are empty")
    weights, margin = np.clip(found.at[:n], 0.0, 1.0) + 0.0, float(found.at[n])  # no -0
    if not len(rivals):
        return FirstPlace("alone", np.inf, weights)
    scale = EQUAL * max(1.0, float(np.abs(parts[region]).max()))
    if margin > scale:
        return FirstPlace("alone", margin, weights)
    if margin >= -scale:
        return FirstPlace("shared", margin, weights)
    return FirstPlace("never", margin, weights, _mix(rivals, -found.multipliers[: len(rivals)]))


def _mix(rivals: IntArray, times: FloatArray) -> dict[int, float]:
    """The multipliers of rivals as shares of a mix, the greatest first."""
    mix = times / times.sum()
    return {int(rivals[at]): float(mix[at]) for at in np.argsort(-mix) if mix[at] > SMALL}


def lead_of_mix(parts: FloatArray, region: int, mix: Mapping[int, float], admissible: AdmissibleWeights) -> float:
    """The least lead of a mix of regions over a region for any admissible weights: above 0 it proves `never`.

    The least value of a linear function over the admissible weights: without constraints that in one of the parts.
    """
    ahead = np.sum([share * parts[at] for at, share in mix.items()], axis=0) - parts[region]
    rows, limits = admissible.inequalities
    if admissible.free:
        return float(ahead.min())
    found = optimum(ahead, rows, limits)
    return np.nan if found is None else found.value
