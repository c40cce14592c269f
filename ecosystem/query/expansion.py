"""Matches that no join can say: links of variable length, shortest paths, conditions that are steps of their own.

The plain stretches of a path are joined; from one that is bound a walk leads over the links to the next. A walk passes no
link twice, as in Cypher, and neither do two walks or links of one MATCH.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.clauses import together_with
from ecosystem.query.scope import Scope, Table
from ecosystem.query.steps import Steps, names_of
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import conjunction, conjuncts, patterns, walk
from ecosystem.query.tree import (
    Binary,
    Expression,
    LinkPattern,
    Match,
    NodePattern,
    PathPattern,
    PropertyOf,
    Subquery,
    Variable,
)


def needs_steps(node: SyntaxNode) -> bool:
    """Whether something in it is a step of its own: a walk, a shortest path, a statement in an expression."""
    return any(
        isinstance(part, Subquery)
        or (isinstance(part, LinkPattern) and part.hops is not None)
        or (isinstance(part, PathPattern) and part.shortest)
        for part in walk(node)
    )


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


@dataclass(frozen=True, slots=True)
class _Arc:
    """A link that stands for several, between two nodes."""

    left: NodePattern
    link: LinkPattern
    right: NodePattern
    path: PathPattern

    @property
    def nodes_name(self) -> str:
        """The name of the column with the nodes along it."""
        return f"_nodes {self.link.variable}"


class _Expansion:
    """One MATCH, stretch by stretch."""

    def __init__(self, steps: Steps, match: Match) -> None:
        self.steps, self.match = steps, match
        self.bound = bind((match,), steps.shared.schema, steps.visible)
        self.conditions = list(conjuncts(match.where))
        self.stretches: list[PathPattern] = []
        self.arcs: list[_Arc] = []
        self.joined: list[list[LinkPattern]] = []
        for path in match.paths:
            self._cut(path)

    def _cut(self, path: PathPattern) -> None:
        start = 0
        for number, link in enumerate(path.links):
            if link.hops is not None or path.shortest:
                self.stretches.append(PathPattern(path.nodes[start : number + 1], path.links[start:number]))
                self.arcs.append(_Arc(path.nodes[number], link, path.nodes[number + 1], path))
                start = number + 1
        self.stretches.append(PathPattern(path.nodes[start:], path.links[start:]))

    def carry_out(self) -> None:
        """Join what is bound or tells most, walk from there, and join what the walks lead to."""
        pending = list(self.arcs)
        self._join(self._first())
        while pending:
            arc = next((arc for arc in pending if self._is_bound(arc.left) or self._is_bound(arc.right)), None)
            if arc is None:
                self._join([self._best(self._left())])
                continue
            pending.remove(arc)
            if arc.path.shortest:
                _shortest(self.steps, arc, self._types(arc))
            else:
                _walked(self.steps, arc, self._types(arc), self.bound)
            self._join(self._touched())
        self._join(self._left())
        self._apart()
        self._paths()
        for condition in self.conditions:
            self.steps.filter(condition)
        named = [name for name in names_of(self.steps.visible) if not name.startswith("_")]
        self.steps.visible = self.steps.visible.among(named)

    def _types(self, arc: _Arc) -> tuple[str, ...]:
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
        bound |= {pattern.variable for each in chosen for pattern in (*each.nodes, *each.links)}
        now = [each for each in self.conditions if not needs_steps(each) and _names_in(each) <= bound]
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
                f"(NOT {lists.has(scope.keys[walk.variable], scope.keys[link.variable])})"
                for walk in walks
                if self._shared(walk, link)
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
    """The names that a condition speaks of and does not bind itself."""
    names = {part.name for part in walk(condition) if isinstance(part, Variable)}
    names |= {part.variable for part in walk(condition) if isinstance(part, PropertyOf)}
    inner = {pattern.variable for match in walk(condition) if isinstance(match, Match) for pattern in patterns(match)}
    loops = {part.variable for part in walk(condition) if hasattr(part, "source") and hasattr(part, "variable")}
    return names - inner - loops


def _edges(steps: Steps, link: LinkPattern, types: tuple[str, ...]) -> tuple[Scope, str, bool]:
    """A scope of one link of these types; its table, and whether the columns of that are numbered."""
    needed = {link.variable: {name for name, _ in link.properties}}
    typer = steps.typer(Bindings(links={link.variable: types}))
    scope = Scope(steps.dialect, {}, needed, steps.shared.aliases, typer)
    source, numbered = scope.link_source(replace(link, hops=None))
    return scope, source, numbered


def _walked(steps: Steps, arc: _Arc, types: tuple[str, ...], bound: Bindings) -> None:
    """Each row beside every walk that begins at its end of an arc, and ends at the other end where that is bound."""
    fresh, dialect, column = steps.shared.aliases.fresh, steps.dialect, steps.shared.aliases.column
    backwards = arc.left.variable not in steps.visible.nodes
    start, end = (arc.right, arc.left) if backwards else (arc.left, arc.right)
    base, walks = fresh(), fresh()
    scope = steps.scope(base)
    least, most = arc.link.hops or (1, 1)
    table = _walks(steps, arc.link, types, column("key", start.variable), (least, most), backwards=backwards)
    columns = [*steps.columns(steps.scope(base), names_of(steps.visible)), *steps.carried(base)]
    links, nodes = f"{walks}.l", f"{walks}.n"
    if backwards:
        links, nodes = dialect.lists.turned(links), dialect.lists.turned(nodes)
    columns += [f"{links} AS {column('value', arc.link.variable)}", f"{nodes} AS {column('value', arc.nodes_name)}"]
    tests = [f"{walks}.s = {scope.keys[start.variable]}"]
    known = end.variable in steps.visible.nodes
    values = {arc.link.variable: bound.values[arc.link.variable], arc.nodes_name: "list of integer"}
    now = together_with(steps.visible, Bindings(values=values))
    if known:
        tests.append(f"{walks}.a = {scope.keys[end.variable]}")
    else:
        columns.append(f"{walks}.a AS {column('key', end.variable)}")
    joined = f"{steps.last} AS {base} JOIN ({table}) AS {walks} ON {' AND '.join(tests)}"
    steps.add_table(f"SELECT {', '.join(columns)} FROM {joined}")
    steps.visible = now
    if not known:
        _arrive(steps, end.variable, bound.nodes[end.variable])


def _arrive(steps: Steps, variable: str, labels: tuple[str, ...]) -> None:
    """The node at the end of a walk, of which the last table has the key: its label and what is read of it."""
    steps.visible = together_with(steps.visible, Bindings(nodes={variable: labels}))
    base = steps.shared.aliases.fresh()
    scope = steps.scope(base)
    source, numbered = scope.entity_source(variable)
    table = Table(steps.shared.aliases.fresh(), numbered)
    scope.tables[variable] = table
    others = [name for name in names_of(steps.visible) if name != variable]
    columns = [*steps.columns(steps.scope(base), others), *steps.carried(base), *steps.columns(scope, (variable,))]
    joined = f"{steps.last} AS {base} JOIN {source} AS {table.alias} ON {table.alias}._id = {scope.keys[variable]}"
    steps.add_table(f"SELECT {', '.join(columns)} FROM {joined}")


def _walks(
    steps: Steps,
    link: LinkPattern,
    types: tuple[str, ...],
    start: str,
    hops: tuple[int, int | None],
    *,
    backwards: bool,
) -> str:
    """A SELECT of all walks from the nodes of a column: `s` where it starts, `a` where it is, `l` its links, `n` its nodes."""
    fresh, dialect = steps.shared.aliases.fresh, steps.dialect
    walks, edge = fresh(), fresh()
    scope, source, numbered = _edges(steps, link, types)
    scope.tables[link.variable] = Table(edge, numbered)
    scope.keys[link.variable] = f"{edge}._id"
    here, there = _ends(link, backwards=backwards)
    tests = [f"(NOT {dialect.lists.has(f'{walks}.l', f'{edge}._id')})", *_property_tests(scope, link)]
    if hops[1] is not None:
        tests.append(f"{walks}.d < {hops[1]}")
    no_links = dialect.lists.nothing("list of integer")
    begin = f"SELECT DISTINCT {start}, {start}, {no_links}, {dialect.array([start])}, 0 FROM {steps.last}"
    links = dialect.lists.joined(f"{walks}.l", dialect.array([f"{edge}._id"]))
    nodes = dialect.lists.joined(f"{walks}.n", dialect.array([f"{edge}.{there}"]))
    go_on = f"SELECT {walks}.s, {edge}.{there}, {links}, {nodes}, {walks}.d + 1 FROM {walks}"
    go_on += f" JOIN {source} AS {edge} ON {edge}.{here} = {walks}.a WHERE {' AND '.join(tests)}"
    recursion = dialect.recursive(walks, ("s", "a", "l", "n", "d"), f"{begin} WHERE {start} IS NOT NULL", go_on)
    return f"{recursion} SELECT * FROM {walks} WHERE d >= {hops[0]}"


def _ends(link: LinkPattern, *, backwards: bool) -> tuple[str, str]:
    """The columns of a link where a step leaves and where it arrives."""
    turned = (link.direction == "in") != backwards
    return ("_dst", "_src") if turned else ("_src", "_dst")


def _property_tests(scope: Scope, link: LinkPattern) -> list[str]:
    emit = scope.emitter()
    for _, value in link.properties:
        if any(isinstance(part, Variable | PropertyOf) for part in walk(value)):
            hint = tr("put the condition into WHERE: all(t IN links WHERE t.year = a.year)")
            raise QueryError(tr("the properties of a link of variable length are constants or parameters"), hint=hint)
    return [emit.expression(Binary("=", PropertyOf(link.variable, name), value)) for name, value in link.properties]


def _shortest(steps: Steps, arc: _Arc, types: tuple[str, ...]) -> None:
    """Each row beside the shortest path between its two nodes, or beside all that are equally short."""
    fresh, dialect, column = steps.shared.aliases.fresh, steps.dialect, steps.shared.aliases.column
    least, most = arc.link.hops or (1, 1)
    first, last = column("key", arc.left.variable), column("key", arc.right.variable)
    scope, source, numbered = _edges(steps, arc.link, types)
    edge = fresh()
    scope.tables[arc.link.variable] = Table(edge, numbered)
    scope.keys[arc.link.variable] = f"{edge}._id"
    here, there = _ends(arc.link, backwards=False)
    tests = " AND ".join(_property_tests(scope, arc.link))
    edges, rows = fresh(), steps.last
    chosen = f"SELECT {edge}._id, {edge}.{here} AS u, {edge}.{there} AS v FROM {source} AS {edge}"
    steps.shared.tables.append(f"{edges} AS {dialect.computed_once}({chosen}{f' WHERE {tests}' if tests else ''})")
    pairs = fresh()
    asked = f"SELECT DISTINCT {first} AS s, {last} AS t FROM {rows} WHERE {first} <> {last}"
    steps.shared.tables.append(f"{pairs} AS {dialect.computed_once}({asked})")
    reached, back = fresh(), fresh()
    steps.shared.tables.append(f"{reached} AS {dialect.computed_once}({dialect.distances(edges, pairs, most, fresh)})")
    steps.shared.tables.append(
        f"{back} AS {dialect.computed_once}({dialect.ways_back(edges, pairs, reached, fresh, one=arc.path.shortest == 'one')})"
    )
    base, way = fresh(), fresh()
    columns = [*steps.columns(steps.scope(base), names_of(steps.visible)), *steps.carried(base)]
    columns += [f"{way}.l AS {column('value', arc.link.variable)}", f"{way}.n AS {column('value', arc.nodes_name)}"]
    joined = f"{rows} AS {base} JOIN {back} AS {way} ON {way}.s = {base}.{first} AND {way}.t = {base}.{last}"
    steps.add_table(f"SELECT {', '.join(columns)} FROM {joined} WHERE {dialect.lists.size(f'{way}.l')} >= {least}")
    kind = kinds.list_of(kinds.entity_of("link", types))
    values = {arc.link.variable: kind, arc.nodes_name: "list of integer"}
    steps.visible = together_with(steps.visible, Bindings(values=values))
