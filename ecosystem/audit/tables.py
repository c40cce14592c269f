"""What an audit says as tables: one for the eye, one for programs, and the sheets of a workbook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ecosystem.audit.curve import Curves
from ecosystem.audit.each import Loads
from ecosystem.audit.explain import DEPTHS, Depth, Explanation
from ecosystem.audit.knockout import Knockout
from ecosystem.audit.overtake import Overtaking
from ecosystem.audit.trace import Trace
from ecosystem.audit.versus import Versus
from ecosystem.headings import heading
from ecosystem.scoring.tables import method_table

Result = Explanation | Versus | Trace | Overtaking | Knockout | Loads | Curves
INDENT = "  "


def main_table(result: Result, depth: Depth = "entity", folder: Path | None = None) -> pd.DataFrame:
    """The one table that a program reads; of an explanation that of the depth."""
    if isinstance(result, Versus):
        return result.steps if DEPTHS.index(depth) < 2 else result.parts
    if not isinstance(result, Explanation):
        return result.to_pandas()
    match depth:
        case "pillar":
            return result.steps[result.steps["level"] >= result.scores.index.depth - 1].reset_index(drop=True)
        case "indicator":
            return result.steps
        case "entity":
            return result.parts
        case "link":
            return result.links
        case _:
            return result.rows(folder)


def sheets(result: Result, depth: Depth = "entity", folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """A sheet for every level of a result, and one for how the scores were made."""
    match result:
        case Explanation():
            wanted = {"steps": result.steps, "entities": result.parts, "links": result.links}
            found = {"steps": wanted["steps"], "entities": wanted["entities"]}
            if DEPTHS.index(depth) >= DEPTHS.index("link"):
                found["links"] = result.links if depth == "link" else result.rows(folder)
        case Versus():
            found = {"steps": result.steps, "entities": result.parts}
        case Trace():
            found = {"counts": result.counts, "regions": result.knockout.regions()}
        case Overtaking():
            found = {"moves": result.moves, "one kind alone": result.alone}
        case Knockout():
            rolled = result.rolled_up()
            found = {"regions": result.regions()} | ({} if rolled is None else {"groups": rolled})
            found |= {"pillars": result.pillars(), "indicators": result.indicators()}
        case Loads():
            found = {"organisations": result.table}
        case Curves():
            found = {"fragility": result.table, "curve": result.points}
    scores = (
        result.knockout.scores
        if isinstance(result, Trace)
        else result.one.scores
        if isinstance(result, Versus)
        else result.scores
    )
    return found | {"method": method_table(scores, "en")}


def tree(result: Explanation, depth: Depth, lang: str) -> pd.DataFrame:
    """The explanation as a person reads it: each part of the index under its parent, organisations last."""
    top = result.scores.index.depth
    rows: list[tuple[object, ...]] = []
    for step in result.steps.to_dict("records"):
        level = int(step["level"])
        if depth == "pillar" and level < top - 1:
            continue
        indent = INDENT * (top - level)
        name = step["name_zh" if lang == "zh" else "name_en"]
        note = step["rule"] if step["rule"] != "parts add up" else ""
        rows.append((f"{indent}{name}", step["raw"], step["points"], None, None, note))
        if level == 1 and DEPTHS.index(depth) >= DEPTHS.index("entity"):
            rows += _organisations(result.parts[result.parts["code"] == step["code"]], INDENT * top, lang)
    names = ("part", "value", "points", "matches", "effect_score", "note")
    frame = pd.DataFrame(rows, columns=list(names)).astype({"effect_score": "float64", "matches": "Int64"})
    if not (frame["note"] != "").any():
        frame = frame.drop(columns="note")
    if depth in ("pillar", "indicator"):
        frame = frame.drop(columns=["matches", "effect_score"])
    return frame.rename(columns={name: heading(name, lang) for name in frame.columns})


def _organisations(parts: pd.DataFrame, indent: str, lang: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for part in parts.to_dict("records"):
        match part["kind"]:
            case "others":
                name = f"其余 {part['name']} 个" if lang == "zh" else f"{part['name']} others"
            case "minimum":
                name = "各地区最小值" if lang == "zh" else "minimum of the regions"
            case "maximum":
                name = "各地区最大值" if lang == "zh" else "maximum of the regions"
            case _:
                name = f"{part['name'] or part['id']} ({part['id']})" if part["id"] else part["name"]
        matches = part["matches"] or None
        rows.append((f"{indent}{name}", part["share"], part["points"], matches, part["effect_score"], ""))
    return rows


def matches_table(links: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A line per match: indicator, for whom it counts, share, and its entities with file and line where known."""
    if not len(links):
        return links
    placed = "line" in links.columns
    told = [
        f"{row['role']}={row['id']}" + (f" [{row['file']}:{row['line']}]" if placed and pd.notna(row["line"]) else "")
        for row in links.to_dict("records")
    ]
    grouped = links.assign(told=told).groupby(["code", "entity", "match", "share"], sort=False, dropna=False)
    frame = grouped["told"].agg(", ".join).reset_index().drop(columns="match")
    names = {"code": "indicator", "told": "match"}
    return frame.rename(columns=names).rename(columns=lambda name: heading(str(name), lang))


def in_words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table with one name for a region, and headings in one language."""
    other = "en" if lang == "zh" else "zh"
    for name in ("region", "overtaken_by", "name"):
        if f"{name}_{lang}" in frame.columns:
            frame = frame.drop(columns=[each for each in (name, f"{name}_{other}") if each in frame.columns])
            frame = frame.rename(columns={f"{name}_{lang}": name})
    return frame.rename(columns={name: heading(str(name), lang) for name in frame.columns})
