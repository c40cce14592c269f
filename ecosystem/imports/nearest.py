"""Nodes without a region near others that have one: latitude and longitude, and the nearest located node."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ecosystem.imports.graph import Origin

LOCATED_BY = "located_by"
NEAREST = "nearest_node"
NEAREST_KM = "nearest_km"
"""The properties of nodes that say how they were located, where a table takes the nearest: by which node, how far."""
_RADIUS_KM = 6371.0088  # mean radius of the Earth (IUGG)
_AT_ONCE = 512
Points3 = npt.NDArray[np.float64]


@dataclass(slots=True)
class Points:
    """Nodes with the first latitude and longitude (degrees) that a row gives them."""

    _points: dict[str, tuple[float, float]] = field(default_factory=dict)
    _origins: dict[str, Origin] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The nodes, in the order of the source."""
        return list(self._points)

    def add(self, key: str, point: tuple[float, float], origin: Origin) -> None:
        """Remember where a node is; the first place counts."""
        if key not in self._points:
            self._points[key] = point
            self._origins[key] = origin

    def origin(self, key: str) -> Origin:
        """The row that says where a node is."""
        return self._origins[key]

    def nearest(self, located: Container[str], within_km: float) -> dict[str, tuple[str, float]]:
        """Per node that is not located: the nearest one that is, and how many kilometres off; none beyond `within_km`.

        Distances are great circles on a sphere. Of two at the same distance the first in the source is taken.
        """
        known = [key for key in self._points if key in located]
        unlocated = [key for key in self._points if key not in located]
        if not known or not unlocated:
            return {}
        targets = self._unit_vectors(known)
        found: dict[str, tuple[str, float]] = {}
        for start in range(0, len(unlocated), _AT_ONCE):
            part = unlocated[start : start + _AT_ONCE]
            cosines = self._unit_vectors(part) @ targets.T
            best = cosines.argmax(axis=1)
            kilometres = np.arccos(np.clip(cosines.max(axis=1), -1, 1)) * _RADIUS_KM
            found |= {
                key: (known[place], round(float(distance), 1))
                for key, place, distance in zip(part, best, kilometres, strict=True)
                if distance <= within_km
            }
        return found

    def _unit_vectors(self, keys: list[str]) -> Points3:
        latitude, longitude = np.radians(np.array([self._points[key] for key in keys])).T
        return np.stack(
            [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
        )
