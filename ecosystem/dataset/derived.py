"""The parts of a graph that no file lists: regions as nodes, and what each of them lies within."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ecosystem.dataset.links import LinkIndex
from ecosystem.dataset.node_index import NodeIndex
from ecosystem.model import LinkType
from ecosystem.regions import Regions


def load_regions(regions: Regions, file: str, index: NodeIndex) -> None:
    """Load the hierarchy as the nodes of the label Region, under the name of the file that it came from."""
    table = regions.table()
    ids = table["id"].combine_chunks()
    index.places.note(file, ids, np.arange(2, len(ids) + 2))
    index.load("Region", table)


def load_closure(regions: Regions, within: LinkType, index: LinkIndex) -> None:
    """Load a link from each region to itself, to each of its ancestors and to each group that it belongs to."""
    lower, upper = zip(*regions.closure(), strict=True)
    sources, targets = (index.nodes.keys(pa.chunked_array([pa.array(ids)])).to_numpy() for ids in (lower, upper))
    index.load(within, sources.astype(np.int64), targets.astype(np.int64), None, {})
