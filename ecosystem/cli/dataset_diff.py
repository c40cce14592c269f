"""`ecosystem dataset diff`: what differs between two dataset folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.console import Format, FormatOption, Lang, LangOption, progress, say, show

_SHOWN = 50
_HEADINGS_ZH = {
    "table": "数据表",
    "change": "变化",
    "id": "编号",
    "property": "属性",
    "before": "原值",
    "after": "新值",
    "added": "新增",
    "removed": "删除",
    "changed": "变更",
    "same": "相同",
}


def add(app: typer.Typer) -> None:
    """Give the command group `ecosystem dataset` its command `diff`."""
    app.command("diff", epilog="Example: ecosystem dataset diff lastyear thisyear --format csv")(diff_command)


def diff_command(
    before: Annotated[Path, typer.Argument(metavar="DIR_A", help="The dataset folder before.")],
    after: Annotated[Path, typer.Argument(metavar="DIR_B", help="The dataset folder after.")],
    lang: LangOption,
    form: FormatOption = Format.table,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where the folders differ.")] = False,
) -> None:
    """Tell which nodes and links were added, removed or changed; the good rows of both folders are compared.

    The table format shows the first 50 changes, the others show all of them.
    """
    from dataclasses import asdict

    import pandas as pd

    from ecosystem.dataset import read_dataset
    from ecosystem.dataset.difference import difference

    with progress() as report:
        first, second = (read_dataset(folder, progress=report).dataset for folder in (before, after))
    found = difference(first, second)
    renamed = _HEADINGS_ZH if lang is Lang.zh else {}
    counts = pd.DataFrame([asdict(table) for table in found.tables])
    changes = found.changes.slice(0, _SHOWN) if form is Format.table else found.changes
    if form is Format.table:
        show(counts.rename(columns=renamed), form, title=f"{before} -> {after}")
    if form is not Format.table or not found.none:
        show(changes.to_pandas().rename(columns=renamed), form)
    if changes.num_rows < found.changes.num_rows:
        say(f"{changes.num_rows:,} of {found.changes.num_rows:,} changes are shown; --format csv shows all")
    if exit_code and not found.none:
        raise typer.Exit(1)
