"""Connectors: nodes of one kind that join others, such as alliances their members, and the regions of these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.index.arrays import BoolArray, IntArray
from ecosystem.messages import tr
from ecosystem.network.network import NOWHERE, Network
from ecosystem.network.network_tables import Names

NAMED = 3
"""Regions of a connector that a table names."""


def connector_side(net: Network, sources: Sequence[str], targets: Sequence[str]) -> BoolArray:
    """Which nodes (N,) are connectors: the targets of a network that leads from one kind of nodes to another.

    UsageError where a node is both a source and a target.
    """
    both = set(sources) & set(targets)
    if both:
        raise UsageError(
            tr("connectors are of another kind than what they join, and {node} is both", node=min(both)),
            hint=tr("take the network membership, or another of two kinds of nodes"),
        )
    wanted = set(targets)
    return np.array([node in wanted for node in net.nodes], dtype=np.bool_)


def connector_table(net: Network, names: Names, side: BoolArray) -> pd.DataFrame:
    """A row per connector, the one that joins the most regions first, then the most organisations.

    `id, name, kind, region, region_name` (its own), `organisations` and `regions` that it joins, `elsewhere`: of 100
    organisations that it joins and that have a region, those outside of its own, NaN where it or all of them have none;
    and `partners`: its strongest regions, with the number of its organisations there.
    """
    ends = _members(net, side)
    counted = ends.groupby("connector").agg(organisations=("member", "size"), regions=("region", _different))
    placed = ends[ends["region"] != NOWHERE]
    own = net.region[placed["connector"].to_numpy()]
    away = pd.Series(np.where(own == NOWHERE, np.nan, own != placed["region"].to_numpy()), index=placed["connector"])
    counted["elsewhere"] = 100 * away.groupby(level=0).mean()
    sizes = placed.groupby(["connector", "region"]).size().rename("count").reset_index()
    strongest = sizes.sort_values("count", ascending=False, kind="stable")
    told: dict[int, list[str]] = {}
    for connector, region, count in strongest.to_numpy(dtype=np.int64).tolist():
        told.setdefault(connector, []).append(f"{names.regions[region]} {count:,}")
    at = counted.index.to_numpy()
    places = net.region[at].tolist()
    frame = pd.DataFrame(
        {
            "id": [net.nodes[row] for row in at],
            "name": [names.nodes[row] for row in at],
            "kind": [names.kinds[row] for row in at],
            "region": [None if place == NOWHERE else net.regions[place] for place in places],
            "region_name": [None if place == NOWHERE else names.regions[place] for place in places],
            **{key: counted[key].to_numpy() for key in ("organisations", "regions", "elsewhere")},
            "partners": ["; ".join(told.get(row, [])[:NAMED]) for row in at],
        }
    )
    return frame.sort_values(["regions", "organisations"], ascending=False, kind="stable", ignore_index=True)


def joined_regions(net: Network, names: Names, side: BoolArray) -> pd.DataFrame:
    """A row per pair of regions that a connector joins, the most joined first.

    `from_region`, `to_region`, `connectors`: how many have organisations in both, and `share`: of all connectors with
    organisations in at least two regions. A connector of many regions is in many pairs, so shares overlap.
    """
    ends = _members(net, side)
    placed = ends.loc[ends["region"] != NOWHERE, ["connector", "region"]].drop_duplicates()
    regions = placed.groupby("connector")["region"].transform("size")
    joining = placed[regions > 1]
    pairs = joining.merge(joining, on="connector", suffixes=("", "_other"))
    pairs = pairs[pairs["region"] < pairs["region_other"]]
    counts = pairs.groupby(["region", "region_other"]).size().rename("connectors").reset_index()
    labels = np.array(names.regions, dtype=object)
    frame = pd.DataFrame(
        {
            "from_region": labels[counts["region"].to_numpy(dtype=np.int64)],
            "to_region": labels[counts["region_other"].to_numpy(dtype=np.int64)],
            "connectors": counts["connectors"],
            "share": counts["connectors"] / max(joining["connector"].nunique(), 1),
        }
    )
    return frame.sort_values("connectors", ascending=False, kind="stable", ignore_index=True)


def _members(net: Network, side: BoolArray) -> pd.DataFrame:
    """`connector, member, region` of the member: a row per organisation that a connector joins."""
    forward: IntArray = np.where(side[net.target], net.target, net.source)
    member: IntArray = np.where(side[net.target], net.source, net.target)
    return pd.DataFrame({"connector": forward, "member": member, "region": net.region[member]})


def _different(places: pd.Series[int]) -> int:
    return int(places[places != NOWHERE].nunique())
