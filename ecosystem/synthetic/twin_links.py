"""The links of a twin: as many in each place as its values say, between organisations drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ecosystem.synthetic.draws import Flags, Ints, numbered, stream
from ecosystem.synthetic.twin_nodes import FIRST_YEAR, LAST_YEAR, Nodes
from ecosystem.synthetic.twin_values import TwinValues, members, pick_within, split

FIELDS = ("computer vision", "speech", "natural language", "robotics", "chips", "knowledge graph", "recommendation")
CORPORATE = 0.5
"""Of the financing links that no investor needs for its first one, the share whose investor is a sample company."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The nodes that links are drawn between; `foreign` are abroad, `invested` companies outside the sample."""

    seed: int
    values: TwinValues
    sample: dict[str, Nodes]
    foreign_companies: Nodes
    foreign_universities: Nodes
    invested: Nodes

    def companies(self, rng: np.random.Generator, code: str) -> Ints:
        """A sample company for each link that `code` counts, in the place where it is counted."""
        return pick_within(rng, self.sample["Company"].place, members(self.values.amounts[code]))


def invested_in(world: World) -> pa.Table:
    """Financing of sample companies by investors, each at least once, and by sample companies; their own investments.

    The amounts of a place are whole millions that add up to its total; one that would be 0 is not disclosed.
    """
    rng = stream(world.seed, "INVESTED_IN")
    company, investors = world.sample["Company"].ids, world.sample["Investor"].ids
    place = members(world.values.amounts["financing_links"])
    target = world.companies(rng, "financing_links")
    own = rng.permutation(world.companies(rng, "investment_links"))
    spare = len(target) - len(investors)
    if spare < 0:
        raise ValueError(f"{len(investors)} investors need as many financing links; there are {len(target)}")
    corporate = own[: int(min(CORPORATE * spare, CORPORATE * len(own)))]
    funds = np.concatenate([np.arange(len(investors)), rng.integers(0, len(investors), spare - len(corporate))])
    mixed = rng.permutation(len(target))
    source = pa.concat_arrays([investors.take(pa.array(funds)), company.take(pa.array(corporate))]).take(
        pa.array(mixed)
    )
    amount = split(rng, world.values.amounts["financing_amount"], place, spread=1.3)
    outside = own[len(corporate) :]
    invested = world.invested.ids.take(pa.array(rng.integers(0, len(world.invested.ids), len(outside))))
    count = len(target) + len(outside)
    return pa.table(
        {
            "id": numbered("V", np.arange(1, count + 1), width=5),
            "from": pa.concat_arrays([source, company.take(pa.array(outside))]),
            "to": pa.concat_arrays([company.take(pa.array(target)), invested]),
            "year": _years(rng, count),
            "round_id": numbered("R", np.arange(1, count + 1), width=5),
            "amount_cny_m": _padded(amount.astype(np.float64), amount > 0, len(outside)),
        }
    )


def enables(world: World) -> pa.Table:
    """Technology that sample companies give at home and abroad, and that they get from abroad."""
    rng = stream(world.seed, "ENABLES")
    values, company = world.values.amounts, world.sample["Company"].ids
    abroad = pa.concat_arrays([world.foreign_companies.ids, world.foreign_universities.ids])
    home = pa.concat_arrays([company, world.sample["University"].ids, world.sample["Institute"].ids])
    at_home = members(values["enablement_links"] - values["intl_enablement"])
    giver = pick_within(rng, world.sample["Company"].place, at_home)
    exporter, taker = world.companies(rng, "intl_enablement"), world.companies(rng, "intl_technology_input")
    count = len(giver) + len(exporter) + len(taker)
    return pa.table(
        {
            "id": numbered("E", np.arange(1, count + 1), width=5),
            "from": pa.concat_arrays(
                [company.take(pa.array(np.concatenate([giver, exporter]))), _drawn(rng, abroad, len(taker))]
            ),
            "to": pa.concat_arrays(
                [
                    _drawn(rng, home, len(giver)),
                    _drawn(rng, abroad, len(exporter)),
                    company.take(pa.array(taker)),
                ]
            ),
            "year": _years(rng, count),
            "field": pa.array(rng.choice(FIELDS, count)),
        }
    )


def careers(world: World) -> dict[str, pa.Table]:
    """Where people live, work, have worked and have studied: in each place as many with years abroad as its values say.

    Every fifth more has studied at home only, so that those who went abroad are not all.
    """
    rng = stream(world.seed, "Person")
    study, work = world.values.amounts["intl_study"], world.values.amounts["intl_work"]
    most = np.maximum(study, work)
    place = members(most + most // 5)
    nth = np.arange(len(place)) - np.searchsorted(place, place)
    person = numbered("P", np.arange(1, len(place) + 1), width=5)
    employer = world.sample["Company"].ids.take(pa.array(pick_within(rng, world.sample["Company"].place, place)))
    studied: Flags = nth < study[place]
    # those who have worked abroad are the last of those who have been there, so that some did but one of the two
    worked: Flags = (nth >= most[place] - work[place]) & (nth < most[place])
    school = pa.concat_arrays(
        [
            _drawn(rng, world.foreign_universities.ids, int(studied.sum())),
            _drawn(rng, world.sample["University"].ids, int((~studied).sum())),
        ]
    )
    pupils = np.concatenate([np.flatnonzero(studied), np.flatnonzero(~studied)])
    abroad = np.flatnonzero(worked)
    places = pa.array(world.values.places)
    return {
        "located_in": pa.table({"from": person, "to": places.take(pa.array(place))}),
        "works_for": pa.table({"from": person, "to": employer}),
        "studied_at": pa.table({"from": person.take(pa.array(pupils)), "to": school}),
        "worked_at": pa.table(
            {"from": person.take(pa.array(abroad)), "to": _drawn(rng, world.foreign_companies.ids, len(abroad))}
        ),
    }


def member_of(world: World) -> pa.Table:
    """Sample companies and universities in alliances; no indicator counts them."""
    rng = stream(world.seed, "MEMBER_OF")
    alliances = world.sample["Alliance"].ids
    pool = pa.concat_arrays([world.sample["Company"].ids, world.sample["University"].ids])
    alliance = np.repeat(np.arange(len(alliances)), 3)
    first = rng.integers(0, len(pool), len(alliances))
    member = (np.repeat(first, 3) + np.tile([0, 7, 19], len(alliances))) % len(pool)
    return pa.table({"from": pool.take(pa.array(member)), "to": alliances.take(pa.array(alliance))})


def _drawn(rng: np.random.Generator, pool: pa.Array, count: int) -> pa.Array:
    return pool.take(pa.array(rng.integers(0, len(pool), count)))


def _years(rng: np.random.Generator, count: int) -> pa.Array:
    return pa.array(rng.integers(FIRST_YEAR, LAST_YEAR + 1, count))


def _padded(values: np.ndarray, known: Flags, blanks: int) -> pa.Array:
    """The values where they are known, and as many blanks after them."""
    return pa.array(np.append(values, np.zeros(blanks)), mask=~np.append(known, np.zeros(blanks, np.bool_)))
