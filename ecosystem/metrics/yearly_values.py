"""Values of metrics at a level of regions, of the whole window or of every year of it: what shares are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ecosystem.errors import MetricError
from ecosystem.messages import tr
from ecosystem.metrics.measure import Measures, measure, parameters_of
from ecosystem.metrics.metric import Metric
from ecosystem.metrics.metric_check import bind_metrics
from ecosystem.progress import Progress, silent
from ecosystem.query.file_check import lacking
from ecosystem.query.statement_tree import Item
from ecosystem.query.tree import Call

WHOLE_WINDOW = -1
"""The year of a value of the whole window."""


def years_asked(measures: Measures) -> dict[str, range]:
    """The years of each dated metric: those of the window, open ends closed by its first and its last match.

    A stock lasts until the last year of any of them.
    """
    since, until = measures.window.since, measures.window.until
    dated = {name: one for name, one in measures.metrics.items() if one.dated is not None}
    if not dated:
        raise MetricError(
            tr("none of the metrics is dated, so there are no years: {codes}", codes=", ".join(measures.metrics)),
            hint=tr("leave out --by-year"),
        )
    if since is not None and until is not None:
        return dict.fromkeys(dated, range(since, until + 1))
    found = {name: years for name in dated if (years := _years_of(measures, name))}
    if not found:
        raise MetricError(tr("no match of the metrics has a year"), hint=tr("leave out --by-year"))
    last = max(map(max, found.values()))
    spans = dict.fromkeys(dated, range(0))
    for name, years in found.items():
        end = last if dated[name].dating == "stock" else max(years)
        spans[name] = range(min(years) if since is None else since, (end if until is None else until) + 1)
    return spans


def _years_of(measures: Measures, name: str) -> set[int]:
    """The years of which a metric has a match."""
    metric = measures.metrics[name]
    query = bind_metrics([metric], measures.store.schema)[name]
    if metric.dated is None or lacking(query) is not None:
        return set()
    asked = query.returning((Item(metric.dated, "year"), Item(Call("count", ()), "matches")))
    rows = measures.store.query(asked, parameters_of(metric, measures.level, measures.window)).read_all()
    return {int(year) for year in rows["year"].to_pylist() if year is not None}


def values_asked(
    measures: Measures, metrics: Mapping[str, Metric], level: str, years: Sequence[int], progress: Progress = silent
) -> pd.DataFrame:
    """`metric, year, region, value` of every region of a level: for each of the years, or for the whole window."""
    store, window = measures.store, measures.window
    if not years:
        same = level == measures.level and len(metrics) == len(measures.metrics)
        found = measures if same else measure(store, metrics, level=level, since=window.since, until=window.until)
        return found.values.assign(year=WHOLE_WINDOW)
    dated = {name: metric for name, metric in metrics.items() if metric.dated is not None}
    frames = []
    if len(dated) < len(metrics):
        undated = {name: metric for name, metric in metrics.items() if metric.dated is None}
        frames.append(measure(store, undated, level=level).values.assign(year=WHOLE_WINDOW))
    for done, year in enumerate(years if dated else ()):
        progress(tr("years"), done, len(years))
        frames.append(measure(store, dated, level=level, since=year, until=year).values.assign(year=year))
    progress(tr("years"), len(years), len(years))
    return pd.concat(frames, ignore_index=True)
