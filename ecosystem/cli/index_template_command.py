"""`ecosystem index template`: the empty table of what an index needs from outside the graph."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say, show
from ecosystem.cli.options import (
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IndexArgument,
    LangOption,
    OutOption,
    RankedLevelOption,
)
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.regions import Regions
    from ecosystem.scoring.value_template import ValueTemplate


def template(
    name: IndexArgument,
    lang: LangOption,
    out: OutOption = None,
    level: RankedLevelOption = None,
    since: Annotated[
        int | None, typer.Option("--since", metavar="YEAR", help="A row for every year from this.")
    ] = None,
    until: Annotated[int | None, typer.Option("--until", metavar="YEAR", help="The last year of the rows.")] = None,
    hierarchy: Annotated[
        str | None,
        typer.Option("--store", metavar="PATH|URL", help="Take the regions from a loaded graph."),
    ] = None,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    excel: ExcelOption = False,
) -> None:
    """Make the empty table of what an index needs from outside the graph: a row per region, a column per source.

    Filled in, it is read by `score --values`. A workbook has a second sheet that says what each column is.
    """
    from ecosystem.index import load_index
    from ecosystem.scoring.value_template import value_template

    if (since is None) != (until is None) or (since is not None and until is not None and since > until):
        hint = tr("for example --since 2020 --until 2023")
        raise UsageError(tr("years need a first and a last one, in this order"), hint=hint)
    years = range(since, until + 1) if since is not None and until is not None else ()
    made = value_template(load_index(name), _regions(hierarchy, database), level=level, years=years)
    if out is None:
        show(made.values if form in (Format.csv, Format.json) else made.columns, form)
        return
    _write(made, out, excel=excel)
    say(tr("written: {out}; fill it in, then: ecosystem score {name} --values {out}", out=out, name=name))


def _regions(store: str | None, database: str | None) -> Regions:
    """The region hierarchy of a loaded graph, else the shipped one."""
    from ecosystem.regions import shipped_regions
    from ecosystem.store import open_store, stored_regions

    if store is None:
        return shipped_regions()
    with closing(open_store(store, database=database)) as graph:
        return stored_regions(graph)


def _write(made: ValueTemplate, out: Path, *, excel: bool) -> None:
    """Write the table to fill in; a workbook has the meaning of its columns on a second sheet."""
    from ecosystem.export import write_table, write_workbook

    if out.suffix.lower() == ".xlsx":
        write_workbook(out, {"data": made.values, "columns": made.columns}, lang=spoken())
    else:
        write_table(out, made.values, excel=excel, lang=spoken())
