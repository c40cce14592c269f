"""Single entries of an index, changed by their names in its files: `treatment.points`, `indicators.gdp.target`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index.files.rule_forms import (
    AggregationForm,
    ImputationForm,
    MissingForm,
    NormalisationForm,
    RescalingForm,
    ScreeningForm,
    Table,
    TiesForm,
    TreatmentForm,
    WeightingForm,
)
from ecosystem.index.rules import Screening
from ecosystem.index.spec import Index, Indicator, Text
from ecosystem.messages import said_in, tr

FORMS: Mapping[str, tuple[type[Table], str]] = {
    "normalisation": (NormalisationForm, "normalisation"),
    "aggregation": (AggregationForm, "aggregation"),
    "missing": (MissingForm, "missing"),
    "ties": (TiesForm, "ties"),
    "imputation": (ImputationForm, "imputation"),
    "treatment": (TreatmentForm, "treatment"),
    "weighting": (WeightingForm, "weighting"),
    "screening": (ScreeningForm, "screening"),
    "rescaling": (RescalingForm, "rescaling"),
}
"""The tables of `index.toml` that decide scores: their form, and what the index calls the rule."""

_NEEDED: Mapping[str, Mapping[str, object]] = {"aggregation": {"weights": "global"}, "missing": {"rule": "skip"}}
"""What a form asks for beside the entry that is looked at."""
_PAIRS = {"range": ("lower", "upper"), "bounds": ("lower", "upper")}
INDICATORS = "indicators"
OF_INDICATORS = ("direction", "target", "lower", "upper", "per")
"""The cells of `indicators.csv` that can be changed one by one."""


def entry_names(index: Index) -> list[str]:
    """The name of every entry that `with_entry` knows."""
    tables = [f"{table}.{key}" for table, (form, _) in FORMS.items() for key in form.model_fields if key != "method"]
    return tables + [f"{INDICATORS}.{leaf.code}.{key}" for leaf in index.leaves for key in OF_INDICATORS]


def with_entry(index: Index, name: str, text: str) -> Index:
    """The index with one entry changed, the change on record. UsageError for an unknown entry or a value it refuses."""
    if name not in (known := entry_names(index)):
        raise UsageError(tr("an index has no entry {name!r}", name=name), hint=did_you_mean(name, known))
    table, _, key = name.partition(".")
    if table == INDICATORS:
        code, _, key = key.rpartition(".")
        rows = tuple(_changed(row, key, text, name) if row.code == code else row for row in index.indicators)
        changed = replace(index, indicators=rows)
    else:
        form, attribute = FORMS[table]
        old = getattr(index, attribute) or Screening(None)
        rule: Any = replace(old, **_checked(form, table, key, text, old))
        named: dict[str, Any] = {attribute: rule}
        changed = replace(index, **named)
    words = [said_in(lang, lambda: tr("{name} = {value}", name=name, value=text)) for lang in ("zh", "en")]
    return replace(changed, changes=(*index.changes, Text(*words)))


def _checked(form: type[Table], table: str, key: str, text: str, old: object) -> dict[str, object]:
    """The fields of the rule that an entry sets. It is checked under a method that takes it: the own one if it does."""
    given: dict[str, object] = {**_NEEDED.get(table, {}), key: value_of(text)}
    if form.step is not None and "method" in form.model_fields:
        takers = form.step.having(key) if key in form.step.keys else ()
        own = str(getattr(old, "method", ""))
        given["method"] = own if own in takers or not takers else takers[0]
    if table == "aggregation" and key == "threshold":
        given["preference"] = "linear"
    try:
        checked = form.model_validate(given)
    except ValidationError as err:
        fault = err.errors()[0]["msg"]
        raise UsageError(tr("{name} cannot be {text}: {fault}", name=f"{table}.{key}", text=text, fault=fault)) from err
    record = checked.record() if hasattr(checked, "record") else checked
    return {field: getattr(record, field) for field in _PAIRS.get(key, (key,))}


def _changed(row: Indicator, key: str, text: str, name: str) -> Indicator:
    value = value_of(text)
    sound = isinstance(value, int | float) and not isinstance(value, bool)
    if not sound or (key == "direction" and value not in (1, -1)) or (key == "per" and not float(str(value)) > 0):
        hint = tr("write a number; a direction is 1 or -1, `per` is above 0")
        raise UsageError(tr("{name} cannot be {text}", name=name, text=text), hint=hint)
    named: dict[str, Any] = {key: value}
    return replace(row, **named)


def value_of(text: str) -> object:
    """A value as the command line writes it: a number, true or false, a list of them in brackets, else a word."""
    try:
        return json.loads(text)
    except ValueError:
        return text
