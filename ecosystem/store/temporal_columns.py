"""Moments and durations of an answer as its columns show them: the same from every store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.temporal_text import duration_text

COLUMN_TYPES: Mapping[str, pa.DataType] = {
    "datetime": pa.timestamp("us", "UTC"),
    "localdatetime": pa.timestamp("us"),
    "duration": pa.string(),
}
"""The types of columns that no property of a model has; a duration is a text, for Parquet and pandas have no type."""


def duration_texts(column: pa.StructArray) -> pa.Array:
    """The durations of an engine, records of months, days and microseconds, as texts."""
    parts = zip(*(column.field(name).to_pylist() for name in ("months", "days", "microseconds")), strict=True)
    there = pc.is_valid(column).to_pylist()
    texts = [duration_text(part) if known else None for part, known in zip(parts, there, strict=True)]
    return pa.array(texts, pa.string())


def given_value(value: object) -> object:
    """A parameter as every engine takes it: an aware moment in UTC and, of pandas and Python, nothing else."""
    if isinstance(value, list | tuple):
        return [given_value(each) for each in value]
    if isinstance(value, datetime):
        plain = datetime.combine(value.date(), value.timetz())
        return plain if plain.tzinfo is None else plain.astimezone(UTC)
    return value


def duration_parts(value: timedelta) -> dict[str, int]:
    """A difference of Python's as the three integers of a duration."""
    micros = value.seconds * 1_000_000 + value.microseconds
    return {"months": 0, "days": value.days, "microseconds": micros}
