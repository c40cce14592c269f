"""What `explain` and `knockout` share: scores from a graph or a table, and a result shown, written and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import progress, put, say, say_of_data, show
from ecosystem.cli.options import Format, Lang
from ecosystem.cli.run_request import changed_index, known_metrics, open_inputs
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.audit import Depth, Knockout
    from ecosystem.audit.audit_tables import Result
    from ecosystem.scoring import Scores

UNCHANGED = 1e-12
"""A score that changes by less has not changed."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Which scores are meant: an index, the level and years of its regions, the metrics, the graph, a table of values.

    No graph is opened where the table has all that the index asks for.
    """

    index: str
    level: str | None
    since: int | None
    until: int | None
    metrics: Path | None
    store: str
    database: str | None
    values: Path | None = None

    @contextmanager
    def scores(self) -> Iterator[Scores]:
        """The scores; the store stays open as long as the context, since what explains them reads it."""
        from ecosystem.scoring import score

        spec = changed_index(self.index, {})
        graph, table = open_inputs(spec, self.store, self.database, self.values)
        with closing(graph) if graph is not None else nullcontext():
            with progress() as report:
                scores = score(
                    spec,
                    graph,
                    values=table,
                    level=self.level,
                    since=self.since,
                    until=self.until,
                    metrics=known_metrics(self.metrics),
                    progress=report,
                )
            yield scores


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a result leaves: printed as a table, or written and drawn into files.

    `depth` is how far a score is walked back, `dataset` the folder in which its rows are looked up.
    """

    lang: Lang
    form: Format
    out: Path | None
    excel: bool
    plot: Path | None
    depth: Depth = "entity"
    dataset: Path | None = None

    def __post_init__(self) -> None:
        """Refuse names of files that say no format, before anything is computed."""
        from ecosystem.export.files import PICTURES, SUFFIXES, check_suffix

        for path, suffixes in ((self.plot, PICTURES), (self.out, SUFFIXES)):
            if path is not None:
                check_suffix(path, suffixes)

    def give(self, result: Result, *, top: int) -> None:
        """Write and draw a result where that is asked for; print it where it is not written."""
        from ecosystem.audit.audit_tables import scores_of

        say_of_data(scores_of(result))
        if self.out is not None:
            from ecosystem.export.audit_results import write_audit

            write_audit(result, self.out, lang=self.lang.value, excel=self.excel, depth=self.depth, folder=self.dataset)
            say(tr("written: {out}", out=self.out))
        elif self.form in (Format.csv, Format.json):
            from ecosystem.audit.audit_tables import main_table

            show(main_table(result, self.depth, self.dataset), self.form)
        else:
            _show(result, self.lang.value, self.form, top, self.depth, self.dataset)
        if self.plot is not None:
            self._draw(result, self.plot)

    def _draw(self, result: Result, path: Path) -> None:
        from ecosystem.export.plots import write_plot

        say_drawn(path, write_plot(result, path, lang=self.lang.value))


def say_drawn(path: Path, complete: bool) -> None:
    """Say where a picture is, and where its labels are not in the language that was asked for."""
    say(tr("drawn: {path}", path=path))
    if not complete:
        say(tr("no installed font has all of its characters: labels are in English, or ids"))
        say(tr("  hint: install a font such as Noto Sans CJK SC, or draw an .svg, which keeps them as text"))


def _show(result: Result, lang: str, form: Format, top: int, depth: Depth, folder: Path | None) -> None:
    from ecosystem.audit import Explanation, Knockout, Versus
    from ecosystem.audit.audit_tables import main_table, scores_of
    from ecosystem.audit.audit_words import in_words, matches_table, side_by_side, strengths_table, tree

    scores = scores_of(result)
    match result:
        case Explanation():
            show(tree(result, depth, lang), form, title=f"{scores.index.id}: {result.name(lang)}")
            if depth != "pillar" and len(result.lines) == len(scores.index.leaves) and len(result.strengths):
                put("\n")
                show(strengths_table(result, lang), form)
            if depth in ("link", "row"):
                show(matches_table(scores, main_table(result, depth, folder), lang), form)
        case Versus():
            show(side_by_side(result, depth, lang), form, title=scores.index.id)
        case Knockout():
            _show_changes(result, lang, form, top)
        case _:
            frame = main_table(result)
            show(in_words(scores, frame.head(top), lang), form)
            if len(frame) > top:
                say(tr("{count:,} more: --top, --format csv or --out FILE", count=len(frame) - top))


def _show_changes(result: Knockout, lang: str, form: Format, top: int) -> None:
    """The regions whose rank or score has changed, and the groups."""
    from ecosystem.audit.audit_words import in_words

    frame = result.regions()
    changed = frame[(frame["rank_change"] != 0) | (frame["score_change"].abs() > UNCHANGED)]
    show(in_words(result.scores, changed.head(top).drop(columns="coverage"), lang), form, title=result.removed)
    rolled = result.rolled_up()
    if rolled is not None and len(changed):
        show(in_words(result.scores, rolled.drop(columns="coverage"), lang), form)
