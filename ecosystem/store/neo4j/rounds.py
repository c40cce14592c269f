"""Work divided among sessions so that none waits for another: what is written at one time touches no common node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ecosystem.store.neo4j.work import Work

Round = Sequence[Work]
"""Work that may be done at the same time, a part per session."""


def rounds(work: Work, sessions: int, batch: int) -> Iterator[Round]:
    """The same rows in rounds, one after the other.

    A link locks both its nodes until its transaction ends, so that two sessions with links in any order soon wait for
    each other. Nodes are therefore dealt out into twice as many teams as there are sessions, and in each round every
    team meets one other, as in a tournament: a session writes the links between two teams of its own. In each part rows
    are in the order of their nodes.
    """
    if len(work) <= batch or sessions == 1:
        if len(work):
            yield [_part(work, _order(work))]
    elif work.ends is None:
        yield [_part(work, places) for places in np.array_split(np.arange(len(work)), sessions)]
    else:
        yield from _meetings(work, work.ends, sessions)


def _meetings(work: Work, ends: pa.Table, sessions: int) -> Iterator[Round]:
    teams = 2 * sessions
    source, target = (ends[name].to_numpy() % teams for name in ends.column_names)
    low, high = np.minimum(source, target), np.maximum(source, target)
    order = _order(work)
    meeting = (low * teams + high)[order]
    for pairs in tournament(teams):
        parts = [_part(work, order[meeting == one * teams + other]) for one, other in pairs]
        if any(map(len, parts)):
            yield [part for part in parts if len(part)]


def tournament(teams: int) -> Iterator[list[tuple[int, int]]]:
    """Rounds in which each of an even number of teams meets each other once, and in the last two itself.

    In a round no team has two meetings: the first stays, the others move round it (the circle method).
    """
    circle = list(range(1, teams))
    for _ in range(teams - 1):
        seats = [0, *circle]
        yield [(min(pair), max(pair)) for pair in zip(seats[: teams // 2], reversed(seats[teams // 2 :]), strict=True)]
        circle = [circle[-1], *circle[:-1]]
    for half in (range(teams // 2), range(teams // 2, teams)):
        yield [(team, team) for team in half]


def _order(work: Work) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The rows in the order of the nodes that they touch."""
    if work.ends is None:
        return np.arange(len(work), dtype=np.int64)
    keys = [work.ends[name].to_numpy() for name in reversed(work.ends.column_names)]
    return np.lexsort(keys).astype(np.int64)


def _part(work: Work, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Work:
    return replace(work, columns=work.columns.take(pa.array(places)), ends=None)
