"""Two states of the scores of an index beside each other: what has risen, fallen, come in and dropped out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.headings import heading
from ecosystem.index import Index, Indicator, Text
from ecosystem.messages import tr
from ecosystem.regions import Regions
from ecosystem.scoring.earlier import EarlierScores, top_code, with_changes

WHOLE, EVERY_PART = "overall", "all"
KEYS = ("kind", "region", "region_zh", "region_en", "level", "code", "name_zh", "name_en")
ENTRY, EXIT = "entry", "exit"


@dataclass(frozen=True, slots=True, eq=False)
class ScoreChanges:
    """What has changed in an index between two states, `before` and `now`.

    `frame` has a row per part of the index and region, part by part, the best of now first: kind (region or group),
    region and its names, level and names of the part, rank, rank_old, rank_change (positive: a climb), score,
    score_old, score_change, and `change`: `entry` where only now, `exit` where only then there is a rank. What neither
    state has a score for has no column of scores. `made_up`: the data of either are synthetic.
    """

    index: Index
    now: str
    before: str
    frame: pd.DataFrame = field(repr=False)
    made_up: bool = False

    def risers(self, top: int = 5) -> pd.DataFrame:
        """The rows of the largest climbs, the largest first; equals in the order of their score's change."""
        return self._moved(1, top)

    def fallers(self, top: int = 5) -> pd.DataFrame:
        """The rows of the largest falls, the largest first."""
        return self._moved(-1, top)

    def _moved(self, sign: int, top: int) -> pd.DataFrame:
        change = self.frame["rank_change"].astype("Float64") * sign
        moved = self.frame.assign(_size=change)[change.fillna(0) > 0]
        if "score_change" in moved:
            moved = moved.assign(_more=moved["score_change"] * sign)
        by = [name for name in ("_size", "_more") if name in moved]
        ordered = moved.sort_values(by, ascending=False, kind="stable").drop(columns=by)
        return ordered.head(top).reset_index(drop=True)

    @property
    def entries(self) -> pd.DataFrame:
        """The rows that only the later state has a rank for."""
        return self.frame[self.frame["change"] == ENTRY].reset_index(drop=True)

    @property
    def exits(self) -> pd.DataFrame:
        """The rows that only the earlier state has a rank for."""
        return self.frame[self.frame["change"] == EXIT].reset_index(drop=True)

    def for_people(self, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
        """Rows in one language: one name, headings in words, no column that says nothing."""
        own = "zh" if lang == "both" else lang
        words = {ENTRY: heading("entry", lang), EXIT: heading("exit", lang), "": ""}
        shown = frame.assign(
            region=frame[f"region_{own}"], part=frame[f"name_{own}"], change=frame["change"].map(words)
        )
        names = ["part", "region", *(name for name in frame.columns if name not in (*KEYS, "change")), "change"]
        lacking = {"part": frame["code"].nunique() == 1, "change": not (frame["change"] != "").any()}
        names = [name for name in names if not lacking.get(name)]
        return shown[names].rename(columns={name: heading(name, lang) for name in names})


def score_changes(
    index: Index, now: EarlierScores, before: EarlierScores, regions: Regions, *, level: str, parts: Sequence[str] = ()
) -> ScoreChanges:
    """What has changed between two states in some parts of the index: codes, names, `overall`, `all`; else the whole.

    `level` is that of the regions, or `group` for groups alone. UsageError where none of the parts is in both states;
    SpecError for a part that the index does not have.
    """
    chosen = _parts(index, parts)
    groups = {group.id: group.name for one in index.levels.values() for group in one.groups}
    frames = []
    for part in chosen:
        ours, theirs = (_of_part(state, part.code) for state in (now, before))
        ids = [*ours.index, *(region for region in theirs.index if region not in ours.index)]
        # a state that tells of no group at all has not lost every one of them
        kinds = {region in groups for region in ours.index} & {region in groups for region in theirs.index}
        ids = [region for region in ids if region in groups or level != "group"]
        ids = [region for region in ids if (region in groups) in kinds]
        if not ids:
            continue
        frame = pd.DataFrame(
            {"region": ids, **{name: ours[name].reindex(ids).to_numpy() for name in ("score", "rank")}}
        )
        frame = with_changes(frame.assign(code=part.code), before).assign(
            kind=["group" if region in groups else "region" for region in ids],
            region_zh=[_name(region, groups, regions, "zh") for region in ids],
            region_en=[_name(region, groups, regions, "en") for region in ids],
            level=part.level, name_zh=part.name.zh, name_en=part.name.en,
        )  # fmt: skip
        frames.append(frame.sort_values(["kind", "rank", "rank_old", "region"], ascending=[False, True, True, True]))
    if not frames:
        raise _nothing_in_both(now, before, chosen, level)
    frame = _finished(pd.concat(frames, ignore_index=True), now, before)
    return ScoreChanges(index, now.name, before.name, frame, now.made_up or before.made_up)


def _of_part(state: EarlierScores, code: str) -> pd.DataFrame:
    """Score and rank by region in one part, of those that have either."""
    rows = state.frame[state.frame["code"] == code].set_index("region")
    return rows[rows["rank"].notna() | rows["score"].notna()]


def _finished(frame: pd.DataFrame, now: EarlierScores, before: EarlierScores) -> pd.DataFrame:
    """The columns in their order, those of scores where both states have any, and who came in or dropped out."""
    come, gone = frame["rank"].notna() & frame["rank_old"].isna(), frame["rank"].isna() & frame["rank_old"].notna()
    frame = frame.assign(change="").astype({"rank": "Int64"})
    frame["change"] = frame["change"].mask(come, ENTRY).mask(gone, EXIT)
    numbers = ["rank", "rank_old", "rank_change"]
    if now.scored and before.scored:
        numbers += ["score", "score_old", "score_change"]
    elif now.scored:
        numbers.append("score")
    elif before.scored:
        numbers.append("score_old")
    return frame[[*KEYS, *numbers, "change"]]


def _parts(index: Index, wanted: Sequence[str]) -> list[Indicator]:
    in_order = [part for level in range(index.depth, 0, -1) for part in index.at(level)]
    if EVERY_PART in wanted:
        return in_order
    codes = [top_code(index, word) for word in wanted or (WHOLE,)]
    known = {part.code for part in in_order}
    for code in codes:
        if code not in known:
            message = tr("index {id} has no indicator {code!r}", id=index.id, code=code)
            raise SpecError(message, hint=did_you_mean(code, known))
    return [part for part in in_order if part.code in codes]


def _name(region: str, groups: Mapping[str, Text], regions: Regions, lang: str) -> str:
    if region in groups:
        return groups[region].to(lang)
    if region not in regions:
        return region
    return regions[region].name if lang == "zh" else regions[region].name_en or regions[region].name


def _nothing_in_both(now: EarlierScores, before: EarlierScores, parts: Sequence[Indicator], level: str) -> UsageError:
    message = tr(
        "{now} and {before} have nothing in common at level {level}: {parts}",
        now=now.name, before=before.name, level=level, parts=", ".join(part.code for part in parts),
    )  # fmt: skip
    both = [code for code in now.codes if code in before.codes]
    return UsageError(
        message, hint=tr("both have {codes}: name one with --part", codes=", ".join(both)) if both else None
    )
