"""Tables of a resampling in words, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecosystem.headings import heading
from ecosystem.messages import tr
from ecosystem.robustness.robustness_tables import top_heading
from ecosystem.robustness.sample import Resampling

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


def _between(low: pd.Series[int], high: pd.Series[int]) -> list[str]:
    return ["" if pd.isna(first) else f"{first}-{last}" for first, last in zip(low, high, strict=True)]


def sample_headings(found: Resampling) -> Mapping[str, str]:
    """Words for the columns that no heading knows: shares of the first regions."""
    return {name: top_heading(name) for name in found.regions().columns if name.startswith("top_")}


def sample_sheets(found: Resampling) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: regions, pairs of regions, who was drawn, what is to be said beside the numbers."""
    return {
        "regions": found.regions(),
        "pairs": found.pairs(),
        "strata": found.strata(),
        "notes": pd.DataFrame({"note": found.notes()}),
    }
