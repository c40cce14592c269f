"""The aggregates of a query: as its store adds them up, or added up here, where a store rounds at every step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.metrics.aggregate import aggregate, evaluate
from ecosystem.query import Query, Schema
from ecosystem.query.bindings import bind
from ecosystem.query.check import parameter_types
from ecosystem.query.names import name_all
from ecosystem.query.provenance import arguments, evidence
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Call, Item
from ecosystem.query.types import Typer
from ecosystem.store import GraphStore

Parameters = Mapping[str, object]


def totals(store: GraphStore, query: Query, parameters: Parameters) -> pa.Table:
    """The rows of a query that groups by region: `region` and a column per aggregate, the same digits on every store.

    A store whose sums are not exact is asked for the arguments where floats are added, equal ones counted.
    """
    if store.exact_sums or not _adds_floats(query, store.schema, parameters):
        return store.query(query, parameters).read_all()
    matches = evidence(query)
    given = (item for item in matches.items if not item.alias.startswith(("node_", "link_")))
    counted = replace(matches, items=(*given, Item(Call("count", ()), "times")))
    rows = store.query(counted, parameters).read_all()
    return add_up(query, rows.take(np.repeat(np.arange(rows.num_rows), rows["times"].to_numpy())), parameters)


def _adds_floats(query: Query, schema: Schema, parameters: Parameters) -> bool:
    typer = Typer(schema, bind(name_all(query).matches, schema), parameter_types(parameters))
    sums = (call for call in arguments(query) if call.function in ("sum", "avg"))
    return any(typer.type_of(call.arguments[0]) == "float" for call in sums)


def add_up(query: Query, rows: pa.Table, parameters: Parameters) -> pa.Table:
    """The rows of a query from its matches: `region`, sorted, and float64 columns, NaN for a mean of nothing.

    `rows` has the column `region` and `arg<i>` for each aggregate with an argument.
    """
    regions = sorted(pc.unique(rows["region"]).to_pylist())
    groups = pc.index_in(rows["region"], pa.array(regions, pa.string())).to_numpy().astype(np.int64)
    found = {
        call: aggregate(call, rows[f"arg{number}"] if call.arguments else None, groups, len(regions))
        for number, call in enumerate(arguments(query))
    }
    columns = {
        item.alias: evaluate(item.expression, found, parameters, len(regions))
        for item in name_all(query).items
        if aggregates(item.expression)
    }
    return pa.table({"region": pa.array(regions, pa.string()), **columns})
