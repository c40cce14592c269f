"""The formulas that bring indicators of any unit onto one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, Span, mean_and_sd, span_of


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Normalised values `(..., regions, indicators)`, NaN where missing, and what they were scaled by.

    `minimum`, `maximum` and `constant` are `(..., indicators)`; the first two are NaN where all values are missing.
    """

    values: FloatArray
    minimum: FloatArray
    maximum: FloatArray
    constant: BoolArray


def minmax(
    values: FloatArray, directions: FloatArray, lower: float = 0.0, upper: float = 100.0, span: Span | None = None
) -> Scaled:
    """Every column of `(..., regions, indicators)` on `lower` .. `upper`, over the values that are present.

    score = lower + (x - min) / (max - min) * (upper - lower), and (max - x) for direction -1. The worst region gets
    `lower` and the best `upper`, both exactly. A constant column carries no order: its present values all get `lower`,
    and it is marked (OECD/JRC leaves it undefined; COINr gives NaN). NaN stays NaN. Values must be finite.

    UNDP, Human Development Report, technical notes (the dimension index of the HDI); OECD/JRC (2008), Handbook on
    Constructing Composite Indicators, step 5.
    """
    span = span or span_of(values)
    worst = np.where(directions > 0, span.minimum, span.maximum)
    # the sign of the span turns a direction of -1; a constant column divides by infinity and so scores 0
    step = np.where(span.constant, np.inf, (span.maximum - span.minimum) * directions)
    scaled = values - worst[..., None, :]
    scaled /= step[..., None, :]
    scaled *= upper - lower
    scaled += lower  # also makes -0.0, of the worst region under direction -1, plain 0.0
    return Scaled(scaled, span.minimum, span.maximum, span.constant)


def zscore(values: FloatArray, directions: FloatArray, mean: float = 0.0, sd: float = 1.0) -> FloatArray:
    """(x - mean) / sd of every column, sd of the sample, moved to `mean` and `sd`; direction -1 turns the sign.

    A constant column, and a column of one value, has `mean` throughout. OECD/JRC (2008), step 5; COINr `n_zscore`.
    """
    centre, spread = mean_and_sd(values)
    flat = span_of(values).constant | ~(spread > 0)
    step = np.where(flat, np.inf, spread) * directions
    scores: FloatArray = (values - centre[..., None, :]) / step[..., None, :] * sd + mean
    return scores


def fraction_of_best(values: FloatArray, directions: FloatArray) -> FloatArray:
    """x / max, and min / x where less is better: 1 for the best region. NaN throughout where that is undefined.

    It is a ratio, so it needs positive values: a column with a maximum of 0 or less, a negative value, or a 0 where
    less is better has no scores. COINr `n_fracmax` takes the maximum of the negated column for direction -1, which
    gives the worst region the highest score; this is the ratio to the best (pymcdm `linear_normalization`).
    """
    span = span_of(values)
    up = directions > 0
    sound = (span.minimum >= 0) & np.where(up, span.maximum > 0, span.minimum > 0)
    best = np.where(up, span.maximum, span.minimum)[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(up, values / best, best / values)
    fractions: FloatArray = np.where(sound[..., None, :], ratio, np.nan)
    return fractions


def to_reference(values: FloatArray, directions: FloatArray, reference: int, *, cap: bool = False) -> FloatArray:
    """(x - worst) / (reference - worst): 0 for the worst region, 1 for the region in row `reference`; over 1 if better.

    `cap` makes 1 the best score. NaN throughout where the reference region is the worst itself or has no value. COINr
    `n_dist2ref`.
    """
    span = span_of(values)
    worst = np.where(directions > 0, span.minimum, span.maximum)
    return _towards(values, worst, values[..., reference, :], directions, cap)


def to_target(values: FloatArray, directions: FloatArray, targets: FloatArray, *, cap: bool = False) -> FloatArray:
    """(x - worst) / (target - worst): 0 for the worst region, 1 at the target `(indicators,)`, in the indicator's unit.

    `cap` makes 1 the best score. NaN throughout where the target is no better than the worst region: the order would
    turn (COINr `n_dist2targ` warns and gives negative scores).
    """
    span = span_of(values)
    worst = np.where(directions > 0, span.minimum, span.maximum)
    return _towards(values, worst, np.broadcast_to(targets, worst.shape), directions, cap)


def _towards(values: FloatArray, worst: FloatArray, goal: FloatArray, directions: FloatArray, cap: bool) -> FloatArray:
    way = np.where((goal - worst) * directions > 0, goal - worst, np.nan)
    scores: FloatArray = (values - worst[..., None, :]) / way[..., None, :]
    return np.minimum(scores, 1.0) if cap else scores


def goalposts(
    values: FloatArray,
    directions: FloatArray,
    posts: tuple[FloatArray, FloatArray],
    factor: float = 100.0,
    *,
    cap: bool = True,
) -> FloatArray:
    """(x - lower) / (upper - lower) * factor between fixed posts `(indicators,)`, (upper - x) where less is better.

    The posts are in the indicator's own unit whatever the direction; `cap` holds scores between 0 and `factor`. COINr
    `n_goalposts` with `trunc2posts`; without `cap`, `n_scaled` as `use_iMeta` calls it (called bare, that function does
    not look at the direction).
    """
    lower, upper = posts
    worst = np.where(directions > 0, lower, upper)
    scores: FloatArray = (values - worst) / ((upper - lower) * directions)
    return (np.clip(scores, 0.0, 1.0) if cap else scores) * factor


def around_reference(
    values: FloatArray, directions: FloatArray, references: FloatArray, lower: float = 70.0, upper: float = 130.0
) -> FloatArray:
    """Scores on `lower` .. `upper` round a reference value `(indicators,)` that scores the middle of the two.

    The posts are reference - d and reference + d, d half the span of the present values; scores may lie outside. This
    is the scale of the adjusted Mazziotta-Pareto index (Mazziotta and Pareto 2016; Compind `ci_ampi`). Over a panel,
    give all years at once. A constant column has the middle throughout.
    """
    span = span_of(values)
    half = np.where(span.constant, np.inf, (span.maximum - span.minimum) / 2)
    middle = (lower + upper) / 2
    off = (values - references) * directions / half[..., None, :]
    return off * (upper - lower) / 2 + middle
