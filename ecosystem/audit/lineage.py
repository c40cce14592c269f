"""What an indicator of a region is made of: shares of organisations, their links, and lines of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.audit.chain import Chain
from ecosystem.audit.matches import NOBODY, Matches, Trail
from ecosystem.audit.origin import Origins, find_folder, origins_frame
from ecosystem.audit.row_shares import row_shares, subject
from ecosystem.errors import RegionError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.query import Query
from ecosystem.query.tree import Binary, Item, LinkPattern, Match, NodePattern, Parameter, PropertyOf
from ecosystem.query.tree import Path as PathPattern
from ecosystem.scoring import Scores
from ecosystem.scoring.score_tables import names_of

NOTHING: FloatArray = np.array([], dtype=np.float64)
ADDS_UP = "parts add up"
CANDIDATES = 2000
"""Of an indicator without shares, so many of the organisations with most matches are taken out one by one."""


COLUMNS = ("code", "entity", "match", "share", "role", "kind", "id", "name")


@dataclass(frozen=True, eq=False)
class Lineage:
    """What one indicator of a region is made of: the codes of the organisations, and their parts.

    `shares` are in the unit of the value, NaN where the indicator has none; `points` are in those of the score. `base`
    are the points that no organisation brings: those of the minimum of all regions (the maximum, where less is better).
    `rule` says whether the parts add up, and if not, why.
    """

    place: int
    codes: IntArray
    matches: IntArray
    shares: FloatArray
    points: FloatArray
    base: float
    rule: str

    @property
    def adds_up(self) -> bool:
        """True when the points of all organisations and the base are the points of the indicator."""
        return self.rule == ADDS_UP


def region_place(scores: Scores, name: str) -> int:
    """The row of a ranked region, by any of its names. RegionError where it is unknown or not ranked."""
    regions = scores.standing.regions
    region = name if name in regions else scores.regions.resolve(name, level=scores.level)
    if region not in regions:
        message = f"{scores.regions[region]} is not ranked by {scores.index.id}"
        raise RegionError(message, hint=f"ecosystem score {scores.index.id} shows who is")
    return regions.index(region)


def region_name(scores: Scores, region: int, lang: str) -> str:
    """The name of a ranked region in a language."""
    name = names_of(scores, scores.standing.regions[region])
    return name.zh if lang == "zh" else name.en


def lineage(trail: Trail, place: int, region: int, chain: Chain | None) -> Lineage:
    """The parts of one indicator in one region."""
    standing = trail.scores.standing
    value = standing.raw[region, place]
    if place not in trail.places or np.isnan(value):
        return Lineage(
            place,
            NOBODY,
            NOBODY,
            NOTHING,
            NOTHING,
            _base(trail, place, region, chain),
            _unsaid(trail, place, region),
        )
    matches = trail.matches(place)
    here = matches.only(np.flatnonzero(matches.regions == region))
    found = row_shares(here, len(standing.regions)) if matches.metric.provenance == "monotone" else None
    if found is None:
        codes, counts = _anyone(here)
        rule = _without_shares(matches, len(codes))
        codes, counts = codes[:CANDIDATES], counts[:CANDIDATES]
        nothing = np.full(len(codes), np.nan)
        return Lineage(place, codes, counts, nothing, nothing.copy(), np.nan, rule)
    rows, constant = found
    codes, at, counts = np.unique(here.nodes[subject(here.query)], return_inverse=True, return_counts=True)
    shares = np.asarray(np.bincount(at, rows, minlength=len(codes)), dtype=np.float64)
    if chain is None:
        index = trail.scores.index
        methods = f"{index.normalisation.method}, {index.aggregation.method}, missing values: {index.missing.rule}"
        rule = f"do not add up to the score: {methods}; effects of leaving, one at a time"
        return Lineage(place, codes, counts, shares, np.full(len(codes), np.nan), np.nan, rule)
    slope, offset = (line[place] for line in chain.line(chain.minimum, chain.maximum))
    return Lineage(place, codes, counts, shares, slope * shares, float(offset + slope * constant), ADDS_UP)


def _base(trail: Trail, place: int, region: int, chain: Chain | None) -> float:
    return float(trail.scores.standing.weighted[region, place]) if chain is not None else np.nan


def _unsaid(trail: Trail, place: int, region: int) -> str:
    """Why an indicator has no organisations behind it in a region."""
    leaf = trail.scores.index.leaves[place]
    if leaf.code in trail.scores.missing:
        return f"no data: {trail.scores.missing[leaf.code]}"
    if leaf.source is not None and leaf.source.kind != "metric":
        return f"{leaf.source}: a value of a table, no links behind it"
    return "no value: a mean or ratio of nothing"


def _without_shares(matches: Matches, organisations: int) -> str:
    kind = matches.metric.provenance
    why = "a ratio or product of aggregates" if kind == "monotone" else f"a {kind} metric"
    limit = f", of the {CANDIDATES:,} of {organisations:,} with most matches" if organisations > CANDIDATES else ""
    return f"do not add up: {why}; effects of leaving, one at a time{limit}"


def _anyone(here: Matches) -> tuple[IntArray, IntArray]:
    """Every node in any match, and in how many matches; those of most matches first."""
    pairs = [np.stack([codes, np.arange(len(here))], axis=1) for codes in here.nodes.values()]
    if not pairs or not len(here):
        return NOBODY, NOBODY
    codes, counts = np.unique(np.unique(np.concatenate(pairs), axis=0)[:, 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return codes[order], counts[order]


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
    query = Query((Match((PathPattern((node,), ()),)),), items)
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
    path = PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern("t", (kind,)),))
    where = Binary("IN", PropertyOf("t", "id"), Parameter("ids"))
    items = tuple(
        Item(PropertyOf(name, "id"), alias) for name, alias in (("t", "id"), ("a", "source"), ("b", "target"))
    )
    table = scores.measures.store.query(Query((Match((path,), where),), items), {"ids": list(ids)}).read_all()
    columns = (table[name].to_pylist() for name in ("id", "source", "target"))
    return {link: (source, target) for link, source, target in zip(*columns, strict=True)}
