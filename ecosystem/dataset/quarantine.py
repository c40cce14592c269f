"""Write the rows that do not load into the folder `quarantine/` of the dataset, one CSV per table."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from ecosystem.dataset.dataset import Reading
from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.errors import Finding
from ecosystem.tables.atomic import replace_folder
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import write_table


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
                write_table(stage / f"{name}.csv", escape_formulas(table, numbers=True), mark=True)
            replace_folder(stage, target)
        elif target.is_dir():
            shutil.rmtree(target)
    except OSError as err:
        message = f"the rows that do not load could not be written: {err.strerror or err}"
        return (Finding("warning", "quarantine_not_written", message, QUARANTINE, hint="make the folder writable"),)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return ()
