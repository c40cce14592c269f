"""Which file of a folder holds which table, and the one that is read where a table is there twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ecosystem.dataset.own_model import MODEL_FILE
from ecosystem.errors import DatasetError, Finding, did_you_mean, nearest
from ecosystem.messages import either, together, tr
from ecosystem.model import ENDS, Model, Property, column_named
from ecosystem.tables.atomic import INCOMPLETE
from ecosystem.tables.excel_reader import WORKBOOK, open_workbook, read_sheet
from ecosystem.tables.packed import check_is_file, unreadable
from ecosystem.tables.parquet_reader import read_parquet
from ecosystem.tables.raw import RawTable
from ecosystem.tables.reader import read_records

LEGEND, LEGEND_ZH = "columns", "列说明"
QUARANTINE = "quarantine"


Read = tuple[Path, RawTable]


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a sheet that holds a table. `file` is how findings name it; `read` reads it."""

    file: str
    path: Path
    read: Callable[[], RawTable]


Sources = dict[str, list[Source]]
"""Per table the sources that hold it: CSV first, then what is packed, JSON, Parquet, the sheet of the workbook."""

_RECORDS = (".csv", ".json", ".jsonl", ".ndjson", ".tsv")


def columns_by_table(model: Model) -> dict[str, tuple[str, ...]]:
    """The known columns of each table that a dataset may have, in the order in which a template shows them."""
    nodes = {
        label.table: tuple(name for name in label.properties if not (label.keyless and name in {"id", "name"}))
        for label in model.labels.values()
    }
    return nodes | {link.table: ("from", "to", *link.properties) for link in model.link_tables}


def table_names(model: Model) -> dict[str, str]:
    """The tables by what a file or a sheet may be called: their own names, and the Chinese ones of what they hold."""
    chinese = {label.zh: label.table for label in model.labels.values()}
    chinese |= {link.zh: link.table for link in model.link_tables}
    return chinese | {table: table for table in columns_by_table(model)}


def table_properties(model: Model) -> dict[str, Mapping[str, Property]]:
    """The known columns of each table with their properties."""
    tables: dict[str, Mapping[str, Property]] = {label.table: label.properties for label in model.labels.values()}
    return tables | {link.table: dict(ENDS) | dict(link.properties) for link in model.link_tables}


def holds_table(path: Path, model: Model) -> bool:
    """Whether the file would be read as a table, or as the workbook, if its folder were read as a dataset."""
    stem, suffix = _stem_and_suffix(path)
    return path.name == WORKBOOK or (suffix in (*_RECORDS, ".parquet") and stem in table_names(model))


def _stem_and_suffix(path: Path) -> tuple[str, str]:
    """What a file is called and what kind it is, of what is packed where it is packed with gzip."""
    bare = Path(path.stem) if path.suffix == ".gz" else path
    return (bare.stem, bare.suffix) if path.suffix != ".gz" or bare.suffix in _RECORDS else (path.stem, path.suffix)


def find_sources(folder: Path, model: Model) -> tuple[Sources, list[Finding]]:
    """The sources of every table in a folder, and a finding for each file or sheet that is none.

    Raises DatasetError when the folder is missing, is a file, or may not be read.
    """
    names, known = table_names(model), table_properties(model)
    sources: Sources = {}
    findings: list[Finding] = []
    for path in _entries(folder):
        stem, suffix = _stem_and_suffix(path)
        table = names.get(stem, "")
        if suffix in _RECORDS and table:
            words = [heading for name, entry in known[table].items() for heading in (name, *entry.headings)]
            _add(sources, table, path.name, path, partial(read_records, path, words), known)
        elif suffix == ".parquet" and table:
            _add(sources, table, path.name, path, partial(read_parquet, path), known)
        elif path.name == WORKBOOK:
            _add_sheets(sources, path, names, known, findings)
        elif not _is_known_extra(path):
            findings.append(_unknown_file(path, names))
    return sources, findings


def _entries(folder: Path) -> list[Path]:
    """The entries of the folder, CSV before Parquet before the workbook."""
    try:
        if not folder.is_dir():
            hint = tr("a dataset is a folder with one file per table; `ecosystem dataset template DIR` makes one")
            if folder.exists():
                raise DatasetError(tr("the dataset folder {folder} is a file, not a folder", folder=folder), hint=hint)
            raise DatasetError(tr("the dataset folder {folder} does not exist", folder=folder), hint=hint)
        if (folder / INCOMPLETE).exists():
            raise DatasetError(
                tr("{folder} is incomplete: writing it was interrupted", folder=folder),
                hint=tr("delete it and write it again"),
            )
        return sorted(folder.iterdir(), key=lambda path: (path.suffix, path.name))
    except OSError as err:
        hint = tr("ask for the permission to read it")
        raise DatasetError(
            tr("cannot read the folder {folder}: {reason}", folder=folder, reason=err.strerror), hint=hint
        ) from err


def _add(
    sources: Sources,
    table: str,
    file: str,
    path: Path,
    read: Callable[[], RawTable],
    known: Mapping[str, Mapping[str, Property]],
) -> None:
    source = Source(file, path, partial(_read_named, read, known[table]))
    sources.setdefault(table, []).append(source)


def _read_named(read: Callable[[], RawTable], known: Mapping[str, Property]) -> RawTable:
    """A table whose columns are called as the model calls them, whatever the language of its header.

    A Chinese heading beside the name that it stands for stays as it is: it is a column of the user's own.
    """
    raw = read()
    given = set(raw.names)
    meant = [column_named(name, known) for name in raw.names]
    names = tuple(new if new == old or new not in given else old for old, new in zip(raw.names, meant, strict=True))
    return raw if names == raw.names else replace(raw, names=names, headings=raw.names)


def _add_sheets(
    sources: Sources,
    path: Path,
    names: Mapping[str, str],
    known: Mapping[str, Mapping[str, Property]],
    findings: list[Finding],
) -> None:
    try:
        workbook = open_workbook(path)
    except DatasetError as err:
        findings.extend(err.findings)
        return
    except OSError as err:
        findings.append(unreadable(path.name, err))
        return
    for sheet in workbook.sheet_names:
        if sheet in names:
            read = partial(read_sheet, path, workbook, sheet)
            _add(sources, names[sheet], f"{path.name}[{sheet}]", path, read, known)
        elif sheet not in (LEGEND, LEGEND_ZH):
            message = tr("the sheet {sheet!r} is no table of a dataset and is not read", sheet=sheet)
            hint = did_you_mean(sheet, _spoken(names, sheet))
            findings.append(Finding("warning", "unknown_sheet", message, path.name, value=sheet, hint=hint))


def _is_known_extra(path: Path) -> bool:
    """Files that stand beside the tables: notes, receipts, the legend, what an import or a check set aside."""
    beside = {QUARANTINE, "import", "merges.csv", "origins.parquet", f"{LEGEND}.csv", f"{LEGEND_ZH}.csv", "run.json"}
    beside.add(MODEL_FILE)
    return path.name.startswith((".", "~$", "README")) or path.name in beside or path.name.endswith(".run.json")


def _spoken(names: Mapping[str, str], word: str) -> list[str]:
    """The names of tables that a word could be meant to be: English ones for a word in plain letters."""
    return [name for name, table in names.items() if (name == table) == word.isascii()]


def _unknown_file(path: Path, names: Mapping[str, str]) -> Finding:
    # without the suffix, which every name has and which makes all of them look alike
    close = [repr(f"{name}.csv") for name in nearest(path.stem, _spoken(names, path.stem))]
    if path.suffix in {".xlsx", ".xlsm"}:
        hint = tr("rename it {workbook!r}", workbook=WORKBOOK)
    elif close:
        hint = tr("did you mean {close}?", close=either(close))
    else:
        hint = tr("`ecosystem dataset template DIR` writes a file for every table")
    message = tr("{name!r} is no table of a dataset and is not read", name=path.name)
    return Finding("warning", "unknown_file", message, path.name, hint=hint)


def choose_source(sources: Iterable[Source], findings: list[Finding]) -> Read | None:
    """The source of a table that has rows, or the first that can be read; None when none can.

    A source that holds only its header, or nothing, gives way to one that has rows: so an empty template and filled
    files may lie side by side. Two sources with rows are an error that says which to delete; the first is checked.
    """
    readable: list[Read] = []
    faults: list[Finding] = []
    for source in sources:
        try:
            check_is_file(source.path)
            readable.append((source.path, source.read()))
        except DatasetError as err:
            told = Finding("error", "unreadable_file", err.message, source.file, hint=err.hint)
            faults.extend(err.findings or [told])
        except OSError as err:
            faults.append(unreadable(source.file, err))
    filled = [(path, raw) for path, raw in readable if raw.read]
    findings.extend(fault for fault in faults if not (filled and fault.code == "empty_file"))
    if len(filled) > 1:
        findings.append(_twice([raw.file for _, raw in filled]))
    return next(iter([*filled, *readable]), None)


def _twice(files: list[str]) -> Finding:
    first, *others = files
    message = tr("{files} hold rows of the same table; only {first} is checked", files=together(files), first=first)
    hint = tr("keep one: delete {others}, or {first} if that is the older one", others=together(others), first=first)
    return Finding("error", "two_sources", message, others[0], hint=hint)
