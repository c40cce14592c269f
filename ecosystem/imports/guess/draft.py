"""The lines of a mapping as they are drafted: live ones for what is certain, comments with a question for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import tomlkit

from ecosystem.errors import mended

AS_HASH, AS_DATE, AS_YEAR, AS_AMOUNT, AS_INTEGER, AS_NUMBER = (
    f'as = "{reading}"' for reading in ("hash", "date", "year", "amount", "integer", "number")
)


@dataclass(slots=True)
class Section:
    """A table of the mapping, with its lines; `live` ones load, the others are comments that wait for an answer."""

    heading: str
    lines: list[str] = field(default_factory=list)
    live: bool = True
    file: str | None = None

    def text(self) -> list[str]:
        """The lines as the file has them."""
        return [
            self.heading if self.live else f"# {self.heading}",
            *(line if self.live else f"# {line}" for line in self.lines),
        ]


@dataclass(slots=True)
class Draft:
    """What a table becomes: sections, what the file entry says, and a sentence for every column."""

    file: list[str] = field(default_factory=list)
    add: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[Section] = field(default_factory=list)
    links: list[Section] = field(default_factory=list)
    money: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)

    def use(self, column: str, role: str) -> None:
        """Keep that a live line uses the column, and as what."""
        roles = self.used.setdefault(column, [])
        if role not in roles:
            roles.append(role)

    def say(self, column: str, *lines: str) -> None:
        """A sentence on a column, and the lines to take where it is right."""
        known = self.said.setdefault(column, [])
        known.extend(line for line in lines if line not in known)


def text(value: str) -> str:
    """The text as TOML writes it."""
    return tomlkit.string(mended(value)).as_string()


def comment(value: str) -> str:
    """The text as it may stand in a comment, which a line end would close: it may not become a line of the mapping."""
    return value if value.isprintable() else text(value)


def texts(values: Iterable[str]) -> str:
    """A list of texts as TOML writes it."""
    return f"[{', '.join(map(text, values))}]"


def key(name: str) -> str:
    """A key as TOML writes it."""
    return (
        name
        if name.replace("_", "a").replace("-", "a").isascii() and name.replace("_", "a").replace("-", "a").isalnum()
        else text(name)
    )


def cell(column: str, *more: str) -> str:
    """A cell of the mapping: a bare column, or one with keys."""
    return f"{{ {', '.join([f'column = {text(column)}', *more])} }}" if more else text(column)


def table_of(entries: Sequence[str]) -> str:
    """An inline table."""
    return f"{{ {', '.join(entries)} }}"


def prefixed(name: str) -> str:
    """The key of a cell that puts a name and a hyphen before a text."""
    return f"prefix = {text(name + '-')}"
