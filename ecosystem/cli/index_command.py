"""`ecosystem index`: list, show and check index folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.console import put, say, show
from ecosystem.cli.options import (
    DatabaseOption,
    Format,
    FormatOption,
    IdOption,
    IndexArgument,
    Lang,
    LangOption,
    MetricsOption,
    NameOption,
    RankedLevelOption,
    YearOption,
)
from ecosystem.cli.out_files import new_folder
from ecosystem.cli.run_request import known_metrics, table_columns
from ecosystem.errors import UsageError
from ecosystem.messages import tr, tr_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from ecosystem.errors import Finding
    from ecosystem.index import Index, Indicator

app = App(help="Index specifications: what is scored, with which weights.")

FINDING_COLUMNS = ("severity", "code", "file", "row", "column", "message", "hint")


@app.command("list")
def list_command(
    lang: LangOption,
    indices: Annotated[
        Path | None,
        typer.Option("--indices", metavar="DIR", help="A folder of index folders, beside the shipped ones."),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """List the indices."""
    from ecosystem.index import list_indices

    folders = [*list_indices(), *(list_indices(indices) if indices is not None else ())]
    _show((_summary(folder, lang) for folder in folders), _LIST_COLUMNS, lang, form)


@app.command("show")
def show_command(name: IndexArgument, lang: LangOption, form: FormatOption = Format.table) -> None:
    """Show an index: its rules, the regions it ranks, and the tree of indicators with their weights."""
    from ecosystem.index import load_index

    index = load_index(name)
    if form is Format.table:
        _show(({"key": key, "value": text} for key, text in _facts(index, lang)), ("key", "value"), lang, form)
        put("\n")
        _show(_tree(index, lang), _TREE_COLUMNS, lang, form)
    else:
        _show(map(_row, index.indicators), _ROW_COLUMNS, lang, form)


@app.command("check")
def check_command(
    name: IndexArgument,
    lang: LangOption,
    folder: MetricsOption = None,
    values: Annotated[
        Path | None, typer.Option("--values", metavar="TABLE", help="Check a table of values with it.")
    ] = None,
    hierarchy: Annotated[
        str | None,
        typer.Option(
            "--store", metavar="PATH|URL", help="Check it against a loaded graph: what would be missing, and why."
        ),
    ] = None,
    database: DatabaseOption = None,
    id_column: IdOption = None,
    name_column: NameOption = None,
    year_column: YearOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Check an index: every fault at once; exit 1 when there is an error."""
    from ecosystem.cli.index_findings import findings_of
    from ecosystem.index import index_folder

    columns = table_columns(id_column, name_column, year_column, values)
    path = index_folder(name)
    if hierarchy is not None and values is not None:
        raise UsageError(tr("--store and --values are checked one at a time"), hint=tr("leave one of them out"))
    findings = findings_of(path, known_metrics(folder), values, columns, hierarchy, database)
    _show(map(_finding, findings), FINDING_COLUMNS, lang, form)
    say(f"{path.name}: {', '.join(_count(findings, severity) for severity in ('error', 'warning', 'info'))}")
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@app.command("new")
def new_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.")],
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="TABLE", help="A table with a column per indicator, or what metrics run wrote."),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            "--metrics", metavar="A,B,C", help="Metrics instead of a table, by id or title, with commas between."
        ),
    ] = None,
    one_level: RankedLevelOption = None,
    id_column: IdOption = None,
    name_column: NameOption = None,
    year_column: YearOption = None,
) -> None:
    """Start an index from a table or from metrics: an indicator for each, all of equal weight."""
    from ecosystem.cli.index_draft import draft_of_metrics, draft_of_table
    from ecosystem.index.files.write import write_folder

    if (table is None) == (metrics is None):
        hint = tr("for example --from values.csv, or --metrics company_count,enablement_links --level province")
        raise UsageError(tr("an index is started either from a table or from metrics"), hint=hint)
    columns = table_columns(id_column, name_column, year_column, table)
    if table is not None:
        files = draft_of_table(folder.name, table, columns, one_level)
    else:
        files = draft_of_metrics(folder.name, str(metrics).split(","), one_level)
    write_folder(folder, files)
    say(
        tr(
            "written: {folder}; name the indicators and their parents in indicators.csv, the rules in index.toml",
            folder=folder,
        )
    )


@app.command("import-coinr")
def import_coinr_command(
    data: Annotated[Path, typer.Option("--data", metavar="iData.csv", help="The values, in COINr's form.")],
    meta: Annotated[Path, typer.Option("--meta", metavar="iMeta.csv", help="The indicators, in COINr's form.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write.", callback=new_folder)],
) -> None:
    """Make an index folder, with its values, from iData and iMeta of COINr."""
    from ecosystem.index.files.coinr import import_coinr
    from ecosystem.index.files.write import write_folder

    write_folder(out, import_coinr(data, meta, out.name))
    say(tr("written: {out}; ecosystem score {out} --values {values}", out=out, values=out / "values.csv"))


@app.command("export-coinr")
def export_coinr_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an index.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The folder to write.", callback=new_folder)],
    values: Annotated[
        Path | None, typer.Option("--values", metavar="TABLE", help="Its values; values.csv of the folder by default.")
    ] = None,
) -> None:
    """Write an index and its values as iData and iMeta for COINr."""
    from ecosystem.index.files.coinr import export_coinr
    from ecosystem.index.files.write import write_folder

    write_folder(out, export_coinr(folder, values))
    say(
        tr(
            "written: {data} and {meta}; the rules of the steps stay in {folder}",
            data=out / "iData.csv",
            meta=out / "iMeta.csv",
            folder=folder / "index.toml",
        )
    )


@app.command("import-coin-tool")
def import_coin_tool_command(
    workbook: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A workbook of the JRC COIN Tool.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write.", callback=new_folder)],
) -> None:
    """Make an index folder from the tabs Database and Framework of a COIN Tool workbook."""
    from ecosystem.index.files.coin_tool import import_coin_tool
    from ecosystem.index.files.write import write_folder

    write_folder(out, import_coin_tool(workbook, out.name))
    say(tr("written: {out}; ecosystem score {out} --values {values}", out=out, values=out / "values.csv"))


_LIST_COLUMNS = ("id", "title", "ranked", "indicators", "source")
_TREE_COLUMNS = ("code", "name", "weight", "weight_source", "direction", "unit", "source")
_ROW_COLUMNS = (
    "code", "parent", "level", "name_zh", "name_en", "direction", "weight", "weight_source", "unit", "source",
)  # fmt: skip


def _show(rows: Iterable[dict[str, object]], columns: Sequence[str], lang: Lang, form: Format) -> None:
    """Print rows: under headings for people, under their keys for programs."""
    show(_frame(rows, columns, lang if form is Format.table else None), form)


def _frame(rows: Iterable[dict[str, object]], columns: Sequence[str], lang: Lang | None) -> pd.DataFrame:
    import pandas as pd

    from ecosystem.headings import headings

    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame if lang is None else frame.rename(columns=headings(columns, lang))


def _summary(folder: Path, lang: Lang) -> dict[str, object]:
    """A line of the list; an index with errors is listed with their number."""
    from ecosystem.index import inspect_index

    index, findings = inspect_index(folder)
    if index is None:
        errors = _count(findings, "error")
        return {
            "id": folder.name,
            "title": tr("{errors}: ecosystem index check {folder}", errors=errors, folder=folder),
        }
    return {
        "id": index.id,
        "title": index.title.to(lang.value),
        "ranked": _ranked(index),
        "indicators": str(len(index.leaves)),
        "source": index.source.to(lang.value),
    }


def _count(findings: Iterable[Finding], severity: str) -> str:
    """How many findings are of a severity, in words."""
    count = sum(finding.severity == severity for finding in findings)
    if severity == "error":
        return tr_count("{count} error", "{count} errors", count)
    if severity == "warning":
        return tr_count("{count} warning", "{count} warnings", count)
    return tr_count("{count} note", "{count} notes", count)


def _ranked(index: Index) -> str:
    from ecosystem.index.spec import EVERY

    sizes = {
        level.name: tr("all") if level.regions == (EVERY,) else len(level.regions) for level in index.levels.values()
    }
    return ", ".join(f"{name} {size}" for name, size in sizes.items())


def _facts(index: Index, lang: Lang) -> Iterator[tuple[str, str]]:
    """The rules of the index, one per line."""
    from ecosystem.headings import heading
    from ecosystem.index.rule_text import describe_rules
    from ecosystem.regions import level_word

    facts = {
        "id": index.id,
        "title": index.title.to(lang.value),
        "source": index.source.to(lang.value),
        "unit_of_analysis": index.unit_of_analysis.to(lang.value),
        "ranked": _ranked(index),
        **dict(describe_rules(index)),
    }
    for key, text in facts.items():
        yield heading(key, lang), text
    for level in index.levels.values():
        for group in level.groups:
            members = ", ".join(group.members)
            yield (
                heading("group", lang),
                f"{group.name.to(lang.value)} ({level_word(level.name)}) {group.id} = "
                + tr("sum of {members}", members=members),
            )
    for gap in index.gaps:
        yield heading("gap", lang), gap.to(lang.value)


def _tree(index: Index, lang: Lang) -> Iterator[dict[str, object]]:
    """The hierarchy from the top down, each part under its parent."""
    for part in _below(index, index.top):
        indent = "  " * (index.depth - part.level)
        name = part.name.to(lang.value)
        source = " / ".join(str(each) for each in (part.source, part.denominator) if each is not None)
        shown = {"code": indent + part.code, "name": name, "weight": f"{part.weight:.10g}", "source": source or None}
        yield _row(part) | shown


def _below(index: Index, part: Indicator) -> Iterator[Indicator]:
    yield part
    for child in index.indicators:
        if child.parent == part.code:
            yield from _below(index, child)


def _row(part: Indicator) -> dict[str, object]:
    """The row as `indicators.csv` has it."""
    return {
        "code": part.code,
        "parent": part.parent,
        "level": part.level,
        "name_zh": part.name.zh,
        "name_en": part.name.en,
        "direction": part.direction,
        "weight": part.weight,
        "weight_source": part.weight_source,
        "unit": part.unit,
        "source": None if part.source is None else str(part.source),
    }


def _finding(finding: Finding) -> dict[str, object]:
    row = None if finding.row is None else str(finding.row)
    return {column: getattr(finding, column) for column in FINDING_COLUMNS} | {"row": row}
