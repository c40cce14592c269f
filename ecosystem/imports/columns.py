"""Columns of an export as codes: each distinct text stands once, and a row has its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells

Made = TypeVar("Made")
Codes = npt.NDArray[np.signedinteger[Any]]
"""A number for each row; most often that of its text among the distinct ones."""
SPACE = "".join(map(chr, (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287)))
SPACE += "\u3000"
"""What `str.strip` takes for white space."""
_MOST = 1 << 62
_MOST_SHORT = 1 << 31
_SPARSE = 8
"""A table of all codes that may be is made where it has at most so many entries for each row; else they are hashed."""


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of a column: of each row the number of its text in `texts`, which are distinct; blank is empty."""

    codes: npt.NDArray[np.int32]
    texts: pa.StringArray

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, rows: Codes) -> list[str]:
        """The texts of some rows."""
        texts: list[str] = self.texts.take(pa.array(self.codes[rows])).to_pylist()
        return texts

    def taken(self, rows: Codes) -> Column:
        """The column with these rows; where a number is below 0 the cell is blank."""
        if not len(rows) or rows.min() >= 0:
            return Column(self.codes[rows], self.texts)
        place, texts = blank_place(self.texts)
        codes = np.append(self.codes, np.int32(place))
        return Column(codes[rows], texts)

    def is_blank(self) -> npt.NDArray[np.bool_]:
        """Which cells are blank."""
        place = pc.index(self.texts, "").as_py()
        return self.codes == place if place >= 0 else np.zeros(len(self.codes), np.bool_)

    def unified(self) -> Column:
        """The column in which texts that were the same are one."""
        again = self.texts.dictionary_encode()
        return Column(again.indices.to_numpy()[self.codes], again.dictionary)

    def array(self, rows: Codes | slice = slice(None)) -> pa.StringArray:
        """The texts of the rows, or of some of them."""
        return self.texts.take(pa.array(self.codes[rows]))


def blank_place(texts: pa.StringArray) -> tuple[int, pa.StringArray]:
    """Where the empty text stands among texts, which it joins where it is not there."""
    place = pc.index(texts, "").as_py()
    return (place, texts) if place >= 0 else (len(texts), pa.concat_arrays([texts, pa.array([""])]))


def coded(cells: pa.ChunkedArray, missing: Sequence[str] = ()) -> Column:
    """The column of these texts, without white space around them; those that stand for a missing value are blank."""
    encoded = cells.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    column = Column(encoded.indices.to_numpy(), encoded.dictionary)
    texts = pc.utf8_trim(encoded.dictionary, characters=SPACE)
    if missing:
        texts = pc.if_else(pc.is_in(texts, value_set=pa.array(missing, pa.string())), "", texts)
    return column if texts.equals(encoded.dictionary) else Column(column.codes, texts).unified()


@dataclass(frozen=True, slots=True)
class Distinct:
    """What some columns say together: of each row its number, in the order of first sight, and the first row of each.

    Rows that are left out have the number -1.
    """

    codes: Codes
    firsts: Codes

    def __len__(self) -> int:
        return len(self.firsts)

    def rows(self, wanted: npt.NDArray[np.bool_]) -> Codes:
        """The rows whose number is wanted."""
        return np.flatnonzero(np.append(wanted, False)[self.codes])


def distinct(columns: Sequence[Column], count: int, among: Codes | None = None) -> Distinct:
    """What the columns say together in `count` rows, or in those `among` them, which ascend."""
    if among is not None:
        own = distinct([column.taken(among) for column in columns], len(among))
        spread = np.full(count, -1, np.int32)
        spread[among] = own.codes
        return Distinct(spread, among[own.firsts])
    codes: Codes = columns[0].codes if columns else np.zeros(count, np.int32)
    size = max(len(columns[0].texts), 1) if columns else 1
    for column in columns[1:]:
        if size * max(len(column.texts), 1) >= _MOST:
            codes, size = _in_order(codes, size)
        codes = codes.astype(np.int64, copy=False) * len(column.texts) + column.codes
        size *= max(len(column.texts), 1)
    codes, size = _in_order(codes, size)
    return Distinct(codes, first_rows(codes, size))


def _in_order(codes: Codes, size: int) -> tuple[Codes, int]:
    """The codes, all below `size`, numbered in the order of first sight; and how many there are."""
    if size > _SPARSE * (len(codes) + 1):
        encoded = pa.array(codes).dictionary_encode()
        return encoded.indices.to_numpy(), len(encoded.dictionary)
    firsts = first_rows(codes, size)
    seen = np.flatnonzero(firsts >= 0)
    seen = seen[np.argsort(firsts[seen])]
    numbers = np.empty(size, np.int32)
    numbers[seen] = np.arange(len(seen))
    return numbers[codes], len(seen)


def first_rows(codes: Codes, size: int) -> Codes:
    """The first row of each code of `size`; -1 where it is not there."""
    firsts = np.full(size, -1, np.int64)
    firsts[codes[::-1]] = row_numbers(len(codes))[::-1]  # of several rows the last that is assigned stays
    return firsts


def row_numbers(count: int) -> Codes:
    """The numbers of `count` rows, in as few bytes as they need."""
    return np.arange(count, dtype=np.int32 if count <= _MOST_SHORT else np.int64)


@dataclass(frozen=True, slots=True)
class Evaluated(Generic[Made]):
    """What was made of the distinct texts of some columns, or why it could not be; `of` numbers it row by row."""

    of: Distinct
    made: Sequence[Made | UnreadableError]
    errors: Mapping[int, UnreadableError] = field(default_factory=dict)

    def where(self, holds: Callable[[Made], bool]) -> npt.NDArray[np.bool_]:
        """For which rows something was made of which this holds."""
        flags = [not isinstance(one, UnreadableError) and holds(one) for one in self.made]
        return np.array([*flags, False], np.bool_)[self.of.codes]

    def rows_of_errors(self) -> dict[int, UnreadableError]:
        """The rows of which nothing could be made, in their order, and why."""
        if not self.errors:
            return {}
        bad = np.zeros(len(self.made), np.bool_)
        bad[list(self.errors)] = True
        return {row: self.errors[int(self.of.codes[row])] for row in self.of.rows(bad).tolist()}


def evaluated(
    cells: Mapping[str, Column],
    names: Iterable[str],
    count: int,
    make: Callable[[Cells], Made],
    among: Codes | None = None,
) -> Evaluated[Made]:
    """What `make` makes of each row, of which it sees the columns `names`: it is asked once for the same texts."""
    names = tuple(dict.fromkeys(names))
    of = distinct([cells[name] for name in names], count, among)
    made: list[Made | UnreadableError] = []
    errors: dict[int, UnreadableError] = {}
    for place, row in enumerate(row_cells(cells, names, of.firsts)):
        try:
            made.append(make(row))
        except UnreadableError as err:
            errors[place] = err
            made.append(err)
    return Evaluated(of, made, errors)


def row_cells(cells: Mapping[str, Column], names: Sequence[str], rows: Codes) -> Iterable[dict[str, str]]:
    """The texts of some rows, row by row: column -> text."""
    if not names:
        return ({} for _ in range(len(rows)))
    texts = (cells[name].at(rows) for name in names)
    return (dict(zip(names, row, strict=True)) for row in zip(*texts, strict=True))
