"""`ecosystem dataset import`: an export of somebody else becomes a dataset."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import Format, FormatOption, Lang, LangOption, progress, say, show

if TYPE_CHECKING:
    from ecosystem.dataset.sources import ImportReport

_SHOWN = 5
_HEADINGS_ZH = {
    "entry": "映射表",
    "table": "数据表",
    "rows": "源行数",
    "used": "使用",
    "skipped": "跳过",
    "quarantined": "隔离",
    "made": "生成",
    "repeated": "重复",
    "written": "写入",
}


def add(app: typer.Typer) -> None:
    """Give the command group `ecosystem dataset` its command `import`."""
    app.command("import", epilog="Example: ecosystem dataset import itjuzi_ai --from exports/itjuzi_ai --out imported")(
        import_command
    )


def import_command(
    source: Annotated[str, typer.Argument(help="A mapping that travels with the package, or the path of a .toml.")],
    from_: Annotated[Path, typer.Option("--from", help="The file of the export, or the folder with its files.")],
    out: Annotated[Path, typer.Option("--out", help="The dataset folder to write; it must be new or empty.")],
    lang: LangOption,
    form: FormatOption = Format.table,
) -> None:
    """Turn an export into a dataset, as a mapping says: rows in, used, skipped and quarantined, for every table."""
    from ecosystem.dataset.sources import import_source

    with progress() as report_progress:
        report = import_source(source, from_, out, progress=report_progress)
    frame = report.to_pandas()
    show(frame.rename(columns=_HEADINGS_ZH) if lang is Lang.zh else frame, form, title=f"{report.source} -> {out}")
    _say_what_was_found(report)


def _say_what_was_found(report: ImportReport) -> None:
    for file in report.files:
        parts = f"{file.used:,} used + {file.skipped:,} skipped + {file.quarantined:,} quarantined"
        say(f"{file.file}: {file.rows:,} rows in = {parts}")
    say(f"feeds: {', '.join(report.feeds)}; nothing for: {', '.join(report.lacks)}")
    shown = [finding for finding in report.findings if finding.severity != "info"]
    for finding in shown[:_SHOWN]:
        say(f"{finding.severity}: {finding}")
    if report.findings:
        counts = Counter(finding.severity for finding in report.findings)
        told = ", ".join(f"{count} {severity}" for severity, count in counts.items())
        say(f"findings: {told}; all of them: {report.out / 'import' / 'findings.csv'}")
