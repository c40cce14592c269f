"""How rightly a guessed mapping places the columns of an export, against an answer for every one of them.

A column is right where every live use of it is one that the answer names, or where a comment asks or says what the
answer expects. It is wrong where a live line uses it otherwise, or where a comment states, without a question,
something else. What is neither is open: asked about, but not what the answer expects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ecosystem.imports.language import MappingSpec

Answers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """The columns of an export: right, wrong (with what was done), open (with what was said)."""

    right: tuple[str, ...]
    wrong: Mapping[str, str]
    open: Mapping[str, str]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.right) + len(self.wrong) + len(self.open)

    @property
    def share(self) -> float:
        """The share of columns that are placed rightly."""
        return len(self.right) / self.columns


def scored(mapping: str, answers: Answers) -> Score:
    """The score of a guessed mapping; every column needs an answer, for one table or, in `[table]`, for several."""
    used, said = uses_of(mapping), comments_of(mapping)
    right: list[str] = []
    wrong: dict[str, str] = {}
    left: dict[str, str] = {}
    for column, answer in answers.items():
        live, told = used.get(column, set()), said.get(column, "")
        allowed = set(answer.get("use", "").split())
        if live - allowed:
            wrong[column] = f"used as {', '.join(sorted(live - allowed))}"
        elif live or _asks(told, answer) or _says(told, answer):
            right.append(column)
        elif told and "?" not in told:
            wrong[column] = f"said: {told}"
        else:
            left[column] = told
    return Score(tuple(right), wrong, left)


def _asks(told: str, answer: Mapping[str, str]) -> bool:
    return "ask" in answer and "?" in told and re.search(answer["ask"], told, re.IGNORECASE) is not None


def _says(told: str, answer: Mapping[str, str]) -> bool:
    return "no" in answer and bool(told) and re.search(answer["no"], told, re.IGNORECASE) is not None


def comments_of(mapping: str, *, every: bool = False) -> dict[str, str]:
    """Column -> all that the list of columns at the end of a mapping says of it, but for its uses unless `every`."""
    said: dict[str, str] = {}
    column = ""
    for line in mapping.splitlines():
        if hit := re.match(r"#   (\S.*?)  +([-?=]) (.*)$", line):
            column = hit[1].strip()
            if hit[2] == "=" and not every:
                column = ""
                continue
            said[column] = said.get(column, "") + " " + hit[3]
        elif re.match(r"#          ", line) and column:
            said[column] += " " + line[1:].strip()
    return said


def uses_of(mapping: str) -> dict[str, set[str]]:
    """Column -> what the live lines of a mapping make of it: Company.name, INVESTED_IN.date."""
    entries = tomllib.loads(mapping)
    if "nodes" not in entries:
        return {}
    spec = MappingSpec.model_validate(entries)
    added = {name: cell.columns for file in spec.files.values() for name, cell in file.add.items()}
    used: dict[str, set[str]] = {}
    for column, role in _uses(spec):
        for one in added.get(column, (column,)):
            used.setdefault(one, set()).add(role)
    return used


def _uses(spec: MappingSpec) -> Iterator[tuple[str, str]]:
    for node in spec.nodes.values():
        unnamed = {"unnamed": node.unnamed.id} if node.unnamed is not None else {}
        for name, cell in {**node.cells, **unnamed}.items():
            yield from ((column, f"{node.label}.{name}") for column in cell.columns)
        columns: dict[str, list[str]] = {
            "keep": [column for condition in node.keep for column in condition.columns],
            "region": [column for place in node.region for column in place.used_columns],
            "each": node.each.columns if node.each is not None else [],
        }
        yield from ((column, f"{node.label}.{name}") for name, own in columns.items() for column in own)
    for link in spec.links.values():
        for name, cell in link.properties.items():
            yield from ((column, f"{link.type}.{name}") for column in cell.columns)
        ends = [end.column for end in (link.source, link.target)]
        named: dict[str, list[str | None]] = {
            "event": [link.event],
            "end": ends,
            "keep": [one for test in link.keep for one in test.columns],
        }
        for name, several in named.items():
            yield from ((column, f"{link.type}.{name}") for column in several if column is not None)
