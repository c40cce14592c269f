"""Scores to files: one table, or a workbook with a sheet for each step or level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ecosystem.dataset.dataset import folder_name, is_marked
from ecosystem.export.files import check_suffix, write_table, write_workbook
from ecosystem.export.workbook import MOST_BARS, Cover
from ecosystem.headings import file_headings, heading
from ecosystem.messages import speaking, tr
from ecosystem.scoring import Scores
from ecosystem.scoring.extras import NO_EXTRAS, Extras, rank_words
from ecosystem.scoring.result import for_people, tidy_table, wide_table
from ecosystem.scoring.result_columns import part_columns, part_words
from ecosystem.scoring.score_tables import everything, sheet_title, sheets
from ecosystem.tables.writer import COVER

_DIGITS = 12
"""Digits of a hash that tell data apart; the sheet of the method has all."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecosystem.indicator_source import Window


def write_scores(
    scores: Scores, path: str | Path, *, lang: str = "en", excel: bool = False, beside: Extras = NO_EXTRAS
) -> None:
    """Write scores as the suffix says: .csv, .parquet, .json, .md in tidy long form, .xlsx as a workbook.

    The workbook has a cover with the ranked table and a chart, and a sheet each for scores, groups, pillars,
    indicators, coverage and method, named in `lang`, and for what steps have changed where they have. `excel` begins a
    CSV file with a byte-order mark; `beside` adds ranks of parts, changes and other regions. UsageError for another
    suffix, OutputError where it cannot be written.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> ecosystem.write_scores(scores, "scores.xlsx", lang="zh")
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx" and not excel:
        _write(path, scores, lang, sheets, beside)
    else:
        with speaking(lang):
            write_table(path, tidy_table(scores, beside), excel=excel, lang=lang)


def write_everything(scores: Scores, path: str | Path, *, lang: str = "en", beside: Extras = NO_EXTRAS) -> None:
    """Write a workbook of the scores, with the values after every step, ranks at every level, correlations, weights.

    UsageError for a suffix that is not .xlsx, OutputError where it cannot be written.
    """
    check_suffix(Path(path), (".xlsx",))
    _write(Path(path), scores, lang, everything, beside)


Tables = Callable[[Scores, str, Extras], Mapping[str, pd.DataFrame]]


def _write(path: Path, scores: Scores, lang: str, tables: Tables, beside: Extras) -> None:
    with speaking(lang):
        names = part_words(scores.index, lang) | rank_words(scores.index.indicators, lang)
        cover = cover_of(scores, lang, beside)
        write_workbook(path, tables(scores, lang, beside), cover, lang=lang, names=names)


def cover_of(scores: Scores, lang: str, beside: Extras = NO_EXTRAS) -> Cover:
    """The cover of a workbook of scores: index, date, data, window; the ranked regions with their pillars."""
    frame = wide_table(scores, scores.standing, Extras(before=beside.before))
    keys = frame["region"].tolist()
    ranked = int(frame["score"].notna().sum())
    with speaking(lang):
        chart = tr("Score") if ranked <= MOST_BARS else tr("Score of the first {count}", count=MOST_BARS)
        return Cover(
            name=COVER[lang],
            title=scores.index.title.to(lang),
            notes=tuple(_notes(scores)),
            warning=tr("Synthetic data: every organisation and link is made up; the results say nothing of any place.")
            if is_marked(scores.dataset.name)
            else "",
            frame=for_people(scores, frame.drop(columns="overrides", errors="ignore"), lang),
            keys=keys,
            label=heading("region", lang),
            bars=heading("overall", lang),
            scales=part_columns(scores.index.pillars, lang),
            chart=chart,
            linked=sheet_title("指标", "indicators", lang),
            linked_by=file_headings(["region"], lang)[0],
        )


def _notes(scores: Scores) -> Iterator[str]:
    """What a reader has to know of the scores, in the language that is spoken."""
    yield tr("Date: {date}", date=dt.datetime.now().astimezone().date())
    if scores.table is not None:
        yield tr("Data: {name} (SHA-256 {hash})", name=scores.table.file, hash=scores.table.hash[:_DIGITS])
    if scores.graph is not None:
        name, digest = folder_name(scores.dataset.name), scores.dataset.hash[:_DIGITS]
        yield tr("Data: {name} (SHA-256 {hash})", name=name, hash=digest)
    yield _years(scores.window)
    if scores.index.overrides:
        yield tr("Changed for this run: {changes}", changes="; ".join(scores.index.overrides))


def _years(window: Window) -> str:
    match window.since, window.until:
        case None, None:
            return tr("Years: all")
        case since, None:
            return tr("Years: from {since} on", since=since)
        case None, until:
            return tr("Years: up to {until}", until=until)
        case since, until:
            return tr("Years: {since} to {until}", since=since, until=until)
