"""An index over any metrics, and scores of a graph by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ecosystem.dataset import Dataset
from ecosystem.index import Group, Index, Indicator, Level, Source, Text, load_index
from ecosystem.metrics import Metric
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore


def metric_index(
    sources: Sequence[Source], regions: Sequence[str], *, level: str = "province", reverse: Sequence[str] = ()
) -> Index:
    """An index of two pillars; weights differ, and less is better of the indicators in `reverse`."""
    weights = [number + 1 for number in range(len(sources))]
    total = sum(weights)
    rows = [
        _row(source.name, f"p{at % 2}", 1, weights[at] / total, -1 if source.name in reverse else 1, source)
        for at, source in enumerate(sources)
    ]
    for pillar in ("p0", "p1"):
        rows.append(_row(pillar, "top", 2, sum(row.weight for row in rows if row.parent == pillar)))
    rows.append(_row("top", None, 3, 1.0))
    groups = (Group("group:two", Text("圈", "two"), tuple(regions[:2])),) if len(regions) > 2 else ()
    levels = {level: Level(level, tuple(regions), "sum" if groups else None, groups)}
    return replace(load_index("cingai-2023"), id="test", levels=levels, indicators=tuple(rows), gaps=())


def _row(
    code: str, parent: str | None, level: int, weight: float, direction: int = 1, source: Source | None = None
) -> Indicator:
    return Indicator(code, parent, level, Text(f"{code} 中", code), direction, weight, "assumed", "", source)


def scored(store: GraphStore, dataset: Dataset, index: Index, metrics: Mapping[str, Metric]) -> Scores:
    """The scores of a dataset, which becomes the content of the store."""
    store.load(dataset)
    return score(index, store, metrics=metrics)
