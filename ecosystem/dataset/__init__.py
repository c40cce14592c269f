"""Read, check and write dataset folders: tables of nodes and links as CSV, Parquet or one Excel workbook."""

from __future__ import annotations

from ecosystem.dataset.dataset import Dataset, Reading, TableCount
from ecosystem.dataset.quarantine import write_quarantine
from ecosystem.dataset.read import read_dataset
from ecosystem.progress import Progress, silent
from ecosystem.tables.writer import write_tables

__all__ = ["Dataset", "Progress", "Reading", "TableCount", "read_dataset", "silent", "write_quarantine", "write_tables"]
