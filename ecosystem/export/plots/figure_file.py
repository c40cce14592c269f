"""A figure as the bytes of a file, its texts in the fonts of the package; a notebook shows it where it stands."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from ecosystem.export.plots.fonts import FAMILY, face, families_for, style_names, without_boxes

DPI = 300
"""Dots per inch of a PNG, as journals ask for."""
EDGE, SLACK = 0.03, 0.005
"""The blank edge above and below, and how far a text may reach beyond the width before it grows; in inches."""
_METADATA = {"svg": {"Date": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
"""What a file would say of when and by what it was made, left out."""


class Picture(Figure):
    """A figure that a notebook shows where it stands."""

    def _repr_png_(self) -> bytes:
        return drawn(self, "png")


def texts_of(figure: Figure) -> list[str]:
    """All that is written on a figure."""
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]


def in_fonts(figure: Figure, *, plain: bool = True) -> tuple[str, ...]:
    """Set every text in the families that have its characters; `plain` puts a sign in place of those that none has."""
    families = families_for(texts_of(figure))
    for text in figure.findobj(mpl.text.Text):
        text.set_fontfamily(list(families))
        text.set_parse_math(False)
        if plain and (shown := without_boxes(text.get_text())) != text.get_text():
            text.set_text(shown)
    return families


@contextmanager
def measuring() -> Iterator[None]:
    """Texts are measured in here: a character that only the viewer of an SVG can draw has no width that matters."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        yield


def drawn(figure: Figure, kind: str, dpi: int = DPI) -> bytes:
    """The bytes of a file; the same figure gives the same. An SVG brings along the characters that it needs."""
    buffer = io.BytesIO()
    settings = mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "ecosystem", "pdf.fonttype": 42, "axes.unicode_minus": False}
    )
    with settings, measuring():
        families = in_fonts(figure, plain=kind != "svg")
        figure.savefig(buffer, format=kind, dpi=dpi, bbox_inches=_extent(figure), metadata=_METADATA[kind])
    if kind != "svg":
        return buffer.getvalue()
    return _with_font(buffer.getvalue().decode(), families, texts_of(figure)).encode()


def _extent(figure: Figure) -> Bbox:
    """What of a figure is written, in inches: its own width, or more where something reaches beyond it."""
    box = figure.get_tightbbox()
    wide = figure.get_figwidth()
    left, right = (0.0, wide) if box.x0 > -SLACK and box.x1 < wide + SLACK else (box.x0, box.x1)
    return Bbox.from_extents(left, box.y0 - EDGE, right, box.y1 + EDGE)


def _with_font(svg: str, families: Sequence[str], texts: Sequence[str]) -> str:
    """An SVG with the font of its texts in it, and after that the names of others that a viewer may have."""
    named = re.sub(rf"'{re.escape(FAMILY)}'[^;\"]*", lambda _: style_names(families), svg)
    return re.sub(r"(<svg\b[^>]*>)", lambda tag: f"{tag[1]}\n <style>{face(texts)}</style>", named, count=1)
