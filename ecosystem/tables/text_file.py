"""A text file of an export: unpacked, decoded, line by line; what cannot be decoded is marked, not lost."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from ecosystem.errors import DatasetError, Finding, nearest
from ecosystem.messages import tr
from ecosystem.tables.encoding import fitting, foreign_encoding
from ecosystem.tables.packed import GZIP, Bounded, check_is_file, kind_of

LONGEST_LINE = 1 << 24
"""How many characters a line may have."""
_HEAD = 1 << 12
_PIECE = 1 << 20
WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
"""How the names of encodings begin that take two bytes or more for each character."""
_DAMAGED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` makes of a byte that is no text


def first_bytes(path: Path) -> bytes:
    """The beginning of a file as it lies on the disk. DatasetError where it is missing, no file, or may not be read."""
    with _opened(path) as file:
        return file.read(_HEAD)


def unpacked_beginning(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked if it is packed with gzip. DatasetError as for `text_of`."""
    with unpacked_bytes(path) as file:
        return file.read(size)


@contextmanager
def unpacked_bytes(path: Path) -> Iterator[io.BufferedReader]:
    """The bytes of a file, unpacked if it is packed with gzip. DatasetError as for `text_of`."""
    with _opened(path) as packed, _unpacked(packed, path.name) as file:
        yield file


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


def lines_of(text: TextIO, name: str, kept: list[str], number: int = 0) -> Iterator[str]:
    """Line by line, each kept too; without a byte-order mark, which joined files have in the middle.

    `number` lines have been read before.
    """
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            message = tr("the line has more than {limit:,} characters", limit=LONGEST_LINE)
            finding = Finding(
                "error", "long_line", message, name, number, hint=tr("is it a text file, with line ends?")
            )
            raise DatasetError(tr("cannot read {name}", name=name), findings=[finding])
        line = line.removeprefix("\ufeff")
        kept.append(line)
        yield line


def damage(lines: Iterable[str]) -> str | None:
    """The bytes of some lines that could not be decoded, in words; None where there are none."""
    for line in lines:
        if not line.isascii() and (found := dict.fromkeys(_DAMAGED.findall(line))):
            return " ".join(f"0x{ord(letter) - 0xDC00:02x}" for letter in list(found)[:5])
    return None


def other_encoding(path: Path, said: str, line: int) -> DatasetError | None:
    """The refusal of a file that is not in the encoding `said`, though it is in another; None where it fits none."""
    fits = fitting(partial(_pieces, path), but=said)
    if fits is None:
        return None
    hint = tr("it can be read as {encoding}: set encoding = '{encoding}' if that gives the right text", encoding=fits)
    return not_text(path.name, said, line, hint)


def not_text(name: str, said: str, line: int, hint: str | None = None) -> DatasetError:
    """The refusal of a file whose bytes are not in the encoding `said`."""
    hint = hint or tr("it is damaged, or not a text file")
    message = tr("the file is not {encoding}", encoding=said)
    finding = Finding("error", "wrong_encoding", message, name, line, hint=hint)
    return DatasetError(tr("cannot read {name}", name=name), findings=[finding])


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        check_is_file(path)
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as err:
        raise DatasetError(tr("{path} does not exist", path=path), hint=_near_files(path)) from err
    except (EOFError, gzip.BadGzipFile, zlib.error) as err:
        message = tr("the packed file is cut off or damaged: {reason}", reason=err)
        finding = Finding("error", "damaged_gzip", message, path.name, hint=tr("fetch or pack it again"))
        raise DatasetError(tr("cannot read {name}", name=path.name), findings=[finding]) from err
    except OSError as err:
        raise DatasetError(tr("cannot read {path}: {reason}", path=path, reason=err.strerror or err)) from err


def _unpacked(file: BinaryIO, name: str) -> io.BufferedReader:
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    stream = Bounded(cast(BinaryIO, gzip.GzipFile(fileobj=file)), name) if packed else file
    return io.BufferedReader(cast(io.RawIOBase, stream), _PIECE)


def _refuse_foreign(name: str, file: io.BufferedReader, encoding: str) -> None:
    head = file.peek(_HEAD)[:_HEAD]
    if head.startswith(GZIP):
        raise DatasetError(tr("{name} is packed twice", name=name), hint=tr("unpack it once"))
    if kind := kind_of(head):
        raise DatasetError(tr("{file} is {kind}", file=name, kind=tr(kind.name)), hint=tr(kind.hint))
    wide = foreign_encoding(head)
    if wide and not encoding.lower().startswith(WIDE):
        raise not_text(
            name, encoding, 1, tr("it is {encoding}: set encoding = '{setting}'", encoding=wide, setting=wide.lower())
        )


def _pieces(path: Path) -> Iterator[bytes]:
    with unpacked_bytes(path) as file:
        while piece := file.read(_PIECE):
            yield piece


def _near_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return tr("there is no folder {folder}", folder=folder)
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    close = nearest(path.name, names) or names[:5]
    return tr("the folder has {files}", files=", ".join(close)) if close else tr("the folder has no files")
