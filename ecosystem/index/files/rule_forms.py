"""The forms of the rules in `index.toml`: every key is known, nothing is coerced, an idle key is refused."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ecosystem.index import rules
from ecosystem.index.rules import (
    AggregateMethod,
    DataTies,
    ImputeMethod,
    LogForm,
    MissingRule,
    NormaliseMethod,
    TierMethod,
    TiesMethod,
    TreatMethod,
    WeighBasis,
    WeighMethod,
    WeightScope,
)

Share = Annotated[float, Field(ge=0, le=1)]


def _ordered(bounds: list[float]) -> list[float]:
    if not (math.isfinite(bounds[0]) and math.isfinite(bounds[1]) and bounds[0] < bounds[1]):
        raise ValueError("needs two finite numbers, the lower first")
    return bounds


Bounds = Annotated[list[float], Field(min_length=2, max_length=2), AfterValidator(_ordered)]


class Table(BaseModel):
    """A table of the TOML file; `only_for` has, per key, the methods under which it means something."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    only_for: ClassVar[dict[str, tuple[str, ...]]] = {}

    def methods(self) -> tuple[str, ...]:
        """The methods that the table names."""
        return (str(getattr(self, "method", "")),)

    @model_validator(mode="after")
    def _no_idle_key(self) -> Self:
        for key, methods in self.only_for.items():
            if key in self.model_fields_set and not set(methods) & set(self.methods()):
                raise ValueError(f"has the key {key!r}, which belongs to {', '.join(methods)} and does nothing here")
        return self


class NormalisationForm(Table):
    """`[normalisation]`."""

    only_for = {
        "range": ("minmax", "ampi"),
        "mean": ("zscore",),
        "sd": ("zscore",),
        "factor": ("goalposts", "scaled"),
        "cap": ("goalposts", "dist2ref", "dist2target"),
        "reference": ("dist2ref",),
        "ties": ("rank", "borda", "prank"),
    }

    method: NormaliseMethod
    range: Bounds = [0.0, 100.0]
    mean: float = 0.0
    sd: float = Field(default=1.0, gt=0)
    factor: float = Field(default=100.0, gt=0)
    cap: bool = False
    reference: str | None = None
    ties: DataTies = "min"

    @model_validator(mode="after")
    def _has_its_reference(self) -> Self:
        if self.method == "dist2ref" and self.reference is None:
            raise ValueError('needs the region that dist2ref measures from: add reference = "<region>"')
        return self

    def record(self) -> rules.Normalisation:
        """The checked rule; `ampi` runs from 70 to 130 where no range is given."""
        wide = self.method == "ampi" and "range" not in self.model_fields_set
        lower, upper = (70.0, 130.0) if wide else self.range
        cap = self.cap if "cap" in self.model_fields_set else self.method == "goalposts"
        factor, reference = self.factor, self.reference
        return rules.Normalisation(self.method, lower, upper, self.mean, self.sd, factor, cap, reference, self.ties)


class AggregationForm(Table):
    """`[aggregation]`."""

    only_for = {"power": ("genmean",), "penalty": ("mpi",), "sample": ("mpi",)}

    method: AggregateMethod
    weights: WeightScope
    by_level: list[AggregateMethod] = []
    power: float = 1.0
    penalty: Literal["minus", "plus"] = "minus"
    sample: bool = False

    def methods(self) -> tuple[str, ...]:
        """Those of all levels."""
        return tuple(self.by_level) or (self.method,)

    @model_validator(mode="after")
    def _one_rule_for_all(self) -> Self:
        if "weighted_sum" in self.methods() and len(set(self.methods())) > 1:
            raise ValueError("mixes weighted_sum, a rule for all levels, with another: take sum or amean there")
        return self

    def record(self) -> rules.Aggregation:
        """The checked rule."""
        penalty: Literal[-1, 1] = 1 if self.penalty == "plus" else -1
        return rules.Aggregation(self.method, self.weights, tuple(self.by_level), self.power, penalty, self.sample)


class MissingForm(Table):
    """`[missing]`."""

    rule: MissingRule
    coverage_mark: Share = 0.5
    least: Share = 0.0

    @model_validator(mode="after")
    def _least_is_for_skip(self) -> Self:
        if "least" in self.model_fields_set and self.rule != "skip":
            raise ValueError("has the key 'least', which belongs to the rule skip and does nothing here")
        return self


class TiesForm(Table):
    """`[ties]`."""

    method: TiesMethod
    tolerance: Share = 1e-9


class ImputationForm(Table):
    """`[imputation]`."""

    only_for = {"group": ("group_mean", "group_median"), "reach": ("last",)}

    method: ImputeMethod
    group: str | None = None
    reach: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _has_its_group(self) -> Self:
        if self.method.startswith("group") and self.group is None:
            raise ValueError('needs the column that holds the groups: add group = "<column>"')
        return self

    def record(self) -> rules.Imputation:
        """The checked rule."""
        return rules.Imputation(self.method, self.group, self.reach)


class TreatmentForm(Table):
    """`[treatment]`."""

    only_for = {
        "points": ("winsorise", "winsorise_log"),
        "log": ("log", "winsorise_log"),
        "power": ("boxcox",),
    }

    method: TreatMethod
    skew: float = Field(default=2.0, gt=0)
    kurtosis: float = 3.5
    points: int = Field(default=5, ge=1)
    log: LogForm = "ct"
    power: float | None = None

    def record(self) -> rules.Treatment:
        """The checked rule."""
        return rules.Treatment(self.method, self.skew, self.kurtosis, self.points, self.log, self.power)


class WeightingForm(Table):
    """`[weighting]`."""

    only_for = {"bounds": ("bod",), "on": ("entropy", "bod")}

    method: WeighMethod
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

    def record(self) -> rules.Screening:
        """The checked rule."""
        return rules.Screening(self.availability, self.nonzero, tuple(self.keep), tuple(self.drop))


class TieringForm(Table):
    """`[tiers]`."""

    only_for = {"count": ("quantile", "jenks", "kmeans"), "cuts": ("cuts",)}

    method: TierMethod
    count: int | None = Field(default=None, ge=2)
    cuts: list[float] = []

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        if self.method != "cuts" and self.count is None:
            raise ValueError("needs the number of tiers: add count = 4")
        if self.method == "cuts" and (not self.cuts or self.cuts != sorted(set(self.cuts), reverse=True)):
            raise ValueError("needs cuts, the least score of each tier but the last, the highest first")
        return self

    def record(self) -> rules.Tiering:
        """The checked rule."""
        return rules.Tiering(self.method, self.count or len(self.cuts) + 1, tuple(self.cuts))
