"""The links and members that could be added to a region, by the indicators in which one of them would count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr, tr_later

MOST = 40
"""Kinds of additions that are tried: those of which the regions have most."""


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """A kind of link or member that could be added: one more of it adds `adds` (K,) to the values of the region.

    `what` is its link type or label, `codes` are the indicators in which it counts, `known` is how many the region has.
    A sum grows by what such a link brings on average in the region (in all, where the region has none); a mean stays as
    it is, for the new one is as the others are.
    """

    what: str
    is_link: bool
    codes: tuple[str, ...]
    adds: FloatArray
    known: int

    def __str__(self) -> str:
        sentence = tr_later("{what} link that counts in {codes}")
        if not self.is_link:
            sentence = tr_later("{what} member that counts in {codes}")
        return tr(sentence, what=self.what, codes=", ".join(self.codes))


def possible_additions(audit: AuditedScores, region: int) -> list[Addition]:
    """The kinds that any ranked region has, those of this region first, then those of which there are most."""
    counted = pd.concat([*_counted(audit), _NONE], ignore_index=True)
    leaves = audit.scores.index.leaves
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
        present = len(own.drop_duplicates("carrier"))
        total = len(rows.drop_duplicates(["carrier", "region"]))
        found.append((present == 0, -total, Addition(str(what), bool(is_link), codes, adds, present)))
    found.sort(key=lambda each: (each[0], each[1], str(each[2])))
    return [addition for _, _, addition in found[:MOST]]


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


def _counted(audit: AuditedScores) -> Iterator[pd.DataFrame]:
    """By whom each match of an indicator that adds up is carried: its one link that is no location, else its member."""
    for place in audit.places:
        matches = audit.matches(place, links=True)
        found = matches.shares(len(audit.scores.standing.regions)) if matches.additive else None
        if found is None:
            continue
        name, is_link = matches.carrier
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


def added(values: FloatArray, additions: list[Addition], numbers: IntArray, region: int) -> FloatArray:
    """The indicators (variants, R, K) with numbers (variants, additions) of new ones in a region."""
    grown = np.repeat(values[None], len(numbers), axis=0)
    grown[:, region] += numbers @ np.stack([addition.adds for addition in additions])
    return grown
