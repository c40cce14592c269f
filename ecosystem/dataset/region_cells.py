"""Which region a cell names: looked up once per distinct text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import SHOWN, Faults, shortened
from ecosystem.errors import Finding, RegionError
from ecosystem.messages import tr
from ecosystem.regions import Regions
from ecosystem.tables.raw import Rows, cells_at, rows_where


def parse_regions(column: pa.ChunkedArray, name: str, regions: Regions, faults: Faults) -> pa.ChunkedArray:
    """The id of the region that each cell names, null where it is blank, unknown or names several: those are faults.

    A municipality is both a province and a city; its name means the province.
    """
    texts = pc.drop_null(pc.unique(column))
    ids = pa.array([regions.find(text) for text in texts.to_pylist()], pa.string())
    found = ids.take(pc.index_in(column, value_set=texts))
    rows = rows_where(pc.and_(pc.is_null(found), pc.is_valid(column)))
    if len(rows):
        _refuse(column, rows, name, regions, faults)
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])


def _refuse(column: pa.ChunkedArray, rows: Rows, name: str, regions: Regions, faults: Faults) -> None:
    cells = cells_at(column, rows)
    encoded = cells.dictionary_encode()
    wrong = encoded.dictionary.to_pylist()
    # the nearest names cost a walk over all regions, so only the first ones are looked for
    told = [_finding(text, regions) if place < SHOWN else _unknown(text) for place, text in enumerate(wrong)]
    hints = {text: finding.hint for text, finding in zip(wrong, told, strict=True)}
    messages = pa.array([finding.message for finding in told])
    codes = np.array([finding.code for finding in told])[encoded.indices.to_numpy()]
    for code in np.unique(codes).tolist():
        chosen = codes == code
        reasons = messages.take(encoded.indices).filter(pa.array(chosen))
        values = cells.filter(pa.array(chosen))
        faults.add(code, rows[chosen], reasons, column=name, values=values, hint=hints.get)


def _finding(text: str, regions: Regions) -> Finding:
    """What the hierarchy says of a name that means no single region; a very long one is not compared with all names."""
    try:
        regions.resolve(shortened(text))
    except RegionError as err:
        return err.findings[0]
    return _unknown(text)


def _unknown(text: str) -> Finding:
    hint = tr("every name is listed by: ecosystem regions list")
    return Finding("error", "unknown_region", tr("unknown region {name!r}", name=shortened(text)), hint=hint)
