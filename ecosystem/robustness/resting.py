"""What a score rests on that is less sure: imputed and missing values, matches without a year, rows of one source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.dataset.dataset import folder_name
from ecosystem.dataset.origins import told_by_one_source
from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import AuditedGraph, SourceMatches
from ecosystem.metrics.measure import measure_one
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.scoring import Scores


def resting(scores: Scores) -> pd.DataFrame:
    """A row per region: the shares (0 to 1) of its points that rest on what is less sure.

    `rests_imputed`: points of imputed values; `rests_missing`: weight without a value; `rests_undated`: points in
    proportion to the matches without a year that are counted; `rests_one_source`: likewise to those whose organisation
    one source alone tells, NaN where the dataset was not imported or its folder is not there.
    """
    standing = scores.standing
    points = np.abs(np.where(standing.excluded[:, None], 0.0, standing.weighted))
    whole = points.sum(axis=1)
    undated, single = _of_matches(scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {
            "imputed": (points * standing.imputed).sum(axis=1) / whole,
            "missing": 1 - standing.coverage,
            "undated": (points * undated).sum(axis=1) / whole,
            "one_source": np.full(len(whole), np.nan) if single is None else (points * single).sum(axis=1) / whole,
        }
    return pd.DataFrame({"region": standing.regions, **{f"rests_{name}": share for name, share in shares.items()}})


def _of_matches(scores: Scores) -> tuple[FloatArray, FloatArray | None]:
    """The shares (R, K) of each value that undated matches bring, and those that one source alone tells."""
    shape = scores.standing.raw.shape
    undated, single = np.zeros(shape), np.zeros(shape)
    if scores.graph is None:
        return undated, None
    graph = AuditedGraph(scores.graph, scores.standing.regions, scores.window)
    told = _sources(scores)
    for at, leaf in enumerate(scores.index.leaves):
        source = scores.sources[leaf.code]
        if not isinstance(source, MetricSource) or source.no_matches is not None:
            continue
        matches = source.matches(graph)
        count = np.bincount(matches.regions, minlength=shape[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            undated[:, at] = np.nan_to_num(_without_year(scores, source) / count)
        if told is not None:
            single[:, at] = _told_once(graph, matches, told)
    return np.minimum(undated, 1.0), None if told is None else single


def _without_year(scores: Scores, source: MetricSource) -> FloatArray:
    """How many matches without a year are counted in each region (R,): under a window a flow leaves them out."""
    regions, window = scores.standing.regions, scores.window
    if source.metric.dated is None or (source.metric.dating == "flow" and window.given):
        return np.zeros(len(regions))
    found = measure_one(source.store, source.metric, source.query, source.level, window, source.level_regions)[1]
    counts = found.set_index("region")["undated"].reindex(list(regions)).fillna(0)
    return np.asarray(counts, dtype=np.float64)


def _told_once(graph: AuditedGraph, matches: SourceMatches, told: Mapping[str, frozenset[str]]) -> FloatArray:
    """The share (R,) of the matches, weighed as the value is, whose organisation one source alone tells."""
    count = len(graph.regions)
    found = matches.shares(count)
    size = np.ones(len(matches)) if found is None else np.abs(found[0])
    kinds = matches.kinds[matches.owner]
    known = graph.store.entities.known(matches.nodes[matches.owner], list(kinds))
    labels = graph.store.schema.model.labels
    alone = np.zeros(len(known), np.bool_)
    for kind in kinds:
        alone |= (known["kind"] == kind).to_numpy() & known["id"].isin(told.get(labels[kind].table, ())).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.bincount(matches.regions, size * alone, minlength=count) / np.bincount(
            matches.regions, size, minlength=count
        )
    return np.nan_to_num(shares)


def _sources(scores: Scores) -> dict[str, frozenset[str]] | None:
    """What one source alone tells, by table, from the folder of the dataset, here or beside the store."""
    name = folder_name(scores.dataset.name)
    places = [Path(name), *([] if "://" in scores.store else [Path(scores.store).parent / name])]
    folder = next((place for place in places if name and place.is_dir()), None)
    return None if folder is None else told_by_one_source(folder)
