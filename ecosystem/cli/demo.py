"""`ecosystem demo`: the main job on the twin, end to end, and how many of the printed figures it meets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import Lang, LangOption, progress, say, show

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.dataset.records import Progress
    from ecosystem.scoring import Scores
    from ecosystem.store import GraphStore

INDEX, REGION = "cingai-2023", "330000"
MOST = 8
"""Indicators of the explained region that are shown, those that bring most first."""


def demo(
    lang: LangOption,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files go.")] = Path("demo"),
) -> None:
    """Make the twin of an index, check, load and score it, explain a region, and count the printed figures it meets."""
    from ecosystem.audit.comparison import compare_published
    from ecosystem.audit.published import read_published
    from ecosystem.export import write_scores
    from ecosystem.index import index_folder, load_index
    from ecosystem.scoring.tables import names_of

    begun = time.monotonic()
    index = load_index(INDEX)
    with progress() as report:
        graph = _loaded(folder, report)
        comparison = compare_published(index, read_published(index, index_folder(INDEX)), graph, progress=report)
    scores = comparison.scores["province"]
    write_scores(scores, folder / "scores.xlsx", lang=lang)
    say(f"4 score     {INDEX}, {folder / 'scores.xlsx'}\n")
    show(scores.overall(lang), title=f"{scores.index.title.to(lang.value)} [{_SYNTHETIC[lang]}]")
    show(explanation(scores, REGION, lang), title=f"\n{names_of(scores, REGION).to(lang.value)} [{_SYNTHETIC[lang]}]")
    graph.close()
    say(f"\n5 explain   {names_of(scores, REGION).to(lang.value)}: what brings its score, the most first")
    say(f"6 compare   printed figures beside ours; {time.monotonic() - begun:.1f} s in all")
    say("The data are made up: they prove the arithmetic, and say nothing of any place.\n")
    say(comparison.verdict)
    say("\nNext:")
    store = folder / "graph.duckdb"
    say(f"  ecosystem metrics run enablement_links --evidence --store {store}")
    say(f"  ecosystem score {INDEX} --groups --since 2019 --store {store}")
    say(f"  ecosystem compare published {INDEX} --cells --store {store}")


_SYNTHETIC = {Lang.en: "synthetic data", Lang.zh: "合成数据"}


def explanation(scores: Scores, region: str, lang: Lang) -> pd.DataFrame:
    """The indicators that bring a region most points: value, points, and how many matches stand behind them."""
    from ecosystem.headings import headings
    from ecosystem.scoring.tables import tidy_table

    tidy = tidy_table(scores)
    leaves = tidy[(tidy["region"] == region) & (tidy["level"] == 1)].nlargest(MOST, "score")
    frame = leaves.assign(
        indicator=leaves[f"name_{lang.value}"],
        matches=[_matches(scores, code, region) for code in leaves["code"]],
    )[["indicator", "raw", "normalised", "score", "matches"]]
    return frame.rename(columns=headings(frame.columns, lang.value))


def _matches(scores: Scores, code: str, region: str) -> int:
    """How many matches stand behind the value of an indicator in a region."""
    frame = scores.evidence(code).frame()
    return int((frame["region"] == region).sum())


def _loaded(folder: Path, report: Progress) -> GraphStore:
    """The twin, made unless it is there, checked and loaded. DatasetError where it has errors."""
    from ecosystem.dataset import read_dataset
    from ecosystem.dataset.twin import write_twin
    from ecosystem.errors import DatasetError
    from ecosystem.store import open_store

    data, graph = folder / "dataset", folder / "graph.duckdb"
    if data.exists():
        say(f"1 twin      {data} is there from an earlier demo and is used as it is")
    else:
        write_twin(INDEX, data, progress=report)
        say(f"1 twin      {data}: organisations and links, all of them made up, after the printed scores")
    reading = read_dataset(data, progress=report)
    if not reading.clean:
        hint = f"remove {folder} and run the demo again"
        raise DatasetError(f"{data} has errors", findings=reading.findings, hint=hint)
    say(f"2 check     {sum(count.read for count in reading.counts):,} rows, no errors")
    store = open_store(graph, create=True)
    store.load(reading.dataset, progress=report)
    say(f"3 load      {graph}")
    return store
