"""A dataset brought into a database: admitted, compared with what is there, written in batches, counted."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.progress import Progress
from ecosystem.store.base import Change, Changes
from ecosystem.store.neo4j.admission import Admission, admit, foreign_data
from ecosystem.store.neo4j.changes import Mode, TablePlan, plan_load
from ecosystem.store.neo4j.connection import Connection, TransactionTooLargeError
from ecosystem.store.neo4j.constraints import ensure_constraints, refuse_other_constraints
from ecosystem.store.neo4j.lock import Writer, write_lock
from ecosystem.store.neo4j.marker import count
from ecosystem.store.neo4j.statements import Round, Write, insertions, removals, rounds

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

    def remove(self, plans: Sequence[TablePlan], progress: Progress) -> None:
        """Take away what the plans say. Raises StoreError where the server refuses."""
        total = sum(plan.removed.num_rows for plan in plans)
        done = 0
        for written in self._all(removals(plans), 1):
            done += written
            progress(tr("remove"), done, total)

    def write(self, plans: Sequence[TablePlan], progress: Progress) -> None:
        """Change and add what the plans say. Raises StoreError where the server refuses.

        The progress counts all rows of the dataset; those that were there already come first.
        """
        total = sum(plan.target.table.num_rows for plan in plans)
        done = sum(plan.same for plan in plans)
        if done:
            progress(tr("load"), done, total)
        for written in self._all(insertions(plans), self._sessions):
            done += written
            progress(tr("load"), done, total)

    def _all(self, writes: Iterable[Write], sessions: int) -> Iterator[int]:
        """The numbers of rows that were written, transaction by transaction."""
        # a session writes, and has its next rows made ready
        with ThreadPoolExecutor(2 * sessions, thread_name_prefix="load") as pool:
            try:
                for each in rounds(writes, sessions):
                    yield from self._round(each, pool)
            finally:
                self._stopped.set()  # a session ends with the batch that it is writing
        self._stopped.clear()

    def _round(self, parts: Round, pool: ThreadPoolExecutor) -> Iterator[int]:
        done_rows: queue.SimpleQueue[int] = queue.SimpleQueue()
        futures = [pool.submit(self._write, part, done_rows, pool) for part in parts]
        left = len(futures)
        while left:
            written = done_rows.get()
            if written:
                yield written
            else:
                left -= 1
                for future in futures:
                    if future.done():
                        future.result()  # its error comes now, and the others stop

    def _write(self, write: Write, done_rows: queue.SimpleQueue[int], pool: ThreadPoolExecutor) -> None:
        """Write rows in batches, which become smaller where the server has not memory enough."""
        try:
            start = 0
            ready = pool.submit(write.rows, start, self._batch)
            while (rows := ready.result()) and not self._stopped.is_set():
                ready = pool.submit(write.rows, start + len(rows), self._batch)
                try:
                    answer = self._writer.write(write.statement, {"rows": rows})
                except TransactionTooLargeError as err:
                    self._shrink(len(rows), write, err)
                    ready = pool.submit(write.rows, start, self._batch)
                    continue
                if write.returned is not None:
                    write.returned(answer)
                start += len(rows)
                done_rows.put(len(rows))
        finally:
            done_rows.put(0)

    def _shrink(self, size: int, write: Write, err: TransactionTooLargeError) -> None:
        if size == 1:
            hint = tr("give the server more: server.memory.heap.max_size, dbms.memory.transaction.total.max")
            message = tr(
                "{address} has not memory enough for a single row of {name}",
                address=self._writer.connection.address,
                name=write.name,
            )
            raise StoreError(message, hint=hint, statement=write.statement) from err
        self._batch = min(self._batch, size // 2)


def load_dataset(
    connection: Connection, dataset: Dataset, mode: Mode, *, batch: int | None, sessions: int | None, progress: Progress
) -> None:
    """Load a dataset; the same one again, whole or broken off, ends in the same graph.

    Raises StoreError, also when the server counts otherwise than it should in the end.
    """
    admit(connection, dataset, mode)  # before anything is written, a constraint even
    refuse_other_constraints(connection, dataset.model)
    with write_lock(connection) as writer:
        admission = admit(connection, dataset, mode)
        if admission.mode != "replace":  # it takes away what is there twice
            ensure_constraints(connection, dataset.model)
        plans = _plans(connection, admission, progress)
        _refuse_others(connection, plans)
        writer.mark(admission.under_way)
        loader = Loader(writer, batch=batch or BATCH_ROWS, sessions=sessions or SESSIONS)
        loader.remove(plans, progress)
        ensure_constraints(connection, dataset.model)
        loader.write(plans, progress)
        _refuse_other_counts(connection, admission.mode, plans)
        writer.mark(admission.done(plans))


def planned_changes(connection: Connection, dataset: Dataset, mode: Mode, progress: Progress) -> Changes:
    """What a load would do; nothing is written."""
    admission = admit(connection, dataset, mode)
    refuse_other_constraints(connection, dataset.model)
    plans = _plans(connection, admission, progress)
    return Changes(tuple(_change(plan) for plan in plans if _rows(plan)), tuple(foreign_data(connection, plans)))


def _plans(connection: Connection, admission: Admission, progress: Progress) -> list[TablePlan]:
    before = None if admission.before is None else admission.before.schema
    return plan_load(connection, admission.dataset, admission.mode, before, progress)


def _rows(plan: TablePlan) -> int:
    return plan.rows + int(plan.removed.num_rows)


def _change(plan: TablePlan) -> Change:
    tables = (plan.added, plan.changed, plan.removed)
    examples = [each for table in tables if table.num_rows for each in table["id"].slice(0, _EXAMPLES).to_pylist()]
    added, changed, removed = (int(table.num_rows) for table in tables)
    return Change(plan.target.name, added, changed, removed, plan.kept, plan.same, tuple(map(str, examples)))


def _refuse_others(connection: Connection, plans: Sequence[TablePlan]) -> None:
    found = foreign_data(connection, plans)
    if found:
        listed = "; ".join(found[:_SHOWN])
        if len(found) > _SHOWN:
            listed = tr("{listed}; and {count} more", listed=listed, count=len(found) - _SHOWN)
        message = tr(
            "{address} would lose what somebody else's data hangs on: {listed}",
            address=connection.address,
            listed=listed,
        )
        hint = tr(
            "take those links away yourself first, or keep the nodes: --update leaves what the dataset does not have"
        )
        raise StoreError(message, hint=hint)


def _refuse_other_counts(connection: Connection, mode: Mode, plans: Sequence[TablePlan]) -> None:
    """Raise StoreError when the server counts other numbers than there should be; only an update leaves others."""
    expected = {plan.target.name: plan.rows if mode == "update" else plan.target.table.num_rows for plan in plans}
    labels = [plan.target.name for plan in plans if not plan.target.link]
    stored = count(connection, labels, [plan.target.name for plan in plans if plan.target.link])
    found = {**stored.nodes, **stored.links}
    wrong = [
        tr("{name} {found:,} instead of {expected:,}", name=name, found=found.get(name, 0), expected=count)
        for name, count in expected.items()
        if found.get(name, 0) != count
    ]
    if wrong:
        hint = tr("somebody else writes there: load with --replace to take everything else away")
        raise StoreError(
            tr("{address} does not hold what was loaded: {wrong}", address=connection.address, wrong=", ".join(wrong)),
            hint=hint,
        )
