"""Ids unique within each label, and found by an index: what must hold before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.connection import Connection, Row
from ecosystem.store.neo4j.marker import MARKER

WAIT_SECONDS = 300
"""How long the server may take to build the indexes."""
_UNIQUE = ("UNIQUENESS", "NODE_PROPERTY_UNIQUENESS")
"""What the server calls such a constraint, before and since its release 2025.06."""


def ensure_marker_constraint(connection: Connection) -> None:
    """Constrain the marker of the database, without which two loads could write it at once."""
    _ensure(connection, [MARKER])


def ensure_constraints(connection: Connection, model: Model) -> None:
    """Constrain the ids of every label to be unique, and wait until the server has done it.

    Raises StoreError where ids are there more than once.
    """
    _ensure(connection, model.labels)


def _ensure(connection: Connection, labels: Iterable[str]) -> None:
    there = {row[1][0] for row in _constraints(connection) if _is_ours(row)}
    missing = [label for label in labels if label not in there]
    if not missing:
        return
    for label in missing:
        text = f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{name_text(label)}) REQUIRE n.id IS UNIQUE"
        try:
            connection.write(text)
        except StoreError as err:
            raise _not_unique(connection, label, err) from err
    connection.rows(f"CALL db.awaitIndexes({WAIT_SECONDS})")


def _constraints(connection: Connection) -> list[Row]:
    """Name, labels or types, properties and kind of each constraint."""
    return connection.rows("SHOW CONSTRAINTS YIELD name, labelsOrTypes, properties, type")


def _is_ours(row: Row) -> bool:
    _, _, properties, kind = row
    return kind in _UNIQUE and properties == ["id"]


def refuse_other_constraints(connection: Connection, model: Model) -> None:
    """Raise StoreError for a constraint that a dataset need not meet, and for an index in the way of ours."""
    ours = {*model.labels, *model.links, MARKER}
    others = [row for row in _constraints(connection) if set(row[1]) & ours and not _is_ours(row)]
    faults = [
        *_described(others, "constraint", "DROP CONSTRAINT"),
        *_described(_bare_indexes(connection, ours), "index", "DROP INDEX"),
    ]
    if faults:
        what = "; ".join(message for message, _ in faults)
        remedies = "; ".join(remedy for _, remedy in faults)
        hint = tr("remove it yourself if nobody needs it: {remedies}", remedies=remedies)
        raise StoreError(
            tr("{address} has a constraint or index of another shape: {what}", address=connection.address, what=what),
            hint=hint,
        )


def _bare_indexes(connection: Connection, labels: set[str]) -> list[Row]:
    """The indexes on ids without a constraint: no constraint can be made beside them."""
    rows = connection.rows(
        "SHOW INDEXES YIELD name, labelsOrTypes, properties, type, entityType, owningConstraint "
        "WHERE type = 'RANGE' AND entityType = 'NODE' AND owningConstraint IS NULL AND properties = ['id'] "
        "RETURN name, labelsOrTypes, properties, type"
    )
    return [row for row in rows if set(row[1]) & labels]


def _described(rows: Iterable[Row], what: str, remedy: str) -> Iterator[tuple[str, str]]:
    for name, kinds, properties, kind in rows:
        yield (
            f"{what} {name} on {'|'.join(kinds)} ({', '.join(properties)}): {kind.lower().replace('_', ' ')}",
            f"{remedy} {name_text(name)}",
        )


def _not_unique(connection: Connection, label: str, err: StoreError) -> StoreError:
    """The same fault with the ids that are there more than once, if that is why."""
    rows = connection.rows(
        f"MATCH (n:{name_text(label)}) WITH n.id AS id, count(*) AS count WHERE id IS NOT NULL AND count > 1 "
        "RETURN id, count ORDER BY count DESC, id LIMIT 3"
    )
    if not rows:
        return err
    listed = ", ".join(tr("{id!r} {count} times", id=identifier, count=count) for identifier, count in rows)
    message = tr(
        "{address} holds ids of {label} more than once: {listed}",
        address=connection.address,
        label=label,
        listed=listed,
    )
    hint = tr("somebody else has written there: with --replace everything is taken away and loaded again")
    return StoreError(message, hint=hint, statement=err.statement)
