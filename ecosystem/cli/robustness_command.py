"""`ecosystem robustness`: how sure the ranks of an index are. A mode is a flag; each has a module of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ecosystem.cli.console import say_of_data
from ecosystem.cli.delivery import Delivery, Scoring, delivery_options, scoring_options
from ecosystem.cli.leave_out_study import LeaveOutRequest, leave_out_options
from ecosystem.cli.missing_study import missing_study
from ecosystem.cli.option_records import takes
from ecosystem.cli.outputs import refuse_overwriting
from ecosystem.cli.robustness_modes import (
    LEAVE_OUT,
    MISSING,
    SAMPLE,
    SENSITIVITY,
    SPACE,
    chosen_mode,
    given_options,
)
from ecosystem.cli.sample_study import SampleRequest, sample_options
from ecosystem.cli.weight_space_study import SpaceRequest, space_options

DRAWS = 1000


class DrawTable(StrEnum):
    """Which table of draws is printed and written."""

    regions = "regions"
    pairs = "pairs"
    draws = "draws"


@takes(
    scoring=scoring_options,
    delivery=delivery_options,
    space=space_options,
    sample=sample_options,
    left=leave_out_options,
)
def robustness(
    ctx: typer.Context,
    scoring: Scoring,
    delivery: Delivery,
    space: SpaceRequest,
    sample: SampleRequest,
    left: LeaveOutRequest,
    more: Annotated[
        list[str] | None,
        typer.Argument(metavar="TERM", help="More of what varies: `--vary weights:0.25 normalise:minmax,zscore`."),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="TERM",
            help="What varies: weights:0.25 (up or down), weights:dirichlet, normalise:minmax,zscore ...; may be "
            "repeated.",
        ),
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", metavar="N", help="How many draws: 1,000; of the space of weights 10,000.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the random numbers.")] = 1,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Say which choice moves the ranks: Sobol' indices, with intervals.")
    ] = False,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="REGION[:rank]",
            help="What --sensitivity explains: the score or the rank of a region; without it the shift of all ranks.",
        ),
    ] = None,
    shown: Annotated[
        DrawTable | None,
        typer.Option(
            "--show", help="Of draws and --sample: the regions (as usual), the pairs of regions, or every draw."
        ),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="Best and worst case of each rank over missing, undated, unlocated data.")
    ] = False,
    top: Annotated[int, typer.Option("--top", min=1, help="How many regions are shown.")] = 20,
) -> None:
    """Show how sure the ranks of an index are: rules and weights vary, and each region has an interval of ranks.

    --vary names rules and their alternatives, as `score` takes them: weights:0.25 normalise:minmax,zscore,prank
    aggregate:amean,gmean treat:on,off. Any entry of the index can vary, too: treatment.points:1,3,5. The draws are a
    scrambled Sobol' sequence. --sensitivity says how much of the shift of ranks each of them explains. --weights-space
    looks at all admissible weights instead: who is first with how many of them, with which, and who never can be.
    --sample draws the entities behind the values anew, as companies: how sure the ranks of the sample are.
    --missing fills what is not known either way: the best and the worst case of each rank.
    --leave-out leaves out each indicator, pillar, label, source or year in turn.
    """
    from ecosystem.cli.robustness_delivery import give
    from ecosystem.cli.robustness_draws import study_of_choices, study_of_ranks

    refuse_overwriting(delivery.out, (scoring.index, scoring.values))
    asked = {SENSITIVITY: sensitivity, SPACE: space.asked, SAMPLE: sample.asked}
    mode = chosen_mode(asked | {MISSING: missing, LEAVE_OUT: left.asked}, given_options(ctx))
    terms = [*(vary or ()), *(more or ())]
    with scoring.scores() as scores:
        say_of_data(scores)
        count, words = DRAWS if draws is None else draws, delivery.lang.value
        if mode == MISSING:
            study = missing_study(scores, words)
        elif mode == SPACE:
            study = space.study(scores, draws, seed, words)
        elif mode == SAMPLE:
            study = sample.study(scores, draws, seed, words, shown or DrawTable.regions)
        elif mode == LEAVE_OUT:
            study = left.study(scores, words)
        elif mode == SENSITIVITY:
            study = study_of_choices(scores, terms, count, seed, of, words)
        else:
            study = study_of_ranks(scores, terms, count, seed, words, shown or DrawTable.regions)
        give(study, scores, scoring, delivery, top)
