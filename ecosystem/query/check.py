"""Whether a query fits the graph and the subset: every fault at once, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ecosystem.errors import Finding, QueryError, mended
from ecosystem.messages import tr, tr_later
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import BoundQuery, Scopes, as_written, bind_query, paths_of
from ecosystem.query.collection_types import scoped_subqueries
from ecosystem.query.printer import expression_text
from ecosystem.query.schema import Schema
from ecosystem.query.statement_tree import Item, Query
from ecosystem.query.subset import outside_subset
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, loop_bodies, outside_aggregates, patterns, walk
from ecosystem.query.tree import (
    CountMatches,
    ElementOf,
    Exists,
    Expression,
    FieldOf,
    LinkPattern,
    Literal,
    Match,
    NodePattern,
    PathPattern,
    PatternComprehension,
    PropertyOf,
    Variable,
)
from ecosystem.query.types import Typer, literal_type
from ecosystem.query.written_check import check_clocks, check_location_chains, check_names, finding


def check(
    query: Query, schema: Schema, parameters: Mapping[str, str] | None = None, file: str | None = None
) -> tuple[Finding, ...]:
    """Every fault of a query as it was written. `parameters` maps the declared parameters to their types."""
    try:
        checked(query, schema, parameters, file)
    except QueryError as err:
        return err.findings
    return ()


def checked(
    query: Query, schema: Schema, parameters: Mapping[str, str] | None = None, file: str | None = None
) -> BoundQuery:
    """The query bound to a graph, and typed. Raises QueryError with every fault of it."""
    findings = [*check_names(query, schema, file), *outside_subset(query, schema, file, metric=True)]
    if not findings:
        bound = bind_query(query, schema, parameters)
        checker = Checker(schema, bound.parameters, file, bound.scopes, bound.written)
        typer = checker.scope(bound.query.matches, Bindings(), bound.typer)
        checker.items(bound.query.items, typer)
        findings = [
            *dict.fromkeys([*checker.findings, *check_location_chains(query, file), *check_clocks(query, file)])
        ]
        if not findings:
            return bound
    raise QueryError(tr("{file} does not fit the graph", file=file or tr("the query")), findings=findings)


def _held(pattern: NodePattern | LinkPattern, name: str) -> Expression:
    """A property of what a pattern binds; where that is a list of links, of the first of them."""
    if isinstance(pattern, LinkPattern) and pattern.hops is not None:
        return FieldOf(ElementOf(Variable(pattern.variable), Literal(0)), name, position=pattern.position)
    return PropertyOf(pattern.variable, name, position=pattern.position)


_NOT_JOINED = tr_later("no {types} link joins {left} and {right}: this pattern can never match")
_NOT_DIRECTED = tr_later("no {types} link goes from {left} to {right}: this pattern can never match")


class Checker:
    """Walks the scopes of a named query and collects what it finds."""

    metric = True
    """Whether it is the query of a metric or network, for which more is refused."""

    def __init__(
        self,
        schema: Schema,
        parameters: Mapping[str, str],
        file: str | None,
        scopes: Scopes | None = None,
        written: Mapping[str, str] | None = None,
    ) -> None:
        self.schema, self.parameters, self.file = schema, parameters, file
        self.scopes, self.written = scopes or {}, written or {}
        self.findings: list[Finding] = []

    def refuse(self, node: SyntaxNode, code: str, message: str, hint: str | None = None) -> None:
        self.findings.append(finding(node, code, message, self.file, hint))

    def text(self, expression: Expression) -> str:
        """An expression as it was written."""
        return expression_text(as_written(expression, self.written))

    def scope(self, matches: tuple[Match, ...], outer: Bindings, typer: Typer | None = None) -> Typer:
        """Check one chain of matches; the typer of what is bound after it."""
        typer = typer or self.scopes.get(paths_of(matches)) or self.typer(bind(matches, self.schema, outer))
        typer = replace(typer, file=self.file, findings=self.findings, recording=True)
        self.variables(matches, outer)
        self.path_names(matches, outer)
        self.possible(matches, outer, typer.bindings)
        visible = {*outer.nodes, *outer.links, *outer.values}
        for match in matches:
            visible |= {pattern.variable for pattern in (*patterns(match), *match.paths)}
            here = typer.seeing(visible)
            for pattern in patterns(match):
                self.properties(pattern, here)
            self.shortest(match)
            if match.where is not None:
                self.condition(match.where, here)
        return typer

    def shortest(self, match: Match) -> None:
        """A condition on a shortest path would be part of its search; and a search begins with the first link."""
        for path in (path for path in match.paths if path.shortest):
            if any(link.hops is not None and link.hops[0] > 1 for link in path.links):
                message = tr("a shortest path has no least length but 0 or 1")
                self.refuse(path, "outside_subset", message, tr("test it afterwards: WITH p WHERE length(p) > 2"))
            if any(link.properties for link in path.links):
                message = tr("the links of a shortest path take no properties")
                self.refuse(path, "outside_subset", message, tr("test the path afterwards, behind WITH p"))
            own = {path.variable, *(link.variable for link in path.links)} - {""}
            told = [] if match.where is None else list(walk(match.where))
            if any(isinstance(part, Variable) and part.name in own for part in told):
                message = tr("a condition on a shortest path that is part of the search is outside the subset")
                hint = tr("test the path that was found: WITH p WHERE length(p) > 2")
                self.refuse(path, "outside_subset", message, hint)

    def variables(self, matches: tuple[Match, ...], outer: Bindings) -> None:
        """A variable is a node or a link, and a link is bound once."""
        nodes, links, here = set(outer.nodes), set(outer.links), set[str]()
        for pattern in (pattern for match in matches for pattern in patterns(match)):
            name = pattern.variable
            shown = self.written.get(name, name)
            own, other = (nodes, links) if isinstance(pattern, NodePattern) else (links, nodes)
            if name in outer.values:
                self.refuse(
                    pattern,
                    "value_as_pattern",
                    tr("{shown} is a value already", shown=shown),
                    tr("give the pattern another name"),
                )
            elif name in other:
                self.refuse(
                    pattern,
                    "node_and_link",
                    tr("{shown} is a link and a node at once", shown=shown),
                    tr("give one another name"),
                )
            elif own is links and name in links and (self.metric or name not in outer.links or name in here):
                self.refuse(
                    pattern,
                    "link_bound_twice",
                    tr("link {shown} is bound already", shown=shown),
                    tr("give it another name"),
                )
            own.add(name)
            here.add(name)

    def path_names(self, matches: tuple[Match, ...], outer: Bindings) -> None:
        """A path is bound once, and its name is that of nothing else."""
        taken = {*outer.nodes, *outer.links, *outer.values}
        taken |= {pattern.variable for match in matches for pattern in patterns(match)}
        for path in (path for match in matches for path in match.paths if path.variable):
            shown = self.written.get(path.variable, path.variable)
            if path.variable in taken:
                message = tr("{shown} is bound already: a path has a name of its own", shown=shown)
                self.refuse(path, "path_bound_twice", message, tr("give the path another name"))
            taken.add(path.variable)

    def possible(self, matches: tuple[Match, ...], outer: Bindings, bindings: Bindings) -> None:
        """Refuse each pattern that can never match beside those before it."""
        if not outer.possible or bindings.possible:
            return
        kept: list[PathPattern] = []
        for match in matches:
            steps = [
                PathPattern((NodePattern(a.variable), NodePattern(b.variable)), (link,)) for a, link, b in match.hops()
            ]
            for path in (*(PathPattern((node,), ()) for node in match.nodes()), *steps):
                before = bind((Match(tuple(kept)),), self.schema, outer)
                if bind((Match((*kept, path)),), self.schema, outer).possible:
                    kept.append(path)
                else:
                    self.impossible(path, before)

    def impossible(self, path: PathPattern, before: Bindings) -> None:
        """Say why a node or a link cannot match: what is known of it already, and what its types allow."""
        labels = [before.nodes.get(node.variable, ()) for node in path.nodes]
        known = ["|".join(each) if len(each) < len(self.schema.model.labels) else tr("any node") for each in labels]
        if not path.links:
            node = path.nodes[0]
            name = self.written.get(node.variable, node.variable)
            message = tr("no node can have these labels")
            if node.labels:
                message = tr(
                    "{name} is {known} already: it cannot be {labels} too",
                    name=name,
                    known=known[0],
                    labels="|".join(node.labels),
                )
            self.refuse(node, "impossible_pattern", message, tr("a node has one label"))
            return
        link = path.links[0]
        left, right = reversed(known) if link.direction == "in" else known
        text = _NOT_JOINED if link.direction == "both" else _NOT_DIRECTED
        message = tr(text, types="|".join(link.types), left=left, right=right)
        kinds = [self.schema.link(kind) for kind in link.types]
        ends = [
            tr(
                "{name} goes from {sources} to {targets}",
                name=kind.name,
                sources="|".join(kind.sources),
                targets="|".join(kind.targets),
            )
            for kind in kinds
        ]
        self.refuse(link, "impossible_pattern", message, "; ".join(ends))

    def properties(self, pattern: NodePattern | LinkPattern, typer: Typer) -> None:
        for name, value in pattern.properties:
            held = typer.type_of(_held(pattern, name))
            given = typer.type_of(value)
            numbers = {held, given} <= {"integer", "float"}
            if held != given and not numbers and "unknown" not in (held, given):
                typer.refuse(
                    pattern,
                    tr(
                        "{name} is {held}, but {text} is {given}",
                        name=name,
                        held=held,
                        text=self.text(value),
                        given=given,
                    ),
                )
            if aggregates(value) or any(isinstance(part, Exists | CountMatches) for part in walk(value)):
                typer.refuse(
                    pattern,
                    tr("{name} is compared with a constant, a parameter or a property", name=name),
                    tr("use WHERE"),
                )

    def condition(self, where: Expression, typer: Typer) -> None:
        for call in aggregates(where):
            message = tr("{function}(...) aggregates, and cannot stand in WHERE", function=call.function)
            self.refuse(call, "aggregate_in_where", message, tr("use COUNT { MATCH ... }"))
        self.expression(where, typer, ("boolean",), "WHERE")

    def expression(self, expression: Expression, typer: Typer, allowed: tuple[str, ...] | None, who: str) -> str:
        """The type of an expression, its subqueries checked as scopes of their own."""
        kind = typer.expect(expression, allowed, who) if allowed else typer.type_of(expression)
        for subquery, around in scoped_subqueries(expression, typer):
            if typer.metric and not any(True for match in subquery.matches for _ in match.links()):
                hint = tr("write the condition in WHERE")
                self.refuse(subquery, "subquery_without_link", tr("a subquery needs a link"), hint)
            inner = self.scope(subquery.matches, around.bindings)
            if isinstance(subquery, PatternComprehension):
                self.expression(subquery.result, inner, None, "|")
        return kind

    def items(self, items: tuple[Item, ...], typer: Typer) -> dict[str, str]:
        """Check the columns: their names, what stands beside an aggregate; their types, by name."""
        types: dict[str, str] = {}
        grouped = {item.expression for item in items if not aggregates(item.expression)}
        for item in items:
            if item.alias in types:
                self.refuse(item, "duplicate_column", tr("column {alias} is returned twice", alias=item.alias))
            kind = self.expression(item.expression, typer, None, "RETURN")
            types[item.alias] = typer.detailed(item.expression) if kind in ("node", "link") else kind
            if aggregates(item.expression):
                self.aggregated(item.expression, grouped)
        return types

    def aggregated(self, expression: Expression, grouped: set[Expression]) -> None:
        """An aggregate aggregates no aggregate, and stands beside nothing that varies inside its group."""
        for call in aggregates(expression):
            if any(aggregates(argument) for argument in call.arguments):
                self.refuse(
                    call, "nested_aggregate", tr("{function}(...) aggregates an aggregate", function=call.function)
                )
        for call in (call for body in loop_bodies(expression) for call in aggregates(body)):
            message = tr("{function}(...) aggregates rows, and cannot stand in a loop", function=call.function)
            self.refuse(call, "aggregate_in_loop", message, tr("aggregate in a WITH before it"))
        for loose in outside_aggregates(expression):
            if loose not in grouped:
                what = tr("a subquery") if not isinstance(loose, Variable | PropertyOf) else self.text(loose)
                message = tr("{what} stands beside an aggregate", what=what)
                hint = tr("put it inside the aggregate, or return it as a column of its own")
                self.refuse(loose, "ungrouped", message, hint)

    def typer(self, bindings: Bindings) -> Typer:
        """The typer of a scope that nobody has bound before."""
        return Typer(self.schema, bindings, self.parameters, self.file, self.findings, self.written, recording=True)


def refuse_broken_text(values: Mapping[str, object]) -> None:
    """Raise QueryError for a parameter that no engine can be given: bytes of a shell that are no text."""
    for name, value in values.items():
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
                raise QueryError(
                    tr("'{mended}', the value of ${name}, is not UTF-8", mended=mended(text), name=name),
                    hint=tr("write it in UTF-8"),
                )


def parameter_types(values: Mapping[str, object]) -> dict[str, str]:
    """The types of given parameter values; null fits everything. QueryError for a text of bytes that are no text."""
    refuse_broken_text(values)
    types = {name: literal_type(value) for name, value in values.items()}
    return {name: "unknown" if kind == "null" else kind for name, kind in types.items()}
