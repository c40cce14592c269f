"""The vocabulary of the graph: labels, link types and their properties, read from `data/model.toml`."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Literal

from ecosystem.messages import in_language, spoken
from ecosystem.resources import resource

PropertyType = Literal["string", "integer", "float", "boolean", "date"]
Scalar = str | int | float | bool

CURRENCY = "CNY"
"""The currency of the amounts of the shipped model: its properties of money end in `_cny_m`, millions of it."""
CURRENCIES = ("AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "HKD", "ILS", "INR", "JPY", "KRW", "SEK", "SGD", "TWD", "USD")
"""Others whose millions have a Chinese name; a dataset may have any."""


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
        name = self.zh or self.name
        return f"{name}（{in_language('zh', self.unit, 'unit')}）" if self.unit and self.type == "float" else name

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
    """All labels and link types, in the order of the file. `currency` is the one of its amounts, in capitals."""

    version: int
    labels: Mapping[str, Label]
    links: Mapping[str, LinkType]
    currency: str = CURRENCY

    @property
    def hash(self) -> str:
        """SHA-256 of what decides what is stored: all but the words in which a person reads it."""
        stored = _without_words(asdict(self))
        del stored["currency"]  # which the names and units of the amounts tell
        return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()

    @property
    def mark(self) -> str:
        """How the hash of a dataset names the model it was read with: the shipped one by its version, others by hash.

        So the same files are another dataset when the model is another.
        """
        version = f"model {self.version}"
        return version if self.hash == load_model().hash else f"{version} {self.hash}"

    def in_currency(self, name: str) -> str:
        """A property of the shipped model as this one calls it: `amount_usd_m` for `amount_cny_m` where all is USD."""
        return f"{name.removesuffix(_MONEY)}_{self.currency.lower()}_m" if name in _shipped_money() else name

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
    return model_in(CURRENCY)


@cache
def model_in(currency: str) -> Model:
    """The shipped model with its amounts in a currency: names, units, and nothing else differ."""
    text = _shipped()
    model = Model(
        version=text["version"],
        labels={name: label_of(name, entry) for name, entry in text["labels"].items()},
        links={name: link_of(name, entry) for name, entry in text["links"].items()},
        currency=currency,
    )
    if currency == CURRENCY:
        return model
    labels = {name: replace(kind, properties=_renamed(model, kind.properties)) for name, kind in model.labels.items()}
    links = {name: replace(kind, properties=_renamed(model, kind.properties)) for name, kind in model.links.items()}
    return replace(model, labels=labels, links=links)


_MONEY = f"_{CURRENCY.lower()}_m"


@cache
def _shipped_money() -> frozenset[str]:
    """The properties of the shipped model that are amounts of money."""
    kinds = (*_shipped()["labels"].values(), *_shipped()["links"].values())
    return frozenset(name for kind in kinds for name in kind.get("properties", {}) if name.endswith(_MONEY))


def is_money(name: str) -> bool:
    """Whether a property is an amount of the shipped model, as that calls it."""
    return name in _shipped_money()


def other_currency(name: str, model: Model) -> str | None:
    """The property of a model that a column is, but for its currency: `amount_usd_m` for `amount_cny_m`; else None."""
    stem, _, currency = name.removesuffix("_m").rpartition("_")
    known = model.in_currency(f"{stem}{_MONEY}")
    of_money = f"{stem}{_MONEY}" in _shipped_money() and name == f"{stem}_{currency}_m" and len(currency) == 3
    return known if of_money and name != known else None


def _renamed(model: Model, properties: Mapping[str, Property]) -> Mapping[str, Property]:
    """The properties with the amounts of money called after the currency of the model, and in it."""
    unit = f"{model.currency} million"
    named = ((model.in_currency(name), entry) for name, entry in properties.items())
    return {name: entry if name == entry.name else replace(entry, name=name, unit=unit) for name, entry in named}


@cache
def _shipped() -> dict[str, Any]:
    with resource("data", "model.toml").open("rb") as file:
        return tomllib.load(file)


def label_of(name: str, entry: Mapping[str, Any]) -> Label:
    """The label that an entry of a model file says, with the properties that every node has."""
    common = _shipped()["node_properties"]
    shared = {key: value for key, value in common.items() if key != "in_sample" or entry.get("in_sample", True)}
    return Label(
        name=name,
        table=entry["table"],
        zh=entry.get("zh") or name,
        en=entry.get("en") or name,
        properties=properties_of(shared | entry.get("properties", {})),
        organisation=entry.get("organisation", False),
        keyless=entry.get("keyless", False),
    )


def link_of(name: str, entry: Mapping[str, Any]) -> LinkType:
    """The link type that an entry of a model file says, with the properties that every link has."""
    common = _shipped()["link_properties"]
    return LinkType(
        name=name,
        table=entry["table"],
        zh=entry.get("zh") or name,
        en=entry.get("en") or name,
        sources=tuple(entry["from"]),
        targets=tuple(entry["to"]),
        properties=properties_of(common | entry.get("properties", {})),
        directed=entry.get("directed", True),
        at_most_one=entry.get("at_most_one", False),
        derived=entry.get("derived", False),
    )


def properties_of(entries: Mapping[str, dict[str, Any]]) -> dict[str, Property]:
    """The properties that a table of a model file says."""
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


def kind_word(name: str, model: Model | None = None) -> str:
    """A label or a link type of a model, by default the shipped one, in the language spoken; any other as it is."""
    known = model or load_model()
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
