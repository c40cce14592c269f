"""`ecosystem compare scores`: two states of an index beside each other, with what rises and what falls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ecosystem.cli.change_study import ChangeRequest
from ecosystem.cli.completion import complete_index
from ecosystem.cli.console import say
from ecosystem.cli.earlier_request import Wanted, earlier_scores
from ecosystem.cli.options import (
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    MetricsOption,
    OutOption,
    PlotOption,
    PlotWidthOption,
    RankedLevelOption,
    SinceOption,
    UntilOption,
)
from ecosystem.cli.outputs import form_of, show_parts, write_parts, write_receipt
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.cli.outputs import Parts
    from ecosystem.receipt import Argument
    from ecosystem.scoring.score_changes import ScoreChanges

GROUP = "group"
StateArgument = Annotated[
    str, typer.Argument(metavar="NOW", help="A run x.run.json, a file of scores, a store, or a table of ranks.")
]
BeforeArgument = Annotated[
    str, typer.Argument(metavar="BEFORE", help="What it is compared with, likewise; FILE[2022] is one year of a table.")
]


def scores_command(
    now: StateArgument,
    before: BeforeArgument,
    lang: LangOption,
    index: Annotated[
        str | None,
        typer.Option(
            "--index", metavar="INDEX", help="The index, where no run says it.", autocompletion=complete_index
        ),
    ] = None,
    level: RankedLevelOption = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="CODE", help="A pillar or an indicator, or `all`; may be repeated."),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many risers and fallers are shown.")] = 5,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="REGION", help="What has moved the score of a region, or `all`: it adds up."),
    ] = None,
    plot: PlotOption = None,
    plot_width: PlotWidthOption = None,
) -> None:
    """Compare two states of the scores of an index: scores, ranks, what has changed, who rises and who falls.

    A store is scored in the years that are given, a run as its receipt says. A table of printed ranks gives ranks
    alone. Groups of the index stand below its regions, and alone with --level group. --why shares a change out among
    what differs: own values, those of others, weights, rules, years; by indicator, and down to organisations.
    """
    from ecosystem.receipt import receipt_of_comparison, receipt_place
    from ecosystem.scoring.score_changes import score_changes

    wanted = _wanted((now, before), index, level, Wanted, since=since, until=until, metrics=folder, database=database)
    if why is not None:
        states = (_receipt_beside(now), _receipt_beside(before))
        ChangeRequest(*states, why, lang, form, out, excel, plot, top, plot_width).give(wanted)
        return
    if out is not None:  # refused before anything is written
        receipt_place(out)
    later, earlier = (earlier_scores(word, wanted) for word in (now, before))
    for sentence in dict.fromkeys((*later.sentences(()), *earlier.sentences(()))):
        say(sentence)
    chosen = level or wanted.level
    found = score_changes(wanted.index, later, earlier, wanted.regions, level=chosen, parts=tuple(part or ()))
    if out is not None:
        _write(found, out, top, lang, excel=excel)
        given: dict[str, Argument] = {"index": wanted.index.id, "now": now, "before": before, "lang": lang.value}
        given |= {"part": list(part or ()), "since": since, "until": until}
        receipt = receipt_of_comparison(wanted.index, chosen, (later, earlier), found.frame, given)
        say(tr("written: {out} and {receipt}", out=out, receipt=write_receipt(out, receipt)))
    if plot is not None:
        from ecosystem.cli.delivery import say_drawn
        from ecosystem.export.plots.change_plots import write_slopes

        say_drawn(plot, write_slopes(found, plot, lang=lang.value, width=plot_width))
    show_parts(_parts(found, lang, form, top), form)


def _wanted(words: Sequence[str], index: str | None, level: str | None, make: type[Wanted], **given: Any) -> Wanted:
    """The index and the level: as they are given, or as a receipt of either state says."""
    from ecosystem.index import load_index
    from ecosystem.regions import shipped_regions

    receipts = [receipt for receipt in map(_receipt_of, words) if receipt is not None]
    name = index or next((str(receipt["arguments"]["index"]) for receipt in receipts), None)
    if name is None:
        raise UsageError(tr("which index?"), hint=tr("name it: --index cingai-2023"))
    spec = load_index(name)
    groups = [one.name for one in spec.levels.values() if one.groups]
    if level == GROUP and GROUP not in spec.levels:
        if not groups:
            raise UsageError(tr("index {id} has no groups", id=spec.id))
        level = None
        said = next((str(receipt["level"]) for receipt in receipts if receipt["level"] in groups), groups[0])
    else:
        said = next((str(receipt["level"]) for receipt in receipts), next(iter(spec.levels)))
    level = level or said
    regions = shipped_regions()
    ranking = spec.level(level)
    if ranking.regions == ("*",):
        ranking = replace(ranking, regions=tuple(region.id for region in regions.at(level)))
        spec = replace(spec, levels={**spec.levels, level: ranking})
    return make(spec, level, regions, **given)


def _receipt_beside(word: str) -> str:
    """The receipt of a run in place of the file that it wrote, where it lies beside it; else the word itself."""
    place = _receipt_place(word)
    return word if place is None else str(place)


def _receipt_of(word: str) -> dict[str, Any] | None:
    """The receipt that a word names, or that lies beside the file that it names; None where there is none."""
    from ecosystem.tables.packed import content_of

    place = _receipt_place(word)
    found: dict[str, Any] | None = None if place is None else json.loads(content_of(place))
    return found


def _receipt_place(word: str) -> Path | None:
    """Where the receipt lies that a word names, or that is beside the file that it names."""
    from ecosystem.receipt import SUFFIX, is_receipt
    from ecosystem.scoring.earlier_files import file_and_part
    from ecosystem.tables.packed import content_of

    path, _ = file_and_part(word)
    for place in (path, path.with_name(path.stem + SUFFIX), path.with_name(path.name + SUFFIX)):
        if place.suffix == ".json" and place.is_file() and is_receipt(place):
            found: dict[str, Any] = json.loads(content_of(place))
            if found["command"] == "score" and (place == path or found.get("file") == path.name):
                return place
    return None


def _parts(found: ScoreChanges, lang: Lang, form: Format, top: int) -> Parts:
    """One table for a program; for a person the comparison, then what rises and what falls."""
    if form in (Format.csv, Format.json):
        return [(None, found.frame)]
    own = spoken() if form is Format.md else lang.value
    title = tr(
        "{index}: {now} since {before}", index=found.index.title.to(lang.value), now=found.now, before=found.before
    )
    moved = [(tr("rising"), found.risers(top)), (tr("falling"), found.fallers(top))]
    return [
        (title, found.for_people(found.frame, own)),
        *((name, found.for_people(frame, own)) for name, frame in moved if len(frame)),
    ]


def _write(found: ScoreChanges, out: Path, top: int, lang: Lang, *, excel: bool) -> None:
    """A workbook with what rises and falls on sheets of their own, or what is printed in the format of the file."""
    from ecosystem.export import write_workbook

    if out.suffix.lower() == ".xlsx":
        tables = {
            "changes": found.frame, "risers": found.risers(top), "fallers": found.fallers(top),
            "entries": found.entries, "exits": found.exits,
        }  # fmt: skip
        write_workbook(
            out, {name: frame for name, frame in tables.items() if len(frame) or name == "changes"}, lang=spoken()
        )
    else:
        write_parts(out, _parts(found, lang, form_of(out), top), excel=excel)
