"""Whether the indicators of an index hang together: statistics, correlations, alpha, and flags for what looks wrong."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray, kurtosis, mean_and_sd, median_of_present, skewness
from ecosystem.index.engine import IndexScores
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary
from ecosystem.index.spec import Indicator
from ecosystem.index.statistics.components import loadings_of, variance_of
from ecosystem.index.statistics.consistency import adequacy_of, alpha_of, cronbach, items_of
from ecosystem.index.statistics.correlation import Correlation, levels_of, pairs_of
from ecosystem.index.statistics.influence import missing_of, ranks_of, weights_of
from ecosystem.index.statistics.stages import Stage, values_at
from ecosystem.index.steps.treat import passes
from ecosystem.messages import tr, tr_later
from ecosystem.notebook import few_lines, html_table

__all__ = ["Coherence", "coherence", "cronbach", "pairs_of", "statistics_of"]

AVAILABLE, NOT_ZERO, DIFFERENT = 0.65, 0.5, 0.5
"""Shares below which an indicator is flagged: regions with a value, values other than 0, values that differ."""

REDUNDANT, AGAINST = 0.9, -0.4
"""Two indicators of one pillar that correlate above the first say the same; below the second they pull apart."""

CONSISTENT = 0.7
"""The alpha that a group should reach (Nunnally 1978)."""


@dataclass(frozen=True, slots=True, eq=False)
class Coherence:
    """Tables about an index; what each says is told where it is made.

    A row per indicator (`statistics`), region (`availability`), pair of indicators (`correlations`), pair with a row
    above them (`levels`), parent (`alpha`), part of a parent (`items`, `adequacy`), part and component (`loadings`),
    component (`variance`), row of the hierarchy (`weights`), region and row of it (`ranks`), region or group and parent
    (`missing`), and flag (`flags`).
    """

    statistics: pd.DataFrame
    availability: pd.DataFrame
    correlations: pd.DataFrame
    levels: pd.DataFrame
    alpha: pd.DataFrame
    items: pd.DataFrame
    adequacy: pd.DataFrame
    loadings: pd.DataFrame
    variance: pd.DataFrame
    weights: pd.DataFrame
    ranks: pd.DataFrame
    missing: pd.DataFrame
    flags: pd.DataFrame

    @property
    def _title(self) -> str:
        facts = {"indicators": len(self.statistics), "regions": len(self.availability), "flags": len(self.flags)}
        return tr("coherence of {indicators} indicators over {regions} regions: {flags} flags", **facts)

    def __repr__(self) -> str:
        first = zip(self.flags["code"].head(3), self.flags["message"].head(3), strict=True)
        flags = (f"{code}: {message}" for code, message in first)
        return few_lines(self._title, *flags, more=", ".join(field.name for field in fields(self)))

    def _repr_html_(self) -> str:
        return html_table(self._title, self.flags)


def coherence(
    scores: IndexScores,
    *,
    stage: Stage = "normalised",
    correlation: Correlation = "pearson",
    auxiliary: Auxiliary = NO_AUXILIARY,
    groups: Sequence[str | None] | None = None,
) -> Coherence:
    """The coherence of an index on one matrix `(regions, indicators)`.

    Statistics, correlations, alpha, adequacy and components are of the values at a `stage`; from `normalised` on the
    directions are in them, and statistics alone are of the raw values unless another stage is named. `groups`, one per
    region, are what ranks and missing values are told by. `auxiliary` is what `evaluate` was given.
    """
    index = scores.index
    values = values_at(scores, stage, auxiliary)
    described = np.where(scores.missing, np.nan, scores.raw) if stage == "normalised" else values
    statistics = statistics_of(described, index.leaves)
    pairs, alpha = pairs_of(index, values, correlation), alpha_of(scores, values)
    region = pd.DataFrame(
        {"region": scores.regions, "available": (~scores.missing).mean(axis=-1), "coverage": scores.coverage}
    )
    return Coherence(
        statistics=statistics,
        availability=region,
        correlations=pairs,
        levels=levels_of(scores, values, correlation),
        alpha=alpha,
        items=items_of(scores, values),
        adequacy=adequacy_of(scores, values),
        loadings=loadings_of(scores, values),
        variance=variance_of(scores, values),
        weights=weights_of(scores, correlation),
        ranks=ranks_of(scores, groups),
        missing=missing_of(scores, groups),
        flags=_flags(statistics, pairs, alpha),
    )


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


def _flags(statistics: pd.DataFrame, pairs: pd.DataFrame, alpha: pd.DataFrame) -> pd.DataFrame:
    rows = [*_of_indicators(statistics), *_of_pairs(pairs), *_of_groups(alpha)]
    return pd.DataFrame(rows, columns=["code", "flag", "message"])


Flag = tuple[str, str, str]
"""Code, flag, and the sentence that says what stands out."""
_SHARES = (
    ("available", AVAILABLE, tr_later("{share:.1%} of the regions have a value, fewer than {least:.0%}")),
    ("nonzero", NOT_ZERO, tr_later("{share:.1%} of the values are not zero, fewer than {least:.0%}")),
    ("different", DIFFERENT, tr_later("{share:.1%} of the values differ, fewer than {least:.0%}")),
)


def _of_indicators(statistics: pd.DataFrame) -> Iterator[Flag]:
    for row in statistics.to_dict("records"):
        code = str(row["code"])
        for name, least, sentence in _SHARES:
            if row[name] < least:
                yield code, name, tr(sentence, share=row[name], least=least)
        if row["outliers"]:
            sentence = tr("skewness {skewness:.2f} and kurtosis {kurtosis:.2f}", **_named(row, "skewness", "kurtosis"))
            yield code, "outliers", sentence


def _named(row: Mapping[Hashable, object], *names: str) -> dict[str, object]:
    return {name: row[name] for name in names}


def _of_pairs(pairs: pd.DataFrame) -> Iterator[Flag]:
    for pair in pairs[pairs["within"]].to_dict("records"):
        if pair["r"] > REDUNDANT or pair["r"] < AGAINST:
            flag = "redundant" if pair["r"] > REDUNDANT else "against"
            yield (
                str(pair["code"]),
                flag,
                tr("r = {r:.3f} with {other}, of the same parent", **_named(pair, "r", "other")),
            )


def _of_groups(alpha: pd.DataFrame) -> Iterator[Flag]:
    for group in alpha.to_dict("records"):
        if group["alpha"] < CONSISTENT:
            sentence = tr("alpha of its parts is {alpha:.3f}, below {least}", alpha=group["alpha"], least=CONSISTENT)
            yield str(group["code"]), "alpha", sentence
