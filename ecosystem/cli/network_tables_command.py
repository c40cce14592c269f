"""`ecosystem network summary`, `nodes`, `regions`, `flows`, `roles`, `typology`: tables of one network."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_region
from ecosystem.cli.network_request import (
    Asked,
    IsolatesOption,
    MeasureOption,
    NetworkArgument,
    NetworksOption,
    TopRowsOption,
    by_year,
    number,
    opened,
    put_tables,
    words,
)
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    LangOption,
    LevelOption,
    OutOption,
    SinceOption,
    StoreOption,
    UntilOption,
)

if TYPE_CHECKING:
    import pandas as pd

ByYearOption = Annotated[bool, typer.Option("--by-year", help="A row for every year that has an edge.")]


class Normalise(StrEnum):
    """What the flows between regions are measured against."""

    none = "none"
    share = "share"
    association = "association"
    salton = "salton"
    lq = "lq"


def summary(
    name: NetworkArgument,
    lang: LangOption,
    measure: MeasureOption = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    yearly: ByYearOption = False,
    isolates: IsolatesOption = False,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Say what a network is made of, and measure it as a whole: density, E-I index, assortativity, modularity ..."""
    from ecosystem.network.measures import find_measures, usual_of_network

    chosen = find_measures(words(measure, list(usual_of_network())), "network")
    asked = Asked(name, folder, store, database, level, since, until, isolates)
    if yearly:
        table = by_year(asked, lambda found: found.summary(chosen, lang=lang).set_index("key")["value"].to_frame().T)
        put_tables({"summary": table}, form, out, excel=excel)
        return
    with opened(asked) as found:
        frame = found.summary(chosen, lang=lang)
    if form is Format.table and out is None:  # numbers of many sizes in one column: each with its own decimals
        frame = frame.drop(columns="key").assign(value=[number(value) for value in frame["value"]])
    put_tables({"summary": frame}, form, out, excel=excel)


def nodes(
    name: NetworkArgument,
    lang: LangOption,
    measure: MeasureOption = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", metavar="REGION", help="Only organisations in this region.", autocompletion=complete_region
        ),
    ] = None,
    top: TopRowsOption = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    isolates: IsolatesOption = False,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Measure every organisation: a row each, the highest by the first measure first."""
    from ecosystem.network.measures import find_measures
    from ecosystem.network.network_tables import NODE_MEASURES
    from ecosystem.store import stored_regions

    chosen = find_measures(words(measure, NODE_MEASURES), "node")
    with opened(Asked(name, folder, store, database, level, since, until, isolates)) as found:
        frame = found.nodes(chosen, lang=lang)
        if region is not None:
            place = stored_regions(found.store).resolve_among(region, found.network.regions, level=found.level)
            frame = frame[frame["region"] == place]
    put_tables({"entities": _first(frame, top)}, form, out, excel=excel)


def regions(
    name: NetworkArgument,
    lang: LangOption,
    measure: MeasureOption = None,
    top: TopRowsOption = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    yearly: ByYearOption = False,
    isolates: IsolatesOption = False,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Measure every region: a row each, the highest by the first measure first."""
    from ecosystem.network.measures import find_measures
    from ecosystem.network.network_tables import REGION_MEASURES

    chosen = find_measures(words(measure, REGION_MEASURES), "region")
    asked = Asked(name, folder, store, database, level, since, until, isolates)
    if yearly:
        frame = by_year(asked, lambda found: found.regions(chosen, lang=lang))
    else:
        with opened(asked) as found:
            frame = found.regions(chosen, lang=lang)
    put_tables({"regions": _first(frame, top)}, form, out, excel=excel)


def flows(
    name: NetworkArgument,
    lang: LangOption,
    normalise: Annotated[
        Normalise, typer.Option("--normalise", help="What a flow is measured against.")
    ] = Normalise.none,
    matrix: Annotated[bool, typer.Option("--matrix", help="The matrix, a row and a column per region.")] = False,
    top: TopRowsOption = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Show what flows between regions: in, out and within each, its partners, and every flow from one to another.

    The relational location quotient lq is the share of a partner in what leaves a region over its share in all flows.
    """
    from ecosystem.network.network_tables import flow_rows, partner_table

    with opened(Asked(name, folder, store, database, level, since, until)) as found:
        net, names = found.network, found.names(lang)
        square = found.flows(normalise=normalise.value, lang=lang).rename_axis("region").reset_index()
        tables = {"regions": _first(partner_table(net, names), top), "flows": _first(flow_rows(net, names), top)}
    tables = {"flows": square} if matrix else tables
    put_tables(tables, form, out, excel=excel)


def roles(
    name: NetworkArgument,
    lang: LangOption,
    top: TopRowsOption = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Count who brokers between whom, by the regions of the three, after Gould and Fernandez: regions, organisations.

    A gatekeeper passes on from another region into its own. How many gatekeepers can leave until half of what they
    let in is lost tells how much a region depends on a few.
    """
    from ecosystem.network.network_tables import role_tables

    with opened(Asked(name, folder, store, database, level, since, until)) as found:
        tables = {sheet: _first(frame, top) for sheet, frame in role_tables(found.network, found.names(lang)).items()}
    put_tables(tables, form, out, excel=excel)


def typology(
    name: NetworkArgument,
    lang: LangOption,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    yearly: ByYearOption = False,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Show the share of each region in all that is sent and in all that is received, and its type by the two.

    A share is high where it is above the mean share, one over the number of regions.
    """
    from ecosystem.network.network_tables import typology_table

    asked = Asked(name, folder, store, database, level, since, until)
    if yearly:
        frame = by_year(asked, lambda found: typology_table(found.network, found.names(lang), lang))
    else:
        with opened(asked) as found:
            frame = typology_table(found.network, found.names(lang), lang)
    put_tables({"regions": frame}, form, out, excel=excel)


def _first(frame: pd.DataFrame, top: int | None) -> pd.DataFrame:
    return frame if top is None else frame.head(top)
