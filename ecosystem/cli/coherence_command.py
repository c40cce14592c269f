"""`ecosystem coherence`: whether the indicators of an index fit together."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say, say_of_data, show
from ecosystem.cli.delivery import Scoring, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    Format,
    FormatOption,
    LangOption,
    WorkbookOption,
)
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd


class Table(StrEnum):
    """Which table is printed."""

    flags = "flags"
    statistics = "statistics"
    availability = "availability"
    correlations = "correlations"
    levels = "levels"
    alpha = "alpha"
    items = "items"
    adequacy = "adequacy"
    loadings = "loadings"
    variance = "variance"
    weights = "weights"
    ranks = "ranks"
    missing = "missing"


class StageName(StrEnum):
    """After which step of the index the values are taken."""

    raw = "raw"
    denominated = "denominated"
    imputed = "imputed"
    treated = "treated"
    normalised = "normalised"
    weighted = "weighted"


class Coefficient(StrEnum):
    """Which correlation is computed."""

    pearson = "pearson"
    spearman = "spearman"
    kendall = "kendall"


FINE = ("r", "p", "alpha", "alpha_without", "r_rest", "kmo", "explained", "cumulative", "coefficient", "loading",
        "effective", "r_squared", "variance")  # fmt: skip
"""The columns of numbers that are small."""

MAIN = ("statistics", "availability", "correlations", "alpha", "flags")
"""The tables that a workbook has unless all are asked for."""


@takes(scoring=scoring_options)
def coherence(
    scoring: Scoring,
    lang: LangOption,
    shown: Annotated[Table, typer.Option("--show", help="Which table is printed.")] = Table.flags,
    stage: Annotated[
        StageName, typer.Option("--stage", help="The step after which the values are taken.")
    ] = StageName.normalised,
    correlation: Annotated[
        Coefficient, typer.Option("--correlation", help="Pearson's r, Spearman's rho or Kendall's tau.")
    ] = Coefficient.pearson,
    by: Annotated[
        str | None, typer.Option("--by", metavar="COLUMN", help="A column of groups: ranks and missing values in each.")
    ] = None,
    form: FormatOption = Format.table,
    out: WorkbookOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Let --out write every table, not the main ones.")] = False,
) -> None:
    """Show how an index and its data hang together, and what is unusual; --out writes the tables.

    Statistics, correlations of indicators and between levels, alpha with each part left out, KMO and Bartlett's test,
    principal components, effective weights, ranks at every level, missing values.
    """
    from ecosystem.export import write_workbook
    from ecosystem.headings import headings
    from ecosystem.index.coherence import coherence as judge
    from ecosystem.scoring.result_columns import part_words
    from ecosystem.scoring.score import groups_of

    with scoring.scores() as scores:
        say_of_data(scores)
        groups = groups_of(scores, by) if by is not None else None
    found = judge(
        scores.standing,
        stage=stage.value,
        correlation=correlation.value,
        auxiliary=scores.auxiliary,
        groups=groups,
    )
    frames = {field.name: getattr(found, field.name) for field in fields(found)}
    if out is not None:
        chosen = {name: each for name, each in frames.items() if everything or name in {*MAIN, shown.value}}
        write_workbook(out, chosen, lang=spoken(), names=part_words(scores.index, spoken()))
        say(tr("written: {out}", out=out))
    frame = frames[shown.value]
    if form is Format.table:
        frame = _with_digits(frame).rename(columns=headings(frame.columns, lang.value))
    show(frame, form)
    say(tr("{count} flags for {total} indicators", count=len(frames["flags"]), total=len(scores.index.leaves)))


def _with_digits(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with four decimals of what lies between -1 and 1, of which two say too little."""
    shown = {name: frame[name].map("{:.4f}".format, na_action="ignore") for name in FINE if name in frame.columns}
    return frame.assign(**shown)
