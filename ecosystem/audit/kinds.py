"""The kinds of links and members that a region has, told apart by the indicators in which one of them counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.matches import Matches, Trail
from ecosystem.audit.row_shares import row_shares, subject
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.query.naming import name_all
from ecosystem.query.provenance import arguments
from ecosystem.query.traversal import patterns
from ecosystem.query.tree import LinkPattern

MOST = 40
"""Kinds that are looked at: those of which there are most."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of link or member: one more of it adds `adds` (K,) to the values of the region.

    `what` is its link type or label, `codes` are the indicators in which it counts. A sum grows by what such a link
    brings on average in the region (in all, where the region has none); a mean stays as it is, for the new one is as
    the others are.
    """

    what: str
    is_link: bool
    codes: tuple[str, ...]
    adds: FloatArray
    known: int

    def __str__(self) -> str:
        return f"{self.what} {'link' if self.is_link else 'member'} that counts in {', '.join(self.codes)}"


def kinds_of_moves(trail: Trail, region: int) -> list[Kind]:
    """The kinds that any ranked region has, those of this region first, then those of which there are most."""
    counted = pd.concat([*_counted(trail), _NONE], ignore_index=True)
    leaves = trail.scores.index.leaves
    if not len(counted):
        return []
    places = sorted(counted["place"].unique().tolist())
    counted["bit"] = 2 ** np.searchsorted(places, counted["place"].to_numpy())
    one = counted.groupby(["what", "is_link", "carrier", "region", "place", "bit"], as_index=False)["share"].sum()
    whole = one.groupby(["what", "is_link", "carrier", "region"])["bit"].sum().rename("bits")
    one = one.join(whole, on=["what", "is_link", "carrier", "region"])
    found = []
    for (what, is_link, _), rows in one.groupby(["what", "is_link", "bits"]):
        own = rows[rows["region"] == region]
        adds = np.zeros(len(leaves))
        means = (own if len(own) else rows).groupby("place")["share"].mean()
        adds[means.index] = means
        codes = tuple(leaves[place].code for place in means.index)
        there = len(own.drop_duplicates("carrier"))
        total = len(rows.drop_duplicates(["carrier", "region"]))
        found.append((there == 0, -total, Kind(str(what), bool(is_link), codes, adds, there)))
    found.sort(key=lambda each: (each[0], each[1], str(each[2])))
    return [kind for _, _, kind in found[:MOST]]


_NONE = pd.DataFrame(
    {
        "what": pd.Series(dtype="str"),
        "is_link": pd.Series(dtype="bool"),
        "carrier": pd.Series(dtype="int64"),
        "region": pd.Series(dtype="int64"),
        "place": pd.Series(dtype="int64"),
        "share": pd.Series(dtype="float64"),
    }
)


def _counted(trail: Trail) -> Iterator[pd.DataFrame]:
    """By whom each match of an indicator that adds up is carried: its one link that is no location, else its member."""
    for place in trail.places:
        metric = trail.metric(place)
        means = any(call.function == "avg" for call in arguments(metric.query))
        if metric.provenance != "monotone" or means:
            continue
        matches = trail.matches(place, links=True)
        found = row_shares(matches, len(trail.scores.standing.regions))
        if found is None:
            continue
        name, is_link = carrier(matches)
        codes = (matches.links if is_link else matches.nodes)[name]
        frame = pd.DataFrame(
            {
                "what": "|".join(matches.kinds[name]),
                "is_link": is_link,
                "carrier": codes,
                "region": matches.regions,
                "place": place,
                "share": found[0],
            }
        )
        yield frame[frame["share"] != 0]


def carrier(matches: Matches) -> tuple[str, bool]:
    """The variable of the one link that carries a match and True, or that of the node it is counted for and False."""
    links = {
        pattern.variable.lstrip("_")
        for match in name_all(matches.query).matches
        for pattern in patterns(match)
        if isinstance(pattern, LinkPattern) and not set(pattern.types) & {"LOCATED_IN", "WITHIN"}
    }
    return (next(iter(links)), True) if len(links) == 1 else (subject(matches.query), False)


def added(values: FloatArray, kinds: list[Kind], numbers: IntArray, region: int) -> FloatArray:
    """The indicators (variants, R, K) with numbers (variants, kinds) of new ones in a region."""
    grown = np.repeat(values[None], len(numbers), axis=0)
    grown[:, region] += numbers @ np.stack([kind.adds for kind in kinds])
    return grown
