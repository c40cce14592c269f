"""Where every region stands in every part: what it brings to the score, percentile, median, best, and its peers."""

from __future__ import annotations

import numpy as np

from ecosystem.audit.strengths import contributions, last_shift
from ecosystem.index.arrays import median_of_present
from ecosystem.profiles.part_rows import STRONG, percentiles
from ecosystem.profiles.peers import PEERS, nearest, scaled_values
from ecosystem.profiles.units import Units, region_units
from ecosystem.report.json_values import Json, numbers
from ecosystem.report.request import Request


def region(request: Request) -> Json:
    """By part (P) and region (R), as `ecosystem profile` and `ecosystem explain` have them.

    `contribution` `[P][R]` is what a part brings to the score of the index, none where that does not add up, and
    `shift` what a last step adds to every score; `percentile` `[P][R]`. By part, among all regions: `median` and `best`
    of the values of an indicator and of the scores of any other part, `best_region`, and `regions` that have one.
    `peers` `[R]` are the nearest others with their distance, and how many indicators were compared.
    """
    scores = request.scores
    units = region_units(scores)
    levels = range(scores.index.depth, 0, -1)
    columns = [(level, column) for level in levels for column in range(len(scores.index.at(level)))]
    return {
        "strong": STRONG,
        "contribution": [numbers(column) for level in contributions(scores)[::-1] for column in level.T],
        "shift": numbers([last_shift(scores)])[0],
        "percentile": [numbers(percentiles(units.ranked[level - 1][:, column])) for level, column in columns],
        **_among_all(units, columns),
        "peers": _peers(units),
    }


def _among_all(units: Units, columns: list[tuple[int, int]]) -> Json:
    """Median, best, whose it is and how many have one, of every part."""
    found: Json = {"median": [], "best": [], "best_region": [], "regions": []}
    for level, column in columns:
        ranked = units.ranked[level - 1][:, column]
        compared = (units.values if level == 1 else units.points[level - 1])[:, column]
        present = int((~np.isnan(ranked)).sum())
        best = int(np.nanargmax(ranked)) if present else None
        median, most = median_of_present(compared[:, None], axis=0)[0], np.nan if best is None else compared[best]
        found["median"] += numbers([median])
        found["best"] += numbers([most])
        found["best_region"].append(best)
        found["regions"].append(present)
    return found


def _peers(units: Units) -> list[list[tuple[int, float, int]]]:
    """Of each region its nearest others: place, distance, how many indicators were compared."""
    scaled = scaled_values(units)
    found = []
    for place in range(len(units)):
        order, distance, compared = nearest(scaled, place)
        found.append([(other, float(distance[other]), int(compared[other])) for other in order[:PEERS].tolist()])
    return found
