"""A row per part of the index: the value and score of a region or group, its share, rank, percentile and distances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem.audit.explain import in_depth
from ecosystem.index.arrays import FloatArray, median_of_present
from ecosystem.profiles.earlier import Earlier
from ecosystem.profiles.shares import share_frame
from ecosystem.profiles.units import Subject
from ecosystem.scoring import Scores

STRONG = 75.0
"""The percentile from which an indicator is a strength; a weakness is one at or under its mirror, 25."""


def part_frame(scores: Scores, subject: Subject, strong: float, earlier: Earlier | None) -> pd.DataFrame:
    """The parts of an index from the top down, each before its own parts; columns as `Profile.parts` has them."""
    shares = share_frame(scores, subject).set_index("code")
    rows = [
        {
            "level": part.level,
            "code": part.code,
            "parent": part.parent or "",
            "name_zh": part.name.zh,
            "name_en": part.name.en,
            "weight": part.weight,
            "unit": part.unit if part.level == 1 else "",
            **_standing(subject, part.level, scores.index.at(part.level).index(part)),
            **shares.loc[part.code].to_dict(),
        }
        for part in in_depth(scores.index)
    ]
    frame = pd.DataFrame(rows).astype({"rank": "Int64"})
    frame["standing"] = [
        _kind(value, level, strong) for value, level in zip(frame["percentile"], frame["level"], strict=True)
    ]
    return frame if earlier is None else earlier.beside(frame, subject.id)


def _standing(subject: Subject, level: int, column: int) -> dict[str, object]:
    """Value, score, rank, percentile, and the median and the best of all, of the values where there are any."""
    units, place = subject.units, subject.place
    points, ranked = units.points[level - 1][:, column], units.ranked[level - 1][:, column]
    compared = units.values[:, column] if level == 1 else points
    rank, here = int(units.ranks[level - 1][place, column]), compared[place]
    best = _best(ranked)
    median = float(median_of_present(compared[:, None], axis=0)[0])
    most = np.nan if best is None else float(compared[best])
    return {
        "value": here if level == 1 else np.nan,
        "score": points[place],
        "rank": rank if rank > 0 else None,
        "regions": int((~np.isnan(ranked)).sum()),
        "percentile": percentile(ranked, place),
        "median": median,
        "gap_median": here - median,
        "best": most,
        "gap_best": here - most,
        "best_region": "" if best is None else units.ids[best],
        "best_zh": "" if best is None else units.names[best].zh,
        "best_en": "" if best is None else units.names[best].en,
    }


def _best(ranked: FloatArray) -> int | None:
    return None if np.isnan(ranked).all() else int(np.nanargmax(ranked))


def percentile(ranked: FloatArray, place: int) -> float:
    """The share of the others that stand behind, in per cent: 100 for the first alone, 0 for the last.

    Of those that are equal a half counts. NaN without a value, and where there is no other.
    """
    return float(percentiles(ranked)[place])


def percentiles(ranked: FloatArray) -> FloatArray:
    """The `percentile` of every unit (U,)."""
    known = np.sort(ranked[~np.isnan(ranked)])
    behind = np.searchsorted(known, ranked, "left")
    equal = np.searchsorted(known, ranked, "right") - behind - 1
    if len(known) < 2:
        return np.full(len(ranked), np.nan)
    return np.where(np.isnan(ranked), np.nan, 100 * (behind + 0.5 * equal) / (len(known) - 1))


def _kind(value: float, level: int, strong: float) -> str:
    if level > 1 or np.isnan(value):
        return ""
    return "strength" if value >= strong else "weakness" if value <= 100 - strong else ""
