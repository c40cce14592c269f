"""What the metrics of a twin are to say of each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecosystem.synthetic.draws import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is wanted of each of P places: by metric the values (P,), NaN where it has none; `year` is the last one."""

    seed: int
    places: int
    values: Mapping[str, Floats]
    year: int

    def has(self, *metrics: str) -> bool:
        """Whether any of these metrics is asked for."""
        return any(metric in self.values for metric in metrics)

    def of(self, metric: str) -> Floats:
        """The values (P,) of a metric, 0 where none is wanted or none is given."""
        return np.nan_to_num(self.values.get(metric, np.zeros(self.places)))

    def whole(self, metric: str, times: float = 1) -> Ints:
        """The values of a metric as whole numbers, times so much."""
        return np.rint(self.of(metric) * times).astype(np.int64)
