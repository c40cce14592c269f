"""Draws of rules and weights beside the honest rival: the same draws one by one through `score`, digits compared."""

from __future__ import annotations

import tempfile
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.index import made_up_index
from benchmarks.timing import in_turns
from ecosystem.index.files.value_files import read_values
from ecosystem.index.rules import Aggregation
from ecosystem.robustness import robustness
from ecosystem.scoring import Scores, score

VARY = ("weights:0.25", "normalise:minmax,zscore", "aggregate:amean,gmean", "treat:on,off")
FEW, MANY, ALONE = 1000, 10_000, 20
"""Draws of the two goals, and how many the rival does."""


def measure_draws(repeat: int) -> dict[str, Any]:
    """Seconds of 1,000 and 10,000 draws of four choices, of the rival's few, and the peak of memory in bytes."""
    scores = _made_up_scores()
    found = robustness(scores, VARY, FEW)
    some = np.flatnonzero(found.drawn.defined)[:ALONE].tolist()

    def one_by_one() -> None:
        for number in some:
            alone = score(found.index_of(number), values=scores.table)
            np.testing.assert_array_equal(alone.standing.overall, found.drawn.scores[number])

    times = in_turns(
        {
            "few": lambda: robustness(scores, VARY, FEW),
            "many": lambda: robustness(scores, VARY, MANY),
            "one_by_one": one_by_one,
        },
        repeat,
    )
    tracemalloc.start()
    robustness(scores, VARY, MANY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"times": times, "peak_bytes": peak, "undefined": len(found.drawn.undefined)}


def _made_up_scores() -> Scores:
    """338 regions x 25 indicators x 3 levels, log-normal, arithmetic means."""
    index = replace(made_up_index(), aggregation=Aggregation("amean", "global"))
    codes, names = [leaf.code for leaf in index.leaves], index.level("city").regions
    values = np.random.default_rng(1).lognormal(size=(len(names), len(codes)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "values.csv"
        pd.DataFrame(values, columns=codes).assign(region=names).to_csv(file, index=False)
        return score(index, values=read_values(file))
