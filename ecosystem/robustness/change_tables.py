"""Why a score has changed, in words: by part, by indicator, by organisation, and for all regions."""

from __future__ import annotations

import pandas as pd

from ecosystem.headings import heading
from ecosystem.messages import tr
from ecosystem.robustness.change import ORDERS, ScoreChange
from ecosystem.robustness.two_states import PARTS, WINDOW, TwoStates
from ecosystem.scoring import Scores


def part_words(found: ScoreChange, lang: str) -> pd.DataFrame:
    """What has changed, and by how many points that has moved the score."""
    return found.by_part()[["change", "contribution"]].rename(columns=_headings(["change", "contribution"], lang))


def indicator_words(found: ScoreChange, lang: str) -> pd.DataFrame:
    """A row per indicator: both values, what each part has brought through it, together."""
    frame = found.by_indicator()
    own = "zh" if lang == "zh" else "en"
    frame = frame.assign(indicator=frame[f"name_{own}"])
    names = ["indicator", "raw_old", "raw", *found.states.players, "contribution"]
    return frame.loc[frame["contribution"] != 0, names].rename(columns=_headings(names, lang))


def entity_words(found: ScoreChange, lang: str, top: int) -> pd.DataFrame:
    """The organisations that moved the region's own values most, and what each has brought to its score."""
    own = "zh" if lang == "zh" else "en"
    names = {leaf.code: leaf.name.to(own) for leaf in found.states.now.scores.index.leaves}
    frame = found.entities.head(top)
    frame = frame.assign(
        indicator=frame["code"].map(names).fillna(""), change=[heading(word, lang) for word in frame["change"]]
    )
    columns = ["indicator", "change", "kind", "name", "share_old", "share", "contribution"]
    return frame[columns].rename(columns=_headings(columns, lang))


def region_words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table of all regions for a person: one name, both scores, what each part has brought."""
    own = "zh" if lang == "zh" else "en"
    frame = frame.assign(region=frame[f"region_{own}"])
    columns = ["region", "score_old", "score", *(name for name in PARTS if name in frame.columns), "score_change"]
    return frame[columns].rename(columns=_headings(columns, lang))


def change_notes(states: TwoStates, *, exact: bool) -> list[str]:
    """Sentences to say beside the numbers: which data and years stand on either side, how shares were made."""
    notes = [_side(tr("now"), states.now.scores), _side(tr("before"), states.before.scores)]
    if not states.players:
        notes.append(tr("nothing differs between the two: values, weights, rules and regions are the same"))
    notes.append(tr("parts are Shapley values over every order of changing them: they add up to the difference"))
    if not exact:
        notes.append(
            tr(
                "the index is no sum: indicators share a part by {orders} random orders, which add up too",
                orders=ORDERS,
            )
        )
    if WINDOW in states.players:
        notes.append(tr("organisations are those of both data in the years of now"))
    return notes


def _side(word: str, scores: Scores) -> str:
    facts = {"side": word, "data": scores.dataset.name, "years": str(scores.window) or tr("all years")}
    return tr("{side}: {data}, {years}", **facts)


def _headings(names: list[str], lang: str) -> dict[str, str]:
    return {name: heading(name, lang) for name in names}
