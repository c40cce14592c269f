"""A connection to a Neo4j server: rows read as a stream, rows written in transactions that retry."""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.store.limits import too_large
from ecosystem.store.neo4j.address import Address
from ecosystem.store.neo4j.failures import explained, is_too_large
from ecosystem.version import __version__

Row = Sequence[Any]
Parameters = Mapping[str, object]

CHUNK = 20_000
"""Rows that travel at once."""
OPENING_SECONDS = 5.0
"""How long a server may take to be connected to, and to answer the first question."""
ANSWER_SECONDS = 60.0
"""How long a server that has been connected to may take to answer who wants to load: one that is busy, or has just
started, is slow, and a load has time."""
PAUSE_SECONDS = 0.5
"""Between two questions whether a database has started."""
RETRY_SECONDS = 2.0
"""How long a write is tried again."""
GRACE_SECONDS = 4.0
"""A server ends a query some time after its limit; one that is still silent then never will."""

_T = TypeVar("_T")

# what the driver has to say comes as an exception; without a handler Python would print its log too
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class TransactionTooLargeError(Exception):
    """The server has not memory enough for a transaction: it takes a smaller one."""


class Connection:
    """The driver's connections to one database. Every fault of the server or the way to it is raised as StoreError."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with explained(address):
            self._driver = neo4j.GraphDatabase.driver(
                address.server,
                auth=_auth(),
                user_agent=f"ecosystem-analyzer/{__version__}",
                connection_timeout=OPENING_SECONDS,
                connection_acquisition_timeout=OPENING_SECONDS,  # it covers the handshake, the other does not
                max_transaction_retry_time=RETRY_SECONDS,
                liveness_check_timeout=1.0,
                notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
                warn_notification_severity=neo4j.NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
            )

    def connect(self, patience: float = OPENING_SECONDS) -> None:
        """Raise StoreError where the server cannot be reached, refuses this user, or has not answered in time.

        `patience` is in seconds, for a first answer from the database; within it one that is just starting is waited
        for.
        """
        if "NEO4J_PASSWORD" not in os.environ:
            self._connect_unnamed()
        else:
            with explained(self.address):
                self._driver.verify_connectivity()
        until = time.monotonic() + patience
        while not self._has_started(patience, wait=patience > OPENING_SECONDS and time.monotonic() < until):
            time.sleep(PAUSE_SECONDS)

    def _has_started(self, patience: float, *, wait: bool) -> bool:
        """True when the database answers; with `wait`, False while it is only starting, else StoreError."""
        try:
            self.rows("RETURN 1 AS one", timeout=patience)
        except StoreError as err:
            starting = isinstance(err.__cause__, Neo4jError) and "DatabaseUnavailable" in (err.__cause__.code or "")
            if not (wait and starting):
                raise
            return False
        return True

    def _connect_unnamed(self) -> None:
        try:
            with explained(self.address):
                self._driver.verify_connectivity()
        except StoreError as err:
            if isinstance(err.__cause__, neo4j.exceptions.AuthError):
                hint = tr("set NEO4J_PASSWORD in the environment, and NEO4J_USERNAME if it is not neo4j")
                raise StoreError(tr("{address} wants a password", address=self.address), hint=hint) from err.__cause__
            raise

    def rows(self, text: str, parameters: Parameters | None = None, *, timeout: float | None = None) -> list[Row]:
        """All rows of a question with few of them."""
        return [row for chunk in self.stream(text, parameters, timeout=timeout) for row in chunk]

    def stream(
        self, text: str, parameters: Parameters | None = None, *, timeout: float | None = None
    ) -> Iterator[list[Row]]:
        """The rows of a query that only reads, some at a time; `timeout` is in seconds and for all of them."""
        chunks = self._chunks(text, parameters or {}, timeout)
        until = None if timeout is None else time.monotonic() + timeout + GRACE_SECONDS
        with explained(self.address, text, timeout):
            while chunk := _within(until, lambda: next(chunks, None)):
                yield chunk

    def _chunks(self, text: str, parameters: Parameters, timeout: float | None) -> Iterator[list[Row]]:
        # 0 would be no limit
        limit = None if timeout is None else max(timeout, 0.001)
        with self._session(neo4j.READ_ACCESS) as session, session.begin_transaction(timeout=limit) as transaction:
            result = transaction.run(text, dict(parameters))
            while rows := result.fetch(CHUNK):
                # taken out here, while the session can be closed: a value may be none that Python has
                yield [tuple(row) for row in rows]

    def answer(
        self,
        text: str,
        parameters: Parameters | None = None,
        *,
        timeout: float | None = None,
        memory: int | None = None,
    ) -> tuple[list[str], list[Row]]:
        """The names of the columns and all rows of a query that only reads; StoreError for more rows than fit."""
        until = None if timeout is None else time.monotonic() + timeout + GRACE_SECONDS
        limit = None if timeout is None else max(timeout, 0.001)

        def fetch() -> tuple[list[str], list[Row]]:
            with self._session(neo4j.READ_ACCESS) as session, session.begin_transaction(timeout=limit) as transaction:
                result = transaction.run(text, dict(parameters or {}))
                return list(result.keys()), list(_fitting(result, memory))

        with explained(self.address, text, timeout):
            return _within(until, fetch)

    def write(self, text: str, parameters: Parameters | None = None) -> neo4j.SummaryCounters:
        """Run a statement that writes, in a transaction of its own that is tried again where that may help."""

        def run(transaction: neo4j.ManagedTransaction) -> neo4j.SummaryCounters:
            return transaction.run(text, dict(parameters or {})).consume().counters

        return self.execute(run, text)

    def execute(
        self, run: Callable[[neo4j.ManagedTransaction], _T], text: str, metadata: Mapping[str, object] | None = None
    ) -> _T:
        """What `run` returns of a transaction that writes, and that is tried again where that may help.

        Raises TransactionTooLargeError where the server has not memory enough for it.
        """

        def tried(transaction: neo4j.ManagedTransaction) -> _T:
            try:
                return run(transaction)
            except Neo4jError as err:
                if is_too_large(err):
                    raise TransactionTooLargeError from err  # at once: it would be tried again as it is
                raise

        labelled = neo4j.unit_of_work(metadata=dict(metadata or {}))(tried)
        with explained(self.address, text), self._session(neo4j.WRITE_ACCESS) as session:
            try:
                return session.execute_write(labelled)
            except Neo4jError as err:
                if is_too_large(err):
                    raise TransactionTooLargeError from err
                raise

    @contextmanager
    def held(self, text: str, *, metadata: Mapping[str, object], timeout: float | None = None) -> Iterator[None]:
        """Keep what a statement locks, for the time of the block; what it wrote is undone then.

        `timeout` is in seconds, for the statement and the block.
        """
        session = self._session(neo4j.WRITE_ACCESS)
        try:
            with explained(self.address, text, timeout):
                transaction = session.begin_transaction(metadata=dict(metadata), timeout=timeout)
                transaction.run(text).consume()
            yield
        finally:
            with suppress(DriverError, Neo4jError, OSError):  # whatever has happened to it: it is undone
                session.close()

    def close(self) -> None:
        """Let go of all connections; safe to call twice."""
        self._driver.close()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self.address.database, default_access_mode=mode, fetch_size=CHUNK)


def _fitting(result: neo4j.Result, memory: int | None) -> Iterator[Row]:
    """The rows of an answer. StoreError where they take more memory than so many bytes."""
    size = 0
    for record in result:
        row = record.values()
        size += sys.getsizeof(row) + sum(map(sys.getsizeof, row))
        if memory is not None and size > memory:
            raise too_large(memory)
        yield row


def _auth() -> neo4j.Auth | None:
    """Who asks; nobody where no password is set, which a server without authentication lets in."""
    if "NEO4J_PASSWORD" not in os.environ:
        return None
    return neo4j.basic_auth(os.environ.get("NEO4J_USERNAME") or "neo4j", os.environ["NEO4J_PASSWORD"])


def _within(until: float | None, call: Callable[[], _T]) -> _T:
    """What `call` returns. Raises TimeoutError when the time is up first: the call is left to itself then.

    A server that hangs answers nothing, and the driver waits for it; so the waiting is done by another thread.
    """
    if until is None:
        return call()
    outcome: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as err:
            outcome.put((None, err))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, err = outcome.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        raise TimeoutError from None
    if err is not None:
        raise err
    return cast("_T", result)
