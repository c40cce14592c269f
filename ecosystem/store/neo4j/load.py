"""A plan carried out: rows taken away, changed and written in batches of lists, by some sessions at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from ecosystem.dataset.records import Progress
from ecosystem.errors import StoreError
from ecosystem.store.neo4j.client import TransactionTooLargeError
from ecosystem.store.neo4j.plan import Step
from ecosystem.store.neo4j.rounds import Round, rounds
from ecosystem.store.neo4j.work import Work, removals, writings
from ecosystem.store.neo4j.writer import Writer

BATCH_ROWS = 4_000
"""Rows of one transaction, until the server says that they are too many: fewer commit oftener, more stay in its memory.

A million links into a server that runs: 31.9 s with 2,000, 29.4 with 4,000, 33.1 with 10,000, 34.2 with 20,000.
"""
SESSIONS = 2
"""Transactions that are written at the same time."""


class Loader:
    """Writes with so many rows in a transaction, and so many transactions at a time."""

    def __init__(self, writer: Writer, *, batch: int, sessions: int) -> None:
        self._writer = writer
        self._batch = batch
        self._sessions = sessions
        self._stopped = threading.Event()

    def take_away(self, steps: Sequence[Step], progress: Progress) -> None:
        """Take away what a plan says. Raises StoreError where the server refuses."""
        total = sum(step.removed.num_rows for step in steps)
        done = 0
        for written in self._all(removals(steps), 1):
            done += written
            progress("remove", done, total)

    def write(self, steps: Sequence[Step], progress: Progress) -> None:
        """Change and add what a plan says. Raises StoreError where the server refuses.

        The progress counts all rows of the dataset; those that were there already come first.
        """
        total = sum(step.wanted.table.num_rows for step in steps)
        done = sum(step.same for step in steps)
        if done:
            progress("load", done, total)
        for written in self._all(writings(steps), self._sessions):
            done += written
            progress("load", done, total)

    def _all(self, works: Iterable[Work], sessions: int) -> Iterator[int]:
        """The numbers of rows that were written, transaction by transaction."""
        # a session writes, and has its next rows made ready
        with ThreadPoolExecutor(2 * sessions, thread_name_prefix="load") as pool:
            try:
                for each in rounds(works, sessions):
                    yield from self._round(each, pool)
            finally:
                self._stopped.set()  # a session ends with the batch that it is writing
        self._stopped.clear()

    def _round(self, parts: Round, pool: ThreadPoolExecutor) -> Iterator[int]:
        told: queue.SimpleQueue[int] = queue.SimpleQueue()
        futures = [pool.submit(self._write, part, told, pool) for part in parts]
        left = len(futures)
        while left:
            written = told.get()
            if written:
                yield written
            else:
                left -= 1
                for future in futures:
                    if future.done():
                        future.result()  # its error comes now, and the others stop

    def _write(self, work: Work, told: queue.SimpleQueue[int], pool: ThreadPoolExecutor) -> None:
        """Write rows in batches, which become smaller where the server has not memory enough."""
        try:
            start = 0
            ready = pool.submit(work.rows, start, self._batch)
            while (rows := ready.result()) and not self._stopped.is_set():
                ready = pool.submit(work.rows, start + len(rows), self._batch)
                try:
                    answer = self._writer.write(work.statement, {"rows": rows})
                except TransactionTooLargeError as err:
                    self._shrink(len(rows), work, err)
                    ready = pool.submit(work.rows, start, self._batch)
                    continue
                if work.made is not None:
                    work.made(answer)
                start += len(rows)
                told.put(len(rows))
        finally:
            told.put(0)

    def _shrink(self, size: int, work: Work, err: TransactionTooLargeError) -> None:
        if size == 1:
            hint = "give the server more: server.memory.heap.max_size, dbms.memory.transaction.total.max"
            message = f"{self._writer.client.address} has not memory enough for a single row of {work.what}"
            raise StoreError(message, hint=hint, statement=work.statement) from err
        self._batch = min(self._batch, size // 2)
