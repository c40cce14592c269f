"""`ecosystem knockout`: how every score and rank changes if organisations or links are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App, OneUsualCommand
from ecosystem.cli.completion import complete_label, complete_link, complete_region
from ecosystem.cli.console import progress, say
from ecosystem.cli.delivery import Delivery, Scoring, delivery_options, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import TopOption
from ecosystem.errors import UsageError
from ecosystem.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecosystem.audit.audit_tables import Result
    from ecosystem.progress import Progress
    from ecosystem.scoring import Scores

EntityOption = Annotated[
    list[str] | None, typer.Option("--entity", metavar="NAME|ID", help="Remove this organisation; may be repeated.")
]
WhereOption = Annotated[
    str | None,
    typer.Option("--where", metavar="NAME=VALUE,...", help='Remove all of these: "label=Company,region=北京市".'),
]
LinkOption = Annotated[
    list[str] | None,
    typer.Option(
        "--link", metavar="TYPE", help="Remove the links of this type; may be repeated.", autocompletion=complete_link
    ),
]
PartnerOption = Annotated[
    str | None,
    typer.Option(
        "--partner-country",
        metavar="COUNTRY",
        help="Remove every partner in this country abroad.",
        autocompletion=complete_region,
    ),
]
CountOption = Annotated[int, typer.Option("--remove", min=1, help="How many organisations are removed, one by one.")]
RandomOption = Annotated[
    int,
    typer.Option("--random", min=0, help="How many random orders to compare with, the largest first being the one."),
]
SeedOption = Annotated[int, typer.Option("--seed", help="With --random: the same seed gives the same orders.")]

app = App(
    cls=OneUsualCommand,
    help="Remove organisations or links and compute every score and rank again."
    "\n\n`ecosystem knockout INDEX --entity X` is short for `ecosystem knockout remove INDEX --entity X`.",
)


@app.command("remove")
@takes(scoring=scoring_options, delivery=delivery_options)
def remove_command(
    scoring: Scoring,
    delivery: Delivery,
    entity: EntityOption = None,
    where: WhereOption = None,
    link: LinkOption = None,
    partner_country: PartnerOption = None,
    top: TopOption = 50,
) -> None:
    """Remove organisations or links together, and show how every score and rank changes; the choices add up."""
    if not (entity or where is not None or link or partner_country is not None):
        raise UsageError(
            tr("choose what to remove"), hint=tr("--entity, --where, --link or --partner-country, also several of them")
        )
    _deliver(_removal(entity, where, link, partner_country), scoring, delivery, top)


@app.command("each")
@takes(scoring=scoring_options, delivery=delivery_options)
def each_command(
    scoring: Scoring,
    label: Annotated[
        str,
        typer.Argument(
            metavar="LABEL", help="A label of nodes: Company, University ...", autocompletion=complete_label
        ),
    ],
    delivery: Delivery,
    top: TopOption = 50,
) -> None:
    """Remove each node of a label alone, and list them by how much they move the ranks, the greatest first."""
    from ecosystem import audit

    _deliver(
        lambda scores, report: audit.knock_out_each(scores, label, progress=report, tell=say), scoring, delivery, top
    )


@app.command("curve")
@takes(scoring=scoring_options, delivery=delivery_options)
def curve_command(
    scoring: Scoring,
    delivery: Delivery,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            help="Only this region; all when none is named.",
            autocompletion=complete_region,
        ),
    ] = None,
    remove: CountOption = 20,
    random: RandomOption = 0,
    seed: SeedOption = 1,
    top: TopOption = 50,
) -> None:
    """Remove the organisations of a region one after another, the most important first: fragility is an area."""
    from ecosystem import audit

    _deliver(
        lambda scores, report: audit.curve(
            scores, region, remove=remove, random=random, seed=seed, progress=report, tell=say
        ),
        scoring,
        delivery,
        top,
    )


@app.command(OneUsualCommand.USUAL, hidden=True)
@takes(scoring=scoring_options, delivery=delivery_options)
def usual_command(
    scoring: Scoring,
    delivery: Delivery,
    entity: EntityOption = None,
    where: WhereOption = None,
    link: LinkOption = None,
    partner_country: PartnerOption = None,
    each: Annotated[str | None, typer.Option("--all", metavar="LABEL", help="See `knockout each`.")] = None,
    with_curve: Annotated[bool, typer.Option("--curve", help="See `knockout curve`.")] = False,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            help="With --curve: only this region.",
            autocompletion=complete_region,
        ),
    ] = None,
    remove: CountOption = 20,
    random: RandomOption = 0,
    seed: SeedOption = 1,
    top: TopOption = 50,
) -> None:
    """Remove organisations or links, or do what an option chooses: --all and --curve are commands of `knockout`."""
    from ecosystem import audit

    chosen = bool(entity or where is not None or link or partner_country is not None)
    if chosen + (each is not None) + with_curve != 1:
        hint = tr("--entity, --where, --link and --partner-country can be combined, --all and --curve cannot")
        raise UsageError(
            tr("choose what to remove") if not chosen else tr("these options cannot be combined"), hint=hint
        )
    if region is not None and not with_curve:
        raise UsageError(tr("--region is an option of --curve"), hint=tr('without --curve: --where "region=..."'))

    def result(scores: Scores, report: Progress) -> Result:
        if each is not None:
            return audit.knock_out_each(scores, each, progress=report, tell=say)
        if with_curve:
            return audit.curve(scores, region, remove=remove, random=random, seed=seed, progress=report, tell=say)
        return _removal(entity, where, link, partner_country)(scores, report)

    _deliver(result, scoring, delivery, top)


def _removal(
    entity: list[str] | None, where: str | None, link: list[str] | None, partner_country: str | None
) -> Callable[[Scores, Progress], Result]:
    """What takes all that was chosen out of scores, and says so where nothing depends on it."""
    from ecosystem import audit

    def remove(scores: Scores, report: Progress) -> Result:
        found = audit.knockout(
            scores, entity or [], where=where, links=link or [], partner_country=partner_country, progress=report
        )
        if not found.touched:
            say(tr("no value depends on what was removed: nothing changes"))
        return found

    return remove


def _deliver(make: Callable[[Scores, Progress], Result], scoring: Scoring, delivery: Delivery, top: int) -> None:
    with scoring.scores() as scores:
        with progress() as report:
            result = make(scores, report)
        delivery.give(result, top=top)
