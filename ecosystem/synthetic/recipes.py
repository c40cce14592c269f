"""Nodes and links whose metrics have the calibrated values of a twin: a recipe for each kind of node.

A recipe takes what the metrics of an index say of each place, and makes so many nodes with such properties that each
metric counts or adds up to exactly that. What no metric asks for is left out, or drawn where a node needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ecosystem.errors import SpecError
from ecosystem.messages import tr
from ecosystem.synthetic.draws import Floats, Ints, numbered, stream
from ecosystem.synthetic.twin_nodes import Nodes, named_nodes, some_of_each
from ecosystem.synthetic.twin_values import members, pick_within, split

FIRST_YEAR = 2005
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


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is wanted of each of P places: by metric the values (P,), NaN where it has none; `year` is the last one."""

    seed: int
    places: int
    values: Mapping[str, Floats]
    year: int

    def has(self, *metrics: str) -> bool:
        """Whether any of these metrics is asked for."""
        return any(metric in self.values for metric in metrics)

    def of(self, metric: str) -> Floats:
        """The values (P,) of a metric, 0 where none is wanted or none is given."""
        return np.nan_to_num(self.values.get(metric, np.zeros(self.places)))

    def whole(self, metric: str, times: float = 1) -> Ints:
        """The values of a metric as whole numbers, times so much."""
        return np.rint(self.of(metric) * times).astype(np.int64)


def companies(wanted: Wanted) -> Nodes:
    """Companies with layers, years, money, patents and marks, as many and as such as the metrics count."""
    rng = stream(wanted.seed, "Company")
    count = _company_count(wanted)
    place = rng.permutation(members(count))
    columns = named_nodes("C", "示例企业", len(place))
    columns["layer"] = pa.array(_layers(rng, wanted, place))
    columns["founded_year"] = pa.array(_founded(rng, wanted, place))
    columns |= _marks(rng, wanted, place) | _patents(rng, wanted, place, count)
    if wanted.has("company_registered_capital"):
        columns["registered_capital_cny_m"] = pa.array(_parts(rng, wanted, "company_registered_capital", place))
    if wanted.has("companies_revenue_100m"):
        large = some_of_each(rng, place, wanted.whole("companies_revenue_100m"))
        revenue = np.where(large, 100 + rng.lognormal(5, 1, len(place)), 99 * rng.random(len(place)))
        columns["revenue_cny_m"] = pa.array(np.round(revenue, 1))
    return Nodes(pa.table(columns), place)


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


def _company_count(wanted: Wanted) -> Ints:
    """As many companies as are counted, and where that is not said, as few as all that is said of them needs."""
    if wanted.has("company_count"):
        return wanted.whole("company_count")
    least = np.zeros(wanted.places, np.int64)
    for metric in ("high_tech_companies", "listed_companies", "unicorn_companies", "new_companies_five_years"):
        least = np.maximum(least, wanted.whole(metric))
    needed: Ints = np.maximum(least, wanted.whole("company_invention_patents") > 0)
    return needed


def _layers(rng: np.random.Generator, wanted: Wanted, place: Ints) -> np.ndarray:
    if not wanted.has("foundation_companies"):
        return rng.choice(["foundation", "technology", "application"], len(place), p=[0.2, 0.3, 0.5])
    layer = np.full(len(place), "application", dtype="U11")
    lower = wanted.whole("foundation_companies")
    both = some_of_each(rng, place, lower + wanted.whole("technology_companies"))
    chosen = np.flatnonzero(both)
    layer[chosen] = np.where(some_of_each(rng, place[chosen], lower), "foundation", "technology")
    return layer


def _founded(rng: np.random.Generator, wanted: Wanted, place: Ints) -> Ints:
    """Years of foundation: those of the last year, the one before, and the last five, as the metrics count them."""
    last = wanted.year
    if wanted.has("new_companies_five_years"):
        new = some_of_each(rng, place, wanted.whole("new_companies_five_years"))
        return np.where(
            new, rng.integers(last - 4, last + 1, len(place)), rng.integers(FIRST_YEAR, last - 4, len(place))
        )
    founded = rng.integers(FIRST_YEAR, last - 1, len(place))
    if wanted.has("new_companies"):
        now, growth = wanted.whole("new_companies"), wanted.values.get("new_company_growth")
        before = np.zeros_like(now)
        if growth is not None:
            known = ~np.isnan(growth) & (growth > -100)
            before[known] = np.rint(now[known] / (1 + growth[known] / 100)).astype(np.int64)
            before[~np.isnan(growth) & (growth <= -100)] = 1
        both = some_of_each(rng, place, now + before)
        chosen = np.flatnonzero(both)
        founded[chosen] = np.where(some_of_each(rng, place[chosen], now), last, last - 1)
    return founded


def _marks(rng: np.random.Generator, wanted: Wanted, place: Ints) -> dict[str, pa.Array]:
    """Listed, unicorn, high-tech, and the market capitalisation of those that are listed."""
    found: dict[str, pa.Array] = {}
    if wanted.has("listed_or_unicorn_companies"):
        either = some_of_each(rng, place, wanted.whole("listed_or_unicorn_companies"))
        listed = either & (rng.random(len(place)) < 0.7)
        return _marked(rng, wanted, place) | {"listed": pa.array(listed), "unicorn": pa.array(either & ~listed)}
    if wanted.has("unicorn_companies"):
        found["unicorn"] = pa.array(some_of_each(rng, place, wanted.whole("unicorn_companies")))
    if wanted.has("listed_companies"):
        listed = some_of_each(rng, place, wanted.whole("listed_companies"))
        found["listed"] = pa.array(listed)
        if wanted.has("listed_market_cap"):
            worth = np.zeros(len(place))
            worth[listed] = _parts(rng, wanted, "listed_market_cap", place[listed])
            found["market_cap_cny_m"] = pa.array(worth, mask=~listed)
    return found | _marked(rng, wanted, place)


def _marked(rng: np.random.Generator, wanted: Wanted, place: Ints) -> dict[str, pa.Array]:
    if not wanted.has("high_tech_companies"):
        return {}
    return {"high_tech": pa.array(some_of_each(rng, place, wanted.whole("high_tech_companies")))}


def _patents(rng: np.random.Generator, wanted: Wanted, place: Ints, count: Ints) -> dict[str, pa.Array]:
    """Patents and inventions that give the totals and shares wanted, known of as many companies as a share needs."""
    if wanted.has("company_invention_patents"):
        return {"invention_patents": pa.array(split(rng, wanted.whole("company_invention_patents"), place, spread=1.2))}
    if not wanted.has("companies_with_inventions_share", "company_invention_share"):
        return {}
    having, known = _closest(wanted.of("companies_with_inventions_share") / 100, count)
    told = some_of_each(rng, place, known)
    inventive = np.zeros(len(place), np.bool_)
    inventive[told] = some_of_each(rng, place[told], having)
    patents, inventions = np.zeros(len(place), np.int64), np.zeros(len(place), np.int64)
    total = wanted.whole("organisation_patents")
    granted = np.rint(wanted.of("company_invention_share") * total / 100).astype(np.int64)
    # each that has an invention has one at least, and a patent for it
    inventions[inventive] = 1 + split(rng, np.maximum(granted - having, 0), place[inventive], spread=1.2)
    left = np.maximum(total - np.maximum(granted, having), 0)
    patents[told] = inventions[told] + split(rng, left, place[told], spread=1.2)
    return {"patents": pa.array(patents, mask=~told), "invention_patents": pa.array(inventions, mask=~told)}


def _closest(share: Floats, most: Ints) -> tuple[Ints, Ints]:
    """Two whole numbers for each place whose quotient is closest to the share, the second at most so many."""
    having, known = np.zeros(len(share), np.int64), most.copy()
    for place, (wanted, limit) in enumerate(zip(share.tolist(), most.tolist(), strict=True)):
        if limit:
            over = np.arange(limit, 0, -1)
            part = np.rint(wanted * over)
            best = int(np.argmin(np.abs(part / over - wanted)))
            having[place], known[place] = int(part[best]), int(over[best])
    return having, known


def _parts(rng: np.random.Generator, wanted: Wanted, metric: str, place: Ints) -> Floats:
    """A total of each place, split over its members in whole units."""
    try:
        return split(rng, wanted.whole(metric), place, spread=1.2).astype(np.float64)
    except ValueError as err:
        raise SpecError(tr("{metric} is to be split over nobody", metric=metric)) from err


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
