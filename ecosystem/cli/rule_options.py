"""The options that change rules of an index for one run, and the parameters of its metrics."""

from __future__ import annotations

from typing import Annotated

import typer

from ecosystem.cli.completion import complete_method
from ecosystem.cli.options import ParamOption
from ecosystem.cli.run_request import CHANGES

NormaliseOption = Annotated[
    str | None,
    typer.Option(
        "--normalise",
        metavar="METHOD",
        help="minmax, zscore, prank ...",
        autocompletion=complete_method("normalise"),
    ),
]
AggregateOption = Annotated[
    str | None,
    typer.Option(
        "--aggregate",
        metavar="MEAN",
        help="amean, gmean, copeland ...",
        autocompletion=complete_method("aggregate"),
    ),
]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="METHOD|FILE",
        help="equal, entropy, critic, pca ..., a CSV, or CODE=WEIGHT,...",
        autocompletion=complete_method("weigh"),
    ),
]
TreatOption = Annotated[
    str | None,
    typer.Option(
        "--treat", metavar="METHOD", help="winsorise, log, boxcox ...", autocompletion=complete_method("treat")
    ),
]
ImputeOption = Annotated[
    str | None,
    typer.Option(
        "--impute",
        metavar="METHOD",
        help="mean, median, group_mean:COLUMN ...",
        autocompletion=complete_method("impute"),
    ),
]
RescaleOption = Annotated[
    str | None,
    typer.Option(
        "--rescale",
        metavar="METHOD",
        help="The last step: share_of_best, share_of_best:100, minmax:0,100, percentile ...",
        autocompletion=complete_method("rescale"),
    ),
]
TiersOption = Annotated[
    str | None,
    typer.Option(
        "--tiers",
        metavar="METHOD:N",
        help="jenks:5, quantile:4, cuts:60,40 ...",
        autocompletion=complete_method("tiers"),
    ),
]

TierBasisOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="COLUMNS",
        help="What --tiers kmeans:N makes clusters over: scores, pillars or indicators.",
    ),
]


def rule_options(
    normalise: NormaliseOption = None,
    aggregate: AggregateOption = None,
    weights: WeightsOption = None,
    treat: TreatOption = None,
    impute: ImputeOption = None,
    rescale: RescaleOption = None,
    tiers: TiersOption = None,
    on: TierBasisOption = None,
    param: ParamOption = None,
) -> dict[str, str | None]:
    """By the names of `CHANGES` what a run changes, None for a rule that stays; see `takes`."""
    given = ", ".join(param) if param else None
    return dict(zip(CHANGES, (normalise, aggregate, weights, treat, impute, tiers, on, given, rescale), strict=True))
