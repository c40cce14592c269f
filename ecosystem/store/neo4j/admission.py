"""Whether a dataset may be loaded into a database: in which way, and what of somebody else's stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.query import Schema
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.changes import Mode, Step
from ecosystem.store.neo4j.driver import CHUNK, Client
from ecosystem.store.neo4j.marker import Contents, State, contents_of, read_contents, refuse_other_version, survey
from ecosystem.store.neo4j.sides import KEY

_WAYS = "load with --update to add and change, or with --replace to also take away what it does not have"
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
    before: Contents | None
    dataset: Dataset

    @property
    def under_way(self) -> Contents:
        """What the mark says until the load is whole: the properties of both datasets may be there."""
        wanted = contents_of(self.dataset, _STATES[self.mode])
        if self.before is None:
            return wanted
        return replace(self._named(wanted), schema=_both(self.before.schema, wanted.schema))

    def done(self, steps: Sequence[Step]) -> Contents:
        """What the mark says when the load is whole."""
        wanted = contents_of(self.dataset, "ready")
        if self.before is None or self.mode != "update" or not any(step.kept for step in steps):
            return wanted
        counts = {step.wanted.name: step.rows for step in steps}
        return replace(self._named(wanted), schema=replace(_both(self.before.schema, wanted.schema), counts=counts))

    def _named(self, wanted: Contents) -> Contents:
        """The contents with a hash of their own where the dataset is not all that is there.

        The same update on the same graph has the same hash, however often it was begun.
        """
        if self.before is None or self.mode != "update":
            return wanted
        if self.before.latest == self.dataset.hash:
            return replace(wanted, dataset=replace(wanted.dataset, hash=self.before.dataset.hash))
        both = hashlib.sha256(f"{self.before.dataset.hash} {self.dataset.hash}".encode()).hexdigest()
        return replace(wanted, dataset=replace(wanted.dataset, hash=both))


def admit(client: Client, dataset: Dataset, asked: Mode) -> Admission:
    """How a dataset may be loaded. Raises StoreError when it must not be.

    What broke off goes on as it was begun.
    """
    before = read_contents(client, dataset.model)
    if before is None:
        found = survey(client)
        if found:
            message = f"{client.address} is not empty, and no store of this program: it holds {found}"
            raise StoreError(message, hint="name another database, or empty this one yourself: it is left as it is")
        return Admission("load", None, dataset)
    if asked == "replace":
        return Admission("replace", before, dataset)
    refuse_other_version(before, dataset.model, client.address)
    if before.latest == dataset.hash:
        return Admission(_going_on(before), before, dataset)
    if asked == "load":
        there, mine = _named(before.dataset.name, before.dataset.hash), _named(dataset.name, dataset.hash)
        raise StoreError(f"{client.address} holds another dataset, {there}, not {mine}", hint=_WAYS)
    if before.state != "ready":
        message = f"the load of {before.dataset.name} into {client.address} has not finished"
        raise StoreError(message, hint="load that dataset again first, or load this one with --replace")
    _refuse_other_types(client, before.schema, contents_of(dataset, "ready").schema)
    return Admission("update", before, dataset)


def _going_on(before: Contents) -> Mode:
    """How the dataset that was loaded last is loaded again."""
    if before.state == "replacing":
        return "replace"
    return "load" if before.dataset.hash == before.latest and before.state != "updating" else "update"


def _refuse_other_types(client: Client, there: Schema, wanted: Schema) -> None:
    """Raise StoreError for a property that would be of one type in some nodes and of another in others."""
    faults = [
        f"{owner}.{name} is {kind}, and {earlier[owner][name]} there"
        for earlier, later in ((there.nodes, wanted.nodes), (there.links, wanted.links))
        for owner, properties in later.items()
        for name, kind in properties.items()
        if earlier.get(owner, {}).get(name, kind) != kind
    ]
    if faults:
        message = f"properties have another type than in {client.address}: {', '.join(faults)}"
        raise StoreError(message, hint="mend the column, or load with --replace")


def _named(name: str, identity: str) -> str:
    return f"{name} ({identity[:12]})"


def _both(before: Schema, after: Schema) -> Schema:
    """The properties of two schemas; the later one says of which type."""
    return replace(after, nodes=_merged(before.nodes, after.nodes), links=_merged(before.links, after.links))


def _merged(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    return {name: {**before.get(name, {}), **after.get(name, {})} for name in dict.fromkeys([*after, *before])}


def others_on(client: Client, steps: Sequence[Step]) -> list[str]:
    """Everything of somebody else's that would go, or stand in the way, if the rows of these steps are taken away.

    That is a link of another type on a node that goes, a link of ours from or to a node of nobody's, and a node with
    two labels of the model, which we never give.
    """
    types = [step.wanted.name for step in steps if step.wanted.link]
    labels = [step.wanted.name for step in steps if not step.wanted.link]
    found: list[str] = []
    for step in (step for step in steps if step.removed.num_rows):
        if step.wanted.link:
            found += _loose_ends(client, step)
        else:
            found += _hanging(client, step, types, labels)
    return found


def _hanging(client: Client, step: Step, types: list[str], labels: list[str]) -> Iterator[str]:
    text = _OTHERS.format(label=name_text(step.wanted.name))
    for keys in _keys(step.removed):
        for identifier, name, own, kind, label, count in client.rows(
            text, {"keys": keys, "types": types, "labels": labels}
        ):
            node = f"{step.wanted.name} {identifier}" + (f" ({name})" if name and name != identifier else "")
            if kind is None:
                yield f"{node} has several labels: {', '.join(sorted(own))}"
            else:
                yield f"{node} has {count} {kind} of {label or 'a node without a label'}"


def _loose_ends(client: Client, step: Step) -> Iterator[str]:
    loose = step.removed.filter(pc.or_(pc.is_null(step.removed["_from_label"]), pc.is_null(step.removed["_to_label"])))
    for keys in _keys(loose):
        for row in client.rows(_ENDS.format(kind=name_text(step.wanted.name)), {"keys": keys}):
            (one, first), (other, second) = row[:2], row[2:]
            ends = [
                f"{label or 'a node without a label'} {key or ''}".strip()
                for label, key in ((one, first), (other, second))
            ]
            yield f"{step.wanted.name} from {ends[0]} to {ends[1]}"


def _keys(rows: pa.Table) -> Iterator[list[str]]:
    for start in range(0, rows.num_rows, CHUNK):
        yield rows[KEY].slice(start, CHUNK).to_pylist()
