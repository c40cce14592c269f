"""Why a region has its score: the parts of the index from the top down, and on to the lines of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import DEPTHS, Depth, tree
from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute
from ecosystem.audit.lineage import Lineage, lineage, links_frame, record_frame, region_name, region_place, rows_frame
from ecosystem.audit.parts import parts_frame
from ecosystem.audit.strengths import contributions_add_up, last_shift, standings, strengths_of
from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.index import Index, Indicator
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.scoring import Scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TREE = 1000
"""The most rows of a tree in a notebook: one that ends in the middle would leave parts of the index out."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """A region's score, walked back.

    `steps` has a row per part of the index: value, points, weight, contribution to the score, rank among how many
    regions and their median (see `strengths.standings`), and for each indicator the rule by which its parts add up or
    do not. `strengths` has the indicators in which the region is furthest ahead of the median and furthest behind it.
    `parts` has a row per indicator and organisation: matches, share of the value, points, and what would go if it left
    (of the value, of the points, of the score of the region; everything computed anew). Points of the parts add up to
    those of the indicator, and those to the score, to 1e-9, where the rules say so.
    """

    scores: Scores
    region: str
    steps: pd.DataFrame
    parts: pd.DataFrame
    lines: tuple[Lineage, ...] = field(repr=False)
    _audit: AuditedScores = field(repr=False)

    def name(self, lang: str) -> str:
        """The region's name."""
        return region_name(self.scores, self._place, lang)

    @property
    def _place(self) -> int:
        return self.scores.standing.regions.index(self.region)

    @property
    def adds_up(self) -> bool:
        """True when the parts of every indicator add up, so that those of all are the score."""
        return all(line.adds_up or not len(line.codes) for line in self.lines)

    @property
    def contributions_add_up(self) -> bool:
        """True when the contributions of the indicators are the score: under sums and arithmetic means alone."""
        return contributions_add_up(self.scores, self._place)

    @property
    def has_organisations(self) -> bool:
        """True when an organisation stands behind a value; none does where all are columns of tables."""
        return any(len(line.codes) for line in self.lines)

    @property
    def strengths(self) -> pd.DataFrame:
        """Up to five indicators in which the region is ahead of the median, and up to five in which it is behind."""
        return strengths_of(self.steps)

    @property
    def total(self) -> float:
        """The points of all parts: organisations, what no organisation brings, and what a last step adds."""
        parts = sum(np.nansum(line.points) + np.nan_to_num(line.base) for line in self.lines)
        return float(parts + np.nan_to_num(last_shift(self.scores)))

    @cached_property
    def links(self) -> pd.DataFrame:
        """The matches of the organisations in `parts`, a row per entity of each match."""
        frames = []
        for line in self.lines:
            code = self.scores.index.leaves[line.place].code
            ids = self.parts.loc[(self.parts["code"] == code) & (self.parts["id"] != ""), "id"].tolist()
            if ids:
                frames.append(links_frame(self._audit, line.place, self._place, ids))
        return (
            pd.concat(frames, ignore_index=True)
            if frames
            else pd.DataFrame(columns=["code", "entity", "match", "kind", "id"])
        )

    def rows(self, folder: str | Path | None = None) -> pd.DataFrame:
        """The links with source, file and line, and the row of the table behind each indicator that comes from one.

        `folder` is the dataset's, else one of its name here or beside the store; DatasetError where there is none.
        """
        folder = Path(folder) if folder is not None else None
        frames = [rows_frame(self._audit, self.links, folder)] if len(self.links) else []
        records = (record_frame(self._audit, line.place, self._place, folder) for line in self.lines)
        frames += [record for record in records if record is not None]
        return pd.concat(frames, ignore_index=True) if frames else self.links

    def to_pandas(self) -> pd.DataFrame:
        """The parts."""
        return self.parts

    def tree(self, depth: Depth = "entity", lang: str = "en") -> pd.DataFrame:
        """Each part of the index set in under its parent, with the organisations under the indicators."""
        if depth not in DEPTHS:
            raise UsageError(f"there is no depth {depth!r}", hint=did_you_mean(depth, DEPTHS))
        return tree(self, depth, lang)

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        index, standing = self.scores.index, self.scores.standing
        rank, count = standing.overall_rank[self._place], len(standing.regions)
        facts = {"region": self.name(one_language()), "index": index.id, "score": float(standing.overall[self._place])}
        return tr("{region} in {index}: score {score:.2f}, rank {rank} of {count}", rank=rank, count=count, **facts)

    def __repr__(self) -> str:
        strengths = self.strengths
        name = f"name_{one_language()}"
        ahead, behind = (strengths.loc[strengths["kind"] == kind, name] for kind in ("strength", "weakness"))
        organisations = self.parts.loc[self.parts["id"] != "", "id"].nunique()
        return few_lines(
            self._title,
            tr("ahead in: {names}", names=named(ahead)) if len(ahead) else "",
            tr("behind in: {names}", names=named(behind)) if len(behind) else "",
            tr("organisations that are named: {count:,}", count=organisations) if organisations else "",
            more="tree(), steps, parts, strengths, links, rows(), plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, self.tree(lang=one_language()), most=TREE)


def explain_region(
    scores: Scores, region: str, *, indicator: str | None = None, top: int = 10, tell: Tell = mute
) -> Explanation:
    """Why a ranked region has its score; see `explain`, which takes groups as well."""
    audit = AuditedScores(scores)
    return explained(audit, region_place(scores, region), places_of(scores, indicator), top, tell)


def explained(audit: AuditedScores, place: int, indicators: Sequence[int], top: int, tell: Tell = mute) -> Explanation:
    """The explanation of a ranked region, by its place, in some indicators, by theirs."""
    scores, chain = audit.scores, Chain.of(audit.scores.standing)
    lines = tuple(lineage(audit, indicator, place, chain) for indicator in indicators)
    steps, parts = steps_frame(scores, lines, place), parts_frame(audit, lines, place, top, tell)
    return Explanation(scores, scores.standing.regions[place], steps, parts, lines, audit)


def places_of(scores: Scores, code: str | None) -> tuple[int, ...]:
    """The places of the indicators under a part of the index, by its code or a name; of all without one."""
    index = scores.index
    known = {part.code: part for part in index.indicators}
    if code is None:
        return tuple(range(len(index.leaves)))
    code = index.code_of(code)
    if code not in known:
        raise SpecError(
            tr("index {id} has no indicator {code!r}", id=index.id, code=code), hint=did_you_mean(code, known)
        )
    below = {code}
    for _ in range(index.depth):
        below |= {part.code for part in index.indicators if part.parent in below}
    return tuple(place for place, leaf in enumerate(index.leaves) if leaf.code in below)


def steps_frame(scores: Scores, lines: Sequence[Lineage], region: int) -> pd.DataFrame:
    """A row per part of the index, from the top down to the indicators of these lines, as an `Explanation` has them."""
    index, standing = scores.index, scores.standing
    rules = {line.place: line.rule for line in lines}
    stands = standings(scores, region).set_index("code")
    # under sums an indicator shows what it brings to the index, after a last step too
    own = standing.weighted if standing.last is not None and index.aggregation.sums_shares else standing.at(1)
    shown = _above(scores, [index.leaves[place].code for place in rules])
    rows = []
    for part in in_depth(scores.index):
        if part.code not in shown:
            continue
        place = index.at(part.level).index(part)
        leaf = part.level == 1
        rows.append(
            {
                "level": part.level,
                "code": part.code,
                "parent": part.parent or "",
                "name_zh": part.name.zh,
                "name_en": part.name.en,
                "weight": part.weight,
                "raw": standing.raw[region, place] if leaf else np.nan,
                "normalised": standing.normalised[region, place] if leaf else np.nan,
                "points": (own if leaf else standing.at(part.level))[region, place],
                "rule": rules.get(place, "") if leaf else "",
            }
        )
    frame = pd.DataFrame(rows)
    rule = frame.pop("rule")
    return pd.concat([frame, stands.loc[frame["code"]].reset_index(drop=True)], axis=1).assign(rule=rule)


def _above(scores: Scores, codes: Sequence[str]) -> set[str]:
    parents = {part.code: part.parent for part in scores.index.indicators}
    found = set(codes)
    for code in codes:
        above = parents[code]
        while above is not None:
            found.add(above)
            above = parents[above]
    return found


def in_depth(index: Index) -> list[Indicator]:
    """Every part of the index, each before its own parts."""
    found: list[Indicator] = []

    def visit(part: Indicator) -> None:
        found.append(part)
        for child in index.indicators:
            if child.parent == part.code:
                visit(child)

    visit(index.top)
    return found
