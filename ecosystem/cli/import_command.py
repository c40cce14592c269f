"""`ecosystem dataset import`: exports of other programs and services become one dataset."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ecosystem.cli.commands import App, OneUsualCommand
from ecosystem.cli.completion import complete_source
from ecosystem.cli.console import progress, put, say, show
from ecosystem.cli.import_preview import show_preview
from ecosystem.cli.options import Format, FormatOption, Lang, LangOption
from ecosystem.cli.out_files import new_folder
from ecosystem.errors import UsageError
from ecosystem.headings import heading, headings
from ecosystem.messages import tr, tr_count, tr_later

if TYPE_CHECKING:
    from ecosystem.imports import ImportReport

_Argument = TypeVar("_Argument")
_SHOWN = 5
_INDEX = "cingai-2023"
_SAID = {
    "error": tr_later("error: {finding}"),
    "warning": tr_later("warning: {finding}"),
    "info": tr_later("info: {finding}"),
}
_COUNTED = {
    "error": (tr_later("{count} error"), tr_later("{count} errors")),
    "warning": (tr_later("{count} warning"), tr_later("{count} warnings")),
    "info": (tr_later("{count} info"), tr_later("{count} info")),
}


app = App(
    cls=OneUsualCommand,
    help="Turn exports of other programs and services into one dataset, as a mapping says."
    "\n\n`ecosystem dataset import SOURCE ...` is short for `ecosystem dataset import run SOURCE ...`.",
)

SourceArgument = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A shipped mapping, or the path of a .toml.", autocompletion=complete_source),
]
FromOption = Annotated[Path, typer.Option("--from", help="The file of the export, or the folder with its files.")]
ToOption = Annotated[
    Path | None,
    typer.Option("--out", help="The dataset folder: new, empty, or one of imports to merge into.", callback=new_folder),
]
MergesOption = Annotated[
    Path | None, typer.Option("--merges", help="Your decisions on merges; by default merges.csv in --out.")
]
RegionsOption = Annotated[
    Path | None,
    typer.Option(
        "--regions",
        metavar="FILE",
        help="Your regions (id, name, level, parent, ...) in place of the shipped ones; later imports into --out go "
        "on with them.",
    ),
]
PreviewOption = Annotated[
    int | None,
    typer.Option(
        "--preview", metavar="ROWS", help="Only show what the first rows of each file become; nothing is written."
    ),
]


@app.command("run")
def run_command(
    source: SourceArgument,
    from_: FromOption,
    lang: LangOption,
    out: ToOption = None,
    merges: MergesOption = None,
    regions: RegionsOption = None,
    preview: PreviewOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Turn an export into a dataset, and merge it with what earlier imports left in --out.

    Says what became of every row and record, and which indicators the source has data for. With --preview nothing is
    written, and --out is not needed.
    """
    from ecosystem.imports import import_source, preview_source

    if preview is not None:
        with progress() as report_progress:
            found = preview_source(source, from_, preview, out=out, regions=regions, progress=report_progress)
        show_preview(found, lang, form)
        return
    out = _given(out, "--out")
    with progress() as report_progress:
        report = import_source(source, from_, out, merges=merges, regions=regions, progress=report_progress)
    frame, flows = report.to_pandas(), report.flows_to_pandas()
    show(frame.rename(columns=_headings(frame.columns, lang)), form, title=f"{report.source} -> {out}")
    if form is Format.table:
        title = f"{out}: {' + '.join(report.sources)}"
        show(flows.rename(columns=_headings(flows.columns, lang)), form, title=title)
    _say_findings(report)
    _say_indicators(report, lang)


@app.command("list")
def list_command(lang: LangOption, form: FormatOption = Format.table) -> None:
    """List the mappings that travel with the package: those of one country first, then those of the world."""
    import pandas as pd

    from ecosystem.imports import list_sources

    rows = []
    for mapping in list_sources():
        spec = mapping.spec
        kinds = [node.label for node in spec.nodes.values()] + [link.type for link in spec.links.values()]
        title, covers = _in_language(mapping.title, lang), _in_language(spec.covers, lang) or tr("the world")
        rows.append((mapping.name, title, covers, _in_language(spec.licence, lang), ", ".join(dict.fromkeys(kinds))))
    frame = pd.DataFrame(rows, columns=["source", "title", "covers", "licence", "makes"])
    show(frame.rename(columns=headings(frame.columns, lang)), form)


def _in_language(text: str, lang: Lang) -> str:
    """The part of a text in two languages that is in this one."""
    english, _, chinese = text.partition(" | ")
    return chinese if lang is Lang.zh and chinese else english


@app.command("show")
def show_command(source: SourceArgument) -> None:
    """Print a mapping."""
    from ecosystem.imports import load_mapping

    put(load_mapping(source).path.read_text(encoding="utf-8-sig"))


@app.command("new")
def new_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The mapping to write.")], from_: FromOption
) -> None:
    """Write a first guess of a mapping for an export."""
    from ecosystem.errors import OutputError
    from ecosystem.imports.guess import guess_mapping
    from ecosystem.tables.atomic import write_bytes

    text = guess_mapping(from_)
    if os.path.lexists(file):
        raise OutputError(tr("{file} is there already", file=file), hint=tr("name a new file"))
    write_bytes(file, text.encode())
    say(
        tr(
            "{file}: look at every line, then: ecosystem dataset import {file} --from {source} --out DIR",
            file=file,
            source=from_,
        )
    )


@app.command(OneUsualCommand.USUAL, hidden=True)
def usual_command(
    lang: LangOption,
    source: Annotated[
        str | None, typer.Argument(help="A shipped mapping, or the path of a .toml.", autocompletion=complete_source)
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", help="The file of the export, or the folder with its files.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="The dataset folder: new, empty, or one of imports to merge into.", callback=new_folder
        ),
    ] = None,
    merges: MergesOption = None,
    regions: RegionsOption = None,
    preview: PreviewOption = None,
    list_: Annotated[bool, typer.Option("--list", help="See `import list`.")] = False,
    shown: Annotated[str | None, typer.Option("--show", metavar="SOURCE", help="See `import show`.")] = None,
    new: Annotated[Path | None, typer.Option("--new", metavar="FILE.toml", help="See `import new`.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """Turn an export into a dataset, or do what an option chooses: each option is a command of `import`."""
    if list_:
        list_command(lang, form)
    elif shown is not None:
        show_command(shown)
    elif new is not None:
        new_command(new, _given(from_, "--from"))
    else:
        run_command(_given(source, "SOURCE"), _given(from_, "--from"), lang, out, merges, regions, preview, form)


def _headings(columns: Iterable[str], lang: Lang) -> dict[str, str]:
    """The headings of a table of an import, whose entries are those of the mapping."""
    return {**headings(columns, lang), "entry": heading("mapping_entry", lang)}


def _given(value: _Argument | None, name: str) -> _Argument:
    if value is None:
        hint = tr("SOURCE --from FILE_OR_DIR --out DIR; or list, show SOURCE, new FILE.toml --from FILE")
        raise UsageError(tr("{name} is missing", name=name), hint=hint)
    return value


def _say_findings(report: ImportReport) -> None:
    for file in report.files:
        say(
            tr(
                "{file}: {rows:,} rows in = {used:,} used + {skipped:,} skipped + {quarantined:,} quarantined",
                file=file.file,
                rows=file.rows,
                used=file.used,
                skipped=file.skipped,
                quarantined=file.quarantined,
            )
        )
    say(tr("feeds: {feeds}; nothing for: {lacks}", feeds=", ".join(report.feeds), lacks=", ".join(report.lacks)))
    notes = [finding for finding in report.findings if finding.severity == "info" and finding.code == "note"]
    shown = [finding for finding in report.findings if finding.severity != "info"]
    giants = [finding for finding in shown if finding.code == "giant_node"]
    others = [finding for finding in shown if finding.code != "giant_node"]
    for finding in [*notes, *giants, *others[:_SHOWN]]:
        say(tr(_SAID[finding.severity], finding=finding))
    if report.pairs:
        same = sum(pair.merged == "yes" for pair in report.pairs)
        open_pairs = sum(pair.merged == "no" and not pair.decision for pair in report.pairs)
        say(
            tr(
                "{same:,} pairs merged, {open_pairs:,} pairs for you to decide: {out}",
                same=same,
                open_pairs=open_pairs,
                out=report.out / "merges.csv",
            )
        )
    if report.findings:
        counts = Counter(finding.severity for finding in report.findings)
        counted = ", ".join(tr_count(*_COUNTED[severity], count) for severity, count in counts.items())
        say(tr("findings: {counted}; all of them: {out}", counted=counted, out=report.out / "import" / "findings.csv"))


def _say_indicators(report: ImportReport, lang: Lang) -> None:
    """Say which indicators of the shipped index the source can feed by itself, and why not the others."""
    from ecosystem.imports import source_contents
    from ecosystem.index import load_index
    from ecosystem.metrics import load_metrics
    from ecosystem.metrics.metric_check import unfed
    from ecosystem.scoring.metric_names import MetricNames

    index, metrics = load_index(_INDEX), MetricNames(load_metrics())
    level = next(iter(index.levels))
    held = source_contents(report.out, report.source, level)
    names = [leaf.source.name for leaf in index.leaves if leaf.source is not None and leaf.source.name in metrics]
    reasons = {name: unfed(metrics[name], held) for name in names}
    fed = [name for name, reason in reasons.items() if reason is None]
    say(
        tr(
            "indicators of {index} that {source} feeds: {fed}",
            index=_INDEX,
            source=report.source,
            fed=", ".join(fed) or tr("none"),
        )
    )
    why: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        if reason is not None:
            why.setdefault(reason, []).append(name)
    for reason, unfed_names in why.items():
        say(tr("  not {metrics}: {reason}", metrics=", ".join(unfed_names), reason=reason))
