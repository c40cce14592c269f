"""The faults of one table: every faulty row is set aside with its reasons, the first of each kind become findings."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import Finding, Severity
from ecosystem.messages import BETWEEN, Bilingual, tr, tr_count
from ecosystem.tables.raw import Mask, RawTable, Rows

SHOWN = 20
"""How many faults of one kind are told one by one; a last finding gives the number of the rest."""

INVISIBLE = "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
"""What no id may have, for two ids that look the same must be the same; � in messages."""

_LONGEST = 60
_FEW = 5

Place = tuple[str, int]
"""A file and a line of it."""

Hint = Callable[[str], str | None] | str | None


class Faults:
    """Collects the faults of one table. An error with a row sets that row aside; an error without one is the file's."""

    def __init__(self, raw: RawTable) -> None:
        self._raw = raw
        self._rows: list[Rows] = []
        self._reasons: list[pa.Array] = []
        self.findings: list[Finding] = list(raw.findings)
        self.followers: Counter[Place] = Counter()
        """How many rows of this table fall because a row of another table does, by the place of that row."""
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
        """Set rows aside. `reasons` is one text for all of them or one each; `values` are the faulty cells.

        Rows whose cells have the same fault are one finding, which names the first of them and says where the others
        are.
        """
        if len(rows) == 0:
            return
        texts = self.set_aside(rows, reasons, column=column)
        groups = _alike(texts) if values is not None else [np.array([row]) for row in range(min(len(rows), SHOWN + 1))]
        for group in groups[:SHOWN]:
            first = int(group[0])
            value = None if values is None else values[first].as_py()
            told = hint(value or "") if callable(hint) else hint
            message = self._with_others(texts[first].as_py(), rows[group])
            self._tell_row(code, message, int(rows[first]), column, value, told)
        shown = sum(map(len, groups[:SHOWN]))
        if len(rows) > shown:
            message = tr("and {count:,} more rows with this fault, the first of them here", count=len(rows) - shown)
            self._tell_row(code, message, int(rows[int(groups[SHOWN][0])]), column, None, None)

    def set_aside(self, rows: Rows, reasons: str | pa.Array, *, column: str | None = None) -> pa.Array:
        """Set rows aside without a finding; the reasons, one text each."""
        texts = pa.array([str(reasons)] * len(rows)) if isinstance(reasons, str) else _flat(reasons)
        self._rows.append(rows)
        place = self._raw.called(column) if column else None
        self._reasons.append(pc.binary_join_element_wise(f"{place}: ", texts, "") if place else texts)
        return texts

    def follow(self, rows: Rows, reasons: pa.Array, column: str, files: pa.Array, lines: pa.Array) -> None:
        """Set rows aside because a row of another table was, at these places: that row's finding counts them."""
        self.set_aside(rows, reasons, column=column)
        self.followers.update(zip(files.to_pylist(), lines.to_pylist(), strict=True))

    def add_together(self, code: str, rows: Rows, reasons: pa.Array, message: str, column: str, hint: str) -> None:
        """Set rows aside that have one cause, which one finding tells, at the first of them."""
        if len(rows):
            self.set_aside(rows, reasons, column=column)
            self._tell_row(code, message, int(rows[0]), column, None, hint)

    def called(self, column: str) -> str:
        """What the file calls a column of the model."""
        return self._raw.called(column)

    def _tell_row(
        self, code: str, message: str, row: int, column: str | None, value: str | None, hint: str | None
    ) -> None:
        line = int(self._raw.lines_of(np.array([row]))[0])
        short = None if value is None else shortened(value)
        place = self._raw.called(column) if column else None
        self.findings.append(Finding("error", code, message, self._raw.file, line, place, short, hint))

    def _with_others(self, message: str, rows: Rows) -> str:
        if len(rows) == 1:
            return message
        lines = self._raw.lines_of(rows[1 : 1 + _FEW]).tolist()
        named = ", ".join(map(str, lines)) + ("" if len(rows) <= 1 + _FEW else ", …")
        return tr_count(
            "{message}; also on line {lines}",
            "{message}; also on {count:,} more lines: {lines}",
            len(rows) - 1,
            message=message,
            lines=named,
        )

    def add_all(self, reason: str) -> None:
        """Set every row aside, for a fault of the file that a finding tells already."""
        self._rows.append(np.arange(self._raw.rows))
        self._reasons.append(pa.array([str(reason)] * self._raw.rows, pa.string()))

    def warn(self, code: str, message: str, *, column: str | None = None, row: int | None = None, hint: str) -> None:
        """Tell what is suspicious and loads all the same; `row` is the number of the first row that has it."""
        line = None if row is None else int(self._raw.lines_of(np.array([row]))[0])
        place = self._raw.called(column) if column else None
        self.findings.append(Finding("warning", code, message, self._raw.file, line, place, hint=hint))

    def tell(self, severity: Severity, code: str, message: str, *, column: str | None = None, hint: str | None) -> None:
        """Tell something of the file as a whole, or of a column; it sets no row aside."""
        place = self._raw.called(column) if column else None
        self.findings.append(Finding(severity, code, message, self._raw.file, None, place, hint=hint))

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
            [pa.array(lines, pa.int64()), texts, *columns],
            names=["line", "reason", *(self._raw.headings or self._raw.names)],
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
            hint = tr("open the workbook in Excel and save it, or paste the value")
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


def row_texts(template: str, **parts: str | pa.Array) -> pa.Array:
    """One sentence per row: a template whose `{name}` are texts for all rows, or arrays with one text each."""
    if isinstance(template, Bilingual):
        both = [row_texts(text, **parts) for text in (template.zh, template.en)]
        return _flat(pc.binary_join_element_wise(*both, BETWEEN))
    pieces: list[str | pa.Array] = []
    for text, name, _, _ in string.Formatter().parse(template):
        pieces += [text, parts[name]] if name else [text]
    return _flat(pc.binary_join_element_wise(*pieces, ""))


def _alike(texts: pa.Array) -> list[Rows]:
    """The places of the texts that are the same, the first text first."""
    codes = texts.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def _flat(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
