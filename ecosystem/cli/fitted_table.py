"""A table laid out for a terminal of some width, so that no word or number is cut in the middle.

A row is a line. Where there is no room for all columns, those that matter least are left out, and `Fitted` says which.
A heading breaks at spaces. A text longer than a name wraps at words, a source or a path is shortened in the middle; a
label of a tree that wraps keeps its indentation. Widths are those of a terminal, on which 川 takes two places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rich.cells import cell_len

from ecosystem.cli.fitted_text import MARK, has_chinese, longest_piece, shortened, widest_word, wrapped
from ecosystem.headings import HEADINGS, heading

GAP = 2
"""Spaces between two columns."""

FIRST = (
    "rank", "tier", "region", "severity", "part", "key", "kind", "id", "metric", "code", "indicator", "entity", "year",
    "shows", "score", "mark", "rank_change", "score_change", "other", "r", "p", "row", "points", "value", "share",
    "effect_score", "weight", "message", "file", "hint", "column", "printed", "ours", "difference", "compared",
    "equal", "reproduced", "level", "name", "title", "unit", "largest_difference",
)  # fmt: skip
"""The columns that are kept the longest, by the keys of their headings; those that are not named come after them."""
LAST = ("coverage", "weight_source", "source", "table", "spearman", "kendall", "aliases", "别名")
"""The columns that are left out first, beside those in which nothing stands."""
NAMES = frozenset({"rank", "region", "name", "name_zh", "name_en", "id", "code", "metric", "entity"})
"""The columns whose cells stay on one line, however long."""
LABELS = frozenset({"indicator"})
"""The columns that tell what a row is about: they stay on one line if they can, and wrap before they are left out."""
SHORTENED = frozenset({"source", "file", "table", "exports", "aliases", "别名"})
"""The columns of which beginning and end say enough."""
TREES = frozenset({"part"})
"""The columns of labels under labels: they wrap before another column is left out."""

ON_ONE_LINE = 48
"""A text as wide as this is not wrapped as long as other columns can be left out."""
TEXT_AT_LEAST, TREE_AT_LEAST, SOURCE_AT_LEAST, CHINESE_AT_LEAST = 24, 34, 20, 6
TEXT_PREFERRED = 32
"""The widths below which a text, the labels of a tree, a source and a Chinese heading are not pressed."""

_YEAR = re.compile(r" \d{4}$")
_BLANK = frozenset({"", "–"})


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its cells as text; numbers stand at the right."""

    heading: str
    cells: Sequence[str]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of a table, of its head and of its body, and the headings of what is left out or shortened."""

    head: list[str]
    body: list[str]
    hidden: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ()


def fit(columns: Sequence[Column], width: int | None, *, in_order: bool = False) -> Fitted:
    """The table, no line wider than `width`; None for as wide as it is, which folds, shortens and hides nothing.

    `in_order` says that the columns matter in the order in which they stand.
    """
    plans = [_Plan.of(place, column, width) for place, column in enumerate(columns)]
    if width is None:
        return _laid_out([(plan, plan.whole) for plan in plans], ())
    ranking = plans if in_order else sorted(plans, key=_Plan.importance)
    widths = _widths(ranking, width)
    _spread(widths, [plan for plan in ranking if plan.place in widths], width)
    shown = [(plan, widths[plan.place]) for plan in plans if plan.place in widths]
    return _laid_out(shown, tuple(plan.column.heading for plan in plans if plan.place not in widths))


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a column behaves: `line` never changes, `wrap` folds at words, `cut` is shortened in the middle.

    `natural` is the width of its widest cell, `least` that to which it can be pressed, `preferred` that which it gets
    before a column that matters less gets anything.
    """

    place: int
    column: Column
    keys: frozenset[str]
    manner: str
    natural: int
    least: int
    preferred: int
    hang: int

    @classmethod
    def of(cls, place: int, column: Column, width: int | None) -> _Plan:
        keys = keys_of(column.heading)
        natural = max(map(cell_len, column.cells), default=0)
        if not place and len(set(column.cells)) == len(column.cells) > 1:
            keys -= SHORTENED  # each cell is the name of its row
        manner = "line" if width is None else _manner(column, keys, natural, width)
        least = preferred = natural
        if manner == "wrap" and width is not None:
            floor = TREE_AT_LEAST if keys & TREES else TEXT_AT_LEAST
            least = min(natural, max(floor, min(longest_piece(column.cells), width)))
        elif manner == "cut":
            least = min(natural, SOURCE_AT_LEAST)
        if manner != "line" and not keys & LABELS and (natural > ON_ONE_LINE or keys & TREES):
            preferred = min(natural, max(least, TEXT_PREFERRED)) if manner == "wrap" else least
        head = _narrowest_heading(column.heading)
        hang = GAP if any(cell.startswith(" ") for cell in column.cells) else 0
        return cls(place, column, keys, manner, natural, max(least, head), max(preferred, head), hang)

    @property
    def whole(self) -> int:
        """The width at which nothing is folded."""
        return max(self.natural, cell_len(self.column.heading))

    def importance(self) -> tuple[bool, int, int]:
        """What a column is sorted by: the lesser, the longer it stays."""
        says_nothing = all(cell in _BLANK for cell in self.column.cells) and len(self.column.cells) > 0
        if not self.place and not self.keys:
            return says_nothing, -1, 0
        first = min((FIRST.index(key) for key in self.keys if key in FIRST), default=None)
        last = max((LAST.index(key) for key in self.keys if key in LAST), default=None)
        middle = len(FIRST) if last is None else len(FIRST) + 1 + last
        return says_nothing, middle if first is None else first, self.place

    def lines(self, width: int) -> Iterator[list[str]]:
        """The lines of each cell."""
        for cell in self.column.cells:
            if cell_len(cell) <= width:
                yield [cell]
            elif self.manner == "cut":
                yield [shortened(cell, width)]
            else:
                yield wrapped(cell, width, hang=self.hang)


def _manner(column: Column, keys: frozenset[str], natural: int, width: int) -> str:
    if column.right or natural <= TEXT_AT_LEAST or (keys & NAMES and natural <= width):
        return "line"
    if keys & SHORTENED:
        return "cut"
    spaced = any(" " in cell or has_chinese(cell) for cell in column.cells)
    return "wrap" if spaced or natural > width else "cut" if natural > ON_ONE_LINE else "line"


@cache
def _keys() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key in HEADINGS:
        for word in (key, heading(key, "zh"), heading(key, "en")):
            found.setdefault(word.casefold(), set()).add(key)
    return {word: frozenset(keys) for word, keys in found.items()}


def keys_of(word: str) -> frozenset[str]:
    """The keys that a heading of either language, or a key, stands for; a word that is neither stands for itself."""
    word = _YEAR.sub("", word)
    return _keys().get(word.casefold(), frozenset({word}))


def _widths(ranking: Sequence[_Plan], width: int) -> dict[int, int]:
    """The least widths, by place, of the columns that there is room for; the first is always among them."""
    widths: dict[int, int] = {}
    room = width
    for plan in ranking:
        gap = GAP if widths else 0
        given = next((wanted for wanted in (plan.preferred, plan.least) if gap + wanted <= room), None)
        if given is None and not widths:
            given = width
        if given is not None:
            widths[plan.place] = given
            room -= gap + given
        elif not plan.keys & set(FIRST):
            # of columns of one kind, such as pillars, the first ones are shown, not those that happen to be narrow
            break
    return widths


def _spread(widths: dict[int, int], shown: Sequence[_Plan], width: int) -> None:
    """Give the room that is left to very tall headings, then to texts by what they lack, then to the other headings."""
    _lower(widths, shown, width, lines=3)
    # what is shortened is short in any case; a text that need not wrap makes the table lower
    for manners in (("line", "wrap"), ("cut",)):
        room = _room(widths, width)
        plans = [plan for plan in shown if plan.manner in manners]
        lacks = {plan.place: max(plan.natural - widths[plan.place], 0) for plan in plans}
        total = sum(lacks.values())
        for place, lack in lacks.items():
            widths[place] += lack if total <= room else room * lack // total
    _lower(widths, shown, width, lines=1)


def _lower(widths: dict[int, int], shown: Sequence[_Plan], width: int, *, lines: int) -> None:
    """Widen the columns with the tallest headings as long as there is room and they have more than so many lines."""
    while True:
        height, _, plan = max(
            ((len(_heading_lines(plan.column.heading, widths[plan.place])), -plan.place, plan) for plan in shown),
            key=lambda entry: entry[:2],
        )
        text, now = plan.column.heading, widths[plan.place]
        enough = (more for more in range(1, _room(widths, width) + 1) if len(_heading_lines(text, now + more)) < height)
        more = next(enough, 0) if height > lines else 0
        if not more:
            return
        widths[plan.place] += more


def _room(widths: dict[int, int], width: int) -> int:
    return width - sum(widths.values()) - GAP * (len(widths) - 1)


def _laid_out(shown: Sequence[tuple[_Plan, int]], hidden: tuple[str, ...]) -> Fitted:
    blocks, heads, widths, cut = [], [], [], []
    for plan, width in shown:
        cells, head = list(plan.lines(width)), _heading_lines(plan.column.heading, width)
        if any(MARK in line and line not in plan.column.cells for lines in cells for line in lines):
            cut.append(plan.column.heading)
        blocks.append(cells)
        heads.append(head)
        widths.append(max(cell_len(line) for lines in (head, *cells) for line in lines))
    rights = [plan.column.right for plan, _ in shown]
    tallest = max(map(len, heads), default=0)
    # a heading of fewer lines stands above its column, not above the empty place
    bottomed = [[""] * (tallest - len(head)) + head for head in heads]
    head_lines = _beside(bottomed, widths, rights)
    body = [line for row in zip(*blocks, strict=True) for line in _beside(row, widths, rights)]
    return Fitted(head_lines, body, hidden, tuple(cut))


def _beside(cells: Sequence[Sequence[str]], widths: Sequence[int], rights: Sequence[bool]) -> list[str]:
    """The lines of one row, whose cells may have several."""
    found = []
    for number in range(max(map(len, cells), default=0)):
        texts = []
        for lines, width, right in zip(cells, widths, rights, strict=True):
            text = lines[number] if number < len(lines) else ""
            blank = " " * (width - cell_len(text))
            texts.append(blank + text if right else text + blank)
        found.append((" " * GAP).join(texts).rstrip())
    return found


@cache
def _heading_lines(text: str, width: int) -> list[str]:
    """The lines of a heading, all about as long: 企业 above 能力, and no single character on a line of its own."""
    lines = wrapped(text, width)
    if len(lines) == 1 or not has_chinese(text):
        return lines
    return next(even for less in range(1, width + 1) if len(even := wrapped(text, less)) <= len(lines))


def _narrowest_heading(text: str) -> int:
    """The least width of a heading that breaks at spaces, and where it is Chinese after a few characters."""
    widest = widest_word(text)
    return max(widest, min(CHINESE_AT_LEAST, cell_len(text))) if has_chinese(text) else widest
