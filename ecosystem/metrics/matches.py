"""The matches behind a metric's values as arrays, and which of them go when entities are removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import AuditedGraph
from ecosystem.messages import tr
from ecosystem.metrics import contributions
from ecosystem.metrics.metric import PROVENANCES, Metric
from ecosystem.query import BoundQuery
from ecosystem.query.aggregates import made
from ecosystem.query.provenance import HIERARCHY, evidence, witnesses
from ecosystem.removals import Removals, lost_rows, unique_pairs


@dataclass(frozen=True, slots=True, eq=False)
class Witnesses:
    """What stands behind one EXISTS: `match` is the row of the match that each row of entities is a witness of."""

    match: IntArray
    nodes: Mapping[str, IntArray]
    links: Mapping[str, IntArray]
    matches: int

    def fallen(self, removals: Removals) -> tuple[IntArray, IntArray]:
        """Pairs (variant, match) of the matches that lose their last witness."""
        variants, rows = lost_rows(self.nodes, self.links, removals, len(self.match))
        keys, times = np.unique(variants * self.matches + self.match[rows], return_counts=True)
        needed = np.bincount(self.match, minlength=self.matches)
        keys = keys[times == needed[keys % self.matches]] if self.matches else keys
        return keys // max(self.matches, 1), keys % max(self.matches, 1)


@dataclass(frozen=True, eq=False)
class Matches:
    """One row per match of a metric in a ranked region.

    `regions` (rows,) is the place of its region among those that are ranked; `arguments` are those of the aggregates,
    None for `count(*)`; `nodes` and `links` (rows,) hold the codes of the entities by variable, without what belongs to
    the hierarchy; `kinds` are the labels and types that each may have.
    """

    metric: Metric
    query: BoundQuery
    parameters: Mapping[str, object]
    regions: IntArray
    arguments: tuple[pa.ChunkedArray | None, ...]
    nodes: Mapping[str, IntArray]
    links: Mapping[str, IntArray]
    kinds: Mapping[str, tuple[str, ...]]
    witnesses: tuple[Witnesses, ...] = field(repr=False, default=())

    def __len__(self) -> int:
        return len(self.regions)

    def lost(self, removals: Removals) -> tuple[IntArray, IntArray]:
        """Pairs (variant, row), sorted, of the matches that are not in the variant.

        Those of a monotone or witnessed metric: with an entity goes its match, with the last witness what it witnessed.
        """
        own = lost_rows(self.nodes, self.links, removals, len(self))
        return unique_pairs([own, *(each.fallen(removals) for each in self.witnesses)], len(self))

    @property
    def owner(self) -> str:
        """The variable of the node that a match is counted for."""
        return contributions.owner(self.query)

    @property
    def carrier(self) -> tuple[str, bool]:
        """The variable of the one link that carries a match and True, or that of its owner and False."""
        return contributions.carrier(self.query)

    @property
    def additive(self) -> bool:
        """True where one more match adds its share to the value: not to a mean, and not to a sum of distinct values."""
        sums = all(
            made(call) == "sum" and (call.function == "count" or not call.distinct) for call in self.query.aggregates
        )
        return self.metric.provenance == "monotone" and sums

    def shares(self, regions: int) -> tuple[FloatArray, float] | None:
        """What each match brings to the value of its region (rows,), and what is there without any; or None.

        Only matches of a monotone metric have shares. `regions` is the number of those that are ranked.
        """
        if self.metric.provenance != "monotone":
            return None
        return contributions.shares(self.query, self.arguments, self.parameters, self.regions, regions)

    @property
    def without_shares(self) -> str:
        """Why there are no shares, in words."""
        provenance = self.metric.provenance
        if provenance == "monotone":
            if not all(map(contributions.has_shares, self.query.aggregates)):
                return tr("a minimum, maximum, percentile or standard deviation")
            return tr("a ratio or product of aggregates")
        return tr("a metric of class {provenance}", provenance=tr(PROVENANCES[provenance]))

    def only(self, rows: IntArray) -> Matches:
        """Some of the rows; witnesses are left out."""
        taken = pa.array(rows)
        return replace(
            self,
            regions=self.regions[rows],
            arguments=tuple(None if column is None else column.take(taken) for column in self.arguments),
            nodes={name: codes[rows] for name, codes in self.nodes.items()},
            links={name: codes[rows] for name, codes in self.links.items()},
            witnesses=(),
        )


def read_matches(
    metric: Metric, query: BoundQuery, parameters: Mapping[str, object], graph: AuditedGraph, *, links: bool = False
) -> Matches:
    """The matches of a metric in the ranked regions; with the links among their entities where they are asked for.

    `query` is the metric's, inside the window.
    """
    wide = links or metric.provenance == "witnessed"
    statement = evidence(query)
    kinds = _matched(statement)
    loose = _outside_hierarchy(kinds)
    items = [
        item
        for item in statement.query.items
        if item.alias not in kinds
        or (item.alias in loose and (wide or item.alias.startswith("node_")))
        or metric.provenance == "witnessed"
    ]
    table = graph.store.query(statement.returning(tuple(items)), parameters).read_all()
    ranked = pc.index_in(table["region"], pa.array(graph.regions, pa.string()))
    kept = pc.is_valid(ranked)
    if not pc.all(kept).as_py():
        table, ranked = table.filter(kept), ranked.filter(kept)
    return Matches(
        metric,
        query,
        parameters,
        ranked.to_numpy().astype(np.int64),
        tuple(table[f"arg{place}"] if call.arguments else None for place, call in enumerate(query.aggregates)),
        _columns(graph, table, loose, "node_"),
        _columns(graph, table, loose, "link_"),
        {name.split("_", 1)[1]: those for name, those in kinds.items()},
        _witnesses(graph, query, parameters, table) if metric.provenance == "witnessed" else (),
    )


def _matched(statement: BoundQuery) -> dict[str, tuple[str, ...]]:
    """The labels or types of each column of nodes or links, without the arguments of aggregates."""
    prefixes = ("node_", "link_", "witness_")
    return {name: kinds for name, kinds in statement.entity_kinds.items() if name.startswith(prefixes)}


def _outside_hierarchy(kinds: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The columns that may hold what can be removed: no region and no WITHIN."""
    return {name for name, those in kinds.items() if not set(those) <= set(HIERARCHY)}


def _columns(graph: AuditedGraph, table: pa.Table, loose: set[str], prefix: str) -> dict[str, IntArray]:
    names = (name for name in table.column_names if name in loose and name.startswith(prefix))
    return {name.removeprefix(prefix): np.asarray(table[name].to_numpy(), dtype=np.int64) for name in names}


def _witnesses(
    graph: AuditedGraph, query: BoundQuery, parameters: Mapping[str, object], table: pa.Table
) -> tuple[Witnesses, ...]:
    """For each EXISTS its witnesses; a match is known by its entities, all of which the table must have."""
    names = [name for name in table.column_names if name.startswith(("node_", "link_"))]
    known = pd.MultiIndex.from_arrays([table[name].to_numpy() for name in names])
    found = []
    for statement in witnesses(query):
        rows = graph.store.query(statement, parameters).read_all()
        match = known.get_indexer(pd.MultiIndex.from_arrays([rows[name].to_numpy() for name in names]))
        rows, match = rows.filter(pa.array(match >= 0)), match[match >= 0]
        own = {name for name in _outside_hierarchy(_matched(statement)) if name.startswith("witness_")}
        nodes, links = (_columns(graph, rows, own, prefix) for prefix in ("witness_node_", "witness_link_"))
        found.append(Witnesses(match.astype(np.int64), nodes, links, table.num_rows))
    return tuple(found)
