"""Whether a text is in the encoding that it should be in, and what it probably is if not; what a TOML text says."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ecosystem.errors import Finding
from ecosystem.messages import tr, tr_later
from ecosystem.tables.letters import encoding_of_script

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_GUESSES = ("utf-8", "gb18030", "big5", "cp1252")
"""The encodings in which tables come; UTF-16 and UTF-32 are known by their first bytes."""
_ALSO_SEEN = ("cp932", "euc_jp", "cp949", "cp1250", "cp1251", "koi8-r")
"""Encodings that nothing tells from those above but a person who reads a few words, or the letters of a script."""
Pieces = Callable[[], Iterable[bytes]]
"""The bytes of a text from its beginning, piece by piece, each time it is called."""

_SAVED_BY = {
    "gb18030": tr_later("GBK (GB18030), as Chinese Excel saves it"),
    "big5": tr_later("Big5, as Excel in Taiwan and Hong Kong saves it"),
    "cp1252": tr_later("Windows-1252, as Excel in western Europe and America saves it"),
}
_ASCII = bytes(range(128))
_LONGEST = 1 << 14  # so many bytes of a line
_JUDGED = 1 << 16  # so many bytes of lines that are not ASCII tell an encoding
_LIKELY = 0.8
_SHOWN = 24
_OTHER_WORDS = re.compile(r"[^\s,;|\"]*[^\x00-\x7f][^,;|\t\r\n\"]*")
_RUNS = re.compile(r"[^\x00-\x7f]+")
_WESTERN_MARKS = "\u00a0\u2018\u2019\u201c\u201d\u201e\u201a\u2013\u2014\u2026\u2022€£§©®™°²³·«»¿¡ªº"
_WESTERN_LETTERS = frozenset("ŒœŠšŽžŸ") | frozenset(map(chr, range(0xC0, 0xFF))) - {"×", "÷"}
# of these two the characters in daily use come first: the first bytes of punctuation, and of the common characters
_FIRST_BYTES = {
    "gb18030": ("gb2312", range(0xA1, 0xA4), range(0xB0, 0xD8)),
    "big5": ("big5", range(0xA1, 0xA4), range(0xA4, 0xC7)),
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
    """The likeliest of the encodings in which tables come, other than `but`, that know every byte of a text."""
    known = codecs.lookup(but).name
    others = (guess for guess in _GUESSES if codecs.lookup(guess).name != known)
    fits = [guess for guess in others if first_fault(pieces(), guess) is None]
    return next(iter(_likeliest(_judged(pieces()), fits)), None)


def readings(content: bytes) -> list[tuple[str, str]]:
    """The encodings that a text can be in, the likeliest first, each with the first words that it reads otherwise.

    UTF-8 is the only one where it fits. Behind those in which tables come stand others that fit, for a person to judge.
    Nothing where none of the likely ones fits.
    """
    if first_fault([content], "utf-8") is None:
        return [("utf-8", "")]
    fits = [guess for guess in (*_GUESSES, *_ALSO_SEEN) if first_fault([content], guess) is None]
    sample = _judged([content])
    likely = _likeliest(sample, [guess for guess in fits if guess in _GUESSES])
    likely = [*(guess for guess in (encoding_of_script(sample),) if guess in fits), *likely]
    if not likely:
        return []
    order = dict.fromkeys([*likely, *fits])
    return [(guess, _first_words(sample.decode(guess, errors="ignore"))) for guess in order]


def _judged(pieces: Iterable[bytes]) -> bytes:
    """The first lines of a text that are not ASCII."""
    lines: list[bytes] = []
    size = 0
    for piece in pieces:
        for line in piece.splitlines():
            if line.isascii():
                continue
            begin = 0 if len(line) <= _LONGEST else len(line) - len(line.lstrip(_ASCII))
            lines.append(line[begin : begin + _LONGEST])
            size += len(lines[-1])
            if size >= _JUDGED:
                return b"\n".join(lines)
    return b"\n".join(lines)


def _likeliest(sample: bytes, fits: Iterable[str]) -> list[str]:
    """The encodings in the order of how much of the sample looks like writing in them.

    Every byte, or nearly, is a letter of Windows-1252: it counts only where the letters stand in words, and then it
    goes before those that read an accent and the letter behind it as one character.
    """
    shares = {guess: _share_of_writing(sample.decode(guess, errors="ignore"), guess) for guess in fits}
    if shares.get("cp1252", 1.0) < _LIKELY:
        del shares["cp1252"]
    return sorted(shares, key=lambda guess: (-shares[guess], guess != "cp1252"))


def _share_of_writing(text: str, encoding: str) -> float:
    """How much of what is not ASCII in a text is what people write: accents in words, characters in daily use."""
    runs = list(_RUNS.finditer(text))
    total = sum(len(run[0]) for run in runs)
    if encoding in _FIRST_BYTES:
        told = sum(_in_use(letter, encoding) for run in runs for letter in run[0])
    else:
        told = sum(len(run[0]) for run in runs if _is_western(text, *run.span()))
    return told / total if total else 1.0


def _in_use(letter: str, encoding: str) -> float:
    """1 for a character in daily use, a half for a rarer one, 0 for what the simple form of the encoding lacks."""
    simple, *common = _FIRST_BYTES[encoding]
    try:
        first = letter.encode(simple)[0]
    except UnicodeEncodeError:
        return 0.0
    return 1.0 if any(first in bytes_ for bytes_ in common) else 0.5


def _is_western(text: str, start: int, end: int) -> bool:
    """Whether a run of characters beyond ASCII is one or two accented letters of a word, or marks around words."""
    before, after = text[start - 1 : start], text[end : end + 1]
    run = text[start:end]
    letters = run.strip(_WESTERN_MARKS)
    if len(run) > 4 or len(letters) > 2 or not _WESTERN_LETTERS.issuperset(letters):
        return False
    if not letters:
        return run == "\u2019" or (len(run) <= 2 and not (before.isalpha() and after.isalpha()))
    before = before if run.startswith(letters) else ""
    after = after if run.endswith(letters) else ""
    if letters[0].isupper() and before.islower():
        return False
    return before.isalpha() or after.isalpha() or (len(letters) == 1 and not (before + after).isalnum())


def _first_words(text: str) -> str:
    hit = _OTHER_WORDS.search(text)
    return hit[0].strip()[:_SHOWN] if hit else ""


def encoding_finding(pieces: Pieces, file: str) -> Finding | None:
    """An error that names the likely encoding and the first bad line; None when the text is UTF-8."""
    if foreign := foreign_encoding(next(iter(pieces()), b"")):
        return wrong_encoding(file, tr("the file is {foreign}, not UTF-8", foreign=foreign), foreign)
    place = first_fault(pieces(), "utf-8-sig")
    if place is None:
        return None
    line, byte = place
    guess = fitting(pieces, but="utf-8")
    if guess:
        kind = tr(_SAVED_BY[guess])
        message = tr(
            "the file is not UTF-8 (byte {byte:#04x} on line {line}); probably {kind}", byte=byte, line=line, kind=kind
        )
    else:
        message = tr(
            "the file is not UTF-8 (byte {byte:#04x} on line {line}); its encoding is not known", byte=byte, line=line
        )
    return wrong_encoding(file, message, guess.upper() if guess else None)


def wrong_encoding(file: str, message: str, encoding: str | None) -> Finding:
    """The error for a file in another encoding, and how to convert it."""
    suffix = PurePath(file).suffix or ".csv"
    convert = f"iconv -f {encoding} -t UTF-8 {file} > new{suffix}" if encoding else "iconv -f ENCODING -t UTF-8 ..."
    hint = (
        tr("save it in Excel as 'CSV UTF-8', or convert it: {convert}", convert=convert)
        if suffix == ".csv"
        else tr("save it as UTF-8, or convert it: {convert}", convert=convert)
    )
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


def toml_table(text: str) -> dict[str, Any]:
    """What a TOML text says. TOMLDecodeError where it is none, also for what Python's parser falls over."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as err:
        raise tomllib.TOMLDecodeError(tr("it is nested too deeply")) from err
    except ValueError as err:  # int() of more than 4,300 digits
        raise tomllib.TOMLDecodeError(tr("it has a number with too many digits")) from err
