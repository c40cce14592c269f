"""How every picture looks: colours, words, fonts with Chinese characters, the mark of made-up data, the file."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.ticker import MaxNLocator

from ecosystem.export.files import PICTURES, check_suffix
from ecosystem.headings import heading
from ecosystem.index import Text
from ecosystem.tables.atomic import write_bytes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


SHOWN = 40
"""The most bars of one picture, or lines with labels of their own: all provinces have room. More are counted on it."""
LINES = 10
"""The most lines of one picture that only colours distinguish."""
UP, DOWN, UNCHANGED = "#2a7f62", "#b5483a", "#8a8f98"
PALETTE = (
    "#2f6f9f", "#e0902f", "#2a7f62", "#b5483a", "#7b5ea7", "#8c6d4f", "#d17ba8", "#5f6b78", "#a3a833", "#3fa7b5",
)  # fmt: skip
"""The colours of what stands side by side, such as pillars, in their order; then again in lighter shades."""
PALE = "#d5d9de"
"""What is there for comparison: other regions, the grid."""
GRADIENT = "RdBu_r"
"""From -1 to 1."""
BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 8}
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
_NO_GLYPH = r"Glyph .* missing from"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words on a picture: in a language, or `plain`, in Latin letters alone, where no font has the others."""

    lang: str
    plain: bool = False

    def name(self, identifier: str, chinese: str, english: str) -> str:
        """The label of what has an id and two names."""
        wanted = chinese if self.lang == "zh" else english
        return _shown(wanted if not self.plain or wanted.isascii() else (english if english.isascii() else identifier))

    def of(self, identifier: str, names: Text) -> str:
        """The label of what has an id and names."""
        return self.name(identifier, names.zh, names.en)

    def word(self, key: str) -> str:
        """A heading."""
        return heading(key, self.lang)


def _shown(text: str) -> str:
    """A text without characters that no font draws and no XML can carry."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cn"))


class Picture(Figure):
    """A figure that a notebook shows where it stands."""

    def _repr_png_(self) -> bytes:
        return drawn(self, "png", font_for(texts_of(self)))


def shown_figure(draw: Callable[[Wording], Figure], *, lang: str, made_up: bool) -> Figure:
    """The figure itself, to look at and to change; labels that no font can draw are in English, or ids."""
    figure, family, _ = _figure_with_font(draw, lang, made_up, "png")
    for text in figure.findobj(mpl.text.Text):
        text.set_fontfamily(family or LATIN)
        text.set_parse_math(False)
    return figure


def write_figure(
    draw: Callable[[Wording], Figure],
    path: str | Path,
    *,
    lang: str,
    made_up: bool,
    suffixes: tuple[str, ...] = PICTURES,
    dpi: int = 150,
) -> bool:
    """Draw into a .svg or .png file; false where its labels are not those of the language.

    An SVG keeps its texts as text, and its viewer finds a font. In a PNG or PDF, labels that no installed font can draw
    are given in English, or by their id. UsageError for another suffix, OutputError where it cannot be written.
    """
    path = Path(path)
    kind = check_suffix(path, suffixes)[1:]
    figure, family, plain = _figure_with_font(draw, lang, made_up, kind)
    write_bytes(path, drawn(figure, kind, family, dpi))
    return not plain


def _figure_with_font(
    draw: Callable[[Wording], Figure], lang: str, made_up: bool, kind: str
) -> tuple[Figure, str | None, bool]:
    """The figure, the font that has all of its characters, and whether it is in plain words since none has them."""
    for plain in (False, True):
        wording = Wording("en" if plain else lang, plain)
        figure = draw(wording)
        if made_up:
            figure.text(1, _top_of(figure), wording.word("synthetic"), ha="right", va="bottom", color=DOWN, fontsize=9)
        family = font_for(texts_of(figure))
        if kind == "svg" or family is not None or plain:
            break
    return figure, family, plain


def _top_of(figure: Figure) -> float:
    """Where all that is drawn ends, in heights of the figure: a title may reach over its edge."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_NO_GLYPH)
        return max(1.0, float(figure.get_tightbbox().y1 / figure.get_figheight()))


_METADATA = {"svg": {"Date": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
"""What a file would say of when and by what it was made, left out."""


def drawn(figure: Figure, kind: str, family: str | None, dpi: int = 150) -> bytes:
    """The bytes of a file; the same figure gives the same."""
    buffer = io.BytesIO()
    settings = mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "ecosystem", "pdf.fonttype": 42, "axes.unicode_minus": False}
    )
    with settings, warnings.catch_warnings():
        # the size of a text is measured without its font; in an SVG it is the viewer who draws it
        warnings.filterwarnings("ignore", message=_NO_GLYPH)
        for text in figure.findobj(mpl.text.Text):
            text.set_fontfamily(family or LATIN)
            text.set_parse_math(False)
        figure.savefig(buffer, format=kind, dpi=dpi, bbox_inches="tight", metadata=_METADATA[kind])
    if kind != "svg":
        return buffer.getvalue()
    families = ", ".join(f"'{name}'" for name in dict.fromkeys([family or LATIN, *FAMILIES]))
    return buffer.getvalue().replace(f"'{family or LATIN}'".encode(), f"{families}, sans-serif".encode())


def texts_of(figure: Figure) -> list[str]:
    """All that is written on a figure."""
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]


def new_axes(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of so many inches, and its axes: no frame above and at the right."""
    figure = Picture(figsize=(width, height))
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.01)
    return figure, axes


def of_all(title: str, shown: int, total: int) -> str:
    """A title that says how many of all are drawn, where that is not all of them."""
    return title if shown == total else f"{title} ({shown} / {total:,})".strip()


def first_of(frame: pd.DataFrame) -> pd.DataFrame:
    """As many rows as one picture has room for."""
    return frame.head(SHOWN)


def colour(place: int) -> str:
    """The colour of the first, second, ... of what stands side by side."""
    return lighter(PALETTE[place % len(PALETTE)], min(place // len(PALETTE), 3) * 0.25)


def lighter(shade: str, by: float) -> str:
    """A colour, so much of the way to white."""
    red, green, blue = (part + (1 - part) * by for part in mpl.colors.to_rgb(shade))
    return mpl.colors.to_hex((red, green, blue))


def bars(labels: Sequence[str], values: Sequence[float], title: str) -> Figure:
    """Horizontal bars, the first on top."""
    figure, axes = new_axes(8, 1 + 0.28 * max(len(labels), 1))
    places = np.arange(len(labels))[::-1]
    axes.barh(places, values, color=[DOWN if value < 0 else UP for value in values])
    axes.set_yticks(places, labels)
    axes.set_xlabel(title)
    if all(float(value).is_integer() for value in values):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def ems(text: str) -> float:
    """The width of a text in its own height, about: a Chinese character takes 1, a Latin letter 0.6."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6 for char in text)


def folded(text: str, width: float) -> str:
    """A text in lines of at most so many ems, broken between words, or between Chinese characters."""
    lines = [""]
    for piece in re.findall(r"\s+|[^\s\u2e80-\uffef]+|.", text):
        if lines[-1] and ems(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in lines if line.strip())


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
