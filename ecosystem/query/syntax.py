"""What every node of the syntax tree is, and the leaves that stand in patterns: label expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_UNNAMED = re.compile(r"_t?[0-9]+|_nodes .*")


def is_unnamed(name: str) -> bool:
    """Whether a name is one that the program gave to what the text leaves without one: `_1`, `_t1`, `_nodes t`."""
    return _UNNAMED.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column in the text, both from 1; 0 for what the library added."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class SyntaxNode:
    """Anything in the tree. Two texts of one meaning are equal trees: `position` does not count."""

    position: Position = field(default=Position(), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class LabelName(SyntaxNode):
    """One label or link type; empty for `%`, which is any."""

    name: str


@dataclass(frozen=True, slots=True)
class LabelNot(SyntaxNode):
    """`!operand`."""

    operand: LabelExpression


@dataclass(frozen=True, slots=True)
class LabelBoth(SyntaxNode):
    """`left&right`; also written `:left:right`."""

    left: LabelExpression
    right: LabelExpression


@dataclass(frozen=True, slots=True)
class LabelEither(SyntaxNode):
    """`left|right`."""

    left: LabelExpression
    right: LabelExpression


LabelExpression = LabelName | LabelNot | LabelBoth | LabelEither


def holds(label: LabelExpression, name: str) -> bool:
    """Whether something whose one label or type is this meets a label expression."""
    match label:
        case LabelName():
            return label.name in ("", name)
        case LabelNot():
            return not holds(label.operand, name)
        case LabelBoth():
            return holds(label.left, name) and holds(label.right, name)
        case LabelEither():
            return holds(label.left, name) or holds(label.right, name)
