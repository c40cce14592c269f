"""The notation of Cypher for values and patterns: literals, nodes, links and paths, read into plain records.

It serves both the cells of an expected table and the CREATE statements of a setup, which write nodes and links alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

Row = Mapping[str, object]
Expression = Callable[[Row], object]

_TOKEN = re.compile(
    r"""(?P<space>(?:\s|//[^\n]*|/\*.*?\*/)+)|(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<quoted>`[^`]*`)
    |(?P<number>(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?))|(?P<name>[^\W\d]\w*)|(?P<sign>\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"true": True, "false": False, "null": None, "nan": float("nan"), "inf": float("inf")}


class NotationError(Exception):
    """A text that lies outside what is read here."""


@dataclass(frozen=True)
class Token:
    """A piece of a text and what it is: string, quoted, number, name or sign."""

    kind: str
    text: str

    @property
    def name(self) -> str:
        """The name that it is, without its backticks."""
        return self.text.strip("`")


@dataclass(frozen=True)
class NodeText:
    """`(n:A:B {p: 1})`."""

    variable: str = ""
    labels: tuple[str, ...] = ()
    properties: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkText:
    """`-[r:T {p: 1}]->`; `forward` is False for an arrow to the left."""

    variable: str
    kind: str
    properties: Mapping[str, Expression]
    forward: bool


@dataclass(frozen=True)
class PathText:
    """A node, and the links and nodes after it."""

    nodes: tuple[NodeText, ...]
    links: tuple[LinkText, ...]


def tokens(text: str) -> list[Token]:
    """The text in pieces, without white space and comments."""
    pieces = (Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text))
    return [piece for piece in pieces if piece.kind != "space"]


def unquoted(text: str) -> str:
    """The value of a string literal."""

    def meant(found: re.Match[str]) -> str:
        return chr(int(found[1][1:], 16)) if found[1][0] == "u" else _ESCAPES.get(found[1], found[1])

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", meant, text[1:-1], flags=re.DOTALL)


class Reader:
    """Reads a text from left to right. Every method raises NotationError where it stands before something else."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0

    @property
    def next(self) -> Token:
        """What comes next; a token without a text at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else Token("end", "")

    def sees(self, *words: str) -> bool:
        """Whether these words or signs come next, in any case of letters."""
        ahead = [token.text.upper() for token in self._tokens[self._at : self._at + len(words)]]
        return ahead == [word.upper() for word in words]

    def takes(self, *words: str) -> bool:
        """Go past these words or signs, if they come next."""
        seen = self.sees(*words)
        self._at += len(words) if seen else 0
        return seen

    def must(self, *words: str) -> None:
        """Go past these words or signs."""
        if not self.takes(*words):
            raise NotationError(f"{' '.join(words)!r} was to stand where {self.next.text!r} stands")

    def name(self) -> str:
        """A name, in backticks or not."""
        token = self.next
        if token.kind not in ("name", "quoted"):
            raise NotationError(f"a name was to stand where {token.text!r} stands")
        self._at += 1
        return token.name

    def separated(self, read: Callable[[], None], close: str) -> None:
        """Things between commas, until what closes them, and past that."""
        while not self.takes(close):
            read()
            if not self.sees(close):
                self.must(",")

    def path(self) -> PathText:
        """A node and what is joined to it."""
        nodes, links = [self.node()], list[LinkText]()
        while self.sees("-") or self.sees("<"):
            links.append(self._link())
            nodes.append(self.node())
        return PathText(tuple(nodes), tuple(links))

    def node(self) -> NodeText:
        """A node in its round brackets."""
        self.must("(")
        variable = self._variable()
        labels = self.labels()
        properties = self.properties()
        self.must(")")
        return NodeText(variable, labels, properties)

    def labels(self) -> tuple[str, ...]:
        """`:A:B`; none where there is no colon."""
        found: list[str] = []
        while self.takes(":"):
            found.append(self.name())
        return tuple(found)

    def properties(self) -> dict[str, Expression]:
        """A map in its braces; an empty one where there is no brace."""
        found: dict[str, Expression] = {}

        def pair() -> None:
            key = self.name()
            self.must(":")
            found[key] = self.expression()

        if self.takes("{"):
            self.separated(pair, "}")
        return found

    def bracket(self) -> tuple[str, str, dict[str, Expression]]:
        """What stands in the square brackets of a link: variable, type, properties."""
        self.must("[")
        variable = self._variable()
        kind = "".join(self.labels())
        properties = self.properties()
        self.must("]")
        return variable, kind, properties

    def _link(self) -> LinkText:
        backward = self.takes("<")
        self.must("-")
        variable, kind, properties = self.bracket() if self.sees("[") else ("", "", dict[str, Expression]())
        self.must("-")
        forward = self.takes(">")
        if forward == backward:
            raise NotationError("a link needs one direction")
        return LinkText(variable, kind, properties, forward)

    def _variable(self) -> str:
        return self.name() if self.next.kind in ("name", "quoted") else ""

    def expression(self) -> Expression:
        """A literal, a name, a property of a name, or a sum of these; it is given its value with a row."""
        left = self._operand()
        while self.takes("+"):
            left = _sum(left, self._operand())
        return left

    def _operand(self) -> Expression:
        token = self.next
        if self.takes("["):
            items: list[Expression] = []
            self.separated(lambda: items.append(self.expression()), "]")
            return lambda row: [item(row) for item in items]
        if token.text == "{":
            pairs = self.properties()
            return lambda row: {key: value(row) for key, value in pairs.items()}
        if token.kind in ("name", "quoted"):
            return self._named(self.name())
        return self._literal()

    def _named(self, name: str) -> Expression:
        if self.takes("("):
            arguments: list[Expression] = []
            self.separated(lambda: arguments.append(self.expression()), ")")
            return _called(name.lower(), arguments)
        if self.takes("."):
            key = self.name()
            return lambda row: _property(_looked_up(name, row), key)
        if name.lower() in _WORDS:
            value = _WORDS[name.lower()]
            return lambda row: value
        return lambda row: _looked_up(name, row)

    def _literal(self) -> Expression:
        negative = self.takes("-")
        token = self.next
        self._at += 1
        value: object
        if token.kind == "number":
            value = _number(token.text, negative)
        elif token.kind == "string" and not negative:
            value = unquoted(token.text)
        elif negative and token.text.lower() == "inf":
            value = float("-inf")
        else:
            raise NotationError(f"a value was to stand where {token.text!r} stands")
        return lambda row: value


def _number(text: str, negative: bool) -> int | float:
    whole = re.fullmatch(r"\d+|0x.*|0o.*", text)
    value = int(text, 0 if text[:2] in ("0x", "0o") else 10) if whole else float(text)
    return -value if negative else value


def _looked_up(name: str, row: Row) -> object:
    if name not in row:
        raise NotationError(f"there is no {name!r} here")
    return row[name]


def _property(owner: object, key: str) -> object:
    properties = owner if isinstance(owner, Mapping) else getattr(owner, "properties", None)
    if not isinstance(properties, Mapping):
        raise NotationError(f"a property {key!r} of what has none")
    return properties.get(key)


def _sum(left: Expression, right: Expression) -> Expression:
    def add(row: Row) -> object:
        match left(row), right(row):
            case str(first), str(second):
                return first + second
            case (int() | float() as one, int() | float() as other):
                return one + other
            case _:
                raise NotationError("a sum of other things than numbers or texts")

    return add


def _called(name: str, arguments: list[Expression]) -> Expression:
    def call(row: Row) -> object:
        match name, [argument(row) for argument in arguments]:
            case "range", [int(first), int(last)]:
                return list(range(first, last + 1))
            case "date", [{"year": int(year), "month": int(month), "day": int(day)}]:
                return date(year, month, day)
            case "date", [str(text)]:
                return date.fromisoformat(text)
            case _:
                raise NotationError(f"the function {name}()")

    return call
