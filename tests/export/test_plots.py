"""Pictures: every kind is drawn, in every format; Chinese is never boxes; the same result gives the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from ecosystem.audit import curve, explain, knock_out_each, knockout, overtake, trace, versus
from ecosystem.audit.audit_tables import Result
from ecosystem.dataset import read_dataset
from ecosystem.errors import UsageError
from ecosystem.export.plots import KINDS, fonts, plot, plot_style, write_plot
from ecosystem.export.plots.figure_file import DPI, drawn, texts_of
from ecosystem.index import load_index
from ecosystem.network import linkage
from ecosystem.scoring import Scores, score
from ecosystem.scoring.panel import score_panel
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize

pytestmark = pytest.mark.long
Lang = Literal["zh", "en"]
OVERLAP = 2.0
"""So many dots of 300 an inch are the edges of two boxes, not their letters."""


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scores]:
    folder = tmp_path_factory.mktemp("plots")
    synthesize(folder / "data", companies=100, links=1000, seed=3)
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(read_dataset(folder / "data").dataset)
    yield score(load_index("cingai-2023"), store)
    store.close()


def results(scores: Scores) -> Iterator[Result]:
    yield explain(scores, "四川省", top=2)
    yield versus(scores, "四川省", "北京市", top=2)
    yield knockout(scores, ["C000001"])
    yield trace(scores, "C000001")
    yield curve(scores, "北京市", remove=3, random=2)
    yield knock_out_each(scores, "University")
    order = scores.standing.overall_rank.argsort()
    names = [scores.standing.regions[order[at]] for at in (1, 0)]
    yield overtake(scores, names[0], names[1])


@pytest.mark.long
def test_every_kind_in_every_format(scores: Scores, tmp_path: Path) -> None:
    for number, result in enumerate(results(scores)):
        for suffix, begin in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
            path = tmp_path / f"{number}{suffix}"
            write_plot(result, path, lang="zh")
            assert path.read_bytes().startswith(begin)
    write_plot(next(results(scores)), tmp_path / "again.svg", lang="zh")
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "0.svg").read_bytes()


def test_an_svg_keeps_its_chinese_as_text_and_names_fonts(scores: Scores, tmp_path: Path) -> None:
    write_plot(explain(scores, "四川省", top=1), tmp_path / "tree.svg", lang="zh")
    svg = (tmp_path / "tree.svg").read_text(encoding="utf-8")
    texts = {text.strip() for text in re.findall(r"<text\b[^>]*>([^<]*)</text>", svg)}
    assert {"四川省", "区域竞争力"} <= texts
    assert "Noto Sans CJK SC" in svg


def test_another_suffix_is_refused(scores: Scores, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.svg, \.png, \.pdf"):
        write_plot(explain(scores, "四川省", top=1), tmp_path / "tree.gif")
    assert list(tmp_path.iterdir()) == []


def _drawn_texts(path: Path) -> list[str]:
    return [text.strip() for text in re.findall(r"<text\b[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))]


@pytest.mark.long
@pytest.mark.parametrize(("lang", "mark"), [("zh", "合成数据"), ("en", "synthetic data")])
def test_every_picture_of_made_up_data_says_so(scores: Scores, tmp_path: Path, lang: str, mark: str) -> None:
    for number, result in enumerate(results(scores)):
        write_plot(result, tmp_path / f"{number}.svg", lang=lang)
        assert mark in _drawn_texts(tmp_path / f"{number}.svg")


def test_a_picture_has_every_province_or_says_how_many_of_all(
    scores: Scores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = knockout(scores, ["C000001"])
    write_plot(result, tmp_path / "all.svg", lang="zh")
    texts = " ".join(_drawn_texts(tmp_path / "all.svg"))
    names = result.regions()["region_zh"]
    assert len(names) == 31
    assert [name for name in names if name not in texts] == []
    assert "/" not in texts
    monkeypatch.setattr(plot_style, "SHOWN", 30)
    loads = knock_out_each(scores, "University")
    pictures: tuple[tuple[Result, int], ...] = ((result, 31), (loads, len(loads.table)))
    for picture, total in pictures:
        write_plot(picture, tmp_path / "some.svg", lang="zh")
        assert total > 30
        assert any(f"(30 / {total:,})" in text for text in _drawn_texts(tmp_path / "some.svg"))


def figures(scores: Scores, lang: Lang) -> Iterator[tuple[str, Figure]]:
    """Every picture that there is, by a name."""
    for result in results(scores):
        yield type(result).__name__, plot(result, lang=lang)
    for kind in KINDS:
        if kind != "ranks":
            yield kind, plot(scores, kind=kind, lang=lang)
    assert scores.graph is not None
    panel = score_panel(scores.index, scores.graph, since=2019, until=2022)
    yield "ranks", plot(panel, lang=lang)
    yield "network", plot(linkage(scores.graph, "enablement"), lang=lang)


@pytest.fixture(scope="module")
def chinese(scores: Scores) -> dict[str, Figure]:
    return dict(figures(scores, "zh"))


@pytest.fixture(scope="module")
def english(scores: Scores) -> dict[str, Figure]:
    return dict(figures(scores, "en"))


@pytest.mark.long
def test_a_chinese_picture_is_chinese(chinese: dict[str, Figure]) -> None:
    """No boxes, no English, no codes of organisations; the two fonts that every machine has draw it."""
    bare = fonts._characters(fonts.FAMILY) | fonts._characters(fonts.LATIN)
    for name, figure in chinese.items():
        texts = texts_of(figure)
        assert any("\u4e00" <= char <= "\u9fff" for text in texts for char in text), name
        assert {char for text in texts for char in text if not char.isspace()} <= set(map(chr, bare)), name
        assert fonts.NO_GLYPH not in "".join(texts), name
        assert [text for text in texts if re.search(r"[A-Za-z]{2,}[\s,.:]+[A-Za-z]{2,}", text)] == [], name
        assert [text for text in texts if re.search(r"\b[A-Z]\d{5,}\b", text)] == [], name


def test_no_text_is_too_small_in_print(chinese: dict[str, Figure], english: dict[str, Figure]) -> None:
    for name, figure in [*chinese.items(), *english.items()]:
        written = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        assert min(float(text.get_fontsize()) for text in written) >= plot_style.SMALL, name


@pytest.mark.long
def test_pictures_are_as_wide_as_a_column_or_a_page(chinese: dict[str, Figure], english: dict[str, Figure]) -> None:
    """Nothing reaches beyond; a page where a column has no room for what is always drawn."""
    for name, figure in [*chinese.items(), *english.items()]:
        page = name in ("correlations", "distributions", "framework", "network")
        wide = plot_style.PAGE if page else plot_style.COLUMN
        image = mpl.image.imread(io.BytesIO(drawn(figure, "png")))
        assert image.shape[1] == pytest.approx(wide / 2.54 * DPI, abs=2), name


@pytest.mark.parametrize("lang", ["chinese", "english"])
def test_labels_do_not_meet(lang: str, request: pytest.FixtureRequest) -> None:
    for name, figure in request.getfixturevalue(lang).items():
        if name in ("framework", "network", "correlations", "distributions"):
            continue  # turned texts, texts over their nodes, texts in cells, ticks beyond their axes
        figure.draw_without_rendering()
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        inside = [text for text in texts if text.get_rotation() == 0]
        boxes = np.array([text.get_window_extent().extents for text in inside])
        low, high = boxes[:, None, :2], boxes[None, :, 2:]
        over = np.minimum(high, high.transpose(1, 0, 2)) - np.maximum(low, low.transpose(1, 0, 2))
        meet = (over > OVERLAP).all(axis=2)
        np.fill_diagonal(meet, val=False)
        said = [(inside[a].get_text(), inside[b].get_text()) for a, b in np.argwhere(meet) if a < b]
        assert said == [], name


def test_a_width_is_said_in_words_or_centimetres(scores: Scores, tmp_path: Path) -> None:
    result = explain(scores, "四川省", top=1)
    for width, wide in (("page", 17.0), ("8.9cm", 8.9), ("12", 12.0)):
        write_plot(result, tmp_path / "tree.png", lang="zh", width=width)
        image = mpl.image.imread(tmp_path / "tree.png")
        assert image.shape[1] == pytest.approx(wide / 2.54 * DPI, abs=2)
    for width in ("narrow", "2cm", "900", "-9cm", ""):
        with pytest.raises(UsageError, match="is no width of a picture"):
            write_plot(result, tmp_path / "no.png", width=width)
    assert not (tmp_path / "no.png").exists()


def test_a_value_a_hundred_times_smaller_can_be_read() -> None:
    assert [plot_style.number(value, [80.0, 0.8, 0.004, 3e-6]) for value in (80.0, 0.8, 0.004, 3e-6)] == [
        "80.00", "0.80", "0.004", "3e-06",
    ]  # fmt: skip
    assert plot_style.number(1234, [1234, 5]) == "1,234"
    assert [plot_style.compact(1_234_000, lang) for lang in ("zh", "en")] == ["123.4万", "1.234m"]


def test_organisations_of_one_name_have_their_codes_too() -> None:
    assert plot_style.told_apart(["a", "b", "a", "b"], ["1", "2", "3", "2"]) == ["a (1)", "b", "a (3)", "b"]
