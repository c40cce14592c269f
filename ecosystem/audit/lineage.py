"""What an indicator of a region is made of: shares of organisations, their links, and lines of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.origin import Origins, find_folder, origins_frame
from ecosystem.dataset.dataset import folder_name
from ecosystem.errors import RegionError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import SourceMatches
from ecosystem.messages import together, tr, tr_later
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.removals import NO_CODES
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of
from ecosystem.store import GraphStore

NOTHING: FloatArray = np.array([], dtype=np.float64)
ADDS_UP = tr_later("parts add up")
CANDIDATES = 2000
"""Of an indicator without shares, so many of the organisations with most matches are removed one by one."""


COLUMNS = ("code", "entity", "match", "share", "role", "kind", "id", "name")


@dataclass(frozen=True, eq=False)
class Lineage:
    """What one indicator of a region is made of: the codes of the organisations, and their parts.

    `shares` are in the unit of the value, NaN where the indicator has none; `points` are in those of the score. `base`
    are the points that no organisation brings: those of the minimum of all regions (the maximum, where less is better).
    `rule` says whether the parts add up (`adds_up`), and if not, why.
    """

    place: int
    codes: IntArray
    matches: IntArray
    shares: FloatArray
    points: FloatArray
    base: float
    rule: str
    adds_up: bool = False
    """True when the points of all organisations and the base are the points of the indicator."""


def region_place(scores: Scores, name: str) -> int:
    """The row of a ranked region, by any of its names. RegionError where it is unknown or not ranked."""
    regions = scores.standing.regions
    region = scores.regions.resolve_among(name, regions, level=scores.level)
    if region not in regions:
        message = tr("{regions} is not ranked by {id}", regions=scores.regions[region], id=scores.index.id)
        raise RegionError(message, hint=tr("ecosystem score {id} shows the regions that are", id=scores.index.id))
    return regions.index(region)


def region_name(scores: Scores, region: int, lang: str) -> str:
    """The name of a ranked region in a language."""
    name = names_of(scores, scores.standing.regions[region])
    return name.zh if lang == "zh" else name.en


def lineage(audit: AuditedScores, place: int, region: int, chain: Chain | None) -> Lineage:
    """The parts of one indicator in one region."""
    standing = audit.scores.standing
    value = standing.raw[region, place]
    if place not in audit.places or np.isnan(value):
        return Lineage(
            place,
            NO_CODES,
            NO_CODES,
            NOTHING,
            NOTHING,
            _base(audit, place, region, chain),
            why_no_organisations(audit, place, region),
        )
    matches = audit.matches(place)
    here = matches.only(np.flatnonzero(matches.regions == region))
    found = here.shares(len(standing.regions))
    if found is None:
        codes, counts = _nodes_by_matches(here)
        rule = _without_shares(matches, len(codes))
        codes, counts = codes[:CANDIDATES], counts[:CANDIDATES]
        nothing = np.full(len(codes), np.nan)
        return Lineage(place, codes, counts, nothing, nothing.copy(), np.nan, rule)
    rows, constant = found
    codes, at, counts = np.unique(here.nodes[here.owner], return_inverse=True, return_counts=True)
    shares = np.asarray(np.bincount(at, rows, minlength=len(codes)), dtype=np.float64)
    if chain is None:
        index = audit.scores.index
        scales = together(dict.fromkeys(rule.method for rule in index.normalisations))
        methods = tr(
            "{scales}, {method}, missing values: {rule}",
            scales=scales,
            method=index.aggregation.method,
            rule=index.missing.rule,
        )
        rule = tr("do not add up to the score ({methods}): the effect of removing each one alone", methods=methods)
        return Lineage(place, codes, counts, shares, np.full(len(codes), np.nan), np.nan, rule)
    slope, offset = (line[place] for line in chain.shown_line)
    return Lineage(place, codes, counts, shares, slope * shares, float(offset + slope * constant), tr(ADDS_UP), True)


def _base(audit: AuditedScores, place: int, region: int, chain: Chain | None) -> float:
    return float(audit.scores.standing.weighted[region, place]) if chain is not None else np.nan


def why_no_organisations(audit: AuditedScores, place: int, region: int) -> str:
    """Why an indicator has no organisations behind it in a region."""
    leaf = audit.scores.index.leaves[place]
    if leaf.code in audit.scores.missing:
        return tr("no data: {reason}", reason=audit.scores.missing[leaf.code])
    source, standing = audit.sources[place], audit.scores.standing
    if standing.imputed[region, place]:
        return tr(
            "{name}: no value, imputed by {method}", name=source.name, method=audit.scores.index.imputation.method
        )
    if source.no_matches is not None and np.isnan(standing.raw[region, place]):
        return tr("{name}: no value", name=source.name)
    if source.no_matches is not None:
        return tr("{name}: {reason}", name=source.name, reason=tr(source.no_matches))
    return tr("no value: a mean, ratio, minimum or the like of nothing")


def _without_shares(matches: SourceMatches, organisations: int) -> str:
    why = matches.without_shares
    if organisations <= CANDIDATES:
        return tr("do not add up ({reason}): the effect of removing each one alone", reason=why)
    return tr(
        "do not add up ({reason}): the effect of removing each one alone, for the {candidates:,} of {organisations:,} "
        "with the most matches",
        reason=why,
        candidates=CANDIDATES,
        organisations=organisations,
    )


def _nodes_by_matches(here: SourceMatches) -> tuple[IntArray, IntArray]:
    """Every node in any match, and in how many matches; those of most matches first."""
    pairs = [np.stack([codes, np.arange(len(here))], axis=1) for codes in here.nodes.values()]
    if not pairs or not len(here):
        return NO_CODES, NO_CODES
    codes, counts = np.unique(np.unique(np.concatenate(pairs), axis=0)[:, 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return codes[order], counts[order]


def links_frame(audit: AuditedScores, place: int, region: int, ids: Sequence[str] | None) -> pd.DataFrame:
    """A row per entity of each match of an indicator in a region: its role (the name in the metric), kind, id and name.

    `match` numbers the matches; `share` is what the match brings to the value, NaN where the metric has no shares;
    `entity` is the organisation that the match is counted for. With `ids`, only the matches in which one of those
    takes part.
    """
    matches = audit.matches(place, links=True)
    here = matches.only(np.flatnonzero(matches.regions == region))
    shares = here.shares(len(audit.scores.standing.regions))
    share = np.full(len(here), np.nan) if shares is None else shares[0]
    chosen = _chosen(audit, here, ids)
    here, share = here.only(chosen), share[chosen]
    code = audit.scores.index.leaves[place].code
    role = here.owner
    owner = _known(audit, here.nodes[role], here.kinds[role])["id"].to_numpy()
    frames = []
    for name, codes in (*here.nodes.items(), *here.links.items()):
        known = _known(audit, codes, here.kinds[name])
        columns = {"code": code, "entity": owner, "match": np.arange(1, len(here) + 1), "share": share, "role": name}
        frames.append(pd.DataFrame(columns | {part: known[part].to_numpy() for part in ("kind", "id", "name")}))
    frame = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    return frame.sort_values("match", kind="stable", ignore_index=True)


def _known(audit: AuditedScores, codes: IntArray, kinds: Sequence[str]) -> pd.DataFrame:
    return audit.graph.store.entities.known(codes, [kind for kind in kinds if kind not in ("Region", "WITHIN")])


def _chosen(audit: AuditedScores, here: SourceMatches, ids: Sequence[str] | None) -> IntArray:
    if ids is None:
        return np.arange(len(here))
    found = np.zeros(len(here), dtype=bool)
    for name, codes in here.nodes.items():
        found |= np.isin(codes, audit.graph.store.entities.find(ids, here.kinds[name]))
    return np.flatnonzero(found)


def rows_frame(audit: AuditedScores, links: pd.DataFrame, folder: Path | None) -> pd.DataFrame:
    """The links frame with `source`, `file` and `line` of every entity; blank where no file has its row.

    Where the dataset was imported, `exports` names the rows of the exports behind it, as `source file:line`.
    Raises DatasetError where the folder of the dataset is not there.
    """
    scores, store = audit.scores, audit.graph.store
    where = find_folder(folder_name(scores.dataset.name), scores.store, folder)
    origins = Origins.of(where, store.schema, scores.regions)
    origins.refuse_other(scores.dataset.hash)
    parts = []
    for kind in dict.fromkeys(links["kind"]):
        ids = sorted(set(links.loc[links["kind"] == kind, "id"]))
        if kind in store.schema.model.labels:
            found = origins.nodes(kind, ids)
        else:
            found = origins.links(kind, _ends(store, kind, ids))
        exports = origins.exports(kind, ids)
        parts.append(origins_frame(found, exports).assign(kind=kind))
    places = pd.concat(parts, ignore_index=True) if parts else origins_frame({}, {}).assign(kind="")
    rows = links.merge(places, on=["kind", "id"], how="left").astype({"line": "Int64"})
    return rows if rows["exports"].notna().any() else rows.drop(columns="exports")


def record_frame(audit: AuditedScores, place: int, region: int, folder: Path | None) -> pd.DataFrame | None:
    """The row of a table that gives an indicator its value, with source, file and line; None where no table does."""
    leaf, standing = audit.scores.index.leaves[place], audit.scores.standing
    value, name = standing.raw[region, place], standing.regions[region]
    (record,) = audit.sources[place].records([name], np.array([value]))
    if record is None:
        return None
    row = (leaf.code, name, 1, value, record.name, record.kind, record.id, "")
    frame = pd.DataFrame([row], columns=list(COLUMNS))
    if record.file is None:
        return rows_frame(audit, frame, folder)
    return frame.assign(source=record.file, file=record.file, line=pd.array([record.line], dtype="Int64"))


def _ends(store: GraphStore, kind: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The ids of both ends of some links."""
    pattern = f"MATCH (a)-[t:{name_text(kind)}]->(b) WHERE t.id IN $ids"
    query = parse(f"{pattern} RETURN t.id AS id, a.id AS source, b.id AS target")
    table = store.query(query, {"ids": list(ids)}).read_all()
    columns = (table[name].to_pylist() for name in ("id", "source", "target"))
    return {link: (source, target) for link, source, target in zip(*columns, strict=True)}
