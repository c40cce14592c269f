"""The tables of the pages of the language: what is written, and what it is or with which sentence it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": "language.md", "zh": "zh/language.md"}
_TABLE = re.compile(r"^\|(?P<head>.*)\|\n\|[-|:]+\|\n(?P<rows>(?:\|.*\|\n)+)", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")
IS = {"is", "结果"}
REFUSED = {"refused with", "拒绝的理由"}
OF_NOTHING = {"of nothing", "没有对象时"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is written, and the sentence and the hint with which it is refused."""

    written: str
    sentence: str
    hint: str


def page(lang: str) -> str:
    """The page in a language."""
    return (DOCS / PAGES[lang]).read_text(encoding="utf-8")


def tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The headings and the rows of each table."""
    for table in _TABLE.finditer(text):
        yield _cells(f"|{table['head']}|"), [_cells(row) for row in table["rows"].splitlines()]


def values(text: str) -> list[tuple[str, str]]:
    """Each expression with what the page says that it is."""
    found = []
    for head, rows in tables(text):
        for at in (at for at, name in enumerate(head) if name in IS):
            found += [(code(row[at - 1]), code(row[at])) for row in rows]
    return found


def refusals(text: str) -> list[Refusal]:
    """Everything that the page says is refused."""
    return [Refusal(code(row[0]), row[1], row[2]) for head, rows in tables(text) if head[1] in REFUSED for row in rows]


def aggregates(text: str) -> list[tuple[str, str, str]]:
    """Each aggregate, what it is of the values that the page names, and what it is of nothing."""
    (rows,) = (rows for head, rows in tables(text) if head[-1] in OF_NOTHING)
    return [(code(row[0]), code(row[-2]), code(row[-1])) for row in rows]


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(row.strip())[1:-1]]


def code(cell: str) -> str:
    """What stands between the backticks of a cell; the cell itself where there are none."""
    return cell[1:-1] if cell.startswith("`") else cell
