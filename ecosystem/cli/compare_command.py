"""`ecosystem compare`: our scores beside published ones, and the weights that a published ranking really used."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.compare_scores_command import scores_command
from ecosystem.cli.console import progress, say, say_if_synthetic, show
from ecosystem.cli.delivery import Scoring, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    Format,
    FormatOption,
    Lang,
    LangOption,
    OutOption,
)
from ecosystem.cli.run_request import known_metrics, open_inputs
from ecosystem.messages import spoken, tr, tr_count

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.index import Index
    from ecosystem.published.comparison import Comparison
    from ecosystem.published.implied_weights import ImpliedWeights
    from ecosystem.published.published import Published

app = App(help="Compare scores with earlier ones, and with published results.")
app.command("scores")(scores_command)


@app.command("published")
@takes(without=("level", "param"), scoring=scoring_options)
def published_command(
    scoring: Scoring,
    lang: LangOption,
    cells: Annotated[bool, typer.Option("--cells", help="Show every number, not one line per table.")] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Compare scores and ranks with the tables that the report of an index published.

    Messages say what cannot be reproduced and why: what the report does not say, and what the data do not cover.
    """
    from ecosystem.export import write_table, write_workbook
    from ecosystem.index import index_folder, load_index
    from ecosystem.published.comparison import compare_published
    from ecosystem.published.published import read_published

    spec = load_index(scoring.index)
    published = read_published(spec, index_folder(scoring.index))
    given = (scoring.store, scoring.database, scoring.values)
    graph, table = open_inputs(spec, *given) if published.numbers else (None, None)
    with closing(graph) if graph is not None else nullcontext():
        with progress() as report:
            comparison = compare_published(
                spec, published, graph, values=table, since=scoring.since, until=scoring.until,
                metrics=known_metrics(scoring.metrics), progress=report,
            )  # fmt: skip
        if graph is not None:
            say_if_synthetic(graph.dataset)
    _say_of_comparison(comparison, published)
    _say_gaps(spec, published, lang)
    frame = comparison.cells if cells else comparison.summary
    if out is not None:
        if out.suffix.lower() == ".xlsx":
            write_workbook(out, {"cells": comparison.cells, "summary": comparison.summary}, lang=spoken())
        else:
            write_table(out, frame, lang=spoken())
        say(tr("written: {out}", out=out))
    show(_headed(frame, lang, form), form)
    say(comparison.verdict)


def _say_of_comparison(comparison: Comparison, published: Published) -> None:
    """Say what is odd in the published tables, what cannot be reproduced, and what was not compared, and why."""
    for finding in published.warnings:
        say(tr("as published: {finding}", finding=finding))
    for sentence in comparison.not_reproduced:
        say(tr("cannot be reproduced: {sentence}", sentence=sentence))
    for reason, count in comparison.reasons.items():
        say(
            tr_count(
                "not compared: {count} published number: {reason}",
                "not compared: {count} published numbers: {reason}",
                count,
                reason=reason,
            )
        )


@app.command("implied-weights")
def implied_weights_command(
    lang: LangOption,
    parts: Annotated[
        list[Path], typer.Option("--parts", metavar="TABLE", help="Published scores of a part; may be repeated.")
    ],
    total: Annotated[Path, typer.Option("--total", metavar="TABLE", help="The published total.")],
    cells: Annotated[bool, typer.Option("--cells", help="Show the recomputed totals, not the weights.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Recover the weights that a published ranking really used, whatever a few wrong rows say.

    Each table has a column region, then one column per score; a column rank is checked against the scores. Regions
    with a blank cell are left aside and counted.
    """
    from ecosystem.published.implied_weights import implied_weights
    from ecosystem.published.printed_scores import read_score_table

    found = implied_weights([read_score_table(path, gaps=True) for path in parts], read_score_table(total, gaps=True))
    show(_headed(_totals(found) if cells else _weights(found), lang, form), form)
    _say_of_fit(found)


def _say_of_fit(found: ImpliedWeights) -> None:
    """Say how many totals the weights give, which they do not give, and what was left out."""
    same, met, count = int(found.same_digits.sum()), int(found.met.sum()), len(found.regions)
    say(
        tr(
            "{count} regions have every part: {same} totals are equal to the last digit, {met} within the "
            "rounding of the parts",
            count=count,
            same=same,
            met=met,
        )
    )
    if found.unmet:
        rows = zip(found.regions, found.met, found.total, found.recomputed, strict=True)
        wrong = [
            f"{region} ({total:.{found.decimals}f}, recomputed {ours:.{found.decimals}f})"
            for region, met, total, ours in rows
            if not met
        ]
        regions = ", ".join(wrong)
        say(
            tr_count(
                "{count} total does not fit: {regions}",
                "{count} totals do not fit: {regions}",
                len(wrong),
                regions=regions,
            )
        )
    if met <= len(found.parts) < count:
        say(tr("no weights give these totals from these parts: they were computed in another way"))
    open_ = [part for part, known in zip(found.parts, found.identifiable, strict=True) if not known]
    if open_:
        say(tr("not determined, since these parts move together: {parts}", parts=", ".join(open_)))
    if found.beside:
        say(
            tr(
                "left out, since a part is not published: {count} of {total} regions",
                count=len(found.beside),
                total=count + len(found.beside),
            )
        )
    if found.blank:
        say(tr("{count} of these have a blank cell: {regions}", count=len(found.blank), regions=", ".join(found.blank)))


def _weights(found: ImpliedWeights) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "part": found.parts,
            "weight": found.robust.round(6).astype(str),
            "share": found.shares.round(6).astype(str),
            "least_squares": found.weights.round(6).astype(str),
            "least_absolute": found.least_absolute.round(6).astype(str),
            "left_out_low": found.left_out_low.round(6).astype(str),
            "left_out_high": found.left_out_high.round(6).astype(str),
            "digits_low": found.digits_low.round(6).astype(str),
            "digits_high": found.digits_high.round(6).astype(str),
            "identifiable": ["yes" if known else "no" for known in found.identifiable],
        }
    )


def _totals(found: ImpliedWeights) -> pd.DataFrame:
    import pandas as pd

    digits = found.decimals + 2
    return pd.DataFrame(
        {
            "region": found.regions,
            "printed": [f"{value:.{found.decimals}f}" for value in found.total],
            "recomputed": [f"{value:.{digits}f}" for value in found.recomputed],
            "residual": [f"{value:.{digits}f}" for value in found.residuals],
            "met": [
                "digits" if same else "rounding" if met else "no"
                for same, met in zip(found.same_digits, found.met, strict=True)
            ],
        }
    )


def _say_gaps(spec: Index, published: Published, lang: Lang) -> None:
    """Say why our numbers cannot equal the published ones: what the report does not say or does not print as scores."""
    for table in published.not_compared:
        if table.not_compared is not None:
            say(
                tr(
                    "not compared: {title}: {reason}",
                    title=table.title.to(lang.value),
                    reason=table.not_compared.to(lang.value),
                )
            )
    assumed = sum(leaf.weight_source == "assumed" for leaf in spec.leaves)
    if assumed:
        say(tr("assumed: the weights of {count} of {total} indicators", count=assumed, total=len(spec.leaves)))
    for gap in spec.gaps:
        say(tr("gap: {gap}", gap=gap.to(lang.value)))


def _headed(frame: pd.DataFrame, lang: Lang, form: Format) -> pd.DataFrame:
    from ecosystem.headings import heading, headings

    if form is not Format.table:
        return frame
    if "shows" in frame:
        frame = frame.assign(shows=[heading(shows, lang.value) for shows in frame["shows"]])
    return frame.rename(columns=headings(frame.columns, lang.value))
