"""merges.csv: which nodes are one organisation, by name or by the word of the user, who edits the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Literal

from ecosystem.errors import DatasetError, Finding, did_you_mean
from ecosystem.imports.report import Pair
from ecosystem.messages import tr
from ecosystem.tables.packed import content_of
from ecosystem.tables.records import SmallTable, parse_table
from ecosystem.tables.words import FALSE, TRUE, escaped, unescaped

MERGES = "merges.csv"
Kind = Literal["same_code", "same_name", "same_name_abroad", "same_name_other_code", "near_miss"]
_DECISIONS = ("", "accept", "refuse")
_WORDS = dict.fromkeys(("接受", *TRUE), "accept") | dict.fromkeys(("拒绝", *FALSE), "refuse")


_COLUMNS = tuple(field.name for field in fields(Pair))


def read_merges(path: Path) -> list[Pair]:
    """The pairs of a file; DatasetError with every fault: a column that is missing, a decision that is none."""
    try:
        table = parse_table(content_of(path), path.name)
    except FileNotFoundError as err:
        raise DatasetError(
            tr("{path} does not exist", path=path), hint=tr("an import writes {merges} into the dataset", merges=MERGES)
        ) from err
    except OSError as err:
        raise DatasetError(tr("cannot read {path}: {reason}", path=path, reason=err.strerror or err)) from err
    if table.errors:
        raise DatasetError(tr("{path} cannot be read", path=path), findings=table.errors)
    missing = [name for name in ("decision", "id_a", "id_b") if name not in table.names]
    if missing:
        findings = [
            Finding("error", "missing_column", tr("has no column {name!r}", name=name), path.name, 1)
            for name in missing
        ]
        raise DatasetError(
            tr("{path} is not a list of merges", path=path),
            findings=findings,
            hint=tr("the columns are: {names}", names=", ".join(_COLUMNS)),
        )
    return _pairs(table)


def _pairs(table: SmallTable) -> list[Pair]:
    pairs: dict[tuple[str, str], Pair] = {}
    faults = []
    for line, row in table.rows:
        cells = {name: row.get(name, "") for name in _COLUMNS}
        decision = _decision(cells["decision"])
        if decision is None:
            hint = did_you_mean(cells["decision"], _DECISIONS[1:])
            message = tr("{text!r} is not a decision", text=cells["decision"])
            faults.append(Finding("error", "decision", message, table.file, line, "decision", hint=hint))
            continue
        pair = Pair(**{name: unescaped(text) for name, text in (cells | {"decision": decision}).items()})
        old = pairs.get(pair.key)
        if old is not None and old.decision != decision:
            message = tr("decides {id_a} and {id_b} a second time, differently", id_a=pair.id_a, id_b=pair.id_b)
            faults.append(Finding("error", "decision", message, table.file, line))
        pairs[pair.key] = pair
    if faults:
        raise DatasetError(tr("the merges cannot be read"), findings=faults)
    return list(pairs.values())


def _decision(text: str) -> str | None:
    word = text.casefold()
    word = _WORDS.get(word, word)
    return word if word in _DECISIONS else None


def write_merges(path: Path, pairs: Iterable[Pair]) -> None:
    """Write the pairs as CSV for a spreadsheet: UTF-8 with a byte-order mark, formulas made harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([escaped(cell) for cell in astuple(pair)] for pair in pairs)
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())


def decided(pairs: Sequence[Pair], decision: str) -> set[tuple[str, str]]:
    """The two ids of every pair with that decision, in both orders."""
    keys = [pair.key for pair in pairs if pair.decision == decision]
    return {*keys, *((second, first) for first, second in keys)}
