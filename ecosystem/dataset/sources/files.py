"""The lines of an export as cells: unpacked, decoded, split, block by block, never a whole file at once."""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from ecosystem.dataset.sources.spec import FileSpec
from ecosystem.errors import DatasetError, Finding, nearest

BLOCK = 20_000
"""Records that are held at once."""
LARGEST = 1 << 36
"""Bytes that a packed file may unpack to: more is a mistake, or a trap."""
_GUESSES = ("utf-8", "gb18030", "big5", "utf-16")
_PROBED = 1 << 28
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file in their order, with the lines on which they begin; `read` is how much of it is behind."""

    lines: tuple[int, ...]
    records: tuple[list[str], ...]
    read: float


def read_blocks(spec: FileSpec, path: Path) -> Iterator[Block]:
    """The records of a file, lines that are empty left out.

    DatasetError where the file is missing, cannot be unpacked, is in another encoding, or is not delimited text.
    """
    with _opened(path) as packed:
        size = max(path.stat().st_size, 1)
        text = io.TextIOWrapper(_unpacked(packed, path), encoding=spec.encoding, newline="")
        records = _records(path.name, text, spec.delimiter)
        try:
            while block := list(islice(records, BLOCK)):
                lines, cells = zip(*block, strict=True)
                yield Block(lines, cells, packed.tell() / size)
        except UnicodeError as err:
            raise _wrong_encoding(spec, path) from err
        except (EOFError, gzip.BadGzipFile, zlib.error) as err:
            raise DatasetError(f"{path.name} cannot be unpacked: {err}", hint="fetch it or pack it again") from err


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as err:
        raise DatasetError(f"{path} does not exist", hint=_near_files(path)) from err
    except OSError as err:
        raise DatasetError(f"cannot read {path}: {err.strerror or err}") from err


class _Limited(io.RawIOBase):
    """What a stream gives, up to a number of bytes; DatasetError beyond it."""

    def __init__(self, stream: gzip.GzipFile, name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        piece = cast(memoryview, buffer)
        count = self._stream.readinto(piece)
        self._left -= count
        if self._left < 0:
            raise DatasetError(f"{self._name} unpacks to more than {LARGEST >> 30} GiB", hint="unpack it and look")
        return count


def _unpacked(packed: BinaryIO, path: Path) -> BinaryIO:
    if path.suffix.lower() != ".gz":
        return packed
    return io.BufferedReader(_Limited(gzip.GzipFile(fileobj=packed, mode="rb"), path.name), _CHUNK)


def _wrong_encoding(spec: FileSpec, path: Path) -> DatasetError:
    """The error that names the line, and the encodings that would do; of a large file only the beginning is probed."""
    with _opened(path) as packed:
        data = _unpacked(packed, path).read(_PROBED)
    line = 1
    try:
        data.decode(spec.encoding)
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
    except UnicodeError:
        pass  # of a text as a whole, such as utf-16 without a byte-order mark
    hint = _other_encoding(data, spec.encoding)
    finding = Finding("error", "encoding", f"is not {spec.encoding}", path.name, line, hint=hint)
    return DatasetError("the file is not in the encoding that the mapping says", findings=[finding])


def _near_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    close = nearest(path.name, names) or names[:5]
    return f"the folder has {', '.join(close)}" if close else "the folder has no files"


def _other_encoding(data: bytes, said: str) -> str:
    """The encodings that the bytes would fit: a byte-order mark tells, else the first that decodes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it begins with the byte-order mark of utf-16: set encoding = 'utf-16'"
    known = codecs.lookup(said).name
    for guess in _GUESSES:
        if codecs.lookup(guess).name != known and _decodes(data, guess):
            return f"it can be read as {guess}: set encoding = '{guess}' in the mapping if that gives the right text"
    return "it is damaged, or not a text file"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _records(name: str, text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every record that is not an empty line; a record may run over several lines."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            finding = Finding("error", "csv", f"cannot be split into cells: {err}", name, line)
            raise DatasetError(
                "the file is not delimited text", findings=[finding], hint="look at its quotes near that line"
            ) from err
        if line == 1 and record:
            record[0] = record[0].removeprefix("\ufeff")
        if record:
            yield line, record


def check_columns(name: str, columns: Sequence[str], needed: Iterable[str], spec: FileSpec) -> None:
    """Raise DatasetError where a column that the mapping takes is not there, or a name stands there twice."""
    made = set(spec.add)
    findings = [
        Finding("error", "unknown_column", f"has no column {column!r}", name, hint=_near_columns(column, columns))
        for column in dict.fromkeys(needed)
        if column not in columns and column not in made
    ]
    findings += [
        Finding("error", "duplicate_column", f"has the column {column!r} twice", name, hint="rename one of them")
        for column in dict.fromkeys(columns)
        if columns.count(column) > 1
    ]
    if findings:
        raise DatasetError("the file does not have the columns that the mapping takes", findings=findings)


def _near_columns(column: str, columns: Sequence[str]) -> str:
    if len(columns) == 1 and len(columns[0]) > len(column):
        return f"its only column is {columns[0][:80]!r}: is the delimiter right?"
    close = nearest(column, columns)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"it has {', '.join(columns)[:300]}"
