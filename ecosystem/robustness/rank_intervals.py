"""How sure the ranks of scores are when rules and weights vary: intervals, pairs, every draw and its replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray, IntArray, median_of_present
from ecosystem.index.override import with_weights
from ecosystem.index.spec import Index
from ecosystem.index.steps.rank import UNRANKED
from ecosystem.messages import listed, tr, tr_count
from ecosystem.notebook import few_lines, html_table, one_language, picture
from ecosystem.robustness.choice_text import describe_choice
from ecosystem.robustness.choices import Alternatives, Choice, Vary, applied, choices_of
from ecosystem.robustness.draw import Drawn, check_memory, draw, setting_of
from ecosystem.robustness.pairs import pairs_of
from ecosystem.robustness.points import sobol_points
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of
from ecosystem.scoring.result_columns import part_columns
from ecosystem.scoring.score import rescored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USUAL_VARY = ("weights:0.25",)
"""What varies where nothing is said: every weight by 25 % to either side."""
USUAL_DRAWS = 1000
USUAL_TOP = (1, 3, 10)
OUTSIDE = 0.05
"""The share of draws that lies beyond either end of an interval: 5 to 95 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """The ranks of all regions in every draw: `regions()`, `pairs()`, `draws()`, `replay(number)`.

    `scores` are those without any variation, `choices` what varies, `drawn` the scores and ranks of the draws.
    """

    scores: Scores = field(repr=False)
    choices: tuple[Choice, ...]
    seed: int
    drawn: Drawn = field(repr=False)

    def regions(self, top: Sequence[int] = USUAL_TOP) -> pd.DataFrame:
        """A row per ranked region, the best first: its rank, and its ranks over the draws.

        `rank_low` to `rank_high` holds the ranks but for the best and the worst 5 % of the draws; `rank_median`,
        `rank_mean`; `top_3`: the share of draws in which it is among the first 3; the same interval of the score.
        `draws`: in how many it is ranked. A draw that is undefined does not count, nor one that does not rank it.
        """
        standing, sound = self.scores.standing, self.drawn.defined
        ranks, scores = _ordered(self.drawn.ranks[sound]), _ordered(self.drawn.scores[sound])
        count = (~np.isnan(ranks)).sum(axis=0)
        names = [names_of(self.scores, region) for region in standing.regions]
        low, high = _ends(ranks, count)
        score_low, score_high = _ends(scores, count)
        columns = {
            "rank": standing.overall_rank,
            "region": standing.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "rank_low": low,
            "rank_median": median_of_present(ranks, axis=0),
            "rank_high": high,
            "rank_mean": np.nansum(ranks, axis=0) / np.where(count, count, 1),
            **{f"top_{k}": (ranks <= k).sum(axis=0) / np.where(count, count, 1) for k in top},
            "score": standing.overall,
            "score_low": score_low,
            "score_high": score_high,
            "draws": count,
        }
        order = best_first(standing.overall_rank, standing.regions)
        frame = pd.DataFrame(columns).iloc[order].reset_index(drop=True)
        return _without_ranks(frame)

    def pairs(self) -> pd.DataFrame:
        """A row per pair of ranked regions: how often the first is above, and whether the two never change places."""
        return pairs_of(self.scores, self.drawn.ranks[self.drawn.defined])

    def draws(self) -> pd.DataFrame:
        """A row per draw: its number, the alternative of each choice, the weights, why it is undefined if it is."""
        drawn = self.drawn
        columns: dict[str, object] = {"draw": np.arange(len(drawn.scores))}
        for at, choice in enumerate(self.choices):
            if isinstance(choice, Alternatives):
                columns[choice.name] = [choice.words[place] for place in drawn.options[:, at]]
        if drawn.shares is not None:
            columns |= dict(zip(part_columns(self.scores.index.leaves), drawn.shares.T, strict=True))
        columns["undefined"] = [drawn.undefined.get(at, "") for at in range(len(drawn.scores))]
        return pd.DataFrame(columns)

    def index_of(self, number: int) -> Index:
        """The index with the rules and the weights of one draw. UsageError for a number that no draw has."""
        if not 0 <= number < len(self.drawn.scores):
            message = tr("there is no draw {number}", number=number)
            raise UsageError(message, hint=tr("draws are 0 to {last}", last=len(self.drawn.scores) - 1))
        setting = setting_of(self.choices, self.drawn.options[number].tolist())
        spec = applied(self.scores.index, setting)
        if self.drawn.shares is None or all(isinstance(choice, Alternatives) for choice in self.choices):
            return spec
        codes = [leaf.code for leaf in spec.leaves]
        shares = dict(zip(codes, self.drawn.shares[number].tolist(), strict=True))
        return with_weights(spec, shares, tr("draw {number}", number=number))

    def replay(self, number: int) -> Scores:
        """The scores of one draw, digit for digit: its rules and weights through `score`, on the same values.

        InputError where the draw is undefined, as `score` says it.
        """
        return rescored(self.scores, self.index_of(number))

    def notes(self) -> list[str]:
        """What has to be said beside the numbers: what varied, how many draws are undefined, and why."""
        count = len(self.drawn.scores)
        varied = listed(map(describe_choice, self.choices), "; ")
        said = [
            tr("{count:,} draws, seed {seed}; varied: {varied}", count=count, seed=self.seed, varied=varied),
        ]
        if self.drawn.undefined:
            reasons = listed(dict.fromkeys(self.drawn.undefined.values()), "; ")
            lost = len(self.drawn.undefined)
            said.append(
                tr_count(
                    "{count} of {all} draws is undefined and does not count: {why}",
                    "{count} of {all} draws are undefined and do not count: {why}",
                    lost,
                    all=count,
                    why=reasons,
                )
            )
        return said

    def plot(self) -> Figure:
        """The picture: the interval of every region's ranks, the best first."""
        return picture(self)

    def to_pandas(self) -> pd.DataFrame:
        """The table of the regions."""
        return self.regions()

    @property
    def title(self) -> str:
        """What the result is."""
        facts = {"index": self.scores.index.id, "count": len(self.scores.standing.regions)}
        return tr("{index}: how sure the ranks of {count} regions are", **facts)

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes(), more="regions(), pairs(), draws(), replay(number), plot()")

    def _repr_html_(self) -> str:
        other = "zh" if one_language() == "en" else "en"
        return html_table(self.title, self.regions().drop(columns=f"region_{other}"))


def robustness(scores: Scores, vary: Vary = USUAL_VARY, draws: int = USUAL_DRAWS, seed: int = 1) -> Robustness:
    """The ranks of all regions under draws of rules and weights, spread evenly by a Sobol' sequence.

    `vary` are terms: `weights:0.25` (each weight times 1 + u, u uniform in +-0.25, renormalised), `weights:0.25@2` (of
    level 2 alone), `weights:dirichlet` (uniform on the simplex), `weights:dirichlet:50` (around the index's own, the
    nearer the greater the number), `weights:equal,printed,FILE`, `normalise:minmax,zscore`, `aggregate:amean,gmean`,
    `treat:on,off`, `impute:none,median`, `rescale:...`, with the methods that `score` knows; `own` is the index's rule.
    A rule by list is one of the list in each draw, each as likely. Saisana, Saltelli and Tarantola (2005).

    UsageError for what cannot vary, for fewer than one draw, or for more than there is memory for; InputError where
    every draw is undefined.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.robustness(scores, vary=["weights:0.25", "normalise:minmax,zscore"], draws=200)
    >>> print(found.regions()[["region", "rank", "rank_low", "rank_high"]].head(3).to_string(index=False))
    region  rank  rank_low  rank_high
    110000     1         1          1
    440000     2         2          2
    310000     3         3          3
    """
    check_seed(seed)
    choices = choices_of(vary, scores.index)
    dimensions = sum(choice.dimensions for choice in choices)
    check_memory(draws, len(scores.standing.regions), dimensions + len(scores.index.leaves))
    points = sobol_points(dimensions, draws, seed)
    return Robustness(scores, choices, seed, drawn_of(scores, choices, points))


def check_seed(seed: object) -> None:
    """Raise UsageError for a seed that is no whole number of at least 0."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UsageError(tr("{seed!r} is no seed", seed=seed), hint=tr("a seed is a whole number of at least 0"))


def drawn_of(scores: Scores, choices: Sequence[Choice], points: FloatArray) -> Drawn:
    """The draws that points stand for; InputError where every one of them is undefined."""
    level, auxiliary = scores.level, scores.auxiliary
    drawn = draw(scores.index, scores.standing.raw, choices, points, level=level, auxiliary=auxiliary)
    if not drawn.defined.any():
        why = listed(dict.fromkeys(drawn.undefined.values()), "; ")
        message = tr("every draw is undefined: {why}", why=why)
        raise InputError(message, hint=tr("a geometric mean needs a scale above 0: add normalise:minmax to --vary"))
    return drawn


def _ordered(values: FloatArray | IntArray) -> FloatArray:
    """Each column in order, what is no rank or no score (0, NaN) as NaN at its end."""
    return np.sort(np.where(values == UNRANKED, np.nan, values) if values.dtype.kind == "i" else values, axis=0)


def _ends(ordered: FloatArray, count: IntArray) -> tuple[FloatArray, FloatArray]:
    """The ends of the interval of each ordered column: at most 5 % of its values lie beyond either."""
    beyond = np.floor(count * OUTSIDE).astype(np.int64)
    columns = np.arange(ordered.shape[1])
    return ordered[beyond, columns], ordered[np.maximum(count - 1 - beyond, 0), columns]


def _without_ranks(frame: pd.DataFrame) -> pd.DataFrame:
    """A region that has no rank, here or in any draw, has none in words of numbers either."""
    never = frame["draws"] == 0
    shares = [name for name in frame.columns if name.startswith("top_")]
    whole = {name: frame[name].astype("Int64") for name in ("rank_low", "rank_high")}
    rest = {name: frame[name].mask(never) for name in ("rank_median", "rank_mean", *shares)}
    ranks = frame["rank"].astype("Int64").mask(frame["rank"] == UNRANKED)
    return frame.assign(rank=ranks, **whole, **rest)
