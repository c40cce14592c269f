"""The options and arguments that several commands share, each written once.

An option that only one command has stands with that command.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.completion import complete_index, complete_level, complete_region
from ecosystem.cli.out_files import TO_STDOUT, picture_file, picture_width, table_file, workbook_file
from ecosystem.messages import spoken

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


def printed_form(ctx: typer.Context, param: typer.CallbackParam, value: Format) -> Format:
    """The format of what is printed: CSV for `--out -`, unless `--format` says another."""
    # what the user gives is read before what has a default, so --out has been seen by now
    source = ctx.get_parameter_source(param.name or "")
    return Format.csv if ctx.meta.get(TO_STDOUT) and source is not None and source.name == "DEFAULT" else value


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
        metavar="FILE.svg|png|pdf",
        help="Draw the result; an SVG keeps its labels as text.",
        callback=picture_file,
    ),
]
PlotWidthOption = Annotated[
    str | None,
    typer.Option(
        "--plot-width",
        metavar="column|page|CM",
        help="How wide the picture is in print: column (8.5 cm), page (17 cm), or 8.9cm. No text is under 6 points.",
        callback=picture_width,
    ),
]
AgainstOption = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="OLD",
        help="Show changes since earlier scores: a table, FILE[YEAR], x.run.json, a store or a dataset folder.",
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
        help="Take values from a table: CSV, Excel (FILE.xlsx[SHEET]), Parquet, JSON, ...; - is CSV on stdin.",
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

# datasets
FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The dataset folder.")]
ModelOption = Annotated[
    Path | None, typer.Option("--model", metavar="PATH", help="A model.toml, or a dataset folder that has one.")
]
NewFolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; new, or empty.")]
