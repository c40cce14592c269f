"""Pictures: every kind is drawn, in every format; Chinese is never boxes; the same result gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecosystem.audit import curve, explain, knock_out_each, knockout, overtake, trace, versus
from ecosystem.audit.audit_tables import Result
from ecosystem.dataset import read_dataset
from ecosystem.errors import UsageError
from ecosystem.export.plots import plot_style, write_plot
from ecosystem.index import load_index
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize


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
