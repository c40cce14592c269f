"""Whether a text is in the encoding that it should be in, and what it probably is if not; what a TOML text says."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ecosystem.errors import Finding

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
GUESSES = ("utf-8", "gb18030", "big5")
"""The encodings in which tables come; UTF-16 and UTF-32 are known by their first bytes."""

Pieces = Callable[[], Iterable[bytes]]
"""The bytes of a text from its beginning, piece by piece, each time it is called."""

_SAVED_BY = {
    "gb18030": "GBK (GB18030), as Chinese Excel saves it",
    "big5": "Big5, as Excel in Taiwan and Hong Kong saves it",
}
_PIECE = 1 << 22
_HEAD = 64  # the header of a dataset file begins with plain letters


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes of a file tell before it is parsed."""

    head: bytes
    size: int
    quotes: int
    lines: int


def scan(path: Path) -> Scan:
    """The first bytes of a file, its size, and how many quotation marks and lines it has."""
    head, size, quotes, breaks, last = b"", 0, 0, 0, b""
    for piece in pieces_of(path):
        head = head or piece
        size += len(piece)
        quotes += piece.count(b'"')
        breaks += piece.count(b"\n")
        last = piece[-1:]
    return Scan(head, size, quotes, breaks + (last != b"\n"))


def foreign_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 when the first bytes say so, by their mark or by every other byte being zero."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    sample = head[:_HEAD]
    few, many = sorted((sample[0::2].count(0), sample[1::2].count(0)))
    return "UTF-16" if len(sample) > 3 and many > 0.6 * (len(sample) // 2) > few else None


def fitting(pieces: Pieces, *, but: str) -> str | None:
    """The first of the encodings in which tables come, other than `but`, that knows every byte of a text."""
    known = codecs.lookup(but).name
    others = (guess for guess in GUESSES if codecs.lookup(guess).name != known)
    return next((guess for guess in others if first_fault(pieces(), guess) is None), None)


def encoding_finding(pieces: Pieces, file: str) -> Finding | None:
    """An error that names the likely encoding and the first bad line; None when the text is UTF-8."""
    if foreign := foreign_encoding(next(iter(pieces()), b"")):
        return wrong_encoding(file, f"the file is {foreign}, not UTF-8", foreign)
    place = first_fault(pieces(), "utf-8-sig")
    if place is None:
        return None
    line, byte = place
    guess = fitting(pieces, but="utf-8")
    kind = f"probably {_SAVED_BY[guess]}" if guess else "its encoding is not known"
    message = f"the file is not UTF-8 (byte {byte:#04x} on line {line}); {kind}"
    return wrong_encoding(file, message, guess.upper() if guess else None)


def wrong_encoding(file: str, message: str, encoding: str | None) -> Finding:
    """The error for a file in another encoding, and how to convert it."""
    suffix = PurePath(file).suffix or ".csv"
    convert = f"iconv -f {encoding} -t UTF-8 {file} > new{suffix}" if encoding else "iconv -f ENCODING -t UTF-8 ..."
    save = "save it in Excel as 'CSV UTF-8'" if suffix == ".csv" else "save it as UTF-8"
    hint = f"{save}, or convert it: {convert}"
    return Finding("error", "wrong_encoding", message, file, hint=hint)


def decoded(content: bytes, file: str) -> tuple[str | None, list[Finding]]:
    """The text of a file in UTF-8, with or without a byte-order mark; None and a finding where it is not that."""
    finding = encoding_finding(lambda: [content], file)
    return (content.decode("utf-8-sig"), []) if finding is None else (None, [finding])


def first_fault(pieces: Iterable[bytes], encoding: str) -> tuple[int, int] | None:
    """Line and value of the first byte that `encoding` does not know; None when there is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        for piece in pieces:
            decoder.decode(piece)
            lines += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as err:
        return lines + err.object[: err.start].count(b"\n"), err.object[err.start]
    return None


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def mended(text: str) -> str:
    """A text that can be written: bytes that are no text are shown as \\xNN."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def toml_table(text: str) -> dict[str, Any]:
    """What a TOML text says. TOMLDecodeError where it is none, also for what Python's parser falls over."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as err:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from err
    except ValueError as err:  # int() of more than 4,300 digits
        raise tomllib.TOMLDecodeError("it has a number with too many digits") from err
