"""The same query with every node and link named, so that each can be pointed at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import count
from typing import Any, cast

from ecosystem.query.traversal import map_children, patterns, walk
from ecosystem.query.tree import (
    CountMatches,
    Exists,
    Expression,
    LinkPattern,
    Match,
    NodePattern,
    Path,
    PropertyOf,
    Query,
    Variable,
)


def name_all(query: Query, *, apart: bool = True, visible: Collection[str] = ()) -> Query:
    """The query with a variable on every pattern; a subquery's own variables become unique over the whole query.

    Given names begin with an underscore, which the checker refuses in a user's text. Without `apart` the names that
    are written stay: two subqueries may then mean two things by one name. `visible` are names from before.
    """
    return _Namer(query, apart, visible).query(query)


class _Namer:
    """One pass over a query: what is visible is passed down, what is taken only grows."""

    def __init__(self, query: Query, apart: bool, visible: Collection[str]) -> None:
        self.apart = apart
        self.visible = visible
        written = {node.variable for node in walk(query) if isinstance(node, NodePattern | LinkPattern)}
        self.fresh = (f"_{number}" for number in count(1) if not written & {f"_{number}", str(number)})
        # the outermost names stay as they are written
        self.used = {pattern.variable for match in query.matches for pattern in patterns(match)} | set(visible)
        self.written = written

    def query(self, query: Query) -> Query:
        names = {name: name for name in self.visible}
        matches = tuple(self.match(match, names, own=True) for match in query.matches)
        items = tuple(replace(item, expression=self.expression(item.expression, names)) for item in query.items)
        return replace(query, matches=matches, items=items)

    def match(self, match: Match, names: dict[str, str], *, own: bool) -> Match:
        """The match with its names; `names` (as written -> as named) gains those that it binds."""
        for pattern in patterns(match):
            if pattern.variable and pattern.variable not in names:
                names[pattern.variable] = self.unique(pattern.variable) if self.apart and not own else pattern.variable
        paths = tuple(self.path(path, names) for path in match.paths)
        where = None if match.where is None else self.expression(match.where, names)
        return replace(match, paths=paths, where=where)

    def unique(self, name: str) -> str:
        """A name that no sibling uses: two subqueries may both say `b` and mean two things."""
        others = (f"{name}_{number}" for number in count(2))
        candidate = (
            name if name not in self.used else next(new for new in others if new not in self.written | self.used)
        )
        self.used.add(candidate)
        return candidate

    def path(self, path: Path, names: dict[str, str]) -> Path:
        nodes = tuple(replace(node, **self.parts(node, names)) for node in path.nodes)
        links = tuple(replace(link, **self.parts(link, names)) for link in path.links)
        return replace(path, nodes=nodes, links=links)

    def parts(self, pattern: NodePattern | LinkPattern, names: dict[str, str]) -> dict[str, Any]:
        properties = tuple((name, self.expression(value, names)) for name, value in pattern.properties)
        return {"variable": names[pattern.variable] if pattern.variable else next(self.fresh), "properties": properties}

    def expression(self, node: Expression, names: dict[str, str]) -> Expression:
        match node:
            case Variable():
                return replace(node, name=names.get(node.name, node.name))
            case PropertyOf():
                return replace(node, variable=names.get(node.variable, node.variable))
            case Exists() | CountMatches():
                inner = dict(names)
                return replace(node, matches=tuple(self.match(match, inner, own=False) for match in node.matches))
            case _:
                return map_children(node, lambda child: self.expression(cast("Expression", child), names))
