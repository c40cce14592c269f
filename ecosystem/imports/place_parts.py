"""The parts of a place: of a cell such as 广东-深圳 or of several columns, the largest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ecosystem.imports.place_language import PlaceSpec

_CHINESE = re.compile(r"[\u2e80-\u9fff]")


@dataclass(frozen=True, slots=True)
class PlacePart:
    """A part of a place: text, whether the mapping spells it, column, how many may follow it, its stated level."""

    text: str
    spelled: bool
    column: str
    before_last: int
    level: str | None = None


def parts_of_place(place: PlaceSpec, cells: Sequence[str]) -> list[PlacePart]:
    """The parts of a place as they are known, the largest first."""
    columns = place.used_columns
    parts: list[PlacePart] = []
    for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        plain = unicodedata.normalize("NFKC", cell)
        texts = [_joined(part) for part in (plain.split(place.split) if place.split else [plain])]
        texts = [text for text in texts if text and text not in place.skip]
        after = number if place.smallest_first else len(columns) - 1 - number
        for place_in_cell, text in enumerate(texts):
            behind = place_in_cell if place.smallest_first else len(texts) - 1 - place_in_cell
            if known := place.spelled.get(text, text):
                parts.append(PlacePart(known, text in place.spelled, column, after + behind))
    ordered = parts[::-1] if place.smallest_first else parts
    return [replace(part, level=level) for part, level in zip(ordered, _levels(place, ordered), strict=True)]


def _levels(place: PlaceSpec, parts: Sequence[PlacePart]) -> list[str | None]:
    """The stated level of each part: of its column where there are several, else by its place."""
    stated = place.level or []
    if len(stated) > 1 and place.columns and len(place.columns) > 1:
        columns = place.columns[::-1] if place.smallest_first else place.columns
        of = dict(zip(columns, stated, strict=True))
        return [of[part.column] for part in parts]
    return [*stated[: len(parts)], *([None] * (len(parts) - len(stated)))]


def _joined(part: str) -> str:
    """The part without white space around it, and inside it where it is Chinese: 云 南 is 云南."""
    return "".join(part.split()) if _CHINESE.search(part) else part.strip()
