"""Where synthetic nodes are: a long tail over the provinces of China, a dozen other countries, and nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from ecosystem.regions import Regions, shipped_regions
from ecosystem.synthetic.draws import Ints, pick

# an invented order, the first with the most nodes; the 31 mainland units, then Hong Kong, Taiwan and Macao
MAINLAND = (
    "11", "44", "31", "33", "32", "37", "51", "42", "34", "61", "35", "43", "41", "12", "50", "13",
    "21", "36", "53", "45", "52", "22", "14", "23", "62", "46", "65", "15", "64", "63", "54",
)  # fmt: skip
PROVINCES = (*MAINLAND, "81", "71", "82")
COUNTRIES = ("US", "GB", "DE", "JP", "KR", "IL", "CA", "FR", "SG", "IN", "AU", "CH")
NOWHERE = -1
CITY_SHARE, PROVINCE_SHARE = 0.75, 0.15  # what is left is located in districts


@dataclass(frozen=True, slots=True)
class Places:
    """Region ids, and per province the stretches of them that are its cities and its districts.

    A place is a number: a province (0 to 33), a country (34 and more), or NOWHERE.
    """

    ids: pa.Array
    provinces: Ints
    cities: Ints
    districts: Ints

    def home(self, rng: np.random.Generator, count: int, *, nowhere: float = 0.0) -> Ints:
        """Provinces with a long tail; a share has no region."""
        weights = 1.0 / np.arange(1, len(PROVINCES) + 1) ** 1.3
        places = rng.choice(len(PROVINCES), count, p=weights / weights.sum())
        return np.where(rng.random(count) < nowhere, NOWHERE, places)

    def abroad(self, rng: np.random.Generator, count: int) -> Ints:
        """Countries other than China, the first ones more often."""
        return pick(rng, np.arange(len(COUNTRIES), dtype=np.int64), count, skew=1.8) + len(PROVINCES)

    def regions(self, rng: np.random.Generator, places: Ints) -> Ints:
        """Per place a region (its number in `ids`): mostly a city, the first city most; or the province, a district."""
        level, position = rng.random(len(places)), rng.random(len(places))
        in_city = level < CITY_SHARE
        in_district = ~in_city & (level < 1 - PROVINCE_SHARE)
        chosen = self.provinces[places]
        for wanted, stretches, skew in ((in_city, self.cities, 3.0), (in_district, self.districts, 1.0)):
            first, length = stretches[places].T
            drawn = first + np.floor(length * position**skew).astype(np.int64)
            chosen = np.where(wanted & (length > 0), drawn, chosen)
        return chosen


@cache
def shipped_places() -> Places:
    """The places of the shipped hierarchy."""
    regions = shipped_regions()
    ids: list[str] = []
    provinces, cities, districts = [], [], []
    for province in (f"{prefix}0000" for prefix in PROVINCES):
        provinces.append(len(ids))
        ids.append(province)
        cities.append(_stretch(ids, regions, "city", province))
        districts.append(_stretch(ids, regions, "district", province))
    for country in COUNTRIES:
        provinces.append(len(ids))
        ids.append(country)
        cities.append((0, 0))
        districts.append((0, 0))
    return Places(pa.array(ids), np.array(provinces), np.array(cities), np.array(districts))


def _stretch(ids: list[str], regions: Regions, level: str, province: str) -> tuple[int, int]:
    """Append the regions of a level in a province; where they begin and how many they are."""
    inside = [region.id for region in regions.at(level) if region.id[:2] == province[:2]]
    first = len(ids)
    ids.extend(inside)
    return first, len(inside)
