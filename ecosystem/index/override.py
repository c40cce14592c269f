"""An index with some of its rules changed for one run, and a sentence for each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast, get_args

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index.rule_text import describe_scale
from ecosystem.index.rules import (
    AggregateMethod,
    Aggregation,
    Imputation,
    ImputeMethod,
    Normalisation,
    NormaliseMethod,
    Tiering,
    TierMethod,
    Treatment,
    TreatMethod,
    WeighBasis,
    WeighMethod,
    Weighting,
)
from ecosystem.index.spec import Index, Indicator

POSITIVE = ("gmean", "hmean", "genmean", "mpi")
"""The means that need scores above 0."""


def override(
    index: Index,
    *,
    normalise: str | None = None,
    aggregate: str | None = None,
    weights: str | None = None,
    treat: str | None = None,
    impute: str | None = None,
    tiers: str | None = None,
) -> Index:
    """The index with these methods in place of its own, each with its usual parameters; `overrides` says what changed.

    A normalisation that is changed together with a mean that needs positive scores takes a positive scale: minmax 1 to
    100, zscore with mean 100 and sd 10 (minmax 70 to 130 and the same zscore under `mpi`). UsageError names the nearest
    method.
    """
    changes = []
    if treat is not None:
        rule = Treatment(cast(TreatMethod, _known(treat, get_args(TreatMethod), "treatment")))
        changes.append(f"treatment: {index.treatment.method} -> {treat}")
        index = replace(index, treatment=rule)
    if impute is not None:
        method, _, group = impute.partition(":")
        known = cast(ImputeMethod, _known(method, get_args(ImputeMethod), "imputation"))
        if known.startswith("group") and not group:
            raise UsageError(f"{known} needs the column of the groups", hint=f"write it as {known}:COLUMN")
        changes.append(f"imputation: {index.imputation.method} -> {impute}")
        index = replace(index, imputation=Imputation(known, group or None))
    if aggregate is not None:
        mean = cast(AggregateMethod, _known(aggregate, get_args(AggregateMethod), "aggregation"))
        changes.append(f"aggregation: {_means(index.aggregation)} -> {mean}")
        index = replace(index, aggregation=Aggregation(mean, index.aggregation.weights))
    if normalise is not None:
        scale = _scale(normalise, index)
        changes.append(f"normalisation: {describe_scale(index.normalisation)} -> {describe_scale(scale)}")
        index = replace(index, normalisation=scale)
    if weights is not None:
        changes.append(f"weights: {index.weighting.method} -> {weights}")
        index = replace(index, weighting=_weighting(weights))
    if tiers is not None:
        changes.append(f"tiers: {'none' if index.tiers is None else index.tiers.method} -> {tiers}")
        index = replace(index, tiers=_tiers(tiers))
    return replace(index, overrides=(*index.overrides, *changes))


def with_weights(index: Index, shares: Mapping[str, float], source: str) -> Index:
    """The index with these shares of its indicators; a parent has the sum of its parts. UsageError for other codes."""
    codes = [leaf.code for leaf in index.leaves]
    for code in shares:
        if code not in codes:
            raise UsageError(f"{source} weighs {code!r}, which is no indicator", hint=did_you_mean(code, codes))
    lacking = [code for code in codes if code not in shares]
    if lacking:
        raise UsageError(f"{source} has no weight for {', '.join(lacking)}", hint="give a row to every indicator")
    whole = sum(shares.values())
    if min(shares.values()) < 0 or not whole > 0:
        raise UsageError(f"the weights of {source} are negative, or sum to zero", hint="a weight is a number from 0 up")
    own = {code: shares[code] / whole for code in codes}
    for level in range(2, index.depth + 1):
        for parent in index.at(level):
            own[parent.code] = sum(own[part.code] for part in index.at(level - 1) if part.parent == parent.code)
    rows = tuple(_weighed(row, own[row.code]) for row in index.indicators)
    change = f"weights: {index.weighting.method} -> {source}"
    return replace(index, indicators=rows, weighting=Weighting(), overrides=(*index.overrides, change))


def _weighed(row: Indicator, weight: float) -> Indicator:
    return replace(row, weight=weight, weight_source="assumed")


def _means(rule: Aggregation) -> str:
    return ", ".join(rule.by_level) or rule.method


def _scale(text: str, index: Index) -> Normalisation:
    """`zscore`, `prank`, `dist2ref:REGION`."""
    name, _, reference = text.partition(":")
    method = cast(NormaliseMethod, _known(name, get_args(NormaliseMethod), "normalisation"))
    if (method == "dist2ref") != bool(reference):
        raise UsageError(f"{text!r} is no normalisation", hint="a region is what dist2ref needs: dist2ref:REGION")
    means = index.aggregation.by_level or (index.aggregation.method,)
    positive = any(mean in POSITIVE for mean in means)
    if method == "zscore" and positive:
        return Normalisation(method, mean=100.0, sd=10.0)
    if method == "minmax" and positive:
        return Normalisation(method, 70.0, 130.0) if "mpi" in means else Normalisation(method, 1.0, 100.0)
    if method == "ampi":
        return Normalisation(method, 70.0, 130.0)
    return Normalisation(method, cap=method == "goalposts", reference=reference or None)


def _known(name: str, known: tuple[str, ...], noun: str) -> str:
    if name not in known:
        raise UsageError(f"there is no {noun} {name!r}", hint=did_you_mean(name, known))
    return name


def _weighting(text: str) -> Weighting:
    """`critic`, `entropy:scores`, `bod:values`."""
    method, _, basis = text.partition(":")
    known = cast(WeighMethod, _known(method, get_args(WeighMethod), "weighting"))
    if not basis:
        return Weighting(known)
    if known not in {"entropy", "bod"}:
        raise UsageError(f"{known} has no choice of what it looks at", hint="entropy and bod have: values or scores")
    return Weighting(known, on=cast(WeighBasis, _known(basis, get_args(WeighBasis), "basis of weights")))


def _tiers(text: str) -> Tiering:
    """`jenks:5`, `quantile:4`, `cuts:60,40,20`."""
    method, _, rest = text.partition(":")
    known = cast(TierMethod, _known(method, get_args(TierMethod), "way to make tiers"))
    try:
        numbers = tuple(float(cut) for cut in rest.split(","))
    except ValueError:
        numbers = ()
    if known == "cuts" and numbers and list(numbers) == sorted(set(numbers), reverse=True):
        return Tiering(known, len(numbers) + 1, numbers)
    if known != "cuts" and len(numbers) == 1 and numbers[0].is_integer() and numbers[0] >= 2:
        return Tiering(known, int(numbers[0]))
    raise UsageError(
        f"{text!r} says no tiers", hint="write jenks:5, quantile:4, kmeans:3, or cuts:60,40 (highest first)"
    )
