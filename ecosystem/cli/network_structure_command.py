"""`ecosystem network communities`, `core`, `holes`: the structure of one network."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import progress, say
from ecosystem.cli.network_options import Output, Scope, on_network
from ecosystem.cli.network_request import (
    NetworkArgument,
    TopRowsOption,
    number,
    opened,
)
from ecosystem.cli.options import Format
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pandas as pd

SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same answer.")]
ALIKE = 0.5
"""The NMI of two runs below which a reader is told that they agree little."""
CLUBS = 12
"""Clubs that a terminal shows."""


class CommunityTable(StrEnum):
    """A table of communities."""

    communities = "communities"
    summary = "summary"
    entities = "entities"
    mix = "mix"


class CoreTable(StrEnum):
    """A table of the core."""

    summary = "summary"
    entities = "entities"
    regions = "regions"
    k_cores = "k_cores"
    rich_club = "rich_club"


@on_network()
def communities(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    shown: Annotated[
        CommunityTable | None, typer.Option("--show", help="Only this table; a workbook has all of them.")
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--runs", min=1, help="How often communities are looked for: 10, of very many edges 3."),
    ] = None,
    resolution: Annotated[
        float, typer.Option("--resolution", min=0.001, help="Higher gives more and smaller communities.")
    ] = 1.0,
    seed: SeedOption = 1,
    top: TopRowsOption = None,
) -> None:
    """Find groups of organisations that are linked among themselves, and how far they are those of the regions.

    The communities are those of the highest modularity of several runs of the Leiden algorithm; how alike the runs are
    tells how far to trust them. `network nodes --measure community` has them beside other measures.
    """
    from ecosystem.network.communities import communities as found_by_leiden
    from ecosystem.network.communities import usual_runs
    from ecosystem.network.structure_tables import community_tables

    with opened(scope.asked(name)) as found, progress() as report:
        net = found.network
        runs = usual_runs(net) if runs is None else runs
        groups = found_by_leiden(net, runs=runs, seed=seed, resolution=resolution, progress=report)
        tables = community_tables(net, found.names(output.lang), groups, output.lang)
    _say_folded(net.directed)
    say(tr("Leiden by modularity, {runs} runs, seed {seed}: the run with the highest is kept", runs=runs, seed=seed))
    if groups.nmi < ALIKE:
        say(
            tr(
                "two runs agree little, NMI {nmi:.2f}: another run groups many organisations differently",
                nmi=groups.nmi,
            )
        )
    _put(tables, ("communities", "summary"), shown, top, output)


@on_network()
def core(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    shown: Annotated[
        CoreTable | None, typer.Option("--show", help="Only this table; a workbook has all of them.")
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws", min=0, help="Rewired networks that the rich club is held against: 20, of very many edges 5."
        ),
    ] = None,
    seed: SeedOption = 1,
    top: TopRowsOption = None,
) -> None:
    """Tell the core of a network from its periphery, where both are, its k-cores, and whether hubs keep together.

    The core is that with the fewest pairs not linked, and the fewest linked outside it. The rich club is how closely
    those with many neighbours are linked, against networks in which everyone has as many but chance says with whom.
    """
    from ecosystem.network.core_periphery import core_periphery
    from ecosystem.network.rich_club import rich_club, usual_draws
    from ecosystem.network.structure_tables import core_tables

    with opened(scope.asked(name)) as found, progress() as report:
        net = found.network
        draws = usual_draws(net) if draws is None else draws
        club = rich_club(net, draws=draws, seed=seed, progress=report)
        centre = core_periphery(net)
        tables = core_tables(net, found.names(output.lang), centre, club, output.lang)
    say(tr("neither weights nor directions count"))
    if not centre.within > centre.outside:
        say(tr("the core is no denser than the periphery: in this sense the network has no core"))
    if draws:
        say(tr("rich club against {draws} rewired networks, seed {seed}", draws=draws, seed=seed))
    if output.on_screen and shown is None:
        tables["rich_club"] = _spread(tables["rich_club"])
    _put(tables, ("summary", "regions", "k_cores", "rich_club"), shown, top, output)


@on_network(isolates=True)
def holes(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", metavar="REGION", help="Only organisations in this region.", autocompletion=complete_region
        ),
    ] = None,
    top: TopRowsOption = None,
) -> None:
    """Measure the structural holes around every organisation, after Burt: the least constrained first, and regions.

    Constraint is low where contacts are not linked to each other: there the organisation stands between them.
    Effective size is the number of contacts less what they share, efficiency its share of them, and hierarchy is high
    where one contact makes all the constraint. Regions have the means over their organisations.
    """
    from ecosystem.network.structure_tables import hole_tables
    from ecosystem.store import stored_regions

    with opened(scope.asked(name)) as found:
        tables = hole_tables(found.network, found.names(output.lang))
        if region is not None:
            place = stored_regions(found.store).resolve_among(region, found.network.regions, level=found.level)
            tables = {sheet: frame[frame["region"] == place] for sheet, frame in tables.items()}
    _say_folded(found.network.directed)
    _put(tables, ("entities", "regions"), None, top, output)


def _say_folded(directed: bool) -> None:
    if directed:
        say(tr("directions do not count here: the edges of both ways are added up"))


def _put(
    tables: Mapping[str, pd.DataFrame],
    usual: tuple[str, ...],
    shown: StrEnum | None,
    top: int | None,
    output: Output,
) -> None:
    """Print the usual tables or the one that is asked for; a workbook holds all, other formats and files have one."""
    first = usual[0] if shown is None else shown.value
    names = usual if shown is None and output.form is Format.table else (first,)
    if output.out is not None:
        names = (first, *(name for name in tables if name != first))
    kept = {name: tables[name] if top is None or name == "summary" else tables[name].head(top) for name in names}
    if output.on_screen:
        kept = {name: _readable(frame) for name, frame in kept.items()}
    output.put(kept)


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The table without keys, each number with decimals of its own in a column where sizes differ much."""
    wide = [column for column in ("value", "coefficient", "expected") if column in frame]
    told = frame.assign(**{column: [number(value) for value in frame[column]] for column in wide})
    return told.drop(columns="key", errors="ignore")


def _spread(frame: pd.DataFrame) -> pd.DataFrame:
    """A few of the clubs, from the largest to the smallest, their sizes about evenly apart on a scale of ratios."""
    import numpy as np

    if len(frame) <= CLUBS:
        return frame
    sizes = np.log(frame["organisations"].to_numpy(dtype=np.float64))
    wanted = np.linspace(sizes[0], sizes[-1], CLUBS)
    places = np.unique(np.abs(sizes[:, None] - wanted[None, :]).argmin(axis=0))
    say(tr("{shown} of {count:,} clubs are shown: --show rich_club has all", shown=len(places), count=len(frame)))
    return frame.iloc[places]
