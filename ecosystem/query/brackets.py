"""Which brackets begin a pattern, and which bars end a condition: what one token of lookahead cannot tell.

`(a)-[:T]->()` may stand where `(a - 1)` may, and `x:A | x.name` ends a condition in a comprehension where it names two
labels elsewhere. So the text is read once before it is parsed, and these characters are replaced, each by one that no
text has: places in the text stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NODE = "\ue000"
"""In place of the `(` of a node from which a link leads on."""
BAR = "\ue001"
"""In place of the `|` that ends the source or the condition of a comprehension."""
TOKEN = re.compile(
    r"""(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""  # strings may hold anything
    r"|(?P<name>`(?:``|[^`])*`)"
    r"|(?P<comment>//[^\n\r]*|/\*.*?\*/)"  # a server's comment ends at these two alone
    r"|(?P<rest>/\*.*)"  # a comment without an end, looked for once
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<other>\|\||\d+|\S)",
    re.DOTALL,
)
"""The words, strings, names between backticks, comments and further characters of a text."""

_ENDS = {")": "(", "]": "[", "}": "{"}
_BEFORE_A_NODE = re.compile(r"\s*(?:[^\W\d]\w*|`(?:``|[^`])*`)?\s*(?:$|[:{$]|(?:where)(?!\w))", re.IGNORECASE)
"""How the inside of a node begins: a name or none, then its labels, its properties, its condition, or nothing."""
_DASHES = "\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d-"
_LINK = re.compile(rf"\s*(?:[<\u27e8\u3008\ufe64\uff1c]\s*)?[{_DASHES}]\s*[\[{_DASHES}]")
"""How a link begins behind a node."""
_COMPREHENSION = re.compile(r"\s*(?:[^\W\d]\w*|`(?:``|[^`])*`)\s+in(?!\w)", re.IGNORECASE)
"""How the inside of a list comprehension begins."""
_PATTERN = re.compile(rf"\s*(?:(?:[^\W\d]\w*|`(?:``|[^`])*`)\s*=\s*)?{NODE}")
"""How the inside of a pattern comprehension begins, where the brackets of its nodes are marked."""

_REDUCE, _FAR = re.compile(r"(?<!\w)reduce\s*$", re.IGNORECASE), 40
"""What stands before the bracket of a `reduce`, at most so many characters before it."""


def marked(text: str) -> str:
    """The text with NODE and BAR in the places of the brackets and bars that begin patterns and end conditions."""
    letters = list(text)
    pairs = list(_pairs(text))
    for start, end, _ in pairs:
        if text[start] == "(" and _BEFORE_A_NODE.match(text, start + 1, end) and _LINK.match(text, end + 1):
            letters[start] = NODE
    told = "".join(letters)
    for start, end, bars in pairs:
        begins = _COMPREHENSION.match(told, start + 1, end) or _PATTERN.match(told, start + 1, end)
        reduces = _REDUCE.search(told, max(start - _FAR, 0), start)
        if bars and ((text[start] == "[" and begins) or (text[start] == "(" and reduces)):
            letters[bars[-1]] = BAR
    return "".join(letters)


def unmatched(text: str) -> int | None:
    """Where a bracket stands that has no partner; None where all have one."""
    opened: list[int] = []
    for token in TOKEN.finditer(text):
        letter = token.group()
        if token.lastgroup != "other":
            continue
        if letter in _ENDS.values():
            opened.append(token.start())
        elif letter in _ENDS:
            if not opened:
                return token.start()
            if text[opened[-1]] != _ENDS[letter]:
                return opened[-1]
            opened.pop()
    return opened[-1] if opened else None


def _pairs(text: str) -> Iterator[tuple[int, int, list[int]]]:
    """Where each bracket begins and ends, and the bars that stand in it and in no bracket inside it.

    Of a comprehension without WHERE it is the first bar that ends the source, and of one with it the last.
    """
    open_brackets: list[tuple[int, list[int]]] = []
    conditional: set[int] = set()
    for token in TOKEN.finditer(text):
        letter, at = token.group(), token.start()
        if token.lastgroup == "word" and open_brackets and letter.lower() == "where":
            conditional.add(open_brackets[-1][0])
        if token.lastgroup != "other":
            continue
        if letter in _ENDS.values():
            open_brackets.append((at, []))
        elif letter == "|" and open_brackets:
            open_brackets[-1][1].append(at)
        elif letter in _ENDS and open_brackets:
            start, bars = open_brackets.pop()
            if text[start] != _ENDS[letter]:
                return  # the parser says where
            yield start, at, bars[-1:] if start in conditional else bars[:1]
