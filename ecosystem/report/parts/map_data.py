"""The map: shapes of the ranked regions, their places in a grid of tiles, short names, and where the lines are from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ecosystem.index import Text
from ecosystem.messages import listed, spoken, tr, tr_count
from ecosystem.regions import Regions
from ecosystem.report.boundaries import Boundaries, shipped_boundaries
from ecosystem.report.json_values import Both, Json, both, said
from ecosystem.report.own_boundaries import own_boundaries
from ecosystem.report.request import Request
from ecosystem.report.tiles import MOST, tile_grid
from ecosystem.report.topology import centre
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

COUNTRY_CODE = re.compile("[A-Z]{2,3}")
NAMED = 5
"""How many regions without a shape are named; the table beside the map marks all of them."""

Place = tuple[float, float]


def map_part(request: Request) -> Json:
    """The map of a report; without shapes (`topology` is None) its regions are tiles alone."""
    scores = request.scores
    ranked, regions = scores.standing.regions, scores.regions
    drawn = (
        shipped_boundaries(ranked, regions)
        if request.boundaries is None
        else own_boundaries(request.boundaries, ranked, regions)
    )
    return {
        "kind": None if drawn is None else drawn.kind,
        "topology": None if drawn is None else drawn.topology,
        "around": {} if drawn is None else {region: both(called) for region, called in drawn.names.items()},
        "source": None if drawn is None else both(drawn.source),
        "missing": None if drawn is None or not drawn.missing else said(lambda: without_shape(drawn, regions)),
        "tiles": _tiles(ranked, regions, drawn),
        "short": [short_name(scores, region) for region in ranked],
    }


def without_shape(drawn: Boundaries, regions: Regions) -> str:
    """The sentence that says which ranked regions have no shape."""
    named = listed([regions[region].name for region in drawn.missing[:NAMED]])
    more = len(drawn.missing) - NAMED
    if more > 0:
        named = tr("{names} and {count} more", names=named, count=more)
    return tr_count(
        "One ranked region has no boundary in {source}: {names}.",
        "{count} ranked regions have no boundary in {source}: {names}.",
        len(drawn.missing),
        source=drawn.source.to(spoken()),
        names=named,
    )


def short_name(scores: Scores, region: str) -> Both:
    """A name that fits a tile: the short form that the hierarchy has (深圳); in English the name or a code."""
    names = names_of(scores, region)
    aliases = scores.regions[region].aliases
    short = next((alias for alias in aliases if len(alias) > 1 and names.zh.startswith(alias)), names.zh)
    code = region if COUNTRY_CODE.fullmatch(region) else names.en
    return both(Text(short, code))


def _tiles(ranked: Sequence[str], regions: Regions, drawn: Boundaries | None) -> list[tuple[int, int]] | None:
    """Column and row of each region's tile; None where it is not known of half of them where they lie.

    A region that lies nobody knows where has its tile below the others.
    """
    places = _places(ranked, regions, drawn)
    if not 2 * len(places) >= len(ranked) or len(ranked) > MOST:
        return None
    grid = dict(zip(places, tile_grid(list(places.values())), strict=True))
    below = 2 + max(row for _, row in grid.values())
    width = 1 + max(column for column, _ in grid.values())
    others = [region for region in ranked if region not in grid]
    grid |= {region: (at % width, below + at // width) for at, region in enumerate(others)}
    return [grid[region] for region in ranked]


def _places(ranked: Sequence[str], regions: Regions, drawn: Boundaries | None) -> Mapping[str, Place]:
    """Where regions lie: the centre of the shape, or what the hierarchy says."""
    places: dict[str, Place] = {}
    for region in ranked:
        known = regions[region]
        if known.longitude is not None and known.latitude is not None:
            places[region] = (known.longitude, known.latitude)
    if drawn is not None:
        shapes = drawn.topology["objects"]["regions"]["geometries"]
        places |= {shape["id"]: centre(drawn.topology, shape) for shape in shapes}
    return places
