"""Which weights are admissible: shares that sum to 1, with bounds and orders; which clash."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.optimize import linprog

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index import Index
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr

SLACK = 1e-9
"""A constraint that no admissible weights fulfil by more than this is fulfilled as an equation by all of them."""


@dataclass(frozen=True, slots=True)
class WeightBound:
    """The share of the part at `place` lies between `lower` and `upper`; `text` is how it was written."""

    place: int
    lower: float
    upper: float
    text: str


@dataclass(frozen=True, slots=True)
class WeightOrder:
    """The part at `heavier` weighs at least as much as the one at `lighter`; `text` is how it was written."""

    heavier: int
    lighter: int
    text: str


@dataclass(frozen=True)
class AdmissibleWeights:
    """All weights w (n) of the parts `codes` with w >= 0, sum w = 1, and what `bounds` and `orders` say.

    InputError where there are none, with a smallest set of constraints that no weights fulfil together.
    """

    codes: tuple[str, ...]
    bounds: tuple[WeightBound, ...] = ()
    orders: tuple[WeightOrder, ...] = ()
    _rows: tuple[FloatArray, FloatArray] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows, limits, texts = self._written()
        if not _feasible(rows, limits):
            raise _conflict(rows, limits, texts)
        object.__setattr__(self, "_rows", (rows, limits))

    @property
    def inequalities(self) -> tuple[FloatArray, FloatArray]:
        """A (m, n) and b (m): weights that sum to 1 are admissible where A w <= b."""
        return self._rows

    @property
    def free(self) -> bool:
        """True where every share from 0 to 1 is admissible: the whole simplex."""
        return not self.bounds and not self.orders

    @cached_property
    def lower(self) -> FloatArray:
        """The least share (n) that the bounds alone let each part have."""
        lower = np.zeros(len(self.codes))
        for bound in self.bounds:
            lower[bound.place] = max(lower[bound.place], bound.lower)
        return lower

    def holds(self, weights: FloatArray) -> BoolArray:
        """Which of some weights (..., n) that sum to 1 are admissible."""
        rows, limits = self._rows
        return np.asarray((weights @ rows.T <= limits + SLACK).all(axis=-1))

    def _written(self) -> tuple[FloatArray, FloatArray, list[str]]:
        """The inequalities and how each was written; blank for what holds for any weight."""
        unit = np.eye(len(self.codes))
        rows, limits, texts = list(-unit), [0.0] * len(unit), [""] * len(unit)
        for bound in self.bounds:
            rows += [-unit[bound.place], unit[bound.place]]
            limits += [-bound.lower, bound.upper]
            texts += [bound.text] * 2
        for order in self.orders:
            rows.append(unit[order.lighter] - unit[order.heavier])
            limits.append(0.0)
            texts.append(order.text)
        return np.array(rows), np.array(limits), texts


def admissible_weights(
    index: Index, level: int, bounds: Sequence[str] = (), orders: Sequence[str] = ()
) -> AdmissibleWeights:
    """The admissible weights of the parts at a level of the hierarchy, in the order of `index.at(level)`.

    `bounds` are written `CODE:LOWER:UPPER` as shares of the whole (one of the two may be blank), `orders`
    `CODE>=CODE`; parts by code or by name in either language. UsageError for what cannot be read, InputError where no
    weights are left.
    """
    codes = tuple(part.code for part in index.at(level))
    return AdmissibleWeights(
        codes,
        tuple(_bound(index, codes, text) for text in bounds),
        tuple(_order(index, codes, text) for text in orders),
    )


def hierarchy_level(index: Index, word: str) -> int:
    """The level of the hierarchy that a word means: `pillar`, `indicator`, or its number; UsageError for any other."""
    numbers = {"indicator": 1, "pillar": index.depth - 1} | {str(at): at for at in range(1, index.depth)}
    if word not in numbers:
        message = tr("the index has no weights at level {level!r} of its hierarchy", level=word)
        raise UsageError(message, hint=did_you_mean(word, numbers))
    return numbers[word]


def _bound(index: Index, codes: Sequence[str], text: str) -> WeightBound:
    name, *ends = text.rsplit(":", 2)
    if len(ends) != 2:
        hint = tr("write it as CODE:LOWER:UPPER, for example {example}", example=f"{codes[0]}:0.1:0.4")
        raise UsageError(tr("{text!r} is no bound of a weight", text=text), hint=hint)
    lower, upper = (_share(end, blank, text) for end, blank in zip(ends, (0.0, 1.0), strict=True))
    if lower > upper:
        message = tr("the bounds of {text!r} are the wrong way round: {lower:g} is above {upper:g}", text=text,
                     lower=lower, upper=upper)  # fmt: skip
        raise UsageError(message, hint=tr("turn them round"))
    return WeightBound(_place(index, codes, name), lower, upper, text)


def _share(text: str, blank: float, whole: str) -> float:
    try:
        value = float(text) if text.strip() else blank
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        message = tr("{text!r} in {whole!r} is no share", text=text, whole=whole)
        raise UsageError(message, hint=tr("a weight is a share of the whole index: a number from 0 to 1"))
    return value


def _order(index: Index, codes: Sequence[str], text: str) -> WeightOrder:
    for sign in (">=", "≥", "<=", "≤"):
        one, found, other = text.partition(sign)
        if found and one.strip() and other.strip():
            pair = one if sign in (">=", "≥") else other, other if sign in (">=", "≥") else one
            heavier, lighter = (_place(index, codes, name.strip()) for name in pair)
            return WeightOrder(heavier, lighter, text)
    hint = tr("write it as CODE>=CODE in quotes, for example {example}", example=f"'{codes[0]}>={codes[-1]}'")
    raise UsageError(tr("{text!r} is no order of two weights", text=text), hint=hint)


def _place(index: Index, codes: Sequence[str], name: str) -> int:
    code = index.code_of(name.strip())
    if code not in codes:
        message = tr("{name!r} is no part whose weight varies here", name=name)
        raise UsageError(message, hint=did_you_mean(name, codes))
    return codes.index(code)


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The least value of a goal, where it is met, and by how much it would rise with each limit (all <= 0)."""

    value: float
    at: FloatArray
    multipliers: FloatArray


def optimum(goal: FloatArray, rows: FloatArray, limits: FloatArray, weighed: int | None = None) -> Optimum | None:
    """The least goal x over all x with rows x <= limits of which the first `weighed` (all, if None) sum to 1.

    None where there is no such x. Solved by HiGHS (Huangfu and Hall 2018) through scipy.
    """
    one = np.zeros((1, len(goal)))
    one[0, : len(goal) if weighed is None else weighed] = 1.0
    found = linprog(goal, A_ub=rows, b_ub=limits, A_eq=one, b_eq=[1.0], bounds=(None, None), method="highs")
    if found.x is None or found.fun is None:
        return None
    return Optimum(float(found.fun), np.asarray(found.x), np.asarray(found.ineqlin.marginals))


def _feasible(rows: FloatArray, limits: FloatArray) -> bool:
    return optimum(np.zeros(rows.shape[1]), rows, limits) is not None


def _conflict(rows: FloatArray, limits: FloatArray, texts: Sequence[str]) -> InputError:
    """What no weights fulfil: of the constraints as they were written a set that lacks none of its members.

    Each is left out in turn, for good where the others still clash without it (Chinneck and Dravnieks 1991).
    """
    kept = list(dict.fromkeys(filter(None, texts)))
    for text in list(kept):
        fewer = [one for one in kept if one != text]
        some = [at for at, one in enumerate(texts) if not one or one in fewer]
        if not _feasible(rows[some], limits[some]):
            kept = fewer
    findings = [Finding("error", "infeasible", tr("{text} cannot hold beside the others", text=text)) for text in kept]
    hint = tr("leave one of them out, or widen it; weights are shares that sum to 1")
    return InputError(tr("no weights fulfil these constraints together"), hint=hint, findings=findings)
