"""The organisations that bring a region or a group most of its score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import lineage
from ecosystem.audit.strengths import contributions_add_up
from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import SourceMatches
from ecosystem.profiles.units import Subject
from ecosystem.scoring import Scores

COLUMNS = ("id", "name", "kind", "points", "share", "indicators", "matches", "codes")


@dataclass(frozen=True, slots=True, eq=False)
class Organisations:
    """`table` has the first organisations; `of` is how many there are, `share` what all of them bring of the score.

    `apart` are the codes of the indicators in which no organisation has a part of its own.
    """

    table: pd.DataFrame
    of: int
    share: float
    apart: tuple[str, ...]


def top_organisations(scores: Scores, subject: Subject, top: int) -> Organisations | None:
    """The organisations with the most points in the score, `top` of them; None where no graph is behind it.

    An organisation has in every indicator its share of the value of its region, and so of the points that the indicator
    brings to the score: what explanations show. `share` is its part of the whole score. None as well where the points
    of indicators do not add up to the score.
    """
    standing = scores.standing
    if scores.graph is None or not all(contributions_add_up(scores, member) for member in subject.members):
        return None
    audit = AuditedScores(scores)
    chain = Chain.of(standing)
    pieces = list(_pieces(audit, subject, chain))
    apart = _apart(audit, subject)
    if not pieces:
        return Organisations(pd.DataFrame(columns=list(COLUMNS)), 0, np.nan, apart)
    rows = pd.concat(pieces, ignore_index=True)
    whole = float(np.nansum(standing.overall[list(subject.members)]))
    found = rows.groupby("organisation", sort=True).agg(
        points=("points", "sum"), matches=("matches", "sum"), indicators=("code", "nunique"), codes=("code", _listed)
    )
    found = found.sort_values("points", ascending=False, kind="stable")
    first = found.head(top)
    known = _known(audit, first.index.to_numpy(dtype=np.int64))
    table = pd.DataFrame(
        {
            "id": known["id"].to_numpy(),
            "name": known["name"].to_numpy(),
            "kind": known["kind"].to_numpy(),
            "points": first["points"].to_numpy(),
            "share": first["points"].to_numpy() / whole if whole else np.nan,
            "indicators": first["indicators"].to_numpy(),
            "matches": first["matches"].to_numpy(),
            "codes": first["codes"].to_numpy(),
        }
    )
    share = float(found["points"].sum()) / whole if whole else np.nan
    return Organisations(table, len(found), share, apart)


def _listed(codes: pd.Series[str]) -> str:
    return ", ".join(dict.fromkeys(codes))


def _pieces(audit: AuditedScores, subject: Subject, chain: Chain | None) -> Iterator[pd.DataFrame]:
    """A row per indicator, region and organisation: its points, and its matches."""
    standing = audit.scores.standing
    for place in audit.places:
        code = audit.scores.index.leaves[place].code
        for region in subject.members:
            line = lineage(audit, place, region, chain)
            if not len(line.codes) or np.isnan(line.shares).any():
                continue
            points = line.points
            if np.isnan(points).any():
                points = _in_proportion(line.shares, standing.weighted[region, place])
            yield pd.DataFrame({"code": code, "organisation": line.codes, "points": points, "matches": line.matches})


def _in_proportion(shares: FloatArray, points: float) -> FloatArray:
    """The points of an indicator shared out as the value is; none where the value is 0."""
    whole = shares.sum()
    return shares / whole * points if whole else np.zeros(len(shares))


def _apart(audit: AuditedScores, subject: Subject) -> tuple[str, ...]:
    """The indicators with a value behind which no organisation has a share."""
    scores = audit.scores
    found = []
    for place, leaf in enumerate(scores.index.leaves):
        if np.isnan(subject.units.values[subject.place, place]):
            continue
        matches = audit.matches(place) if place in audit.places else None
        if matches is None or not _has_shares(matches, len(scores.standing.regions)):
            found.append(leaf.code)
    return tuple(found)


def _has_shares(matches: SourceMatches, regions: int) -> bool:
    return matches.shares(regions) is not None


def _known(audit: AuditedScores, codes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.DataFrame:
    """Kind, id and name of the nodes, whatever their label."""
    store = audit.graph.store
    labels = [label for label in store.schema.model.labels if store.schema.counts.get(label) and label != "Region"]
    return store.entities.known(codes, labels)
