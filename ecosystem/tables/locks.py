"""Locks between processes, on every system: files that one process holds at a time, and that its death lets go."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.errors import OutputError
from ecosystem.messages import tr

if TYPE_CHECKING:
    from filelock import BaseFileLock

_OPEN_FILES_STAY = os.name == "nt"
"""Windows deletes no file that is open, its holder's included."""


@contextlib.contextmanager
def locked(path: Path, target: Path) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. OutputError where another process does: it writes `target`."""
    lock = hold(path)
    if lock is None:
        message, hint = (
            tr("another process is writing {target}", target=target),
            tr("wait until it is done, then look at what it wrote"),
        )
        raise OutputError(message, hint=hint)
    try:
        yield
    finally:
        let_go(lock)


def hold(path: Path, *, seconds: float = 0) -> BaseFileLock | None:
    """The lock file at `path`, held and made where it is missing; None where another holds it for so many seconds.

    Raises OSError where the file cannot be made, or the file system has no locks.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=seconds, poll_interval=0.01)
    except Timeout:
        return None
    except BaseException:  # Ctrl-C may come when it is held and this call has not returned
        if lock.is_locked:
            let_go(lock)
        raise
    return lock


def let_go(lock: BaseFileLock) -> None:
    """Release the lock and delete its file."""
    path = Path(lock.lock_file)
    if _OPEN_FILES_STAY:
        lock.release()
        with contextlib.suppress(OSError):  # another process holds it by now
            path.unlink(missing_ok=True)
    else:
        # while it is held: who opened the file in between sees that it is gone, and makes another
        path.unlink(missing_ok=True)
        lock.release()
