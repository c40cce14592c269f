"""Sobol' indices as a record, and the word on how sure an estimate is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr_later

Word: TypeAlias = Literal["converged", "rough", "not converged"]
WORDS = (tr_later("converged"), tr_later("rough"), tr_later("not converged"))
"""What is said of an estimate: its 95 % interval is at most 0.05 wide, at most 0.2, or wider."""
CONVERGED, ROUGH = 0.05, 0.2
"""Widths of the 95 % interval. The first is the limit of Sarrazin, Pianosi and Wagener (2016), section 3.1."""


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
