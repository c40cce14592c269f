"""Draws of rules and weights beside the same draws one by one; weight space beside a program for each region."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchmarks.index import made_up_index
from benchmarks.timing import in_turns
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_files import read_values
from ecosystem.index.rules import Aggregation
from ecosystem.robustness import robustness
from ecosystem.robustness.part_scores import part_scores
from ecosystem.robustness.weight_space import weight_space
from ecosystem.scoring import Scores, score

VARY = ("weights:0.25", "normalise:minmax,zscore", "aggregate:amean,gmean", "treat:on,off")
FEW, MANY, ALONE = 1000, 10_000, 20
"""Draws of the two goals, and how many the rival does."""


def measure_draws(repeat: int) -> dict[str, Any]:
    """Seconds of 1,000 and 10,000 draws of four choices, of the rival's few, and the peak of memory in bytes.

    Then of the weight space of the pillars with 10,000 draws, and of a linear program for each of its regions alone.
    """
    scores = _made_up_scores()
    found = robustness(scores, VARY, FEW)
    some = np.flatnonzero(found.drawn.defined)[:ALONE].tolist()

    def one_by_one() -> None:
        for number in some:
            alone = score(found.index_of(number), values=scores.table)
            np.testing.assert_array_equal(alone.standing.overall, found.drawn.scores[number])

    margins = [place.margin for place in weight_space(scores).places if place is not None]

    def all_programs() -> None:
        parts, _ = part_scores(scores, scores.index.depth - 1)
        np.testing.assert_allclose(list(program_for_each(parts)), margins, atol=1e-6)

    times = in_turns(
        {
            "few": lambda: robustness(scores, VARY, FEW),
            "many": lambda: robustness(scores, VARY, MANY),
            "one_by_one": one_by_one,
            "space": lambda: weight_space(scores),
            "programs": all_programs,
        },
        repeat,
    )
    tracemalloc.start()
    robustness(scores, VARY, MANY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"times": times, "peak_bytes": peak, "undefined": len(found.drawn.undefined)}


def program_for_each(parts: FloatArray) -> Iterator[float]:
    """The greatest lead of each region by a linear program of its own against all others (scipy, HiGHS)."""
    count, n = parts.shape
    for region in range(count):
        others = np.delete(parts, region, axis=0)
        behind = np.column_stack([others - parts[region], np.ones(count - 1)])
        goal, one = np.r_[np.zeros(n), -1.0], np.r_[np.ones(n), 0.0][None]
        bounds = [(0.0, 1.0)] * n + [(None, None)]
        found = linprog(goal, A_ub=behind, b_ub=np.zeros(count - 1), A_eq=one, b_eq=[1.0], bounds=bounds)
        yield float(np.asarray(found.x)[-1])


def _made_up_scores() -> Scores:
    """338 regions x 25 indicators x 3 levels, log-normal, arithmetic means."""
    index = replace(made_up_index(), aggregation=Aggregation("amean", "global"))
    codes, names = [leaf.code for leaf in index.leaves], index.level("city").regions
    values = np.random.default_rng(1).lognormal(size=(len(names), len(codes)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "values.csv"
        pd.DataFrame(values, columns=codes).assign(region=names).to_csv(file, index=False)
        return score(index, values=read_values(file))
