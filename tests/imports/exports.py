"""Small exports and their mappings, for tests of imports."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from ecosystem.imports import ImportReport, import_source

Rows = list[dict[str, str]]


def import_text(
    folder: Path, name: str, mapping: str, files: Mapping[str, str | bytes], merges: Path | None = None
) -> ImportReport:
    """Import an export that is written here into `folder/out`; every sum of the report is checked."""
    export = folder / name
    export.mkdir(exist_ok=True)
    for file, text in files.items():
        (export / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    path = folder / f"{name}.toml"
    path.write_text(mapping, encoding="utf-8")
    report = import_source(str(path), export, folder / "out", merges=merges)
    for count in report.files:
        assert count.rows == count.used + count.skipped + count.quarantined
    for flow in report.flows:
        assert flow.rows == flow.out + flow.quarantined + flow.merged
        with (folder / "out" / f"{flow.table}.csv").open(encoding="utf-8", newline="") as written:
            assert flow.out == sum(1 for _ in csv.reader(written)) - 1
    return report


def table(folder: Path, name: str) -> Rows:
    """The rows of a table of `folder/out`."""
    with (folder / "out" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def every_byte(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
