"""What each row of the hierarchy counts for: its effective weight, its correlation with the index, its variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.engine import IndexScores
from ecosystem.index.statistics.correlation import Correlation, associate
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.index.steps.rank import rank_columns


def weights_of(scores: IndexScores, method: Correlation = "pearson") -> pd.DataFrame:
    """Of every row of the hierarchy its weight, its effective weight, and what it does to the index.

    `effective`: the share of the whole index, weights within siblings multiplied down; 1 at every level (COINr
    `get_eff_weights`). `r`: the correlation of its scores with the index, `r_squared` the share of the variance of the
    index that it explains alone, by a line (Paruolo, Saisana and Saltelli 2013). `variance`, of indicators: the
    covariance of the points that it brings with the index over the variance of the index; 1 in sum where points add up
    to the score. Weights say what was meant, these say what came of it.
    """
    index = scores.index
    shares = (scores.shares, *sum_levels(scores.shares, groupings_of(index)))
    top = scores.aggregates[-1]
    parts = []
    for level in range(1, index.depth + 1):
        own = scores.normalised if level == 1 else scores.aggregates[level - 2]
        found = associate(np.concatenate([own, top], axis=1), method).r[:-1, -1]
        rows = index.at(level)
        parts.append(
            pd.DataFrame(
                {
                    "code": [row.code for row in rows],
                    "parent": [row.parent for row in rows],
                    "level": level,
                    "weight": [row.weight for row in rows],
                    "effective": shares[level - 1] / shares[level - 1].sum(),
                    "r": found,
                    "r_squared": found**2,
                    "variance": _shares_of_variance(scores.weighted, top[:, 0]) if level == 1 else np.nan,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _shares_of_variance(points: FloatArray, index: FloatArray) -> FloatArray:
    """cov(points, index) / var(index) of every indicator, over the regions with a score."""
    scored = ~np.isnan(index)
    off = index[scored] - index[scored].mean() if scored.any() else index[scored]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: FloatArray = points[scored].T @ off / (off @ off)
    return shares


def ranks_of(scores: IndexScores, groups: Sequence[str | None] | None = None) -> pd.DataFrame:
    """A row per region and row of the hierarchy: score and rank, and with `groups`, one per region, the rank in it.

    Indicators are ranked by their normalised scores, on which more is better. 1 is the best; ties as the index says;
    there is no rank without a score, and none in a group for a region that is in none.
    """
    index, parts = scores.index, []
    for level in range(1, index.depth + 1):
        own = scores.normalised if level == 1 else scores.aggregates[level - 2]
        ranks = rank_columns(own, index.ties)
        within = np.zeros_like(ranks) if groups is None else _within(scores, own, groups)
        for place, row in enumerate(index.at(level)):
            part = {
                "region": scores.regions,
                "code": row.code,
                "level": level,
                "score": own[:, place],
                "rank": ranks[:, place],
            }
            if groups is not None:
                part |= {"group": list(groups), "group_rank": within[:, place]}
            parts.append(pd.DataFrame(part))
    frame = pd.concat(parts, ignore_index=True)
    for name in ("rank", "group_rank") if groups is not None else ("rank",):
        frame[name] = frame[name].astype("Int64").mask(frame[name] == 0)
    return frame


def _within(scores: IndexScores, own: FloatArray, groups: Sequence[str | None]) -> IntArray:
    """Ranks inside each group, 0 where there is none."""
    ranks = np.zeros(own.shape, np.int64)
    for name in dict.fromkeys(name for name in groups if name is not None):
        rows = [at for at, group in enumerate(groups) if group == name]
        ranks[rows] = rank_columns(own[rows], scores.index.ties)
    return ranks


def missing_of(scores: IndexScores, groups: Sequence[str | None] | None = None) -> pd.DataFrame:
    """How many values are missing, or 0, under every parent: a row per region, or per group of regions, and parent.

    `available` is the share of the cells that have a value, `nonzero` that of the values that are not 0 (COINr
    `get_data_avail`). What is imputed counts as missing. Regions in no group stand under a blank one.
    """
    index = scores.index
    above = [index.ancestors(leaf) for leaf in index.leaves]
    parents = [row.code for row in index.indicators if row.level > 1]
    members = {code: [at for at, family in enumerate(above) if code in family] for code in parents}
    names: Sequence[str | None] = scores.regions if groups is None else groups
    zero = ~scores.missing & (scores.raw == 0)
    rows = []
    for name in dict.fromkeys(names):
        own = [at for at, each in enumerate(names) if each == name]
        for code, columns in members.items():
            cells = np.ix_(own, columns)
            count, lacking, nought = (
                scores.missing[cells].size,
                int(scores.missing[cells].sum()),
                int(zero[cells].sum()),
            )
            known = count - lacking
            rows.append((name, len(own), code, count, lacking, nought, known / count, (known - nought) / max(known, 1)))
    first = "region" if groups is None else "group"
    frame = pd.DataFrame(rows, columns=[first, "regions", "code", "cells", "missing", "zero", "available", "nonzero"])
    return frame.drop(columns="regions") if groups is None else frame
