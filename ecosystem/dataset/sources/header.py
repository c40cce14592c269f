"""The names of the columns of a file of an export: those that a mapping takes have to be there, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecosystem.dataset.sources.spec import FileSpec
from ecosystem.errors import DatasetError, Finding, nearest


def check_columns(name: str, columns: Sequence[str], needed: Iterable[str], spec: FileSpec) -> None:
    """Raise DatasetError where a column that the mapping takes is not there, or stands there twice."""
    taken = [column for column in dict.fromkeys(needed) if column not in spec.add]
    findings = [
        Finding("error", "unknown_column", f"has no column {column!r}", name, hint=_near_columns(column, columns))
        for column in taken
        if column not in columns
    ]
    findings += [
        Finding("error", "duplicate_column", f"has the column {column!r} twice", name, hint="rename one of them")
        for column in taken
        if columns.count(column) > 1
    ]
    if findings:
        raise DatasetError("the file does not have the columns that the mapping takes", findings=findings)


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; one that is blank or stands there twice, and is not taken, is called by its number."""
    seen: set[str] = set()
    columns = []
    for place, name in enumerate(names, start=1):
        columns.append(f"{name}#{place}" if not name or name in seen else name)
        seen.add(columns[-1])
    return tuple(columns)


def _near_columns(column: str, columns: Sequence[str]) -> str:
    if len(columns) == 1 and len(columns[0]) > len(column):
        return f"its only column is {columns[0][:80]!r}: is the delimiter right?"
    close = nearest(column, columns)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"it has {', '.join(columns)[:300]}"
