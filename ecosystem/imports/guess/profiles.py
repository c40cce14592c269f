"""Whether the rows of a table are organisations with what is known of them today, or deals that they did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ecosystem.imports.guess.column_guess import Column

_LATEST = re.compile(
    r"\b(last|latest|recent|current|to date|each|all|ultim[oa]s?|derniere?s?|letzte\w*|siste|senaste|seneste)\b"
    r"|最近|最新|直近|최근|последн"
)
_OF_PROFILES = frozenset(
    {
        *("founded", "employees", "url", "total", "description", "revenue", "capital", "legal_form"),
        *("address", "postcode", "email", "phone", "alias"),
    }
)
_FEWEST = 5


def is_latest(column: Column) -> bool:
    """Whether a column tells of the last of several deals, or of all of them."""
    return _LATEST.search(column.plain) is not None


def is_profile(columns: Sequence[Column], main: str | None) -> bool:
    """Whether each row is another organisation, and nothing in it is the day or the id of one deal."""
    names = [one for one in columns if one.kind in ("name", "legal_name", "title") and one.subject in (main, None)]
    if not any(one.cells.unique and len(one.cells.texts) >= _FEWEST for one in names):
        return False
    of_deals = [one for one in columns if one.subject == "deal" and one.kind in ("id", "date", "year")]
    if any(not one.cells.listed and not is_latest(one) for one in of_deals):
        return False
    known = {one.kind for one in columns if one.sure and one.kind in _OF_PROFILES}
    days = [one for one in columns if one.kind in ("date", "year") and one.sure and not is_latest(one)]
    return len(known) >= 2 and not days
