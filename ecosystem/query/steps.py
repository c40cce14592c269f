"""The rows of a statement so far: the last table of its steps, what that holds, and how the next one reads it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import bind_subqueries, name_all
from ecosystem.query.clauses import MatchGroup, after
from ecosystem.query.column_names import Aliases, Table, needed_properties
from ecosystem.query.dialect import Dialect
from ecosystem.query.schema import Schema
from ecosystem.query.scope import Scope
from ecosystem.query.statement_check import types_within
from ecosystem.query.statement_tree import Item, Query
from ecosystem.query.tree import Expression, Match, StatementNode
from ecosystem.query.types import Typer


@dataclass(slots=True)
class Shared:
    """What all steps of a statement share: the engine, the graph, what is read of each name, and the tables so far.

    Where `keys`, a node or link that is returned in the end comes as its key.
    """

    dialect: Dialect
    schema: Schema
    parameters: Mapping[str, str]
    needed: Mapping[str, set[str]]
    aliases: Aliases
    tables: list[str] = field(default_factory=list)
    keys: bool = False


@dataclass(slots=True)
class Steps(ABC):
    """The last table, and what it holds.

    `constants` are visible in every part. `rows` are the columns that number the rows of the steps around this one, of
    which `around` has every one; `order` are the columns by which a list of the rows is ordered.
    """

    shared: Shared
    last: str = ""
    visible: Bindings = field(default_factory=Bindings)
    constants: Bindings = field(default_factory=Bindings)
    rows: tuple[str, ...] = ()
    around: str = ""
    order: tuple[str, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""
        return self.shared.dialect

    @property
    def hidden(self) -> tuple[str, ...]:
        """The columns that no name of the statement means."""
        return (*self.rows, *self.order)

    def add_table(self, sql: str) -> None:
        """One more table, the last from now on."""
        self.last = self.shared.aliases.fresh()
        self.shared.tables.append(f"{self.last} AS {self.dialect.computed_once}({sql})")

    def typer(self, bindings: Bindings | None = None) -> Typer:
        """The types of what is visible, or of other bindings."""

        def columns(statement: StatementNode, around: Bindings) -> Mapping[str, str]:
            return types_within(statement, self.shared.schema, self.shared.parameters, Bindings(), around)

        here = self.visible if bindings is None else bindings
        return Typer(self.shared.schema, here, self.shared.parameters, metric=False, columns=columns)

    def scope(self, base: str, *named: Query, joined: Typer | None = None) -> Scope:
        """A scope that begins with the names of the last table, which the statement calls `base`.

        `named` is what it speaks of; `joined` knows what is bound where the subqueries of that stand.
        """
        needed: dict[str, set[str]] = defaultdict(set, {name: set(read) for name, read in self.shared.needed.items()})
        for query in named:
            for name, wanted in needed_properties(query).items():
                needed[name] |= wanted
        column = self.shared.aliases.column
        entities = (*self.visible.nodes, *self.visible.links)
        keys = {name: f"{base}.{column('key', name)}" for name in entities}
        keys |= {name: f"{base}.{column('value', name)}" for name in self.visible.values}
        carried = dict.fromkeys(entities, Table(base, numbered=True))
        typer = self.typer()
        scopes = bind_subqueries(named, joined or typer)
        return Scope(self.dialect, scopes, needed, self.shared.aliases, typer, self.visible, keys, {}, carried)

    def columns(self, scope: Scope, names: Iterable[str], prefix: str = "") -> list[str]:
        """What the next table holds of these names, read from a scope, or from a table that holds it already."""
        found = []
        for name in names:
            content = "value" if name in scope.bindings.values else "key"
            column = self.shared.aliases.column(content, name)
            found.append(f"{prefix}{column}" if prefix else f"{scope.keys[name]} AS {column}")
            for wanted in scope.names_read(name) if content == "key" else ():
                column = self.shared.aliases.column("property", name, wanted)
                found.append(f"{prefix}{column}" if prefix else f"{scope.property(name, wanted)} AS {column}")
        return found

    def carried(self, base: str) -> list[str]:
        """The hidden columns of a table."""
        return [f"{base}.{column}" for column in self.hidden]

    def join(self, matches: tuple[Match, ...], *, unnamed: bool = False) -> None:
        """Join plain matches to the last table at once; `unnamed` keeps what they bind that has no name of its own."""
        base = self.shared.aliases.fresh()
        bindings = bind(matches, self.shared.schema, self.visible)
        typer = self.typer(bindings)
        scope = self.scope(base, Query(matches, ()), joined=typer)
        old = names_of(self.visible)
        now = bindings if unnamed else after(MatchGroup(matches, optional=False), self.visible, bindings)
        new = [name for name in names_of(now) if name not in old]
        scope.sources += [f"{self.last} AS {base}"] if self.last else []
        scope.add(matches, typer)
        # what this match narrows is read anew: among fewer labels a property may have one type where it had two
        kept = [name for name in old if name not in scope.tables]
        columns = [*self.columns(self.scope(base), kept), *self.carried(base)]
        columns += self.columns(scope, [*(name for name in old if name in scope.tables), *new])
        self.add_table(f"SELECT {', '.join(columns) or '1'} {scope.from_where()}")
        self.visible = now

    def read_entities(self, names: Iterable[str]) -> None:
        """The properties that are read further on of nodes and links of which the last table has the key alone."""
        for name in names:
            base = self.shared.aliases.fresh()
            scope = self.scope(base)
            if not scope.names_read(name):
                continue
            source, numbered = scope.entity_source(name)
            table = Table(self.shared.aliases.fresh(), numbered)
            scope.tables[name] = table
            others = [each for each in names_of(self.visible) if each != name]
            columns = [*self.columns(self.scope(base), others), *self.carried(base), *self.columns(scope, (name,))]
            joined = (
                f"{self.last} AS {base} LEFT JOIN {source} AS {table.alias} ON {table.alias}._id = {scope.keys[name]}"
            )
            self.add_table(f"SELECT {', '.join(columns)} FROM {joined}")

    def named(self, expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Expressions with every pattern of their subqueries named, beside what is visible."""
        items = tuple(Item(expression, str(number)) for number, expression in enumerate(expressions))
        return tuple(item.expression for item in name_all(Query((), items), visible=names_of(self.visible)).items)

    def filter(self, where: Expression) -> None:
        """The rows of which a condition holds."""
        (named,) = self.named((self.hoist(where),))
        base = self.shared.aliases.fresh()
        scope = self.scope(base, Query((), (Item(named, "where"),)))
        self.add_table(f"SELECT * FROM {self.last} AS {base} WHERE {scope.emitter().expression(named)}")

    @abstractmethod
    def hoist(self, expression: Expression, memo: dict[Expression, Expression] | None = None) -> Expression:
        """The expression with a name for each subquery that is a step of its own; the last table has its value."""

    def distinct(self, sql: str, columns: Iterable[tuple[str, bool]]) -> str | None:
        """Each row of a SELECT once, for columns that may be not a number or not; None where DISTINCT does that."""
        told = list(columns)
        undefined = [self.dialect.is_nan(name) for name, may_be_nan in told if may_be_nan]
        if not undefined:
            return None
        names = ", ".join(name for name, _ in told)
        mark, rows, marked = (self.shared.aliases.fresh() for _ in range(3))
        apart = f"CASE WHEN {' OR '.join(undefined)} THEN {self.dialect.row_mark()} END AS {mark}"
        return f"SELECT {names} FROM (SELECT *, {apart} FROM ({sql}) AS {rows}) AS {marked} GROUP BY {names}, {mark}"


def names_of(bindings: Bindings) -> list[str]:
    """Every visible name: nodes, links, values."""
    return [*bindings.nodes, *bindings.links, *bindings.values]
