"""Whether a text of whole Cypher, which no grammar here knows, only reads the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecosystem.errors import Finding
from ecosystem.messages import tr, tr_later
from ecosystem.query.brackets import TOKEN
from ecosystem.query.refusals import OUTSIDE

_WRITES = ("CREATE", "INSERT", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "DROP", "LOAD", "FOREACH")
_ADMINISTERS = (
    "SHOW",
    "ALTER",
    "GRANT",
    "REVOKE",
    "DENY",
    "TERMINATE",
    "RENAME",
    "ENABLE",
    "START",
    "STOP",
    "DEALLOCATE",
)
_HINT = tr_later("if it is a name, put it between backticks")

_BEFORE_A_NAME = {"(", "[", ",", "=", "<", ">", "+", "-", "*", "/", "%", "^", "~"} | {
    *("AS", "WITH", "RETURN", "WHERE", "BY", "AND", "OR", "XOR", "NOT", "IN", "UNWIND", "CASE", "WHEN", "CONTAINS")
}
"""What stands before a name and before no clause."""


def refuse_writes(text: str, file: str | None = None) -> list[Finding]:
    """A finding for each clause that does more than read the graph: writes, files, procedures, administration.

    So is each `\\u0027`, wherever it stands: a server turns it into the character before it looks for clauses.
    """
    return [
        Finding("error", "outside_subset", message, file, *_place(text, at), value=word, hint=tr(_HINT))
        for word, at, message in _refused(text)
    ]


def _refused(text: str) -> Iterator[tuple[str, int, str]]:
    for escape in re.finditer(r"\\u", text, re.IGNORECASE):
        yield escape.group(), escape.start(), tr("write the character itself instead of its \\u escape")
    tokens = [each for each in TOKEN.finditer(text) if each.lastgroup != "comment"]
    for number, token in enumerate(tokens):
        before = tokens[number - 1].group() if number else ""
        after = tokens[number + 1].group() if number + 1 < len(tokens) else ""
        word = token.group().upper()
        if token.lastgroup == "rest":
            yield "/*", token.start(), tr("this comment has no end")
        elif token.lastgroup == "other" and word in "'\"`":
            yield word, token.start(), tr("this quotation mark has no other")
        elif token.lastgroup != "word" or before in (".", ":", "$", "|", "&") or after == ":":
            continue
        elif word in _WRITES:
            yield word, token.start(), _refusal(word)
        elif word in _ADMINISTERS and after[:1].isalpha():
            yield word, token.start(), tr("a query only reads the graph: {word} is refused", word=word)
        elif word == "CALL" and after not in ("{", "("):
            yield word, token.start(), tr("a query only reads the graph: procedures are refused")
        elif word == "USE" and before.upper() not in _BEFORE_A_NAME:
            yield word, token.start(), tr(OUTSIDE["USE"])


def _refusal(word: str) -> str:
    return tr(OUTSIDE[word]) if word in OUTSIDE else tr("a query only reads: {word} is refused", word=word)


def _place(text: str, at: int) -> tuple[int, str]:
    """Line and column, from 1; a line ends at `\\r` as well, as it does to a server."""
    lines = re.split(r"\r\n|\r|\n", text[:at])
    return len(lines), str(len(lines[-1]) + 1)
