"""The boundaries in a user's GeoJSON file, each found by what the file says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.index import Text
from ecosystem.messages import listed, tr
from ecosystem.regions import Regions, fold
from ecosystem.report.boundaries import Boundaries
from ecosystem.report.topology import Points, topology_of
from ecosystem.tables.packed import content_of, unreadable

Json = dict[str, Any]
Polygons = list[list[Points]]

EXAMPLES = 3
_OWN_ID = "id"


def own_boundaries(file: Path, ranked: Sequence[str], regions: Regions) -> Boundaries:
    """The shapes of a GeoJSON file; which region each is, one of its properties says by an id, a code or a name.

    InputError for a file that is no GeoJSON, is not in degrees, or has none of the ranked regions.
    """
    features = [(feature, polygons) for feature in _features(file) if (polygons := _polygons(feature, file))]
    if not features:
        raise _refused(file, "no_polygons", tr("no feature of the file is a polygon"))
    key, found = _named(file, [feature for feature, _ in features], ranked, regions)
    shapes: dict[str, Polygons] = {}
    around: dict[str, Polygons] = {}
    names: dict[str, Text] = {}
    for place, (feature, polygons) in enumerate(features):
        if place in found:
            shapes.setdefault(found[place], []).extend(polygons)
        else:
            around[f"around {place}"] = polygons
            called = str((feature.get("properties") or {}).get(key, ""))
            names[f"around {place}"] = Text(called, called)
    topology = topology_of([*shapes.items(), *around.items()])
    drawn = topology["objects"]["regions"]["geometries"]
    topology["objects"] = {
        "regions": {"type": "GeometryCollection", "geometries": drawn[: len(shapes)]},
        "around": {"type": "GeometryCollection", "geometries": drawn[len(shapes) :]},
    }
    missing = tuple(region for region in ranked if region not in shapes)
    source = Text(f"{file.name}，属性 {key}", f"{file.name}, property {key}")
    return Boundaries("own", topology, missing, source, names)


def _features(file: Path) -> list[Json]:
    try:
        found = json.loads(content_of(file))
    except OSError as err:
        raise InputError(
            tr("the boundaries in {path} cannot be read", path=file), findings=[unreadable(file.name, err)]
        ) from err
    except (ValueError, RecursionError) as err:
        raise _refused(file, "no_json", tr("the file is not JSON: {reason}", reason=err)) from err
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Topology":
        hint = tr("write it as GeoJSON, for example: npx mapshaper {file} -o boundaries.geojson", file=file.name)
        raise _refused(file, "topojson", tr("the file is TopoJSON, not GeoJSON"), hint)
    features = found.get("features") if kind == "FeatureCollection" else [found] if kind == "Feature" else None
    if not isinstance(features, list):
        raise _refused(file, "no_geojson", tr("the file is no FeatureCollection of GeoJSON (RFC 7946)"))
    return [feature for feature in features if isinstance(feature, dict)]


def _polygons(feature: Json, file: Path) -> Polygons:
    """The polygons of a feature; empty where it is a point, a line or nothing."""
    geometry = feature.get("geometry")
    try:
        return [_rings(polygon) for polygon in _coordinates(geometry)]
    except (TypeError, ValueError, KeyError, AttributeError) as err:
        raise _refused(
            file, "bad_coordinates", tr("the coordinates of {feature} are no polygon", feature=_shown(feature))
        ) from err
    except ArithmeticError as err:
        hint = tr("write the file in WGS 84 (EPSG:4326), for example: npx mapshaper IN -proj wgs84 -o OUT.geojson")
        message = tr("the coordinates of {feature} are no degrees", feature=_shown(feature))
        raise _refused(file, "not_degrees", message, hint) from err


def _coordinates(geometry: Any) -> Iterator[Any]:
    kind = geometry["type"] if geometry is not None else None
    if kind == "Polygon":
        yield geometry["coordinates"]
    elif kind == "MultiPolygon":
        yield from geometry["coordinates"]
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _coordinates(part)


def _rings(polygon: Any) -> list[Points]:
    """The rings of a polygon, closed. ArithmeticError for what is not in degrees."""
    rings = [np.asarray([point[:2] for point in ring], dtype=np.float64) for ring in polygon]
    if not rings or any(ring.ndim != 2 or len(ring) < 3 for ring in rings):
        raise ValueError(polygon)
    if any(not np.all(np.abs(ring) <= (360, 90)) for ring in rings):
        raise ArithmeticError
    return [ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]]) for ring in rings]


def _named(
    file: Path, features: Sequence[Json], ranked: Sequence[str], regions: Regions
) -> tuple[str, Mapping[int, str]]:
    """The property by which most ranked regions are found, and the region of each feature that has one."""
    own = {fold(word): region for region in reversed(ranked) for word in _words(region, regions)}
    best: tuple[str, dict[int, str]] = ("", {})
    tried = {_OWN_ID: [feature.get("id") for feature in features]} | _properties(features)
    for key, values in tried.items():
        found = {
            place: region
            for place, value in enumerate(values)
            if (region := _meant(value, own, regions, set(ranked))) is not None
        }
        if len(set(found.values())) > len(set(best[1].values())):
            best = (key, found)
    if not best[1]:
        raise _nothing_found(file, tried, ranked, regions)
    return best


def _words(region: str, regions: Regions) -> tuple[str, ...]:
    known = regions[region]
    return (region, *((known.code,) if known.code else ()), *known.names)


def _properties(features: Sequence[Json]) -> dict[str, list[Any]]:
    """Per property the values of the features; those that hold lists and objects are no names."""
    all_of = [feature.get("properties") or {} for feature in features]
    keys = dict.fromkeys(key for properties in all_of for key in properties)
    return {key: [properties.get(key) for properties in all_of] for key in keys}


def _meant(value: Any, own: Mapping[str, str], regions: Regions, ranked: set[str]) -> str | None:
    """The ranked region that a value means: by the words of the ranked ones first, then as every name is resolved."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = f"{value:g}" if isinstance(value, float) and value.is_integer() and abs(value) < 1e6 else str(value)
    if (region := own.get(fold(text))) is not None:
        return region
    found = regions.find(text)
    return found if found in ranked else None


def _nothing_found(
    file: Path, tried: Mapping[str, Sequence[Any]], ranked: Sequence[str], regions: Regions
) -> InputError:
    seen = listed(
        (f"{key}: {listed(map(str, _examples(values)))}" for key, values in tried.items() if _examples(values)), "; "
    )
    wanted = listed(f"{regions[region].name} ({region})" for region in ranked[:EXAMPLES])
    message = (
        tr("no property names a ranked region; what the features say: {seen}", seen=seen)
        if seen
        else tr("the features have no properties that could name a region")
    )
    hint = tr(
        "a property of each feature has to hold the id, the code or a name of its region, such as {wanted}",
        wanted=wanted,
    )
    return _refused(file, "no_region", message, hint)


def _examples(values: Sequence[Any]) -> list[Any]:
    plain = dict.fromkeys(value for value in values if isinstance(value, str | int | float) and value != "")
    return [str(value)[:40] for value in plain][:EXAMPLES]


def _shown(feature: Json) -> str:
    said = feature.get("id") or next(iter((feature.get("properties") or {}).values()), "")
    return repr(str(said)[:40])


def _refused(file: Path, code: str, message: str, hint: str | None = None) -> InputError:
    hint = hint or tr("--boundaries takes a GeoJSON file of polygons in degrees (WGS 84)")
    finding = Finding("error", code, message, file.name, hint=hint)
    return InputError(tr("the boundaries in {path} cannot be used", path=file), findings=[finding])
