"""Keys of a cell that its reading does not look at."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.imports.cell_language import CellSpec, Reading
from ecosystem.imports.currency_words import word
from ecosystem.imports.money_language import Money
from ecosystem.messages import either, tr
from ecosystem.model import PropertyType

_NUMBERS = ("integer", "number")
_OF_NUMBERS = {"decimal": (*_NUMBERS, "amount", "vague"), "units": _NUMBERS, "times": (*_NUMBERS, "amount", "vague")}
_READ_AS: dict[PropertyType, Reading] = {
    "integer": "integer",
    "float": "number",
    "date": "date",
    "boolean": "boolean",
    "string": "text",
}


def idle_options(cell: CellSpec, wanted: PropertyType, money: Money | None) -> Iterator[tuple[str, str | None]]:
    """What is wrong with each key that has nothing to work on, and what to do; `wanted` is the type of the property."""
    reading = cell.reading or _READ_AS[wanted]
    if cell.formats and cell.year is None and reading not in ("date", "year"):
        message = (
            tr("has a format, but is read as text")
            if reading == "text"
            else tr("has a format, but it is {wanted}", wanted=wanted)
        )
        yield message, tr("set as = 'date' or 'year'")
    for key, readings in _OF_NUMBERS.items():
        if key in cell.model_fields_set and reading not in readings:
            known = tr("set as = {types}", types=either(map(repr, readings)))
            yield tr("has {key}, but it is read as {reading}", key=key, reading=reading), known
    if reading in ("amount", "vague"):
        yield from _without_money(cell, reading, money)


def _without_money(cell: CellSpec, reading: Reading, money: Money | None) -> Iterator[tuple[str, str | None]]:
    """What an amount needs and the table [money] has not."""
    if money is None:
        yield tr("is read as {reading}, but the mapping has no [money] table", reading=reading), None
        return
    if cell.currency is not None and not isinstance(money.words.get(word(cell.currency)), str):
        known = tr("known are {currencies}", currencies=", ".join(money.known))
        yield tr("is in {currency!r}, which is not one of the currencies of [money]", currency=cell.currency), known
    by_year = {code for rates in money.rates_by_year.values() for code in rates}
    if cell.year is None and (lacking := sorted(by_year - set(money.rates))):
        currencies = ", ".join(lacking)
        yield (
            tr("is read at the rate of a year ({currencies}), but names none", currencies=currencies),
            tr("set year = a column with the year or the day"),
        )
