"""`ecosystem dataset`: make, check, describe and compare dataset folders."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli import import_command
from ecosystem.cli.commands import App
from ecosystem.cli.console import progress, say, show
from ecosystem.cli.options import (
    FolderArgument,
    Format,
    FormatOption,
    Lang,
    LangOption,
    NewFolderArgument,
    complete_index,
)
from ecosystem.messages import tr, tr_later

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.dataset import Reading

app = App(help="Dataset folders: make one, check it, see what is in it.")
app.add_typer(import_command.app, name="import")


_FINDING_HEADINGS = {
    Lang.en: ("severity", "file", "row", "column", "message", "hint"),
    Lang.zh: ("级别", "文件", "行", "列", "说明", "建议"),
}
_COUNT_HEADINGS = {
    Lang.en: ("table", "read", "loaded", "quarantined"),
    Lang.zh: ("数据表", "读取", "可用", "隔离"),
}
_SEVERITIES = {Lang.en: ("error", "warning", "info"), Lang.zh: ("错误", "警告", "提示")}
_TITLES = {
    Lang.en: (tr_later("Nodes by region"), tr_later("Links by year"), tr_later("How far properties are filled in")),
    Lang.zh: ("各地区节点数", "各年份关系数", "属性填充率"),
}
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


class FileFormat(StrEnum):
    """The files that a dataset is written to."""

    csv = "csv"
    parquet = "parquet"


@app.command()
def template(folder: NewFolderArgument) -> None:
    """Write an empty dataset: a CSV file per table, the same as an Excel workbook, and a legend of all columns."""
    from ecosystem.dataset.template import write_template

    write_template(folder)
    say(tr("{folder}: fill in the CSV files or dataset.xlsx; columns.csv says what each column means", folder=folder))


@app.command()
def synthesize(
    folder: NewFolderArgument,
    companies: Annotated[int, typer.Option("--companies", help="How many companies the sample has.")] = 2200,
    links: Annotated[int, typer.Option("--links", help="How many links there are, all types together.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same dataset.")] = 1,
    form: Annotated[FileFormat, typer.Option("--format", help="The format of the files.")] = FileFormat.csv,
) -> None:
    """Make up a dataset with all kinds of nodes and links, for trying things out and measuring speed."""
    from ecosystem.synthetic.synthesize import synthesize as write_synthetic

    with progress() as report:
        write_synthetic(folder, companies=companies, links=links, seed=seed, format=form.value, progress=report)
    say(
        tr(
            "{folder}: {companies:,} companies and {links:,} links made up",
            folder=folder,
            companies=companies,
            links=links,
        )
    )


@app.command()
def twin(
    index: Annotated[
        str,
        typer.Argument(
            metavar="INDEX", help="The index whose published scores the dataset gives.", autocompletion=complete_index
        ),
    ],
    folder: NewFolderArgument,
    seed: Annotated[
        int, typer.Option("--seed", help="Another seed makes up other organisations; the scores stay the same.")
    ] = 1,
) -> None:
    """Make up a dataset whose scores equal those that the report of an index published: it proves the arithmetic."""
    from ecosystem.synthetic.twin import write_twin

    with progress() as report:
        write_twin(index, folder, seed=seed, progress=report)
    say(
        tr(
            "{folder}: synthetic; every organisation and link is made up, the scores are those published for {index}",
            folder=folder,
            index=index,
        )
    )


@app.command()
def check(folder: FolderArgument, lang: LangOption, form: FormatOption = Format.table) -> None:
    """List every fault of a dataset and where it is; rows that do not load go to DIR/quarantine. Exit 1 on errors."""
    from ecosystem.dataset import read_dataset, write_quarantine

    with progress() as report:
        reading = read_dataset(folder, progress=report)
    unwritten = write_quarantine(folder, reading)
    show(_findings(reading, lang), form)
    _say_counts(reading, lang)
    for finding in unwritten:
        say(f"{finding.severity}: {finding}")
    if reading.quarantine and not unwritten:
        say(tr("the rows that do not load: {folder}", folder=folder / "quarantine"))
    if not reading.clean:
        raise typer.Exit(1)


@app.command()
def describe(folder: FolderArgument, lang: LangOption, form: FormatOption = Format.table) -> None:
    """Show nodes by region, links by year and how complete properties are, for the rows without errors."""
    from ecosystem.dataset import read_dataset
    from ecosystem.dataset.describe import describe as describe_dataset

    with progress() as report:
        reading = read_dataset(folder, progress=report)
    if not reading.clean:
        say(tr("faulty rows are left out: see `ecosystem dataset check {folder}`", folder=folder))
    description = describe_dataset(reading.dataset)
    if form in {Format.csv, Format.json}:
        show(description.tidy(), form)
        return
    nodes = description.nodes.drop(columns="name" if lang is Lang.en else "name_en")
    for title, frame in zip(
        _TITLES[lang], (nodes, _years_down(description.links, lang), description.fill), strict=True
    ):
        show(frame, form, title=title)


def _years_down(links: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """A row per year and a column per type of link; then those without a year, and all."""
    from ecosystem.headings import heading

    turned = links.set_index("type").T.astype("int64")
    turned = turned.rename(index={"undated": heading("undated", lang.value), "total": tr("total")})
    return turned.rename_axis(columns=None).reset_index(names=heading("year", lang.value))


def _findings(reading: Reading, lang: Lang) -> pd.DataFrame:
    import pandas as pd

    words = dict(zip(_SEVERITIES[Lang.en], _SEVERITIES[lang], strict=True))
    rows = [
        (words[found.severity], found.file, found.row, found.column, found.message, found.hint)
        for found in reading.findings
    ]
    frame = pd.DataFrame(rows, columns=list(_FINDING_HEADINGS[lang]))
    row = _FINDING_HEADINGS[lang][2]
    return frame.astype({row: "Int64"})


def _say_counts(reading: Reading, lang: Lang) -> None:
    headings = _COUNT_HEADINGS[lang]
    rows = [(count.table, count.read, count.loaded, count.quarantined) for count in reading.counts]
    total = tuple(sum(numbers) for numbers in zip(*(row[1:] for row in rows), strict=True))
    texts = [headings, *((name, *(f"{number:,}" for number in numbers)) for name, *numbers in [*rows, ("=", *total)])]
    for name, *numbers in texts:
        say(f"{name:<20}" + "".join(f"{number:>14}" for number in numbers))
    severities = [sum(found.severity == word for found in reading.findings) for word in _SEVERITIES[Lang.en]]
    say(", ".join(f"{count} {word}" for count, word in zip(severities, _SEVERITIES[lang], strict=True)))


@app.command("diff")
def diff_command(
    before: Annotated[Path, typer.Argument(metavar="DIR_A", help="The dataset folder before.")],
    after: Annotated[Path, typer.Argument(metavar="DIR_B", help="The dataset folder after.")],
    lang: LangOption,
    form: FormatOption = Format.table,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where the folders differ.")] = False,
) -> None:
    """Show which nodes and links were added, removed or changed; only rows without errors are compared.

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
        say(
            tr(
                "{num_rows:,} of {num_rows_2:,} changes are shown; --format csv shows all",
                num_rows=changes.num_rows,
                num_rows_2=found.changes.num_rows,
            )
        )
    if exit_code and not found.none:
        raise typer.Exit(1)
