"""How every picture looks: colours, sizes, words, the mark of made-up data, the file."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ecosystem.dataset.dataset import folder_name
from ecosystem.errors import UsageError
from ecosystem.export.files import PICTURES, check_suffix
from ecosystem.export.plots.figure_file import drawn, in_fonts, measuring, texts_of
from ecosystem.export.plots.fonts import FAMILY, LATIN, families_for, lacking
from ecosystem.headings import heading
from ecosystem.index import Index, Text
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import speaking, tr
from ecosystem.model import level_word
from ecosystem.scoring import Scores
from ecosystem.scoring.panel import Panel
from ecosystem.tables.atomic import write_bytes

if TYPE_CHECKING:
    import pandas as pd


COLUMN, PAGE = 8.5, 17.0
"""The widths of pictures in centimetres: of a column, and of a page. Sizes of texts are those in print."""
WIDTHS = {"column": COLUMN, "page": PAGE}
NARROWEST, WIDEST = 6.0, 60.0
SMALL, USUAL, TITLE = 6.0, 7.0, 8.5
"""The sizes of texts in points: no text is smaller than the first."""
FINE = 1e-4
"""What is less is written with a power of ten."""
SHOWN = 40
"""The most bars of one picture, or lines with labels of their own: all provinces have room. More are counted on it."""
LINES = 10
"""The most lines of one picture that only colours distinguish."""
PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#e8873a", "#44599c", "#8c6d4f", "#77b8a1",
)  # fmt: skip
"""The colours of what stands side by side, such as pillars, in their order; then again in lighter shades.

People with any kind of colour vision tell them apart; the first six are Tol's bright ones (Tol 2021)."""
UP, DOWN, UNCHANGED = "#2f6f9f", "#d1602f", "#8a8f98"
"""More and less as blue and orange: red and green are one colour to one man in twelve."""
INK, GREY = "#22262b", "#6b727b"
PALE = "#d5d9de"
"""What is there for comparison: other regions, the grid."""
GRADIENT = "RdBu_r"
"""From -1 to 1."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words on a picture: in a language; `plain` where nothing is to be written that no font of this machine has.

    `undrawn` gathers the names in whose place the id stands then. `width` is that of the picture in centimetres, None
    as usual for its kind.
    """

    lang: str
    plain: bool = False
    width: float | None = None
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

    def inches(self, usual: float) -> float:
        """The width of the picture in inches, where it is usually so many centimetres wide."""
        return (self.width or usual) / 2.54


def _shown(text: str) -> str:
    """A text without characters that no font draws and no XML can carry."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cn"))


def width_of(text: str) -> float:
    """The centimetres of a width: `column`, `page`, or a number such as 8.9cm. UsageError for any other."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(?:cm)?", text.strip())
    width = WIDTHS.get(text) or (float(found[1]) if found else 0.0)
    if not NARROWEST <= width <= WIDEST:
        hint = tr("write column, page or centimetres from {least:g}cm to {most:g}cm", least=NARROWEST, most=WIDEST)
        raise UsageError(tr("{width!r} is no width of a picture", width=text), hint=hint)
    return width


Draw = Callable[[Wording], Figure]
Foot = Callable[[Wording], Sequence[str]]
"""What stands under a picture: index, level, years, data."""


def shown_figure(draw: Draw, *, lang: str, made_up: bool, foot: Foot | None = None, width: str | None = None) -> Figure:
    """The figure itself, to look at and to change."""
    with _styled(lang):
        figure = _figure(draw, Wording(_one(lang), plain=True, width=_width(width)), made_up, foot)
        in_fonts(figure)
        figure.draw_without_rendering()
    return figure


def write_figure(
    draw: Draw,
    path: str | Path,
    *,
    lang: str,
    made_up: bool,
    foot: Foot | None = None,
    width: str | None = None,
    suffixes: tuple[str, ...] = PICTURES,
) -> tuple[str, ...]:
    """Draw into a .svg, .png or .pdf file; the names in whose place an id stands, since no font has their characters.

    An SVG keeps its texts as text, whatever they are. UsageError for another suffix and for a width that is none,
    OutputError where the file cannot be written.
    """
    path = Path(path)
    kind = check_suffix(path, suffixes)[1:]
    words = Wording(_one(lang), plain=kind != "svg", width=_width(width))
    with _styled(lang):
        content = drawn(_figure(draw, words, made_up, foot), kind)
    write_bytes(path, content)
    return tuple(words.undrawn)


def _one(lang: str) -> str:
    """The language of a picture: Chinese where both are asked for, since there is room for one."""
    return "en" if lang == "en" else "zh"


def _width(width: str | None) -> float | None:
    return None if width is None else width_of(width)


@contextmanager
def _styled(lang: str) -> Iterator[None]:
    """The sizes and fonts of every picture, and texts in its language, as long as it is drawn."""
    families_for(())  # the font of the package is known from here on
    settings = mpl.rc_context(
        {
            "font.family": [FAMILY, LATIN], "font.size": USUAL, "axes.unicode_minus": False,
            "axes.titlesize": USUAL, "axes.labelsize": USUAL, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
            "legend.fontsize": SMALL, "figure.titlesize": TITLE, "axes.linewidth": 0.5, "xtick.major.width": 0.5,
            "xtick.major.size": 2.5, "xtick.major.pad": 2, "ytick.major.pad": 2, "axes.labelpad": 2,
            "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": INK,
            "text.parse_math": False,
        }
    )  # fmt: skip
    with settings, speaking(_one(lang)):
        yield


def _figure(draw: Draw, wording: Wording, made_up: bool, foot: Foot | None) -> Figure:
    """The figure, and under it what it is drawn from."""
    figure = draw(wording)
    in_fonts(figure, plain=wording.plain)
    with measuring():
        low = float(figure.get_tightbbox().y0) / figure.get_figheight()
    mark = wording.word("synthetic") if made_up else ""
    down = low - 3 / 72 / figure.get_figheight()
    if mark:
        figure.text(1, down, mark, ha="right", va="top", color=DOWN, fontsize=SMALL)
    if foot is not None:
        written = {"".join(text.split()) for text in texts_of(figure)}
        parts = [part for part in foot(wording) if part and "".join(part.split()) not in written]
        said = folded(" · ".join(parts), figure.get_figwidth() * 72 / SMALL - ems(mark) - 2)
        figure.text(0, down, said, va="top", color=GREY, fontsize=SMALL)
    return figure


def foot_of(source: Scores | Panel | Index, wording: Wording) -> list[str]:
    """Which index, which level, which years and which data a picture is of."""
    if isinstance(source, Index):
        return []
    years = source.window if isinstance(source, Scores) else f"{source.years[0]}-{source.years[-1]}"
    index = wording.of(source.index.id, source.index.title)
    data = Path(folder_name(source.dataset.name)).name
    given = tr("data: {name}", name=data) if data else ""
    return [index, level_word(source.level), str(years), given]


def title_of(source: Scores, wording: Wording, what: str) -> str:
    """A title that says of which index and which level it is; then the foot need not."""
    index = wording.of(source.index.id, source.index.title)
    return tr("{index}, {level}: {what}", index=index, level=level_word(source.level), what=what)


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


def told_apart(labels: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Names, with the code behind one that two codes share."""
    of = dict.fromkeys(zip(labels, codes, strict=True))
    twice = Counter(label for label, _ in of)
    pairs = zip(labels, codes, strict=True)
    return [f"{label} ({code})" if twice[label] > 1 and label != code else label for label, code in pairs]


def is_dark(shade: str) -> bool:
    """Whether white stands out on a colour more than black."""
    red, green, blue = mpl.colors.to_rgb(shade)
    return bool(0.299 * red + 0.587 * green + 0.114 * blue < 0.62)


def number(value: float, among: Sequence[float] | FloatArray) -> str:
    """A value with as many digits as tell apart those among which it stands; two digits of one that is far less."""
    if np.isnan(value):
        return "–"
    largest = float(np.nanmax(np.abs(np.asarray(among, dtype=np.float64)), initial=0.0))
    if all(float(each).is_integer() for each in (value, *among) if not np.isnan(each)):
        return f"{value:,.0f}"
    digits = 0 if largest >= 1000 else 1 if largest >= 100 else 2 if largest >= 10 else 3
    text = f"{value:,.{digits}f}"
    if not value or float(text.replace(",", "")):
        return text
    return f"{value:.2g}" if abs(value) >= FINE else f"{value:.0e}"


def compact(value: float, lang: str) -> str:
    """A value of an axis, short: 120万 or 1.2m for 1,200,000."""
    steps = ((1e8, "亿"), (1e4, "万")) if lang == "zh" else ((1e9, "bn"), (1e6, "m"), (1e4, ""))
    for step, word in steps:
        if abs(value) >= step and word:
            return f"{value / step:,.4g}{word}"
        if abs(value) >= step:
            return f"{value:,.0f}"
    return f"{value:.6g}"


def ems(text: str) -> float:
    """The width of a text in its own height, about: a Chinese character takes 1, a Latin letter 0.56."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56 for char in text)


def folded(text: str, width: float) -> str:
    """A text in lines of at most so many ems, broken between words, or between Chinese characters.

    No line begins with a sign that closes, or ends with one that opens.
    """
    lines = [""]
    for piece in re.findall(r"\s+|[（《“]*(?:[^\s\u2e80-\uffef]+|[^（《“\s])[，。、）》”：；！？％]*|.", text):
        if lines[-1] and ems(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in lines if line.strip())
