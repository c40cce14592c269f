"""Tables of an audit as a person reads them: names in one language, parts under their wholes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.audit.explain import DEPTHS, Depth, Explanation
from ecosystem.audit.lineage import ADDS_UP
from ecosystem.audit.versus import Versus
from ecosystem.headings import heading
from ecosystem.scoring import Scores
from ecosystem.scoring.tables import names_of

INDENT = "  "
Cells = tuple[object, ...]
LINES = {
    "others": ("其余 {} 个", "{} others"),
    "minimum": ("各地区最小值", "minimum of the regions"),
    "maximum": ("各地区最大值", "maximum of the regions"),
}
"""What a line says that is no organisation."""
FLAGS = {True: ("是", "yes"), False: ("否", "no")}


def tree(result: Explanation, depth: Depth, lang: str) -> pd.DataFrame:
    """The explanation: each part of the index under its parent, organisations last."""
    top = result.scores.index.depth
    rows: list[Cells] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        note = step["rule"] if step["rule"] != ADDS_UP else ""
        rows.append((_indented(step, top, lang), step["raw"], step["points"], None, None, note))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            for part in result.parts[result.parts["code"] == step["code"]].to_dict("records"):
                numbers = part["share"], part["points"], part["matches"] or None, part["effect_score"]
                rows.append((f"{INDENT * top}{_part_name(part, lang)}", *numbers, ""))
    names = ("part", "value", "points", "matches", "effect_score", "note")
    frame = pd.DataFrame(rows, columns=list(names)).astype({"effect_score": "float64", "matches": "Int64"})
    if not (frame["note"] != "").any():
        frame = frame.drop(columns="note")
    if depth in ("pillar", "indicator"):
        frame = frame.drop(columns=["matches", "effect_score"])
    return frame.rename(columns={name: heading(name, lang) for name in frame.columns})


def side_by_side(result: Versus, depth: Depth, lang: str) -> pd.DataFrame:
    """Two regions: the points of both in each part of the index, and what the organisations of each bring."""
    top = result.one.scores.index.depth
    sides = result.one.region, result.other.region
    rows: list[Cells] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        rows.append((_indented(step, top, lang), step["points_one"], step["points_other"], step["difference"], None))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            for part in result.parts[result.parts["code"] == step["code"]].to_dict("records"):
                signed = zip(sides, (part["difference"], -part["difference"]), strict=True)
                points = (value if part["region"] == side else np.nan for side, value in signed)
                name = f"{INDENT * top}{_part_name(part, lang)}"
                rows.append((name, *points, part["difference"], part["matches"] or None))
    regions = [each.name(lang) for each in (result.one, result.other)]
    names = [heading("part", lang), *regions, heading("difference", lang), heading("matches", lang)]
    frame = pd.DataFrame(rows, columns=names).astype({names[-1]: "Int64"})
    return frame.drop(columns=names[-1]) if depth in ("pillar", "indicator") else frame


def _indented(step: Mapping[Hashable, Any], top: int, lang: str) -> str:
    return f"{INDENT * (top - int(step['level']))}{step[f'name_{lang}']}"


def _part_name(part: Mapping[Hashable, Any], lang: str) -> str:
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
    told = [f"{row['role']}={row['id']}{_placed(row)}" for row in links.to_dict("records")]
    grouped = links.assign(told=told).groupby(["code", "entity", "match", "share"], sort=False, dropna=False)
    frame = grouped["told"].agg(", ".join).reset_index().drop(columns="match")
    return in_words(scores, frame.rename(columns={"told": "match"}), lang)


def _placed(row: Mapping[Hashable, Any]) -> str:
    if "exports" in row and pd.notna(row["exports"]):
        return f" [{row['exports']}]"
    return f" [{row['file']}:{row['line']}]" if "line" in row and pd.notna(row["line"]) else ""


def in_words(scores: Scores, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table with names for regions and indicators, yes and no, and headings, in one language."""
    other = "en" if lang == "zh" else "zh"
    for name in ("region", "overtaken_by", "name"):
        if f"{name}_{lang}" in frame.columns:
            frame = frame.drop(columns=[each for each in (name, f"{name}_{other}") if each in frame.columns])
            frame = frame.rename(columns={f"{name}_{lang}": name})
    words = {part.code: part.name.to("zh" if lang == "zh" else "en") for part in scores.index.indicators}
    for region in scores.standing.regions:
        words[region] = names_of(scores, region).to("zh" if lang == "zh" else "en")
    for name in ("code", "region"):
        if name in frame.columns:
            frame = frame.assign(**{name: [words.get(text, text) for text in frame[name]]})
    if "counts_in" in frame.columns:
        lists = [", ".join(words[code] for code in text.split(", ")) for text in frame["counts_in"]]
        frame = frame.assign(counts_in=lists)
    for name in frame.columns[frame.dtypes == "bool"]:
        frame = frame.assign(**{name: [FLAGS[flag][lang != "zh"] for flag in frame[name]]})
    names = {"code": "indicator"}
    return frame.rename(columns={name: heading(names.get(str(name), str(name)), lang) for name in frame.columns})
