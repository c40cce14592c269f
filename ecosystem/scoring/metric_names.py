"""Metrics by the names that an index gives them, and parameters given to all the metrics of an index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ecosystem.errors import MetricError
from ecosystem.index.spec import Index, Indicator, Source, Text
from ecosystem.messages import said_in, tr, tr_later
from ecosystem.metrics.metric import Metric, given_values, with_parameters
from ecosystem.metrics.parameters import split_name

_SOURCE = tr_later("source of {code}: {before} -> {after}")


class MetricNames(Collection[str]):
    """The ids of metrics as an index names them: alone, or with parameters, `segment_coverage(segments=120)`."""

    def __init__(self, metrics: Mapping[str, Metric]) -> None:
        self._metrics = metrics

    def __getitem__(self, name: str) -> Metric:
        """The metric of a name; KeyError for one that is not there, MetricError for parameters that it lacks."""
        given = None if name in self._metrics else split_name(name)
        return self._metrics[name] if given is None else given_values(self._metrics[given[0]], given[1])

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and bool(self[name])
        except (KeyError, MetricError):
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(self._metrics)

    def __len__(self) -> int:
        return len(self._metrics)

    def why_not(self, name: str) -> tuple[str, str | None] | None:
        """What is wrong with the parameters of a metric; None where there is no such metric."""
        try:
            self[name]
        except MetricError as err:
            return err.message, err.hint
        except KeyError:
            return None
        return None


def given_parameters(index: Index, metrics: Mapping[str, Metric], texts: Iterable[str]) -> Index:
    """The index with these parameters, `NAME=VALUE`, of every metric of it that has them; its changes say which.

    Raises MetricError for a parameter that no metric of the index has, and for a value of another type.
    """
    texts = list(texts)
    known = MetricNames(metrics)
    used = {
        leaf.source.name: known[leaf.source.name]
        for leaf in index.leaves
        if leaf.source is not None and leaf.source.kind == "metric" and leaf.source.name in known
    }
    changed = {name: metric.id for name, metric in zip(used, with_parameters(used, texts), strict=True)}
    rows, sentences = [], []
    for row in index.indicators:
        name = row.source.name if row.source is not None and row.source.kind == "metric" else None
        after = None if name is None else changed.get(name)
        if after is None or after == used[str(name)].id:
            rows.append(row)
            continue
        rows.append(replace(row, source=Source("metric", after)))
        sentences.append(_change(row, after))
    return replace(index, indicators=tuple(rows), changes=(*index.changes, *sentences))


def _change(row: Indicator, after: str) -> Text:
    zh, en = (
        said_in(lang, lambda: tr(_SOURCE, code=row.code, before=row.source, after=after)) for lang in ("zh", "en")
    )
    return Text(zh, en)
