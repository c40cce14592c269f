"""Random aggregates as text: of each type what gives it, over values of any."""

from __future__ import annotations

import re
from collections.abc import Mapping

from functions import Draw

_NUMBER = ("integer", "float")
AGGREGATES: Mapping[str, tuple[str, ...]] = {
    "integer": (
        *("count(*)", "count(*)", "count(? <any>)", "count(? <any>)", "count(? <any>)", "sum(? <integer>)"),
        *("sum(? <integer>)", "min(? <integer>)", "max(? <integer>)", "percentileDisc(? <integer>, <share>)"),
    ),
    "float": (
        *("avg(? <float>)", "avg(? <integer>)", "sum(? <float>)", "min(<float>)", "max(<float>)"),
        *("stDev(? <float>)", "stDev(<integer>)", "stDevP(? <integer>)", "percentileCont(? <number>, <share>)"),
        "percentileDisc(<float>, <share>)",
    ),
    "string": (
        *("min(<string>)", "max(<string>)", "CASE WHEN count(<string>) > 1 THEN 'many' ELSE 'few' END"),
        "toString(max(<date>))",
    ),
    "boolean": ("count(? <string>) > <small>", "min(<integer>) < max(<integer>)", "max(<date>) > min(<date>)"),
    "date": ("min(<date>)", "max(<date>)", "max(? <date>) + duration({days: count(*)})"),
}
"""What there is of each type; `?` is DISTINCT now and then."""
_CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "share": ("0.0", "0.25", "0.5", "0.9", "1.0"),
    "small": ("0", "1", "2"),
}
_PLACE = re.compile(r"<([a-z]+)>|\? ")


def aggregate(draw: Draw, kind: str, names: Mapping[str, str]) -> str:
    """An aggregate of this type."""

    def fill(place: re.Match[str]) -> str:
        inside = place.group(1)
        if inside is None:
            return draw.one("", "", "DISTINCT ")
        if inside in _CONSTANTS:
            return draw.one(*_CONSTANTS[inside])
        kinds = {"any": ("integer", "string", "boolean", "float", "date"), "number": _NUMBER}.get(inside, (inside,))
        return draw.value(draw.one(*kinds), names, 1)

    return _PLACE.sub(fill, draw.one(*AGGREGATES[kind]))
