"""The matches behind a measure of a network: as a table for people, and as arrays for an audit.

A match stands at the region of each end of its edge: one of an edge between two regions at both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.index.arrays import IntArray
from ecosystem.messages import tr
from ecosystem.network.linkage import Linkage, linkage
from ecosystem.network.measure import Measure
from ecosystem.network.measures import region_values
from ecosystem.network.network import NOWHERE
from ecosystem.network.network_file import NetworkFile
from ecosystem.removals import Removals, lost_rows

OWN, PARTNER = "organisation", "partner"
"""What the ends of an edge are called in the matches of a region: its own organisation, and the one it is linked to."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkEvidence:
    """The matches behind a network measure: those of the edges at a region, an edge between two regions at both."""

    measure: Measure
    linkage: Linkage

    def __len__(self) -> int:
        return int((self.linkage.edge >= 0).sum())

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions with at least one match, sorted."""
        return tuple(sorted({self.linkage.network.regions[at] for at in self._placed()["region"]}))

    def frame(self, region: str | None = None) -> pd.DataFrame:
        """A row per region and match (of one region, if given): `region`, `source`, `target`, and entities by ids."""
        placed = self._placed()
        regions = self.linkage.network.regions
        if region is not None:
            placed = placed[placed["region"] == (regions.index(region) if region in regions else NOWHERE)]
        frame = self.linkage.decoded(placed["row"].to_numpy())
        frame.insert(0, "region", [regions[at] for at in placed["region"]])
        return frame

    def values(self) -> dict[str, float]:
        """The value of each region with a match, recomputed."""
        regions = self.regions
        return dict(zip(regions, region_values(self.linkage.network, self.measure, regions).tolist(), strict=True))

    def without(self, ids: Collection[str]) -> NetworkEvidence:
        """The evidence as if these nodes and links were not in the graph."""
        found = self.linkage
        left = linkage(
            found.store,
            found.file,
            level=found.level,
            since=found.window.since,
            until=found.window.until,
            removed=found.removed.union(ids),
        )
        return NetworkEvidence(self.measure, left)

    def _placed(self) -> pd.DataFrame:
        """Pairs of a region, by its place, and the row of a match of an edge at it."""
        rows, regions, _ = _at_regions(self.linkage)
        return pd.DataFrame({"region": regions, "row": rows})


@dataclass(frozen=True, slots=True, eq=False)
class NetworkMatches:
    """The matches behind a network measure as arrays: a row per region and match of an edge at it.

    `nodes` has the two ends as OWN, the organisation in the region, and PARTNER, beside whatever else was matched.
    """

    file: NetworkFile
    regions: IntArray
    nodes: Mapping[str, IntArray]
    links: Mapping[str, IntArray]
    kinds: Mapping[str, tuple[str, ...]]
    additive: bool = False

    def __len__(self) -> int:
        return len(self.regions)

    @property
    def owner(self) -> str:
        """The variable of the organisation in the region."""
        return OWN

    @property
    def carrier(self) -> tuple[str, bool]:
        """The variable of the one link that carries an edge, else the organisation."""
        return (next(iter(self.links)), True) if len(self.links) == 1 else (OWN, False)

    @property
    def without_shares(self) -> str:
        """Why there are no shares, in words."""
        return tr("a measure of the whole network")

    def shares(self, regions: int) -> None:
        """No edge has a share of its own in a measure."""

    def only(self, rows: IntArray) -> NetworkMatches:
        """Some of the rows."""
        nodes, links = ({name: codes[rows] for name, codes in table.items()} for table in (self.nodes, self.links))
        return replace(self, regions=self.regions[rows], nodes=nodes, links=links)

    def lost(self, removals: Removals) -> tuple[IntArray, IntArray]:
        """Pairs (variant, row), sorted, of the matches in which something takes part that the variant is without."""
        return lost_rows(self.nodes, self.links, removals, len(self))


def network_matches(found: Linkage, ranked: Sequence[str]) -> NetworkMatches:
    """The matches of a network at the ranked regions."""
    rows, regions, at_source = _at_regions(found)
    place = pd.Index(ranked).get_indexer(pd.Index(list(found.network.regions)))[regions]
    rows, place, at_source = rows[place >= 0], place[place >= 0], at_source[place >= 0]
    nodes, links = (codes(found, kind) for kind in ("node_", "link_"))
    kinds = found.removable
    first, second = found.ends
    both = tuple(dict.fromkeys((*kinds[first], *kinds[second])))
    others = {name.split("_", 1)[1]: name for name in (*nodes, *links) if name not in found.ends}
    matched = {name: (nodes | links)[column][rows] for name, column in others.items()}
    return NetworkMatches(
        found.file,
        place.astype(np.int64),
        {
            OWN: np.where(at_source, nodes[first][rows], nodes[second][rows]),
            PARTNER: np.where(at_source, nodes[second][rows], nodes[first][rows]),
            **{name: matched[name] for name, column in others.items() if column in nodes},
        },
        {name: matched[name] for name, column in others.items() if column in links},
        {OWN: both, PARTNER: both, **{name: kinds[column] for name, column in others.items()}},
    )


def codes(found: Linkage, kind: str) -> dict[str, IntArray]:
    """The codes (matches,) of the nodes or links that can be removed, by their columns."""
    columns = (name for name in found.removable if name.startswith(kind))
    return {name: np.asarray(found.matches[name].to_numpy(), dtype=np.int64) for name in columns}


def _at_regions(found: Linkage) -> tuple[IntArray, IntArray, np.ndarray]:
    """The rows of matches at each region, the place of the region, and whether it is that of the match's source.

    An edge within a region is there once, and one of a node without region only at the other end.
    """
    net = found.network
    rows = np.flatnonzero(found.edge >= 0)
    place = {node: at for at, node in enumerate(net.nodes)}
    first, second = (
        net.region[np.array([place[node] for node in found.matches[end].take(pa.array(rows)).to_pylist()], np.int64)]
        for end in ("source", "target")
    )
    at_first, at_second = first != NOWHERE, (second != NOWHERE) & (second != first)
    own = np.concatenate([rows[at_first], rows[at_second]])
    regions = np.concatenate([first[at_first], second[at_second]])
    order = np.lexsort((own, regions))
    is_source = np.concatenate([np.ones(at_first.sum(), bool), np.zeros(at_second.sum(), bool)])
    return own[order], regions[order], is_source[order]
