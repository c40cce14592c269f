"""What one indicator of a region is made of: the part that each organisation has in it, and whether parts add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.audit.chain import Chain
from ecosystem.audit.matches import Matches, Trail
from ecosystem.audit.removals import NOBODY
from ecosystem.audit.shares import row_shares, subject
from ecosystem.errors import RegionError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.scoring import Scores
from ecosystem.scoring.tables import names_of

NOTHING: FloatArray = np.array([], dtype=np.float64)
ADDS_UP = "parts add up"
CANDIDATES = 2000
"""Of an indicator without shares, so many of the organisations with most matches are taken out one by one."""


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
