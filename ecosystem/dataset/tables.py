"""The one source of each table that is read, where a folder may hold a table twice: as a file and as a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ecosystem.dataset.file_kind import check_is_file, unreadable
from ecosystem.dataset.files import Source
from ecosystem.dataset.raw import RawTable
from ecosystem.errors import DatasetError, Finding

Read = tuple[Path, RawTable]


def choose_source(sources: Iterable[Source], findings: list[Finding]) -> Read | None:
    """The source of a table that has rows, or the first that can be read; None when none can.

    A source that holds only its header, or nothing, gives way to one that has rows: so an empty template and filled
    files may lie side by side. Two sources with rows are an error that says which to delete; the first is checked.
    """
    readable: list[Read] = []
    faults: list[Finding] = []
    for source in sources:
        try:
            check_is_file(source.path)
            readable.append((source.path, source.read()))
        except DatasetError as err:
            faults.extend(err.findings)
        except OSError as err:
            faults.append(unreadable(source.file, err))
    filled = [(path, raw) for path, raw in readable if raw.read]
    findings.extend(fault for fault in faults if not (filled and fault.code == "empty_file"))
    if len(filled) > 1:
        findings.append(_twice([raw.file for _, raw in filled]))
    return next(iter([*filled, *readable]), None)


def _twice(files: list[str]) -> Finding:
    first, *others = files
    message = f"the table stands in {' and in '.join(files)}, with rows in each; {first} is checked here"
    hint = f"keep one: delete {' and '.join(others)}, or {first} where that is the older one"
    return Finding("error", "two_sources", message, others[0], hint=hint)
