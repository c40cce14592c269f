"""Write an empty dataset to be filled in, as CSV files and as a workbook, with a legend of every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ecosystem.dataset.dataset_folder import LEGEND, columns_by_table
from ecosystem.messages import tr
from ecosystem.model import Label, LinkType, Model, Property, load_model
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.excel_reader import WORKBOOK
from ecosystem.tables.writer import NO_CLOCK, write_table

_NUMBER_FORMATS = {"string": "@", "boolean": "@", "integer": "0", "float": "General", "date": "yyyy-mm-dd"}
_LAST_ROW = 1_048_575


@dataclass(frozen=True, slots=True)
class Entry:
    """One column of a table, described in both languages.

    `choices` are the values of a closed list, `allowed` says what else a cell must be; both and `default` may be empty.
    """

    table: str
    table_zh: str
    table_en: str
    column: str
    type: str
    unit: str
    required: str
    choices: str
    allowed: str
    default: str
    zh: str
    en: str


_HEADINGS = tuple(field.name for field in fields(Entry))


def write_template(folder: Path, *, model: Model | None = None) -> None:
    """Write the empty dataset `folder`, which may be missing or empty: otherwise OutputError.

    A CSV file with a header per table (with byte-order mark, so that Excel opens Chinese text right), `columns.csv`
    with the meaning of every column, and `dataset.xlsx` with a sheet per table and the same legend. Fill either; where
    both hold rows of the same table, `dataset check` says so. Without a `model` it is the shipped one's.
    """
    entries = legend(model or load_model())
    with new_folder(folder) as stage:
        for table, columns in groupby(entries, key=lambda entry: entry.table):
            empty = pa.table({entry.column: pa.array([], pa.string()) for entry in columns})
            write_table(stage / f"{table}.csv", empty, mark=True)
        rows = pa.Table.from_pylist([asdict(entry) for entry in entries])
        write_table(stage / f"{LEGEND}.csv", rows, mark=True)
        _write_workbook(stage / WORKBOOK, entries)


def _write_workbook(path: Path, entries: Sequence[Entry]) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": NO_CLOCK})
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
        for table, columns in groupby(entries, key=lambda entry: entry.table):
            _fill_sheet(book.add_worksheet(table), list(columns), bold, formats)
        sheet = book.add_worksheet(LEGEND)
        for row, cells in enumerate([_HEADINGS, *map(astuple, entries)]):
            sheet.write_row(row, 0, cells, bold if row == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(_HEADINGS) - 1, 18)


def _fill_sheet(sheet: Worksheet, columns: Sequence[Entry], bold: Format, formats: dict[str, Format]) -> None:
    """A header with comments; cells formatted by type, so that Excel keeps leading zeros and writes whole dates."""
    sheet.freeze_panes(1, 0)
    for place, entry in enumerate(columns):
        sheet.set_column(place, place, max(12, len(entry.column) + 2), formats[entry.type])
        sheet.write_string(0, place, entry.column, bold)
        sheet.write_comment(0, place, _comment(entry), {"x_scale": 1.6})
        if entry.choices:
            rule = {"validate": "list", "source": entry.choices.split(", ")}
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _comment(entry: Entry) -> str:
    parts = [f"{entry.zh} / {entry.en}", entry.type + (f", {entry.unit}" if entry.unit else "")]
    parts += [entry.choices or entry.allowed] if entry.choices or entry.allowed else []
    parts += [tr("blank means {default}", default=entry.default)] if entry.default else []
    return "\n".join([*parts, "required"] if entry.required == "yes" else parts)


def legend(model: Model) -> list[Entry]:
    """An entry for each column, table by table, in the order of the model."""
    return [*_node_entries(model), *_link_entries(model)]


def _node_entries(model: Model) -> Iterator[Entry]:
    columns = columns_by_table(model)
    for label in model.labels.values():
        for name in columns[label.table]:
            yield _entry(label, label.properties[name])


def _link_entries(model: Model) -> Iterator[Entry]:
    for link in model.link_tables:
        yield _end_entry(model, link, "from", link.sources, "起点", tr("where the link begins"))
        yield _end_entry(model, link, "to", link.targets, "终点", tr("where the link ends"))
        for entry in link.properties.values():
            yield _entry(link, entry)


def _end_entry(model: Model, link: LinkType, end: str, labels: tuple[str, ...], zh: str, en: str) -> Entry:
    if labels == ("Region",):
        allowed = tr("region: id, code, name or alias")
    else:
        allowed = "id in " + ", ".join(model.labels[label].table for label in labels)
    return Entry(link.table, link.zh, link.en, end, "string", "", "yes", "", allowed, "", zh, en)


def _entry(owner: Label | LinkType, entry: Property) -> Entry:
    return Entry(
        table=owner.table,
        table_zh=owner.zh,
        table_en=owner.en,
        column=entry.name,
        type=entry.type,
        unit=entry.unit,
        required="yes" if entry.required else "no",
        choices=", ".join(("true", "false") if entry.type == "boolean" else entry.values),
        allowed=_allowed(entry),
        default="" if entry.default is None else str(entry.default).lower(),
        zh=entry.zh,
        en=entry.en,
    )


def _allowed(entry: Property) -> str:
    if entry.type == "date":
        return "YYYY-MM-DD"
    limits = ((tr("at least"), entry.minimum), (tr("at most"), entry.maximum))
    return ", ".join(f"{words} {limit:g}" for words, limit in limits if limit is not None)
