"""Translators with one mistake each in lists, loops, subqueries, walks and paths, as patches of the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from broken import Mistake, changed

from ecosystem.query import collection_sql, projection_sql, walks
from ecosystem.query.list_dialect import DuckDBLists
from ecosystem.query.pipeline import Pipeline
from ecosystem.query.tree import Call, Comprehension, Reduce


def _links(real: Any, change_of: Callable[[int, int | None], tuple[int, int | None]], *given: Any, **named: Any) -> Any:
    steps, link, types, start, hops = given
    return real(steps, link, types, start, change_of(*hops), **named)


def _of_lists(name: str, how: Callable[..., Any]) -> Callable[[Any], None]:
    return changed(DuckDBLists, name, how)


def _swapped(real: Any, writer: Any, node: Call) -> Any:
    other = {"startnode": "endnode", "endnode": "startnode"}
    return real(writer, replace(node, function=other.get(node.function, node.function)))


def _all_unions(real: Any, self: Any, branches: Any, found: Any, *, distinct: bool) -> Any:
    return real(self, branches, found, distinct=False)


def _optional_as_match(real: Any, self: Any, inner: Any, new: Any, now: Any, *, outer: bool) -> Any:
    return real(self, inner, new, now, outer=False)


def _without_where(real: Any, writer: Any, node: Comprehension) -> Any:
    return real(writer, replace(node, where=None))


def _from_nothing(real: Any, writer: Any, node: Reduce) -> Any:
    return real(writer, replace(node, start=_zero(node.start)))


def _zero(start: Any) -> Any:
    return replace(start, value=0) if type(getattr(start, "value", None)) is int else start


def _cut_of_all(real: Any, steps: Any, *given: Any, **named: Any) -> Any:
    rows, steps.rows = steps.rows, ()
    text = real(steps, *given, **named)
    steps.rows = rows
    return text


LISTS = (
    Mistake("an index counts from 1", _of_lists("element", lambda real, self, of, at: real(self, of, f"({at} - 1)"))),
    Mistake(
        "a negative index counts from the beginning",
        _of_lists("element", lambda real, self, of, at: real(self, of, f"abs({at})")),
    ),
    Mistake(
        "the end of a slice is part of it",
        _of_lists("slice", lambda real, self, of, a, b: real(self, of, a, b and f"({b} + 1)")),
    ),
    Mistake(
        "a slice begins one later",
        _of_lists("slice", lambda real, self, of, a, b: real(self, of, a and f"({a} + 1)", b)),
    ),
    Mistake(
        "a bound of a slice that is null is none",
        _of_lists(
            "slice", lambda real, self, of, a, b: real(self, of, a and f"coalesce({a}, 0)", b and f"coalesce({b}, 9)")
        ),
    ),
    Mistake(
        "a list and null joined are the list", _of_lists("joined", lambda real, self, a, b: f"list_concat({a}, {b})")
    ),
    Mistake("lists are joined the other way round", _of_lists("joined", lambda real, self, a, b: real(self, b, a))),
    Mistake("a comprehension loses its WHERE", changed(collection_sql, "comprehension", _without_where)),
    Mistake(
        "unknown keeps an element",
        _of_lists(
            "kept", lambda real, self, of, name, test: f"list_filter({of}, lambda {name}: coalesce({test}, true))"
        ),
    ),
    Mistake(
        "any of unknown is false",
        _of_lists("quantified", lambda real, self, kind, tests: f"coalesce({real(self, kind, tests)}, false)"),
    ),
    Mistake(
        "none for all",
        changed(
            collection_sql,
            "quantifier",
            lambda real, writer, node: real(writer, replace(node, kind="none") if node.kind == "all" else node),
        ),
    ),
    Mistake(
        "single is any",
        changed(
            collection_sql,
            "quantifier",
            lambda real, writer, node: real(writer, replace(node, kind="any") if node.kind == "single" else node),
        ),
    ),
    Mistake("reduce begins at 0", changed(collection_sql, "reduction", _from_nothing)),
    Mistake(
        "collect keeps nulls",
        _of_lists(
            "collected", lambda real, self, value, orders, **named: real(self, value, orders, **{**named, "where": ""})
        ),
    ),
    Mistake(
        "DISTINCT is dropped from collect",
        _of_lists(
            "collected",
            lambda real, self, value, orders, **named: real(self, value, orders, **{**named, "distinct": False}),
        ),
    ),
    Mistake(
        "collect loses the order",
        _of_lists(
            "collected",
            lambda real, self, value, orders, **named: real(
                self, value, [f"{each} DESC" for each in orders] or [f"{value} DESC"], **named
            ),
        ),
    ),
    Mistake(
        "UNWIND of null gives a row",
        _of_lists("rows", lambda real, self, of, element, place: real(self, f"coalesce({of}, [NULL])", element, place)),
    ),
    Mistake(
        "UNWIND of an empty list gives a row",
        _of_lists(
            "rows",
            lambda real, self, of, element, place: real(
                self, f"(CASE WHEN len({of}) = 0 THEN [NULL] ELSE {of} END)", element, place
            ),
        ),
    ),
    Mistake("the keys of a map are swapped", _of_lists("record", lambda real, self, fields: real(self, fields[::-1]))),
    Mistake("startNode for endNode", changed(collection_sql, "of_entity", _swapped)),
    Mistake(
        "every node has the label that is asked for",
        changed(collection_sql, "_label_test", lambda real, writer, node: "true"),
    ),
    Mistake("a walk passes a link twice", _of_lists("has", lambda *_: "false")),
    Mistake(
        "a walk of none is left out",
        changed(
            walks, "_walks", lambda real, *given, **named: _links(real, lambda a, b: (max(a, 1), b), *given, **named)
        ),
    ),
    Mistake(
        "a walk is one longer",
        changed(
            walks, "_walks", lambda real, *given, **named: _links(real, lambda a, b: (a, b and b + 1), *given, **named)
        ),
    ),
    Mistake(
        "a walk is one shorter at most",
        changed(
            walks, "_walks", lambda real, *given, **named: _links(real, lambda a, b: (a, b and b - 1), *given, **named)
        ),
    ),
    Mistake(
        "a walk goes against its direction",
        changed(walks, "_ends", lambda real, link, *, backwards: real(link, backwards=not backwards)),
    ),
    Mistake("UNION inside CALL keeps what is there twice", changed(Pipeline, "unite", _all_unions)),
    Mistake("OPTIONAL with a walk looks up as MATCH does", changed(Pipeline, "join_back", _optional_as_match)),
    Mistake(
        "an aggregate of nothing inside CALL is missing",
        changed(projection_sql, "_of_every_row", lambda real, steps, sql, *_: sql),
    ),
    Mistake("LIMIT inside CALL is of all rows", changed(projection_sql, "_cut", _cut_of_all)),
)
"""Twenty and more, each of which must be noticed."""
