"""The matches behind an indicator as arrays, and which of them go when entities are removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.audit.codes import Codes
from ecosystem.index.arrays import IntArray
from ecosystem.metrics import Metric
from ecosystem.metrics.measure import in_window, parameters_of
from ecosystem.query import Query
from ecosystem.query.bindings import bind
from ecosystem.query.provenance import HIERARCHY, arguments, evidence, witnesses
from ecosystem.query.tree import Variable
from ecosystem.scoring import Scores
from ecosystem.scoring.result import metric_of

NOBODY: IntArray = np.array([], dtype=np.int64)


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
    query: Query
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


def lost_rows(
    nodes: Mapping[str, IntArray], links: Mapping[str, IntArray], removals: Removals, rows: int
) -> tuple[IntArray, IntArray]:
    """Pairs (variant, row), sorted, of the rows in which an entity takes part that the variant is without."""
    pairs = []
    for members, columns in ((removals.nodes, nodes), (removals.links, links)):
        pairs += [members.among(column) for column in columns.values() if len(members.codes)]
    return unique_pairs(pairs, rows)


class Trail:
    """The matches behind each indicator of a set of scores, read when they are asked for and kept."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.codes = Codes(scores.measures.store)
        self._read: dict[tuple[int, bool], Matches] = {}

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The indicators (by place among the leaves) that come from a metric on which the dataset says something.

        One that has a column in the table of values comes from there, whatever metric it names.
        """
        leaves, missing = self.scores.index.leaves, self.scores.measures.missing
        return tuple(
            place
            for place, name in self._named().items()
            if name not in missing and leaves[place].code not in self.scores.tabled
        )

    def metric(self, place: int) -> Metric:
        """The metric of the indicator at a place; KeyError where the indicator has none."""
        return self.scores.measures.metrics[self._named()[place]]

    def _named(self) -> dict[int, str]:
        """The metric of each indicator that has one, by its place."""
        named = ((place, metric_of(leaf)) for place, leaf in enumerate(self.scores.index.leaves))
        return {place: name for place, name in named if name}

    def matches(self, place: int, *, links: bool = False) -> Matches:
        """The matches behind an indicator; with the links among their entities where they are asked for."""
        wide = links or self.metric(place).provenance == "witnessed"
        if (place, True) in self._read:
            return self._read[place, True]
        if (place, wide) not in self._read:
            self._read[place, wide] = self._fetch(self.metric(place), wide)
        return self._read[place, wide]

    def _fetch(self, metric: Metric, wide: bool) -> Matches:
        scores = self.scores
        query = in_window(metric, scores.window)
        parameters = parameters_of(metric, scores.level, scores.window)
        statement = evidence(query)
        kinds = kinds_of(statement, scores)
        loose = {name for name, those in kinds.items() if not set(those) <= set(HIERARCHY)}
        items = [
            item
            for item in statement.items
            if item.alias not in kinds
            or (item.alias in loose and (wide or item.alias.startswith("node_")))
            or metric.provenance == "witnessed"
        ]
        table = scores.measures.store.query(replace(statement, items=tuple(items)), parameters).read_all()
        ranked = pc.index_in(table["region"], pa.array(scores.standing.regions, pa.string()))
        kept = pc.is_valid(ranked)
        if not pc.all(kept).as_py():
            table, ranked = table.filter(kept), ranked.filter(kept)
        calls = arguments(query)
        return Matches(
            metric,
            query,
            parameters,
            ranked.to_numpy().astype(np.int64),
            tuple(table[f"arg{place}"] if call.arguments else None for place, call in enumerate(calls)),
            self._columns(table, loose, "node_"),
            self._columns(table, loose, "link_"),
            {name.split("_", 1)[1]: those for name, those in kinds.items()},
            self._witnesses(query, parameters, table) if metric.provenance == "witnessed" else (),
        )

    def _columns(self, table: pa.Table, loose: set[str], prefix: str) -> dict[str, IntArray]:
        names = (name for name in table.column_names if name in loose and name.startswith(prefix))
        return {name.removeprefix(prefix): self.codes.of(table[name]) for name in names}

    def _witnesses(self, query: Query, parameters: Mapping[str, object], table: pa.Table) -> tuple[Witnesses, ...]:
        """For each EXISTS its witnesses; a match is known by its entities, all of which the table must have."""
        names = [name for name in table.column_names if name.startswith(("node_", "link_"))]
        known = pd.MultiIndex.from_arrays([table[name].to_numpy() for name in names])
        found = []
        for statement in witnesses(query):
            rows = self.scores.measures.store.query(statement, parameters).read_all()
            match = known.get_indexer(pd.MultiIndex.from_arrays([rows[name].to_numpy() for name in names]))
            rows, match = rows.filter(pa.array(match >= 0)), match[match >= 0]
            kinds = kinds_of(statement, self.scores)
            loose = {name for name, those in kinds.items() if not set(those) <= set(HIERARCHY)}
            own = {name for name in loose if name.startswith("witness_")}
            nodes, links = (self._columns(rows, own, prefix) for prefix in ("witness_node_", "witness_link_"))
            found.append(Witnesses(match.astype(np.int64), nodes, links, table.num_rows))
        return tuple(found)


def kinds_of(statement: Query, scores: Scores) -> dict[str, tuple[str, ...]]:
    """The labels or types that each column of entities may hold."""
    bindings = bind(statement.matches, scores.measures.store.schema)
    items = (item for item in statement.items if isinstance(item.expression, Variable))
    return {
        item.alias: bindings.of(item.expression.name)
        for item in items
        if isinstance(item.expression, Variable) and item.alias.startswith(("node_", "link_", "witness_"))
    }


@dataclass(frozen=True, eq=False)
class Members:
    """Pairs of a variant and an entity that is not in it: `variants`, `codes`, sorted by code."""

    variants: IntArray
    codes: IntArray

    @classmethod
    def of(cls, variants: IntArray, codes: IntArray) -> Members:
        """The pairs, in any order."""
        order = np.argsort(codes, kind="stable")
        return cls(variants[order], codes[order])

    @cached_property
    def _distinct(self) -> tuple[IntArray, IntArray, IntArray]:
        """Every entity once, with the place of its first pair and the number of its pairs."""
        return np.unique(self.codes, return_index=True, return_counts=True)

    def among(self, column: IntArray) -> tuple[IntArray, IntArray]:
        """Pairs (variant, row) of the rows of a column that hold one of the variant's entities."""
        distinct, starts, counts = self._distinct
        if not len(distinct) or not len(column):
            return NOBODY, NOBODY
        place = np.minimum(np.searchsorted(distinct, column), len(distinct) - 1)
        rows = np.flatnonzero(distinct[place] == column)
        place = place[rows]
        times = counts[place]
        first = np.repeat(starts[place] - np.r_[0, np.cumsum(times)[:-1]], times)
        return self.variants[first + np.arange(len(first))], np.repeat(rows, times)

    def only(self, variant: int) -> IntArray:
        """The entities that one variant is without."""
        return np.asarray(self.codes[self.variants == variant])


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """For each of `count` variants the nodes and the links that are not in it; the links of a node go with it."""

    count: int
    nodes: Members
    links: Members

    def of(self, variants: IntArray) -> Removals:
        """Some of the variants (sorted), numbered from 0."""
        return Removals(len(variants), *(_some(members, variants) for members in (self.nodes, self.links)))

    @classmethod
    def each(cls, codes: IntArray) -> Removals:
        """A variant for each node, without that node alone."""
        return cls(len(codes), Members.of(np.arange(len(codes)), codes), Members(NOBODY, NOBODY))

    @classmethod
    def together(cls, nodes: IntArray, links: IntArray = NOBODY) -> Removals:
        """One variant without all of these."""
        together = (Members.of(np.zeros(len(codes), np.int64), np.unique(codes)) for codes in (nodes, links))
        return cls(1, *together)

    @classmethod
    def cumulative(cls, orders: Iterable[IntArray]) -> Removals:
        """For each order of nodes one variant per length: without the first, the first two, and so on."""
        variants, codes, count = [], [], 0
        for order in orders:
            for length in range(1, len(order) + 1):
                variants.append(np.full(length, count))
                codes.append(order[:length])
                count += 1
        whole = [np.concatenate(parts) if parts else NOBODY for parts in (variants, codes)]
        return cls(count, Members.of(whole[0], whole[1]), Members(NOBODY, NOBODY))


def _some(members: Members, variants: IntArray) -> Members:
    kept = np.isin(members.variants, variants)
    return Members(np.searchsorted(variants, members.variants[kept]), members.codes[kept])


def unique_pairs(pairs: Iterable[tuple[IntArray, IntArray]], rows: int) -> tuple[IntArray, IntArray]:
    """Pairs (variant, row), each once, sorted; rows count from 0 to `rows` - 1."""
    keys = [variants * max(rows, 1) + at for variants, at in pairs]
    merged = np.unique(np.concatenate(keys)) if keys else NOBODY
    return merged // max(rows, 1), merged % max(rows, 1)
