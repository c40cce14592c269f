"""How long a person's question may take, and how much memory: the limits, and what is said where one is reached.

A metric, a network or a load has none: what it needs is known to end. A question of one line can ask for all
combinations of a million rows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ecosystem.errors import StoreError, UsageError
from ecosystem.messages import tr

DEFAULT_SECONDS = 60.0
HALF = "half"
"""The word for half of the machine's memory, but not more than `MOST_MEMORY`."""
MOST_MEMORY = 8 * 10**9
LONGEST_TIMEOUT = 30 * 24 * 3600
"""Seconds; somewhere behind it the clocks of the engines and of Python end."""
ANSWER_SHARE = 0.25
"""The part of the memory that is for the rows of the answer; the engine works with the rest."""

_UNKNOWN_MEMORY = 4 * 10**9
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?) *(?:([KMGT]I?)?B)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes; None is no limit."""

    seconds: float | None = None
    memory: int | None = None

    @classmethod
    def of(cls, timeout: float | None = DEFAULT_SECONDS, memory: str | int | None = HALF) -> Limits:
        """The limits as a person gives them; 0 or None is none. UsageError for what is no time or no size."""
        check_timeout(timeout)
        return cls(timeout or None, _bytes(memory) or None)

    def gathered(self, reader: pa.RecordBatchReader) -> pa.Table:
        """The rows of an answer. StoreError where they take more than their share of the memory."""
        batches, size = [], 0
        for batch in reader:
            size += batch.nbytes
            if self.memory is not None and size > self.memory * ANSWER_SHARE:
                raise too_large(self.memory)
            batches.append(batch)
        return pa.Table.from_batches(batches, reader.schema)


def check_timeout(seconds: float | None) -> None:
    """Raise UsageError for a limit of time that is no number of seconds from 0 to thirty days; None is no limit."""
    if seconds is not None and not 0 <= seconds <= LONGEST_TIMEOUT:  # what is no number is neither
        message = tr(
            "a query cannot be given {seconds:g} seconds: at most {longest_timeout:,}, which are thirty days",
            seconds=seconds,
            longest_timeout=LONGEST_TIMEOUT,
        )
        raise UsageError(message, hint=tr("write --timeout 0, and the query takes as long as it takes"))


def too_late(seconds: float | None, statement: str | None = None) -> StoreError:
    """The error of a query that has not ended in time."""
    message = tr("the query took longer than {seconds:g} s", seconds=seconds)
    return StoreError(message, hint=more_time(), statement=statement)


def more_time() -> str:
    """What can be done about too short a time."""
    return tr("give it more: --timeout SECONDS (0: no limit), in Python timeout=SECONDS; or ask for less")


def too_large(memory: int, statement: str | None = None) -> StoreError:
    """The error of a query for which its memory is too small."""
    message = tr("the query needs more memory than the {size} that it may take", size=_written(memory))
    hint = tr("give it more: --memory SIZE (0: no limit), in Python memory=SIZE; or ask for less: count, add LIMIT")
    return StoreError(message, hint=hint, statement=statement)


def machine_memory() -> int:
    """The bytes of memory of this machine, or of the container in which the program runs where that has fewer."""
    sizes = list(_container_memory())
    with suppress(AttributeError, ValueError, OSError):  # Windows knows none of the names
        sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min((size for size in sizes if size > 0), default=2 * _UNKNOWN_MEMORY)


def _container_memory(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> Iterator[int]:
    """The limits of the control groups, of either version, in which this process is."""
    groups = [""]
    with suppress(OSError, UnicodeError):
        groups += [line.split(":", 2)[2].strip("/") for line in own.read_text().splitlines() if line.count(":") > 1]
    for group in dict.fromkeys(groups):
        for file in (root / group / "memory.max", root / "memory" / group / "memory.limit_in_bytes"):
            with suppress(OSError, ValueError):  # "max" is no limit
                yield int(file.read_text())


def _bytes(memory: str | int | None) -> int:
    """A size as `4GB`, `500 MiB`, `half`, or a number of bytes."""
    if memory is None or memory == HALF:
        return 0 if memory is None else min(machine_memory() // 2, MOST_MEMORY)
    found = _SIZE.fullmatch(str(memory).strip())
    if found is None:
        message = tr("{memory!r} is no size of memory", memory=memory)
        raise UsageError(message, hint=tr("write --memory 4GB, 500MB, half (of the machine's), or 0 for no limit"))
    return int(float(found[1]) * _UNITS[(found[2] or "").upper()])


def _written(size: int) -> str:
    """A size as people write it: 8 GB, 1.5 GB, 200 MB."""
    for unit, scale in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} B"
