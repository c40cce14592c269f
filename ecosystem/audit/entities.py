"""The one node that a name or an id means."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.codes import Codes, node_labels
from ecosystem.errors import Finding, InputError
from ecosystem.query import Query
from ecosystem.query.tree import Binary, Item, Match, NodePattern, Parameter, Path, PropertyOf, Variable
from ecosystem.regions.hierarchy import fold

LISTED = 10
"""How many nodes of one name are listed."""
COMPARED = 500
"""How many names, those that share most pairs of letters, are compared with a wrong one."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A node that may be taken out: its label, id and name, and its code."""

    label: str
    id: str
    name: str
    code: int

    def __str__(self) -> str:
        return f"{self.name or self.id} ({self.label}, {self.id})"


def find_entity(codes: Codes, text: str) -> Entity:
    """The node with this id, else the one with this name, whatever its case, width and white space.

    Raises InputError that names the nearest three where there is none, and lists them where there are several.
    """
    found = _exact(codes, text) or _folded(codes, text)
    by_id = [entity for entity in found if entity.id == text]
    if len(by_id or found) == 1:
        return (by_id or found)[0]
    if found:
        listed = "; ".join(str(entity) for entity in found[:LISTED]) + ("; ..." if len(found) > LISTED else "")
        message = f"{text!r} is the name of {len(found)}: {listed}"
        finding = Finding("error", "ambiguous_entity", message, value=text, hint="write the id")
    else:
        finding = Finding("error", "unknown_entity", _unknown(codes, text), value=text, hint=_nearest(codes, text))
    raise InputError("no single organisation is meant", findings=[finding])


def _exact(codes: Codes, text: str) -> list[Entity]:
    """Every node whose id or name is the text to the letter."""
    same = (Binary("=", PropertyOf("n", name), Parameter("text")) for name in ("id", "name"))
    where = Binary("OR", *same)
    items = (Item(Variable("n"), "key"), Item(PropertyOf("n", "id"), "id"), Item(PropertyOf("n", "name"), "name"))
    found = []
    for label in node_labels(codes.store):
        query = Query((Match((Path((NodePattern("n", (label,)),), ()),), where),), items)
        table = codes.store.query(query, {"text": text}).read_all()
        columns = zip(table["id"].to_pylist(), table["name"].to_pylist(), codes.of(table["key"]).tolist(), strict=True)
        found += [Entity(label, node, name or "", code) for node, name, code in columns]
    return found


def _folded(codes: Codes, text: str) -> list[Entity]:
    """Every node whose name differs from the text in case, width or white space alone."""
    frame, wanted = _everyone(codes), fold(text)
    if not wanted:
        return []
    likely = frame[frame["name"].str.len().between(len(wanted) // 2, 4 * len(text) + 4)]
    hits = likely[[fold(name) == wanted for name in likely["name"]]]
    columns = (hits[name].tolist() for name in ("kind", "id", "name"))
    return [Entity(*row) for row in zip(*columns, hits.index.tolist(), strict=True)]


def _everyone(codes: Codes) -> pd.DataFrame:
    return pd.concat([codes.entities(label) for label in node_labels(codes.store)])


def _unknown(codes: Codes, text: str) -> str:
    regions = codes.entities("Region")
    if ((regions["id"] == text) | (regions["name"] == text)).any():
        return f"{text!r} is a region: it is not taken out of the hierarchy"
    return f"nothing is called {text!r}, and nothing has that id"


def _nearest(codes: Codes, text: str) -> str:
    """A hint with the three nodes whose names or ids are nearest."""
    frame = _everyone(codes)
    labels = pd.concat([frame["name"], frame["id"]]).to_numpy(dtype="str")
    places = np.tile(np.arange(len(frame)), 2)
    folded = np.char.lower(labels)
    pairs = {text.lower()[at : at + 2] for at in range(max(len(text) - 1, 1))}
    shared = np.zeros(len(labels), np.int64)
    for pair in sorted(pairs):
        shared += np.char.find(folded, pair) >= 0
    best = np.argsort(-shared, kind="stable")[:COMPARED]
    best = best[shared[best] > 0]
    likeness = [difflib.SequenceMatcher(None, text.lower(), folded[at]).ratio() for at in best]
    order = dict.fromkeys(places[best[at]] for at in np.argsort(-np.array(likeness), kind="stable"))
    near = [frame.iloc[place] for place in list(order)[:3]]
    if not near:
        return "ecosystem query finds nodes by any property"
    return f"did you mean {' or '.join(str(Entity(row['kind'], row['id'], row['name'], 0)) for row in near)}?"
