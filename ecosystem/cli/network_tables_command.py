"""`ecosystem network summary`, `nodes`, `regions`, `flows`, `roles`, `typology`: tables of one network."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_region
from ecosystem.cli.network_options import Output, Scope, on_network
from ecosystem.cli.network_request import (
    MeasureOption,
    NetworkArgument,
    TopRowsOption,
    by_year,
    number,
    opened,
    words,
)
from ecosystem.errors import UsageError
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.network import Linkage


ByYearOption = Annotated[bool, typer.Option("--by-year", help="A row for every year that has an edge.")]


class Normalise(StrEnum):
    """What the flows between regions are measured against."""

    none = "none"
    share = "share"
    association = "association"
    salton = "salton"
    lq = "lq"
    density = "density"


@on_network(isolates=True)
def summary(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    measure: MeasureOption = None,
    yearly: ByYearOption = False,
) -> None:
    """Say what a network is made of, and measure it as a whole: density, E-I index, assortativity, modularity ..."""
    from ecosystem.network.measures import find_measures, usual_of_network

    chosen = find_measures(words(measure, list(usual_of_network())), "network")
    asked = scope.asked(name)
    if yearly:
        table = by_year(
            asked, lambda found: found.summary(chosen, lang=output.lang).set_index("key")["value"].to_frame().T
        )
        output.put({"summary": table})
        return
    with opened(asked) as found:
        frame = found.summary(chosen, lang=output.lang)
    if output.on_screen:  # numbers of many sizes in one column: each with its own decimals
        frame = frame.drop(columns="key").assign(value=[number(value) for value in frame["value"]])
    output.put({"summary": frame})


@on_network(isolates=True)
def nodes(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    measure: MeasureOption = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", metavar="REGION", help="Only organisations in this region.", autocompletion=complete_region
        ),
    ] = None,
    top: TopRowsOption = None,
) -> None:
    """Measure every organisation: a row each, the highest by the first measure first."""
    from ecosystem.network.measures import find_measures
    from ecosystem.network.network_tables import NODE_MEASURES
    from ecosystem.store import stored_regions

    chosen = find_measures(words(measure, NODE_MEASURES), "node")
    with opened(scope.asked(name)) as found:
        frame = found.nodes(chosen, lang=output.lang)
        if region is not None:
            place = stored_regions(found.store).resolve_among(region, found.network.regions, level=found.level)
            frame = frame[frame["region"] == place]
    output.put({"entities": _first(frame, top)})


@on_network(isolates=True)
def regions(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    measure: MeasureOption = None,
    top: TopRowsOption = None,
    yearly: ByYearOption = False,
) -> None:
    """Measure every region: a row each, the highest by the first measure first."""
    from ecosystem.network.measures import find_measures
    from ecosystem.network.network_tables import REGION_MEASURES

    chosen = find_measures(words(measure, REGION_MEASURES), "region")
    asked = scope.asked(name)
    if yearly:
        frame = by_year(asked, lambda found: found.regions(chosen, lang=output.lang))
    else:
        with opened(asked) as found:
            frame = found.regions(chosen, lang=output.lang)
    output.put({"regions": _first(frame, top)})


@on_network()
def flows(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    normalise: Annotated[
        Normalise, typer.Option("--normalise", help="What a flow is measured against.")
    ] = Normalise.none,
    matrix: Annotated[bool, typer.Option("--matrix", help="The matrix, a row and a column per region.")] = False,
    by_source: Annotated[
        str | None,
        typer.Option("--by-source", metavar="PROPERTY", help="Split flows by what the giving organisation is: layer."),
    ] = None,
    by_target: Annotated[
        str | None,
        typer.Option("--by-target", metavar="PROPERTY", help="Split flows by what the receiving organisation is."),
    ] = None,
    countries: Annotated[
        bool, typer.Option("--countries", help="Count organisations outside the regions in their country.")
    ] = False,
    yearly: ByYearOption = False,
    top: TopRowsOption = None,
) -> None:
    """Show what flows between regions: in, out and within each, its partners, and every flow from one to another.

    A flow has its share of what leaves the one region, of what comes to the other, and of all. The relational location
    quotient lq is the share of a partner in what leaves a region over its share in all flows. The density is the share
    of the pairs of organisations that are joined.
    """
    from ecosystem.network.network_tables import partner_table

    split = by_source is not None or by_target is not None
    if matrix and (split or yearly):
        hint = tr("leave --matrix out, or the others")
        raise UsageError(tr("--matrix does not go with --by-source, --by-target or --by-year"), hint=hint)

    def placed(found: Linkage) -> Linkage:
        return found.elsewhere() if countries else found

    def rows(found: Linkage) -> pd.DataFrame:
        table = placed(found).flow_rows(by_source=by_source, by_target=by_target, lang=output.lang)
        return _first(table, top)

    asked = scope.asked(name)
    if yearly:
        output.put({"flows": by_year(asked, rows)})
        return
    with opened(asked) as found:
        there = placed(found)
        if matrix:
            square = there.flows(normalise=normalise.value, lang=output.lang)
            tables = {"flows": square.rename_axis("region").reset_index()}
        else:
            partners = partner_table(there.network, there.names(output.lang))
            tables = {"flows": rows(found)} if split else {"regions": _first(partners, top), "flows": rows(found)}
    output.put(tables)


@on_network()
def roles(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    top: TopRowsOption = None,
) -> None:
    """Count who brokers between whom, by the regions of the three, after Gould and Fernandez: regions, organisations.

    A gatekeeper passes on from another region into its own. How many gatekeepers can leave until half of what they
    let in is lost tells how much a region depends on a few.
    """
    with opened(scope.asked(name)) as found:
        tables = {sheet: _first(frame, top) for sheet, frame in found.roles(lang=output.lang).items()}
    output.put(tables)


@on_network()
def connectors(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    top: TopRowsOption = None,
) -> None:
    """Show what joins organisations, such as alliances: how many each joins, of how many regions, and which regions.

    For a network from one kind of nodes to another, such as membership. A pair of regions is joined where an alliance
    has members in both; the share is of the alliances with members in at least two regions, and shares overlap.
    """
    with opened(scope.asked(name)) as found:
        tables = found.connectors(lang=output.lang)
    output.put({key: _first(frame, top) for key, frame in tables.items()})


@on_network()
def typology(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    yearly: ByYearOption = False,
) -> None:
    """Show the share of each region in all that is sent and in all that is received, and its type by the two.

    A share is high where it is above the mean share, one over the number of regions.
    """
    asked = scope.asked(name)
    if yearly:
        frame = by_year(asked, lambda found: found.typology(lang=output.lang))
    else:
        with opened(asked) as found:
            frame = found.typology(lang=output.lang)
    output.put({"regions": frame})


def _first(frame: pd.DataFrame, top: int | None) -> pd.DataFrame:
    return frame if top is None else frame.head(top)
