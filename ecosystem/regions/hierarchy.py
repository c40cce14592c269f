"""Regions, what they lie in, and the one region that a name, alias or code means."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

import pyarrow as pa

from ecosystem.errors import Finding, RegionError, UsageError, did_you_mean, nearest
from ecosystem.messages import Bilingual, either, spoken, tr
from ecosystem.model import level_named, level_word
from ecosystem.notebook import ROWS, few_lines, html_table

GROUP = "group"
_SHORT = 3
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Region:
    """A region. `parent` is the id of the region it lies in; a group has `members` (ids) in place of a parent."""

    id: str
    name: str
    level: str
    code: str | None = None
    country: str | None = None
    parent: str | None = None
    name_en: str | None = None
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the region: Chinese, English, aliases."""
        return tuple(name for name in (self.name, self.name_en, *self.aliases) if name)

    @property
    def called(self) -> str:
        """The name in the language that is spoken; the Chinese one where there is no English."""
        english = self.name_en or self.name
        return {"en": english, "zh": self.name}.get(spoken()) or Bilingual.of(self.name, english)

    def __str__(self) -> str:
        return f"{self.called} ({level_word(self.level)}, {self.id})"


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """What two spellings of a name have in common: NFKC, case folded, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Regions:
    """An immutable region hierarchy, in file order.

    It trusts what it is given: parents and members exist, nothing is its own ancestor (`read_regions` checks that).
    """

    __slots__ = ("_above", "_by_code", "_by_id", "_by_name", "_levels", "_twins")

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_id = {region.id: region for region in regions}
        self._levels = tuple(dict.fromkeys(region.level for region in self))
        self._twins = {region.id: twin for region in self if (twin := self._province_of(region))}
        self._above = self._ancestors()
        self._by_code = _index((key, region.id) for region in self for key in (region.id, region.code) if key)
        self._by_name = _index((name, region.id) for region in self for name in region.names)

    def __getitem__(self, region: str) -> Region:
        if region not in self._by_id:
            message = tr("no region has the id {region!r}", region=region)
            raise RegionError(message, hint=did_you_mean(region, self._by_id))
        return self._by_id[region]

    def __contains__(self, region: object) -> bool:
        return region in self._by_id

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __repr__(self) -> str:
        counts = Counter(region.level for region in self)
        levels = ", ".join(f"{level} {count:,}" for level, count in counts.items())
        title = tr("{count:,} regions", count=len(self))
        return few_lines(title, levels, more="resolve(NAME), find(NAME), at(LEVEL), table()")

    def _repr_html_(self) -> str:
        return html_table(tr("{count:,} regions", count=len(self)), self.table().slice(0, ROWS).to_pandas(), len(self))

    def at(self, level: str) -> tuple[Region, ...]:
        """The regions of a level, in file order; empty for a level that does not occur."""
        return tuple(region for region in self if region.level == level)

    def level(self, word: str) -> str:
        """The level that a word of either language names, `province` for 省; UsageError with the nearest otherwise."""
        found = level_named(word, self.levels)
        if found not in self.levels:
            raise UsageError(
                tr("no region has the level {level!r}", level=word),
                hint=did_you_mean(word, map(level_word, self.levels)),
            )
        return found

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that occur, in file order; groups are the level `group`."""
        return self._levels

    @property
    def groups(self) -> tuple[Region, ...]:
        """The groups of regions."""
        return self.at(GROUP)

    def find(self, name: str, *, level: str | None = None, within: str | None = None) -> str | None:
        """The id of the one region that `name` means, as `resolve` finds it, or None where that would raise."""
        hits = self._hits(name, level, within)
        return hits[0] if len(hits) == 1 else None

    def resolve(self, name: str, *, level: str | None = None, within: str | None = None) -> str:
        """The id of the one region that `name` means: an id, a code, a name in either language or an alias.

        Case, width and white space do not matter. `level` (a word of either language) and `within` (the id of a region
        or group that it has to lie in) restrict the choice. The two regions of a municipality share their names:
        without a level, the province is meant.
        Raises RegionError, naming the nearest names or the regions that share the name; it never guesses.
        """
        hits = self._hits(name, level, within)
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise RegionError(tr("the name is not unique"), findings=[self._ambiguous(name, hits)])
        raise RegionError(tr("no such region"), findings=[self._unknown(name, level, within)])

    def resolve_among(self, name: str, ranked: Collection[str], *, level: str | None = None) -> str:
        """The id that a name means where some regions are ranked: one of these before any other that is called so.

        A table may rank CHN and call it China, which is the name of a country of the hierarchy, too. Otherwise as
        `resolve`.
        """
        if name in ranked:
            return name
        names = ((region, self[region]) for region in ranked if region in self)
        hits = [region for region, own in names if fold(name) in (fold(own.name), fold(own.name_en or ""))]
        return hits[0] if len(hits) == 1 else self.resolve(name, level=level)

    def spellings(self, names: Iterable[str]) -> list[tuple[str, ...]]:
        """Those of some names, together, that mean one region here, or differ in nothing but case, width and blanks."""
        meant: dict[str, dict[str, None]] = {}
        for name in names:
            meant.setdefault(self.find(name) or fold(name), {})[name] = None
        return [tuple(same) for same in meant.values() if len(same) > 1]

    def above(self, regions: Iterable[str]) -> frozenset[str]:
        """Some regions (ids that are known), and all that they lie in: their ancestors and the groups of these."""
        return frozenset().union(*(self._above[region] for region in regions))

    def closure(self) -> list[tuple[str, str]]:
        """Sorted pairs (region, what it lies in): itself, its ancestors, and every group that holds one of these.

        The two regions of a municipality lie in each other, and so in all that holds either of them.
        """
        return sorted((region, above) for region, reach in self._above.items() for above in reach)

    def table(self) -> pa.Table:
        """One row per region in file order: strings, and `longitude` and `latitude` as floats; lists joined by `|`."""
        columns = {name: [getattr(region, name) for region in self] for name in _SCHEMA.names}
        for name in ("aliases", "members"):
            columns[name] = [SEPARATOR.join(names) or None for names in columns[name]]
        return pa.table(columns, schema=_SCHEMA)

    def _province_of(self, region: Region) -> str | None:
        """The province that is the same municipality as this city: 110000 for 110100."""
        parent = self._by_id.get(region.parent or "")
        if parent is None or parent.name != region.name or region.code is None:
            return None
        match = re.fullmatch(r"(\d\d)0100", region.code)
        return parent.id if match and parent.code == f"{match[1]}0000" else None

    def _ancestors(self) -> dict[str, frozenset[str]]:
        """Per region all that it lies in: what can be reached over parents, twins and groups."""
        up: dict[str, list[str]] = {region.id: [region.parent] if region.parent else [] for region in self}
        for city, province in self._twins.items():
            up[province].append(city)
        for group in self.groups:
            for member in group.members:
                up[member].append(group.id)
        return {region: _reach(region, up) for region in up}

    def _hits(self, name: str, level: str | None, within: str | None) -> list[str]:
        """The regions of that name inside the restriction, a municipality as its province where both fit."""
        level = None if level is None else level_named(level, self.levels)
        hits = [
            region
            for region in self._named(name)
            if (level is None or self[region].level == level) and (within is None or within in self._above[region])
        ]
        if len(hits) == 2:
            return [region for region in hits if self._twins.get(region) not in hits]
        return hits

    def _named(self, name: str) -> tuple[str, ...]:
        if name in self._by_id:
            return (name,)
        key = fold(name)
        return self._by_code.get(key) or self._by_name.get(key, ())

    def _ambiguous(self, name: str, hits: list[str]) -> Finding:
        choices = ", ".join(map(self._placed, hits))
        return Finding(
            severity="error",
            code="ambiguous_region",
            message=tr("{name!r} means {count} regions: {choices}", name=name, count=len(hits), choices=choices),
            value=name,
            hint=tr("write the id, or give the level or the region that it lies in"),
        )

    def _placed(self, region: str) -> str:
        parent = self[region].parent
        if parent is None:
            return str(self[region])
        return tr("{region} in {parent}", region=self[region], parent=self[parent].called)

    def _unknown(self, name: str, level: str | None, within: str | None) -> Finding:
        code, message, hint = "unknown_region", _unknown_text(name, level, within), None
        if level is not None and level_named(level, self.levels) not in self.levels:
            code, message = "unknown_level", tr("no region has the level {level!r}", level=level)
            hint = did_you_mean(level, map(level_word, self.levels))
        elif within is not None and within not in self:
            message, hint = tr("no region has the id {within!r}", within=within), did_you_mean(within, self._by_id)
        elif not fold(name):
            message = tr("the name of a region is blank")
        elif elsewhere := self._named(name):
            hint = tr("{name!r} is {elsewhere}", name=name, elsewhere=either(self[region] for region in elsewhere))
        return Finding("error", code, message, value=name, hint=hint or self._nearest(name, level, within))

    def _nearest(self, name: str, level: str | None, within: str | None) -> str:
        """A hint with the three regions whose names are nearest, out of those that the restriction leaves."""
        of_level = None if level is None else level_named(level, self.levels)
        choices = {
            label: region.id
            for region in self
            if (of_level is None or region.level == of_level) and (within is None or within in self._above[region.id])
            for label in (region.id, *region.names)
            if not _is_short_code(label)
        }
        # several names of one region may be near, so more than three are asked for
        near = [] if _is_short_code(name) else nearest(name, choices, count=12)
        close = list(dict.fromkeys(choices[label] for label in near))[:3]
        if not close:
            return tr("every name is listed by: ecosystem regions list")
        return tr("did you mean {close}?", close=either(self[region] for region in close))


_SCHEMA = pa.schema(
    [(field.name, pa.float64() if field.name in {"longitude", "latitude"} else pa.string()) for field in fields(Region)]
)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Per folded name the ids it belongs to, each once, in file order."""
    found: dict[str, dict[str, None]] = {}
    for name, region in pairs:
        found.setdefault(fold(name), {})[region] = None
    return {name: tuple(regions) for name, regions in found.items()}


def _reach(start: str, up: dict[str, list[str]]) -> frozenset[str]:
    """Everything that can be reached from `start`, itself too; a loop, so any depth will do."""
    seen, open_ends = {start}, [start]
    while open_ends:
        for above in up[open_ends.pop()]:
            if above not in seen:
                seen.add(above)
                open_ends.append(above)
    return frozenset(seen)


def _is_short_code(name: str) -> bool:
    """Whether a name is a code of two or three letters, where one wrong letter makes another country."""
    return len(name) <= _SHORT and name.isascii()


def _unknown_text(name: str, level: str | None, within: str | None) -> str:
    if level is None and within is None:
        return tr("unknown region {name!r}", name=name)
    if within is None:
        return tr("no region of level {level!r} is named {name!r}", level=level, name=name)
    if level is None:
        return tr("no region within {within!r} is named {name!r}", within=within, name=name)
    return tr("no region of level {level!r} within {within!r} is named {name!r}", level=level, within=within, name=name)
