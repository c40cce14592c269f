"""A document of paragraphs and tables: as Markdown, and as one HTML file that can be printed and asks nobody."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ecosystem.export.frame_cells import Cell, clean, columns_of, exact_text, markdown_text

if TYPE_CHECKING:
    from ecosystem.profiles.profile_tables import Section

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A page may use its own style and nothing else: no script, no picture, no request."""
STYLE = """
body { font: 11pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.warning { border: 1px solid #c00000; color: #c00000; font-weight: bold; padding: .5rem .8rem; }
.facts, .notes { color: #595959; font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { border-bottom: 1px solid #d8d8d8; padding: .25rem .6rem; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #595959; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { body { margin: 0; max-width: none; font-size: 9pt; } thead { display: table-header-group; }
  tr { break-inside: avoid; } h2 { break-after: avoid; } .wide { overflow: visible; } }
@page { size: A4 landscape; margin: 12mm; }
"""
WIDE_BLANK = "\u3000"
"""In place of two blanks that set a cell in: blanks at the beginning of a cell go in a document."""
LANGUAGE = {"zh": "zh-CN", "en": "en", "both": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Document:
    """A title, paragraphs, sections of a table with its notes, facts of the data, and a warning or none."""

    title: str
    lang: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    facts: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of a table in text, and whether its cells stand at the right, as numbers do."""

    heading: str
    cells: tuple[str, ...]
    right: bool


def text_columns(frame: pd.DataFrame) -> list[TextColumn]:
    """The columns of a table as text for the eye: floats are rounded to four decimals, what is missing is blank."""
    numeric = [frame.iloc[:, at].dtype.kind in "iuf" for at in range(frame.shape[1])]
    found = []
    for (name, cells), number in zip(columns_of(frame), numeric, strict=True):
        texts = tuple(_shown(cell) for cell in cells)
        found.append(TextColumn(name, texts, number or _measured(texts)))
    return found


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        if cell.is_integer():
            return f"{cell:,.0f}"
        return f"{cell:,.2f}" if abs(cell) >= 1000 else f"{cell:.4g}" if 0 < abs(cell) < 1e-3 else _trimmed(cell)
    text = exact_text(cell)
    inner = text.lstrip(" ")
    return WIDE_BLANK * ((len(text) - len(inner)) // 2) + inner


def _trimmed(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _measured(texts: tuple[str, ...]) -> bool:
    """True for per cent, and for ranks written as 5 / 31."""
    filled = [text for text in texts if text]
    return bool(filled) and all(text[-1] == "%" or text.replace(" / ", "").isdigit() for text in filled)


def markdown_document(document: Document) -> str:
    """The document in GitHub's Markdown."""
    parts = [f"# {_plain(document.title)}\n"]
    parts += [f"**{_plain(document.warning)}**\n"] if document.warning else []
    parts += [f"{_plain(text)}\n" for text in document.paragraphs]
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}\n")
        if len(section.frame.columns):
            parts.append(_markdown_table(section.frame))
        parts += [f"{_plain(note)}\n" for note in section.notes]
    parts += [f"- {_plain(fact)}" for fact in document.facts]
    return "\n".join(parts).rstrip("\n") + "\n"


def _plain(text: str) -> str:
    """A text in which nothing begins a tag; a line end would begin another paragraph."""
    return markdown_text(clean(text).replace("\n", " ")).replace("\\|", "|")


def _markdown_table(frame: pd.DataFrame) -> str:
    columns = text_columns(frame)
    lines = [
        [markdown_text(column.heading) for column in columns],
        ["---:" if column.right else "---" for column in columns],
        *([markdown_text(cell) for cell in row] for row in zip(*(column.cells for column in columns), strict=True)),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def html_document(document: Document) -> str:
    """The document as one page: its style inside, every text escaped, a policy that forbids any request."""
    body = "\n".join(_body(document))
    title, language = _escaped(document.title), LANGUAGE[document.lang]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(document: Document) -> Iterator[str]:
    yield f"<h1>{_escaped(document.title)}</h1>"
    if document.warning:
        yield f'<p class="warning">{_escaped(document.warning)}</p>'
    for text in document.paragraphs:
        yield f"<p>{_escaped(text)}</p>"
    for section in document.sections:
        yield f"<h2>{_escaped(section.title)}</h2>"
        if len(section.frame.columns):
            yield _html_table(section)
        for note in section.notes:
            yield f'<p class="notes">{_escaped(note)}</p>'
    for fact in document.facts:
        yield f'<p class="facts">{_escaped(fact)}</p>'


def _html_table(section: Section) -> str:
    columns = text_columns(section.frame)
    classes = [' class="number"' if column.right else "" for column in columns]
    head = "".join(
        f'<th scope="col"{style}>{_escaped(column.heading)}</th>'
        for column, style in zip(columns, classes, strict=True)
    )
    rows = "\n".join(
        f"<tr>{''.join(f'<td{style}>{_escaped(cell)}</td>' for cell, style in zip(row, classes, strict=True))}</tr>"
        for row in zip(*(column.cells for column in columns), strict=True)
    )
    table = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f'<div class="wide"><table aria-label="{_escaped(section.title)}">\n{table}</table></div>'


def _escaped(text: str) -> str:
    return html.escape(clean(text))
