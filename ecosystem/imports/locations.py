"""Regions out of places: a cell such as 广东-深圳, several columns, a legal name, or the nearest located node."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from ecosystem.errors import Finding, RegionError
from ecosystem.imports.cells import Cells
from ecosystem.imports.graph import Origin
from ecosystem.imports.language import PlaceSpec
from ecosystem.regions import Region, Regions, fold

_SUFFIXES = ("省", "市", "区", "自治州", "盟", "县", "旗")  # not 州: 杭州 is a short name
_NOT_SUFFIXES = ("市场", "区块", "区域")
_LONGEST = 14
_CHINESE = re.compile(r"[\u2e80-\u9fff]")


LOCATED_BY = "located_by"
NEAREST = "nearest_node"
NEAREST_KM = "nearest_km"
"""The properties of nodes that say how they were located, where a table takes the nearest: by which node, how far."""
_RADIUS_KM = 6371.0088  # mean radius of the Earth (IUGG)
_AT_ONCE = 512
Points3 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place is: the smallest known region, which parts of it are not known, and the region made of them."""

    region: str | None
    unknown: tuple[str, ...] = ()
    made: Region | None = None


@dataclass(slots=True)
class DoubtfulPlace:
    """How often a place came that is not wholly known, and where first."""

    location: Location
    file: str
    line: int
    column: str
    count: int = 0


@dataclass(slots=True)
class RegionFinder:
    """Finds the regions of places and remembers those that are not wholly known; nothing is guessed."""

    regions: Regions
    made: dict[str, Region] = field(default_factory=dict)
    _known: dict[tuple[int, tuple[str, ...]], Location] = field(default_factory=dict)
    _doubtful: dict[tuple[str, str], DoubtfulPlace] = field(default_factory=dict)

    def locate(
        self, places: Sequence[PlaceSpec], cells: Cells, file: str, line: int
    ) -> tuple[str | None, tuple[DoubtfulPlace, ...]]:
        """The id of the region that the first of `places` leads to, None where none does, and what is doubtful in it.

        `nearest` leads nowhere here: it needs all other nodes first. Who meets a doubtful place again adds to its
        `count`.
        """
        doubts = []
        tried = [(place, self._location(place, cells)) for place in places if place.nearest is None]
        found = [(place, location) for place, location in tried if location.region is not None]
        for place, location in found[:1] or tried:
            if location.unknown:
                shown = " ".join(filter(None, (cells[column] for column in place.used_columns)))
                column = "|".join(place.used_columns)
                doubts.append(self._doubtful.setdefault((column, shown), DoubtfulPlace(location, file, line, column)))
        if not found:
            return None, tuple(doubts)
        location = found[0][1]
        if location.made is not None:
            self.made.setdefault(location.made.id, location.made)
        return location.region, tuple(doubts)

    def _location(self, place: PlaceSpec, cells: Cells) -> Location:
        texts = tuple(cells[column] for column in place.used_columns)
        key = (id(place), texts)
        if key not in self._known:
            self._known[key] = find_place(place, texts, self.regions)
        return self._known[key]

    def findings(self) -> list[Finding]:
        """One warning for each distinct place that is not wholly known, with its first row and how often it came."""
        return [_finding(shown, doubt, self.regions) for (_, shown), doubt in self._doubtful.items()]


def find_place(place: PlaceSpec, cells: Sequence[str], regions: Regions) -> Location:
    """The region of a place: each further part is looked up inside the region of the parts before it.

    The first part is looked up at its level, then at any; where it is unknown or ambiguous the place has no region.
    A further part that is unknown leaves the place in the larger region, or with `make` is a new region there.
    """
    if place.value is not None:
        return Location(regions.find(place.value), () if regions.find(place.value) else (place.value,))
    if place.prefix_of is not None:
        return Location(_of_legal_name(cells[0], regions))
    parts = _parts(place, cells)
    if not parts:
        return Location(None)
    # the first of several parts is a province where it can be: 吉林-长春 does not begin with the city of 吉林
    several = len(parts) > 1 or bool(place.columns and cells[0])
    level = place.level or ("province" if several else None)
    region = (regions.find(parts[0], level=level) if level else None) or regions.find(parts[0])
    if region is None:
        return Location(None, (parts[0],))
    unknown = []
    for part in parts[1:]:
        inner = regions.find(part, within=region) or regions.find(part, level="city", within=region)
        if inner is None:
            unknown.append(part)
        else:
            region = inner
    if place.make is not None and unknown and unknown[-1] == parts[-1]:
        return _made(region, unknown.pop(), tuple(unknown), place.make, regions)
    # of a country that the hierarchy does not divide nothing more can be known
    whole = regions[region].level == "country" and region not in _divided(regions)
    return Location(region, () if whole else tuple(unknown))


def _parts(place: PlaceSpec, cells: Sequence[str]) -> list[str]:
    """The parts of a place as they are known, the largest first."""
    plain = (unicodedata.normalize("NFKC", cell) for cell in cells)
    texts = [_joined(part) for cell in plain for part in (cell.split(place.split) if place.split else [cell])]
    known = [place.spelled.get(part, part) for part in texts if part and part not in place.skip]
    parts = [part for part in known if part]
    return parts[::-1] if place.smallest_first else parts


def _joined(part: str) -> str:
    """The part without white space around it, and inside it where it is Chinese: 云 南 is 云南."""
    return "".join(part.split()) if _CHINESE.search(part) else part.strip()


@cache
def _names(regions: Regions) -> frozenset[str]:
    return frozenset(fold(name) for region in regions for name in region.names)


@cache
def _divided(regions: Regions) -> frozenset[str | None]:
    """The regions that have others inside."""
    return frozenset(region.parent for region in regions)


def _made(larger: str, name: str, unknown: tuple[str, ...], level: str, regions: Regions) -> Location:
    """A region of the name inside the larger one; spellings that differ in case, width or white space are one."""
    key = f"{larger}/{fold(name)}"
    region = Region(key, name, level, country=regions[larger].country, parent=larger)
    return Location(key, unknown, region)


def _of_legal_name(name: str, regions: Regions) -> str | None:
    """The region at the beginning of a legal name, the smallest that is written out.

    A name counts with its suffix 省, 市, 区 ..., or as a province: 深圳市人马互动 is in 深圳, 北京智慧星光 in 北京,
    but 中山大学 is not in 中山.
    """
    rest = unicodedata.normalize("NFKC", name)
    region: str | None = None
    while hit := _longest_prefix(rest, region, regions):
        region, length = hit
        rest = rest[length:]
    return region


def _longest_prefix(text: str, within: str | None, regions: Regions) -> tuple[str, int] | None:
    for length in range(min(len(text), _LONGEST), 1, -1):
        prefix = text[:length]
        if not prefix[0].isalpha() or prefix[0].isascii():
            return None
        if prefix not in _names(regions):
            continue
        region = None
        if prefix.endswith(_SUFFIXES) and text[length - 1 : length + 1] not in _NOT_SUFFIXES:
            region = regions.find(prefix, within=within)
        if region is None and within is None:
            region = regions.find(prefix, level="province")
        if region is not None and region != within:
            return region, length
    return None


def _finding(shown: str, doubt: DoubtfulPlace, regions: Regions) -> Finding:
    rows = f"{max(doubt.count, 1)} row{'s' if doubt.count > 1 else ''}"
    unknown = ", ".join(doubt.location.unknown)
    if doubt.location.region is None:
        message = f"{shown!r} is not located: {unknown!r} is not a known region, or not one alone ({rows})"
        return Finding(
            "warning", "place_unknown", message, doubt.file, doubt.line, doubt.column, shown, _hint(unknown, regions)
        )
    larger = regions[doubt.location.region].name
    message = f"{shown!r} is located by its larger part, {larger}: {unknown!r} is not known inside it ({rows})"
    return Finding("warning", "place_part_unknown", message, doubt.file, doubt.line, doubt.column, shown)


def _hint(name: str, regions: Regions) -> str | None:
    try:
        regions.resolve(name)
    except RegionError as err:
        return next((finding.hint for finding in err.findings if finding.hint), err.hint)
    return None


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
