"""Contacts of organisations in a network of a store: those they have, the ways to others, and those they could have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ecosystem.errors import NetworkError
from ecosystem.messages import tr
from ecosystem.network.found_network import FoundNetwork
from ecosystem.network.path_tables import accuracy_table, ego_tables, path_tables, place_of, suggestion_table
from ecosystem.network.paths import Follow, Paths, shortest_paths
from ecosystem.network.prediction import Accuracy, hold_out, suggestions
from ecosystem.notebook import one_language
from ecosystem.progress import Progress, silent
from ecosystem.store import stored_regions


def contacts(
    linkage: FoundNetwork, name: str, depth: int = 1, follow: Follow = "all", *, lang: str | None = None
) -> dict[str, pd.DataFrame]:
    """The organisations at most so many edges from one, by its id or name, and all edges among them.

    `entities` has `id, name, kind, region, region_name, distance`, nearest first; `edges` has `source, source_name,
    target, target_name, weight, links` and, where the network is dated, `first_year, last_year`. NetworkError for a
    name that none or several have.
    """
    names = linkage.names(lang)
    node = place_of(linkage.network, names, name)
    return ego_tables(linkage.network, names, node, depth, follow, _behind(linkage))


def ways(
    linkage: FoundNetwork, name: str, other: str, most: int = 20, follow: Follow = "all", *, lang: str | None = None
) -> tuple[Paths, dict[str, pd.DataFrame]]:
    """The shortest paths from one organisation to another, and their tables: `paths`, `edges`; see `path_tables`.

    NetworkError for a name that none or several have, and where no path leads there.
    """
    names = linkage.names(lang)
    start, end = (place_of(linkage.network, names, one) for one in (name, other))
    found = shortest_paths(linkage.network, start, end, most, follow)
    if not found.count:
        message = tr(
            "no path leads from {name!r} to {other!r} in the network {network!r}",
            name=name, other=other, network=linkage.file.id,
        )  # fmt: skip
        against = linkage.network.directed and follow != "all"
        hint = (
            tr("--follow all takes edges against their direction, too")
            if against
            else tr("try another network, or more years: --network all has all direct links")
        )
        raise NetworkError(message, hint=hint)
    return found, path_tables(linkage.network, names, found, _behind(linkage))


def suggested(
    linkage: FoundNetwork,
    region: str,
    score: str = "resource_allocation",
    *,
    most: int = 20,
    draws: int = 5,
    seed: int = 1,
    lang: str | None = None,
    progress: Progress = silent,
) -> tuple[Accuracy, dict[str, pd.DataFrame]]:
    """Edges that are not there yet for the organisations of a region, and how well edges that are there are found.

    `suggestions` has the best pairs by a score, `accuracy` the test of every score; see `suggestions`, `hold_out` and
    their tables. A pair is only suggested where the network joins organisations of these kinds already. NetworkError
    for a region that no organisation of the network is in.
    """
    net, names = linkage.network, linkage.names(lang)
    place = stored_regions(linkage.store).resolve_among(region, net.regions, level=linkage.level)
    if place not in net.regions:
        message = tr(
            "no organisation of the network {network!r} is in {region!r}", network=linkage.file.id, region=region
        )
        hint = tr("`ecosystem network regions {name}` lists the regions that have one", name=linkage.file.id)
        raise NetworkError(message, hint=hint)
    at = net.regions.index(place)
    kind = np.unique(np.array(names.kinds, dtype=str), return_inverse=True)[1]
    best = suggestions(net, at, score=score, most=most, kind=kind)
    tested = hold_out(net, at, seed=seed, draws=draws, most=most, kind=kind, progress=progress)
    tables = {
        "suggestions": suggestion_table(net, names, best, score),
        "accuracy": accuracy_table(tested, lang or one_language()),
    }
    return tested, tables


def _behind(linkage: FoundNetwork) -> dict[str, Any]:
    """The number of links behind each edge, and its first and last year where the network is dated."""
    if linkage.file.dated is None:
        return {"links": linkage.links()}
    first, last = (pd.array(years, dtype="Float64").astype("Int64") for years in linkage.years())
    return {"links": linkage.links(), "first_year": first, "last_year": last}
