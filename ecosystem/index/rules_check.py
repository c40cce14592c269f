"""Whether the rules of an index fit its hierarchy and its indicators."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.records import Index
from ecosystem.index.spec import TOML_NAME
from ecosystem.index.structure import fault

NEEDS = {"dist2target": ("target",), "goalposts": ("lower", "upper"), "scaled": ("lower", "upper")}
"""The cells of the indicator table that a normalisation needs."""

POSITIVE = {"gmean": "geometric", "hmean": "harmonic"}


def check_rules(index: Index) -> Iterator[Finding]:
    """Every rule that asks for what the index has not, or that cannot work with another."""
    yield from _levels(index)
    yield from _parameters(index)
    yield from _means(index)
    yield from _names(index)


def _levels(index: Index) -> Iterator[Finding]:
    given, wanted = len(index.aggregation.by_level), index.depth - 1
    if given and given != wanted:
        message = f"by_level names {given} methods for {wanted} levels above the indicators"
        yield _error("by_level", message, "aggregation.by_level", "name one for level 2, 3, ... up to the top")


def _parameters(index: Index) -> Iterator[Finding]:
    for leaf in index.leaves:
        for name in NEEDS.get(index.normalisation.method, ()):
            if getattr(leaf, name) is None:
                message = f"{index.normalisation.method} needs the {name} of {leaf.code!r}"
                hint = f"fill the column {name!r}, in the unit of the indicator"
                yield fault(leaf, "missing_parameter", name, message, hint)
        if leaf.lower is not None and leaf.upper is not None and leaf.lower >= leaf.upper:
            message = f"the goalposts of {leaf.code!r} are {leaf.lower:g} and {leaf.upper:g}"
            hint = "lower is the smaller number, whatever the direction"
            yield fault(leaf, "bad_goalposts", "upper", message, hint)


def _means(index: Index) -> Iterator[Finding]:
    """Means that need scores above 0, on a scale that begins there."""
    rule = index.normalisation
    used = {index.aggregation.at(level) for level in range(2, index.depth + 1)}
    zero = rule.method in {"dist2max", "borda", "prank"} or (rule.method == "minmax" and rule.lower <= 0)
    for method in sorted(used & set(POSITIVE)):
        if zero or index.missing.rule == "zero":
            reason = "gives the worst region 0" if zero else "is joined by a missing value that scores 0"
            message = f"the {POSITIVE[method]} mean needs scores above 0, and {rule.method} {reason}"
            hint = 'range = [1, 100] under minmax, and rule = "skip" for what is missing'
            yield Finding("warning", "mean_of_zero", message, TOML_NAME, None, "aggregation.method", None, hint)


def _names(index: Index) -> Iterator[Finding]:
    ranked = {region for level in index.levels.values() for region in level.regions}
    named = [("normalisation.reference", index.normalisation.reference)]
    if index.screening is not None:
        named += [("screening", region) for region in (*index.screening.keep, *index.screening.drop)]
    for place, region in named:
        if region is not None and region not in ranked:
            message = f"region {region!r} is not ranked"
            yield _error("unknown_region", message, place, did_you_mean(region, ranked))


def _error(code: str, message: str, place: str, hint: str) -> Finding:
    return Finding("error", code, message, TOML_NAME, None, place, None, hint)
