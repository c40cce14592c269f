"""Whether a region can be first with any admissible weights, and the proof: weights, or a mix of others ahead of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.robustness.admissible_weights import AdmissibleWeights, optimum

EQUAL = 1e-9
"""A lead by less than this is none."""
SMALL = 1e-9
"""A share of a mix below this is none."""

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
    as good as in every part can stand in the way.
    """
    known = np.flatnonzero(~np.isnan(parts).any(axis=1))
    ahead = known[_undominated(parts[known])]
    found: list[FirstPlace | None] = [None] * len(parts)
    for region in known.tolist():
        rivals = ahead
        if region in ahead:  # those that it alone is ahead of stand next to it
            others = known[known != region]
            rivals = others[_undominated(parts[others])]
        found[region] = _first_place(parts, region, rivals, admissible)
    return found


def _undominated(parts: FloatArray) -> IntArray:
    """The rows that no other row is at least as good as in every part; of equal rows all."""
    at_least = (parts[:, None, :] >= parts[None, :, :]).all(axis=-1)
    beaten = (at_least & ~at_least.T).any(axis=0)
    return np.flatnonzero(~beaten)


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
    mix = -found.multipliers[: len(rivals)]
    mix = mix / mix.sum()
    shares = {int(rivals[at]): float(mix[at]) for at in np.argsort(-mix) if mix[at] > SMALL}
    return FirstPlace("never", margin, weights, shares)


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
