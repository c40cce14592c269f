"""A dataset brought into a database: admitted, compared with what is there, written, counted."""

from __future__ import annotations

from collections.abc import Sequence

from ecosystem.dataset.records import Dataset, Progress
from ecosystem.errors import StoreError
from ecosystem.store.base import Change, Changes
from ecosystem.store.neo4j import load
from ecosystem.store.neo4j.admission import Admission, admit
from ecosystem.store.neo4j.client import Client
from ecosystem.store.neo4j.constraints import ensure_constraints, refuse_other_constraints
from ecosystem.store.neo4j.plan import Mode, Step, plan_load
from ecosystem.store.neo4j.remove import others_on
from ecosystem.store.neo4j.survey import counts
from ecosystem.store.neo4j.turn import taken_turn

_EXAMPLES = 3
_SHOWN = 10


def transfer(
    client: Client, dataset: Dataset, asked: Mode, *, batch: int | None, sessions: int | None, progress: Progress
) -> None:
    """Load a dataset; the same one again, whole or broken off, ends in the same graph.

    Raises StoreError, also when the server counts otherwise than it should in the end.
    """
    admit(client, dataset, asked)  # before anything is written, a constraint even
    refuse_other_constraints(client)
    with taken_turn(client) as writer:
        admission = admit(client, dataset, asked)
        if admission.mode != "replace":  # it takes away what is there twice
            ensure_constraints(client)
        steps = _steps(client, admission, progress)
        _refuse_others(client, steps)
        writer.mark(admission.under_way)
        loader = load.Loader(writer, batch=batch or load.BATCH_ROWS, sessions=sessions or load.SESSIONS)
        loader.take_away(steps, progress)
        ensure_constraints(client)
        loader.write(steps, progress)
        _refuse_other_counts(client, admission.mode, steps)
        writer.mark(admission.done(steps))


def planned(client: Client, dataset: Dataset, asked: Mode, progress: Progress) -> Changes:
    """What a load would do; nothing is written."""
    admission = admit(client, dataset, asked)
    refuse_other_constraints(client)
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
