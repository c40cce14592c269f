"""The query of a network file on a store: bound to the graph, its years, where nodes are, and weights that are none."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ecosystem.errors import Finding, NetworkError, UsageError
from ecosystem.messages import tr
from ecosystem.network.network_file import NetworkFile, bind_networks, find_network, load_networks
from ecosystem.query import BoundQuery, parse
from ecosystem.query.currency import in_currency
from ecosystem.query.file_check import lacking
from ecosystem.query.provenance import undated
from ecosystem.query.statement_tree import Item
from ecosystem.query.tree import Call, PropertyOf
from ecosystem.store import GraphStore, regions_at

SHOWN = 10
"""Edges without a weight that an error names."""

_LOCATED = """
MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN x.id AS node, r.id AS region
"""


def years_of(store: GraphStore, network: NetworkFile | str) -> list[int]:
    """The years of which a network has a match, in their order.

    NetworkError for a network that is not dated, or that the graph lacks.
    """
    file, bound = bound_network(store, network)
    if file.dated is None:
        raise NetworkError(tr("the network {name!r} is not dated", name=file.id))
    asked = bound.returning((Item(file.dated, "year"), Item(Call("count", ()), "matches")))
    years = store.query(asked, file.arguments(None, None, None)).read_all()["year"].to_pylist()
    return sorted(int(year) for year in years if year is not None)


def bound_network(store: GraphStore, network: NetworkFile | str) -> tuple[NetworkFile, BoundQuery]:
    """A network, or a shipped one by its id or title, and its query bound to a graph.

    NetworkError for a name that none has, a file that does not fit the graph, and a graph that lacks what it asks for.
    """
    file = find_network(network, load_networks()) if isinstance(network, str) else network
    file = in_currency(file, store.schema.model)
    bound = bind_networks([file], store.schema)[file.id]
    reason = lacking(bound)
    if reason is not None:
        raise NetworkError(tr("there is no network {name!r} in this graph: {reason}", name=file.id, reason=reason))
    return file, bound


def end_labels(bound: BoundQuery) -> tuple[str, ...]:
    """The labels that the ends of an edge can have."""
    return tuple(dict.fromkeys(label for name in end_variables(bound) for label in bound.bindings.nodes[name]))


def end_variables(bound: BoundQuery) -> tuple[str, ...]:
    """The variables of the two nodes that an edge joins."""
    ends = (item.expression for item in bound.query.items[:2])
    return tuple(end.variable for end in ends if isinstance(end, PropertyOf))


def all_of(store: GraphStore, labels: Iterable[str]) -> set[str]:
    """The ids of all nodes of some labels."""
    held = (label for label in labels if store.schema.counts.get(label))
    return {node for label in held for node in store.entities.of(label)["id"]}


def refuse_weights(file: NetworkFile, edges: pa.Table) -> None:
    """Raise NetworkError for edges whose weight is missing or not above 0, naming the first of them."""
    weight = edges["weight"].to_numpy()
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    if not len(wrong):
        return
    hint = tr("let the query leave such edges out: WHERE t.amount_cny_m > 0")
    some = edges.take(pa.array(wrong[:SHOWN])).to_pylist()
    findings = [
        Finding(
            "error", "edge_weight", _wrong_weight(row["source"], row["target"], row["weight"]), file.file, hint=hint
        )
        for row in some
    ]
    message = tr("{count:,} edges of {name} have a weight that is not above 0", count=len(wrong), name=file.id)
    raise NetworkError(message, findings=findings)


def _wrong_weight(source: str, target: str, weight: float) -> str:
    if np.isnan(weight):
        return tr("the edge from {source} to {target} has no weight", source=source, target=target)
    return tr(
        "the edge from {source} to {target} has the weight {weight:g}", source=source, target=target, weight=weight
    )


def region_of_nodes(store: GraphStore, level: str) -> dict[str, str]:
    """The region of every located node at a level, by the node's id."""
    regions_at(store, level)  # refuses a level that no region has
    rows = store.query(parse(_LOCATED), {"level": level}).read_all()
    found = dict(zip(rows["node"].to_pylist(), rows["region"].to_pylist(), strict=True))
    if len(found) < rows.num_rows:
        message = tr("regions of the level {level} overlap: a node may be in several", level=level)
        raise UsageError(message, hint=tr("choose a level on which every node is in one region"))
    return found


def count_undated(store: GraphStore, file: NetworkFile, bound: BoundQuery, parameters: dict[str, object]) -> int:
    """How many matches of a network have no year; 0 for one that is not dated."""
    if file.dated is None:
        return 0
    rows = store.query(undated(bound, file.dated), parameters).read_all()
    return int(sum(rows["undated"].to_pylist()))
