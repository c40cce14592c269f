"""What the map of a page is given: shapes, tiles, short names, and what is missing."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from report_scores import scored

from ecosystem.regions import shipped_regions
from ecosystem.report import make_report
from ecosystem.report.boundaries import shipped_boundaries
from ecosystem.report.tiles import tile_grid
from ecosystem.report.topology import centre

PROVINCES = [region.id for region in shipped_regions().at("province")]


@pytest.fixture(scope="module")
def provinces() -> dict[str, tuple[int, int]]:
    found = shipped_boundaries(PROVINCES, shipped_regions())
    assert found is not None
    shapes = found.topology["objects"]["regions"]["geometries"]
    grid = tile_grid([centre(found.topology, shape) for shape in shapes])
    return dict(zip(PROVINCES, grid, strict=True))


def test_no_two_tiles_are_in_one_place(provinces: dict[str, tuple[int, int]]) -> None:
    assert len(set(provinces.values())) == len(PROVINCES)
    assert min(column for column, _ in provinces.values()) == min(row for _, row in provinces.values()) == 0


def test_tiles_lie_as_the_provinces_do(provinces: dict[str, tuple[int, int]]) -> None:
    heilongjiang, hainan, xinjiang, shanghai = (provinces[code] for code in ("230000", "460000", "650000", "310000"))
    assert heilongjiang[1] == 0
    assert hainan[1] == max(row for _, row in provinces.values())
    assert xinjiang[0] == 0
    assert shanghai[0] > xinjiang[0] + 5


def test_tiles_are_moved_as_little_as_can_be() -> None:
    """Against all ways to put four places on the grid that the function uses, one by one."""
    places = [(0.0, 0.0), (0.2, 0.1), (0.1, 0.3), (3.0, 2.0)]
    flat = np.array(places) * [np.cos(np.radians(np.mean([north for _, north in places]))), -1]
    flat -= flat.min(axis=0)
    side = np.sqrt(np.prod(np.ptp(flat, axis=0)) / (1.7 * 4))
    wanted = flat / side + 1
    grid = np.array([(column, row) for column in range(6) for row in range(6)])
    away = ((wanted[:, None, :] - grid) ** 2).sum(axis=2)
    tiles = np.ogrid[:36, :36, :36, :36]
    every = sum(away[place][tile] for place, tile in enumerate(tiles))
    for one, other in combinations(tiles, 2):
        every = np.where(one == other, np.inf, every)
    least = grid[list(np.unravel_index(np.argmin(every), every.shape))]
    found = np.array(tile_grid(places))
    np.testing.assert_array_equal(found - found[3], least - least[3])


@pytest.mark.parametrize("places", [[], [(1.0, 2.0)], [(1.0, 2.0)] * 5, [(float(east), 0.0) for east in range(7)]])
def test_places_in_one_point_or_line_have_tiles(places: list[tuple[float, float]]) -> None:
    assert len(set(tile_grid(places))) == len(places)


def test_regions_that_lie_nobody_knows_where_have_no_map(tmp_path: Path) -> None:
    data = make_report(scored(tmp_path)).parts["map"]
    assert (data["kind"], data["topology"], data["tiles"], data["missing"]) == (None, None, None, None)
    assert len(data["short"]) == 8


def test_own_boundaries_are_drawn_and_what_they_lack_is_said(tmp_path: Path) -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name in ("north", "south", "east", "west", "</script>")
    ]
    file = tmp_path / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = make_report(scored(tmp_path), boundaries=file)
    data = report.parts["map"]
    assert data["kind"] == "own"
    assert data["missing"]["en"].startswith("3 ranked regions have no boundary in own.geojson, property name: ")
    assert len(data["tiles"]) == 8
    assert report.html().count(b"</script>") == len(report.parts) + 2
