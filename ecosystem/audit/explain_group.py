"""Why a group of regions has its score: the sum of its members, each walked back to its organisations and links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import DEPTHS, INDENT, Depth, part_name
from ecosystem.audit.explain import Explanation, explain_region, explained, places_of
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute
from ecosystem.audit.lineage import ADDS_UP
from ecosystem.errors import UsageError, did_you_mean
from ecosystem.headings import heading
from ecosystem.index import OTHERS, Standing, other_regions, roll_up
from ecosystem.index.arrays import median_of_present
from ecosystem.messages import tr
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import part_ranks
from ecosystem.scoring.result import names_of

FOLDED = "others"
"""The kind of the row of those organisations of a member that are not named."""


@dataclass(frozen=True, eq=False)
class GroupExplanation(Explanation):
    """A group's score, walked back: an `Explanation` with its `members`, whose scores add up to that of the group.

    `steps` has the points of the group, its rank among the groups and their median; a group has no value of its own in
    an indicator. `parts` and `links` have the column `region`, the member that a row is of. `members` are explanations,
    the member with the highest score first. The row of the other regions has no rank.
    """

    members: tuple[Explanation, ...] = field(default=(), repr=False)

    def name(self, lang: str) -> str:
        """The group's name."""
        return names_of(self.scores, self.region).to("zh" if lang == "zh" else "en")

    @property
    def adds_up(self) -> bool:
        """True when the parts of every indicator add up in every member."""
        return all(member.adds_up for member in self.members)

    @property
    def contributions_add_up(self) -> bool:
        """True when the contributions of the indicators are the score of every member."""
        return all(member.contributions_add_up for member in self.members)

    @property
    def strengths(self) -> pd.DataFrame:
        """None: a group has no values of its own, which could be held against the median of the regions."""
        return super().strengths.head(0)

    @property
    def by_member(self) -> pd.DataFrame:
        """A row per part of the index and member: points, share of the group's points, rank among the regions."""
        frames = [
            member.steps[["level", "code", "name_zh", "name_en", "points", "rank", "regions"]].assign(
                region=member.region
            )
            for member in self.members
        ]
        whole = pd.concat(frames, ignore_index=True)
        total = self.steps.set_index("code")["points"].reindex(whole["code"]).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            whole["share"] = np.where(total != 0, whole["points"] / total, np.nan)
        return whole.sort_values(["level", "code"], ascending=[False, True], kind="stable", ignore_index=True)

    @cached_property
    def links(self) -> pd.DataFrame:
        """The matches of the organisations in `parts`, a row per entity of each match, with the member they are of."""
        return _stacked((member.region, member.links) for member in self.members)

    def rows(self, folder: str | Path | None = None) -> pd.DataFrame:
        """The links of every member with source, file and line; see `Explanation.rows`."""
        return _stacked((member.region, member.rows(folder)) for member in self.members)

    def tree(self, depth: Depth = "entity", lang: str = "en") -> pd.DataFrame:
        """Each part of the index under its parent; members under the whole and each indicator, then organisations."""
        if depth not in DEPTHS:
            raise UsageError(tr("there is no depth {depth!r}", depth=depth), hint=did_you_mean(depth, DEPTHS))
        deep = DEPTHS.index(depth) >= DEPTHS.index("entity")
        rows = list(self._lines(depth, lang, deep=deep))
        names = ("part", "points", "rank", "matches", "effect_score", "note")
        frame = pd.DataFrame(rows, columns=list(names)).astype({"effect_score": "float64", "matches": "Int64"})
        known = deep and self.has_organisations
        lacking = {"note": not (frame["note"] != "").any(), "matches": not known, "effect_score": not known}
        frame = frame.drop(columns=[name for name, absent in lacking.items() if absent])
        return frame.rename(columns={name: heading(name, lang) for name in frame.columns})

    def _lines(self, depth: Depth, lang: str, *, deep: bool) -> Iterator[tuple[object, ...]]:
        top = self.scores.index.depth
        for step in self.steps.to_dict("records"):
            level = int(step["level"])
            if depth == "pillar" and level < top - 1:
                continue
            at = top - level
            yield f"{INDENT * at}{step[f'name_{lang}']}", step["points"], _place(step), None, None, step["rule"]
            if level == top or (level == 1 and deep):
                for member in self.members:
                    yield from _member_lines(member, str(step["code"]), at + 1, lang, deep=deep and level == 1)

    @property
    def _title(self) -> str:
        name, top = self.name("en"), self.steps.iloc[0]
        facts = {"group": name, "index": self.scores.index.id, "score": float(top["points"])}
        members = ", ".join(member.region for member in self.members)
        return tr("{group} in {index}: score {score:.2f}, the sum of {members}", members=members, **facts)


def _member_lines(member: Explanation, code: str, at: int, lang: str, *, deep: bool) -> Iterator[tuple[object, ...]]:
    """The line of a member in a part of the index, and below it those of its organisations."""
    own = member.steps.set_index("code").loc[code]
    parts = member.parts[member.parts["code"] == code]
    matches = int(parts["matches"].sum()) if deep and len(parts) else None
    rule = "" if not deep or str(own["rule"]).endswith((str(ADDS_UP), tr(ADDS_UP))) else own["rule"]
    yield f"{INDENT * at}{member.name(lang)}", own["points"], _place(own.to_dict()), matches, None, rule
    for part in parts.to_dict("records") if deep else ():
        name = f"{INDENT * (at + 1)}{part_name(part, lang)}"
        yield name, part["points"], "", part["matches"] or None, part["effect_score"], ""


def _place(row: Mapping[Any, Any]) -> str:
    return "" if pd.isna(row["rank"]) else f"{row['rank']} / {row['regions']}"


def _stacked(frames: Iterator[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of members below each other, each with the member's region behind the code."""
    found = []
    for region, frame in frames:
        named = frame.copy()
        named.insert(1, "region", region)
        found.append(named)
    return pd.concat([frame for frame in found if len(frame)] or found[:1], ignore_index=True)


def group_meant(scores: Scores, name: str) -> str | None:
    """The id of the group of the level that a name means, `others` for the regions in no group; None for any other."""
    level = scores.index.level(scores.level)
    known = {group.id: (group.name.zh, group.name.en) for group in level.groups}
    if other_regions(scores.standing) is not None:
        own = names_of(scores, OTHERS)
        known[OTHERS] = (own.zh, own.en)
    if name in known:
        return name
    found = [group for group, names in known.items() if name.casefold() in {each.casefold() for each in names}]
    meant = scores.regions.find(name)
    return found[0] if found else meant if meant in known else None


def explain(
    scores: Scores, region: str, *, indicator: str | None = None, top: int = 10, tell: Tell = mute
) -> Explanation:
    """Why a region or a group (any of its names) has its score, or its points in one indicator or pillar.

    `top` organisations of each indicator are named; `tell` hears how long it takes where a metric has to be queried
    anew for each of them. A group is walked back over its members, see `GroupExplanation`. RegionError for a region
    that is unknown or not ranked, SpecError for an indicator that the index does not have.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> explanation = ecosystem.explain(scores, "四川省")
    >>> print(explanation.tree("pillar")[["part", "points", "rank"]].round(2).to_string(index=False))
                          part  points    rank
      Regional competitiveness   13.68  7 / 31
            Company capability    3.25 11 / 31
              Academic ecology    8.24  6 / 31
           Capital environment    0.32 11 / 31
        International openness    0.27  7 / 31
            Linking capability    1.35  6 / 31
     Government responsiveness    0.26 19 / 31
    """
    if top < 1:
        raise UsageError(tr("--top {top}: at least 1", top=top))
    group = None if region in scores.standing.regions else group_meant(scores, region)
    if group is not None:
        return _explain_group(scores, group, indicator, top, tell)
    return explain_region(scores, region, indicator=indicator, top=top, tell=tell)


def _explain_group(scores: Scores, group: str, indicator: str | None, top: int, tell: Tell) -> GroupExplanation:
    standing = other_regions(scores.standing) if group == OTHERS else roll_up(scores.standing)
    if standing is None:
        raise ValueError(f"{group} has no regions")
    audit, places = AuditedScores(scores), places_of(scores, indicator)
    rows = _members(scores, group)
    order = sorted(rows, key=lambda row: -np.nan_to_num(scores.standing.overall[row], nan=-np.inf))
    members = [explained(audit, row, places, top, tell) for row in order]
    members = _folded(members, top)
    parts = _stacked((member.region, member.parts) for member in members)
    lines = tuple(line for member in members for line in member.lines)
    steps = _steps(standing, standing.regions.index(group), members)
    return GroupExplanation(scores, group, steps, parts, lines, audit, members=tuple(members))


def _members(scores: Scores, group: str) -> list[int]:
    """The rows of the regions of a group."""
    level = scores.index.level(scores.level)
    grouped = {member for each in level.groups for member in each.members}
    named = next((set(each.members) for each in level.groups if each.id == group), None)
    return [
        row
        for row, region in enumerate(scores.standing.regions)
        if (region in named if named is not None else region not in grouped)
    ]


def _steps(standing: Standing, row: int, members: list[Explanation]) -> pd.DataFrame:
    """The steps of a group: those of its members with its points, contributions, ranks among the groups and median."""
    index = standing.index
    steps = members[0].steps.assign(raw=np.nan, normalised=np.nan, rule="")
    contributions = np.stack([member.steps["contribution"].to_numpy(dtype=np.float64) for member in members])
    steps["contribution"] = contributions.sum(axis=0)
    places = {part.code: (part.level, index.at(part.level).index(part)) for part in index.indicators}
    values = {level: standing.at(level) for level in range(1, index.depth + 1)}
    ranks = {level: part_ranks(standing, level) for level in values}
    cells = [places[str(code)] for code in steps["code"]]
    steps["points"] = [values[level][row, place] for level, place in cells]
    steps["rank"] = pd.array([ranks[level][row, place] for level, place in cells]).astype("Int64")
    steps["regions"] = [int((~np.isnan(values[level][:, place])).sum()) for level, place in cells]
    steps["median"] = [float(median_of_present(values[level][:, place], axis=0)) for level, place in cells]
    return steps


def _folded(members: list[Explanation], top: int) -> list[Explanation]:
    """The members with the `top` organisations of the whole group named; the row of others of each has the rest."""
    whole = _stacked((member.region, member.parts) for member in members)
    own = whole[whole["id"] != ""]
    size = own["points"].abs().fillna(own["effect_points"].abs()).fillna(0)
    best = own.assign(_size=size).sort_values("_size", ascending=False, kind="stable").groupby("code").head(top)
    kept = set(zip(best["region"], best["code"], best["id"], strict=True))
    return [replace(member, parts=_fold(member, kept)) for member in members]


def _fold(member: Explanation, kept: set[tuple[str, str, str]]) -> pd.DataFrame:
    """The parts of a member, in which the organisations that are not kept are added to the row of others."""
    frames = [
        _folded_rows(rows, {(member.region, code, part) for part in rows["id"]} & kept)
        for code, rows in ((str(code), rows) for code, rows in member.parts.groupby("code", sort=False))
    ]
    return pd.concat(frames, ignore_index=True)[list(member.parts.columns)] if frames else member.parts


def _folded_rows(rows: pd.DataFrame, kept: set[tuple[str, str, str]]) -> pd.DataFrame:
    ids = {part for *_, part in kept}
    gone = rows[(rows["id"] != "") & ~rows["id"].isin(ids)]
    if not len(gone):
        return rows
    named, bases = rows[rows["id"].isin(ids - {""})], rows[(rows["id"] == "") & (rows["kind"] != FOLDED)]
    others = rows[rows["kind"] == FOLDED]
    count = len(gone) + sum(int(str(name).replace(",", "")) for name in others["name"])
    both = pd.concat([gone, others])
    line = dict.fromkeys(rows.columns, np.nan) | {
        "code": rows["code"].iloc[0], "kind": FOLDED, "id": "", "name": f"{count:,}",
        "matches": int(both["matches"].sum()), "share": both["share"].sum(min_count=1),
        "points": both["points"].sum(min_count=1),
    }  # fmt: skip
    return pd.concat([named, pd.DataFrame([line]), bases], ignore_index=True)
