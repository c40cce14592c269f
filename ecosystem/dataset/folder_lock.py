"""One writer at a time for a folder: a lock that the system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from ecosystem.errors import OutputError


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
