"""The rules of the steps of an index: what is imputed, treated, normalised, weighed, aggregated, ranked, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NormaliseMethod = Literal[
    "minmax", "zscore", "rank", "borda", "prank", "fracmax", "dist2max", "dist2ref", "dist2target", "goalposts",
    "scaled", "ampi", "none",
]  # fmt: skip
AggregateMethod = Literal[
    "weighted_sum", "amean", "gmean", "hmean", "genmean", "median", "copeland", "mpi", "sum",
]  # fmt: skip
WeighMethod = Literal["printed", "equal", "equal_by_pillar", "entropy", "critic", "pca", "pc1", "bod"]
TreatMethod = Literal["none", "winsorise", "log", "boxcox", "winsorise_log"]
ImputeMethod = Literal["none", "mean", "median", "group_mean", "group_median", "last", "linear"]
TierMethod = Literal["quantile", "jenks", "kmeans", "cuts"]
LogForm = Literal["ct", "gii", "plain"]
MissingRule = Literal["zero", "skip", "refuse"]
TiesMethod = Literal["competition", "modified", "dense"]
WeightScope = Literal["global", "local"]
DataTies = Literal["min", "average", "max"]
WeighBasis = Literal["values", "scores"]


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How indicators of any unit come onto one scale.

    `lower`, `upper`: the scale of `minmax` and `ampi`. `mean`, `sd`: that of `zscore`. `factor`: the best score of
    `goalposts` and `scaled`. `cap`: scores over 1 of `dist2ref` and `dist2target` become 1, what lies outside the posts
    of `goalposts` the nearest post. `reference`: the region of `dist2ref`. `ties`: of `rank`, `borda` and `prank`.
    """

    method: NormaliseMethod
    lower: float = 0.0
    upper: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    factor: float = 100.0
    cap: bool = False
    reference: str | None = None
    ties: DataTies = "min"


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How scores of parts become the score of their parent.

    `weighted_sum`: indicators times their shares of the whole index, then plain sums. Every other method weighs the
    parts of a parent against each other; `by_level` names one for level 2, 3, ... in place of `method` for all.
    `weights`: `global`, a weight is a share of the whole index; `local`, it counts against its siblings alone.
    `power` is that of `genmean`; `penalty` and `sample` are the sign and the variance of `mpi`.
    """

    method: AggregateMethod
    weights: WeightScope
    by_level: tuple[AggregateMethod, ...] = ()
    power: float = 1.0
    penalty: Literal[-1, 1] = -1
    sample: bool = False

    def at(self, level: int) -> AggregateMethod:
        """The method that makes the scores of a level of the hierarchy, 2 and up."""
        return self.by_level[level - 2] if self.by_level else self.method

    def additive(self, depth: int) -> bool:
        """True where the score of a parent is a weighted sum of its parts at every level."""
        return all(self.at(level) in {"weighted_sum", "amean", "sum"} for level in range(2, depth + 1))


@dataclass(frozen=True, slots=True)
class Missing:
    """What a missing value does: it scores 0 (`zero`), is passed over (`skip`), or stops the run (`refuse`).

    Under `skip` a parent with fewer than the share `least` of its parts has no score. A region with coverage under
    `coverage_mark` is marked.
    """

    rule: MissingRule
    coverage_mark: float
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Ties:
    """Scores that differ by no more than `tolerance` share a rank.

    `competition` "1224", `modified` "1334" (they share the worst), `dense` "1223".
    """

    method: TiesMethod
    tolerance: float


@dataclass(frozen=True, slots=True)
class Imputation:
    """What stands in for a missing value.

    `group`: the column of the groups. `reach`: the most years that `last` looks back.
    """

    method: ImputeMethod = "none"
    group: str | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to an indicator whose |skewness| is at least `skew` and whose kurtosis is at least `kurtosis`.

    `points`: the most points that `winsorise` moves. `log`: which logarithm. `power`: of `boxcox`, None: the likeliest.
    """

    method: TreatMethod = "none"
    skew: float = 2.0
    kurtosis: float = 3.5
    points: int = 5
    log: LogForm = "ct"
    power: float | None = None


@dataclass(frozen=True, slots=True)
class Weighting:
    """Where the weights come from.

    `lower`, `upper`: the bounds of an indicator's share under `bod`. `on`: whether `entropy` and `bod` look at the
    values as they are or at min-max scores, with directions; None: `entropy` at the values, `bod` at the scores.
    """

    method: WeighMethod = "printed"
    lower: float = 0.0
    upper: float = 1.0
    on: WeighBasis | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """Which regions are not ranked: those with too few values, or with too few that are not zero.

    `availability` and `nonzero` are the least shares of the indicators, None to leave the test out. `keep` and `drop`
    name regions that are ranked or not whatever the tests say.
    """

    availability: float | None = 2 / 3
    nonzero: float | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tiering:
    """How the ranked regions fall into tiers. `count`: how many; `cuts`: the least scores of all tiers but the last."""

    method: TierMethod
    count: int
    cuts: tuple[float, ...] = ()


NO_IMPUTATION, NO_TREATMENT, AS_PRINTED = Imputation(), Treatment(), Weighting()
"""The rules of an index that says nothing of these steps."""
