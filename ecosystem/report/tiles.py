"""A grid of tiles, one per region: each as near as possible to where its region lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

MOST = 600
"""Up to how many regions are placed by where they lie; above, their tiles stand by parent."""

ROOM = 1.7
"""How many places the grid has per region within the frame of the map; the more, the more the map keeps its form."""


def tile_grid(places: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Column and row of the tile of each place, given in degrees east and north; no two tiles are in one place.

    The sum of the squared distances between a region and its tile is the least that there is on the grid (the
    assignment problem, solved as Crouse 2016), so neighbours mostly stay neighbours and the north stays above.
    """
    degrees = np.asarray(places, dtype=np.float64)
    if not len(degrees):
        return []
    flat = degrees * [np.cos(np.radians(degrees[:, 1].mean())), -1]
    flat -= flat.min(axis=0)
    width, height = np.maximum(np.ptp(flat, axis=0), 1e-9)
    side = max(np.sqrt(width * height / (ROOM * len(flat))), max(width, height) / (2 * len(flat)))
    columns, rows = (int(np.ceil(extent / side)) + 3 for extent in (width, height))
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
    away = cdist(flat / side + 1, grid, "sqeuclidean")
    _, chosen = linear_sum_assignment(away)
    tiles = grid[chosen] - grid[chosen].min(axis=0)
    return [(column, row) for column, row in tiles.tolist()]
