"""Files and folders that appear whole or not at all: written beside their place, then moved there."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ecosystem.errors import OutputError
from ecosystem.messages import tr
from ecosystem.tables.locks import locked

INCOMPLETE = ".incomplete"
"""Stands in a folder while files are moved into it one by one; where it stays, that was not finished."""

_LONGEST_NAME = 100
_HERE = -100  # AT_FDCWD: paths are relative to where the process is
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_UNABLE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
_WINDOWS = os.name == "nt"
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds between tries to move what a scanner of viruses, or a reader, has open for a moment on Windows."""


def move(source: Path, target: Path) -> Path:
    """Let a file take the place of a file, or a folder that of none or an empty one; the target.

    In one step, but for a folder on Windows, where an empty one has to go first. Raises OSError.
    """
    if not _WINDOWS:
        return source.replace(target)
    if source.is_dir() and target.is_dir():
        target.rmdir()
    for pause in _PAUSES:
        try:
            return source.replace(target)
        except PermissionError:
            time.sleep(pause)
    return source.replace(target)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever looks sees the old file or the new one. OutputError where it cannot be."""
    write_files({path: [content]})


def write_files(files: Mapping[Path, Iterable[bytes]]) -> None:
    """Write files piece by piece, none of them before all are whole: whoever looks sees an old file or a new one.

    OutputError where a folder is missing, a target is a folder, a device or read-only, or the disk refuses; then
    nothing is left behind and the old files are as they were.
    """
    parts: dict[Path, Path] = {}
    path = next(iter(files))
    try:
        for path, pieces in files.items():
            _refuse_nul(path)
            target = path.resolve()
            _refuse_target(target, path)
            parts[target] = target.with_name(f".{uuid.uuid4().hex[:16]}.part")
            with parts[target].open("xb") as file:
                file.writelines(pieces)
        for target, part in parts.items():
            move(part, target)
    except OSError as err:
        hint = _hint(err) or tr("name a file in a folder that you may write to")
        raise OutputError(
            tr("{path} cannot be written: {reason}", path=path, reason=err.strerror or err), hint=hint
        ) from err
    finally:
        with contextlib.suppress(OSError):
            for part in parts.values():
                part.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Raise OutputError where `write_bytes` would: there is no folder, or what stands there is no file to replace."""
    _refuse_nul(path)
    with contextlib.suppress(OSError):  # what cannot be asked beforehand is said when it is written
        _refuse_target(path.resolve(), path)


def _refuse_target(target: Path, path: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(
            tr("{path} cannot be written: there is no folder {parent}", path=path, parent=path.parent),
            hint=f"mkdir -p {path.parent}",
        )
    if not target.exists():
        return
    if not target.is_file():
        raise OutputError(tr("{path} cannot be written: it is not a file", path=path), hint=tr("name a file"))
    # to replace a file needs no right to write it: its owner's wish counts all the same
    if not os.access(target, os.W_OK) or not target.stat().st_mode & 0o222:
        raise OutputError(
            tr("{path} cannot be written: it is read-only", path=path), hint=tr("name another file, or chmod u+w it")
        )


@contextlib.contextmanager
def new_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """A hidden folder to write into; when the block ends well it is what stands at `target`, else nothing is left.

    `target` may be missing (its parents are made) or an empty folder; hidden files in it stay. With `replace` it may
    hold anything, all of which gives way at the end in one step: what shall stay has to be copied. A folder that holds
    something, a file, a place that cannot be written, or that another process is writing, raises OutputError, and so
    does a disk that fills up.
    """
    try:
        _refuse_nul(target)
        real = Path(os.path.realpath(target))
        if not _is_text(real):
            raise OutputError(
                tr("cannot write {target}: its path is not UTF-8", target=target), hint=tr("name another folder")
            )
        with _lock(real, target):
            _refuse_occupied(real, target, replace=replace)
            with _staged(real, replace=replace) as stage:
                yield stage
    except OSError as err:
        raise OutputError(
            tr("cannot write {target}: {reason}", target=target, reason=err.strerror or err), hint=_hint(err)
        ) from err


def _refuse_nul(path: Path) -> None:
    if "\0" in str(path):
        raise OutputError(
            tr("{path} cannot be written: no file can have such a name", path=path), hint=tr("name another")
        )


def _is_text(path: Path) -> bool:
    """Whether the libraries that write tables can open what is at a path."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def replace_folder(stage: Path, target: Path) -> None:
    """Let the folder `stage` take the place of `target`, which may be missing; the old one is deleted."""
    if not target.exists():
        move(stage, target)
    elif exchange(stage, target):
        shutil.rmtree(stage)
    else:
        old = _beside(target, "old")
        move(target, old)
        try:
            move(stage, target)
        except BaseException:
            move(old, target)
            raise
        shutil.rmtree(old)


@contextlib.contextmanager
def _lock(target: Path, named: Path) -> Iterator[None]:
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
    place = target.parent if os.access(target.parent, os.W_OK) else target
    with locked(place / f".{_short(target)}.lock", named):
        _mend(target)
        yield


def _mend(target: Path) -> None:
    """Clear away what a killed process left, and put an old folder back that it had moved: nobody else writes now."""
    olds = _left(target, "old")
    if olds and not target.exists():
        move(olds.pop(), target)
    for path in (*olds, *_left(target, "partial")):
        shutil.rmtree(path, ignore_errors=True)


def _left(target: Path, suffix: str) -> list[Path]:
    """What earlier runs wrote beside the target, or in it, and left."""
    beside = re.compile(rf"\.{re.escape(_short(target))}-[0-9a-f]{{8}}\.{suffix}")
    inside = re.compile(rf"\.[0-9a-f]{{8}}\.{suffix}")
    return [
        entry
        for folder, name in ((target.parent, beside), (target, inside))
        if folder.is_dir()
        for entry in folder.iterdir()
        if name.fullmatch(entry.name)
    ]


def _beside(target: Path, suffix: str) -> Path:
    """A new hidden name beside the target."""
    return target.with_name(f".{_short(target)}-{uuid.uuid4().hex[:8]}.{suffix}")


def _short(target: Path) -> str:
    """The name of the target, or as much of it as leaves room for more."""
    name = target.name or "root"
    if len(os.fsencode(name)) <= _LONGEST_NAME:
        return name
    return f"{name[:20]}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"


def _refuse_occupied(target: Path, named: Path, *, replace: bool) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(
            tr("{path} is a file, not a folder", path=named), hint=tr("name a folder that does not exist yet")
        )
    if not target.is_dir():
        return
    if replace:
        if _is_fixed(target):
            raise OutputError(
                tr("{path} cannot be replaced: you are in it, or it is a disk", path=named),
                hint=tr("name another folder"),
            )
    elif (target / INCOMPLETE).exists():
        raise OutputError(
            tr("{folder} is incomplete: writing it was interrupted", folder=named), hint=tr("delete what is in it")
        )
    elif any(not entry.name.startswith(".") for entry in target.iterdir()):
        raise OutputError(
            tr("{path} is not empty", path=named), hint=tr("name a new folder, or move what is in it away")
        )


@contextlib.contextmanager
def _staged(target: Path, *, replace: bool) -> Iterator[Path]:
    """Write beside the target, or inside it where it has to stay the folder that it is."""
    inside = target.is_dir() and not replace and _must_stay(target)
    stage = target / f".{uuid.uuid4().hex[:8]}.partial" if inside else _beside(target, "partial")
    try:
        stage.mkdir()  # not before `try`: Ctrl-C may come when the folder is there and this call has not returned
        yield stage
        if inside:
            _move_into(stage, target)
        elif replace:
            replace_folder(stage, target)
        else:
            move(stage, target)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


def _must_stay(target: Path) -> bool:
    """Whether the folder has hidden files, or cannot be renamed."""
    return any(target.iterdir()) or _is_fixed(target) or not os.access(target.parent, os.W_OK)


def _is_fixed(target: Path) -> bool:
    """Whether the folder is a disk, or somebody is in it who would be left in a deleted one."""
    return os.path.ismount(target) or Path.cwd().is_relative_to(target)


def _move_into(stage: Path, target: Path) -> None:
    moved: list[Path] = []
    mark = target / INCOMPLETE
    mark.touch()
    try:
        for entry in sorted(stage.iterdir()):
            moved.append(move(entry, target / entry.name))
        stage.rmdir()
    except BaseException:
        for path in moved:
            move(path, stage / path.name)
        raise
    finally:
        mark.unlink()


def _hint(err: OSError) -> str | None:
    if isinstance(err, PermissionError):
        return tr("choose a folder that you may write to")
    if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return tr("free some space, or choose another disk")
    return tr("choose a shorter name") if err.errno == errno.ENAMETOOLONG else None


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one disk change places; False where the system or the disk cannot do that in one step.

    Raises OSError where one of them is missing or may not be moved.
    """
    if _WINDOWS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
    elif hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*paths, _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(one))
