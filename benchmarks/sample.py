"""Run alone: the entities of the sample drawn anew, 1,000 times; beside the same draws one by one in pandas. JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from benchmarks.audit import scored
from benchmarks.graph import HERE
from benchmarks.memory import peak
from benchmarks.timing import seconds
from ecosystem.dataset import read_dataset
from ecosystem.index import evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import AuditedGraph
from ecosystem.metrics.matches import Matches
from ecosystem.query.recompute import evaluate as evaluate_value
from ecosystem.query.recompute import value_codes
from ecosystem.query.tree import Call
from ecosystem.robustness import Resampling, resample
from ecosystem.scoring import Scores
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize

DRAWS, BY_HAND = 1000, 10
"""Draws, and those that are made in pandas: the time of all is extrapolated from them."""


def measure_sample(folder: Path, links: int) -> dict[str, Any]:
    """The figures of a synthesized dataset with so many links, out of a process of its own."""
    data, store = folder / f"sample-{links}", folder / "sample.duckdb"
    synthesize(data, companies=links * 49 // 200, links=links, seed=1, format="parquet")
    graph = open_store(store, create=True)
    graph.load(read_dataset(data).dataset)
    graph.close()
    command = [sys.executable, "-m", "benchmarks.sample", str(store)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"links": links, "draws": DRAWS, "by_hand": BY_HAND}


def main() -> None:
    store = open_store(Path(sys.argv[1]))
    scores = scored(store)
    before, results = peak(), list[Resampling]()
    times = {"draws_seconds": seconds(lambda: results.append(resample(scores, draws=DRAWS)))}
    times["sets"] = seconds(results[0].regions)
    sizes = {"entities": len(results[0].sample), "before_bytes": before, "peak_bytes": peak()}
    naive = seconds(lambda: by_hand(scores, results[0]))
    store.close()
    print(json.dumps(times | sizes | {"naive": naive / BY_HAND * DRAWS}))


def by_hand(scores: Scores, found: Resampling) -> None:
    """Make the first draws one by one: weights joined to the matches of each metric, sums by groups, everything scored.

    The matches are read beforehand. Stops unless the scores are those of the batch.
    """
    assert scores.graph is not None
    graph = AuditedGraph(scores.graph, scores.standing.regions, scores.window)
    frames = {}
    for place, leaf in enumerate(scores.index.leaves):
        matches = scores.sources[leaf.code].matches(graph)
        assert isinstance(matches, Matches)
        frames[place] = matches, _frame(matches)
    drawn = (times[:, at] for times in found.sample.multiplicities(BY_HAND, found.seed) for at in range(times.shape[1]))
    for number, times in enumerate(islice(drawn, BY_HAND)):
        weights = pd.Series(times, index=found.sample.codes, name="times")
        values = np.column_stack([_values(*frames[place], weights, len(graph.regions)) for place in frames])
        scored_anew = evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary)
        np.testing.assert_allclose(scored_anew.overall, found.overall[number], atol=1e-9)


def _frame(matches: Matches) -> pd.DataFrame:
    columns: dict[str, Any] = {"region": matches.regions, "owner": matches.nodes[matches.owner]}
    for place, (call, column) in enumerate(zip(matches.query.aggregates, matches.arguments, strict=True)):
        if column is not None:
            plain = pc.is_valid(column).to_numpy() if call.function == "count" else column.to_numpy()
            columns[f"arg{place}"] = value_codes(column) if call.distinct else plain.astype(float)
    return pd.DataFrame(columns)


def _values(matches: Matches, frame: pd.DataFrame, weights: pd.Series[float], regions: int) -> FloatArray:
    """The values (R,) of a metric whose matches count as often as their owner is drawn."""
    frame = frame.join(weights, on="owner").fillna({"times": 1.0})
    totals: dict[Call, FloatArray] = {}
    for place, call in enumerate(matches.query.aggregates):
        name = f"arg{place}"
        if not call.arguments:
            sums = frame.groupby("region")["times"].sum()
        elif call.distinct:
            known = frame[frame[name] >= 0]
            sums = known.groupby(["region", name])["times"].mean().groupby(level=0).sum()
        else:
            there = frame.dropna(subset=[name])
            sums = (there[name] * there["times"]).groupby(there["region"]).sum()
            if call.function == "avg":
                sizes = there.groupby("region")["times"].sum()
                sums = sums / sizes.where(sizes > 0)
        empty = np.nan if call.function == "avg" else 0.0
        totals[call] = sums.reindex(range(regions), fill_value=empty).to_numpy(dtype=float)
    return evaluate_value(matches.query.value, totals, matches.parameters, regions)


if __name__ == "__main__":
    main()
