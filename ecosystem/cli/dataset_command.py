"""`ecosystem dataset`: make, check, describe and compare dataset folders."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli import import_command
from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_index
from ecosystem.cli.console import progress, say, show
from ecosystem.cli.options import (
    FolderArgument,
    Format,
    FormatOption,
    Lang,
    LangOption,
    ModelOption,
    NewFolderArgument,
)
from ecosystem.headings import heading, headings
from ecosystem.messages import tr, tr_count, tr_later

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.dataset import Reading

app = App(help="Dataset folders: make one, check it, see what is in it.")
app.add_typer(import_command.app, name="import")


_FINDINGS = ("severity", "file", "row", "column", "message", "hint")
_COUNTS = ("table", "read", "loaded", "quarantined")
_SEVERITIES = {"error": tr_later("error"), "warning": tr_later("warning"), "info": tr_later("info")}
_CHANGES = {"added": tr_later("added"), "removed": tr_later("removed"), "changed": tr_later("changed")}
_SHOWN = 50


class FileFormat(StrEnum):
    """The files that a dataset is written to."""

    csv = "csv"
    parquet = "parquet"


@app.command()
def template(folder: NewFolderArgument, lang: LangOption, own: ModelOption = None) -> None:
    """Write an empty dataset: a CSV file per table, the same as an Excel workbook, and a legend of all columns.

    With `--lang zh` the files, the sheets and the headers are in Chinese; they are read in both languages.
    """
    from ecosystem.dataset.own_model import model_at
    from ecosystem.dataset.template import legend_name, write_template

    write_template(folder, model=None if own is None else model_at(own), lang=lang.value)
    say(
        tr(
            "{folder}: fill in the CSV files or dataset.xlsx; {legend} says what each column means",
            folder=folder,
            legend=legend_name(lang.value),
        )
    )


@app.command("model")
def model_command(
    lang: LangOption,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A dataset folder or a model.toml; else the shipped model.")
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="Only what is beside the shipped model.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Show every table and column that a dataset may have, those that its model.toml adds among them."""
    import pandas as pd

    from ecosystem.dataset.own_model import model_at
    from ecosystem.dataset.template import LEGEND_KEYS, legend_rows
    from ecosystem.model import load_model

    model = load_model() if folder is None else model_at(folder)
    rows = legend_rows(model, lang.value, own=own)
    if not rows and form is Format.table:
        say(tr("the model is the shipped one"))
        return
    frame = pd.DataFrame(rows, columns=list(LEGEND_KEYS))
    show(frame.rename(columns=headings(LEGEND_KEYS, lang)), form)


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
    # a header above nothing says nothing to a person; a program counts on it
    if reading.findings or form is not Format.table:
        show(_findings(reading, lang), form)
    _say_counts(reading, lang)
    for finding in unwritten:
        say(f"{tr(_SEVERITIES[finding.severity])}: {finding}")
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
        tidy = description.tidy()
        show(tidy.rename(columns=headings(tidy.columns, lang)), form)
        return
    for title, frame in description.said(lang.value):
        if len(frame):
            show(frame, form, title=title)


def _findings(reading: Reading, lang: Lang) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (tr(_SEVERITIES[found.severity]), found.file, found.row, found.column, found.message, found.hint)
        for found in reading.findings
    ]
    frame = pd.DataFrame(rows, columns=list(_FINDINGS)).astype({"row": "Int64"})
    return frame.rename(columns=headings(_FINDINGS, lang))


def _say_counts(reading: Reading, lang: Lang) -> None:
    """Say how many rows of each table load, in columns as wide as what is in them, and how many findings there are."""
    from ecosystem.cli.fitted_table import Column, fit
    from ecosystem.dataset.describe import table_words

    words = table_words(reading.dataset.model) if lang is Lang.zh else {}
    rows = [(count.read, count.loaded, count.quarantined) for count in reading.counts]
    columns = zip(*rows, tuple(map(sum, zip(*rows, strict=True))), strict=True)
    name, *others = (heading(key, lang) for key in _COUNTS)
    names = Column(name, [*(words.get(count.table, count.table) for count in reading.counts), "="])
    counts = zip(others, columns, strict=True)
    numbers = (Column(word, [f"{number:,}" for number in each], right=True) for word, each in counts)
    table = fit([names, *numbers], None)
    for line in (*table.head, *table.body):
        say(line)
    errors, warnings, notes = (sum(found.severity == word for found in reading.findings) for word in _SEVERITIES)
    say(
        tr(
            "{errors}, {warnings}, {notes}",
            errors=tr_count("{count:,} error", "{count:,} errors", errors) if errors else tr("no errors"),
            warnings=tr_count("{count:,} warning", "{count:,} warnings", warnings) if warnings else tr("no warnings"),
            notes=tr_count("{count:,} note", "{count:,} notes", notes) if notes else tr("no notes"),
        )
    )


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
    from ecosystem.dataset.describe import table_words
    from ecosystem.dataset.difference import difference

    with progress() as report:
        first, second = (read_dataset(folder, progress=report).dataset for folder in (before, after))
    found = difference(first, second)
    counts = pd.DataFrame([asdict(table) for table in found.tables])
    words = table_words(second.model) if lang is Lang.zh and form is Format.table else {}
    counts["table"] = [words.get(table.table, table.table) for table in found.tables]
    changes = found.changes.slice(0, _SHOWN) if form is Format.table else found.changes
    if form is Format.table:
        show(counts.rename(columns=headings(counts.columns, lang)), form, title=f"{before} -> {after}")
    if form is not Format.table or not found.none:
        frame = changes.to_pandas()
        if form is Format.table:
            frame["change"] = [tr(_CHANGES[change]) for change in frame["change"]]
            frame["table"] = [words.get(table, table) for table in frame["table"]]
        show(frame.rename(columns=headings(frame.columns, lang)), form)
    if changes.num_rows < found.changes.num_rows:
        say(
            tr(
                "{shown:,} of {total:,} changes are shown; --format csv shows all",
                shown=changes.num_rows,
                total=found.changes.num_rows,
            )
        )
    if exit_code and not found.none:
        raise typer.Exit(1)
