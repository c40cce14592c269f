"""`ecosystem network test`, `backbone`, `gravity`: is it more than chance gives, and what explains the flows?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_measure, complete_network
from ecosystem.cli.console import progress, say
from ecosystem.cli.network_options import Output, Scope, on_network
from ecosystem.cli.network_request import (
    Asked,
    NetworkArgument,
    TopRowsOption,
    beside,
    number,
    opened,
    words,
)
from ecosystem.cli.options import Format
from ecosystem.errors import UsageError
from ecosystem.messages import tr, tr_count

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.network import Linkage
    from ecosystem.network.nulls import Null

QAP = "qap"
"""What is asked for in place of a measure where flows are compared with those of other networks."""


LEAST_P = 0.0001
"""A p-value below this is shown as such: its digits say nothing."""


class NullModel(StrEnum):
    """What chance changes."""

    labels = "labels"
    rewire = "rewire"
    qap = QAP


class Filter(StrEnum):
    """How an edge is found to weigh more than chance gives."""

    disparity = "disparity"
    noise = "noise"


MeasuresArgument = Annotated[
    str,
    typer.Argument(
        metavar="MEASURE",
        help="Measures of the whole network, with commas; or `qap`: its flows against those of other networks.",
        autocompletion=complete_measure,
    ),
]
NullOption = Annotated[
    NullModel | None,
    typer.Option(
        "--null",
        help="What chance changes: `labels` deals out the regions anew, `rewire` links anew with all degrees kept,"
        " `qap` permutes the regions of a matrix of flows.",
        show_default="labels",
    ),
]
OthersOption = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="NETWORK,NETWORK",
        help="With `qap`: the networks whose flows explain those of this one.",
        autocompletion=complete_network,
    ),
]
DrawsOption = Annotated[int, typer.Option("--draws", min=2, metavar="N", help="How many times chance is drawn.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same draws.")]


@on_network(isolates=True)
def against_chance(
    measure: MeasuresArgument,
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    null: NullOption = None,
    others: OthersOption = None,
    draws: DrawsOption = 999,
    seed: SeedOption = 1,
) -> None:
    """Compare a measure of a network with what chance gives: mean, z, p of both sides, and the interval of 95 %.

    No p is 0: the network itself is one of the cases. `qap` regresses the flows between regions on those of other
    networks, by double semi-partialing: for one other network that is their correlation.
    """
    from ecosystem.network.measures import find_measures

    asked = scope.asked(name)
    if _is_qap(measure, null, others):
        with opened(asked) as found:
            tables = _of_flows(found, words(others, ()), asked, draws, seed, output.lang)
    else:
        chosen = find_measures(words(measure, ()), "network")
        with opened(asked) as found, progress() as report:
            _say_of_null(found, null, draws, seed)
            kind: Null = "rewire" if null is NullModel.rewire else "labels"
            frame = found.test(chosen, kind, draws=draws, seed=seed, lang=output.lang, progress=report)
        _say_of_equal_draws(frame)
        tables = {"tests": frame}
    output.put(_readable(tables, output))


@on_network()
def backbone(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    how: Annotated[
        Filter,
        typer.Option(
            "--filter",
            help="`disparity`: an uneven share of an end's weight; `noise`: more than the weights of both ends give.",
        ),
    ] = Filter.disparity,
    alpha: Annotated[float, typer.Option("--alpha", min=0, help="The p-value below which an edge is kept.")] = 0.05,
    top: TopRowsOption = None,
) -> None:
    """Keep the edges that weigh more than chance gives, heaviest first: the backbone of the network.

    The disparity filter is that of Serrano, Boguñá and Vespignani (2009), `noise` the noise-corrected backbone of
    Coscia and Neffke (2017).
    """
    from ecosystem.network.inference_tables import backbone_table

    if alpha > 1:
        raise UsageError(tr("--alpha {alpha:g} is above 1", alpha=alpha), hint=tr("it is a probability, such as 0.05"))
    with opened(scope.asked(name)) as found:
        net = found.network
        frame, kept = backbone_table(net, found.names(output.lang), how.value, alpha)
    share = float(net.weight[kept].sum() / net.weight.sum())
    say(
        tr_count(
            "{count:,} of {all:,} edges is kept, with {share:.0%} of the weight",
            "{count:,} of {all:,} edges are kept, with {share:.0%} of the weight",
            len(frame),
            all=len(kept),
            share=share,
        )
    )
    if frame.empty:
        say(tr("a larger --alpha keeps more"))
    output.put({"edges": frame if top is None else frame.head(top)})


@on_network()
def gravity(
    name: NetworkArgument,
    scope: Scope,
    output: Output,
    coordinates: Annotated[
        Path | None,
        typer.Option(
            "--coordinates",
            metavar="FILE",
            help="A table with the columns region, longitude, latitude; else those of the regions in the graph.",
        ),
    ] = None,
) -> None:
    """Explain the flows between regions by how many organisations both have, and by the distance between them.

    A Poisson regression (pseudo-maximum likelihood) with robust standard errors, after Santos Silva and Tenreyro
    (2006): pairs without a flow count, as 0.
    """
    import numpy as np

    from ecosystem.network.inference_tables import gravity_tables

    with opened(scope.asked(name)) as found:
        result = found.gravity(coordinates)
    say(tr("mass: the organisations of a region in this network; distance: kilometres of the great circle"))
    say(tr("standard errors are robust (HC1), and take the flows of a region to be independent of each other"))
    if np.isnan(result.coefficient).any():
        say(tr("no estimate: too few pairs have a flow, or masses and distances go together"))
    output.put(_readable(gravity_tables(result, output.lang), output))


def _is_qap(measure: str, null: NullModel | None, others: str | None) -> bool:
    """Whether flows are compared; UsageError for words that do not go together."""
    line = "ecosystem network test qap NETWORK --with NETWORK"
    asked = measure.strip().casefold() == QAP
    if asked and not (others or "").strip(" ,"):
        raise UsageError(
            tr("qap compares flows with those of another network"), hint=tr("name it: `{line}`", line=line)
        )
    if asked and null not in {None, NullModel.qap}:
        raise UsageError(tr("qap has a null of its own"), hint=tr("leave out --null"))
    if not asked and others:
        message = tr("a measure is not compared with other networks: {measure}", measure=measure)
        raise UsageError(message, hint=tr("flows are: `{line}`", line=line))
    return asked


def _of_flows(
    found: Linkage, names: list[str], asked: Asked, draws: int, seed: int, lang: str
) -> dict[str, pd.DataFrame]:
    import numpy as np

    from ecosystem.network.inference_tables import flow_test, flow_test_tables

    others = {other.file.id: other for other in (beside(found, name, asked) for name in names)}
    result, regions = flow_test(found.network, {key: one.network for key, one in others.items()}, draws, seed)
    say(
        tr(
            "the flows between {regions:,} regions, their own left out, and permutations of the regions: "
            "{draws:,} draws, seed {seed}",
            regions=len(regions),
            draws=draws,
            seed=seed,
        )
    )
    if np.isnan(result.r2):
        say(tr("flows of one of these networks are all equal, or a sum of those of others: nothing is said of them"))
    return flow_test_tables(result, {key: one.file.title(lang) for key, one in others.items()}, lang)


def _say_of_null(found: Linkage, null: NullModel | None, draws: int, seed: int) -> None:
    if null is NullModel.qap:
        say(tr("qap permutes organisations against their regions: of one network that is the null of labels"))
    if null is NullModel.rewire:
        say(
            tr(
                "chance: linked anew with the degree of every organisation kept, the weights dealt out over the edges; "
                "{draws:,} draws, seed {seed}",
                draws=draws,
                seed=seed,
            )
        )
        return
    say(
        tr(
            "chance: the regions of {count:,} organisations dealt out among them; {draws:,} draws, seed {seed}",
            count=int(found.network.located.sum()),
            draws=draws,
            seed=seed,
        )
    )


def _say_of_equal_draws(frame: pd.DataFrame) -> None:
    for title in frame["title"][frame["null_sd"] == 0]:
        say(tr("{title}: this chance does not change it", title=title))
    for title in frame["title"][frame["null_mean"].isna()]:
        say(tr("{title}: undefined here or in a draw, so nothing is said of it", title=title))


def _readable(tables: dict[str, pd.DataFrame], output: Output) -> dict[str, pd.DataFrame]:
    """On the screen: numbers of many sizes in one column, each with its own decimals, and no keys beside titles."""
    if output.out is not None:
        return tables
    if output.form in {Format.csv, Format.json}:  # what reads these takes one table
        return {name: tables[name] for name in list(tables)[:1]}
    if output.form is Format.md:
        return tables
    return {name: _of_words(frame) for name, frame in tables.items()}


def _of_words(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.select_dtypes("float")
    shown = {str(column): [number(value) for value in numbers[column].tolist()] for column in numbers}
    if "p" in frame:
        shown["p"] = [f"<{LEAST_P}" if value < LEAST_P else number(value) for value in frame["p"].tolist()]
    return frame.assign(**shown).drop(columns=["key", "measure", "network", "draws", "term"], errors="ignore")
