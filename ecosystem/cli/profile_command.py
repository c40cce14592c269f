"""`ecosystem profile`: a region or a group as a report writes of it, on every level of an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import put, say, say_of_data
from ecosystem.cli.delivery import Scoring, scoring_options
from ecosystem.cli.earlier_request import STORE_SUFFIX, Wanted, earlier_scores
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    AgainstOption,
    ExcelOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    TopOption,
)
from ecosystem.cli.out_files import document_file
from ecosystem.cli.outputs import form_of, refuse_overwriting, show_parts, write_parts, write_receipt
from ecosystem.cli.table_options import wanted
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.profiles import Profile
    from ecosystem.profiles.earlier import Earlier
    from ecosystem.profiles.profile_tables import Section
    from ecosystem.receipt import Argument
    from ecosystem.scoring import Scores
    from ecosystem.scoring.earlier import EarlierScores


@takes(scoring=scoring_options)
def profile(
    scoring: Scoring,
    region: Annotated[
        str,
        typer.Argument(
            metavar="REGION|GROUP",
            help="A ranked region or a group of the index: its id or any of its names.",
            autocompletion=complete_region,
        ),
    ],
    lang: LangOption,
    peers: Annotated[
        int | None, typer.Option("--peers", min=0, help="How many of the most similar regions are shown; 3 without it.")
    ] = None,
    top: TopOption = 10,
    strong: Annotated[
        float,
        typer.Option("--strong", metavar="PERCENTILE", help="From which percentile on an indicator is a strength."),
    ] = 75,
    against: AgainstOption = None,
    form: FormatOption = Format.table,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write a document (.docx, .html, .md), a workbook (.xlsx) or the table of the parts (.csv, .json, "
            ".parquet); - is stdout.",
            callback=document_file,
        ),
    ] = None,
    excel: ExcelOption = False,
) -> None:
    """Tell of a region or a group what a report does: value, score, share, rank and change in every part of an index.

    And its strengths and weaknesses, the organisations that bring it most points, the regions that it is linked with,
    and those that are most like it.
    """
    from ecosystem.profiles import profile as profile_of

    refuse_overwriting(out, (scoring.index, scoring.values, against))
    with scoring.scores() as scores:
        earlier = None if against is None else _earlier(against, scores, scoring)
        found = profile_of(scores, region, peers=peers, top=top, strong=strong, against=earlier)
        say_of_data(scores)
        _say_of_gaps(scores)
        if out is None:
            _show(found, form, lang)
            return
        asked: dict[str, Argument] = {
            "peers": peers,
            "top": top,
            "strong": f"{strong:g}",
            "against": against,
            "lang": lang.value,
        }
        _write(found, out, scoring, {"region": region, **asked}, excel=excel)


def _write(found: Profile, out: Path, scoring: Scoring, asked: dict[str, Argument], *, excel: bool) -> None:
    """Write a profile as the suffix of the file says, and its receipt beside it."""
    from ecosystem.export.profile_files import write_profile
    from ecosystem.receipt import receipt_of_profile

    if wanted.columns and form_of(out) is not Format.json:
        write_parts(out, [(None, found.to_pandas())], excel=excel)
    else:
        write_profile(found, out, lang=spoken(), excel=excel)
    arguments = {
        "index": scoring.index,
        "metrics": str(scoring.metrics) if scoring.metrics else None,
        "param": ", ".join(scoring.param) if scoring.param else None,
        **asked,
    }
    receipt = write_receipt(out, receipt_of_profile(found, arguments))
    say(tr("written: {out} and {receipt}", out=out, receipt=receipt))


def _earlier(against: str, scores: Scores, scoring: Scoring) -> Earlier | EarlierScores | str:
    """What `--against` names: a store, whose scores tell values as well, a run or a dataset folder, else a table."""
    from dataclasses import replace

    from ecosystem.profiles.earlier import earlier_of_scores
    from ecosystem.receipt import is_receipt
    from ecosystem.store import is_server

    path = Path(against)
    if is_server(against) or path.suffix.lower() == STORE_SUFFIX:
        with replace(scoring, store=against, values=None).scores() as before:
            return earlier_of_scores(before, against)
    if not path.is_dir() and not (path.suffix.lower() == ".json" and is_receipt(path)):
        return against
    wanted = Wanted(
        scores.index, scores.level, scores.regions, scoring.since, scoring.until, scoring.metrics, scoring.database
    )
    return earlier_scores(against, wanted)


def _say_of_gaps(scores: Scores) -> None:
    for code, reason in scores.missing.items():
        say(tr("no value: {code}: {reason}", code=code, reason=reason))


def _show(found: Profile, form: Format, lang: Lang) -> None:
    """Print the sentences and the tables with their notes; of CSV and JSON the table of the parts."""
    from ecosystem.export.document import markdown_document
    from ecosystem.export.profile_files import profile_document
    from ecosystem.profiles.profile_tables import sections, title_of, worded_parts

    if form in (Format.csv, Format.json):
        frame = worded_parts(found, spoken()) if form is Format.csv else found.to_pandas()
        show_parts([(None, frame)], form)
        return
    if form is Format.md and not wanted.columns:
        put(markdown_document(profile_document(found, spoken())))
        return
    words = lang.value
    if form is Format.table:
        put(f"{title_of(found, words)}\n\n{found.summary(words)}\n\n")
    for section in sections(found, words):
        _show_section(section, form)


def _show_section(section: Section, form: Format) -> None:
    if len(section.frame.columns) and len(section.frame):
        show_parts([(section.title, section.frame)], form)
    notes = "".join(f"{note}\n" for note in section.notes)
    put(f"{notes}\n" if form is Format.table else "\n")
