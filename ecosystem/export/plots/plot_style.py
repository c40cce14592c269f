"""How every picture looks: colours, sizes, words, the mark of made-up data, the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.export.files import PICTURES, check_suffix
from ecosystem.export.plots.figure_file import DPI, Picture, drawn, in_fonts, measuring
from ecosystem.export.plots.fonts import lacking
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


@dataclass(frozen=True, slots=True)
class Wording:
    """The words on a picture: in a language; `plain` where nothing is to be written that no font of this machine has.

    `undrawn` gathers the names in whose place the id stands then.
    """

    lang: str
    plain: bool = False
    undrawn: list[str] = field(default_factory=list, compare=False)

    def name(self, identifier: str, chinese: str, english: str) -> str:
        """The label of what has an id and two names; the id where a name has characters that no font has."""
        wanted = _shown(chinese if self.lang == "zh" else english)
        if not self.plain or not lacking(wanted):
            return wanted
        if wanted not in self.undrawn:
            self.undrawn.append(wanted)
        return _shown(identifier)

    def of(self, identifier: str, names: Text) -> str:
        """The label of what has an id and names."""
        return self.name(identifier, names.zh, names.en)

    def word(self, key: str) -> str:
        """A heading."""
        return heading(key, self.lang)


def _shown(text: str) -> str:
    """A text without characters that no font draws and no XML can carry."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cn"))


def shown_figure(draw: Callable[[Wording], Figure], *, lang: str, made_up: bool) -> Figure:
    """The figure itself, to look at and to change."""
    figure = _figure(draw, Wording(lang, plain=True), made_up)
    in_fonts(figure)
    return figure


def write_figure(
    draw: Callable[[Wording], Figure],
    path: str | Path,
    *,
    lang: str,
    made_up: bool,
    suffixes: tuple[str, ...] = PICTURES,
    dpi: int = DPI,
) -> tuple[str, ...]:
    """Draw into a .svg, .png or .pdf file; the names in whose place an id stands, since no font has their characters.

    An SVG keeps its texts as text, whatever they are. UsageError for another suffix, OutputError where the file cannot
    be written.
    """
    path = Path(path)
    kind = check_suffix(path, suffixes)[1:]
    words = Wording(lang, plain=kind != "svg")
    write_bytes(path, drawn(_figure(draw, words, made_up), kind, dpi))
    return tuple(words.undrawn)


def _figure(draw: Callable[[Wording], Figure], wording: Wording, made_up: bool) -> Figure:
    figure = draw(wording)
    if made_up:
        in_fonts(figure, plain=wording.plain)
        with measuring():
            top = max(1.0, float(figure.get_tightbbox().y1 / figure.get_figheight()))
        figure.text(1, top, wording.word("synthetic"), ha="right", va="bottom", color=DOWN, fontsize=9)
    return figure


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
