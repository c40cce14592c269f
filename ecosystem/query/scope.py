"""The tables and conditions of matches, over those of the store: a table per label and per link type, integer keys.

Every name is numbered here, but for the tables of the store and their columns, which are quoted: an engine may take `r`
and `R` for one name. Who runs the SQL puts the query's names on the rows. Every constant is typed, every parameter is
cast, every operand stands in parentheses. Where Cypher and SQL differ is in `expressions.py`; here patterns are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind, possible_ends
from ecosystem.query.bound_query import Scopes, paths_of
from ecosystem.query.call_types import properties_of
from ecosystem.query.collection_types import bound_to
from ecosystem.query.column_names import Aliases, Table, no_rows
from ecosystem.query.dialect import Dialect
from ecosystem.query.expressions import Emitter
from ecosystem.query.schema import Schema
from ecosystem.query.traversal import conjuncts, joins_unequal, patterns
from ecosystem.query.tree import (
    Binary,
    Expression,
    LinkPattern,
    Match,
    NodePattern,
    PathPattern,
    PropertyOf,
)
from ecosystem.query.types import Typer


@dataclass(slots=True)
class Scope:
    """The tables and conditions of one chain of matches; a subquery's scope begins with its outer's names.

    `carried` maps the entities that an earlier step handed on to the table that holds their properties as columns;
    `order` are the columns by which a list of the rows is ordered.
    """

    dialect: Dialect
    scopes: Scopes
    needed: Mapping[str, set[str]]
    aliases: Aliases
    typer: Typer
    outer: Bindings = field(default_factory=Bindings)
    keys: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    carried: Mapping[str, Table] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    ends: dict[str, list[tuple[str, set[str]]]] = field(default_factory=lambda: defaultdict(list))
    sources: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    order: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        """The graph."""
        return self.typer.schema

    @property
    def bindings(self) -> Bindings:
        """What each variable may be here."""
        return self.typer.bindings

    def add(self, matches: tuple[Match, ...], typer: Typer) -> None:
        """Join the matches, in their order, to what is there; `typer` knows what is bound then."""
        self.typer = typer
        for match in matches:
            for link in match.links():
                self._link(link)
            # what has a table of its own comes first: links are tied to it, and not to each other, so that all that
            # is known of a node is joined before the many links that lead to it
            for node in match.nodes():
                if self.needed.get(node.variable) and not self._known_outside(node.variable):
                    self._node(node)
            for left, link, right in match.hops():
                self._tie(left, link, right)
            for node in match.nodes():
                self._node(node)
            self._distinct_links(match)
        for variable in self.ends:
            self._test_labels(variable)
        for path in (path for match in matches for path in match.paths if path.variable):
            self.keys[path.variable] = self._path(path)
        for match in matches:
            emit = self.emitter()
            for pattern in patterns(match):
                for name, value in pattern.properties:
                    self.conditions.append(emit.expression(Binary("=", PropertyOf(pattern.variable, name), value)))
            for condition in conjuncts(match.where):
                text = emit.expression(condition)
                # unknown and false are the same here
                self.conditions.append(self.dialect.row_filter(text) if joins_unequal(condition) else text)

    def _link(self, link: LinkPattern) -> None:
        """Join a link's table; one that is bound before is read again, as what it was."""
        before = self.keys.get(link.variable)
        self.tables[link.variable] = table = self._join(*self.link_source(link))
        self.keys[link.variable] = f"{table.alias}._id"
        if before is not None:
            self.conditions.append(f"({table.alias}._id = {before})")

    def _join(self, source: str, numbered: bool) -> Table:
        table = Table(self.aliases.fresh(), numbered)
        self.sources.append(f"{source} AS {table.alias}")
        return table

    def _tie(self, left: NodePattern, link: LinkPattern, right: NodePattern) -> None:
        """Bind a link's ends to its nodes."""
        table = self.tables[link.variable].alias
        ends = ("_dst", "_src") if link.direction == "in" else ("_src", "_dst")
        for node, end in zip((left, right), ends, strict=True):
            key = f"{table}.{end}"
            if node.variable in self.keys:
                self.conditions.append(f"({key} = {self.keys[node.variable]})")
            else:
                self.keys[node.variable] = key
            self.ends[node.variable].append(
                (key, possible_ends(link, self.bindings.links[link.variable], end, self.schema))
            )

    def _test_labels(self, variable: str) -> None:
        """Test a node's label at one of its links, unless a table, a link type or the outer query leaves no choice."""
        wanted = set(self.bindings.nodes[variable])
        known = set(self.outer.nodes.get(variable, self.schema.model.labels))
        known = known.intersection(*(possible for _, possible in self.ends[variable]))
        if variable not in self.joined and not known <= wanted:
            listed = ", ".join(self.dialect.constant(label) for label in self.bindings.nodes[variable])
            self.conditions.append(f"({self.ends[variable][0][0]}_label IN ({listed}))" if listed else "false")

    def _node(self, node: NodePattern) -> None:
        """Join a node's own table, where a property is read or no link tells its label."""
        variable = node.variable
        same = self._known_outside(variable)
        told = variable in self.ends and not self.needed.get(variable)
        if same and variable not in self.ends:
            # an OPTIONAL MATCH may have left it null, and null matches nothing
            self.conditions.append(f"({self.keys[variable]} IS NOT NULL)")
        if told or same or variable in self.joined:
            return
        table = self._join(*self._node_source(variable))
        self.tables[variable] = table
        self.joined.add(variable)
        if variable in self.keys:
            self.conditions.append(f"({table.alias}._id = {self.keys[variable]})")
        else:
            self.keys[variable] = f"{table.alias}._id"

    def entity_source(self, variable: str) -> tuple[str, bool]:
        """The table of a node or link that is known by its key; whether its columns are numbered."""
        if variable in self.bindings.nodes:
            return self._node_source(variable)
        kinds_of_link = self.bindings.links[variable]
        if len(kinds_of_link) == 1:
            return self.dialect.quote(kinds_of_link[0]), False
        return self._union(variable, [(kind, ("_id",), "") for kind in kinds_of_link])

    def names_read(self, variable: str) -> list[str]:
        """The properties that are read of a variable and that something that it may be has."""
        wanted = set(self.needed.get(variable, ()))
        if kinds.EVERY in wanted:
            word = "node" if variable in self.bindings.nodes else "link"
            wanted |= set(self.property_names(kinds.entity_of(word, self.bindings.of(variable))))
        return [name for name in sorted(wanted) if self.property_type(variable, name)]

    def property_names(self, kind: str) -> list[str]:
        """The properties that a node or link of this type may have, each of one type."""
        return list(kinds.fields_of(properties_of(self.schema, kind)))

    def look_up(self, kind: str, key: str, name: str) -> str:
        """A correlated look-up of a property by the key of a computed node or link."""
        variable = f"_{self.aliases.fresh()}"
        typer = self.typer.within(bound_to(self.bindings, variable, kind))
        needed = {variable: {name}}
        inner = Scope(self.dialect, self.scopes, needed, self.aliases, typer, typer.bindings, {variable: key})
        text, numbered = inner.entity_source(variable)
        inner.tables[variable] = table = Table(self.aliases.fresh(), numbered)
        found = inner.property(variable, name)
        return (
            found
            if not numbered and found.startswith("(")
            else (f"(SELECT {found} FROM {text} AS {table.alias} WHERE {table.alias}._id = {key})")
        )

    def _path(self, path: PathPattern) -> str:
        """A path as a record: the keys of its nodes, and of its links."""
        nodes = self.dialect.array([self.keys[node.variable] for node in path.nodes])
        links = self.dialect.array([self.keys[link.variable] for link in path.links])
        links = links if path.links else self.dialect.lists.nothing("list of integer")
        return self.dialect.lists.record([nodes, links])

    def _known_outside(self, variable: str) -> bool:
        """True when the outer query's table will do: this one does not narrow the labels."""
        return self.outer.nodes.get(variable) == self.bindings.nodes[variable]

    def _node_source(self, variable: str) -> tuple[str, bool]:
        """The table of the label, or a union of several; whether its columns are numbered."""
        labels = self.bindings.nodes[variable]
        if len(labels) == 1:
            return self.dialect.quote(labels[0]), False
        return self._union(variable, [(label, ("_id",), "") for label in labels])

    def link_source(self, link: LinkPattern) -> tuple[str, bool]:
        """The table of the link type; several types, or both directions, are a union, whose columns are numbered."""
        kinds = self.bindings.links[link.variable]
        forward = ("_id", "_src", "_dst", "_src_label", "_dst_label")
        if len(kinds) == 1 and link.direction != "both":
            return self.dialect.quote(kinds[0]), False
        branches = [(kind, forward, "") for kind in kinds]
        if link.direction == "both":
            # a link from a node to itself is one match in either reading
            turned = (
                "_id",
                "_dst AS _src",
                "_src AS _dst",
                "_dst_label AS _src_label",
                "_src_label AS _dst_label",
            )
            branches += [(kind, turned, " WHERE _src <> _dst") for kind in kinds]
        return self._union(link.variable, branches)

    def _union(self, variable: str, branches: Sequence[tuple[str, tuple[str, ...], str]]) -> tuple[str, bool]:
        """Several tables as one, with the columns that are read of the variable, here or outside: they are numbered."""
        if not branches:
            return no_rows(self.dialect, link=variable not in self.bindings.nodes), True
        names = self.names_read(variable)
        selects = []
        for owner, columns, where in branches:
            listed = (*columns, *(self._column(variable, owner, name) for name in names))
            selects.append(f"SELECT {', '.join(listed)} FROM {self.dialect.quote(owner)}{where}")
        return f"({' UNION ALL '.join(selects)})", True

    def _column(self, variable: str, owner: str, name: str) -> str:
        """A property as a column of a union: null where the owner has none (or of another type, which nobody reads)."""
        held = self._present(owner).get(name) == self.property_type(variable, name)
        text = self.dialect.quote(name) if held else self._null(variable, name)
        if name == kinds.LABEL:
            text = self.dialect.constant(owner)
        return f"{text} AS {self.aliases.column('property', variable, name)}"

    def _present(self, owner: str) -> Mapping[str, str]:
        ends = {} if owner in self.schema.model.labels else dict.fromkeys((kinds.START, kinds.END), "integer")
        return {"id": "string"} | ends | dict(self.schema.nodes.get(owner) or self.schema.links.get(owner) or {})

    def _owners(self, variable: str) -> tuple[str, ...]:
        nodes = self.bindings.nodes
        return nodes[variable] if variable in nodes else self.bindings.links[variable]

    def property_type(self, variable: str, name: str) -> str:
        """The type of a property of a variable; empty for one that nothing that it may be here has."""
        if variable in self.bindings.values:
            return ""
        if name in kinds.OF_ALL:
            return kinds.OF_ALL[name]
        look = self.schema.node_property if variable in self.bindings.nodes else self.schema.link_property
        return next(filter(None, (look(owner, name) for owner in self._owners(variable))), "")

    def _null(self, variable: str, name: str) -> str:
        return f"CAST(NULL AS {self.dialect.types[self.property_type(variable, name)]})"

    def property(self, variable: str, name: str) -> str:
        """A property as an expression; a typed null where the dataset has none, and null of what is null itself."""
        if variable in self.bindings.values:
            return "NULL"
        owners = self._owners(variable)
        if not self.property_type(variable, name):
            # a later pattern has left only labels that do not know it
            return "NULL"
        if name == kinds.LABEL and len(owners) == 1:
            return f"(CASE WHEN {self.keys[variable]} IS NOT NULL THEN {self.dialect.constant(owners[0])} END)"
        if len(owners) == 1 and name not in self._present(owners[0]):
            return self._null(variable, name)
        table = self.tables.get(variable) or self.carried[variable]
        column = self.aliases.column("property", variable, name) if table.numbered else self.dialect.quote(name)
        return f"{table.alias}.{column}"

    def _distinct_links(self, match: Match) -> None:
        """Two links of one MATCH are never the same link."""
        for one, other in combinations(match.links(), 2):
            if set(self.bindings.links[one.variable]) & set(self.bindings.links[other.variable]):
                self.conditions.append(f"({self.keys[one.variable]} <> {self.keys[other.variable]})")

    def variable(self, name: str) -> str:
        """A value, or the key of a node or link."""
        return self.keys[name]

    def parameter(self, name: str) -> str:
        """What the statement calls a parameter of the query."""
        return self.aliases.parameters[name]

    def emitter(self) -> Emitter:
        """What turns this scope's expressions into SQL."""
        return Emitter(self)

    def _inside(self, matches: tuple[Match, ...]) -> Scope:
        """The scope of further matches that may speak of what is here."""
        names = (dict(self.keys), dict(self.tables), self.carried)
        inner = Scope(self.dialect, self.scopes, self.needed, self.aliases, self.typer, self.bindings, *names)
        bound = self.scopes.get(paths_of(matches))
        inner.add(matches, bound or self.typer.within(bind(matches, self.schema, self.bindings)))
        return inner

    def subquery(self, matches: tuple[Match, ...], select: str) -> str:
        """A correlated subquery over further matches."""
        return f"SELECT {select} {self._inside(matches).from_where()}"

    def results(self, match: Match, result: Expression) -> str:
        """A correlated subquery of the list of what an expression is for each match, in the order of its entities."""
        inner = self._inside((match,))
        emit = inner.emitter()
        keys = [inner.keys[pattern.variable] for pattern in patterns(match)]
        found = self.dialect.lists.collected(emit.expression(result), keys)
        nothing = self.dialect.lists.nothing(kinds.list_of(emit.type_of(result)))
        return f"coalesce((SELECT {found} {inner.from_where()}), {nothing})"

    def over_list(self, variable: str, kind: str, listed: str) -> tuple[Scope, str]:
        """A correlated subquery over the elements of a list; and the place of each."""
        alias, element, place = self.aliases.fresh(), self.aliases.fresh(), self.aliases.fresh()
        typer = self.typer.within(bound_to(self.bindings, variable, kind))
        names = (dict(self.keys) | {variable: f"{alias}.{element}"}, dict(self.tables), self.carried)
        inner = Scope(self.dialect, self.scopes, self.needed, self.aliases, typer, typer.bindings, *names)
        source = f"(SELECT {self.dialect.lists.rows(listed, element, place)}) AS {alias}"
        if kinds.is_entity(kind) and inner.names_read(variable):
            # what is not there any more, or null, has no properties
            text, numbered = inner.entity_source(variable)
            inner.tables[variable] = table = Table(self.aliases.fresh(), numbered)
            source += f" LEFT JOIN {text} AS {table.alias} ON {table.alias}._id = {alias}.{element}"
        inner.sources.append(source)
        return inner, f"{alias}.{place}"

    def from_where(self) -> str:
        """`FROM ... WHERE ...`."""
        where = f"\nWHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"FROM {', '.join(self.sources)}{where}"

    def numeric_range(self, variable: str, name: str) -> Iterator[tuple[float, float] | None]:
        """Of each owner that has the property: its smallest non-zero and largest absolute value, None if not known."""
        for owner in self._owners(variable):
            if name in self._present(owner):
                yield self.schema.ranges.get((owner, name))
