"""A metric: one Cypher file whose query returns `region, value`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from ecosystem.errors import MetricError, did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.metrics.parameters import given_name, read_given, split_name, typed_values, with_lines
from ecosystem.notebook import few_lines, one_language, record_table
from ecosystem.query.provenance import Provenance
from ecosystem.query.query_file import FileKind, QueryFile, find_file, load_files, parse_file, read_file
from ecosystem.resources import resource

PROVENANCES: Mapping[Provenance, str] = {
    "monotone": tr_later("monotone"),
    "witnessed": tr_later("witnessed"),
    "recompute": tr_later("recompute"),
}
"""The classes in words, which say what a removal costs."""

METRIC = FileKind(
    MetricError,
    keys={},
    example="company_count.cypher",
    faulty=tr_later("the metrics in {folder} have errors"),
    not_one=tr_later("{file} is not a metric"),
    unfit=tr_later("a metric does not fit the graph"),
    unknown=tr_later("there is no metric {name!r}"),
    shared=tr_later("{name!r} is the title of {count} metrics: {ids}"),
    no_folder=tr_later("--metrics takes a folder of .cypher files"),
    none_there=tr_later("make one: ecosystem metrics new ID --metrics {folder}"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Metric(QueryFile):
    """One relational metric: a query that returns `region, value`, and what its header says."""

    def __repr__(self) -> str:
        # one line: `load_metrics` gives a dictionary of them
        return few_lines(f"<Metric {self.id}: {self.title(one_language())} ({self.unit}), {self.provenance}>")

    def given(self, *texts: str) -> Metric:
        """The metric with other values of its parameters, as texts `NAME=VALUE`; itself where there is none.

        Its id and its titles say what is given, and the lines of its header have the new values. Raises MetricError for
        a parameter that it does not have, and for a value of another type.

        >>> ecosystem.load_metrics()["segment_coverage"].given("segments=120").id
        'segment_coverage(segments=120)'
        """
        return given_values(self, read_given(texts))

    def _repr_html_(self) -> str:
        return record_table(f"{self.title(one_language())} ({self.id})", self)


def load_metrics(folder: str | Path | None = None) -> dict[str, Metric]:
    """The metrics of a folder (else those of the package), by id, in the order of their ids.

    Raises MetricError with every fault of every file.

    >>> ecosystem.load_metrics()["company_count"]
    <Metric company_count: Companies (companies), monotone>
    """
    place = resource("cypher", "metrics") if folder is None else Path(folder)
    return load_files(place, METRIC, parse_metric)


def find_metric(name: str, metrics: Mapping[str, Metric]) -> Metric:
    """The metric that an id means, or a title in either language; case, width and spaces do not matter.

    Parameters may follow in parentheses: `segment_coverage(segments=120)`. Raises MetricError, with the nearest ids and
    titles, for a name that none has or several share, and for parameters that the metric does not have.
    """
    given = None if any(name in metric.names for metric in metrics.values()) else split_name(name)
    if given is None:
        return find_file(name, metrics, METRIC)
    return given_values(find_file(given[0], metrics, METRIC), given[1])


def given_values(metric: Metric, given: Mapping[str, str]) -> Metric:
    """The metric with these values of its parameters; itself where nothing is given. Raises as `Metric.given`."""
    if not given:
        return metric
    name, before = split_name(metric.id) or (metric.id, {})
    values = typed_values(name, metric.parameters, {**before, **given})
    made = given_name(name, values)
    shown, old = f" ({made.removeprefix(name)[1:-1]})", f" ({metric.id.removeprefix(name)[1:-1]})"
    return replace(
        metric,
        id=made,
        title_en=metric.title_en.removesuffix(old) + shown,
        title_zh=metric.title_zh.removesuffix(old) + shown,
        parameters={**metric.parameters, **values},
        text=with_lines(metric.text, values),
    )


def with_parameters(metrics: Mapping[str, Metric], texts: Iterable[str]) -> list[Metric]:
    """The metrics in their order, those that have a parameter of `NAME=VALUE` with this value of it.

    Raises MetricError for a parameter that none of them has, and for a value of another type.
    """
    given = read_given(texts)
    for name in given:
        if not any(name in metric.parameters for metric in metrics.values()):
            known = sorted({own for metric in metrics.values() for own in metric.parameters})
            hint = did_you_mean(name, known) if known else tr("none of them has a line // param: NAME = VALUE")
            raise MetricError(tr("no metric of this run has a parameter {name!r}", name=name), hint=hint)
    return [
        given_values(metric, {name: text for name, text in given.items() if name in metric.parameters})
        for metric in metrics.values()
    ]


def read_metric(path: Path) -> Metric:
    """The metric in a file. Raises MetricError with every fault."""
    return read_file(path, METRIC, parse_metric)


def parse_metric(text: str, file: str) -> Metric:
    """The metric in a text; its id is the file's name without the suffix. Raises MetricError with every fault."""
    made, _ = parse_file(text, file, METRIC)
    return Metric(*(getattr(made, field.name) for field in fields(made)))
