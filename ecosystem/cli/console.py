"""What every command prints: tables on stdout, messages and progress on stderr."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecosystem.cli.options import Format

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.progress import Progress
    from ecosystem.store.base import LoadedDataset


def say(message: str) -> None:
    """A message to the person at the terminal: stderr, never mixed with data."""
    print(message, file=sys.stderr)  # noqa: T201 - the one place where messages leave


def say_if_synthetic(dataset: LoadedDataset) -> None:
    """Tell a reader of results that the data behind them are made up."""
    from ecosystem.dataset.dataset import is_marked

    if is_marked(dataset.name):
        say("synthetic data: every organisation and link is made up; the results say nothing of any place")


def show(frame: pd.DataFrame, form: Format = Format.table, *, title: str | None = None) -> None:
    """Print a table on stdout: rich and fitted to the terminal, or CSV, JSON records, Markdown."""
    if form is Format.table:
        _show_rich(frame, title)
    else:
        sys.stdout.write(_text(frame, form))


def _text(frame: pd.DataFrame, form: Format) -> str:
    from ecosystem.export import to_csv, to_json, to_markdown

    if form is Format.csv:
        return to_csv(frame)
    if form is Format.md:
        return to_markdown(frame)
    return to_json(frame)


def _show_rich(frame: pd.DataFrame, title: str | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # piped output has no width to fit: never fold a row that a program will read
    console = Console() if sys.stdout.isatty() else Console(width=240)
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = []
    for name in frame.columns:
        numeric = frame[name].dtype.kind in "iuf"
        table.add_column(Text(str(name)), justify="right" if numeric else "left", overflow="fold")
        values = frame[name].tolist()
        whole = all(value.is_integer() for value in values if isinstance(value, float) and math.isfinite(value))
        columns.append([_cell(value, 0 if whole else 2) for value in values])
    for row in zip(*columns, strict=True):
        table.add_row(*(Text(cell) for cell in row))
    if title:
        console.print(Text(title, style="bold"))
    console.print(table)


def _cell(value: object, decimals: int) -> str:
    import pandas as pd

    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:,.{decimals}f}" if abs(value) < 1e6 else f"{value:,.0f}"
    return str(value)


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A progress callback that draws bars on a terminal and stays silent elsewhere."""
    if not sys.stderr.isatty():
        from ecosystem.progress import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, *times, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total, rate="")
            speed = bars.tasks[tasks[what]].speed
            bars.update(tasks[what], completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield report
