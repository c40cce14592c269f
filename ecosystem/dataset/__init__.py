"""Read, check and write dataset folders: tables of nodes and links as CSV, Parquet or one Excel workbook."""

from __future__ import annotations

from ecosystem.dataset.quarantine import write_quarantine
from ecosystem.dataset.read import read_dataset
from ecosystem.dataset.records import Dataset, Progress, Reading, TableCount, silent
from ecosystem.dataset.write import write_tables

__all__ = ["Dataset", "Progress", "Reading", "TableCount", "read_dataset", "silent", "write_quarantine", "write_tables"]
