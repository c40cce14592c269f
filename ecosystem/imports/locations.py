"""Regions out of places: a cell such as 广东-深圳, several columns, a legal name, or the nearest located node."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ecosystem.errors import Finding, RegionError
from ecosystem.imports.cells import Cells
from ecosystem.imports.legal_prefix import region_of_legal_name
from ecosystem.imports.place_language import PlaceSpec
from ecosystem.imports.place_parts import PlacePart, parts_of_place
from ecosystem.messages import tr, tr_count
from ecosystem.regions import Region, Regions, fold

_LEVELS = ("province", "city", "district")
"""The levels of new regions that are not named, the largest first."""
_SMALLER = re.compile(r"省|市|state|provinc|city|town|county|district", re.IGNORECASE)
_COUNTRY = re.compile(r"国|countr|nation|^cc$|_cc$", re.IGNORECASE)
_STATES_TOO = ("georgia",)
"""The names of countries that states of another have, too."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place is: the smallest known region, which parts of it are not known, and the regions made of them.

    `code` is the text that was read as a country and may be a state, where the mapping does not say which is meant.
    """

    region: str | None
    unknown: tuple[str, ...] = ()
    made: tuple[Region, ...] = ()
    code: str | None = None


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
    _codes: dict[str, dict[str, DoubtfulPlace]] = field(default_factory=dict)

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
            column = "|".join(place.used_columns)
            if location.unknown:
                shown = " ".join(filter(None, (cells[column] for column in place.used_columns)))
                doubts.append(self._doubtful.setdefault((column, shown), DoubtfulPlace(location, file, line, column)))
            if location.code is not None:
                codes = self._codes.setdefault(column, {})
                doubts.append(codes.setdefault(location.code, DoubtfulPlace(location, file, line, column)))
        if not found:
            return None, tuple(doubts)
        location = found[0][1]
        for region in location.made:
            self.made.setdefault(region.id, region)
        return location.region, tuple(doubts)

    def _location(self, place: PlaceSpec, cells: Cells) -> Location:
        texts = tuple(cells[column] for column in place.used_columns)
        key = (id(place), texts)
        if key not in self._known:
            self._known[key] = find_place(place, texts, self.regions)
        return self._known[key]

    def tells_less(self, region: str, known: str | None) -> bool:
        """Whether the known region of a node lies in this one: a country says nothing against a city in it."""
        while known is not None and known != region:
            one = self.made.get(known) or self.regions[known]
            known = one.parent
        return known is not None

    def findings(self) -> list[Finding]:
        """One warning for each distinct place that is not wholly known, with its first row and how often it came.

        And one for each column whose codes were read as countries, though nothing says that it has countries.
        """
        names = {key: region.called for key, region in self.made.items()}
        told = [_finding(shown, doubt, names, self.regions) for (_, shown), doubt in self._doubtful.items()]
        return [*told, *(_codes_finding(codes, self.regions) for codes in self._codes.values())]


def find_place(place: PlaceSpec, cells: Sequence[str], regions: Regions) -> Location:
    """The region of a place: each further part is looked up inside the region of the parts before it.

    The first part is looked up at its level, then at any unless that is strict; where it is unknown or ambiguous the
    place has no region. A further part that is unknown leaves the place in the larger region, or with `make` is a new
    region there, one in the other.
    """
    if place.value is not None:
        return Location(regions.find(place.value), () if regions.find(place.value) else (place.value,))
    if place.prefix_of is not None:
        return Location(region_of_legal_name(cells[0], regions))
    parts = parts_of_place(place, cells)
    if not parts:
        return Location(None)
    code = None
    if place.within is not None:
        region, rest = regions.find(place.within), parts
        if region is None:
            return Location(None, (place.within,))
    else:
        # the first of several parts is a province where it can be: 吉林-长春 does not begin with the city of 吉林
        several = len(parts) > 1 or bool(place.columns and cells[0])
        region, rest = _first(place, parts[0], several, regions), parts[1:]
        if region is None:
            return Location(None, (parts[0].text,))
        if regions[region].level == "country" and _is_undeclared_code(parts[0]):
            code = parts[0].text
    return _inside(place, region, rest, code, regions)


def _first(place: PlaceSpec, part: PlacePart, several: bool, regions: Regions) -> str | None:
    """The region of the first part. A text in Latin letters is no country where something smaller is meant.

    CA, GA, IN and Georgia are countries too, and which of the two somebody meant only the mapping can say.
    """
    level = part.level or ("province" if several else None)
    region = regions.find(part.text, level=level) if level else None
    if region is not None or place.strict:
        return region
    region = regions.find(part.text)
    smaller = part.level not in (None, "country") or (part.level is None and bool(_SMALLER.search(part.column)))
    if region is None or regions[region].level != "country" or not smaller or part.spelled:
        return region
    return None if part.text.isascii() else region


def _is_undeclared_code(part: PlacePart) -> bool:
    """Whether nothing says that a part is a country which may be a state: two or three Latin letters, or Georgia."""
    declared = part.level == "country" or part.spelled or _COUNTRY.search(part.column)
    short = len(part.text) <= 3 and part.text.isascii() and part.text.isalpha()
    return not declared and (short or fold(part.text) in _STATES_TOO)


def _inside(place: PlaceSpec, region: str, parts: Sequence[PlacePart], code: str | None, regions: Regions) -> Location:
    """The region of further parts inside a region, with what is made of the last ones if they are unknown."""
    unknown: list[PlacePart] = []
    last = 0  # how many of the unknown parts stand before one that is known
    for number, part in enumerate(parts, start=1):
        inner = _part_inside(place, region, part, regions, last=number == len(parts))
        if inner is None:
            unknown.append(part)
        else:
            region, last = inner, len(unknown)
    made: list[Region] = []
    left = [part.text for part in unknown[:last]]
    for part in unknown[last:]:
        level = _level_of(place, part, regions)
        if level is None or (left and part.level is not None):  # in which region it lies is not known
            left.append(part.text)
        else:
            made.append(_made(made[-1] if made else regions[region], part, level))
    if made:
        return Location(made[-1].id, tuple(left), tuple(made), code)
    # of a country that the hierarchy does not divide nothing more can be known
    whole = regions[region].level == "country" and region not in _divided(regions)
    return Location(region, () if whole else tuple(left), code=code)


def _part_inside(place: PlaceSpec, region: str, part: PlacePart, regions: Regions, *, last: bool) -> str | None:
    """The region of a further part. Of several of one name: of its stated level, or the one right below, or a city."""
    if part.level is not None:
        found = regions.find(part.text, level=part.level, within=region)
        if found is not None or place.strict:
            return found
    found = regions.find(part.text, within=region)
    if found is None and not last:  # New York, Buffalo is in the state
        found = _right_below(region, part.text, regions)
    return found or regions.find(part.text, level="city", within=region) or _right_below(region, part.text, regions)


def _right_below(region: str, text: str, regions: Regions) -> str | None:
    """The one region of a name whose parent is this one."""
    levels = dict.fromkeys(regions[below].level for below in _below(regions).get(region, ()))
    found = {regions.find(text, level=level, within=region) for level in levels} - {None}
    right = [one for one in found if one is not None and regions[one].parent == region]
    return right[0] if len(right) == 1 else None


@cache
def _below(regions: Regions) -> Mapping[str, Sequence[str]]:
    """The regions right below each."""
    below: dict[str, list[str]] = {}
    for region in regions:
        if region.parent is not None:
            below.setdefault(region.parent, []).append(region.id)
    return below


@cache
def _larger(level: str, regions: Regions) -> Sequence[str]:
    """The levels above one, below the country: those of the hierarchy, or else province and city."""
    known = next(iter(regions.at(level)), None)
    if known is None:
        return _LEVELS[: _LEVELS.index(level)] if level in _LEVELS else ()
    above: list[str] = []
    while known.parent is not None and regions[known.parent].level != "country":
        known = regions[known.parent]
        above.insert(0, known.level)
    return above


def _level_of(place: PlaceSpec, part: PlacePart, regions: Regions) -> str | None:
    """The level that `make` gives to a part: of the last part the last, of those before it the larger ones.

    A part with a stated level is of that, and is new only if that is among the levels of new regions.
    """
    if not place.make:
        return None
    if part.level is not None:
        return part.level if part.level in place.make else None
    if part.before_last < len(place.make):
        return place.make[-1 - part.before_last]
    larger = _larger(place.make[0], regions)
    above = part.before_last - len(place.make) + 1
    return larger[-above] if above <= len(larger) else None


@cache
def _divided(regions: Regions) -> frozenset[str | None]:
    """The regions that have others inside."""
    return frozenset(region.parent for region in regions)


def _made(larger: Region, part: PlacePart, level: str) -> Region:
    """A region of the name inside the larger one; spellings that differ in case, width or white space are one.

    What is not the smallest has its level in the id: New York is a state, and a city in it.
    """
    own = fold(part.text) if part.before_last == 0 else f"{level}:{fold(part.text)}"
    return Region(f"{larger.id}/{own}", part.text, level, country=larger.country, parent=larger.id)


def _finding(shown: str, doubt: DoubtfulPlace, made: Mapping[str, str], regions: Regions) -> Finding:
    rows = tr_count("{count:,} row", "{count:,} rows", max(doubt.count, 1))
    unknown = ", ".join(doubt.location.unknown)
    region = doubt.location.region
    if region is None:
        message = tr(
            "{shown!r} is not located: {unknown!r} is no known region, or means several ({rows})",
            shown=shown,
            unknown=unknown,
            rows=rows,
        )
        return Finding(
            "warning", "place_unknown", message, doubt.file, doubt.line, doubt.column, shown, _hint(unknown, regions)
        )
    larger = made.get(region) or regions[region].called
    message = tr(
        "{shown!r} is located by its larger part, {larger}: {unknown!r} is not known inside it ({rows})",
        shown=shown,
        larger=larger,
        unknown=unknown,
        rows=rows,
    )
    return Finding("warning", "place_part_unknown", message, doubt.file, doubt.line, doubt.column, shown)


def _codes_finding(codes: Mapping[str, DoubtfulPlace], regions: Regions) -> Finding:
    """What says that a column has been read as one of countries."""
    doubt = next(iter(codes.values()))
    countries = [(code, regions[regions.find(code) or ""].called) for code in list(codes)[:5]]
    shown = ", ".join(f"{code} is {country}" for code, country in countries) + (", ..." if len(codes) > 5 else "")
    rows = sum(max(one.count, 1) for one in codes.values())
    message = tr(
        "read as countries, though the mapping does not say that they are: {shown} ({rows} rows)",
        shown=shown,
        rows=rows,
    )
    hint = tr("say level = 'country' if they are; within = 'US' and make = 'province' if they are parts of one country")
    return Finding("warning", "read_as_country", message, doubt.file, doubt.line, doubt.column, next(iter(codes)), hint)


def _hint(name: str, regions: Regions) -> str | None:
    try:
        region = regions[regions.resolve(name)]
    except RegionError as err:
        return next((finding.hint for finding in err.findings if finding.hint), err.hint)
    if region.level != "country":
        return None
    return tr(
        "say level = 'country' if {region} is meant; within = 'US' and make = 'province' for parts of one country",
        region=region,
    )
