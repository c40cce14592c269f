"""The XML inside a workbook, for what the cell reader does not tell: where formulas are, how much there is."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

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
