"""Mappings: how an export of somebody else becomes a dataset; the language is in `spec.py`, the reference in docs."""

from __future__ import annotations

from ecosystem.imports.mapping import Mapping, list_sources, load_mapping
from ecosystem.imports.preview import ImportPreview, preview_source
from ecosystem.imports.report import EntryCount, FileCount, ImportReport, TableFlow
from ecosystem.imports.run import import_source, source_contents

__all__ = [
    "EntryCount",
    "FileCount",
    "ImportPreview",
    "ImportReport",
    "Mapping",
    "TableFlow",
    "import_source",
    "list_sources",
    "load_mapping",
    "preview_source",
    "source_contents",
]
