"""The regions that are most like a region by all of its indicators, and the members of a group with their parts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.profiles.units import Subject, Units
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of
from ecosystem.scoring.result_columns import part_columns

PEERS = 3
"""So many peers where nobody says how many, or as many as there are."""


def peer_frame(scores: Scores, subject: Subject, count: int | None) -> pd.DataFrame:
    """The region itself and its `count` nearest peers, with their distance, score, rank and pillars.

    Every indicator is scaled to its range among all regions (or groups), 0 to 1, after its normalisation; the distance
    of two is the root of the mean square difference over the indicators that both have, 0 to 1 (ranges as in Gower
    1971). `compared` are these indicators; one with fewer than half of those of the region itself is no peer. An
    indicator that is the same for all says nothing and is left out. UsageError where more peers are asked for than
    there are.
    """
    units = subject.units
    order, distance, compared = nearest(scaled_values(units), subject.place)
    if count is not None and count > len(order):
        message = tr("--peers {count}: {others} others can be compared", count=count, others=len(order))
        raise UsageError(message, hint=tr("ask for at most {others}", others=len(order)))
    rows = [subject.place, *order[: PEERS if count is None else count].tolist()]
    return _beside(scores, units, rows).assign(distance=distance[rows], compared=compared[rows])


def nearest(scaled: FloatArray, place: int) -> tuple[IntArray, FloatArray, IntArray]:
    """The places of the peers of a unit, the nearest first; the distance of every unit (U,), and how many compare."""
    own = scaled[place]
    both = ~np.isnan(scaled) & ~np.isnan(own)
    compared = both.sum(axis=1)
    squares = np.where(both, scaled - own, 0.0) ** 2
    distance = np.sqrt(np.divide(squares.sum(axis=1), compared, out=np.full(len(scaled), np.nan), where=compared > 0))
    others = np.flatnonzero((compared > 0) & (compared * 2 >= compared[place]))
    others = others[others != place]
    return others[np.argsort(distance[others], kind="stable")], distance, compared


def scaled_values(units: Units) -> FloatArray:
    """The indicators (U, K) on the range that they have among the units; a column that is constant is NaN."""
    ranked = units.ranked[0]
    known = np.where(np.isnan(ranked).all(axis=0), 0.0, ranked)
    low, high = np.nanmin(known, axis=0), np.nanmax(known, axis=0)
    span = np.where(high > low, high - low, np.nan)
    scaled: FloatArray = (ranked - low) / span
    return scaled


def _beside(scores: Scores, units: Units, rows: list[int]) -> pd.DataFrame:
    """Some units with their score, rank and pillars."""
    top, pillars = units.points[-1][:, 0], units.points[-2]
    columns = part_columns(scores.index.pillars)
    ranks = units.ranks[-1][rows, 0]
    frame = pd.DataFrame(
        {
            "region": [units.ids[row] for row in rows],
            "region_zh": [units.names[row].zh for row in rows],
            "region_en": [units.names[row].en for row in rows],
            "score": top[rows],
            "rank": pd.array(np.where(ranks > 0, ranks, 0), dtype="Int64"),
            **{name: pillars[rows, column] for column, name in enumerate(columns)},
        }
    )
    return frame.assign(rank=frame["rank"].where(frame["rank"] > 0))


def member_frame(scores: Scores, subject: Subject) -> pd.DataFrame:
    """The members of a group, the best first: score, rank among all regions, share of the group's score, pillars.

    No row for a region.
    """
    standing = scores.standing
    members = list(subject.members) if subject.is_group else []
    whole = float(np.nansum(standing.overall[members]))
    names = [names_of(scores, standing.regions[member]) for member in members]
    ranks = pd.array(standing.overall_rank[members], dtype="Int64")
    frame = pd.DataFrame(
        {
            "region": [standing.regions[member] for member in members],
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": standing.overall[members],
            "rank": ranks,
            "share": standing.overall[members] / whole if whole else np.nan,
            **{
                name: standing.pillars[members, column]
                for column, name in enumerate(part_columns(scores.index.pillars))
            },
        }
    )
    frame = frame.assign(rank=frame["rank"].where(frame["rank"] > 0))
    return frame.sort_values("score", ascending=False, kind="stable", ignore_index=True)
