"""One load at a time: an open transaction that holds the right to write, and the writes that check it."""

from __future__ import annotations

import getpass
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import neo4j

from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.store.neo4j.connection import ANSWER_SECONDS, Connection, Parameters, Row
from ecosystem.store.neo4j.constraints import ensure_marker_constraint
from ecosystem.store.neo4j.failures import LateError
from ecosystem.store.neo4j.marker import MARKER, Marker, marker_properties

PATIENCE_SECONDS = 1.5
"""How long another load is waited for before it is looked for, and named."""
SETTLE_SECONDS = 30.0
"""How long the last transactions of a load that died may take to end."""
_LOCK = f"MERGE (lock:{MARKER} {{id: 'lock'}}) SET lock.at = timestamp()"
"""Never committed: the node is there for nobody, but its lock is for everybody, and a server drops it with us."""
_RUNNING = (
    "SHOW TRANSACTIONS YIELD metaData, startTime WHERE metaData.program = 'ecosystem' AND metaData.load <> $load "
    "RETURN metaData.by AS by, startTime AS since, metaData.lock AS lock"
)
_HOLDER = f"MATCH (m:{MARKER} {{id: 'dataset'}}) RETURN m.load AS load"
_MARK = f"MERGE (m:{MARKER} {{id: 'dataset'}}) SET m += $facts"


@contextmanager
def write_lock(connection: Connection) -> Iterator[Writer]:
    """A writer, which one load at a time can have. Raises StoreError, with its name, where another one is under way.

    A load that was killed may have a transaction left that the server is just committing; it is waited for. One that
    lost its connection and its lock cannot write any more: the marker of the database names the load that may.
    """
    ensure_marker_constraint(connection)
    load = secrets.token_hex(8)
    about: dict[str, object] = {"program": "ecosystem", "load": load, "by": _whoami()}
    _refuse_another(connection, about)
    with connection.held(_LOCK, metadata={**about, "lock": True}):
        _let_settle(connection, load)
        yield Writer(connection, load, about)


def _refuse_another(connection: Connection, about: dict[str, object]) -> None:
    """Raise StoreError, with its name, where another load is under way; a server that is slow is waited for."""
    patience, until = PATIENCE_SECONDS, time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            with connection.held(_LOCK, metadata=about, timeout=patience):
                return
        except StoreError as err:
            holders = [row for row in _running(connection, str(about["load"])) if row[2]]
            if holders:
                by, since, _ = holders[0]
                message = tr(
                    "another load is writing into {address}: {by}, since {since}",
                    address=connection.address,
                    by=by,
                    since=since,
                )
                raise StoreError(message, hint=tr("wait until it has ended, then load again")) from err
            # nobody is in the way: the answer is slow, or whoever was in the way has just ended
            if not isinstance(err, LateError) or time.monotonic() > until:
                raise
        patience *= 2


def _let_settle(connection: Connection, load: str) -> None:
    until = time.monotonic() + SETTLE_SECONDS
    while [row for row in _running(connection, load) if not row[2]]:
        if time.monotonic() > until:
            message = tr("a transaction of an earlier load has not ended in {address}", address=connection.address)
            raise StoreError(message, hint=tr("see it with SHOW TRANSACTIONS, and end it with TERMINATE TRANSACTION"))
        time.sleep(0.05)


def _running(connection: Connection, load: str) -> list[Row]:
    """Who has a transaction of another load open, since when, and whether that one holds the lock."""
    return connection.rows(_RUNNING, {"load": load})


def _whoami() -> str:
    try:
        return f"{getpass.getuser()} on {socket.gethostname()}"
    except (OSError, KeyError):  # no such user in the system's list
        return socket.gethostname()


class Writer:
    """Writes for one load. `about` is what the server tells others of its transactions."""

    def __init__(self, connection: Connection, load: str, about: Mapping[str, object]) -> None:
        self.connection = connection
        self._load = load
        self._about = about
        self._marked = False

    def mark(self, marker: Marker) -> None:
        """Mark the database, which is ours from then on, and no other load's."""
        facts = {**marker_properties(marker), "load": self._load}
        if self._marked:
            self.write(_MARK, {"facts": facts})
        else:
            self.connection.write(_MARK, {"facts": facts})
        self._marked = True

    def write(self, text: str, parameters: Parameters) -> list[Row]:
        """What a statement returns, run in a transaction of its own.

        Raises StoreError when another load has taken over.
        """

        def write(transaction: neo4j.ManagedTransaction) -> list[Row]:
            if [record.value() for record in transaction.run(_HOLDER)] != [self._load]:
                message = tr(
                    "another load has taken over {address}: this one lost its connection",
                    address=self.connection.address,
                )
                raise StoreError(message, hint=tr("wait until the other has ended, then load again"))
            return [record.values() for record in transaction.run(text, dict(parameters))]

        return self.connection.execute(write, text, self._about)
