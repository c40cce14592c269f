"""What `explain` and `knockout` share: scores from a graph or a table, and a result shown, written and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import progress, say, say_of_data
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IndexArgument,
    Lang,
    LangOption,
    MetricsOption,
    OutOption,
    ParamOption,
    PlotOption,
    PlotWidthOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    UntilOption,
    ValuesOption,
)
from ecosystem.cli.outputs import form_of, show_parts, write_parts
from ecosystem.cli.run_request import changed_index, known_metrics, known_networks, open_inputs
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.audit import Depth, Knockout
    from ecosystem.audit.audit_tables import Result
    from ecosystem.cli.outputs import Parts
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
    param: Sequence[str] | None = None

    @contextmanager
    def scores(self) -> Iterator[Scores]:
        """The scores; the store stays open as long as the context, since what explains them reads it."""
        from ecosystem.scoring import score

        spec = changed_index(self.index, {"param": ", ".join(self.param) if self.param else None}, self.metrics)
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
                    networks=known_networks(),
                    progress=report,
                )
            yield scores


def scoring_options(
    index: IndexArgument,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    param: ParamOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
) -> Scoring:
    """The scores that a command is about, as its options say; see `takes`."""
    return Scoring(index, level, since, until, folder, store, database, values, param)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a result leaves: printed as a table, or written and drawn into files.

    `depth` is how far a score is walked back, `dataset` the folder in which its rows are looked up, `plot_width` the
    width of the picture.
    """

    lang: Lang
    form: Format
    out: Path | None
    excel: bool
    plot: Path | None
    depth: Depth = "entity"
    dataset: Path | None = None
    plot_width: str | None = None

    def give(self, result: Result, *, top: int) -> None:
        """Write and draw a result where that is asked for; print it where it is not written."""
        from ecosystem.audit.audit_tables import scores_of

        say_of_data(scores_of(result))
        if self.out is not None:
            self._write(result, self.out, top)
            say(tr("written: {out}", out=self.out))
        else:
            fine = scores_of(result).standing.within_one
            show_parts(self._parts(result, self.form, top), self.form, fine=fine)
        if self.plot is not None:
            self._draw(result, self.plot)

    def _write(self, result: Result, out: Path, top: int) -> None:
        if form_of(out) is Format.md:
            write_parts(out, self._parts(result, Format.md, top))
            return
        from ecosystem.export.audit_results import write_audit

        write_audit(result, out, lang=spoken(), excel=self.excel, depth=self.depth, folder=self.dataset)

    def _parts(self, result: Result, form: Format, top: int) -> Parts:
        """The tables that are printed in a format."""
        if form in (Format.csv, Format.json):
            from ecosystem.audit.audit_tables import main_table

            return [(None, main_table(result, self.depth, self.dataset))]
        return list(_shown(result, self.lang.value, top, self.depth, self.dataset))

    def _draw(self, result: Result, path: Path) -> None:
        from ecosystem.export.plots import write_plot

        say_drawn(path, write_plot(result, path, lang=self.lang.value, width=self.plot_width))


def delivery_options(
    lang: LangOption,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
    plot_width: PlotWidthOption = None,
) -> Delivery:
    """How the result of a command leaves, as its options say; see `takes`."""
    return Delivery(lang, form, out, excel, plot, plot_width=plot_width)


def say_drawn(path: Path, undrawn: Sequence[str]) -> None:
    """Say where a picture is, and which names are not on it, since no font has their characters."""
    from ecosystem.notebook import named

    say(tr("drawn: {path}", path=path))
    if undrawn:
        say(tr("no font here has all characters of {names}: ids stand in their place", names=named(undrawn)))
        say(tr("  hint: install a font that has them, or draw an .svg, which keeps them as text"))


def _shown(
    result: Result, lang: str, top: int, depth: Depth, folder: Path | None
) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """The tables of a result in words, each with its title or none."""
    from ecosystem.audit import Explanation, Knockout, Versus
    from ecosystem.audit.audit_tables import main_table, scores_of
    from ecosystem.audit.audit_words import in_words, matches_table, side_by_side, strengths_table

    scores = scores_of(result)
    match result:
        case Explanation():
            yield f"{scores.index.id}: {result.name(lang)}", result.tree(depth, lang)
            if depth != "pillar" and len(result.lines) == len(scores.index.leaves) and len(result.strengths):
                yield None, strengths_table(result, lang)
            if depth in ("link", "row"):
                yield None, matches_table(scores, main_table(result, depth, folder), lang)
        case Versus():
            yield scores.index.id, side_by_side(result, depth, lang)
        case Knockout():
            yield from _changes(result, lang, top)
        case _:
            frame = main_table(result)
            yield None, in_words(scores, frame.head(top), lang)
            if len(frame) > top:
                say(tr("{count:,} more: --top, --format csv or --out FILE", count=len(frame) - top))


def _changes(result: Knockout, lang: str, top: int) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """The regions whose rank or score has changed, and the groups."""
    from ecosystem.audit.audit_words import in_words

    frame = result.regions()
    changed = frame[(frame["rank_change"] != 0) | (frame["score_change"].abs() > UNCHANGED)]
    yield result.removed, in_words(result.scores, changed.head(top).drop(columns="coverage"), lang)
    rolled = result.rolled_up()
    if rolled is not None and len(changed):
        yield None, in_words(result.scores, rolled.drop(columns="coverage"), lang)
