"""The header of a query file: its comment lines read, what they say, and every fault of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal as OneOf
from typing import cast

from ecosystem.errors import Finding, QueryError, did_you_mean
from ecosystem.messages import tr
from ecosystem.model import Scalar
from ecosystem.query.parser import parse
from ecosystem.query.syntax import Position
from ecosystem.query.tree import ListOf, Literal, PropertyOf
from ecosystem.query.types import literal_type

Constant = Scalar | tuple[Scalar, ...]
Dating = OneOf["flow", "stock", "none"]
Entry = tuple[str, int]
"""The value of a header line, and its number."""

HEADER_KEYS = ("title", "definition", "unit", "dated", "param", "source")
"""The header lines that every query file may have."""
BUILT_IN = {"level": "string", "since": "integer", "until": "integer"}
"""The parameters that every query file may use, with their types."""

_HEADER = re.compile(r"//\s*(\w+)\s*:(?!//)\s*(.*)")
_DATED = re.compile(r"(flow|stock)\s+(\w+)\.(\w+)")
_PARAM = re.compile(r"([^\W\d_]\w*)\s*=\s*(.+)")


class Header:
    """The comment lines above the query, `// key: value`; `own` are keys that must be there, with an example each."""

    def __init__(self, file: str, own: Mapping[str, str]) -> None:
        self.file = file
        self.examples = _EXAMPLES | dict(own)
        self.keys = (*HEADER_KEYS, *own)
        self.required = ("title", "unit", "dated", *own)
        self.findings: list[Finding] = []
        self.values: dict[str, Entry] = {}
        self.params: list[tuple[str, int]] = []

    def refuse(self, line: int | None, code: str, message: str, hint: str | None = None) -> None:
        """Note a fault of the file."""
        self.findings.append(Finding("error", code, message, self.file, line, hint=hint))

    def read(self, text: str) -> None:
        """Take in the header's lines, which end where the query begins."""
        # a comment ends at these alone: a header line has what the grammar's comment has
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            found = _HEADER.match(line.strip())
            if found:
                self.entry(number, found.group(1).lower(), found.group(2).strip())
            elif line.strip() and not line.strip().startswith("//"):
                break
        for key in self.required:
            value, number = self.values.get(key, ("", 1))
            if not value:
                hint = tr("write a line: // {key}: {examples}", key=key, examples=self.examples[key])
                self.refuse(number, "header_missing", tr("the header has no {key}", key=key), hint)

    def entry(self, line: int, key: str, value: str) -> None:
        """Take in one line, or note why it cannot be."""
        if key not in self.keys:
            self.refuse(line, "header_key", tr("{key!r} is not a header key", key=key), did_you_mean(key, self.keys))
        elif key == "param":
            self.params.append((value, line))
        elif key in self.values:
            self.refuse(line, "header_twice", tr("{key} is given twice in the header", key=key), tr("keep one of them"))
        else:
            self.values[key] = (value, line)

    def pair(self, key: str) -> tuple[str, str]:
        """English and Chinese of a value `English | 中文`; one text serves for both."""
        english, _, chinese = (part.strip() for part in self.values.get(key, ("", 0))[0].partition("|"))
        return english or chinese, chinese or english

    def dating(self) -> tuple[Dating, PropertyOf | None]:
        """How a window touches the query, and the year by which it does."""
        value, line = self.values.get("dated", ("none", 0))
        found = _DATED.fullmatch(value)
        if found:
            kind = cast("Dating", found.group(1))
            return kind, PropertyOf(found.group(2), found.group(3), position=Position(line))
        if value not in ("none", ""):
            hint = tr("write flow t.year, stock c.founded_year or none")
            self.refuse(line, "header_dated", tr("dated: {value!r} is not valid", value=value), hint)
        return "none", None

    def parameters(self) -> dict[str, Constant]:
        """The parameters of the file's own."""
        values: dict[str, Constant] = {}
        taken = set(BUILT_IN)
        for text, line in self.params:
            found = _PARAM.fullmatch(text)
            # engines ignore the case of a name
            if not found or found.group(1).lower() in taken:
                defined = ", ".join(f"${name}" for name in sorted(taken))
                hint = tr("write // param: segments = 18; {names} are defined already", names=defined)
                self.refuse(
                    line,
                    "header_param",
                    tr("{text} is not a parameter declaration", text=_shortened(text)),
                    hint,
                )
                continue
            taken.add(found.group(1).lower())
            value = constant(found.group(2))
            if value is None:
                hint = tr("write a number, true, false, a text in quotes, or a list of one kind of these")
                self.refuse(
                    line,
                    "header_param",
                    tr("{text} is not a constant", text=_shortened(found.group(2))),
                    hint,
                )
            else:
                values[found.group(1)] = value
        return values


_LONGEST_SHOWN = 60
_EXAMPLES = {"title": "Companies | 企业数量", "unit": "companies", "dated": "none"}


def _shortened(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def constant(text: str) -> Constant | None:
    """The value of a constant, or of a list of constants of one type, in Cypher's words; None when it is none."""
    try:
        query = parse(f"MATCH (n) RETURN {text} AS value")
    except QueryError:
        return None
    if len(query.items) != 1:
        return None
    expression = query.items[0].expression
    if isinstance(expression, ListOf):
        items = tuple(item.value for item in expression.items if isinstance(item, Literal) and item.value is not None)
        whole = len(items) == len(expression.items) and literal_type(items) != "list of unknown"
        return items if whole and items else None
    return expression.value if isinstance(expression, Literal) else None
