"""Tables of a resampling in words, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecosystem.headings import heading
from ecosystem.messages import tr
from ecosystem.robustness.rank_intervals import USUAL_TOP
from ecosystem.robustness.robustness_tables import one_name, top_heading
from ecosystem.robustness.sample import Resampling
from ecosystem.scoring.result import names_of

SHOWN = ("rank", "region", "entities", "rank_low", "rank_high", "marginal", "simultaneous", "mark")
"""The columns that a terminal shows."""


def sample_words(found: Resampling, lang: str) -> pd.DataFrame:
    """The table of the regions for a person to read: one name, a set of ranks in one cell, headings in words."""
    frame = found.regions(top=())
    frame = frame.assign(region=frame["region_zh" if lang == "zh" else "region_en"])
    sets = {name: _between(frame[f"{name}_low"], frame[f"{name}_high"]) for name in ("marginal", "simultaneous")}
    frame = frame.assign(**sets)
    shown = [name for name in SHOWN if name != "mark" or (frame["mark"] != "").any()]
    share = f"{found.coverage:.0%}"
    words = {
        "marginal": tr("ranks, {share} each", share=share),
        "simultaneous": tr("ranks, {share} all at once", share=share),
    }
    return frame[shown].rename(columns={name: words.get(name) or heading(name, lang) for name in shown})


def sample_table_words(found: Resampling, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table of pairs or of draws for a person to read: one name for a region, headings in words."""
    if "region_zh" not in frame.columns:
        names = {region: names_of(found.scores, region).to(lang) for region in found.scores.standing.regions}
        frame = frame.assign(region=frame["region"].map(names))
    frame = one_name(frame, lang)
    words = sample_headings(found)
    return frame.rename(columns={name: words.get(str(name)) or heading(str(name), lang) for name in frame.columns})


def _between(low: pd.Series[int], high: pd.Series[int]) -> list[str]:
    return ["" if pd.isna(first) else f"{first}-{last}" for first, last in zip(low, high, strict=True)]


def sample_headings(found: Resampling) -> Mapping[str, str]:
    """Words for the columns that no heading knows: the other region of a pair, shares of the first regions."""
    return {"other": tr("other region"), **{f"top_{k}": top_heading(f"top_{k}") for k in USUAL_TOP}}


def sample_sheets(found: Resampling) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: regions, pairs of regions, who was drawn, what is to be said beside the numbers."""
    return {
        "regions": found.regions(),
        "pairs": found.pairs(),
        "strata": found.strata(),
        "notes": pd.DataFrame({"note": found.notes()}),
    }
