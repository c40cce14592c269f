"""Explanations and knock-outs to files: one table, or a workbook with a sheet for each level.

Apart from the scores, so that who writes a table need not load the audit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.audit.audit_tables import main_table, sheets
from ecosystem.export.files import write_result
from ecosystem.messages import speaking

if TYPE_CHECKING:
    from ecosystem.audit import Depth
    from ecosystem.audit.audit_tables import Result


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
    with speaking(lang):
        write_result(
            Path(path),
            lambda: main_table(result, depth, folder),
            lambda: sheets(result, lang, depth=depth, folder=folder),
            excel=excel,
            lang=lang,
        )
