"""The networks of a page: flows between regions, the largest links, who connects them, what lies around one of them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.errors import NetworkError, UsageError
from ecosystem.index.arrays import IntArray
from ecosystem.model import Model, kind_word
from ecosystem.network import Linkage, NetworkFile, find_network, linkage, load_networks
from ecosystem.network.brokerage import ROLES
from ecosystem.network.measures import find_measures
from ecosystem.network.network_tables import Names, region_table, role_tables
from ecosystem.report.json_values import Both, Json, clean, columns, numbers, said, word
from ecosystem.report.parts.network_egos import Egos, egos
from ecosystem.report.parts.network_flows import Placed, flows, placed
from ecosystem.report.request import Request
from ecosystem.store import GraphStore

FIRST = ("enablement", "co_investment", "collaboration", "investment")
"""The networks that a page has beside the one that is asked for, where the data have them, in this order."""
MOST = 3
"""Networks of a page."""
PACKED = 1_000_000
"""Characters that all networks of a page may have together once they are packed; the first is there however long."""
LINKS = 50
"""Largest links, and organisations that connect most, in a table."""
TABLED = 500
"""Regions in a table, those with the largest flows."""
COUNTED = 250_000
"""Edges up to which roles are counted: above, that takes longer than all else of a page."""


def network(request: Request) -> Json | None:
    """The networks of a page; None where no graph is behind the scores, or it has no network with a link.

    The one that is asked for comes first; where the graph has no such link, `instead` has its title. NetworkError for a
    name that no network has.
    """
    known, asked = load_networks(), request.network
    if isinstance(asked, str):
        asked = find_network(asked, known)
    if request.scores.graph is None:
        return None
    kept: list[Json] = []
    left_out: list[Both] = []
    size = 0
    for made in _with_edges(request, request.scores.graph, asked, known):
        part = _network(request, made, request.scores.graph.schema.model)
        size += _packed(part)
        if kept and size > PACKED:
            left_out.append(part["title"])
        else:
            kept.append(part)
    if not kept:
        return None
    instead = None if kept[0]["id"] == asked.id else _title(asked)
    return {"networks": kept, "instead": instead, "left_out": left_out}


def _with_edges(
    request: Request, store: GraphStore, asked: NetworkFile, known: Mapping[str, NetworkFile]
) -> Iterator[Linkage]:
    """The networks of a page that have edges; where none of the first ones has, the first of all others that has."""
    first = [asked, *(known[one] for one in FIRST if one != asked.id)]
    some = False
    for made in islice(_found(request, store, first), MOST):
        some = True
        yield made
    if not some:
        yield from islice(_found(request, store, (file for file in known.values() if file not in first)), 1)


def _found(request: Request, store: GraphStore, files: Iterable[NetworkFile]) -> Iterator[Linkage]:
    """Networks in the regions and years of the scores, those that the graph has and that join located organisations."""
    level, window = request.scores.level, request.scores.window
    for file in files:
        try:
            made = linkage(store, file, level=level, since=window.since, until=window.until)
        except (NetworkError, UsageError):
            # the graph lacks such links, or the regions of the level overlap
            continue
        if len(made.network.weight) and made.network.located.any():
            yield made


def _network(request: Request, made: Linkage, model: Model) -> Json:
    """The data of one network; organisations and regions are places in `organisations` and `regions`."""
    net, where = made.network, placed(request.scores, made)
    # tables by region have ids here: their names stand in `regions`
    names, around = replace(where.zh, regions=net.regions), egos(net)
    heaviest = np.argsort(-net.weight, kind="stable")[:LINKS]
    roles = role_tables(net, names) if len(net.weight) <= COUNTED else None
    brokers, played = _brokers(made, roles)
    shown = np.concatenate([heaviest, around.edges])
    used = np.unique(np.concatenate([net.source[shown], net.target[shown], around.node, brokers]))
    behind = _behind(made)
    return {
        **_about(made),
        "regions": where.regions(),
        "organisations": _organisations(names, net.nodes, where, used, model),
        "flows": flows(where),
        "links": _edges(made, heaviest, used, behind),
        "by_region": _by_region(made, names, where, roles),
        "brokers": None if roles is None else {"organisation": np.searchsorted(used, brokers).tolist(), **played},
        "egos": _egos(around, used),
        "edges": _edges(made, around.edges, used, behind),
    }


def _title(file: NetworkFile) -> Both:
    return {lang: clean(file.title(lang)) for lang in ("zh", "en")}


def _about(made: Linkage) -> Json:
    file, net = made.file, made.network
    return {
        "id": file.id,
        "title": _title(file),
        "definition": {lang: clean(file.definition(lang)) for lang in ("zh", "en")},
        "unit": word(file.unit, "unit"),
        "source": clean(file.source),
        "directed": net.directed,
        "dated": file.dated is not None,
        "organisations_in_all": len(net),
        "regions_in_all": len(np.unique(net.region[net.located])),
        "edges_in_all": len(net.weight),
        "weight": float(net.weight.sum()),
        "undated": made.undated,
    }


def _organisations(names: Names, ids: tuple[str, ...], where: Placed, used: IntArray, model: Model) -> Json:
    """Ids, names, kinds and regions of the organisations that are shown anywhere; a region is -1 where it has none."""
    at = used.tolist()
    kinds = sorted({names.kinds[one] for one in at})
    return {
        "id": [clean(ids[one]) for one in at],
        "name": [clean(name) if isinstance(name := names.nodes[one], str) and name else clean(ids[one]) for one in at],
        "kind": [kinds.index(names.kinds[one]) for one in at],
        "kinds": [said(partial(kind_word, kind, model)) for kind in kinds],
        "region": where.node[used].tolist(),
    }


def _behind(made: Linkage) -> dict[str, list[Any]]:
    """The number of links behind each edge, and its first and last year where the network is dated."""
    found: dict[str, list[Any]] = {"links": made.links().tolist()}
    if made.file.dated is not None:
        first, last = made.years()
        found |= {"first_year": numbers(first), "last_year": numbers(last)}
    return found


def _edges(made: Linkage, edges: IntArray, used: IntArray, behind: Mapping[str, list[Any]]) -> Json:
    net = made.network
    return {
        "source": np.searchsorted(used, net.source[edges]).tolist(),
        "target": np.searchsorted(used, net.target[edges]).tolist(),
        "weight": numbers(net.weight[edges]),
        **{key: [values[edge] for edge in edges.tolist()] for key, values in behind.items()},
    }


def _brokers(made: Linkage, roles: Mapping[str, pd.DataFrame] | None) -> tuple[IntArray, Json]:
    """The places of the organisations that broker most, and how often they play each role."""
    if roles is None:
        return np.zeros(0, dtype=np.int64), {}
    rows = roles["entities"].head(LINKS)
    place = pd.Index(made.network.nodes).get_indexer(pd.Index(rows["id"])).astype(np.int64)
    return place, columns(rows[[*ROLES, "total"]])


def _by_region(made: Linkage, names: Names, where: Placed, roles: Mapping[str, pd.DataFrame] | None) -> Json:
    """What is measured of each region, in the order of a page; of many those with the largest flows."""
    table = region_table(made.network, names, find_measures(("flows", "ei", "bridging"), "region"))
    if roles is not None:
        table = table.merge(roles["regions"].drop(columns=["name", "organisations"]), on="region", validate="1:1")
    place = dict(zip(where.network.regions, where.place.tolist(), strict=True))
    table = table.assign(region=[place[region] for region in table["region"]])
    strength = where.strength[where.order][table["region"].to_numpy()]
    kept = table[np.argsort(np.argsort(-strength, kind="stable")) < TABLED].sort_values("region")
    return {**columns(kept.drop(columns=["name"])), "in_all": len(table)}


def _egos(around: Egos, used: IntArray) -> Json:
    return {
        "organisation": np.searchsorted(used, around.node).tolist(),
        "strength": numbers(around.strength),
        "contacts": around.contacts.tolist(),
        "neighbours": [np.searchsorted(used, near).tolist() for near in around.neighbours],
    }


def _packed(part: Json) -> int:
    text = json.dumps(part, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return len(base64.b64encode(gzip.compress(text.encode(), mtime=0)))
