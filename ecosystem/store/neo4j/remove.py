"""What somebody else hung on a dataset: it is named, and then nothing is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import CHUNK, Client
from ecosystem.store.neo4j.plan import Step
from ecosystem.store.neo4j.there import KEY

_OTHERS = """\
UNWIND $keys AS key
MATCH (x:{label}) WHERE elementId(x) = key
OPTIONAL MATCH (x)-[t]-(o) WHERE NOT type(t) IN $types
WITH x, type(t) AS kind, head(labels(o)) AS label, count(t) AS count
WHERE count > 0 OR size([l IN labels(x) WHERE l IN $labels]) > 1
RETURN x.id, x.name, [l IN labels(x) WHERE l IN $labels], kind, label, count ORDER BY x.id, kind, label"""
_ENDS = "MATCH (a)-[x:{kind}]->(b) WHERE elementId(x) IN $keys RETURN head(labels(a)), a.id, head(labels(b)), b.id"


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
