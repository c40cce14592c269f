"""What an index is once it is read: the hierarchy of indicators, the ranked regions, the rules of the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ecosystem.errors import UsageError, did_you_mean

Lang = Literal["zh", "en"]
SourceKind = Literal["metric", "column", "network"]
WeightSource = Literal["printed", "derived", "assumed"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """The text in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of an indicator come from: a metric file, a column of a table, a network measure."""

    kind: SourceKind
    name: str

    def __str__(self) -> str:
        """The source as `indicators.csv` writes it, e.g. `metric:company_count`."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the hierarchy: an indicator with a source (level 1), an aggregate, or the top, which has no parent.

    `direction` is 1 where more is better, -1 where less is; `weight` is a share of the whole index;
    `row` is the line of `indicators.csv` that it was read from, None for one built in memory.
    """

    code: str
    parent: str | None
    level: int
    name: Text
    direction: int
    weight: float
    weight_source: WeightSource
    unit: str
    source: Source | None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of ranked regions whose scores are rolled up, e.g. an economic circle."""

    id: str
    name: Text
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of regions at which the index is defined, with the regions that it ranks, in the order of the file."""

    name: str
    regions: tuple[str, ...]
    rollup: Literal["sum"] | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Normalisation:
    """Min-max onto `lower` .. `upper`."""

    method: Literal["minmax"]
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The sum of weighted scores; `global` weights are shares of the whole index at every level of the hierarchy."""

    method: Literal["weighted_sum"]
    weights: Literal["global"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing value scores 0 (`zero`); a region with coverage under `coverage_mark` is marked."""

    rule: Literal["zero"]
    coverage_mark: float


@dataclass(frozen=True, slots=True)
class Ties:
    """Competition ranking ("1224"); scores that differ by no more than `tolerance` share the best rank."""

    method: Literal["competition"]
    tolerance: float


@dataclass(frozen=True, slots=True)
class Index:
    """A composite indicator: the whole specification. `hash` is the SHA-256 of the files it was read from."""

    id: str
    title: Text
    unit_of_analysis: Text
    source: Text
    levels: Mapping[str, Level]
    indicators: tuple[Indicator, ...]
    normalisation: Normalisation
    aggregation: Aggregation
    missing: Missing
    ties: Ties
    gaps: tuple[Text, ...] = ()
    hash: str = ""

    @property
    def depth(self) -> int:
        """The level of the top: the number of levels of the hierarchy."""
        return max(indicator.level for indicator in self.indicators)

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators that have values, in the order of the file: the columns of every value matrix."""
        return self.at(1)

    @property
    def pillars(self) -> tuple[Indicator, ...]:
        """The parts right under the top; the indicators themselves where the hierarchy has two levels."""
        return self.at(self.depth - 1)

    @property
    def top(self) -> Indicator:
        """The index itself, as the one row without a parent."""
        return next(indicator for indicator in self.indicators if indicator.parent is None)

    def at(self, level: int) -> tuple[Indicator, ...]:
        """The rows of one level of the hierarchy (1 = indicators), in the order of the file."""
        return tuple(indicator for indicator in self.indicators if indicator.level == level)

    def level(self, name: str) -> Level:
        """The level of regions of that name; UsageError where the index does not define it."""
        try:
            return self.levels[name]
        except KeyError:
            message = f"index {self.id} is not defined at level {name!r}"
            raise UsageError(message, hint=did_you_mean(name, self.levels)) from None
