"""Nodes and links whose metrics have the calibrated values of a twin: a recipe for each kind of node.

A recipe takes what the metrics of an index say of each place, and makes so many nodes with such properties that each
metric counts or adds up to exactly that. What no metric asks for is left out, or drawn where a node needs it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ecosystem.synthetic.draws import Ints, numbered, stream
from ecosystem.synthetic.twin_nodes import Nodes, named_nodes, some_of_each
from ecosystem.synthetic.twin_values import members, pick_within, split
from ecosystem.synthetic.wanted import Wanted

SEGMENTS = 98
"""The segments of the chain that the report of AITISA counts in, as `segment_coverage` has them."""
POLICIES = ((4, ("guidance", "plan", "support", "regulation")), (3, ("outline",)),
            (2, ("management measures", "rules", "management rules")),
            (1, ("opinion", "guiding opinion", "management opinion", "announcement")))  # fmt: skip
"""Categories of policies with their weight in tenths; see `policy_weighted_count`."""
PARKS = ((11, 0.15), (5, 0.07), (3, 0.04), (1, 0.01))
"""Shares of AI companies in a park, with the weight of such a park in twentieths; see `park_weighted_count`."""
PLATFORMS = {
    "national_open_platforms": ("open innovation platform", "national"),
    "open_platform_count": ("open innovation platform", "national"),
    "national_supercomputing_centres": ("supercomputing centre", "national"),
    "supercomputing_centres": ("supercomputing centre", "national"),
    "intelligent_computing_centres": ("intelligent computing centre", "city"),
    "national_incubators": ("incubator", "national"),
    "city_laboratories": ("laboratory", "provincial"),
}
"""Metrics that count platforms, with the category and rank of those that they count."""


def policies(wanted: Wanted) -> Nodes:
    """Policies, of such categories that their weights add up."""
    rng = stream(wanted.seed, "Policy")
    if wanted.has("policy_weighted_count"):
        place, kind = _made_up_of(wanted.whole("policy_weighted_count", 10), [tenths for tenths, _ in POLICIES])
        names = [pa.array(words) for _, words in POLICIES]
        drawn = [words.take(pa.array(rng.integers(0, len(words), len(kind)))) for words in names]
        category = np.choose(kind, [each.to_numpy(zero_copy_only=False) for each in drawn])
    else:
        place = members(wanted.whole("policy_count"))
        category = np.array([word for _, words in POLICIES for word in words])[rng.integers(0, 11, len(place))]
    columns = named_nodes("G", "示例政策", len(place)) | {"category": pa.array(category)}
    return Nodes(pa.table(columns | {"year": _years(rng, wanted, len(place))}), place)


def parks(wanted: Wanted) -> Nodes:
    """Parks, of such shares of AI companies that their weights add up, or of national and provincial rank."""
    rng = stream(wanted.seed, "Park")
    columns: dict[str, pa.Array] = {}
    if wanted.has("park_weighted_count"):
        place, kind = _made_up_of(wanted.whole("park_weighted_count", 20), [twentieths for twentieths, _ in PARKS])
        columns["ai_company_share"] = pa.array(np.array([share for _, share in PARKS])[kind])
    else:
        place = members(wanted.whole("national_provincial_parks"))
        columns["administrative_rank"] = _ranks(rng, len(place))
    columns["year"] = _years(rng, wanted, len(place))
    return Nodes(pa.table(named_nodes("K", "示例园区", len(place)) | columns), place)


def platforms(wanted: Wanted) -> Nodes:
    """Platforms, centres, incubators and laboratories by category and rank."""
    rng = stream(wanted.seed, "Platform")
    asked = [metric for metric in PLATFORMS if wanted.has(metric)]
    places = [members(wanted.whole(metric)) for metric in asked]
    place = np.concatenate([*places, np.zeros(0, np.int64)])
    kinds = np.repeat(np.arange(len(asked)), [len(each) for each in places])
    category, rank = ([PLATFORMS[metric][part] for metric in asked] for part in (0, 1))
    columns = named_nodes("L", "示例平台", len(place)) | {
        "category": pa.array(np.array(category, dtype=str)[kinds]),
        "administrative_rank": pa.array(np.array(rank, dtype=str)[kinds]),
        "year": _years(rng, wanted, len(place)),
    }
    return Nodes(pa.table(columns), place)


def universities(wanted: Wanted) -> Nodes:
    """Universities, the first-class ones marked, with papers where organisations are to have some."""
    rng = stream(wanted.seed, "University")
    first = wanted.whole("first_class_universities")
    papers = wanted.whole("organisation_papers")
    # one that is not first-class, so that the mark says something; one that has the papers
    other = np.maximum(wanted.whole("university_count") - first, (papers > 0) & (first == 0))
    other += (first > 0) if wanted.has("first_class_universities") else 0
    place = rng.permutation(members(first + other))
    columns = named_nodes("U", "示例大学", len(place))
    if wanted.has("first_class_universities"):
        columns["first_class"] = pa.array(some_of_each(rng, place, first))
    if wanted.has("organisation_papers"):
        columns["papers_domestic"] = pa.array(split(rng, papers - papers // 3, place))
        columns["papers_intl"] = pa.array(split(rng, papers // 3, place))
    return Nodes(pa.table(columns), place)


def institutes(wanted: Wanted) -> Nodes:
    """Institutes of national and provincial rank."""
    rng = stream(wanted.seed, "Institute")
    place = members(wanted.whole("national_provincial_institutes"))
    columns = named_nodes("N", "示例科研机构", len(place)) | {"administrative_rank": _ranks(rng, len(place))}
    kinds = np.array(["research institute", "laboratory", "technology centre"])
    return Nodes(pa.table(columns | {"kind": pa.array(kinds[rng.integers(0, 3, len(place))])}), place)


def alliances(wanted: Wanted) -> Nodes:
    """Alliances and industry organisations."""
    local = wanted.whole("local_alliances")
    place = members(np.maximum(wanted.whole("alliance_count"), local))
    years = _years(stream(wanted.seed, "Alliance"), wanted, len(place))
    columns = named_nodes("A", "示例联盟", len(place)) | {"year": years}
    if wanted.has("local_alliances"):
        nth = np.arange(len(place)) - np.searchsorted(place, place)
        columns["administrative_rank"] = pa.array(np.where(nth < local[place], "city", "national"))
    return Nodes(pa.table(columns), place)


def financing(wanted: Wanted, company: Nodes, investors: pa.Array) -> pa.Table:
    """Rounds of companies of each place: as many events and as much money as the metrics say."""
    rng = stream(wanted.seed, "INVESTED_IN")
    of_year = wanted.has("institution_investment_of_year", "financing_events_of_year")
    money, events = (
        ("institution_investment_of_year", "financing_events_of_year")
        if of_year
        else ("financing_amount", "financing_events")
    )
    amount = wanted.whole(money)
    place = members(np.maximum(wanted.whole(events), amount > 0))
    target = pick_within(rng, company.place, place)
    parts = split(rng, amount, place, spread=1.3).astype(np.float64)
    count = len(place)
    year = np.full(count, 2020) if of_year else rng.integers(2012, wanted.year + 1, count)
    return pa.table(
        {
            "id": numbered("V", np.arange(1, count + 1), width=6),
            "from": investors.take(pa.array(rng.integers(0, len(investors), count))),
            "to": company.ids.take(pa.array(target)),
            "year": pa.array(year),
            "round_id": numbered("R", np.arange(1, count + 1), width=6),
            "amount_cny_m": pa.array(parts, mask=parts <= 0),
        }
    )


def chain(wanted: Wanted, company: Nodes, segments: pa.Array) -> pa.Table:
    """Companies active in as many segments of the chain as the metric says, each segment by one of them."""
    rng = stream(wanted.seed, "ACTIVE_IN")
    count = np.rint(wanted.of("segment_coverage") * len(segments) / 100).astype(np.int64)
    place = members(count)
    first = rng.integers(0, len(segments), wanted.places)
    nth = np.arange(len(place)) - np.searchsorted(place, place)
    segment = (first[place] + nth) % len(segments)
    active = company.ids.take(pa.array(pick_within(rng, company.place, place)))
    return pa.table({"from": active, "to": segments.take(pa.array(segment))})


def joint_patents(wanted: Wanted, company: Nodes, abroad: pa.Array) -> pa.Table:
    """Patents that companies of each place apply for together with partners abroad: one link with their number."""
    rng = stream(wanted.seed, "COLLABORATES_WITH")
    count = wanted.whole("outside_co_applications")
    place = np.flatnonzero(count > 0)
    active = company.ids.take(pa.array(pick_within(rng, company.place, place)))
    return pa.table(
        {
            "from": active,
            "to": abroad.take(pa.array(rng.integers(0, len(abroad), len(place)))),
            "kind": pa.array(["patent"] * len(place), pa.string()),
            "count": pa.array(count[place]),
        }
    )


def _made_up_of(units: Ints, weights: Sequence[int]) -> tuple[Ints, Ints]:
    """Members that weigh so many units in each place, most of the heavy kinds: the place and the kind of each."""
    left, places, kinds = units.copy(), [], []
    for kind, weight in enumerate(weights):
        last = kind == len(weights) - 1
        number = left // weight if last else (left * 3 // 4) // weight
        left = left - number * weight
        places.append(members(number))
        kinds.append(np.full(int(number.sum()), kind))
    return np.concatenate(places), np.concatenate(kinds)


def _ranks(rng: np.random.Generator, count: int) -> pa.Array:
    return pa.array(np.where(rng.random(count) < 0.3, "national", "provincial"))


def _years(rng: np.random.Generator, wanted: Wanted, count: int) -> pa.Array:
    return pa.array(rng.integers(2012, wanted.year + 1, count))
