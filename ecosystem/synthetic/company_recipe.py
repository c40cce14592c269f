"""Companies of a twin, whose layers, years, money, patents and marks give the calibrated values of each place."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ecosystem.errors import SpecError
from ecosystem.messages import tr
from ecosystem.synthetic.draws import Floats, Ints, stream
from ecosystem.synthetic.twin_nodes import Nodes, named_nodes, some_of_each
from ecosystem.synthetic.twin_values import members, split
from ecosystem.synthetic.wanted import Wanted

FIRST_YEAR = 2005


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
