"""Whether a metric fits the graph: the query's own faults, what a metric must be, and what a dataset can feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from ecosystem.errors import Finding, MetricError, QueryError, did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.metrics.metric import Metric
from ecosystem.model import load_model
from ecosystem.query import BoundQuery, Schema, bind_query, checked
from ecosystem.query.bindings import Bindings
from ecosystem.query.printer import expression_text
from ecosystem.query.traversal import AGGREGATES, aggregates, children, patterns
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    IsNull,
    LinkPattern,
    Literal,
    Minus,
    NodePattern,
    Parameter,
    PropertyOf,
    SyntaxNode,
)
from ecosystem.query.types import ARITHMETIC

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
    bound: dict[str, BoundQuery] = {}
    findings: list[Finding] = []
    for metric in metrics:
        try:
            query = checked(metric.query, schema, metric.parameter_types, metric.file)
        except QueryError as err:
            findings += err.findings
            continue
        findings += (*_columns(metric, query), *_dated(metric, query), *_arithmetic(metric))
        bound[metric.id] = query
    if findings:
        raise MetricError(tr("a metric does not fit the graph"), findings=findings)
    return bound


def _fault(metric: Metric, node: SyntaxNode, code: str, message: str, hint: str) -> Finding:
    return Finding(
        "error", code, message, metric.file, node.position.line or None, str(node.position.column), hint=hint
    )


def _columns(metric: Metric, bound: BoundQuery) -> Iterator[Finding]:
    query = metric.query
    names = tuple(item.alias for item in query.items)
    if names != COLUMNS:
        hint = tr("end with: RETURN r.id AS region, count(t) AS value")
        yield _fault(
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
        yield _fault(metric, query.items[0], "region_column", message, hint)
    if not aggregates(value):
        message = tr("value is an aggregate, not {text}", text=expression_text(value))
        yield _fault(
            metric, query.items[1], "value_column", message, tr("use count(x), count(DISTINCT x), sum(x) or avg(x)")
        )


def _dated(metric: Metric, bound: BoundQuery) -> Iterator[Finding]:
    dated, bindings, schema = metric.dated, bound.bindings, bound.schema
    if dated is None:
        return
    line, owners = dated.position.line, bindings.of(dated.variable)
    if not owners or dated.variable.startswith("_"):
        known = [p.variable for match in metric.query.matches for p in patterns(match) if p.variable]
        message = tr("dated: no node or link is called {variable}", variable=dated.variable)
        yield Finding("error", "dated_variable", message, metric.file, line, hint=did_you_mean(dated.variable, known))
        return
    look, names = (
        (schema.node_property, schema.node_properties)
        if dated.variable in bindings.nodes
        else (schema.link_property, schema.link_properties)
    )
    kinds = {look(owner, dated.name) for owner in owners} - {None}
    if kinds != {"integer"}:
        known = [name for owner in owners for name in names(owner) if look(owner, name) == "integer"]
        message = tr(
            "dated: {variable}.{name} is not a year of {owners}",
            variable=dated.variable,
            name=dated.name,
            owners=either(owners),
        )
        yield Finding("error", "dated_property", message, metric.file, line, hint=did_you_mean(dated.name, known))


def _arithmetic(metric: Metric) -> Iterator[Finding]:
    """Beyond the aggregates a value is arithmetic: what can be recomputed from the evidence."""
    pending: list[SyntaxNode] = [metric.query.items[-1].expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Call) and node.function in AGGREGATES:
            continue
        if (isinstance(node, Binary) and node.operator in ARITHMETIC) or isinstance(node, Minus):
            pending += children(node)
        elif not isinstance(node, Literal | Parameter):
            text = expression_text(cast("Expression", node))
            hint = tr("move it inside the aggregate: sum(CASE ... END)")
            yield _fault(
                metric, node, "value_column", tr("{text} stands outside the aggregates of value", text=text), hint
            )


def lacking(bound: BoundQuery, held: Schema | None = None) -> str | None:
    """Why a dataset cannot feed a metric: a label, link type or property that it does not have; None if it may.

    Only what a match needs counts: not what stands in a subquery or in IS NULL; of the choices of coalesce and OR one
    will do.
    """
    lack = _lack(bound, held or bound.schema)
    return None if lack is None else tr(_LACKING[lack[0]], names=either(lack[1]))


_LACKING = {
    "node": tr_later("the dataset has no {names} node"),
    "link": tr_later("the dataset has no {names} link"),
    "property": tr_later("the dataset has no value of {names}"),
}
_UNFED = {
    "node": tr_later("it has no {names} node"),
    "link": tr_later("it has no {names} link"),
    "property": tr_later("it has no value of {names}"),
}


def _lack(bound: BoundQuery, schema: Schema) -> tuple[str, Sequence[str]] | None:
    """What a metric needs and a dataset does not have: a node, a link or a property, and the names that would do."""
    named, bindings = bound.query, bound.bindings
    for pattern in (pattern for match in named.matches for pattern in patterns(match)):
        is_node = isinstance(pattern, NodePattern)
        kinds = bindings.of(pattern.variable)
        if kinds and not any(schema.counts.get(kind, 0) for kind in kinds):
            return "node" if is_node else "link", kinds
    for choice in _needed_properties(named):
        if not any(_present(prop, bindings, schema) for prop in choice):
            return "property", [_owned(prop, bindings) for prop in choice]
    return None


def _needed_properties(node: SyntaxNode) -> Iterator[tuple[PropertyOf, ...]]:
    """The properties that a match needs, each with the others that would do instead."""
    match node:
        case IsNull() | Case() | Exists() | CountMatches():
            return
        case Call(function="coalesce") | Binary(operator="OR"):
            # one without any property, or with IS NULL, always does
            choices = [tuple(_needed_properties(choice)) for choice in children(node)]
            if all(choices):
                yield tuple(prop for choice in choices for props in choice for prop in props)
            return
        case PropertyOf():
            yield (node,)
        case NodePattern() | LinkPattern():
            yield from ((PropertyOf(node.variable, name),) for name, _ in node.properties)
    for child in children(node):
        yield from _needed_properties(child)


def _present(prop: PropertyOf, bindings: Bindings, schema: Schema) -> bool:
    if prop.name == "id":
        return True
    held = (schema.nodes.get(owner) or schema.links.get(owner) or {} for owner in bindings.of(prop.variable))
    return any(prop.name in properties for properties in held)


def _owned(prop: PropertyOf, bindings: Bindings) -> str:
    return f"{'|'.join(bindings.of(prop.variable))}.{prop.name}"


def unfed(metric: Metric, held: Contents) -> str | None:
    """Why a source cannot feed a metric; None where it may."""
    lack = _lack(bind_query(metric.query, held.schema), held.schema)
    if lack is not None:
        return tr(_UNFED[lack[0]], names=either(lack[1]))
    for match in metric.query.matches:
        for node in match.nodes():
            if node.labels and _of_sample(node) and not any(held.sample.get(label) for label in node.labels):
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
