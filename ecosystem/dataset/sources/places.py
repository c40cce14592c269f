"""Regions out of places: a cell such as 广东-深圳, several columns, or the beginning of a legal name."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from ecosystem.dataset.sources.cells import Cells
from ecosystem.dataset.sources.spec import PlaceSpec
from ecosystem.errors import Finding, RegionError
from ecosystem.regions import Regions

_SUFFIXES = ("省", "市", "区", "自治州", "盟", "县", "旗")  # not 州: 杭州 is a short name
_NOT_SUFFIXES = ("市场", "区块", "区域")
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place is: the smallest known region, and which parts of it are not known."""

    region: str | None
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    """How often a place came that is not wholly known, and where first."""

    location: Location
    file: str
    line: int
    column: str
    count: int = 0


@dataclass(slots=True)
class Places:
    """Finds the regions of places and remembers those that are not wholly known; nothing is guessed."""

    regions: Regions
    _known: dict[tuple[int, tuple[str, ...]], Location] = field(default_factory=dict)
    _doubtful: dict[tuple[str, str], _Seen] = field(default_factory=dict)

    def locate(self, places: Sequence[PlaceSpec], cells: Cells, file: str, line: int) -> str | None:
        """The id of the region that the first of `places` leads to, None where none does."""
        tried = [(place, self._location(place, cells)) for place in places]
        found = [(place, location) for place, location in tried if location.region is not None]
        for place, location in found[:1] or tried:
            if location.unknown:
                shown = " ".join(filter(None, (cells[column] for column in place.used_columns)))
                column = "|".join(place.used_columns)
                seen = self._doubtful.setdefault((column, shown), _Seen(location, file, line, column))
                seen.count += 1
        return found[0][1].region if found else None

    def _location(self, place: PlaceSpec, cells: Cells) -> Location:
        texts = tuple(cells[column] for column in place.used_columns)
        key = (id(place), texts)
        if key not in self._known:
            self._known[key] = find_place(place, texts, self.regions)
        return self._known[key]

    def findings(self) -> list[Finding]:
        """One warning for each distinct place that is not wholly known, with its first row and how often it came."""
        return [_finding(shown, seen, self.regions) for (_, shown), seen in self._doubtful.items()]


def find_place(place: PlaceSpec, cells: Sequence[str], regions: Regions) -> Location:
    """The region of a place: each further part is looked up inside the region of the parts before it.

    The first part is looked up at its level, then at any; where it is unknown or ambiguous the place has no region.
    A further part that is unknown leaves the place in the larger region.
    """
    if place.prefix_of is not None:
        return Location(_of_legal_name(cells[0], regions))
    texts = [part for cell in cells for part in (cell.split(place.split) if place.split else [cell])]
    parts = [part.strip() for part in texts if part.strip() and part.strip() not in place.skip]
    if not parts:
        return Location(None)
    # the first of several parts is a province where it can be: 吉林-长春 does not begin with the city of 吉林
    level = place.level or ("province" if len(parts) > 1 or (place.columns and cells[0]) else None)
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
    return Location(region, tuple(unknown))


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
        region = None
        if prefix.endswith(_SUFFIXES) and text[length - 1 : length + 1] not in _NOT_SUFFIXES:
            region = regions.find(prefix, within=within)
        if region is None and within is None:
            region = regions.find(prefix, level="province")
        if region is not None and region != within:
            return region, length
    return None


def _finding(shown: str, seen: _Seen, regions: Regions) -> Finding:
    rows = f"{seen.count} row{'s' if seen.count > 1 else ''}"
    unknown = ", ".join(seen.location.unknown)
    if seen.location.region is None:
        message = f"{shown!r} is not located: {unknown!r} is not a known region, or not one alone ({rows})"
        return Finding(
            "warning", "place_unknown", message, seen.file, seen.line, seen.column, shown, _hint(unknown, regions)
        )
    larger = regions[seen.location.region].name
    message = f"{shown!r} is located by its larger part, {larger}: {unknown!r} is not known inside it ({rows})"
    return Finding("warning", "place_part_unknown", message, seen.file, seen.line, seen.column, shown)


def _hint(name: str, regions: Regions) -> str | None:
    try:
        regions.resolve(name)
    except RegionError as err:
        return next((finding.hint for finding in err.findings if finding.hint), err.hint)
    return None
