"""Walks over links from the rows of a table: of variable length, and the shortest between two nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings
from ecosystem.query.clauses import together_with
from ecosystem.query.column_names import Table
from ecosystem.query.scope import Scope
from ecosystem.query.steps import Steps, names_of
from ecosystem.query.traversal import walk
from ecosystem.query.tree import Binary, LinkPattern, NodePattern, PathPattern, PropertyOf, Variable


@dataclass(frozen=True, slots=True)
class Arc:
    """A link that stands for several, between two nodes."""

    left: NodePattern
    link: LinkPattern
    right: NodePattern
    path: PathPattern

    @property
    def nodes_name(self) -> str:
        """The name of the column with the nodes along it."""
        return f"_nodes {self.link.variable}"


def _edges(steps: Steps, link: LinkPattern, types: tuple[str, ...]) -> tuple[Scope, str, bool]:
    """A scope of one link of these types; its table, and whether the columns of that are numbered."""
    needed = {link.variable: {name for name, _ in link.properties}}
    typer = steps.typer(Bindings(links={link.variable: types}))
    scope = Scope(steps.dialect, {}, needed, steps.shared.aliases, typer)
    source, numbered = scope.link_source(replace(link, hops=None))
    return scope, source, numbered


def walked(steps: Steps, arc: Arc, types: tuple[str, ...], bound: Bindings) -> None:
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
    """A SELECT of all walks from the nodes of a column.

    Of each it has `s` where it starts, `a` where it has arrived, `l` the keys of its links and `n` those of its nodes.
    """
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
    recursion = dialect.walks.recursive(walks, ("s", "a", "l", "n", "d"), f"{begin} WHERE {start} IS NOT NULL", go_on)
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


def shortest(steps: Steps, arc: Arc, types: tuple[str, ...]) -> None:
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
    # from a node to itself leads the path of no link, where that is long enough, and no other
    apart = f"{first} <> {last}" if least else f"{first} IS NOT NULL AND {last} IS NOT NULL"
    asked = f"SELECT DISTINCT {first} AS s, {last} AS t FROM {rows} WHERE {apart}"
    steps.shared.tables.append(f"{pairs} AS {dialect.computed_once}({asked})")
    reached, back = fresh(), fresh()
    near = dialect.walks.distances(edges, pairs, most, fresh)
    steps.shared.tables.append(f"{reached} AS {dialect.computed_once}({near})")
    ways = dialect.walks.ways_back(edges, pairs, reached, fresh, one=arc.path.shortest == "one")
    steps.shared.tables.append(f"{back} AS {dialect.computed_once}({ways})")
    base, way = fresh(), fresh()
    columns = [*steps.columns(steps.scope(base), names_of(steps.visible)), *steps.carried(base)]
    columns += [f"{way}.l AS {column('value', arc.link.variable)}", f"{way}.n AS {column('value', arc.nodes_name)}"]
    joined = f"{rows} AS {base} JOIN {back} AS {way} ON {way}.s = {base}.{first} AND {way}.t = {base}.{last}"
    steps.add_table(f"SELECT {', '.join(columns)} FROM {joined} WHERE {dialect.lists.size(f'{way}.l')} >= {least}")
    kind = kinds.list_of(kinds.entity_of("link", types))
    values = {arc.link.variable: kind, arc.nodes_name: "list of integer"}
    steps.visible = together_with(steps.visible, Bindings(values=values))
