"""A metric: one Cypher file whose query returns `region, value`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from ecosystem.errors import MetricError
from ecosystem.messages import tr_later
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

    Raises MetricError, with the nearest ids and titles, for a name that none has or several share.
    """
    return find_file(name, metrics, METRIC)


def read_metric(path: Path) -> Metric:
    """The metric in a file. Raises MetricError with every fault."""
    return read_file(path, METRIC, parse_metric)


def parse_metric(text: str, file: str) -> Metric:
    """The metric in a text; its id is the file's name without the suffix. Raises MetricError with every fault."""
    made, _ = parse_file(text, file, METRIC)
    return Metric(*(getattr(made, field.name) for field in fields(made)))
