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
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS, DataShares
from ecosystem.messages import tr


def describe_rules(index: Index) -> Iterator[tuple[str, str]]:
    """The name of each rule and its words, in the order of the steps; those that the index does not take left out."""
    steps = {
        "screening": "" if index.screening is None else describe_screening(index.screening),
        "imputation": describe_imputation(index.imputation),
        "treatment": describe_treatment(index.treatment),
        "normalisation": describe_scale(index.normalisation),
        "own_rules": "; ".join(f"{leaf.code}: {words}" for leaf in index.leaves if (words := describe_own(leaf.own))),
        "weighting": describe_weighting(index.weighting),
        "aggregation": describe_aggregation(index.aggregation)
        + "".join(f", {row.code} by {row.aggregation}" for row in index.indicators if row.aggregation is not None),
        "missing_rule": describe_missing(index.missing),
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
    words += [f"{verb} {', '.join(names)}" for verb, names in (("keep", rule.keep), ("drop", rule.drop)) if names]
    return ", ".join(words)


def describe_imputation(rule: Imputation) -> str:
    """E.g. `group_mean of kind`; nothing where nothing is imputed."""
    words = "".join([rule.method, *IMPUTATIONS.words([rule.method], rule)])
    return "" if rule.method == "none" else words


def describe_treatment(rule: Treatment) -> str:
    """E.g. `winsorise, where |skewness| >= 2 and kurtosis >= 3.5, at most 5 points`; nothing for `none`."""
    test = (
        tr("where |skewness| >= {skew:g} and kurtosis >= {kurtosis:g}", skew=rule.skew, kurtosis=rule.kurtosis)
        if not rule.force
        else "forced"
    )
    words = ", ".join([rule.method, test, *TREATMENTS.words([rule.method], rule)])
    return "" if rule.method == "none" else words


def describe_scale(rule: Normalisation) -> str:
    """E.g. `minmax 0-100`."""
    return " ".join([rule.method, *NORMALISATIONS.words([rule.method], rule)])


def describe_transformation(rule: Transformation) -> str:
    """E.g. `per_capita by people per 1000`."""
    return " ".join([rule.method, *TRANSFORMATIONS.words([rule.method], rule)])


def describe_own(rules: OwnRules) -> str:
    """An indicator's own rules, e.g. `transformation ln, normalisation goalposts to 1`; nothing where it has none."""
    named = {
        "transformation": ", then ".join(map(describe_transformation, rules.transformation)),
        "imputation": "" if rules.imputation is None else describe_imputation(rules.imputation) or "none",
        "treatment": "" if rules.treatment is None else describe_treatment(rules.treatment) or "none",
        "normalisation": "" if rules.normalisation is None else describe_scale(rules.normalisation),
    }
    return ", ".join(f"{name} {text}" for name, text in named.items() if text)


def describe_weighting(rule: Weighting) -> str:
    """E.g. `bod, shares 0.1-0.4`; nothing for printed weights."""
    words = ", ".join([rule.method, *WEIGHTINGS.words([rule.method], rule)])
    return "" if rule.method == "printed" else words


def describe_weighing(method: str, data: DataShares | None, years: Sequence[int] = ()) -> Iterator[str]:
    """What weights from data rest on, a sentence for each year where each has weights of its own."""
    if data is None or data.complete is None:
        return
    none = np.zeros_like(data.complete)
    counts = zip(data.complete.ravel(), (none if data.ambiguous is None else data.ambiguous).ravel(), strict=True)
    noun = tr("pairs of region and year") if years and not data.complete.ndim else "regions"
    for at, (complete, ambiguous) in enumerate(counts):
        when = f" of {years[at]}" if years and data.complete.ndim else ""
        yield tr(
            "{method} weights{when} rest on {complete} {noun}, those with every value",
            method=method,
            when=when,
            complete=complete,
            noun=noun,
        )
        if ambiguous:
            yield (
                tr(
                    "{method} weights{when}: {ambiguous} of {complete} {noun} have no unique optimum; their "
                    "most even shares are taken",
                    method=method,
                    when=when,
                    ambiguous=ambiguous,
                    complete=complete,
                    noun=noun,
                )
            )


def describe_aggregation(rule: Aggregation) -> str:
    """E.g. `amean, local weights`, or the method of every level, the lowest first."""
    return ", ".join([*rule.methods, f"{rule.weights} weights", *AGGREGATIONS.words(rule.methods, rule)])


def describe_missing(rule: Missing) -> str:
    """E.g. `skip, at least 50% of the parts, coverage mark 0.5`."""
    words = [
        rule.rule,
        *MISSING_RULES.words([rule.rule], rule),
        tr("coverage mark {coverage_mark:g}", coverage_mark=rule.coverage_mark),
    ]
    return ", ".join(words)


def describe_ties(rule: Ties) -> str:
    """E.g. `competition, tolerance 1e-09`."""
    return ", ".join([rule.method, f"tolerance {rule.tolerance:g}", *TIES.words([rule.method], rule)])


def describe_tiers(rule: Tiering) -> str:
    """E.g. `jenks, 5`, or the printed cut points."""
    return ", ".join([rule.method, *TIERS.words([rule.method], rule)])
