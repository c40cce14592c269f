"""The options and arguments that several commands share, each written once.

An option that only one command has stands with that command.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.completion import complete_index, complete_level, complete_method, complete_region
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

DEFAULT_STORE = ".ecosystem/graph.duckdb"


class Lang(StrEnum):
    """Language of names and headings."""

    zh = "zh"
    en = "en"
    both = "both"


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"


def default_lang() -> Lang:
    """The language that this run speaks: what `--lang` said, else ECOSYSTEM_LANG, else that of the locale."""
    return Lang(spoken())


def shown_lang(value: Lang) -> Lang:
    """The language of names: they are Chinese where `both` asks for headings of files in two languages."""
    return Lang.zh if value is Lang.both else value


def level_meant(value: str | None) -> str | None:
    """The level that a word of either language names: `province` for 省; a level of an index's own as it is."""
    from ecosystem.model import level_named

    return None if value is None else level_named(value)


STREAM = "-"
"""In place of a file: stdin where a table is read, stdout where one is written."""

_TO_STDOUT = "ecosystem.stdout"
"""Where a context of click keeps that `--out -` was given."""


def table_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a table; None for stdout, where `printed_form` then gives CSV. UsageError, OutputError."""
    from ecosystem.export.files import SUFFIXES

    if value is not None and str(value) == STREAM:
        ctx.meta[_TO_STDOUT] = True
        return None
    return _writable(value, SUFFIXES)


def document_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a document or of a table; as `table_file`."""
    from ecosystem.export.profile_files import PROFILE_SUFFIXES

    if value is not None and str(value) == STREAM:
        return table_file(ctx, value)
    return _writable(value, PROFILE_SUFFIXES)


def workbook_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a command whose tables fill a workbook; as `table_file`, with one table on stdout."""
    return _writable(found, (".xlsx",)) if (found := table_file(ctx, value)) is not None else None


def picture_file(value: Path | None) -> Path | None:
    """The file of a picture. UsageError for another suffix and for stdout, OutputError where it cannot be written."""
    from ecosystem.export.files import PICTURES

    return _picture(value, PICTURES)


def network_picture_file(value: Path | None) -> Path | None:
    """The file of a picture of a network; errors as `picture_file`."""
    from ecosystem.export.files import NETWORK_PICTURES

    return _picture(value, NETWORK_PICTURES)


def _picture(value: Path | None, suffixes: tuple[str, ...]) -> Path | None:
    if value is not None and str(value) == STREAM:
        raise UsageError(tr("a picture is not written to stdout"), hint=tr("name a file that ends in .svg or .png"))
    return _writable(value, suffixes)


def new_folder(value: Path | None) -> Path | None:
    """A folder to write; UsageError for stdout."""
    if value is not None and str(value) == STREAM:
        raise UsageError(tr("a folder is not written to stdout"), hint=tr("name a folder that is new or empty"))
    return value


def printed_form(ctx: typer.Context, param: typer.CallbackParam, value: Format) -> Format:
    """The format of what is printed: CSV for `--out -`, unless `--format` says another."""
    # what the user gives is read before what has a default, so --out has been seen by now
    source = ctx.get_parameter_source(param.name or "")
    return Format.csv if ctx.meta.get(_TO_STDOUT) and source is not None and source.name == "DEFAULT" else value


def _writable(path: Path | None, suffixes: tuple[str, ...]) -> Path | None:
    from ecosystem.export.files import check_suffix
    from ecosystem.tables.atomic import check_target

    if path is None:
        return None
    check_suffix(path, suffixes)
    check_target(path)
    if path.suffix.lower() == ".json" and path.is_file():
        from ecosystem.receipt import is_receipt

        if is_receipt(path):
            message = tr("{path} is the receipt of a run, which would be lost", path=path)
            raise UsageError(message, hint=tr("name another file"))
    return path


# how a result is shown and where it goes
LangOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        help="Language of names and headings; both puts two into the headings of files.",
        default_factory=default_lang,
        callback=shown_lang,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the table is printed.", callback=printed_form)]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write a file: .csv, .xlsx, .md, .json or .parquet; - is stdout.",
        callback=table_file,
    ),
]
WorkbookOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE.xlsx", help="Write the tables into a workbook.", callback=workbook_file),
]
LongOption = Annotated[
    bool,
    typer.Option("--long", help="A row for each region and part of the index, at every level: .json, .parquet always."),
]
ExcelOption = Annotated[bool, typer.Option("--excel", help="Begin a CSV file with a byte-order mark, for Excel.")]
PlotOption = Annotated[
    Path | None,
    typer.Option(
        "--plot",
        metavar="FILE.svg|png",
        help="Draw the result; an SVG keeps its labels as text.",
        callback=picture_file,
    ),
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many organisations are shown.")]

# where the graph is, and which metrics run on it
StoreOption = Annotated[
    str,
    typer.Option(
        "--store", metavar="PATH|URL", help="Where the graph is: a file, or a Neo4j server.", envvar="ECOSYSTEM_STORE"
    ),
]
DatabaseOption = Annotated[
    str | None, typer.Option("--database", metavar="NAME", help="The server's database that holds the graph.")
]
MetricsOption = Annotated[
    Path | None, typer.Option("--metrics", metavar="FOLDER", help="Metrics of your own, beside the shipped ones.")
]

# which regions and which years
LevelOption = Annotated[
    str,
    typer.Option(
        "--level",
        help="Level: country, province, city, district, group.",
        autocompletion=complete_level,
        callback=level_meant,
    ),
]
RankedLevelOption = Annotated[
    str | None,
    typer.Option(
        "--level",
        help="Level of the regions that are ranked.",
        autocompletion=complete_level,
        callback=level_meant,
    ),
]
SinceOption = Annotated[int | None, typer.Option("--since", metavar="YEAR", help="First year that counts.")]
UntilOption = Annotated[int | None, typer.Option("--until", metavar="YEAR", help="Last year that counts.")]
ParamOption = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A value for the parameter $NAME of metrics; may be repeated."),
]

# which index, which values
IndexArgument = Annotated[
    str, typer.Argument(metavar="INDEX", help="A shipped index, or the folder of one.", autocompletion=complete_index)
]
ValuesOption = Annotated[
    Path | None,
    typer.Option(
        "--values",
        metavar="TABLE",
        help="Take values from a table: CSV, Excel (FILE.xlsx[SHEET]) or Parquet; - is CSV on stdin.",
    ),
]

IdOption = Annotated[
    str | None, typer.Option("--id", metavar="COLUMN", help="The column of the table that names the regions.")
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="COLUMN", help="The column of the table with the regions' full names.")
]
YearOption = Annotated[
    str | None, typer.Option("--year", metavar="COLUMN", help="The column of the table with the year of each row.")
]

RegionArgument = Annotated[
    str,
    typer.Argument(
        metavar="REGION", help="A ranked region: its id or any of its names.", autocompletion=complete_region
    ),
]
OtherArgument = Annotated[
    str,
    typer.Argument(
        metavar="OTHER",
        help="The region to compare with.",
        autocompletion=complete_region,
    ),
]

# the rules of the index that one run changes
NormaliseOption = Annotated[
    str | None,
    typer.Option(
        "--normalise",
        metavar="METHOD",
        help="minmax, zscore, prank ...",
        autocompletion=complete_method("normalise"),
    ),
]
AggregateOption = Annotated[
    str | None,
    typer.Option(
        "--aggregate",
        metavar="MEAN",
        help="amean, gmean, copeland ...",
        autocompletion=complete_method("aggregate"),
    ),
]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="METHOD|FILE",
        help="equal, entropy, critic, pca ..., or a CSV.",
        autocompletion=complete_method("weigh"),
    ),
]
TreatOption = Annotated[
    str | None,
    typer.Option(
        "--treat", metavar="METHOD", help="winsorise, log, boxcox ...", autocompletion=complete_method("treat")
    ),
]
ImputeOption = Annotated[
    str | None,
    typer.Option(
        "--impute",
        metavar="METHOD",
        help="mean, median, group_mean:COLUMN ...",
        autocompletion=complete_method("impute"),
    ),
]
RescaleOption = Annotated[
    str | None,
    typer.Option(
        "--rescale",
        metavar="METHOD",
        help="The last step: share_of_best, share_of_best:100, minmax:0,100, percentile ...",
        autocompletion=complete_method("rescale"),
    ),
]
TiersOption = Annotated[
    str | None,
    typer.Option(
        "--tiers",
        metavar="METHOD:N",
        help="jenks:5, quantile:4, cuts:60,40 ...",
        autocompletion=complete_method("tiers"),
    ),
]

TierBasisOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="COLUMNS",
        help="What --tiers kmeans:N makes clusters over: scores, pillars or indicators.",
    ),
]

# datasets
FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The dataset folder.")]
NewFolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; new, or empty.")]
