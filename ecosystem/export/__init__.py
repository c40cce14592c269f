"""Tables to files and texts: CSV, Excel, Parquet, JSON, Markdown; a file is there whole or not at all."""

from ecosystem.export.files import write_bytes, write_json, write_table, write_workbook
from ecosystem.export.formats import to_csv, to_json, to_markdown
from ecosystem.export.scores import write_scores

__all__ = [
    "to_csv",
    "to_json",
    "to_markdown",
    "write_bytes",
    "write_json",
    "write_scores",
    "write_table",
    "write_workbook",
]
