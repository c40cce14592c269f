"""Records out of a file of an export: unpacked, decoded, and cut into the cells of each row with its line."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from ecosystem.errors import DatasetError, Finding, did_you_mean, nearest
from ecosystem.imports.language import FileSpec
from ecosystem.tables.encoding import foreign_encoding
from ecosystem.tables.excel_reader import open_workbook, read_sheet
from ecosystem.tables.packed import GZIP, ZIP, Bounded, check_is_file, kind_of

BLOCK = 20_000
"""How many records are held at once."""

_SHEETS = (".xlsx", ".xlsm")
_Record = tuple[int, Sequence[str], str | None]


LONGEST_LINE = 1 << 24
"""How many characters a line may have."""
_GUESSES = ("utf-8", "gb18030", "big5", "utf-16")
_HEAD = 1 << 12
_PIECE = 1 << 20
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
_DAMAGED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` makes of a byte that is no text


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file in their order, the header among the first, and the lines on which they begin.

    `faults` says of a record, by its place in the block, why it cannot be split or read. `read` is the part of the file
    that is behind, from 0 to 1.
    """

    lines: tuple[int, ...]
    records: tuple[Sequence[str], ...]
    faults: Mapping[int, str]
    read: float


def read_blocks(spec: FileSpec, path: Path) -> Iterator[Block]:
    """Every record of the file that is not an empty line, the header first.

    DatasetError where the file as a whole cannot be read; a record that cannot has a fault.
    """
    if path.suffix.lower() in _SHEETS and first_bytes(path).startswith(ZIP):
        yield from _blocks(_of_sheet(spec, path), lambda: 1.0)
        return
    with text_of(path, spec.encoding) as (text, read):
        yield from _blocks(_of_text(spec, path, text), read)


def _blocks(records: Iterator[_Record], read: Callable[[], float]) -> Iterator[Block]:
    while block := list(islice(records, BLOCK)):
        lines, cells, faults = zip(*block, strict=True)
        yield Block(lines, cells, {place: fault for place, fault in enumerate(faults) if fault is not None}, read())


def _of_sheet(spec: FileSpec, path: Path) -> Iterator[_Record]:
    workbook = open_workbook(path)
    sheets = workbook.sheet_names
    name = spec.sheet if spec.sheet is not None else sheets[0]
    if name not in sheets:
        raise DatasetError(f"{path.name} has no sheet {name!r}", hint=did_you_mean(name, sheets))
    if spec.sheet is None and len(sheets) > 1:
        hint = f"set sheet = one of {', '.join(map(repr, sheets))}"
        raise DatasetError(f"{path.name} has several sheets, and the mapping names none", hint=hint)
    raw = read_sheet(path, workbook, name)
    yield 1, raw.names, None
    faults = {cell.row: cell.reason for cell in raw.spoiled}
    columns = [column.fill_null("").to_pylist() for column in raw.columns]
    lines = range(2, raw.rows + 2) if raw.lines is None else raw.lines.tolist()
    for row, (line, *cells) in enumerate(zip(lines, *columns, strict=True)):
        yield line, cells, faults.get(row)


def _of_text(spec: FileSpec, path: Path, text: TextIO) -> Iterator[_Record]:
    read: list[str] = []  # the lines of the record that is being read
    reader = csv.reader(lines_of(text, path.name, read), delimiter=spec.delimiter, strict=True)
    damaged = False
    while True:
        line = reader.line_num + 1
        read.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except UnicodeError as err:
            place = reader.line_num + 1
            raise wrong_encoding(path, spec.encoding, place) or not_text(path.name, spec.encoding, place) from err
        except csv.Error as err:
            yield line, (mended("".join(read).rstrip("\r\n")),), _split_fault(path.name, line, read, err)
            continue
        bad = damage(read)
        if bad is None:
            if record:
                yield line, record, None
            continue
        if not damaged:
            _refuse_other(path, spec.encoding, line)
        damaged = True
        yield line, tuple(map(mended, record)), f"has bytes that are not {spec.encoding}: {bad}"


def _refuse_other(path: Path, encoding: str, line: int) -> None:
    """Raise DatasetError where the file is in another encoding, or where it has no header that can be read."""
    refusal = wrong_encoding(path, encoding, line)
    if refusal or line == 1:
        raise refusal or not_text(path.name, encoding, line)


def _split_fault(name: str, line: int, read: list[str], err: csv.Error) -> str:
    """Why one row cannot be split; DatasetError where the rest of the file went into one cell."""
    if len(read) > 1 and "expected after" not in str(err):
        message = f"a quotation mark is opened and not closed: {err}"
        finding = Finding("error", "open_quote", message, name, line, hint="close it, or double it if it is meant")
        raise DatasetError("the file cannot be split into cells", findings=[finding]) from err
    return f"cannot be split into cells: {err}"


def first_bytes(path: Path) -> bytes:
    """The beginning of a file as it lies on the disk. DatasetError where it is missing, no file, or may not be read."""
    with _opened(path) as file:
        return file.read(_HEAD)


@contextmanager
def text_of(path: Path, encoding: str) -> Iterator[tuple[TextIO, Callable[[], float]]]:
    """The text of a file, unpacked if it is packed with gzip; and a function that tells how much of it is read.

    A byte that is no text becomes a character of its own. DatasetError where the file is packed otherwise, is damaged,
    unpacks to too much, or is in another encoding.
    """
    with _opened(path) as packed:
        size = max(path.stat().st_size, 1)
        file = _unpacked(packed, path.name)
        _refuse_foreign(path.name, file, encoding)
        # whatever `surrogateescape` cannot hold, as half a character of UTF-16, is an error of the decoder
        with io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="") as text:
            yield cast(TextIO, text), lambda: packed.tell() / size


def lines_of(text: TextIO, name: str, kept: list[str]) -> Iterator[str]:
    """Line by line, each kept too; without a byte-order mark, which joined files have in the middle."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            message = f"the line has more than {LONGEST_LINE:,} characters"
            finding = Finding("error", "long_line", message, name, number, hint="is it a text file, with line ends?")
            raise DatasetError(f"cannot read {name}", findings=[finding])
        line = line.removeprefix("\ufeff")
        kept.append(line)
        yield line


def damage(lines: Iterable[str]) -> str | None:
    """The bytes of some lines that could not be decoded, in words; None where there are none."""
    for line in lines:
        if not line.isascii() and (found := dict.fromkeys(_DAMAGED.findall(line))):
            return " ".join(f"0x{ord(letter) - 0xDC00:02x}" for letter in list(found)[:5])
    return None


def mended(text: str) -> str:
    """A text that can be written: bytes that are no text are shown as \\xNN."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def wrong_encoding(path: Path, said: str, line: int) -> DatasetError | None:
    """The refusal of a file that is not in the encoding `said`, though it is in another; None where it fits none."""
    known = codecs.lookup(said).name
    fits = next((guess for guess in _GUESSES if codecs.lookup(guess).name != known and _decodes(path, guess)), None)
    if fits is None:
        return None
    hint = f"it can be read as {fits}: set encoding = '{fits}' in the mapping if that gives the right text"
    return not_text(path.name, said, line, hint)


def not_text(name: str, said: str, line: int, hint: str = "it is damaged, or not a text file") -> DatasetError:
    """The refusal of a file whose bytes are not in the encoding `said`."""
    finding = Finding("error", "wrong_encoding", f"is not {said}", name, line, hint=hint)
    return DatasetError("the file is not in the encoding that the mapping says", findings=[finding])


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        check_is_file(path)
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as err:
        raise DatasetError(f"{path} does not exist", hint=_near_files(path)) from err
    except (EOFError, gzip.BadGzipFile, zlib.error) as err:
        message = f"the packed file is cut off or damaged: {err}"
        finding = Finding("error", "damaged_gzip", message, path.name, hint="fetch or pack it again")
        raise DatasetError(f"cannot read {path.name}", findings=[finding]) from err
    except OSError as err:
        raise DatasetError(f"cannot read {path}: {err.strerror or err}") from err


def _unpacked(file: BinaryIO, name: str) -> io.BufferedReader:
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    stream = Bounded(cast(BinaryIO, gzip.GzipFile(fileobj=file)), name) if packed else file
    return io.BufferedReader(cast(io.RawIOBase, stream), _PIECE)


def _refuse_foreign(name: str, file: io.BufferedReader, encoding: str) -> None:
    head = file.peek(_HEAD)[:_HEAD]
    if head.startswith(GZIP):
        raise DatasetError(f"{name} is packed twice", hint="unpack it once")
    if kind := kind_of(head):
        raise DatasetError(f"{name} is {kind.name}", hint=kind.hint)
    wide = foreign_encoding(head)
    if wide and not encoding.lower().startswith(_WIDE):
        raise not_text(name, encoding, 1, f"it is {wide}: set encoding = '{wide.lower()}'")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _opened(path) as packed, _unpacked(packed, path.name) as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _near_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    close = nearest(path.name, names) or names[:5]
    return f"the folder has {', '.join(close)}" if close else "the folder has no files"
