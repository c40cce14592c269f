"""Which choice moves an output, as a result: the indices of each choice and of each pair, with what is to be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ecosystem.messages import listed, tr
from ecosystem.notebook import few_lines, html_table, one_language, picture
from ecosystem.robustness.choice_text import describe_choice
from ecosystem.robustness.choices import Choice
from ecosystem.robustness.indices import SobolIndices, word_on
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Of = Literal["shift", "score", "rank"]
"""What the indices are of."""


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
                varied=listed(map(describe_choice, self.varied), "; "),
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

    def plot(self) -> Figure:
        """The picture: bars of the first-order and the total index of each choice, with their intervals."""
        return picture(self)

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes(), more="choices(), pairs(), plot()")

    def _repr_html_(self) -> str:
        return html_table(self.title, self.choices())


def _marks(found: SobolIndices) -> list[str]:
    words = []
    for first, above in zip(found.first.tolist(), found.above_total.tolist(), strict=True):
        below = tr("below 0: noise of the sample") if first < 0 else ""
        words.append(tr("above its total: noise of the sample") if above else below)
    return words
