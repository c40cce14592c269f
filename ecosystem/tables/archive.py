"""The files in a zip archive: listed, and one of them unpacked for as long as it is read."""

from __future__ import annotations

import contextlib
import fnmatch
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from ecosystem.errors import DatasetError, did_you_mean, mended
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.form import refused
from ecosystem.tables.packed import Bounded
from ecosystem.tables.text_file import first_bytes, unpacked_bytes

_PIECE = 1 << 20
_UTF8_NAMES = 0x800
_LOCKED = 0x1
_NO_NAME = re.compile(r"[^\w.\- ]")
_LONGEST_NAME = 100
_ASIDE = ("__MACOSX/",)
_PATTERN = frozenset("*?[")
_AGAIN = tr_later("fetch or pack it again")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError)


def is_archive(path: Path) -> bool:
    """Whether a file is called a zip archive."""
    return path.suffix.lower() == ".zip"


def is_pattern(name: str) -> bool:
    """Whether a name stands for several files: it has `*`, `?` or `[` in it."""
    return not _PATTERN.isdisjoint(name)


def members(path: Path) -> list[str]:
    """The names of the files in an archive, sorted; folders and what a Mac puts beside them are left out.

    DatasetError where it is no archive, or is damaged.
    """
    with _opened(path) as archive:
        return sorted(_files(archive))


def members_like(path: Path, pattern: str | None) -> list[str]:
    """The files in an archive that a pattern or name stands for; without one the only file. DatasetError for none."""
    names = members(path)
    if pattern is None:
        if len(names) == 1:
            return names
        message = (
            tr("{name} has several files in it; name one", name=path.name)
            if names
            else tr("{name} has no file in it", name=path.name)
        )
        hint = tr("set member = {names}", names=either(map(repr, names[:10]))) if names else tr(_AGAIN)
        raise DatasetError(message, hint=hint)
    found = [pattern] if pattern in names else [name for name in names if fnmatch.fnmatchcase(name, pattern)]
    if not found:
        raise DatasetError(
            tr("{name} has no file {member!r} in it", name=path.name, member=pattern), hint=did_you_mean(pattern, names)
        )
    return found


@contextlib.contextmanager
def unpacked(path: Path, member: str | None) -> Iterator[Path]:
    """A file of an archive as a file of its own, which is gone afterwards; what is wrong with it names both.

    DatasetError where there is no such file, it is locked or damaged, or unpacks to too much.
    """
    (name, *others) = members_like(path, member)
    if others:
        raise DatasetError(
            tr("{name} has several files {member!r} in it", name=path.name, member=member),
            hint=tr("set member = {names}", names=either(map(repr, [name, *others][:10]))),
        )
    place = f"{path.name}[{name}]"
    with tempfile.TemporaryDirectory(prefix="ecosystem-") as folder, _told_of(place):
        file = Path(folder) / _plain_name(name)
        with _opened(path) as archive:
            entry = _files(archive)[name]
            if entry.flag_bits & _LOCKED:
                raise refused(
                    place, "locked_archive", tr("it is locked by a password"), tr("unpack it, and name what is in it")
                )
            with archive.open(entry) as packed, file.open("wb") as copy:
                shutil.copyfileobj(Bounded(cast(BinaryIO, packed), place), copy, _PIECE)
        yield file


@contextlib.contextmanager
def ungzipped(path: Path) -> Iterator[Path]:
    """A file that is packed with gzip as one that is not, which is gone afterwards. DatasetError as above."""
    with tempfile.TemporaryDirectory(prefix="ecosystem-") as folder, _told_of(path.name):
        file = Path(folder) / _plain_name(path.stem)
        with unpacked_bytes(path) as content, file.open("wb") as copy:
            shutil.copyfileobj(content, copy, _PIECE)
        yield file


def _plain_name(name: str) -> str:
    """A name that every disk takes, with the same suffix."""
    return (
        "_" + _NO_NAME.sub("_", PurePosixPath(name).name)[-_LONGEST_NAME:] if _odd(name) else PurePosixPath(name).name
    )


def _odd(name: str) -> bool:
    bare = PurePosixPath(name).name
    return bool(_NO_NAME.search(bare)) or bare.startswith(".") or len(bare.encode("utf-8", "replace")) > _LONGEST_NAME


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    first_bytes(path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _DAMAGE as err:
        message = tr("the file is no zip archive, or is damaged: {reason}", reason=err)
        raise refused(path.name, "damaged_zip", message, tr(_AGAIN)) from err


def _files(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found = {_name(entry): entry for entry in archive.infolist() if not entry.is_dir()}
    return {name: entry for name, entry in found.items() if not name.startswith(_ASIDE)}


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a file; one that is not marked as UTF-8 is mostly that all the same, or GBK."""
    if entry.flag_bits & _UTF8_NAMES or entry.filename.isascii():
        return mended(entry.filename)
    with contextlib.suppress(UnicodeError):
        raw = entry.filename.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeError):
                return raw.decode(encoding)
    return mended(entry.filename)


@contextlib.contextmanager
def _told_of(place: str) -> Iterator[None]:
    """Give the errors of an unpacked file the place of the archive."""
    try:
        yield
    except DatasetError as err:
        findings = [replace(one, file=place) for one in err.findings]
        message = err.message if err.findings else tr("{place}: {message}", place=place, message=err.message)
        raise DatasetError(message, hint=err.hint, findings=findings) from err
