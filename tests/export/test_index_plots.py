"""Pictures of an index: every kind, format and language; every label is there, and the numbers are those of scores."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command import Run, runner
from matplotlib.patches import Rectangle, Wedge
from tables import write_csv

from ecosystem.dataset.dataset import MARK
from ecosystem.errors import RegionError, SpecError, UsageError
from ecosystem.export.plots import KINDS, region_plots, write_index_plot
from ecosystem.export.plots.framework_plots import _apart, framework, shares_of
from ecosystem.export.plots.plot_style import Wording, ems, folded
from ecosystem.export.plots.region_plots import Choice, bar, comparable, ranks
from ecosystem.index import load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.scoring import Scores, score
from ecosystem.scoring.panel import Panel, score_panel

PARTS: list[list[object]] = [
    ["code", "parent", "level", "name_zh", "name_en", "direction", "weight", "weight_source", "unit", "source"],
    ["firms", "means", 1, "企业数", "Firms", 1, 0.3, "assumed", "firms", "column:firms"],
    ["papers", "means", 1, "论文数", "Papers", 1, 0.2, "assumed", "", "column:papers"],
    ["jobless", "work", 1, "失业率", "Jobless", -1, 0.3, "assumed", "", "column:jobless"],
    ["wages", "pay", 1, "工资", "Wages", 1, 0.2, "assumed", "", "column:wages"],
    ["notes", "pay", 1, "备注", "Notes", 1, 0, "assumed", "", "column:notes"],
    ["means", "top", 2, "基础", "Means", 1, 0.5, "assumed", "", ""],
    ["work", "top", 2, "就业", "Work", 1, 0.3, "assumed", "", ""],
    ["pay", "top", 2, "收入", "Pay", 1, 0.2, "assumed", "", ""],
    ["top", "", 3, "总指数", "Index", 1, 1, "assumed", "", ""],
]
CODES = ("firms", "papers", "jobless", "wages", "notes")
REGIONS = ("甲", "乙", "丙", "丁$x$", "戊")
LEAVES = {"en": ("Firms", "Papers", "Jobless", "Wages", "Notes"), "zh": ("企业数", "论文数", "失业率", "工资", "备注")}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    run = runner(monkeypatch, capsys)
    numbers = np.random.default_rng(1).lognormal(size=(3, len(REGIONS), len(CODES))).round(3)
    numbers[:, 1] = numbers[:, 0]  # two regions of one rank
    rows: list[list[object]] = [
        [region, year, *numbers[at, row]]
        for at, year in enumerate((2020, 2021, 2022))
        for row, region in enumerate(REGIONS)
    ]
    rows[2][3] = ""
    write_csv(tmp_path / "values.csv", [["region", "year", *CODES], *rows])
    write_csv(tmp_path / "once.csv", [["region", *CODES], *([row[0], *row[2:]] for row in rows[:5]), ["己", *[""] * 5]])
    assert run("index", "new", "mine", "--from", "once.csv").code == 0
    write_csv(tmp_path / "mine" / "indicators.csv", PARTS)
    return run


@pytest.fixture
def scores(run: Run, tmp_path: Path) -> Scores:
    index = load_index("mine")
    return score(replace(index, screening=None), values=read_values(tmp_path / "once.csv"))


@pytest.fixture
def panel(run: Run, tmp_path: Path) -> Panel:
    return score_panel(load_index("mine"), values=read_values(tmp_path / "values.csv"))


def texts(path: Path) -> list[str]:
    return [text.strip() for text in re.findall(r"<text\b[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))]


def source_of(kind: str, scores: Scores, panel: Panel) -> Scores | Panel:
    return panel if KINDS[kind].of == "panel" else scores


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_both_formats_and_always_alike(
    kind: str, scores: Scores, panel: Panel, tmp_path: Path
) -> None:
    source = source_of(kind, scores, panel)
    for suffix, begin in ((".svg", b"<?xml"), (".png", b"\x89PNG")):
        write_index_plot(source, kind, tmp_path / f"one{suffix}")
        assert (tmp_path / f"one{suffix}").read_bytes().startswith(begin)
    write_index_plot(source, kind, tmp_path / "two.svg", lang="zh")
    write_index_plot(source, kind, tmp_path / "three.svg", lang="zh")
    assert (tmp_path / "two.svg").read_bytes() == (tmp_path / "three.svg").read_bytes()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["bar", "dot", "ranks", "correlations", "distributions", "framework"])
def test_no_region_and_no_indicator_is_left_out(
    kind: str, lang: str, scores: Scores, panel: Panel, tmp_path: Path
) -> None:
    write_index_plot(source_of(kind, scores, panel), kind, tmp_path / "all.svg", lang=lang)
    written = " ".join(texts(tmp_path / "all.svg"))
    expected = REGIONS if kind in ("bar", "dot", "ranks") else LEAVES[lang]
    assert [name for name in expected if name not in written] == []
    if kind in ("bar", "dot"):
        assert "己  –" in written


def test_the_bars_of_a_region_add_up_to_its_score(scores: Scores) -> None:
    figure = bar(scores, Wording("en"), Choice())
    bars = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    rows = len(scores.standing.regions)
    assert len(bars) == 3 * rows
    widths = np.array([each.get_width() for each in bars]).reshape(3, rows).sum(axis=0)
    overall = np.sort(np.nan_to_num(scores.standing.overall))[::-1]
    assert widths == pytest.approx(overall, abs=1e-9)


def test_pillars_are_drawn_on_one_scale_whatever_they_weigh(scores: Scores) -> None:
    normalised, pillars = comparable(scores, 1), comparable(scores, 2)
    assert pillars[:, 1] == pytest.approx(normalised[:, 2], nan_ok=True)
    assert pillars[:2, 0] == pytest.approx((0.3 * normalised[:2, 0] + 0.2 * normalised[:2, 1]) / 0.5)


def test_the_rings_are_as_wide_as_the_weights(scores: Scores) -> None:
    for source in (scores, scores.index):
        shares = shares_of(source)
        assert [shares[code] for code in CODES] == pytest.approx([0.3, 0.2, 0.3, 0.2, 0])
        wedges = [
            each for each in framework(source, Wording("en"), Choice()).axes[0].patches if isinstance(each, Wedge)
        ]
        turns = sorted(round((each.theta2 - each.theta1) / 360, 9) for each in wedges)
        assert turns == [0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.5]


def test_a_weight_of_zero_is_told_beside_the_rings(scores: Scores, tmp_path: Path) -> None:
    write_index_plot(scores, "framework", tmp_path / "rings.svg")
    assert "weight 0: Notes" in texts(tmp_path / "rings.svg")


def test_names_of_narrow_rings_are_moved_apart() -> None:
    turns = np.array([0.1, 0.1001, 0.1002, 0.5, 0.999, 0.9995])
    found = _apart(turns, 0.02)
    steps = np.diff(np.r_[found, found[:1] + 1])
    assert (steps > 0.0195).all()
    assert found[3] == 0.5


def test_regions_of_one_rank_are_not_written_over_each_other(panel: Panel) -> None:
    figure = ranks(panel, Wording("zh"), Choice())
    ends = [(each.xy, each.get_text()) for each in figure.axes[0].texts if hasattr(each, "xy")]
    assert len({place for place, _ in ends}) == len(ends) == 2 * len(REGIONS)
    same = [text for _, text in ends if "甲" in text or "乙" in text]
    assert len({re.sub(r"[甲乙 ]", "", text) for text in same[:2]}) == 1


def test_a_picture_says_how_many_of_all_it_has(scores: Scores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_index_plot(scores, "dot", tmp_path / "some.svg", top=2)
    assert any("(2 / 6)" in text for text in texts(tmp_path / "some.svg"))
    monkeypatch.setattr(region_plots, "MOST_ROWS", 4)
    write_index_plot(scores, "bar", tmp_path / "some.svg")
    assert any("(4 / 6)" in text for text in texts(tmp_path / "some.svg"))


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of_made_up_data_say_so(kind: str, scores: Scores, panel: Panel, tmp_path: Path) -> None:
    source = source_of(kind, scores, panel)
    made_up = replace(source, dataset=replace(source.dataset, name=f"data{MARK}"))
    write_index_plot(made_up, kind, tmp_path / "made.svg", lang="zh")
    assert "合成数据" in texts(tmp_path / "made.svg")
    write_index_plot(source, kind, tmp_path / "real.svg", lang="zh")
    assert "合成数据" not in texts(tmp_path / "real.svg")


def test_what_cannot_be_drawn_is_refused_in_words(scores: Scores, panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "no.svg"
    refused: tuple[tuple[type[Exception], str, Callable[[], object]], ...] = (
        (UsageError, "'pie' is not a kind", lambda: write_index_plot(scores, "pie", out)),
        (UsageError, "'radar' has no option top", lambda: write_index_plot(scores, "radar", out, top=3)),
        (
            UsageError,
            "'framework' has no option region",
            lambda: write_index_plot(scores, "framework", out, regions=["甲"]),
        ),
        (UsageError, "needs scores by year", lambda: write_index_plot(scores, "ranks", out)),
        (UsageError, "needs scores of one window", lambda: write_index_plot(panel, "bar", out)),
        (UsageError, "'means' has 2 parts: too few", lambda: write_index_plot(scores, "radar", out, part="means")),
        (SpecError, "no part 'mean'", lambda: write_index_plot(scores, "bar", out, part="mean")),
        (RegionError, "庚", lambda: write_index_plot(scores, "bar", out, regions=["庚"])),
        (UsageError, r"\.svg, \.png, \.pdf", lambda: write_index_plot(scores, "bar", tmp_path / "no.gif")),
    )
    for kind, message, draw in refused:
        with pytest.raises(kind, match=message):
            draw()
    assert not out.exists()


def test_the_command_draws_every_kind(run: Run, tmp_path: Path) -> None:
    for kind in KINDS:
        values = ("--values", "values.csv" if kind == "ranks" else "once.csv") if kind != "framework" else ()
        done = run("index", "plot", "mine", *values, "--kind", kind, "--out", f"{kind}.svg", "--lang", "zh")
        assert (done.code, done.err.splitlines()[-1]) == (0, f"已绘制：{kind}.svg")
    words = ("index", "plot", "mine", "--values", "once.csv")
    shown = run(*words, "--kind", "radar", "--region", "甲", "--region", "丙", "--out", "two.svg")
    assert shown.code == 0
    assert {"甲", "丙"} <= set(texts(tmp_path / "two.svg"))
    assert run(*words, "--kind", "bar", "--stage", "raw", "--out", "no.svg").code == 2
    assert run(*words, "--out", "once.csv").code == 2
    assert run(*words, "--out", "no.gif").code == 2
    assert not (tmp_path / "no.svg").exists()


def test_texts_are_folded_between_words_and_chinese_characters() -> None:
    assert folded("企业创新能力 23.2%", 5) == "企业创新能\n力 23.2%"
    assert folded("Innovation capability of companies", 11) == "Innovation\ncapability of\ncompanies"
    assert folded("指数（2023），省级", 6) == "指数\n（2023），\n省级"
    assert all(ems(line) <= 6 for line in folded("国际技术输入关系数 4.4%", 6).split("\n"))
    assert folded("short", 20) == "short"
