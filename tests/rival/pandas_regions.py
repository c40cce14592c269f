"""The region hierarchy in pandas: what a name means, and what a region lies in. Imports nothing of the package."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

NOWHERE = -1
REGION_COLUMNS = dict.fromkeys(
    ("id", "name", "level", "code", "country", "parent", "name_en", "aliases", "members"), "str"
)


def lookup(regions: pd.DataFrame) -> dict[str, int]:
    """Folded id, code or name -> position. A name of several regions is left out; a municipality's is its province."""
    twins = _twins(regions)
    named: dict[str, set[int]] = {}
    for position, row in enumerate(regions[["name", "name_en", "aliases"]].itertuples(index=False)):
        for name in "|".join(cell for cell in row if isinstance(cell, str)).split("|"):
            named.setdefault(fold(name), set()).add(position)
    alone = {name: {hit for hit in hits if twins.get(hit) not in hits} for name, hits in named.items()}
    found = {name: hits.pop() for name, hits in alone.items() if len(hits) == 1}
    for column in ("code", "id"):
        found |= {fold(key): position for position, key in enumerate(regions[column]) if isinstance(key, str)}
    return found


def fold(name: str) -> str:
    """What the spellings of a name have in common: width, case and white space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def within(regions: pd.DataFrame) -> pd.DataFrame:
    """Columns place, home: what each region lies in, over parents, municipal twins and groups, itself too."""
    position = {region: number for number, region in enumerate(regions["id"])}
    above: dict[int, set[int]] = {number: set() for number in range(len(regions))}
    for number, row in enumerate(regions.itertuples()):
        if row.parent in position:
            above[number].add(position[row.parent])
        for member in row.members.split("|") if isinstance(row.members, str) else ():
            above[position[member]].add(number)
    for city, province in _twins(regions).items():
        above[province].add(city)
    pairs = []
    for place in above:
        reached, front = {place}, {place}
        while front:
            front = set().union(*(above[region] for region in front)) - reached
            reached |= front
        pairs += [(place, home) for home in sorted(reached)]
    return pd.DataFrame(pairs, columns=["place", "home"])


def countries(regions: pd.DataFrame) -> pd.Series:
    """The country of each region: its own, or that of the nearest ancestor which has one; a group has none."""
    own = regions["country"].where(
        regions["country"].notna() | (regions["level"] != "country"), regions["code"].fillna(regions["id"])
    )
    parent = pd.Index(regions["id"]).get_indexer(regions["parent"])
    while True:
        inherited = pd.Series(_take_text(own, parent), index=regions.index)
        filled = own.fillna(inherited)
        if filled.equals(own):
            return own
        own = filled


def _take_text(values: pd.Series, positions: np.ndarray) -> list[object]:
    return [values[position] if position != NOWHERE else None for position in positions]


def _twins(regions: pd.DataFrame) -> dict[int, int]:
    """City -> province of each municipality: 110100 in 110000, of one name."""
    position = {region: number for number, region in enumerate(regions["id"])}
    found = {}
    for city, row in enumerate(regions.itertuples()):
        province = position.get(row.parent)
        code = re.fullmatch(r"(\d\d)0100", row.code) if isinstance(row.code, str) else None
        if province is not None and code and regions["name"][province] == row.name:
            found[city] = province
    return found
