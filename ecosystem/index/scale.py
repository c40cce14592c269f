"""The normalisation that an index asks for, applied to its value matrix; what it leaves undefined is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Normalisation
from ecosystem.index.spec import Indicator
from ecosystem.index.steps import normalise
from ecosystem.index.steps.normalise import Scaled, span_of
from ecosystem.index.steps.treat import mean_and_sd


def scale(values: FloatArray, leaves: Sequence[Indicator], regions: Sequence[str], rule: Normalisation) -> Scaled:
    """The columns of `(..., regions, indicators)` on the scale of `rule`.

    A constant column is marked and carries no order: all its scores are equal (the lowest, or the centre of `zscore`
    and `ampi`). InputError names the columns for which the method is undefined, UsageError an unknown reference region.
    """
    directions = np.array([float(leaf.direction) for leaf in leaves])
    if rule.method == "minmax":
        return normalise.minmax(values, directions, rule.lower, rule.upper)
    span = span_of(values)
    scores = _scores(values, directions, leaves, regions, rule)
    _refuse_undefined(values, scores, leaves, rule)
    return Scaled(scores, span.minimum, span.maximum, span.constant)


def _scores(
    values: FloatArray,
    directions: FloatArray,
    leaves: Sequence[Indicator],
    regions: Sequence[str],
    rule: Normalisation,
) -> FloatArray:
    match rule.method:
        case "zscore":
            return normalise.zscore(values, directions, rule.mean, rule.sd)
        case "rank":
            return normalise.ranks(values, directions, rule.ties)
        case "borda":
            return normalise.borda(values, directions, rule.ties)
        case "prank":
            return normalise.percentile_rank(values, directions, rule.ties)
        case "fracmax":
            return normalise.fraction_of_best(values, directions)
        case "dist2max":
            return normalise.minmax(values, directions, 0.0, 1.0).values
        case "dist2ref":
            return normalise.to_reference(values, directions, _place(regions, rule.reference), cap=rule.cap)
        case "dist2target":
            return normalise.to_target(values, directions, parameters(leaves, "target"), cap=rule.cap)
        case "goalposts" | "scaled":
            posts = (parameters(leaves, "lower"), parameters(leaves, "upper"))
            return normalise.goalposts(values, directions, posts, rule.factor, cap=rule.cap)
        case "ampi":
            middle = _references(values, leaves)
            return normalise.around_reference(values, directions, middle, rule.lower, rule.upper)
        case _:
            return values * directions


def parameters(leaves: Sequence[Indicator], name: str) -> FloatArray:
    """A number of every indicator, e.g. its target; NaN where the indicator table has none."""
    return np.array([np.nan if (number := getattr(leaf, name)) is None else number for leaf in leaves])


def _references(values: FloatArray, leaves: Sequence[Indicator]) -> FloatArray:
    """The targets, or the mean of the column where there is none."""
    given = parameters(leaves, "target")
    mean = mean_and_sd(values)[0]
    return np.where(np.isnan(given), mean, given)[..., None, :]


def _place(regions: Sequence[str], name: str | None) -> int:
    if name not in regions:
        hint = did_you_mean(str(name), regions)
        raise UsageError(f"the reference region {name!r} of dist2ref is not ranked", hint=hint)
    return list(regions).index(str(name))


_WHY = {
    "fracmax": "a fraction of the best needs values above 0",
    "dist2ref": "the reference region has no value, or is the worst one itself",
    "dist2target": "the target is missing, or no better than the worst region",
    "goalposts": "a goalpost is missing",
    "scaled": "a goalpost is missing",
}


def _refuse_undefined(values: FloatArray, scores: FloatArray, leaves: Sequence[Indicator], rule: Normalisation) -> None:
    lost = (np.isnan(scores) & ~np.isnan(values)).any(axis=-2)
    if not lost.any():
        return
    columns = np.flatnonzero(lost.reshape(-1, lost.shape[-1]).any(axis=0)).tolist()
    reason = _WHY.get(rule.method, "its values have no score")
    findings = [
        Finding("error", "undefined", f"{leaves[at].code!r} cannot be normalised by {rule.method}: {reason}")
        for at in columns
    ]
    hint = "correct the values or the parameters, or take another normalisation, e.g. minmax"
    raise InputError(f"{rule.method} is undefined for {len(columns)} indicators", hint=hint, findings=findings)
