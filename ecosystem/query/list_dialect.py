"""Whatever SQL engines write in different words of lists and records: one protocol, and DuckDB's.

Every text that a method takes is SQL that may stand as an operand, and so is every text that it gives. A record has
fields by number, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import Protocol

from ecosystem.query import kinds


class ListDialect(Protocol):
    """How an engine writes lists, records, and functions of a list's elements."""

    def type_for(self, kind: str) -> str:
        """The type of a column for a type of `kinds`; a node or link is its key."""

    def nothing(self, kind: str) -> str:
        """The empty list of this type."""

    def size(self, listed: str) -> str:
        """How many elements a list has; null of null."""

    def element(self, listed: str, index: str) -> str:
        """The element at a place from 0, from the end where negative; null where there is none."""

    def slice(self, listed: str, start: str | None, end: str | None) -> str:
        """The elements from a place up to another one, which is not among them; null where a bound is."""

    def joined(self, left: str, right: str) -> str:
        """Two lists as one; null where one is."""

    def record(self, fields: Sequence[str]) -> str:
        """A record of these fields."""

    def field(self, record: str, number: int) -> str:
        """A field of a record."""

    def mapped(self, listed: str, name: str, body: str) -> str:
        """The list of what a body is for each element, which it calls by a name."""

    def kept(self, listed: str, name: str, condition: str) -> str:
        """The elements of which a condition holds."""

    def zipped(self, left: str, right: str) -> str:
        """A list of records of the elements that stand at the same place of two lists."""

    def quantified(self, kind: OneOf["any", "all", "none", "single"], tests: str) -> str:
        """Whether any, all, none or a single one of a list of conditions holds; null where that is not known."""

    def reduced(self, listed: str, start: str, total: str, element: str, step: str, types: tuple[str, str]) -> str:
        """What a step makes of a start, element by element.

        The step calls two records by these names: field 0 of the first is the total so far, field 1 of the second the
        element. `types` are those of the total and of an element.
        """

    def collected(self, value: str, orders: Sequence[str], *, distinct: bool = False, where: str = "") -> str:
        """The list of a group's values in an order, without nulls where `where` says so; null of nothing."""

    def has(self, listed: str, element: str) -> str:
        """Whether a list of keys has this one."""

    def apart(self, left: str, right: str) -> str:
        """Whether two lists of keys share none."""

    def turned(self, listed: str) -> str:
        """A list from its end to its beginning."""

    def in_turn(self, longer: str, shorter: str) -> str:
        """The elements of two lists in turn; the first has one more."""

    def rows(self, listed: str, element: str, place: str) -> str:
        """The columns of a SELECT that make a row of each element of a list: the element, and its place."""


@dataclass(frozen=True, slots=True)
class DuckDBLists:
    """DuckDB 1.5."""

    scalars: Mapping[str, str]

    def type_for(self, kind: str) -> str:
        """Lists in square brackets, records as STRUCT."""
        if kinds.is_list(kind):
            return f"{self.type_for(kinds.inside(kind))}[]"
        if kinds.is_map(kind):
            fields = (f"f{n} {self.type_for(each)}" for n, each in enumerate(kinds.fields_of(kind).values(), 1))
            return f"STRUCT({', '.join(fields)})" if kinds.fields_of(kind) else "STRUCT(f0 BOOLEAN)"
        if kinds.is_path(kind):
            return "STRUCT(f1 BIGINT[], f2 BIGINT[])"
        return "BIGINT" if kinds.is_entity(kind) else self.scalars.get(kind, "INTEGER")

    def nothing(self, kind: str) -> str:
        """Cast, where the type is known."""
        return f"CAST([] AS {self.type_for(kind)})"

    def size(self, listed: str) -> str:
        """The function len."""
        return f"len({listed})"

    def element(self, listed: str, index: str) -> str:
        """Places from 1 in the engine; a 0 there is none."""
        return f"list_extract({listed}, CASE WHEN {index} >= 0 THEN {index} + 1 ELSE {index} END)"

    def slice(self, listed: str, start: str | None, end: str | None) -> str:
        """Both ends included in the engine, where null would be no bound; from the end both count from -1."""
        first = "1" if start is None else f"(CASE WHEN {start} >= 0 THEN {start} + 1 ELSE {start} END)"
        last = f"len({listed})" if end is None else f"(CASE WHEN {end} >= 0 THEN {end} ELSE {end} - 1 END)"
        unknown = [f"{bound} IS NULL" for bound in (start, end) if bound is not None]
        text = f"list_slice({listed}, {first}, {last})"
        return f"(CASE WHEN {' OR '.join(unknown)} THEN NULL ELSE {text} END)" if unknown else text

    def joined(self, left: str, right: str) -> str:
        """Null would be an empty list to the function."""
        return f"(CASE WHEN {left} IS NULL OR {right} IS NULL THEN NULL ELSE list_concat({left}, {right}) END)"

    def record(self, fields: Sequence[str]) -> str:
        """With numbered names."""
        return f"struct_pack({', '.join(f'f{n} := {text}' for n, text in enumerate(fields, 1)) or 'f0 := true'})"

    def field(self, record: str, number: int) -> str:
        """By its numbered name."""
        return f"({record}).f{number + 1}"

    def mapped(self, listed: str, name: str, body: str) -> str:
        """A lambda."""
        return f"list_transform({listed}, lambda {name}: {body})"

    def kept(self, listed: str, name: str, condition: str) -> str:
        """A lambda; unknown and false are the same here."""
        return f"list_filter({listed}, lambda {name}: coalesce({condition}, false))"

    def zipped(self, left: str, right: str) -> str:
        """The fields of the engine's own have no names."""
        return f"list_transform(list_zip({left}, {right}), lambda z: struct_pack(f1 := z[1], f2 := z[2]))"

    def quantified(self, kind: OneOf["any", "all", "none", "single"], tests: str) -> str:
        """By what the list of conditions contains."""
        unknown = f"len({tests}) > list_count({tests})"
        if kind == "single":
            found = f"len(list_filter({tests}, lambda s: coalesce(s, false)))"
            known = f"WHEN {found} > 1 THEN false WHEN {unknown} THEN NULL ELSE {found} = 1"
            return f"(CASE WHEN {tests} IS NULL THEN NULL {known} END)"
        sought, if_found = ("false", "false") if kind == "all" else ("true", "true" if kind == "any" else "false")
        otherwise = "true" if if_found == "false" else "false"
        return (
            f"(CASE WHEN {tests} IS NULL THEN NULL WHEN list_contains({tests}, {sought}) THEN {if_found} "
            f"WHEN {unknown} THEN NULL ELSE {otherwise} END)"
        )

    def reduced(self, listed: str, start: str, total: str, element: str, step: str, types: tuple[str, str]) -> str:
        """Over records of both, since the engine wants the total to be of the type of the elements."""
        of_total, of_element = map(self.type_for, types)
        first = f"struct_pack(f1 := CAST({start} AS {of_total}), f2 := CAST(NULL AS {of_element}))"
        one = f"struct_pack(f1 := CAST(NULL AS {of_total}), f2 := CAST(r AS {of_element}))"
        rest = f"list_transform({listed}, lambda r: {one})"
        next_one = f"struct_pack(f1 := CAST({step} AS {of_total}), f2 := ({element}).f2)"
        return f"(list_reduce({rest}, lambda {total}, {element}: {next_one}, {first})).f1"

    def collected(self, value: str, orders: Sequence[str], *, distinct: bool = False, where: str = "") -> str:
        """The aggregate list; of distinct values the first of each stays where it was."""
        order = f" ORDER BY {', '.join(orders)}" if orders else ""
        text = f"list({value}{order})" + (f" FILTER (WHERE {where})" if where else "")
        return f"list_filter({text}, lambda d, i: list_position({text}, d) = i)" if distinct else text

    def rows(self, listed: str, element: str, place: str) -> str:
        """Both unnest at once."""
        return f"unnest({listed}) AS {element}, generate_subscripts({listed}, 1) AS {place}"

    def has(self, listed: str, element: str) -> str:
        """The function of that meaning."""
        return f"list_contains({listed}, {element})"

    def apart(self, left: str, right: str) -> str:
        """The function of the opposite."""
        return f"(NOT list_has_any({left}, {right}))"

    def turned(self, listed: str) -> str:
        """The function of that meaning."""
        return f"list_reverse({listed})"

    def in_turn(self, longer: str, shorter: str) -> str:
        """The pairs made one list, whose last pair has a null; the ids of no links have no type of their own."""
        pairs = (
            f"list_transform(list_zip({longer}, {shorter}), lambda z: [CAST(z[1] AS VARCHAR), CAST(z[2] AS VARCHAR)])"
        )
        return f"list_slice(flatten({pairs}), 1, 2 * len({longer}) - 1)"
