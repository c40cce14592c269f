"""What holds a query of the embedded engine within its limits, and what is raised where it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from ecosystem.errors import StoreError
from ecosystem.store.duckdb.engine_errors import reason_of
from ecosystem.store.duckdb.pointer import NO_ROOM, interrupts, refuse_little_memory
from ecosystem.store.limits import ANSWER_SHARE, too_large, too_late


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
        cursor, least = connection.cursor(), self.least
        if least is None:
            cursor.execute("RESET memory_limit")
            cursor.execute("RESET max_temp_directory_size")
            return
        cursor.execute("SET max_temp_directory_size = '0B'")
        try:
            cursor.execute(f"SET memory_limit = '{int(least * (1 - ANSWER_SHARE))}B'")
        except duckdb.OutOfMemoryException as err:
            raise too_large(least) from err


class RunLimit:
    """Interrupts a query that takes too long, and turns the engine's errors into ours, with the statement.

    `memory` is the limit in bytes that is in force.
    """

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, path: Path, seconds: float | None, sql: str, memory: int | None = None
    ) -> None:
        self.cursor, self.path, self.seconds, self.sql, self.memory = cursor, path, seconds, sql, memory
        self.expired = False
        self.timer = threading.Timer(seconds, self._expire) if seconds is not None else None
        if self.timer is not None:
            self.timer.daemon = True
            self.timer.start()

    def stop(self) -> None:
        """No longer wait for the time to be up."""
        if self.timer is not None:
            self.timer.cancel()

    def check(self) -> None:
        """Raise StoreError where the time is up: between two batches the engine has nothing to interrupt."""
        if self.expired:
            raise too_late(self.seconds or 0, self.sql)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise StoreError where the engine does; an error in the midst of a stream comes as an OSError."""
        try:
            with interrupts():
                yield
        except (duckdb.Error, pa.ArrowException, OSError, MemoryError) as err:
            self.stop()
            if self.expired:
                raise too_late(self.seconds or 0, self.sql) from err
            if self.memory is not None and _is_over(err):
                raise too_large(self.memory, self.sql) from err
            refuse_little_memory(err, self.path, self.sql)
            message, hint = reason_of(err)
            raise StoreError(message, hint=hint, statement=self.sql) from err

    def _expire(self) -> None:
        self.expired = True
        self.cursor.interrupt()


def _is_over(err: BaseException) -> bool:
    """Whether the engine has come to its limit, and not the machine to its end."""
    text = str(err).lower()
    return any(word in text for word in ("out of memory error", NO_ROOM)) and "bad alloc" not in text
