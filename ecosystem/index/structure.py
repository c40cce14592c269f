"""Faults in the tree of indicators: what is missing, duplicated or unreachable, and weights that do not add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.spec import CSV_NAME, Indicator
from ecosystem.messages import tr, tr_later

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
            message = tr("code {code!r} is used already", code=indicator.code)
            if other.row is not None:
                message = tr("code {code!r} is used already in row {row}", code=indicator.code, row=other.row)
            yield fault(indicator, "duplicate_code", "code", message, tr("give every indicator a code of its own"))


def _parents(
    indicators: Sequence[Indicator], first: Mapping[str, Indicator], unread: Collection[str]
) -> Iterator[Finding]:
    known = {*first, *unread}
    for indicator in indicators:
        if indicator.parent is not None and indicator.parent not in known:
            message = tr("parent {parent!r} of {code!r} does not exist", parent=indicator.parent, code=indicator.code)
            aggregates = (code for code, row in first.items() if row.level > 1)
            yield fault(indicator, "unknown_parent", "parent", message, did_you_mean(indicator.parent, aggregates))


def _cycles(indicators: Sequence[Indicator], first: Mapping[str, Indicator]) -> Iterator[Finding]:
    reported: set[str] = set()
    for indicator in indicators:
        cycle = _cycle_from(indicator.code, first)
        if cycle and reported.isdisjoint(cycle):
            reported.update(cycle)
            path = " -> ".join([*cycle, cycle[0]])
            hint = tr("parents must lead up to the one row without a parent")
            yield fault(first[cycle[0]], "cycle", "parent", tr("parents run in a circle: {path}", path=path), hint)


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
        message = tr("{code!r} has no parent, but {top!r} is the top already", code=extra.code, top=tops[0].code)
        yield fault(extra, "two_tops", "parent", message, tr("name the parent of one of them; an index has one top"))
    if not tops and not unread:
        hint = tr("leave the parent of the highest row blank: it is the index itself")
        yield Finding(
            "error", "no_top", tr("no row is the top: every row has a parent"), CSV_NAME, None, "parent", None, hint
        )


def _levels(
    indicators: Sequence[Indicator], first: Mapping[str, Indicator], unread: Collection[str]
) -> Iterator[Finding]:
    parents = {indicator.parent for indicator in indicators}
    for indicator in indicators:
        parent = first.get(indicator.parent or "")
        if parent is not None and parent.level != indicator.level + 1:
            message = tr(
                "{code!r} is on level {level} but its parent {parent!r} on level {above}",
                code=indicator.code,
                level=indicator.level,
                parent=parent.code,
                above=parent.level,
            )
            yield fault(indicator, "level_skipped", "level", message, tr("a parent stands exactly one level higher"))
        if indicator.level > 1 and indicator.code not in parents and not unread:
            message = tr(
                "{code!r} is on level {level} but nothing is under it", code=indicator.code, level=indicator.level
            )
            yield fault(
                indicator, "no_children", "code", message, tr("give it indicators, or make it level 1 with a source")
            )
        if indicator.level == 1 and indicator.parent is None:
            message = tr("the top {code!r} is on level 1, where the indicators are", code=indicator.code)
            yield fault(indicator, "top_is_leaf", "level", message, tr("an index needs a top above its indicators"))


def _sources(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    for indicator in indicators:
        if indicator.level == 1 and indicator.source is None:
            message = tr("indicator {code!r} has no source", code=indicator.code)
            hint = tr("write metric:<id>, column:<name> or network:<measure>")
            yield fault(indicator, "no_source", "source", message, hint)
        if indicator.level > 1 and indicator.source is not None:
            message = tr(
                "{code!r} is made of its parts and cannot have the source {source}",
                code=indicator.code,
                source=indicator.source,
            )
            yield fault(
                indicator, "aggregate_with_source", "source", message, tr("leave the cell blank, or make it level 1")
            )
    # an amount and its share of something come from one source and are two things
    used = Counter(map(_values_of, indicators))
    for indicator in indicators:
        times = used[_values_of(indicator)]
        if indicator.source is not None and times > 1:
            message = tr(
                "{source} is the source of {times} indicators, so it counts {times} times",
                source=indicator.source,
                times=times,
            )
            yield Finding("warning", "source_twice", message, CSV_NAME, indicator.row, "source")


def _values_of(indicator: Indicator) -> tuple[object, ...]:
    """What an indicator's values are made of."""
    return indicator.source, indicator.denominator, indicator.own.transformation


def _numbers(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    for indicator in indicators:
        if indicator.direction not in (1, -1):
            message = tr("direction of {code!r} is {direction}", code=indicator.code, direction=indicator.direction)
            yield fault(
                indicator, "bad_direction", "direction", message, tr("write 1 (more is better) or -1 (less is better)")
            )
        elif indicator.direction == -1 and indicator.level > 1:
            message = tr(
                "direction of {code!r} is -1, but only indicators have a direction: it is made of parts",
                code=indicator.code,
            )
            hint = tr("write 1 here, and -1 for those of its indicators where less is better")
            yield fault(indicator, "bad_direction", "direction", message, hint)
        if not (math.isfinite(indicator.weight) and indicator.weight >= 0):
            message = tr("weight of {code!r} is {weight:g}", code=indicator.code, weight=indicator.weight)
            yield fault(
                indicator,
                "bad_weight",
                "weight",
                message,
                tr("a weight is a number above 0, or 0 for an indicator that is shown but does not count"),
            )
        parts = [part.weight for part in indicators if part.parent == indicator.code]
        if parts and indicator.weight > 0 and not any(parts):
            message = tr("all parts of {code!r} have the weight 0, so it has no score", code=indicator.code)
            yield fault(indicator, "bad_weight", "weight", message, tr("give one of them a weight above 0"))


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
            sentence = tr_later(
                "the weights of the {count} parts of {code!r} add up to {total:.10g}, not {weight:.10g}"
            )
            yield from _compare(sentence, parts, parent)


def _whole(indicators: Sequence[Indicator]) -> Iterator[Finding]:
    top = next((indicator for indicator in indicators if indicator.parent is None), None)
    leaves = [indicator.weight for indicator in indicators if indicator.level == 1]
    if top is not None and top.level > 2:
        sentence = tr_later("the {count} indicator weights add up to {total:.10g}, not {weight:.10g}")
        yield from _compare(sentence, leaves, top)


def _compare(sentence: str, parts: Sequence[float], whole: Indicator) -> Iterator[Finding]:
    total = math.fsum(parts)
    off = total - whole.weight
    if abs(off) <= EXACT:
        return
    figures = tr(sentence, count=len(parts), code=whole.code, total=total, weight=whole.weight)
    if abs(off) > TOLERATED + EXACT:
        hint = tr("rounding explains at most {tolerated}: correct a weight", tolerated=TOLERATED)
        message = tr("{figures} ({off:+.4g})", figures=figures, off=off)
        yield Finding("error", "weights_do_not_add_up", message, CSV_NAME, whole.row, "weight", None, hint)
    elif abs(off) > rounding([*parts, whole.weight]) + EXACT:
        message = tr("{figures} ({off:+.4g}, more than rounding explains): used as they are", figures=figures, off=off)
        yield Finding("warning", "weights_off", message, CSV_NAME, whole.row, "weight")
    else:
        yield Finding(
            "info",
            "weights_rounded",
            tr("{figures} ({off:+.4g}, rounding): used as published", figures=figures, off=off),
            CSV_NAME,
            whole.row,
            "weight",
        )
