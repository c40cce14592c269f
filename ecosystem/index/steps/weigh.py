"""The weights of an index at every level of its hierarchy, each indicator's share, and the methods that make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.rules import WeighBasis, Weighting
from ecosystem.index.spec import Index
from ecosystem.index.steps.bod import Benefit, benefit_of_the_doubt
from ecosystem.index.steps.data_weights import critic_weights, entropy_weights, first_component_weights, pca_weights
from ecosystem.index.steps.grouping import Grouping, sum_levels, sum_parts
from ecosystem.index.steps.scale_formulas import minmax
from ecosystem.messages import tr


@dataclass(frozen=True, slots=True, eq=False)
class DataShares:
    """Shares `(..., indicators)` that values give, and what they rest on, for each matrix `(...)`.

    `complete`: how many regions have every value, where the others do not count, else None. `ambiguous`: in how many of
    those other shares would have done as well, None where the method has no such case.
    """

    shares: FloatArray
    complete: IntArray | None = None
    ambiguous: IntArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of the parts `(..., n)` at level 1, 2, ... under the top, and the indicators' shares `(..., indicators)`.

    Only the proportions among siblings count, but for `weighted_sum`, where the shares themselves are the weights.
    `data` is what the values gave, None where the weights do not come from them.
    """

    levels: tuple[FloatArray, ...]
    shares: FloatArray
    data: DataShares | None = None


def weigh(
    index: Index, prepared: FloatArray, groupings: Sequence[Grouping], given: FloatArray | None = None
) -> Weights:
    """The weights of an index: `given` shares `(..., indicators)`, or those that its own rule makes."""
    if given is not None:
        return from_shares(checked_shares(np.asarray(given, dtype=np.float64), len(index.leaves)), groupings)
    method = WEIGHTINGS.find(index.weighting.method)
    if isinstance(method, FixedWeights):
        return method.function(index, groupings)
    directions = np.array([float(leaf.direction) for leaf in index.leaves])
    _refuse_unweighable(index, method, prepared, directions)
    found = method.function(prepared, directions, index.weighting)
    return replace(from_shares(found.shares, groupings), data=found)


def _refuse_unweighable(index: Index, method: DataWeights, prepared: FloatArray, directions: FloatArray) -> None:
    """Raise InputError with every indicator whose values, taken as they are, give no weights."""
    if method.looks_at(index.weighting) == "scores":
        return
    least = np.fmin.reduce(prepared.reshape(-1, prepared.shape[-1]), axis=0)
    findings = [
        Finding(
            "error",
            "negative",
            tr(
                "{code!r} has the value {low:g}, and {method} cannot weigh negative values",
                code=leaf.code,
                low=low,
                method=method.name,
            ),
        )
        for leaf, low in zip(index.leaves, least, strict=True)
        if low < 0
    ]
    if method.rewards:
        findings += [
            Finding(
                "error",
                "direction",
                tr("less of {code!r} is better, but its weight would reward more", code=leaf.code),
            )
            for leaf, way in zip(index.leaves, directions, strict=True)
            if way < 0
        ]
    if findings:
        hint = tr(
            'weigh min-max scores: --on scores, --weights {name}:scores, or on = "scores" in [weighting]',
            name=method.name,
        )
        raise InputError(
            tr("{name} cannot weigh these values as they are", name=method.name), hint=hint, findings=findings
        )


def checked_shares(shares: FloatArray, count: int) -> FloatArray:
    """Shares `(..., indicators)` as they are; InputError where one is negative or they sum to zero."""
    if shares.shape[-1:] != (count,):
        raise ValueError(f"weights of shape {shares.shape} for {count} indicators")
    if not (np.isfinite(shares).all() and (shares >= 0).all()):
        raise InputError(tr("weights must not be negative"), hint=tr("a weight is a number of at least 0"))
    if not (shares.sum(axis=-1) > 0).all():
        raise InputError(tr("all weights are 0"), hint=tr("give at least one indicator a weight above 0"))
    return shares


def data_weights(values: FloatArray, directions: FloatArray, rule: Weighting) -> FloatArray:
    """Shares `(..., indicators)` that the data give, from values `(..., regions, indicators)` before normalisation.

    `entropy` looks at the values as they are, the others at min-max scores with the directions in them: on 0 to 1, and
    `bod` on 1 to 100, since a score of 0 can bring no share; `rule.on` turns either round. `bod` gives the mean of the
    regions' shares. Regions with a missing value do not count for `pca`, `pc1` and `bod`.
    """
    method = WEIGHTINGS.find(rule.method)
    if not isinstance(method, DataWeights):
        raise UsageError(
            tr("{method} weights do not come from the data", method=rule.method),
            hint=tr("use entropy, critic, pca, pc1 or bod"),
        )
    return method.function(values, directions, rule).shares


def bod_weights(values: FloatArray, directions: FloatArray, rule: Weighting) -> Benefit:
    """The benefit of the doubt of `(regions, indicators)` without gaps, on what `rule.on` says.

    A constant column has the weight 0 among scores; among values as they are, all columns count, as in Compind.
    InputError for the values as they are where less is better of one: their weights would reward it.
    """
    if not len(values):
        hint = tr("impute the missing values first, or leave an indicator out")
        raise InputError(tr("benefit of the doubt needs at least one region that has every value"), hint=hint)
    if rule.on != "values":
        scaled = minmax(values, directions, 1.0, 100.0)
        return _without_constants(scaled.values, scaled.constant, rule)
    if (directions < 0).any():
        columns = ", ".join(str(at + 1) for at in np.flatnonzero(directions < 0))
        message = tr("benefit of the doubt would reward more where less is better: columns {columns}", columns=columns)
        raise InputError(message, hint=tr("weigh min-max scores, which take the directions into account"))
    return benefit_of_the_doubt(values, rule.lower, rule.upper)


def _without_constants(scores: FloatArray, constant: BoolArray, rule: Weighting) -> Benefit:
    """The benefit of the doubt of the columns that order the regions; the others have the weight 0."""
    used = np.flatnonzero(~constant)
    if not len(used):
        hint = tr("give weights of your own")
        raise InputError(tr("every column is constant, so no weights can be found"), hint=hint)
    found = benefit_of_the_doubt(scores[:, used], rule.lower, rule.upper)
    weights, shares = np.zeros(scores.shape), np.zeros(scores.shape)
    weights[:, used], shares[:, used] = found.weights, found.shares
    return Benefit(found.scores, weights, shares, found.ambiguous)


def from_shares(shares: FloatArray, groupings: Sequence[Grouping]) -> Weights:
    """Weights whose parents have the sum of their parts."""
    return Weights((shares, *sum_levels(shares, groupings[:-1])), shares)


def _shares(levels: Sequence[FloatArray], groupings: Sequence[Grouping]) -> FloatArray:
    """The indicators' shares of the whole: at each level the weight over the sum of the siblings', multiplied down."""
    share: FloatArray = np.ones(1)
    for own, by in zip(reversed(levels), reversed(groupings), strict=True):
        whole = sum_parts(own, by)
        # where all parts weigh nothing, their parent does
        share = own / np.where(whole > 0, whole, 1.0)[..., by.parents] * share[..., by.parents]
    return share


def _printed(index: Index, groupings: Sequence[Grouping]) -> Weights:
    levels = tuple(np.array([row.weight for row in index.at(level)]) for level in range(1, index.depth))
    whole = index.aggregation.sums_shares and index.aggregation.weights == "global"
    return Weights(levels, levels[0] if whole else _shares(levels, groupings))


def _equal(index: Index, groupings: Sequence[Grouping]) -> Weights:
    return from_shares(np.full(len(index.leaves), 1 / len(index.leaves)), groupings)


def _equal_by_pillar(index: Index, groupings: Sequence[Grouping]) -> Weights:
    levels = tuple(np.ones(len(index.at(level))) for level in range(1, index.depth))
    return Weights(levels, _shares(levels, groupings))


def _entropy(values: FloatArray, directions: FloatArray, rule: Weighting) -> DataShares:
    scores = minmax(values, directions, 0.0, 1.0).values if rule.on == "scores" else values
    return DataShares(entropy_weights(scores))


def _critic(values: FloatArray, directions: FloatArray, _: Weighting) -> DataShares:
    return DataShares(critic_weights(minmax(values, directions, 0.0, 1.0).values))


def _pca(values: FloatArray, directions: FloatArray, _: Weighting) -> DataShares:
    return _each(lambda matrix: pca_weights(minmax(matrix, directions, 0.0, 1.0).values).weights, values)


def _first_component(values: FloatArray, directions: FloatArray, _: Weighting) -> DataShares:
    return _each(lambda matrix: first_component_weights(minmax(matrix, directions, 0.0, 1.0).values).weights, values)


def _mean_benefit(values: FloatArray, directions: FloatArray, rule: Weighting) -> DataShares:
    ambiguous: list[int] = []

    def weights(matrix: FloatArray) -> FloatArray:
        found = bod_weights(matrix[~np.isnan(matrix).any(axis=-1)], directions, rule)
        ambiguous.append(int(found.ambiguous.sum()))
        return found.common

    each = _each(weights, values)
    return replace(each, ambiguous=np.array(ambiguous).reshape(values.shape[:-2]))


def _each(weights: Callable[[FloatArray], FloatArray], values: FloatArray) -> DataShares:
    """The weights of every matrix `(regions, indicators)` of a batch, by a function that takes one."""
    found = np.stack([weights(matrix) for matrix in values.reshape(-1, *values.shape[-2:])])
    complete = (~np.isnan(values).any(axis=-1)).sum(axis=-1)
    return DataShares(found.reshape(*values.shape[:-2], values.shape[-1]), complete)


@dataclass(frozen=True, slots=True)
class FixedWeights(Method[Callable[[Index, Sequence[Grouping]], Weights]]):
    """Weights that the hierarchy has, whatever the values."""


@dataclass(frozen=True, slots=True)
class DataWeights(Method[Callable[[FloatArray, FloatArray, Weighting], DataShares]]):
    """Weights from values before normalisation: shares from values, directions and the rule.

    `basis`: whether it looks at the values or at their min-max scores, where `on` does not say. `rewards`: values as
    they are must be better when they are more, since their weights reward it.
    """

    basis: WeighBasis = "scores"
    rewards: bool = False

    def looks_at(self, rule: Weighting) -> WeighBasis:
        """What the weights of a rule are made from."""
        return rule.on if rule.on is not None and "on" in self.keys else self.basis


WEIGHTINGS: Methods[FixedWeights | DataWeights] = table_of(
    "weighting",
    [
        FixedWeights("printed", _printed, "原始权重", "as `indicators.csv` has it"),
        FixedWeights("equal", _equal, "等权", "the same for all indicators"),
        FixedWeights("equal_by_pillar", _equal_by_pillar, "逐层等权", "the same for the parts of every parent"),
        DataWeights(
            "entropy", _entropy, "熵权法", "1 - e, e = -Σ p log p / log n, p = x / Σ x", ("on",),
            "a value is negative", basis="values",
        ),
        DataWeights("critic", _critic, "CRITIC 法", "s_j Σ_k (1 - r_jk), s the standard deviation"),
        DataWeights(
            "pca", _pca, "主成分（方差最大旋转）",
            "greatest squared varimax loading, of components with an eigenvalue above 1",
            undefined="fewer than three regions have every value",
        ),
        DataWeights(
            "pc1", _first_component, "第一主成分",
            "coefficient of the first component; 0 where it runs against the rest, and marked",
            undefined="fewer than three regions have every value", coinr="get_PCA",
        ),
        DataWeights(
            "bod", _mean_benefit, "数据包络（BoD）",
            "mean over the regions of the shares w x / Σ w x that favour each most, shares within `bounds`",
            ("bounds", "on"), "no shares within the bounds add up to 1", rewards=True,
        ),
    ],
    [
        Key(
            "bounds", lambda rule: [rule.lower, rule.upper],
            lambda rule: tr("shares {lower:g}-{upper:g}", lower=rule.lower, upper=rule.upper),
        ),
        Key(
            "on", lambda rule: rule.on, lambda rule: tr("on {basis}", basis=rule.on) if rule.on else "",
            argument="scores",
        ),
    ],
)  # fmt: skip
"""Every weighting of `[weighting]` and `--weights`."""
