"""A score of a region walked back: pillars, indicators, and the part that each organisation has in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.chain import Chain
from ecosystem.audit.matches import Matches, Trail
from ecosystem.audit.removals import NOBODY, Removals
from ecosystem.audit.shares import row_shares, subject
from ecosystem.audit.variants import Tell, mute, variants
from ecosystem.errors import RegionError
from ecosystem.index import Indicator
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.scoring import Scores
from ecosystem.scoring.tables import names_of

NOTHING: FloatArray = np.array([], dtype=np.float64)
ADDS_UP = "parts add up"
CANDIDATES = 2000
"""Of an indicator without shares, so many of the organisations with most matches are taken out one by one."""

PART_COLUMNS = {
    "code": "str",
    "kind": "str",
    "id": "str",
    "name": "str",
    "matches": "int64",
    "share": "float64",
    "points": "float64",
    "effect": "float64",
    "effect_points": "float64",
    "effect_score": "float64",
}


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
        nothing = np.full(len(codes), np.nan)
        rule = _without_shares(matches)
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


def _without_shares(matches: Matches) -> str:
    kind = matches.metric.provenance
    why = "a ratio or product of aggregates" if kind == "monotone" else f"a {kind} metric"
    return f"do not add up: {why}; effects of leaving, one at a time"


def _anyone(here: Matches) -> tuple[IntArray, IntArray]:
    """Every node in any match, and in how many matches; those of most matches first."""
    pairs = [np.stack([codes, np.arange(len(here))], axis=1) for codes in here.nodes.values()]
    if not pairs or not len(here):
        return NOBODY, NOBODY
    codes, counts = np.unique(np.unique(np.concatenate(pairs), axis=0)[:, 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:CANDIDATES]
    return codes[order], counts[order]


@dataclass(frozen=True, eq=False)
class Effects:
    """What leaves one region with each of some organisations: (organisations, K) and (organisations,)."""

    codes: IntArray
    values: FloatArray
    points: FloatArray
    score: FloatArray

    @classmethod
    def of(cls, trail: Trail, codes: IntArray, region: int, tell: Tell = mute) -> Effects:
        """The changes of a region's values, points and score, everything computed anew."""
        base = trail.scores.standing
        distinct = np.unique(codes)
        shape = (0, len(trail.scores.index.leaves))
        parts: list[tuple[FloatArray, FloatArray, FloatArray]] = [(np.zeros(shape), np.zeros(shape), np.zeros(0))]
        for batch in variants(trail, Removals.each(distinct), tell=tell).standings():
            changes = (batch.raw - base.raw)[:, region], (batch.weighted - base.weighted)[:, region]
            parts.append((*changes, (batch.overall - base.overall)[:, region]))
        return cls(distinct, *(np.concatenate(column) for column in zip(*parts, strict=True)))

    def at(self, codes: IntArray) -> IntArray:
        """The rows of some of the organisations."""
        return np.searchsorted(self.codes, codes)


def parts_frame(trail: Trail, lines: Sequence[Lineage], region: int, top: int, tell: Tell = mute) -> pd.DataFrame:
    """A row per indicator and organisation, those with the largest part first, `top` of each indicator.

    What the others bring together is one row of kind `others`; what nobody brings one of kind `minimum` (or `maximum`).
    """
    shown = [line.codes[_largest(trail, line, region, top, tell)] for line in lines]
    effects = Effects.of(trail, np.concatenate([*shown, NOBODY]), region, tell)
    frames = [frame for line, codes in zip(lines, shown, strict=True) for frame in _frames(trail, line, codes, effects)]
    return pd.concat(frames, ignore_index=True) if frames else _empty()


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in PART_COLUMNS.items()})


def _largest(trail: Trail, line: Lineage, region: int, top: int, tell: Tell) -> IntArray:
    """The places of the organisations with the largest parts, in order; without shares, with the largest effects."""
    if np.isnan(line.shares).any():
        effects = Effects.of(trail, line.codes, region, tell)
        rows = effects.at(line.codes)
        size = np.abs(effects.points[rows, line.place]), np.abs(np.nan_to_num(effects.values[rows, line.place]))
        return np.lexsort((line.codes, -size[1], -size[0]))[:top]
    return np.lexsort((line.codes, -np.abs(line.shares)))[:top]


def _frames(trail: Trail, line: Lineage, codes: IntArray, effects: Effects) -> Iterator[pd.DataFrame]:
    index = trail.scores.index
    leaf = index.leaves[line.place]
    if len(codes):
        kinds = trail.matches(line.place).kinds
        labels = dict.fromkeys(kind for name in trail.matches(line.place).nodes for kind in kinds[name])
        known = trail.codes.known(codes, list(labels))
        order = pd.Index(line.codes).get_indexer(pd.Index(codes))
        rows = effects.at(codes)
        yield pd.DataFrame(
            {
                "code": leaf.code,
                "kind": known["kind"].to_numpy(),
                "id": known["id"].to_numpy(),
                "name": known["name"].to_numpy(),
                "matches": line.matches[order],
                "share": line.shares[order],
                "points": line.points[order],
                "effect": effects.values[rows, line.place],
                "effect_points": effects.points[rows, line.place],
                "effect_score": effects.score[rows],
            }
        )
    rest = np.setdiff1d(np.arange(len(line.codes)), pd.Index(line.codes).get_indexer(pd.Index(codes)))
    if len(rest):
        counts = {
            "matches": int(line.matches[rest].sum()),
            "share": line.shares[rest].sum(),
            "points": line.points[rest].sum(),
        }
        yield _line(leaf.code, "others", f"{len(rest):,}", counts)
    if leaf.source is not None and leaf.source.kind != "metric" and not np.isnan(line.base):
        yield _line(leaf.code, "table", str(leaf.source), {"matches": 0, "share": np.nan, "points": line.base})
    if line.adds_up and (line.base or len(line.codes)):
        kind = "minimum" if leaf.direction > 0 else "maximum"
        yield _line(leaf.code, kind, "", {"matches": 0, "share": np.nan, "points": line.base})


def _line(code: str, kind: str, name: str, numbers: dict[str, float]) -> pd.DataFrame:
    blank = dict.fromkeys(("effect", "effect_points", "effect_score"), np.nan)
    return pd.DataFrame([{"code": code, "kind": kind, "id": "", "name": name, **numbers, **blank}])


def steps_frame(scores: Scores, lines: Sequence[Lineage], region: int) -> pd.DataFrame:
    """A row per part of the index, from the top down to the indicators of these lines: value, points, weight, rule."""
    index, standing = scores.index, scores.standing
    rules = {line.place: line.rule for line in lines}
    wanted = _above(scores, [index.leaves[place].code for place in rules])
    rows = []
    for part in _in_depth(scores):
        if part.code not in wanted:
            continue
        place = index.at(part.level).index(part)
        leaf = part.level == 1
        rows.append(
            {
                "level": part.level,
                "code": part.code,
                "parent": part.parent or "",
                "name_zh": part.name.zh,
                "name_en": part.name.en,
                "weight": part.weight,
                "raw": standing.raw[region, place] if leaf else np.nan,
                "normalised": standing.normalised[region, place] if leaf else np.nan,
                "points": standing.at(part.level)[region, place],
                "rule": rules.get(place, "") if leaf else "",
            }
        )
    return pd.DataFrame(rows)


def _above(scores: Scores, codes: Sequence[str]) -> set[str]:
    parents = {part.code: part.parent for part in scores.index.indicators}
    found = set(codes)
    for code in codes:
        above = parents[code]
        while above is not None:
            found.add(above)
            above = parents[above]
    return found


def _in_depth(scores: Scores) -> list[Indicator]:
    """Every part of the index, each before its own parts."""
    index = scores.index
    found: list[Indicator] = []

    def visit(part: Indicator) -> None:
        found.append(part)
        for child in index.indicators:
            if child.parent == part.code:
                visit(child)

    visit(index.top)
    return found


def region_name(scores: Scores, region: int, lang: str) -> str:
    """The name of a ranked region in a language."""
    name = names_of(scores, scores.standing.regions[region])
    return name.zh if lang == "zh" else name.en
