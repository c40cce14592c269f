"""Principal components of the parts of every parent: loadings, and how much of the variance each explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray, correlations, span_of
from ecosystem.index.engine import IndexScores
from ecosystem.index.statistics.consistency import siblings_of


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Principal components of parts: `eigenvalues` (n), greatest first, `coefficients` and `loadings` (parts, n).

    `regions`: the complete ones, of which they are. A constant part has 0 in all components.
    """

    eigenvalues: FloatArray
    coefficients: FloatArray
    loadings: FloatArray
    regions: int

    @property
    def explained(self) -> FloatArray:
        """The share of the variance that each component explains."""
        share: FloatArray = self.eigenvalues / self.eigenvalues.sum()
        return share


def components(values: FloatArray) -> Components:
    """The principal components of `(regions, parts)`, each part of variance 1, over complete regions.

    Coefficients have length 1; a loading is the correlation of part and component: coefficient x sqrt(eigenvalue).
    Signs are such that the coefficients of a component sum to more than 0. There are none for fewer than two complete
    regions. R `prcomp(scale. = TRUE)`, COINr `get_PCA`; OECD/JRC (2008), step 4.
    """
    full = values[~np.isnan(values).any(axis=1)]
    used = ~span_of(full).constant if len(full) > 1 else np.zeros(values.shape[1], np.bool_)
    if not used.any():
        nothing = np.zeros((values.shape[1], 0))
        return Components(np.zeros(0), nothing, nothing, len(full))
    sizes, vectors = np.linalg.eigh(correlations(full[:, used]))
    sizes, vectors = np.maximum(sizes[::-1], 0.0), vectors[:, ::-1]
    # no more components than regions less one differ from nothing
    kept = min(len(sizes), len(full) - 1)
    sizes, vectors = sizes[:kept], vectors[:, :kept]
    coefficients = np.zeros((values.shape[1], kept))
    coefficients[used] = vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    return Components(sizes, coefficients, coefficients * np.sqrt(sizes), len(full))


def loadings_of(scores: IndexScores, values: FloatArray) -> pd.DataFrame:
    """A row per parent, part and component: coefficient and loading."""
    rows = []
    for each in siblings_of(scores, values):
        found = components(each.values)
        for at, part in enumerate(each.parts):
            for place in range(len(found.eigenvalues)):
                numbers = float(found.coefficients[at, place]), float(found.loadings[at, place])
                rows.append((each.parent.code, part.code, place + 1, *numbers))
    return pd.DataFrame(rows, columns=["parent", "code", "component", "coefficient", "loading"])


def variance_of(scores: IndexScores, values: FloatArray) -> pd.DataFrame:
    """A row per parent and component: eigenvalue, share of the variance, shares summed, complete regions."""
    rows = []
    for each in siblings_of(scores, values):
        found = components(each.values)
        sums = np.cumsum(found.explained)
        for place, size in enumerate(found.eigenvalues.tolist()):
            shares = float(found.explained[place]), float(sums[place])
            rows.append((each.parent.code, place + 1, size, *shares, found.regions))
    return pd.DataFrame(rows, columns=["code", "component", "eigenvalue", "explained", "cumulative", "regions"])
