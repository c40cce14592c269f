"""Write the rows that do not load into the folder `quarantine/` of the dataset, one CSV per table."""

from __future__ import annotations

import shutil
from pathlib import Path

from ecosystem.dataset.dataset import Reading
from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.errors import Finding, OutputError
from ecosystem.headings import heading
from ecosystem.messages import spoken, tr
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import write_table


def write_quarantine(folder: Path, reading: Reading) -> tuple[Finding, ...]:
    """Replace `folder/quarantine` by the rows that do not load; without such rows the folder is removed.

    Each file has `line` and `reason`, in the language that is spoken, and the columns of the table as text, with a
    byte-order mark for Excel; a cell that a spreadsheet would run as a formula gets an apostrophe in front. A folder
    that cannot be written gives a finding.
    """
    target = folder / QUARANTINE
    try:
        if reading.quarantine:
            with new_folder(target, replace=True) as stage:
                for name, table in reading.quarantine.items():
                    own = [heading(key, spoken()) for key in table.column_names[:2]]
                    said = table.rename_columns([*own, *table.column_names[2:]])
                    write_table(stage / f"{name}.csv", escape_formulas(said, numbers=True), mark=True)
        elif target.is_dir():
            shutil.rmtree(target)
    except (OSError, OutputError) as err:
        message = tr("the rows that do not load could not be written: {reason}", reason=_reason(err))
        return (Finding("warning", "quarantine_not_written", message, QUARANTINE, hint=tr("make the folder writable")),)
    return ()


def _reason(err: OSError | OutputError) -> str:
    return err.message if isinstance(err, OutputError) else err.strerror or str(err)
