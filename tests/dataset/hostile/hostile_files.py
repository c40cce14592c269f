"""Files that nobody should have to read: packed, broken, far too large, and workbooks made by hand."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Write = Callable[[Path], object]
"""Writes a file, or whatever else, at a path."""

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def content(data: bytes | str) -> Write:
    """A file with this content."""
    return lambda path: path.write_bytes(data if isinstance(data, bytes) else data.encode())


def packed(data: bytes | str, *, repeat: int = 1) -> bytes:
    """The content `repeat` times, packed with gzip, the same in every run."""
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as file:
        for _ in range(repeat):
            file.write(data if isinstance(data, bytes) else data.encode())
    return target.getvalue()


def cell(place: str, text: str | float) -> str:
    """The XML of a cell with a text or a number."""
    if isinstance(text, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<c r="{place}"><v>{text}</v></c>'


def workbook(
    rows: str,
    *,
    shared: str = "",
    target: str = "worksheets/sheet1.xml",
    prolog: str = "",
    extra: Mapping[str, bytes] | None = None,
    sheets: str = '<sheet name="companies" sheetId="1" r:id="r1"/>',
) -> bytes:
    """A workbook whose sheet `companies` has these rows, as XML."""
    relation = f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="{target}"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1"'
        f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relation}</Relationships>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{shared}</sst>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (parts | dict(extra or {})).items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


GOOD_ROWS = (
    f'<row r="1">{cell("A1", "id")}{cell("B1", "name")}</row>'
    f'<row r="2">{cell("A2", "c1")}{cell("B2", "甲")}</row>'
    f'<row r="3">{cell("A3", "c2")}{cell("B3", "乙")}</row>'
)
"""Two companies."""


def lying(data: bytes, size: int) -> bytes:
    """A zip archive whose list says that each of its parts unpacks to `size` bytes."""
    place, changed = data.find(b"PK\x01\x02"), bytearray(data)
    while place >= 0:
        struct.pack_into("<I", changed, place + 24, size)
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, data in parts.items():
            target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
"""The beginning of an old workbook, and of a new one that is locked by a password."""
