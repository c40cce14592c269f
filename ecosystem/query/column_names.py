"""The numbered names of a statement's tables and columns, and which properties of each name have a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ecosystem.query import kinds
from ecosystem.query.dialect import Dialect
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import walk
from ecosystem.query.tree import Call, LabelTest, LinkPattern, MapProjection, NodePattern, PropertyOf, Variable


def needed_properties(query: SyntaxNode) -> dict[str, set[str]]:
    """The properties that are read of each variable, anywhere in the query."""
    needed: dict[str, set[str]] = defaultdict(set)
    for node in walk(query):
        if isinstance(node, PropertyOf):
            needed[node.variable].add(node.name)
        elif isinstance(node, NodePattern | LinkPattern):
            needed[node.variable].update(name for name, _ in node.properties)
        elif isinstance(node, LabelTest | MapProjection) and isinstance(node.subject, Variable):
            needed[node.subject.name].update(
                [kinds.LABEL] if isinstance(node, LabelTest) else [kinds.EVERY] * node.everything
            )
        elif isinstance(node, Call) and node.function in _READ and isinstance(node.arguments[0], Variable):
            needed[node.arguments[0].name].add(_READ[node.function])
    return needed


_READ = {
    "labels": kinds.LABEL,
    "type": kinds.LABEL,
    "keys": kinds.EVERY,
    "properties": kinds.EVERY,
    "startnode": kinds.START,
    "endnode": kinds.END,
}
"""What each function reads of the node or link that it is called with."""


@dataclass(slots=True)
class Aliases:
    """The names of a statement's tables, columns and parameters: numbers, unique over the whole statement."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    tables: int = 0
    columns: dict[tuple[str, ...], str] = field(default_factory=dict)

    def fresh(self) -> str:
        """A name for one more table."""
        self.tables += 1
        # no label or link type begins with an underscore, and to an engine `T2` and `t2` are one table
        return f"_t{self.tables}"

    def column(self, *content: str) -> str:
        """The name of every column with this content, such as `key` of `c`, or `property` of `c` and `name`."""
        return self.columns.setdefault(content, f"c{len(self.columns) + 1}")


@dataclass(frozen=True, slots=True)
class Table:
    """A joined table; `numbered` where its columns have names of ours, and not those of the store."""

    alias: str
    numbered: bool


def no_rows(dialect: Dialect, *, link: bool) -> str:
    """No rows of a node or link, for a pattern that nothing can match: the witnesses of a metric may ask for such."""
    keys = ("_id", "_src", "_dst") if link else ("_id",)
    columns = [f"CAST(NULL AS {dialect.types['integer']}) AS {key}" for key in keys]
    columns += [f"CAST(NULL AS {dialect.types['string']}) AS {key}_label" for key in keys[1:]]
    return f"(SELECT {', '.join(columns)} WHERE false)"
