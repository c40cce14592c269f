"""Whether a dataset may be loaded into a database: in which way, and what of somebody else's stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.messages import tr, tr_later
from ecosystem.query import Schema
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.changes import KEY, Mode, TablePlan
from ecosystem.store.neo4j.connection import ANSWER_SECONDS, CHUNK, Connection
from ecosystem.store.neo4j.marker import Marker, State, count_everything, marker_of, read_marker, refuse_other_version

_WAYS = tr_later("load with --update to add and change, or with --replace to also take away what it does not have")
_STATES: Mapping[Mode, State] = {"load": "loading", "update": "updating", "replace": "replacing"}


_OTHERS = """\
UNWIND $keys AS key
MATCH (x:{label}) WHERE elementId(x) = key
OPTIONAL MATCH (x)-[t]-(o) WHERE NOT type(t) IN $types
WITH x, type(t) AS kind, head(labels(o)) AS label, count(t) AS count
WHERE count > 0 OR size([l IN labels(x) WHERE l IN $labels]) > 1
RETURN x.id, x.name, [l IN labels(x) WHERE l IN $labels], kind, label, count ORDER BY x.id, kind, label"""
_ENDS = "MATCH (a)-[x:{kind}]->(b) WHERE elementId(x) IN $keys RETURN head(labels(a)), a.id, head(labels(b)), b.id"


@dataclass(frozen=True, slots=True)
class Admission:
    """A load that may begin: in which way, and into what; `before` is None where there is nothing."""

    mode: Mode
    before: Marker | None
    dataset: Dataset

    @property
    def under_way(self) -> Marker:
        """What the marker says until the load is whole: the properties of both datasets may be there."""
        marker = marker_of(self.dataset, _STATES[self.mode])
        if self.before is None:
            return marker
        return replace(self._named(marker), schema=_both(self.before.schema, marker.schema))

    def done(self, plans: Sequence[TablePlan]) -> Marker:
        """What the marker says when the load is whole."""
        marker = marker_of(self.dataset, "ready")
        if self.before is None or self.mode != "update" or not any(plan.kept for plan in plans):
            return marker
        counts = {plan.target.name: plan.rows for plan in plans}
        return replace(self._named(marker), schema=replace(_both(self.before.schema, marker.schema), counts=counts))

    def _named(self, marker: Marker) -> Marker:
        """The marker with a hash of its own where the dataset is not all that is there.

        The same update on the same graph has the same hash, however often it was begun.
        """
        if self.before is None or self.mode != "update":
            return marker
        if self.before.latest == self.dataset.hash:
            return replace(marker, dataset=replace(marker.dataset, hash=self.before.dataset.hash))
        both = hashlib.sha256(f"{self.before.dataset.hash} {self.dataset.hash}".encode()).hexdigest()
        return replace(marker, dataset=replace(marker.dataset, hash=both))


def admit(connection: Connection, dataset: Dataset, mode: Mode) -> Admission:
    """How a dataset may be loaded. Raises StoreError when it must not be.

    What broke off goes on as it was begun.
    """
    before = read_marker(connection, dataset.model, ANSWER_SECONDS)
    if before is None:
        found = count_everything(connection)
        if not found:
            return Admission("load", None, dataset)
        before = read_marker(connection, dataset.model, ANSWER_SECONDS)  # of a load that has begun since we asked
        if before is None:
            message = tr(
                "{address} is not empty, and no store of this program: it holds {found}",
                address=connection.address,
                found=found,
            )
            raise StoreError(message, hint=tr("name another database, or empty this one yourself: it is left as it is"))
    if mode == "replace":
        return Admission("replace", before, dataset)
    refuse_other_version(before, dataset.model, connection.address)
    if before.latest == dataset.hash:
        return Admission(_going_on(before), before, dataset)
    if mode == "load":
        held, new = _named(before.dataset.name, before.dataset.hash), _named(dataset.name, dataset.hash)
        raise StoreError(
            tr("{address} holds another dataset, {held}, not {new}", address=connection.address, held=held, new=new),
            hint=tr(_WAYS),
        )
    if before.state != "ready":
        message = tr(
            "the load of {name} into {address} has not finished", name=before.dataset.name, address=connection.address
        )
        raise StoreError(message, hint=tr("load that dataset again first, or load this one with --replace"))
    _refuse_other_types(connection, before.schema, marker_of(dataset, "ready").schema)
    return Admission("update", before, dataset)


def _going_on(before: Marker) -> Mode:
    """How the dataset that was loaded last is loaded again."""
    if before.state == "replacing":
        return "replace"
    return "load" if before.dataset.hash == before.latest and before.state != "updating" else "update"


def _refuse_other_types(connection: Connection, before: Schema, after: Schema) -> None:
    """Raise StoreError for a property that would be of one type in some nodes and of another in others."""
    faults = [
        tr(
            "{owner}.{name} is {kind}, and {earlier} there",
            owner=owner,
            name=name,
            kind=kind,
            earlier=earlier[owner][name],
        )
        for earlier, later in ((before.nodes, after.nodes), (before.links, after.links))
        for owner, properties in later.items()
        for name, kind in properties.items()
        if earlier.get(owner, {}).get(name, kind) != kind
    ]
    if faults:
        message = tr(
            "properties have another type than in {address}: {faults}",
            address=connection.address,
            faults=", ".join(faults),
        )
        raise StoreError(message, hint=tr("correct the column, or load with --replace"))


def _named(name: str, identity: str) -> str:
    return f"{name} ({identity[:12]})"


def _both(before: Schema, after: Schema) -> Schema:
    """The properties of two schemas; the later one says of which type."""
    return replace(after, nodes=_merged(before.nodes, after.nodes), links=_merged(before.links, after.links))


def _merged(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    return {name: {**before.get(name, {}), **after.get(name, {})} for name in dict.fromkeys([*after, *before])}


def foreign_data(connection: Connection, plans: Sequence[TablePlan]) -> list[str]:
    """Everything of somebody else's that would go, or stand in the way, if what these plans remove is removed.

    That is a link of another type on a node that goes, a link of ours from or to a node of nobody's, and a node with
    two labels of the model, which we never give.
    """
    types = [plan.target.name for plan in plans if plan.target.link]
    labels = [plan.target.name for plan in plans if not plan.target.link]
    found: list[str] = []
    for plan in (plan for plan in plans if plan.removed.num_rows):
        if plan.target.link:
            found += _loose_ends(connection, plan)
        else:
            found += _hanging(connection, plan, types, labels)
    return found


def _hanging(connection: Connection, plan: TablePlan, types: list[str], labels: list[str]) -> Iterator[str]:
    text = _OTHERS.format(label=name_text(plan.target.name))
    for keys in _keys(plan.removed):
        for identifier, name, own, kind, label, count in connection.rows(
            text, {"keys": keys, "types": types, "labels": labels}
        ):
            node = f"{plan.target.name} {identifier}" + (f" ({name})" if name and name != identifier else "")
            if kind is None:
                yield tr("{node} has several labels: {own}", node=node, own=", ".join(sorted(own)))
            else:
                yield tr(
                    "{node} has {count} {kind} of {label}",
                    node=node,
                    count=count,
                    kind=kind,
                    label=label or tr("a node without a label"),
                )


def _loose_ends(connection: Connection, plan: TablePlan) -> Iterator[str]:
    loose = plan.removed.filter(pc.or_(pc.is_null(plan.removed["_from_label"]), pc.is_null(plan.removed["_to_label"])))
    for keys in _keys(loose):
        for row in connection.rows(_ENDS.format(kind=name_text(plan.target.name)), {"keys": keys}):
            (one, first), (other, second) = row[:2], row[2:]
            nobody = tr("a node without a label")
            ends = [f"{label or nobody} {key or ''}".strip() for label, key in ((one, first), (other, second))]
            yield tr("{name} from {source} to {target}", name=plan.target.name, source=ends[0], target=ends[1])


def _keys(rows: pa.Table) -> Iterator[list[str]]:
    for start in range(0, rows.num_rows, CHUNK):
        yield rows[KEY].slice(start, CHUNK).to_pylist()
