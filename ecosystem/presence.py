"""In which variants of a graph the dataset says nothing any more on what a query asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ecosystem.index.arrays import IntArray
from ecosystem.query import BoundQuery, Schema, parse
from ecosystem.query.file_check import lacking
from ecosystem.query.printer import name_text
from ecosystem.query.traversal import patterns, walk
from ecosystem.query.tree import PropertyOf
from ecosystem.removals import NO_CODES, Removals, lost_rows
from ecosystem.store import GraphStore

Need = tuple[str, str | None]
"""A label or link type, and a property of it; without one any entity of the kind will do."""


class Presence:
    """Who holds what queries need, read once for each label, link type and property."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._read: dict[Need, Mapping[str, IntArray]] = {}

    def silent(self, query: BoundQuery, removals: Removals, suspects: IntArray) -> IntArray:
        """Those of the suspected variants (sorted) in which the dataset says nothing on what this query asks for."""
        if not len(suspects):
            return suspects
        few = removals.of(suspects)
        schema = self._store.schema
        gone: dict[int, list[Need]] = {}
        for need in _needs(query):
            for variant in self._without(need, few).tolist():
                gone.setdefault(variant, []).append(need)
        reasons = {needs: lacking(query, _reduced(schema, needs)) for needs in set(map(tuple, gone.values()))}
        return suspects[[variant for variant, needs in sorted(gone.items()) if reasons[tuple(needs)] is not None]]

    def _without(self, need: Need, removals: Removals) -> IntArray:
        """The variants without any entity that fulfils a need; none where there are none to begin with."""
        if need not in self._read:
            self._read[need] = self._holders(*need)
        holders = dict(self._read[need])
        links = {"link": holders.pop("link")} if "link" in holders else {}
        count = len(next(iter((links or holders).values())))
        variants, _ = lost_rows(holders, links, removals, count)
        return np.flatnonzero(np.bincount(variants, minlength=removals.count) == count) if count else NO_CODES

    def _holders(self, kind: str, name: str | None) -> Mapping[str, IntArray]:
        """The codes of a kind's nodes, or of its links and of both ends, that have a value of the property."""
        is_label = kind in self._store.schema.model.labels
        names = ("node",) if is_label else ("source", "target", "link")
        label = name_text(kind)
        pattern = f"(node:{label})" if is_label else f"(source)-[link:{label}]->(target)"
        where = f" WHERE {names[-1]}.{name_text(name)} IS NOT NULL" if name is not None else ""
        query = parse(f"MATCH {pattern}{where} RETURN {', '.join(f'{each} AS {each}' for each in names)}")
        table = self._store.query(query).read_all()
        return {variable: np.asarray(table[variable].to_numpy(), dtype=np.int64) for variable in names}


def _needs(query: BoundQuery) -> Iterator[Need]:
    """The kinds of every pattern of the query, and the properties of them that it speaks of."""
    named, bindings = query.query, query.bindings
    found: dict[Need, None] = {}
    for pattern in (pattern for match in named.matches for pattern in patterns(match)):
        spoken = {
            prop.name for prop in walk(named) if isinstance(prop, PropertyOf) and prop.variable == pattern.variable
        }
        names = (None, *sorted(spoken | {name for name, _ in pattern.properties}))
        found |= dict.fromkeys((kind, name) for kind in bindings.of(pattern.variable) for name in names)
    yield from (need for need in found if need[0] not in ("Region", "WITHIN"))


def _reduced(schema: Schema, gone: tuple[Need, ...]) -> Schema:
    """The schema as it would be loaded without them; a column of a user's own stays, though it has no value left."""
    counts = dict(schema.counts)
    nodes, links = ({kind: dict(held) for kind, held in table.items()} for table in (schema.nodes, schema.links))
    for kind, name in gone:
        label = schema.model.labels.get(kind)
        known = (label or schema.model.links[kind]).properties
        if name is None:
            counts[kind] = 0
        elif name in known:
            (nodes if label else links).get(kind, {}).pop(name, None)
    return replace(schema, counts=counts, nodes=nodes, links=links)
