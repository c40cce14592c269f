"""Write the rows that do not load into the folder `quarantine/` of the dataset, one CSV per table."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Reading
from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.errors import Finding
from ecosystem.tables.atomic import replace_folder
from ecosystem.tables.writer import write_table

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$"


def write_quarantine(folder: Path, reading: Reading) -> tuple[Finding, ...]:
    """Replace `folder/quarantine` by the rows that do not load; without such rows the folder is removed.

    Each file has `line`, `reason` and the columns of the table as text, with a byte-order mark for Excel; a cell that a
    spreadsheet would run as a formula gets an apostrophe in front. A folder that cannot be written gives a finding.
    """
    target = folder / QUARANTINE
    stage = folder / f".{QUARANTINE}-{uuid.uuid4().hex[:8]}.partial"
    try:
        if reading.quarantine:
            stage.mkdir()
            for name, table in reading.quarantine.items():
                write_table(stage / f"{name}.csv", escape_formulas(table), mark=True)
            replace_folder(stage, target)
        elif target.is_dir():
            shutil.rmtree(target)
    except OSError as err:
        message = f"the rows that do not load could not be written: {err.strerror or err}"
        return (Finding("warning", "quarantine_not_written", message, QUARANTINE, hint="make the folder writable"),)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return ()


def escape_formulas(table: pa.Table) -> pa.Table:
    """The table with an apostrophe before each text that begins like a formula and is no number."""
    columns = [_escaped(column) if pa.types.is_string(column.type) else column for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def _escaped(text: pa.ChunkedArray) -> pa.ChunkedArray:
    formula = pc.match_substring_regex(text, _FORMULA)
    number = pc.match_substring_regex(text, _NUMBER)
    return pc.if_else(pc.and_not(formula, number), pc.binary_join_element_wise("'", text, ""), text)
