"""The characters that escapes stand for, in names between backticks and in texts between quotation marks."""

from __future__ import annotations

import re

from ecosystem.messages import tr
from ecosystem.query.refusals import Refused
from ecosystem.query.syntax import Position

_NAME_ESCAPE = re.compile(r"\\\\|\\u((?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4})")
"""A pair of backslashes, which stays, or a character by its number; half of one, and the character 0, are none."""


def unquote(token: str) -> str:
    """The name between backticks."""
    name = token[1:-1].replace("``", "`")
    return _NAME_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], name)


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "'": "'", '"': '"'}


def unescape(text: str, position: Position) -> str:
    """The text between quotation marks. A backslash that begins no escape stays, as on a server.

    Raises Refused for a character by its number that is none.
    """

    def one(match: re.Match[str]) -> str:
        escape = match.group(1)
        if escape == "u":
            message = tr("four hexadecimal digits of a character follow \\u")
            raise Refused(message, position, tr("a backslash is written \\\\"))
        if len(escape) == 1:
            return _ESCAPES.get(escape, match.group())
        return chr(int(escape[1:], 16))

    found = _ESCAPE.sub(one, text)
    try:
        # two \u of a surrogate pair are one character; half of one, and the character 0, are none
        found = found.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Refused(tr("half a surrogate pair is no character"), position) from None
    if "\0" in found:
        raise Refused(tr("a text cannot hold the character 0"), position)
    return found
