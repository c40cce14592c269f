"""Tables of what regions are active in: regions, segments, what each region could move into, and related segments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.network import relatedness as r
from ecosystem.network.network import Network
from ecosystem.network.network_tables import Names


def relatedness_tables(net: Network, names: Names, likeness: r.Likeness = "proximity") -> dict[str, pd.DataFrame]:
    """Four tables: of regions, of segments, of every region and segment, and of every two segments.

    Of regions and segments the count, diversity or ubiquity, and complexity, the most complex first; of both together
    the relatedness density, the count and the location quotient: first what the region is not specialised in, the
    nearest first; of pairs how far they are related, if they are at all.

    NetworkError for a network of one kind of nodes.
    """
    found = r.activity(net)
    special = r.specialised(found.counts)
    related, index = r.relatedness(special, likeness), r.complexity(special)
    called = dict(zip(net.nodes, names.nodes, strict=True))
    segments = [called[segment] for segment in found.segments]
    regions = pd.DataFrame(
        {
            "region": list(found.regions),
            "name": list(names.regions),
            "count": found.counts.sum(axis=1),
            "diversity": r.diversity(special),
            "eci": index.eci,
        }
    )
    of_segments = pd.DataFrame(
        {
            "segment": list(found.segments),
            "name": segments,
            "count": found.counts.sum(axis=0),
            "ubiquity": r.ubiquity(special),
            "pci": index.pci,
        }
    )
    return {
        "regions": _first(regions[regions["count"] > 0], "eci"),
        "segments": _first(of_segments, "pci"),
        "cells": _cells(found, special, related, dict(zip(net.regions, names.regions, strict=True)), called),
        "pairs": _pairs(found, related, segments),
    }


def _cells(
    found: r.Activity,
    special: BoolArray,
    related: FloatArray,
    regions: Mapping[str, str],
    called: Mapping[str, str],
) -> pd.DataFrame:
    density = r.relatedness_density(special, related)
    row, column = np.nonzero(np.broadcast_to(found.counts.sum(axis=1)[:, None] > 0, special.shape))
    of_region = [found.regions[at] for at in row.tolist()]
    of_segment = [found.segments[at] for at in column.tolist()]
    frame = pd.DataFrame(
        {
            "region": of_region,
            "region_name": [regions[region] for region in of_region],
            "segment": of_segment,
            "segment_name": [called[segment] for segment in of_segment],
            "relatedness_density": density[row, column],
            "count": found.counts[row, column],
            "location_quotient": r.location_quotient(found.counts)[row, column],
        }
    )
    order = np.lexsort((-np.nan_to_num(density[row, column], nan=-1.0), special[row, column]))
    return frame.iloc[order].reset_index(drop=True)


def _pairs(found: r.Activity, related: FloatArray, names: list[str]) -> pd.DataFrame:
    one, other = np.nonzero(np.triu(np.nan_to_num(related), 1))
    frame = pd.DataFrame(
        {
            "segment": [found.segments[at] for at in one],
            "segment_name": [names[at] for at in one],
            "other_segment": [found.segments[at] for at in other],
            "other_name": [names[at] for at in other],
            "relatedness": related[one, other],
        }
    )
    return _first(frame, "relatedness")


def _first(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    return frame.sort_values(key, ascending=False, kind="stable", ignore_index=True)
