"""The matches behind a metric's values: a row each, in codes, decoded on demand; also without some of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import RegionError, did_you_mean
from ecosystem.messages import tr
from ecosystem.metrics.metric import Metric
from ecosystem.notebook import ROWS, few_lines, html_table, named, one_language
from ecosystem.query import BoundQuery
from ecosystem.query.provenance import WITHOUT, evidence, without, witnesses
from ecosystem.query.recompute import add_up
from ecosystem.store import GraphStore

Parameters = Mapping[str, object]


@dataclass(frozen=True)
class Evidence:
    """One row per match of a metric: `region`, `arg<i>` per aggregate, `node_<name>` and `link_<name>` as codes.

    `table` holds codes of the store, `frame()` ids. `query` is the metric's query in its window; `removed` are the ids
    of what the matches are without.
    """

    metric: Metric
    query: BoundQuery
    parameters: Parameters
    table: pa.Table
    store: GraphStore = field(repr=False)
    removed: frozenset[str] = frozenset()

    @property
    def _title(self) -> str:
        facts = {"metric": self.metric.title(one_language()), "id": self.metric.id, "matches": len(self)}
        facts |= {"regions": len(self.regions)}
        return tr("{metric} ({id}): {matches:,} matches in {regions} regions", **facts)

    def __repr__(self) -> str:
        columns = tr("columns: {names}", names=named(self.table.column_names, 8))
        removed = tr("without {count:,} that are removed", count=len(self.removed)) if self.removed else ""
        return few_lines(self._title, columns, removed, more="frame(REGION), values(), without(IDS)")

    def _repr_html_(self) -> str:
        return html_table(self._title, replace(self, table=self.table.slice(0, ROWS)).frame(), len(self))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions with at least one match, sorted."""
        return tuple(sorted(pc.unique(self.table["region"]).to_pylist()))

    @property
    def node_columns(self) -> tuple[str, ...]:
        """The columns that hold nodes."""
        return tuple(name for name in self.table.column_names if name.startswith("node_"))

    @property
    def link_columns(self) -> tuple[str, ...]:
        """The columns that hold links."""
        return tuple(name for name in self.table.column_names if name.startswith("link_"))

    def frame(self, region: str | None = None) -> pd.DataFrame:
        """The rows (of one region, if given, by its id or a name) with ids instead of codes.

        RegionError for a region that the store does not have.
        """
        table = self.table
        if region is not None:
            table = table.filter(pc.equal(table["region"], self._region(region)))
        kinds = evidence(self.query).entity_kinds
        columns = {
            name: self.store.entities.ids(table[name], kinds[name]) if name in kinds else table[name].to_pandas()
            for name in table.column_names
        }
        return pd.DataFrame(columns)

    def _region(self, name: str) -> str:
        """The id of a region; one with matches is meant before any other that is called so."""
        known = self.store.entities.of("Region")
        found: list[str] = known.loc[(known["id"] == name) | (known["name"] == name), "id"].tolist()
        if not found:
            message = tr("no region of the store is called {name!r}", name=name)
            raise RegionError(message, hint=did_you_mean(name, [*known["id"], *known["name"]]))
        return next((region for region in found if region in self.regions), found[0])

    def values(self) -> dict[str, float]:
        """The metric's value per region with a match, recomputed from the rows; NaN for a mean of nothing."""
        added = add_up(self.query, self.table, self.parameters)
        return dict(zip(added["region"].to_pylist(), added[self.query.query.items[-1].alias].to_pylist(), strict=True))

    def without(self, ids: Collection[str]) -> Evidence:
        """The evidence as if these nodes and links were not in the graph either; a region is not to be removed.

        A monotone metric loses their rows; a witnessed one also the matches whose last witness they are; any other is
        queried again.
        """
        removed = self.removed.union(ids)
        if self.metric.provenance == "recompute":
            statement = evidence(without(self.query))
            rows = _read(self.store, statement, {**self.parameters, WITHOUT: sorted(removed)})
            return replace(self, table=rows, removed=removed)
        rows = self._standing(evidence(self.query), self.table, removed)
        if self.metric.provenance == "witnessed":
            for statement in witnesses(self.query):
                found = _read(self.store, statement, self.parameters)
                rows = _with_a_witness(rows, self._standing(statement, found, removed))
        return replace(self, table=rows, removed=removed)

    def _standing(self, statement: BoundQuery, rows: pa.Table, removed: Collection[str]) -> pa.Table:
        """The rows of a statement in which none of the removed entities takes part."""
        gone = np.zeros(rows.num_rows, dtype=bool)
        for column, kinds in statement.entity_kinds.items():
            codes = self.store.entities.find(removed, kinds)
            if len(codes):
                gone |= pc.is_in(rows[column], value_set=pa.array(codes)).to_numpy()
        return rows.filter(pa.array(~gone))


def fetch(metric: Metric, query: BoundQuery, parameters: Parameters, store: GraphStore) -> Evidence:
    """The evidence of a metric's query."""
    table = _read(store, evidence(query), parameters)
    return Evidence(metric, query, parameters, table, store)


def _read(store: GraphStore, statement: BoundQuery, parameters: Parameters) -> pa.Table:
    return store.query(statement, parameters).read_all()


def _with_a_witness(matches: pa.Table, witnessed: pa.Table) -> pa.Table:
    """The matches that still have a row among the witnesses; a match is known by its entities."""
    columns = [name for name in matches.column_names if name.startswith(("node_", "link_"))]
    left = pd.MultiIndex.from_arrays([matches[name].to_numpy() for name in columns])
    right = pd.MultiIndex.from_arrays([witnessed[name].to_numpy() for name in columns])
    return matches.filter(pa.array(left.isin(right)))
