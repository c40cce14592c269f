"""What an indicator is made of in every region at once: its first organisations, and some of the matches of each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import NOTHING
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import SourceMatches
from ecosystem.removals import NO_CODES


@dataclass(frozen=True, eq=False)
class Lineages:
    """The organisations (N,) behind one indicator, region by region, those with the largest part first.

    `regions`, `codes`, `matches` and `shares` are as a `Lineage` of each region has them, the first of each region;
    `others` (R,) counts the rest, and `other_matches` and `other_shares` (R,) are what they bring together. The points
    of an organisation are `slope` times its share and `base` those that none brings, both NaN where the parts do not
    add up to the score. Where there are no shares (`summed` is False) an organisation has every match in which it
    takes part, and those with the most matches come first.

    `named` are some matches (M,) of these organisations with their links, the largest shares first; `owners` (M,) says
    whose they are, a place among the N, and `named_shares` what they bring.
    """

    place: int
    regions: IntArray
    codes: IntArray
    matches: IntArray
    shares: FloatArray
    others: IntArray
    other_matches: IntArray
    other_shares: FloatArray
    summed: bool
    slope: float
    base: float
    named: SourceMatches | None = field(repr=False)
    owners: IntArray = field(repr=False)
    named_shares: FloatArray = field(repr=False)

    @property
    def points(self) -> FloatArray:
        """The points of each organisation (N,)."""
        return np.asarray(self.slope * self.shares)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Pairs of a match and an organisation behind it: row of the match, region, code, share; NaN without shares."""

    row: IntArray
    region: IntArray
    code: IntArray
    share: FloatArray
    constant: float = np.nan

    @property
    def summed(self) -> bool:
        return not np.isnan(self.constant)


_NO_PARTS = _Parts(NO_CODES, NO_CODES, NO_CODES, NOTHING)


def lineages(audit: AuditedScores, place: int, chain: Chain | None, *, top: int, named: int) -> Lineages:
    """The first `top` organisations of every region in one indicator, with at most `named` matches of each.

    A region without a value has none, as in `lineage`, and an indicator without matches has none anywhere.
    """
    regions = len(audit.scores.standing.regions)
    parts = _parts(audit, place)
    slope, base = _line(parts, place, chain)
    group, first = _grouped(parts)
    region, code = parts.region[first], parts.code[first]
    counts = np.bincount(group, minlength=len(first))
    shares = np.asarray(np.bincount(group, parts.share, minlength=len(first)), dtype=np.float64)
    order = np.lexsort((code, -np.abs(shares) if parts.summed else -counts, region))
    kept = order[_within(region[order]) < top]
    rest = np.setdiff1d(order, kept)
    owners, rows = _first_matches(parts, group, kept, named)
    return Lineages(
        place,
        region[kept],
        code[kept],
        counts[kept],
        shares[kept],
        np.bincount(region[rest], minlength=regions),
        np.bincount(region[rest], counts[rest], minlength=regions).astype(np.int64),
        np.asarray(np.bincount(region[rest], shares[rest], minlength=regions), dtype=np.float64),
        parts.summed,
        slope,
        base,
        audit.matches(place, links=True).only(parts.row[rows]) if len(rows) else None,
        owners,
        parts.share[rows],
    )


def _parts(audit: AuditedScores, place: int) -> _Parts:
    if place not in audit.places:
        return _NO_PARTS
    matches = audit.matches(place, links=True)
    valued = ~np.isnan(audit.scores.standing.raw[:, place])
    rows = np.flatnonzero(valued[matches.regions])
    here = matches.only(rows)
    found = here.shares(len(valued))
    if found is not None:
        shares, constant = found
        return _Parts(rows, here.regions, here.nodes[here.owner], shares, constant)
    pairs = [np.stack([np.arange(len(rows)), codes], axis=1) for codes in here.nodes.values()]
    row, code = np.unique(np.concatenate(pairs), axis=0).T if pairs else (NO_CODES, NO_CODES)
    return _Parts(rows[row], here.regions[row], code, np.full(len(row), np.nan))


def _line(parts: _Parts, place: int, chain: Chain | None) -> tuple[float, float]:
    if chain is None or not parts.summed:
        return np.nan, np.nan
    slopes, offsets = chain.shown_line
    return float(slopes[place]), float(offsets[place] + slopes[place] * parts.constant)


def _grouped(parts: _Parts) -> tuple[IntArray, IntArray]:
    """Of each part the number of its region and organisation, and of each of those the first part."""
    known, code = np.unique(parts.code, return_inverse=True)
    _, first, group = np.unique(parts.region * len(known) + code, return_index=True, return_inverse=True)
    return group, first


def _first_matches(parts: _Parts, group: IntArray, kept: IntArray, named: int) -> tuple[IntArray, IntArray]:
    """The places among the organisations `kept`, and the first parts of each, those with the largest shares."""
    place = np.full(group.max(initial=-1) + 1, -1)
    place[kept] = np.arange(len(kept))
    rows = np.flatnonzero(place[group] >= 0)
    order = rows[np.lexsort((rows, -np.abs(np.nan_to_num(parts.share[rows])), place[group[rows]]))]
    first = order[_within(place[group[order]]) < named]
    return place[group[first]], first


def _within(ordered: IntArray) -> IntArray:
    """Of each row how many rows before it are of the same number; the numbers are in order."""
    starts = np.searchsorted(ordered, ordered)
    return np.arange(len(ordered)) - starts
