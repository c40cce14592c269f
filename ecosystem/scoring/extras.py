"""What a table of scores has beside the scores where that is asked for: ranks of all parts, changes, other regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from ecosystem.errors import refuse_unknown
from ecosystem.headings import heading
from ecosystem.index import OTHERS, Text
from ecosystem.index.arrays import IntArray
from ecosystem.messages import BETWEEN, listed, spoken, tr
from ecosystem.scoring.earlier import part_ranks

if TYPE_CHECKING:
    from ecosystem.index import Index, Indicator, Level, Standing
    from ecosystem.scoring.earlier import EarlierScores

Ranks = Literal["all", "pillar", "indicator"]


@dataclass(frozen=True, slots=True)
class Extras:
    """What stands beside scores: ranks of `all` parts or of a kind, changes since `before`, the row of `others`.

    A table of rows per region has a column `<code>_rank` for each part that is ranked so; a table of rows per part has
    every rank in any case. `others` is the row of the regions that lie in no group, below the groups.
    """

    ranks: Ranks | None = None
    before: EarlierScores | None = None
    others: bool = False

    def parts(self, index: Index) -> list[Indicator]:
        """The parts below the whole index whose ranks are shown, from the top down."""
        levels = {
            None: [],
            "all": range(index.depth - 1, 0, -1),
            "pillar": [index.depth - 1],
            "indicator": [1],
        }[self.ranks]
        return [part for level in levels for part in index.at(level)]


OTHER_REGIONS = Text("其他地区", "other regions")
"""The name of the row of the ranked regions that lie in no group."""
NO_EXTRAS = Extras()


def extras(ranks: str | None = None, before: EarlierScores | None = None, *, others: bool = False) -> Extras:
    """Extras by their names; UsageError for ranks of anything but `all`, `pillar`, `indicator`."""
    known: dict[str, Ranks] = {each: each for each in get_args(Ranks)}
    if ranks is not None:
        refuse_unknown(ranks, known, tr("there are no ranks of {part!r}", part=ranks))
    return Extras(None if ranks is None else known[ranks], before, others)


def rank_column(part: Indicator) -> str:
    """What the column with the ranks of a part is called for programs."""
    return f"{part.code}_rank"


def rank_words(parts: Sequence[Indicator], lang: str) -> dict[str, str]:
    """From the columns with ranks of parts to their headings in a language, or in both."""
    langs = ("zh", "en") if lang == "both" else (lang,)
    return {
        rank_column(part): BETWEEN.join(f"{part.name.to(one)} {heading('rank', one)}" for one in langs)
        for part in parts
    }


def rank_columns_of(standing: Standing, beside: Extras) -> dict[str, pd.Series[int]]:
    """The columns with the ranks of the parts that are asked for; missing where there is no score."""
    index, parts = standing.index, beside.parts(standing.index)
    levels = {level: part_ranks(standing, level) for level in {part.level for part in parts}}
    return {
        rank_column(part): pd.Series(levels[part.level][:, index.at(part.level).index(part)]).astype("Int64")
        for part in parts
    }


def group_marks(standing: Standing, regions: Sequence[str]) -> list[str]:
    """What has to be known of groups before they are added up, and of the row of the regions that lie in none."""
    level = standing.index.level(standing.level)
    grouped = {member for group in level.groups for member in group.members}
    count = sum(region not in grouped for region in regions)
    marks = _overlaps(level) | {OTHERS: tr("no group: the {count} regions that lie in none", count=count)}
    low = [tr("low coverage") if flag else "" for flag in standing.low_coverage]
    return [listed([mark, marks.get(region, "")], "; ") for region, mark in zip(standing.regions, low, strict=True)]


def _overlaps(level: Level) -> dict[str, str]:
    """By group the others that it shares members with, and how many."""
    found = {}
    for group in level.groups:
        shared = {other: len({*group.members} & {*other.members}) for other in level.groups if other is not group}
        names = [
            tr("{group} ({count})", group=other.name.to(spoken()), count=count)
            for other, count in shared.items()
            if count
        ]
        found[group.id] = (
            tr("shares members with {groups}: never to be added up", groups=listed(names)) if names else ""
        )
    return found


def rank_series(ranks: IntArray) -> pd.Series[int]:
    """The ranks as a column; a region that is not ranked has none."""
    return pd.Series(ranks) if (ranks > 0).all() else pd.Series(ranks, dtype="Int64").where(ranks > 0)
