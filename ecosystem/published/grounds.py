"""What a number of ours rests on: whether there are data behind it that could have made it another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecosystem.index import Index, Standing
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.published.published import PublishedNumber
from ecosystem.scoring import Scores

SAME = 1e-9
"""Points that differ by no more are the same for all, in shares of the largest."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Of every part of an index at a level, the share of its weight in indicators that tell its regions apart.

    An indicator without a value, or with the same points for all, tells none apart: under it all regions would share
    the first rank, whatever was published. `why` has the reason of an indicator without data.
    """

    index: Index
    regions: frozenset[str]
    shares: Mapping[str, float]
    why: Mapping[str, str]

    def refusal(self, each: PublishedNumber) -> str:
        """Why a published score or rank cannot be compared; "" where it can."""
        if each.region not in self.regions:
            return tr("the region is not ranked here")
        if each.shows == "value":
            return self.why.get(each.code, "")
        share = self.shares[each.code]
        if share >= self.index.missing.coverage_mark:
            return ""
        if each.code in self.why:
            return self.why[each.code]
        if not share:
            return tr("no data, or the same for all: {code}", code=each.code)
        return tr("data that differ stand behind {share:.0%} of the weight alone: {code}", share=share, code=each.code)


def grounds_of(scores: Scores, standing: Standing) -> Grounds:
    """What the scores of regions, or of their groups, rest on."""
    index = scores.index
    told = _differ(standing.weighted) & ~scores.standing.all_missing
    weights = scores.standing.shares
    shares: dict[str, float] = {}
    for part in index.indicators:
        below = np.array([part.code in (leaf.code, *index.ancestors(leaf)) for leaf in index.leaves])
        whole = float(weights[below].sum())
        # an indicator that weighs nothing is compared by its values
        shares[part.code] = float(weights[below & told].sum()) / whole if whole > 0 else float(told[below].any())
    why = {code: tr("{code}: {reason}", code=code, reason=reason) for code, reason in scores.missing.items()}
    return Grounds(index, frozenset(standing.regions), shares, why)


def _differ(points: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which columns of `(regions, indicators)` are not the same throughout."""
    least, most = np.fmin.reduce(points, axis=0), np.fmax.reduce(points, axis=0)
    size = np.fmax(np.abs(least), np.abs(most))
    differ: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = most - least > SAME * size
    return differ
