"""Text files column by column: the same records and lines as Python's reader gives, or odd text for it to read."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import pytest

from ecosystem.errors import DatasetError
from ecosystem.tables import text_columns
from ecosystem.tables.form import Form
from ecosystem.tables.records import read_blocks
from ecosystem.tables.text_columns import Odd, regular_pieces

Records = list[tuple[int, list[str]]]


def by_python(text: str) -> Records | None:
    """Line and cells of each record; None where Python refuses one."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: Records = []
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return records
        except csv.Error:
            return None
        if record:
            records.append((line, record))


def by_columns(text: str, width: int) -> tuple[Records, Odd | None]:
    """Line and cells of each record before what is odd."""
    records: Records = []
    for piece in regular_pieces(io.StringIO(text, newline=""), 1, width, range(width), ","):
        if isinstance(piece, Odd):
            return records, piece
        rows = zip(*(column.to_pylist() for column in piece.columns), strict=True)
        records += zip(piece.lines.tolist(), map(list, rows), strict=True)
    return records, None


def written(chance: random.Random) -> str:
    """A table as programs write them."""
    out = io.StringIO(newline="")
    end = chance.choice(["\n", "\r\n"])
    quoting: tuple[Literal[0], Literal[1]] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
    writer = csv.writer(out, lineterminator=end, quoting=chance.choice(quoting))
    width = chance.randint(1, 3)
    for _ in range(chance.randint(1, 5)):
        writer.writerow(["".join(chance.choices('ab,"\né', k=chance.randint(0, 3))) for _ in range(width)])
    text = out.getvalue()
    return text if chance.random() < 0.7 else text.rstrip("\r\n")


def scribbled(chance: random.Random) -> str:
    """What nobody should write."""
    return "".join(chance.choices('ab,"\n\r;é ', k=chance.randint(1, 14)))


@pytest.mark.parametrize("make", [written, scribbled])
def test_records_are_those_of_pythons_reader(
    make: Callable[[random.Random], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(20261128)  # noqa: S311 - texts of a test
    regular = 0
    for _ in range(3_000):
        text = make(chance)
        monkeypatch.setattr(text_columns, "PIECE", chance.choice([1, 3, 7, 100]))
        expected = by_python(text)
        found, odd = by_columns(text, len(expected[0][1]) if expected else 2)
        if odd is None:
            assert found == expected, text
            regular += 1
        elif expected is not None:
            assert found == expected[: len(found)], text
    assert regular > (2_000 if make is written else 100)


Row = tuple[int, list[str], str | None]


def rows(path: Path, wanted: Callable[[int], Sequence[int]] | None) -> list[Row] | str:
    """Line, cells and fault of each record of a file; the refusal where it is refused."""
    found: list[Row] = []
    try:
        for block in read_blocks(path, Form(), wanted):
            columns = block.columns
            records = block.records if columns is None else zip(*(one.to_pylist() for one in columns), strict=True)
            lines = [int(line) for line in block.lines]
            cells = zip(lines, map(list, records), strict=True)
            found += [(line, own, block.faults.get(row)) for row, (line, own) in enumerate(cells)]
    except DatasetError as err:
        return str(err)
    return found


def test_a_file_gives_the_same_rows_by_columns_and_by_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)  # noqa: S311 - texts of a test
    path = tmp_path / "odd.csv"
    several = 0
    for _ in range(400):
        parts = [written(chance), chance.choice([written, scribbled])(chance), written(chance)]
        content = "".join(parts).encode()
        if chance.random() < 0.2:
            content = content.replace(b"b", b"\xff", 1)
        path.write_bytes(content)
        monkeypatch.setattr(text_columns, "PIECE", chance.choice([5, 20, 1000]))
        expected = rows(path, None)
        assert rows(path, range) == expected, content
        several += len(expected) > 3 and not isinstance(expected, str)
    assert several > 50


def test_a_row_of_another_width_is_left_to_the_reader_of_records() -> None:
    records, odd = by_columns("a,b\nc,d\n", 2)
    assert records == [(1, ["a", "b"]), (2, ["c", "d"])]
    assert odd is None
    assert by_columns("a,b\nc\n", 2)[1] == Odd(1, "a,b\nc\n")
