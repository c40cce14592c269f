"""Texts that fit a width of a terminal, on which 川 takes two places: wrapped at words, or shortened in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

MARK = "…"
"""Stands for what has been left out of a text."""

_WIDE = r"\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = "（《「『【〔“", "，。、；：！？）》」』】〕％”"
# a run of letters, or one Chinese character, with the punctuation that must not be parted from it
_UNIT = re.compile(
    rf"(\s*)((?:[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)|.)[{_CLOSING},.;:!?)\]}}]*)"
)
# where a unit that is longer than a line may still be parted, as a path after its slashes
_PIECE = re.compile(r"[^/\\,;=|&]*[/\\,;=|&]+|[^/\\,;=|&]+")
# what a text that is shortened is made of: words, and single signs between them
_WORD = re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+|.", re.DOTALL)


def has_chinese(text: str) -> bool:
    """Whether a text has Chinese characters, between any two of which a line may end."""
    return not text.isascii() and re.search(f"[{_WIDE}]", text) is not None


def widest_word(text: str) -> int:
    """The width of what cannot be broken without parting a word."""
    return max((cell_len(unit) for _, unit in _UNIT.findall(text)), default=0)


def longest_piece(cells: Sequence[str]) -> int:
    """The least width in which texts can be wrapped, a path after its slashes, none of their words being cut."""
    pieces = (piece for cell in cells for _, unit in _UNIT.findall(cell) for piece in _PIECE.findall(unit))
    indent = max((len(cell) - len(cell.lstrip()) for cell in cells), default=0)
    return indent + max(map(cell_len, pieces), default=0)


def wrapped(text: str, width: int, *, hang: int = 0, part: bool = True) -> list[str]:
    """Lines of at most `width`, broken between words, at Chinese characters, and in longer ones after a slash or comma.

    Later lines begin where the text begins, and `hang` places further. Without `part` a word longer than a line stays
    whole and sticks out; with it, one in which nothing can be parted is shortened.
    """
    if cell_len(text) <= width:
        return [text]
    begins = len(text) - len(text.lstrip(" "))
    margin = " " * min(begins + hang, width // 2)
    lines, line = list[str](), " " * min(begins, width // 2)
    empty = True
    for space, unit in _UNIT.findall(text.strip()):
        if not empty and cell_len(line + space + unit) > width:
            lines.append(line)
            line, empty = margin, True
        if empty and part and cell_len(line + unit) > width:
            *full, line = _parted(unit, line, margin, width)
            lines += full
        else:
            line += unit if empty else space + unit
        empty = False
    return [*lines, line]


def _parted(unit: str, line: str, margin: str, width: int) -> Iterator[str]:
    """A unit that is longer than a line, in lines; the first goes on from `line`."""
    begun = line
    for piece in _PIECE.findall(unit):
        if cell_len(line + piece) > width and line != begun:
            yield line
            line = begun = margin
        line += shortened(piece, max(width - len(begun), 1)) if line == begun else piece
    yield line


def shortened(text: str, width: int) -> str:
    """A text of at most `width`: whole words of its beginning and end, and `…` for what stood between."""
    if cell_len(text) <= width:
        return text
    words = _WORD.findall(text)
    room = width - cell_len(MARK)
    head = _taken(words, (room + 1) // 2)
    tail = _taken(words[: len(head) - len(words) - 1 : -1], room - cell_len("".join(head)))[::-1]
    head = _taken(words, room - cell_len("".join(tail)))
    # nothing hangs before or behind the mark: no bracket that is never closed, no comma
    first, last = "".join(head).rstrip(" ,;:(（，、"), "".join(tail).lstrip(" ,;:)），、")
    return f"{first}{MARK}{last}" if first or last else f"{set_cell_size(text, room).rstrip()}{MARK}"


def _taken(words: Sequence[str], room: int) -> list[str]:
    taken: list[str] = []
    for word in words:
        room -= cell_len(word)
        if room < 0:
            break
        taken.append(word)
    return taken
