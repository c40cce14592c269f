"""The model that a mapping writes for: that of the folder with the mapping's own labels, link types and currency."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ecosystem.dataset.dataset_folder import table_properties
from ecosystem.dataset.model_form import ModelForm
from ecosystem.dataset.own_model import MODEL_FILE, additions, extended, folder_model, in_currency, model_toml
from ecosystem.errors import DatasetError, Finding
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.part import Part
from ecosystem.messages import tr
from ecosystem.model import CURRENCY, Model, column_named, is_money, load_model, other_currency

_LONGEST = 1 << 16


def model_for(spec: MappingSpec, base: Model | None, *, settled: bool = True) -> tuple[Model, list[Finding]]:
    """The model of the folder, or without one the shipped one, with what a mapping adds to it; and what is wrong.

    The currency of a mapping is the one that its `[model]` or its `[money]` names; one that reads no amounts fits all.
    Unless that of the folder is `settled`, it becomes the mapping's.
    """
    form = spec.model
    into = None if spec.money is None else spec.money.into
    if into is not None and form.currency not in (None, into):
        message = tr("amounts are read in {into}, not in {currency}", into=into, currency=form.currency)
        return base or load_model(), [Finding("error", "model", message, column="model.currency")]
    currency = form.currency or into
    faults: list[Finding] = []
    if base is not None and not settled and currency is not None:
        base, faults = in_currency(base, currency)
    model, found = extended(base, form.model_copy(update={"currency": currency}))
    return model, [replace(fault, column=_place(fault.column, form)) for fault in (*faults, *found)]


def _place(place: str | None, form: ModelForm) -> str:
    return "money.into" if place == "currency" and form.currency is None else f"model.{place}"


def other_currencies(spec: MappingSpec, model: Model) -> Iterator[Finding]:
    """A fault for each amount that a mapping writes in another currency than the one of its model."""
    if model.currency == CURRENCY:
        return
    tables = [(f"nodes.{key}", list(node.cells)) for key, node in spec.nodes.items()]
    tables += [(f"links.{key}", [*link.properties, *link.share]) for key, link in spec.links.items()]
    for place, names in tables:
        for name in names:
            if near := other_currency(name, model):
                message = tr("{name} is {near} in another currency", name=name, near=near)
                hint = tr("all amounts are in {currency}: write {near}", currency=model.currency, near=near)
                yield Finding("error", "model", message, column=f"{place}.properties.{name}", hint=hint)


def folder_base(folder: Path) -> tuple[Model | None, bool]:
    """The model of a folder into which a source is imported, and whether its currency is settled.

    There is no model where there is nothing yet that it would be of; a currency is settled by `model.toml`, and where a
    table has amounts.
    """
    if not (folder / MODEL_FILE).exists() and not any(folder.glob("*.csv")):
        return None, False
    model = folder_model(folder)
    return model, model.currency != CURRENCY or _has_amounts(folder, model)


def _has_amounts(folder: Path, model: Model) -> bool:
    """Whether a table has a column with amounts of the shipped model."""
    for table, known in table_properties(model).items():
        path = folder / f"{table}.csv"
        if path.is_file():
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                header = next(csv.reader([file.readline(_LONGEST)]), [])
            if any(is_money(column_named(name, known)) for name in header):
                return True
    return False


def refuse_unknown_kinds(parts: Sequence[Part], model: Model, folder: Path) -> None:
    """Raise DatasetError where earlier imports have made labels or link types that the model does not have."""
    made = {label for part in parts for label in part.labels} | {kind for part in parts for kind in part.links.values()}
    if unknown := sorted(made - {*model.labels, *model.links}):
        message = tr("{folder} has {kinds}, which its model does not know", folder=folder, kinds=", ".join(unknown))
        hint = tr("put its {file} back, or import the sources again into a new folder", file=MODEL_FILE)
        raise DatasetError(message, hint=hint)


def write_model(folder: Path, model: Model) -> None:
    """Write what a model adds to the shipped one beside the tables, unless that stands there already."""
    path = folder / MODEL_FILE
    if additions(model) and (not path.exists() or folder_model(folder) != model):
        path.unlink(missing_ok=True)  # it may be the very file of the old folder, which has to stay as it is
        path.write_text(model_toml(model), encoding="utf-8")
