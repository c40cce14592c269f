"""`ecosystem demo`: the main job on synthetic data, end to end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.console import LangOption, progress, say, show

INDEX = "cingai-2023"


def demo(
    lang: LangOption,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files go.")] = Path("demo"),
) -> None:
    """Generate a synthetic dataset, check it, load it, score it: ends in the ranked table."""
    from ecosystem.dataset import read_dataset
    from ecosystem.dataset.synthesize import synthesize
    from ecosystem.errors import DatasetError
    from ecosystem.export import write_scores
    from ecosystem.index import load_index
    from ecosystem.scoring import score
    from ecosystem.store import open_store

    begun = time.monotonic()
    data, graph = folder / "dataset", folder / "graph.duckdb"
    with progress() as report:
        if data.exists():
            say(f"1 generate  {data} is there from an earlier demo and is used as it is")
        else:
            _make(folder)
            synthesize(data, companies=2200, links=10000, seed=1, progress=report)
            say(f"1 generate  {data}: 2,200 companies and 10,000 links, all of them made up")
        reading = read_dataset(data, progress=report)
        if not reading.clean:
            hint = f"remove {folder} and run the demo again"
            raise DatasetError(f"{data} has errors", findings=reading.findings, hint=hint)
        say(f"2 check     {sum(count.read for count in reading.counts):,} rows, no errors")
        store = open_store(graph, create=True)
        store.load(reading.dataset, progress=report)
        say(f"3 load      {graph}")
        scores = score(load_index(INDEX), store, progress=report)
    write_scores(scores, folder / "scores.xlsx", lang=lang)
    say(f"4 score     {INDEX}, {folder / 'scores.xlsx'}; {time.monotonic() - begun:.1f} s in all\n")
    show(scores.overall(lang), title=scores.index.title.to(lang.value))
    store.close()
    say("\nThe data are made up: the ranking shows what the program does and says nothing of any place. Next:")
    say(f"  ecosystem metrics run enablement_links --evidence --store {graph}")
    say(f"  ecosystem score {INDEX} --groups --since 2019 --store {graph}")
    say(f"  ecosystem index show {INDEX}")


def _make(folder: Path) -> None:
    from ecosystem.errors import OutputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(f"{folder} cannot be made: {err.strerror}", hint="name another: ecosystem demo DIR") from err
