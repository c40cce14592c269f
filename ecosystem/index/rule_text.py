"""The rules of an index in words, each with the numbers that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ecosystem.index.rules import (
    Aggregation,
    Imputation,
    Missing,
    Normalisation,
    OwnRules,
    Rescaling,
    Screening,
    Tiering,
    Ties,
    Transformation,
    Treatment,
    Weighting,
)
from ecosystem.index.spec import Index
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS, DataShares
from ecosystem.messages import listed, tr, tr_later


def describe_rules(index: Index) -> Iterator[tuple[str, str]]:
    """The name of each rule and its words, in the order of the steps; those that the index does not take left out."""
    steps = {
        "screening": "" if index.screening is None else describe_screening(index.screening),
        "imputation": describe_imputation(index.imputation),
        "treatment": describe_treatment(index.treatment),
        "normalisation": describe_scale(index.normalisation),
        "own_rules": describe_own_rules(index),
        "weighting": describe_weighting(index.weighting),
        "aggregation": describe_aggregations(index),
        "missing_rule": describe_missing(index.missing),
        "rescaling": describe_rescaling(index.rescaling) if index.rescales else "",
        "ties": describe_ties(index.ties),
        "tiers": "" if index.tiers is None else describe_tiers(index.tiers),
    }
    yield from ((name, words) for name, words in steps.items() if words)


def describe_screening(rule: Screening) -> str:
    """E.g. `at least 66.7% of the values, keep 110000`."""
    words = []
    if rule.availability is not None:
        words.append(tr("at least {availability:.1%} of the values", availability=rule.availability))
    if rule.nonzero is not None:
        words.append(tr("at least {nonzero:.1%} of them not 0", nonzero=rule.nonzero))
    if rule.by_pillar is not None:
        words.append(tr("at least {by_pillar:.1%} of the values of every pillar", by_pillar=rule.by_pillar))
    if rule.keep:
        words.append(tr("keep {regions}", regions=", ".join(rule.keep)))
    if rule.drop:
        words.append(tr("drop {regions}", regions=", ".join(rule.drop)))
    return listed(words)


def describe_imputation(rule: Imputation) -> str:
    """E.g. `group_mean of kind`; nothing where nothing is imputed."""
    if rule.method == "none":
        return ""
    name = IMPUTATIONS.find(rule.method).title
    if rule.group:
        name = tr("{method} of {group}", method=name, group=rule.group)
    return listed([name, *IMPUTATIONS.words([rule.method], rule)])


def describe_treatment(rule: Treatment) -> str:
    """E.g. `winsorise, where |skewness| >= 2 and kurtosis >= 3.5, at most 5 points`; nothing for `none`."""
    test = (
        tr("where |skewness| >= {skew:g} and kurtosis >= {kurtosis:g}", skew=rule.skew, kurtosis=rule.kurtosis)
        if not rule.force
        else tr("every column, whether it has outliers or not")
    )
    words = listed([TREATMENTS.find(rule.method).title, test, *TREATMENTS.words([rule.method], rule)])
    return "" if rule.method == "none" else words


def describe_scale(rule: Normalisation) -> str:
    """E.g. `minmax 0-100`."""
    return listed([NORMALISATIONS.find(rule.method).title, *NORMALISATIONS.words([rule.method], rule)], " ")


def describe_transformation(rule: Transformation) -> str:
    """E.g. `per_capita by people per 1000`."""
    return listed([TRANSFORMATIONS.find(rule.method).title, *TRANSFORMATIONS.words([rule.method], rule)], " ")


def describe_own_rules(index: Index) -> str:
    """The own rules of every indicator that has some."""
    words = {leaf.code: describe_own(leaf.own) for leaf in index.leaves}
    return listed((tr("{code}: {rule}", code=code, rule=text) for code, text in words.items() if text), "; ")


def describe_own(rules: OwnRules) -> str:
    """An indicator's own rules, e.g. `transformation ln, normalisation goalposts to 1`; nothing where it has none."""
    words = []
    if rules.transformation:
        made = listed(map(describe_transformation, rules.transformation), ", then ")
        words.append(tr("transformation {rule}", rule=made))
    if rules.imputation is not None:
        words.append(tr("imputation {rule}", rule=describe_imputation(rules.imputation) or tr("none")))
    if rules.treatment is not None:
        words.append(tr("treatment {rule}", rule=describe_treatment(rules.treatment) or tr("none")))
    if rules.normalisation is not None:
        words.append(tr("normalisation {rule}", rule=describe_scale(rules.normalisation)))
    return listed(words)


def describe_weighting(rule: Weighting) -> str:
    """E.g. `bod, shares 0.1-0.4`; nothing for the weights of the index itself."""
    words = listed([WEIGHTINGS.find(rule.method).title, *WEIGHTINGS.words([rule.method], rule)])
    return "" if rule.method == "printed" else words


def describe_weighing(method: str, data: DataShares | None, years: Sequence[int] = ()) -> Iterator[str]:
    """What weights from data rest on, a sentence for each year where each has weights of its own."""
    if data is None or data.complete is None:
        return
    none = np.zeros_like(data.complete)
    counts = zip(data.complete.ravel(), (none if data.ambiguous is None else data.ambiguous).ravel(), strict=True)
    pairs = bool(years) and not data.complete.ndim
    for at, (complete, ambiguous) in enumerate(counts):
        year = years[at] if years and data.complete.ndim else None
        numbers = {"method": method, "count": complete, "ambiguous": ambiguous, "year": year}
        yield tr(_RESTS_ON[pairs, year is not None], **numbers)
        if ambiguous:
            yield tr(_AMBIGUOUS[pairs, year is not None], **numbers)


_RESTS_ON = {
    (False, False): tr_later("{method} weights are based on the {count} regions that have every value"),
    (False, True): tr_later("{method} weights of {year} are based on the {count} regions that have every value"),
    (True, False): tr_later("{method} weights are based on the {count} pairs of region and year that have every value"),
}
_AMBIGUOUS = {
    (False, False): tr_later(
        "{method} weights: {ambiguous} of {count} regions have no unique best shares, so the most even ones are used"
    ),
    (False, True): tr_later(
        "{method} weights of {year}: {ambiguous} of {count} regions have no unique best shares, "
        "so the most even ones are used"
    ),
    (True, False): tr_later(
        "{method} weights: {ambiguous} of {count} pairs of region and year have no unique best shares, "
        "so the most even ones are used"
    ),
}
"""By whether pairs of region and year are counted, and whether each year has weights of its own."""


def describe_aggregations(index: Index) -> str:
    """The aggregation of the index, and the methods of the rows that have their own."""
    own = (row for row in index.indicators if row.aggregation is not None)
    words = [tr("{code} by {method}", code=row.code, method=row.aggregation) for row in own]
    return listed([describe_aggregation(index.aggregation), *words])


def describe_aggregation(rule: Aggregation) -> str:
    """E.g. `amean, local weights`, or the method of every level, the lowest first."""
    weights = tr("global weights") if rule.weights == "global" else tr("local weights")
    return listed([*AGGREGATIONS.titles(rule.methods), weights, *AGGREGATIONS.words(rule.methods, rule)])


def describe_missing(rule: Missing) -> str:
    """E.g. `skip, at least 50% of the parts, low coverage below 0.5`."""
    mark = tr("low coverage below {share:g}", share=rule.coverage_mark)
    return listed([MISSING_RULES.find(rule.rule).title, *MISSING_RULES.words([rule.rule], rule), mark])


def describe_ties(rule: Ties) -> str:
    """E.g. `competition, tolerance 1e-09`."""
    tolerance = tr("tolerance {tolerance:g}", tolerance=rule.tolerance)
    return listed([TIES.find(rule.method).title, tolerance, *TIES.words([rule.method], rule)])


def describe_rescaling(rule: Rescaling) -> str:
    """E.g. `share_of_best the best has 1`."""
    return listed([RESCALINGS.find(rule.method).title, *RESCALINGS.words([rule.method], rule)])


def describe_tiers(rule: Tiering) -> str:
    """E.g. `jenks, 5`, or the given cut points."""
    return listed([TIERS.find(rule.method).title, *TIERS.words([rule.method], rule)])
