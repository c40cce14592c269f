"""The links of a synthetic dataset: long tails, and on top what every real dataset has and programs get wrong.

The first rows of most tables are the floor: they give every mainland province a value of every metric. The last rows
are links from an organisation to itself, parallel links, and copies of whole rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.model import LinkType, Model
from ecosystem.synthetic.draws import (
    FIRST_YEAR,
    LAST_YEAR,
    Flags,
    Ints,
    amounts,
    counts,
    dates,
    flags,
    gaps,
    mixed,
    numbered,
    pick,
    property_column,
    some,
    stream,
    words,
    years,
)
from ecosystem.synthetic.random_nodes import World
from ecosystem.synthetic.random_places import MAINLAND

SHARES = {
    "INVESTED_IN": 0.30,
    "ENABLES": 0.30,
    "COLLABORATES_WITH": 0.12,
    "WORKS_FOR": 0.07,
    "WORKED_AT": 0.05,
    "STUDIED_AT": 0.06,
    "MEMBER_OF": 0.05,
    "ACTIVE_IN": 0.05,
}
OTHER_SHARE = 0.01
"""The share of a link type that has no recipe here: a model may gain one, and its links are drawn by what it says."""
FIELDS = ("computer vision", "speech", "natural language", "robotics", "chips", "knowledge graph", "recommendation")
KINDS = ("paper", "project", "patent", "laboratory")
ROUNDS = ("A轮", "天使轮", "B轮", "Pre-A轮", "战略投资", "C轮", "D轮")
LARGEST_ROUND = 5

P = len(MAINLAND)
FIRST = np.arange(P, dtype=np.int64)
"""The first company of the floor in each mainland province; the second ones follow."""
SECOND = FIRST + P


def quotas(model: Model, links: int) -> dict[str, int]:
    """How many links of each type of the model, but for LOCATED_IN, make `links` in all."""
    others = {link.name: OTHER_SHARE for link in model.link_tables if link.name not in ("LOCATED_IN", *SHARES)}
    found = {link: int(links * share) for link, share in (SHARES | others).items()}
    return found | {"ENABLES": found["ENABLES"] + links - sum(found.values())}


@dataclass(frozen=True, slots=True)
class Rounds:
    """Financing rounds: how many investors each has, and whether these are disclosed."""

    sizes: Ints
    hidden: Flags


def make_rounds(seed: int, links: int) -> Rounds:
    """Rounds with `links` investors together.

    The first provide the floor: a known investor in each province, then a company that invests in each, then a round of
    three, and a company that invests in itself.
    """
    rng = stream(seed, "rounds")
    sizes = rng.choice(np.arange(1, LARGEST_ROUND + 1), links, p=[0.58, 0.22, 0.11, 0.06, 0.03])
    hidden = flags(rng, links, 0.05)
    sizes[: 2 * P + 2], hidden[: 2 * P + 2] = 1, False
    sizes[2 * P], hidden[2 * P + 2] = 3, True
    sizes[hidden] = 1
    before = np.cumsum(sizes) - sizes
    sizes, hidden, before = (column[before < links] for column in (sizes, hidden, before))
    sizes[-1] = links - before[-1]
    return Rounds(sizes, hidden)


def make_links(seed: int, link: LinkType, world: World, rounds: Rounds, count: int) -> pa.Table:
    """`count` links of a type, as the table of its file; those of INVESTED_IN are as many as the rounds say."""
    rng = stream(seed, link.name)
    if link.name == "INVESTED_IN":
        return _invested(rng, world, rounds)
    make = {
        "ENABLES": _enables,
        "COLLABORATES_WITH": _collaborates,
        "WORKS_FOR": _works_for,
        "WORKED_AT": _worked_at,
        "STUDIED_AT": _studied_at,
        "MEMBER_OF": _member_of,
        "ACTIVE_IN": _active_in,
    }
    return make[link.name](rng, world, count) if link.name in make else _by_model(rng, link, world, count)


def _invested(rng: np.random.Generator, world: World, rounds: Rounds) -> pa.Table:
    """A row per investor of a round; the amount of the round is split evenly over them."""
    count, before = len(rounds.sizes), np.cumsum(rounds.sizes) - rounds.sizes
    row = np.repeat(np.arange(count), rounds.sizes)
    nth = np.arange(len(row)) - before[row]
    year = years(rng, count, missing=0.05)
    amount = some(rng, amounts(rng, count, median=30), missing=0.15, keep=2 * P + 1)
    disclosed = pa.array(~rounds.hidden, mask=gaps(rng, count, 0.01) & ~rounds.hidden)  # blank counts as true
    columns = {
        "round_id": numbered("R", np.arange(1, count + 1)),
        "year": year,
        "date": dates(rng, year, missing=0.4),
        "round": words(rng, ROUNDS, count),
        "amount_cny_m": pc.divide(amount, pa.array(rounds.sizes.astype(np.float64))),
        "round_amount_cny_m": amount,
        "disclosed": disclosed,
    }
    table = pa.table(columns).take(pa.array(row))
    name = pc.binary_join_element_wise(table["round_id"], pc.cast(pa.array(nth + 1), pa.string()), "-")
    targets = _investees(rng, world, count)
    sources = _investors(rng, world, rounds, row, nth)
    sources[before[2 * P + 1]] = targets[2 * P + 1]
    return _with_ends(world, sources, targets[row], pa.table({"id": name}), table)


def _investees(rng: np.random.Generator, world: World, count: int) -> Ints:
    pools = world.pools
    parts = [(pools["Company", "sample"], 0.86), (pools["Company", "home"], 0.10), (pools["Company", "abroad"], 0.04)]
    targets = mixed(rng, count, parts, skew=1.6)
    targets[: 2 * P] = np.concatenate([FIRST, SECOND])
    return targets


def _investors(rng: np.random.Generator, world: World, rounds: Rounds, row: Ints, nth: Ints) -> Ints:
    """Per row an investor, none twice in a round: a fund, a company, or somebody undisclosed."""
    pools, count = world.pools, len(rounds.sizes)
    funds = np.concatenate([pools["Investor", "home"], pools["Investor", "abroad"]])
    first, step = pick(rng, np.arange(len(funds)), count, skew=1.6), rng.integers(1, len(funds) // LARGEST_ROUND, count)
    sources: Ints = funds[(first[row] + nth * step[row]) % len(funds)]
    corporate = flags(rng, len(row), 0.14) & (nth == 0) & (row >= 2 * P)
    companies = [(pools["Company", "sample"], 0.8), (pools["Company", "home"], 0.1), (pools["Company", "abroad"], 0.1)]
    sources[corporate] = mixed(rng, int(corporate.sum()), companies, skew=1.6)
    sources[P : 2 * P] = FIRST
    sources[rounds.hidden[row]] = pools["Investor", "hidden"]
    return sources


def _enables(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    pools = world.pools
    sources = mixed(rng, count, _organisations(world, abroad=0.08), skew=1.6)
    targets = mixed(rng, count, _organisations(world, abroad=0.10), skew=1.3)
    sources[: 2 * P] = np.tile(FIRST, 2)
    targets[: 2 * P] = np.concatenate([SECOND, pick(rng, pools["Company", "abroad"], P)])
    sources[2 * P : 3 * P], targets[2 * P : 3 * P] = pick(rng, pools["University", "abroad"], P), FIRST
    _repeat_ends(sources, targets, loops=True)
    field = _gappy(rng, words(rng, FIELDS, count), missing=0.1)
    table = pa.table({"year": years(rng, count, missing=0.04), "field": field})
    return _repeat_rows(_with_ends(world, sources, targets, table))


def _collaborates(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    sources = mixed(rng, count, _organisations(world, abroad=0.05), skew=1.4)
    targets = mixed(rng, count, _organisations(world, abroad=0.05), skew=1.4)
    _repeat_ends(sources, targets, loops=True)
    columns = {
        "year": years(rng, count, missing=0.04),
        "kind": _gappy(rng, words(rng, KINDS, count), missing=0.05),
        "count": some(rng, counts(rng, count, median=3), missing=0.2),
    }
    return _repeat_rows(_with_ends(world, sources, targets, pa.table(columns)))


def _works_for(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    """Every person works for one organisation."""
    targets = mixed(rng, count, _organisations(world, abroad=0.02), skew=1.4)
    targets[:P] = FIRST
    return _with_ends(world, _people(world), targets, _year_only(rng, count, missing=0.2))


def _worked_at(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    people, targets = _people(world), mixed(rng, count, _organisations(world, abroad=0.2), skew=1.4)
    sources = pick(rng, people, count)
    sources[:P], targets[:P] = people[:P], pick(rng, world.pools["Company", "abroad"], P)
    _repeat_ends(sources, targets)
    return _repeat_rows(_with_ends(world, sources, targets, _year_only(rng, count, missing=0.3)))


def _studied_at(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    pools, people = world.pools, _people(world)
    schools = [
        (pools["University", "home"], 0.7),
        (pools["Institute", "home"], 0.08),
        (pools["University", "abroad"], 0.2),
        (pools["Institute", "abroad"], 0.02),
    ]
    sources, targets = pick(rng, people, count), mixed(rng, count, schools, skew=1.8)
    sources[:P], targets[:P] = people[:P], pick(rng, pools["University", "abroad"], P)
    _repeat_ends(sources, targets)
    return _repeat_rows(_with_ends(world, sources, targets, _year_only(rng, count, missing=0.3)))


def _member_of(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    members = mixed(rng, count, _organisations(world, abroad=0.02), skew=1.3)
    alliances = pick(rng, world.pools["Alliance", "home"], count, skew=1.5)
    return _with_ends(world, members, alliances, _year_only(rng, count, missing=0.1))


def _active_in(rng: np.random.Generator, world: World, count: int) -> pa.Table:
    companies = pick(rng, world.pools["Company", "home"], count)
    segments = pick(rng, world.pools["Segment", "home"], count, skew=1.4)
    return _with_ends(world, companies, segments, _year_only(rng, count, missing=0.5))


def _by_model(rng: np.random.Generator, link: LinkType, world: World, count: int) -> pa.Table:
    """Links of a type that only the model knows: between nodes of its labels, with properties of their types."""
    sources, targets = (
        pick(rng, np.concatenate([world.pools[label, "home"] for label in labels]), count, skew=1.4)
        for labels in (link.sources, link.targets)
    )
    if "Company" in link.sources:
        sources[:P] = FIRST[:count]
    known = [prop for prop in link.properties.values() if prop.name not in ("id", "year")]
    columns = {prop.name: property_column(rng, prop, count) for prop in known}
    return _with_ends(world, sources, targets, pa.table({"year": years(rng, count, missing=0.04), **columns}))


def _organisations(world: World, *, abroad: float) -> list[tuple[Ints, float]]:
    """Pools of organisations with their shares: mostly sample companies, and so many abroad."""
    home = {
        ("Company", "sample"): 0.66,
        ("Company", "home"): 0.10,
        ("University", "home"): 0.13,
        ("Institute", "home"): 0.08,
        ("Investor", "home"): 0.03,
    }
    away = {("Company", "abroad"): 0.6, ("University", "abroad"): 0.3, ("Institute", "abroad"): 0.1}
    return [(world.pools[pool], share * (1 - abroad)) for pool, share in home.items()] + [
        (world.pools[pool], share * abroad) for pool, share in away.items()
    ]


def _people(world: World) -> Ints:
    return np.sort(world.pools["Person", "home"])


def _year_only(rng: np.random.Generator, count: int, *, missing: float) -> pa.Table:
    return pa.table({"year": years(rng, count, missing=missing)})


def _gappy(rng: np.random.Generator, column: pa.Array, *, missing: float) -> pa.Array:
    return pc.if_else(pa.array(gaps(rng, len(column), missing)), pa.scalar(None, column.type), column)


def _with_ends(world: World, sources: Ints, targets: Ints, *tables: pa.Table) -> pa.Table:
    """The columns of a link file: both ends as ids, then those of the tables; `id` is blank where no table has it."""
    ends = {"from": world.ids.take(pa.array(sources)), "to": world.ids.take(pa.array(targets))}
    columns = ends | {"id": pa.nulls(len(sources), pa.string()), "year": None}
    for table in tables:
        columns |= {name: table[name] for name in table.column_names}
    return pa.table(columns)


def _tail(count: int) -> int:
    """How many links at the end of a table of `count` are of each irregular kind."""
    return max(2, count // 200)


def _repeat_ends(sources: Ints, targets: Ints, *, loops: bool = False) -> None:
    """Make links near the end parallel to links in the middle; with `loops`, those before them end where they start."""
    count, tail = len(sources), _tail(len(sources))
    middle, parallel, loop = slice(count // 2, count // 2 + tail), slice(-2 * tail, -tail), slice(-3 * tail, -2 * tail)
    sources[parallel], targets[parallel] = sources[middle], targets[middle]
    if loops:
        targets[loop] = sources[loop]


def _repeat_rows(table: pa.Table) -> pa.Table:
    """The table with its last rows replaced by exact copies of rows before its middle.

    Of the parallel links before them the first gets a year of its own, lest all be copies by chance.
    """
    count, tail = table.num_rows, _tail(table.num_rows)
    rows = np.arange(count)
    year = FIRST_YEAR if table["year"][count // 2].as_py() != FIRST_YEAR else LAST_YEAR
    years_now = pc.if_else(pa.array(rows == count - 2 * tail), year, table["year"])
    rows[-tail:] = np.arange(count // 2 - tail, count // 2)
    return table.set_column(table.column_names.index("year"), "year", years_now).take(pa.array(rows))
