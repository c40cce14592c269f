"""Values of regions as shares of the whole and of the parent, ranked, with what the others have, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.messages import listed, spoken, tr
from ecosystem.metrics.contributions import Adding, adding, looks_at_region
from ecosystem.metrics.measure import Measures, parameters_of
from ecosystem.metrics.metric_check import bind_metrics
from ecosystem.metrics.yearly_values import WHOLE_WINDOW, values_asked, years_asked
from ecosystem.progress import Progress, silent
from ecosystem.regions import Region, Regions
from ecosystem.regions.hierarchy import GROUP
from ecosystem.store import stored_regions

WHOLE = "country"
"""The level of what a share of the total is a share of."""

TOGETHER, OTHERS = "shown", "others"
"""What stands in place of a region: the regions that are shown together, and all others."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the values of one metric add up; `local` where what counts depends on the region that is asked for."""

    adding: Adding
    local: bool


def shares(
    measures: Measures,
    *,
    by_year: bool = False,
    top: int | None = None,
    others: bool = False,
    within: str | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """A row per metric and region, the highest value first: shares of the total and of the parent, in percent, rank.

    Columns `metric, year, region, value, whole, total, total_share, parent, parent_total, parent_share, rank, change,
    growth_percent, note`. The total is the value of the country that the region lies in, the parent's that of the
    region right above, each asked of the graph again: so cities need not cover their country. Of countries the total
    is their sum. Equal values share the best rank. A share is NaN for a mean, a ratio or a minimum, whose parts do
    not add up, and of 0; `note` gives the reason, and says where shares overlap.

    `by_year` gives a row for every year of the window, or from a metric's first match to the last: `change` is against
    the year before, `growth_percent` in percent of it, NaN where that was 0. A metric that is not dated has one row and
    no year. `top` keeps the first regions of each metric, by the last year; `others` adds two rows: `shown`, these
    together, and `others`, the total less these. `within` keeps the regions that lie in another, such as a group, and
    makes its value the total. `attrs["notes"]` of the frame are sentences on the table as a whole.

    MetricError where by_year is asked for and no metric is dated; UsageError for a `top` below 1, and where no region
    of the level lies in `within`; RegionError for a name that no region has.

    >>> measures = ecosystem.measure("demo/graph.duckdb", "company_count", level="group")
    >>> table = ecosystem.shares(measures, others=True)
    >>> [f"{share:.2f} %" for share in table["total_share"].iloc[-2:]]
    ['90.32 %', '9.68 %']
    """
    if top is not None and top < 1:
        raise UsageError(tr("the number of regions is at least 1, not {top}", top=top))
    regions = stored_regions(measures.store)
    place = None if within is None else regions.resolve(within)
    spans = years_asked(measures) if by_year else {}
    years = sorted({year for span in spans.values() for year in span})
    kinds = _kinds(measures)
    own = values_asked(measures, measures.metrics, measures.level, years, progress)
    if by_year:
        pairs = zip(own["metric"], own["year"], strict=True)
        own = own[[year == WHOLE_WINDOW or year in spans[metric] for metric, year in pairs]]
    own, above = _above(regions, own, place, measures.level)
    frame = own.merge(above, on="region", how="left")
    frame = _measured_against(frame, measures, regions, kinds, years)
    frame = _ranked(frame, by_year)
    overlaps = _overlaps(regions, above["region"])
    frame["note"] = [
        _note(measures, metric, kinds[metric], overlaps.get(region, []), regions, value, total, share)
        for metric, region, value, total, share in zip(
            frame["metric"], frame["region"], frame["value"], frame["total"], frame["total_share"], strict=True
        )
    ]
    shown = frame if top is None else _first(frame, top)
    if others:
        shown = pd.concat([shown, _rest(shown, kinds, overlaps)], ignore_index=True)
    shown = _ordered(shown, list(measures.metrics))
    shown.attrs["notes"] = _notes(measures, regions, above)
    return shown


def _kinds(measures: Measures) -> dict[str, _Kind]:
    queries = bind_metrics(measures.metrics.values(), measures.store.schema)
    return {
        name: _Kind(
            adding(queries[name], parameters_of(metric, measures.level, measures.window)),
            looks_at_region(queries[name]),
        )
        for name, metric in measures.metrics.items()
    }


def _above(regions: Regions, own: pd.DataFrame, within: str | None, level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values of the regions that are meant, and `region, whole, parent` of each.

    The whole is `within`, else the country that a region, or every member of a group, lies in.
    """
    closure = regions.closure()
    if within is not None:
        inside = {region for region, above in closure if above == within and region != within}
        own = own[own["region"].isin(inside)]
        if own.empty:
            raise UsageError(
                tr("no region of the level {level!r} lies in {region}", level=level, region=regions[within]),
                hint=tr("give another --level"),
            )
    countries: dict[str, set[str]] = {}
    for region, above in closure:
        if regions[above].level == WHOLE and region != above:
            countries.setdefault(region, set()).add(above)
    rows = []
    for region in own["region"].unique():
        members = regions[region].members or (region,)
        found: set[str] = set().union(*(countries.get(member, set()) for member in members))
        whole = within or (next(iter(found)) if len(found) == 1 else None)
        rows.append((region, whole, regions[region].parent))
    return own, pd.DataFrame(rows, columns=["region", "whole", "parent"], dtype="object")


def _measured_against(
    frame: pd.DataFrame,
    measures: Measures,
    regions: Regions,
    kinds: Mapping[str, _Kind],
    years: Sequence[int],
) -> pd.DataFrame:
    """With `total, total_share, parent_total, parent_share`."""
    wanted = {name: one for name, one in measures.metrics.items() if kinds[name].adding != "none"}
    asked = {name: one for name, one in wanted.items() if not kinds[name].local}
    levels = {regions[name].level for name in pd.concat([frame["whole"], frame["parent"]]).dropna().unique()}
    parts = [values_asked(measures, asked, level, years) for level in sorted(levels) if asked]
    larger = pd.concat(parts, ignore_index=True) if parts else frame.iloc[:0][["metric", "year", "region", "value"]]
    sums = {name for name in wanted if kinds[name].adding == "sum"}
    for column, total in (("whole", "total"), ("parent", "parent_total")):
        found = larger.rename(columns={"region": column, "value": total})
        frame = frame.merge(found[["metric", "year", column, total]], on=["metric", "year", column], how="left")
        # what cannot be asked of a larger region is added up over the regions within it
        added = frame["metric"].isin(sums) & (measures.level != GROUP) & frame[total].isna()
        added &= frame[column].isna() if column == "whole" else frame[column].notna()
        added |= frame["metric"].isin(sums - set(asked)) & (measures.level != GROUP) & frame[column].notna()
        keys = [frame["metric"], frame["year"], frame[column].fillna("")]
        summed = frame["value"].groupby(keys).transform(lambda values: values.sum(min_count=1))
        frame[total] = frame[total].where(~added, summed).astype("float64")
        frame[f"{total.removesuffix('_total')}_share"] = _percent(frame["value"], frame[total])
    return frame


def _percent(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    """100 times the quotient; NaN of 0, since a share of nothing is none."""
    return 100 * part / whole.where(whole != 0)


def _ranked(frame: pd.DataFrame, by_year: bool) -> pd.DataFrame:
    """With `rank` within metric and year, and `change` and `growth_percent` against the year before."""
    frame["rank"] = frame.groupby(["metric", "year"])["value"].rank(method="min", ascending=False).astype("Int64")
    frame["change"] = np.nan
    frame["growth_percent"] = np.nan
    if by_year:
        frame = frame.sort_values(["metric", "region", "year"], kind="stable", ignore_index=True)
        before = frame.groupby(["metric", "region"])["value"].shift()
        frame["change"] = frame["value"] - before
        frame["growth_percent"] = _percent(frame["change"], before)
    return frame


def _first(frame: pd.DataFrame, top: int) -> pd.DataFrame:
    """The rows of the first regions of each metric, by the last year; in the order of regions where they are equal."""
    last = frame[frame["year"] == frame.groupby("metric")["year"].transform("max")]
    chosen = last.sort_values(["metric", "rank", "region"], kind="stable").groupby("metric").head(top)
    return frame.merge(chosen[["metric", "region"]], on=["metric", "region"])


def _overlaps(regions: Regions, asked: Iterable[str]) -> dict[str, list[str]]:
    """By group the others that share a region with it."""
    inside: dict[str, set[str]] = {name: set() for name in asked if regions[name].level == GROUP}
    for region, above in regions.closure():
        if above in inside and region != above:
            inside[above].add(region)
    found: dict[str, list[str]] = {}
    for one, other in combinations(inside, 2):
        if inside[one] & inside[other]:
            found.setdefault(one, []).append(other)
            found.setdefault(other, []).append(one)
    return found


def _rest(shown: pd.DataFrame, kinds: Mapping[str, _Kind], overlaps: Mapping[str, object]) -> pd.DataFrame:
    """Two rows per metric, year and whole: what the shown regions have together, and what is left of the total."""
    keys = ["metric", "year", "whole"]
    grouped = shown.assign(whole=shown["whole"].fillna("")).groupby(keys, sort=False)
    sums = grouped.agg(value=("value", lambda values: values.sum(min_count=1)), total=("total", "first")).reset_index()
    overlapping = grouped["region"].agg(lambda names: bool(set(names) & set(overlaps))).to_numpy(dtype=bool)
    kind = sums["metric"].map(lambda name: kinds[name].adding)
    sums["whole"] = sums["whole"].where(sums["whole"] != "", None)
    adds = (kind == "sum") & ~overlapping
    sums["value"] = sums["value"].where(adds)
    left = sums["total"] - sums["value"]
    left = left.where(~np.isclose(sums["value"], sums["total"], rtol=1e-12, atol=0), 0.0).where(left.notna())
    note = [
        "" if fine else tr("the groups overlap") if shared and one == "sum" else _reason(one)
        for fine, shared, one in zip(adds, overlapping, kind, strict=True)
    ]
    rows = []
    for region, value in ((TOGETHER, sums["value"]), (OTHERS, left)):
        rows.append(sums.assign(region=region, value=value, total_share=_percent(value, sums["total"]), note=note))
    rest = pd.concat(rows, ignore_index=True)
    before = rest.groupby(["metric", "region", rest["whole"].fillna("")])["value"].shift()
    return rest.assign(change=rest["value"] - before, growth_percent=_percent(rest["value"] - before, before))


def _ordered(frame: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """By metric as asked, region by its rank of the last year, then the years; the rest at the end."""
    last = frame[frame["year"] == frame.groupby("metric")["year"].transform("max")]
    place = last[["metric", "region", "rank"]].rename(columns={"rank": "_place"}).drop_duplicates(["metric", "region"])
    frame = frame.merge(place, on=["metric", "region"], how="left")
    frame["_metric"] = frame["metric"].map({name: at for at, name in enumerate(metrics)})
    frame["_rest"] = frame["region"].map({TOGETHER: 1, OTHERS: 2}).fillna(0)
    order = ["_metric", "_rest", "_place", "region", "year"]
    frame = frame.sort_values(order, kind="stable", na_position="last", ignore_index=True)
    year = frame["year"].where(frame["year"] != WHOLE_WINDOW).astype("Int64")
    names = [
        "metric", "year", "region", "value", "whole", "total", "total_share", "parent", "parent_total", "parent_share",
        "rank", "change", "growth_percent", "note",
    ]  # fmt: skip
    return frame.assign(year=year)[names]


def _reason(kind: Adding) -> str:
    """Why there is no share, or what has to be known of it."""
    if kind == "none":
        return tr("a mean, a ratio, a minimum and the like have no share: their parts do not add up")
    return tr("the same can count in several regions, so values do not add up")


def _note(
    measures: Measures, metric: str, kind: _Kind, overlapping: list[str], regions: Regions, *numbers: float
) -> str:
    """What has to be known of a row's share, or why it has none."""
    value, total, share = numbers
    if np.isnan(value):
        return measures.missing.get(metric, "")
    said: list[str] = []
    if kind.adding != "sum":
        said.append(_reason(kind.adding))
    elif total == 0:
        said.append(tr("a share of 0 is none"))
    elif np.isnan(share):
        said.append(tr("what counts depends on the region, so its share of a larger one is not defined"))
    if overlapping and not np.isnan(share):
        said.append(tr("overlaps with {groups}", groups=listed([_called(regions[name]) for name in overlapping])))
    return "; ".join(said)


def _notes(measures: Measures, regions: Regions, above: pd.DataFrame) -> list[str]:
    """What has to be known of the table as a whole."""
    if measures.level != GROUP:
        return []
    closure = [(region, over) for region, over in regions.closure() if regions[region].level != GROUP]
    groups = set(above["region"])
    covered = {region for region, over in closure if over in groups}
    said = []
    for whole in above["whole"].dropna().unique():
        if {region for region, over in closure if over == whole and region != whole} - covered:
            name = _called(regions[whole])
            said.append(tr("the groups do not cover {whole}: their shares need not add up to 100 %", whole=name))
    return said


def _called(region: Region) -> str:
    """The name of a region in the language of the run."""
    return region.name if spoken() == "zh" else region.name_en or region.name
