"""The beginning of each table of an export: its cells, and how its file is read; or why it is none."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path

from ecosystem.errors import DatasetError
from ecosystem.messages import tr
from ecosystem.tables.archive import is_archive
from ecosystem.tables.container import contents_of
from ecosystem.tables.encoding import foreign_encoding, readings
from ecosystem.tables.form import Form, format_of
from ecosystem.tables.packed import kind_of
from ecosystem.tables.records import read_blocks
from ecosystem.tables.text_records import beginning, said_delimiter

_PROBED = 1 << 22
_ROWS = 5_000
_DELIMITERS = ",;\t|"
_FEW_LINES = 20
_FEW_CELLS = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a table as cells, how it is read, and the encodings that it can be in with the words they make.

    `several` is true where its file has other tables, too.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    form: Form
    encodings: Sequence[tuple[str, str]] = (("utf-8", ""),)
    several: bool = False
    lists: tuple[str, ...] = ()
    pattern: str | None = None
    """The names of the files of one folder that are parts of the table, where there are several."""

    @property
    def file(self) -> str:
        """How a mapping names the file, or the files."""
        return self.pattern or self.path.name

    @property
    def name(self) -> str:
        """What the table is called: the file, or what tells it from the others of its file."""
        if self.pattern is not None:
            return self.pattern.split("*")[0].strip("_-. ") or self.path.parent.name
        own = self.form.sheet or self.form.table or self.form.records or (self.form.member or "").split(".")[0]
        return own if self.several and own else self.path.name.split(".")[0]

    @property
    def keys(self) -> dict[str, str | int]:
        """What the entry of the file has to say of how it is read: key -> text."""
        form = self.form
        told: dict[str, str | int | None] = {"encoding": form.encoding if form.encoding != "utf-8" else None}
        told["delimiter"] = form.delimiter if form.delimiter != "," else None
        told["skip"] = form.skip or None
        told["records"] = form.records if "." in (form.records or "") else None
        if self.several:
            told |= {"member": form.member, "sheet": form.sheet, "table": form.table, "records": form.records}
        return {key: text for key, text in told.items() if text is not None}


def samples_of(path: Path) -> tuple[list[Sample], dict[str, str]]:
    """The tables of a file or of a folder's files, and the files that are none, each with the reason.

    DatasetError where a file is missing, empty, or no table, or where a folder has none.
    """
    if not path.is_dir():
        return list(_of_file(path)), {}
    tables: list[Sample] = []
    others: dict[str, str] = {}
    for file in sorted(path.iterdir()):
        if file.name.startswith(".") or not file.is_file():
            continue
        try:
            tables += _of_file(file)
        except DatasetError as err:
            others[file.name] = "; ".join(filter(None, (str(err).splitlines()[0], err.hint)))
    if not tables:
        hint = tr("name the folder of the export, or a file of it")
        raise DatasetError(tr("{path} has no table in it", path=path), hint=hint)
    return _together(tables, path), others


def _together(samples: Sequence[Sample], folder: Path) -> list[Sample]:
    """The tables of a folder; files with the same columns are one: deals_2020.csv and deals_2021.csv."""
    groups: dict[tuple[object, ...], list[Sample]] = {}
    for place, one in enumerate(samples):
        groups.setdefault((one.header, one.form, place if one.several else None), []).append(one)
    tables: list[Sample] = []
    for parts in groups.values():
        pattern = _pattern([one.path.name for one in parts], folder) if len(parts) > 1 else None
        rows = tuple(row for one in parts for row in one.rows)[:_ROWS]
        tables += [replace(parts[0], rows=rows, pattern=pattern)] if pattern else parts
    return tables


def _pattern(names: Sequence[str], folder: Path) -> str | None:
    """The pattern that fits these files of a folder and no others."""
    head, tail = _common(names), _common([name[::-1] for name in names])[::-1]
    tail = tail[max(0, len(head) + len(tail) - min(map(len, names))) :]
    pattern = f"{head.rstrip('0123456789')}*{tail.lstrip('0123456789')}"  # the files of next year, too
    plain = not any(mark in head + tail for mark in "*?[")
    return pattern if plain and {one.name for one in folder.glob(pattern)} == set(names) else None


def _common(names: Sequence[str]) -> str:
    """What all names begin with."""
    letters = takewhile(lambda own: len(set(own)) == 1, zip(*names, strict=False))
    return "".join(own[0] for own in letters)


def _of_file(path: Path) -> Iterator[Sample]:
    if not is_archive(path) and format_of(path, Form()) == "csv":
        yield _of_text(path)
        return
    tables = [table for table in contents_of(path, _ROWS) if table.columns and table.rows]
    if not tables:
        raise DatasetError(tr("{path} is empty", path=path), hint=tr("export it again"))
    for table in tables:
        form = replace(table.form, columns=())
        records: Sequence[Sequence[str]] = [table.columns, *table.rows]
        if form.format == "xlsx" and (titles := _titles(records)):
            form, records = _below_titles(path, form, titles)
        yield _sample(path, records, form, several=len(tables) > 1, lists=table.lists)


def _below_titles(path: Path, form: Form, titles: int) -> tuple[Form, Sequence[Sequence[str]]]:
    """The records of a sheet below some rows of titles, and how it is read so."""
    blocks = read_blocks(path, form)
    lines = [line for block in islice(blocks, 1) for line in block.lines]
    below = replace(form, skip=lines[titles] - 1)
    records = [record for block in islice(read_blocks(path, below), 1) for record in block.records]
    return below, records[: _ROWS + 1]


def _of_text(path: Path) -> Sample:
    data = beginning(path, _PROBED + 1)
    whole = len(data) <= _PROBED
    if not whole and b"\n" not in data:
        message = tr("{path} has no line end in its first {probed:,} bytes", path=path, probed=_PROBED)
        raise DatasetError(message, hint=tr("is it a table?"))
    encodings, text = _decoded(data if whole else data[: data.rfind(b"\n") + 1], path)
    _refuse_other_text(text, path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    said = said_delimiter(first)
    if said:
        text = text[text.index(first) + len(first) :]
    delimiter = said or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        records = [row for row in islice(reader, _ROWS + 1) if row]
        skip = _above_header(text, records, delimiter)
    except csv.Error as err:
        message = tr("{path} is not delimited text: {err}", path=path, err=err)
        raise DatasetError(message, hint=tr("export it as CSV")) from err
    if not records:
        raise DatasetError(tr("{path} is empty", path=path), hint=tr("export it again"))
    above, lines = skip
    form = Form("csv", encoding=encodings[0][0], delimiter=delimiter, skip=lines + bool(said and lines))
    return replace(_sample(path, records[above:], form), encodings=encodings)


def _above_header(text: str, records: Sequence[Sequence[str]], delimiter: str) -> tuple[int, int]:
    """How many records, and lines, stand above the header: titles and notes, which fill one cell of many."""
    above = _titles(records)
    if not above:
        return 0, 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    seen = 0
    for row in reader:
        if row and seen == above:
            return above, reader.line_num - 1
        seen += bool(row)
    return 0, 0


def _titles(records: Sequence[Sequence[str]]) -> int:
    """How many records at the beginning have far fewer cells filled than those behind them."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in records[:_FEW_LINES]]
    most = max(filled, default=0)
    if most < _FEW_CELLS or filled[0] > 2:
        return 0
    return next((place for place, count in enumerate(filled) if count >= 0.6 * most), 0)


def _sample(
    path: Path, records: Sequence[Sequence[str]], form: Form, *, several: bool = False, lists: tuple[str, ...] = ()
) -> Sample:
    """The sample of some records, without those that have more cells than the header."""
    header = tuple(name.strip() for name in records[0])
    cells = [[cell.strip() for cell in row] for row in records[1:]]
    rows = tuple(
        (*row[: len(header)], *[""] * (len(header) - len(row))) for row in cells if not any(row[len(header) :])
    )
    return Sample(path, header, rows, form, several=several, lists=lists)


def _delimiter(text: str) -> str:
    """The one that splits the first lines into the same number of cells, more than one; a comma where none does."""
    lines = [line for line in text[: 1 << 16].splitlines() if line.strip()][:_FEW_LINES]

    def fitness(one: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=one) if row] or [0]
        usual, count = Counter(widths).most_common(1)[0]
        return usual > 1, count / len(widths), usual

    return max(_DELIMITERS, key=fitness)


def _decoded(data: bytes, path: Path) -> tuple[Sequence[tuple[str, str]], str]:
    if kind := kind_of(data):
        raise DatasetError(tr("{path} is {kind}, not text", path=path, kind=tr(kind.name)), hint=tr(kind.hint))
    if wide := foreign_encoding(data):
        return [(wide.lower(), "")], data.decode(wide, errors="ignore")
    encodings = readings(data)
    if not encodings:
        message = tr("{path} is in no encoding that is known here", path=path)
        raise DatasetError(message, hint=tr("save it as CSV UTF-8"))
    return encodings, data.decode(encodings[0][0]).removeprefix("\ufeff")


def _refuse_other_text(text: str, path: Path) -> None:
    """Raise DatasetError where a text is no table: a web page, XML, JSON."""
    begin = text.lstrip()[:200].casefold()
    if begin.startswith(("<!doctype html", "<html")) or "<table" in begin:
        hint = tr("open it in a browser and save the table as CSV; or the export needed a login")
        raise DatasetError(tr("{path} is a web page (HTML), not a table", path=path), hint=hint)
    if begin.startswith("<?xml") or (begin.startswith("<") and ">" in begin):
        raise DatasetError(tr("{path} is XML, not a table", path=path), hint=tr("export it as CSV or JSON"))
    if begin.startswith(("{\\rtf", "mime-version")):
        raise DatasetError(tr("{path} is a text document, not a table", path=path), hint=tr("export it as CSV"))
    if begin.startswith(("{", "[{", "[ {", "[\n", "[\r")):
        hint = tr("name it .json, or .jsonl where every line is a record")
        raise DatasetError(tr("{path} is JSON, not a table", path=path), hint=hint)
