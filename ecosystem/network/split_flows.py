"""Flows between regions, split by what the organisations at either end are: layers, kinds of investors, ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.messages import tr
from ecosystem.network.network import NOWHERE, Network
from ecosystem.query import parse
from ecosystem.store import GraphStore

Classes = Sequence[str | None]
"""The class of every node (N,); None where it has none."""


def flow_rows(
    net: Network, regions: Sequence[str], source: Classes | None = None, target: Classes | None = None
) -> pd.DataFrame:
    """A row per flow that is not 0, strongest first, between `regions` (R,) as they are called.

    `from_region`, `to_region`, `weight` and its shares: `share` of all that leaves the one, `share_in` of all that
    comes to the other, `share_of_all` of all flows; `lq` is `share` over the share of the other in all that comes
    anywhere (the relational location quotient). With classes of the nodes at either end (N,) there is a row per class,
    `source_class`, `target_class`; shares in and out and `lq` are then of the flows of that class alone. Flows inside a
    region count. Without directions every flow stands both ways, and classes are refused with UsageError.
    """
    if not net.directed and (source is not None or target is not None):
        raise UsageError(
            tr("edges without directions have no source and no target to split flows by"),
            hint=tr("take a network with directions: `ecosystem network list`"),
        )
    classes = {"source_class": (source, net.source), "target_class": (target, net.target)}
    split = {key: np.array(of, dtype=object)[ends] for key, (of, ends) in classes.items() if of is not None}
    start, end = net.region[net.source], net.region[net.target]
    located = (start != NOWHERE) & (end != NOWHERE)
    edges = pd.DataFrame({**split, "from": start, "to": end, "weight": net.weight})[located]
    if not net.directed:
        back = edges[edges["from"] != edges["to"]].rename(columns={"from": "to", "to": "from"})
        edges = pd.concat([edges, back])
    keys = list(split)
    flows = edges.groupby([*keys, "from", "to"], dropna=False, sort=True)["weight"].sum().reset_index()
    flows = flows.assign(**_shares(flows, keys))
    labels = np.array(regions, dtype=object)
    names = {"from_region": labels[flows["from"].to_numpy()], "to_region": labels[flows["to"].to_numpy()]}
    columns = [*names, *keys, "weight", "share", "share_in", "share_of_all", "lq"]
    ranked: pd.DataFrame = flows.assign(**names).sort_values(
        "weight", ascending=False, kind="stable", ignore_index=True
    )
    return ranked.loc[:, columns]


def classes_of(store: GraphStore, net: Network, labels: Sequence[str], name: str) -> list[str | None]:
    """What a property says of every node (N,) of a network, None where it says nothing.

    UsageError for a property that none of the labels which a node can have knows; then the known ones are named.
    """
    held = [label for label in labels if store.schema.counts.get(label)]
    owners = [label for label in held if store.schema.node_property(label, name) is not None]
    if not owners:
        known = sorted({one for label in held for one in store.schema.node_properties(label)} - {"id", "name"})
        message = tr("no organisation of this network has a property {name!r}", name=name)
        raise UsageError(message, hint=did_you_mean(name, known))
    found: dict[str, str] = {}
    for label in owners:
        rows = store.query(parse(f"MATCH (x:{label}) RETURN x.id AS node, x.{name} AS value"), {}).read_all()
        prop = store.schema.model.labels[label].properties.get(name)
        for node, value in zip(rows["node"].to_pylist(), rows["value"].to_pylist(), strict=True):
            if value is not None:
                found[node] = prop.named(value) if prop is not None and isinstance(value, str) else str(value)
    return [found.get(node) for node in net.nodes]


def _shares(flows: pd.DataFrame, keys: Sequence[str]) -> Mapping[str, pd.Series[float]]:
    """The shares of every flow, each with its class alone but for that of all flows."""
    weight = flows["weight"]

    def total(*of: str) -> pd.Series[float]:
        wanted = [*keys, *of]
        return flows.groupby(wanted, dropna=False)["weight"].transform("sum") if wanted else weight * 0 + weight.sum()

    share = weight / total("from")
    return {
        "share": share,
        "share_in": weight / total("to"),
        "share_of_all": weight / weight.sum(),
        "lq": share / (total("to") / total()),
    }
