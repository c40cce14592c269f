"""What other samples of the same entities would have given: scores, ranks, and how sure each rank is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray, median_of_present
from ecosystem.messages import tr, tr_count
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.robustness.pairs import pairs_of
from ecosystem.robustness.rank_intervals import OUTSIDE, USUAL_TOP
from ecosystem.robustness.rank_sets import RankSets, marginal_sets, simultaneous_sets
from ecosystem.robustness.strata import Over, Sample
from ecosystem.scoring import Scores
from ecosystem.scoring.extras import rank_series
from ecosystem.scoring.result import best_first, names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Resampling:
    """Scores and ranks that other samples of as many entities would have given.

    `overall` (D, R) are the scores of D draws, NaN where a draw leaves one undefined, `ranks` (D, R) their ranks, 0
    without a score; `defined` (D,) are the draws that the methods of the index could score. `held` says of each
    indicator that no draw changes why that is. All of it is of the sample: it says something of more entities only
    where those that the dataset has are a random sample of them.
    """

    scores: Scores = field(repr=False)
    over: Over
    coverage: float
    seed: int
    sample: Sample = field(repr=False)
    census: tuple[str, ...]
    held: Mapping[str, str]
    overall: FloatArray = field(repr=False)
    ranks: IntArray = field(repr=False)
    defined: BoolArray = field(repr=False)

    def regions(self, top: Sequence[int] = USUAL_TOP) -> pd.DataFrame:
        """A row per ranked region, the best first: its score and rank of the sample, and what the draws say of them.

        `entities` of the sample lie in it. `rank_low` to `rank_high` holds the ranks but for the best and the worst 5 %
        of the draws, `score_low` to `score_high` the scores; `rank_median`; `top_3`: the share of draws in which it is
        among the first 3. `marginal_low` to `marginal_high` hold the true rank of this region with probability
        `coverage`, `simultaneous_low` to `simultaneous_high` those of all regions at once (see `rank_sets`). `mark`
        says where nothing can be drawn. A draw that is undefined does not count.
        """
        standing, ranks = self.scores.standing, self.ranks[self.defined]
        unranked = standing.overall_rank == 0
        low, middle, high = _interval(np.where(ranks > 0, ranks, np.nan))
        least, _, most = _interval(self.overall[self.defined])
        shares = {f"top_{k}": ((ranks > 0) & (ranks <= k)).mean(axis=0) for k in top}
        frame = pd.DataFrame(
            {
                "rank": rank_series(standing.overall_rank),
                "region": standing.regions,
                "region_zh": self._names("zh"),
                "region_en": self._names("en"),
                "entities": self.sample.sizes(len(unranked)),
                "rank_low": pd.Series(low).astype("Int64"),
                "rank_median": middle,
                "rank_high": pd.Series(high).astype("Int64"),
                **self._sets,
                **{name: np.where(unranked, np.nan, share) for name, share in shares.items()},
                "score": standing.overall,
                "score_low": least,
                "score_high": most,
                "mark": self._marks(),
            }
        )
        return frame.iloc[best_first(standing.overall_rank, standing.regions)].reset_index(drop=True)

    @cached_property
    def _sets(self) -> dict[str, pd.Series[int]]:
        """The columns of the sets of ranks, which take longest."""
        drawn, overall = self.overall[self.defined], self.scores.standing.overall
        found: dict[str, RankSets] = {
            "marginal": marginal_sets(overall, drawn, self.coverage),
            "simultaneous": simultaneous_sets(overall, drawn, self.coverage),
        }
        ends = {name: {"low": sets.low, "high": sets.high} for name, sets in found.items()}
        return {f"{name}_{end}": rank_series(ranks) for name, both in ends.items() for end, ranks in both.items()}

    def _marks(self) -> list[str]:
        sizes = self.sample.sizes(len(self.scores.standing.regions))
        fixed = set(self.sample.fixed(len(sizes)).tolist())
        words = (tr("no entity of the sample: nothing to draw"), tr("one entity of a label: no spread"))
        return [words[min(int(size), 1)] if place in fixed else "" for place, size in enumerate(sizes)]

    def _names(self, lang: str) -> list[str]:
        return [names_of(self.scores, region).to(lang) for region in self.scores.standing.regions]

    def pairs(self) -> pd.DataFrame:
        """A row per pair of ranked regions, with the share of draws in which the first is above; see `pairs_of`."""
        return pairs_of(self.scores, self.ranks[self.defined])

    def strata(self) -> pd.DataFrame:
        """A row per label and region: how many entities of the sample are drawn there; no region for the others."""
        regions = np.array([*self.scores.standing.regions, ""], dtype=object)
        frame = pd.DataFrame({"label": self.sample.labels, "region": regions[self.sample.places]})
        return frame.value_counts(sort=False).rename("entities").reset_index()

    def draws(self) -> pd.DataFrame:
        """A row per draw and region: its score and rank in that sample; none where the draw leaves it undefined."""
        count, regions = self.overall.shape
        return pd.DataFrame(
            {
                "draw": np.repeat(np.arange(count), regions),
                "region": np.tile(np.array(self.scores.standing.regions, dtype=object), count),
                "rank": rank_series(self.ranks.ravel()),
                "score": self.overall.ravel(),
            }
        )

    def notes(self) -> list[str]:
        """What has to be said beside the numbers: who was drawn inside what, and what was not."""
        return list(self._notes())

    def _notes(self) -> Iterator[str]:
        labels, counts = np.unique(self.sample.labels.astype(str), return_counts=True)
        drawn = ", ".join(f"{label} {count:,}" for label, count in zip(labels, counts, strict=True))
        facts = {"count": len(self.overall), "seed": self.seed, "drawn": drawn}
        if self.over == "region":
            yield tr("of the sample: {count:,} draws, seed {seed}, as many of each region as it has: {drawn}", **facts)
        else:
            yield tr("of the sample: {count:,} draws, seed {seed}, from all regions together: {drawn}", **facts)
        if self.census:
            yield tr("a census and no sample, held as it is: {labels}", labels=", ".join(self.census))
        else:
            yield tr("a label whose every entity is in the dataset is a census and no sample: name it with --census")
        for reason in dict.fromkeys(self.held.values()):
            codes = [code for code, why in self.held.items() if why == reason]
            yield tr("not drawn, held as it is: {codes} ({reason})", codes=named(codes, 8), reason=reason)
        marked = [name for name, mark in zip(self._names(one_language()), self._marks(), strict=True) if mark]
        if marked:
            yield tr("no spread, since nothing there can be drawn: {regions}", regions=named(marked, 8))
        if lost := int((~self.defined).sum()):
            yield tr_count(
                "{count} of {all} draws leaves a method undefined and does not count",
                "{count} of {all} draws leave a method undefined and do not count",
                lost,
                all=len(self.overall),
            )

    def to_pandas(self) -> pd.DataFrame:
        """The table of the regions."""
        return self.regions()

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def title(self) -> str:
        """What the result is."""
        facts = {"index": self.scores.index.id, "count": len(self.scores.standing.regions)}
        return tr("{index}: how sure the ranks of {count} regions are, of the sample", **facts)

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes(), more="regions(), pairs(), strata(), draws(), plot()")

    def _repr_html_(self) -> str:
        other = "zh" if one_language() == "en" else "en"
        return html_table(self.title, self.regions().drop(columns=f"region_{other}"))


def _interval(drawn: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The low end, the median and the high end of the values (D, R) of each region; NaN where it has none.

    At most 5 % of the draws lie beyond either end.
    """
    ordered = np.sort(drawn, axis=0)  # NaN stands last
    count = (~np.isnan(drawn)).sum(axis=0)
    beyond = np.floor(count * OUTSIDE).astype(np.int64)
    low, high = (np.take_along_axis(ordered, np.maximum(at, 0)[None], 0)[0] for at in (beyond, count - 1 - beyond))
    return low, median_of_present(drawn, 0), high
