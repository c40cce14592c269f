"""Whether the parts of a parent measure one thing: Cronbach's alpha, each part left out, KMO and Bartlett's test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ecosystem.index.arrays import FloatArray, correlations, span_of
from ecosystem.index.engine import IndexScores
from ecosystem.index.spec import Indicator
from ecosystem.messages import tr

SINGULAR = 1e-12
"""A correlation matrix whose least eigenvalue is below this has parts that follow from the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Siblings:
    """A parent, its parts, and the scores of these `(regions, parts)`."""

    parent: Indicator
    parts: tuple[Indicator, ...]
    values: FloatArray


def siblings_of(scores: IndexScores, values: FloatArray) -> Iterator[Siblings]:
    """Every parent of two or more parts; indicators have the `values` `(regions, indicators)` of a stage."""
    index = scores.index
    for level in range(1, index.depth):
        rows = index.at(level)
        own = values if level == 1 else scores.at(level)
        for parent in index.at(level + 1):
            places = [at for at, part in enumerate(rows) if part.parent == parent.code]
            if len(places) > 1:
                yield Siblings(parent, tuple(rows[at] for at in places), own[:, places])


def alpha_of(scores: IndexScores, values: FloatArray) -> pd.DataFrame:
    """Cronbach's alpha of the parts of every parent that has two or more."""
    rows = [(each.parent.code, len(each.parts), cronbach(each.values)) for each in siblings_of(scores, values)]
    return pd.DataFrame(rows, columns=["code", "parts", "alpha"])


def cronbach(scores: FloatArray) -> float:
    """Cronbach's alpha of `(regions, parts)`: k / (k - 1) (1 - sum of variances / variance of the sum).

    Of pairwise covariances where values are missing, as COINr `get_cronbach`: k^2 mean covariance / sum of all. NaN
    where nothing varies. Cronbach (1951).
    """
    return _alpha(_covariances(scores))


def _covariances(scores: FloatArray) -> FloatArray:
    """The covariances of the parts, each pair over the regions that have both; NaN for fewer than two."""
    if len(scores) < 2:
        return np.full((scores.shape[1],) * 2, np.nan)
    return pd.DataFrame(scores).cov().to_numpy()


def _alpha(covariances: FloatArray) -> float:
    count, whole = covariances.shape[0], float(np.nansum(covariances))
    if count < 2 or not whole > 0:
        return float("nan")
    between = (whole - float(np.nansum(np.diagonal(covariances)))) / (count * (count - 1))
    return float(count**2 * between / whole)


def items_of(scores: IndexScores, values: FloatArray) -> pd.DataFrame:
    """Of every part of a parent: alpha without it, and its correlation with the sum of the others.

    A part whose removal raises alpha, or whose correlation is low, measures something else. Both are of pairwise
    covariances. alpha is NaN where one part is left. OECD/JRC (2008), step 4; psych `alpha` (alpha.drop, r.drop).
    """
    rows = []
    for each in siblings_of(scores, values):
        covariances = _covariances(each.values)
        whole = _alpha(covariances)
        for at, part in enumerate(each.parts):
            others = np.delete(np.arange(len(each.parts)), at)
            rest = covariances[np.ix_(others, others)]
            # where values are missing, covariances of different regions may have no variance of a sum
            with np.errstate(divide="ignore", invalid="ignore"):
                r = np.nansum(covariances[at, others]) / np.sqrt(np.nansum(rest) * covariances[at, at])
            rows.append((each.parent.code, part.code, whole, _alpha(rest), float(r)))
    return pd.DataFrame(rows, columns=["parent", "code", "alpha", "alpha_without", "r_rest"])


@dataclass(frozen=True, slots=True, eq=False)
class Adequacy:
    """Whether correlations `(parts, parts)` are worth a factor analysis.

    `kmo` of all parts and `each` (parts) of them, 0 to 1; `statistic`, `degrees` and `p` of Bartlett's test that no two
    parts correlate; `regions`: complete ones, of which they are. NaN where `note` says why.
    """

    kmo: float
    each: FloatArray
    statistic: float
    degrees: int
    p: float
    regions: int
    note: str = ""


def adequacy(values: FloatArray) -> Adequacy:
    """The Kaiser-Meyer-Olkin measure and Bartlett's test of sphericity of `(regions, parts)`, of complete regions.

    KMO = sum r^2 / (sum r^2 + sum q^2), r correlations and q partial correlations of two parts given the others (Kaiser
    1970; Kaiser and Rice 1974): above 0.5 tolerable, above 0.8 good. Bartlett (1951): -(n - 1 - (2 k + 5) / 6) ln |R|
    is chi-squared with k (k - 1) / 2 degrees of freedom where no two parts correlate.
    """
    full = values[~np.isnan(values).any(axis=1)]
    regions, parts = full.shape
    degrees = parts * (parts - 1) // 2
    nothing = Adequacy(np.nan, np.full(parts, np.nan), np.nan, degrees, np.nan, regions)
    if regions < 3 or span_of(full).constant.any():
        why = tr("fewer than three complete regions") if regions < 3 else tr("a part is constant")
        return _noted(nothing, why)
    r = correlations(full)
    sizes = np.linalg.eigvalsh(r)
    if regions <= parts or sizes[0] <= SINGULAR * parts:
        why = (
            tr("no more complete regions than parts")
            if regions <= parts
            else tr("a part can be computed from the others")
        )
        return _noted(nothing, why)
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diagonal(inverse))
    off = ~np.eye(parts, dtype=np.bool_)
    own, partial = np.where(off, r, 0.0) ** 2, np.where(off, inverse / np.outer(scale, scale), 0.0) ** 2
    statistic = -(regions - 1 - (2 * parts + 5) / 6) * float(np.log(sizes).sum())
    return Adequacy(
        kmo=float(own.sum() / (own.sum() + partial.sum())),
        each=own.sum(axis=0) / (own.sum(axis=0) + partial.sum(axis=0)),
        statistic=statistic,
        degrees=degrees,
        p=float(stats.chi2.sf(statistic, degrees)),
        regions=regions,
    )


def _noted(nothing: Adequacy, why: str) -> Adequacy:
    return Adequacy(np.nan, nothing.each, np.nan, nothing.degrees, np.nan, nothing.regions, why)


def adequacy_of(scores: IndexScores, values: FloatArray) -> pd.DataFrame:
    """KMO and Bartlett's test of the parts of every parent that has two or more, and the KMO of each part."""
    rows: list[tuple[object, ...]] = []
    for group in siblings_of(scores, values):
        found = adequacy(group.values)
        numbers = found.statistic, found.degrees, found.p, found.regions, found.note
        rows.append((group.parent.code, None, len(group.parts), found.kmo, *numbers))
        rows += [
            (group.parent.code, part.code, None, float(kmo), None, None, None, found.regions, found.note)
            for part, kmo in zip(group.parts, found.each, strict=True)
        ]
    columns = ["code", "part", "parts", "kmo", "bartlett", "degrees", "p", "regions", "note"]
    return pd.DataFrame(rows, columns=columns).astype({"parts": "Int64", "degrees": "Int64"})
