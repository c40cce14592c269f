"""The font that pictures are drawn with: which characters it has, what stands where none has one, how an SVG has it."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from ecosystem.export.plots import fonts
from ecosystem.export.plots.chart import figure_of, new_chart
from ecosystem.export.plots.figure_file import DPI, drawn, texts_of
from ecosystem.export.plots.plot_style import COLUMN, Wording, shown_figure, write_figure
from ecosystem.resources import resource
from tools.font import gb2312, of_the_project

TODAY = "镕喆赟堃玥璟珹昇堽"
"""Characters of persons, firms and places that GB 2312 of 1980 does not have."""
RARE = "𠮷"
"""In no font of a bare machine."""


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with the two fonts alone that every one has."""
    known = {name: path for name, path in fonts._installed().items() if name in (fonts.FAMILY, fonts.LATIN)}
    monkeypatch.setattr(fonts, "_installed", lambda: known)
    monkeypatch.setattr(fonts, "_characters", fonts._characters.__wrapped__)


def test_the_font_has_all_that_the_package_writes_and_the_standards(bare: None) -> None:
    assert fonts.lacking("".join({char for char in of_the_project() if char.isprintable()})) == ""
    own = fonts._characters(fonts.FAMILY)
    assert [char for char in (*of_the_project(), *gb2312()) if char > "\u2fff" and ord(char) not in own] == []
    assert fonts.lacking(TODAY) == ""
    chinese = sum(0x4E00 <= code <= 0x9FFF for code in own)
    assert chinese > 7900


def test_the_font_has_a_name_of_its_own_its_licence_and_a_size_that_travels() -> None:
    font = TTFont(fonts.FONT)
    assert font["name"].getDebugName(1) == fonts.FAMILY
    assert "Open Font License" in font["name"].getDebugName(13)
    assert "SIL OPEN FONT LICENSE" in resource("data", "fonts", "OFL.txt").read_text(encoding="utf-8")
    assert fonts.FONT.stat().st_size < 3_000_000


def one_label(text: str, wording: Wording | None = None) -> Figure:
    axes = new_chart(wording or Wording("zh"), COLUMN)
    axes.set_title(wording.name("C17", text, text) if wording else text)
    return figure_of(axes)


def test_a_rare_character_is_drawn_by_a_font_that_is_installed(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fonts.families_for(["四川省 ÄÖ 1"]) == (fonts.FAMILY, fonts.LATIN)
    assert fonts.families_for([RARE]) == (fonts.FAMILY, fonts.LATIN)
    had = fonts._characters
    monkeypatch.setattr(
        fonts, "_characters", lambda family: frozenset(map(ord, RARE)) if family == "SimHei" else had(family)
    )
    assert fonts.families_for([f"{RARE}林"]) == (fonts.FAMILY, fonts.LATIN, "SimHei")


def test_a_name_that_no_font_has_stands_as_its_id_and_is_told(bare: None, tmp_path: Path) -> None:
    name = f"{RARE}林公司"
    for suffix in (".png", ".pdf"):
        told = write_figure(lambda words: one_label(name, words), tmp_path / f"a{suffix}", lang="zh", made_up=False)
        assert told == (name,)
    assert write_figure(lambda words: one_label(name, words), tmp_path / "a.svg", lang="zh", made_up=False) == ()
    assert name in (tmp_path / "a.svg").read_text(encoding="utf-8")
    shown = shown_figure(lambda words: one_label(name, words), lang="zh", made_up=False)
    assert "C17" in texts_of(shown)
    other = shown_figure(lambda _: one_label(name), lang="zh", made_up=False)
    assert f"{fonts.NO_GLYPH}林公司" in texts_of(other)


def test_an_svg_brings_along_the_characters_that_it_needs() -> None:
    svg = drawn(one_label("四川省"), "svg").decode()
    assert svg == drawn(one_label("四川省"), "svg").decode()
    (data,) = re.findall(r"url\(data:font/woff;base64,([^)]+)\)", svg)
    own = set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    assert set(map(ord, "四川省")) <= own
    assert len(own) < 40
    assert len(svg) < 30_000
    assert svg.index("'Ecosystem Sans SC', 'DejaVu Sans'") < svg.index("'Noto Sans CJK SC'")


def test_the_same_figure_gives_the_same_bytes() -> None:
    for kind in ("png", "pdf", "svg"):
        assert drawn(one_label("四川省"), kind, DPI) == drawn(one_label("四川省"), kind, DPI)
