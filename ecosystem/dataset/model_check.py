"""Whether what is added to a model makes sense, and leaves everything that is there as it is."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from ecosystem.dataset.model_form import LabelForm, LinkForm, ModelForm, PropertyForm
from ecosystem.errors import Finding, did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.model import Label, LinkType, Model, Property, load_model, other_currency, properties_of

_LABEL = re.compile(r"[A-Z][A-Za-z0-9]{0,49}")
_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,49}")
_LOWER = re.compile(r"[a-z][a-z0-9_]{0,49}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_FILES = frozenset(
    [
        "columns",
        "dataset",
        "findings",
        "merges",
        "model",
        "origins",
        "quarantine",
        "readme",
        "import",
        "run",
        "con",
        "nul",
        "prn",
        "aux",
    ]
) | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
"""What stands beside the tables of a dataset folder under other meanings, and what Windows keeps for itself."""
_ENDS = ("from", "to")
_NUMBERS = ("integer", "float")
_KINDS: Mapping[str, type | tuple[type, ...]] = {"string": str, "integer": int, "float": (int, float), "boolean": bool}
_WHOLE = 1 << 63

_NEW_NAME = tr_later("give it another name")
_AS_IT_IS = tr_later("what is there keeps its meaning: add properties, ends, or a kind of your own")


def _fault(place: str, message: str, hint: str | None = None) -> Finding:
    return Finding("error", "model", message, column=place[:200], hint=hint)


def currency_faults(base: Model | None, form: ModelForm) -> Iterator[Finding]:
    """A version that is not this one's, a currency that is none, and another than that of what is there."""
    if form.version not in (None, load_model().version):
        yield _fault("version", tr("the version of the model is {version}", version=load_model().version))
    if form.currency is None:
        return
    if not _CURRENCY.fullmatch(form.currency):
        hint = tr("three capitals of ISO 4217: USD, EUR, INR")
        yield _fault("currency", tr("{currency!r} is no currency", currency=form.currency[:20]), hint)
    elif base is not None and base.currency != form.currency:
        message = tr("the amounts are in {there}, not in {currency}", there=base.currency, currency=form.currency)
        yield _fault("currency", message, tr("one dataset has one currency: convert, or use a folder of its own"))


def label_faults(name: str, entry: LabelForm, model: Model) -> Iterator[Finding]:
    """What is wrong with a label, or with what is added to one."""
    place, known = f"labels.{_short(name)}", model.labels.get(name)
    if known is not None:
        yield from _changed(place, entry, known, ("table", "zh", "en", "organisation", "keyless"))
        if entry.in_sample is not None and entry.in_sample != ("in_sample" in known.properties):
            yield _other(f"{place}.in_sample")
        if name == "Region" and set(entry.properties) - set(known.properties):
            hint = tr("a value of a region is a row of region_values.csv")
            yield _fault(f"{place}.properties", tr("a region has no other properties"), hint)
    else:
        if not _LABEL.fullmatch(name):
            hint = tr("a capital, then letters and digits, at most 50: Project")
            yield _fault(place, tr("{name!r} is no name of a label", name=_short(name)), hint)
        yield from _new_kind(place, name, entry, model)
        if entry.keyless:
            yield _fault(f"{place}.keyless", tr("only RegionValue is keyless"), tr("give every node an id"))
    there = known.properties if known is not None else model.labels["Company"].properties
    shared = there if known is not None else {key: there[key] for key in ("id", "name", "in_sample")}
    yield from _properties(place, entry.properties, shared, model, new=known is None)


def link_faults(name: str, entry: LinkForm, model: Model, wanted: Collection[str]) -> Iterator[Finding]:
    """What is wrong with a link type, or with what is added to one. `wanted` are labels that may have faults."""
    place, known = f"links.{_short(name)}", model.links.get(name)
    if known is not None:
        yield from _changed(place, entry, known, ("table", "zh", "en", "directed", "at_most_one", "derived"))
        more = set(entry.sources) - set(known.sources) or set(entry.targets) - set(known.targets)
        if known.derived and (more or set(entry.properties) - set(known.properties)):
            yield _fault(place, tr("{name} is made at load", name=name), tr(_AS_IT_IS))
        if name == "LOCATED_IN" and (set(entry.targets) - {"Region"} or "Region" in entry.sources):
            yield _fault(place, tr("a node is located in a Region"), tr(_AS_IT_IS))
    else:
        if not _TYPE.fullmatch(name):
            hint = tr("capitals, digits and _, at most 50: GRANTED_TO")
            yield _fault(place, tr("{name!r} is no name of a link type", name=_short(name)), hint)
        yield from _new_kind(place, name, entry, model)
        if entry.derived:
            yield _fault(f"{place}.derived", tr("only WITHIN is made at load"), tr("leave it out"))
    for key, labels in (("from", entry.sources), ("to", entry.targets)):
        if known is None and not labels:
            yield _fault(f"{place}.{key}", tr("is missing"), tr("list the labels: {key} = [...]", key=key))
        yield from _ends(f"{place}.{key}", labels, model, wanted)
    there = known.properties if known is not None else model.links["WITHIN"].properties
    for end in set(entry.properties) & set(_ENDS):
        yield _fault(f"{place}.properties.{end}", tr("{end} is the end of a link", end=end), tr(_NEW_NAME))
    rest = {key: one for key, one in entry.properties.items() if key not in _ENDS}
    yield from _properties(place, rest, there, model, new=known is None)


def _ends(place: str, labels: Sequence[str], model: Model, wanted: Collection[str]) -> Iterator[Finding]:
    for label in labels:
        if label not in model.labels:
            if label not in wanted:
                hint = did_you_mean(_short(label), model.labels)
                yield _fault(place, tr("there is no label {name!r}", name=_short(label)), hint)
        elif model.labels[label].keyless:
            yield _fault(place, tr("{name} has no ids, so no link ends there", name=label))


def _changed(
    place: str, entry: LabelForm | LinkForm, known: Label | LinkType, keys: Sequence[str]
) -> Iterator[Finding]:
    for key in keys:
        value = getattr(entry, key)
        if value is not None and value != getattr(known, key):
            yield _other(f"{place}.{key}")


def _other(place: str) -> Finding:
    return _fault(place, tr("this is said otherwise already"), tr(_AS_IT_IS))


def _new_kind(place: str, name: str, entry: LabelForm | LinkForm, model: Model) -> Iterator[Finding]:
    """Names that are none, and those that are taken: the engine of the embedded store ignores case."""
    kinds: list[Label | LinkType] = [*model.labels.values(), *model.links.values()]
    if (near := {kind.name.casefold(): kind.name for kind in kinds}.get(name.casefold())) is not None:
        yield _fault(place, tr("{name} is too near to {other}", name=_short(name), other=near), tr(_NEW_NAME))
    table, tables = entry.table, {kind.table for kind in kinds}
    if table is None:
        yield _fault(f"{place}.table", tr("is missing"), tr('name its file: table = "projects" for projects.csv'))
    elif not _LOWER.fullmatch(table) or table in _FILES:
        hint = tr("small letters, digits and _, at most 50, beginning with a letter")
        yield _fault(f"{place}.table", tr("{name!r} is no name of a table", name=_short(table)), hint)
    elif table in tables:
        yield _fault(f"{place}.table", tr("{name} is the table of another kind", name=table), tr(_NEW_NAME))
    yield from _spoken(place, entry)
    taken = {kind.zh for kind in kinds} | tables
    if entry.zh and entry.zh != table and entry.zh in taken:
        yield _fault(f"{place}.zh", tr("{name} is called so already", name=entry.zh), tr(_NEW_NAME))


def _spoken(place: str, entry: LabelForm | LinkForm | PropertyForm) -> Iterator[Finding]:
    for key in ("zh", "en", "unit"):
        word = getattr(entry, key, None)
        if word and not (word.isprintable() and word == word.strip()):
            yield _fault(f"{place}.{key}", tr("has line breaks, control characters or blanks at its ends"))


def _properties(
    place: str, entries: Mapping[str, PropertyForm], there: Mapping[str, Property], model: Model, *, new: bool
) -> Iterator[Finding]:
    called = {entry.zh: name for name, entry in there.items()}
    for name, entry in entries.items():
        where = f"{place}.properties.{_short(name)}"
        if name in there:
            made = properties_of({name: entry.model_dump(exclude_none=True)})[name]
            if not _alike(made, there[name]):
                yield _other(where)
            continue
        if not _LOWER.fullmatch(name):
            hint = tr("small letters, digits and _, at most 50, beginning with a letter")
            yield _fault(where, tr("{name!r} is no name of a property", name=_short(name)), hint)
        if near := other_currency(name, model):
            hint = tr('all amounts are in {currency}; `currency = "..."` sets another', currency=model.currency)
            yield _fault(where, tr("{name} is {near} in another currency", name=name, near=near), hint)
        if entry.required and not new:
            yield _fault(f"{where}.required", tr("files without it would no longer load"), tr("leave it out"))
        if entry.zh and entry.zh in called:
            message = tr("{name} is the Chinese name of {other}", name=entry.zh, other=called[entry.zh])
            yield _fault(f"{where}.zh", message, tr(_NEW_NAME))
        called |= {entry.zh: name} if entry.zh else {}
        yield from _spoken(where, entry)
        yield from _limits(where, entry)


def _alike(one: Property, other: Property) -> bool:
    """Whether both allow the same; words in which a person reads it may be left out."""
    names = ("type", "unit", "required", "values", "minimum", "maximum", "default")
    words = all(not getattr(one, key) or getattr(one, key) == getattr(other, key) for key in ("zh", "words"))
    return words and all(getattr(one, key) == getattr(other, key) for key in names)


def _limits(place: str, entry: PropertyForm) -> Iterator[Finding]:
    """Limits that no value meets, or that are not of the type."""
    limits = [number for number in (entry.minimum, entry.maximum) if number is not None]
    if limits and entry.type not in _NUMBERS:
        yield _fault(place, tr("minimum and maximum are for numbers, and this is {type}", type=entry.type))
    elif any(not math.isfinite(number) or abs(number) >= _WHOLE for number in limits):
        yield _fault(place, tr("minimum and maximum must be finite, and fit into 64 bits"))
    elif len(limits) == 2 and limits[0] > limits[1]:
        yield _fault(place, tr("minimum is greater than maximum: no number is allowed"))
    if (entry.values or entry.words) and entry.type != "string":
        yield _fault(place, tr("values and words are for texts, and this is {type}", type=entry.type))
    if entry.values is not None and len(set(entry.values)) < max(len(entry.values), 1):
        yield _fault(f"{place}.values", tr("there are none, or one of them twice"))
    elif entry.values and (odd := set((entry.words or {}).values()) - set(entry.values)):
        yield _fault(f"{place}.words", tr("{value!r} is none of the values", value=min(odd)))
    if entry.default is not None and not _allowed(entry, limits):
        yield _fault(f"{place}.default", tr("{value!r} is no value of this property", value=entry.default))


def _allowed(entry: PropertyForm, limits: Sequence[float]) -> bool:
    value, kind = entry.default, _KINDS.get(entry.type)
    if kind is None or not isinstance(value, kind) or (isinstance(value, bool) and entry.type != "boolean"):
        return False
    if isinstance(value, str):
        return not entry.values or value in entry.values
    if isinstance(value, bool) or value is None:
        return True
    least = entry.minimum if entry.minimum is not None else -math.inf
    most = entry.maximum if entry.maximum is not None else math.inf
    return math.isfinite(value) and abs(value) < _WHOLE and least <= value <= most


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
