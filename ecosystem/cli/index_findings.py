"""Everything that `ecosystem index check` finds about an index folder, by itself, with a table or with a graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

from ecosystem.cli.run_request import known_networks
from ecosystem.errors import Finding
from ecosystem.index import Index, inspect_index
from ecosystem.index.spec import TableColumns
from ecosystem.metrics import Metric
from ecosystem.published.possible_numbers import published_findings
from ecosystem.regions import shipped_regions
from ecosystem.scoring.sources import Supply, known_sources
from ecosystem.scoring.store_check import check_store, sources_in
from ecosystem.scoring.table_check import check_table, unchecked_sources
from ecosystem.store import open_store


def findings_of(
    path: Path,
    metrics: Mapping[str, Metric],
    values: Path | None,
    columns: TableColumns | None,
    store: str | None,
    database: str | None,
) -> tuple[Finding, ...]:
    """The findings about an index, with a graph or with a table of values where one is given."""
    known = [region.id for region in shipped_regions()]
    if store is not None:
        return _against_graph(path, store, database, metrics, known)
    if values is not None:
        index, findings = inspect_index(path)
        return (*findings, *_published(index, path), *check_table(index, values, metrics, columns))
    sources = known_sources(Supply(metrics, networks=known_networks()))
    index, findings = inspect_index(path, known_sources=sources, known_regions=known)
    return (*findings, *_published(index, path), *(unchecked_sources(index, sources) if index is not None else ()))


def _published(index: Index | None, folder: Path) -> tuple[Finding, ...]:
    """What the published tables of an index have that it cannot give."""
    return published_findings(index, folder) if index is not None else ()


def _against_graph(
    path: Path, store: str, database: str | None, metrics: Mapping[str, Metric], known: Collection[str]
) -> tuple[Finding, ...]:
    """The findings, with those that only a loaded graph shows."""
    with closing(open_store(store, database=database)) as graph:
        networks = known_networks()
        sources = sources_in(graph, metrics, networks)
        index, findings = inspect_index(path, known_sources=sources, known_regions=known)
        of_store = check_store(index, graph, metrics, networks) if index is not None else ()
        return (*findings, *_published(index, path), *of_store)
