"""`ecosystem robustness --sample`: the ranks that other samples of the same entities would have given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_label

if TYPE_CHECKING:
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.scoring import Scores

DRAWS, COVERAGE = 1000, 0.9


class Strata(StrEnum):
    """Inside what entities are drawn."""

    region = "region"
    all = "all"


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """Who is drawn, as the command line says it."""

    asked: bool
    over: Strata
    census: tuple[str, ...]
    coverage: float

    def study(self, scores: Scores, draws: int | None, seed: int, lang: str, shown: str = "regions") -> Study:
        """The study of samples drawn anew; `shown` is the table that is printed and written."""
        from ecosystem.cli.console import progress
        from ecosystem.cli.robustness_delivery import Study
        from ecosystem.export.plots.sample_plots import SAMPLE
        from ecosystem.robustness import resample
        from ecosystem.robustness.sample_tables import sample_headings, sample_sheets, sample_table_words, sample_words

        count = DRAWS if draws is None else draws
        with progress() as report:
            found = resample(
                scores,
                draws=count,
                over=self.over.value,
                census=self.census,
                coverage=self.coverage,
                seed=seed,
                progress=report,
            )
        table = {"regions": found.regions, "pairs": found.pairs, "draws": found.draws}[shown]()
        return Study(
            title=found.title,
            table=table,
            shown=sample_words(found, lang) if shown == "regions" else sample_table_words(found, table, lang),
            sheets=lambda: sample_sheets(found),
            names=sample_headings(found),
            notes=tuple(found.notes()),
            arguments={
                "sample": True,
                "over": self.over.value,
                "census": list(self.census),
                "coverage": f"{self.coverage:g}",
                "draws": count,
                "seed": seed,
            },
            draw=lambda path, width: SAMPLE.write(found, path, lang=lang, width=width),
        )


def sample_options(
    sample: Annotated[
        bool, typer.Option("--sample", help="Draw the entities behind the values anew: ranks of the sample.")
    ] = False,
    over: Annotated[
        Strata,
        typer.Option("--over", help="With --sample: entities are drawn inside region and label, or all of a label."),
    ] = Strata.region,
    census: Annotated[
        list[str] | None,
        typer.Option(
            "--census",
            metavar="LABEL",
            help="With --sample: all of this label are in the dataset, so they are not drawn; may be repeated.",
            autocompletion=complete_label,
        ),
    ] = None,
    coverage: Annotated[
        float,
        typer.Option("--coverage", metavar="SHARE", help="With --sample: the probability of the sets of ranks."),
    ] = COVERAGE,
) -> SampleRequest:
    """The options of `--sample`; see `takes`."""
    return SampleRequest(sample, over, tuple(census or ()), coverage)
