"""Folders and files that appear whole or not at all: everything is written beside its place, then moved there."""

from __future__ import annotations

import contextlib
import errno
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from ecosystem.errors import OutputError


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A hidden folder to write into; when the block ends well it is what stands at `target`, else nothing is left.

    `target` may be missing (its parents are made) or an empty folder; hidden files in it stay. A folder that holds
    anything else, a file, or a place that cannot be written raises OutputError, and so does a disk that fills up.
    """
    try:
        _refuse_occupied(target)
        with _staged(target) as stage:
            yield stage
    except OSError as err:
        raise OutputError(f"cannot write {target}: {err.strerror or err}", hint=_hint(err)) from err


def replace_folder(stage: Path, target: Path) -> None:
    """Let the folder `stage` take the place of `target`, which may be missing; else the old one is put back."""
    if not target.exists():
        stage.replace(target)
        return
    old = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    target.replace(old)
    try:
        stage.replace(target)
    except BaseException:
        old.replace(target)
        raise
    shutil.rmtree(old)


def _refuse_occupied(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file, not a folder", hint="name a folder that does not exist yet")
    if target.is_dir() and any(not entry.name.startswith(".") for entry in target.iterdir()):
        raise OutputError(f"{target} is not empty", hint="name a new folder, or move what is in it away")


@contextlib.contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """Write inside an empty folder that exists (it may be a mount, or where the user is), else beside the target."""
    exists = target.is_dir()
    if not exists:
        target.parent.mkdir(parents=True, exist_ok=True)
    stage = (target if exists else target.parent) / f".{target.name or 'new'}-{uuid.uuid4().hex[:8]}.partial"
    stage.mkdir()
    try:
        yield stage
        if exists:
            _move_into(stage, target)
        else:
            stage.replace(target)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


def _move_into(stage: Path, target: Path) -> None:
    moved: list[Path] = []
    try:
        for entry in sorted(stage.iterdir()):
            moved.append(entry.replace(target / entry.name))
        stage.rmdir()
    except BaseException:
        for path in moved:
            path.replace(stage / path.name)
        raise


def _hint(err: OSError) -> str | None:
    if isinstance(err, PermissionError):
        return "choose a folder that you may write to"
    return "free some space, or choose another disk" if err.errno in (errno.ENOSPC, errno.EDQUOT) else None
