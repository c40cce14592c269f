"""Indicators of any unit brought onto one scale: the table of normalisations, and the one that an index asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index.arrays import FloatArray, Span, mean_and_sd, span_of
from ecosystem.index.method import Key, Method, table_of
from ecosystem.index.rules import Normalisation, places_by_rule
from ecosystem.index.spec import Indicator
from ecosystem.index.steps.ranges import UNBOUNDED, Range
from ecosystem.index.steps.rank import borda, percentile_rank, ranks
from ecosystem.index.steps.scale_formulas import (
    Scaled,
    around_reference,
    fraction_of_best,
    goalposts,
    minmax,
    to_reference,
    to_target,
    zscore,
)
from ecosystem.index.steps.transform import along
from ecosystem.messages import tr, tr_count


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What a normalisation may look at beside the values: its rule, the indicators, the regions, and every span."""

    rule: Normalisation
    indicators: Sequence[Indicator]
    regions: Sequence[str]
    directions: FloatArray
    span: Span

    def numbers(self, name: str) -> FloatArray:
        """A number of every indicator, e.g. its target, on the scale of its values; NaN where its table has none."""
        found = [(getattr(one, name), one.own.transformation) for one in self.indicators]
        return np.array([np.nan if number is None else along(rules, number) for number, rules in found])

    @property
    def posts(self) -> tuple[FloatArray, FloatArray]:
        """The goalposts: the columns `lower` and `upper`."""
        return self.numbers("lower"), self.numbers("upper")

    def targets_or_means(self, values: FloatArray) -> FloatArray:
        """The targets `(..., 1, indicators)`; the mean of the column where there is none."""
        targets = self.numbers("target")
        return np.where(np.isnan(targets), mean_and_sd(values)[0], targets)[..., None, :]

    @property
    def reference(self) -> int:
        """The row of the reference region; UsageError where it is not ranked."""
        name = self.rule.reference
        if name not in self.regions:
            hint = did_you_mean(str(name), self.regions)
            raise UsageError(tr("{name!r}, the reference region of dist2ref, is not ranked", name=name), hint=hint)
        return list(self.regions).index(str(name))


Normalise: TypeAlias = Callable[[FloatArray, Columns], FloatArray]
"""Scores `(..., regions, indicators)` from values of that shape; NaN where a value is missing, or has no score."""


@dataclass(frozen=True, slots=True)
class Normaliser(Method[Normalise]):
    """A normalisation. `constant`: what a constant column scores. `needs`: the columns of `indicators.csv` it reads.

    `usual` is the rule with the parameters that it has where none are given; `worst` the score of the worst region,
    where that is fixed by the rule. `total`: every finite value has a score, so nothing is looked for. `reach`: the
    lowest and the highest score under a rule, among so many regions (infinite where their number is not known).
    """

    constant: str = ""
    needs: tuple[str, ...] = ()
    usual: Normalisation | None = None
    worst: Callable[[Normalisation], float] | None = None
    total: bool = False
    reach: Callable[[Normalisation, float], Range] = lambda rule, count: UNBOUNDED

    @property
    def texts(self) -> tuple[str, ...]:
        """Every English text about it that people read, for the catalogue of translations."""
        return (self.en, self.undefined, self.constant)

    def rule(self) -> Normalisation:
        """The rule with its usual parameters."""
        return self.usual or Normalisation(self.name)


NORMALISATIONS = table_of(
    "normalisation",
    [
        Normaliser("minmax", lambda x, at: minmax(x, at.directions, at.rule.lower, at.rule.upper, at.span).values,
            "极差标准化", "(x - min) / (max - min), onto `range`", ("range",), coinr="n_minmax",
            constant="the lower end, marked", worst=lambda rule: rule.lower, total=True,
            reach=lambda rule, _: (rule.lower, rule.upper)),
        Normaliser("zscore", lambda x, at: zscore(x, at.directions, at.rule.mean, at.rule.sd),
            "标准分数", "(x - mean) / sd, sd over n - 1, onto `mean` and `sd`", ("mean", "sd"), coinr="n_zscore",
            constant="the mean"),
        Normaliser("rank", lambda x, at: ranks(x, at.directions, at.rule.ties),
            "名次", "the rank from the bottom: n for the best of n", ("ties",), coinr="n_rank", constant="the lowest",
            reach=lambda _, count: (1.0, count)),
        Normaliser("borda", lambda x, at: borda(x, at.directions, at.rule.ties),
            "博尔达计分", "rank - 1", ("ties",), coinr="n_borda", constant="the lowest", worst=lambda _: 0.0,
            reach=lambda _, count: (0.0, count - 1)),
        Normaliser("prank", lambda x, at: percentile_rank(x, at.directions, at.rule.ties),
            "百分位名次", "(rank - 1) / (n - 1)", ("ties",), coinr="n_prank", constant="the lowest",
            worst=lambda _: 0.0, reach=lambda *_: (0.0, 1.0)),
        Normaliser("fracmax", lambda x, at: fraction_of_best(x, at.directions),
            "与最优值之比", "x / max; min / x where less is better",
            undefined="a fraction of the best needs values above 0", coinr="n_fracmax", constant="1",
            reach=lambda *_: (0.0, 1.0)),
        Normaliser("dist2max", lambda x, at: minmax(x, at.directions, 0.0, 1.0, at.span).values,
            "与最优值的距离", "minmax onto 0 to 1", coinr="n_dist2max", constant="0", worst=lambda _: 0.0, total=True,
            reach=lambda *_: (0.0, 1.0)),
        Normaliser("dist2ref", lambda x, at: to_reference(x, at.directions, at.reference, cap=at.rule.cap),
            "与参照地区的距离", "(x - worst) / (reference - worst)", ("reference", "cap"),
            "the reference region has no value, or is the worst one itself", "n_dist2ref", worst=lambda _: 0.0,
            reach=lambda rule, _: (0.0, 1.0 if rule.cap else math.inf)),
        Normaliser("dist2target", lambda x, at: to_target(x, at.directions, at.numbers("target"), cap=at.rule.cap),
            "与目标值的距离", "(x - worst) / (target - worst)", ("cap",),
            "the target is missing, or no better than the worst region", "n_dist2targ", needs=("target",),
            worst=lambda _: 0.0, reach=lambda rule, _: (0.0, 1.0 if rule.cap else math.inf)),
        Normaliser("goalposts", lambda x, at: goalposts(x, at.directions, at.posts, at.rule.factor, cap=at.rule.cap),
            "上下限标准化", "(x - lower) / (upper - lower) x `factor`", ("factor", "cap"), "a goalpost is missing",
            "n_goalposts", "as any value", ("lower", "upper"), Normalisation("goalposts", cap=True),
            reach=lambda rule, _: (0.0, rule.factor) if rule.cap else UNBOUNDED),
        Normaliser("scaled", lambda x, at: goalposts(x, at.directions, at.posts, at.rule.factor, cap=False),
            "上下限标准化（不截断）", "as goalposts, without a limit for scores beyond the posts", ("factor",),
            "a goalpost is missing", "n_scaled", "as any value", ("lower", "upper")),
        Normaliser("ampi",
            lambda x, at: around_reference(x, at.directions, at.targets_or_means(x), at.rule.lower, at.rule.upper),
            "调整 MPI 标准化",
            "goalposts half the span on either side of a reference (`target`, else the mean), onto `range`",
            ("range",), constant="the middle of the range", usual=Normalisation("ampi", 70.0, 130.0)),
        Normaliser("none", lambda x, at: x * at.directions,
            "不作标准化", "x times the direction", coinr="n_none", constant="x"),
    ],
    [
        Key("range", lambda rule: [rule.lower, rule.upper], lambda rule: f"{rule.lower:g}-{rule.upper:g}"),
        Key("mean", lambda rule: rule.mean, lambda rule: tr("with mean {mean:g}", mean=rule.mean)),
        Key("sd", lambda rule: rule.sd, lambda rule: tr("and sd {sd:g}", sd=rule.sd)),
        Key("factor", lambda rule: rule.factor, lambda rule: tr("to {factor:g}", factor=rule.factor)),
        Key(
            "reference", lambda rule: rule.reference, lambda rule: tr("from {region}", region=rule.reference),
            'needs the region that dist2ref measures from: add reference = "<region>"', "REGION"),
        Key("cap", lambda rule: rule.cap),
        Key("ties", lambda rule: rule.ties),
    ],
)  # fmt: skip
"""Every normalisation of `[normalisation]` and `--normalise`."""


def scale(values: FloatArray, leaves: Sequence[Indicator], regions: Sequence[str], rule: Normalisation) -> Scaled:
    """The columns of `(..., regions, indicators)` on the scale of `rule`, or of a rule of the indicator's own.

    A constant column is marked and carries no order: all its scores are equal (the lowest, or the centre of `zscore`
    and `ampi`). InputError names the columns for which the method is undefined, UsageError an unknown method or
    reference region.
    """
    span = span_of(values)
    if all(leaf.own.normalisation is None for leaf in leaves):
        scores = _scores(values, leaves, regions, rule, span)
    else:
        scores = np.empty_like(values)
        own = [leaf.own.normalisation or rule for leaf in leaves]
        for each, places in places_by_rule(own).items():
            part = Span(span.minimum[..., places], span.maximum[..., places], span.constant[..., places])
            some = [leaves[place] for place in places]
            scores[..., places] = _scores(values[..., places], some, regions, each, part)
    return Scaled(scores, span.minimum, span.maximum, span.constant)


def _scores(
    values: FloatArray, leaves: Sequence[Indicator], regions: Sequence[str], rule: Normalisation, span: Span
) -> FloatArray:
    method = NORMALISATIONS.find(rule.method)
    directions = np.array([float(leaf.direction) for leaf in leaves])
    scores = method.function(values, Columns(rule, leaves, regions, directions, span))
    if not method.total:
        _refuse_undefined(values, scores, leaves, method)
    return scores


def _refuse_undefined(values: FloatArray, scores: FloatArray, leaves: Sequence[Indicator], method: Normaliser) -> None:
    lost = (np.isnan(scores) & ~np.isnan(values)).any(axis=-2)
    if not lost.any():
        return
    columns = np.flatnonzero(lost.reshape(-1, lost.shape[-1]).any(axis=0)).tolist()
    reason = tr(method.undefined) if method.undefined else tr("its values have no score")
    findings = [
        Finding(
            "error",
            "undefined",
            tr(
                "{code!r} cannot be normalised by {method}: {reason}",
                code=leaves[at].code,
                method=method.name,
                reason=reason,
            ),
        )
        for at in columns
    ]
    hint = tr("correct the values or the parameters, or use another normalisation, e.g. minmax")
    raise InputError(
        tr_count(
            "{method} is undefined for {count} indicator",
            "{method} is undefined for {count} indicators",
            len(columns),
            method=method.name,
        ),
        hint=hint,
        findings=findings,
    )
