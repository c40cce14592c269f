"""What lies at a path: no file, a file of another kind, or a packed one that would unpack to too much."""

from __future__ import annotations

import atexit
import errno
import io
import os
import shutil
import stat
import struct
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from ecosystem.errors import DatasetError, Finding, UsageError
from ecosystem.messages import tr, tr_later

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = Path("-")
"""In place of a file of a table, of a query or of a receipt: what comes on stdin; a table there is CSV in UTF-8."""

SETTING = "ECOSYSTEM_UNPACKED_LIMIT_MB"
"""The variable of the environment that raises the limit."""

_DEFAULT_MB = 2_000
_RATIO = 1_032  # no deflated byte unpacks to more
_PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")


GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_UNPACK = tr_later("unpack it, and name what is in it")
_UNPACK_IT = tr_later("unpack it")


def unpacked_limit() -> int:
    """How many bytes a packed file may unpack to. UsageError where the setting is no whole number above zero."""
    text = os.environ.get(SETTING, "").strip() or str(_DEFAULT_MB)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UsageError(
            tr("{setting} is {text!r}, not a number of megabytes", setting=SETTING, text=text),
            hint=tr("for example {setting}=8000", setting=SETTING),
        )
    return int(text) * 1_000_000


def too_large(file: str, limit: int) -> DatasetError:
    """The refusal of a file that unpacks to more than the limit."""
    message = tr("the file unpacks to more than {limit:,} MB", limit=limit // 1000000)
    hint = tr(
        "if it is meant to be that large, raise the limit: {setting}={limit}", setting=SETTING, limit=limit // 500000
    )
    return DatasetError(
        tr("cannot read {file}", file=file), findings=[Finding("error", "unpacked_size", message, file, hint=hint)]
    )


class Bounded(io.RawIOBase):
    """A stream of unpacked bytes that raises DatasetError once it has given more than the limit."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        super().__init__()
        self._stream, self._file = stream, file
        self._limit = self._left = unpacked_limit()

    def readable(self) -> bool:
        """True: it can be read and nothing else."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """The next bytes into `buffer`; how many."""
        with memoryview(buffer) as room:
            piece = self._stream.read(len(room))
            room[: len(piece)] = piece
        self._left -= len(piece)
        if self._left < 0:
            raise too_large(self._file, self._limit)
        return len(piece)

    def close(self) -> None:
        """Close the stream below, too."""
        self._stream.close()
        super().close()


def check_archive(path: Path) -> None:
    """Raise DatasetError where the parts of a zip archive unpack to more than the limit, whatever its list says.

    Raises what `zipfile` raises where it is no archive.
    """
    limit = left = unpacked_limit()
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        parts = archive.infolist()
        if max(sum(part.compress_size for part in parts) * _RATIO, sum(part.file_size for part in parts)) <= limit:
            return
        for part in parts:
            left -= max(part.file_size, _unpacked_size(file, part, left))
            if left < 0:
                raise too_large(path.name, limit)


def _unpacked_size(file: BinaryIO, part: zipfile.ZipInfo, most: int) -> int:
    """How many bytes a part unpacks to, counted no further than just above `most`."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if part.compress_type != zipfile.ZIP_DEFLATED or len(header) < _LOCAL_HEADER.size:
        return part.compress_size
    file.seek(sum(_LOCAL_HEADER.unpack(header)), os.SEEK_CUR)
    unpacker, size, packed = zlib.decompressobj(-zlib.MAX_WBITS), 0, part.compress_size
    while size <= most and packed > 0 and (piece := file.read(min(_PIECE, packed))):
        packed -= len(piece)
        while piece and size <= most:
            size += len(unpacker.decompress(piece, _PIECE))
            piece = unpacker.unconsumed_tail
    return size


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is not text: what to call it, and what to do about it; both for `tr`."""

    name: str
    hint: str


_KINDS = {
    GZIP: Kind(tr_later("packed with gzip"), _UNPACK_IT),
    ZIP: Kind(tr_later("a zip archive"), _UNPACK),
    b"PK\x05\x06": Kind(tr_later("a zip archive with nothing in it"), tr_later("fetch it again")),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind(
        tr_later("an old Excel workbook, or one with a password"), tr_later("save it as .xlsx without a password")
    ),
    b"PAR1": Kind(tr_later("a Parquet file"), tr_later("give it the suffix .parquet, or write it as CSV")),
    b"BZh": Kind(tr_later("packed with bzip2"), _UNPACK_IT),
    b"\xfd7zXZ\x00": Kind(tr_later("packed with xz"), _UNPACK_IT),
    b"\x28\xb5\x2f\xfd": Kind(tr_later("packed with zstd"), _UNPACK_IT),
    b"7z\xbc\xaf\x27\x1c": Kind(tr_later("a 7z archive"), _UNPACK),
    b"Rar!": Kind(tr_later("a RAR archive"), _UNPACK),
    b"%PDF-": Kind(tr_later("a PDF document"), tr_later("export the table as text")),
}


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file that begins with these bytes; None where it may be text."""
    return next((kind for mark, kind in _KINDS.items() if head.startswith(mark)), None)


def check_is_file(path: Path) -> None:
    """Raise OSError where nothing can be read: nothing is there, or a folder, a pipe (it would wait), a device.

    Every file that is given from outside is asked this before it is opened.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as err:  # a NUL, or a character that no name can have
        raise OSError(errno.EINVAL, tr("no file can have such a name")) from err
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, tr("it is a folder") if stat.S_ISDIR(mode) else tr("it is not an ordinary file"))


def on_disk(path: Path) -> Path:
    """A file that can be read more than once: for `-`, which is stdin, a temporary one with all that comes there."""
    return _spooled(sys.stdin) if path == STDIN else path


@cache
def _spooled(stream: TextIO | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ecosystem-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "stdin.csv"
    with file.open("wb") as copy:
        if stream is not None:  # it is None where the program was started without one
            shutil.copyfileobj(stream.buffer, copy)
    return file


def content_of(path: Path) -> bytes:
    """The bytes of a file, or of stdin for `-`. OSError where it is no file or cannot be read."""
    path = on_disk(path)
    check_is_file(path)
    return path.read_bytes()


def text_content(path: Path) -> str:
    """The text of a file or stdin, UTF-8 with or without a byte-order mark. OSError as above, UnicodeDecodeError."""
    path = on_disk(path)
    check_is_file(path)
    return path.read_text(encoding="utf-8-sig")


def unreadable(file: str, err: OSError) -> Finding:
    """The error for a file that cannot be opened."""
    message = tr("the file cannot be opened: {reason}", reason=err.strerror or err)
    hint = (
        tr("ask for the permission to read it")
        if isinstance(err, PermissionError)
        else tr("put an ordinary file in its place")
    )
    return Finding("error", "unreadable_file", message, file, hint=hint)
