"""Run alone: every company out, one at a time; one out; a score walked back; beside the naive way. Prints JSON."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.graph import HERE
from benchmarks.memory import peak
from benchmarks.timing import in_turns, seconds
from ecosystem.audit import explain, knock_out_each, knockout
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.dataset import read_dataset
from ecosystem.index import Index, IndexScores, Indicator, Level, Source, Text, evaluate, load_index
from ecosystem.index.arrays import FloatArray
from ecosystem.metrics import Metric, load_metrics, parse_metric
from ecosystem.metrics.matches import Matches
from ecosystem.query.recompute import aggregate
from ecosystem.query.recompute import evaluate as evaluate_value
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore, open_store, stored_regions
from ecosystem.synthetic.synthesize import synthesize

CITIES = 338
SAMPLE = 200
"""Companies that are taken out the naive way; the time of all is extrapolated from them."""
ONE_MORE = """// title: Patents of companies | 企业专利数
// definition: Sum of the patents of the companies of the sample | 样本企业的专利数之和
// unit: patents
// dated: none
// source: this benchmark, for a 25th indicator
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(c.patents) AS value
"""


def measure_audit(folder: Path, links: int) -> dict[str, Any]:
    """The figures of a synthesized dataset with so many links, and about a company for every four, out of a process."""
    data, store = folder / f"audit-{links}", folder / "audit.duckdb"
    synthesize(data, companies=links * 49 // 200, links=links, seed=1, format="parquet")
    graph = open_store(store, create=True)
    graph.load(read_dataset(data).dataset)
    graph.close()
    command = [sys.executable, "-m", "benchmarks.audit", str(data), str(store)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"links": links, "sample": SAMPLE}


def main() -> None:
    folder, path = Path(sys.argv[1]), Path(sys.argv[2])
    store = open_store(path)
    scores = scored(store)
    found: dict[str, Any] = {
        "companies": store.schema.counts["Company"],
        "indicators": len(scores.index.leaves),
        "cities": len(scores.standing.regions),
        "score": seconds(lambda: scored(store)),
    }
    tables: list[pd.DataFrame] = []
    found["all"] = seconds(lambda: tables.append(knock_out_each(scores, "Company").table))
    found["peak_bytes"] = peak()
    found["naive_sample"] = naive(scores, tables[0])
    found["naive_all"] = found["naive_sample"] / SAMPLE * found["companies"]
    region = scores.standing.regions[int(scores.standing.overall.argmax())]
    entity = str(tables[0]["entity"].iloc[0])
    found |= in_turns(
        {
            "knockout": lambda: knockout(scores, [entity]),
            "explain": lambda: explain(scores, region),
            "explain_links": lambda: explain(scores, region).links,
            "explain_rows": lambda: explain(scores, region).rows(folder),
        },
        5,
    )
    store.close()
    print(json.dumps(found))


def scored(store: GraphStore) -> Scores:
    """The scores of cities by the 24 indicators of CINGAI and one more."""
    metric = parse_metric(ONE_MORE, "company_patents.cypher")
    metrics: dict[str, Metric] = load_metrics() | {metric.id: metric}
    return score(city_index(store, metric.id), store, level="city", metrics=metrics)


def city_index(store: GraphStore, more: str) -> Index:
    """The index with one more indicator, for cities."""
    index = load_index("cingai-2023")
    cities = [region.id for region in stored_regions(store).at("city") if region.country == "CN"][:CITIES]
    parent = index.leaves[0].parent
    row = Indicator(more, parent, 1, Text(more, more), 1, 0.05, "assumed", "patents", Source("metric", more))
    levels = {"city": Level("city", tuple(cities))}
    return dataclasses.replace(index, levels=levels, indicators=(*index.indicators, row))


def naive(scores: Scores, table: pd.DataFrame) -> float:
    """Seconds of scoring anew without each of the sample, from evidence that is read beforehand and not counted.

    Stops unless score change and ranks moved are those of the table.
    """
    audit = AuditedScores(scores)
    matches = {place: rows for place in audit.places if isinstance(rows := audit.matches(place), Matches)}
    chosen = table.iloc[np.linspace(0, len(table) - 1, SAMPLE, dtype=int)]
    codes = [int(audit.graph.store.entities.find([entity], ["Company"])[0]) for entity in chosen["entity"]]
    after: list[IndexScores] = []
    taken = seconds(lambda: after.extend(without(scores, matches, code) for code in codes))
    base = scores.standing
    changes = np.array([(one.overall - base.overall).min() for one in after])
    moved = np.array([(one.overall_rank != base.overall_rank).sum() for one in after])
    np.testing.assert_allclose(changes, chosen["score_change"], atol=1e-9)
    np.testing.assert_array_equal(moved, chosen["moved"])
    return taken


def without(scores: Scores, matches: dict[int, Matches], code: int) -> IndexScores:
    """The scores without a company: its matches dropped, every value aggregated and everything evaluated anew."""
    values = scores.standing.raw.copy()
    for place, rows in matches.items():
        values[:, place] = _column(rows, code, len(values))
    return evaluate(scores.index, values, level=scores.level)


def _column(matches: Matches, code: int, regions: int) -> FloatArray:
    kept = np.ones(len(matches), dtype=bool)
    for codes in matches.nodes.values():
        kept &= codes != code
    left = matches.only(np.flatnonzero(kept))
    totals = {
        call: aggregate(call, column, left.regions, regions)
        for call, column in zip(left.query.aggregates, left.arguments, strict=True)
    }
    return evaluate_value(left.query.value, totals, left.parameters, regions)


if __name__ == "__main__":
    main()
