"""Tables of the structure of a network: its communities, its core and its rich club, and its structural holes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import in_language, tr_later
from ecosystem.network import communities as leiden
from ecosystem.network import core_periphery as lip
from ecosystem.network.centrality import degrees
from ecosystem.network.cohesion import core_numbers
from ecosystem.network.communities import Communities
from ecosystem.network.core_periphery import CorePeriphery
from ecosystem.network.measure import Measure
from ecosystem.network.measures import find_measures
from ecosystem.network.network import Network
from ecosystem.network.network_tables import Names, node_table
from ecosystem.network.rich_club import RichClub

NAMED = 3
"""Regions and organisations of a community that a table names."""


def community_tables(net: Network, names: Names, found: Communities, lang: str) -> dict[str, pd.DataFrame]:
    """Communities of two organisations or more, what is said of all, their organisations, and where these are.

    - `communities`: `community, organisations`, `inside`, the weight of its edges within, `outside`, of those to
      others, and its `main_regions` and `leaders`, those with most weight inside, by name;
    - `summary`: `key, title, value, meaning`;
    - `entities`: a row per organisation with its `community` and the weight `inside`;
    - `mix`: how many organisations of each community are in each region.
    """
    both = net.undirected()
    within = found.of[both.source] == found.of[both.target]
    inside = _at_ends(both, np.where(within, both.weight, 0.0))
    outside = _at_ends(both, np.where(within, 0.0, both.weight))
    members = node_table(net, names, ()).assign(community=found.of + 1, inside=inside)
    ranked = members.sort_values(["community", "inside"], ascending=[True, False], kind="stable", ignore_index=True)
    several = range(found.count)
    mix = pd.DataFrame(found.mix[: found.count], columns=list(names.regions))
    rows = pd.DataFrame(
        {
            "community": [at + 1 for at in several],
            "organisations": found.sizes[: found.count],
            # an edge within is met at both ends
            "inside": np.bincount(found.of, inside, len(found.sizes))[: found.count] / 2,
            "outside": np.bincount(found.of, outside, len(found.sizes))[: found.count],
            "main_regions": [_main(mix.iloc[at]) for at in several],
        }
    )
    first = ranked.groupby("community")["name"].agg(lambda called: "; ".join(called.head(NAMED)))
    measures = [one for one in leiden.MEASURES if one.of == "network"]
    return {
        "communities": rows.assign(leaders=first.reindex(rows["community"]).to_numpy()),
        "summary": _summary(found, measures, lang),
        "entities": ranked,
        "mix": mix.rename_axis(index="community").rename(index=lambda at: at + 1).reset_index(),
    }


_TIED = tr_later("organisations as good as the last of the core")
_TIED_MEANS = tr_later("they have as many neighbours as the last by id that was taken, and could stand in its place")
_BETWEEN = tr_later("density between core and periphery")
_BETWEEN_MEANS = tr_later("the share of the pairs of one of the core and one of the periphery that are joined")


def core_tables(net: Network, names: Names, found: CorePeriphery, club: RichClub, lang: str) -> dict[str, pd.DataFrame]:
    """What is said of the core, who is in it, and the clubs of those with many neighbours.

    - `summary`: `key, title, value, meaning`;
    - `entities`: a row per organisation with `core`, 1 or 0, its k-core `core_number`, and its `degree` without
      directions;
    - `regions`: how many organisations of each region are in the core, and their mean k-core;
    - `k_cores`: how many organisations are in each k-core;
    - `rich_club`: for every number of neighbours that changes the club, the `organisations` above it, the `edges`
      between them, the `coefficient`, the mean `expected` of rewired networks, `ratio` of the two, and `below`, the
      share of rewired networks that are less joined.
    """
    measures = [one for one in lip.MEASURES if one.of == "network"]
    more = [
        ("between_density", in_language(lang, _BETWEEN), found.between, in_language(lang, _BETWEEN_MEANS)),
        ("tied", in_language(lang, _TIED), float(found.tied), in_language(lang, _TIED_MEANS)),
    ]
    summary = _summary(found, measures, lang)
    each = node_table(net, names, ()).assign(
        core=found.core.astype(np.int64), core_number=core_numbers(net), degree=degrees(net.undirected()).total
    )
    each = each.sort_values(["core", "core_number", "degree"], ascending=False, kind="stable", ignore_index=True)
    number = each["core_number"].to_numpy()
    ks = np.unique(number)
    return {
        "summary": pd.concat([summary, pd.DataFrame(more, columns=summary.columns)], ignore_index=True),
        "entities": each,
        "regions": _core_of_regions(each, net, names),
        "k_cores": pd.DataFrame(
            {
                "core_number": ks[::-1].astype(np.int64),
                "organisations": [int((number >= k).sum()) for k in ks[::-1]],
            }
        ),
        "rich_club": _clubs(club),
    }


def hole_tables(net: Network, names: Names) -> dict[str, pd.DataFrame]:
    """The structural holes at every organisation, the least constrained first, and their means by region.

    `entities` has `degree` and the family `holes`; `regions` the means over its organisations that have an edge.
    """
    holes = find_measures(["holes"], "node")
    each = node_table(net, names, [*holes, *find_measures(["degree"], "node")])
    keys = [one.id for one in holes]
    by_region = each.groupby("region")[keys].mean().reindex(list(net.regions))
    regions = pd.DataFrame(
        {
            "region": list(net.regions),
            "name": list(names.regions),
            "organisations": each.dropna(subset=["constraint"])
            .groupby("region")
            .size()
            .reindex(by_region.index, fill_value=0),
        }
    ).reset_index(drop=True)
    regions = regions.join(by_region.reset_index(drop=True))
    return {
        "entities": each.sort_values("constraint", kind="stable", ignore_index=True),
        "regions": regions.sort_values("constraint", kind="stable", ignore_index=True),
    }


def _summary(found: object, measures: Sequence[Measure], lang: str) -> pd.DataFrame:
    rows = [
        (one.id, in_language(lang, one.title), float(one.part(found)), in_language(lang, one.meaning))
        for one in measures
        if one.part is not None
    ]
    return pd.DataFrame(rows, columns=["key", "title", "value", "meaning"])


def _at_ends(both: Network, weight: FloatArray) -> FloatArray:
    ends = np.concatenate([both.source, both.target])
    return np.bincount(ends, np.concatenate([weight, weight]), len(both)).astype(np.float64)


def _main(counts: pd.Series[Any]) -> str:
    """The regions with most organisations, and how many each has."""
    most = counts[counts > 0].sort_values(ascending=False, kind="stable").head(NAMED)
    return "; ".join(f"{region} {count:,}" for region, count in most.items())


def _core_of_regions(each: pd.DataFrame, net: Network, names: Names) -> pd.DataFrame:
    grouped = each.groupby("region")
    told = pd.DataFrame(
        {
            "organisations": grouped.size(),
            "core_members": grouped["core"].sum(),
            "core_share": grouped["core"].mean(),
            "mean_core": grouped["core_number"].mean(),
        }
    ).reindex(list(net.regions))
    frame = told.reset_index(drop=True)
    frame.insert(0, "region", list(net.regions))
    frame.insert(1, "name", list(names.regions))
    return frame.sort_values(["core_members", "mean_core"], ascending=False, kind="stable", ignore_index=True)


def _clubs(club: RichClub) -> pd.DataFrame:
    """A row per club: of the numbers of neighbours that the same nodes are above, the greatest."""
    frame = pd.DataFrame(
        {
            "neighbours_above": np.arange(len(club.nodes)),
            "organisations": club.nodes,
            "edges": club.edges,
            "coefficient": club.coefficient,
            "expected": club.expected,
            "ratio": club.normalised,
            "below": club.above,
        }
    )
    return frame.drop_duplicates("organisations", keep="last", ignore_index=True)
