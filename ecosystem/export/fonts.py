"""A font that has every character of the labels of a picture, so that none becomes a box."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
"""Fonts with Chinese characters, the best first; also what the viewer of an SVG is told to look for."""
LATIN = "DejaVu Sans"
"""The font that comes with matplotlib."""


def font_for(texts: Iterable[str]) -> str | None:
    """The family of an installed font that has every character of the texts; None where none has."""
    wanted = {ord(char) for text in texts for char in text if not char.isspace()}
    for family in (LATIN, *(family for family in FAMILIES if family in _installed())):
        if wanted <= _characters(_installed()[family]):
            return family
    return None


@cache
def _installed() -> dict[str, Path]:
    return {entry.name: Path(entry.fname) for entry in reversed(font_manager.fontManager.ttflist)}


@cache
def _characters(path: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(path)).get_charmap())
