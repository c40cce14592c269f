"""How a result shows itself: a few lines at a prompt, a table with its title in a notebook, a picture."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LINES, WIDTH = 5, 110
"""The most lines of a result at a prompt, and the most characters of one of them."""
ROWS = 60
"""The most rows of a table in a notebook; what is left out is counted underneath."""
NAMED = 3
"""So many things are named where there are more."""


def few_lines(title: str, *facts: str, more: str = "") -> str:
    """A title and the facts that are not blank, a line each: five at most, none longer than 110 characters.

    `more` names what the result has to go on with; it is the last line, whatever has to give way.
    """
    lines = [visible(line) for line in (title, *filter(None, facts))]
    if more:
        lines = [*lines[: LINES - 1], tr("more: {names}", names=more)]
    return "\n".join(line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…" for line in lines[:LINES])


def named(names: Iterable[str], most: int = NAMED) -> str:
    """The first of some names, and how many more there are."""
    known = list(names)
    first = ", ".join(known[:most])
    return first if len(known) <= most else tr("{names} and {count} more", names=first, count=len(known) - most)


def one_language() -> Literal["zh", "en"]:
    """The language of names where there is room for one: Chinese where both are spoken."""
    return "en" if spoken() == "en" else "zh"


def record_lines(title: str, record: Any) -> str:
    """A title, and of a record with arrays or long lists what it holds of each: shapes and numbers, no contents."""
    held = "; ".join(f"{name}: {brief}" for name, brief in _contents(record))
    return few_lines(title, *textwrap.wrap(held, WIDTH, break_on_hyphens=False))


def record_table(title: str, record: Any) -> str:
    """The same as a table: a row per field of the record."""
    return html_rows(title, (tr("field"), tr("content")), _contents(record))


def html_table(title: str, frame: pd.DataFrame, rows: int | None = None, *, most: int = ROWS) -> str:
    """A table with its title above it, everything escaped: what stands in a file is shown and never run.

    Numbers are rounded for the eye, a missing one is a dash, and blanks before a name, which set it in, are kept.
    `rows` is how many there are of which `frame` has the first; of more than `most` those are shown, and all counted.
    """
    shown = frame.head(most)
    names = [str(name) for name in frame.columns]
    return _table(title, names, [shown.iloc[:, place].tolist() for place in range(len(names))], rows or len(frame))


def html_rows(title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The same of rows that are no frame."""
    columns = [[row[place] for row in rows[:ROWS]] for place in range(len(names))]
    return _table(title, names, columns, len(rows))


def picture(result: object, **options: Any) -> Figure:
    """The picture of a result, as `ecosystem.plot` draws it: a result's own `plot` is that function, said shorter."""
    # what draws stands above what it draws: a result asks the face of the package, as whoever has it would
    figure: Figure = import_module("ecosystem").plot(result, **options)
    return figure


def visible(text: str) -> str:
    """A text without characters that move a cursor or turn the direction of writing; each is written as `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _table(title: str, names: Sequence[str], columns: Sequence[Sequence[Any]], total: int) -> str:
    sides = ["right" if all(map(_is_number, column)) else "left" for column in columns]
    cells = [[_cell(value) for value in column] for column in columns]
    shown = len(columns[0]) if columns else 0
    left_out = tr("the first {shown:,} of {total:,} rows", shown=shown, total=total)
    rest = f"<p>{_text(left_out)}</p>" if total > shown else ""
    head = _row("th", map(_text, names), sides)
    body = "".join(_row("td", row, sides) for row in zip(*cells, strict=True))
    table = f"<table>\n<thead>{head}</thead>\n<tbody>{body}</tbody>\n</table>"
    return f"<div><p><b>{_text(title)}</b></p>\n{table}{rest}</div>"


def _row(tag: str, cells: Iterable[str], sides: Iterable[str]) -> str:
    """A row of a table: what is in its cells, and on which side of them it stands."""
    pairs = zip(cells, sides, strict=True)
    inside = "".join(f'<{tag} style="text-align: {side}">{cell}</{tag}>' for cell, side in pairs)
    return f"<tr>{inside}</tr>\n"


def _is_number(value: Any) -> bool:
    return _is_missing(value) or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_missing(value: Any) -> bool:
    return value is None or str(value) in ("nan", "NaT", "<NA>")


def _text(text: str) -> str:
    """A text as HTML."""
    return html.escape(visible(text))


def _cell(value: Any) -> str:
    """A cell of a table as HTML."""
    if isinstance(value, str):
        blanks = len(value) - len(value.lstrip(" "))
        return "&nbsp;" * (2 * blanks) + _text(value[blanks:])
    if _is_missing(value):
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"
    # a year has no comma
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else _text(str(value))


def _contents(record: Any) -> list[tuple[str, str]]:
    shown = (field.name for field in fields(record) if field.repr and not field.name.startswith("_"))
    return [(name, brief) for name in shown if (brief := _brief(getattr(record, name)))]


def _brief(value: Any) -> str:
    """How much a field holds: its shape, its number; a short value as it is; blank for nothing."""
    if hasattr(value, "shape"):
        return " x ".join(f"{size:,}" for size in value.shape)
    if isinstance(value, bool | int | float | str):
        return str(value) if len(str(value)) <= NAMED * 20 else f"{str(value)[: NAMED * 20]}…"
    if isinstance(value, Collection):
        return f"{len(value):,}" if value else ""
    return "" if value is None else type(value).__name__
