"""Where a region stands in every part of an index: contribution, rank and median; its strengths and weaknesses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray, median_of_present
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.index.steps.rank import rank_columns
from ecosystem.scoring import Scores

EXACT = 1e-9
"""How far, in shares of the score, contributions may be from it for them to add up."""
LISTED = 5
"""Strengths that are listed, and as many weaknesses."""
COLUMNS = ("kind", "code", "parent", "name_zh", "name_en", "raw", "normalised", "median", "rank", "regions")


def contributions_add_up(scores: Scores, region: int) -> bool:
    """True where the points that indicators bring are the score of the region: under sums and arithmetic means."""
    return bool(_adding_up(scores)[region])


def _adding_up(scores: Scores) -> BoolArray:
    overall = scores.standing.overall
    whole = scores.standing.weighted.sum(axis=1) + last_shift(scores)
    found: BoolArray = np.abs(whole - overall) <= EXACT * np.maximum(1.0, np.abs(overall))
    return found


def contributions(scores: Scores) -> tuple[FloatArray, ...]:
    """The points that every part brings to the score of the index, by level from the indicators up (R, n).

    NaN for the regions in which they do not add up to it.
    """
    weighted = scores.standing.weighted
    adds = _adding_up(scores)[:, None]
    return tuple(
        np.where(adds, level, np.nan) for level in (weighted, *sum_levels(weighted, groupings_of(scores.index)))
    )


def last_shift(scores: Scores) -> float:
    """What a last step adds to the points of every region alike: 0 for a share of the best; NaN where it is no line."""
    last = scores.standing.last
    return 0.0 if last is None else float(last.shift)


def standings(scores: Scores, region: int) -> pd.DataFrame:
    """A row per part of the index, at every level: how a region stands in it.

    `contribution` are the points that it brings to the score of the index, NaN where the mean is none that adds up;
    `rank` is that of its own score among the `regions` that have one, blank without one; `median` is theirs. An
    indicator is ranked by its normalised value, in which the direction is.
    """
    index, standing = scores.index, scores.standing
    frames = []
    for level, brought in enumerate(contributions(scores), start=1):
        points = present_values(scores) if level == 1 else standing.aggregates[level - 2]
        frames.append(
            pd.DataFrame(
                {
                    "code": [part.code for part in index.at(level)],
                    "contribution": brought[region],
                    "rank": _blank(rank_columns(points, index.ties)[region]),
                    "regions": (~np.isnan(points)).sum(axis=0),
                    "median": median_of_present(points, axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def present_values(scores: Scores) -> FloatArray:
    """The normalised values (R, K); NaN where a region has none of its own and none that stands in for it."""
    standing = scores.standing
    blank = (standing.missing & ~standing.imputed) | standing.excluded[:, None]
    return np.where(blank, np.nan, standing.normalised)


def _blank(ranks: IntArray) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.where(ranks > 0, ranks, 1), ranks == 0)


def strengths_of(steps: pd.DataFrame) -> pd.DataFrame:
    """The indicators in which a region is furthest ahead of the median, and those in which it is furthest behind it.

    Up to five of each `kind`, `strength` and `weakness`, by the share of the regions that are ahead in them; equal
    shares by the distance from the median. An indicator without a value of the region's own is neither, and so is one
    in which it stands at the median. `steps` are those of an `Explanation`.
    """
    own = steps[(steps["level"] == 1) & steps["raw"].notna() & steps["rank"].notna()]
    ahead = (own["rank"].astype("float64") - 1) / (own["regions"] - 1).clip(lower=1)
    distance = own["normalised"] - own["median"]
    own = own.assign(ahead=ahead, distance=distance)
    strong = own[distance > 0].sort_values(["ahead", "distance"], ascending=[True, False], kind="stable")
    weak = own[distance < 0].sort_values(["ahead", "distance"], ascending=[False, True], kind="stable")
    both = [strong.head(LISTED).assign(kind="strength"), weak.head(LISTED).assign(kind="weakness")]
    return pd.concat(both, ignore_index=True)[list(COLUMNS)]
