"""The forms of the rules in `index.toml`: every key is known, nothing is coerced, an idle key is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ecosystem.index import rules
from ecosystem.index.method import Methods
from ecosystem.index.rules import DataTies, LogForm, TreatYears, WeighBasis, WeightScope
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.messages import tr

Share = Annotated[float, Field(ge=0, le=1)]


def _ordered(bounds: list[float]) -> list[float]:
    if not (math.isfinite(bounds[0]) and math.isfinite(bounds[1]) and bounds[0] < bounds[1]):
        raise ValueError(tr("needs two finite numbers, the lower first"))
    return bounds


Bounds = Annotated[list[float], Field(min_length=2, max_length=2), AfterValidator(_ordered)]


def one_of(methods: Methods[Any]) -> PlainValidator:
    """A name that the table of a step has; the error is that of a `Literal`, so that all choices read alike."""

    def known(name: object) -> str:
        if isinstance(name, str) and name in methods.by_name:
            return name
        names = ", ".join(repr(method) for method in methods.by_name)
        raise PydanticCustomError("literal_error", "Input should be one of {expected}", {"expected": names})

    return PlainValidator(known)


class Table(BaseModel):
    """A table of the TOML file; `step` has the methods that it may name, and the keys that each of them takes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    step: ClassVar[Methods[Any] | None] = None

    def methods(self) -> tuple[str, ...]:
        """The methods that the table names."""
        return (str(getattr(self, "method", "")),)

    @model_validator(mode="after")
    def _no_idle_key(self) -> Self:
        for key in self.step.keys if self.step else ():
            takers = self.step.having(key) if self.step else ()
            if key in self.model_fields_set and not set(takers) & set(self.methods()):
                methods = ", ".join(takers)
                raise ValueError(
                    tr("has the key {key!r}, which has an effect only under {methods}", key=key, methods=methods)
                )
        return self

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        for key in self.step.keys.values() if self.step else ():
            takers = self.step.having(key.name) if self.step else ()
            if key.needed and set(takers) & set(self.methods()) and getattr(self, key.name) in (None, []):
                raise ValueError(tr(key.needed))
        return self

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, given: object) -> object:
        """`method = "..."` may be written as the word alone, with its argument after a colon: `"per_capita:people"`."""
        if not isinstance(given, str) or cls.step is None:
            return given
        name, _, argument = given.partition(":")
        method = cls.step.by_name.get(name)
        key = None if method is None else cls.step.argument_of(method)
        if argument and method is not None and key is None:
            raise ValueError(tr("{name} takes no argument", name=name))
        return {"method": name} | ({key.name: argument.strip()} if key is not None and argument else {})


class NormalisationForm(Table):
    """`[normalisation]`."""

    step = NORMALISATIONS

    method: Annotated[str, one_of(NORMALISATIONS)]
    range: Bounds = [0.0, 100.0]
    mean: float = 0.0
    sd: float = Field(default=1.0, gt=0)
    factor: float = Field(default=100.0, gt=0)
    cap: bool = False
    reference: str | None = None
    ties: DataTies = "min"

    def record(self) -> rules.Normalisation:
        """The checked rule; what is not given is as usual for the method, e.g. a range of 70 to 130 for `ampi`."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"range"}}
        if "range" in self.model_fields_set:
            given |= {"lower": self.range[0], "upper": self.range[1]}
        return replace(NORMALISATIONS.find(self.method).rule(), **given)


class AggregationForm(Table):
    """`[aggregation]`."""

    step = AGGREGATIONS

    method: Annotated[str, one_of(AGGREGATIONS)]
    weights: WeightScope
    by_level: list[Annotated[str, one_of(AGGREGATIONS)]] = []
    power: float = 1.0
    penalty: Literal["minus", "plus"] = "minus"
    sample: bool = False
    v: Share = 0.5
    preference: Literal["usual", "linear"] = "usual"
    threshold: float | None = Field(default=None, gt=0)

    def methods(self) -> tuple[str, ...]:
        """Those of all levels."""
        return tuple(self.by_level) or (self.method,)

    @model_validator(mode="after")
    def _one_rule_for_all(self) -> Self:
        if "weighted_sum" in self.methods() and len(set(self.methods())) > 1:
            raise ValueError(tr("mixes weighted_sum, a rule for all levels, with another: use sum or amean there"))
        return self

    @model_validator(mode="after")
    def _threshold_of_linear(self) -> Self:
        if (self.preference == "linear") != (self.threshold is not None):
            raise ValueError(tr('needs a threshold with preference = "linear", and has none without it'))
        return self

    def record(self) -> rules.Aggregation:
        """The checked rule."""
        return rules.Aggregation(
            self.method,
            self.weights,
            tuple(self.by_level),
            self.power,
            1 if self.penalty == "plus" else -1,
            self.sample,
            self.v,
            self.preference,
            self.threshold,
        )


class MissingForm(Table):
    """`[missing]`."""

    step = MISSING_RULES

    rule: Annotated[str, one_of(MISSING_RULES)]
    coverage_mark: Share = 0.5
    least: Share = 0.0

    def methods(self) -> tuple[str, ...]:
        """Its rule."""
        return (self.rule,)


class TiesForm(Table):
    """`[ties]`."""

    step = TIES

    method: Annotated[str, one_of(TIES)]
    tolerance: Share = 1e-9
    decimals: int | None = Field(default=None, ge=0, le=15)


class ImputationForm(Table):
    """`[imputation]`."""

    step = IMPUTATIONS

    method: Annotated[str, one_of(IMPUTATIONS)]
    group: str | None = None
    reach: int | None = Field(default=None, ge=1)

    def record(self) -> rules.Imputation:
        """The checked rule."""
        return rules.Imputation(self.method, self.group, self.reach)


class TreatmentForm(Table):
    """`[treatment]`."""

    step = TREATMENTS

    method: Annotated[str, one_of(TREATMENTS)]
    skew: float = Field(default=2.0, gt=0)
    kurtosis: float = 3.5
    points: int = Field(default=5, ge=1)
    log: LogForm = "ct"
    power: float | None = None
    years: TreatYears = "together"
    force: bool = False

    def record(self) -> rules.Treatment:
        """The checked rule."""
        return rules.Treatment(
            self.method, self.skew, self.kurtosis, self.points, self.log, self.power, self.years, self.force
        )


class WeightingForm(Table):
    """`[weighting]`."""

    step = WEIGHTINGS

    method: Annotated[str, one_of(WEIGHTINGS)]
    bounds: Bounds = [0.0, 1.0]
    on: WeighBasis | None = None

    def record(self) -> rules.Weighting:
        """The checked rule."""
        return rules.Weighting(self.method, self.bounds[0], self.bounds[1], self.on)


class ScreeningForm(Table):
    """`[screening]`."""

    availability: Share | None = None
    nonzero: Share | None = None
    keep: list[str] = []
    drop: list[str] = []
    by_pillar: Share | None = None

    def record(self) -> rules.Screening:
        """The checked rule."""
        return rules.Screening(self.availability, self.nonzero, tuple(self.keep), tuple(self.drop), self.by_pillar)


class RescalingForm(Table):
    """`[rescaling]`."""

    step = RESCALINGS

    method: Annotated[str, one_of(RESCALINGS)]
    best: float = Field(default=1.0, gt=0)
    mean: float = Field(default=100.0, gt=0)
    range: Bounds = [0.0, 100.0]

    def record(self) -> rules.Rescaling:
        """The checked rule."""
        return rules.Rescaling(self.method, self.best, self.mean, self.range[0], self.range[1])


class TieringForm(Table):
    """`[tiers]`."""

    step = TIERS

    method: Annotated[str, one_of(TIERS)]
    count: int | None = Field(default=None, ge=2)
    cuts: list[float] = []
    on: rules.TierBasis = "scores"

    @model_validator(mode="after")
    def _cuts_fall(self) -> Self:
        if self.cuts != sorted(set(self.cuts), reverse=True):
            raise ValueError(tr(TIERS.keys["cuts"].needed))
        return self

    def record(self) -> rules.Tiering:
        """The checked rule."""
        return rules.Tiering(self.method, self.count or len(self.cuts) + 1, tuple(self.cuts), self.on)
