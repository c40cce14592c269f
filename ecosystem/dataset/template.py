"""Write an empty dataset to be filled in, as CSV files and as a workbook, with a legend of every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ecosystem.dataset.dataset_folder import LEGEND, LEGEND_ZH, columns_by_table, table_properties
from ecosystem.dataset.own_model import MODEL_FILE, model_toml
from ecosystem.headings import heading
from ecosystem.messages import in_language, speaking, spoken, tr, tr_later
from ecosystem.model import ENDS, Label, LinkType, Model, Property, load_model, unit_word
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.excel_reader import WORKBOOK
from ecosystem.tables.writer import NO_CLOCK, write_table

_NUMBER_FORMATS = {"string": "@", "boolean": "@", "integer": "0", "float": "General", "date": "yyyy-mm-dd"}
_LAST_ROW = 1_048_575
_EMPTY = pa.array([], pa.string())


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
_TYPES = {
    "string": tr_later("text"),
    "integer": tr_later("whole number"),
    "float": tr_later("number"),
    "boolean": tr_later("true or false"),
    "date": tr_later("date"),
}
_TRUTH = {"true": tr_later("true"), "false": tr_later("false"), "yes": tr_later("yes"), "no": tr_later("no")}


def write_template(folder: Path, *, model: Model | None = None, lang: str = "en") -> None:
    """Write the empty dataset `folder`, which may be missing or empty: otherwise OutputError.

    A CSV file with a header per table (with byte-order mark, so that Excel opens Chinese text right), `columns.csv`
    with the meaning of every column, and `dataset.xlsx` with a sheet per table and the same legend. Fill either; where
    both hold rows of the same table, `dataset check` says so. With `lang` `zh` the files, sheets, headers and choices
    are in Chinese, and so is the legend. Without a `model` it is the shipped one's.
    """
    model = model or load_model()
    with speaking(lang):
        entries = legend(model)
        headings, rows = _legend_rows(entries, lang)
        grouped = [list(columns) for _, columns in groupby(entries, _table)]
        tables = [_Sheet(_called(columns, lang), columns) for columns in grouped]
        with new_folder(folder) as stage:
            for sheet in tables:
                header = [_column(model, entry, lang) for entry in sheet.columns]
                write_table(stage / f"{sheet.name}.csv", pa.table(dict.fromkeys(header, _EMPTY)), mark=True)
            columns = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
            write_table(stage / legend_name(lang), pa.Table.from_arrays(columns, names=headings), mark=True)
            _write_workbook(stage / WORKBOOK, tables, [headings, *rows], model, lang)
            if model != load_model():
                (stage / MODEL_FILE).write_text(model_toml(model), encoding="utf-8")


LEGEND_KEYS = ("table", "column", "type", "unit", "required", "choices", "allowed", "default", "meaning")


def legend_rows(model: Model, lang: str, *, own: bool = False) -> list[tuple[str, ...]]:
    """What each column of each table is, under LEGEND_KEYS, in a language; `own`: only what the shipped one lacks."""
    with speaking(lang):
        entries = legend(model)
        there = set(legend(load_model())) if own else set()
        return [_legend_row(entry, lang) for entry in entries if entry not in there]


def _legend_row(entry: Entry, lang: str) -> tuple[str, ...]:
    table, column = (entry.table_zh, entry.zh) if lang == "zh" else (entry.table, entry.column)
    words = (tr(_TYPES[entry.type]), unit_word(entry.unit), tr(_TRUTH[entry.required]))
    default = tr(_TRUTH[entry.default]) if entry.default in _TRUTH else entry.default
    return (table, column, *words, entry.choices, entry.allowed, default, _meaning(entry, lang))


def _meaning(entry: Entry, lang: str) -> str:
    """What a column is; in Chinese, of one of the user's own, at least its Chinese name where there is one."""
    meaning = in_language(lang, entry.en, "meaning") if entry.en else ""
    return entry.zh if lang == "zh" and meaning == entry.en and entry.zh != entry.column else meaning


def legend_name(lang: str) -> str:
    """The file that says what each column of a template means."""
    return f"{LEGEND_ZH if lang == 'zh' else LEGEND}.csv"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table of the template: what its file and its sheet are called, and its columns."""

    name: str
    columns: Sequence[Entry]


def _table(entry: Entry) -> str:
    return entry.table


def _called(columns: Sequence[Entry], lang: str) -> str:
    return columns[0].table_zh if lang == "zh" else columns[0].table


def _column(model: Model, entry: Entry, lang: str) -> str:
    """The header of a column: its name in the model, or the Chinese one with the unit."""
    return table_properties(model)[entry.table][entry.column].heading if lang == "zh" else entry.column


def _legend_rows(entries: Sequence[Entry], lang: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """The header and the rows of the legend; in Chinese without the English descriptions."""
    if lang != "zh":
        return list(_HEADINGS), [astuple(entry) for entry in entries]
    keys = ("table", "column", "type", "unit", "required", "choices", "allowed", "default")
    rows: list[tuple[str, ...]] = []
    for entry in entries:
        words = (tr(_TYPES[entry.type]), unit_word(entry.unit), tr(_TRUTH[entry.required]))
        default = tr(_TRUTH[entry.default]) if entry.default in _TRUTH else entry.default
        rows.append((entry.table_zh, entry.zh, *words, entry.choices, entry.allowed, default))
    return [heading(key, lang) for key in keys], rows


def _write_workbook(
    path: Path, tables: Sequence[_Sheet], legend_rows: Sequence[Sequence[str]], model: Model, lang: str
) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": NO_CLOCK})
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
        for table in tables:
            header = [_column(model, entry, lang) for entry in table.columns]
            _fill_sheet(book.add_worksheet(table.name), table.columns, header, bold, formats)
        sheet = book.add_worksheet(LEGEND_ZH if lang == "zh" else LEGEND)
        for row, cells in enumerate(legend_rows):
            sheet.write_row(row, 0, cells, bold if row == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(legend_rows[0]) - 1, 18)


def _fill_sheet(
    sheet: Worksheet, columns: Sequence[Entry], header: Sequence[str], bold: Format, formats: dict[str, Format]
) -> None:
    """A header with comments; cells formatted by type, so that Excel keeps leading zeros and writes whole dates."""
    sheet.freeze_panes(1, 0)
    for place, (entry, name) in enumerate(zip(columns, header, strict=True)):
        width = sum(1 if letter.isascii() else 2 for letter in name)
        sheet.set_column(place, place, max(12, width + 2), formats[entry.type])
        sheet.write_string(0, place, name, bold)
        sheet.write_comment(0, place, _comment(entry), {"x_scale": 1.6})
        if entry.choices:
            rule = {"validate": "list", "source": entry.choices.split(", ")}
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _comment(entry: Entry) -> str:
    """What a cell of the header says when the mouse is over it."""
    if spoken() == "zh":
        parts = [f"{entry.zh}（{entry.column}）", tr(_TYPES[entry.type])]
        default = tr(_TRUTH[entry.default]) if entry.default in _TRUTH else entry.default
    else:
        parts, default = [f"{entry.zh} / {entry.en}", entry.type], entry.default
    parts[1] += f", {unit_word(entry.unit)}" if entry.unit else ""
    parts += [entry.choices or entry.allowed] if entry.choices or entry.allowed else []
    parts += [tr("blank means {default}", default=default)] if entry.default else []
    return "\n".join([*parts, tr("required")] if entry.required == "yes" else parts)


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
        yield _end_entry(model, link, ENDS["from"], link.sources)
        yield _end_entry(model, link, ENDS["to"], link.targets)
        for entry in link.properties.values():
            yield _entry(link, entry)


def _end_entry(model: Model, link: LinkType, end: Property, labels: tuple[str, ...]) -> Entry:
    if labels == ("Region",):
        allowed = tr("region: id, code, name or alias")
    else:
        kinds = [model.labels[label] for label in labels]
        names = ", ".join(kind.zh if spoken() == "zh" else kind.table for kind in kinds)
        allowed = tr("id in {tables}", tables=names)
    return Entry(link.table, link.zh, link.en, end.name, "string", "", "yes", "", allowed, "", end.zh, end.en)


def _entry(owner: Label | LinkType, entry: Property) -> Entry:
    return Entry(
        table=owner.table,
        table_zh=owner.zh,
        table_en=owner.en,
        column=entry.name,
        type=entry.type,
        unit=entry.unit,
        required="yes" if entry.required else "no",
        choices=", ".join(_choices(entry)),
        allowed=_allowed(entry),
        default="" if entry.default is None else str(entry.default).lower(),
        zh=entry.zh or entry.name,
        en=entry.en,
    )


def _choices(entry: Property) -> Sequence[str]:
    if entry.type == "boolean":
        return ("是", "否") if spoken() == "zh" else ("true", "false")
    return [entry.named(value) for value in entry.values]


def _allowed(entry: Property) -> str:
    if entry.type == "date":
        return "YYYY-MM-DD"
    low, high = entry.minimum, entry.maximum
    if low is not None and high is not None:
        return tr("at least {low:g}, at most {high:g}", low=low, high=high)
    if low is not None:
        return tr("at least {low:g}", low=low)
    return "" if high is None else tr("at most {high:g}", high=high)
