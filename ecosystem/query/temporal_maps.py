"""The maps that dates, times and durations are made of: which keys go together, and the expression behind each."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr, tr_later
from ecosystem.query import kinds
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.tree import Expression, FieldOf, MapOf

WAYS = {
    "calendar": ("month", "day"),
    "week": ("week", "dayofweek"),
    "quarter": ("quarter", "dayofquarter"),
    "ordinal": ("ordinalday",),
}
"""The four ways to name a day of a year, by their keys: the second needs the first."""
TIME = ("hour", "minute", "second")
"""The keys of a time of day, each of which needs those before it."""
FRACTIONS = {"millisecond": 1000, "microsecond": 1}
"""Those of a part of a second, and their microseconds."""
EPOCHS = {"epochseconds": 1_000_000, "epochmillis": 1000}
"""Those of a moment counted from the beginning of 1970, and their microseconds."""
DURATION_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
_WRITTEN = {"dayofweek": "dayOfWeek", "dayofquarter": "dayOfQuarter", "ordinalday": "ordinalDay"}
_OUTSIDE = {
    "timezone": tr_later("a time zone is outside the subset: times are in UTC"),
    "time": tr_later("a time of day alone is outside the subset"),
    "nanosecond": tr_later("times are counted in microseconds"),
    "nanoseconds": tr_later("times are counted in microseconds"),
}


def entries_of(node: Expression, kind: str) -> dict[str, Expression]:
    """The expression of each key of a map, in lower case: Neo4j reads the keys of these maps so."""
    if isinstance(node, MapOf):
        return {key.lower(): value for key, value in node.entries}
    return {key.lower(): FieldOf(node, key, position=node.position) for key in kinds.fields_of(kind)}


def way_of(entries: Mapping[str, object]) -> str:
    """The way in which these keys name a day."""
    return next((way for way, keys in WAYS.items() if any(key in entries for key in keys)), "calendar")


def base_key(entries: Mapping[str, object]) -> str | None:
    """The key of the date or time that the others change."""
    return next((key for key in ("datetime", "date") if key in entries), None)


def fault_of(entries: Mapping[str, SyntaxNode], made: str, *, changes: bool = False) -> tuple[str, str] | None:
    """What is wrong with the keys of a map for `date`, `datetime` or `localdatetime`: a code and a sentence.

    `changes` are to something that is there already, as those of `date.truncate`.
    """
    if outside := next((key for key in entries if key in _OUTSIDE), None):
        return "outside_subset", tr(_OUTSIDE[outside])
    times = made != "date"
    known = {"year", "date", *(key for keys in WAYS.values() for key in keys)}
    known |= {"datetime", *TIME, *FRACTIONS, *(EPOCHS if made == "datetime" else ())} if times else set()
    if strange := [key for key in entries if key not in known]:
        return "type", tr("{who} knows no key {key!r}", who=f"{made}()", key=strange[0])
    if any(key in entries for key in EPOCHS):
        alone = len(entries) == 1
        return None if alone else ("type", tr("a moment counted from 1970 stands alone in its map"))
    ways = [way for way, keys in WAYS.items() if any(key in entries for key in keys)]
    if len(ways) > 1:
        return "type", tr("{keys} name a day in two ways", keys=", ".join(map(_shown, _given(entries))))
    whole = changes or base_key(entries) is not None
    if not whole and (missing := _missing(entries)):
        return "type", tr("{who} needs {key}", who=f"{made}()", key=_shown(missing))
    clock = [*TIME, *FRACTIONS] if times else []
    if not whole and "hour" not in entries and any(key in entries for key in clock):
        return "type", tr("{who} needs {key}", who=f"{made}()", key="hour")
    return None


def _given(entries: Mapping[str, object]) -> list[str]:
    return [key for key in entries if any(key in keys for keys in WAYS.values())]


def _missing(entries: Mapping[str, object]) -> str | None:
    """The key that another one of the map needs, and that is not there."""
    if "year" not in entries:
        return "year"
    keys = WAYS[way_of(entries)]
    # a time of day needs the whole day
    needed = list(keys) if "hour" in entries else list(keys[:1]) if keys[-1] in entries else []
    needed += ["minute"] if "second" in entries else []
    needed += ["second"] if any(key in entries for key in FRACTIONS) else []
    return next((key for key in needed if key not in entries), None)


def _shown(key: str) -> str:
    return _WRITTEN.get(key, key)


def duration_fault(entries: Mapping[str, object]) -> tuple[str, str] | None:
    """What is wrong with the keys of a map for `duration`: a code and a sentence."""
    if outside := next((key for key in entries if key in _OUTSIDE), None):
        return "outside_subset", tr(_OUTSIDE[outside])
    if not entries:
        return "type", tr("{who} needs {key}", who="duration()", key="days")
    strange = next((key for key in entries if key not in DURATION_UNITS), None)
    return ("type", tr("{who} knows no key {key!r}", who="duration()", key=strange)) if strange else None
