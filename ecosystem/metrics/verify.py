"""Whether two stores say the same: counts, then the values and the evidence of every metric."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ecosystem.errors import Finding
from ecosystem.messages import tr, tr_later
from ecosystem.metrics.measure import Measures, measure
from ecosystem.metrics.metric import Metric
from ecosystem.progress import Progress, silent
from ecosystem.store import GraphStore

TOLERANCE = 1e-9
"""How far two values may differ, as a share of the larger; counts and sums of integers may not at all."""
SHOWN = 5
"""Rows of evidence that are named of those that stand on one side only."""


def verify(
    store: GraphStore,
    reference: GraphStore,
    metrics: Mapping[str, Metric],
    *,
    level: str = "province",
    since: int | None = None,
    until: int | None = None,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """Every difference of a store from a reference, as findings; none when they agree."""
    counts = tuple(_counts(store, reference))
    ours, theirs = (
        measure(each, metrics, level=level, since=since, until=until, progress=silent) for each in (store, reference)
    )
    findings = [*counts, *_values(ours, theirs)]
    for number, metric in enumerate(metrics):
        progress(tr("evidence"), number, len(metrics))
        findings += _evidence(metric, ours, theirs)
    progress(tr("evidence"), len(metrics), len(metrics))
    return tuple(findings)


def _counts(store: GraphStore, reference: GraphStore) -> Iterator[Finding]:
    ours, theirs = store.count(), reference.count()
    for name in dict.fromkeys([*ours, *theirs]):
        if ours.get(name, 0) != theirs.get(name, 0):
            message = tr(
                "{here:,} {name} here, {there:,} in {url}",
                name=name,
                here=ours.get(name, 0),
                there=theirs.get(name, 0),
                url=reference.url,
            )
            yield Finding("error", "count_differs", message, store.url)


def _values(ours: Measures, theirs: Measures) -> Iterator[Finding]:
    both = ours.values.merge(theirs.values, on=["metric", "region"], how="outer", suffixes=("_ours", "_theirs"))
    columns = (both[name].tolist() for name in ("metric", "region", "value_ours", "value_theirs"))
    for metric, region, here, there in zip(*columns, strict=True):
        if not same(here, there):
            message = tr(
                "{metric} of {region} is {here!r} here and {there!r} in {url}",
                metric=metric,
                region=region,
                here=here,
                there=there,
                url=theirs.store.url,
            )
            yield Finding("error", "value_differs", message, ours.store.url)


def same(one: float, other: float) -> bool:
    """True for equal values: whole numbers exactly, others to 1e-9, missing ones with each other."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    if one.is_integer() and other.is_integer():
        return one == other
    return math.isclose(one, other, rel_tol=TOLERANCE)


_NOT_HERE = tr_later("{metric}: {count:,} rows of evidence are not here: {rows}")
_ONLY_HERE = tr_later("{metric}: {count:,} rows of evidence are only here: {rows}")


def _evidence(metric: str, ours: Measures, theirs: Measures) -> Iterator[Finding]:
    if metric in ours.missing and metric in theirs.missing:
        return
    here, there = (each.evidence(metric).frame() for each in (ours, theirs))
    matched = [name for name in here.columns if not name.startswith("arg")]
    one, other = (Counter(_tuples(frame[matched])) for frame in (here, there))
    for missing, text in ((other - one, _NOT_HERE), (one - other, _ONLY_HERE)):
        if missing:
            message = tr(text, metric=metric, count=sum(missing.values()), rows=_shown(list(missing)))
            yield Finding("error", "evidence_differs", message, ours.store.url)
    if one == other:
        here, there = (frame.sort_values(matched, ignore_index=True) for frame in (here, there))
        yield from _arguments(metric, here, there, ours.store.url)


def _arguments(metric: str, here: pd.DataFrame, there: pd.DataFrame, url: str) -> Iterator[Finding]:
    """What the aggregates were given, of the same matches in the same order."""
    for name in here.columns:
        differs = ~_alike(here[name], there[name]) if name.startswith("arg") else np.zeros(len(here), dtype=bool)
        if differs.any():
            rows = [(*row, "≠", value) for row, value in zip(_tuples(here[differs]), there[name][differs], strict=True)]
            message = tr(
                "{metric}: {count:,} rows of evidence have another {column} here: {rows}",
                metric=metric,
                count=len(rows),
                column=name,
                rows=_shown(rows),
            )
            yield Finding("error", "evidence_differs", message, url)


def _alike(one: pd.Series, other: pd.Series) -> npt.NDArray[np.bool_]:
    """Where two columns say the same: numbers to the tolerance, anything else exactly; nothing is like nothing."""
    blank = one.isna() & other.isna()
    if pd.api.types.is_float_dtype(one) and pd.api.types.is_float_dtype(other):
        alike = np.isclose(one.to_numpy(float), other.to_numpy(float), rtol=TOLERANCE, atol=0)
    else:
        alike = (one == other).to_numpy(bool, na_value=False)
    return np.asarray(alike | blank.to_numpy(bool))


def _tuples(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(frame.itertuples(index=False, name=None))


def _shown(rows: list[tuple[object, ...]]) -> str:
    return "; ".join(" ".join(map(str, row)) for row in rows[:SHOWN])
