"""Audits in words, for a person to read: the tree of an explanation, two regions side by side, names for codes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from ecosystem.audit.lineage import ADDS_UP
from ecosystem.headings import apart, heading, in_both_languages
from ecosystem.messages import in_language, tr_later
from ecosystem.scoring import Scores
from ecosystem.scoring.column_source import ColumnSource
from ecosystem.scoring.result import names_of

Depth = Literal["pillar", "indicator", "entity", "link", "row"]
DEPTHS: tuple[Depth, ...] = ("pillar", "indicator", "entity", "link", "row")
"""How far a score is walked back."""

INDENT = "  "
Cells = tuple[object, ...]
LINES = {
    "others": ("其余 {} 个", "{} others"),
    "minimum": ("各地区最小值", tr_later("minimum of the regions")),
    "maximum": ("各地区最大值", tr_later("maximum of the regions")),
}
"""The words for a line that stands for no single organisation."""
KINDS = {"strength": ("优势", "strength"), "weakness": ("短板", "weakness")}
NO_LINKS = ColumnSource.no_matches
"""What every column of a table says of itself: no note where nothing else stands behind any value."""
FLAGS = {True: ("是", "yes"), False: ("否", "no")}


class Explained(Protocol):
    """What is told of an explanation, which stands above these words and shows itself by them."""

    @property
    def scores(self) -> Scores:
        """The scores that it explains."""

    @property
    def region(self) -> str:
        """The id of the region."""

    @property
    def steps(self) -> pd.DataFrame:
        """A row per part of the index."""

    @property
    def parts(self) -> pd.DataFrame:
        """A row per indicator and organisation."""

    @property
    def strengths(self) -> pd.DataFrame:
        """The indicators in which the region is furthest ahead of the median, and furthest behind it."""

    @property
    def has_organisations(self) -> bool:
        """True when an organisation stands behind a value."""

    @property
    def contributions_add_up(self) -> bool:
        """True when the contributions of the indicators are the score."""

    def name(self, lang: str) -> str:
        """The name of the region."""


class ExplainedPair(Protocol):
    """What is told of two regions side by side."""

    @property
    def one(self) -> Explained:
        """The explanation of the first."""

    @property
    def other(self) -> Explained:
        """That of the second."""

    @property
    def steps(self) -> pd.DataFrame:
        """A row per part of the index, with the points of both."""

    @property
    def parts(self) -> pd.DataFrame:
        """The organisations of both."""


def tree(result: Explained, depth: Depth, lang: str) -> pd.DataFrame:
    """The explanation: each part of the index under its parent, organisations last."""
    top = result.scores.index.depth
    known = result.has_organisations
    rows: list[Cells] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        rule = step["rule"]
        note = "" if _says(rule, ADDS_UP) or (not known and _says(rule, NO_LINKS)) else rule
        numbers = step["raw"], step["points"], step["contribution"], _rank_of(step), None, None
        rows.append((_indented(step, top, lang), *numbers, note))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            for part in result.parts[result.parts["code"] == step["code"]].to_dict("records") if known else ():
                parts = part["share"], part["points"], None, "", part["matches"] or None, part["effect_score"]
                rows.append((f"{INDENT * top}{part_name(part, lang)}", *parts, ""))
    names = ("part", "value", "points", "contribution", "rank", "matches", "effect_score", "note")
    frame = pd.DataFrame(rows, columns=list(names)).astype({"effect_score": "float64", "matches": "Int64"})
    same = np.allclose(result.steps["points"].fillna(0), result.steps["contribution"].fillna(np.inf))
    lacking = {
        "note": not (frame["note"] != "").any(),
        "contribution": same or not result.contributions_add_up,
        "matches": depth in ("pillar", "indicator") or not known,
        "effect_score": depth in ("pillar", "indicator") or not known,
    }
    frame = frame.drop(columns=[name for name, absent in lacking.items() if absent])
    return frame.rename(columns={name: heading(name, lang) for name in frame.columns})


def _says(rule: str, text: str) -> bool:
    """True where a rule ends with a text, in whatever language it was made."""
    return rule.endswith((text, in_language("zh", text)))


def _rank_of(row: Mapping[Hashable, Any]) -> str:
    return "" if pd.isna(row["rank"]) else f"{row['rank']} / {row['regions']}"


def strengths_table(result: Explained, lang: str) -> pd.DataFrame:
    """The strengths and weaknesses of a region for people: name, value, normalised value, median and rank."""
    frame = result.strengths
    words = [KINDS[kind][lang != "zh"] for kind in frame["kind"]]
    columns = {
        "kind": words,
        "indicator": frame[f"name_{lang}"],
        "value": frame["raw"],
        "normalised": frame["normalised"],
        "median": frame["median"],
        "rank": [_rank_of(row) for row in frame.to_dict("records")],
    }
    return pd.DataFrame(columns).rename(columns={name: heading(name, lang) for name in columns})


def side_by_side(result: ExplainedPair, depth: Depth, lang: str) -> pd.DataFrame:
    """Two regions: the points of both in each part of the index, and what the organisations of each bring."""
    top = result.one.scores.index.depth
    sides = result.one.region, result.other.region
    rows: list[Cells] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        own = step["points_one"], step["points_other"], step["difference"], step["contribution"]
        rows.append((_indented(step, top, lang), *own, None))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            for part in result.parts[result.parts["code"] == step["code"]].to_dict("records"):
                signed = zip(sides, (part["difference"], -part["difference"]), strict=True)
                points = (value if part["region"] == side else np.nan for side, value in signed)
                name = f"{INDENT * top}{part_name(part, lang)}"
                rows.append((name, *points, part["difference"], None, part["matches"] or None))
    regions = [each.name(lang) for each in (result.one, result.other)]
    regions = apart(
        regions, in_both_languages(("part", "difference", "contribution", "matches")), heading("region", lang)
    )
    names = [
        heading("part", lang),
        *regions,
        *(heading(name, lang) for name in ("difference", "contribution", "matches")),
    ]
    frame = pd.DataFrame(rows, columns=names).astype({names[-1]: "Int64"})
    known = result.one.has_organisations or result.other.has_organisations
    difference, brought = result.steps["difference"], result.steps["contribution"]
    same = brought.isna().all() or np.allclose(difference.fillna(np.inf), brought.fillna(np.inf))
    lacking = [names[-1]] if depth in ("pillar", "indicator") or not known else []
    return frame.drop(columns=[*lacking, *([names[-2]] if same else [])])


def _indented(step: Mapping[Hashable, Any], top: int, lang: str) -> str:
    return f"{INDENT * (top - int(step['level']))}{step[f'name_{lang}']}"


def part_name(part: Mapping[Hashable, Any], lang: str) -> str:
    """The name of an organisation with its id, or the words for a line that stands for no single one."""
    if part["kind"] in LINES:
        chinese, english = LINES[part["kind"]]
        return (chinese if lang == "zh" else english).format(part["name"])
    return f"{part['name'] or part['id']} ({part['id']})" if part["id"] else str(part["name"])


def matches_table(scores: Scores, links: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A line per match: indicator, for whom it counts, share, and its entities with file and line where known.

    Where the dataset was imported, these are the files and lines of the exports.
    """
    if not len(links):
        return links
    entities = [f"{row['role']}={row['id']}{_placed(row)}" for row in links.to_dict("records")]
    grouped = links.assign(entities=entities).groupby(["code", "entity", "match", "share"], sort=False, dropna=False)
    frame = grouped["entities"].agg(", ".join).reset_index().drop(columns="match")
    return in_words(scores, frame.rename(columns={"entities": "match"}), lang)


def _placed(row: Mapping[Hashable, Any]) -> str:
    if "exports" in row and pd.notna(row["exports"]):
        return f" [{row['exports']}]"
    return f" [{row['file']}:{row['line']}]" if "line" in row and pd.notna(row["line"]) else ""


def in_words(scores: Scores, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table with names for regions and indicators, yes and no, and headings, in one language."""
    other = "en" if lang == "zh" else "zh"
    if {"code", "name_zh", "name_en"} <= set(frame.columns):
        frame = frame.drop(columns=["name_zh", "name_en"])  # the words for the code say the same
    for name in ("region", "overtaken_by", "name"):
        if f"{name}_{lang}" in frame.columns:
            frame = frame.drop(columns=[each for each in (name, f"{name}_{other}") if each in frame.columns])
            frame = frame.rename(columns={f"{name}_{lang}": name})
    words = {part.code: part.name.to("zh" if lang == "zh" else "en") for part in scores.index.indicators}
    # two look-ups: a region may have the id that an indicator has as its code
    regions = {
        region: names_of(scores, region).to("zh" if lang == "zh" else "en") for region in scores.standing.regions
    }
    for name, known in (("code", words), ("region", regions)):
        if name in frame.columns:
            frame = frame.assign(**{name: [known.get(text, text) for text in frame[name]]})
    if "counts_in" in frame.columns:
        lists = [", ".join(words[code] for code in text.split(", ")) for text in frame["counts_in"]]
        frame = frame.assign(counts_in=lists)
    for name in frame.columns[frame.dtypes == "bool"]:
        frame = frame.assign(**{name: [FLAGS[flag][lang != "zh"] for flag in frame[name]]})
    names = {"code": "indicator"}
    return frame.rename(columns={name: heading(names.get(str(name), str(name)), lang) for name in frame.columns})
