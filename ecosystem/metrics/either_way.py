"""What a metric would be if what is not known of its matches were so or otherwise: their year, or where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import Window
from ecosystem.metrics.contributions import adding, looks_at_region
from ecosystem.metrics.measure import parameters_of, totals
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.query import BoundQuery, bind_query
from ecosystem.query.provenance import windowed_either_way
from ecosystem.query.statement_tree import Query
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import patterns, walk
from ecosystem.query.tree import (
    Binary,
    Exists,
    LinkPattern,
    Match,
    Minus,
    NodePattern,
    Not,
    PathPattern,
    PropertyOf,
    Variable,
)


def grows(source: MetricSource, window: Window) -> bool:
    """True where one more match never lowers the value: counts, and sums of amounts that are not negative.

    False for means, ratios, differences, and where matches do not tell (a negated or counted subquery).
    """
    bound, parameters = source.query, parameters_of(source.metric, source.level, window)
    falls = any(
        isinstance(part, Minus) or (isinstance(part, Binary) and part.operator == "-") for part in walk(bound.value)
    )
    return source.metric.provenance != "recompute" and not falls and adding(bound, parameters) != "none"


def dated_either_way(
    source: MetricSource, regions: Sequence[str], window: Window
) -> tuple[FloatArray, FloatArray] | None:
    """The values (R,) without any match that has no year, and with all of them, as if each were inside the window.

    None where the metric has no date, no window is given, or one more match does not simply add to the value.
    """
    metric = source.metric
    if metric.dated is None or metric.dating == "none" or not window.given or not grows(source, window):
        return None
    ends = [
        windowed_either_way(source.query, metric.dating, metric.dated, window.since, window.until, counted=counted)
        for counted in (False, True)
    ]
    low, high = (_by_region(source, bound, regions, window) for bound in ends)
    return low, high


def unlocated(source: MetricSource, window: Window) -> float | None:
    """What the matches of those would add to a region's value that are in no region; matches without a year count.

    None where that cannot be told: the location is no MATCH of its own, the metric looks at the region otherwise, or
    one more match does not simply add to the value.
    """
    metric, query = source.metric, source.metric.query
    chain = next((match for match in query.matches if _is_location(match)), None)
    if chain is None or not grows(source, window) or looks_at_region(source.query):
        return None
    owner = chain.paths[0].nodes[0].variable
    others = [match for match in query.matches if match is not chain]
    at = next((i for i, match in enumerate(others) if any(part.variable == owner for part in patterns(match))), None)
    region = chain.paths[0].nodes[-1].variable
    if at is None or not owner or any(_names(part, region) for match in others for part in walk(match)):
        return None
    here = PathPattern((NodePattern(owner), NodePattern("", ("Region",))), (LinkPattern("", ("LOCATED_IN",)),))
    nowhere = Not(Exists((Match((here,)),)))
    where = others[at].where
    others[at] = replace(others[at], where=nowhere if where is None else Binary("AND", where, nowhere))
    bound = bind_query(Query(tuple(others), query.items[-1:]), source.query.schema, metric.parameter_types)
    if metric.dated is not None and metric.dating != "none" and window.given:
        bound = windowed_either_way(bound, metric.dating, metric.dated, window.since, window.until, counted=True)
    table = source.store.query(bound, parameters_of(metric, source.level, window)).read_all()
    values = table["value"].cast(pa.float64(), safe=False).to_pylist()
    return float(values[0] or 0.0) if values else 0.0


def _names(part: SyntaxNode, variable: str) -> bool:
    """Whether a piece of a query speaks of a variable."""
    match part:
        case PropertyOf() | NodePattern():
            return part.variable == variable
        case Variable():
            return part.name == variable
        case _:
            return False


def _is_location(match: Match) -> bool:
    """True for `(x)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region ...)` alone."""
    if len(match.paths) != 1 or match.where is not None:
        return False
    return [link.types for link in match.paths[0].links] == [("LOCATED_IN",), ("WITHIN",)]


def _by_region(source: MetricSource, bound: BoundQuery, regions: Sequence[str], window: Window) -> FloatArray:
    """The values (R,); 0 where nothing matches, since counts and sums alone are asked for."""
    table = totals(source.store, bound, parameters_of(source.metric, source.level, window))
    numbers = table["value"].cast(pa.float64(), safe=False).to_pylist()
    found = dict(zip(table["region"].to_pylist(), numbers, strict=True))
    values = np.array([found.get(region, 0.0) for region in regions], dtype=np.float64)
    return np.where(np.isfinite(values), values, 0.0)
