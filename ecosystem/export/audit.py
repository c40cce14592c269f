"""What an audit says to a file: its table, or a workbook with a sheet for every level."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.audit.tables import main_table, sheets
from ecosystem.export.files import write_table, write_workbook

if TYPE_CHECKING:
    from ecosystem.audit import Depth
    from ecosystem.audit.tables import Result


def write_audit(
    result: Result,
    path: str | Path,
    *,
    lang: str = "en",
    excel: bool = False,
    depth: Depth = "entity",
    folder: Path | None = None,
) -> None:
    """Write an explanation, a knock-out or the like: .csv, .parquet, .json, .md one table, .xlsx a sheet for each.

    Sheets are named in `lang`; `excel` begins a CSV file with a byte-order mark. UsageError for another suffix,
    OutputError where it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx" and not excel:
        write_workbook(path, sheets(result, lang, depth=depth, folder=folder))
    else:
        write_table(path, main_table(result, depth, folder), excel=excel)
