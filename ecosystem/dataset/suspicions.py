"""What loads and is odd all the same: empty tables, nodes without a location, no values of regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ecosystem.dataset.records import Dataset, TableCount
from ecosystem.errors import Finding
from ecosystem.model import Model

_FEW = 3


def suspicions(dataset: Dataset, counts: Sequence[TableCount], model: Model) -> Iterator[Finding]:
    """Warnings and information about the dataset as a whole."""
    yield from _empty_tables(counts)
    yield from _unlocated(dataset, model)
    if any(count.read for count in counts) and "RegionValue" not in dataset.nodes:
        message = "there are no values of regions (region_values): indicators with a `column:` source will be missing"
        yield Finding("info", "no_region_values", message)


def _empty_tables(counts: Sequence[TableCount]) -> Iterator[Finding]:
    empty = [count.table for count in counts if count.read == 0]
    hint = "fill in rows below the header, or delete the files"
    if empty and len(empty) == len(counts):
        yield Finding("warning", "no_rows", "the dataset has no rows: its tables hold nothing but headers", hint=hint)
    elif len(empty) > _FEW:
        yield Finding("warning", "empty_table", f"{len(empty)} tables have no rows: {', '.join(empty)}", hint=hint)
    else:
        for table in empty:
            yield Finding("warning", "empty_table", f"the table {table} has no rows", table, hint=hint)


def _unlocated(dataset: Dataset, model: Model) -> Iterator[Finding]:
    """A warning for each label of which more than half the sample has no location."""
    located = np.zeros(sum(table.num_rows for table in dataset.nodes.values()), np.bool_)
    if "LOCATED_IN" in dataset.links:
        located[dataset.links["LOCATED_IN"]["_src"].to_numpy()] = True
    for label in model.links["LOCATED_IN"].sources:
        if label in dataset.nodes:
            table = dataset.nodes[label]
            sample = table.filter(table["in_sample"])
            missing = int(np.count_nonzero(~located[sample["_id"].to_numpy()]))
            if missing > sample.num_rows / 2:
                message = f"{missing:,} of {sample.num_rows:,} nodes {label} have no location: no region counts them"
                hint = "add a row (from, to) for each to located_in"
                yield Finding("warning", "no_location", message, model.labels[label].table, hint=hint)
