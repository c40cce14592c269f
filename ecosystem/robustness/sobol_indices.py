"""Sobol' indices of a function of the unit cube, by SALib: first order, total, second order, each with its interval."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.robustness.indices import SobolIndices

LOST = 0.1
"""The share of the base sample that may be undefined; with more lost the inputs would no longer be independent."""


def sample_size(base: int, inputs: int) -> int:
    """How many evaluations a base sample takes (Saltelli 2002)."""
    return base * (2 * inputs + 2)


def power_of_two(count: int) -> int:
    """The least power of two that is not below a number: a Sobol' sequence is balanced there."""
    return 1 << max(count - 1, 1).bit_length()


def sobol_indices(
    function: Callable[[FloatArray], FloatArray], inputs: Sequence[tuple[str, int]], base: int, seed: int
) -> SobolIndices:
    """The indices of `function`, which gives `(n,)` for points `(n, dimensions)` uniform on the unit cube.

    `inputs` are names and how many of the dimensions each has: an input of several is taken as one. `base` is a power
    of two. A value that is NaN is undefined: its part of the base sample is left out and counted. First-order and total
    by the estimators of Saltelli et al. (2010), second by Saltelli (2002), intervals by bootstrap, all of SALib.

    UsageError for fewer than two inputs; InputError where more than a tenth of the base sample is undefined.
    """
    names = tuple(name for name, _ in inputs)
    if len(names) < 2:
        message = tr("sensitivity divides the variance between choices, and there is one choice alone")
        raise UsageError(message, hint=tr("let two things vary or more: --vary weights:0.25 normalise:minmax,zscore"))
    problem = _problem(inputs)
    points = sampling.sample(problem, base, calc_second_order=True, seed=seed)
    values = np.asarray(function(points), dtype=np.float64).reshape(base, -1)
    sound = ~np.isnan(values).any(axis=1)
    lost = int(base - sound.sum())
    if lost > LOST * base:
        message = tr("{lost} of {base} points of the sample meet an undefined value", lost=lost, base=base)
        raise InputError(message, hint=tr("take out the alternative that is undefined: `robustness --vary` names it"))
    first, first_half, total, total_half, second, second_half = _estimated(problem, values[sound], len(names), seed)
    return SobolIndices(
        names, first, first_half, total, total_half, second, second_half, int(sound.sum()), lost, len(points)
    )


def _problem(inputs: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """The problem as SALib describes it: every dimension on [0, 1], grouped by input."""
    groups = [name for name, size in inputs for _ in range(size)]
    return {
        "num_vars": len(groups),
        "names": [f"x{at}" for at in range(len(groups))],
        "bounds": [[0.0, 1.0]] * len(groups),
        "groups": groups,
    }


def _estimated(problem: dict[str, Any], values: FloatArray, count: int, seed: int) -> tuple[FloatArray, ...]:
    if np.ptp(values) == 0:
        gap = np.full(count, np.nan)
        square = np.full((count, count), np.nan)
        return gap, gap, gap, gap, square, square
    with warnings.catch_warnings():
        # a resample of a rank that hardly ever moves may be constant
        warnings.filterwarnings("ignore", "Constant values", UserWarning)
        # a seed of 0 is none to SALib
        found = analysis.analyze(problem, values.ravel(), calc_second_order=True, num_resamples=200, seed=seed + 1)
    return tuple(np.asarray(found[key]) for key in ("S1", "S1_conf", "ST", "ST_conf", "S2", "S2_conf"))
