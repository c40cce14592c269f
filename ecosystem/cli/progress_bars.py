"""Bars on stderr that say how far a long work is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from ecosystem.messages import tr
from ecosystem.progress import Progress

ROOMY = 100
"""From this width of a terminal on there is room for long bars and for the time that has passed."""
SHORT_BAR = 8


@contextlib.contextmanager
def drawn(width: int) -> Iterator[Progress]:
    """A progress callback that draws a bar for each work, whose numbers are whole on a terminal of 60 columns."""
    roomy = width >= ROOMY
    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(40 if roomy else SHORT_BAR)]
    columns += [MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), *([TimeElapsedColumn()] if roomy else [])]
    columns += [TextColumn(tr("left")), TimeRemainingColumn()]
    # stdout is not the bars': redirected, what is printed meanwhile would go to stderr with them
    with Bars(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bars:
        tasks = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total, rate="")
            speed = bars.tasks[tasks[what]].speed
            bars.update(tasks[what], completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield report
