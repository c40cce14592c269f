"""The values of the indicators at each step of an index: raw, denominated, imputed, treated, normalised, weighted."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from ecosystem.errors import refuse_unknown
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import IndexScores
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary, prepare, transformed
from ecosystem.index.rules import NO_TREATMENT
from ecosystem.index.spec import Index
from ecosystem.messages import tr

Stage = Literal["raw", "denominated", "imputed", "treated", "normalised", "weighted"]
STAGES: tuple[Stage, ...] = get_args(Stage)


def values_at(scores: IndexScores, stage: Stage, auxiliary: Auxiliary = NO_AUXILIARY) -> FloatArray:
    """The values `(regions, indicators)` after a step, NaN where missing; regions that are left out are NaN throughout.

    `raw` as given; `denominated` transformed and over their denominators; `imputed` with gaps filled; `treated` without
    outliers; `normalised` on one scale; `weighted` times the shares of the indicators. A step that the index does not
    take leaves the values as they were. `auxiliary` is what `evaluate` was given. Until `normalised`, less may be
    better.
    """
    refuse_unknown(stage, STAGES, tr("there is no stage {stage!r}", stage=stage))
    if stage == "raw":
        values = scores.raw
    elif stage == "denominated":
        values = transformed(scores.index, scores.raw, scores.regions, auxiliary)[0]
    elif stage == "imputed":
        values = prepare(_untreated(scores.index), scores.raw, scores.regions, auxiliary, scores.excluded).values
    elif stage == "treated":
        values = scores.prepared
    elif stage == "normalised":
        values = scores.normalised
    else:
        values = np.where(np.isnan(scores.normalised), np.nan, scores.weighted)
    return np.where(scores.excluded[..., None], np.nan, values)


def _untreated(index: Index) -> Index:
    """The index without any treatment, its own or an indicator's."""
    rows = tuple(replace(row, own=replace(row.own, treatment=None)) for row in index.indicators)
    return replace(index, treatment=NO_TREATMENT, indicators=rows)
