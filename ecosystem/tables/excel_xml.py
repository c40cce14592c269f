"""What the cell reader does not tell of a workbook, read from its XML: formulas, and how large a sheet is."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import numpy as np

from ecosystem.tables.packed import unpacked_limit

_SHARED = "xl/sharedstrings.xml"
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,  # a part that is locked, or packed in a way that zipfile does not know
    StopIteration,
    ValueError,
)
"""What the parts of a damaged workbook raise."""
MOST_CELLS = 50_000_000
"""How many cells a sheet may reach over, from A1 to the last row and column."""
_LETTERS = re.compile(rb"""\br=["']([A-Z]{1,3})[0-9]""")
_NUMBERS = re.compile(rb"""\br=["'][A-Z]{0,3}([0-9]{1,9})["']""")
_SHARED_CELL = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_SHARED_MARK = re.compile(rb"""\bt=["']s["']""")


@dataclass(frozen=True, slots=True)
class Computed:
    """A cell with a formula or an error value. `row` is Excel's row number; `column` counts from 0.

    `error` is the error value (#N/A), or the formula where the file holds no value for it; None where there is a value.
    """

    row: int
    column: int
    error: str | None


def computed_cells(text: bytes) -> list[Computed]:
    """The computed cells of a sheet, row by row, out of its XML. Raises ExpatError when that is damaged."""
    return _Scanner().scan(text)


class _Scanner:
    """Walks through the cells of a sheet and keeps the computed ones."""

    def __init__(self) -> None:
        self._found: list[Computed] = []
        self._place = ""
        self._inside: str | None = None
        self._texts: dict[str, str] = {}
        self._is_error = False

    def scan(self, text: bytes) -> list[Computed]:
        parser = expat.ParserCreate()
        if any(mark in text for mark in (b"<f", b":f", b'"e"', b"'e'")):
            parser.StartElementHandler = self._start
            parser.EndElementHandler = self._end
            parser.CharacterDataHandler = self._text
        # a sheet without computed cells is parsed too: the cell reader takes a sheet that is cut off for a short one
        parser.Parse(text, True)
        return self._found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "c":
            self._place, self._texts, self._is_error = attributes.get("r", ""), {}, attributes.get("t") == "e"
        self._inside = name if name in {"f", "v"} else None
        if self._inside:
            self._texts.setdefault(name, "")

    def _text(self, text: str) -> None:
        if self._inside:
            self._texts[self._inside] += text

    def _end(self, tag: str) -> None:
        self._inside = None
        if local_name(tag) != "c" or not ("f" in self._texts or self._is_error):
            return
        value = self._texts.get("v", "")
        error = None if value and not self._is_error else value or f"={self._texts.get('f', '')}"
        if match := re.fullmatch(r"([A-Z]+)(\d+)", self._place):
            self._found.append(Computed(int(match[2]), column_number(match[1]), error))


def column_number(letters: str) -> int:
    """The number of a column, counted from 0, that Excel calls by letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True, slots=True)
class SheetParts:
    """The XML of one sheet, and of the texts that the sheets share; that is empty where there are none."""

    sheet: bytes
    shared: bytes


def sheet_parts(path: Path, sheet: str) -> SheetParts:
    """The parts of the workbook that hold a sheet. Raises one of DAMAGE when the file is damaged."""
    with zipfile.ZipFile(path) as file:
        shared = [name for name in file.namelist() if name.lower() == _SHARED]
        return SheetParts(file.read(_part(file, sheet)), file.read(shared[0]) if shared else b"")


def local_name(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


def _part(file: zipfile.ZipFile, sheet: str) -> str:
    """The name of the file inside the workbook that holds a sheet."""
    relation = {entry["name"]: _relation(entry) for entry in _elements(file.read("xl/workbook.xml"), "sheet")}[sheet]
    targets = _elements(file.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = {entry["Id"]: entry["Target"] for entry in targets}[relation]
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _relation(entry: Mapping[str, str]) -> str:
    return next(value for name, value in entry.items() if name == "id" or name.endswith(":id"))


def _elements(text: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of all elements of a name."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == name:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(text, True)
    return found


def size_fault(parts: SheetParts) -> str | None:
    """What is too large about a sheet, in words; None when nothing is."""
    rows, columns = _extent(parts.sheet)
    if rows * columns > MOST_CELLS:
        return f"it reaches over {rows:,} rows and {columns:,} columns; at most {MOST_CELLS:,} cells are read"
    limit = unpacked_limit()
    return f"its texts come to more than {limit // 1_000_000:,} MB" if _text_size(parts, limit) > limit else None


def _extent(sheet: bytes) -> tuple[int, int]:
    """How many rows and columns there are up to the last cell; a cell may say its place or follow the one before."""
    letters = {b"A", *_LETTERS.findall(sheet)}
    numbers = {b"1", *_NUMBERS.findall(sheet)}
    lines = sheet.split(b"row")
    widest = max(line.count(b"<c") + line.count(b":c") for line in lines)
    return max(len(lines) // 2, *map(int, numbers)), max(
        widest, *(column_number(name.decode()) + 1 for name in letters)
    )


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
