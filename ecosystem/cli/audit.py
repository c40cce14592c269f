"""What `explain` and `knockout` share: scores from a loaded graph, and a result shown, written and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import Format, Lang, progress, say, show
from ecosystem.cli.metrics import known_metrics

if TYPE_CHECKING:
    from ecosystem.audit import Depth
    from ecosystem.audit.tables import Result
    from ecosystem.scoring import Scores

IndexArgument = Annotated[str, typer.Argument(metavar="INDEX", help="An index, or the folder of one.")]
IndexLevelOption = Annotated[str | None, typer.Option("--level", help="Level of the regions that are ranked.")]
PlotOption = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE.svg|png", help="Draw it; an SVG can be edited and has the texts in it."),
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many organisations are shown.")]


@contextmanager
def scored(
    index: str,
    store: str,
    database: str | None,
    level: str | None,
    since: int | None,
    until: int | None,
    folder: Path | None,
) -> Iterator[Scores]:
    """The scores of an index on a store, which stays open for the while."""
    from ecosystem.index import load_index
    from ecosystem.scoring import score
    from ecosystem.store import open_store

    graph = open_store(store, database=database)
    try:
        with progress() as report:
            metrics = known_metrics(folder)
            scores = score(
                load_index(index), graph, level=level, since=since, until=until, metrics=metrics, progress=report
            )
        yield scores
    finally:
        graph.close()


def deliver(
    result: Result,
    lang: Lang,
    form: Format,
    out: Path | None,
    plot: Path | None,
    *,
    top: int = 50,
    depth: Depth = "entity",
    folder: Path | None = None,
) -> None:
    """Write and draw a result where that is asked for; print it where it is not written."""
    if plot is not None:
        from ecosystem.export.plots import write_plot

        write_plot(result, plot, lang=lang.value)
        say(f"drawn: {plot}")
    if out is not None:
        from ecosystem.export.audit import write_audit

        write_audit(result, out, depth=depth, folder=folder)
        say(f"written: {out}")
    elif form in (Format.csv, Format.json):
        from ecosystem.audit.tables import main_table

        show(main_table(result, depth, folder), form)
    else:
        _show(result, lang, form, top, depth, folder)


def _show(result: Result, lang: Lang, form: Format, top: int, depth: Depth, folder: Path | None) -> None:
    from ecosystem.audit import Explanation, Knockout
    from ecosystem.audit.tables import in_words, main_table, matches_table, tree

    if isinstance(result, Explanation):
        show(tree(result, depth, lang.value), form, title=f"{result.scores.index.id}: {result.name(lang.value)}")
        if depth in ("link", "row"):
            show(matches_table(main_table(result, depth, folder), lang.value), form)
        return
    if isinstance(result, Knockout):
        frame = result.regions()
        moved = frame[(frame["rank_change"] != 0) | (frame["score_change"].abs() > 1e-12)]
        show(in_words(moved.head(top).drop(columns="coverage"), lang.value), form, title=result.removed)
        rolled = result.rolled_up()
        if rolled is not None and len(moved):
            show(in_words(rolled.drop(columns="coverage"), lang.value), form)
        return
    frame = main_table(result, depth, folder)
    show(in_words(frame.head(top), lang.value), form)
    if len(frame) > top:
        say(f"{len(frame) - top:,} more: --top, --format csv or --out FILE")
