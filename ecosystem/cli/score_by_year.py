"""`ecosystem score --by-year`: scores, ranks, growth, entry and exit over the years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import Format, Lang, progress, say, show
from ecosystem.cli.metrics_command import known_metrics

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.cli.run_request import Asked
    from ecosystem.cli.score_command import Shown
    from ecosystem.receipt import Receipt
    from ecosystem.scoring.panel import Panel


def show_panel(asked: Asked, then: Receipt | None, how: Shown, database: str | None) -> None:
    """Score, print and write a panel; messages say which scale, and what no year touches."""
    from ecosystem.cli.run_request import compare, ground
    from ecosystem.receipt import receipt_of_panel
    from ecosystem.scoring.panel import score_panel

    with ground(asked, database) as (spec, graph, table), progress() as report:
        panel = score_panel(
            spec,
            graph,
            values=table,
            level=asked.level,
            since=asked.since,
            until=asked.until,
            pooled=asked.scale != "year",
            metrics=known_metrics(asked.metrics),
            progress=report,
        )
        now = receipt_of_panel(panel, asked.arguments(how.lang.value))
    _notes(panel)
    if then is not None:
        compare(then, now)
    if how.out is not None:
        _write(panel, now, how)
    _print(panel, how)


def _notes(panel: Panel) -> None:
    scale = "one scale over all years"
    if not panel.pooled:
        scale = "a scale of its own for each year: scores of two years do not compare"
    say(f"{panel.years[0]}-{panel.years[-1]}: {scale}")
    for change in panel.index.overrides:
        say(f"changed for this run: {change}")
    for year, reasons in panel.screened.items():
        for region, reason in reasons.items():
            say(f"not ranked in {year}: {region} {reason}")
    if panel.undated:
        say(f"not dated, so the same in every year: {', '.join(panel.undated)}")
    if panel.unranked:
        say(f"not ranked, since their source does not know them: {', '.join(panel.unranked)}")


def _write(panel: Panel, receipt: Receipt, how: Shown) -> None:
    """A workbook with the paths and every score, or every score alone; the receipt beside it."""
    from ecosystem.export import write_json, write_table, write_workbook
    from ecosystem.receipt import FILE
    from ecosystem.scoring.panel import panel_sheets

    out = how.out or Path()
    if out.suffix.lower() == ".xlsx" and not how.excel:
        write_workbook(out, panel_sheets(panel, how.lang.value))
    else:
        write_table(out, panel.tidy(), excel=how.excel)
    write_json(out.parent / FILE, receipt.model_dump())
    say(f"written: {out} and {out.parent / FILE}")


def _print(panel: Panel, how: Shown) -> None:
    from ecosystem.headings import heading

    frame, lang, title = panel.table(), how.lang, panel.index.title.to(how.lang.value)
    if how.regions:
        wanted = [panel.regions.resolve(name, level=panel.level) for name in how.regions]
        frame = frame[frame["region"].isin(wanted)]
    frame = frame.head(how.top) if how.top is not None else frame
    if how.form is Format.table:
        if panel.index.overrides:
            frame = frame.drop(columns="overrides")
            title += f" ({heading('overrides', lang.value)}: {'; '.join(panel.index.overrides)})"
        frame = _for_people(frame, lang)
    show(frame, how.form, title=title)


def _for_people(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    other = "en" if lang is Lang.zh else "zh"
    shown = frame.drop(columns=["region", f"region_{other}"]).rename(columns={f"region_{lang.value}": "region"})
    return shown.rename(columns={name: _heading(name, lang) for name in shown.columns})


def _heading(name: str, lang: Lang) -> str:
    from ecosystem.headings import heading as word

    stem, _, year = name.rpartition("_")
    return f"{word(stem, lang.value)} {year}" if year.isdecimal() else word(name, lang.value)
