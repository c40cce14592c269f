"""The faults of one table: every faulty row is set aside with its reasons, the first of each kind become findings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import Finding, Severity
from ecosystem.messages import tr
from ecosystem.tables.raw import Mask, RawTable, Rows

SHOWN = 20
"""How many rows of one kind of fault are told one by one; a last finding gives the number of the rest."""

INVISIBLE = "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
"""What no id may have, for two ids that look the same must be the same; � in messages."""

_LONGEST = 60

Hint = Callable[[str], str | None] | str | None


class Faults:
    """Collects the faults of one table. An error with a row sets that row aside; an error without one is the file's."""

    def __init__(self, raw: RawTable) -> None:
        self._raw = raw
        self._rows: list[Rows] = []
        self._reasons: list[pa.Array] = []
        self.findings: list[Finding] = list(raw.findings)
        self._add_unread()

    def add(
        self,
        code: str,
        rows: Rows,
        reasons: str | pa.Array,
        *,
        column: str | None = None,
        values: pa.Array | None = None,
        hint: Hint = None,
    ) -> None:
        """Set rows aside. `reasons` is one text for all of them or one each; `values` are the faulty cells."""
        if len(rows) == 0:
            return
        texts = pa.array([reasons] * len(rows)) if isinstance(reasons, str) else _flat(reasons)
        self._rows.append(rows)
        self._reasons.append(pc.binary_join_element_wise(f"{column}: ", texts, "") if column else texts)
        lines = self._raw.lines_of(rows[: SHOWN + 1])
        for i, line in enumerate(lines[:SHOWN].tolist()):
            value = None if values is None else values[i].as_py()
            told = hint(value or "") if callable(hint) else hint
            short = None if value is None else shortened(value)
            self.findings.append(
                Finding("error", code, texts[i].as_py(), self._raw.file, line, column, short, told),
            )
        if len(rows) > SHOWN:
            message = tr("and {count:,} more rows with this fault, the first of them here", count=len(rows) - SHOWN)
            self.findings.append(Finding("error", code, message, self._raw.file, int(lines[SHOWN]), column))

    def add_all(self, reason: str) -> None:
        """Set every row aside, for a fault of the file that a finding tells already."""
        self._rows.append(np.arange(self._raw.rows))
        self._reasons.append(pa.array([reason] * self._raw.rows, pa.string()))

    def warn(self, code: str, message: str, *, column: str | None = None, row: int | None = None, hint: str) -> None:
        """Tell what is suspicious and loads all the same; `row` is the number of the first row that has it."""
        line = None if row is None else int(self._raw.lines_of(np.array([row]))[0])
        self.findings.append(Finding("warning", code, message, self._raw.file, line, column, hint=hint))

    def tell(self, severity: Severity, code: str, message: str, *, column: str | None = None, hint: str | None) -> None:
        """Tell something of the file as a whole, or of a column; it sets no row aside."""
        self.findings.append(Finding(severity, code, message, self._raw.file, None, column, hint=hint))

    @property
    def good(self) -> Mask:
        """True for the rows without a fault."""
        good = np.ones(self._raw.rows, np.bool_)
        for rows in self._rows:
            good[rows] = False
        return good

    def quarantine(self) -> pa.Table:
        """The rows set aside: `line`, `reason`, then the columns of the file as text, in the order of the lines."""
        rows, reasons = self._joined()
        ragged = self._raw.ragged
        lines = [*self._raw.lines_of(rows).tolist(), *(row.line for row in ragged)]
        texts = pa.concat_arrays([reasons, pa.array([row.reason for row in ragged], pa.string())])
        columns = [
            pa.concat_arrays([good, pa.array([row.cells[place] for row in ragged], pa.string())])
            for place, good in enumerate(self._raw.texts(rows))
        ]
        table = pa.Table.from_arrays(
            [pa.array(lines, pa.int64()), texts, *columns], names=["line", "reason", *self._raw.names]
        )
        return table.take(pa.array(np.argsort(lines, kind="stable")))

    def _joined(self) -> tuple[Rows, pa.Array]:
        """Each faulty row once, with all its reasons."""
        if not self._rows:
            return np.array([], np.int64), pa.array([], pa.string())
        table = pa.table({"row": np.concatenate(self._rows), "reason": pa.concat_arrays(self._reasons)})
        grouped = table.group_by("row", use_threads=False).aggregate([("reason", "list")]).sort_by("row")
        joined = pc.binary_join(grouped["reason_list"], "; ")
        return grouped["row"].to_numpy(), _flat(joined)

    def _add_unread(self) -> None:
        """What the reader of the file has set aside already."""
        file = self._raw.file
        hint = tr("a cell with a comma in it needs quotation marks around it")
        for ragged in self._raw.ragged[:SHOWN]:
            self.findings.append(Finding("error", "wrong_cell_count", ragged.reason, file, ragged.line, hint=hint))
        if more := self._raw.ragged[SHOWN:]:
            message = tr("and {count:,} more rows with this fault, the first of them here", count=len(more))
            self.findings.append(Finding("error", "wrong_cell_count", message, file, more[0].line))
        for cell in self._raw.spoiled:
            name = self._raw.names[cell.place]
            hint = tr("open the workbook in Excel, save it, or paste the value")
            row, value = np.array([cell.row]), pa.array([cell.value])
            self.add("formula", row, cell.reason, column=name, values=value, hint=hint)


def quoted(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Each value in quotation marks, shortened, control characters shown as �; what messages say of a cell."""
    short = pc.utf8_slice_codeunits(values, 0, _LONGEST)
    cut = pc.if_else(pc.greater(pc.utf8_length(values), _LONGEST), "…'", "'")
    return _flat(pc.binary_join_element_wise("'", pc.replace_substring_regex(short, INVISIBLE, "�"), cut, ""))


def shortened(value: str) -> str:
    """The beginning of an offending cell."""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def sentences(*parts: str | pa.Array) -> pa.Array:
    """One sentence per row, out of texts that are the same for all rows and arrays with one text each."""
    return _flat(pc.binary_join_element_wise(*parts, ""))


def _flat(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
