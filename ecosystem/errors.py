"""The exceptions of the package, and the finding: one fault of an input, with its place.

EcosystemError
├── UsageError          a call that makes no sense (the command line exits 2)
├── InputError          faults of an input, all of them at once, as findings
│   ├── DatasetError    a dataset folder, a source, a mapping
│   ├── RegionError     a region name or code that is unknown or ambiguous
│   ├── QueryError      a Cypher text: syntax, labels, properties, the subset
│   ├── MetricError     a metric file, or a metric that does not exist
│   ├── NetworkError    a network file, or a network that does not exist
│   └── SpecError       an index specification, or an index that does not exist
├── StoreError          an engine refused: carries the statement
└── OutputError         a file or folder that cannot be written
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ecosystem.messages import either, tr

Severity = Literal["error", "warning", "info"]

_AT = "(?:@|＠|﹫|%(?:25){0,9}40|%EF%BC%A0|%EF%B9%AB)"
_SCHEME = r"(?:[A-Za-z][\w+.-]{1,20}:)?//|[A-Za-z][\w+.-]{1,20}:/(?=[^\s/])"
_NAMES = "pass|pw|secret|token|auth|key|cred|user"
# every part has a length, so that a text of a million strokes takes no time
_SECRETS = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (rf"({_SCHEME})\S{{0,500}}{_AT}", r"\1...@"),
        # a path loses the second stroke of a URL; the one letter of a disk is no user
        (rf"[^\s/:@'\"(=]{{2,100}}:(?!\.\.\.@)[^\s/@]{{0,500}}{_AT}", "...@"),
        # what stands where a port should and is no number may be a password without its @
        (rf"((?:{_SCHEME})[^\s/:@\[\]]{{1,255}}:)(?!\d{{1,5}}(?!\w)|\s)[^\s/]+", r"\1..."),
        (rf"([?&#;][\w-]{{0,20}}(?:{_NAMES})[\w-]{{0,20}}=)[^\s&;#]+", r"\1..."),
    )
)


def without_passwords(text: str) -> str:
    """A text in which no URL names a user, a password or a token; the rest of it is as it was.

    Every message of this package passes here: what a person has typed or a file says may be repeated in one.
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def mended(text: str) -> str:
    """A text that can be written: bytes that are no text are shown as \\xNN, halves of characters as \\uNNNN."""
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # JSON can write half of a character
        content = text.encode("utf-8", "backslashreplace")
    return content.decode("utf-8", "backslashreplace")


def with_hint(message: str, hint: str | None) -> str:
    """A message, and below it the next step where there is one."""
    return tr("{message}\n  hint: {hint}", message=message, hint=hint) if hint else message


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of an input: what, where, and what to do next.

    `code` is a stable snake_case name of the kind of fault; `file` is a name relative to the input;
    `row` counts the lines of the file from 1 (the header is line 1); `value` is the offending text, shortened.
    """

    severity: Severity
    code: str
    message: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    hint: str | None = None

    def __post_init__(self) -> None:
        """Show bytes that are no text, which names of files may have, as \\xNN: a finding can be written anywhere."""
        for name in ("message", "file", "column", "value", "hint"):
            text = getattr(self, name)
            if text is not None and not text.isascii():
                object.__setattr__(self, name, mended(text))

    @property
    def place(self) -> str:
        """`file:row:column`, as far as it is known; empty when nothing is."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return without_passwords(f"{place}{with_hint(self.message, self.hint)}")


class EcosystemError(Exception):
    """An error that the user can correct; its text says what is wrong, where, and the next step."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = without_passwords(message)
        self.hint = None if hint is None else without_passwords(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return with_hint(self.message, self.hint)


class UsageError(EcosystemError):
    """A call that makes no sense, whatever the data."""


class InputError(EcosystemError):
    """Faults of an input. `findings` holds all of them; the text shows the first ten errors."""

    shown = 10

    def __init__(self, message: str, *, hint: str | None = None, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in self.findings if finding.severity == "error"]
        lines = [f"- {finding}".replace("\n", "\n  ") for finding in errors[: self.shown]]
        if len(errors) > self.shown:
            lines.append(tr("- and {count} more", count=len(errors) - self.shown))
        super().__init__("\n".join([message, *lines]), hint=hint)


class DatasetError(InputError):
    """A dataset folder, a source or a mapping that cannot be read or loaded."""


class RegionError(InputError):
    """A region name or code that is unknown or ambiguous."""


class QueryError(InputError):
    """A Cypher text that does not parse, does not fit the graph, or lies outside the subset."""


class MetricError(InputError):
    """A metric file that is wrong, or a metric that does not exist."""


class NetworkError(InputError):
    """A network file that is wrong, or a network that does not exist."""


class SpecError(InputError):
    """An index specification that is wrong, or an index that does not exist."""


class StoreError(EcosystemError):
    """An engine refused. `statement` is the query that it was given, where there was one."""

    def __init__(self, message: str, *, hint: str | None = None, statement: str | None = None) -> None:
        self.statement = statement
        super().__init__(message, hint=hint)


class OutputError(EcosystemError):
    """A file or folder that cannot be written."""


def refuse_unknown(name: str, known: Iterable[str], message: str) -> None:
    """Raise UsageError with a message for a name that is none of the known ones, and a hint with the nearest."""
    if name not in (names := list(known)):
        raise UsageError(message, hint=did_you_mean(name, names))


def nearest(word: str, choices: Iterable[str], count: int = 3) -> list[str]:
    """The known words most like `word`, at most `count`, best first; empty when nothing is near."""
    by_fold = {choice.casefold(): choice for choice in choices}
    return [by_fold[hit] for hit in difflib.get_close_matches(word.casefold(), by_fold, n=count, cutoff=0.5)]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint that names the nearest known words, or all of them when they are few, or where to look."""
    known = sorted(set(choices))
    close = nearest(word, known)
    if close:
        return tr("did you mean {close}?", close=either(map(repr, close)))
    if not known:
        return tr("none are known")
    if len(known) <= 12:
        return tr("known are: {known}", known=", ".join(known))
    return tr("{count} are known, for example {some}", count=len(known), some=", ".join(known[:5]))
