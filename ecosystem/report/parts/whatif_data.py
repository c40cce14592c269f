"""What the page needs to compute an index anew: prepared values, the tree with its weights, the rules to choose from.

`web/src/formulas` has the formulas of `index/steps`. The same numbers come from `ecosystem score` with the options that
the page shows, `--weights`, `--normalise` and `--aggregate`, and its `--out` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ecosystem.index import Index, IndexScores, Indicator
from ecosystem.index.override import override
from ecosystem.index.rules import Aggregation, Normalisation
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.grouping import groupings_of
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS, Normaliser
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.transform import along
from ecosystem.index.steps.weigh import WEIGHTINGS, FixedWeights, from_shares, weigh
from ecosystem.messages import listed, tr, tr_later
from ecosystem.report.json_values import Both, Json, numbers, said, word
from ecosystem.report.request import Request
from ecosystem.scoring import Scores

SCALES = {
    "minmax": tr_later("min-max"),
    "zscore": tr_later("z-score"),
    "rank": tr_later("rank from the bottom"),
    "borda": tr_later("Borda score"),
    "prank": tr_later("percentile rank"),
    "fracmax": tr_later("ratio to the best"),
    "dist2max": tr_later("distance to the best"),
    "dist2ref": tr_later("distance to a region"),
    "dist2target": tr_later("distance to the target"),
    "goalposts": tr_later("between goalposts"),
    "scaled": tr_later("between goalposts, without limits"),
    "ampi": tr_later("adjusted Mazziotta-Pareto scale"),
    "none": tr_later("no normalisation"),
}
"""Every normalisation that the page knows, with its plain name."""

MEANS = {
    "weighted_sum": tr_later("weighted sum"),
    "amean": tr_later("arithmetic mean"),
    "gmean": tr_later("geometric mean"),
    "hmean": tr_later("harmonic mean"),
    "genmean": tr_later("generalised mean"),
    "median": tr_later("median"),
    "copeland": tr_later("Copeland score"),
    "topsis": tr_later("TOPSIS"),
    "vikor": tr_later("VIKOR"),
    "promethee": tr_later("PROMETHEE II"),
    "mpi": tr_later("Mazziotta-Pareto index"),
    "sum": tr_later("sum"),
}
"""Every aggregation that the page knows, with its plain name."""

NUMBERS = ("target", "lower", "upper")
"""What an indicator may have that a normalisation reads."""

PAIRWISE = ("copeland", "promethee")
MANY = 1000
"""Aggregations that compare every two regions are offered up to so many regions: a slider must answer at once."""

STORE = ".ecosystem/graph.duckdb"
"""The store that a command uses where none is named."""


def whatif(request: Request) -> Json | None:
    """The data of the part; a reason alone where the index aggregates by a method that the page does not know."""
    scores = request.scores
    focus = request.regions[0] if request.regions else scores.standing.regions[0]
    return {**standing_model(scores.standing, focus), "command": command(scores)}


def standing_model(standing: IndexScores, focus: str) -> Json:
    """The model of one standing, from which the page gets the digits of `evaluate` under the rules that it offers."""
    index = standing.index
    unknown = _unknown(index)
    if unknown:
        return {
            "why": said(lambda: tr("The index uses {rules}, which the page cannot compute.", rules=listed(unknown)))
        }
    fixed = any(rule.method not in SCALES for rule in index.normalisations)
    return {
        **_values(standing, fixed),
        **_tree(standing, fixed),
        "missing": {"rule": index.missing.rule, "least": index.missing.least},
        "rescaling": asdict(index.rescaling),
        "ties": asdict(index.ties),
        "excluded": np.flatnonzero(standing.excluded).tolist(),
        **_choices(standing, focus, fixed),
        "reasons": {
            method.name: word(method.undefined)
            for table in (NORMALISATIONS, AGGREGATIONS)
            for method in table.by_name.values()
            if method.undefined
        },
    }


def _unknown(index: Index) -> list[str]:
    """The rules of an index without which the page cannot begin, by their names."""
    means = [*index.aggregation.methods, *(row.aggregation for row in index.indicators if row.aggregation)]
    found = [name for name in dict.fromkeys(means) if name not in MEANS]
    others = ((MISSING_RULES, index.missing.rule), (RESCALINGS, index.rescaling.method), (TIES, index.ties.method))
    return found + [name for table, name in others if name not in KNOWN[table.step]]


KNOWN = {
    MISSING_RULES.step: ("zero", "skip", "refuse"),
    RESCALINGS.step: ("none", "share_of_best", "share_of_mean", "minmax", "percentile"),
    TIES.step: ("competition", "modified", "dense"),
}
"""The other rules that the page knows, by step."""


def _values(standing: IndexScores, fixed: bool) -> Json:
    """The prepared values `[K][R]`, None where they are those of `core.raw`.

    `fixed`: where the page does not know a normalisation, the normalised ones, so that weights can be moved at least.
    """
    directions = np.array([leaf.direction for leaf in standing.index.leaves], dtype=np.float64)
    values = standing.normalised * directions if fixed else standing.prepared
    same = np.array_equal(values, standing.raw, equal_nan=True)
    return {"prepared": None if same else [numbers(column) for column in values.T]}


def _tree(standing: IndexScores, fixed: bool) -> Json:
    index = standing.index
    groupings = groupings_of(index)
    by_table = isinstance(WEIGHTINGS.find(index.weighting.method), FixedWeights)
    # weights from the data are not computed a second time: their levels are the sums of the shares
    weights = weigh(index, standing.prepared, groupings) if by_table else from_shares(standing.shares, groupings)
    parents = [by.parents.tolist() for by in groupings] + [[-1]]
    levels = zip(range(1, index.depth + 1), parents, strict=True)
    return {
        "tree": [
            [
                {"code": row.code, "parent": parent, "weight": row.weight, "aggregation": row.aggregation}
                for row, parent in zip(index.at(level), places, strict=True)
            ]
            for level, places in levels
        ],
        "leaves": _leaves(standing, fixed),
        "weights": {"levels": [numbers(own) for own in weights.levels], "shares": numbers(weights.shares)},
        "printed": index.weighting.method == "printed",
    }


def _leaves(standing: IndexScores, fixed: bool) -> list[Json]:
    """What only an indicator has: its direction, its target and goalposts on the scale of its prepared values."""
    leaves, regions = standing.index.leaves, standing.regions
    given = {name: numbers(_along(leaf, getattr(leaf, name)) for leaf in leaves) for name in NUMBERS}
    return [
        {
            "direction": leaf.direction,
            **{name: column[place] for name, column in given.items()},
            "own": None if leaf.own.normalisation is None or fixed else _scale(leaf.own.normalisation, regions),
        }
        for place, leaf in enumerate(leaves)
    ]


def _along(leaf: Indicator, number: float | None) -> float:
    return np.nan if number is None else along(leaf.own.transformation, number)


def _scale(rule: Normalisation, regions: tuple[str, ...]) -> Json:
    place = regions.index(rule.reference) if rule.reference in regions else None
    return {**asdict(rule), "reference": place}


def _choices(standing: IndexScores, focus: str, fixed: bool) -> Json:
    """The aggregations, each with the places of the normalisations that go with it; the index's own come first.

    A scale depends on the mean that it is changed together with, so every pair is asked of `override`.
    """
    index = standing.index
    scales: dict[tuple[str | None, Normalisation], int] = {}
    means = []
    for option in (None, *_means(standing)):
        spec = index if option is None else override(index, aggregate=option)
        if option is not None and spec.aggregation == index.aggregation:
            continue
        own = Normalisation("none") if fixed else index.normalisation
        pairs: list[tuple[str | None, Normalisation]] = [(None, own)]
        pairs += [(name, rule) for name, rule in _scales(spec, focus, fixed) if rule != index.normalisation]
        means.append(
            {
                "option": option,
                **_words(MEANS, spec.aggregation, option is None),
                "rule": {**asdict(spec.aggregation), "by_level": list(spec.aggregation.by_level)},
                "scales": [scales.setdefault(pair, len(scales)) for pair in pairs],
            }
        )
    few = len(standing.regions) <= MANY
    return {"few": few, "means": means, "scales": [_scale_choice(pair, standing, fixed) for pair in scales]}


def _means(standing: IndexScores) -> list[str]:
    """The aggregations that are offered; the generalised mean with its usual power is the arithmetic one."""
    few = len(standing.regions) <= MANY
    return [
        name for name in MEANS if name in AGGREGATIONS.by_name and name != "genmean" and (few or name not in PAIRWISE)
    ]


def _scales(index: Index, focus: str, fixed: bool) -> Iterator[tuple[str, Normalisation]]:
    """The normalisations that are offered under the aggregation of an index, as `--normalise` names them."""
    if fixed:
        return
    for name in SCALES:
        method = NORMALISATIONS.find(name)
        if _has_what_it_needs(index, method):
            option = f"{name}:{focus}" if "reference" in method.keys else name
            yield option, override(index, normalise=option).normalisation


def _has_what_it_needs(index: Index, method: Normaliser) -> bool:
    return all(getattr(leaf, name) is not None for name in method.needs for leaf in index.leaves)


def _scale_choice(pair: tuple[str | None, Normalisation], standing: IndexScores, fixed: bool) -> Json:
    option, rule = pair
    if fixed:
        own = standing.index.normalisation
        return {
            "option": None,
            "title": said(lambda: tr("as the index has it ({method})", method=own.method)),
            "formula": said(lambda: tr("the page cannot compute another one")),
            "rule": _scale(rule, standing.regions),
        }
    return {"option": option, **_scale_words(rule), "rule": _scale(rule, standing.regions)}


def _scale_words(rule: Normalisation) -> Json:
    method = NORMALISATIONS.find(rule.method)

    def title() -> str:
        name = tr("{name} ({code})", name=tr(SCALES[rule.method]), code=rule.method)
        return listed([name, *NORMALISATIONS.words([rule.method], rule)], " ")

    return {"title": said(title), "formula": _formula(method.en)}


def _words(names: dict[str, str], rule: Aggregation, own: bool) -> Json:
    methods = list(dict.fromkeys(rule.methods))

    def title() -> str:
        found = (tr("{name} ({code})", name=tr(names[name]), code=name) for name in methods)
        return listed([*found, *AGGREGATIONS.words(methods, rule)] if own else found)

    return {"title": said(title), "formula": _formula(AGGREGATIONS.find(methods[0]).en)}


def _formula(english: str) -> Both:
    """What a method gives, without the signs that set off the names of its parameters."""
    return {lang: text.replace("`", "") for lang, text in word(english).items()}


def command(scores: Scores, name: str = "score") -> list[str]:
    """The words of `ecosystem score`, or of another command, for these scores; files without their folders."""
    words = ["ecosystem", name, scores.index.id]
    if scores.level != next(iter(scores.index.levels)):
        words += ["--level", scores.level]
    for option, year in (("--since", scores.window.since), ("--until", scores.window.until)):
        words += [] if year is None else [option, str(year)]
    if scores.table is not None:
        words += ["--values", Path(scores.table.file).name]
    if scores.graph is not None and "://" not in scores.store and Path(scores.store) != Path(STORE):
        words += ["--store", Path(scores.store).name]
    return words
