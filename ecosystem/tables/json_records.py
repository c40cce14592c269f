"""The records of JSON and JSON Lines files, piece by piece: the whole is never in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from ecosystem.messages import tr
from ecosystem.tables.form import Block, Form, refused
from ecosystem.tables.json_document import CUT_OFF, Document, Parser
from ecosystem.tables.nested_records import Found, Projection, record_blocks
from ecosystem.tables.text_file import damage, lines_of, not_text, other_encoding, text_of


def jsonl_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a file with a record on each line. DatasetError where it is another file, or is cut off."""
    with text_of(path, form.encoding) as (text, read):
        found = _of_lines(path, text, form.encoding)
        yield from record_blocks(path.name, found, Projection(form.columns, form.rows), read)


def json_records(path: Path, form: Form) -> Iterator[Any]:
    """What the records of a JSON or JSON Lines file say, those at fault left out. DatasetError as above."""
    with text_of(path, form.encoding) as (text, _):
        lines = form.format == "jsonl"
        found = (
            _of_lines(path, text, form.encoding) if lines else Document(path, text, form.encoding).records(form.records)
        )
        yield from (one.value for one in found if one.fault is None)


def _of_lines(path: Path, text: TextIO, encoding: str) -> Iterator[Found]:
    parser, kept, number, good = Parser(), list[str](), 0, False
    lines = lines_of(text, path.name, kept)
    while True:
        kept.clear()
        number += 1
        try:
            line = next(lines, None)
        except UnicodeError as err:
            raise other_encoding(path, encoding, number) or not_text(path.name, encoding, number) from err
        if line is None:
            return
        if not line.strip():
            continue
        if (bad := damage(kept)) is not None:
            if not good and (refusal := other_encoding(path, encoding, number)):
                raise refusal
            fault = tr("the row has bytes that are not {encoding}: {bytes}", encoding=encoding, bytes=bad)
            yield Found(number, line, fault)
            continue
        one = _of_line(parser, line, number)
        if one.fault is not None and isinstance(one.value, str):
            _refuse_file(path.name, one, line, good)
        good = good or one.fault is None
        yield one if one.fault is None else Found(number, line, one.fault)


def _of_line(parser: Parser, line: str, number: int) -> Found:
    start = len(line) - len(line.lstrip())
    try:
        value, end, fault = parser.value(line, start)
    except json.JSONDecodeError as err:
        return Found(number, line, tr("is not JSON at character {place}: {reason}", place=err.pos + 1, reason=err.msg))
    except RecursionError:
        return Found(number, line[:100], tr("is nested too deeply"))
    if line[end:].strip():
        return Found(number, line, tr("has something behind its JSON, at character {place}", place=end + 1))
    return Found(number, value, fault)


def _refuse_file(name: str, one: Found, line: str, good: bool) -> None:
    """Raise DatasetError where a line that is not JSON says that the file is none, or is cut off."""
    if not line.endswith(("\n", "\r")) and one.line > 1:
        message = tr("the last line {fault}", fault=one.fault)
        raise refused(name, "cut_off", message, tr(CUT_OFF), one.line)
    if not good:
        message = tr("the first line {fault}", fault=one.fault)
        raise refused(name, "not_json", message, tr("set format = 'json' if it is one document"), one.line)


def json_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a document that is a list of records, has one in it, or is one record; `line` is the number.

    DatasetError where it is not JSON, is cut off, or has several lists and the form names none.
    """
    with text_of(path, form.encoding) as (text, read):
        document = Document(path, text, form.encoding)
        yield from record_blocks(path.name, document.records(form.records), Projection(form.columns, form.rows), read)


def lists_in(path: Path, encoding: str) -> list[str | None]:
    """The lists of objects in the beginning of a document, by their dotted keys; None where it is one, or has none."""
    with text_of(path, encoding) as (text, _):
        return list(Document(path, text, encoding).lists()) or [None]
