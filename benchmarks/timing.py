"""Medians of repeated runs, rivals taking turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def medians(rivals: Mapping[str, Callable[[], object]], repeat: int, warm: bool = True) -> dict[str, float]:
    """The median of each rival, in seconds. They take turns, so that a slow moment of the machine meets all of them."""
    if warm:
        for work in rivals.values():
            work()
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(repeat):
        for name, work in rivals.items():
            times[name].append(seconds(work))
    return {name: median(values) for name, values in times.items()}
