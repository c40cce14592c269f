"""Triads: how many sets of three nodes have each pattern of edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from ecosystem.messages import tr_later
from ecosystem.network.cohesion import transitivity
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network

TRIADS = (
    "003", "012", "102", "021D", "021U", "021C", "111D", "111U",
    "030T", "030C", "201", "120D", "120U", "120C", "210", "300",
)  # fmt: skip
"""The types of three nodes by the number of mutual, one-way and missing ties, as Holland and Leinhardt write them."""

UNDIRECTED = ("003", "102", "201", "300")
"""The types there are without directions, where every tie is mutual: no edge, one, two, and all three."""


@dataclass(frozen=True, slots=True)
class Triads:
    """How many sets of three nodes have each of the sixteen types, in the order of `TRIADS`."""

    counts: tuple[float, ...]

    def __getitem__(self, name: str) -> float:
        return self.counts[TRIADS.index(name)]


def triad_census(network: Network) -> Triads:
    """How many sets of three nodes have each type; together n (n - 1) (n - 2) / 6.

    Without directions every tie is mutual, and only the four types of `UNDIRECTED` occur. Weights do not count.
    Reference: Holland and Leinhardt (1970), A method for detecting structure in sociometric data.
    """
    n = len(network)
    if n < 3:
        return Triads((0.0,) * len(TRIADS))
    if network.directed:
        census = network.to_igraph().triad_census()
        # igraph names a type t012 or t021D
        return Triads(tuple(float(getattr(census, f"t{name}")) for name in TRIADS))
    degree = np.bincount(np.concatenate([network.source, network.target]), minlength=n)
    paths = int((degree * (degree - 1) // 2).sum())
    three = round(transitivity(network) * paths / 3) if paths else 0
    two = paths - 3 * three
    one = len(network.source) * (n - 2) - 2 * two - 3 * three
    found = dict(zip(UNDIRECTED, (n * (n - 1) * (n - 2) // 6 - one - two - three, one, two, three), strict=True))
    return Triads(tuple(float(found.get(name, 0)) for name in TRIADS))


MEASURES = (
    Measure(
        "triad_003", "network", tr_later("triads 003"),
        tr_later("sets of three organisations: no edge"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("003"),
        family="triads",
    ),
    Measure(
        "triad_012", "network", tr_later("triads 012"),
        tr_later("sets of three organisations: one edge"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("012"),
        family="triads",
    ),
    Measure(
        "triad_102", "network", tr_later("triads 102"),
        tr_later("sets of three organisations: one pair both ways"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("102"),
        family="triads",
    ),
    Measure(
        "triad_021d", "network", tr_later("triads 021D"),
        tr_later("sets of three organisations: a ← b → c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("021D"),
        family="triads",
    ),
    Measure(
        "triad_021u", "network", tr_later("triads 021U"),
        tr_later("sets of three organisations: a → b ← c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("021U"),
        family="triads",
    ),
    Measure(
        "triad_021c", "network", tr_later("triads 021C"),
        tr_later("sets of three organisations: a → b → c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("021C"),
        family="triads",
    ),
    Measure(
        "triad_111d", "network", tr_later("triads 111D"),
        tr_later("sets of three organisations: a ↔ b ← c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("111D"),
        family="triads",
    ),
    Measure(
        "triad_111u", "network", tr_later("triads 111U"),
        tr_later("sets of three organisations: a ↔ b → c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("111U"),
        family="triads",
    ),
    Measure(
        "triad_030t", "network", tr_later("triads 030T"),
        tr_later("sets of three organisations: a → b → c, a → c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("030T"),
        family="triads",
    ),
    Measure(
        "triad_030c", "network", tr_later("triads 030C"),
        tr_later("sets of three organisations: a → b → c → a"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("030C"),
        family="triads",
    ),
    Measure(
        "triad_201", "network", tr_later("triads 201"),
        tr_later("sets of three organisations: a ↔ b ↔ c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("201"),
        family="triads",
    ),
    Measure(
        "triad_120d", "network", tr_later("triads 120D"),
        tr_later("sets of three organisations: a ← b → c, a ↔ c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("120D"),
        family="triads",
    ),
    Measure(
        "triad_120u", "network", tr_later("triads 120U"),
        tr_later("sets of three organisations: a → b ← c, a ↔ c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("120U"),
        family="triads",
    ),
    Measure(
        "triad_120c", "network", tr_later("triads 120C"),
        tr_later("sets of three organisations: a → b → c, a ↔ c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("120C"),
        family="triads",
    ),
    Measure(
        "triad_210", "network", tr_later("triads 210"),
        tr_later("sets of three organisations: a → b ↔ c, a ↔ c"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("210"),
        family="triads",
    ),
    Measure(
        "triad_300", "network", tr_later("triads 300"),
        tr_later("sets of three organisations: a ↔ b ↔ c ↔ a"),
        triad_census, "Holland and Leinhardt 1970", weights=False, directions=True, part=itemgetter("300"),
        family="triads",
    ),
)  # fmt: skip
"""What is measured of triads."""
