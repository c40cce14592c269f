"""What the cell reader does not tell of a workbook, read from its XML: formulas, and how large a sheet is."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import numpy as np

from ecosystem.messages import tr
from ecosystem.tables.packed import unpacked_limit

_SHARED = "xl/sharedstrings.xml"
_STYLES = "xl/styles.xml"
_LONG = rb"-?[1-9](?:[0-9]{15}|[0-9]*\.?[0-9]*[eE]\+?[1-9][0-9])"  # Excel keeps 15 digits of a number, others 17
_LONG_CELL, _LONG_TEXT = re.compile(rb"v>\s*" + _LONG), re.compile(_LONG.decode())
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    KeyError,
    OSError,
    OverflowError,  # a date or a time that no calendar has
    RuntimeError,  # a part that is locked, or packed in a way that zipfile does not know
    StopIteration,
    ValueError,
)
"""What the parts of a damaged workbook raise."""
MOST_CELLS = 50_000_000
"""How many cells a sheet may reach over, from A1 to the last row and column."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""The limits of the format: XFD1048576 is its last cell."""
# what stands in a tag before the attribute that is looked for: a quoted text may hold anything
_BEFORE = rb"""(?:[^<>"']*+(?:"[^"]*"|'[^']*'))*?[^<>"']*?"""
_AT = rb"""<(?:[\w.-]+:)?(?:c|row)\s""" + _BEFORE + rb"""\br\s*=\s*["']"""
_LETTERS = re.compile(_AT + rb"""([A-Za-z]{1,3})""")
_NUMBERS = re.compile(_AT + rb"""[A-Za-z]{0,3}([0-9]{1,7})""")
_NO_PLACE = re.compile(_AT + rb"""(?![A-Za-z]{0,3}[0-9]{1,7}["'])([^"']*)""")
_RANGES = re.compile(rb"""<(?:[\w.-]+:)?(?:dimension|mergeCell)\s""" + _BEFORE + rb"""\bref\s*=\s*["']([^"']*)""")
_CORNER = re.compile(r"([A-Za-z]*)([0-9]*)")
_SHARED_CELL = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_NO_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(?!\s*[0-9]{1,9}\s*<)([^<]*)<""")
_SHARED_MARK = re.compile(rb"""\bt=["']s["']""")


@dataclass(frozen=True, slots=True)
class Computed:
    """A cell with a formula or an error value. `row` is Excel's row number; `column` counts from 0.

    `error` is the error value (#N/A), or the formula where the file holds no value for it; None where there is a value.
    """

    row: int
    column: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A number that a plain reading would change: `digits` is how the file writes it, `style` is that of its cell."""

    row: int
    column: int
    digits: str
    style: int


def odd_cells(text: bytes, styles: Collection[int] = ()) -> tuple[list[Computed], list[Written]]:
    """The computed cells of a sheet and the numbers of 16 digits and more or of some styles, row by row, from its XML.

    Raises ExpatError when that is damaged.
    """
    return _Scanner(styles).scan(text)


class _Scanner:
    """Walks through the cells of a sheet and keeps the computed ones, and numbers that are more than their value."""

    def __init__(self, styles: Collection[int]) -> None:
        self._styles = frozenset(styles)
        self._computed: list[Computed] = []
        self._written: list[Written] = []
        self._row, self._column = 0, -1
        self._cell: Mapping[str, str] = {}
        self._inside: str | None = None
        self._texts: dict[str, str] = {}

    def scan(self, text: bytes) -> tuple[list[Computed], list[Written]]:
        parser = expat.ParserCreate()
        marks = any(mark in text for mark in (b"<f", b":f", b'"e"', b"'e'"))
        if marks or self._styles or _LONG_CELL.search(text):
            parser.StartElementHandler = self._start
            parser.EndElementHandler = self._end
            parser.CharacterDataHandler = self._text
        # a sheet without such cells is parsed too: the cell reader takes a sheet that is cut off for a short one
        parser.Parse(text, True)
        return self._computed, self._written

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        elif name == "c":
            self._column += 1
            if match := re.fullmatch(r"([A-Za-z]+)([0-9]+)", attributes.get("r", "")):
                self._row, self._column = int(match[2]), column_number(match[1])
            self._cell, self._texts = attributes, {}
        self._inside = name if name in {"f", "v"} else None
        if self._inside:
            self._texts.setdefault(name, "")

    def _text(self, text: str) -> None:
        if self._inside:
            self._texts[self._inside] += text

    def _end(self, tag: str) -> None:
        self._inside = None
        if local_name(tag) != "c":
            return
        value, kind = self._texts.get("v", "").strip(), self._cell.get("t", "n")
        if "f" in self._texts or kind == "e":
            error = None if value and kind != "e" else value or f"={self._texts.get('f', '')}"
            self._computed.append(Computed(self._row, self._column, error))
        style = int(self._cell.get("s", "0"))
        if kind == "n" and (style in self._styles or _LONG_TEXT.match(value)):
            self._written.append(Written(self._row, self._column, value, style))


def column_number(letters: str) -> int:
    """The number of a column, counted from 0, that Excel calls by letters."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True, slots=True)
class SheetParts:
    """The XML of one sheet, and of the texts that the sheets share; that is empty where there are none.

    `zeros` are the styles of cells whose format fills numbers with zeros in front: number of the style -> format.
    """

    sheet: bytes
    shared: bytes
    zeros: Mapping[int, str]


def sheet_parts(path: Path, sheet: str) -> SheetParts:
    """The parts of the workbook that hold a sheet. Raises one of DAMAGE when the file is damaged."""
    with zipfile.ZipFile(path) as file:
        names: dict[str, str] = {}
        for name in file.namelist():
            # the cell reader ignores case: with two parts of a name nobody knows which of them it takes
            if names.setdefault(name.lower(), name) is not name:
                raise ValueError(f"there are two parts {name[:80]!r}")
        shared, styles = (file.read(names[part]) if part in names else b"" for part in (_SHARED, _STYLES))
        return SheetParts(file.read(_part(file, sheet)), shared, _zero_formats(styles) if styles else {})


def local_name(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


def _part(file: zipfile.ZipFile, sheet: str) -> str:
    """The name of the file inside the workbook that holds a sheet, found as the cell reader finds it."""
    sheets = [entry for entry in _elements(file.read("xl/workbook.xml"), "sheet") if entry["name"] == sheet]
    relation = _only([name for entry in sheets for name in _relations(entry)], f"sheet {sheet!r}")
    links = _elements(file.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = _only([entry["Target"] for entry in links if entry["Id"] == relation], f"part {relation!r}")
    whole = target.lstrip("/") if target.lstrip("/").startswith("xl/") else f"xl/{target}"
    return posixpath.normpath(whole)


def _relations(entry: Mapping[str, str]) -> list[str]:
    return [value for name, value in entry.items() if name == "id" or name.endswith(":id")]


def _only(found: Sequence[str], what: str) -> str:
    """The only one of what was found. ValueError where there is none, or several: which would be read?"""
    if len(found) != 1:
        raise ValueError(f"it names {len(found)} times the {what[:80]}")
    return found[0]


def _elements(text: bytes, *names: str) -> list[dict[str, str]]:
    """The attributes of all elements of some names, with the name of the element as `""`, in their order."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) in names:
            found.append(attributes | {"": local_name(tag)})

    def refuse(*_: object) -> None:
        raise ValueError("it declares words of its own (DOCTYPE)")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(text, True)
    return found


def _zero_formats(styles: bytes) -> dict[int, str]:
    """The styles of cells that fill numbers with zeros in front, as 000 does, with their formats."""
    formats: dict[str, str] = {}
    found: dict[int, str] = {}
    style: int | None = None
    for entry in _elements(styles, "numFmt", "cellXfs", "xf", "cellStyles"):
        match entry[""]:
            case "numFmt" if style is None:
                formats[entry.get("numFmtId", "")] = entry.get("formatCode", "")
            case "cellXfs":
                style = 0
            case "cellStyles":
                break
            case "xf" if style is not None:
                code = formats.get(entry.get("numFmtId", ""), "")
                if leading_zeros(code) > 1:
                    found[style] = code
                style += 1
    return found


def leading_zeros(code: str) -> int:
    """To how many digits a number format fills a whole number with zeros: 3 for 000."""
    bare = re.sub(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]', "", code.partition(";")[0])
    return 0 if "%" in bare else re.split(r"[.,Ee/?#]", bare)[0].count("0")


def size_fault(parts: SheetParts) -> str | None:
    """What is too large about a sheet, in words; None when nothing is. Raises ValueError for a place in no sheet."""
    _check_references(parts.sheet)
    rows, columns = _extent(parts.sheet)
    if rows * columns > MOST_CELLS:
        return tr(
            "it has {rows:,} rows and {columns:,} columns; at most {limit:,} cells are read",
            rows=rows,
            columns=columns,
            limit=MOST_CELLS,
        )
    limit = unpacked_limit()
    return (
        tr("its texts are more than {limit:,} MB", limit=limit // 1000000) if _text_size(parts, limit) > limit else None
    )


def _check_references(sheet: bytes) -> None:
    """Raise ValueError for a range outside a sheet or that ends before it begins, and for a text with no number."""
    if wrong := _NO_SHARED.search(sheet):
        raise ValueError(f"{wrong[1][:40].decode('ascii', 'replace')!r} is no number of a text")
    for text in _RANGES.findall(sheet):
        corners = list(_corners(text))
        if any(row > MOST_ROWS or column >= MOST_COLUMNS for row, column in corners):
            raise _no_place(text)
        if any(last < first for first, last in zip(corners[0], corners[-1], strict=True)):
            raise _no_place(text)


def _corners(text: bytes) -> Iterator[tuple[int, int]]:
    """Row and column of each corner of a range. ValueError where it is none."""
    for corner in text.decode("ascii", "replace").split(":"):
        match = _CORNER.fullmatch(corner)
        if match is None or len(corner) > 10:
            raise _no_place(text)
        yield int(match[2] or 1), column_number(match[1] or "A")


def _no_place(text: bytes) -> ValueError:
    return ValueError(f"{text[:40].decode('ascii', 'replace')!r} is no place in a sheet, which ends at XFD1048576")


def _extent(sheet: bytes) -> tuple[int, int]:
    """How many rows and columns there are up to the last cell; a cell may say its place or follow the one before.

    Raises ValueError for a place that no sheet has: the cell reader would wrap it round, and overwrite another cell.
    """
    if wrong := _NO_PLACE.search(sheet):
        raise _no_place(wrong[1])
    columns = {name: column_number(name.decode()) + 1 for name in {b"A", *_LETTERS.findall(sheet)}}
    rows = {number: int(number) for number in {b"1", *_NUMBERS.findall(sheet)}}
    for places, most in ((columns, MOST_COLUMNS), (rows, MOST_ROWS)):
        for text, place in places.items():
            if not 0 < place <= most:
                raise _no_place(text)
    lines = sheet.split(b"row")
    widest = max(line.count(b"<c") + line.count(b":c") for line in lines)
    return max(len(lines) // 2, *rows.values()), max(widest, *columns.values())


def _text_size(parts: SheetParts, limit: int) -> int:
    """How many bytes the cells with shared texts come to; the file holds a text once, however many cells show it."""
    lengths = np.array([len(text) for text in parts.shared.split(b"</si>")], np.int64)
    longest = int(lengths.max())
    count = sum(1 for _ in _SHARED_MARK.finditer(parts.sheet)) if longest * len(parts.sheet) > limit else 0
    if count * longest <= limit:
        return count * longest
    cells = np.fromiter((int(cell[1]) for cell in _SHARED_CELL.finditer(parts.sheet)), np.int64)
    known = cells[cells < len(lengths)]
    return int(lengths[known].sum()) + (count - len(cells)) * longest
