"""Sobol' indices of a function of the unit cube, by SALib: first order, total, second order, each with its interval."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr, tr_later

Word: TypeAlias = Literal["converged", "rough", "not converged"]
WORDS = (tr_later("converged"), tr_later("rough"), tr_later("not converged"))
"""What is said of an estimate: its 95 % interval is at most 0.05 wide, at most 0.2, or wider."""
CONVERGED, ROUGH = 0.05, 0.2
"""Widths of the 95 % interval. The first is the limit of Sarrazin, Pianosi and Wagener (2016), section 3.1."""
LOST = 0.1
"""The share of the base sample that may be undefined; with more lost the inputs would no longer be independent."""


@dataclass(frozen=True, slots=True, eq=False)
class SobolIndices:
    """Indices of G inputs: `first`, `total` (G,), `second` (G, G) above the diagonal; `_half` is half of an interval.

    `base`: the points of the base sample that were used, `lost` those that an undefined value has cost; `evaluations`
    how often the function was asked. All are NaN where the function is constant.
    """

    names: tuple[str, ...]
    first: FloatArray
    first_half: FloatArray
    total: FloatArray
    total_half: FloatArray
    second: FloatArray
    second_half: FloatArray
    base: int
    lost: int
    evaluations: int

    @property
    def above_total(self) -> BoolArray:
        """Where a first-order index lies above its total, which no true one does: the noise of a small sample."""
        above: BoolArray = self.first > self.total
        return above

    @property
    def words(self) -> list[Word]:
        """The word on the wider interval of each input's two."""
        return [word_on(2 * half) for half in np.maximum(self.first_half, self.total_half).tolist()]


def word_on(width: float) -> Word:
    """The word on an interval of this width."""
    return "converged" if width <= CONVERGED else "rough" if width <= ROUGH else "not converged"


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
