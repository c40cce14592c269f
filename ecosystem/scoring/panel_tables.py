"""A panel as tables: the path of every region, every score of every year, the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.paths import entries, exits
from ecosystem.index.tiers import tier
from ecosystem.scoring.tables import describe_index, versions

if TYPE_CHECKING:
    from ecosystem.scoring.panel import Panel


def path_table(panel: Panel) -> pd.DataFrame:
    """A row per region, the best of the last year first: scores, ranks, tiers, growth, rank change, entry, exit.

    `rank_change` is positive for a climb, from the first to the last year in which a region is ranked. The tiers of a
    year are those of its own scores.
    """
    standing, years = panel.standing, panel.years
    names = [panel.regions[region] for region in standing.regions]
    ranks = _ranks(panel)
    columns: dict[str, object] = {
        "region": standing.regions,
        "region_zh": [one.name for one in names],
        "region_en": [one.name_en or one.name for one in names],
        **{f"score_{year}": standing.overall[at] for at, year in enumerate(years)},
        **{f"rank_{year}": pd.array(ranks[at]).astype("Int64") for at, year in enumerate(years)},
        **_tiers(panel),
        "growth": panel.growth.to_numpy(),
        "rank_change": pd.array(-_change(ranks)).astype("Int64"),
        "entry": _when(entries(standing.overall_rank), years),
        "exit": _when(exits(standing.overall_rank), years),
    }
    frame = pd.DataFrame(columns)
    if panel.index.overrides:
        frame["overrides"] = "; ".join(panel.index.overrides)
    return frame.sort_values([f"rank_{years[-1]}", "region"], ignore_index=True)


def _tiers(panel: Panel) -> dict[str, object]:
    """The tier of each region in every year, missing where it is not ranked."""
    rule = panel.index.tiers
    if rule is None:
        return {}
    tiers = [tier(scores, rule).of for scores in panel.standing.overall]
    named = zip(panel.years, tiers, strict=True)
    return {f"tier_{year}": pd.array(np.where(of > 0, of, np.nan)).astype("Int64") for year, of in named}


def tidy_panel(panel: Panel) -> pd.DataFrame:
    """A row per year, region and code at every level of the hierarchy: score, rank of the index, whether it is dated.

    `scale` says what the scores are normalised over; `dated` is False for an indicator that is the same in every year.
    """
    whole = pd.concat(_years(panel), ignore_index=True).assign(scale="pooled" if panel.pooled else "yearly")
    return whole.assign(overrides="; ".join(panel.index.overrides)) if panel.index.overrides else whole


def _years(panel: Panel) -> Iterator[pd.DataFrame]:
    ranks, depth = _ranks(panel), panel.index.depth
    for at, year in enumerate(panel.years):
        for level in range(depth, 0, -1):
            scores = panel.standing.at(level)[at]
            for place, part in enumerate(panel.index.at(level)):
                columns = {
                    "year": year,
                    "region": panel.standing.regions,
                    "level": level,
                    "code": part.code,
                    "score": scores[:, place],
                    "rank": ranks[at] if level == depth else np.nan,
                    "dated": part.code not in panel.undated,
                }
                yield pd.DataFrame(columns)


def panel_sheets(panel: Panel, lang: str) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: the paths, every score, the method; named in `lang`."""
    zh = lang == "zh"
    rows = [
        ("index", f"{panel.index.id}: {panel.index.title.zh if zh else panel.index.title.en}"),
        ("index hash", panel.index.hash),
        ("level", panel.level),
        ("years", f"{panel.years[0]}-{panel.years[-1]}"),
        ("scale", "one over all years" if panel.pooled else "one for each year"),
        ("not dated: the same in every year", ", ".join(panel.undated)),
        ("not ranked: unknown to the source", ", ".join(panel.unranked)),
        *((f"screened out in {year}", _listed(reasons)) for year, reasons in panel.screened.items()),
        ("dataset", panel.measures.store.dataset.name),
        ("dataset hash", panel.measures.store.dataset.hash),
        *describe_index(panel.index, lang),
        *((f"version of {name}", text) for name, text in versions().items()),
    ]
    return {
        "变化" if zh else "paths": path_table(panel),
        "得分" if zh else "scores": tidy_panel(panel),
        "方法" if zh else "method": pd.DataFrame([row for row in rows if row[1]], columns=["key", "value"]),
    }


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{region}: {why}" for region, why in reasons.items())


def _ranks(panel: Panel) -> FloatArray:
    """The ranks (years, regions), NaN for a region that is not ranked."""
    return np.where(panel.standing.overall_rank > 0, panel.standing.overall_rank, np.nan)


def _change(ranks: FloatArray) -> FloatArray:
    """The last rank less the first of every region."""
    known = ~np.isnan(ranks)
    first, last = known.argmax(axis=0), len(ranks) - 1 - known[::-1].argmax(axis=0)
    columns = np.arange(ranks.shape[1])
    change: FloatArray = ranks[last, columns] - ranks[first, columns]
    return change


def _when(flags: BoolArray, years: Sequence[int]) -> list[str]:
    return [", ".join(str(year) for at, year in enumerate(years) if flags[at, row]) for row in range(flags.shape[1])]
