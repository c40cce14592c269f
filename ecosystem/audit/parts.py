"""The organisations behind a region's indicators as a table: their parts, and what would go if each of them left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.graph_variants import AuditedScores, Tell, mute, variants
from ecosystem.audit.lineage import Lineage
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.removals import NO_CODES, Removals

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
class Effects:
    """What leaves one region with each of some organisations: (organisations, K) and (organisations,)."""

    codes: IntArray
    values: FloatArray
    points: FloatArray
    score: FloatArray

    @classmethod
    def of(cls, audit: AuditedScores, codes: IntArray, region: int, tell: Tell = mute) -> Effects:
        """The changes of a region's values, points and score, everything computed anew."""
        base = audit.scores.standing
        distinct = np.unique(codes)
        shape = (0, len(audit.scores.index.leaves))
        parts: list[tuple[FloatArray, FloatArray, FloatArray]] = [(np.zeros(shape), np.zeros(shape), np.zeros(0))]
        for batch in variants(audit, Removals.each(distinct), tell=tell).standings():
            changes = (batch.raw - base.raw)[:, region], (batch.weighted - base.weighted)[:, region]
            parts.append((*changes, (batch.overall - base.overall)[:, region]))
        return cls(distinct, *(np.concatenate(column) for column in zip(*parts, strict=True)))

    def beside(self, more: Effects) -> Effects:
        """These and those of other organisations."""
        codes = np.concatenate([self.codes, more.codes])
        order = np.argsort(codes)
        parts = ((self.values, more.values), (self.points, more.points), (self.score, more.score))
        return Effects(codes[order], *(np.concatenate(pair)[order] for pair in parts))

    def at(self, codes: IntArray) -> IntArray:
        """The rows of some of the organisations."""
        return np.searchsorted(self.codes, codes)


def parts_frame(
    audit: AuditedScores, lines: Sequence[Lineage], region: int, top: int, tell: Tell = mute
) -> pd.DataFrame:
    """A row per indicator and organisation, those with the largest part first, `top` of each indicator.

    What the others bring together is one row of kind `others`; what nobody brings one of kind `minimum` (or `maximum`).
    """
    without = np.concatenate([NO_CODES, *(line.codes for line in lines if np.isnan(line.shares).any())])
    anew = Effects.of(audit, without, region, tell)
    shown = [line.codes[_largest(line, anew, top)] for line in lines]
    others = np.setdiff1d(np.concatenate([NO_CODES, *shown]), anew.codes)
    effects = anew.beside(Effects.of(audit, others, region, tell))
    frames = [frame for line, codes in zip(lines, shown, strict=True) for frame in _frames(audit, line, codes, effects)]
    return pd.concat(frames, ignore_index=True) if frames else _empty()


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in PART_COLUMNS.items()})


def _largest(line: Lineage, effects: Effects, top: int) -> IntArray:
    """The places of the organisations with the largest parts, in order; without shares, with the largest effects."""
    if np.isnan(line.shares).any():
        rows = effects.at(line.codes)
        size = np.abs(effects.points[rows, line.place]), np.abs(np.nan_to_num(effects.values[rows, line.place]))
        return np.lexsort((line.codes, -size[1], -size[0]))[:top]
    return np.lexsort((line.codes, -np.abs(line.shares)))[:top]


def _frames(audit: AuditedScores, line: Lineage, codes: IntArray, effects: Effects) -> Iterator[pd.DataFrame]:
    index = audit.scores.index
    leaf = index.leaves[line.place]
    if len(codes):
        kinds = audit.matches(line.place).kinds
        labels = dict.fromkeys(kind for name in audit.matches(line.place).nodes for kind in kinds[name])
        known = audit.graph.store.entities.known(codes, list(labels))
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
    source = audit.sources[line.place]
    if source.origin is not None and not np.isnan(line.base):
        yield _line(leaf.code, source.origin, source.name, {"matches": 0, "share": np.nan, "points": line.base})
    if line.adds_up and (line.base or len(line.codes)):
        kind = "minimum" if leaf.direction > 0 else "maximum"
        yield _line(leaf.code, kind, "", {"matches": 0, "share": np.nan, "points": line.base})


def _line(code: str, kind: str, name: str, numbers: dict[str, float]) -> pd.DataFrame:
    blank = dict.fromkeys(("effect", "effect_points", "effect_score"), np.nan)
    return pd.DataFrame([{"code": code, "kind": kind, "id": "", "name": name, **numbers, **blank}])
