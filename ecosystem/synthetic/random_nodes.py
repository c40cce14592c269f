"""The nodes of a synthetic dataset, where they are, and pools of them for the links to draw from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ecosystem.model import Model
from ecosystem.synthetic.draws import Ints, amounts, counts, dates, flags, numbered, some, stream, words, years
from ecosystem.synthetic.random_places import MAINLAND, NOWHERE, shipped_places

FLOOR = 2 * len(MAINLAND)
"""The first nodes of every located label: two in each mainland province, in the sample, with every value present."""

LAYERS = ("application", "technology", "foundation")
POLICIES = (
    "guidance",
    "plan",
    "support",
    "regulation",
    "outline",
    "management measures",
    "rules",
    "management rules",
    "opinion",
    "guiding opinion",
    "management opinion",
    "announcement",
)
PLATFORMS = (
    "open innovation platform",
    "laboratory",
    "supercomputing centre",
    "intelligent computing centre",
    "incubator",
)
INVESTORS = ("institution", "other")
INSTITUTES = ("research institute", "laboratory", "new-type R&D organisation", "technology centre")
RANKS = ("provincial", "national", "city", "district")
SEGMENTS = 18
INDICATORS = {"synthetic_population": 4000.0, "synthetic_output_cny_m": 2_000_000.0}

PREFIXES = {
    "Company": ("C", "示例企业"),
    "Investor": ("I", "示例投资机构"),
    "University": ("U", "示例大学"),
    "Institute": ("N", "示例研究所"),
    "Alliance": ("A", "示例联盟"),
    "Conference": ("F", "示例会议"),
    "Park": ("K", "示例园区"),
    "Policy": ("G", "示例政策"),
    "Platform": ("T", "示例平台"),
    "Person": ("P", "示例人物"),
    "Segment": ("S", "示例环节"),
}


@dataclass(frozen=True, slots=True)
class World:
    """All nodes; a node is a number, its position in `ids`.

    `pools[label, part]` are the nodes of a label that belong to the sample (`sample`), are not abroad (`home`), are
    abroad (`abroad`), or are undisclosed investors (`hidden`). Pools are in random order, `hidden` as it comes. The
    floor companies are 0 to 61: two in each mainland province, in the order of `MAINLAND`.
    """

    tables: Mapping[str, pa.Table]
    located: pa.Table
    ids: pa.Array
    pools: Mapping[tuple[str, str], Ints]


@dataclass(frozen=True, slots=True)
class _Group:
    """How many nodes a label has: in China inside the sample and outside of it, abroad, hidden (undisclosed)."""

    home: int
    other: int = 0
    abroad: int = 0
    hidden: int = 0

    @property
    def total(self) -> int:
        return self.home + self.other + self.abroad + self.hidden


def make_nodes(model: Model, seed: int, *, companies: int, people: int, hidden: int) -> World:
    """The nodes of a dataset with so many sample companies, people, and undisclosed investors."""
    tables, ids, located, pools, start = {}, [], [], {}, 0
    for label, group in _groups(companies, people, hidden).items():
        rng = stream(seed, label)
        table = _table(rng, label, group)
        tables[model.labels[label].table] = table
        ids.append(table["id"].combine_chunks())
        if label != "Segment":
            located.append(_located(rng, table["id"], _places(rng, group)))
        for part, positions in _parts(group, table["in_sample"]).items():
            pools[label, part] = start + (positions if part == "hidden" else rng.permutation(positions))
        start += group.total
    return World(tables, pa.concat_tables(located), pa.concat_arrays(ids), pools)


def region_values(seed: int) -> pa.Table:
    """Two invented indicators of the mainland provinces in three years."""
    rng, time = stream(seed, "region_values"), (2021, 2022, 2023)
    regions = [f"{prefix}0000" for prefix in sorted(MAINLAND) for _ in time]
    value = {name: amounts(rng, len(regions), median=median, spread=0.6) for name, median in INDICATORS.items()}
    columns = [
        pa.table({"region": regions, "indicator": [name] * len(regions), "year": time * len(MAINLAND), "value": values})
        for name, values in value.items()
    ]
    return pa.concat_tables(columns)


def _groups(companies: int, people: int, hidden: int) -> dict[str, _Group]:
    """Sizes that go with the number of companies; every located label covers the floor."""

    def part(divisor: int) -> int:
        return FLOOR + companies // divisor

    return {
        "Company": _Group(companies, other=companies // 8, abroad=24 + companies // 25),
        "Investor": _Group(part(4), abroad=12 + companies // 25, hidden=hidden),
        "University": _Group(part(20), other=companies // 100, abroad=24 + companies // 50),
        "Institute": _Group(part(25), other=companies // 100, abroad=12 + companies // 100),
        "Alliance": _Group(part(80), other=companies // 400),
        "Conference": _Group(part(20), other=companies // 200, abroad=companies // 200),
        "Park": _Group(part(60), other=companies // 400),
        "Policy": _Group(part(12), other=companies // 200),
        "Platform": _Group(part(60), other=companies // 400),
        "Person": _Group(people),
        "Segment": _Group(SEGMENTS),
    }


def _table(rng: np.random.Generator, label: str, group: _Group) -> pa.Table:
    prefix, word = PREFIXES[label]
    numbers = np.arange(1, group.total + 1)
    home = some(rng, np.ones(group.home, np.bool_), missing=0.01)  # blank counts as true
    columns = {
        "id": numbered(prefix, numbers),
        "name": numbered(f"{word} ", numbers),
        "in_sample": pa.concat_arrays([home, pa.array(np.zeros(group.total - group.home, np.bool_))]),
    }
    # a stream of its own: what is drawn for these columns changes nothing else
    return pa.table(columns | _properties(rng, label, group.total) | _standing(rng.spawn(1)[0], label, group.total))


def _places(rng: np.random.Generator, group: _Group) -> Ints:
    """Per node a place: the floor first, then a long tail; some nodes are nowhere, the undisclosed all."""
    places, china = shipped_places(), group.home + group.other
    home = places.home(rng, china, nowhere=0.02)
    home[:FLOOR] = np.arange(min(FLOOR, china)) % len(MAINLAND)
    return np.concatenate([home, places.abroad(rng, group.abroad), np.full(group.hidden, NOWHERE)])


def _located(rng: np.random.Generator, ids: pa.ChunkedArray, at: Ints) -> pa.Table:
    places = shipped_places()
    somewhere = np.flatnonzero(at != NOWHERE)
    regions = places.regions(rng, at[somewhere])
    return pa.table({"from": ids.take(pa.array(somewhere)), "to": places.ids.take(pa.array(regions))})


def _parts(group: _Group, in_sample: pa.ChunkedArray) -> dict[str, Ints]:
    china, known = group.home + group.other, group.total - group.hidden
    return {
        "sample": np.arange(group.home),
        "home": np.arange(china),
        "abroad": np.arange(china, known),
        "hidden": np.arange(known, group.total),
    }


def _properties(rng: np.random.Generator, label: str, count: int) -> dict[str, pa.Array]:
    """The columns of a label beside id, name and in_sample."""
    if label == "Company":
        return _of_company(rng, count)
    if label in {"University", "Institute"}:
        return _of_academia(rng, count, scale=1.0 if label == "University" else 0.4)
    if label == "Segment":
        return {"layer": pa.array([LAYERS[number % len(LAYERS)] for number in range(count)])}
    if label == "Person":
        return {}
    time = years(rng, count, missing=0.06)
    if label == "Investor":
        return {"founded_year": time}
    extra = {
        "Park": {"ai_company_share": some(rng, np.round(rng.beta(2, 6, count), 4), missing=0.1)},
        "Policy": {"category": words(rng, POLICIES, count)},
        "Platform": {"category": words(rng, PLATFORMS, count)},
    }
    dated = {"date": dates(rng, time, missing=0.4)} if label in {"Alliance", "Conference", "Policy"} else {}
    return {"year": time} | dated | extra.get(label, {})


def _standing(rng: np.random.Generator, label: str, count: int) -> dict[str, pa.Array]:
    """How a node is recognised and of which kind it is, for the labels that have that."""
    columns: dict[str, pa.Array] = {}
    if label == "Investor":
        columns["kind"] = some(rng, np.where(flags(rng, count, 0.7), *INVESTORS).astype(object), missing=0.1)
    if label == "University":
        columns["first_class"] = some(rng, flags(rng, count, 0.3), missing=0.05)
    if label == "Institute":
        columns["kind"] = words(rng, INSTITUTES, count)
    if label in {"Institute", "Alliance", "Park", "Policy", "Platform"}:
        columns["administrative_rank"] = some(rng, np.asarray(words(rng, RANKS, count), object), missing=0.1)
    return columns


def _of_company(rng: np.random.Generator, count: int) -> dict[str, pa.Array]:
    listed, patents = flags(rng, count, 0.06), counts(rng, count, median=12, spread=1.5)
    listed[0] = True
    valuation = amounts(rng, count, median=300, spread=1.6)
    layer = pa.array(rng.choice(len(LAYERS), count, p=[0.62, 0.26, 0.12]))
    layer = pa.concat_arrays([pa.array(np.arange(FLOOR) % 2 + 1), layer[FLOOR:]])  # the floor has the rarer two
    return {
        "layer": pa.array(LAYERS).take(layer),
        "founded_year": years(rng, count, missing=0.05),
        "valuation_cny_m": some(rng, valuation, missing=0.4, keep=FLOOR),
        "market_cap_cny_m": pa.array(amounts(rng, count, median=9000), mask=~listed),
        "registered_capital_cny_m": some(rng, amounts(rng, count, median=10), missing=0.1),
        "revenue_cny_m": some(rng, amounts(rng, count, median=40), missing=0.7),
        "patents": some(rng, patents, missing=0.25, keep=FLOOR),
        "invention_patents": some(rng, np.floor(patents * rng.random(count)).astype(np.int64), missing=0.35),
        "listed": some(rng, listed, missing=0.02),
        "unicorn": pa.array((valuation > 7000) & ~listed),
        "high_tech": some(rng, flags(rng, count, 0.35), missing=0.1),
    }


def _of_academia(rng: np.random.Generator, count: int, *, scale: float) -> dict[str, pa.Array]:
    medians = {"papers_domestic": 300 * scale, "papers_intl": 200 * scale, "patents": 120 * scale}
    return {
        name: some(rng, counts(rng, count, median=median), missing=0.15, keep=FLOOR) for name, median in medians.items()
    } | {"founded_year": some(rng, 1900 + rng.integers(0, 120, count), missing=0.1)}
