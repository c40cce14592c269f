"""Earlier scores: what a run, a file of scores or a printed table said of regions, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.rank import rank
from ecosystem.messages import listed, tr

if TYPE_CHECKING:
    from ecosystem.index import Index, Standing

KEYS = ("region", "code")
CHANGES = ("rank_old", "rank_change", "score_old", "score_change")
"""The columns of a table that say what has changed; those of scores only where the earlier table has scores."""


@dataclass(frozen=True, slots=True, eq=False)
class EarlierScores:
    """Scores and ranks of regions and groups in the parts of an index, from wherever they are known.

    `frame` has a row per region and code: region (its id), code, score, rank; NaN where one is not known. `name` says
    where they are from. `unknown` are the regions of a file that the index does not rank at that level, as the file
    writes them; `notes` is what a reader of the file has to know of how it was read; `made_up`: the data
    behind them are synthetic, as far as they are known.
    """

    name: str
    frame: pd.DataFrame = field(repr=False)
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    made_up: bool = False

    @property
    def scored(self) -> bool:
        """Whether there is any score; a printed table may have ranks alone."""
        return bool(self.frame["score"].notna().any())

    @property
    def codes(self) -> tuple[str, ...]:
        """The parts of the index that are told of."""
        return tuple(dict.fromkeys(self.frame["code"]))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions and groups that are told of."""
        return tuple(dict.fromkeys(self.frame["region"]))

    def beside(self, regions: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
        """Score and rank of each pair of region and code, NaN where it is not known; a row per pair, in their order."""
        known = self.frame.set_index(list(KEYS))[["score", "rank"]]
        pairs = pd.MultiIndex.from_arrays([list(regions), list(codes)], names=KEYS)
        return known.reindex(pairs).reset_index(drop=True)

    def sentences(self, regions: Sequence[str]) -> Iterator[str]:
        """What does not match between these and the ranked regions of today, and how a file was read."""
        yield from self.notes
        if self.unknown:
            names = _first(self.unknown)
            yield tr("only in {file}, and not ranked here: {regions}", file=self.name, regions=names)
        absent = [region for region in regions if region not in set(self.regions)]
        if absent:
            yield tr("not in {file}, so without a change: {regions}", file=self.name, regions=_first(absent))


def _first(names: Sequence[str]) -> str:
    shown = 10
    more = tr("{count} more", count=len(names) - shown)
    return listed([*names[:shown], *([more] if len(names) > shown else [])])


def part_ranks(standing: Standing, level: int) -> FloatArray:
    """The ranks `(..., regions, n)` of every part at a level of the hierarchy, by the rule of ties of the index.

    NaN for what is not ranked: a region without a score, the row of other regions. In an indicator without any value no
    region is ranked.
    """
    values = np.array(standing.at(level), dtype=np.float64)
    if not (standing.overall_rank > 0).any():
        return np.full_like(values, np.nan)
    ranks = rank(np.swapaxes(values, -1, -2), standing.index.ties)
    found: FloatArray = np.where(np.swapaxes(ranks, -1, -2) > 0, np.swapaxes(ranks, -1, -2), np.nan)
    return found


def part_coverage(standing: Standing, level: int) -> FloatArray:
    """The coverage `(regions, n)` of the parts at a level: of the index and its pillars, NaN below."""
    depth = standing.index.depth
    known = {depth: standing.coverage[:, None], depth - 1: standing.pillar_coverage}
    return known.get(level, np.full(standing.at(level).shape, np.nan))


def earlier_of_standings(name: str, standings: Sequence[Standing]) -> EarlierScores:
    """Earlier scores out of standings of one window: those of the regions, then of their groups."""
    frames = []
    for standing in standings:
        index = standing.index
        for level in range(index.depth, 0, -1):
            values, ranks = standing.at(level), part_ranks(standing, level)
            for place, part in enumerate(index.at(level)):
                columns = {"region": standing.regions, "code": part.code}
                frames.append(pd.DataFrame({**columns, "score": values[:, place], "rank": ranks[:, place]}))
    return EarlierScores(name, pd.concat(frames, ignore_index=True))


def with_changes(frame: pd.DataFrame, before: EarlierScores, code: str | None = None) -> pd.DataFrame:
    """A table of scores with what has changed: old rank, change of rank (positive: a climb), old score, its change.

    `frame` has the columns region, score, rank, and `code` unless all its rows are about the one that is given. What
    the earlier scores do not tell is blank; the columns of scores are left out where they tell of ranks alone.
    """
    codes = [code] * len(frame) if code is not None else frame["code"].tolist()
    then = before.beside(frame["region"].tolist(), [str(each) for each in codes])
    now = frame[["score", "rank"]].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    old = then.to_numpy(dtype=np.float64)
    found = frame.assign(
        rank_old=pd.array(old[:, 1]).astype("Int64"), rank_change=pd.array(old[:, 1] - now[:, 1]).astype("Int64")
    )
    return found.assign(score_old=old[:, 0], score_change=now[:, 0] - old[:, 0]) if before.scored else found


def top_code(index: Index, word: str) -> str:
    """The code that a word means: `overall` is the whole index, anything else the code or a name of a part."""
    return index.top.code if word.casefold() in ("overall", "total") else index.code_of(word)
