"""Shapes as TopoJSON: lines of whole numbers on a grid, each written once, of which shapes are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Json = dict[str, Any]
Points = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int64]
Ring = list[int]

GRID = 20_000
"""How many steps the longer side of a map made of GeoJSON has: a twentieth of a dot on a screen of a thousand."""

MOST_EXACT = 1e-6
"""The smallest step of a grid in degrees, a tenth of a metre."""

MOST_NUMBERS = 600_000
"""How many numbers the lines of a map may have; above, the grid is made coarser, which takes points away."""


def pruned(topology: Json, objects: Mapping[str, Sequence[Json]]) -> Json:
    """A topology of some shapes of another one, with the lines that they need and no more."""
    used: dict[int, int] = {}

    def renumbered(arcs: Any) -> Any:
        if isinstance(arcs, list):
            return [renumbered(part) for part in arcs]
        place = used.setdefault(arcs if arcs >= 0 else ~arcs, len(used))
        return place if arcs >= 0 else ~place

    kept = {
        name: {
            "type": "GeometryCollection",
            "geometries": [{**shape, "arcs": renumbered(shape["arcs"])} for shape in shapes],
        }
        for name, shapes in objects.items()
    }
    lines = [topology["arcs"][place] for place in used]
    return {"type": "Topology", "transform": topology["transform"], "objects": kept, "arcs": lines}


def rings(shape: Json) -> Iterator[Ring]:
    """The outer rings of a shape, as numbers of lines."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return (polygon[0] for polygon in polygons)


def points_of(topology: Json, ring: Ring) -> Points:
    """The points of a ring in degrees, the first again at the end."""
    lines = [_line(topology["arcs"][arc if arc >= 0 else ~arc]) for arc in ring]
    turned = [line if arc >= 0 else line[::-1] for arc, line in zip(ring, lines, strict=True)]
    steps = np.concatenate([turned[0], *(line[1:] for line in turned[1:])])
    degrees: Points = steps * np.array(topology["transform"]["scale"]) + np.array(topology["transform"]["translate"])
    return degrees


def centre(topology: Json, shape: Json) -> tuple[float, float]:
    """The centre of gravity of the largest ring of a shape, in degrees."""
    ring = points_of(topology, largest(topology, shape))
    near, size = ring - ring[0], area(ring)
    if size == 0:
        middle = near.mean(axis=0)
    else:
        middle = ((near[:-1] + near[1:]) * _crosses(near)[:, None]).sum(axis=0) / (6 * size)
    east, north = (middle + ring[0]).tolist()
    return east, north


def largest(topology: Json, shape: Json) -> Ring:
    """The outer ring of a shape with the largest area."""
    return max(rings(shape), key=lambda ring: abs(area(points_of(topology, ring))))


def frame(topology: Json, ring: Ring) -> tuple[float, ...]:
    """How far a ring reaches to the west, south, east and north, in degrees."""
    points = points_of(topology, ring)
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def area(ring: Points) -> float:
    """The area of a closed ring in square degrees, positive where it runs against the clock."""
    return float(_crosses(ring - ring[0]).sum() / 2)


def topology_of(shapes: Iterable[tuple[str, list[list[Points]]]]) -> Json:
    """Polygons on a grid, outer rings with the clock, inner ones against it; each ring is a line of its own.

    What two neighbours share stays shared: the same points lie on the same places of the grid. A ring that would
    vanish on the grid is left out, but for the largest of its shape, which is kept as one step of the grid.
    """
    named = list(shapes)
    corners = np.concatenate([polygon[0] for _, polygons in named for polygon in polygons])
    low, size = corners.min(axis=0), np.ptp(corners, axis=0).max()
    step = max(float(size) / GRID, MOST_EXACT)
    while True:
        made = _on_grid(named, low, step)
        if 2 * sum(map(len, made["arcs"])) <= MOST_NUMBERS or step > 1:
            return made
        step *= 2


def _on_grid(named: Sequence[tuple[str, list[list[Points]]]], low: Points, step: float) -> Json:
    lines: list[Any] = []
    shapes: list[Json] = []
    for name, polygons in named:
        snapped = [[_snapped(ring, low, step, outer=place == 0) for place, ring in enumerate(one)] for one in polygons]
        kept = [[ring for ring in polygon if len(ring)] for polygon in snapped if len(polygon[0])]
        if not kept:
            corner = np.round((polygons[0][0][0] - low) / step).astype(np.int64)
            kept = [[corner + np.array([[0, 0], [0, 1], [1, 0], [0, 0]])]]
        arcs = []
        for polygon in kept:
            arcs.append([[len(lines) + place] for place in range(len(polygon))])
            lines += [np.diff(ring, axis=0, prepend=0).tolist() for ring in polygon]
        shapes.append({"type": "MultiPolygon", "id": name, "arcs": arcs})
    return {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": low.tolist()},
        "objects": {"regions": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": lines,
    }


def _snapped(ring: Points, low: Points, step: float, *, outer: bool) -> Steps:
    """A ring on the grid, each place once in a row; none where it has no area there."""
    all_steps = np.round((ring - low) / step).astype(np.int64)
    moved = np.any(np.diff(all_steps, axis=0) != 0, axis=1)
    steps: Steps = all_steps[np.concatenate([[True], moved])]
    size = area(steps.astype(np.float64))
    if len(steps) < 4 or size == 0:
        steps = steps[:0]
    elif (size < 0) != outer:
        steps = steps[::-1]
    return steps


def _line(steps: Any) -> Points:
    return np.cumsum(np.asarray(steps, dtype=np.float64), axis=0)


def _crosses(ring: Points) -> npt.NDArray[np.float64]:
    """Per side of a ring twice the area of the triangle that it makes with the origin."""
    crosses: npt.NDArray[np.float64] = ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]
    return crosses
