"""Whether a metric fits the graph: the query's own faults, what a metric must be, and what a dataset can feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ecosystem.errors import Finding, MetricError
from ecosystem.messages import either, tr, tr_later
from ecosystem.metrics.metric import METRIC, Metric
from ecosystem.model import load_model
from ecosystem.query import BoundQuery, Schema, bind_query
from ecosystem.query.currency import in_currency
from ecosystem.query.file_check import bind_files, fault, lack
from ecosystem.query.printer import expression_text
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import LinkPattern, Literal, NodePattern, PropertyOf

if TYPE_CHECKING:
    from ecosystem.imports.contents import Contents

COLUMNS = ("region", "value")


def check_metric(metric: Metric, schema: Schema | None = None) -> tuple[Finding, ...]:
    """Every fault of a metric, against the schema of a loaded dataset, or without one against the shipped model."""
    try:
        bind_metrics([metric], schema or Schema(load_model()))
    except MetricError as err:
        return err.findings
    return ()


def bind_metrics(metrics: Iterable[Metric], schema: Schema) -> dict[str, BoundQuery]:
    """The query of each metric, checked and bound, by the metric's id. Raises MetricError with the faults of all."""
    return bind_files(metrics, schema, METRIC, _columns)


def _columns(metric: Metric, bound: BoundQuery) -> Iterator[Finding]:
    query = metric.query
    names = tuple(item.alias for item in query.items)
    if names != COLUMNS:
        hint = tr("end with: RETURN r.id AS region, count(t) AS value")
        yield fault(
            metric,
            query.items[0],
            "columns",
            tr("a metric returns region, value, not {names}", names=", ".join(names)),
            hint,
        )
        return
    region, value = (item.expression for item in query.items)
    nodes = bound.bindings.nodes
    if not (isinstance(region, PropertyOf) and region.name == "id" and nodes.get(region.variable) == ("Region",)):
        message = tr("region is the id of a Region, not {text}", text=expression_text(region))
        hint = tr("RETURN r.id AS region, with (r:Region {level: $level})")
        yield fault(metric, query.items[0], "region_column", message, hint)
    if not aggregates(value):
        message = tr("value is an aggregate, not {text}", text=expression_text(value))
        yield fault(
            metric,
            query.items[1],
            "value_column",
            message,
            tr("use count(x), count(DISTINCT x), sum(x), avg(x), min(x), max(x) or another aggregate"),
        )


_UNFED = {
    "node": tr_later("it has no {names} node"),
    "link": tr_later("it has no {names} link"),
    "property": tr_later("it has no value of {names}"),
}


def unfed(metric: Metric, held: Contents) -> str | None:
    """Why a source cannot feed a metric; None where it may."""
    missing = lack(bind_query(in_currency(metric, held.schema.model).query, held.schema), held.schema)
    if missing is not None:
        return tr(_UNFED[missing[0]], names=either(missing[1]))
    located = _located(metric)
    for match in metric.query.matches:
        for node in match.nodes():
            sample = held.sample if node.variable in located else held.anywhere
            if node.labels and _of_sample(node) and not any(sample.get(label) for label in node.labels):
                return tr(
                    "none of its {labels} nodes is in the sample and in a ranked region", labels=either(node.labels)
                )
        for path in match.paths:
            for left, link, right in zip(path.nodes, path.links, path.nodes[1:], strict=False):
                if link.types and set(link.types) <= set(held.begins) and not _joined(left, link, right, held):
                    return tr(
                        "none of its {types} links joins the nodes that the metric asks for", types=either(link.types)
                    )
    return None


def _located(metric: Metric) -> set[str | None]:
    """The variables of the nodes that a metric asks for the region of."""
    return {
        left.variable
        for match in metric.query.matches
        for path in match.paths
        for left, link in zip(path.nodes, path.links, strict=False)
        if "LOCATED_IN" in link.types
    }


def _joined(left: NodePattern, link: LinkPattern, right: NodePattern, held: Contents) -> bool:
    """Whether links of a type begin and end at the labels of the pattern, one way or the other."""
    ways = {"out": [(left, right)], "in": [(right, left)], "both": [(left, right), (right, left)]}[link.direction]
    return any(
        _meets(source, held.begins[kind]) and _meets(target, held.ends[kind])
        for kind in link.types
        for source, target in ways
    )


def _meets(node: NodePattern, labels: Iterable[str]) -> bool:
    return not node.labels or not set(node.labels).isdisjoint(labels)


def _of_sample(node: NodePattern) -> bool:
    return any(name == "in_sample" and value == Literal(value=True) for name, value in node.properties)
