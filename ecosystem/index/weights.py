"""Whether the weights add up: to the weight printed one level higher, and to the weight of the whole index."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ecosystem.errors import Finding
from ecosystem.index.records import Indicator
from ecosystem.index.spec import CSV_NAME

EXACT = 1e-9
"""Below this two weights are the same number."""

TOLERATED = 0.01
"""Printed weights may miss their sum by this much; more is an error."""


def check_weights(indicators: Sequence[Indicator]) -> list[Finding]:
    """One finding for every sum of global weights that is off: info within rounding, warning, above 0.01 an error."""
    return [*_parts(indicators), *_whole(indicators)]


def rounding(weights: Sequence[float]) -> float:
    """The most that a sum can be off because every weight was rounded half up to the digits it is printed with.

    Example: .1084 and .1042 against .2127 are three numbers of four decimals: 3 x 0.00005.
    """
    digits = max(-min(int(Decimal(repr(weight)).as_tuple().exponent), 0) for weight in weights)
    return float(0.5 * len(weights) * 10.0**-digits)


def _parts(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    for parent in indicators:
        parts = [part.weight for part in indicators if part.parent == parent.code]
        if parts:
            subject = f"the weights of the {len(parts)} parts of {parent.code!r}"
            yield from _compare(subject, parts, parent)


def _whole(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    top = next((indicator for indicator in indicators if indicator.parent is None), None)
    leaves = [indicator.weight for indicator in indicators if indicator.level == 1]
    if top is not None and top.level > 2:
        yield from _compare(f"the {len(leaves)} indicator weights", leaves, top)


def _compare(subject: str, parts: Sequence[float], whole: Indicator) -> Iterator[Finding]:
    total = math.fsum(parts)
    off = total - whole.weight
    if abs(off) <= EXACT:
        return
    figures = f"{subject} add up to {total:.10g}, not {whole.weight:.10g} (off by {off:+.4g})"
    if abs(off) > TOLERATED + EXACT:
        hint = f"they may be off by rounding, at most {TOLERATED}: correct a weight"
        yield Finding("error", "weights_do_not_add_up", figures, CSV_NAME, whole.row, "weight", None, hint)
    elif abs(off) > rounding([*parts, whole.weight]) + EXACT:
        message = f"{figures}: more than rounding explains; used as they stand"
        yield Finding("warning", "weights_off", message, CSV_NAME, whole.row, "weight")
    else:
        yield Finding("info", "weights_rounded", f"{figures}: rounding; used as printed", CSV_NAME, whole.row, "weight")
