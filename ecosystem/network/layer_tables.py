"""Tables of several networks: of different kinds of links over the same organisations, and of one from year to year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.network.evolution import Evolution, Turnover
from ecosystem.network.multiplex import degree_correlations, edge_overlap, participation
from ecosystem.network.network import Network
from ecosystem.network.network_tables import Names


def overlap_table(networks: Mapping[str, Network]) -> pd.DataFrame:
    """A row per pair of networks: shared edges, their shares, and the correlation of the degrees of the nodes."""
    nets, ids = list(networks.values()), list(networks)
    found = edge_overlap(nets)
    pearson, spearman = (degree_correlations(nets, ranks=ranks) for ranks in (False, True))
    one, other = np.triu_indices(len(nets), 1)
    columns: dict[str, Any] = {
        "network": [ids[at] for at in one],
        "other_network": [ids[at] for at in other],
        "edges": found.edges[one, other],
        "other_edges": found.edges[other, one],
        "shared": found.shared[one, other],
        "jaccard": found.jaccard[one, other],
        "share_smaller": found.smaller[one, other],
        "pearson": pearson[one, other],
        "spearman": spearman[one, other],
    }
    return pd.DataFrame(columns)


def participation_table(networks: Mapping[str, Network], names: Sequence[Names]) -> pd.DataFrame:
    """A row per organisation: its degree in every network, their sum and its participation; the highest sum first.

    `names` are those of each network.
    """
    found = participation(list(networks.values()))
    known: dict[str, tuple[str, str]] = {}
    for net, own in zip(networks.values(), names, strict=True):
        known.update(zip(net.nodes, zip(own.nodes, own.kinds, strict=True), strict=True))
    frame = pd.DataFrame(
        {
            "id": list(found.nodes),
            "name": [known[node][0] for node in found.nodes],
            "kind": [known[node][1] for node in found.nodes],
            "overlapping_degree": found.overlapping_degree,
            "participation": found.coefficient,
            **{f"degree_{name}": degree for name, degree in zip(networks, found.degrees, strict=True)},
        }
    )
    return frame.sort_values("overlapping_degree", ascending=False, kind="stable", ignore_index=True)


def evolution_tables(found: Evolution, names: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """A row per step from a window to the next, and one per region of each step; `names` are those of the regions."""
    steps = {"from_year": list(found.years[:-1]), "to_year": list(found.years[1:])}
    in_all = pd.DataFrame({**steps, **_changes("nodes", found.nodes), **_changes("edges", found.edges)})
    size = len(found.regions)
    regions = {
        "from_year": np.repeat(steps["from_year"], size),
        "to_year": np.repeat(steps["to_year"], size),
        "region": list(found.regions) * len(steps["to_year"]),
        "name": [names[region] for region in found.regions] * len(steps["to_year"]),
    }
    by_region = pd.DataFrame(
        {**regions, **_changes("nodes", found.nodes_by_region), **_changes("edges", found.edges_by_region)}
    )
    return {"steps": in_all, "regions": by_region}


def _changes(what: str, turnover: Turnover) -> dict[str, Any]:
    columns = {
        "entered": turnover.entered,
        "left": turnover.left,
        "persisted": turnover.persisted,
        "persistence": turnover.persistence,
    }
    return {f"{what}_{key}": values.ravel() for key, values in columns.items()}
