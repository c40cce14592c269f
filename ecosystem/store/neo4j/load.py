"""A dataset brought into a database: admitted, compared with what is there, written in batches, counted."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.progress import Progress
from ecosystem.store.base import Change, Changes
from ecosystem.store.neo4j.admission import Admission, admit, others_on
from ecosystem.store.neo4j.changes import Mode, Step, plan_load
from ecosystem.store.neo4j.constraints import ensure_constraints, refuse_other_constraints
from ecosystem.store.neo4j.driver import Client, TransactionTooLargeError
from ecosystem.store.neo4j.lock import Writer, taken_turn
from ecosystem.store.neo4j.marker import counts
from ecosystem.store.neo4j.statements import Round, Work, removals, rounds, writings

BATCH_ROWS = 4_000
"""Rows of one transaction, until the server says that they are too many: fewer commit oftener, more stay in its memory.

A million links into a server that runs: 31.9 s with 2,000, 29.4 with 4,000, 33.1 with 10,000, 34.2 with 20,000.
"""
SESSIONS = 2
"""Transactions that are written at the same time."""


_EXAMPLES = 3
_SHOWN = 10


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


def transfer(
    client: Client, dataset: Dataset, asked: Mode, *, batch: int | None, sessions: int | None, progress: Progress
) -> None:
    """Load a dataset; the same one again, whole or broken off, ends in the same graph.

    Raises StoreError, also when the server counts otherwise than it should in the end.
    """
    admit(client, dataset, asked)  # before anything is written, a constraint even
    refuse_other_constraints(client, dataset.model)
    with taken_turn(client) as writer:
        admission = admit(client, dataset, asked)
        if admission.mode != "replace":  # it takes away what is there twice
            ensure_constraints(client, dataset.model)
        steps = _steps(client, admission, progress)
        _refuse_others(client, steps)
        writer.mark(admission.under_way)
        loader = Loader(writer, batch=batch or BATCH_ROWS, sessions=sessions or SESSIONS)
        loader.take_away(steps, progress)
        ensure_constraints(client, dataset.model)
        loader.write(steps, progress)
        _refuse_other_counts(client, admission.mode, steps)
        writer.mark(admission.done(steps))


def planned(client: Client, dataset: Dataset, asked: Mode, progress: Progress) -> Changes:
    """What a load would do; nothing is written."""
    admission = admit(client, dataset, asked)
    refuse_other_constraints(client, dataset.model)
    steps = _steps(client, admission, progress)
    return Changes(tuple(_change(step) for step in steps if _rows(step)), tuple(others_on(client, steps)))


def _steps(client: Client, admission: Admission, progress: Progress) -> list[Step]:
    before = None if admission.before is None else admission.before.schema
    return plan_load(client, admission.dataset, admission.mode, before, progress)


def _rows(step: Step) -> int:
    return step.rows + int(step.removed.num_rows)


def _change(step: Step) -> Change:
    tables = (step.added, step.changed, step.removed)
    examples = [each for table in tables if table.num_rows for each in table["id"].slice(0, _EXAMPLES).to_pylist()]
    added, changed, removed = (int(table.num_rows) for table in tables)
    return Change(step.wanted.name, added, changed, removed, step.kept, step.same, tuple(map(str, examples)))


def _refuse_others(client: Client, steps: Sequence[Step]) -> None:
    found = others_on(client, steps)
    if found:
        listed = "; ".join(found[:_SHOWN]) + (f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
        message = f"{client.address} would lose what somebody else's data hangs on: {listed}"
        hint = "take those links away yourself first, or keep the nodes: --update leaves what the dataset does not have"
        raise StoreError(message, hint=hint)


def _refuse_other_counts(client: Client, mode: Mode, steps: Sequence[Step]) -> None:
    """Raise StoreError when the server counts other numbers than there should be; only an update leaves others."""
    expected = {step.wanted.name: step.rows if mode == "update" else step.wanted.table.num_rows for step in steps}
    labels = [step.wanted.name for step in steps if not step.wanted.link]
    there = counts(client, labels, [step.wanted.name for step in steps if step.wanted.link])
    found = {**there.nodes, **there.links}
    wrong = [
        f"{name} {found.get(name, 0):,} instead of {count:,}"
        for name, count in expected.items()
        if found.get(name, 0) != count
    ]
    if wrong:
        hint = "somebody else writes there: load with --replace to take everything else away"
        raise StoreError(f"{client.address} does not hold what was loaded: {', '.join(wrong)}", hint=hint)
