"""The rules of an index in words, each with the numbers that it has."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.index.rules import (
    Aggregation,
    Imputation,
    Missing,
    Normalisation,
    Screening,
    Tiering,
    Ties,
    Treatment,
    Weighting,
)
from ecosystem.index.spec import Index


def describe_rules(index: Index) -> Iterator[tuple[str, str]]:
    """The name of each rule and its words, in the order of the steps; those that the index does not take left out."""
    steps = {
        "screening": "" if index.screening is None else describe_screening(index.screening),
        "imputation": describe_imputation(index.imputation),
        "treatment": describe_treatment(index.treatment),
        "normalisation": describe_scale(index.normalisation),
        "weighting": describe_weighting(index.weighting),
        "aggregation": describe_aggregation(index.aggregation),
        "missing_rule": describe_missing(index.missing),
        "ties": describe_ties(index.ties),
        "tiers": "" if index.tiers is None else describe_tiers(index.tiers),
    }
    yield from ((name, words) for name, words in steps.items() if words)


def describe_screening(rule: Screening) -> str:
    """E.g. `at least 66.7% of the values, keep 110000`."""
    words = []
    if rule.availability is not None:
        words.append(f"at least {rule.availability:.1%} of the values")
    if rule.nonzero is not None:
        words.append(f"at least {rule.nonzero:.1%} of them not 0")
    words += [f"{verb} {', '.join(names)}" for verb, names in (("keep", rule.keep), ("drop", rule.drop)) if names]
    return ", ".join(words)


def describe_imputation(rule: Imputation) -> str:
    """E.g. `group_mean of kind`; nothing where nothing is imputed."""
    if rule.method == "none":
        return ""
    group = f" of {rule.group}" if rule.group else ""
    return rule.method + group + (f", at most {rule.reach} years back" if rule.reach else "")


def describe_treatment(rule: Treatment) -> str:
    """E.g. `winsorise, where |skewness| >= 2 and kurtosis >= 3.5, at most 5 points`; nothing for `none`."""
    if rule.method == "none":
        return ""
    words = [rule.method, f"where |skewness| >= {rule.skew:g} and kurtosis >= {rule.kurtosis:g}"]
    if rule.method.startswith("winsorise"):
        words.append(f"at most {rule.points} points")
    if rule.method in {"log", "winsorise_log"}:
        words.append(f"logarithm {rule.log}")
    if rule.method == "boxcox":
        words.append("the likeliest power" if rule.power is None else f"power {rule.power:g}")
    return ", ".join(words)


def describe_scale(rule: Normalisation) -> str:
    """E.g. `minmax 0-100`."""
    if rule.method in {"minmax", "ampi"}:
        return f"{rule.method} {rule.lower:g}-{rule.upper:g}"
    if rule.method == "zscore":
        return f"zscore with mean {rule.mean:g} and sd {rule.sd:g}"
    if rule.method in {"goalposts", "scaled"}:
        return f"{rule.method} to {rule.factor:g}"
    return f"{rule.method} from {rule.reference}" if rule.method == "dist2ref" else rule.method


def describe_weighting(rule: Weighting) -> str:
    """E.g. `bod, shares 0.1-0.4`; nothing for printed weights."""
    if rule.method == "printed":
        return ""
    bounds = f", shares {rule.lower:g}-{rule.upper:g}" if rule.method == "bod" else ""
    return rule.method + bounds + (f", on {rule.on}" if rule.on else "")


def describe_aggregation(rule: Aggregation) -> str:
    """E.g. `amean, local weights`, or the method of every level, the lowest first."""
    words = [*(rule.by_level or (rule.method,)), f"{rule.weights} weights"]
    used = rule.by_level or (rule.method,)
    if "genmean" in used:
        words.append(f"power {rule.power:g}")
    if "mpi" in used:
        words.append(f"penalty {'added' if rule.penalty > 0 else 'taken off'}")
    return ", ".join(words)


def describe_missing(rule: Missing) -> str:
    """E.g. `skip, at least 50% of the parts, coverage mark 0.5`."""
    least = f", at least {rule.least:.1%} of the parts" if rule.least else ""
    return f"{rule.rule}{least}, coverage mark {rule.coverage_mark:g}"


def describe_ties(rule: Ties) -> str:
    """E.g. `competition, tolerance 1e-09`."""
    return f"{rule.method}, tolerance {rule.tolerance:g}"


def describe_tiers(rule: Tiering) -> str:
    """E.g. `jenks, 5`, or the printed cut points."""
    return f"{rule.method}, {', '.join(f'{cut:g}' for cut in rule.cuts) or rule.count}"
