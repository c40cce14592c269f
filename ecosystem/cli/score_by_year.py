"""`ecosystem score --by-year`: scores, ranks, growth, entry and exit over the years."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import progress, say, say_if_synthetic
from ecosystem.cli.options import Format, Lang
from ecosystem.cli.outputs import form_of, is_long, show_parts, write_parts, write_receipt
from ecosystem.cli.run_request import Presentation, RunRequest, check_replay, known_metrics, known_networks, run_inputs
from ecosystem.errors import UsageError
from ecosystem.messages import listed, spoken, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ecosystem.cli.outputs import Parts
    from ecosystem.receipt import Receipt
    from ecosystem.scoring.panel import Panel


MOST_SAID = 10
"""Undefined scores that are listed on the terminal."""


def show_panel(request: RunRequest, then: Receipt | None, presentation: Presentation, database: str | None) -> None:
    """Score, print and write a panel; messages say which scale, and what no year touches."""
    from ecosystem.receipt import receipt_of_panel
    from ecosystem.scoring.panel import score_panel

    with run_inputs(request, database) as (spec, graph, table), progress() as report:
        each = replace(spec, treatment=replace(spec.treatment, years="each"))
        panel = score_panel(
            each if request.scale == "mixed" else spec,
            graph,
            values=table,
            level=request.level,
            since=request.since,
            until=request.until,
            pooled=request.scale != "year",
            metrics=known_metrics(request.metrics),
            networks=known_networks(),
            progress=report,
        )
        now = receipt_of_panel(panel, request.arguments(presentation.lang.value))
    _notes(panel)
    if then is not None:
        check_replay(then, now)
    if request.groups and panel.groups is None:
        raise UsageError(tr("index {id} has no groups at level {level!r}", id=panel.index.id, level=panel.level))
    if presentation.out is not None:
        _write(panel, now, presentation, groups=request.groups)
    tables = _parts(panel, presentation, presentation.form, presentation.long, groups=request.groups)
    show_parts(tables, presentation.form, fine=panel.standing.within_one)


def _notes(panel: Panel) -> None:
    from ecosystem.scoring.step_changes import step_notes

    say_if_synthetic(panel.dataset)
    span = {"first": panel.years[0], "last": panel.years[-1]}
    if not panel.pooled:
        say(tr("{first}-{last}: each year has its own scale, so scores of different years cannot be compared", **span))
    elif all(rule.method == "none" for rule in panel.index.treatments):
        say(tr("{first}-{last}: one scale over all years", **span))
    elif panel.index.treatment.years == "each":
        say(tr("{first}-{last}: one scale over all years, outliers treated year by year", **span))
    else:
        say(tr("{first}-{last}: one scale over all years, outliers treated over all years together", **span))
    for change in panel.index.overrides:
        say(tr("changed for this run: {change}", change=change))
    for sentence in (*step_notes(panel.standing, panel.years), *panel.weighing):
        say(sentence)
    undefined = panel.standing.undefined
    if undefined:
        lost, size = len({finding.file for finding in undefined}), panel.standing.overall_rank.size
        say(
            tr(
                "without a score, since it is undefined: {count} of {total} pairs of region and year",
                count=lost,
                total=size,
            )
        )
        for finding in undefined[:MOST_SAID]:
            say(f"  {finding}")
        if len(undefined) > MOST_SAID:
            say(tr("  and {count} more: the method sheet has all of them", count=len(undefined) - MOST_SAID))
    for year, reasons in panel.screened.items():
        for region, reason in reasons.items():
            say(tr("not ranked in {year}: {region}: {reason}", year=year, region=region, reason=reason))
    if panel.undated:
        say(tr("not dated, so the same in every year: {codes}", codes=", ".join(panel.undated)))
    if panel.unranked:
        say(tr("not ranked, since their source does not have them: {regions}", regions=", ".join(panel.unranked)))


def _write(panel: Panel, receipt: Receipt, presentation: Presentation, *, groups: bool) -> None:
    """A workbook with the paths and every score, or what is printed in the format of the file; and the receipt."""
    from ecosystem.export import write_workbook
    from ecosystem.scoring.panel_sheets import panel_sheets

    out = presentation.out or Path()
    if out.suffix.lower() == ".xlsx" and not presentation.long:
        write_workbook(out, panel_sheets(panel, spoken(), groups=groups), lang=spoken())
    else:
        parts = _parts(panel, presentation, form_of(out), is_long(out, presentation.long), groups=groups)
        write_parts(out, parts, excel=presentation.excel)
    say(tr("written: {out} and {receipt}", out=out, receipt=write_receipt(out, receipt)))


def _parts(panel: Panel, presentation: Presentation, form: Format, long: bool, *, groups: bool) -> Parts:
    """The table that is printed in a format, with its title."""
    import pandas as pd

    from ecosystem.headings import heading

    if long:
        return [(None, panel.tidy(groups=groups))]
    frame, lang, title = panel.table(), presentation.lang, panel.index.title.to(presentation.lang.value)
    if presentation.regions:
        own = panel.standing.regions
        wanted = [panel.regions.resolve_among(name, own, level=panel.level) for name in presentation.regions]
        frame = frame[frame["region"].isin(wanted)]
    frame = frame.head(presentation.top) if presentation.top is not None else frame
    if groups:
        whole = panel.table(groups=True)
        rolled = whole[whole["kind"] != "region"]
        frame = pd.concat([frame.assign(kind="region"), rolled], ignore_index=True)
    if form not in (Format.table, Format.md):
        return [(title, frame)]
    if form is Format.table and panel.index.overrides:
        frame = frame.drop(columns="overrides")
        title += f" ({heading('overrides', lang.value)}: {listed(panel.index.overrides, '; ')})"
    other = "en" if lang is Lang.zh else "zh"
    frame = frame.drop(columns=["region", f"region_{other}", "kind"], errors="ignore").rename(
        columns={f"region_{lang.value}": "region"}
    )
    years = [str(year) for year in panel.years]
    return [(title, _last_year(frame, years, lang)), (None, _year_by_year(frame, years, lang))]


def _last_year(frame: pd.DataFrame, years: Sequence[str], lang: Lang) -> pd.DataFrame:
    """A row per region: what the last year gave it, and what has become of it since the first."""
    earlier = [name for name in frame.columns if _parted(name)[1] in years[:-1]]
    shown = frame.drop(columns=earlier)
    return shown.rename(columns={name: _heading(name, lang) for name in shown.columns})


def _year_by_year(frame: pd.DataFrame, years: Sequence[str], lang: Lang) -> pd.DataFrame:
    """A row per region and year, so that many years make a long table and not a wide one."""
    import pandas as pd

    from ecosystem.headings import headings

    stems = dict.fromkeys(_parted(name)[0] for name in frame.columns if _parted(name)[1] in years)
    parts = []
    for year in years:
        columns = {stem: frame[f"{stem}_{year}"] for stem in stems}
        parts.append(pd.DataFrame({"region": frame["region"], "year": int(year), **columns}))
    # stable, so that the regions stay in their order and each has its years below each other
    rows = pd.concat(parts).sort_index(kind="stable")
    return rows.rename(columns=headings(rows.columns, lang.value))


def _parted(name: str) -> tuple[str, str]:
    stem, _, year = name.rpartition("_")
    return stem, year


def _heading(name: str, lang: Lang) -> str:
    from ecosystem.headings import heading as word

    stem, year = _parted(name)
    return f"{word(stem, lang.value)} {year}" if year.isdecimal() else word(name, lang.value)
