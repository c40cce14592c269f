"""Scores as tables: ranked for people, tidy for programs, as sheets of a workbook; and rows chosen of them."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ecosystem.errors import RegionError
from ecosystem.headings import heading
from ecosystem.index import Index, Standing, Text
from ecosystem.index.rule_text import describe_rules
from ecosystem.index.shares import doubt
from ecosystem.version import __version__

if TYPE_CHECKING:
    from ecosystem.scoring.result import Scores

Floats = npt.NDArray[np.float64]

LOW_COVERAGE = Text("数据不足", "low coverage")
ENGINES = ("duckdb", "numpy", "pandas", "pyarrow")
"""The packages whose versions a result names: they compute it."""


def names_of(scores: Scores, region: str) -> Text:
    """The names of a region or a group of the index."""
    for group in scores.index.level(scores.level).groups:
        if group.id == region:
            return group.name
    known = scores.regions[region]
    return Text(known.name, known.name_en or known.name)


def wide_table(scores: Scores, standing: Standing) -> pd.DataFrame:
    """A row per region, the best first: rank, region, both names, score, a column per pillar, coverage, mark."""
    pillars = {pillar.code: standing.pillars[:, place] for place, pillar in enumerate(scores.index.pillars)}
    names = [names_of(scores, region) for region in standing.regions]
    frame = pd.DataFrame(
        {
            "rank": _rank_column(standing.overall_rank),
            "region": standing.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": standing.overall,
            **pillars,
            "coverage": standing.coverage,
            "mark": [LOW_COVERAGE.en if low else "" for low in standing.low_coverage],
        }
    )
    if scores.screened:
        reasons = [scores.screened.get(region, "") for region in standing.regions]
        frame["mark"] = [
            f"not ranked: {why}" if why else mark for why, mark in zip(reasons, frame["mark"], strict=True)
        ]
    if scores.tiers is not None and standing is scores.standing:
        frame.insert(2, "tier", scores.tiers.of)
    if scores.index.overrides:
        frame["overrides"] = "; ".join(scores.index.overrides)
    return frame.sort_values(["rank", "region"], ignore_index=True)


def _rank_column(ranks: npt.NDArray[np.int64]) -> pd.Series[int]:
    """The ranks; a region that is not ranked has none."""
    return pd.Series(ranks) if (ranks > 0).all() else pd.Series(ranks, dtype="Int64").where(ranks > 0)


def for_people(scores: Scores, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A wide table in one language: one name, headings in words, no column that says nothing."""
    other = "en" if lang == "zh" else "zh"
    pillars = {pillar.code: pillar.name.zh if lang == "zh" else pillar.name.en for pillar in scores.index.pillars}
    marks = {LOW_COVERAGE.en: LOW_COVERAGE.zh if lang == "zh" else LOW_COVERAGE.en}
    shown = frame.drop(columns=["region", f"region_{other}"]).replace({"mark": marks})
    if not (shown["mark"] != "").any():
        shown = shown.drop(columns="mark")
    shown = shown.rename(columns={f"region_{lang}": "region", "score": "overall"})
    return shown.rename(columns={name: pillars.get(name) or heading(name, lang) for name in shown.columns})


def tidy_table(scores: Scores) -> pd.DataFrame:
    """A row per region and code, at every level of the hierarchy, groups after regions.

    Columns: index, kind, region, region_zh, region_en, level, code, name_zh, name_en, raw, normalised, score, rank,
    coverage. `level` is that of the hierarchy: 1 for an indicator. `raw` and `normalised` are an indicator's.
    """
    frames = list(_tidy(scores, scores.standing, "region"))
    if scores.groups is not None:
        frames += _tidy(scores, scores.groups, "group")
    whole = pd.concat(frames, ignore_index=True)
    return whole.assign(overrides="; ".join(scores.index.overrides)) if scores.index.overrides else whole


def _tidy(scores: Scores, standing: Standing, kind: str) -> Iterator[pd.DataFrame]:
    index = scores.index
    names = [names_of(scores, region) for region in standing.regions]
    for level in range(index.depth, 0, -1):
        for place, part in enumerate(index.at(level)):
            points = standing.at(level)[:, place]
            leaf = level == 1 and standing is scores.standing
            yield pd.DataFrame(
                {
                    "index": index.id,
                    "kind": kind,
                    "region": standing.regions,
                    "region_zh": [name.zh for name in names],
                    "region_en": [name.en for name in names],
                    "level": level,
                    "code": part.code,
                    "name_zh": part.name.zh,
                    "name_en": part.name.en,
                    "raw": scores.standing.raw[:, place] if leaf else np.nan,
                    "normalised": scores.standing.normalised[:, place] if leaf else np.nan,
                    "score": points,
                    "rank": _ranks(scores, standing, level, place),
                    "coverage": _coverage(index, standing, level, place),
                }
            )


def _ranks(scores: Scores, standing: Standing, level: int, place: int) -> Floats:
    """Ranks where the index ranks: overall and by pillar; NaN elsewhere."""
    if level == scores.index.depth:
        return _ranked_only(standing.overall_rank)
    if level == scores.index.depth - 1:
        return _ranked_only(standing.pillar_ranks[:, place])
    return np.full(len(standing.regions), np.nan)


def _ranked_only(ranks: npt.NDArray[np.int64]) -> Floats:
    return np.where(ranks > 0, ranks, np.nan)


def _coverage(index: Index, standing: Standing, level: int, place: int) -> Floats:
    if level == index.depth:
        return standing.coverage
    if level == index.depth - 1:
        return standing.pillar_coverage[:, place]
    return np.full(len(standing.regions), np.nan)


def sheets(scores: Scores, lang: str) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: scores, groups, pillars, indicators, coverage, method."""
    zh = lang == "zh"
    tidy = tidy_table(scores)
    found = {"得分" if zh else "scores": wide_table(scores, scores.standing)}
    if scores.groups is not None:
        found["经济圈" if zh else "groups"] = wide_table(scores, scores.groups)
    index = scores.index
    pillars = tidy[tidy["level"].between(2, index.depth - 1)].drop(columns=["index", "raw", "normalised"])
    found["一级与二级指标" if zh else "pillars"] = pillars
    found["指标" if zh else "indicators"] = _indicators(scores, tidy)
    found["数据覆盖率" if zh else "coverage"] = coverage_table(scores)
    found["方法" if zh else "method"] = method_table(scores, lang)
    return found


def _indicators(scores: Scores, tidy: pd.DataFrame) -> pd.DataFrame:
    """A row per region and indicator: raw, normalised, weight, weighted score, unit."""
    leaves = tidy[(tidy["level"] == 1) & (tidy["kind"] == "region")]
    by_code = {leaf.code: leaf for leaf in scores.index.leaves}
    return (
        leaves.assign(
            weight=[by_code[code].weight for code in leaves["code"]],
            unit=[by_code[code].unit for code in leaves["code"]],
            direction=[by_code[code].direction for code in leaves["code"]],
        )
        .drop(columns=["index", "kind", "level", "rank", "coverage"])
        .rename(columns={"score": "weighted"})
    )


def coverage_table(scores: Scores) -> pd.DataFrame:
    """A row per indicator: regions with a value, matches without a year, and why it is missing or constant."""
    standing = scores.standing
    undated = scores.measures.undated.groupby("metric")["undated"].sum()
    rows = []
    for place, leaf in enumerate(scores.index.leaves):
        source = leaf.source.name if leaf.source is not None else ""
        marks = {
            "missing": leaf.code in scores.missing,
            "constant: scores 0": leaf.code in scores.constant,
            "not dated: no window touches it": leaf.code in scores.undated and scores.window.given,
        }
        rows.append(
            {
                "code": leaf.code,
                "name_zh": leaf.name.zh,
                "name_en": leaf.name.en,
                "source": str(leaf.source),
                "regions_with_value": int((~standing.missing[:, place]).sum()),
                "regions": len(standing.regions),
                "undated_matches": int(undated.get(source, 0)),
                "mark": "; ".join(mark for mark, holds in marks.items() if holds),
                "reason": scores.missing.get(leaf.code, ""),
            }
        )
    return pd.DataFrame(rows)


def method_table(scores: Scores, lang: str) -> pd.DataFrame:
    """How the scores were made: key and value; weights with their sources; gaps of the index."""
    index = scores.index
    rows = [
        ("index", f"{index.id}: {index.title.zh if lang == 'zh' else index.title.en}"),
        ("source", index.source.zh if lang == "zh" else index.source.en),
        ("index hash", index.hash),
        ("level", scores.level),
        ("ranked regions", str(len(scores.standing.regions))),
        ("not ranked: unknown to the dataset", ", ".join(scores.unranked)),
        ("window", str(scores.window) or "none"),
        ("dataset", scores.dataset.name),
        ("dataset hash", scores.dataset.hash),
        ("table of values", "" if scores.table is None else f"{scores.table.file} (SHA-256 {scores.table.hash})"),
        ("not ranked: screened out", "; ".join(f"{region}: {why}" for region, why in scores.screened.items())),
        *describe_index(index, lang),
        *((f"version of {name}", text) for name, text in versions().items()),
    ]
    return pd.DataFrame([row for row in rows if row[1]], columns=["key", "value"])


def describe_index(index: Index, lang: str) -> Iterator[tuple[str, str]]:
    """The rules of an index as key and value, and what a run has changed of them; weights with their sources; gaps."""
    yield "changed for this run", "; ".join(index.overrides)
    yield from describe_rules(index)
    for part in index.indicators:
        yield f"weight {part.code}", f"{part.weight} ({part.weight_source})"
    for gap in index.gaps:
        yield "gap", gap.zh if lang == "zh" else gap.en


def versions() -> dict[str, str]:
    """The versions of the program, of Python and of the packages that compute."""
    return {
        "ecosystem": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ENGINES},
    }


def doubt_table(scores: Scores) -> pd.DataFrame:
    """A row per region without gaps, the best first: names, score, a share per indicator.

    The score is 1 for the regions that none outdoes. Shares are weight x value / score and add up to 1. Raises as
    `benefit_of_the_doubt`.
    """
    standing, leaves = scores.standing, scores.index.leaves
    full = np.flatnonzero(~np.isnan(standing.prepared).any(axis=-1)).tolist()
    directions = np.array([float(leaf.direction) for leaf in leaves])
    found = doubt(standing.prepared[full], directions, scores.index.weighting)
    regions = [standing.regions[place] for place in full]
    names = [names_of(scores, region) for region in regions]
    frame = pd.DataFrame(
        {
            "region": regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": found.scores,
            **{leaf.code: found.shares[:, place] for place, leaf in enumerate(leaves)},
        }
    )
    return frame.sort_values(["score", "region"], ascending=[False, True], ignore_index=True)


def against(frame: pd.DataFrame, old: pd.DataFrame, index: Index) -> pd.DataFrame:
    """A wide table with what changed since an earlier one, tidy or wide: old rank, change of rank and of score.

    A positive change of rank is a climb. Raises RegionError when the earlier table has not the columns.
    """
    if "code" in old.columns:
        old = old[old["code"] == index.top.code]
    lacking = [name for name in ("region", "score", "rank") if name not in old.columns]
    if lacking:
        hint = "give a CSV that `ecosystem score --out` or `--format csv` wrote"
        raise RegionError(f"the earlier table has no column {', '.join(lacking)}", hint=hint)
    before = old.assign(region=old["region"].astype("str")).drop_duplicates("region").set_index("region")
    matched = before.reindex(frame["region"])
    changed = frame.assign(
        rank_old=matched["rank"].to_numpy(dtype=np.float64),
        rank_change=matched["rank"].to_numpy(dtype=np.float64) - frame["rank"].to_numpy(),
        score_change=frame["score"].to_numpy() - matched["score"].to_numpy(dtype=np.float64),
    )
    return changed.astype({"rank_old": "Int64", "rank_change": "Int64"})


def chosen(frame: pd.DataFrame, scores: Scores, regions: Sequence[str], top: int | None) -> pd.DataFrame:
    """The rows of some regions, by any of their names, and of the first `top`."""
    if regions:
        known: Mapping[str, str] = {name: region for region in frame["region"] for name in _known_as(scores, region)}
        wanted = [known.get(name) or scores.regions.resolve(name, level=scores.level) for name in regions]
        outside = [name for name, region in zip(regions, wanted, strict=True) if region not in set(frame["region"])]
        if outside:
            message = f"{', '.join(outside)} is not ranked by {scores.index.id}"
            raise RegionError(message, hint="leave --region out to see who is")
        frame = frame[frame["region"].isin(wanted)]
    return frame.head(top) if top is not None else frame


def _known_as(scores: Scores, region: str) -> tuple[str, ...]:
    name = names_of(scores, region)
    return (region, name.zh, name.en)
