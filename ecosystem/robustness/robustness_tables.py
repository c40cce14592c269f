"""Tables of draws in words, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecosystem.headings import heading
from ecosystem.messages import tr
from ecosystem.robustness.choice_text import choice_name
from ecosystem.robustness.rank_intervals import Robustness
from ecosystem.scoring.result_columns import part_words

NARROW = ("rank", "region", "rank_low", "rank_median", "rank_high", "top_1", "top_3", "top_10")
"""The columns that a terminal shows."""


def region_words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table of the regions for a person to read: one name, shares in percent, headings in words."""
    own = "zh" if lang == "zh" else "en"
    frame = frame.assign(region=frame[f"region_{own}"])
    names = [name for name in NARROW if name in frame.columns]
    tops = [name for name in names if name.startswith("top_")]
    shares = {name: frame[name].astype("Float64") * 100 for name in tops}
    words = {name: top_heading(name) if name in shares else heading(name, lang) for name in names}
    return frame[names].assign(**shares).rename(columns=words)


def table_words(found: Robustness, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table of pairs or of draws for a person to read: one name for a region, headings in words."""
    frame, words = one_name(frame, lang), draw_words(found, lang)
    return frame.rename(columns={name: words.get(str(name)) or heading(str(name), lang) for name in frame.columns})


def one_name(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table with the name of each region, and of the other one of a pair, in place of its id and two names."""
    own, other = ("zh", "en") if lang == "zh" else ("en", "zh")
    for name in ("region", "other"):
        if f"{name}_{own}" in frame.columns:
            frame = frame.assign(**{name: frame[f"{name}_{own}"]}).drop(columns=[f"{name}_{own}", f"{name}_{other}"])
    return frame


def choice_words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table of the choices for a person to read: three decimals, headings in words, marks where there are any."""
    numbers = frame.select_dtypes("float").columns
    shown = frame.assign(**{name: frame[name].map("{:.3f}".format, na_action="ignore") for name in numbers})
    if not (shown["mark"] != "").any():
        shown = shown.drop(columns="mark")
    shown = shown.assign(choice=[choice_name(name, lang) for name in frame["choice"]])
    return shown.rename(columns={name: heading(str(name), lang) for name in shown.columns})


def top_heading(name: str) -> str:
    """What a column such as `top_3` is called."""
    return tr("in top {k}, %", k=name.removeprefix("top_"))


def draw_words(found: Robustness, lang: str) -> Mapping[str, str]:
    """Words for the columns of all sheets that no heading knows: indicators by their codes, shares of the top."""
    tops = [name for name in found.regions().columns if name.startswith("top_")]
    own = {"other": tr("other region"), **{name: top_heading(name) for name in tops}}
    return part_words(found.scores.index, lang) | own


def sheets(found: Robustness) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: regions, pairs of regions, every draw with its rules and weights."""
    return {"regions": found.regions(), "region_pairs": found.pairs(), "draws": found.draws()}
