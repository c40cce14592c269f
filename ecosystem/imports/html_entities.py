"""Entities of HTML in cells of exports."""

from __future__ import annotations

import html
import re
from html.entities import html5

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def unescaped(text: str) -> str:
    """The text with `&amp;`, `&#233;` and their like as the characters that they stand for, once.

    What is escaped twice (`&amp;lt;`) is so once after it. Only what ends with a semicolon is an entity, and a name
    that HTML 5 does not have stays: R&D; is no entity.
    """
    return _ENTITY.sub(lambda hit: html.unescape(hit[0]) if hit[0][1] == "#" else html5.get(hit[0][1:], hit[0]), text)
