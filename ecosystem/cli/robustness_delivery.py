"""How a study of robustness leaves: printed, or written with a receipt beside it, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say
from ecosystem.cli.delivery import Delivery, Scoring, say_drawn
from ecosystem.cli.options import Format
from ecosystem.cli.outputs import form_of, show_parts, write_parts, write_receipt
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.receipt import Argument
    from ecosystem.scoring import Scores


@dataclass(frozen=True, slots=True)
class Study:
    """What a mode of `robustness` has found.

    `table` is the one that programs read, `shown` the same in words, `sheets` makes those of a workbook; `names` are
    words for columns that the headings do not know; `notes` are said beside it; `arguments` are the options of the mode
    that the receipt keeps. `draw` writes a picture and gives the names that no font can draw; None: there is none.
    `beside` are more tables in words, each with its title.
    """

    title: str
    table: pd.DataFrame
    shown: pd.DataFrame
    sheets: Callable[[], Mapping[str, pd.DataFrame]]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    draw: Callable[[Path, str | None], Sequence[str]] | None = None
    beside: tuple[tuple[str | None, pd.DataFrame], ...] = ()


def give(study: Study, scores: Scores, scoring: Scoring, delivery: Delivery, top: int) -> None:
    """Write and draw a study where that is asked for; print its first rows where it is not written."""
    if delivery.plot is not None and study.draw is None:
        raise UsageError(tr("there is no picture of this"), hint=tr("leave out --plot"))
    if delivery.out is not None:
        _write(study, delivery.out, scores, scoring, delivery)
    else:
        form = delivery.form
        if form in (Format.csv, Format.json):
            show_parts([(None, study.table)], form)
        else:
            beside = [(title, frame) for title, frame in study.beside if len(frame)]
            show_parts([(study.title, study.shown.head(top)), *beside], form)
            if len(study.shown) > top:
                say(tr("{count:,} more: --top, --format csv or --out FILE", count=len(study.shown) - top))
    for note in study.notes:
        say(note)
    if delivery.plot is not None and study.draw is not None:
        say_drawn(delivery.plot, study.draw(delivery.plot, delivery.plot_width))


def _write(study: Study, out: Path, scores: Scores, scoring: Scoring, delivery: Delivery) -> None:
    """Write a study as the suffix of the file says, and its receipt beside it."""
    from ecosystem.export.files import write_result
    from ecosystem.receipt import receipt_of_robustness

    if form_of(out) is Format.md:
        write_parts(out, [(study.title, study.shown), *study.beside])
    else:
        lang = spoken()
        write_result(out, lambda: study.table, study.sheets, excel=delivery.excel, lang=lang, names=study.names)
    arguments = {
        "index": scoring.index,
        "metrics": str(scoring.metrics) if scoring.metrics else None,
        "param": ", ".join(scoring.param) if scoring.param else None,
        "lang": delivery.lang.value,
        **study.arguments,
    }
    receipt = write_receipt(out, receipt_of_robustness(scores, study.table, arguments))
    say(tr("written: {out} and {receipt}", out=out, receipt=receipt))
