"""Whether a query file fits a graph: faults of its query, its year and its value, and what a dataset cannot feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from ecosystem.errors import Finding, QueryError, did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.query.aggregates import KNOWN, outside_share, share_of
from ecosystem.query.arithmetic_types import ARITHMETIC
from ecosystem.query.bindings import Bindings
from ecosystem.query.bound_query import BoundQuery
from ecosystem.query.check import checked
from ecosystem.query.currency import in_currency
from ecosystem.query.kinds import NUMBERS
from ecosystem.query.printer import expression_text
from ecosystem.query.query_file import F, FileKind, QueryFile
from ecosystem.query.recompute import VALUE_FUNCTIONS
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.traversal import AGGREGATES, children, patterns
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
)


def bind_files(
    files: Iterable[F], schema: Schema, kind: FileKind, faults: Callable[[F, BoundQuery], Iterable[Finding]]
) -> dict[str, BoundQuery]:
    """The query of each file, checked and bound, by the file's id. Raises the kind's error with the faults of all.

    `faults` are those of the columns, which are the kind's own.
    """
    bound: dict[str, BoundQuery] = {}
    findings: list[Finding] = []
    for file in files:
        try:
            query = checked(in_currency(file, schema.model).query, schema, file.parameter_types, file.file)
        except QueryError as err:
            findings += err.findings
            continue
        findings += (*faults(file, query), *_dated(file, query), *_arithmetic(file), *_aggregated(file, query))
        bound[file.id] = query
    if findings:
        raise kind.refusal(tr(kind.unfit), findings=findings)
    return bound


def fault(file: QueryFile, node: SyntaxNode, code: str, message: str, hint: str) -> Finding:
    """A fault of a file at a place of its text."""
    return Finding("error", code, message, file.file, node.position.line or None, str(node.position.column), hint=hint)


def _dated(file: QueryFile, bound: BoundQuery) -> Iterator[Finding]:
    dated, bindings, schema = file.dated, bound.bindings, bound.schema
    if dated is None:
        return
    line, owners = dated.position.line, bindings.of(dated.variable)
    if not owners or is_unnamed(dated.variable):
        known = [p.variable for match in file.query.matches for p in patterns(match) if p.variable]
        message = tr("dated: no node or link is called {variable}", variable=dated.variable)
        yield Finding("error", "dated_variable", message, file.file, line, hint=did_you_mean(dated.variable, known))
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
        yield Finding("error", "dated_property", message, file.file, line, hint=did_you_mean(dated.name, known))


def _arithmetic(file: QueryFile) -> Iterator[Finding]:
    """Beyond the aggregates a value is arithmetic: what can be recomputed from the evidence."""
    pending: list[SyntaxNode] = [file.query.items[-1].expression]
    column = file.query.items[-1].alias
    while pending:
        node = pending.pop()
        if isinstance(node, Call) and node.function in AGGREGATES:
            continue
        operator = isinstance(node, Binary) and node.operator in ARITHMETIC
        function = isinstance(node, Call) and node.function in VALUE_FUNCTIONS
        if operator or function or isinstance(node, Minus):
            pending += children(node)
        elif not isinstance(node, Literal | Parameter):
            text = expression_text(cast("Expression", node))
            hint = tr("move it inside the aggregate: sum(CASE ... END)")
            yield fault(
                file,
                node,
                "value_column",
                tr("{text} stands outside the aggregates of {column}", text=text, column=column),
                hint,
            )


def _aggregated(file: QueryFile, bound: BoundQuery) -> Iterator[Finding]:
    """A value is a number: no list, no text and no date, and a percentile is one that there is."""
    hint = tr("count(x) and count(DISTINCT x) count whatever there is")
    for call in bound.aggregates:
        record = KNOWN.get(call.function)
        kind = "list" if record is None else record.result(bound.type_of(call.arguments[0])) if record.takes else ""
        if kind and kind not in (*NUMBERS, "unknown"):
            message = tr("a value is a number, and {name}() gives a {kind} here", name=call.function, kind=kind)
            yield fault(file, call, "value_type", message, hint)
        elif record is not None and record.shared and outside_share(share_of(call, file.parameters)):
            message = tr("a percentile is a number from 0 to 1")
            yield fault(file, call, "percentile", message, tr("the median is percentileCont(x, 0.5)"))


def lacking(bound: BoundQuery, held: Schema | None = None) -> str | None:
    """Why a dataset cannot feed a query: a label, link type or property that it does not have; None if it may.

    Only what a match needs counts: not what stands in a subquery or in IS NULL; of the choices of coalesce and OR, and
    of the conditions of a CASE without ELSE, one will do.
    """
    missing = lack(bound, held or bound.schema)
    return None if missing is None else tr(_LACKING[missing[0]], names=either(missing[1]))


_LACKING = {
    "node": tr_later("the dataset has no {names} node"),
    "link": tr_later("the dataset has no {names} link"),
    "property": tr_later("the dataset has no value of {names}"),
}


def lack(bound: BoundQuery, schema: Schema) -> tuple[str, Sequence[str]] | None:
    """What a query needs and a dataset does not have: a node, a link or a property, and the names that would do."""
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
        case IsNull() | Exists() | CountMatches():
            return
        case Case():
            # with ELSE it says what counts where nothing is known; without, one of its conditions has to be answered
            if node.otherwise is None:
                yield from _of_choices([when for when, _ in node.branches], node.subject)
                yield from _of_choices([then for _, then in node.branches])
            return
        case Call(function="coalesce") | Binary(operator="OR"):
            # one without any property, or with IS NULL, always does
            yield from _of_choices(children(node))
            return
        case PropertyOf():
            yield (node,)
        case NodePattern() | LinkPattern():
            yield from ((PropertyOf(node.variable, name),) for name, _ in node.properties)
    for child in children(node):
        yield from _needed_properties(child)


def _of_choices(choices: Iterable[SyntaxNode], also: SyntaxNode | None = None) -> Iterator[tuple[PropertyOf, ...]]:
    """What one of several expressions needs, any of which will do, each together with another one if that is given."""
    nodes = [[choice] if also is None else [also, choice] for choice in choices]
    needed = [[props for node in pair for props in _needed_properties(node)] for pair in nodes]
    if all(needed):
        yield tuple(prop for choice in needed for props in choice for prop in props)


def _present(prop: PropertyOf, bindings: Bindings, schema: Schema) -> bool:
    if prop.name == "id":
        return True
    held = (schema.nodes.get(owner) or schema.links.get(owner) or {} for owner in bindings.of(prop.variable))
    return any(prop.name in properties for properties in held)


def _owned(prop: PropertyOf, bindings: Bindings) -> str:
    return f"{'|'.join(bindings.of(prop.variable))}.{prop.name}"
