"""The cells of a sheet that Excel computes, read from the workbook's XML: the cell reader shows only their values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from ecosystem.dataset.workbook_parts import local_name


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


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
