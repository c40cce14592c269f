"""What loads that died have left beside a store: told from what another load is writing, and deleted by the next."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ecosystem.errors import StoreError
from ecosystem.store.embedded_pointer import Pointer


@contextmanager
def claimed(pointer: Pointer, target: Path) -> Iterator[None]:
    """Say for the time of the block that a new graph is being written; the claim ends with the process.

    The claim is a lock on the file that becomes the pointer. Where a file system has no locks, nothing is ever taken
    for a leftover.
    """
    handle = os.open(pointer.part(target), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def sweep(pointer: Pointer) -> None:
    """Delete the graphs that nobody writes and that the pointer does not name; who has one open keeps it."""
    name = re.compile(re.escape(pointer.path.name) + r"\.[0-9a-f]{12}")
    with suppress(OSError):
        found = {match[0] for file in pointer.path.parent.iterdir() if (match := name.match(file.name))}
        for each in sorted(found):
            target = pointer.path.with_name(each)
            # first the claim, then the pointer: a load that has ended in between has made it name its graph
            if _is_dead(pointer.part(target)) and not _names(pointer, target):
                for leftover in (target, Path(f"{target}.wal"), pointer.part(target)):
                    leftover.unlink(missing_ok=True)


def _is_dead(part: Path) -> bool:
    """Whether no load holds a claim: there is none, or its holder has died."""
    try:
        handle = os.open(part, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _names(pointer: Pointer, target: Path) -> bool:
    """Whether the pointer names a graph; one that cannot be read may name any."""
    try:
        return pointer.read() == target
    except StoreError as err:
        return not isinstance(err.__cause__, FileNotFoundError)
