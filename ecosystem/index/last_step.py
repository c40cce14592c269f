"""The last step of an index at work: on its total and its pillars, over the regions, or over their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Index
from ecosystem.index.steps.rescale import RESCALINGS, Rescaled


@dataclass(frozen=True, slots=True, eq=False)
class LastStep:
    """What the last step has made of the scores, and what it was given.

    * `weighted`, `aggregates`: the points and the scores before it, as in a `Standing`;
    * `slope`, `shift` (...,): the score of the index is slope x score before + shift; NaN where the step is no line;
    * `undefined`: the codes of the parts for which it has no result, in some matrix of a batch.
    """

    weighted: FloatArray
    aggregates: tuple[FloatArray, ...]
    slope: FloatArray
    shift: FloatArray
    undefined: tuple[str, ...]


def last_step(
    index: Index,
    aggregates: Sequence[FloatArray],
    weighted: FloatArray,
    *,
    pooled: bool = False,
    basis: Sequence[FloatArray] | None = None,
) -> tuple[tuple[FloatArray, ...], FloatArray, LastStep | None]:
    """The scores and the points after the last step, and what it did; as they are, and None, where there is none.

    It is applied to the total and to the pillars, each over all regions that have a score; what lies below the
    pillars, and pillars that are indicators themselves, keep their scale. Points become parts of the new total where
    the step is a line. `pooled`: all years of the first axis are one column. `basis`: the scores that set the scale, in
    place of these themselves; NaN where the step is no line.
    """
    if not index.rescales:
        return tuple(aggregates), weighted, None
    made = list(aggregates)
    undefined: list[str] = []
    for place in range(max(len(made) - 2, 0), len(made)):
        step = rescaled(index, made[place] if basis is None else basis[place], pooled=pooled)
        scores = step.scores if basis is None else made[place] * step.slope[..., None, :] + step.shift[..., None, :]
        lost = np.isnan(scores).all(axis=-2) & ~np.isnan(made[place]).all(axis=-2)
        codes = [part.code for part in index.at(place + 2)]
        undefined += [codes[at] for at in np.flatnonzero(lost.reshape(-1, lost.shape[-1]).any(axis=0))]
        made[place] = scores
    slope, shift = step.slope[..., 0], step.shift[..., 0]
    straight = RESCALINGS.find(index.rescaling.method).straight
    points = weighted * slope[..., None, None] if straight else weighted
    return tuple(made), points, LastStep(weighted, tuple(aggregates), slope, shift, tuple(undefined))


def rescaled(index: Index, scores: FloatArray, *, pooled: bool = False) -> Rescaled:
    """Scores `(..., regions, parts)` after the last step of an index; `pooled` takes all years together."""
    method = RESCALINGS.find(index.rescaling.method)
    if not pooled:
        return method.function(scores, index.rescaling)
    whole = method.function(scores.reshape(-1, scores.shape[-1]), index.rescaling)
    ends = (np.broadcast_to(end, (scores.shape[0], scores.shape[-1])) for end in (whole.slope, whole.shift))
    slope, shift = ends
    return Rescaled(whole.scores.reshape(scores.shape), slope, shift)
