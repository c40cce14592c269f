"""Which boundaries a report draws: those that travel with the package, or those of a GeoJSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecosystem.errors import InputError
from ecosystem.regions import Region, Regions, shipped_regions
from ecosystem.report import topology
from ecosystem.report.boundaries import Boundaries, shipped_boundaries
from ecosystem.report.own_boundaries import own_boundaries
from ecosystem.report.topology import area, centre, points_of, rings, topology_of

SHIPPED = shipped_regions()
PROVINCES = [region.id for region in SHIPPED.at("province")]
CITIES = [region.id for region in SHIPPED.at("city")]


def drawn(ranked: list[str], regions: Regions = SHIPPED) -> Boundaries:
    found = shipped_boundaries(ranked, regions)
    assert found is not None
    return found


def ids(found: Boundaries, collection: str = "regions") -> list[str | None]:
    geometries = found.topology["objects"].get(collection, {"geometries": []})["geometries"]
    return [shape.get("id") for shape in geometries]


def arcs(nested: Any) -> Iterator[int]:
    if isinstance(nested, int):
        yield nested if nested >= 0 else ~nested
    else:
        for part in nested:
            yield from arcs(part)


@pytest.mark.parametrize("ranked", [PROVINCES[:31], CITIES[:30], ["DE", "FR", "SG"]])
def test_only_the_lines_that_are_needed_are_kept(ranked: list[str]) -> None:
    found = drawn(ranked)
    shapes = [shape for kind in found.topology["objects"].values() for shape in kind["geometries"]]
    used = {arc for shape in shapes for arc in arcs(shape["arcs"])}
    assert used == set(range(len(found.topology["arcs"])))
    for shape in found.topology["objects"]["regions"]["geometries"]:
        for ring in rings(shape):
            points = points_of(found.topology, ring)
            assert (points[0] == points[-1]).all()
            assert area(points) < 0


def test_provinces_are_drawn_among_all_provinces_with_the_line_in_the_south() -> None:
    found = drawn(PROVINCES[:31])
    assert (found.kind, ids(found), found.missing) == ("china", PROVINCES[:31], ())
    assert ids(found, "around") == ["710000", "810000", "820000"]
    assert found.names["710000"].en == "Taiwan"
    assert len(ids(found, "lines")) == 1


def test_all_cities_have_a_shape_and_weigh_little() -> None:
    found = drawn(CITIES)
    assert ids(found) == CITIES
    assert len(ids(found, "borders")) == 34
    assert len(json.dumps(found.topology, separators=(",", ":"))) < 350_000


def test_cities_of_one_province_are_drawn_among_its_others() -> None:
    hebei = [region for region in CITIES if region.startswith("13")]
    found = drawn(hebei[:8])
    assert (len(ids(found)), len(ids(found, "around"))) == (8, len(hebei) - 8)
    assert "lines" not in found.topology["objects"]


def test_a_part_that_is_drawn_by_itself_has_the_country_that_it_lies_in() -> None:
    found = drawn(["CN", "JP", "KR"])
    assert ids(found, "around").count("CN") == 3
    apart = Regions([*SHIPPED, Region("TWN", "Taiwan", "country")])
    both = drawn(["CN", "JP", "TWN"], apart)
    assert (ids(both), ids(both, "around").count("CN")) == (["CN", "JP", "TWN"], 2)


def test_countries_that_are_called_otherwise_are_found() -> None:
    own = Regions([Region("AUT", "Austria", "region"), Region("x", "法国", "country"), Region("HKG", "HK", "country")])
    assert ids(drawn(["AUT", "x", "HKG"], own)) == ["AUT", "x", "HKG"]


def test_some_countries_are_drawn_among_those_near_them() -> None:
    europe, world = drawn(["FR", "DE", "PL"]), drawn(["FR", "DE", "PL", "US", "JP"])
    assert set(europe.names) > {"CH", "CZ", "BE"}
    assert not {"US", "JP", "AU"} & set(europe.names)
    assert len(ids(world, "around")) == 239 - 5


def test_what_the_source_does_not_draw_is_missing() -> None:
    assert drawn(["FR", "DE", "GP"]).missing == ("GP",)


def test_regions_that_no_map_has_are_not_drawn() -> None:
    parks = Regions([Region("p1", "深圳", "park"), Region("p2", "广州", "park")])
    assert shipped_boundaries(["p1", "p2"], parks) is None
    assert shipped_boundaries([], SHIPPED) is None


def square(east: float, north: float, size: float = 1) -> list[list[float]]:
    return [[east, north], [east + size, north], [east + size, north + size], [east, north + size], [east, north]]


def feature(properties: Any, *polygons: Any, **more: Any) -> Any:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    } | more


OWN = Regions([Region("a", "甲", "county", code="101", name_en="Alpha"), Region("b", "乙", "county", name_en="Beta")])


def written(folder: Path, content: Any) -> Path:
    file = folder / "own.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def collection(*features: Any) -> Any:
    return {"type": "FeatureCollection", "features": list(features)}


def test_the_property_that_names_most_regions_is_taken(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        collection(
            feature({"nr": 101, "label": "Beta"}, [square(0, 0)]),
            feature({"nr": None, "label": "alpha "}, [square(1, 0)]),
            feature({"nr": 7, "label": "elsewhere"}, [square(2, 0)]),
            feature({"label": "Beta"}, [square(5, 5)]),
            {"type": "Feature", "properties": {"label": "Alpha"}, "geometry": {"type": "Point", "coordinates": [0, 0]}},
        ),
    )
    found = own_boundaries(file, ["a", "b"], OWN)
    assert (found.kind, sorted(map(str, ids(found))), ids(found, "around")) == ("own", ["a", "b"], ["around 2"])
    assert found.source.en == "own.geojson, property label"
    beta = found.topology["objects"]["regions"]["geometries"][0]
    assert len(beta["arcs"]) == 2  # two features, one region
    assert centre(found.topology, {**beta, "arcs": beta["arcs"][:1]}) == pytest.approx((0.5, 0.5), abs=1e-3)


def test_a_region_that_the_file_lacks_is_missing(tmp_path: Path) -> None:
    found = own_boundaries(written(tmp_path, feature({"code": 101.0}, [square(0, 0)])), ["a", "b"], OWN)
    assert (ids(found), found.missing) == (["a"], ("b",))


def test_the_id_of_a_feature_counts_too(tmp_path: Path) -> None:
    file = written(tmp_path, collection(feature(None, [square(0, 0)], id="b")))
    assert ids(own_boundaries(file, ["a", "b"], OWN)) == ["b"]


def test_neighbours_share_their_side_and_holes_run_the_other_way(tmp_path: Path) -> None:
    outer, hole = square(0, 0, 4), square(1, 1, 2)
    file = written(tmp_path, collection(feature({"id": "a"}, [outer, hole]), feature({"id": "b"}, [hole[:-1]])))
    made = own_boundaries(file, ["a", "b"], OWN).topology
    shapes = made["objects"]["regions"]["geometries"]
    (ring, inner), (island,) = ([points_of(made, line) for line in shape["arcs"][0]] for shape in shapes)
    assert area(ring) == pytest.approx(-16, rel=1e-3)
    assert area(inner) == pytest.approx(4, rel=1e-3)
    assert {tuple(point) for point in inner} == {tuple(point) for point in island}


def test_a_large_file_is_drawn_on_a_coarser_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = np.linspace(0, 2 * np.pi, 5001)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    circle[-1] = circle[0]
    fine = topology_of([("a", [[circle]])])
    monkeypatch.setattr(topology, "MOST_NUMBERS", 2000)
    coarse = topology_of([("a", [[circle]])])
    assert len(fine["arcs"][0]) > 4000
    assert len(coarse["arcs"][0]) <= 1000
    for made, near in ((fine, 1e-3), (coarse, 0.02)):
        (shape,) = made["objects"]["regions"]["geometries"]
        assert area(points_of(made, shape["arcs"][0][0])) == pytest.approx(-np.pi, rel=near)


def test_a_region_too_small_for_the_grid_is_drawn_as_one_step_of_it() -> None:
    tiny, large = np.array(square(3, 3, 1e-6)), np.array(square(0, 0, 100))
    made = topology_of([("tiny", [[tiny]]), ("large", [[large]])])
    (shape, _) = made["objects"]["regions"]["geometries"]
    assert 0 < abs(area(points_of(made, shape["arcs"][0][0]))) < 1e-3


METRES = [[500_000.0, 4_000_000.0], [500_100.0, 4_000_000.0], [500_100.0, 4_000_100.0], [500_000.0, 4_000_000.0]]
BAD = {
    "not JSON": "region,code\n",
    "TopoJSON, not GeoJSON": {"type": "Topology", "objects": {}},
    "no FeatureCollection": [1, 2],
    "no feature of the file is a polygon": collection(),
    "are no degrees": collection(feature({"id": "a"}, [METRES])),
    "are no polygon": collection(feature({"id": "a"}, [[["x", 1], [2, 3], [3, 4]]])),
    "no property names a ranked region": collection(feature({"label": "Gamma", "nr": 3}, [square(0, 0)])),
    "have no properties": collection(feature({}, [square(0, 0)])),
}


@pytest.mark.parametrize("said", BAD)
def test_a_file_that_cannot_be_used_has_one_clear_error(tmp_path: Path, said: str) -> None:
    file = written(tmp_path, BAD[said])
    with pytest.raises(InputError, match=said) as caught:
        own_boundaries(file, ["a", "b"], OWN)
    assert len(caught.value.findings) == 1
    assert "hint:" in str(caught.value)


def test_the_error_names_what_was_tried_and_what_is_wanted(tmp_path: Path) -> None:
    file = written(tmp_path, collection(feature({"label": "Gamma", "nr": 3}, [square(0, 0)])))
    with pytest.raises(InputError, match=r"label: Gamma; nr: 3") as caught:
        own_boundaries(file, ["a", "b"], OWN)
    assert "甲 (a), 乙 (b)" in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere.geojson", "."])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        own_boundaries(tmp_path / name, ["a"], OWN)
