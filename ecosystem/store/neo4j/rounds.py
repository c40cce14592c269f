"""Work divided among sessions so that none waits for another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ecosystem.store.neo4j.work import Work

Round = Sequence[Work]
"""Work that may be done at the same time, a part per session."""


def rounds(works: Iterable[Work], sessions: int) -> Iterator[Round]:
    """The same rows in rounds, one after the other.

    Until its transaction ends, a new link locks both its nodes and, of each, the link that it is put in front of. Two
    sessions would soon wait for each other, so each has nodes of its own: first every session writes the links between
    its nodes, of all types; links between nodes of two sessions come last, and are written by one session alone. In
    each part rows are in the order of their nodes.
    """
    between: list[Work] = []
    for work in works:
        if not work.ends:
            yield from _round([work.part(rows) for rows in np.array_split(np.arange(len(work)), sessions)])
        else:
            owners = _owners(work, sessions)
            yield from _round([_in_order(work, owners == session) for session in range(sessions)])
            between.append(work)
    for work in between:
        yield from _round([_in_order(work, _owners(work, sessions) < 0)])


def _owners(work: Work, sessions: int) -> npt.NDArray[np.int64]:
    """The session whose nodes a link connects, -1 where they are of two."""
    source, target = (keys % sessions for keys in work.ends)
    return np.where(source == target, source, -1)


def _in_order(work: Work, chosen: npt.NDArray[np.bool_]) -> Work:
    part = work.part(np.flatnonzero(chosen))
    return part.part(np.lexsort(part.ends[::-1]))


def _round(parts: Sequence[Work]) -> Iterator[Round]:
    if found := [part for part in parts if len(part)]:
        yield found
