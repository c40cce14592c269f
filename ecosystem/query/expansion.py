"""Matches that no join can say: links of variable length, shortest paths, conditions that are steps of their own.

The plain stretches of a path are joined; from one that is bound a walk leads over the links to the next. A walk passes
no link twice, as in Cypher, and neither do two walks or links of one MATCH.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.call_types import ENTITY_FUNCTIONS
from ecosystem.query.clauses import together_with
from ecosystem.query.statement_tree import Item, Projection, QueryPart, Statement, Unwind
from ecosystem.query.steps import Steps, names_of
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.traversal import aggregates, conjunction, conjuncts, patterns, walk
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Comprehension,
    CountMatches,
    Exists,
    Expression,
    FieldOf,
    IsNull,
    LabelTest,
    LinkPattern,
    Literal,
    MapProjection,
    Match,
    NodePattern,
    PathPattern,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    Subquery,
    Variable,
)
from ecosystem.query.walks import Arc, shortest, walked

_LOOPS = (Comprehension, Quantifier, Reduce)


def needs_steps(node: SyntaxNode) -> bool:
    """Whether something in it is a step of its own: a walk, a shortest path, a statement in an expression.

    So is a subquery with a loop over a list in it, and a loop in which is another one and that asks the graph: a
    function of a list's elements cannot read the rows around a correlated SELECT.
    """
    return any(
        isinstance(part, Subquery)
        or _asks_around_a_loop(part)
        or (
            isinstance(part, Exists | CountMatches | PatternComprehension)
            and any(isinstance(inner, _LOOPS) for inner in walk(part))
        )
        or (isinstance(part, LinkPattern) and part.hops is not None)
        or (isinstance(part, PathPattern) and part.shortest)
        for part in walk(node)
    )


def goes_over_a_group(node: SyntaxNode) -> bool:
    """Whether it is a loop over what is made of the rows of a group: no step before these."""
    return isinstance(node, Comprehension | Quantifier | Reduce) and bool(aggregates(node.source))


def _asks_around_a_loop(node: SyntaxNode) -> bool:
    """Whether it is a loop that may ask the graph for each element, and has another loop in it."""
    if not isinstance(node, Comprehension | Quantifier) or goes_over_a_group(node):
        return False
    loops = [part for part in walk(node) if isinstance(part, _LOOPS)]
    names = {part.variable for part in loops}
    bodies = [part for part in (node.where, getattr(node, "result", None)) if part is not None]
    return len(loops) > 1 and any(
        isinstance(part, Exists | CountMatches | PatternComprehension | FieldOf | MapProjection | LabelTest)
        or (isinstance(part, Call) and part.function in ENTITY_FUNCTIONS)
        or (isinstance(part, PropertyOf) and part.variable in names)
        for body in bodies
        for part in walk(body)
    )


def over_rows(node: SyntaxNode, each: str) -> SyntaxNode:
    """A loop whose body needs steps as a statement over the elements, which are rows then; anything else as it is.

    `each` is a name that nothing has.
    """
    asks = _asks_around_a_loop(node)
    match node:
        case Quantifier(kind=kind, variable=name, source=source, where=where) if needs_steps(where) or asks:
            return Quantifier(kind, each, Comprehension(name, source, None, where), Variable(each))
        case Comprehension(variable=name, source=source, where=where, result=result) if asks or any(
            part is not None and needs_steps(part) for part in (where, result)
        ):
            kept = Projection((Item(Variable(name), name),), where=where)
            last = Projection((Item(Variable(name) if result is None else result, each),))
            statement = Statement((QueryPart((Unwind(source, name),), kept), QueryPart((), last)))
            return Case(None, ((IsNull(source), Literal(None)),), Subquery("COLLECT", statement))
        case _:
            return node


def expanded(steps: Steps, matches: Sequence[Match]) -> None:
    """The rows of matches, of which some need steps of their own."""
    plain: list[Match] = []
    for match in matches:
        if not needs_steps(match):
            plain.append(match)
            continue
        if plain:
            steps.join(tuple(plain))
            plain = []
        _Expansion(steps, match).carry_out()
    if plain:
        steps.join(tuple(plain))


class _Expansion:
    """One MATCH, stretch by stretch."""

    def __init__(self, steps: Steps, match: Match) -> None:
        self.steps, self.match = steps, match
        self.bound = bind((match,), steps.shared.schema, steps.visible)
        self.conditions = list(conjuncts(match.where))
        self.stretches: list[PathPattern] = []
        self.arcs: list[Arc] = []
        self.joined: list[list[LinkPattern]] = []
        for path in match.paths:
            self._cut(path)

    def _cut(self, path: PathPattern) -> None:
        start = 0
        for number, link in enumerate(path.links):
            if link.hops is not None or path.shortest:
                self.stretches.append(PathPattern(path.nodes[start : number + 1], path.links[start:number]))
                self.arcs.append(Arc(path.nodes[number], link, path.nodes[number + 1], path))
                start = number + 1
        self.stretches.append(PathPattern(path.nodes[start:], path.links[start:]))

    def carry_out(self) -> None:
        """Join what is bound or tells most, walk from there, and join what the walks lead to."""
        pending = list(self.arcs)
        before = names_of(self.steps.visible)
        self._join(self._first())
        while pending:
            arc = next((arc for arc in pending if self._is_bound(arc.left) or self._is_bound(arc.right)), None)
            if arc is None:
                self._join([self._best(self._left())])
                continue
            pending.remove(arc)
            if arc.path.shortest:
                shortest(self.steps, arc, self._types(arc))
            else:
                walked(self.steps, arc, self._types(arc), self.bound)
            self._join(self._touched())
        self._join(self._left())
        self._apart()
        self._paths()
        for condition in self.conditions:
            self.steps.filter(condition)
        named = [name for name in names_of(self.steps.visible) if not is_unnamed(name) or name in before]
        self.steps.visible = self.steps.visible.among(named)

    def _types(self, arc: Arc) -> tuple[str, ...]:
        return kinds.owners_of(kinds.inside(self.bound.values[arc.link.variable]))

    def _is_bound(self, node: NodePattern) -> bool:
        return node.variable in self.steps.visible.nodes

    def _left(self) -> list[PathPattern]:
        return list(self.stretches)

    def _touched(self) -> list[PathPattern]:
        return [each for each in self.stretches if any(map(self._is_bound, each.nodes))]

    def _first(self) -> list[PathPattern]:
        """What is joined before any walk: plain paths, what is bound, the ends of shortest paths."""
        ends = {node.variable for arc in self.arcs for node in (arc.left, arc.right)}
        whole = [each for each in self.stretches if not ends & {node.variable for node in each.nodes}]
        names = {node.variable for each in whole for node in each.nodes} | set(self.steps.visible.nodes)
        told = [each for each in self.stretches if each not in whole and self._told(each) and each.nodes]
        shortest = {node.variable for arc in self.arcs if arc.path.shortest for node in (arc.left, arc.right)}
        found = [
            each
            for each in self.stretches
            if each in whole or {node.variable for node in each.nodes} & (names | shortest)
        ]
        # a plain path beside a walk may share its ends with it: `(a {..}), (b {..}), (a)-[*]-(b)`
        plain = {node.variable for path in self.match.paths if not _has_arc(path) for node in path.nodes}
        found += [each for each in told if each not in found and {node.variable for node in each.nodes} & plain]
        return found or [self._best(self.stretches)]

    def _told(self, stretch: PathPattern) -> int:
        """How much is said of a stretch: properties, conditions, links, labels."""
        names = {node.variable for node in stretch.nodes}
        equal = any(
            isinstance(condition, Binary)
            and condition.operator == "="
            and any(
                isinstance(side, PropertyOf) and side.variable in names for side in (condition.left, condition.right)
            )
            for condition in self.conditions
        )
        properties = any(node.properties for node in stretch.nodes)
        labels = any(node.labels for node in stretch.nodes)
        return 4 * properties + 4 * equal + 2 * bool(stretch.links) + labels

    def _best(self, stretches: Sequence[PathPattern]) -> PathPattern:
        return max(stretches, key=self._told)

    def _join(self, stretches: Iterable[PathPattern]) -> None:
        """Join stretches to the last table, with the conditions that can be tested then."""
        chosen = [each for each in self.stretches if each in list(stretches)]
        if not chosen:
            return
        self.stretches = [each for each in self.stretches if each not in chosen]
        bound = set(names_of(self.steps.visible))
        bound |= {node.variable for each in chosen for node in each.nodes}
        bound |= {link.variable for each in chosen for link in each.links}
        later = set(names_of(self.bound)) - bound
        now = [each for each in self.conditions if not needs_steps(each) and not _names_in(each) & later]
        self.conditions = [each for each in self.conditions if each not in now]
        bare = all(not each.links and not any(_says(node) for node in each.nodes) for each in chosen)
        known = all(self._is_bound(node) for each in chosen for node in each.nodes)
        if not (bare and known and not now):
            self.steps.join((Match(tuple(chosen), conjunction(tuple(now))),), unnamed=True)
        self.joined.append([link for each in chosen for link in each.links])

    def _apart(self) -> None:
        """No link of the match is passed twice."""
        base = self.steps.shared.aliases.fresh()
        scope = self.steps.scope(base)
        lists = self.steps.dialect.lists
        walks = [arc.link for arc in self.arcs]
        tests = []
        for one, other in combinations(self.joined, 2):
            tests += [
                f"({scope.keys[a.variable]} <> {scope.keys[b.variable]})"
                for a in one
                for b in other
                if self._shared(a, b)
            ]
        for link in (link for links in self.joined for link in links):
            tests += [
                f"(NOT {lists.has(scope.keys[way.variable], scope.keys[link.variable])})"
                for way in walks
                if self._shared(way, link)
            ]
        for a, b in combinations(walks, 2):
            tests += [lists.apart(scope.keys[a.variable], scope.keys[b.variable])] if self._shared(a, b) else []
        if tests:
            self.steps.add_table(f"SELECT * FROM {self.steps.last} AS {base} WHERE {' AND '.join(tests)}")

    def _shared(self, one: LinkPattern, other: LinkPattern) -> bool:
        return bool(set(self._kinds(one)) & set(self._kinds(other)))

    def _kinds(self, link: LinkPattern) -> tuple[str, ...]:
        told = self.bound.values.get(link.variable)
        return kinds.owners_of(kinds.inside(told)) if told else self.bound.links[link.variable]

    def _paths(self) -> None:
        """A column for each named path: the keys of its nodes, and of its links."""
        named = [path for path in self.match.paths if path.variable]
        if not named:
            return
        base = self.steps.shared.aliases.fresh()
        scope = self.steps.scope(base)
        dialect, column = self.steps.dialect, self.steps.shared.aliases.column
        found = []
        for path in named:
            nodes = dialect.array([scope.keys[path.nodes[0].variable]])
            links = dialect.lists.nothing("list of integer")
            for link, node in zip(path.links, path.nodes[1:], strict=True):
                arc = next((arc for arc in self.arcs if arc.link == link), None)
                along = dialect.array([scope.keys[node.variable]])
                passed = dialect.array([scope.keys[link.variable]]) if arc is None else scope.keys[link.variable]
                if arc is not None:
                    along = dialect.lists.slice(scope.keys[arc.nodes_name], dialect.constant(1), None)
                nodes, links = dialect.lists.joined(nodes, along), dialect.lists.joined(links, passed)
            found.append(f"{dialect.lists.record([nodes, links])} AS {column('value', path.variable)}")
        self.steps.add_table(f"SELECT *, {', '.join(found)} FROM {self.steps.last} AS {base}")
        values = {path.variable: self.bound.values[path.variable] for path in named}
        self.steps.visible = together_with(self.steps.visible, Bindings(values=values))


def _has_arc(path: PathPattern) -> bool:
    return bool(path.shortest) or any(link.hops is not None for link in path.links)


def _says(node: NodePattern) -> bool:
    return bool(node.labels or node.properties or node.further)


def _names_in(condition: Expression) -> set[str]:
    """Every name that a condition has in it; a pattern inside may begin at a node that is bound outside."""
    names = {part.name for part in walk(condition) if isinstance(part, Variable)}
    names |= {part.variable for part in walk(condition) if isinstance(part, PropertyOf)}
    matches = (part for part in walk(condition) if isinstance(part, Match))
    return names | {pattern.variable for match in matches for pattern in patterns(match)}
