"""What Cypher has and a question or a metric has not: each with its place, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecosystem.errors import Finding, did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.query.pattern_scope import misused_patterns
from ecosystem.query.schema import Schema
from ecosystem.query.statement_tree import CallProcedure, Item, Query, Statement
from ecosystem.query.syntax import LabelExpression, LabelName, SyntaxNode
from ecosystem.query.traversal import walk
from ecosystem.query.tree import (
    Call,
    LabelTest,
    LinkPattern,
    NodePattern,
    PathPattern,
    PatternComprehension,
    StatementNode,
    Subquery,
    TypeTest,
)

_Fault = tuple[SyntaxNode, str, str, str | None]
"""Where, the code, the sentence, and the next step."""
BEYOND = tr_later("the embedded engine runs a subset of Cypher; Neo4j runs all that reads: --store neo4j://host:7687")
_OUTSIDE = "outside_subset"


def outside_subset(
    query: Query | StatementNode, schema: Schema, file: str | None, *, metric: bool
) -> Iterator[Finding]:
    """A finding for each part of a query that is Cypher and that no engine here is asked."""
    faults: list[_Fault] = [fault for node in walk(query) for fault in _of_any(node, schema)]
    faults += [fault for node in walk(query) for fault in _of_metric(node)] if metric else []
    faults += _unnamed(query)
    faults += misused_patterns(query)
    for node, code, message, hint in faults:
        at = node.position
        yield Finding("error", code, message, file, at.line, str(at.column), hint=hint)


def _of_any(node: SyntaxNode, schema: Schema) -> Iterator[_Fault]:
    """What neither a question nor a metric has."""
    match node:
        case LinkPattern() if node.inside is not None:
            message = tr("a path in parentheses that is repeated is outside the subset")
            yield node, _OUTSIDE, message, tr("one link is repeated as in (a)-[:TYPE*1..3]->(b)")
        case PathPattern() if node.selector:
            message = tr("{selector} is outside the subset", selector=node.selector)
            yield node, _OUTSIDE, message, tr("write shortestPath((a)-[:TYPE*]->(b)), or allShortestPaths(...)")
        case TypeTest():
            message = tr("a test of a type is outside the subset: a property has one type")
            yield node, _OUTSIDE, message, tr("ecosystem dataset describe shows the types")
        case Call(function="exists"):
            message = tr("exists(...) of a property is no longer Cypher")
            yield node, _OUTSIDE, message, tr("write n.name IS NOT NULL")
        case CallProcedure():
            message = tr("{name} is a procedure of a server: a query only reads the graph", name=node.name)
            yield node, _OUTSIDE, message, tr("ecosystem dataset describe shows labels, link types and properties")
        case NodePattern() if node.further is not None:
            yield from _unknown(node.further, schema.model.labels, tr(_NO_LABEL))
        case LinkPattern() if node.further is not None:
            yield from _unknown(node.further, schema.model.links, tr(_NO_TYPE))
        case LabelTest():
            yield from _unknown(node.labels, (*schema.model.labels, *schema.model.links), tr(_NEITHER))


_NO_LABEL, _NO_TYPE = tr_later("{name} is not a label"), tr_later("{name} is not a link type")
_NEITHER = tr_later("{name} is neither a label nor a link type")


def _unknown(labels: LabelExpression, known: Iterable[str], message: str) -> Iterator[_Fault]:
    for node in walk(labels):
        if isinstance(node, LabelName) and node.name and node.name not in known:
            hint = did_you_mean(node.name, known)
            yield node, "unknown_label", message.replace("{name}", node.name), hint


def _of_metric(node: SyntaxNode) -> Iterator[_Fault]:
    """What a question may have, and a metric or network has not."""
    match node:
        case PathPattern() if node.shortest:
            message = tr("shortest paths are outside the subset of metrics")
            yield node, _OUTSIDE, message, tr("a network measures distances: ecosystem network list")
        case PathPattern() if node.variable:
            message = tr("a name for a path is outside the subset of metrics")
            yield node, _OUTSIDE, message, tr("name its nodes and links instead")
        case LinkPattern() if node.hops is not None and node.hops[1] is None:
            message = tr("variable length without an upper bound is outside the subset of metrics")
            yield node, _OUTSIDE, message, tr("say how many links at most: -[t:ENABLES*1..3]->")
        case Call(function="collect"):
            message = tr("collect(...) is outside the subset of metrics: a list is no value")
            yield node, _OUTSIDE, message, tr("count(DISTINCT x) counts what it would hold")
        case PatternComprehension() | Subquery():
            message = tr("this subquery is outside the subset of metrics")
            yield node, _OUTSIDE, message, tr("a metric has EXISTS { MATCH ... } and COUNT { MATCH ... }")


def _unnamed(query: SyntaxNode) -> Iterator[_Fault]:
    """The columns that WITH hands on without a name."""
    for statement in walk(query):
        if isinstance(statement, Statement):
            for part in statement.parts[:-1]:
                yield from (_no_alias(item) for item in part.projection.items if item.unnamed)


def _no_alias(item: Item) -> _Fault:
    return item, "no_alias", tr("WITH {expression} needs a name", expression=item.alias), f"WITH {item.alias} AS name"
