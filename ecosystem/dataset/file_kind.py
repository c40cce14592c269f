"""What lies at a path, where that is not the text that was expected: no file at all, or a file of another kind."""

from __future__ import annotations

import errno
import stat
from dataclasses import dataclass
from pathlib import Path

from ecosystem.errors import Finding

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is no text: what to call it, and what to do about it."""

    name: str
    hint: str


_UNPACK = "unpack it, and name what is in it"
_KINDS = {
    GZIP: Kind("packed with gzip", "unpack it"),
    ZIP: Kind("a zip archive", _UNPACK),
    b"PK\x05\x06": Kind("a zip archive with nothing in it", "fetch it again"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind(
        "an old Excel workbook, or one with a password", "save it as .xlsx without a password"
    ),
    b"PAR1": Kind("a Parquet file", "give it the suffix .parquet, or write it as CSV"),
    b"BZh": Kind("packed with bzip2", "unpack it"),
    b"\xfd7zXZ\x00": Kind("packed with xz", "unpack it"),
    b"\x28\xb5\x2f\xfd": Kind("packed with zstd", "unpack it"),
    b"7z\xbc\xaf\x27\x1c": Kind("a 7z archive", _UNPACK),
    b"Rar!": Kind("a RAR archive", _UNPACK),
    b"%PDF-": Kind("a PDF document", "export the table as text"),
}


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file that begins with these bytes; None where it may be text."""
    return next((kind for mark, kind in _KINDS.items() if head.startswith(mark)), None)


def check_is_file(path: Path) -> None:
    """Raise OSError where nothing can be read: nothing is there, or a folder, a pipe (it would wait), a device."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a folder" if stat.S_ISDIR(mode) else "it is no ordinary file")


def unreadable(file: str, err: OSError) -> Finding:
    """The error for a file that cannot be opened."""
    message = f"the file cannot be opened: {err.strerror or err}"
    hint = "ask for the permission to read it" if isinstance(err, PermissionError) else "put the file itself there"
    return Finding("error", "unreadable_file", message, file, hint=hint)
