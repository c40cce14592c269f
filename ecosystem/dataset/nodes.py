"""Check the table of one label and load its good rows into the index of nodes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, quoted, row_texts
from ecosystem.dataset.header import Columns, match_header, typed_columns
from ecosystem.dataset.node_index import NodeIndex
from ecosystem.dataset.region_cells import parse_regions
from ecosystem.dataset.values import parse_key, refuse_repeated
from ecosystem.messages import tr
from ecosystem.model import Label
from ecosystem.regions import Regions
from ecosystem.tables.raw import RawTable, cells_at, rows_where


def read_nodes(raw: RawTable, label: Label, index: NodeIndex, regions: Regions, *, located: bool) -> Faults:
    """The faults of a node table; its good rows are in `index` afterwards.

    `located` says that nodes of this label may have a location. Ids must be unique over all labels: the row that gives
    an id first keeps it, whether or not it loads, and the later one is a fault that names the first.
    """
    faults = Faults(raw)
    made = ("id", "name") if label.keyless else ()
    known = {name: entry for name, entry in label.properties.items() if name not in made}
    required = [name for name, entry in known.items() if entry.required]
    header = match_header(raw, known, required, faults, made=made, located=located)
    if not header.complete:
        return faults
    if label.keyless:
        columns = _region_values(
            typed_columns(header, known, raw.rows, faults), header.known, required, regions, faults
        )
        code, column = "duplicate_key", None
    else:
        ids = parse_key(header.known["id"], "id", faults)
        rest = {name: entry for name, entry in known.items() if name != "id"}
        columns = {"id": ids} | typed_columns(header, rest, raw.rows, faults)
        code, column = "duplicate_id", "id"
    rows = refuse_repeated(columns["id"], raw, code, column, faults)
    _refuse_taken(columns["id"], index, column, faults)
    index.places.note(raw.file, cells_at(columns["id"], rows), raw.lines_of(rows))
    if raw.ragged and "id" in raw.names:
        # a link to such a row fails because of it, and not because nothing has the id
        ragged = [row.cells[raw.names.index("id")].strip() or None for row in raw.ragged]
        index.places.note(raw.file, pa.array(ragged, pa.string()), np.array([row.line for row in raw.ragged], np.int64))
    table, good = pa.table(columns), faults.good
    index.load(label.name, table if good.all() else table.filter(pa.array(good)), checked=not label.keyless)
    return faults


def _refuse_taken(ids: pa.ChunkedArray, index: NodeIndex, column: str | None, faults: Faults) -> None:
    """Set rows aside whose id another file has given."""
    places = index.places.of(ids)
    rows = np.flatnonzero(places.known)
    cells = cells_at(ids, rows)
    files, lines = places.at(rows)
    template = tr("{id} is the id of another node: {file}, line {line}")
    reasons = row_texts(template, id=quoted(cells), file=files, line=lines.cast(pa.string()))
    hint = tr("an id is unique over all labels: put the label in front, for example company-1")
    faults.add("duplicate_id", rows, reasons, column=column, values=cells, hint=hint)


def _region_values(
    columns: Columns, cells: Mapping[str, pa.ChunkedArray], required: list[str], regions: Regions, faults: Faults
) -> Columns:
    """The columns with regions as ids, and an id made of region, indicator and year."""
    for name in required:
        hint = tr("a value needs its region, its indicator and a number; delete the row where there is none")
        faults.add(
            "blank_cell",
            rows_where(pc.is_null(cells[name])),
            tr("{name} is blank", name=faults.called(name)),
            column=name,
            hint=hint,
        )
    region = parse_regions(columns["region"], "region", regions, faults)
    rows = len(region)
    year = columns["year"].cast(pa.string()) if "year" in columns else pa.chunked_array([pa.nulls(rows, pa.string())])
    ids = pc.binary_join_element_wise(region, columns["indicator"], pc.fill_null(year, ""), "|")
    return {"id": ids} | columns | {"region": region}
