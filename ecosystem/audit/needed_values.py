"""What values would bring a region past another one: of each indicator alone, and of all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import in_words
from ecosystem.audit.graph_variants import DENSE
from ecosystem.audit.lineage import region_name, region_place
from ecosystem.errors import InputError, UsageError
from ecosystem.index import evaluate
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr, tr_later
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HALVINGS = 45
"""Steps of the search: the value that is needed is found to 1 / 2^45 of the way to the best one."""

HOW = tr_later(
    "each value alone is improved, up to the best value of any region, and all scores are computed again; "
    "the values of the other regions stay as they are. This says what the numbers would have to be, "
    "not how to get there."
)


@dataclass(frozen=True, eq=False)
class NeededValues:
    """What values would bring `region` past `target`.

    `table` has a row per indicator: `raw` as it is, `needed` if it alone changed (NaN where not even the best value of
    a region does), `change`, `best`, `way` (the share of the way from `raw` to `best`) and `reached_by`, the number of
    other regions that have as good a value. `together` is the share of the way that all indicators have to go at once,
    None where all of it is not enough. `gap_before` is the score of the region less that of the target.
    """

    scores: Scores
    region: str
    target: str
    table: pd.DataFrame
    together: float | None
    gap_before: float
    how: str = HOW

    def to_pandas(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        region, target = (names_of(self.scores, each).to(one_language()) for each in (self.region, self.target))
        facts = {"region": region, "target": target, "index": self.scores.index.id}
        return tr("values that would bring {region} past {target} in {index}", **facts)

    def __repr__(self) -> str:
        enough = self.table[self.table["way"].notna()]
        names = named(enough[f"name_{one_language()}"])
        alone = tr("one of these alone is enough: {names}", names=names) if names else tr("none alone is enough")
        together = (
            ""
            if self.together is None
            else tr("all together: {way:.1%} of the way to the best values", way=self.together)
        )
        return few_lines(
            self._title,
            alone,
            together,
            tr("behind the target by {gap:.4f}", gap=-self.gap_before),
            more="table, how, plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.scores, self.table, one_language()))


def needed_values(scores: Scores, region: str, target: str) -> NeededValues:
    """The value of each indicator that would bring a region past another, the least of the way to the best first.

    A blank is taken to begin at the worst value of the regions. UsageError where the two are the same; InputError where
    one has no score, where the target is behind already, or where no values that any region has bring the region past.
    """
    first, second = (region_place(scores, name) for name in (region, target))
    names = [region_name(scores, place, "zh") for place in (first, second)]
    if first == second:
        raise UsageError(tr("{region} cannot overtake itself", region=names[0]), hint=tr("name the region to overtake"))
    ranks = scores.standing.overall_rank
    for place, name in zip((first, second), names, strict=True):
        if not ranks[place]:
            raise InputError(
                tr("{name} has no score", name=name),
                hint=tr("ecosystem explain {id} {name} shows what is missing", id=scores.index.id, name=name),
            )
    if ranks[first] < ranks[second]:
        raise InputError(
            tr("{other} is behind {region} already", other=names[1], region=names[0]), hint=tr("swap the two regions")
        )
    search = ValueSearch(scores, first, second)
    ways, together = search.alone(), search.together()
    if together is None and np.isnan(ways).all():
        message = tr(
            "{region} does not pass {other} with any values that a region has", region=names[0], other=names[1]
        )
        raise InputError(message, hint=tr("even with the best value of every indicator it stays behind or equal"))
    regions = scores.standing.regions
    start = float(scores.standing.overall[first] - scores.standing.overall[second])
    return NeededValues(scores, regions[first], regions[second], search.table(ways), together, start)


class ValueSearch:
    """The distance between two regions for any values of the one behind."""

    def __init__(self, scores: Scores, region: int, target: int) -> None:
        self.scores, self.region, self.target = scores, region, target
        raw = scores.standing.raw
        better = np.array([float(leaf.direction) for leaf in scores.index.leaves])
        self.better = better
        self.best: FloatArray = better * np.fmax.reduce(raw * better, axis=0)
        worst = better * np.fmin.reduce(raw * better, axis=0)
        self.own: FloatArray = raw[region]
        self.begin: FloatArray = np.where(np.isnan(self.own), worst, self.own)

    def alone(self) -> FloatArray:
        """The least share (K,) of the way to the best value that does by itself; NaN where all of it does not."""
        count = len(self.best)
        return self._least(np.eye(count, dtype=np.bool_))

    def together(self) -> float | None:
        """The least share of the way of all indicators that have a value; None where all of it does not."""
        way = float(self._least(~np.isnan(self.own)[None])[0])
        return None if np.isnan(way) else way

    def table(self, ways: FloatArray) -> pd.DataFrame:
        """A row per indicator; those that have least of the way to go first."""
        leaves, raw = self.scores.index.leaves, self.scores.standing.raw
        needed = self.begin + ways * (self.best - self.begin)
        others = np.delete(raw, self.region, axis=0) * self.better
        there = np.where(np.isnan(ways), 0, (others >= needed * self.better).sum(axis=0))
        frame = pd.DataFrame(
            {
                "code": [leaf.code for leaf in leaves],
                "name_zh": [leaf.name.zh for leaf in leaves],
                "name_en": [leaf.name.en for leaf in leaves],
                "raw": self.own,
                "needed": needed,
                "change": needed - self.own,
                "best": self.best,
                "way": ways,
                "reached_by": there,
            }
        )
        return frame.sort_values("way", kind="stable", ignore_index=True)

    def _least(self, moved: BoolArray) -> FloatArray:
        """For each set of indicators (sets, K) the least way by which they bring the region past; NaN where none."""
        low, high = np.zeros(len(moved)), np.ones(len(moved))
        reached = self._passes(moved, high)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            enough = self._passes(moved, middle)
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(reached, high, np.nan)

    def _passes(self, moved: BoolArray, ways: FloatArray) -> BoolArray:
        """Whether the region passes in each of the sets, all scores computed anew; few at a time, to spare memory."""
        scores, raw = self.scores, self.scores.standing.raw
        size = max(1, DENSE // max(raw.size, 1))
        passing = []
        for at in range(0, len(moved), size):
            some, way = moved[at : at + size], ways[at : at + size, None]
            values = np.repeat(raw[None], len(some), axis=0)
            values[:, self.region] = np.where(some, self.begin + way * (self.best - self.begin), self.own)
            overall = evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary).overall
            passing.append(overall[:, self.region] - overall[:, self.target] > scores.index.ties.tolerance)
        return np.concatenate(passing)
