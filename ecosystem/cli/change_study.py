"""`ecosystem compare scores --why`: what has moved a score between two states, printed, written and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say
from ecosystem.cli.delivery import say_drawn
from ecosystem.cli.earlier_request import Wanted, open_state
from ecosystem.cli.options import Format, Lang
from ecosystem.cli.outputs import form_of, show_parts, write_parts, write_receipt
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.cli.outputs import Parts
    from ecosystem.robustness.change import ScoreChange
    from ecosystem.scoring import Scores

ALL = "all"
"""In place of a region: every one of them."""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Which change is told of and how it leaves: the two states, the region or `all`, format, files."""

    now: str
    before: str
    why: str
    lang: Lang
    form: Format
    out: Path | None
    excel: bool
    plot: Path | None
    top: int
    plot_width: str | None = None

    def give(self, wanted: Wanted) -> None:
        """Score both states, tell the change, and print, write or draw it."""
        with open_state(self.now, wanted) as now, open_state(self.before, wanted) as before:
            if self.why == ALL:
                self._give_all(now, before)
            else:
                self._give_one(now, before)

    def _give_one(self, now: Scores, before: Scores) -> None:
        from ecosystem.robustness.change import decompose_change
        from ecosystem.robustness.change_tables import change_notes

        found = decompose_change(now, before, self.why)
        own = self._language
        if self.out is None:
            show_parts(self._parts(found, own), self.form, fine=True)
        elif form_of(self.out) is Format.md:
            write_parts(self.out, self._parts(found, own, Format.md))
        else:
            from ecosystem.export.files import write_result

            lang = spoken()
            write_result(self.out, found.to_pandas, found.tables, excel=self.excel, lang=lang)
        self._leave_receipt(now, before, found.to_pandas().to_csv(index=False, float_format="%.17g"))
        for note in change_notes(found.states, exact=found.exact):
            say(note)
        if self.plot is not None:
            from ecosystem.export.plots.change_plots import CHANGE

            say_drawn(self.plot, CHANGE.write(found, self.plot, lang=self.lang.value, width=self.plot_width))

    def _give_all(self, now: Scores, before: Scores) -> None:
        from ecosystem.export.files import write_result
        from ecosystem.robustness.change import changes_of_all
        from ecosystem.robustness.change_tables import change_notes, region_words
        from ecosystem.robustness.two_states import two_states

        if self.plot is not None:
            raise UsageError(tr("there is no picture of this"), hint=tr("name one region after --why, or leave it out"))
        frame = changes_of_all(now, before)
        shown = region_words(frame, self._language)
        if self.out is None:
            plain = self.form in (Format.csv, Format.json)
            show_parts([(None, frame) if plain else (_title(now), shown)], self.form, fine=now.standing.within_one)
        elif form_of(self.out) is Format.md:
            write_parts(self.out, [(_title(now), shown)])
        else:
            write_result(self.out, lambda: frame, lambda: {"changes": frame}, excel=self.excel, lang=spoken())
        self._leave_receipt(now, before, frame.to_csv(index=False, float_format="%.17g"))
        for note in change_notes(two_states(now, before), exact=True):
            say(note)

    @property
    def _language(self) -> str:
        return spoken() if self.form is Format.md or self.out is not None else self.lang.value

    def _parts(self, found: ScoreChange, lang: str, form: Format | None = None) -> Parts:
        """One table for a program; for a person parts, indicators and organisations below each other."""
        from ecosystem.robustness.change_tables import entity_words, indicator_words, part_words

        if (form or self.form) in (Format.csv, Format.json):
            return [(None, found.to_pandas())]
        entities = entity_words(found, lang, 2 * self.top)
        return [
            (found.title, part_words(found, lang)),
            (tr("by indicator"), indicator_words(found, lang).head(2 * self.top)),
            *([(tr("by organisation"), entities)] if len(entities) else []),
        ]

    def _leave_receipt(self, now: Scores, before: Scores, text: str) -> None:
        """The receipt beside the file: the options, the data of both sides, a hash of the table."""
        from ecosystem.receipt import receipt_of_change

        if self.out is None:
            return
        given = {"index": now.index.id, "now": self.now, "before": self.before, "why": self.why}
        receipt = receipt_of_change(now, before, text, {**given, "lang": self.lang.value})
        say(tr("written: {out} and {receipt}", out=self.out, receipt=write_receipt(self.out, receipt)))


def _title(now: Scores) -> str:
    return tr("{index}: what has moved each score", index=now.index.id)
