"""Tables of what lies around an organisation, of the shortest ways between two, and of edges that could be."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.errors import NetworkError, nearest
from ecosystem.index.arrays import IntArray
from ecosystem.messages import either, in_language, tr, tr_later
from ecosystem.network.network import NOWHERE, Network
from ecosystem.network.network_tables import Names
from ecosystem.network.paths import Follow, Paths, ego
from ecosystem.network.prediction import SCORES, Accuracy, Suggestions
from ecosystem.regions import fold

LISTED = 6
"""Organisations of one name that an error lists."""

TITLES: Mapping[str, str] = {
    "common_neighbours": tr_later("common neighbours"),
    "adamic_adar": tr_later("Adamic-Adar"),
    "resource_allocation": tr_later("resource allocation"),
    "preferential_attachment": tr_later("preferential attachment"),
    "local_path": tr_later("local paths"),
}
"""The scores of suggestions, in words."""


def place_of(net: Network, names: Names, text: str) -> int:
    """The place of the node with an id, else of the one with a name, whatever its case, width and white space.

    NetworkError that names the nearest three where there is none, and lists them where there are several.
    """
    if text in net.nodes:
        return net.nodes.index(text)
    found = [at for at, name in enumerate(names.nodes) if isinstance(name, str) and fold(name) == fold(text)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(f"{net.nodes[at]} ({names.kinds[at]})" for at in found[:LISTED])
        more = "; ..." if len(found) > LISTED else ""
        message = tr(
            "{text!r} is the name of {count} organisations of the network: {names}",
            text=text, count=len(found), names=listed + more,
        )  # fmt: skip
        raise NetworkError(message, hint=tr("write its id"))
    close = nearest(text, [*(name for name in names.nodes if isinstance(name, str)), *net.nodes])
    hint = (
        tr("did you mean {close}?", close=either(map(repr, close)))
        if close
        else tr("`ecosystem network nodes` lists those that have an edge")
    )
    raise NetworkError(tr("no organisation of the network has the name or the id {text!r}", text=text), hint=hint)


def ego_tables(
    net: Network, names: Names, node: int, depth: int, follow: Follow, behind: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """The organisations around a node with their distance, nearest first, and the edges among them."""
    found = ego(net, node, depth, follow)
    around = pd.DataFrame({**_named(net, names, found.nodes), "distance": found.distance})
    return {"entities": around, "edges": edge_table(net, names, found.edges, behind)}


def edge_table(net: Network, names: Names, edges: IntArray, behind: Mapping[str, Any]) -> pd.DataFrame:
    """`source, source_name, target, target_name, weight`, and what is `behind` each edge (E,): strongest first."""
    ends = {"source": net.source[edges], "target": net.target[edges]}
    columns: dict[str, Any] = {}
    for end, places in ends.items():
        columns[end] = [net.nodes[at] for at in places.tolist()]
        columns[f"{end}_name"] = [names.nodes[at] for at in places.tolist()]
    columns["weight"] = net.weight[edges]
    frame = pd.DataFrame({**columns, **{key: pd.Series(values).take(edges).array for key, values in behind.items()}})
    return frame.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def path_tables(net: Network, names: Names, paths: Paths, behind: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The paths that are shown, a row each, by names and by ids, and the edges that any of all the paths takes.

    An arrow between two says which way the edge leads, a line that it leads both ways or has no direction.
    """
    joined = set(zip(net.source.tolist(), net.target.tolist(), strict=True))
    shown = paths.nodes.tolist()
    frame = pd.DataFrame(
        {
            "path": [_spelled(path, names.nodes, joined, directed=net.directed) for path in shown],
            "ids": [_spelled(path, net.nodes, joined, directed=net.directed) for path in shown],
        }
    )
    return {"paths": frame, "edges": edge_table(net, names, paths.edges, behind)}


def suggestion_table(net: Network, names: Names, found: Suggestions, score: str) -> pd.DataFrame:
    """A row per pair, best first: an organisation of the region, the one suggested to it, and all scores."""
    one, other = (_named(net, names, places) for places in (found.one, found.other))
    scores = dict(zip(SCORES, found.scores.T, strict=True))
    return pd.DataFrame(
        {
            "id": one["id"],
            "name": one["name"],
            "other_id": other["id"],
            "other_name": other["name"],
            score: scores[score],
            "other_kind": other["kind"],
            "other_region_name": other["region_name"],
            **scores,
        }
    )


def accuracy_table(found: Accuracy, lang: str) -> pd.DataFrame:
    """A row per score: its mean AUC and precision over the draws, their spread, and by how much it beats the first."""
    auc, precision = found.auc.mean(axis=0), found.precision.mean(axis=0)
    return pd.DataFrame(
        {
            "key": list(SCORES),
            "score": [in_language(lang, TITLES[name]) for name in SCORES],
            "auc": auc,
            "auc_sd": found.auc.std(axis=0, ddof=1) if len(found.auc) > 1 else np.full(len(SCORES), np.nan),
            "auc_gain": auc - auc[0],
            "precision": precision,
            "precision_gain": precision - precision[0],
        }
    )


def _named(net: Network, names: Names, places: IntArray) -> dict[str, list[Any]]:
    region = net.region[places].tolist()
    at = places.tolist()
    return {
        "id": [net.nodes[node] for node in at],
        "name": [names.nodes[node] for node in at],
        "kind": [names.kinds[node] for node in at],
        "region": [None if place == NOWHERE else net.regions[place] for place in region],
        "region_name": [None if place == NOWHERE else names.regions[place] for place in region],
    }


def _spelled(path: list[int], words: Any, joined: set[tuple[int, int]], *, directed: bool) -> str:
    text = str(words[path[0]])
    for a, b in pairwise(path):
        forth, back = (a, b) in joined, (b, a) in joined
        way = "—" if not directed or (forth and back) else "→" if forth else "←"
        text += f" {way} {words[b]}"
    return text
