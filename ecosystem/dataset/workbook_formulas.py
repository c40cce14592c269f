"""The cells of a sheet that Excel computes, read from the workbook's XML: the cell reader shows only their values."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from ecosystem.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Computed:
    """A cell with a formula or an error value. `row` is Excel's row number; `column` counts from 0.

    `error` is the error value (#N/A), or the formula where the file holds no value for it; None where there is a value.
    """

    row: int
    column: int
    error: str | None


def computed_cells(path: Path, sheet: str) -> list[Computed]:
    """The computed cells of a sheet, row by row. Raises DatasetError when the file is damaged."""
    try:
        with zipfile.ZipFile(path) as file:
            text = file.read(_part(file, sheet))
        return _Scanner().scan(text)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, OSError, EOFError, NotImplementedError, ValueError) as err:
        raise DatasetError(f"{path.name}: the sheet {sheet!r} is damaged: {err}") from err


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
        if _local(tag) == name:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(text, True)
    return found


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
        name = _local(tag)
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
        if _local(tag) != "c" or not ("f" in self._texts or self._is_error):
            return
        value = self._texts.get("v", "")
        error = None if value and not self._is_error else value or f"={self._texts.get('f', '')}"
        if match := re.fullmatch(r"([A-Z]+)(\d+)", self._place):
            self._found.append(Computed(int(match[2]), _column_number(match[1]), error))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
