"""An index with some of its rules changed for one run, and a sentence for each change."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index.rule_text import describe_scale
from ecosystem.index.rules import (
    Aggregation,
    Imputation,
    Normalisation,
    Rescaling,
    TierBasis,
    Tiering,
    Treatment,
    WeighBasis,
    Weighting,
)
from ecosystem.index.spec import Index, Indicator, Text
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.messages import said_in, tr, tr_later


def override(
    index: Index,
    *,
    normalise: str | None = None,
    aggregate: str | None = None,
    weights: str | None = None,
    treat: str | None = None,
    impute: str | None = None,
    tiers: str | None = None,
    on: str | None = None,
    rescale: str | None = None,
) -> Index:
    """The index with these methods in place of its own, each with its usual parameters; `overrides` says what changed.

    A method that gives the rule that the index has already changes nothing, and is not among them.

    An indicator keeps the rules of its own, and the sentence says which. A method is named as `name` or
    `name:argument`, e.g. `dist2ref:REGION`. A normalisation that is changed together with a mean that needs positive
    scores takes a positive scale: minmax 1 to 100, zscore with mean 100 and sd 10 (minmax 70 to 130 and the same zscore
    under `mpi`). `on` is what the clusters of `tiers="kmeans:5"` are made over: scores, pillars or indicators.
    UsageError names the nearest method.
    """
    if treat is not None:
        index = _with(index, "treatment", Treatment(TREATMENTS.chosen(treat)[0].name), treat)
    if impute is not None:
        method, group = IMPUTATIONS.chosen(impute)
        index = _with(index, "imputation", Imputation(method.name, group or None), impute)
    if aggregate is not None:
        mean = AGGREGATIONS.chosen(aggregate)[0].name
        index = _with(index, "aggregation", Aggregation(mean, index.aggregation.weights), mean)
    if normalise is not None:
        # after the aggregation, which may need a positive scale
        index = _with(index, "normalisation", _scale(normalise, index.aggregation), normalise)
    if weights is not None:
        index = _with(index, "weighting", _weighting(weights), weights)
    if rescale is not None:
        index = _with(index, "rescaling", _rescaling(rescale), rescale)
    if tiers is not None or on is not None:
        rule = _on(index.tiers if tiers is None else _tiers(tiers), on)
        words = tiers or rule.method
        index = _with(index, "tiers", rule, words if on is None else tr("{tiers} on {on}", tiers=words, on=on))
    return index


Rule = Treatment | Imputation | Aggregation | Normalisation | Weighting | Tiering | Rescaling
_CHANGES = {
    "treatment": tr_later("treatment: {before} -> {after}"),
    "imputation": tr_later("imputation: {before} -> {after}"),
    "aggregation": tr_later("aggregation: {before} -> {after}"),
    "normalisation": tr_later("normalisation: {before} -> {after}"),
    "weighting": tr_later("weights: {before} -> {after}"),
    "rescaling": tr_later("last step: {before} -> {after}"),
    "tiers": tr_later("tiers: {before} -> {after}"),
}


def _with(index: Index, step: str, rule: Rule, chosen: str) -> Index:
    """The index with the rule of a step, and the sentence that says so; as it is where it has that rule already."""
    old: Rule | None = getattr(index, step)
    if rule == old:
        return index

    def sentence() -> str:
        change = tr(_CHANGES[step], before=_words(old, None), after=_words(rule, chosen))
        own = [leaf.code for leaf in index.leaves if getattr(leaf.own, step, None) is not None]
        return (
            tr("{change} (but for {codes}, by rules of their own)", change=change, codes=", ".join(own))
            if own
            else change
        )

    named: dict[str, Any] = {step: rule}
    return replace(index, **named, changes=(*index.changes, _in_both(sentence)))


def _words(rule: Rule | None, chosen: str | None) -> str:
    """A rule in a few words: a scale with its numbers, any other as somebody chose it, else by its method."""
    if isinstance(rule, Normalisation):
        return describe_scale(rule)
    if chosen is not None or rule is None:
        return chosen or tr("none")
    return ", ".join(rule.methods) if isinstance(rule, Aggregation) else rule.method


def _in_both(make: Callable[[], str]) -> Text:
    return Text(said_in("zh", make), said_in("en", make))


def with_weights(index: Index, shares: Mapping[str, float], source: str) -> Index:
    """The index with these weights of its parts. UsageError for other codes.

    Weights of all indicators and of nothing else are shares of the whole index; a parent has the sum of its parts.
    Where parents have weights too, those under one parent stand against each other, and the weight of a part in the
    whole is the product down the hierarchy; parts of a parent that have none keep theirs. It is the same index where
    these are the weights that it has.
    """
    codes = [part.code for part in index.indicators]
    for code in shares:
        if code not in codes:
            raise UsageError(
                tr("{source} has a weight for {code!r}, which is not a part of the index", source=source, code=code),
                hint=did_you_mean(code, codes),
            )
    if not shares or min(shares.values()) < 0 or not sum(shares.values()) > 0:
        raise UsageError(
            tr("the weights of {source} are negative, or add up to 0", source=source),
            hint=tr("a weight is a number of at least 0"),
        )
    leaves = {leaf.code for leaf in index.leaves}
    own = _of_leaves(index, shares, source) if shares.keys() <= leaves else _of_parts(index, shares, source)
    rows = tuple(_weighed(row, own[row.code]) for row in index.indicators)
    same = index.weighting == Weighting() and [row.weight for row in rows] == [row.weight for row in index.indicators]
    if same:
        return index
    change = _in_both(lambda: tr(_CHANGES["weighting"], before=index.weighting.method, after=source))
    return replace(index, indicators=rows, weighting=Weighting(), changes=(*index.changes, change))


def _of_leaves(index: Index, shares: Mapping[str, float], source: str) -> dict[str, float]:
    """The weight of every part, where the indicators have these."""
    codes = [leaf.code for leaf in index.leaves]
    lacking = [code for code in codes if code not in shares]
    if lacking:
        raise UsageError(
            tr("{source} has no weight for {lacking}", source=source, lacking=", ".join(lacking)),
            hint=tr("give a row to every indicator"),
        )
    whole = sum(shares.values())
    own = {code: shares[code] / whole for code in codes}
    for level in range(2, index.depth + 1):
        for parent in index.at(level):
            own[parent.code] = sum(own[part.code] for part in index.at(level - 1) if part.parent == parent.code)
    return own


def _of_parts(index: Index, shares: Mapping[str, float], source: str) -> dict[str, float]:
    """The weight of every part as the product down the hierarchy, where some parents have these."""
    own = {index.top.code: 1.0}
    for level in range(index.depth, 1, -1):
        for parent in index.at(level):
            parts = [part for part in index.at(level - 1) if part.parent == parent.code]
            lacking = [part.code for part in parts if part.code not in shares]
            given = len(lacking) < len(parts)
            if lacking and given:
                message = tr("{source} has no weight for {lacking}", source=source, lacking=", ".join(lacking))
                raise UsageError(
                    message, hint=tr("give a row to every part of {parent}, or to none", parent=parent.code)
                )
            local = [shares[part.code] if given else part.weight for part in parts]
            if not sum(local) > 0 and own[parent.code] > 0:
                message = tr(
                    "the weights of the parts of {parent} in {source} add up to 0", parent=parent.code, source=source
                )
                raise UsageError(message, hint=tr("give one of them a weight above 0"))
            for part, weight in zip(parts, local, strict=True):
                own[part.code] = own[parent.code] * weight / (sum(local) or 1.0)
    return own


def _weighed(row: Indicator, weight: float) -> Indicator:
    return replace(row, weight=weight, weight_source="assumed")


def _scale(text: str, aggregation: Aggregation) -> Normalisation:
    """`zscore`, `prank`, `dist2ref:REGION`."""
    method, reference = NORMALISATIONS.chosen(text)
    rule = method.rule()
    # in the order of the table, so that the scale of `mpi` wins over that of other means at other levels
    for mean in AGGREGATIONS.by_name.values():
        if mean.name in aggregation.methods:
            rule = mean.scales.get(method.name, rule)
    return replace(rule, reference=reference or None)


def _weighting(text: str) -> Weighting:
    """`critic`, `entropy:scores`, `bod:values`."""
    method, basis = WEIGHTINGS.chosen(text)
    known = get_args(WeighBasis)
    if basis and basis not in known:
        raise UsageError(tr("unknown basis of weights {basis!r}", basis=basis), hint=did_you_mean(basis, known))
    return Weighting(method.name, on=cast(WeighBasis, basis) if basis else None)


def _rescaling(text: str) -> Rescaling:
    """`share_of_best`, `share_of_best:100`, `share_of_mean:100`, `minmax:0,100`, `percentile`, `none`."""
    method, argument = RESCALINGS.chosen(text)
    if not argument:
        return Rescaling(method.name)
    try:
        numbers = [float(part) for part in argument.split(",")]
    except ValueError:
        numbers = []
    if "range" in method.keys and len(numbers) == 2 and -math.inf < numbers[0] < numbers[1] < math.inf:
        return Rescaling(method.name, lower=numbers[0], upper=numbers[1])
    if "range" not in method.keys and len(numbers) == 1 and 0 < numbers[0] < math.inf:
        plain = Rescaling(method.name)
        return replace(plain, best=numbers[0]) if "best" in method.keys else replace(plain, mean=numbers[0])
    hint = tr("write share_of_best:100, share_of_mean:100 or minmax:0,100")
    raise UsageError(tr("{text!r} is not a last step", text=text), hint=hint)


def _tiers(text: str) -> Tiering:
    """`jenks:5`, `quantile:4`, `cuts:60,40,20`."""
    method, argument = TIERS.chosen(text)
    try:
        numbers = tuple(float(cut) for cut in argument.split(","))
    except ValueError:
        numbers = ()
    if "cuts" in method.keys and numbers and list(numbers) == sorted(set(numbers), reverse=True):
        return Tiering(method.name, len(numbers) + 1, numbers)
    if "count" in method.keys and len(numbers) == 1 and numbers[0].is_integer() and numbers[0] >= 2:
        return Tiering(method.name, int(numbers[0]))
    hint = tr("write jenks:5, quantile:4, kmeans:3, or cuts:60,40 (highest first)")
    raise UsageError(tr("{text!r} is not a way to make tiers", text=text), hint=hint)


def _on(rule: Tiering | None, on: str | None) -> Tiering:
    """The rule of tiers on another basis. UsageError for an unknown one, and where the tiers are no clusters."""
    known = get_args(TierBasis)
    if on is not None and on not in known:
        raise UsageError(tr("unknown basis of tiers {basis!r}", basis=on), hint=did_you_mean(on, known))
    if rule is None or (on is not None and "on" not in TIERS.find(rule.method).keys):
        message = tr("--on says what the clusters of kmeans are made over")
        raise UsageError(message, hint=tr("add --tiers kmeans:5, or leave --on out"))
    return rule if on is None else replace(rule, on=cast(TierBasis, on))
