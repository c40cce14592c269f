"""The scores without some organisations or links: every value, extreme, pillar, rank and group computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import in_words
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute, variants
from ecosystem.audit.selection import Selection, select
from ecosystem.errors import InputError
from ecosystem.index import IndexScores, Standing, roll_up
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.progress import Progress, silent
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Knockout:
    """Scores before and after: `after` and `groups` are what a reload without the `removed` would give.

    `touched` are the indicators in which a value has changed; none where what was removed is behind no value. `named`
    is what was removed without ids.
    """

    scores: Scores
    removed: str
    nodes: int
    links: int
    touched: tuple[str, ...]
    after: IndexScores
    groups: Standing | None
    named: str = ""

    def regions(self) -> pd.DataFrame:
        """A row per ranked region, the best of before first: ranks and scores before and after, and their changes.

        A positive change of rank is a climb.
        """
        return _compared(self.scores, self.scores.standing, self.after)

    def rolled_up(self) -> pd.DataFrame | None:
        """The same for the groups of the index; None where it has none."""
        if self.scores.groups is None or self.groups is None:
            return None
        return _compared(self.scores, self.scores.groups, self.groups)

    def pillars(self) -> pd.DataFrame:
        """A row per region and pillar whose score or rank has changed."""
        before, after = self.scores.standing, self.after
        frame = self._long([part.code for part in self.scores.index.pillars]).assign(
            score_old=before.pillars.ravel(),
            score=after.pillars.ravel(),
            rank_old=before.pillar_ranks.ravel(),
            rank=after.pillar_ranks.ravel(),
        )
        changed = (frame["score"] != frame["score_old"]) | (frame["rank"] != frame["rank_old"])
        return frame[changed].reset_index(drop=True)

    def indicators(self) -> pd.DataFrame:
        """A row per region and indicator whose value or points have changed."""
        before, after = self.scores.standing, self.after
        frame = self._long([leaf.code for leaf in self.scores.index.leaves]).assign(
            raw_old=before.raw.ravel(),
            raw=after.raw.ravel(),
            weighted_old=before.weighted.ravel(),
            weighted=after.weighted.ravel(),
        )
        same = (frame["raw"] == frame["raw_old"]) | (frame["raw"].isna() & frame["raw_old"].isna())
        return frame[~(same & (frame["weighted"] == frame["weighted_old"]))].reset_index(drop=True)

    def _long(self, codes: Sequence[str]) -> pd.DataFrame:
        regions = self.scores.standing.regions
        return pd.DataFrame({"region": np.repeat(regions, len(codes)), "code": np.tile(codes, len(regions))})

    def to_pandas(self) -> pd.DataFrame:
        """The table of the regions."""
        return self.regions()

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        return tr("{index} without {removed}", index=self.scores.index.id, removed=self.removed)

    def __repr__(self) -> str:
        frame = self.regions()
        moved = frame[frame["rank_change"] != 0]
        columns = (moved[name].tolist() for name in (f"region_{one_language()}", "rank_old", "rank"))
        changes = (f"{name} {old} → {new}" for name, old, new in zip(*columns, strict=True))
        counts = {"nodes": self.nodes, "links": self.links, "touched": len(self.touched)}
        return few_lines(
            self._title,
            tr("removed: {nodes:,} nodes, {links:,} links; values change in {touched} indicators", **counts),
            tr("ranks that change: {names}", names=named(changes, 5)) if len(moved) else tr("no rank changes"),
            more="regions(), pillars(), indicators(), rolled_up(), plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.scores, self.regions(), one_language()))


def _compared(scores: Scores, before: Standing, after: Standing) -> pd.DataFrame:
    names = [names_of(scores, region) for region in before.regions]
    frame = pd.DataFrame(
        {
            "region": before.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "rank_old": before.overall_rank,
            "rank": after.overall_rank,
            "rank_change": before.overall_rank - after.overall_rank,
            "score_old": before.overall,
            "score": after.overall,
            "score_change": after.overall - before.overall,
            "coverage": after.coverage,
        }
    )
    return frame.sort_values(["rank_old", "region"], ignore_index=True)


def knockout(
    scores: Scores,
    entities: str | Sequence[str] = (),
    *,
    where: str | None = None,
    links: str | Sequence[str] = (),
    partner_country: str | None = None,
    progress: Progress = silent,
    tell: Tell = mute,
) -> Knockout:
    """The scores without these organisations (one or several, ids or names), nodes, link types, partners in a country.

    `where` is a text like `label=Company,region=北京市`; several ways of choosing add up. Raises InputError for a name
    that is unknown or ambiguous, for what matches nothing, and where nothing is left to score.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> without = ecosystem.knockout(scores, "示例企业 1216")
    >>> changed = without.regions().query("rank != rank_old")
    >>> print(changed[["region_en", "rank_old", "rank"]].to_string(index=False))
       region_en  rank_old  rank
           Jilin        16    18
    Heilongjiang        17    16
           Henan        18    17
    """
    audit = AuditedScores(scores)
    # a text is a sequence of letters, none of which anybody means
    names, types = ([given] if isinstance(given, str) else given for given in (entities, links))
    chosen = select(
        scores, audit.graph.store, entities=names, where=where, links=types, partner_country=partner_country
    )
    return knock_out(audit, chosen, progress=progress, tell=tell)


def knock_out(audit: AuditedScores, chosen: Selection, *, progress: Progress = silent, tell: Tell = mute) -> Knockout:
    """The scores without a selection: every value that it touches, then the whole index, computed anew."""
    scores = audit.scores
    without = variants(audit, chosen.removals, progress=progress, tell=tell)
    after = without.standing(0)
    _refuse_nothing_left(scores, after, chosen)
    leaves = scores.index.leaves
    touched = tuple(
        leaves[place].code for place, cells in without.cells.items() if len(cells.values) + len(cells.silent)
    )
    groups = roll_up(after) if scores.groups is not None else None
    return Knockout(
        scores, chosen.words, len(chosen.nodes), len(chosen.links), touched, after, groups, chosen.named or chosen.words
    )


def _refuse_nothing_left(scores: Scores, after: IndexScores, chosen: Selection) -> None:
    before = scores.standing
    if np.nan_to_num(before.raw).any() and not np.nan_to_num(after.raw).any():
        message = tr(
            "without {removed} there is nothing to score: every indicator is zero or missing", removed=chosen.words
        )
        raise InputError(message, hint=tr("remove less"))
