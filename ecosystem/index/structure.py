"""Faults in the tree of indicators: what is missing, duplicated or unreachable, and weights that do not add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.spec import CSV_NAME, Indicator

EXACT = 1e-9
"""Below this two weights are the same number."""
TOLERATED = 0.01
"""Printed weights may miss their sum by this much; more is an error."""


def check_structure(indicators: Sequence[Indicator], unread: Collection[str] = ()) -> list[Finding]:
    """Every fault of the hierarchy. `unread` are the codes of rows that could not be read: they count as present."""
    first: dict[str, Indicator] = {}
    for indicator in indicators:
        first.setdefault(indicator.code, indicator)
    return [
        *_duplicates(indicators, first),
        *_parents(indicators, first, unread),
        *_cycles(indicators, first),
        *_tops(indicators, unread),
        *_levels(indicators, first, unread),
        *_sources(indicators),
        *_numbers(indicators),
    ]


def fault(indicator: Indicator, code: str, column: str, message: str, hint: str | None = None) -> Finding:
    """An error at a row of the indicator table."""
    return Finding("error", code, message, CSV_NAME, indicator.row, column, None, hint)


def _duplicates(indicators: Sequence[Indicator], first: Mapping[str, Indicator]) -> Iterator[Finding]:
    for indicator in indicators:
        other = first[indicator.code]
        if other is not indicator:
            where = f" in row {other.row}" if other.row is not None else ""
            hint = "give every indicator a code of its own"
            yield fault(indicator, "duplicate_code", "code", f"code {indicator.code!r} is used before{where}", hint)


def _parents(
    indicators: Sequence[Indicator], first: Mapping[str, Indicator], unread: Collection[str]
) -> Iterator[Finding]:
    known = {*first, *unread}
    for indicator in indicators:
        if indicator.parent is not None and indicator.parent not in known:
            message = f"parent {indicator.parent!r} of {indicator.code!r} does not exist"
            aggregates = (code for code, row in first.items() if row.level > 1)
            yield fault(indicator, "unknown_parent", "parent", message, did_you_mean(indicator.parent, aggregates))


def _cycles(indicators: Sequence[Indicator], first: Mapping[str, Indicator]) -> Iterator[Finding]:
    reported: set[str] = set()
    for indicator in indicators:
        cycle = _cycle_from(indicator.code, first)
        if cycle and reported.isdisjoint(cycle):
            reported.update(cycle)
            path = " -> ".join([*cycle, cycle[0]])
            hint = "parents must lead up to the one row without a parent"
            yield fault(first[cycle[0]], "cycle", "parent", f"parents run in a circle: {path}", hint)


def _cycle_from(code: str, first: Mapping[str, Indicator]) -> list[str]:
    """The circle that the parents of `code` run into, from its first row of the file on; empty where there is none."""
    path: list[str] = []
    here: str | None = code
    while here is not None and here in first:
        if here in path:
            cycle = path[path.index(here) :]
            start = cycle.index(min(cycle, key=list(first).index))
            return cycle[start:] + cycle[:start]
        path.append(here)
        here = first[here].parent
    return []


def _tops(indicators: Sequence[Indicator], unread: Collection[str]) -> Iterator[Finding]:
    tops = [indicator for indicator in indicators if indicator.parent is None]
    for extra in tops[1:]:
        message = f"{extra.code!r} has no parent, but {tops[0].code!r} is the top already"
        yield fault(extra, "two_tops", "parent", message, "name the parent of one of them; an index has one top")
    if not tops and not unread:
        hint = "leave the parent of the highest row blank: it is the index itself"
        yield Finding(
            "error", "no_top", "no row is the top: every row has a parent", CSV_NAME, None, "parent", None, hint
        )


def _levels(
    indicators: Sequence[Indicator], first: Mapping[str, Indicator], unread: Collection[str]
) -> Iterator[Finding]:
    parents = {indicator.parent for indicator in indicators}
    for indicator in indicators:
        parent = first.get(indicator.parent or "")
        if parent is not None and parent.level != indicator.level + 1:
            own, above = f"{indicator.code!r} is on level {indicator.level}", f"{parent.code!r} on level {parent.level}"
            message = f"{own} but its parent {above}"
            yield fault(indicator, "level_skipped", "level", message, "a parent stands exactly one level higher")
        if indicator.level > 1 and indicator.code not in parents and not unread:
            message = f"{indicator.code!r} is on level {indicator.level} but nothing is under it"
            yield fault(
                indicator, "no_children", "code", message, "give it indicators, or make it level 1 with a source"
            )
        if indicator.level == 1 and indicator.parent is None:
            message = f"the top {indicator.code!r} is on level 1, where the indicators are"
            yield fault(indicator, "top_is_leaf", "level", message, "an index needs a top above its indicators")


def _sources(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    for indicator in indicators:
        if indicator.level == 1 and indicator.source is None:
            message = f"indicator {indicator.code!r} has no source"
            hint = "write metric:<id>, column:<name> or network:<measure>"
            yield fault(indicator, "no_source", "source", message, hint)
        if indicator.level > 1 and indicator.source is not None:
            message = f"{indicator.code!r} is the sum of its parts and cannot have the source {indicator.source}"
            yield fault(
                indicator, "aggregate_with_source", "source", message, "leave the cell blank, or make it level 1"
            )
    # an amount and its share of something come from one source and are two things
    used = Counter(map(_values_of, indicators))
    for indicator in indicators:
        times = used[_values_of(indicator)]
        if indicator.source is not None and times > 1:
            message = f"{indicator.source} is the source of {times} indicators: it counts more than once"
            yield Finding("warning", "source_twice", message, CSV_NAME, indicator.row, "source")


def _values_of(indicator: Indicator) -> tuple[object, ...]:
    """What an indicator's values are made of."""
    return indicator.source, indicator.denominator, indicator.own.transformation


def _numbers(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    for indicator in indicators:
        if indicator.direction not in (1, -1):
            message = f"direction of {indicator.code!r} is {indicator.direction}"
            yield fault(
                indicator, "bad_direction", "direction", message, "write 1 (more is better) or -1 (less is better)"
            )
        elif indicator.direction == -1 and indicator.level > 1:
            message = f"direction of {indicator.code!r} is -1, and it is made of parts, which have their own"
            hint = "write 1, and -1 for those of its indicators of which less is better"
            yield fault(indicator, "bad_direction", "direction", message, hint)
        if not (math.isfinite(indicator.weight) and indicator.weight >= 0):
            message = f"weight of {indicator.code!r} is {indicator.weight:g}"
            yield fault(
                indicator,
                "bad_weight",
                "weight",
                message,
                "a weight is a number above 0, or 0 for what is shown and does not count",
            )
        parts = [part.weight for part in indicators if part.parent == indicator.code]
        if parts and indicator.weight > 0 and not any(parts):
            message = f"all parts of {indicator.code!r} have the weight 0, so it has no score"
            yield fault(indicator, "bad_weight", "weight", message, "give one of them a weight above 0")


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
