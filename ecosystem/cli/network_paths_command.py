"""`ecosystem network ego`, `path`, `suggest`: what is around an organisation, ways to another, edges to be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ecosystem.cli.completion import complete_network
from ecosystem.cli.console import progress, say
from ecosystem.cli.network_request import Asked, NetworksOption, opened, put_tables
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    LangOption,
    LevelOption,
    OutOption,
    RegionArgument,
    SinceOption,
    StoreOption,
    UntilOption,
)
from ecosystem.errors import NetworkError
from ecosystem.messages import tr, tr_count

if TYPE_CHECKING:
    from ecosystem.network import Linkage
    from ecosystem.network.prediction import Accuracy

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="An organisation: its name or its id.")]
EndArgument = Annotated[str, typer.Argument(metavar="OTHER", help="Another organisation: its name or its id.")]
NetworkOption = Annotated[
    str,
    typer.Option(
        "--network", metavar="NETWORK", help="A network: its id or its title.", autocompletion=complete_network
    ),
]


class FollowChoice(StrEnum):
    """Which edges a path may take: any either way, or along their direction, from the organisation or to it."""

    all = "all"
    out = "out"
    into = "in"


FollowOption = Annotated[
    FollowChoice,
    typer.Option("--follow", help="Take edges either way (all), or only along their direction: out of NAME, or in."),
]


class Score(StrEnum):
    """What pairs of organisations are scored by."""

    common_neighbours = "common_neighbours"
    adamic_adar = "adamic_adar"
    resource_allocation = "resource_allocation"
    preferential_attachment = "preferential_attachment"
    local_path = "local_path"


def ego(
    name: NameArgument,
    lang: LangOption,
    network: NetworkOption = "all",
    depth: Annotated[int, typer.Option("--depth", min=1, help="How many edges away at most.")] = 1,
    follow: FollowOption = FollowChoice.all,
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
    """Show the organisations around one, nearest first, and all edges among them."""
    from ecosystem.network.path_tables import ego_tables, place_of

    with opened(Asked(network, folder, store, database, level, since, until)) as found:
        names = found.names(lang)
        node = place_of(found.network, names, name)
        tables = ego_tables(found.network, names, node, depth, follow.value, _behind(found))
    others = tr_count("{count:,} other organisation", "{count:,} other organisations", len(tables["entities"]) - 1)
    edges = tr_count("{count:,} edge", "{count:,} edges", len(tables["edges"]))
    if depth == 1:
        say(tr("{others} one edge away, {edges} among all", others=others, edges=edges))
    else:
        say(tr("{others} at most {depth} edges away, {edges} among all", others=others, depth=depth, edges=edges))
    put_tables(tables, form, out, excel=excel)


def path(
    name: NameArgument,
    other: EndArgument,
    lang: LangOption,
    network: NetworkOption = "all",
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many paths are shown.")] = 20,
    follow: FollowOption = FollowChoice.all,
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
    """Show the shortest paths from one organisation to another, and the edges that they take.

    An edge is a step, whatever its weight: a weight says how strong it is, not how long.
    """
    from ecosystem.network.path_tables import path_tables, place_of
    from ecosystem.network.paths import shortest_paths

    with opened(Asked(network, folder, store, database, level, since, until)) as found:
        names = found.names(lang)
        start, end = (place_of(found.network, names, one) for one in (name, other))
        paths = shortest_paths(found.network, start, end, top, follow.value)
        if not paths.count:
            raise _no_path(found, name, other, follow)
        tables = path_tables(found.network, names, paths, _behind(found))
    steps = tr_count("{count:,} edge", "{count:,} edges", paths.length)
    say(tr_count("{count:,} shortest path of {steps}", "{count:,} shortest paths of {steps}", paths.count, steps=steps))
    if paths.count > top:
        say(tr("the first {top:,} are shown, by the ids on the way: --top shows more", top=top))
    put_tables(tables, form, out, excel=excel)


def suggest(
    region: RegionArgument,
    lang: LangOption,
    network: NetworkOption = "all",
    score: Annotated[Score, typer.Option("--score", help="What pairs are ranked by.")] = Score.resource_allocation,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many pairs are shown.")] = 20,
    draws: Annotated[int, typer.Option("--draws", min=1, help="How many times edges are hidden, to test.")] = 5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed hides the same edges.")] = 1,
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
    """Suggest edges that are not there yet to the organisations of a region, with a test of how far to trust them.

    The test hides a tenth of the region's edges and checks how well each score finds them: auc is the chance that a
    hidden edge is above a pair that is not joined (0.5 is a guess), precision the share of hidden ones among the first.
    Both stand beside those of the number of common neighbours, the simplest score.
    """
    import numpy as np

    from ecosystem.network.path_tables import accuracy_table, suggestion_table
    from ecosystem.network.prediction import hold_out, suggestions
    from ecosystem.store import stored_regions

    with opened(Asked(network, folder, store, database, level, since, until)) as found, progress() as report:
        net, names = found.network, found.names(lang)
        place = stored_regions(found.store).resolve_among(region, net.regions, level=found.level)
        if place not in net.regions:
            raise _nobody(found, region)
        at, kind = net.regions.index(place), np.unique(np.array(names.kinds, dtype=str), return_inverse=True)[1]
        best = suggestions(net, at, score=score.value, most=top, kind=kind)
        tested = hold_out(net, at, seed=seed, draws=draws, most=top, kind=kind, progress=report)
        tables = {
            "suggestions": suggestion_table(net, names, best, score.value),
            "accuracy": accuracy_table(tested, lang),
        }
        _say_of_test(tested, draws, seed, int((net.region == at).sum()))
    if not len(best.one):
        say(tr("no pair has a score above 0: there is nothing to suggest"))
    if form is Format.table and out is None:
        tables["accuracy"] = tables["accuracy"].drop(columns="key")
    put_tables(tables, form, out, excel=excel)


def _behind(found: Linkage) -> dict[str, Any]:
    """The number of links behind each edge, and its first and last year where the network is dated."""
    import pandas as pd

    if found.file.dated is None:
        return {"links": found.links()}
    first, last = (pd.array(years, dtype="Float64").astype("Int64") for years in found.years())
    return {"links": found.links(), "first_year": first, "last_year": last}


def _say_of_test(tested: Accuracy, draws: int, seed: int, count: int) -> None:
    if not tested.hidden:
        say(tr("the region has fewer than two edges: the scores cannot be tested"))
        return
    say(
        tr(
            "tested {draws} times with {hidden:,} hidden edges, among the first {most:,} pairs; seed {seed}",
            draws=draws, hidden=tested.hidden, most=tested.most, seed=seed,
        )
    )  # fmt: skip
    if tested.tested < count:
        some = tested.tested
        say(tr("{some:,} of {count:,} organisations, drawn by chance, stand for all", some=some, count=count))
    say(tr("neither weights nor directions count; where all members of a group are joined, the test is too favourable"))


def _no_path(found: Linkage, name: str, other: str, follow: FollowChoice) -> NetworkError:
    message = tr(
        "no path leads from {name!r} to {other!r} in the network {network!r}",
        name=name, other=other, network=found.file.id,
    )  # fmt: skip
    if follow is not FollowChoice.all and found.network.directed:
        return NetworkError(message, hint=tr("--follow all takes edges against their direction, too"))
    return NetworkError(message, hint=tr("try another network, or more years: --network all has all direct links"))


def _nobody(found: Linkage, region: str) -> NetworkError:
    message = tr("no organisation of the network {network!r} is in {region!r}", network=found.file.id, region=region)
    hint = tr("`ecosystem network regions {name}` lists the regions that have one", name=found.file.id)
    return NetworkError(message, hint=hint)
