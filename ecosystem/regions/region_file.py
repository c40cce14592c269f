"""The region hierarchy of a user's file: CSV, Excel or Parquet, with every fault at its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from ecosystem.errors import Finding, RegionError
from ecosystem.messages import tr
from ecosystem.model import Model, load_model
from ecosystem.regions.hierarchy import Regions
from ecosystem.regions.reading import read_regions
from ecosystem.tables.raw import RawTable, as_text
from ecosystem.tables.reader import read_table


def read_region_file(path: Path, *, model: Model | None = None) -> Regions:
    """The hierarchy in a file, whose columns are those of `read_regions`.

    InputError for a file that is missing or no table, RegionError with every fault of the table.
    """
    columns = (model or load_model()).labels["Region"].properties
    words = [heading for name, entry in columns.items() for heading in (name, *entry.headings)]
    return regions_of(read_table(path, known=words), model=model)


def regions_of(raw: RawTable, *, model: Model | None = None) -> Regions:
    """The hierarchy in a table as it was read. RegionError with every fault."""
    table = pa.Table.from_arrays([as_text(column) for column in raw.columns], names=list(raw.names))
    regions, findings = read_regions(table, file=raw.file, model=model)
    faults = [*raw.findings, *(_placed(finding, raw) for finding in findings)]
    faults += [Finding("error", "wrong_cell_count", row.reason, raw.file, row.line) for row in raw.ragged]
    errors = list(dict.fromkeys(fault for fault in faults if fault.severity == "error"))
    if regions is None or errors:
        raise RegionError(tr("the table of regions has faults"), findings=errors)
    return regions


def _placed(finding: Finding, raw: RawTable) -> Finding:
    """The finding with the line of the file in place of the number of the row."""
    lines = [1, *raw.line_numbers]
    return finding if finding.row is None else replace(finding, row=lines[finding.row - 1])
