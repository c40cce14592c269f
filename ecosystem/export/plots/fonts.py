"""The fonts of pictures: that of the package first, so that a picture is the same on every machine."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from ecosystem.resources import resource

FAMILY = "Ecosystem Sans SC"
"""The font of the package, Noto Sans SC under a name of its own: two fonts of one name would be taken by chance."""
FONT = resource("data", "fonts", "EcosystemSansSC-Regular.ttf")
LATIN = "DejaVu Sans"
"""The font that comes with matplotlib: scripts that ours lacks, such as Arabic and Hebrew."""
FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
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
"""Fonts with Chinese characters, asked where both others lack one; the viewer of an SVG is told of them too."""
NO_GLYPH = "〓"
"""What stands for a character that no font has: printers put this sign where they had no type."""


def families_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The families with which texts are drawn, character by character the first that has it."""
    wanted = frozenset(ord(char) for text in texts for char in text if not char.isspace())
    chosen = [FAMILY, LATIN]
    lacking = wanted - _characters(FAMILY) - _characters(LATIN)
    for family in FAMILIES:
        found = lacking & _characters(family)
        if found:
            chosen.append(family)
            lacking -= found
    return tuple(chosen)


def lacking(text: str) -> str:
    """The characters of a text that no font has, each once."""
    found = dict.fromkeys(char for char in text if not char.isspace() and not _is_drawn(char))
    return "".join(found)


def without_boxes(text: str) -> str:
    """A text in which a sign stands for every character that no font has."""
    return "".join(char if char.isspace() or _is_drawn(char) else NO_GLYPH for char in text)


def face(texts: Iterable[str]) -> str:
    """The rule of a style sheet that brings the characters of texts along, cut from the font of the package.

    The same texts give the same rule; a page of Chinese labels takes about 40 kB.
    """
    options = Options()
    options.flavor = "woff"
    font = TTFont(io.BytesIO(_content()), lazy=True, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={ord(char) for text in texts for char in text} & _characters(FAMILY))
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f"@font-face{{font-family:'{FAMILY}';src:url(data:font/woff;base64,{data}) format('woff')}}"


def style_names(families: Sequence[str]) -> str:
    """The families as a style sheet lists them, with those that a viewer may have in place of them."""
    return ", ".join([*(f"'{name}'" for name in dict.fromkeys([*families, *FAMILIES])), "sans-serif"])


def _is_drawn(char: str) -> bool:
    return any(ord(char) in _characters(family) for family in (FAMILY, LATIN, *FAMILIES))


@cache
def _content() -> bytes:
    return FONT.read_bytes()


@cache
def _installed() -> dict[str, Path]:
    """The fonts by family; matplotlib keeps a list of those that it once found, into which ours is put each time."""
    font_manager.fontManager.addfont(FONT)
    return {entry.name: Path(entry.fname) for entry in reversed(font_manager.fontManager.ttflist)}


@cache
def _characters(family: str) -> frozenset[int]:
    """The characters of an installed font; none where it is not installed."""
    path = _installed().get(family)
    return frozenset(FT2Font(str(path)).get_charmap()) if path is not None else frozenset()
