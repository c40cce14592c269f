"""The nodes of a twin: as many as each place has, with properties that add up to its totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ecosystem.synthetic.draws import Ints, numbered, stream
from ecosystem.synthetic.twin_values import TwinValues, members, split

FIRST_YEAR, LAST_YEAR = 2012, 2022
"""The data of the report end in December 2022."""
NOWHERE = -1
ABROAD = ("US", "GB", "DE", "JP", "FR", "KR", "SG", "IL", "CA")
ABROAD_EACH = 4

COUNTED = {
    "Company": ("C", "示例企业", "company_count"),
    "University": ("U", "示例大学", "university_count"),
    "Institute": ("N", "示例科研机构", "institute_count"),
    "Investor": ("I", "示例投资者", "investor_count"),
    "Alliance": ("A", "示例联盟", "alliance_count"),
    "Conference": ("F", "示例会议", "conference_count"),
    "Park": ("K", "示例园区", "park_count"),
    "Policy": ("G", "示例政策", "policy_count"),
}
"""The labels that an indicator or the sample counts: letter of the ids, name, and the column of the values."""


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """The nodes of one label: `table` as it is written, and the `place` of each (`NOWHERE` where it has none)."""

    table: pa.Table
    place: Ints

    @property
    def ids(self) -> pa.Array:
        """The ids, in order."""
        return self.table["id"].combine_chunks()


def make_sample(seed: int, values: TwinValues) -> dict[str, Nodes]:
    """The nodes that are counted, by label; their numbers say nothing of where they are."""
    found = {}
    for label, (letter, name, code) in COUNTED.items():
        rng = stream(seed, label)
        place = rng.permutation(members(values.amounts[code]))
        columns = {**named_nodes(letter, name, len(place)), **_properties(rng, label, values, place)}
        here = np.array([bool(each) for each in values.places])
        found[label] = Nodes(pa.table(columns), np.where(here[place], place, NOWHERE))
    return found


def make_others(label: str, letter: str, name: str, count: int) -> Nodes:
    """Nodes outside the sample, without a place of the twin."""
    columns = named_nodes(letter, name, count) | {"in_sample": pa.array(np.zeros(count, np.bool_))}
    return Nodes(pa.table(columns), np.full(count, NOWHERE))


def make_people(count: int) -> pa.Table:
    """People, numbered."""
    return pa.table(named_nodes("P", "示例人物", count))


def named_nodes(letter: str, name: str, count: int) -> dict[str, pa.Array]:
    """The columns `id` and `name` of so many nodes."""
    numbers = np.arange(1, count + 1)
    return {"id": numbered(letter, numbers, width=5), "name": numbered(f"{name} ", numbers, width=4)}


def _properties(rng: np.random.Generator, label: str, values: TwinValues, place: Ints) -> Mapping[str, pa.Array]:
    if label == "Company":
        return _company(rng, values, place)
    if label in ("University", "Institute"):
        subject = label.lower()
        return {
            name: pa.array(split(rng, values.amounts[f"{subject}_mean_{name}"], place))
            for name in ("papers_domestic", "papers_intl", "patents")
        }
    if label == "Investor":
        return {}
    return {"year": pa.array(rng.integers(FIRST_YEAR, LAST_YEAR + 1, len(place)))}


def _company(rng: np.random.Generator, values: TwinValues, place: Ints) -> Mapping[str, pa.Array]:
    """Layers, valuations or market capitalisations in whole millions, patents, years."""
    count = len(place)
    upper = some_of_each(rng, place, values.amounts["foundation_technology_companies"])
    layer = np.where(upper, np.where(rng.random(count) < 0.4, "foundation", "technology"), "application")
    worth = split(rng, values.amounts["company_mean_valuation"], place, spread=1.2).astype(np.float64)
    listed = rng.random(count) < 0.1
    return {
        "layer": pa.array(layer),
        "founded_year": pa.array(rng.integers(2000, LAST_YEAR + 1, count)),
        "valuation_cny_m": pa.array(worth, mask=listed),
        "market_cap_cny_m": pa.array(worth, mask=~listed),
        "patents": pa.array(split(rng, values.amounts["company_mean_patents"], place, spread=1.2)),
        "listed": pa.array(listed),
    }


def some_of_each(rng: np.random.Generator, place: Ints, counts: Ints) -> np.ndarray:
    """True for `counts[p]` of the members of place p, drawn at random."""
    order = np.lexsort((rng.random(len(place)), place))
    first = np.searchsorted(place[order], np.arange(len(counts)))
    chosen = np.zeros(len(place), np.bool_)
    chosen[order] = np.arange(len(place)) - first[place[order]] < counts[place[order]]
    return chosen
