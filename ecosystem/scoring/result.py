"""Scores of regions, with every intermediate and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ecosystem.errors import SpecError
from ecosystem.index import Index, IndexScores, Indicator, Standing
from ecosystem.index.prepare import ALONE, Auxiliary
from ecosystem.index.steps.tiers import Tiers, tier
from ecosystem.index.value_table import ValueTable
from ecosystem.metrics import Evidence, Measures, Metric, Window
from ecosystem.regions import Regions
from ecosystem.scoring.score_tables import for_people, tidy_table, wide_table
from ecosystem.store import LoadedDataset


def metric_of(leaf: Indicator) -> str | None:
    """The metric that an indicator comes from, None for one that comes from elsewhere."""
    return leaf.source.name if leaf.source is not None and leaf.source.kind == "metric" else None


@dataclass(frozen=True)
class Scores:
    """Scores of the ranked regions, with every intermediate and where each came from.

    `standing` holds the arrays (raw, normalised, weighted, pillars, overall, ranks, coverage), `groups` those of the
    level's groups, if it has any. `missing` gives for each indicator without a single value the reason, `unranked` the
    regions that the index ranks and the hierarchy or the table does not know, `screened` those that are left out and
    why. `table` is the table of values, `tabled` the column of it that each indicator comes from, by code; `auxiliary`
    what `evaluate` took beside the values.
    """

    index: Index
    level: str
    window: Window
    standing: IndexScores
    groups: Standing | None
    measures: Measures
    regions: Regions
    missing: Mapping[str, str]
    unranked: tuple[str, ...]
    dataset: LoadedDataset
    store: str = field(repr=False)
    table: ValueTable | None = field(default=None, repr=False)
    tabled: Mapping[str, str] = field(default_factory=dict)
    screened: Mapping[str, str] = field(default_factory=dict)
    auxiliary: Auxiliary = field(default=ALONE, repr=False)

    @property
    def undated(self) -> tuple[str, ...]:
        """The indicators that a window does not touch: metrics without a date, columns of a table without years."""
        metrics = self.measures.metrics
        return tuple(leaf.code for leaf in self.index.leaves if self._undated(leaf, metrics))

    def _undated(self, leaf: Indicator, metrics: Mapping[str, Metric]) -> bool:
        if leaf.code in self.tabled:
            return self.table is not None and not self.table.dated
        name = metric_of(leaf)
        return name is not None and not metrics[name].dated

    @property
    def tiers(self) -> Tiers | None:
        """The tier of each ranked region, None where the index has no tiers."""
        return None if self.index.tiers is None else tier(self.standing.overall, self.index.tiers)

    @property
    def constant(self) -> tuple[str, ...]:
        """The indicators whose values are all equal: they score 0 for every region."""
        flags = self.standing.constant & ~self.standing.all_missing
        return tuple(leaf.code for leaf, flag in zip(self.index.leaves, flags, strict=True) if flag)

    def evidence(self, code: str) -> Evidence:
        """The matches behind an indicator that comes from a metric. Raises SpecError for any other."""
        sources = {leaf.code: None if leaf.code in self.tabled else metric_of(leaf) for leaf in self.index.leaves}
        name = sources.get(code)
        if name is None:
            known = ", ".join(leaf for leaf, source in sources.items() if source)
            raise SpecError(f"{code!r} is no indicator that comes from a metric", hint=f"those are {known}")
        return self.measures.evidence(name)

    def overall(self, lang: str = "en") -> pd.DataFrame:
        """The ranked table in one language: rank, region, score, pillars, coverage; the best region first."""
        return for_people(self, wide_table(self, self.standing), lang)

    def to_pandas(self) -> pd.DataFrame:
        """Every score in tidy long form: a row per region and code, at every level of the hierarchy."""
        return tidy_table(self)

    def _repr_html_(self) -> str:
        return str(self.overall().to_html(index=False, float_format="{:.2f}".format))
