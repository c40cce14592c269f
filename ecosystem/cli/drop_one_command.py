"""`ecosystem index drop-one`: the ranks without each indicator or pillar, beside those with all."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say
from ecosystem.cli.delivery import Scoring, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    Format,
    FormatOption,
    LangOption,
    LongOption,
    OutOption,
)
from ecosystem.cli.outputs import form_of, is_long, show_parts, write_parts
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.cli.outputs import Parts
    from ecosystem.index.statistics.drop_one import DropOne
    from ecosystem.scoring import Scores


class Shown(StrEnum):
    """Which table is printed."""

    ranks = "ranks"
    summary = "summary"


@takes(scoring=scoring_options)
def drop_one(
    scoring: Scoring,
    lang: LangOption,
    at: Annotated[
        int, typer.Option("--at", metavar="LEVEL", help="What is left out: 1 indicators, 2 their parents, and so on.")
    ] = 1,
    shown: Annotated[
        Shown, typer.Option("--show", help="The ranks without each part, or how far each part moves them.")
    ] = Shown.ranks,
    form: FormatOption = Format.table,
    out: OutOption = None,
    long: LongOption = False,
) -> None:
    """Leave out each indicator or pillar in turn: the ranks without it stand beside those with all."""
    from ecosystem.export import write_workbook
    from ecosystem.index.statistics.drop_one import drop_one as without_each

    with scoring.scores() as scores:
        found = without_each(scores.standing, auxiliary=scores.auxiliary, level=at)

    def parts(form: Format, long: bool) -> Parts:
        return [(None, found.long() if long else _table(scores, found, shown, lang.value, form))]

    if out is not None:
        if out.suffix.lower() == ".xlsx":
            write_workbook(out, {"summary": found.summary, "ranks": found.long()}, lang=spoken())
        else:
            write_parts(out, parts(form_of(out), is_long(out, long)))
        say(tr("written: {out}", out=out))
    show_parts(parts(form, long), form)
    greatest = max(found.summary.to_dict("records"), key=lambda row: float(row["mean_move"]))
    say(
        tr(
            "{code} has the greatest effect: without it a rank moves by {places:.2f} on average",
            code=greatest["code"],
            places=greatest["mean_move"],
        )
    )


def _table(scores: Scores, found: DropOne, shown: Shown, lang: str, form: Format) -> pd.DataFrame:
    """The table that is asked for, in words where it is for people."""
    from ecosystem.headings import headings
    from ecosystem.scoring.result_columns import part_columns

    if shown is Shown.ranks:
        frame = _ranks(scores, found, lang if form is Format.table else None)
        own = dict(zip(part_columns(found.parts), part_columns(found.parts, spoken()), strict=True))
        return frame.rename(columns=own) if form in (Format.csv, Format.md) and spoken() != "en" else frame
    frame = found.summary.sort_values("mean_move", ascending=False, ignore_index=True)
    return frame.rename(columns=headings(frame.columns, lang)) if form is Format.table else frame


def _ranks(scores: Scores, found: DropOne, lang: str | None) -> pd.DataFrame:
    """A row per region, the best first: rank, names, and its rank without each part; in words where for people."""
    import pandas as pd

    from ecosystem.headings import headings
    from ecosystem.scoring.result import best_first, names_of
    from ecosystem.scoring.result_columns import part_columns

    ranks = pd.DataFrame(found.ranks, columns=part_columns(found.parts, lang), dtype="Int64")
    names = [names_of(scores, region) for region in scores.standing.regions]
    own = pd.DataFrame(
        {
            "rank": pd.Series(scores.standing.overall_rank, dtype="Int64"),
            "region": scores.standing.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
        }
    )
    frame = pd.concat([own.assign(rank=own["rank"].mask(own["rank"] == 0)), ranks.mask(ranks == 0)], axis=1)
    frame = frame.iloc[best_first(scores.standing.overall_rank, scores.standing.regions)].reset_index(drop=True)
    if lang is None:
        return frame
    frame = frame.assign(region=frame[f"region_{lang}"]).drop(columns=["region_zh", "region_en"])
    return frame.rename(columns=headings(("rank", "region"), lang))
