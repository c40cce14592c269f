"""`ecosystem demo`: the main job on the twin, end to end, and how many of the published figures it meets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import progress, say, show
from ecosystem.cli.options import LangOption
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.progress import Progress
    from ecosystem.store import GraphStore

INDEX, REGION, PILLAR = "cingai-2023", "330000", "company_capability"
TOP = 2
"""Organisations of each indicator that are named."""


def demo(
    lang: LangOption,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files go.")] = Path("demo"),
) -> None:
    """Make the twin of an index, check, load and score it, explain a region, and count the published figures met."""
    from ecosystem.audit import explain
    from ecosystem.audit.audit_words import tree
    from ecosystem.export import write_scores
    from ecosystem.headings import heading
    from ecosystem.index import index_folder, load_index
    from ecosystem.published.comparison import compare_published
    from ecosystem.published.published import read_published
    from ecosystem.report import write_report

    begun = time.monotonic()
    index = load_index(INDEX)
    with progress() as told:
        graph = _loaded(folder, told)
        comparison = compare_published(index, read_published(index, index_folder(INDEX)), graph, progress=told)
    scores = comparison.scores["province"]
    write_scores(scores, folder / "scores.xlsx", lang=lang.value)
    say(tr("4 score     {index}, {folder}\n", index=INDEX, folder=folder / "scores.xlsx"))
    report = folder / "report.html"
    write_report(scores, report, lang=lang.value, regions=[REGION])
    show(scores.overall(lang), title=f"{scores.index.title.to(lang.value)} [{heading('synthetic', lang)}]")
    found = explain(scores, REGION, indicator=PILLAR, top=TOP)
    show(tree(found, "entity", lang), title=f"\n{found.name(lang)} [{heading('synthetic', lang)}]")
    graph.close()
    say(tr("\n5 report    {report}: the same as a page; open it in a browser", report=report))
    say(tr("6 explain   {name}: what brings its points in a pillar, down to organisations", name=found.name(lang)))
    say(tr("7 compare   published figures beside ours; {seconds:.1f} s in all", seconds=time.monotonic() - begun))
    say(tr("The data are made up: they prove the arithmetic, and say nothing of any place.\n"))
    say(comparison.verdict)
    say(tr("\nNext:"))
    store = folder / "graph.duckdb"
    say(f"  ecosystem explain versus {INDEX} 四川省 湖北省 --store {store}")
    say(f"  ecosystem knockout each {INDEX} Company --top 10 --store {store}")
    say(f"  ecosystem compare published {INDEX} --cells --store {store}")


def _loaded(folder: Path, report: Progress) -> GraphStore:
    """The twin, made unless it is there, checked and loaded. DatasetError where it has errors."""
    from ecosystem.dataset import read_dataset
    from ecosystem.errors import DatasetError
    from ecosystem.store import open_store
    from ecosystem.synthetic.twin import write_twin

    data, graph = folder / "dataset", folder / "graph.duckdb"
    if data.exists():
        say(tr("1 twin      {data} exists from an earlier demo and is used as it is", data=data))
    else:
        write_twin(INDEX, data, progress=report)
        say(
            tr(
                "1 twin      {data}: organisations and links, all of them made up, to give the published scores",
                data=data,
            )
        )
    reading = read_dataset(data, progress=report)
    if not reading.clean:
        hint = tr("remove {folder} and run the demo again", folder=folder)
        raise DatasetError(tr("{data} has errors", data=data), findings=reading.findings, hint=hint)
    say(tr("2 check     {count:,} rows, no errors", count=sum(count.read for count in reading.counts)))
    store = open_store(graph, create=True)
    store.load(reading.dataset, progress=report)
    say(tr("3 load      {graph}", graph=graph))
    return store
