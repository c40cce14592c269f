"""What is removed: organisations by name or id, nodes by a condition, links by type, the partners in a country."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index.arrays import IntArray
from ecosystem.messages import either, tr, tr_later
from ecosystem.query import Schema, parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY
from ecosystem.regions.hierarchy import fold
from ecosystem.removals import NO_CODES, Removals
from ecosystem.scoring import Scores
from ecosystem.store import GraphStore

_CONDITION = re.compile(r"\s*(\w+)\s*(=|!=|<=|>=|<|>)\s*(.*?)\s*")
_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
EXAMPLE = tr_later(
    'for example "label=Company,region=北京市"; conditions are NAME=VALUE, or with != < <= > >=, joined by commas'
)


LISTED = 10
"""How many nodes of one name are listed."""
COMPARED = 500
"""How many names, those that share most pairs of letters, are compared with a wrong one."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Nodes and links that are removed together, and what they are in words; `named` is the same without ids."""

    words: str
    nodes: IntArray
    links: IntArray
    named: str = ""

    @property
    def removals(self) -> Removals:
        """One variant without all of them."""
        return Removals.together(self.nodes, self.links)


def select(
    scores: Scores,
    store: GraphStore,
    *,
    entities: Sequence[str] = (),
    where: str | None = None,
    links: Sequence[str] = (),
    partner_country: str | None = None,
) -> Selection:
    """Everything that any of the four ways of choosing means. UsageError where none is given."""
    parts = []
    if entities:
        found = [find_entity(store, text) for text in entities]
        words, names = ("; ".join(texts) for texts in (map(str, found), (entity.name or entity.id for entity in found)))
        parts.append(Selection(words, np.array([entity.code for entity in found]), NO_CODES, names))
    if where is not None:
        parts.append(_where(scores, store, where))
    parts += [_links(store, kind) for kind in links]
    if partner_country is not None:
        parts.append(_partners(scores, store, partner_country))
    if not parts:
        raise UsageError(tr("choose what to remove"), hint=tr("give --entity, --where, --link or --partner-country"))
    nodes, loose = (np.unique(np.concatenate([getattr(part, name) for part in parts])) for name in ("nodes", "links"))
    words, names = (
        "; ".join(texts) for texts in zip(*((part.words, part.named or part.words) for part in parts), strict=True)
    )
    return Selection(words, nodes, loose, names)


def node_labels(store: GraphStore) -> tuple[str, ...]:
    """The labels of what may be taken out and is there: any but regions and their values."""
    schema = store.schema
    labels = (label for label in schema.model.labels.values() if label.name not in HIERARCHY and not label.keyless)
    return tuple(label.name for label in labels if schema.counts.get(label.name))


def _where(scores: Scores, store: GraphStore, text: str) -> Selection:
    """The nodes that fulfil every condition of a text like `label=Company,region=北京市,patents>=100`."""
    conditions = [_condition(part, text) for part in text.split(",")]
    labels = [value for name, _, value in conditions if name == "label"]
    places = [value for name, _, value in conditions if name == "region"]
    for name, operator, _ in conditions:
        if name in ("label", "region") and operator != "=":
            raise UsageError(
                tr("--where {text!r}: {name} can only be compared with =", text=text, name=name), hint=tr(EXAMPLE)
            )
    region = scores.regions.resolve(places[0]) if places else None
    known = node_labels(store)
    if len(labels) > 1 or len(places) > 1:
        raise UsageError(
            tr("--where {text!r} names two labels or two regions", text=text),
            hint=tr("name one of each: all conditions hold together"),
        )
    if labels and labels[0] not in known:
        raise UsageError(
            tr("--where {text!r}: unknown label {label!r}", text=text, label=labels[0]),
            hint=did_you_mean(labels[0], known),
        )
    rest = [condition for condition in conditions if condition[0] not in ("label", "region")]
    chosen = [label for label in labels or known if _has(store.schema, label, rest)]
    if not chosen:
        names = {name for label in labels or known for name in store.schema.node_properties(label)}
        wrong = next((name for name, _, _ in rest if name not in names), rest[0][0])
        raise UsageError(
            tr("--where {text!r}: these nodes have no property {name!r}", text=text, name=wrong),
            hint=did_you_mean(wrong, names),
        )
    found = [_nodes(store, label, rest, region, text) for label in chosen]
    nodes = np.concatenate(found)
    if not len(nodes):
        raise InputError(
            tr("--where {text!r} matches nothing", text=text), hint=tr("ecosystem query shows what there is")
        )
    return Selection(tr("{country}: {count:,} nodes", country=text, count=len(nodes)), nodes, NO_CODES)


def _condition(part: str, text: str) -> tuple[str, str, str]:
    found = _CONDITION.fullmatch(part)
    if found is None or not found.group(3):
        raise UsageError(
            tr("--where {text!r}: {part!r} is not a condition", text=text, part=part.strip()), hint=tr(EXAMPLE)
        )
    return found.group(1), found.group(2), found.group(3)


def _has(schema: Schema, label: str, conditions: Sequence[tuple[str, str, str]]) -> bool:
    return all(schema.node_property(label, name) for name, _, _ in conditions)


def _nodes(
    store: GraphStore, label: str, conditions: Sequence[tuple[str, str, str]], region: str | None, text: str
) -> IntArray:
    schema = store.schema
    lines, parameters = [f"MATCH (n:{name_text(label)})"], dict[str, object]()
    for number, (name, operator, value) in enumerate(conditions, 1):
        lines.append(f"{'AND' if number > 1 else 'WHERE'} n.{name_text(name)} {_OPERATORS[operator]} $value{number}")
        parameters[f"value{number}"] = _value(value, schema.node_property(label, name) or "string", text)
    if region is not None:
        if label not in schema.link("LOCATED_IN").sources:
            return NO_CODES
        lines.append("MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(:Region {id: $region})")
        parameters["region"] = region
    query = parse("\n".join([*lines, "RETURN n AS code"]))
    return np.asarray(store.query(query, parameters).read_all()["code"].to_numpy(), dtype=np.int64)


def _value(text: str, kind: str, whole: str) -> str | int | float | bool | date:
    """The value of a condition in the type of its property."""
    try:
        match kind:
            case "integer":
                return int(text)
            case "float":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}[text.lower()]
            case "date":
                return date.fromisoformat(text)
            case _:
                return text
    except (ValueError, KeyError) as err:
        raise UsageError(
            tr("--where {whole!r}: {text!r} is not a value of type {kind}", whole=whole, text=text, kind=kind),
            hint=tr(EXAMPLE),
        ) from err


def _links(store: GraphStore, kind: str) -> Selection:
    schema = store.schema
    known = [link.name for link in schema.model.links.values() if link.name not in HIERARCHY]
    if kind not in known:
        raise UsageError(tr("there is no link type {kind!r} to remove", kind=kind), hint=did_you_mean(kind, known))
    if not schema.counts.get(kind):
        raise InputError(tr("the dataset has no {kind} link", kind=kind))
    links = store.entities.of(kind).index.to_numpy()
    return Selection(tr("{kind}: {count:,} links", kind=kind, count=len(links)), NO_CODES, links)


def _partners(scores: Scores, store: GraphStore, text: str) -> Selection:
    """Every node located in a country that ranks no region of its own."""
    country = scores.regions.resolve(text, level="country")
    within = {low for low, above in scores.regions.closure() if above == country}
    if within & set(scores.standing.regions):
        message = tr(
            "{country} has ranked regions, so its organisations are not partners from abroad",
            country=scores.regions[country],
        )
        raise InputError(message, hint=tr("name another country, or choose with --where"))
    found = [_nodes(store, label, (), country, text) for label in node_labels(store)]
    nodes = np.concatenate(found) if found else NO_CODES
    if not len(nodes):
        raise InputError(
            tr("no organisation is located in {country}", country=scores.regions[country]),
            hint=tr("ecosystem regions list has the countries"),
        )
    return Selection(
        tr("{country}: {count:,} nodes", country=scores.regions[country], count=len(nodes)), nodes, NO_CODES
    )


@dataclass(frozen=True, slots=True)
class Entity:
    """A node that may be removed: its label, id and name, and its code."""

    label: str
    id: str
    name: str
    code: int

    def __str__(self) -> str:
        return f"{self.name or self.id} ({self.label}, {self.id})"


def find_entity(store: GraphStore, text: str) -> Entity:
    """The node with this id, else the one with this name, whatever its case, width and white space.

    Raises InputError that names the nearest three where there is none, and lists them where there are several.
    """
    found = _exact(store, text) or _folded(store, text)
    by_id = [entity for entity in found if entity.id == text]
    if len(by_id or found) == 1:
        return (by_id or found)[0]
    if found:
        listed = "; ".join(str(entity) for entity in found[:LISTED]) + ("; ..." if len(found) > LISTED else "")
        message = tr(
            "{text!r} is the name of {count} organisations: {names}", text=text, count=len(found), names=listed
        )
        finding = Finding("error", "ambiguous_entity", message, value=text, hint=tr("write its id"))
    else:
        finding = Finding("error", "unknown_entity", _unknown(store, text), value=text, hint=_nearest(store, text))
    raise InputError(tr("it is not clear which organisation is meant"), findings=[finding])


def _exact(store: GraphStore, text: str) -> list[Entity]:
    """Every node whose id or name is the text to the letter."""
    found = []
    for label in node_labels(store):
        pattern = f"MATCH (n:{name_text(label)}) WHERE n.id = $text OR n.name = $text"
        query = parse(f"{pattern} RETURN n AS code, n.id AS id, n.name AS name")
        table = store.query(query, {"text": text}).read_all()
        columns = zip(table["id"].to_pylist(), table["name"].to_pylist(), table["code"].to_pylist(), strict=True)
        found += [Entity(label, node, name or "", code) for node, name, code in columns]
    return found


def _folded(store: GraphStore, text: str) -> list[Entity]:
    """Every node whose name differs from the text in case, width or white space alone."""
    frame, folded = _all_nodes(store), fold(text)
    if not folded:
        return []
    likely = frame[frame["name"].str.len().between(len(folded) // 2, 4 * len(text) + 4)]
    # an array, since pandas takes an empty list for no columns
    hits = likely[np.array([fold(name) == folded for name in likely["name"]], dtype=bool)]
    columns = (hits[name].tolist() for name in ("kind", "id", "name"))
    return [Entity(*row) for row in zip(*columns, hits.index.tolist(), strict=True)]


def _all_nodes(store: GraphStore) -> pd.DataFrame:
    return pd.concat([store.entities.of(label).assign(kind=label) for label in node_labels(store)])


def _unknown(store: GraphStore, text: str) -> str:
    regions = store.entities.of("Region")
    if ((regions["id"] == text) | (regions["name"] == text)).any():
        return tr("{text!r} is a region: regions cannot be removed", text=text)
    return tr("nothing has the name or the id {text!r}", text=text)


def _nearest(store: GraphStore, text: str) -> str:
    """A hint with the three nodes whose names or ids are nearest."""
    frame = _all_nodes(store)
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
        return tr("ecosystem query finds nodes by any property")
    names = (str(Entity(row["kind"], row["id"], row["name"], 0)) for row in near)
    return tr("did you mean {names}?", names=either(names))
