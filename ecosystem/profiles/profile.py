"""A profile of a region or a group: where it stands in every part of an index, who brings it there, and its like."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.errors import InputError, UsageError
from ecosystem.messages import said_in, tr
from ecosystem.notebook import few_lines, html_table, one_language
from ecosystem.profiles.earlier import Earlier, earlier_of_known, earlier_of_scores, earlier_of_table
from ecosystem.profiles.part_rows import STRONG, part_frame
from ecosystem.profiles.partners import Partners, top_partners
from ecosystem.profiles.peers import member_frame, peer_frame
from ecosystem.profiles.summary import sentences
from ecosystem.profiles.top_organisations import Organisations, top_organisations
from ecosystem.profiles.units import Subject, subject_of
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import EarlierScores

STRENGTHS = ("standing", "code", "parent", "name_zh", "name_en", "unit", "value", "percentile", "rank", "regions",
             "median", "gap_median", "best", "gap_best", "best_region", "best_zh", "best_en")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Profile:
    """What a region or a group of an index is.

    `parts` has a row per part of the index, each before its own parts: `value` as measured and its `unit`, `score`,
    `weight`, `rank` among how many `regions` (for a group: groups), `percentile`, `share_nation`, `share_parent`
    of the region that it lies in and `share_note`, why a share is blank or what it is of; `median` and `best` of all
    with the gaps to them, in the unit of the value for an indicator and in points for any other part; `standing`, a
    strength or a weakness. With earlier scores `value_old`, `value_change`, and so for score and rank; a positive
    change of rank is a climb.

    `organisations` are those with the most points in the score, `partners` the regions with the most links in each
    network, `peers` the region itself and those most like it, `members` those of a group with their part of its score.
    """

    scores: Scores
    subject: Subject
    parts: pd.DataFrame
    peers: pd.DataFrame
    members: pd.DataFrame
    strong: float
    brought: Organisations | None = field(repr=False)
    linked: Partners | None = field(repr=False)
    earlier: Earlier | None = field(default=None, repr=False)

    @property
    def region(self) -> str:
        """The id of the region or group."""
        return self.subject.id

    @property
    def is_group(self) -> bool:
        """True for a group of regions."""
        return self.subject.is_group

    @property
    def organisations(self) -> pd.DataFrame | None:
        """The first organisations; None where the score does not come from a graph, or its points do not add up."""
        return None if self.brought is None else self.brought.table

    @property
    def partners(self) -> pd.DataFrame | None:
        """The first partners of each network; None where there is no graph."""
        return None if self.linked is None else self.linked.table

    @property
    def strengths(self) -> pd.DataFrame:
        """The indicators whose percentile is at or above the threshold, the first first, and those "
        "at or under its mirror."""
        marked = self.parts[self.parts["standing"] != ""]
        strong = marked[marked["standing"] == "strength"].sort_values("percentile", ascending=False, kind="stable")
        weak = marked[marked["standing"] == "weakness"].sort_values("percentile", kind="stable")
        return pd.concat([strong, weak], ignore_index=True)[list(STRENGTHS)]

    @property
    def top(self) -> pd.Series:
        """The row of the index itself."""
        return self.parts.iloc[0]

    def name(self, lang: str) -> str:
        """The name of the region or group, in a language or in both."""
        return self.subject.units.names[self.subject.place].to(lang)

    def summary(self, lang: str = "en") -> str:
        """What the tables say, in a paragraph of a few sentences."""
        if lang == "both":
            return f"{self.summary('zh')}\n{self.summary('en')}"
        return said_in(lang, lambda: ("" if lang == "zh" else " ").join(sentences(self, lang)))

    def to_pandas(self) -> pd.DataFrame:
        """The parts."""
        return self.parts

    @property
    def _title(self) -> str:
        return tr("{region}: profile in {index}", region=self.name(one_language()), index=self.scores.index.id)

    def __repr__(self) -> str:
        more = "summary(), parts, strengths, organisations, partners, peers, members"
        return few_lines(self._title, self.summary(one_language()), more=more)

    def _repr_html_(self) -> str:
        return html_table(self._title, self.parts, most=len(self.parts))


def profile(
    scores: Scores,
    region: str,
    *,
    peers: int | None = None,
    top: int = 10,
    strong: float = STRONG,
    against: Scores | EarlierScores | Earlier | str | Path | None = None,
) -> Profile:
    """The profile of a ranked region, or of a group of the index, by any of its names.

    `peers` are that many of the regions most like it, three by default or as many as there are; `top` that many
    organisations, and partners in each network. `strong` is the percentile from which an indicator is a strength, one
    at or under 100 less it is a weakness. `against` are earlier scores of the same index, or a table of them: one
    that `ecosystem score` wrote, with values where it is the long form, or one of scores or ranks from elsewhere.

    RegionError for a region that is unknown or not ranked; UsageError for more peers than can be compared, and for a
    threshold that is not above 50 and up to 100; InputError where the index has no value at all.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.profile(scores, "四川省")
    >>> print(found.parts[["name_en", "score", "rank"]].head(3).round(2).to_string(index=False))
                     name_en  score  rank
    Regional competitiveness  13.68     7
          Company capability   3.25    11
          Scale of companies   1.98     7
    >>> print(found.peers[["region_en", "distance"]].round(3).to_string(index=False))
    region_en  distance
      Sichuan     0.000
        Hunan     0.160
    Chongqing     0.161
      Qinghai     0.167
    """
    if not 50 < strong <= 100:
        raise UsageError(
            tr("a strength begins above the percentile 50 and at 100 at the latest, not at {strong:g}", strong=strong)
        )
    for name, count in (("--top", top), ("--peers", 1 if peers is None else peers + 1)):
        if count < 1:
            raise UsageError(tr("{option} takes a number that is not negative", option=name))
    subject = subject_of(scores, region)
    if np.isnan(scores.standing.raw).all():
        raise InputError(
            tr("no indicator of {id} has a value, so there is nothing to tell", id=scores.index.id),
            hint=tr("ecosystem index check {id} says what the data lack", id=scores.index.id),
        )
    earlier = _earlier(against, scores)
    return Profile(
        scores=scores,
        subject=subject,
        parts=part_frame(scores, subject, strong, earlier),
        peers=peer_frame(scores, subject, peers),
        members=member_frame(scores, subject),
        strong=strong,
        brought=top_organisations(scores, subject, top),
        linked=top_partners(scores, subject, top),
        earlier=earlier,
    )


def _earlier(against: Scores | EarlierScores | Earlier | str | Path | None, scores: Scores) -> Earlier | None:
    if against is None or isinstance(against, Earlier):
        return against
    if isinstance(against, Scores):
        if against.index.id != scores.index.id:
            message = tr("{other} is another index than {id}", other=against.index.id, id=scores.index.id)
            raise UsageError(message, hint=tr("compare scores of one index"))
        return earlier_of_scores(against)
    if isinstance(against, EarlierScores):
        return earlier_of_known(against, scores, {})
    return earlier_of_table(against, scores)
