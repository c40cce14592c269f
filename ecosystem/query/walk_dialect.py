"""Whatever SQL engines write in different words of walks over links: one protocol, and DuckDB's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class WalkDialect(Protocol):
    """How an engine writes tables that speak of themselves, and shortest ways by them."""

    def recursive(self, name: str, columns: Sequence[str], begin: str, go_on: str) -> str:
        """A table of these columns that begins with the rows of one SELECT and goes on with another one of itself."""

    def distances(self, edges: str, pairs: str, most: int | None, fresh: Callable[[], str]) -> str:
        """A SELECT of how many edges (from `u` to `v`) each node `v` lies from each `s` of the pairs: `s, v, d`."""

    def ways_back(self, edges: str, pairs: str, reached: str, fresh: Callable[[], str], *, one: bool) -> str:
        """A SELECT of the shortest ways of each pair `s, t`: the keys of their nodes `n` and of their edges `l`."""


@dataclass(frozen=True, slots=True)
class DuckDBWalks:
    """DuckDB 1.5."""

    def recursive(self, name: str, columns: Sequence[str], begin: str, go_on: str) -> str:
        """The standard's."""
        return f"WITH RECURSIVE {name}({', '.join(columns)}) AS ({begin} UNION ALL {go_on})"

    def distances(self, edges: str, pairs: str, most: int | None, fresh: Callable[[], str]) -> str:
        """Level by level; a node that was reached is known by its key in the table so far."""
        near, edge, seen, asked, done = (fresh() for _ in range(5))
        end = f" AND {near}.d < {most}" if most is not None else ""
        # a pair whose way is found needs no further level
        open_pairs = (
            f"EXISTS (SELECT 1 FROM {pairs} AS {asked} WHERE {asked}.s = {near}.s AND NOT EXISTS "
            f"(SELECT 1 FROM recurring.{near} AS {done} WHERE {done}.s = {asked}.s AND {done}.v = {asked}.t))"
        )
        return (
            f"WITH RECURSIVE {near}(s, v, d) USING KEY (s, v) AS (SELECT DISTINCT s, s, 0 FROM {pairs} UNION "
            f"SELECT DISTINCT {near}.s, {edge}.v, {near}.d + 1 FROM {near} "
            f"JOIN {edges} AS {edge} ON {edge}.u = {near}.v "
            f"LEFT JOIN recurring.{near} AS {seen} ON {seen}.s = {near}.s AND {seen}.v = {edge}.v "
            f"WHERE {seen}.v IS NULL{end} AND {open_pairs}) SELECT * FROM {near}"
        )

    def ways_back(self, edges: str, pairs: str, reached: str, fresh: Callable[[], str], *, one: bool) -> str:
        """From the far end over edges that lead one level nearer; of equals that of the smallest key where `one`."""
        way, edge, near, last, far, head = (fresh() for _ in range(6))
        # what lies on a way at all is found first, from the far end: few of the nodes that were reached
        behind = (
            f"FROM {head} JOIN {edges} AS {edge} ON {edge}.v = {head}.v JOIN {reached} AS {near} "
            f"ON {near}.s = {head}.s AND {near}.v = {edge}.u AND {near}.d = {head}.d - 1"
        )
        on_a_way = (
            f"{head}(s, v, d) AS (SELECT {far}.s, {far}.v, {far}.d FROM {pairs} AS {last} JOIN {reached} AS {far} "
            f"ON {far}.s = {last}.s AND {far}.v = {last}.t UNION SELECT {head}.s, {edge}.u, {head}.d - 1 {behind})"
        )
        nearer = f"SELECT {head}.s, {edge}._id, {edge}.u, {edge}.v {behind}"
        if one:
            nearer = f"SELECT s, v, min(_id) AS _id, arg_min(u, _id) AS u FROM ({nearer}) GROUP BY s, v"
        steps = fresh()
        begin = (
            f"SELECT {last}.s, {last}.t, {last}.t, [{last}.t], CAST([] AS BIGINT[]) FROM {pairs} AS {last} "
            f"JOIN {reached} AS {far} ON {far}.s = {last}.s AND {far}.v = {last}.t"
        )
        go_on = (
            f"SELECT {way}.s, {way}.t, {steps}.u, list_prepend({steps}.u, {way}.n), list_prepend({steps}._id, {way}.l) "
            f"FROM {way} JOIN {steps} ON {steps}.s = {way}.s AND {steps}.v = {way}.v WHERE {way}.v <> {way}.s"
        )
        return (
            f"WITH RECURSIVE {on_a_way}, {steps} AS MATERIALIZED ({nearer}), "
            f"{way}(s, t, v, n, l) AS ({begin} UNION ALL {go_on}) "
            f"SELECT s, t, n, l FROM {way} WHERE v = s"
        )
