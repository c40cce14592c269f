"""`ecosystem network multiplex`, `evolution`, `relatedness`: networks, years, and what regions are active in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ecosystem.cli.completion import complete_network, complete_region
from ecosystem.cli.console import progress, say
from ecosystem.cli.network_options import Output, Scope, on_network
from ecosystem.cli.network_request import (
    NetworkArgument,
    TopRowsOption,
    opened,
    say_of_network,
)
from ecosystem.cli.run_request import known_networks
from ecosystem.errors import NetworkError
from ecosystem.messages import tr, tr_count

RegionOption = Annotated[
    str | None,
    typer.Option("--region", metavar="REGION", help="Only this region.", autocompletion=complete_region),
]


class LikenessChoice(StrEnum):
    """How far two segments are related."""

    proximity = "proximity"
    association = "association"
    cosine = "cosine"


@on_network(isolates=True)
def multiplex(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NETWORK NETWORK...", help="Networks: ids or titles.", autocompletion=complete_network),
    ],
    scope: Scope,
    output: Output,
    top: TopRowsOption = None,
) -> None:
    """Compare networks of the same organisations: the edges they share, and how each organisation spreads over them.

    Participation is 0 for an organisation whose edges are all in one network, and 1 for one with as many in each.
    """
    from ecosystem.network import find_network, linkage
    from ecosystem.network.layer_tables import overlap_table, participation_table

    files = {file.id: file for file in (find_network(name, known_networks(scope.folder)) for name in names)}
    if len(files) < 2:
        raise NetworkError(
            tr("one network alone is compared with nothing"),
            hint=tr("name another: `ecosystem network list` shows them"),
        )
    first, *others = files
    with opened(scope.asked(first)) as found:
        layers = {first: found}
        for name in others:
            file, span = files[name], found.window
            layers[name] = linkage(
                found.store, file, level=found.level, since=span.since, until=span.until, isolates=scope.isolates
            )
            say_of_network(layers[name])
        networks = {name: layer.network for name, layer in layers.items()}
        spread = participation_table(networks, [layer.names(output.lang) for layer in layers.values()])
    say(tr("an edge and its reverse are two where both networks have directions, else one; weights do not count"))
    pairs = overlap_table(networks)
    if output.on_screen:
        titles = {name: file.title(output.lang) for name, file in files.items()}
        spread = spread.rename(columns={f"degree_{name}": title for name, title in titles.items()})
        pairs = pairs.replace({"network": titles, "other_network": titles})
    output.put(
        {"overlap": pairs, "entities": spread if top is None else spread.head(top)})  # fmt: skip


@on_network()
def evolution(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    width: Annotated[int, typer.Option("--width", min=1, metavar="N", help="Years of a window.")] = 1,
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="Let every window begin with the first year: nothing leaves.")
    ] = False,
    region: RegionOption = None,
) -> None:
    """Show which organisations and edges enter, leave and persist from each window of years to the next, by region too.

    Persistence is the share of what persists in all that either window has.
    """
    from ecosystem.network.layer_tables import evolution_tables
    from ecosystem.network.windows import evolution_of
    from ecosystem.store import stored_regions

    with opened(scope.asked(name)) as found, progress() as report:
        changes = evolution_of(found, width, cumulative=cumulative, progress=report)
        called = dict(zip(found.network.regions, found.names(output.lang).regions, strict=True))
        tables = evolution_tables(changes, called)
        if region is not None:
            place = stored_regions(found.store).resolve_among(region, changes.regions, level=found.level)
            tables["regions"] = tables["regions"][tables["regions"]["region"] == place]
    if len(changes.years) < 2:
        message = tr("there is one window alone, {year}: nothing can change", year=changes.years[0])
        raise NetworkError(message, hint=tr("ask for more years, or for a smaller --width"))
    if found.undated and found.file.dating == "flow" and not found.window.given:
        say(
            tr_count(
                "{count:,} match has no year and is left out",
                "{count:,} matches have no year and are left out",
                found.undated,
            )
        )
    if found.file.dating == "stock":
        say(tr("a stock holds all that came before: nothing leaves"))
    if output.on_screen and region is None:
        last = tables["regions"]["to_year"] == changes.years[-1]
        tables["regions"] = tables["regions"][last]
        say(tr("regions are those of the last step: --region shows all steps of one, --out FILE all of all"))
    output.put(tables)


@on_network()
def relatedness(
    scope: Scope,
    output: Output,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NETWORK]",
            help="A network from organisations to what they are active in.",
            autocompletion=complete_network,
        ),
    ] = "activity",
    likeness: Annotated[
        LikenessChoice, typer.Option("--likeness", help="How far two segments are related.")
    ] = LikenessChoice.proximity,
    region: RegionOption = None,
    top: TopRowsOption = None,
) -> None:
    """Show what regions are specialised in, how complex that is, and which segments are near to what they have.

    A region is specialised in a segment where its location quotient is 1 or more. The density says how much of what is
    related to a segment the region has already.
    """
    from ecosystem.network.relatedness_tables import relatedness_tables
    from ecosystem.store import stored_regions

    with opened(scope.asked(name)) as found:
        tables = relatedness_tables(found.network, found.names(output.lang), likeness.value)
        if region is not None:
            known = list(tables["regions"]["region"])
            place = stored_regions(found.store).resolve_among(region, known, level=found.level)
            tables["cells"] = tables["cells"][tables["cells"]["region"] == place]
    say(tr("organisations with no region do not count; the sign of complexity is that of diversity"))
    if tables["regions"]["eci"].isna().all():
        say(tr("complexity is not determined: too few regions share segments, or all are as diverse"))
    output.put({sheet: frame if top is None else frame.head(top) for sheet, frame in tables.items()})
