"""`ecosystem coherence`: whether the indicators of an index fit together."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from typing import Annotated

import typer

from ecosystem.cli.console import progress, say, say_of_data, show
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    Format,
    FormatOption,
    IndexArgument,
    LangOption,
    MetricsOption,
    OutOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    UntilOption,
    ValuesOption,
)
from ecosystem.cli.run_request import changed_index, known_metrics, open_inputs


class Table(StrEnum):
    """Which table is printed."""

    flags = "flags"
    statistics = "statistics"
    availability = "availability"
    correlations = "correlations"
    alpha = "alpha"


def coherence(
    index: IndexArgument,
    lang: LangOption,
    values: ValuesOption = None,
    shown: Annotated[Table, typer.Option("--show", help="Which table is printed.")] = Table.flags,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Show statistics, availability, correlations, Cronbach's alpha and unusual indicators; --out writes all tables."""
    from ecosystem.export import write_workbook
    from ecosystem.headings import headings
    from ecosystem.index.coherence import coherence as judge
    from ecosystem.scoring import score

    spec = changed_index(index, {})
    graph, table = open_inputs(spec, store, database, values)
    with progress() as report:
        scores = score(
            spec,
            graph,
            values=table,
            level=level,
            since=since,
            until=until,
            metrics=known_metrics(folder),
            progress=report,
        )
    say_of_data(scores)
    found = judge(scores.standing)
    frames = {field.name: getattr(found, field.name) for field in fields(found)}
    if out is not None:
        write_workbook(out, frames)
        say(f"written: {out}")
    frame = frames[shown.value]
    show(frame.rename(columns=headings(frame.columns, lang.value)) if form is Format.table else frame, form)
    say(f"{len(frames['flags'])} things stand out among {len(spec.leaves)} indicators")
    if graph is not None:
        graph.close()
