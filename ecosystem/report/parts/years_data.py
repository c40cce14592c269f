"""Scores and ranks year by year, where a report is asked for them."""

from __future__ import annotations

from ecosystem.report.json_values import Json, numbers, whole_numbers
from ecosystem.report.request import Request


def years(request: Request) -> Json | None:
    """The scores and ranks of the whole index by year and region, and the growth of each score; None without a panel.

    `ecosystem score INDEX --by-year` writes the same numbers.
    """
    panel = request.panel
    if panel is None:
        return None
    order = {region: place for place, region in enumerate(panel.standing.regions)}
    places = [order[region] for region in request.scores.standing.regions]
    return {
        "years": list(panel.years),
        "pooled": panel.pooled,
        "undated": list(panel.undated),
        "score": [numbers(row[places]) for row in panel.standing.overall],
        "rank": [whole_numbers(row[places]) for row in panel.standing.overall_rank],
        "growth": numbers(panel.growth.to_numpy()[places]),
    }
