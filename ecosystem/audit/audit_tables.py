"""Audits as tables: for programs, for the sheets of a workbook, and for a person to read."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.audit.curve import Curves
from ecosystem.audit.each import Loads
from ecosystem.audit.explain import DEPTHS, Depth, Explanation
from ecosystem.audit.knockout import Knockout
from ecosystem.audit.lineage import ADDS_UP
from ecosystem.audit.needed_values import NeededValues
from ecosystem.audit.overtake import Overtaking
from ecosystem.audit.trace import Trace
from ecosystem.audit.versus import Versus
from ecosystem.headings import apart, heading, in_both_languages
from ecosystem.scoring import Scores
from ecosystem.scoring.column_source import ColumnSource
from ecosystem.scoring.result import names_of
from ecosystem.scoring.score_tables import method_table

Result = Explanation | Versus | Trace | Overtaking | NeededValues | Knockout | Loads | Curves


INDENT = "  "
Cells = tuple[object, ...]
LINES = {
    "others": ("其余 {} 个", "{} others"),
    "minimum": ("各地区最小值", "minimum of the regions"),
    "maximum": ("各地区最大值", "maximum of the regions"),
}
"""The words for a line that stands for no single organisation."""
KINDS = {"strength": ("优势", "strength"), "weakness": ("短板", "weakness")}
NO_LINKS = ColumnSource.no_matches
"""What every column of a table says of itself: no note where nothing else stands behind any value."""
FLAGS = {True: ("是", "yes"), False: ("否", "no")}


def scores_of(result: Result) -> Scores:
    """The scores that a result is about."""
    match result:
        case Versus():
            return result.one.scores
        case Trace():
            return result.knockout.scores
        case _:
            return result.scores


def main_table(result: Result, depth: Depth = "entity", folder: Path | None = None) -> pd.DataFrame:
    """The one table that a program reads; of an explanation that of the depth, where anything stands behind values."""
    if isinstance(result, Versus):
        both = result.one.has_organisations or result.other.has_organisations
        return result.parts if both and DEPTHS.index(depth) >= DEPTHS.index("entity") else result.steps
    if not isinstance(result, Explanation):
        return result.to_pandas()
    match depth:
        case "pillar":
            return result.steps[result.steps["level"] >= result.scores.index.depth - 1].reset_index(drop=True)
        case "indicator":
            return result.steps
        case "entity":
            # where all values are columns of tables, the indicators are as far as it goes
            return result.parts if result.has_organisations else result.steps
        case "link":
            return result.links
        case _:
            return result.rows(folder)


def sheets(
    result: Result, lang: str = "en", *, depth: Depth = "entity", folder: Path | None = None
) -> dict[str, pd.DataFrame]:
    """A sheet for every level of a result, and one for how the scores were made; named in a language."""
    found = _sheets(result, depth, folder) | {"method": method_table(scores_of(result), lang)}
    return {heading(f"sheet_{name}", lang): frame for name, frame in found.items()}


def _sheets(result: Result, depth: Depth, folder: Path | None) -> dict[str, pd.DataFrame]:
    match result:
        case Explanation():
            beside = {"entities": result.parts} if result.has_organisations else {"strengths": result.strengths}
            found = {"steps": result.steps, **beside}
            if DEPTHS.index(depth) >= DEPTHS.index("link"):
                found["links"] = main_table(result, depth, folder)
            return found
        case Versus():
            return {"steps": result.steps, "entities": result.parts}
        case Trace():
            return {"counts": result.counts, "regions": result.knockout.regions()}
        case Overtaking():
            return {"moves": result.moves, "alone": result.alone}
        case NeededValues():
            return {"needed": result.table}
        case Knockout():
            rolled = result.rolled_up()
            groups = {} if rolled is None else {"groups": rolled}
            changes = {"pillars": result.pillars(), "indicators": result.indicators()}
            return {"regions": result.regions()} | groups | changes
        case Loads():
            return {"entities": result.table}
        case Curves():
            return {"fragility": result.table, "curve": result.points}


def tree(result: Explanation, depth: Depth, lang: str) -> pd.DataFrame:
    """The explanation: each part of the index under its parent, organisations last."""
    top = result.scores.index.depth
    known = result.has_organisations
    rows: list[Cells] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        note = step["rule"] if step["rule"] != ADDS_UP and (known or not step["rule"].endswith(NO_LINKS)) else ""
        numbers = step["raw"], step["points"], step["contribution"], _rank_of(step), None, None
        rows.append((_indented(step, top, lang), *numbers, note))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            for part in result.parts[result.parts["code"] == step["code"]].to_dict("records") if known else ():
                parts = part["share"], part["points"], None, "", part["matches"] or None, part["effect_score"]
                rows.append((f"{INDENT * top}{_part_name(part, lang)}", *parts, ""))
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


def _rank_of(row: Mapping[Hashable, Any]) -> str:
    return "" if pd.isna(row["rank"]) else f"{row['rank']} / {row['regions']}"


def strengths_table(result: Explanation, lang: str) -> pd.DataFrame:
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


def side_by_side(result: Versus, depth: Depth, lang: str) -> pd.DataFrame:
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
                name = f"{INDENT * top}{_part_name(part, lang)}"
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
