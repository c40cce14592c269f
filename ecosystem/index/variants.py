"""Many variants of an index at once: other weights, normalisations, means, treatments; their scores and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.engine import refuse_infinite
from ecosystem.index.last_step import last_step
from ecosystem.index.parent_scores import level_scores, parts_to_aggregate, weights_of_levels
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary, Prepared, prepare
from ecosystem.index.rules import Aggregation, Imputation, Normalisation, Treatment, Weighting
from ecosystem.index.spec import Index
from ecosystem.index.steps.aggregate import Summing
from ecosystem.index.steps.grouping import Grouping, groupings_of, weigh_parts, weigh_parts_fast
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.normalise import scale
from ecosystem.index.steps.rank import rank
from ecosystem.index.steps.weigh import Weights, checked_shares, from_shares, weigh
from ecosystem.messages import tr
from ecosystem.notebook import record_lines, record_table

CHUNK = 64
"""Variants that are computed together: their scores stay in the processor's cache."""

Rules = tuple[Imputation, Treatment, Normalisation, Aggregation, Weighting]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The rules in which a variant differs from its index, None where not. `weights` are shares `(indicators,)`."""

    weights: FloatArray | None = None
    normalisation: Normalisation | None = None
    aggregation: Aggregation | None = None
    treatment: Treatment | None = None
    imputation: Imputation | None = None
    weighting: Weighting | None = None

    def of(self, index: Index) -> Rules:
        """The rules of the variant, in the order of the steps."""
        return (
            self.imputation or index.imputation,
            self.treatment or index.treatment,
            self.normalisation or index.normalisation,
            self.aggregation or index.aggregation,
            self.weighting or index.weighting,
        )


@dataclass(frozen=True, slots=True, eq=False)
class VariantScores:
    """Scores `overall` (V, R), `pillars` (V, R, P) and ranks `overall_rank` (V, R) of V variants.

    Equal to those of `evaluate` for each variant, but for the last digits: sums are matrix products. A score that a
    variant leaves undefined is NaN, with rank 0, and is not refused: `undefined` (V,) counts them.
    """

    overall: FloatArray
    pillars: FloatArray
    overall_rank: IntArray
    undefined: IntArray

    def __repr__(self) -> str:
        return record_lines(self._title, self)

    def _repr_html_(self) -> str:
        return record_table(self._title, self)

    @property
    def _title(self) -> str:
        return tr("scores of {count:,} variants", count=len(self.overall))


def evaluate_variants(
    index: Index,
    values: FloatArray,
    variants: Sequence[Variant],
    *,
    level: str,
    auxiliary: Auxiliary = NO_AUXILIARY,
    absent: BoolArray | None = None,
) -> VariantScores:
    """The scores of all variants on one value matrix `(R, K)`; what variants share is computed once.

    Raises as `evaluate`, but for undefined means. ValueError: the shape of values or weights does not fit.
    """
    regions, leaves = index.level(level).regions, index.leaves
    raw = np.asarray(values, dtype=np.float64)
    if raw.shape != (len(regions), len(leaves)):
        raise ValueError(f"values of shape {raw.shape} for {len(regions)} regions x {len(leaves)} indicators")
    refuse_infinite(raw, regions, leaves)
    pillars = len(index.pillars)
    overall = np.empty((len(variants), len(regions)))
    parts = np.empty((len(variants), len(regions), pillars))
    lost = np.zeros(len(variants), np.int64)
    groupings = groupings_of(index)
    ready: dict[tuple[Imputation, Treatment], Prepared] = {}
    for rules, places in _alike(index, variants).items():
        spec = _with(index, rules)
        if rules[:2] not in ready:
            ready[rules[:2]] = prepare(spec, raw, regions, auxiliary, absent)
        prepared = ready[rules[:2]]
        normalised = scale(prepared.values, leaves, regions, spec.normalisation).values
        weights = _weights(spec, prepared.values, [variants[place].weights for place in places], groupings)
        for chunk, own in _chunks(places, weights):
            overall[chunk], parts[chunk], lost[chunk] = _scores(spec, normalised, prepared.excluded, own, groupings)
    return VariantScores(overall, parts, rank(overall, index.ties), lost)


def _alike(index: Index, variants: Sequence[Variant]) -> dict[Rules, list[int]]:
    """The places of the variants that differ in nothing but their weights."""
    found: dict[Rules, list[int]] = {}
    for place, variant in enumerate(variants):
        found.setdefault(variant.of(index), []).append(place)
    return found


def _with(index: Index, rules: Rules) -> Index:
    imputation, treatment, normalisation, aggregation, weighting = rules
    return replace(
        index,
        imputation=imputation,
        treatment=treatment,
        normalisation=normalisation,
        aggregation=aggregation,
        weighting=weighting,
    )


def _weights(
    spec: Index, prepared: FloatArray, given: Sequence[FloatArray | None], groupings: Sequence[Grouping]
) -> Weights:
    """The weights of alike variants, stacked: given shares, or those of the spec."""
    if all(own is None for own in given):
        one = weigh(spec, prepared, groupings)
        return Weights(tuple(own[None] for own in one.levels), one.shares[None])
    own = weigh(spec, prepared, groupings).shares if any(shares is None for shares in given) else None
    stacked = np.stack([_either(shares, own) for shares in given])
    return from_shares(checked_shares(stacked, len(spec.leaves)), groupings)


def _either(given: FloatArray | None, own: FloatArray | None) -> FloatArray:
    return np.asarray(own if given is None else given, dtype=np.float64)


def _chunks(places: Sequence[int], weights: Weights) -> Iterator[tuple[list[int], Weights]]:
    single = len(weights.shares) == 1
    for start in range(0, len(places), CHUNK):
        cut = slice(None) if single else slice(start, start + CHUNK)
        yield (
            list(places[start : start + CHUNK]),
            Weights(tuple(own[cut] for own in weights.levels), weights.shares[cut]),
        )


def _scores(
    spec: Index,
    normalised: FloatArray,
    excluded: BoolArray,
    weights: Weights,
    groupings: Sequence[Grouping],
    total: Summing = weigh_parts_fast,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Overall and pillar scores `(chunk, R)`, `(chunk, R, P)`; how many regions have none `(chunk,)`."""
    if spec.aggregation.sums_shares and MISSING_RULES.find(spec.missing.rule).adds_nothing:
        # the shares are the weights: no need to spread the scores over the variants first
        spec = replace(spec, aggregation=_SUM)
        weights = Weights((weights.levels[0], *(np.ones_like(own) for own in weights.levels[1:])), weights.shares)
    weights = weights_of_levels(spec, weights, groupings)
    parts = parts_to_aggregate(spec, normalised, excluded, weights)
    found = level_scores(spec, parts, weights, groupings, total)
    made, _, _ = last_step(spec, found.scores, parts)
    pillars = parts if len(made) == 1 else made[-2]
    return made[-1][..., 0], pillars, found.lost[-1][..., 0].sum(axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class BeforeWeights:
    """An index up to where weights enter, which many sets of weights have in common.

    `weights` are those of the index itself.
    """

    index: Index
    normalised: FloatArray
    excluded: BoolArray
    groupings: tuple[Grouping, ...]
    weights: Weights

    def scores(self, shares: FloatArray) -> tuple[FloatArray, IntArray]:
        """The scores `(V, R)` of shares `(V, K)`, digit for digit those of `evaluate`; how many are undefined `(V,)`.

        A score that cannot be given is NaN.
        """
        weights = from_shares(checked_shares(shares, len(self.index.leaves)), self.groupings)
        return self._found(weights)

    def own_scores(self) -> tuple[FloatArray, IntArray]:
        """The scores `(1, R)` of the weights that the index has."""
        return self._found(Weights(tuple(own[None] for own in self.weights.levels), self.weights.shares[None]))

    def _found(self, weights: Weights) -> tuple[FloatArray, IntArray]:
        found = _scores(self.index, self.normalised, self.excluded, weights, self.groupings, weigh_parts)
        return found[0], found[2]


def before_weights(
    index: Index,
    values: FloatArray,
    *,
    level: str,
    auxiliary: Auxiliary = NO_AUXILIARY,
    absent: BoolArray | None = None,
    prepared: Prepared | None = None,
) -> BeforeWeights:
    """An index on a value matrix `(R, K)` up to where weights enter; `prepared` if the values are so already.

    Raises as `evaluate`, but for undefined means.
    """
    regions = index.level(level).regions
    ready = prepare(index, values, regions, auxiliary, absent) if prepared is None else prepared
    normalised = scale(ready.values, index.leaves, regions, index.normalisation).values
    groupings = groupings_of(index)
    return BeforeWeights(index, normalised, ready.excluded, groupings, weigh(index, ready.values, groupings))


_SUM = Aggregation("sum", "global")
