"""The typed columns of a table: known properties in the model's order with their defaults, then the extra ones."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults
from ecosystem.dataset.header import Header
from ecosystem.dataset.parse import TYPES, infer, parse
from ecosystem.model import Property

Columns = dict[str, pa.ChunkedArray]


def typed_columns(header: Header, known: Mapping[str, Property], rows: int, faults: Faults) -> Columns:
    """Each known column of the file, each with a default whether it is there or not, and each extra column.

    A column without a known type gets the narrowest that fits.
    """
    columns: Columns = {}
    for name, entry in known.items():
        if name in header.known:
            columns[name] = _with_default(parse(header.known[name], entry, faults), entry)
        elif entry.default is not None:
            columns[name] = pa.chunked_array([pa.repeat(pa.scalar(entry.default, TYPES[entry.type]), rows)])
    for name, column in header.extra.items():
        columns[name] = parse(column, Property(name, infer(column)), faults)
    return columns


def _with_default(values: pa.ChunkedArray, entry: Property) -> pa.ChunkedArray:
    return values if entry.default is None else pc.fill_null(values, pa.scalar(entry.default, values.type))
