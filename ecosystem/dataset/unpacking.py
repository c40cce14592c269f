"""How much a packed file may hold: a few kilobytes can unpack to more than any disk or memory takes."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ecosystem.errors import DatasetError, Finding, UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SETTING = "ECOSYSTEM_UNPACKED_LIMIT_MB"
"""The variable of the environment that raises the limit."""

_DEFAULT_MB = 2_000
_RATIO = 1_032  # no deflated byte unpacks to more
_PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")


def unpacked_limit() -> int:
    """How many bytes a packed file may unpack to. UsageError where the setting is no whole number above zero."""
    text = os.environ.get(SETTING, "").strip() or str(_DEFAULT_MB)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UsageError(f"{SETTING} is {text!r}, not a number of megabytes", hint=f"for example {SETTING}=8000")
    return int(text) * 1_000_000


def too_large(file: str, limit: int) -> DatasetError:
    """The refusal of a file that unpacks to more than the limit."""
    message = f"the file unpacks to more than {limit // 1_000_000:,} MB"
    hint = f"if it is meant to be that large, raise the limit: {SETTING}={limit // 500_000}"
    return DatasetError(f"cannot read {file}", findings=[Finding("error", "unpacked_size", message, file, hint=hint)])


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
