"""On which variants of a graph a metric has nothing to say: the last node, link or value that it needs is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ecosystem.audit.codes import Codes
from ecosystem.audit.matches import lost_rows
from ecosystem.audit.removals import NOBODY, Removals
from ecosystem.index.arrays import IntArray
from ecosystem.metrics import Metric
from ecosystem.metrics.check import lacking
from ecosystem.query import Query, Schema
from ecosystem.query.bindings import bind
from ecosystem.query.names import name_all
from ecosystem.query.traversal import patterns, walk
from ecosystem.query.tree import (
    IsNull,
    Item,
    LinkPattern,
    Match,
    NodePattern,
    Path,
    PropertyOf,
    Variable,
)

Need = tuple[str, str | None]
"""A label or link type, and a property of it; without one any entity of the kind will do."""


class Presence:
    """Who holds what the metrics need, read once for each label, link type and property."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._read: dict[Need, Mapping[str, IntArray]] = {}

    def silent(self, metric: Metric, removals: Removals, suspects: IntArray) -> IntArray:
        """Those of the suspected variants (sorted) in which the dataset says nothing on the metric."""
        if not len(suspects):
            return suspects
        few = removals.of(suspects)
        schema = self._codes.store.schema
        gone: dict[int, list[Need]] = {}
        for need in _needs(metric.query, schema):
            for variant in self._without(need, few).tolist():
                gone.setdefault(variant, []).append(need)
        said = {needs: lacking(metric.query, _reduced(schema, needs)) for needs in set(map(tuple, gone.values()))}
        return suspects[[variant for variant, needs in sorted(gone.items()) if said[tuple(needs)] is not None]]

    def _without(self, need: Need, removals: Removals) -> IntArray:
        """The variants without any entity that fulfils a need; none where there are none to begin with."""
        if need not in self._read:
            self._read[need] = self._holders(*need)
        holders = dict(self._read[need])
        links = {"link": holders.pop("link")} if "link" in holders else {}
        count = len(next(iter((links or holders).values())))
        variants, _ = lost_rows(holders, links, removals, count)
        return np.flatnonzero(np.bincount(variants, minlength=removals.count) == count) if count else NOBODY

    def _holders(self, kind: str, name: str | None) -> Mapping[str, IntArray]:
        """The codes of a kind's nodes, or of its links and of both ends, that have a value of the property."""
        is_label = kind in self._codes.store.schema.model.labels
        ends = () if is_label else (NodePattern("source"), NodePattern("target"))
        path = Path((NodePattern("node", (kind,)),), ()) if is_label else Path(ends, (LinkPattern("link", (kind,)),))
        names = ("node",) if is_label else ("source", "target", "link")
        where = IsNull(PropertyOf(names[-1], name), negated=True) if name is not None else None
        items = tuple(Item(Variable(variable), variable) for variable in names)
        table = self._codes.store.query(Query((Match((path,), where),), items)).read_all()
        return {variable: self._codes.of(table[variable]) for variable in names}


def _needs(query: Query, schema: Schema) -> Iterator[Need]:
    """The kinds of every pattern of the query, and the properties of them that it speaks of."""
    named = name_all(query)
    bindings = bind(named.matches, schema)
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
