"""A formula of columns, such as `[patents granted] / population * 1000`: read without running anything, then computed.

Only this grammar is understood, so that the formula of a stranger's index can do nothing but arithmetic:

    sum      = product (("+" | "-") product)*
    product  = sign (("*" | "/") sign)*
    sign     = ("-" | "+") sign | power
    power    = atom [("^" | "**") sign]
    atom     = NUMBER | name | function "(" sum ("," sum)* ")" | "(" sum ")"
    name     = letters, digits and "_" of any script, no digit first | "[" anything "]", a bracket in it written twice
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import did_you_mean
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr, tr_later

DEEPEST = 50
"""How many brackets and signs may stand inside each other: nobody writes more, and Python's stack is short."""

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])|(?P<name>[^\W\d]\w*)"
    r"|\[(?P<quoted>(?:[^\]]|\]\])+)\](?!\])|(?P<sign>\*\*|[-+*/^(),])"
)
_QUOTING = tr_later("write a name with spaces or signs in square brackets, as in [patents granted] / population")


class FormulaError(ValueError):
    """A formula that cannot be read, or that names no column; `hint` is the next step."""

    def __init__(self, message: str, hint: str = _QUOTING) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Formula:
    """A number, a column (`name`), or an operation (`name`) on operands."""

    kind: str
    name: str = ""
    number: float = 0.0
    operands: tuple[Formula, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, each once, in its order."""
        own = (self.name,) if self.kind == "column" else ()
        return tuple(dict.fromkeys([*own, *(name for operand in self.operands for name in operand.columns)]))


@dataclass(frozen=True, slots=True, eq=False)
class Undefined:
    """Where a step has no result though it has all its values, why, and of which value."""

    where: BoolArray
    why: str
    value: FloatArray


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on arrays: how many operands it takes (`None`: one or more), and why it may have no result.

    `of` is the place of the operand that a refusal shows.
    """

    function: Callable[..., FloatArray]
    takes: int | None
    why: str = tr_later("the result is too large")
    of: int = 0


OPERATIONS: Mapping[str, Operation] = {
    "+": Operation(np.add, 2),
    "-": Operation(np.subtract, 2),
    "*": Operation(np.multiply, 2),
    "/": Operation(np.divide, 2, tr_later("division by zero"), 1),
    "^": Operation(np.power, 2, tr_later("not a number: a root of a negative value, or 0 to a negative power")),
    "negative": Operation(np.negative, 1),
}
"""What stands between values."""

FUNCTIONS: Mapping[str, Operation] = {
    "ln": Operation(np.log, 1, tr_later("the logarithm of a value that is not above 0")),
    "log10": Operation(np.log10, 1, tr_later("the logarithm of a value that is not above 0")),
    "sqrt": Operation(np.sqrt, 1, tr_later("the square root of a negative value")),
    "exp": Operation(np.exp, 1),
    "abs": Operation(np.abs, 1),
    "min": Operation(lambda *some: np.minimum.reduce(np.broadcast_arrays(*some)), None),
    "max": Operation(lambda *some: np.maximum.reduce(np.broadcast_arrays(*some)), None),
}
"""What stands before brackets."""


def read_formula(text: str) -> Formula:
    """The formula of a text; FormulaError where it is none, with the place."""
    return _Reader(text).whole()


def compute(formula: Formula, columns: Mapping[str, FloatArray]) -> tuple[FloatArray, list[Undefined]]:
    """The values of a formula, NaN where one of its own is missing or an operation is undefined, and where those are.

    FormulaError for a column that is not there.
    """
    for name in formula.columns:
        if name not in columns:
            raise FormulaError(tr("there is no column {name!r}", name=name), did_you_mean(name, columns))
    undefined: list[Undefined] = []
    return _value(formula, columns, undefined), undefined


def _value(formula: Formula, columns: Mapping[str, FloatArray], undefined: list[Undefined]) -> FloatArray:
    if formula.kind == "number":
        return np.array(formula.number)
    if formula.kind == "column":
        return columns[formula.name]
    operation = OPERATIONS.get(formula.name) or FUNCTIONS[formula.name]
    return apply(operation, [_value(operand, columns, undefined) for operand in formula.operands], undefined)


def apply(operation: Operation, operands: list[FloatArray], undefined: list[Undefined]) -> FloatArray:
    """What an operation gives, NaN where an operand is; where it has no result, NaN too and a line in `undefined`."""
    missing = np.logical_or.reduce(np.broadcast_arrays(*(np.isnan(operand) for operand in operands)))
    with np.errstate(all="ignore"):
        result = np.asarray(operation.function(*operands), dtype=np.float64)
    lost = ~np.isfinite(result) & ~missing
    if lost.any():
        # a copy: the caller may write the result where the operand stands
        shown = np.broadcast_to(operands[operation.of], lost.shape).copy()
        undefined.append(Undefined(lost, operation.why, shown))
    return np.where(lost | missing, np.nan, result)


class _Reader:
    """A text read from left to right; `at` is the place of the next token."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._at = 0
        self._depth = 0

    def whole(self) -> Formula:
        if not self._tokens:
            raise FormulaError(tr("the formula is blank"), tr("write one, such as exports / gdp"))
        found = self._sum()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return found

    def _split(self) -> list[tuple[str, str, int]]:
        """Kind, text and place of every token."""
        found, at = [], 0
        while at < len(self._text):
            if self._text[at].isspace():
                at += 1
                continue
            hit = _TOKEN.match(self._text, at)
            if hit is None:
                raise FormulaError(tr("the formula cannot be read from {rest!r} on", rest=self._text[at : at + 20]))
            kind = str(hit.lastgroup)
            found.append((kind, hit[kind], at))
            at = hit.end()
        return found

    def _next(self) -> str:
        """The sign that comes next, "" where it is none."""
        kind, text, _ = self._tokens[self._at] if self._at < len(self._tokens) else ("", "", 0)
        return text if kind == "sign" else ""

    def _take(self, *signs: str) -> str:
        """The next sign if it is one of these, and past it; "" otherwise."""
        sign = self._next()
        if sign not in signs:
            return ""
        self._at += 1
        return sign

    def _sum(self) -> Formula:
        left = self._product()
        while sign := self._take("+", "-"):
            left = Formula("operation", sign, operands=(left, self._product()))
        return left

    def _product(self) -> Formula:
        left = self._signed()
        while sign := self._take("*", "/"):
            left = Formula("operation", sign, operands=(left, self._signed()))
        return left

    def _signed(self) -> Formula:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(
                tr("the formula is nested more than {deepest} deep", deepest=DEEPEST),
                tr("simplify it"),
            )
        sign = self._take("-", "+")
        found = self._signed() if sign else self._power()
        self._depth -= 1
        return Formula("operation", "negative", operands=(found,)) if sign == "-" else found

    def _power(self) -> Formula:
        base = self._atom()
        return Formula("operation", "^", operands=(base, self._signed())) if self._take("^", "**") else base

    def _atom(self) -> Formula:
        if self._take("("):
            inner = self._sum()
            self._close()
            return inner
        if self._at == len(self._tokens) or self._next():
            raise self._unexpected()
        kind, text, _ = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return Formula("number", number=float(text))
        if kind == "name" and self._take("("):
            return self._call(text)
        return Formula("column", text.replace("]]", "]") if kind == "quoted" else text)

    def _call(self, name: str) -> Formula:
        operation = FUNCTIONS.get(name)
        if operation is None:
            raise FormulaError(tr("there is no function {name!r}", name=name), did_you_mean(name, FUNCTIONS))
        operands = [self._sum()]
        while self._take(","):
            operands.append(self._sum())
        self._close()
        if operation.takes not in (None, len(operands)):
            raise FormulaError(
                # every function that takes a number of values takes one
                tr("{name} takes one value, not {count}", name=name, count=len(operands)),
                f"{name}(x)",
            )
        return Formula("operation", name, operands=tuple(operands))

    def _close(self) -> None:
        if not self._take(")"):
            raise self._unexpected()

    def _unexpected(self) -> FormulaError:
        if self._at >= len(self._tokens):
            return FormulaError(tr("the formula ends too early"), tr("a value or a closing bracket is missing"))
        place = self._tokens[self._at][2]
        return FormulaError(tr("{rest!r} is out of place in the formula", rest=self._text[place : place + 20]))
