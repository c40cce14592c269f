"""The vocabulary of the graph: labels, link types and their properties, read from `data/model.toml`."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from ecosystem.messages import in_language, spoken
from ecosystem.resources import resource

PropertyType = Literal["string", "integer", "float", "boolean", "date"]
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or a link. `minimum` and `maximum` are inclusive; `default` replaces a blank cell.

    `words` are pairs of a Chinese word and the value that it stands for; the first word of a value is its name.
    """

    name: str
    type: PropertyType
    unit: str = ""
    zh: str = ""
    en: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    default: Scalar | None = None
    words: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        """The Chinese heading of the column, with the unit where a number would have several: 估值（百万元）."""
        return f"{self.zh}（{in_language('zh', self.unit, 'unit')}）" if self.unit and self.type == "float" else self.zh

    @property
    def headings(self) -> tuple[str, ...]:
        """What the column may be called in Chinese: with its unit, in brackets of either width, or without."""
        return (self.heading, self.heading.replace("（", "(").replace("）", ")"), self.zh) if self.zh else ()

    def meant(self, word: str) -> str:
        """The value that a Chinese word stands for; any other text as it is."""
        return dict(self.words).get(word, word)

    def named(self, value: str) -> str:
        """A value in the language that is spoken; as it is where it has no Chinese name."""
        if spoken() == "en":
            return value
        return next((word for word, meant in self.words if meant == value), value)


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of node. `table` names its file; a `keyless` label's ids are made from its content."""

    name: str
    table: str
    zh: str
    en: str
    properties: Mapping[str, Property]
    organisation: bool = False
    keyless: bool = False


@dataclass(frozen=True, slots=True)
class LinkType:
    """A kind of link and the labels at its two ends. A `derived` type is made at load and has no file."""

    name: str
    table: str
    zh: str
    en: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    properties: Mapping[str, Property]
    directed: bool = True
    at_most_one: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """All labels and link types, in the order of the file."""

    version: int
    labels: Mapping[str, Label]
    links: Mapping[str, LinkType]

    @property
    def hash(self) -> str:
        """SHA-256 of what decides what is stored: all but the words in which a person reads it."""
        return hashlib.sha256(json.dumps(_without_words(asdict(self)), sort_keys=True).encode()).hexdigest()

    @property
    def mark(self) -> str:
        """How the hash of a dataset names the model it was read with: the shipped one by its version, others by hash.

        So the same files are another dataset when the model is another.
        """
        version = f"model {self.version}"
        return version if self.hash == load_model().hash else f"{version} {self.hash}"

    @property
    def organisations(self) -> tuple[str, ...]:
        """The labels that count as an organisation: Company, Investor, University, Institute."""
        return tuple(label.name for label in self.labels.values() if label.organisation)

    @property
    def link_tables(self) -> tuple[LinkType, ...]:
        """The link types that a dataset has a file for."""
        return tuple(link for link in self.links.values() if not link.derived)


def _without_words(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {name: _without_words(value) for name, value in entry.items() if name not in ("zh", "en", "words")}


@cache
def load_model() -> Model:
    """The model of this version of the package: what a caller gets who hands in none of his own.

    Called where a dataset is read, made or imported and where a store is opened; everything behind takes the model from
    the dataset or from the schema of the store.
    """
    with resource("data", "model.toml").open("rb") as file:
        text = tomllib.load(file)
    return Model(
        version=text["version"],
        labels={name: _label(name, entry, text["node_properties"]) for name, entry in text["labels"].items()},
        links={name: _link(name, entry, text["link_properties"]) for name, entry in text["links"].items()},
    )


def _label(name: str, entry: dict[str, Any], common: dict[str, Any]) -> Label:
    shared = {key: value for key, value in common.items() if key != "in_sample" or entry.get("in_sample", True)}
    return Label(
        name=name,
        table=entry["table"],
        zh=entry["zh"],
        en=entry["en"],
        properties=_properties(shared | entry.get("properties", {})),
        organisation=entry.get("organisation", False),
        keyless=entry.get("keyless", False),
    )


def _link(name: str, entry: dict[str, Any], common: dict[str, Any]) -> LinkType:
    return LinkType(
        name=name,
        table=entry["table"],
        zh=entry["zh"],
        en=entry["en"],
        sources=tuple(entry["from"]),
        targets=tuple(entry["to"]),
        properties=_properties(common | entry.get("properties", {})),
        directed=entry.get("directed", True),
        at_most_one=entry.get("at_most_one", False),
        derived=entry.get("derived", False),
    )


def _properties(entries: dict[str, dict[str, Any]]) -> Mapping[str, Property]:
    return {
        name: Property(
            **entry
            | {"name": name, "values": tuple(entry.get("values", ())), "words": tuple(entry.get("words", {}).items())}
        )
        for name, entry in entries.items()
    }


ENDS: Mapping[str, Property] = {
    "from": Property("from", "string", zh="起点", en="where the link begins", required=True),
    "to": Property("to", "string", zh="终点", en="where the link ends", required=True),
}
"""The columns of every table of links that hold the ids of its two ends."""


def kind_word(name: str) -> str:
    """A label or a link type in the language that is spoken; as it is where the model has no such."""
    known = load_model()
    kind = known.labels.get(name) or known.links.get(name)
    return name if kind is None or spoken() == "en" else kind.zh


def column_named(heading: str, known: Mapping[str, Property]) -> str:
    """The column that a heading of either language names: `layer` for 层次; any other heading as it is."""
    return next((name for name, entry in known.items() if heading in entry.headings), heading)


def unit_word(unit: str) -> str:
    """A unit in the language that is spoken."""
    return in_language(spoken(), unit, "unit") if unit else unit


def level_named(word: str, known: Collection[str] = ()) -> str:
    """The level that a word of either language names: `province` for 省 and 省级.

    A word that is `known`, or that the model does not have, is a level of the user's own and stays as it is.
    """
    return word if word in known else load_model().labels["Region"].properties["level"].meant(word)


def level_word(level: str) -> str:
    """A level in the language that is spoken: 省级 for `province`; a level of the user's own as it is."""
    return load_model().labels["Region"].properties["level"].named(level)
