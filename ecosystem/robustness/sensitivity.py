"""Which choice moves the ranks: Sobol' indices of the shift of ranks, or of one region's score or rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import listed, tr
from ecosystem.notebook import few_lines, html_table, one_language
from ecosystem.robustness.choices import Choice, Vary, choices_of
from ecosystem.robustness.draw import check_memory, draw
from ecosystem.robustness.rank_intervals import USUAL_DRAWS, check_seed, describe
from ecosystem.robustness.sobol_indices import SobolIndices, power_of_two, sample_size, sobol_indices, word_on
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

Of = Literal["shift", "score", "rank"]
USUAL_SENSITIVITY = ("weights:0.25", "normalise:minmax,zscore")
"""What varies where nothing is said: at least two choices."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """How much of the variance of an output each choice explains: `choices()` and `pairs()`.

    `of` says which output: the `shift`, which is the mean over the regions of how many places their rank differs from
    that without variation, or the `score` or the `rank` of `region`.
    """

    scores: Scores = field(repr=False)
    varied: tuple[Choice, ...]
    seed: int
    of: Of
    region: str | None
    indices: SobolIndices = field(repr=False)
    mean: float
    sd: float
    reasons: tuple[str, ...] = ()

    def choices(self) -> pd.DataFrame:
        """A row per choice: `first`, what it explains by itself; `total`, with all its interactions.

        `first_low` to `first_high` and `total_low` to `total_high` are 95 % intervals; `convergence` is a word on the
        wider of the two; `mark` names what no true index can be: a first-order index above its total, or below 0.
        """
        found = self.indices
        return pd.DataFrame(
            {
                "choice": found.names,
                "first": found.first,
                "first_low": found.first - found.first_half,
                "first_high": found.first + found.first_half,
                "total": found.total,
                "total_low": found.total - found.total_half,
                "total_high": found.total + found.total_half,
                "convergence": [tr(word) for word in found.words],
                "mark": _marks(found),
            }
        )

    def pairs(self) -> pd.DataFrame:
        """A row per pair of choices: `second`, what the two explain together beyond each by itself, with its interval.

        `mark`: where the interval holds 0, so that the interaction cannot be told from none.
        """
        found = self.indices
        one, two = np.triu_indices(len(found.names), k=1)
        second, half = found.second[one, two], found.second_half[one, two]
        unclear = np.abs(second) <= half
        return pd.DataFrame(
            {
                "choice": [found.names[at] for at in one],
                "other": [found.names[at] for at in two],
                "second": second,
                "second_low": second - half,
                "second_high": second + half,
                "convergence": [tr(word_on(2 * width)) for width in half.tolist()],
                "mark": [tr("not told from 0") if flag else "" for flag in unclear],
            }
        )

    def notes(self) -> list[str]:
        """What has to be said beside the numbers: of what, from how many draws, whether they have converged."""
        found = self.indices
        facts = {"output": self.output, "mean": self.mean, "sd": self.sd}
        said = [
            tr("{output}: mean {mean:.3g}, standard deviation {sd:.3g}", **facts),
            tr(
                "{count:,} draws, base sample {base}, seed {seed}; varied: {varied}",
                count=found.evaluations,
                base=found.base + found.lost,
                seed=self.seed,
                varied=listed(map(describe, self.varied), "; "),
            ),
        ]
        if np.isnan(found.total).all():
            said.append(tr("nothing that varies moves it: there is no variance to divide"))
        elif "not converged" in found.words:
            said.append(tr("some estimates have not converged: their intervals are wider than 0.2; give more --draws"))
        if found.above_total.any():
            said.append(tr("a first-order index above its total is the noise of the sample, and marked"))
        if found.lost:
            reasons = listed(self.reasons, "; ")
            said.append(
                tr("{lost} points of the base sample are undefined and left out: {why}", lost=found.lost, why=reasons)
            )
        return said

    @property
    def output(self) -> str:
        """What the indices are of, in words."""
        if self.region is None:
            return tr("mean shift of ranks")
        name = names_of(self.scores, self.region).to(one_language())
        return tr("score of {region}", region=name) if self.of == "score" else tr("rank of {region}", region=name)

    @property
    def title(self) -> str:
        """What the result is."""
        return tr("{index}: what moves the {output}", index=self.scores.index.id, output=self.output)

    def to_pandas(self) -> pd.DataFrame:
        """The table of the choices."""
        return self.choices()

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes(), more="choices(), pairs()")

    def _repr_html_(self) -> str:
        return html_table(self.title, self.choices())


def sensitivity(
    scores: Scores,
    vary: Vary = USUAL_SENSITIVITY,
    draws: int = USUAL_DRAWS,
    seed: int = 1,
    *,
    of: str | None = None,
) -> Sensitivity:
    """Which choice moves the ranks: first-order, total and second-order Sobol' indices with 95 % intervals.

    `vary` as `robustness`; every term is one input, all the weights of a term together. `of` is a region for its score,
    `REGION:rank` for its rank; without it the mean over all regions of |rank - rank without variation|. The base sample
    is `draws` rounded up to a power of two, and the index is scored 2 (choices) + 2 times as often (Saltelli 2002).

    UsageError as `robustness`, for fewer than two choices, or for a region that is not ranked; InputError where more
    than a tenth of the sample is undefined.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.sensitivity(scores, ["weights:0.25", "normalise:minmax,prank"], draws=64)
    >>> found.choices()["choice"].tolist()
    ['weights', 'normalise']
    """
    check_seed(seed)
    choices = choices_of(vary, scores.index)
    kind, region = _output(scores, of)
    dimensions = sum(choice.dimensions for choice in choices)
    check_memory(draws, 1, 1)
    base = power_of_two(draws)
    every = sample_size(base, len(choices))
    check_memory(every, len(scores.standing.regions), 2 * dimensions + len(scores.index.leaves))
    reasons: dict[str, None] = {}
    outputs: list[FloatArray] = []

    def function(points: FloatArray) -> FloatArray:
        level, auxiliary = scores.level, scores.auxiliary
        drawn = draw(scores.index, scores.standing.raw, choices, points, level=level, auxiliary=auxiliary)
        reasons.update(dict.fromkeys(drawn.undefined.values()))
        values = _value(scores, kind, region, drawn.ranks, drawn.scores)
        outputs.append(np.where(drawn.defined, values, np.nan))
        return outputs[-1]

    indices = sobol_indices(function, [(choice.name, choice.dimensions) for choice in choices], base, seed)
    mean, sd = float(np.nanmean(outputs[-1])), float(np.nanstd(outputs[-1]))
    return Sensitivity(scores, choices, seed, kind, region, indices, mean, sd, tuple(reasons))


def _output(scores: Scores, of: str | None) -> tuple[Of, str | None]:
    """Which output a text means: `四川省`, `四川省:rank`; without one the shift of all ranks."""
    if of is None:
        return "shift", None
    name, _, kind = of.replace("：", ":").partition(":")
    if kind not in ("", "score", "rank"):
        message = tr("a region has a score and a rank, not {what!r}", what=kind)
        raise UsageError(message, hint=tr("write REGION, REGION:score or REGION:rank"))
    known = {
        text: region
        for region in scores.standing.regions
        for names in (names_of(scores, region),)
        for text in (names.en, names.zh, region)
    }
    if name not in known:
        raise UsageError(tr("{region!r} is no ranked region", region=name), hint=did_you_mean(name, known))
    region = known[name]
    if scores.standing.overall_rank[scores.standing.regions.index(region)] == 0:
        raise UsageError(tr("{region} has no score", region=name), hint=tr("choose a region that is ranked"))
    return ("rank" if kind == "rank" else "score"), region


def _value(scores: Scores, kind: Of, region: str | None, ranks: IntArray, overall: FloatArray) -> FloatArray:
    """The output of every draw, `(D,)`."""
    if region is not None:
        at = scores.standing.regions.index(region)
        return overall[:, at] if kind == "score" else np.where(ranks[:, at] > 0, ranks[:, at], np.nan)
    nominal = scores.standing.overall_rank
    both = (ranks > 0) & (nominal > 0)
    shift = np.where(both, np.abs(ranks - nominal), 0).sum(axis=1)
    mean: FloatArray = shift / np.maximum(both.sum(axis=1), 1)
    return mean


def _marks(found: SobolIndices) -> list[str]:
    words = []
    for first, above in zip(found.first.tolist(), found.above_total.tolist(), strict=True):
        below = tr("below 0: noise of the sample") if first < 0 else ""
        words.append(tr("above its total: noise of the sample") if above else below)
    return words
