"""Two modes of `ecosystem robustness`: intervals of ranks over draws, and which choice moves the ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecosystem.cli.robustness_delivery import Study
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.scoring import Scores


def study_of_ranks(
    scores: Scores, vary: Sequence[str], draws: int, seed: int, lang: str, shown: str = "regions"
) -> Study:
    """Intervals of ranks over draws of rules and weights; `shown` is the table that is printed and written."""
    from ecosystem.export.plots.robustness_plots import DRAWS
    from ecosystem.robustness import robustness
    from ecosystem.robustness.rank_intervals import USUAL_VARY
    from ecosystem.robustness.robustness_tables import draw_words, region_words, sheets, table_words

    terms = list(vary or USUAL_VARY)
    found = robustness(scores, terms, draws, seed)
    table = {"regions": found.regions, "pairs": found.pairs, "draws": found.draws}[shown]()
    return Study(
        title=found.title,
        table=table,
        shown=region_words(table, lang) if shown == "regions" else table_words(found, table, lang),
        sheets=lambda: sheets(found),
        names=draw_words(found, lang),
        notes=tuple(found.notes()),
        arguments={"vary": terms, "draws": draws, "seed": seed},
        draw=lambda path, width: DRAWS.write(found, path, lang=lang, width=width),
    )


def study_of_choices(scores: Scores, vary: Sequence[str], draws: int, seed: int, of: str | None, lang: str) -> Study:
    """Sobol' indices of each choice."""
    from ecosystem.export.plots.robustness_plots import DRAWS
    from ecosystem.robustness.robustness_tables import choice_words
    from ecosystem.robustness.sensitivity import USUAL_SENSITIVITY, sensitivity

    terms = list(vary or USUAL_SENSITIVITY)
    found = sensitivity(scores, terms, draws, seed, of=of)
    table = found.choices()
    return Study(
        title=found.title,
        table=table,
        shown=choice_words(table, lang),
        sheets=lambda: {"choices": found.choices(), "interactions": found.pairs()},
        names={"other": tr("other choice")},
        notes=tuple(found.notes()),
        arguments={"vary": terms, "draws": draws, "seed": seed, "of": of, "sensitivity": True},
        draw=lambda path, width: DRAWS.write(found, path, lang=lang, width=width),
    )
