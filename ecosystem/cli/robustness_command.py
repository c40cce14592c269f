"""`ecosystem robustness`: how sure the ranks of an index are. A mode is a flag; each has a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say_of_data
from ecosystem.cli.delivery import Delivery, Scoring, delivery_options, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.outputs import refuse_overwriting
from ecosystem.cli.weight_space_study import SpaceRequest, space_options

if TYPE_CHECKING:
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.scoring import Scores

DRAWS = 1000


@takes(scoring=scoring_options, delivery=delivery_options, space=space_options)
def robustness(
    scoring: Scoring,
    delivery: Delivery,
    space: SpaceRequest,
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
    top: Annotated[int, typer.Option("--top", min=1, help="How many regions are shown.")] = 20,
) -> None:
    """Show how sure the ranks of an index are: rules and weights vary, and each region has an interval of ranks.

    --vary names rules and their alternatives, as `score` takes them: weights:0.25 normalise:minmax,zscore,prank
    aggregate:amean,gmean treat:on,off. The draws are a scrambled Sobol' sequence. --weights-space looks at all
    admissible weights instead: who is first with how many of them, with which, and who never can be.
    """
    from ecosystem.cli.robustness_delivery import give

    refuse_overwriting(delivery.out, (scoring.index, scoring.values))
    space.refuse_unused()
    with scoring.scores() as scores:
        say_of_data(scores)
        if space.asked:
            study = space.study(scores, draws, seed, delivery.lang.value)
        else:
            terms = [*(vary or ()), *(more or ())]
            study = _draws(scores, terms, DRAWS if draws is None else draws, seed, delivery.lang.value)
        give(study, scores, scoring, delivery, top)


def _draws(scores: Scores, vary: list[str], draws: int, seed: int, lang: str) -> Study:
    """Intervals of ranks over draws of rules and weights."""
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.robustness import robustness as study
    from ecosystem.robustness.rank_intervals import USUAL_VARY
    from ecosystem.robustness.robustness_tables import draw_words, region_words, sheets

    found = study(scores, vary or USUAL_VARY, draws, seed)
    return Study(
        title=found.title,
        table=found.regions(),
        shown=region_words(found.regions(), lang),
        sheets=lambda: sheets(found),
        names=draw_words(found, lang),
        notes=tuple(found.notes()),
        arguments={"vary": list(vary or USUAL_VARY), "draws": draws, "seed": seed},
    )
