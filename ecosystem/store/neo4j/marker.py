"""The node that marks a database as ours and says what it holds, and the server's own count of what is there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from ecosystem.dataset.dataset import Dataset
from ecosystem.dataset.own_model import model_of_text, model_text
from ecosystem.errors import StoreError
from ecosystem.messages import tr, tr_later
from ecosystem.model import Model
from ecosystem.query import Schema
from ecosystem.query.printer import name_text
from ecosystem.store.base import OTHER_MODEL, LoadedDataset
from ecosystem.store.neo4j.connection import OPENING_SECONDS, Connection
from ecosystem.tables.words import PROPERTY_TYPES

FORMAT = 1
"""Version of how a dataset lies in the database; another one is refused."""
MARKER = "_Ecosystem"
"""The label of the one node that is no part of the dataset."""
RELOAD = tr_later("load the dataset again: ecosystem load DIR --store {store}")

State = Literal["loading", "updating", "replacing", "ready"]
"""What a load was doing when it stopped: writing all of it, changing what another one had left, or replacing that."""

_FIELDS = ("name", "hash", "latest", "model_version", "model_hash", "model", "format", "state", "schema")


_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Marker:
    """What the marker says. `latest` is the hash of the dataset that was loaded last, which may have been an update."""

    dataset: LoadedDataset
    format: int
    state: State
    schema: Schema
    latest: str


def marker_of(dataset: Dataset, state: State) -> Marker:
    """What the marker of a dataset says."""
    loaded = LoadedDataset(dataset.name, dataset.hash, dataset.model.version, dataset.model.hash)
    return Marker(loaded, FORMAT, state, _schema_of(dataset), dataset.hash)


def read_marker(connection: Connection, model: Model | None, patience: float = OPENING_SECONDS) -> Marker | None:
    """What the database's marker says, of a graph of that model or else of the one that it names; None without one.

    Raises StoreError for one that nobody can read, or where the server has not answered in `patience` seconds.
    """
    columns = ", ".join(f"m.{field} AS {field}" for field in _FIELDS)
    rows = connection.rows(f"MATCH (m:{MARKER} {{id: 'dataset'}}) RETURN {columns}", timeout=patience)
    if not rows:
        return None
    try:
        (facts,) = (dict(zip(_FIELDS, row, strict=True)) for row in rows)
        held = json.loads(facts["schema"])
        model = model or model_of_text(facts["model"] or "")
        loaded = LoadedDataset(facts["name"], facts["hash"], facts["model_version"], facts["model_hash"] or "")
        schema = Schema(model, held["nodes"], held["links"], held["counts"])
        return Marker(loaded, facts["format"], facts["state"], schema, facts["latest"] or loaded.hash)
    except (ValueError, TypeError, KeyError) as err:
        hint = tr(
            "empty the database yourself (MATCH (n) DETACH DELETE n), then load the dataset again: "
            "ecosystem load DIR --store {store}",
            store=connection.address,
        )
        raise StoreError(tr("the mark of {address} is damaged", address=connection.address), hint=hint) from err


def refuse_other_version(marker: Marker, model: Model, where: object) -> None:
    """Raise StoreError for a graph that was made with another model, or by a version that lays it out otherwise."""
    hint = tr("load the dataset again: ecosystem load DIR --store {store} --replace", store=where)
    if marker.format != FORMAT:
        message = tr(
            "{store} was written by another version (format {found}, not {expected})",
            store=where,
            found=marker.format,
            expected=FORMAT,
        )
        raise StoreError(message, hint=hint)
    if marker.dataset.model_hash != model.hash:
        raise StoreError(tr(OTHER_MODEL, store=where), hint=hint)


def marker_properties(marker: Marker) -> dict[str, Any]:
    """The properties of the marker."""
    schema = marker.schema
    return {
        "name": marker.dataset.name,
        "hash": marker.dataset.hash,
        "latest": marker.latest,
        "model_version": marker.dataset.model_version,
        "model_hash": marker.dataset.model_hash,
        "model": model_text(schema.model) or None,
        "format": marker.format,
        "state": marker.state,
        "schema": json.dumps({"nodes": schema.nodes, "links": schema.links, "counts": schema.counts}),
    }


def _schema_of(dataset: Dataset) -> Schema:
    """What the embedded store says of the same dataset, but for the ranges that only its sums need."""
    model = dataset.model
    counts = {name: _rows(dataset, name) for name in (*model.labels, *model.links)}
    nodes = {name: _types(dataset.nodes.get(name), set(label.properties)) for name, label in model.labels.items()}
    links = {name: _types(dataset.links.get(name), set(link.properties)) for name, link in model.links.items()}
    return Schema(model, nodes, links, counts)


def _rows(dataset: Dataset, name: str) -> int:
    table = dataset.nodes.get(name, dataset.links.get(name))
    return table.num_rows if table is not None else 0


def _types(table: pa.Table | None, known: set[str]) -> dict[str, str]:
    """The properties of a table in the model's words, without those of the model that have no value."""
    if table is None:
        return {"id": "string"}
    return {name: PROPERTY_TYPES.get(table[name].type, "string") for name in properties_of(table, known)}


def properties_of(table: pa.Table, known: set[str]) -> list[str]:
    """The property columns of a table, `id` among them; one that the model knows is left out where it has no value."""
    names = [name for name in table.column_names if not name.startswith("_")]
    return [name for name in names if name not in known or table[name].null_count < table.num_rows]


@dataclass(frozen=True, slots=True)
class Counts:
    """The labels and link types of which there is anything, with their numbers."""

    nodes: Mapping[str, int]
    links: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.links)

    def __str__(self) -> str:
        """`Person 133, Movie 38`, the most first; the others are only counted."""
        parts = sorted({**self.nodes, **self.links}.items(), key=lambda part: -part[1])
        nameless = tr("nodes without a label")
        listed = ", ".join(f"{name or nameless} {count:,}" for name, count in parts[:_SHOWN])
        return (
            tr("{listed} and {count} kinds more", listed=listed, count=len(parts) - _SHOWN)
            if len(parts) > _SHOWN
            else listed
        )

    def without(self, nodes: Collection[str], links: Collection[str]) -> Counts:
        """The same without these labels and types."""
        return Counts(
            {name: count for name, count in self.nodes.items() if name not in nodes},
            {name: count for name, count in self.links.items() if name not in links},
        )


def count_everything(connection: Connection) -> Counts:
    """Everything that is there."""
    labels = [row[0] for row in connection.rows("CALL db.labels() YIELD label RETURN label")]
    types = [
        row[0] for row in connection.rows("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type")
    ]
    found = count(connection, labels, types)
    unlabelled = connection.rows("MATCH (n) RETURN count(n)")[0][0] - sum(found.nodes.values())
    if unlabelled > 0:  # with several labels a node is counted twice, so that it can be less
        return Counts({**found.nodes, "": unlabelled}, found.links)
    return found


def count(connection: Connection, labels: Collection[str], types: Collection[str]) -> Counts:
    """How many nodes there are of these labels and links of these types; none is left out."""
    nodes = _counted(connection, {label: f"MATCH (x:{name_text(label)})" for label in labels})
    links = _counted(connection, {kind: f"MATCH ()-[x:{name_text(kind)}]->()" for kind in types})
    return Counts(
        {name: count for name, count in nodes.items() if count}, {name: count for name, count in links.items() if count}
    )


def _counted(connection: Connection, matches: Mapping[str, str]) -> dict[str, int]:
    """One question for all: the server looks each number up."""
    names = list(matches)
    parts = [f"{match} RETURN {place} AS place, count(x) AS count" for place, match in enumerate(matches.values())]
    rows = connection.rows("\nUNION ALL\n".join(parts)) if parts else []
    return {names[place]: count for place, count in rows}
