"""The rules of the steps of an index: what is imputed, treated, normalised, weighed, aggregated, ranked, and how.

A rule names its method; which methods a step has is told by its table in `index/steps/`, where it is looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

Rule = TypeVar("Rule")
LogForm = Literal["ct", "gii", "plain"]
WeightScope = Literal["global", "local"]
DataTies = Literal["min", "average", "max"]
WeighBasis = Literal["values", "scores"]
TreatYears = Literal["together", "each"]
TierBasis = Literal["scores", "pillars", "indicators"]


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How indicators of any unit come onto one scale.

    `lower`, `upper`: the scale of `minmax` and `ampi`. `mean`, `sd`: that of `zscore`. `factor`: the best score of
    `goalposts` and `scaled`. `cap`: scores over 1 of `dist2ref` and `dist2target` become 1, what lies outside the posts
    of `goalposts` the nearest post. `reference`: the region of `dist2ref`. `ties`: of `rank`, `borda` and `prank`.
    """

    method: str
    lower: float = 0.0
    upper: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    factor: float = 100.0
    cap: bool = False
    reference: str | None = None
    ties: DataTies = "min"


@dataclass(frozen=True, slots=True)
class Transformation:
    """What is made of the values of one indicator before anything else is done to them.

    `formula`: that of `formula`, of columns. `by`: the column that `per_capita` divides by, `per`: how many of it a
    value is for. `earlier`: the column of the earlier values of `growth`; without one, the indicator itself `over`
    years before.
    """

    method: str
    formula: str = ""
    by: str | None = None
    per: float = 1.0
    earlier: str | None = None
    over: int = 1


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How scores of parts become the score of their parent.

    `weighted_sum`: indicators times their shares of the whole index, then plain sums. Every other method weighs the
    parts of a parent against each other; `by_level` names one for level 2, 3, ... in place of `method` for all.
    `weights`: `global`, a weight is a share of the whole index; `local`, it counts against its siblings alone.
    `power` is that of `genmean`; `penalty` and `sample` are the sign and the variance of `mpi`; `v` is the weight
    of the mean lag in `vikor`; `preference` and `threshold` are those of `promethee`.
    """

    method: str
    weights: WeightScope
    by_level: tuple[str, ...] = ()
    power: float = 1.0
    penalty: Literal[-1, 1] = -1
    sample: bool = False
    v: float = 0.5
    preference: Literal["usual", "linear"] = "usual"
    threshold: float | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the levels, the lowest first; the one method where it is that of all."""
        return self.by_level or (self.method,)

    @property
    def sums_shares(self) -> bool:
        """True for `weighted_sum`: indicators are multiplied by their shares of the whole, and then only added."""
        return self.method == "weighted_sum"

    def at(self, level: int) -> str:
        """The method that makes the scores of a level of the hierarchy, 2 and up."""
        return self.by_level[level - 2] if self.by_level else self.method


@dataclass(frozen=True, slots=True)
class Missing:
    """What a missing value does: it scores 0 (`zero`), is passed over (`skip`), or stops the run (`refuse`).

    Under `skip` a parent with fewer than the share `least` of its parts has no score. A region with coverage under
    `coverage_mark` is marked.
    """

    rule: str
    coverage_mark: float
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Ties:
    """Scores that differ by no more than `tolerance` share a rank; with `decimals`, as they are once rounded to those.

    `competition` "1224", `modified` "1334" (they share the worst), `dense` "1223".
    """

    method: str
    tolerance: float
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Imputation:
    """How a missing value is imputed.

    `group`: the column of the groups. `reach`: the most years that `last` looks back.
    """

    method: str = "none"
    group: str | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to an indicator whose |skewness| is at least `skew` and whose kurtosis is at least `kurtosis`.

    `points`: the most points that `winsorise` moves. `log`: which logarithm. `power`: of `boxcox`, None: the likeliest.
    `years`: whether a panel on one scale is treated over all its years together, or each by itself, as COINr does.
    `force`: whatever the skewness and the kurtosis are.
    """

    method: str = "none"
    skew: float = 2.0
    kurtosis: float = 3.5
    points: int = 5
    log: LogForm = "ct"
    power: float | None = None
    years: TreatYears = "together"
    force: bool = False


@dataclass(frozen=True, slots=True)
class Weighting:
    """Where the weights come from.

    `lower`, `upper`: the bounds of an indicator's share under `bod`. `on`: whether `entropy` and `bod` look at the
    values as they are or at min-max scores, with directions; None: `entropy` at the values, `bod` at the scores.
    """

    method: str = "printed"
    lower: float = 0.0
    upper: float = 1.0
    on: WeighBasis | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """Which regions are not ranked: those with too few values, or with too few that are not zero.

    `availability` and `nonzero` are the least shares of the indicators, None to leave the test out. `keep` and `drop`
    name regions that are ranked or not whatever the tests say. `by_pillar` is the least share of the indicators of
    every part right under the top, whatever the others have.
    """

    availability: float | None = 2 / 3
    nonzero: float | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    by_pillar: float | None = None


@dataclass(frozen=True, slots=True)
class Rescaling:
    """The last step: onto which scale the scores of the index and of its pillars are brought.

    `best`: the score of the best region under `share_of_best`; `mean`: that of the mean under `share_of_mean`; `lower`,
    `upper`: the ends of `minmax`.
    """

    method: str = "none"
    best: float = 1.0
    mean: float = 100.0
    lower: float = 0.0
    upper: float = 100.0


@dataclass(frozen=True, slots=True)
class Tiering:
    """How the ranked regions fall into tiers. `count`: how many; `cuts`: the least scores of all tiers but the last.

    `on`: what `kmeans` looks at: the score, the scores of all pillars, or the normalised values of all indicators.
    """

    method: str
    count: int
    cuts: tuple[float, ...] = ()
    on: TierBasis = "scores"


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The rules of one indicator that stand in place of those of its index, None where it has none of its own."""

    transformation: tuple[Transformation, ...] = ()
    normalisation: Normalisation | None = None
    treatment: Treatment | None = None
    imputation: Imputation | None = None


USUAL_MISSING = Missing("skip", 0.5)
"""What a missing value does in an index that is made of a table, whichever way the table comes in."""

NO_IMPUTATION, NO_TREATMENT, AS_PRINTED = Imputation(), Treatment(), Weighting()
"""The rules of an index that says nothing of these steps."""

NO_RESCALING = Rescaling()
"""Scores stay as they are aggregated."""

NO_RULES = OwnRules()
"""Those of an indicator that has none of its own."""


def places_by_rule(rules: Sequence[Rule]) -> dict[Rule, list[int]]:
    """The places of the columns that have a rule in common, by the rule; `rules` has that of every column."""
    found: dict[Rule, list[int]] = {}
    for place, rule in enumerate(rules):
        found.setdefault(rule, []).append(place)
    return found
