"""A JSON document that is read piece by piece, as deep as the list of its records; and the parser of its values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from ecosystem.errors import DatasetError, did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.form import refused
from ecosystem.tables.nested_records import Found
from ecosystem.tables.record_paths import plain_number
from ecosystem.tables.text_file import LONGEST_LINE, damage, not_text, other_encoding

_PIECE = 1 << 18
_LISTS_DEEP = 8
_LOOKED_AT = 1 << 12
_SCANNED = 1 << 24  # so many characters of a document are looked at for its lists
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
CUT_OFF = tr_later("the file is cut off: fetch or write it again")
_ANEW = tr_later("write it again, or check it with a JSON validator")


class Parser:
    """Parses values of JSON; numbers are texts as they are written, and keys that are there twice are kept in mind."""

    def __init__(self) -> None:
        self.twice: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=str,
            parse_float=plain_number,
            parse_constant=lambda text: None if text == "NaN" else text,
            strict=False,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            first = {key: place for place, (key, _) in reversed(list(enumerate(pairs)))}
            self.twice.append(next(key for place, (key, _) in enumerate(pairs) if first[key] < place))
        return made

    def value(self, text: str, start: int) -> tuple[Any, int, str | None]:
        """A value, where it ends, and what is wrong with it. JSONDecodeError, RecursionError."""
        self.twice.clear()
        value, end = self._decoder.raw_decode(text, start)
        fault = tr("the key {key!r} is there twice in one object", key=self.twice[0]) if self.twice else None
        return value, end, fault


class Document:
    """A JSON document that is read piece by piece, as deep as the list of its records."""

    def __init__(self, path: Path, text: TextIO, encoding: str) -> None:
        self._path, self._text, self._encoding = path, text, encoding
        self._parser = Parser()
        self._buffer, self._at, self._line, self._ended = "", 0, 1, False
        self._number = self._seen = 0
        self._damaged = False

    def records(self, wanted: str | None) -> Iterator[Found]:
        """The records, numbered from 1; `wanted` is the dotted key of their list."""
        begin = self._next()
        if begin == "[" and wanted is None:
            yield from self._list()
        elif begin == "{":
            yield from self._object(wanted.split(".") if wanted else None, wanted)
        else:
            keys = tr("leave records out") if begin == "[" else tr(_ANEW)
            raise self._fault("not_json", tr("the file has no object at its beginning"), keys)
        if self._next():
            hint = tr("set format = 'jsonl' if every line is a record")
            raise self._fault("not_json", tr("there is something behind the end of the document"), hint)

    def lists(self, prefix: str = "", depth: int = 0) -> Iterator[str]:
        """The dotted keys of the lists of objects that stand in objects, as far as the document is looked at."""
        if self._next() != "{":
            return
        for key in self._keys({}):
            if self._begins_records():
                yield f"{prefix}{key}"
            if self._next() == "{" and depth < _LISTS_DEEP:
                yield from self.lists(f"{prefix}{key}.", depth + 1)
            else:
                yield from (str(one) for one in self._skipped())
            if self._seen > _SCANNED:
                return

    def _list(self) -> Iterator[Found]:
        self._take("[")
        if self._next() == "]":
            self._take("]")
            return
        while True:
            self._number += 1
            value, fault = self._value()
            yield Found(self._number, value, fault)
            if self._take(",]") == "]":
                return

    def _object(self, wanted: Sequence[str] | None, path: str | None) -> Iterator[Found]:
        """The records of the list at a key; without a key those of the only list of objects, or the one object."""
        own: dict[str, Any] = {}
        lists: list[str] = []
        for key in self._keys(own):
            if wanted is not None:
                yield from self._wanted(key, wanted, path) if key == wanted[0] else self._skipped()
            elif self._begins_records():
                if lists:
                    names = either([repr(lists[0]), repr(key)])
                    message = tr("the file has several lists of records: {names}", names=names)
                    raise self._fault("several_lists", message, tr("set records = {names}", names=names))
                lists.append(key)
                yield from self._list()
            else:
                own[key], fault = self._value()
                self._refuse_more_than_a_record()
                if fault is not None:
                    raise self._fault("duplicate_key", fault, tr(_ANEW))
        if wanted is not None and wanted[0] not in own:
            message = tr("the file has no list {path!r}", path=path)
            raise self._fault("no_records", message, did_you_mean(wanted[0], own))
        if wanted is None and not lists:
            yield Found(1, own)

    def _refuse_more_than_a_record(self) -> None:
        if self._seen - len(self._buffer) + self._at > LONGEST_LINE:
            message = tr("the record has more than {limit:,} characters", limit=LONGEST_LINE)
            raise self._fault("long_record", message, tr("name the list of the records with records = '...'"))

    def _keys(self, own: dict[str, Any]) -> Iterator[str]:
        """The keys of an object, each when what follows is its value, which has to be taken before the next."""
        self._take("{")
        if self._next() == "}":
            self._take("}")
            return
        while True:
            if self._next() not in ('"', ""):
                raise self._fault("not_json", tr("a key in quotes is expected"), tr(_ANEW))
            key, _ = self._value()
            if key in own:
                raise self._fault(
                    "duplicate_key", tr("the key {key!r} is there twice in one object", key=key), tr(_ANEW)
                )
            own[key] = None
            self._take(":")
            yield key
            if self._take(",}") == "}":
                return

    def _wanted(self, key: str, wanted: Sequence[str], path: str | None) -> Iterator[Found]:
        begin = self._next()
        if len(wanted) > 1 and begin == "{":
            yield from self._object(wanted[1:], path)
        elif len(wanted) == 1 and begin == "[":
            yield from self._list()
        else:
            message = tr("{key!r} of {path!r} is no list", key=key, path=path)
            raise self._fault("no_records", message, tr("name a key whose value is a list of objects"))

    def _skipped(self) -> Iterator[Found]:
        """Nothing; a value is behind, which may be a list that is longer than the memory."""
        if self._next() != "[":
            self._value()
            return
        self._take("[")
        while self._next() != "]":
            self._value()
            if self._next() == ",":
                self._take(",")
        self._take("]")
        yield from ()

    def _begins_records(self) -> bool:
        """Whether the value that follows is a list whose first element is an object."""
        if self._next() != "[":
            return False
        while not (rest := self._buffer[self._at + 1 : self._at + _LOOKED_AT].lstrip()) and self._more():
            pass
        return rest.startswith("{")

    def _next(self) -> str:
        """The next character that is not white space; nothing at the end."""
        while True:
            hit = _SPACE.match(self._buffer, self._at)
            self._pass(hit.end() if hit else self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _take(self, expected: str) -> str:
        found = self._next()
        if not found:
            raise self._fault("cut_off", tr("the file ends in the middle of the document"), tr(CUT_OFF))
        if found not in expected:
            names = either(map(repr, expected))
            raise self._fault(
                "not_json", tr("{found!r} stands where {names} should be", found=found, names=names), tr(_ANEW)
            )
        self._pass(self._at + 1)
        return found

    def _value(self) -> tuple[Any, str | None]:
        """The next value and what is wrong with it, more of the file being read until it is whole."""
        self._next()
        while True:
            try:
                value, end, fault = self._parser.value(self._buffer, self._at)
            except RecursionError as err:
                raise self._fault("too_deep", tr("the document is nested too deeply"), tr("is it data?")) from err
            except json.JSONDecodeError as err:
                if self._more():
                    continue
                if err.pos >= len(self._buffer.rstrip()) or err.msg.startswith("Unterminated"):
                    message = tr("the file ends in the middle of the document")
                    raise self._fault("cut_off", message, tr(CUT_OFF)) from err
                self._pass(err.pos)
                raise self._fault("not_json", tr("it is not JSON: {reason}", reason=err.msg), tr(_ANEW)) from err
            if end < len(self._buffer) or not self._more():
                text = self._buffer[self._at : end]
                bad = damage([text])
                self._pass(end)
                if bad is not None:
                    if refusal := None if self._damaged else other_encoding(self._path, self._encoding, self._line):
                        raise refusal
                    self._damaged = True
                    fault = tr("the row has bytes that are not {encoding}: {bytes}", encoding=self._encoding, bytes=bad)
                return value if fault is None else text, fault

    def _pass(self, end: int) -> None:
        self._line += self._buffer.count("\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        """Read on; whether there was more."""
        if self._ended:
            return False
        rest = self._buffer[self._at :]
        if len(rest) > LONGEST_LINE:
            message = tr("the record has more than {limit:,} characters", limit=LONGEST_LINE)
            raise self._fault("long_record", message, tr("name the list of the records with records = '...'"))
        try:
            piece = self._text.read(max(_PIECE, len(rest)))
        except UnicodeError as err:
            raise (
                other_encoding(self._path, self._encoding, self._line)
                or not_text(self._path.name, self._encoding, self._line)
            ) from err
        self._ended = not piece
        self._seen += len(piece)
        self._buffer, self._at = rest + piece, 0
        return bool(piece)

    def _fault(self, code: str, message: str, hint: str) -> DatasetError:
        return refused(self._path.name, code, message, hint, self._line)
