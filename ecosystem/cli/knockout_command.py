"""`ecosystem knockout`: every rank without some organisations."""

from __future__ import annotations

from typing import Annotated

import typer

from ecosystem.cli.console import progress, say
from ecosystem.cli.delivery import Delivery, scored
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IndexArgument,
    LangOption,
    MetricsOption,
    OutOption,
    PlotOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    TopOption,
    UntilOption,
)
from ecosystem.errors import UsageError


def knockout(
    index: IndexArgument,
    lang: LangOption,
    entity: Annotated[
        list[str] | None, typer.Option("--entity", metavar="NAME|ID", help="Without this one; may be repeated.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="NAME=VALUE,...", help='Without these: "label=Company,region=北京市".'),
    ] = None,
    link: Annotated[
        list[str] | None, typer.Option("--link", metavar="TYPE", help="Without the links of a type; may be repeated.")
    ] = None,
    partner_country: Annotated[
        str | None, typer.Option("--partner-country", metavar="COUNTRY", help="Without everyone in a country abroad.")
    ] = None,
    each: Annotated[
        str | None,
        typer.Option("--all", metavar="LABEL", help="Each node of a label alone, the most load-bearing first."),
    ] = None,
    with_curve: Annotated[
        bool, typer.Option("--curve", help="Without the top 1 .. k of a region: fragility as an area.")
    ] = False,
    region: Annotated[str | None, typer.Option("--region", help="With --curve: this region, else all.")] = None,
    remove: Annotated[int, typer.Option("--remove", min=1, help="With --curve: the k.")] = 20,
    random: Annotated[int, typer.Option("--random", min=0, help="With --curve: random orders beside the top.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="With --random: the same seed, the same orders.")] = 1,
    top: TopOption = 50,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Take organisations or links out and see every score and rank move; or each one alone; or one after another."""
    from ecosystem import audit

    chosen = bool(entity or where is not None or link or partner_country is not None)
    if chosen + (each is not None) + with_curve != 1:
        hint = "--entity, --where, --link and --partner-country go together; --all and --curve each stand alone"
        raise UsageError("who is to be taken out?" if not chosen else "too many ways to choose at once", hint=hint)
    if region is not None and not with_curve:
        raise UsageError("--region goes with --curve", hint='of a region without --curve: --where "region=..."')
    delivery = Delivery(lang, form, out, excel, plot)
    with scored(index, store, database, level, since, until, folder) as scores, progress() as report:
        result: audit.Loads | audit.Curves | audit.Knockout
        if each is not None:
            result = audit.knock_out_each(scores, each, progress=report, tell=say)
        elif with_curve:
            result = audit.curve(scores, region, remove=remove, random=random, seed=seed, progress=report, tell=say)
        else:
            result = audit.knockout(
                scores, entity or [], where=where, links=link or [], partner_country=partner_country, progress=report
            )
            if not result.touched:
                say("no value rests on what was taken out: nothing changes")
        delivery.give(result, top=top)
