"""`ecosystem score --by-year`: scores, ranks, growth, entry and exit over the years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import Format, Lang, progress, say, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecosystem.index import Index
    from ecosystem.index.table import ValueTable
    from ecosystem.metrics import Metric
    from ecosystem.store import GraphStore


def show_panel(
    index: Index,
    graph: GraphStore | None,
    table: ValueTable | None,
    metrics: Mapping[str, Metric],
    *,
    level: str | None,
    years: tuple[int | None, int | None],
    pooled: bool,
    top: int | None,
    lang: Lang,
    form: Format,
    out: Path | None,
    excel: bool,
) -> None:
    """Score, print and write a panel; messages say which scale, and what no year touches."""
    from ecosystem.export import write_table
    from ecosystem.scoring.panel import score_panel

    since, until = years
    with progress() as report:
        panel = score_panel(
            index,
            graph,
            values=table,
            level=level,
            since=since,
            until=until,
            pooled=pooled,
            metrics=metrics,
            progress=report,
        )
    scale = (
        "one scale over all years" if pooled else "a scale of its own for each year: scores of two years do not compare"
    )
    say(f"{panel.years[0]}-{panel.years[-1]}: {scale}")
    for change in index.overrides:
        say(f"changed for this run: {change}")
    if panel.undated:
        say(f"not dated, so the same in every year: {', '.join(panel.undated)}")
    if panel.unranked:
        say(f"not ranked, since their source does not know them: {', '.join(panel.unranked)}")
    frame = panel.table()
    if index.overrides:
        frame["overrides"] = "; ".join(index.overrides)
    if out is not None:
        tidy = panel.tidy().assign(scale="pooled" if pooled else "yearly")
        if index.overrides:
            tidy["overrides"] = "; ".join(index.overrides)
        write_table(out, tidy, excel=excel)
        say(f"written: {out}")
    shown = frame.head(top) if top is not None else frame
    if form is Format.table:
        other = "en" if lang is Lang.zh else "zh"
        shown = shown.drop(columns=["region", f"region_{other}"]).rename(columns={f"region_{lang.value}": "region"})
        shown = shown.rename(columns={name: _heading(name, lang) for name in shown.columns})
    show(shown, form, title=index.title.to(lang.value))


def _heading(name: str, lang: Lang) -> str:
    from ecosystem.headings import heading as word

    stem, _, year = name.rpartition("_")
    return f"{word(stem, lang.value)} {year}" if year.isdecimal() else word(name, lang.value)
