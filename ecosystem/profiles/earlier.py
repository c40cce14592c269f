"""What has changed since earlier scores: of a run that was written into a table, or of the same index on other data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.dataset.dataset import folder_name
from ecosystem.errors import InputError, UsageError
from ecosystem.headings import keys_of
from ecosystem.index import Index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.rank import rank
from ecosystem.messages import tr
from ecosystem.profiles.units import Units, group_units, region_units
from ecosystem.regions.hierarchy import GROUP
from ecosystem.scoring import Scores
from ecosystem.tables.reader import read_table
from ecosystem.tables.words import is_missing

CHANGES = ("value_old", "value_change", "score_old", "score_change", "rank_old", "rank_change")


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """Earlier values, scores and ranks of every part, by region or group and code; `name` says where they are from."""

    name: str
    rows: Mapping[tuple[str, str], tuple[float, float, int]]

    def beside(self, frame: pd.DataFrame, unit: str) -> pd.DataFrame:
        """The parts of a region or group with what they were and how they have changed; a positive rank is a climb."""
        nothing = (np.nan, np.nan, 0)
        old = [self.rows.get((unit, code), nothing) for code in frame["code"]]
        values, scores, ranks = (np.array(column, dtype=np.float64) for column in zip(*old, strict=True))
        ranks = np.where(ranks > 0, ranks, np.nan)
        now = frame["rank"].to_numpy(dtype=np.float64, na_value=np.nan)
        changed = frame.assign(
            value_old=values,
            value_change=frame["value"] - values,
            score_old=scores,
            score_change=frame["score"] - scores,
            rank_old=ranks,
            rank_change=ranks - now,
        )
        return changed.astype({"rank_old": "Int64", "rank_change": "Int64"})


def earlier_scores(scores: Scores, name: str = "") -> Earlier:
    """Those of scores of the same index, of regions and of groups."""
    rows: dict[tuple[str, str], tuple[float, float, int]] = {}
    for units in (region_units(scores), group_units(scores)):
        for level in range(1, scores.index.depth + 1) if len(units) else ():
            rows |= _of_level(scores.index, units, level)
    return Earlier(name or folder_name(scores.dataset.name), rows)


def _of_level(index: Index, units: Units, level: int) -> dict[tuple[str, str], tuple[float, float, int]]:
    points, ranks = units.points[level - 1], units.ranks[level - 1]
    return {
        (unit, part.code): (
            float(units.values[row, column]) if level == 1 else np.nan,
            float(points[row, column]),
            int(ranks[row, column]),
        )
        for column, part in enumerate(index.at(level))
        for row, unit in enumerate(units.ids)
    }


def earlier_table(path: Path, index: Index) -> Earlier:
    """Those of a table that `ecosystem score INDEX --long --out FILE` wrote; ranks are made from its scores.

    A table of a row per region, without `--long`, has the score of the index alone. InputError for a table that is
    neither; UsageError where it is of another index.
    """
    table = read_table(path)
    names = keys_of(table.names)
    frame = pd.DataFrame(dict(zip(names, table.as_texts(), strict=True)), dtype="object")
    if "score" not in frame.columns and "overall" in frame.columns:
        frame = frame.rename(columns={"overall": "score"})
    lacking = [name for name in ("region", "score") if name not in frame.columns]
    if lacking:
        hint = tr("give a table that `ecosystem score {id} --long --out FILE.csv` wrote, or a store", id=index.id)
        raise InputError(tr("{path} has no column {columns}", path=path, columns=", ".join(lacking)), hint=hint)
    if "code" not in frame.columns:
        frame = frame.assign(code=index.top.code)
    known = {part.code: part for part in index.indicators}
    frame = frame[frame["code"].isin(known)]
    if not len(frame):
        hint = tr("give scores of {id}", id=index.id)
        raise UsageError(tr("{path} has no part of index {id}", path=path, id=index.id), hint=hint)
    frame = frame.assign(**{name: _numbers(frame, name, path) for name in ("raw", "normalised", "score")})
    kinds = frame["kind"] if "kind" in frame.columns else pd.Series("region", index=frame.index)
    rows: dict[tuple[str, str], tuple[float, float, int]] = {}
    for (code, kind), part in frame.groupby([frame["code"], kinds], sort=False):
        by = part["normalised"] if known[str(code)].level == 1 and kind != GROUP else part["score"]
        points: FloatArray = by.fillna(part["score"]).to_numpy(dtype=np.float64)
        cells = zip(part["region"], part["raw"], part["score"], rank(points, index.ties).tolist(), strict=True)
        rows |= {(str(region), str(code)): (raw, score, place) for region, raw, score, place in cells}
    return Earlier(path.name, rows)


def _numbers(frame: pd.DataFrame, name: str, path: Path) -> pd.Series[float]:
    """A column as numbers, NaN where the table has no such column or no number there; InputError for other text."""
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    texts = [None if text is None or is_missing(text) else text for text in frame[name]]
    try:
        return pd.Series([np.nan if text is None else float(text) for text in texts], index=frame.index)
    except ValueError as err:
        raise InputError(
            tr("{path}: column {name!r} is not of numbers: {reason}", path=path, name=name, reason=err),
            hint=tr("give the table as `ecosystem score` wrote it"),
        ) from err
