"""The tables of a `score` run in every format: printed, and written into files with the receipt beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say
from ecosystem.cli.options import Format
from ecosystem.cli.outputs import form_of, is_long, write_parts, write_receipt
from ecosystem.messages import listed, spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.cli.outputs import Parts
    from ecosystem.cli.run_request import Presentation
    from ecosystem.receipt import Receipt
    from ecosystem.scoring import Scores
    from ecosystem.scoring.extras import Extras


@dataclass(frozen=True, slots=True)
class ScoreTables:
    """The tables of scores with what stands beside them: the ranked regions that were asked for, and their groups."""

    scores: Scores
    presentation: Presentation
    beside: Extras
    groups: bool

    def parts(self, form: Format, long: bool) -> Parts:
        """The tables that are printed in a format, and written where a file has it."""
        import pandas as pd

        from ecosystem.scoring.extras import rank_words
        from ecosystem.scoring.result import for_people, tidy_table
        from ecosystem.scoring.result_columns import part_words
        from ecosystem.scoring.tier_tables import means_for_people

        scores = self.scores
        if long:
            return [(None, tidy_table(scores, self.beside))]
        frame, rolled = self._regions(), self._groups()
        if form in (Format.csv, Format.json):
            # one table for a program: what is a region and what a group is a column
            both = [frame.assign(kind="region"), rolled] if rolled is not None else [frame]
            whole = pd.concat(both, ignore_index=True)
            if form is Format.csv and spoken() != "en":
                words = part_words(scores.index, spoken()) | rank_words(scores.index.indicators, spoken())
                whole = whole.rename(columns=words)
            return [(None, whole)]
        if form is Format.md:
            lang = spoken()  # both languages, where that is wanted
            tables = [for_people(scores, each, lang) for each in (frame, rolled) if each is not None]
            return [(None, each) for each in (*tables, *means_for_people(scores.standing, lang))]
        return self._titled(frame, rolled)

    def _titled(self, frame: pd.DataFrame, rolled: pd.DataFrame | None) -> Parts:
        """The tables of a terminal."""
        from ecosystem.headings import heading
        from ecosystem.scoring.result import for_people
        from ecosystem.scoring.score_tables import groups_title
        from ecosystem.scoring.tier_tables import means_for_people

        scores, lang = self.scores, self.presentation.lang
        title = scores.index.title.to(lang.value)
        if scores.index.overrides:
            # said once above the table; in a file or a pipe it stands in every row
            frame = frame.drop(columns="overrides")
            title += f" ({heading('overrides', lang)}: {listed(scores.index.overrides, '; ')})"
        parts = [(title, for_people(scores, frame, lang))]
        parts += [] if rolled is None else [(groups_title(scores, lang), for_people(scores, rolled, lang))]
        return [*parts, *((heading("tiers", lang), each) for each in means_for_people(scores.standing, lang))]

    def _regions(self) -> pd.DataFrame:
        from ecosystem.scoring.result import wide_table
        from ecosystem.scoring.score_tables import chosen

        frame = wide_table(self.scores, self.scores.standing, self.beside)
        return chosen(frame, self.scores, list(self.presentation.regions), self.presentation.top)

    def _groups(self) -> pd.DataFrame | None:
        from ecosystem.scoring.result import group_table

        return group_table(self.scores, self.beside) if self.groups else None

    def write(self, out: Path, receipt: Receipt, *, everything: bool) -> None:
        """Write a workbook of the scores, or what is printed in the format of the file; the receipt beside it."""
        from ecosystem.export import write_scores
        from ecosystem.export.results import write_everything

        shown = self.presentation
        if everything:
            write_everything(self.scores, out, lang=spoken(), beside=self.beside)
        elif out.suffix.lower() == ".xlsx" and not shown.long:
            write_scores(self.scores, out, lang=spoken(), beside=self.beside)
        else:
            write_parts(out, self.parts(form_of(out), is_long(out, shown.long)), excel=shown.excel)
        say(tr("written: {out} and {receipt}", out=out, receipt=write_receipt(out, receipt)))
