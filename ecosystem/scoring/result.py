"""Scores of regions, with every intermediate and where each came from; as a ranked table and in tidy form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.errors import SpecError, did_you_mean, refuse_unknown
from ecosystem.headings import heading
from ecosystem.index import OTHERS, Index, IndexScores, Standing, Text, other_regions
from ecosystem.index.arrays import IntArray
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary
from ecosystem.index.rule_text import describe_weighing
from ecosystem.index.steps.rank import UNRANKED
from ecosystem.index.steps.tiers import NO_TIER, Tiers
from ecosystem.indicator_source import IndicatorSource, SourceEvidence, Window
from ecosystem.messages import LANGUAGES, listed, speaking, tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.regions import Regions
from ecosystem.scoring.earlier import EarlierScores, part_coverage, part_ranks, with_changes
from ecosystem.scoring.extras import (
    NO_EXTRAS,
    OTHER_REGIONS,
    Extras,
    extras,
    group_marks,
    rank_column,
    rank_columns_of,
    rank_series,
    rank_words,
)
from ecosystem.scoring.result_columns import part_columns
from ecosystem.scoring.step_changes import cell_marks, imputed_in
from ecosystem.scoring.tier_tables import tier_means, tiers_of
from ecosystem.scoring.value_years import Years, year_column, year_notes, years_of_regions
from ecosystem.store import GraphStore, LoadedDataset

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Scores:
    """Scores of the ranked regions, with every intermediate and where each came from.

    `standing` holds the arrays (raw, normalised, weighted, pillars, overall, ranks, coverage), `groups` those of the
    level's groups, if it has any. `missing` gives for each indicator without a single value the reason, `unranked` the
    regions that the index ranks and the hierarchy or the table does not know, `screened` those that are left out and
    why. `sources` gives, by code, where each indicator comes from, `undated_matches` how many of its matches have no
    year; `graph` is the open store, None where all comes from a `table` of values, `store` its address, else the path
    of the table; `auxiliary` is what `evaluate` took beside the values, `years` the year of each value of a column that
    has years.
    """

    index: Index
    level: str
    window: Window
    standing: IndexScores
    groups: Standing | None
    sources: Mapping[str, IndicatorSource] = field(repr=False)
    regions: Regions
    missing: Mapping[str, str]
    unranked: tuple[str, ...]
    dataset: LoadedDataset
    store: str = field(repr=False)
    graph: GraphStore | None = field(default=None, repr=False)
    table: ValueTable | None = field(default=None, repr=False)
    undated_matches: Mapping[str, int] = field(default_factory=dict, repr=False)
    unclassed_matches: Mapping[str, int] = field(default_factory=dict, repr=False)
    screened: Mapping[str, str] = field(default_factory=dict)
    auxiliary: Auxiliary = field(default=NO_AUXILIARY, repr=False)
    years: Years = field(default_factory=dict, repr=False)

    @property
    def undated(self) -> tuple[str, ...]:
        """The indicators that a window does not touch: metrics without a date, columns without years."""
        return tuple(leaf.code for leaf in self.index.leaves if not self.sources[leaf.code].dated)

    @property
    def tiers(self) -> Tiers | None:
        """The tier of each ranked region, None where the index has no tiers."""
        return tiers_of(self.standing)

    @property
    def tier_means(self) -> pd.DataFrame | None:
        """The means of every tier over the columns that clusters are made over; None where tiers are no clusters."""
        return tier_means(self.standing)

    @property
    def constant(self) -> tuple[str, ...]:
        """The indicators whose values are all equal: they score 0 for every region."""
        flags = self.standing.constant & ~self.standing.all_missing
        return tuple(leaf.code for leaf, flag in zip(self.index.leaves, flags, strict=True) if flag)

    @property
    def years_used(self) -> frozenset[str]:
        """The years of the values that come from columns with years, `no year` in words for those without one."""
        found = years_of_regions(self.index, self.standing.raw, self.years)
        return frozenset(year for years in found for year in years)

    @property
    def year_notes(self) -> list[str]:
        """Which years the values are from, and by what rule, in words; none where no value has a year."""
        names = [names_of(self, region).en for region in self.standing.regions]
        return year_notes(self.index, self.standing.raw, self.years, names)

    @property
    def weighing(self) -> tuple[str, ...]:
        """What the weights rest on, in sentences, where they come from the data."""
        return tuple(describe_weighing(self.index.weighting.method, self.standing.weighing))

    def evidence(self, code: str) -> SourceEvidence:
        """The matches behind an indicator that comes from a metric. Raises SpecError for any other."""
        found = self.sources[code].evidence(self.window) if code in self.sources else None
        if found is None:
            known = [name for name, source in self.sources.items() if source.no_matches is None]
            raise SpecError(
                tr("{code!r} is not an indicator that comes from a metric", code=code),
                hint=did_you_mean(code, known),
            )
        return found

    def overall(
        self, lang: str = "en", *, ranks: str | None = None, against: EarlierScores | None = None
    ) -> pd.DataFrame:
        """The ranked table in one language: rank, region, score, pillars, coverage; the best region first.

        `ranks` adds those of the parts of the index: `all`, `pillar` or `indicator`; `against` what has changed since
        earlier scores.
        """
        refuse_unknown(lang, LANGUAGES, tr("there is no language {lang!r}", lang=lang))
        with speaking(lang):
            return for_people(self, wide_table(self, self.standing, extras(ranks, against)), lang)

    def ranks(self, parts: str = "all") -> pd.DataFrame:
        """Ranks of regions, then of groups: kind, region, both names, rank, and a column `<code>_rank` per part.

        `parts` are `all`, or those of a kind, `pillar` or `indicator`; ties by the rule of the index. A rank is missing
        where there is no score.
        """
        both = [("region", self.standing), *([("group", self.groups)] if self.groups is not None else [])]
        frames = [wide_table(self, standing, extras(parts)).assign(kind=kind) for kind, standing in both]
        columns = [rank_column(part) for part in extras(parts).parts(self.index)]
        names = ["kind", "region", "region_zh", "region_en", "rank", *columns]
        return pd.concat([frame[names].astype({"rank": "Int64"}) for frame in frames], ignore_index=True)

    def to_pandas(self) -> pd.DataFrame:
        """Every score in tidy long form: a row per region and code, at every level of the hierarchy."""
        return tidy_table(self)

    def plot(self, kind: str = "bar", **options: Any) -> Figure:
        """The picture of the scores: `bar`, `dot`, `radar`, `correlations`, `distributions`; see `ecosystem.plot`."""
        return picture(self, kind=kind, **options)

    @property
    def _title(self) -> str:
        facts = {"index": self.index.id, "count": len(self.standing.regions), "level": self.level}
        facts |= {"years": str(self.window), "data": self.dataset.name}
        if self.window.given:
            return tr("{index}: scores of {count} regions, level {level}, years {years}; data: {data}", **facts)
        return tr("{index}: scores of {count} regions, level {level}; data: {data}", **facts)

    def __repr__(self) -> str:
        order = best_first(self.standing.overall_rank, self.standing.regions)[:3]
        names = (names_of(self, self.standing.regions[row]).to(one_language()) for row in order)
        first = (f"{name} {self.standing.overall[row]:.2f}" for name, row in zip(names, order, strict=True))
        return few_lines(
            self._title,
            self.index.title.to(one_language()),
            tr("first: {names}", names=", ".join(first)),
            tr("without any value: {names}", names=named(self.missing)) if self.missing else "",
            more="overall(), to_pandas(), plot(), ecosystem.explain(scores, REGION), ecosystem.knockout(scores, NAME)",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, self.overall(one_language()))


def names_of(scores: Scores, region: str) -> Text:
    """The names of a region or a group of the index."""
    if region == OTHERS:
        return OTHER_REGIONS
    for group in scores.index.level(scores.level).groups:
        if group.id == region:
            return group.name
    known = scores.regions[region]
    return Text(known.name, known.name_en or known.name)


def wide_table(scores: Scores, standing: Standing, beside: Extras = NO_EXTRAS) -> pd.DataFrame:
    """A row per region, the best first: rank, region, both names, score, a column per pillar, coverage, mark.

    And what `beside` asks for: ranks of parts, what has changed since earlier scores.
    """
    columns = part_columns(scores.index.pillars)
    pillars = {column: standing.pillars[:, place] for place, column in enumerate(columns)}
    names = [names_of(scores, region) for region in standing.regions]
    frame = pd.DataFrame(
        {
            "rank": rank_series(standing.overall_rank),
            "region": standing.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": standing.overall,
            **pillars,
            **rank_columns_of(standing, beside),
            "coverage": standing.coverage,
            "mark": [tr("low coverage") if low else "" for low in standing.low_coverage],
        }
    )
    if scores.screened:
        reasons = [scores.screened.get(region, "") for region in standing.regions]
        frame["mark"] = [
            tr("not ranked: {why}", why=why) if why else mark for why, mark in zip(reasons, frame["mark"], strict=True)
        ]
    if standing is scores.standing:
        frame["mark"] = [listed(notes, "; ") for notes in zip(frame["mark"], imputed_in(standing), strict=True)]
    if standing is scores.standing and (tiers := scores.tiers) is not None:
        frame.insert(2, "tier", pd.Series(tiers.of, dtype="Int64").replace(NO_TIER, pd.NA))
    if standing is scores.standing and len(scores.years_used) > 1:
        found = years_of_regions(scores.index, scores.standing.raw, scores.years)
        frame["year"] = [", ".join(years) for years in found]
    if scores.index.overrides:
        frame["overrides"] = listed(scores.index.overrides, "; ")
    if standing is not scores.standing:
        frame["mark"] = group_marks(standing, scores.standing.regions)
    frame = frame.iloc[best_first(standing.overall_rank, standing.regions)].reset_index(drop=True)
    return frame if beside.before is None else with_changes(frame, beside.before, scores.index.top.code)


def group_table(scores: Scores, beside: Extras = NO_EXTRAS) -> pd.DataFrame | None:
    """The groups as `wide_table` has them, and below them what lies in none, if that is asked for; None without groups.

    The column `kind` is `group`, and `others` for the regions that lie in no group, which have no rank.
    """
    if scores.groups is None:
        return None
    groups = wide_table(scores, scores.groups, beside).assign(kind="group")
    others = other_regions(scores.standing) if beside.others else None
    if others is None:
        return groups
    rest = wide_table(scores, others, beside).assign(kind=OTHERS)
    return pd.concat([groups.astype({"rank": "Int64"}), rest.astype({"rank": "Int64"})], ignore_index=True)


def best_first(ranks: IntArray, regions: Sequence[str]) -> list[int]:
    """The rows by rank, then by region; those that are not ranked last."""
    return sorted(range(len(regions)), key=lambda row: (ranks[row] == UNRANKED, ranks[row], regions[row]))


def for_people(scores: Scores, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A wide table in one language: one name, headings in words, no column that says nothing."""
    # names are Chinese beside headings in both languages
    own, other = ("en", "zh") if lang == "en" else ("zh", "en")
    pillars = scores.index.pillars
    words = dict(zip(part_columns(pillars), part_columns(pillars, lang), strict=True))
    words |= rank_words(scores.index.indicators, lang)
    shown = frame.drop(columns=["region", f"region_{other}", "kind"], errors="ignore")
    if not (shown["mark"] != "").any():
        shown = shown.drop(columns="mark")
    shown = shown.rename(columns={f"region_{own}": "region", "score": "overall"})
    return shown.rename(columns={name: words.get(name) or heading(name, lang) for name in shown.columns})


def tidy_table(scores: Scores, beside: Extras = NO_EXTRAS) -> pd.DataFrame:
    """A row per region and code, at every level of the hierarchy, groups after regions, then the others if asked for.

    Columns: index, kind, region, region_zh, region_en, level, code, name_zh, name_en, raw, normalised, score, rank,
    coverage. `level` is that of the hierarchy: 1 for an indicator. `raw` and `normalised` are an indicator's, and so is
    `year`, which is there where the values of a column with years are, and `change`, which says what a step has done to
    the value and is there where one has done something.
    """
    frames = list(_tidy(scores, scores.standing, "region"))
    if scores.groups is not None:
        frames += _tidy(scores, scores.groups, "group")
    others = other_regions(scores.standing) if beside.others else None
    if others is not None:
        frames += _tidy(scores, others, OTHERS)
    whole = pd.concat(frames, ignore_index=True)
    if beside.before is not None:
        whole = with_changes(whole, beside.before)
    marks = cell_marks(scores.standing)
    if marks:
        keys = zip(whole["kind"], whole["region"], whole["code"], strict=True)
        whole["change"] = [marks.get((region, code), "") if kind == "region" else "" for kind, region, code in keys]
    return whole.assign(overrides=listed(scores.index.overrides, "; ")) if scores.index.overrides else whole


def _tidy(scores: Scores, standing: Standing, kind: str) -> Iterator[pd.DataFrame]:
    index = scores.index
    names = [names_of(scores, region) for region in standing.regions]
    for level in range(index.depth, 0, -1):
        ranks = part_ranks(standing, level)
        for place, part in enumerate(index.at(level)):
            points = standing.at(level)[:, place]
            leaf = level == 1 and standing is scores.standing
            yield pd.DataFrame(
                {
                    "index": index.id,
                    "kind": kind,
                    "region": standing.regions,
                    "region_zh": [name.zh for name in names],
                    "region_en": [name.en for name in names],
                    "level": level,
                    "code": part.code,
                    "name_zh": part.name.zh,
                    "name_en": part.name.en,
                    "raw": scores.standing.raw[:, place] if leaf else np.nan,
                    "normalised": scores.standing.normalised[:, place] if leaf else np.nan,
                    "score": points,
                    "rank": ranks[:, place],
                    "coverage": part_coverage(standing, level)[:, place],
                    **year_column(scores.years, part.code if leaf else "", len(points)),
                }
            )
