"""An index over all admissible weights: shares of first places, favourite weights, who can never be first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.robustness.acceptability import Acceptability, acceptability, confidence_factors
from ecosystem.robustness.admissible_weights import AdmissibleWeights, admissible_weights, hierarchy_level
from ecosystem.robustness.first_place import FirstPlace, first_places
from ecosystem.robustness.part_scores import evaluated, part_scores, part_shares
from ecosystem.robustness.weight_draws import WeightDraws, draw_weights
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 10_000_000
"""More draws than this are refused."""


@dataclass(frozen=True, eq=False)
class WeightSpace:
    """What an index says over all admissible weights of the parts at `level` of its hierarchy.

    `draws` are the weights (draws, n) that were drawn, `found` what they say. `places` tells of each region whether it
    can be first, exactly, by a linear program; all None where scores are not sums of weighted parts, for which
    `sampled_only` gives the reason, "" elsewhere. `parts` (R, n) are the scores that weights are applied to, NaN
    throughout where they are not summed.
    """

    scores: Scores
    level: int
    admissible: AdmissibleWeights
    draws: WeightDraws = field(repr=False)
    found: Acceptability = field(repr=False)
    places: tuple[FirstPlace | None, ...] = field(repr=False)
    parts: FloatArray = field(repr=False)
    sampled_only: str
    seed: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The parts whose weights vary."""
        return self.admissible.codes

    def table(self) -> pd.DataFrame:
        """A row per region, the best of today first: shares of first places and of others with standard errors.

        `rank` is that of today; `share_first`, `share_top3` and `share_top` (the last of `found.tops`) the shares of
        the admissible weights; `rank_best`, `rank_worst` the extreme ranks among the draws; `can_be_first` is `alone`,
        `shared`, `never`, or blank where it is not known; `margin` the greatest lead over the best of the others.
        """
        rows = self._rows()
        shares, errors = self.found.shares[:, rows], self.found.errors[:, rows]
        frame = self._named(rows)
        for at, name in ((0, "first"), (1, "top3"), (2, "top")):
            frame[f"share_{name}"], frame[f"se_{name}"] = shares[at], errors[at]
        places = [self.places[row] for row in rows]
        ends = {"rank_best": self.found.best, "rank_worst": self.found.worst}
        return frame.assign(
            **{name: pd.array(ranks[rows], dtype="Int64") for name, ranks in ends.items()},
            can_be_first=["" if place is None else place.verdict for place in places],
            margin=[np.nan if place is None else place.margin for place in places],
            confidence=self.confidence[rows],
        )

    def favourite_weights(self) -> pd.DataFrame:
        """A row per region and part: its weight today, the mean of the weights that make the region first, the best.

        `central` is missing for a region that no draw makes first; `at_best` are the weights of its greatest lead, or,
        for one that is never first, those with which it comes nearest to the first.
        """
        index, rows = self.scores.index, self._rows()
        today = self.today
        frames = []
        for place, part in enumerate(index.at(self.level)):
            best = [np.nan if (one := self.places[row]) is None else float(one.weights[place]) for row in rows]
            columns = {"code": part.code, "name_zh": part.name.zh, "name_en": part.name.en, "weight": today[place]}
            frames.append(self._named(rows).assign(**columns, central=self.found.central[rows, place], at_best=best))
        order = pd.concat(frames).sort_index(kind="stable")
        return order.reset_index(drop=True)

    def rank_acceptability(self) -> pd.DataFrame:
        """A row per region and rank that some draw gives it: the share of the admissible weights that do."""
        rows = self._rows()
        region, place = np.nonzero(self.found.counts[rows])
        frame = self._named(rows).iloc[region].drop(columns="rank").reset_index(drop=True)
        return frame.assign(rank=place + 1, share=self.found.indices[np.asarray(rows)[region], place])

    def proofs(self) -> pd.DataFrame:
        """For each region that is never first the mix of others that is ahead of it with all admissible weights.

        A row per region and region of the mix: its share in it, and `margin`, by how much the region stays behind.
        """
        found = []
        for row in self._rows():
            place = self.places[row]
            if place is None or place.verdict != "never":
                continue
            for other, share in place.beaten_by.items():
                ids = (self.scores.standing.regions[at] for at in (row, other))
                found.append((*ids, share, place.margin))
        frame = pd.DataFrame(found, columns=["region", "beaten_by", "share", "margin"])
        for name in ("region", "beaten_by"):
            for lang in ("zh", "en"):
                frame[f"{name}_{lang}"] = [names_of(self.scores, one).to(lang) for one in frame[name]]
        return frame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by the name of its sheet; the draws with their weights are the last."""
        drawn = pd.DataFrame(self.draws.weights, columns=list(self.codes))
        drawn.insert(0, "draw", np.arange(1, len(drawn) + 1))
        frames = {
            "weight_space": self.table(), "favourite_weights": self.favourite_weights(),
            "rank_acceptability": self.rank_acceptability(), "never_first": self.proofs(), "weight_draws": drawn,
        }  # fmt: skip
        return {name: frame for name, frame in frames.items() if len(frame)}

    @property
    def today(self) -> FloatArray:
        """The weights (n) that the index has, as shares of their sum."""
        return part_shares(self.scores, self.level)

    @property
    def confidence(self) -> FloatArray:
        """The confidence factors (R): 1 where its central weights make a region first; NaN where scores are no sums."""
        return confidence_factors(self.found.central, self.parts[None], self.scores.index.ties)

    def plot(self, **options: Any) -> Figure:
        """The picture: a triangle of weights where three vary, else bars of shares; see `ecosystem.plot`."""
        return picture(self, **options)

    def _rows(self) -> list[int]:
        standing = self.scores.standing
        return best_first(standing.overall_rank, standing.regions)

    def _named(self, rows: Sequence[int]) -> pd.DataFrame:
        standing = self.scores.standing
        names = [names_of(self.scores, standing.regions[row]) for row in rows]
        ranks = pd.array(standing.overall_rank[rows], dtype="Int64")
        return pd.DataFrame(
            {
                "rank": pd.Series(ranks).mask(standing.overall_rank[rows] == 0),
                "region": [standing.regions[row] for row in rows],
                "region_zh": [name.zh for name in names],
                "region_en": [name.en for name in names],
            }
        )

    def firsts(self, most: int) -> IntArray:
        """The row of the region that is first with each of the first `most` draws; -1 where none has a score."""
        weights = self.draws.weights[:most]
        scores = evaluated(self.scores, self.level, weights) if self.sampled_only else weights @ self.parts.T
        filled = np.where(np.isnan(scores), -np.inf, scores)
        return np.where(np.isinf(filled).all(axis=1), -1, filled.argmax(axis=1))

    @property
    def title(self) -> str:
        """Index, number of draws and of parts in words."""
        facts = {"index": self.scores.index.id, "parts": len(self.codes), "draws": self.found.draws}
        return tr("{index}: {draws:,} admissible weights of {parts} parts", **facts)

    def __repr__(self) -> str:
        frame = self.table().sort_values("share_first", ascending=False).head(3)
        firsts = (f"{row[f'region_{one_language()}']} {row['share_first']:.1%}" for _, row in frame.iterrows())
        never = sum(place is not None and place.verdict == "never" for place in self.places)
        fact = self.sampled_only or tr("{count} regions are never first", count=never)
        return few_lines(
            self.title, tr("first: {names}", names=named(firsts)), fact,
            more="table(), favourite_weights(), rank_acceptability(), proofs(), plot()",
        )  # fmt: skip

    def _repr_html_(self) -> str:
        return html_table(self.title, self.table())


def weight_space(
    scores: Scores,
    *,
    weights_level: str = "pillar",
    bounds: Sequence[str] = (),
    orders: Sequence[str] = (),
    draws: int = 10_000,
    top: int = 10,
    seed: int = 1,
) -> WeightSpace:
    """What the scores of an index would say over all admissible weights of its parts at a level of its hierarchy.

    `weights_level` is `pillar`, `indicator`, or the number of a level; within a part the weights keep their
    proportions. `bounds` are written `CODE:LOWER:UPPER`, `orders` `CODE>=CODE`, see `admissible_weights`. Raises
    UsageError for what cannot be read and for draws below 1 or above ten million, InputError where no weights are left.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.weight_space(scores, draws=2000)
    >>> print(found.table()[["region", "share_first", "can_be_first"]].head(3).round(2).to_string(index=False))
    region  share_first can_be_first
    110000         0.44        alone
    440000         0.56        alone
    310000         0.00        never
    """
    if not 1 <= draws <= MOST:
        hint = tr("ten thousand draws give a share to half a percentage point")
        raise UsageError(tr("{count:,} draws: between 1 and {most:,} are made", count=draws, most=MOST), hint=hint)
    index = scores.index
    level = hierarchy_level(index, weights_level)
    admissible = admissible_weights(index, level, bounds, orders)
    drawn = draw_weights(admissible, draws, seed)
    parts, why = part_scores(scores, level)
    weights, regions = drawn.weights, len(scores.standing.regions)

    def scored(chunk: slice) -> FloatArray:
        own: FloatArray = evaluated(scores, level, weights[chunk]) if why else weights[chunk] @ parts.T
        return own

    tops = (1, 3, top)
    found = acceptability(weights, scored, regions, index.ties, tops=tops, walks=drawn.walks)
    places = (None,) * regions if why else tuple(first_places(parts, admissible))
    return WeightSpace(scores, level, admissible, drawn, found, places, parts, why, seed)
