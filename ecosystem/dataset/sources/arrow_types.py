"""The Arrow type of each type of property."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from ecosystem.model import PropertyType

ARROW: Mapping[PropertyType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
