"""How results show themselves: a few lines at a prompt, a table with its title in a notebook, a picture."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import ecosystem as eco
from ecosystem.audit import curve, knock_out_each, needed_values, overtake, trace, versus
from ecosystem.dataset.describe import describe
from ecosystem.errors import UsageError
from ecosystem.export import graph_parts
from ecosystem.export.plots import figure_file
from ecosystem.index import Variant, evaluate_variants, index_folder
from ecosystem.index.coherence import coherence
from ecosystem.index.files.value_files import read_values
from ecosystem.index.statistics.drop_one import drop_one
from ecosystem.index.statistics.optimised_weights import weights_of_equal_importance
from ecosystem.messages import speaking
from ecosystem.notebook import LINES, ROWS, WIDTH, few_lines, html_rows, html_table
from ecosystem.published.comparison import compare_published
from ecosystem.published.implied_weights import implied_weights
from ecosystem.published.printed_scores import ScoreTable
from ecosystem.published.published import read_published
from ecosystem.scoring import Scores
from ecosystem.scoring.panel import score_panel
from ecosystem.synthetic.synthesize import synthesize

INDEX = "cingai-2023"
HOSTILE = "<script>alert(1)</script>\x1b[2J"
"""What a name in a file may be: markup, and the code that clears a terminal."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook") / "data"
    synthesize(folder, companies=100, links=1000, seed=3)
    companies = folder / "companies.csv"
    rows = pd.read_csv(companies, dtype=str, keep_default_na=False)
    rows.loc[rows["id"] == "C000001", "name"] = "<script>alert(1)</script>"
    rows.to_csv(companies, index=False)
    (folder.parent / "values.csv").write_text("region,a,b,kind\nx,1,2,<i>u</i>\ny,3,1,v\nz,2,2,v\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def scores(folder: Path) -> Iterator[Scores]:
    store = eco.open_store(folder.parent / "graph.duckdb", create=True)
    store.load(eco.read_dataset(folder).dataset)
    yield eco.score(eco.load_index(INDEX), store)
    store.close()


@pytest.fixture(scope="module")
def results(scores: Scores, folder: Path) -> list[Any]:
    """One of every kind of result."""
    return list(made(scores, folder))


def made(scores: Scores, folder: Path) -> Iterator[Any]:
    store, index = scores.graph, scores.index
    assert store is not None
    yield scores
    yield score_panel(index, store, since=2019, until=2021)
    yield scores.standing
    yield scores.groups
    yield index
    measures = eco.measure(store, eco.load_metrics())
    yield measures
    yield measures.evidence("enablement_links")
    yield measures.metrics["enablement_links"]
    yield eco.explain(scores, "四川省", top=2)
    yield versus(scores, "四川省", "北京市", top=2)
    yield eco.knockout(scores, ["C000001"])
    yield trace(scores, "C000001")
    yield curve(scores, "北京市", remove=3)
    yield knock_out_each(scores, "University")
    order = scores.standing.overall_rank.argsort()
    second, first = (scores.standing.regions[order[at]] for at in (1, 0))
    yield overtake(scores, second, first)
    yield needed_values(scores, second, first)
    published = read_published(index, index_folder(INDEX))
    yield published
    yield compare_published(index, published, store)
    table = ScoreTable("p", ("x", "y", "z"), ("a", "b"), np.array([[1.0, 2], [3, 1], [2, 2]]), (2, 2))
    yield implied_weights([table], ScoreTable("t", ("x", "y", "z"), ("t",), np.array([[3.0], [4], [4]]), (2,)))
    yield coherence(scores.standing)
    yield drop_one(scores.standing, level=2)
    yield weights_of_equal_importance(scores.standing)
    yield evaluate_variants(index, scores.standing.raw, [Variant()], level=scores.level)
    reading = eco.read_dataset(folder)
    yield reading
    yield reading.dataset
    yield describe(reading.dataset)
    yield graph_parts(reading.dataset)
    yield eco.shipped_regions()
    yield read_values(folder.parent / "values.csv")


@pytest.mark.parametrize("lang", ["en", "zh", "both"])
def test_every_result_is_told_in_five_lines_and_shown_as_a_table_with_its_title(results: list[Any], lang: str) -> None:
    with speaking(lang):
        for result in results:
            kind = type(result).__name__
            lines = repr(result).split("\n")
            assert len(lines) <= LINES, kind
            assert max(map(len, lines)) <= WIDTH, kind
            assert " object at 0x" not in lines[0], kind
            shown = result._repr_html_()
            title = re.match(r"<div><p><b>(.+)</b></p>\n<table>", shown)
            assert title is not None, kind
            assert "<script>" not in shown, kind
            assert "<i>" not in shown, kind


def test_an_explanation_shows_its_tree_to_the_last_indicator(scores: Scores) -> None:
    explanation = eco.explain(scores, "四川省", top=3)
    shown = explanation._repr_html_()
    for step in explanation.steps.to_dict("records"):
        assert f"{'&nbsp;&nbsp;&nbsp;&nbsp;' * (4 - step['level'])}{html.escape(step['name_en'])}</td>" in shown
    with speaking("zh"):
        assert "企业能力" in explanation._repr_html_()
    with pytest.raises(UsageError, match="there is no depth 'entitty'\n  hint: did you mean 'entity'"):
        explanation.tree(cast("Any", "entitty"))


def test_names_are_never_run() -> None:
    shown = html_table(HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE, None, 1.5]}))
    assert shown == html_rows(HOSTILE, [HOSTILE], [(HOSTILE,), (None,), (1.5,)])
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[2J") == 3
    assert few_lines(HOSTILE, "", HOSTILE) == "<script>alert(1)</script>\\x1b[2J\n<script>alert(1)</script>\\x1b[2J"


def test_numbers_years_blanks_and_what_is_left_out() -> None:
    frame = pd.DataFrame({"year": [2023] * 70, "big": [1234567] * 70, "share": [1 / 3] * 69 + [np.nan], "part": "  x"})
    shown = html_table("t", frame)
    assert shown.count("<tr>") == ROWS + 1
    assert '<td style="text-align: right">2023</td><td style="text-align: right">1,234,567</td>' in shown
    assert (
        '<td style="text-align: right">0.3333</td><td style="text-align: left">&nbsp;&nbsp;&nbsp;&nbsp;x</td>' in shown
    )
    assert "<p>the first 60 of 70 rows</p>" in shown
    assert "–" in html_table("t", frame, most=70)
    assert few_lines("t", *"abcdef", more="x") == "t\na\nb\nc\nmore: x"
    assert few_lines("x" * 200).endswith("…")


def test_results_draw_themselves(results: list[Any]) -> None:
    figures = [result.plot() for result in results if hasattr(result, "plot")]
    assert len(figures) == 11
    assert all(isinstance(figure, Figure) for figure in figures)
    assert figures[0]._repr_png_().startswith(b"\x89PNG")


def test_the_words_of_a_picture_are_in_the_language_that_is_spoken(
    scores: Scores,
) -> None:
    assert "Sichuan" in words(eco.explain(scores, "四川省").plot())
    assert "四川省" in words(eco.explain(scores, "四川省").plot(lang="zh"))
    with speaking("zh"):
        assert "四川省" in " ".join(words(scores.plot(kind="dot", regions=["Sichuan"])))


def words(figure: Figure) -> list[str]:
    return figure_file.texts_of(figure)


def test_what_cannot_be_drawn_is_refused(scores: Scores) -> None:
    explanation, unpictured = eco.explain(scores, "四川省"), cast("Scores", scores.regions)
    refused: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: scores.plot(kind="pie"), "'pie' is not a kind of picture"),
        (lambda: scores.plot(part="nonsense"), "no part 'nonsense'"),
        (lambda: scores.plot(regions=["Atlantis"]), "Atlantis"),
        (lambda: scores.plot(lang="fr"), "there is no language 'fr'\n  hint: write zh or en"),
        (lambda: explanation.plot(top=3), "the picture of Explanation has no top"),
        (lambda: eco.plot(unpictured), "Regions has no picture"),
    )
    for call, message in refused:
        with pytest.raises(eco.EcosystemError, match=re.escape(message)):
            call()
