"""How few new links or members would bring a region past another one: the smallest number that was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.additions import Addition, added, possible_additions
from ecosystem.audit.audit_words import in_words
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import region_name, region_place
from ecosystem.errors import InputError, UsageError
from ecosystem.index import evaluate
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.rules import NO_RESCALING
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.messages import tr, tr_later
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 2 ** np.arange(21)
"""So many of one kind are tried at a time; the last is the most that is ever added in one step."""
ROUNDS = 300
"""Steps of the greedy search."""
NEARLY = 0.99
"""A larger step is taken where each of it gains at least this share of what the best one gains."""

HOW = tr_later(
    "a greedy search by the exact gain in score per new link or member, with every score computed again at each "
    "step; what can be left out in the end is left out. It is the smallest number that was found, not proved to be "
    "the smallest. One more means one more of the same kind as there are, not how to get it; the values of all other "
    "regions stay as they are."
)


@dataclass(frozen=True, eq=False)
class Overtaking:
    """What would bring `region` past `target`.

    `moves` has a row per kind: `what`, `counts_in`, `number`; `alone` the same for every kind with the number that
    would do by itself, missing where no number does. `gap_before` and `gap` are the score of the region less that of
    the target; of the scores before the last step where these are percentiles.
    """

    scores: Scores
    region: str
    target: str
    moves: pd.DataFrame
    alone: pd.DataFrame
    number: int
    gap_before: float
    gap: float
    how: str = HOW

    def to_pandas(self) -> pd.DataFrame:
        """The moves."""
        return self.moves

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        region, target = (names_of(self.scores, each).to(one_language()) for each in (self.region, self.target))
        facts = {"number": self.number, "region": region, "target": target}
        return tr("{number:,} new links or members bring {region} past {target}", **facts)

    def __repr__(self) -> str:
        pairs = zip(self.moves["number"].tolist(), self.moves["what"].tolist(), strict=True)
        moves = tr("new: {names}", names=named(f"{number:,} {what}" for number, what in pairs))
        gaps = {"before": -self.gap_before, "after": self.gap}
        gap = tr("behind the target by {before:.4f} before, ahead of it by {after:.4f} after", **gaps)
        return few_lines(self._title, moves, gap, more="moves, alone, how, plot()")

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.scores, self.moves, one_language()))


def overtake(scores: Scores, region: str, target: str) -> Overtaking:
    """The fewest new links and members, by kind, that were found to bring a region past another.

    UsageError where the two are the same; InputError where the target is behind already, or where nothing that is added
    brings the region past it.
    """
    first, second = (region_place(scores, name) for name in (region, target))
    names = [region_name(scores, place, "zh") for place in (first, second)]
    if first == second:
        raise UsageError(tr("{region} cannot overtake itself", region=names[0]), hint=tr("name the region to overtake"))
    if scores.standing.overall_rank[first] < scores.standing.overall_rank[second]:
        raise InputError(
            tr("{other} is behind {region} already", other=names[1], region=names[0]), hint=tr("swap the two regions")
        )
    kinds = possible_additions(AuditedScores(scores), first)
    search = OvertakingSearch(scores, kinds, first, second)
    numbers = search.greedy() if kinds else None
    if numbers is None:
        best = search.best() if kinds else search.start
        named_so = {"region": names[0], "other": names[1], "count": len(kinds), "best": -best}
        message = tr("{region} does not pass {other} with any number of new links or members", **named_so)
        hint = tr(
            "it stays {best:.4g} behind: the rest depends on means, tables, or classes that nothing can be added to; "
            "ecosystem.audit.needed_values says which values would bring it past",
            **named_so,
        )
        if kinds:
            message = tr(
                "{region} does not pass {other} with any number of new links or members of {count} kinds", **named_so
            )
            hint = tr(
                "it stays {best:.4g} behind: the rest depends on means, tables, "
                "or classes that nothing can be added to",
                **named_so,
            )
        raise InputError(message, hint=hint)
    return Overtaking(
        scores,
        scores.standing.regions[first],
        scores.standing.regions[second],
        _frame(kinds, numbers),
        search.alone(),
        int(numbers.sum()),
        search.start,
        float(search.gaps(numbers[None])[0]),
    )


class OvertakingSearch:
    """The distance between two regions for any numbers of new links and members in the one behind."""

    def __init__(self, scores: Scores, kinds: list[Addition], region: int, target: int) -> None:
        self.scores, self.kinds, self.region, self.target = scores, kinds, region, target
        self.tolerance = scores.index.ties.tolerance
        overall, self.index = scores.standing.overall, scores.index
        last = scores.standing.last
        if last is not None and not RESCALINGS.find(scores.index.rescaling.method).straight:
            # ranks in per cent do not move until one region passes another; the scores behind them do
            overall, self.index = last.aggregates[-1][..., 0], replace(scores.index, rescaling=NO_RESCALING)
        self.start = float(overall[region] - overall[target])

    def gaps(self, numbers: IntArray) -> FloatArray:
        """The score of the region less that of the target (variants,), for numbers (variants, kinds)."""
        values = added(np.nan_to_num(self.scores.standing.raw), self.kinds, numbers, self.region)
        # what has no value keeps none, but where something is added
        blank = np.isnan(self.scores.standing.raw)[None] & (values == 0)
        values[blank] = np.nan
        scores = self.scores
        overall = evaluate(self.index, values, level=scores.level, auxiliary=scores.auxiliary).overall
        gaps: FloatArray = overall[:, self.region] - overall[:, self.target]
        return gaps

    def passes(self, numbers: IntArray) -> bool:
        """True when these numbers bring the region past the target."""
        return bool(self.gaps(numbers[None])[0] > self.tolerance)

    def greedy(self) -> IntArray | None:
        """Numbers (kinds,) that do; None where the search finds none. One kind alone is taken where it needs fewer."""
        found = [
            self._greedy_climb(),
            *(self._fewest(self._none_yet, kind) for kind in self._enough(self._none_yet)),
        ]
        ends = [end for end in found if end is not None]
        return min((self._without_spare(end) for end in ends), key=lambda end: int(end.sum()), default=None)

    def _greedy_climb(self) -> IntArray | None:
        """Always the kind with the most gain for each one, as many at a time as gain nearly that."""
        numbers, gap = self._none_yet, self.start
        for _ in range(ROUNDS):
            tried = self._steps(numbers)
            gains = (self.gaps(tried.reshape(-1, len(self.kinds))) - gap).reshape(len(self.kinds), len(STEPS))
            rates = gains / STEPS
            if rates.max() <= 0:
                return None
            kind, step = np.argwhere(rates >= rates.max() * NEARLY)[-1].tolist()
            if gap + gains[kind, step] > self.tolerance:
                return self._fewest(numbers, kind)
            numbers, gap = tried[kind, step], gap + gains[kind, step]
        return None

    @property
    def _none_yet(self) -> IntArray:
        return np.zeros(len(self.kinds), dtype=np.int64)

    def _enough(self, numbers: IntArray) -> list[int]:
        """The kinds of which some step brings the region past."""
        gaps = self.gaps(self._steps(numbers).reshape(-1, len(self.kinds))).reshape(len(self.kinds), len(STEPS))
        return [int(kind) for kind in np.flatnonzero((gaps > self.tolerance).any(axis=1))]

    def best(self) -> float:
        """The least distance that was found without passing."""
        ends = np.full((1, len(self.kinds)), STEPS[-1])
        return float(max(self.start, self.gaps(ends)[0], self.gaps(self._steps(self._none_yet)[:, -1]).max()))

    def alone(self) -> pd.DataFrame:
        """A row per kind: how many of it alone would do."""
        passing = self._enough(self._none_yet)
        fewest = {kind: int(self._fewest(self._none_yet, kind)[kind]) for kind in passing}
        numbers = [fewest.get(kind, pd.NA) for kind in range(len(self.kinds))]
        frame = _frame(self.kinds, None).assign(number=pd.array(numbers, dtype="Int64"))
        return frame.sort_values(["number", "what"], ignore_index=True)

    def _steps(self, numbers: IntArray) -> IntArray:
        """(kinds, steps, kinds): more of each kind, by each step."""
        more = np.eye(len(self.kinds), dtype=np.int64)[:, None, :] * STEPS[None, :, None]
        return np.asarray(numbers + more)

    def _fewest(self, numbers: IntArray, kind: int) -> IntArray:
        """The numbers with as few more of one kind as bring the region past, where the largest step does."""
        one = np.eye(len(self.kinds), dtype=np.int64)[kind]
        passing = self.gaps(numbers + one * STEPS[:, None]) > self.tolerance
        last = int(passing.argmax())
        low, high = (int(STEPS[last - 1]) if last else 0), int(STEPS[last])
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.passes(numbers + one * middle) else (middle, high)
        return np.asarray(numbers + one * high)

    def _without_spare(self, numbers: IntArray) -> IntArray:
        """The numbers without what can be spared, kind by kind."""
        for kind in np.argsort(numbers, kind="stable").tolist():
            low, high = -1, int(numbers[kind])
            while high - low > 1:
                middle = (low + high) // 2
                fewer = np.where(np.arange(len(numbers)) == kind, middle, numbers)
                low, high = (low, middle) if self.passes(fewer) else (middle, high)
            numbers = np.where(np.arange(len(numbers)) == kind, high, numbers)
        return numbers


def _frame(kinds: list[Addition], numbers: IntArray | None) -> pd.DataFrame:
    rows = [
        {
            "what": kind.what,
            "link": kind.is_link,
            "counts_in": ", ".join(kind.codes),
            "there": kind.known,
            "number": 0 if numbers is None else int(numbers[place]),
        }
        for place, kind in enumerate(kinds)
        if numbers is None or numbers[place]
    ]
    return pd.DataFrame(rows, columns=["what", "link", "counts_in", "there", "number"])
