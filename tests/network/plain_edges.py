"""Networks from rows, and their edges as rows again, for the plain versions that the measures are held against."""

from __future__ import annotations

from collections.abc import Sequence

from ecosystem.network import NOWHERE, Network, coded

Row = tuple[str, str, float]


def made_of(nodes: Sequence[str], places: Sequence[str | None], edges: Sequence[Row], *, directed: bool) -> Network:
    """The network of named nodes, where they are, and rows of source, target and weight."""
    return coded(nodes, places, [e[0] for e in edges], [e[1] for e in edges], [e[2] for e in edges], directed=directed)


def rows(net: Network) -> list[tuple[int, int, float]]:
    """Source, target and weight of every edge."""
    return list(zip(net.source.tolist(), net.target.tolist(), net.weight.tolist(), strict=True))


def located_rows(net: Network) -> list[tuple[int, int, float]]:
    """The edges whose ends both have a region."""
    return [(a, b, w) for a, b, w in rows(net) if NOWHERE not in {net.region[a], net.region[b]}]
