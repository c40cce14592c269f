"""Files and folders that appear whole or not at all: written beside their place, then moved there, under a lock."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from ecosystem.errors import OutputError

INCOMPLETE = ".incomplete"
"""Stands in a folder while files are moved into it one by one; where it stays, that was not finished."""

_LONGEST_NAME = 100


_HERE = -100  # AT_FDCWD: paths are relative to where the process is
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_UNABLE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


@contextlib.contextmanager
def new_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """A hidden folder to write into; when the block ends well it is what stands at `target`, else nothing is left.

    `target` may be missing (its parents are made) or an empty folder; hidden files in it stay. With `replace` it may
    hold anything, all of which gives way at the end in one step: what shall stay has to be copied. A folder that holds
    something, a file, a place that cannot be written, or that another process is writing, raises OutputError, and so
    does a disk that fills up.
    """
    try:
        real = Path(os.path.realpath(target))
        with _lock(real, target):
            _refuse_occupied(real, target, replace=replace)
            with _staged(real, replace=replace) as stage:
                yield stage
    except OSError as err:
        raise OutputError(f"cannot write {target}: {err.strerror or err}", hint=_hint(err)) from err


def replace_folder(stage: Path, target: Path) -> None:
    """Let the folder `stage` take the place of `target`, which may be missing; the old one is deleted."""
    if not target.exists():
        stage.replace(target)
    elif exchange(stage, target):
        shutil.rmtree(stage)
    else:
        old = _beside(target, "old")
        target.replace(old)
        try:
            stage.replace(target)
        except BaseException:
            old.replace(target)
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
        olds.pop().replace(target)
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
        raise OutputError(f"{named} is a file, not a folder", hint="name a folder that does not exist yet")
    if not target.is_dir():
        return
    if replace:
        if _is_fixed(target):
            raise OutputError(f"{named} cannot be replaced: you are in it, or it is a disk", hint="name another folder")
    elif (target / INCOMPLETE).exists():
        raise OutputError(f"{named} is not whole: writing it was interrupted", hint="delete what is in it")
    elif any(not entry.name.startswith(".") for entry in target.iterdir()):
        raise OutputError(f"{named} is not empty", hint="name a new folder, or move what is in it away")


@contextlib.contextmanager
def _staged(target: Path, *, replace: bool) -> Iterator[Path]:
    """Write beside the target, or inside it where it has to stay the folder that it is."""
    inside = target.is_dir() and not replace and _must_stay(target)
    stage = target / f".{uuid.uuid4().hex[:8]}.partial" if inside else _beside(target, "partial")
    stage.mkdir()
    try:
        yield stage
        if inside:
            _move_into(stage, target)
        elif replace:
            replace_folder(stage, target)
        else:
            stage.replace(target)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


def _must_stay(target: Path) -> bool:
    """Whether the folder has hidden files, or cannot be renamed."""
    return any(target.iterdir()) or _is_fixed(target) or not os.access(target.parent, os.W_OK)


def _is_fixed(target: Path) -> bool:
    """Whether the folder is a disk, or somebody is in it who would be left in a deleted one."""
    return target.is_mount() or Path.cwd().is_relative_to(target)


def _move_into(stage: Path, target: Path) -> None:
    moved: list[Path] = []
    mark = target / INCOMPLETE
    mark.touch()
    try:
        for entry in sorted(stage.iterdir()):
            moved.append(entry.replace(target / entry.name))
        stage.rmdir()
    except BaseException:
        for path in moved:
            path.replace(stage / path.name)
        raise
    finally:
        mark.unlink()


def _hint(err: OSError) -> str | None:
    if isinstance(err, PermissionError):
        return "choose a folder that you may write to"
    if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space, or choose another disk"
    return "choose a shorter name" if err.errno == errno.ENAMETOOLONG else None


@contextlib.contextmanager
def locked(path: Path, target: Path) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. OutputError where another one does: it writes `target`."""
    handle = _acquired(path, target)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _acquired(path: Path, target: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(handle, path):
                return handle
        except BlockingIOError as err:
            os.close(handle)
            message, hint = f"another process is writing {target}", "wait until it is done, then look at what it wrote"
            raise OutputError(message, hint=hint) from err
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file that was opened is the one at the path: its last holder may have deleted it in between."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one disk change places; False where the system or the disk cannot do that in one step.

    Raises OSError where one of them is missing or may not be moved.
    """
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
