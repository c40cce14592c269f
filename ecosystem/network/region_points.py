"""Where regions are: their coordinates, from a store or a table, and the kilometres between them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ecosystem.errors import InputError, NetworkError, RegionError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.messages import tr
from ecosystem.network.network import Network
from ecosystem.query import parse
from ecosystem.regions import Regions
from ecosystem.store import GraphStore, stored_regions

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
SHOWN = 5
"""Regions without coordinates that an error names."""
LIMITS = {"longitude": 180.0, "latitude": 90.0}

Points = Mapping[str, tuple[float, float]]
"""Longitude and latitude in degrees of regions by their ids."""


def stored_points(store: GraphStore) -> Points:
    """The coordinates of the regions of a store that have both."""
    statement = "MATCH (r:Region) RETURN r.id AS region, r.longitude AS longitude, r.latitude AS latitude"
    rows = store.query(parse(statement)).read_all().to_pylist()
    points = {row["region"]: (row["longitude"], row["latitude"]) for row in rows}
    return {region: point for region, point in points.items() if None not in point}


def read_points(path: Path, regions: Regions, network: Network, level: str) -> Points:
    """The coordinates of regions in a table: `region`, an id or a name, `longitude` and `latitude` in degrees.

    Names mean the regions of the network before others. Rows of regions that are not known are passed over. InputError
    for a table without these columns of numbers, and for a number beyond 180 or 90 degrees.
    """
    table = read_values(path)
    longitude, latitude = (_degrees(table, name, limit) for name, limit in LIMITS.items())
    found: dict[str, tuple[float, float]] = {}
    for name in longitude.keys() & latitude.keys():
        try:
            region = regions.resolve_among(name, network.regions, level=level)
        except RegionError:
            continue
        found[region] = (longitude[name], latitude[name])
    return found


def kilometres(store: GraphStore, network: Network, level: str, coordinates: Path | None = None) -> FloatArray:
    """The great-circle distances (R, R) between the regions of a network, by a table of coordinates, else the store's.

    NetworkError, with their names, where regions have no coordinates.
    """
    points = stored_points(store)
    if coordinates is not None:
        points = read_points(coordinates, stored_regions(store), network, level)
    lacking = [region for region in network.regions if region not in points]
    if lacking:
        raise NetworkError(
            tr(
                "{count:,} of {all:,} regions have no coordinates: {some}",
                count=len(lacking),
                all=len(network.regions),
                some=", ".join(lacking[:SHOWN]) + (" …" if len(lacking) > SHOWN else ""),
            ),
            hint=tr(
                "give them in a table with the columns {columns} (--coordinates FILE), or in regions.csv",
                columns="region, longitude, latitude",
            ),
        )
    at = np.array([points[region] for region in network.regions], dtype=np.float64).reshape(-1, 2)
    return great_circles(at[:, 0], at[:, 1])


def great_circles(longitude: FloatArray, latitude: FloatArray) -> FloatArray:
    """The distances in kilometres (R, R) between points in degrees (R,) on a sphere; NaN where a coordinate is NaN."""
    east, north = np.radians(longitude), np.radians(latitude)
    rise = np.sin((north[:, None] - north) / 2) ** 2
    turn = np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    # two ends of the Earth may round to above 1
    found: FloatArray = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(rise + turn, 1.0)))
    return found


def _degrees(table: ValueTable, name: str, limit: float) -> dict[str, float]:
    """The last number of every region in a column."""
    column = {region: next(reversed(years.values())) for region, years in table.column(name).items()}
    for region, degrees in column.items():
        if abs(degrees) > limit:
            values = {"file": table.file, "degrees": degrees, "name": name, "region": region}
            message = tr("{file}: {degrees:g} is no {name} of {region}", **values)
            raise InputError(message, hint=tr("degrees go from -{limit:g} to {limit:g}", limit=limit))
    return column
