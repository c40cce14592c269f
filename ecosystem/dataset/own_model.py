"""The model of a dataset folder: the shipped one and what its `model.toml` adds."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ecosystem.dataset.form_faults import form_findings
from ecosystem.dataset.model_check import currency_faults, label_faults, link_faults
from ecosystem.dataset.model_form import LabelForm, LinkForm, ModelForm, PropertyForm
from ecosystem.errors import DatasetError, Finding, StoreError
from ecosystem.messages import tr, tr_later
from ecosystem.model import (
    CURRENCY,
    Label,
    LinkType,
    Model,
    Property,
    label_of,
    link_of,
    load_model,
    model_in,
    properties_of,
)
from ecosystem.tables.encoding import toml_table
from ecosystem.tables.packed import text_content

MODEL_FILE = "model.toml"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
LARGEST = 1 << 20
"""How many bytes a `model.toml` may have."""
_HINT = tr_later("docs/own-model.md says what a model.toml may hold")


def folder_model(folder: str | Path) -> Model:
    """The model of a dataset folder: the shipped one where it has no `model.toml`.

    Raises DatasetError with every fault of that file: not TOML, a name that is none or is taken, a limit that makes no
    sense, and whatever would change the meaning of something shipped.
    """
    path = Path(folder) / MODEL_FILE
    return read_model(path) if path.exists() or path.is_symlink() else load_model()


def model_at(path: Path) -> Model:
    """The model of a dataset folder, or of a file in the words of `model.toml`. DatasetError as above."""
    return folder_model(path) if path.is_dir() else read_model(path)


def read_model(path: Path) -> Model:
    """The model that a `model.toml` makes. DatasetError as above."""
    document = _table(path)
    try:
        form = ModelForm.model_validate(document)
    except ValidationError as err:
        findings = list(form_findings(path.name, document, err, "model", lambda _: tr(_HINT)))
        raise DatasetError(tr("{path} has faults", path=path), findings=findings, hint=tr(_HINT)) from err
    model, faults = extended(None, form)
    if faults:
        findings = [replace(fault, file=path.name) for fault in faults]
        raise DatasetError(tr("{path} has faults", path=path), findings=findings, hint=tr(_HINT))
    return model


def _table(path: Path) -> dict[str, Any]:
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise DatasetError(tr("{path} has more than {limit:,} bytes", path=path, limit=LARGEST), hint=tr(_HINT))
        return toml_table(text_content(path))
    except UnicodeDecodeError as err:
        hint = tr("save it as UTF-8, the only encoding of TOML")
        raise DatasetError(tr("{path} is not UTF-8", path=path), hint=hint) from err
    except tomllib.TOMLDecodeError as err:
        hint = tr("a table of values on one line is { key = value, key = value }; texts stand in quotes")
        raise DatasetError(tr("{path} is not TOML: {reason}", path=path, reason=err), hint=hint) from err
    except OSError as err:
        raise DatasetError(tr("cannot read {path}: {reason}", path=path, reason=err.strerror or err)) from err


def extended(base: Model | None, form: ModelForm) -> tuple[Model, list[Finding]]:
    """A model with what a form adds to it, and the faults; without a `base` the shipped one in the form's currency.

    What is there already may be said again, and may not be said otherwise. Where there are faults the model is no good.
    """
    faults = list(currency_faults(base, form))
    if faults:
        return base or load_model(), faults
    model = base or model_in(form.currency or CURRENCY)
    labels, links = dict(model.labels), dict(model.links)
    for name, entry in form.labels.items():
        if found := list(label_faults(name, entry, replace(model, labels=labels, links=links))):
            faults += found
        else:
            labels[name] = _label(name, entry, labels.get(name))
    for kind, link in form.links.items():
        if found := list(link_faults(kind, link, replace(model, labels=labels, links=links), form.labels)):
            faults += found
        else:
            links[kind] = _link(kind, link, links.get(kind))
    return replace(model, labels=labels, links=links), faults


def in_currency(model: Model, currency: str) -> tuple[Model, list[Finding]]:
    """The model with the amounts of the shipped one in another currency, and the faults."""
    return extended(None, ModelForm.model_validate(additions(model) | {"currency": currency}))


def said(form: LabelForm | LinkForm | PropertyForm) -> dict[str, Any]:
    """What a form says, as a model file does."""
    return form.model_dump(by_alias=True, exclude_none=True)


def _label(name: str, entry: LabelForm, known: Label | None) -> Label:
    if known is None:
        return label_of(name, said(entry))
    return replace(known, properties={**known.properties, **_new(entry.properties, known.properties)})


def _link(name: str, entry: LinkForm, known: LinkType | None) -> LinkType:
    if known is None:
        return link_of(name, said(entry))
    return replace(
        known,
        sources=tuple(dict.fromkeys([*known.sources, *entry.sources])),
        targets=tuple(dict.fromkeys([*known.targets, *entry.targets])),
        properties={**known.properties, **_new(entry.properties, known.properties)},
    )


def _new(entries: Mapping[str, PropertyForm], known: Mapping[str, Property]) -> dict[str, Property]:
    return properties_of({name: said(entry) for name, entry in entries.items() if name not in known})


def additions(model: Model) -> dict[str, Any]:
    """What a model has beside the shipped one, as a `model.toml` says it; empty for the shipped one."""
    base = model_in(model.currency)
    found: dict[str, Any] = {} if model.currency == CURRENCY else {"currency": model.currency}
    labels = {name: _label_entry(kind, base.labels.get(name)) for name, kind in model.labels.items()}
    links = {name: _link_entry(kind, base.links.get(name)) for name, kind in model.links.items()}
    for key, entries in (("labels", labels), ("links", links)):
        if told := {name: entry for name, entry in entries.items() if entry}:
            found[key] = told
    return found


def _label_entry(kind: Label, base: Label | None) -> dict[str, Any]:
    """A label as a model file says it, or what it has beside the shipped one of its name."""
    bare = label_of(kind.name, {"table": kind.table, "in_sample": "in_sample" in kind.properties})
    entry: dict[str, Any] = {}
    if base is None:
        entry |= {"table": kind.table, **_words(kind)}
        entry |= {"organisation": True} if kind.organisation else {}
        entry |= {} if "in_sample" in kind.properties else {"in_sample": False}
    return entry | _property_entries(kind.properties, (base or bare).properties)


def _link_entry(kind: LinkType, base: LinkType | None) -> dict[str, Any]:
    bare = link_of(kind.name, {"table": kind.table, "from": (), "to": ()})
    entry: dict[str, Any] = {}
    if base is None:
        entry = {"table": kind.table} | _words(kind)
    for key, labels, there in (
        ("from", kind.sources, (base or bare).sources),
        ("to", kind.targets, (base or bare).targets),
    ):
        if more := [label for label in labels if label not in there]:
            entry[key] = more
    if base is None:
        entry |= {} if kind.directed else {"directed": False}
        entry |= {"at_most_one": True} if kind.at_most_one else {}
    return entry | _property_entries(kind.properties, (base or bare).properties)


def _words(kind: Label | LinkType | Property) -> dict[str, str]:
    return {key: word for key in ("zh", "en") if (word := getattr(kind, key)) and word != kind.name}


def _property_entries(properties: Mapping[str, Property], there: Mapping[str, Property]) -> dict[str, Any]:
    more = {name: _property_entry(entry) for name, entry in properties.items() if name not in there}
    return {"properties": more} if more else {}


def _property_entry(entry: Property) -> dict[str, Any]:
    told: dict[str, Any] = {"type": entry.type} | ({"unit": entry.unit} if entry.unit else {}) | _words(entry)
    told |= {"required": True} if entry.required else {}
    told |= {"values": list(entry.values)} if entry.values else {}
    for key in ("minimum", "maximum", "default"):
        if (value := getattr(entry, key)) is not None:
            told[key] = value
    return told | ({"words": dict(entry.words)} if entry.words else {})


def model_toml(model: Model) -> str:
    """What a model has beside the shipped one, as a `model.toml`."""
    added = additions(model)
    lines = [f"currency = {_toml(added['currency'])}"] if "currency" in added else []
    for key in ("labels", "links"):
        for name, entry in added.get(key, {}).items():
            own = {word: value for word, value in entry.items() if word != "properties"}
            if own:
                lines += ["", f"[{key}.{name}]", *(f"{word} = {_toml(value)}" for word, value in own.items())]
            if "properties" in entry:
                lines += ["", f"[{key}.{name}.properties]"]
                lines += [f"{word} = {_toml(value)}" for word, value in entry["properties"].items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(name)} = {_toml(one)}' for name, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    # a TOML text has the escapes of JSON, but for one character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)


def model_text(model: Model) -> str:
    """What a store keeps of a model, as one line; empty for the shipped one."""
    return json.dumps(added, ensure_ascii=False) if (added := additions(model)) else ""


@cache
def model_of_text(text: str) -> Model:
    """The model of which a store has kept this. StoreError where it is none."""
    if not text:
        return load_model()
    try:
        model, faults = extended(None, ModelForm.model_validate_json(text))
    except ValidationError as err:
        raise StoreError(tr("the model that the store keeps is damaged")) from err
    if faults:
        raise StoreError(tr("the model that the store keeps is damaged"))
    return model
