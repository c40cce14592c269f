"""What holds a query of the embedded engine within its limits, and what is raised where it fails."""

from __future__ import annotations

import math
import mmap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from ecosystem.errors import StoreError
from ecosystem.store.duckdb.engine_errors import reason_of
from ecosystem.store.duckdb.pointer import NO_ROOM, interrupts, refuse_little_memory
from ecosystem.store.limits import ANSWER_SHARE, too_large, too_late

_STATM = Path("/proc/self/statm")
_PAUSE = 0.05
"""Seconds between two looks at the size of the process."""
_SLACK = 0.25
"""By what share the process may grow beyond the limit: memory that is free again is not given back at once."""


_LEAST = 8_000_000
"""Bytes without which the engine cannot even change a setting."""
_TRIES = 3


class MemoryLimits:
    """The limits of memory of the questions that are being answered.

    The engine has one limit for all of its connections: the least of these, and its own where there is none. Nothing
    is put on the disk meanwhile: a question that is too large shall end, and not fill it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limits: list[int] = []

    @property
    def least(self) -> int | None:
        """Bytes; None where nobody has set a limit."""
        return min(self._limits, default=None)

    @contextmanager
    def held(self, connection: duckdb.DuckDBPyConnection, size: int) -> Iterator[None]:
        """Give the engine no more memory for the time of the block, in which a share of `size` is for the answer.

        StoreError where it holds more already.
        """
        self._limits.append(size)
        try:
            with self._lock:
                self._set(connection)
            yield
        finally:
            with self._lock, suppress(duckdb.ConnectionException):  # the store has been closed meanwhile
                self._limits.remove(size)
                self._set(connection)

    def _set(self, connection: duckdb.DuckDBPyConnection) -> None:
        least = self.least
        if least is None:
            _execute(connection, "RESET memory_limit")
            _execute(connection, "RESET max_temp_directory_size")
            return
        _execute(connection, "SET max_temp_directory_size = '0B'")
        try:
            _execute(connection, f"SET memory_limit = '{max(int(least * (1 - ANSWER_SHARE)), _LEAST)}B'")
        except duckdb.OutOfMemoryException as err:
            raise too_large(least) from err


def _execute(connection: duckdb.DuckDBPyConnection, setting: str) -> None:
    """Change a setting, tried again: a few bytes for it may be lacking the moment that a query lets go of its own."""
    cursor = connection.cursor()
    for _ in range(_TRIES):
        with suppress(duckdb.OutOfMemoryException):
            cursor.execute(setting)
            return
        time.sleep(_PAUSE)
    cursor.execute(setting)


class RunLimit:
    """Interrupts a query that takes too long or too much, and turns the engine's errors into ours, with the statement.

    `memory` is the limit in bytes that is in force. The engine holds itself to it but for the lists and texts of a
    single step, so the process is watched too, where the system tells how large it is.
    """

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, path: Path, seconds: float | None, sql: str, memory: int | None = None
    ) -> None:
        self.cursor, self.path, self.seconds, self.sql, self.memory = cursor, path, seconds, sql, memory
        self.passed: StoreError | None = None
        self._done = threading.Event()
        self._most = None if memory is None else _resident() + int(memory * (1 + _SLACK))
        if seconds is not None or memory is not None:
            threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """No longer wait for a limit to be passed."""
        self._done.set()

    def check(self) -> None:
        """Raise StoreError where a limit is passed: between two batches the engine has nothing to interrupt."""
        if self.passed is not None:
            raise self.passed

    def _watch(self) -> None:
        until = None if self.seconds is None else time.monotonic() + self.seconds
        while True:
            left = None if until is None else until - time.monotonic()
            pause = _PAUSE if self._most is not None else math.inf
            if self._done.wait(max(0.0, min(pause, math.inf if left is None else left))):
                return
            if until is not None and time.monotonic() >= until:
                self.passed = too_late(self.seconds or 0, self.sql)
            elif self._most is not None and _resident() > self._most:
                self.passed = too_large(self.memory or 0, self.sql)
            if self.passed is not None:
                self.cursor.interrupt()
                return

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise StoreError where the engine does; an error in the midst of a stream comes as an OSError."""
        try:
            with interrupts():
                yield
        except (duckdb.Error, pa.ArrowException, OSError, MemoryError) as err:
            self.stop()
            if self.passed is not None:
                raise self.passed from err
            if self.memory is not None and _is_over(err):
                raise too_large(self.memory, self.sql) from err
            refuse_little_memory(err, self.path, self.sql)
            message, hint = reason_of(err)
            raise StoreError(message, hint=hint, statement=self.sql) from err


def _is_over(err: BaseException) -> bool:
    """Whether the engine has come to its limit, and not the machine to its end."""
    text = str(err).lower()
    return any(word in text for word in ("out of memory error", NO_ROOM)) and "bad alloc" not in text


def _resident() -> int:
    """The bytes of memory that this process has; 0 where the system does not tell."""
    try:
        return int(_STATM.read_bytes().split()[1]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return 0
