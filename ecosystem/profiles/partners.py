"""The regions that a region or a group has most links with, network by network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.errors import NetworkError, UsageError
from ecosystem.index import Text
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import in_language, tr_later
from ecosystem.network import load_networks
from ecosystem.network.linkage import Linkage, linkage
from ecosystem.network.network import NOWHERE
from ecosystem.profiles.units import Subject
from ecosystem.scoring import Scores

NETWORKS = ("enablement", "investment", "collaboration")
"""The networks in which partners are looked for, by the ids of their files."""
COLUMNS = ("network", "network_zh", "network_en", "place", "partner", "partner_zh", "partner_en", "sent", "received",
           "weight", "share")  # fmt: skip
INSIDE, ELSEWHERE = "inside", "elsewhere"
"""In place of the id of a partner: the links within, and those to what is in no region of the level."""
PLACES = {
    ELSEWHERE: tr_later("in no region of this level: abroad, or unknown"),
    INSIDE: tr_later("inside it"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Partners:
    """`table` has the first partners of each network; `lacking` are the networks that the data have nothing of."""

    table: pd.DataFrame
    lacking: tuple[str, ...]


def top_partners(scores: Scores, subject: Subject, top: int) -> Partners | None:
    """The strongest partners in each of three networks; None where there is no graph.

    `sent` is the weight of the links from it to the partner, `received` from the partner to it, `weight` both together;
    links without direction have their weight alone. `share` is that of the weight in all that it exchanges with others.
    After the partners come the links with organisations in no region of the level, abroad or unknown, as `elsewhere`,
    and those inside, which have no share.
    """
    store = scores.graph
    if store is None:
        return None
    files, frames, lacking = load_networks(), [], []
    window = scores.window
    for name in NETWORKS:
        try:
            found = linkage(store, files[name], level=scores.level, since=window.since, until=window.until)
        except (NetworkError, UsageError):  # the dataset has no such links, or the level is one of groups
            lacking.append(name)
            continue
        rows = list(_rows(scores, subject, found, top))
        if not rows:
            lacking.append(name)
        title = Text(found.file.title("zh"), found.file.title("en"))
        frames += [(name, title.zh, title.en, *row) for row in rows]
    return Partners(pd.DataFrame(frames, columns=list(COLUMNS)), tuple(lacking))


Row = tuple[int | None, str, str, str, float, float, float, float]


def _rows(scores: Scores, subject: Subject, found: Linkage, top: int) -> Iterator[Row]:
    """The rows of a network, the partners first; none where it has no link at all."""
    net = found.network
    members = [scores.standing.regions[member] for member in subject.members]
    own = np.isin(np.array([*net.regions, ""], dtype=object)[net.region], members)
    starts, ends = own[net.source], own[net.target]
    sent = _by_region(net.region[net.target], net.weight, starts & ~ends, len(net.regions))
    received = _by_region(net.region[net.source], net.weight, ends & ~starts, len(net.regions))
    both = sent + received
    whole = float(both.sum())
    inside = float(net.weight[starts & ends].sum())
    if not whole and not inside:
        return
    order = sorted(np.flatnonzero(both[:-1]).tolist(), key=lambda at: (-both[at], net.regions[at]))
    ways = (sent, received) if net.directed else (np.full(len(both), np.nan),) * 2
    for place, at in enumerate(order[:top], start=1):
        name = _name_of(scores, net.regions[at])
        yield place, net.regions[at], name.zh, name.en, *_cells(ways, both, at), both[at] / whole
    if both[NOWHERE]:
        yield None, ELSEWHERE, *_called(ELSEWHERE), *_cells(ways, both, NOWHERE), both[NOWHERE] / whole
    if inside:
        yield None, INSIDE, *_called(INSIDE), np.nan, np.nan, inside, np.nan


def _called(place: str) -> tuple[str, str]:
    return in_language("zh", PLACES[place]), PLACES[place]


def _by_region(
    places: np.ndarray[tuple[int], np.dtype[np.int64]], weight: FloatArray, which: BoolArray, count: int
) -> FloatArray:
    """The weight of some edges by the region of an end; the last place is that of no region."""
    chosen = np.where(places[which] == NOWHERE, count, places[which])
    return np.bincount(chosen, weight[which], count + 1).astype(np.float64)


def _cells(ways: Sequence[FloatArray], both: FloatArray, at: int) -> tuple[float, float, float]:
    return float(ways[0][at]), float(ways[1][at]), float(both[at])


def _name_of(scores: Scores, region: str) -> Text:
    known = scores.regions[region]
    return Text(known.name, known.name_en or known.name)
