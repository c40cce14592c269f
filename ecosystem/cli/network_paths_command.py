"""`ecosystem network ego`, `path`, `suggest`: what is around an organisation, ways to another, edges to be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_network
from ecosystem.cli.console import progress, say
from ecosystem.cli.network_options import Output, Scope, on_network
from ecosystem.cli.network_request import opened
from ecosystem.cli.options import RegionArgument
from ecosystem.messages import tr, tr_count

if TYPE_CHECKING:
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


@on_network()
def ego(
    name: NameArgument,
    scope: Scope,
    output: Output,
    network: NetworkOption = "all",
    depth: Annotated[int, typer.Option("--depth", min=1, help="How many edges away at most.")] = 1,
    follow: FollowOption = FollowChoice.all,
) -> None:
    """Show the organisations around one, nearest first, and all edges among them."""
    from ecosystem.network.contacts import contacts

    with opened(scope.asked(network)) as found:
        tables = contacts(found, name, depth, follow.value, lang=output.lang)
    others = tr_count("{count:,} other organisation", "{count:,} other organisations", len(tables["entities"]) - 1)
    edges = tr_count("{count:,} edge", "{count:,} edges", len(tables["edges"]))
    if depth == 1:
        say(tr("{others} one edge away, {edges} among all", others=others, edges=edges))
    else:
        say(tr("{others} at most {depth} edges away, {edges} among all", others=others, depth=depth, edges=edges))
    output.put(tables)


@on_network()
def path(
    name: NameArgument,
    other: EndArgument,
    scope: Scope,
    output: Output,
    network: NetworkOption = "all",
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many paths are shown.")] = 20,
    follow: FollowOption = FollowChoice.all,
) -> None:
    """Show the shortest paths from one organisation to another, and the edges that they take.

    An edge is a step, whatever its weight: a weight says how strong it is, not how long.
    """
    from ecosystem.network.contacts import ways

    with opened(scope.asked(network)) as found:
        paths, tables = ways(found, name, other, top, follow.value, lang=output.lang)
    steps = tr_count("{count:,} edge", "{count:,} edges", paths.length)
    say(tr_count("{count:,} shortest path of {steps}", "{count:,} shortest paths of {steps}", paths.count, steps=steps))
    if paths.count > top:
        say(tr("the first {top:,} are shown, by the ids on the way: --top shows more", top=top))
    output.put(tables)


@on_network()
def suggest(
    region: RegionArgument,
    scope: Scope,
    output: Output,
    network: NetworkOption = "all",
    score: Annotated[Score, typer.Option("--score", help="What pairs are ranked by.")] = Score.resource_allocation,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many pairs are shown.")] = 20,
    draws: Annotated[int, typer.Option("--draws", min=1, help="How many times edges are hidden, to test.")] = 5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed hides the same edges.")] = 1,
) -> None:
    """Suggest edges that are not there yet to the organisations of a region, with a test of how far to trust them.

    The test hides a tenth of the region's edges and checks how well each score finds them: auc is the chance that a
    hidden edge is above a pair that is not joined (0.5 is a guess), precision the share of hidden ones among the first.
    Both stand beside those of the number of common neighbours, the simplest score.
    """
    from ecosystem.network.contacts import suggested

    with opened(scope.asked(network)) as found, progress() as report:
        tested, tables = suggested(
            found, region, score.value, most=top, draws=draws, seed=seed, lang=output.lang, progress=report
        )
    _say_of_test(tested, draws, seed)
    if not len(tables["suggestions"]):
        say(tr("no pair has a score above 0: there is nothing to suggest"))
    if output.on_screen:
        tables["accuracy"] = tables["accuracy"].drop(columns="key")
    output.put(tables)


def _say_of_test(tested: Accuracy, draws: int, seed: int) -> None:
    if not tested.hidden:
        say(tr("the region has fewer than two edges: the scores cannot be tested"))
        return
    say(
        tr(
            "tested {draws} times with {hidden:,} hidden edges, among the first {most:,} pairs; seed {seed}",
            draws=draws, hidden=tested.hidden, most=tested.most, seed=seed,
        )
    )  # fmt: skip
    if tested.tested < tested.organisations:
        some, count = tested.tested, tested.organisations
        say(tr("{some:,} of {count:,} organisations, drawn by chance, stand for all", some=some, count=count))
    say(tr("neither weights nor directions count; where all members of a group are joined, the test is too favourable"))
