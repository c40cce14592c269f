"""Flows between regions as a page shows them: in the order of the ranking, the smaller ones and countries together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.network import NOWHERE, Linkage, Network
from ecosystem.network.flows import flow_matrix
from ecosystem.network.network_tables import Names
from ecosystem.network.split_flows import flow_rows
from ecosystem.report.json_values import Json, clean, numbers
from ecosystem.scoring import Scores

SHOWN, COUNTRIES = 30, 10
"""Regions and countries of a matrix, those with the largest flows; the others stand in one row."""
SLACK = 1.25
"""A matrix that could show all with so many times the rows does so: 31 provinces are not 30 and one other."""
FLOWS = 30
"""Largest flows between two regions."""

LEVEL, HOME, ABROAD = range(3)
"""A region of the level, what is left of their country beside them, another country."""
MOST = {LEVEL: SHOWN, HOME: COUNTRIES, ABROAD: COUNTRIES}
TOGETHER = {LEVEL: -1, ABROAD: -2, HOME: -3}
"""How many of each have a row of their own, and what stands for the row of the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A network whose organisations without a region of the level count in their country, and its regions in order.

    `kind` (R,) is LEVEL, HOME or ABROAD, which a region of the level is, too, in a country of none that is ranked;
    `strength` (R,) the weight of the edges at each region, one inside it once.
    `order` (R,) has the places of the regions in the network as a page shows them: those of the level first, by rank,
    then by strength. `place` (R,) is its inverse. `zh` has the names of organisations, and those of regions in Chinese.
    """

    network: Network
    zh: Names
    en: Sequence[str]
    kind: IntArray
    strength: FloatArray
    order: IntArray
    place: IntArray
    node: IntArray
    """The place in `order` of the region of each organisation (N,), NOWHERE where it has none."""

    def regions(self) -> Json:
        """Ids, names and kinds of the regions, in order."""
        at = self.order.tolist()
        return {
            "id": [self.network.regions[one] for one in at],
            "zh": [clean(self.zh.regions[one]) for one in at],
            "en": [clean(self.en[one]) for one in at],
            "kind": self.kind[self.order].tolist(),
        }


def placed(scores: Scores, made: Linkage) -> Placed:
    """A network with its regions in the order of the ranking."""
    wide = made.elsewhere()
    net = wide.network
    level = {made.network.regions[at] for at in np.unique(made.network.region[made.network.located]).tolist()}
    home = {scores.regions[one].country for one in scores.standing.regions if one in scores.regions}
    here = {one for one in net.regions if one not in scores.regions or scores.regions[one].country in home}
    kind = np.array([ABROAD if one not in here else LEVEL if one in level else HOME for one in net.regions])
    rank = dict(zip(scores.standing.regions, scores.standing.overall_rank.tolist(), strict=True))
    last = len(rank) + 1
    ranked = np.array([rank.get(one, 0) or last for one in net.regions], dtype=np.float64)
    strength = _strength(net)
    order = np.lexsort((np.arange(len(net.regions)), -strength, ranked, kind))
    place = np.argsort(order)
    node = np.where(net.located, place[net.region], NOWHERE)
    return Placed(net, wide.names("zh"), wide.names("en").regions, kind.astype(np.int64), strength, order, place, node)


def _strength(net: Network) -> FloatArray:
    start, end = net.region[net.source], net.region[net.target]
    size = len(net.regions)
    summed = np.zeros(size)
    for region, counts in ((start, start != NOWHERE), (end, (end != NOWHERE) & (end != start))):
        summed += np.bincount(region[counts], net.weight[counts], minlength=size)
    return summed


def flows(where: Placed) -> Json:
    """The matrix of a page, the largest flows, and the weight by where the two ends of an edge are.

    `rows` are the places of the regions that have a row of their own, and for those of each kind that share one what
    `TOGETHER` says; `weight` has a list for each row. Flows between two regions that share a row stand on its diagonal.
    `others`, `rests` and `countries` are the numbers of regions that share a row.
    """
    net, kinds = where.network, where.kind[where.order]
    rows: list[int] = []
    left: dict[int, int] = {}
    for kind, most in MOST.items():
        among = kinds == kind
        shown = _largest(where, among, most)
        left[kind] = int(among.sum() - shown.sum())
        rows += [*np.flatnonzero(shown).tolist(), *([TOGETHER[kind]] if left[kind] else [])]
    row_of = {place: row for row, place in enumerate(rows)}
    stands = [row_of.get(place, row_of.get(TOGETHER[kind])) for place, kind in enumerate(kinds.tolist())]
    # the last one is found by NOWHERE
    merged = replace(
        net, regions=tuple(map(str, rows)), region=np.array([*stands, NOWHERE], dtype=np.int64)[where.node]
    )
    return {
        "rows": rows,
        "weight": [numbers(row) for row in flow_matrix(merged)],
        "others": left[LEVEL],
        "rests": left[HOME],
        "countries": left[ABROAD],
        "largest": _largest_flows(where),
        "ends": _ends(where),
    }


def _largest(where: Placed, among: BoolArray, most: int) -> BoolArray:
    """Which regions (R,), in order, are the strongest of some; all of them where they are few."""
    if among.sum() <= most * SLACK:
        return among
    strength = np.where(among, where.strength[where.order], -1.0)
    shown = np.zeros(len(among), dtype=bool)
    shown[np.argsort(-strength, kind="stable")[:most]] = True
    return shown


def _largest_flows(where: Placed) -> Json:
    """The largest flows from one region to another; without directions each pair once, and no shares."""
    net = where.network
    rows = flow_rows(net, [str(place) for place in where.place.tolist()])
    one, other = (rows[end].astype(np.int64) for end in ("from_region", "to_region"))
    rows = rows[one != other if net.directed else one < other].head(FLOWS)
    return {
        "from": rows["from_region"].astype(np.int64).tolist(),
        "to": rows["to_region"].astype(np.int64).tolist(),
        "weight": numbers(rows["weight"].to_numpy()),
        "share": numbers(rows["share"].to_numpy()) if net.directed else None,
    }


def _ends(where: Placed) -> Json:
    """The weight inside a region of the level, between two, with the rest of the country, abroad, and from nowhere."""
    net = where.network
    kinds = np.append(where.kind[where.order], ABROAD + 1)
    node = np.where(where.node == NOWHERE, len(kinds) - 1, where.node)
    start, end = node[net.source], node[net.target]
    furthest = np.maximum(kinds[start], kinds[end])
    same = (furthest == LEVEL) & (start == end)
    found = {
        "inside": same,
        "between": (furthest == LEVEL) & ~same,
        "home": furthest == HOME,
        "abroad": furthest == ABROAD,
        "nowhere": furthest == ABROAD + 1,
    }
    return {key: float(net.weight[these].sum()) for key, these in found.items()}
