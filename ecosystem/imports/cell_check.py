"""Keys of a cell that its reading does not look at."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.imports.cell_language import CellSpec, Money, Reading
from ecosystem.messages import either, tr
from ecosystem.model import PropertyType

_OF_NUMBERS = {"decimal": ("integer", "number"), "units": ("integer", "number"), "times": ("integer", "number")}
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
    if cell.formats and reading not in ("date", "year"):
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
    if reading in ("amount", "vague") and money is None:
        yield tr("is read as {reading}, but the mapping has no [money] table", reading=reading), None
