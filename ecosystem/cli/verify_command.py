"""`ecosystem verify` and `ecosystem metrics check`: whether two engines give the same values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import progress, say, show
from ecosystem.cli.options import DEFAULT_STORE, DatabaseOption, LevelOption, MetricsOption, ParamOption, StoreOption
from ecosystem.cli.run_request import known_metrics
from ecosystem.errors import DatasetError, MetricError
from ecosystem.messages import spoken, tr, tr_count

if TYPE_CHECKING:
    from ecosystem.dataset import Dataset
    from ecosystem.errors import Finding
    from ecosystem.store import GraphStore


def verify(
    against: Annotated[str, typer.Option("--against", metavar="DIR|STORE", help="A dataset folder, or another store.")],
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    level: LevelOption = "province",
    param: ParamOption = None,
    folder: MetricsOption = None,
) -> None:
    """Compare a store with a dataset or another store: counts, then all values and evidence; exit 1 if unequal."""
    from ecosystem.metrics.metric import with_parameters
    from ecosystem.metrics.verify import verify as compare
    from ecosystem.store import open_store

    metrics = {metric.id: metric for metric in with_parameters(known_metrics(folder), param or [])}
    graph = open_store(store, database=database)
    with progress() as report, _reference(against) as reference:
        findings = compare(graph, reference, metrics, level=level, progress=report)
        counted = sum(reference.schema.counts.values())
    graph.close()
    _report(
        findings,
        tr(
            "{store} and {against} agree: {counted:,} nodes and links, {count} metrics",
            store=store,
            against=against,
            counted=counted,
            count=len(metrics),
        ),
    )


def check_metrics(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of metrics.")],
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    level: LevelOption = "province",
) -> None:
    """Check a folder of metrics: parse them, run them on a store and on a copy in the embedded engine, compare."""
    from ecosystem.metrics import load_metrics
    from ecosystem.metrics.verify import verify as compare
    from ecosystem.store import open_store
    from ecosystem.store.snapshot import snapshot

    metrics = load_metrics(folder)
    graph = open_store(store, database=database)
    with progress() as report, _embedded(snapshot(graph, progress=report)) as copy:
        findings = compare(graph, copy, metrics, level=level, progress=report)
    graph.close()
    _report(
        findings,
        tr(
            "{count} metrics parse, fit the graph, and give the same values in {store} and in a copy of it",
            count=len(metrics),
            store=store,
        ),
    )


@contextmanager
def _reference(against: str) -> Iterator[GraphStore]:
    """A store by its path or URL, or a temporary one with a dataset folder loaded."""
    from ecosystem.dataset import read_dataset
    from ecosystem.store import open_store

    if "://" in against or not Path(against).is_dir():
        store = open_store(against)
        yield store
        store.close()
        return
    reading = read_dataset(against)
    if not reading.whole:
        raise DatasetError(tr("{against} has errors", against=against), findings=reading.findings)
    with _embedded(reading.dataset) as store:
        yield store


@contextmanager
def _embedded(dataset: Dataset) -> Iterator[GraphStore]:
    import tempfile

    from ecosystem.store import open_store

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "graph.duckdb", create=True)
        store.load(dataset)
        yield store
        store.close()


def _report(findings: tuple[Finding, ...], agreed: str) -> None:
    import pandas as pd

    from ecosystem.headings import headings

    if not findings:
        say(agreed)
        return
    frame = pd.DataFrame([{"kind": finding.code, "difference": finding.message} for finding in findings])
    show(frame.rename(columns=headings(frame.columns, spoken())))
    raise MetricError(tr_count("{count} difference", "{count} differences", len(findings)))
