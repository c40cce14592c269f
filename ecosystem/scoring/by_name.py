"""An index, a table of values, metrics and networks by their names, which a person has to hand, not a record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecosystem.index import Index, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.metrics import Metric, load_metrics
from ecosystem.network import NetworkFile, load_networks


def index_of(index: Index | str | Path) -> Index:
    """The index, or that of a name or a folder; SpecError names the nearest where there is none."""
    return index if isinstance(index, Index) else load_index(str(index))


def table_of(values: ValueTable | str | Path | None, index: Index) -> ValueTable | None:
    """The table of values, or that of a file, whose key columns the index may name; InputError with its faults."""
    return read_values(Path(values), index.table) if isinstance(values, str | Path) else values


def metrics_of(metrics: Mapping[str, Metric] | str | Path | None) -> Mapping[str, Metric]:
    """The metrics; of a folder its own over the shipped ones, without either the shipped ones."""
    if isinstance(metrics, str | Path):
        return load_metrics() | load_metrics(metrics)
    return load_metrics() if metrics is None else metrics


def networks_of(networks: Mapping[str, NetworkFile] | str | Path | None) -> Mapping[str, NetworkFile]:
    """The networks; of a folder its own over the shipped ones, without either the shipped ones."""
    if isinstance(networks, str | Path):
        return load_networks() | load_networks(networks)
    return load_networks() if networks is None else networks
