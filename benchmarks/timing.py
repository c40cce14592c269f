"""Times of repeated runs, rivals taking turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

Times = dict[str, list[float]]
"""The seconds of every run of each rival."""


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes; what earlier runs have left behind is collected first."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turns(rivals: Mapping[str, Callable[[], object]], repeat: int, warm: bool = True) -> Times:
    """Every time of each rival. They take turns, so that a slow moment of the machine meets all of them."""
    if warm:
        for work in rivals.values():
            work()
    times: Times = {name: [] for name in rivals}
    for _ in range(repeat):
        for name, work in rivals.items():
            times[name].append(seconds(work))
    return times
