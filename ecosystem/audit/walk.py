"""From an indicator of a region on to its links: the entities of each match, and where they stand in the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.audit.matches import Matches, Trail
from ecosystem.audit.origin import Origins, find_folder, origins_frame
from ecosystem.audit.shares import row_shares, subject
from ecosystem.index.arrays import IntArray
from ecosystem.query import Query
from ecosystem.query.tree import Binary, Item, LinkPattern, Match, NodePattern, Parameter, PropertyOf
from ecosystem.query.tree import Path as Chain
from ecosystem.scoring import Scores

COLUMNS = ("code", "entity", "match", "share", "role", "kind", "id", "name")


def links_frame(trail: Trail, place: int, region: int, ids: Sequence[str] | None) -> pd.DataFrame:
    """A row per entity of each match of an indicator in a region: its role (the name in the metric), kind, id and name.

    `match` numbers the matches; `share` is what the match brings to the value, NaN where the metric has no shares;
    `entity` is the organisation that the match is counted for. With `ids`, only the matches in which one of those
    takes part.
    """
    matches = trail.matches(place, links=True)
    here = matches.only(np.flatnonzero(matches.regions == region))
    shares = row_shares(here, len(trail.scores.standing.regions)) if matches.metric.provenance == "monotone" else None
    share = np.full(len(here), np.nan) if shares is None else shares[0]
    chosen = _chosen(trail, here, ids)
    here, share = here.only(chosen), share[chosen]
    code = trail.scores.index.leaves[place].code
    role = subject(here.query)
    owner = _known(trail, here.nodes[role], here.kinds[role])["id"].to_numpy()
    frames = []
    for name, codes in (*here.nodes.items(), *here.links.items()):
        known = _known(trail, codes, here.kinds[name])
        columns = {"code": code, "entity": owner, "match": np.arange(1, len(here) + 1), "share": share, "role": name}
        frames.append(pd.DataFrame(columns | {part: known[part].to_numpy() for part in ("kind", "id", "name")}))
    frame = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    return frame.sort_values("match", kind="stable", ignore_index=True)


def _known(trail: Trail, codes: IntArray, kinds: Sequence[str]) -> pd.DataFrame:
    return trail.codes.known(codes, [kind for kind in kinds if kind not in ("Region", "WITHIN")])


def _chosen(trail: Trail, here: Matches, ids: Sequence[str] | None) -> IntArray:
    if ids is None:
        return np.arange(len(here))
    found = np.zeros(len(here), dtype=bool)
    for name, codes in here.nodes.items():
        found |= np.isin(codes, trail.codes.find(ids, here.kinds[name]))
    return np.flatnonzero(found)


def rows_frame(scores: Scores, links: pd.DataFrame, folder: Path | None) -> pd.DataFrame:
    """The links frame with `source`, `file` and `line` of every entity; blank where no file has its row.

    Where the dataset was imported, `exports` names the rows of the exports behind it, as `source file:line`.
    Raises DatasetError where the folder of the dataset is not there.
    """
    store = scores.measures.store
    where = find_folder(scores.dataset.name, scores.store, folder)
    origins = Origins.of(where, store.schema, scores.regions)
    origins.refuse_other(scores.dataset.hash)
    parts = []
    for kind in dict.fromkeys(links["kind"]):
        ids = sorted(set(links.loc[links["kind"] == kind, "id"]))
        if kind in store.schema.model.labels:
            found = origins.nodes(kind, ids)
        else:
            found = origins.links(kind, _ends(scores, kind, ids))
        told = origins.exports(kind, ids)
        parts.append(origins_frame(found, told).assign(kind=kind))
    places = pd.concat(parts, ignore_index=True) if parts else origins_frame({}, {}).assign(kind="")
    rows = links.merge(places, on=["kind", "id"], how="left").astype({"line": "Int64"})
    return rows if rows["exports"].notna().any() else rows.drop(columns="exports")


def values_frame(scores: Scores, place: int, region: int, folder: Path | None) -> pd.DataFrame:
    """The row of a table behind an indicator of kind `column:`, with its source, file and line."""
    leaf = scores.index.leaves[place]
    store, name = scores.measures.store, leaf.source.name if leaf.source is not None else ""
    node = NodePattern("v", ("RegionValue",), (("region", Parameter("region")), ("indicator", Parameter("indicator"))))
    items = tuple(Item(PropertyOf("v", each), each) for each in ("id", "year", "value"))
    query = Query((Match((Chain((node,), ()),)),), items)
    rows = store.query(query, {"region": scores.standing.regions[region], "indicator": name}).read_all().to_pylist()
    # as scoring takes it: of the years inside the window the latest
    value = scores.standing.raw[region, place]
    held = sorted((row for row in rows if row["value"] == value), key=lambda row: row["year"] or 0)[-1:]
    links = pd.DataFrame(
        [
            (leaf.code, scores.standing.regions[region], 1, row["value"], name, "RegionValue", row["id"], "")
            for row in held
        ],
        columns=list(COLUMNS),
    )
    return rows_frame(scores, links, folder)


def _ends(scores: Scores, kind: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The ids of both ends of some links."""
    path = Chain((NodePattern("a"), NodePattern("b")), (LinkPattern("t", (kind,)),))
    where = Binary("IN", PropertyOf("t", "id"), Parameter("ids"))
    items = tuple(
        Item(PropertyOf(name, "id"), alias) for name, alias in (("t", "id"), ("a", "source"), ("b", "target"))
    )
    table = scores.measures.store.query(Query((Match((path,), where),), items), {"ids": list(ids)}).read_all()
    columns = (table[name].to_pylist() for name in ("id", "source", "target"))
    return {link: (source, target) for link, source, target in zip(*columns, strict=True)}
