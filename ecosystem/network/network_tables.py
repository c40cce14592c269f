"""Tables of a network: a row per organisation, per region, per measure of the whole, and a matrix of flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ecosystem.messages import in_language, tr_later
from ecosystem.network import brokerage
from ecosystem.network.brokerage import gatekeeping
from ecosystem.network.cohesion import block_densities
from ecosystem.network.flows import Normalisation, flow_matrix, normalised, top_partners, typology
from ecosystem.network.measure import Measure
from ecosystem.network.measures import Made, estimated, find_measures, values_of
from ecosystem.network.network import NOWHERE, Network

Against = Normalisation | Literal["density"]
"""What the flows between regions are measured against."""

NODE_MEASURES = ("constraint", "effective_size", "ei", "partner_hhi")
REGION_MEASURES = ("flows", "ei", "bridging")
"""The measures that a table has where none is named."""

FACTS = {
    "organisations": (tr_later("organisations"), tr_later("the nodes: ends of an edge, and isolates if asked for")),
    "isolates": (tr_later("isolates"), tr_later("organisations without any link of the network")),
    "located": (tr_later("organisations with a region"), tr_later("those that measures of regions look at")),
    "regions": (tr_later("regions"), tr_later("regions of the level that have an organisation of the network")),
    "edges": (tr_later("edges"), tr_later("pairs of organisations that are linked; parallel links are added up")),
    "weight": (tr_later("weight"), tr_later("the weights of all edges, added up")),
    "self_links": (tr_later("self-links"), tr_later("organisations linked to themselves; those links are left out")),
    "undated": (tr_later("undated matches"), tr_later("matches without a year, which a window leaves out")),
}
"""What is said of a network before it is measured: title and meaning."""


ESTIMATE = tr_later(" (estimate)")
"""What follows the title of a measure that is estimated from a sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """What the nodes and regions of a network are called: `kinds`, `nodes` (N,), and the names of regions (R,)."""

    kinds: Sequence[str]
    nodes: Sequence[str]
    regions: Sequence[str]


def node_table(net: Network, names: Names, measures: Sequence[Measure], made: Made | None = None) -> pd.DataFrame:
    """`id, name, kind, region, region_name` and a column per measure; sorted by the first measure, highest first.

    `attrs["estimated"]` of the table has the measures that are estimated from a sample.
    """
    places = net.region.tolist()
    columns: dict[str, Any] = {
        "id": list(net.nodes),
        "name": list(names.nodes),
        "kind": list(names.kinds),
        "region": [None if at == NOWHERE else net.regions[at] for at in places],
        "region_name": [None if at == NOWHERE else names.regions[at] for at in places],
    }
    frame = _ranked(pd.DataFrame({**columns, **values_of(net, measures, made)}), measures)
    frame.attrs["estimated"] = estimated(net, measures)
    return frame


def region_table(net: Network, names: Names, measures: Sequence[Measure], made: Made | None = None) -> pd.DataFrame:
    """`region, name, organisations` and a column per measure; sorted by the first measure, highest first."""
    columns: dict[str, Any] = {
        "region": list(net.regions),
        "name": list(names.regions),
        "organisations": np.bincount(net.region[net.located], minlength=len(net.regions)),
    }
    return _ranked(pd.DataFrame({**columns, **values_of(net, measures, made)}), measures)


def summary_table(net: Network, measures: Sequence[Measure], lang: str, facts: Mapping[str, float]) -> pd.DataFrame:
    """`key, title, value, meaning`: what the network is, and what is measured of it as a whole.

    `facts` are those that an array does not tell, by the keys of `FACTS`.
    """
    counted = {**_counts(net), **facts}
    told = {key: (*words, float(counted[key])) for key, words in FACTS.items() if key in counted}
    numbers, guessed = values_of(net, measures), estimated(net, measures)
    found = {one.id: (one.title, one.meaning, float(numbers[one.id])) for one in measures}
    rows = [
        (
            key,
            in_language(lang, title) + (in_language(lang, ESTIMATE) if key in guessed else ""),
            value,
            in_language(lang, meaning),
        )
        for key, (title, meaning, value) in {**told, **found}.items()
    ]
    frame = pd.DataFrame(rows, columns=["key", "title", "value", "meaning"])
    frame.attrs["estimated"] = guessed
    return frame


def flow_table(net: Network, names: Names, how: Against) -> pd.DataFrame:
    """The flows from the region of the row to that of the column, both by their names, normalised as asked.

    See `normalised`; `density` is the share of the pairs of organisations that are joined; see `block_densities`.
    """
    labels = list(names.regions)
    flows = block_densities(net) if how == "density" else normalised(flow_matrix(net), how)
    return pd.DataFrame(flows, index=labels, columns=labels)


def _counts(net: Network) -> dict[str, float]:
    return {
        "organisations": len(net),
        "located": int(net.located.sum()),
        "regions": len(net.regions),
        "edges": len(net.weight),
        "weight": float(net.weight.sum()),
        "self_links": net.self_links,
    }


def _ranked(frame: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    if not measures:
        return frame
    return frame.sort_values(measures[0].id, ascending=False, kind="stable", ignore_index=True)


PARTNERS = 3
"""Partners of a region that a table names."""

_TYPES = {
    (True, True): tr_later("sends and receives much"),
    (True, False): tr_later("sends more than most"),
    (False, True): tr_later("receives more than most"),
    (False, False): tr_later("sends and receives little"),
}


def partner_table(net: Network, names: Names) -> pd.DataFrame:
    """`region, name`, the family `flows`, `partner_hhi`, and `partners`: the strongest by what leaves, with weights."""
    frame = region_table(net, names, find_measures(["flows", "partner_hhi"], "region"))
    top = top_partners(flow_matrix(net), PARTNERS)
    told = {
        region: "; ".join(
            f"{names.regions[at]} {weight:,.6g}"
            for at, weight in zip(top.region[row].tolist(), top.weight[row].tolist(), strict=True)
            if at != NOWHERE
        )
        for row, region in enumerate(net.regions)
    }
    return frame.assign(partners=[told[region] for region in frame["region"]])


def role_tables(net: Network, names: Names) -> dict[str, pd.DataFrame]:
    """The brokerage roles of regions, with how much each depends on its gatekeepers, and of organisations."""
    roles = find_measures(["roles"], "region")
    made: Made = {brokerage.roles: brokerage.roles(net)}
    frame = region_table(net, names, roles, made).sort_values("gatekeeper", ascending=False, kind="stable")
    hold = gatekeeping(made[brokerage.roles])
    place = [net.regions.index(region) for region in frame["region"]]
    counts = {"gatekeepers": hold.gatekeepers[place], "half": hold.half[place]}
    brokers = node_table(net, names, find_measures(["roles"], "node"), made)
    total = brokers[[one.id for one in roles]].sum(axis=1)
    ranked = brokers.assign(total=total)[total > 0].sort_values("total", ascending=False, kind="stable")
    return {
        "regions": frame.assign(**counts).reset_index(drop=True),
        "entities": ranked.reset_index(drop=True),
    }


def typology_table(net: Network, names: Names, lang: str) -> pd.DataFrame:
    """`region, name`, `sends` and `receives`: shares of all weight, and `region_type` by whether each is above 1/R."""
    found = typology(flow_matrix(net))
    known = ~(np.isnan(found.investor) | np.isnan(found.company))
    pairs = zip(known.tolist(), found.investing.tolist(), found.invested.tolist(), strict=True)
    frame = pd.DataFrame(
        {
            "region": list(net.regions),
            "name": list(names.regions),
            "sends": found.investor,
            "receives": found.company,
            "region_type": [
                in_language(lang, _TYPES[sends, receives]) if told else None for told, sends, receives in pairs
            ],
        }
    )
    return frame.sort_values("sends", ascending=False, kind="stable", ignore_index=True)
