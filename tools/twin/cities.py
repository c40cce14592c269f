"""What the cities add to a problem: they lie in provinces, and only the first twenty are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tools.twin.printed import OVERALL, Printed
from tools.twin.problem import Problem, Scale
from tools.twin.program import Linear, Program, total

FAR, NEAR = 1.0, 0.75
"""How far above the mean of its province that of a city may be; of one beside the city that leads the country."""
FEW = 1
"""A province with so few companies has them all in its capital."""
CAPITAL = "0100"
NINGDE = "350900"
CROWD = 8
"""Places that a city is put further down for each one of its province before it."""
REACH = 0.95
"""How much of what a province allows is counted on before the values themselves are sought."""
Amounts = Mapping[str, Mapping[str, int]]


def city_problem(
    problem: Problem, facts: Mapping[str, Any], scales: Mapping[str, dict[str, Any]], above: Amounts
) -> Problem:
    """The problem of the cities, once the `above` amounts of the provinces are settled."""
    regions = problem.index.levels["city"].regions
    ranks = {code: _filled(problem, code, its, regions) for code, its in problem.printed.city_ranks.items()}
    printed = Printed(
        scores={code: problem.printed.city_scores if code == OVERALL else {} for code in ranks},
        ranks=ranks,
        circles={},
        circle_ranks={},
        city_scores={},
        city_ranks={},
    )
    scaled = {code: entry | _range(code, entry, above) for code, entry in scales.items()}
    return replace(problem, printed=printed, facts=facts, scales=scaled, level="city", above=above)


def _range(code: str, entry: Mapping[str, Any], above: Amounts) -> dict[str, list[int]]:
    """The ends of a scale: the highest city has a share of what its province has, or a number of its own."""
    province = province_of(entry["highest"])
    whole: float = above[code][province]
    if "members" in entry:
        whole /= above[entry["members"]][province]
    tops = [round(share * whole) if isinstance(share, float) else share for share in entry["shares"]]
    return {"bottom": [entry["bottom"]], "top": tops}


def province_of(city: str) -> str:
    """The id of the province that a city lies in."""
    return f"{city[:2]}0000"


def _filled(problem: Problem, code: str, ranks: Mapping[str, int], regions: tuple[str, ...]) -> dict[str, int]:
    """The printed ranks of twenty cities, and for each free place before the last of them one of the others.

    The report names one city more: Ningde, 23rd, strong in capital. The others follow the order of their provinces,
    each the further down the more cities of its province come before it.
    """
    last = max(ranks.values()) + (3 if code == OVERALL else 0)
    free = sorted(set(range(1, last + 1)) - set(ranks.values()))
    provinces = problem.printed.ranks[code]
    others = sorted(set(regions) - set(ranks))
    beside = Counter(province_of(city) for city in ranks)
    strength = {}
    for city in others:
        strength[city] = provinces[province_of(city)] + CROWD * beside[province_of(city)]
        beside[province_of(city)] += 1
    others.sort(key=lambda city: (strength[city], city))
    if code in (OVERALL, "capital_environment"):
        others.remove(NINGDE)
        others.insert(free.index(23 if code == OVERALL else 5), NINGDE)
    return dict(ranks) | dict(zip(others, free, strict=False))


def within_reach(problem: Problem, program: Program, pillar: str, scores: Mapping[str, Linear]) -> None:
    """Keep the scores of a pillar still to come to what the provinces allow: counts are shared, means are not."""
    scales = next(problem.scalings(pillar))
    leaders = {scale.highest for scale in scales.values()}
    if len(leaders) == 1:  # it has every indicator at its highest
        points = 100 * sum(problem.weight(code) for code in scales)
        program.hold(scores[min(leaders)], low=points, high=points)
    for province in dict.fromkeys(province_of(city) for city in problem.regions):
        cities = [city for city in problem.regions if province_of(city) == province and city not in leaders]
        counted = means = 0.0
        for code, scale in scales.items():
            whole: float = problem.above[code][province]
            if scale.members is None:
                whole -= scale.top if province_of(scale.highest) == province else 0
            else:
                members = problem.above[scale.members][province]
                whole *= (NEAR if province_of(scale.highest) == province else FAR) / members if members else 0.0
            share = min(max((whole - scale.bottom) / (scale.top - scale.bottom), 0.0), 1.0)
            if scale.members is None:
                counted += problem.weight(code) * 100 * share
            else:
                means += problem.weight(code) * 100 * share
        for city in cities:
            program.hold(scores[city], high=REACH * counted + means)
        program.hold(total(scores[city] for city in cities), high=REACH * counted + REACH * means * len(cities))


def within_provinces(
    problem: Problem,
    program: Program,
    scales: Mapping[str, Scale],
    amounts: Mapping[str, Mapping[str, Linear]],
    normalised: Mapping[str, Mapping[str, Linear]],
    known: Amounts,
) -> None:
    """Demand that the cities of a province have no more than it has, and that what is left can be somebody's."""
    for province in dict.fromkeys(province_of(city) for city in problem.regions):
        cities = [city for city in problem.regions if province_of(city) == province]
        for code, scale in scales.items():
            if code in amounts:
                part = total(amounts[code][city] for city in cities)
                if scale.members is None:
                    _hold_count(problem, program, province, code, part)
                else:
                    _hold_total(problem, program, scale, province, part, known)
            elif scale.members is not None:
                _bound_means(problem, program, scale, cities, normalised[code], amounts[scale.members])


def backed(problem: Problem, program: Program, amounts: Mapping[str, Mapping[str, Linear]], settled: Amounts) -> None:
    """Demand what a link needs in a city and in the rest of its province: a company, and for money a financing link.

    `settled` are the amounts of the cities in the pillars that came before.
    """
    for code, whole in _BACKED:
        if whole not in amounts or not (code in amounts or code in settled):
            continue
        factor = 1.0 if whole in _PARTS.get(code, ()) else 1e6
        for province in dict.fromkeys(province_of(city) for city in problem.regions):
            cities = [city for city in problem.regions if province_of(city) == province]
            part = {
                city: amounts[code][city] if code in amounts else Linear({}, settled[code][city]) for city in cities
            }
            for city in cities:
                program.hold(amounts[whole][city] * factor - part[city], low=0)
            rest = total(part.values()) - problem.above[code][province]
            left = total(amounts[whole][city] for city in cities) - problem.above[whole][province]
            program.hold(left * -factor + rest, low=0)
    if "company_count" in settled:
        for code, values in amounts.items():
            for city in problem.regions if code in _OF_COMPANIES else ():
                if settled["company_count"][city] == 0:
                    program.hold(values[city], high=0)


_OF_COMPANIES = (
    *("foundation_technology_companies", "enablement_links", "financing_links", "financing_amount"),
    *("investment_links", "intl_study", "intl_work", "intl_technology_input", "intl_enablement"),
)
_PARTS = {"foundation_technology_companies": ("company_count",), "intl_enablement": ("enablement_links",)}
_BACKED = (
    *((code, "company_count") for code in _OF_COMPANIES),
    ("intl_enablement", "enablement_links"),
    ("financing_amount", "financing_links"),
)
"""What needs what: the first is 0 where the second is; of `_PARTS` it is no more."""


def _hold_count(problem: Problem, program: Program, province: str, code: str, part: Linear) -> None:
    whole = problem.above[code][province]
    counted = code in ("company_count", "university_count", "institute_count")
    if _all_in_capital(problem, province) and code not in _PLACED:
        program.hold(part, low=whole, high=whole)
    else:
        # somebody is left elsewhere in the province, who has what the cities do not have
        program.hold(part, high=max(whole - counted, 0))


_PLACED = {"university_count", "institute_count", "conference_count", "alliance_count", "park_count", "policy_count"}
"""What is there without any company."""


def _all_in_capital(problem: Problem, province: str) -> bool:
    return problem.above["company_count"][province] <= FEW


def _hold_total(problem: Problem, program: Program, scale: Scale, province: str, part: Linear, known: Amounts) -> None:
    """What is left has an ordinary mean: not below nothing, and not far above the best city."""
    members = scale.members or ""
    cities = sum(count for city, count in known[members].items() if province_of(city) == province)
    left, whole = problem.above[members][province] - cities, problem.above[scale.code][province]
    program.hold(part, low=whole - 5 * scale.top * left, high=whole)


def _bound_means(
    problem: Problem,
    program: Program,
    scale: Scale,
    cities: Sequence[str],
    means: Mapping[str, Linear],
    counts: Mapping[str, Linear],
) -> None:
    """Before the totals are known: no city so far above its province that the totals could not add up."""
    province = province_of(cities[0])
    members, whole = problem.above[scale.members or ""][province], problem.above[scale.code][province]
    usual = (NEAR if scale.highest in cities else FAR) * (whole / members if members else 0.0)
    most = dict.fromkeys(cities, usual) | {city: float(scale.top) for city in cities if city == scale.highest}
    for city in cities:
        if city not in (scale.highest, scale.lowest):
            high = 100 * (most[city] - scale.bottom) / (scale.top - scale.bottom)
            program.hold(means[city], high=max(high, 0.5))
        program.hold(counts[city] * 100 - means[city], low=0)  # nobody has no mean
    program.hold(total(counts[city] * most[city] for city in cities), high=max(whole, 1))
