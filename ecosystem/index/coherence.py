"""Whether the indicators of an index hang together: statistics, correlations, alpha, and flags for what looks wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray, correlations, kurtosis, mean_and_sd, median_of_present, skewness
from ecosystem.index.engine import IndexScores
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.steps.treat import passes

AVAILABLE, NOT_ZERO, DIFFERENT = 0.65, 0.5, 0.5
"""Shares below which an indicator is flagged: regions with a value, values other than 0, values that differ."""

REDUNDANT, AGAINST = 0.9, -0.4
"""Two indicators of one pillar that correlate above the first say the same; below the second they pull apart."""

CONSISTENT = 0.7
"""The alpha that a group should reach (Nunnally 1978)."""


@dataclass(frozen=True, slots=True, eq=False)
class Coherence:
    """Tables: a row per indicator, region, pair of indicators, group of parts, and flag."""

    statistics: pd.DataFrame
    availability: pd.DataFrame
    correlations: pd.DataFrame
    alpha: pd.DataFrame
    flags: pd.DataFrame


def coherence(scores: IndexScores) -> Coherence:
    """The coherence of an index on one matrix. Correlations are of the normalised scores: directions are in them."""
    index = scores.index
    statistics = statistics_of(np.where(scores.missing, np.nan, scores.raw), index.leaves)
    pairs = pairs_of(index, scores.normalised)
    alpha = alpha_of(index, scores)
    region = pd.DataFrame(
        {"region": scores.regions, "available": (~scores.missing).mean(axis=-1), "coverage": scores.coverage}
    )
    return Coherence(statistics, region, pairs, alpha, _flags(statistics, pairs, alpha))


def statistics_of(values: FloatArray, leaves: Sequence[Indicator]) -> pd.DataFrame:
    """Count, range, centre, spread, skewness and kurtosis of every column of `(regions, indicators)`, and shares.

    `different` is the share of different values among those present, `nonzero` that of values other than 0. COINr
    `get_stats`.
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    mean, sd = mean_and_sd(values)
    return pd.DataFrame(
        {
            "code": [leaf.code for leaf in leaves],
            "count": count,
            "minimum": np.fmin.reduce(values, axis=0),
            "maximum": np.fmax.reduce(values, axis=0),
            "mean": mean,
            "median": median_of_present(values, axis=0),
            "sd": sd,
            "skewness": skewness(values),
            "kurtosis": kurtosis(values),
            "available": count / len(values),
            "nonzero": (known & (values != 0)).sum(axis=0) / np.maximum(count, 1),
            "different": [len(np.unique(column[~np.isnan(column)])) for column in values.T] / np.maximum(count, 1),
            "outliers": (count > 3) & ~np.isnan(kurtosis(values)) & ~passes(values, 2.0, 3.5),
        }
    )


def pairs_of(index: Index, normalised: FloatArray) -> pd.DataFrame:
    """Pearson's r of every two indicators, over the regions that have both; `within` one parent or across."""
    r = correlations(normalised)
    leaves = index.leaves
    first, second = np.triu_indices(len(leaves), 1)
    return pd.DataFrame(
        {
            "code": [leaves[at].code for at in first],
            "other": [leaves[at].code for at in second],
            "parent": [leaves[at].parent for at in first],
            "within": [leaves[one].parent == leaves[two].parent for one, two in zip(first, second, strict=True)],
            "r": r[first, second],
        }
    )


def alpha_of(index: Index, scores: IndexScores) -> pd.DataFrame:
    """Cronbach's alpha of the parts of every parent that has two or more."""
    rows = []
    for level in range(1, index.depth):
        parts = index.at(level)
        own = scores.normalised if level == 1 else scores.at(level)
        for parent in index.at(level + 1):
            places = [at for at, part in enumerate(parts) if part.parent == parent.code]
            if len(places) > 1:
                rows.append({"code": parent.code, "parts": len(places), "alpha": cronbach(own[:, places])})
    return pd.DataFrame(rows, columns=["code", "parts", "alpha"])


def cronbach(scores: FloatArray) -> float:
    """Cronbach's alpha of `(regions, parts)`: k / (k - 1) (1 - sum of variances / variance of the sum).

    Of pairwise covariances where values are missing, as COINr `get_cronbach`: k^2 mean covariance / sum of all. NaN
    where nothing varies. Cronbach (1951).
    """
    frame = pd.DataFrame(scores)
    matrix = frame.cov().to_numpy()
    count, whole = matrix.shape[0], float(np.nansum(matrix))
    if not whole > 0:
        return float("nan")
    between = (whole - float(np.nansum(np.diagonal(matrix)))) / (count * (count - 1))
    return count**2 * between / whole


def _flags(statistics: pd.DataFrame, pairs: pd.DataFrame, alpha: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[str, str, str]] = []
    for row in statistics.to_dict("records"):
        code = str(row["code"])
        for name, least, words in (
            ("available", AVAILABLE, "of the regions have a value"),
            ("nonzero", NOT_ZERO, "of the values are not zero"),
            ("different", DIFFERENT, "of the values differ"),
        ):
            if row[name] < least:
                rows.append((code, name, f"{row[name]:.1%} {words}, fewer than {least:.0%}"))
        if row["outliers"]:
            rows.append((code, "outliers", f"skewness {row['skewness']:.2f} and kurtosis {row['kurtosis']:.2f}"))
    for pair in pairs[pairs["within"]].to_dict("records"):
        if pair["r"] > REDUNDANT:
            rows.append(
                (str(pair["code"]), "redundant", f"r = {pair['r']:.3f} with {pair['other']}, of the same parent")
            )
        elif pair["r"] < AGAINST:
            rows.append((str(pair["code"]), "against", f"r = {pair['r']:.3f} with {pair['other']}, of the same parent"))
    for group in alpha.to_dict("records"):
        if group["alpha"] < CONSISTENT:
            rows.append((str(group["code"]), "alpha", f"alpha {group['alpha']:.3f} of its parts is below {CONSISTENT}"))
    return pd.DataFrame(rows, columns=["code", "flag", "message"])
