"""The scores without each indicator, pillar, label, source or year in turn: how far every rank hangs on one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ecosystem.audit.graph_variants import AuditedScores, Tell, mute
from ecosystem.audit.without_each import Without, without_labels, without_sources, without_years
from ecosystem.errors import InputError, refuse_unknown
from ecosystem.index import Text, evaluate
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.statistics.drop_one import changes_of, drop_one, moves_of
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language
from ecosystem.progress import Progress, silent
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of

What = Literal["indicator", "pillar", "label", "source", "year"]
"""What is left out, one at a time."""


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The scores of the ranked regions without each of `items`, which are codes with their names.

    `overall` (R, n) and `ranks` (R, n); NaN and 0 where a region has no score then, or where the index is undefined
    without the item, for which `undefined` gives the reason.
    """

    scores: Scores = field(repr=False)
    what: What
    items: Mapping[str, Text]
    overall: FloatArray = field(repr=False)
    ranks: IntArray = field(repr=False)
    undefined: Mapping[str, str]
    said: tuple[str, ...] = ()

    def regions(self) -> pd.DataFrame:
        """A row per ranked region, the best first: its rank, its best and its worst rank, and without what it has them.

        `moved`: without how many of the items it has another rank. A rank that it keeps needs nothing left out.
        """
        standing = self.scores.standing
        codes = np.array([*self.items, ""], dtype=object)
        there = np.where(self.ranks > 0, self.ranks, np.nan)
        old = standing.overall_rank[:, None].astype(float)
        whole = np.concatenate([there, np.where(old > 0, old, np.nan)], axis=1)
        # the last column is the rank with all: it stands where no item gives a better or a worse one
        best, worst = (_place(sign * whole) for sign in (1, -1))
        rows = np.arange(len(whole))
        frame = pd.DataFrame(
            {
                "rank": pd.Series(standing.overall_rank, dtype="Int64").replace(0, pd.NA),
                "region": standing.regions,
                "region_zh": [names_of(self.scores, region).zh for region in standing.regions],
                "region_en": [names_of(self.scores, region).en for region in standing.regions],
                "rank_best": pd.Series(whole[rows, best]).astype("Int64"),
                "best_without": codes[best],
                "rank_worst": pd.Series(whole[rows, worst]).astype("Int64"),
                "worst_without": codes[worst],
                "moved": ((there != old) & ~np.isnan(there)).sum(axis=1),
            }
        )
        return frame.iloc[best_first(standing.overall_rank, standing.regions)].reset_index(drop=True)

    def effects(self) -> pd.DataFrame:
        """A row per item, that which moves ranks most first: mean and greatest move, regions that move, Spearman's rho.

        `undefined` says why the index has no scores without it.
        """
        frame = moves_of(self.scores.standing, tuple(self.items), self.overall, self.ranks)
        frame = frame.rename(columns={"code": "left_out"})
        frame.insert(1, "left_out_zh", [name.zh for name in self.items.values()])
        frame.insert(2, "left_out_en", [name.en for name in self.items.values()])
        frame["undefined"] = [self.undefined.get(item, "") for item in self.items]
        return frame.sort_values("mean_move", ascending=False, kind="stable", ignore_index=True)

    def long(self) -> pd.DataFrame:
        """A row per item and region: score and rank with and without it, and the change; a climb is positive."""
        return changes_of(self.scores.standing, tuple(self.items), self.overall, self.ranks).rename(
            columns={"code": "left_out"}
        )

    def notes(self) -> list[str]:
        """What has to be said beside the numbers: what moves most, without what there are no scores, what stays."""
        effects = self.effects()
        found = []
        if len(effects) and effects["mean_move"].notna().any():
            first = effects.iloc[0]
            facts = {"item": first[f"left_out_{one_language()}"], "places": float(first["mean_move"])}
            found.append(
                tr("{item} has the greatest effect: without it a rank moves by {places:.2f} on average", **facts)
            )
        found += [tr("undefined without {item}: {why}", item=item, why=why) for item, why in self.undefined.items()]
        return [*found, *self.said]

    def to_pandas(self) -> pd.DataFrame:
        """The table of the regions."""
        return self.regions()

    @property
    def title(self) -> str:
        """What the result is."""
        facts = {"index": self.scores.index.id, "count": len(self.items), "names": named(self.items, 6)}
        return tr("{index}: without each of {count}: {names}", **facts)

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes(), more="regions(), effects(), long()")

    def _repr_html_(self) -> str:
        other = "zh" if one_language() == "en" else "en"
        return html_table(self.title, self.regions().drop(columns=f"region_{other}"))


def leave_out(scores: Scores, what: What, *, progress: Progress = silent, tell: Tell = mute) -> LeftOut:
    """The scores without each indicator, pillar, label of nodes, source of data or year of the evidence in turn.

    Indicators and pillars by `drop_one`. Without a label all its nodes and their links are gone, as in a knock-out; an
    indicator on which the dataset then says nothing is missing, and the index does with it what it does. A source is
    what the column `source` of nodes or links says; a dataset without one has a source per type of links and per table
    of values. A year takes the matches that are dated by it: those without a year stay.

    UsageError for another word, InputError where there are fewer than two of them.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> effects = ecosystem.leave_out(scores, "pillar").effects()
    >>> print(effects[["left_out_en", "mean_move", "greatest_move"]].head(2).round(2).to_string(index=False))
           left_out_en  mean_move  greatest_move
      Academic ecology       1.94              6
    Company capability       1.03              4
    """
    refuse_unknown(what, get_args(What), tr("{what!r} cannot be left out", what=what))
    if what in ("indicator", "pillar"):
        return _without_parts(scores, what)
    audit = AuditedScores(scores)
    makers: dict[str, Callable[[AuditedScores, Progress, Tell], Without]]
    makers = {"label": without_labels, "source": without_sources, "year": without_years}
    found = makers[what](audit, progress, tell)
    if len(found.items) < 2:
        raise InputError(
            tr(
                "the evidence has {count} of what is to be left out: {names}",
                count=len(found.items),
                names=named(found.items),
            ),
            hint=tr("--leave-out indicator needs no graph"),
        )
    overall, ranks, undefined = _scored(scores, found.values, tuple(found.items))
    return LeftOut(scores, what, found.items, overall, ranks, undefined, found.said)


def _without_parts(scores: Scores, what: What) -> LeftOut:
    level = 1 if what == "indicator" else scores.index.depth - 1
    found = drop_one(scores.standing, auxiliary=scores.auxiliary, level=level)
    items = {part.code: part.name for part in found.parts}
    return LeftOut(scores, what, items, found.overall, found.ranks, {})


def _scored(scores: Scores, values: FloatArray, items: Sequence[str]) -> tuple[FloatArray, IntArray, dict[str, str]]:
    """Scores and ranks (R, n) of the values (n, R, K), and why those that are undefined are."""
    overall = np.full((values.shape[1], len(items)), np.nan)
    ranks = np.zeros(overall.shape, np.int64)
    undefined: dict[str, str] = {}
    for place, item in enumerate(items):
        try:
            found = evaluate(scores.index, values[place], level=scores.level, auxiliary=scores.auxiliary)
        except InputError as err:
            undefined[item] = err.message
            continue
        overall[:, place], ranks[:, place] = found.overall, found.overall_rank
    return overall, ranks, undefined


def _place(ranks: FloatArray) -> IntArray:
    """The column (R,) of the least rank of each row; the last one where it is as good, or where there is none."""
    least = np.nan_to_num(ranks, nan=np.inf)
    last = ranks.shape[1] - 1
    places: IntArray = np.where(least[:, last] <= least.min(axis=1), last, least.argmin(axis=1))
    return places
