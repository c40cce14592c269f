"""The parts of an index as a table, from the top down: value, points, weight and rule of each in one region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecosystem.audit.lineage import Lineage
from ecosystem.index import Indicator
from ecosystem.scoring import Scores


def steps_frame(scores: Scores, lines: Sequence[Lineage], region: int) -> pd.DataFrame:
    """A row per part of the index, from the top down to the indicators of these lines: value, points, weight, rule."""
    index, standing = scores.index, scores.standing
    rules = {line.place: line.rule for line in lines}
    wanted = _above(scores, [index.leaves[place].code for place in rules])
    rows = []
    for part in _in_depth(scores):
        if part.code not in wanted:
            continue
        place = index.at(part.level).index(part)
        leaf = part.level == 1
        rows.append(
            {
                "level": part.level,
                "code": part.code,
                "parent": part.parent or "",
                "name_zh": part.name.zh,
                "name_en": part.name.en,
                "weight": part.weight,
                "raw": standing.raw[region, place] if leaf else np.nan,
                "normalised": standing.normalised[region, place] if leaf else np.nan,
                "points": standing.at(part.level)[region, place],
                "rule": rules.get(place, "") if leaf else "",
            }
        )
    return pd.DataFrame(rows)


def _above(scores: Scores, codes: Sequence[str]) -> set[str]:
    parents = {part.code: part.parent for part in scores.index.indicators}
    found = set(codes)
    for code in codes:
        above = parents[code]
        while above is not None:
            found.add(above)
            above = parents[above]
    return found


def _in_depth(scores: Scores) -> list[Indicator]:
    """Every part of the index, each before its own parts."""
    index = scores.index
    found: list[Indicator] = []

    def visit(part: Indicator) -> None:
        found.append(part)
        for child in index.indicators:
            if child.parent == part.code:
                visit(child)

    visit(index.top)
    return found
