"""The values of the indicators at each step of an index: raw, denominated, imputed, treated, normalised, weighted."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import IndexScores
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary, divided, prepare
from ecosystem.index.rules import NO_TREATMENT

Stage = Literal["raw", "denominated", "imputed", "treated", "normalised", "weighted"]
STAGES: tuple[Stage, ...] = get_args(Stage)


def values_at(scores: IndexScores, stage: Stage, auxiliary: Auxiliary = NO_AUXILIARY) -> FloatArray:
    """The values `(regions, indicators)` after a step, NaN where missing; regions that are left out are NaN throughout.

    `raw` as given; `denominated` over their denominators; `imputed` with gaps filled; `treated` without outliers;
    `normalised` on one scale; `weighted` times the shares of the indicators. A step that the index does not take leaves
    the values as they were. `auxiliary` is what `evaluate` was given. Until `normalised`, less may be better.
    """
    if stage == "raw":
        values = scores.raw
    elif stage == "denominated":
        values = divided(scores.index, scores.raw, auxiliary)
    elif stage == "imputed":
        untreated = replace(scores.index, treatment=NO_TREATMENT)
        values = prepare(untreated, scores.raw, scores.regions, auxiliary, scores.excluded).values
    elif stage == "treated":
        values = scores.prepared
    elif stage == "normalised":
        values = scores.normalised
    else:
        values = np.where(np.isnan(scores.normalised), np.nan, scores.weighted)
    return np.where(scores.excluded[..., None], np.nan, values)
