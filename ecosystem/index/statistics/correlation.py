"""How indicators and scores go together: Pearson's r, Spearman's rho, Kendall's tau, with p and number of regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from ecosystem.errors import refuse_unknown
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray, correlations, span_of
from ecosystem.index.engine import IndexScores
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.steps.rank import data_ranks
from ecosystem.messages import tr

Correlation = Literal["pearson", "spearman", "kendall"]

COLUMNS = ("code", "level", "other", "other_level", "above", "r", "p", "regions")


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """Coefficients `r`, two-sided `p` and the number of regions that have both, each `(columns, columns)`."""

    r: FloatArray
    p: FloatArray
    regions: IntArray


def associate(values: FloatArray, method: Correlation = "pearson") -> Association:
    """The correlation of every two columns of `(regions, columns)`, over the regions that have both.

    `pearson`: r, p by Student's t. `spearman`: r of the ranks (ties share their mean), p by Student's t. `kendall`:
    tau-b, p exact where there are no ties and few regions, else normal. NaN for a column that is constant, p also for
    fewer than three regions. As R's `cor` (`use = "pairwise"`) and scipy's `pearsonr`, `spearmanr`, `kendalltau`.
    """
    refuse_unknown(method, get_args(Correlation), tr("there is no correlation {method!r}", method=method))
    present = ~np.isnan(values)
    count = present.T.astype(np.int64) @ present.astype(np.int64)
    if method == "kendall":
        r, p = _kendall(values, present)
    else:
        r = _spearman(values, present) if method == "spearman" else correlations(values)
        p = student_p(r, count)
    # over no more than one region nothing varies
    r = np.where(count < 2, np.nan, r)
    return Association(r, np.where(np.isnan(r) | (count < 3), np.nan, p), count)


def student_p(r: FloatArray, count: IntArray) -> FloatArray:
    """The two-sided p of a correlation over so many regions: t = r sqrt((n - 2) / (1 - r^2)), n - 2 degrees."""
    degrees = np.maximum(count - 2, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt(degrees / np.maximum(1 - r * r, 0.0))
    return 2 * np.asarray(stats.t.sf(t, degrees), dtype=np.float64)


def _spearman(values: FloatArray, present: BoolArray) -> FloatArray:
    """Ranks are within the regions that both columns have: a pair whose gaps differ is ranked anew."""
    r = correlations(data_ranks(values, "average"))
    full = np.logical_and.reduce(present, axis=0)
    for one, other in zip(*np.triu_indices(values.shape[1], 1), strict=True):
        if not (full[one] and full[other]):
            both = present[:, one] & present[:, other]
            pair = (
                correlations(data_ranks(values[np.ix_(both, [one, other])], "average"))[0, 1] if both.any() else np.nan
            )
            r[one, other] = r[other, one] = pair
    return r


def _kendall(values: FloatArray, present: BoolArray) -> tuple[FloatArray, FloatArray]:
    columns = values.shape[1]
    tau, p = np.full((columns, columns), np.nan), np.full((columns, columns), np.nan)
    constant: list[bool] = np.asarray(span_of(values).constant).tolist()
    for one, other in zip(*np.triu_indices(columns), strict=True):
        both = present[:, one] & present[:, other]
        if both.sum() > 1 and not (constant[one] or constant[other]):
            found = stats.kendalltau(values[both, one], values[both, other])
            tau[one, other] = tau[other, one] = found.statistic
            p[one, other] = p[other, one] = found.pvalue
    return tau, p


def pairs_of(index: Index, values: FloatArray, method: Correlation = "pearson") -> pd.DataFrame:
    """The correlation of every two indicators in `(regions, indicators)`; `within` one parent or across."""
    found = associate(values, method)
    leaves = index.leaves
    first, second = np.triu_indices(len(leaves), 1)
    return pd.DataFrame(
        {
            "code": [leaves[at].code for at in first],
            "other": [leaves[at].code for at in second],
            "parent": [leaves[at].parent for at in first],
            "within": [leaves[one].parent == leaves[two].parent for one, two in zip(first, second, strict=True)],
            "r": found.r[first, second],
            "p": found.p[first, second],
            "regions": found.regions[first, second],
        }
    )


def levels_of(scores: IndexScores, values: FloatArray, method: Correlation = "pearson") -> pd.DataFrame:
    """The correlation of every row of the hierarchy with every other, but for two indicators (see `pairs_of`).

    Indicators have the `values` `(regions, indicators)` of a stage, the rows above them their scores. `above` is True
    where the other is the parent, or the parent's parent and so on: those of an index that holds together are positive
    (OECD/JRC 2008, step 8; COINr `get_corr` with `withparent = "family"`).
    """
    index = scores.index
    rows = [row for level in range(1, index.depth + 1) for row in index.at(level)]
    matrix = np.concatenate([values, *scores.aggregates], axis=1)
    found = associate(matrix, method)
    return pd.DataFrame(list(_pairs_above(index, rows, found)), columns=list(COLUMNS))


def _pairs_above(index: Index, rows: Sequence[Indicator], found: Association) -> Iterator[tuple[object, ...]]:
    family = {row.code: index.ancestors(row) for row in rows}
    for one, low in enumerate(rows):
        for other in range(one + 1, len(rows)):
            high = rows[other]
            if high.level > 1:
                above = high.code in family[low.code]
                numbers = found.r[one, other], found.p[one, other], int(found.regions[one, other])
                yield low.code, low.level, high.code, high.level, above, *numbers
