"""What stands behind every indicator of every region: its first organisations, matches of theirs, and their lines.

The numbers are those of `ecosystem explain INDEX REGION --depth row`, which lists all of them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import why_no_organisations
from ecosystem.audit.lineages import Lineages, lineages
from ecosystem.dataset.dataset import folder_name
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.network.network_source import NetworkSource
from ecosystem.progress import silent
from ecosystem.report.json_values import Both, Json, clean, numbers, said, whole_numbers
from ecosystem.report.named_entities import Entities
from ecosystem.report.request import Request
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first

NAMED = 3
"""So many matches of an organisation are named."""
ORGANISATIONS, CELLS = 60_000, 240_000
"""The most organisations of all regions and indicators together, and the most entities of their matches."""
PACKED = 3_000_000
"""The most characters that all of it may take in the page, compressed and written as text."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Which regions (R,) have their organisations in the page, and which the matches of these."""

    organisations: BoolArray
    matches: BoolArray


def lineage(request: Request) -> Json:
    """The lineage of all regions, as much of it as a page carries: the regions asked for first, then by rank.

    By indicator and region, columns: the organisations of a region stand together from `start` on, the matches of an
    organisation from `first` on; entities are numbers of rows of the table `entities`.
    """
    found = _read(request)
    order = _order(request)
    share = 1.0
    while True:
        made = _made(request, found, _held(found, order, share), len(order))
        if share < 0.01 or packed_size(made) <= PACKED:
            return made
        share /= 2


def _read(request: Request) -> list[Lineages]:
    """The lineages by indicator. All matches of one are let go before the next, but those of a network are shared."""
    scores, progress = request.scores, request.progress or silent
    shared, chain = AuditedScores(scores), Chain.of(scores.standing)
    found = []
    for place, leaf in enumerate(scores.index.leaves):
        progress("lineage", place, len(scores.index.leaves))
        audit = shared if isinstance(scores.sources[leaf.code], NetworkSource) else AuditedScores(scores)
        found.append(lineages(audit, place, chain, top=request.top, named=NAMED))
    progress("lineage", len(found), len(found))
    return found


def _order(request: Request) -> IntArray:
    """The places of the regions: those asked for, then by rank."""
    standing = request.scores.standing
    asked = [standing.regions.index(region) for region in request.regions]
    return np.array(list(dict.fromkeys([*asked, *best_first(standing.overall_rank, standing.regions)])), np.int64)


def _held(found: Sequence[Lineages], order: IntArray, share: float) -> Held:
    """The first regions whose organisations and matches are together within the limits; one at the least has both."""
    regions = len(order)
    organisations, cells = np.zeros(regions), np.zeros(regions)
    for one in found:
        organisations += np.bincount(one.regions, minlength=regions)
        if one.named is not None:
            width = len(one.named.nodes) + len(one.named.links)
            cells += width * np.bincount(one.regions[one.owners], minlength=regions)
    held = []
    for sizes, limit in ((organisations, ORGANISATIONS), (cells, CELLS)):
        count = max(1, int((np.cumsum(sizes[order]) <= min(limit, sizes.sum()) * share).sum()))
        held.append(np.isin(np.arange(regions), order[:count]))
    return Held(held[0], held[0] & held[1])


def _made(request: Request, found: Sequence[Lineages], held: Held, regions: int) -> Json:
    scores = request.scores
    entities = Entities(AuditedScores(scores))
    notes: dict[str, int] = {}
    texts: list[Both] = []

    def note(said_so: Both) -> int:
        if said_so["en"] not in notes:
            notes[said_so["en"]] = len(texts)
            texts.append(said_so)
        return notes[said_so["en"]]

    indicators = [
        _columns(one, held, entities)
        | {"note": [None if why is None else note(why) for why in _notes(scores, one)]}
        | {"record": _record(scores, one.place, entities)}
        for one in found
    ]
    return {
        "top": request.top,
        "named": NAMED,
        "source": clean(folder_name(scores.dataset.name)),
        "organisations": held.organisations.tolist(),
        "matches": held.matches.tolist(),
        "notes": texts,
        "indicators": indicators,
        "entities": entities.payload(),
    }


def _columns(one: Lineages, held: Held, entities: Entities) -> Json:
    """What one indicator has in the page. An organisation that the page does not hold is among the others."""
    regions = len(one.others)
    kept = np.flatnonzero(held.organisations[one.regions])
    cut = np.flatnonzero(~held.organisations[one.regions])
    rows = np.flatnonzero(held.matches[one.regions[one.owners]])
    named = None if one.named is None else one.named.only(rows)
    owners = one.owners[rows]
    kinds = {} if named is None else named.kinds
    labels = dict.fromkeys(kind for name in (named.nodes if named else ()) for kind in kinds[name])
    roles = [] if named is None else [("node", *item) for item in named.nodes.items()]
    roles += [] if named is None else [("link", *item) for item in named.links.items()]

    def with_cut(others: IntArray | FloatArray, of: IntArray | FloatArray) -> FloatArray:
        return np.asarray(others + np.bincount(one.regions[cut], of[cut], minlength=regions), dtype=np.float64)

    return {
        "start": np.searchsorted(one.regions[kept], np.arange(regions + 1)).tolist(),
        "entity": entities.number("node", one.codes[kept], labels).tolist(),
        "matches": one.matches[kept].tolist(),
        "share": numbers(one.shares[kept]),
        "others": whole_numbers(with_cut(one.others, np.ones_like(one.codes)), np.nan),
        "other_matches": whole_numbers(with_cut(one.other_matches, one.matches), np.nan),
        "other_share": numbers(with_cut(one.other_shares, one.shares)),
        "slope": numbers([one.slope])[0],
        "base": numbers([one.base])[0],
        "unsummed": None if named is None or one.summed else said(lambda: named.without_shares),
        "first": np.searchsorted(owners, np.append(kept, len(one.regions))).tolist(),
        "roles": ["" if name.isdecimal() else clean(name) for _, name, _ in roles],
        "cells": [entities.number(what, codes, kinds[name]).tolist() for what, name, codes in roles],
        "named_share": numbers(one.named_shares[rows]),
    }


def _notes(scores: Scores, one: Lineages) -> list[Both | None]:
    """Of each region why no organisations are there, or why they have no points; None where neither is so."""
    audit, standing = AuditedScores(scores), scores.standing
    absent = np.isnan(standing.raw[:, one.place])
    imputed = standing.imputed[:, one.place]

    @cache
    def why(is_absent: bool, is_imputed: bool) -> Both:
        like = int(np.flatnonzero((absent == is_absent) & (imputed == is_imputed))[0])
        return said(partial(why_no_organisations, audit, one.place, like))

    bare = absent | np.full(len(absent), one.place not in audit.places)
    pairs = zip(bare.tolist(), absent.tolist(), imputed.tolist(), strict=True)
    return [why(is_absent, is_imputed) if is_bare else None for is_bare, is_absent, is_imputed in pairs]


def _record(scores: Scores, place: int, entities: Entities) -> list[int | None] | None:
    """The row of a table that gives each region its value; None where no table does."""
    source = scores.sources[scores.index.leaves[place].code]
    records = source.records(scores.standing.regions, scores.standing.raw[:, place])
    return entities.rows(records) if any(record is not None for record in records) else None


def packed_size(made: Json) -> int:
    """How many characters it takes in the page, compressed and written as text."""
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return len(gzip.compress(text.encode(), mtime=0)) * 4 // 3
