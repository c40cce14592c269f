"""The share of the nation and of the parent region that a region or a group has in every part of an index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import IndicatorSource
from ecosystem.messages import tr_later
from ecosystem.profiles.units import Subject
from ecosystem.scoring import Scores

COUNTRY = "country"
CLOSE = 1e-9
"""How far, in shares of it, the values of the regions may be from that of the nation for them to add up to it."""

NO_SCORES = tr_later("scores do not add up: the index has no sum of regions")
NO_VALUE = tr_later("no value")
NOTHING = tr_later("a share of nothing")
NO_NATION = tr_later("of the ranked regions: the nation has no value of its own")
OVER = tr_later("the regions do not add up to the nation: what is counted once there lies in several, or in none")


def share_frame(scores: Scores, subject: Subject) -> pd.DataFrame:
    """`code, share_nation, share_parent, share_note`: a row per part of the index, the indicators first.

    Of an indicator the share is that of its value, where values add up: its value over that of the nation, measured on
    the whole country, and over that of the region that it lies in, where this is not the country itself. Of any other
    part it is that of the score in the sum of the scores of the ranked regions, where the index adds scores up. Blank
    where nothing adds up; `share_note` says why, in English, and what else has to be known.
    """
    frames = [_of_values(scores, subject), *_of_scores(scores, subject)]
    return pd.concat(frames, ignore_index=True)


def nation_of(scores: Scores, subject: Subject) -> str | None:
    """The country in which all of it lies; None where the hierarchy does not say, or there are several."""
    found = {_above(scores, scores.standing.regions[member], COUNTRY) for member in subject.members}
    return found.pop() if len(found) == 1 else None


def parent_of(scores: Scores, subject: Subject) -> str | None:
    """The region that a region lies in, where that is not its country; None for a group."""
    if subject.is_group or subject.id not in scores.regions:
        return None
    parent = scores.regions[subject.id].parent
    known = parent is not None and parent in scores.regions
    return parent if known and scores.regions[str(parent)].level != COUNTRY else None


def _above(scores: Scores, region: str, level: str) -> str | None:
    here: str | None = region
    while here is not None and here in scores.regions:
        if scores.regions[here].level == level:
            return here
        here = scores.regions[here].parent
    return None


def _of_values(scores: Scores, subject: Subject) -> pd.DataFrame:
    nation, parent = nation_of(scores, subject), parent_of(scores, subject)
    rows = []
    for place, leaf in enumerate(scores.index.leaves):
        source, value = scores.sources[leaf.code], subject.units.values[subject.place, place]
        ranked = scores.standing.raw[:, place]
        if np.isnan(value):
            rows.append((leaf.code, np.nan, np.nan, NO_VALUE))
        elif source.unsummed is not None:
            rows.append((leaf.code, np.nan, np.nan, source.unsummed))
        else:
            whole, note = _whole(scores, source, nation, ranked)
            held = _value_at(scores, source, parent)
            rows.append((leaf.code, _over(value, whole), _over(value, held), note if whole else NOTHING))
    return pd.DataFrame(rows, columns=["code", "share_nation", "share_parent", "share_note"])


def _whole(scores: Scores, source: IndicatorSource, nation: str | None, ranked: FloatArray) -> tuple[float, str]:
    """The value of the nation, else the sum of the ranked regions; and what is to be known of it."""
    total, whole = float(np.nansum(ranked)), _value_at(scores, source, nation)
    if np.isnan(whole):
        return total, NO_NATION
    return whole, "" if abs(total - whole) <= CLOSE * max(1.0, abs(whole)) else OVER


def _value_at(scores: Scores, source: IndicatorSource, region: str | None) -> float:
    wide = None if region is None else source.at(scores.regions[region].level)
    return np.nan if wide is None or region is None else float(wide.values([region], scores.window).values[0])


def _over(part: float, whole: float) -> float:
    return part / whole if whole and not np.isnan(whole) else np.nan


def _of_scores(scores: Scores, subject: Subject) -> Iterator[pd.DataFrame]:
    index, standing = scores.index, scores.standing
    adds = index.level(scores.level).rollup == "sum"
    for level in range(2, index.depth + 1):
        own = subject.units.points[level - 1][subject.place]
        whole = np.nansum(standing.at(level), axis=0)
        shares = np.array([_over(part, total) for part, total in zip(own, whole, strict=True)])
        notes = [
            NO_VALUE if np.isnan(part) else "" if total else NOTHING for part, total in zip(own, whole, strict=True)
        ]
        yield pd.DataFrame(
            {
                "code": [part.code for part in index.at(level)],
                "share_nation": shares if adds else np.nan,
                "share_parent": np.nan,
                "share_note": notes if adds else NO_SCORES,
            }
        )
