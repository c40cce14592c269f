"""What a part of an index was: values, scores and ranks of earlier scores, of a file or of the same index elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.dataset.dataset import folder_name
from ecosystem.headings import keys_of
from ecosystem.index import Index
from ecosystem.index.steps.rank import rank
from ecosystem.profiles.units import Units, group_units, region_units
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import EarlierScores
from ecosystem.scoring.earlier_files import read_earlier
from ecosystem.tables.reader import SUFFIXES, read_table
from ecosystem.tables.words import is_missing

Rows = Mapping[tuple[str, str], tuple[float, float, float]]
"""Value, score and rank by region or group and code, NaN for what is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """Earlier values, scores and ranks of every part; `name` says where they are from."""

    name: str
    rows: Rows

    def beside(self, frame: pd.DataFrame, unit: str) -> pd.DataFrame:
        """The parts of a region or group with what they were and how they have changed; a positive rank is a climb."""
        nothing = (np.nan, np.nan, np.nan)
        old = [self.rows.get((unit, code), nothing) for code in frame["code"]]
        values, scores, ranks = (np.array(column, dtype=np.float64) for column in zip(*old, strict=True))
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


def earlier_of_scores(scores: Scores, name: str = "") -> Earlier:
    """Those of scores of the same index, of regions and of groups."""
    rows: dict[tuple[str, str], tuple[float, float, float]] = {}
    for units in (region_units(scores), group_units(scores)):
        for level in range(1, scores.index.depth + 1) if len(units) else ():
            rows |= _of_level(scores.index, units, level)
    return Earlier(name or folder_name(scores.dataset.name), rows)


def _of_level(index: Index, units: Units, level: int) -> Rows:
    points = units.points[level - 1]
    ranks = np.where(units.ranks[level - 1] > 0, units.ranks[level - 1], np.nan)
    return {
        (unit, part.code): (
            float(units.values[row, column]) if level == 1 else np.nan,
            float(points[row, column]),
            float(ranks[row, column]),
        )
        for column, part in enumerate(index.at(level))
        for row, unit in enumerate(units.ids)
    }


def earlier_of_known(known: EarlierScores, scores: Scores, values: Mapping[tuple[str, str], float]) -> Earlier:
    """Those that a file or a run tells; ranks that it does not tell are made from its scores.

    In an indicator groups have no earlier rank: a file ranks them by points, and a profile by values.
    """
    level = scores.index.level(scores.level)
    groups = {group.id for group in level.groups}
    leaves = {leaf.code for leaf in scores.index.leaves}
    rows: dict[tuple[str, str], tuple[float, float, float]] = {}
    of_groups = known.frame["region"].isin(groups)
    for (code, is_group), part in known.frame.groupby(["code", of_groups], sort=False):
        told = part["rank"].to_numpy(dtype=np.float64)
        if np.isnan(told).all():
            made = rank(part["score"].to_numpy(dtype=np.float64), scores.index.ties)
            told = np.where(made > 0, made, np.nan)
        if is_group and code in leaves:
            told = np.full(len(part), np.nan)
        for region, score, place in zip(part["region"], part["score"], told.tolist(), strict=True):
            key = (str(region), str(code))
            rows[key] = (values.get(key, np.nan), float(score), place)
    return Earlier(Path(known.name).name, rows)


def earlier_of_table(path: str | Path, scores: Scores) -> Earlier:
    """Those of a table of scores, in any form that `read_earlier` reads; errors as that.

    Values are known where it is the long form that `ecosystem score --long --out` wrote.
    """
    known = read_earlier(path, scores.index, scores.level, scores.regions)
    return earlier_of_known(known, scores, _values(Path(path)))


def _values(path: Path) -> dict[tuple[str, str], float]:
    """The values of a long table by region and code; nothing where the table is another."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return {}
    table = read_table(path)
    columns = dict(zip(keys_of(table.names), table.as_texts(), strict=True))
    if not {"region", "code", "raw"} <= columns.keys() or "year" in columns:
        return {}
    rows = zip(columns["region"], columns["code"], columns["raw"], strict=True)
    found = {}
    for region, code, cell in rows:
        if region and code and cell and not is_missing(cell):
            try:
                found[region, code] = float(cell)
            except ValueError:  # a column of that name that is somebody else's
                return {}
    return found
