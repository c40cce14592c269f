"""Where a party is, as a mapping says it: countries, states and cities out of columns whose cells are known as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ecosystem.imports.guess.cell_looks import CERTAIN, Cells
from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.draft import Draft, comment, key, text, texts
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.parties import Party
from ecosystem.imports.guess.vocabulary import plain
from ecosystem.imports.guess.world import CONTINENTS, STATES, country_of, country_to_spell, states_of
from ecosystem.messages import tr
from ecosystem.regions import Regions

_NOWHERE = CONTINENTS | {"remote", "online", "virtual", "tbd", "various", "hybrid"}
_SHOWN = 6


def region_line(draft: Draft, party: Party, label: str, regions: Regions) -> str | None:
    """The line that says where the nodes of a party are; None where nothing certain does, with what is asked."""
    country, city, place = (party.one(kind) for kind in ("country", "city", "place"))
    state = next((one for one in party.of("state") if states_of(list(one.cells.counts))), party.one("state"))
    role = f"{label}.region"
    for extra in [*party.of("country")[1:], *party.of("state")[1:], *party.of("city")[1:]]:
        if extra not in (country, state, city):
            draft.say(
                extra.name,
                tr("looks like a place as well ({samples}): which of the two is where it is?", samples=_samples(extra)),
            )
    if country is not None and country.sure:
        return _with_country(draft, country, state, city, place, role, regions)
    if state is not None:
        return _with_state(draft, state, city, place, role, regions)
    if city is not None:
        return _alone(draft, city, place, role, regions)
    return _of_place(draft, place, role, regions) if place is not None else None


def _with_country(
    draft: Draft,
    country: Column,
    state: Column | None,
    city: Column | None,
    place: Column | None,
    role: str,
    regions: Regions,
) -> str:
    chain = [country, *(column for column in (state, city) if column is not None and column.sure)]
    made = [level for level, column in (("province", state), ("city", city)) if column is not None and column in chain]
    spelled = {name: code for name in country.cells.counts if (code := country_to_spell(name, regions))}
    keys = [
        f"columns = {texts(column.name for column in chain)}" if len(chain) > 1 else f"column = {text(country.name)}",
        'level = "country"',
    ]
    if made:
        keys.append(f"make = {texts(made) if len(made) > 1 else text(made[0])}")
    if spelled:
        keys.append(f"spelled = {{ {', '.join(f'{key(name)} = {text(code)}' for name, code in spelled.items())} }}")
    for column in chain:
        draft.use(column.name, role)
    unknown = [name for name in country.cells.counts if country_of(name, regions) is None]
    if unknown:
        draft.say(
            country.name, tr("no country is known by the name {names}: spell it in `spelled`?", names=_shown(unknown))
        )
    if place is not None:
        draft.say(
            place.name,
            tr("a place as well ({samples}); the columns of countries and cities are taken", samples=_samples(place)),
        )
    return f"region = {{ {', '.join(keys)} }}"


def _with_state(
    draft: Draft, state: Column, city: Column | None, place: Column | None, role: str, regions: Regions
) -> str | None:
    """States without a country: provinces of China, or states of the one country that has all of them."""
    chain = [column for column in (state, city) if column is not None]
    if place is not None:
        draft.say(
            place.name,
            tr("a place as well ({samples}); the columns of states and cities are taken", samples=_samples(place)),
        )
    if state.cells.share(lambda name: regions.find(name, level="province")) >= MOST:
        for column in chain:
            draft.use(column.name, role)
        return f"region = {{ columns = {texts(column.name for column in chain)} }}"
    countries = states_of(list(state.cells.counts))
    made = texts(["province", "city"][: len(chain)])
    if len(countries) == 1 and (state.cells.distinct >= 3 or state.cells.length > 3):
        for column in chain:
            draft.use(column.name, role)
        return _within(chain, countries[0], made)
    of = tr("they could be of {countries}", countries=", ".join(countries)) if countries else tr("no country is told")
    proposal = _within(chain, countries[0] if countries else "??", made)
    for column in chain:
        draft.say(
            column.name,
            tr("states or cities ({samples}); {of}: of which country are they?", samples=_samples(column), of=of),
            proposal,
        )
    return None


def _within(chain: Sequence[Column], country: str, made: str) -> str:
    names = texts(column.name for column in chain)
    return f"region = {{ columns = {names}, within = {text(country)}, make = {made} }}"


def _alone(draft: Draft, city: Column, place: Column | None, role: str, regions: Regions) -> str | None:
    """Cities and nothing else: those that the hierarchy knows; of others only a person knows the country."""
    if place is not None:
        return _of_place(draft, place, role, regions, besides=city)
    if city.cells.share(lambda name: "," in name) >= MOST:
        return _of_place(draft, city, role, regions)
    if city.cells.share(regions.find) >= CERTAIN and not _foreign(city.cells, regions):
        draft.use(city.name, role)
        return f"region = {{ columns = {texts([city.name])} }}"
    proposal = f'region = {{ column = {text(city.name)}, within = "??", make = "city" }}'
    draft.say(
        city.name,
        tr("cities ({samples}); no column tells their country: which is it?", samples=_samples(city)),
        proposal,
    )
    return None


def _foreign(cells: Cells, regions: Regions) -> bool:
    """Whether texts of two or three letters among the cells are read as countries: CA may be California."""
    return any(len(name) <= 3 and name.isascii() and regions.find(name) for name in cells.counts)


def _of_place(draft: Draft, place: Column, role: str, regions: Regions, besides: Column | None = None) -> str | None:
    """One column for the whole place: a country, 广东-深圳, or San Jose, California, United States."""
    if besides is not None:
        draft.say(
            besides.name,
            tr(
                "cities ({samples}); the column {other} tells more of the place",
                samples=_samples(besides),
                other=comment(place.name),
            ),
        )
    line = _place_line(place, regions) or _japanese(draft, place)
    if line is not None:
        draft.use(place.name, role)
        return f"region = {{ {line} }}"
    if place.cells.share(lambda name: plain(name) in CONTINENTS) >= MOST:
        draft.say(
            place.name, tr("parts of the world ({samples}): larger than a country, not used", samples=_samples(place))
        )
        return None
    mark = (
        ', split = ",", smallest_first = true, make = ["province", "city"]'
        if place.cells.share(lambda name: "," in name) >= 0.3
        else ', make = "city"'
    )
    proposal = f'region = {{ column = {text(place.name)}, within = "??"{mark} }}'
    draft.say(
        place.name,
        tr("places ({samples}); in which country, or are the last parts states?", samples=_samples(place)),
        proposal,
    )
    return None


_PREFECTURE = "(?:北海道|東京都|(?:京都|大阪)府|.{2,3}県)"


def _japanese(draft: Draft, place: Column) -> str | None:
    """東京都渋谷区, without anything between the parts: the prefecture and the city are columns that are added."""
    told = re.compile(_PREFECTURE)
    heads = [hit[0] for name in place.cells.counts if (hit := told.match(name))]
    if place.cells.share(told.match) < CERTAIN or states_of(heads) != ["JP"]:
        return None
    patterns = {"prefecture": f"^{_PREFECTURE}", "city": f"^{_PREFECTURE}(.+?[市区町村])"}
    names = [f"{name} of {place.name}" for name in patterns]
    for name, pattern in zip(names, patterns.values(), strict=True):
        draft.add[name] = f"{{ column = {text(place.name)}, pattern = {text(pattern)} }}"
    return f'columns = {texts(names)}, within = "JP", make = {texts(["province", "city"])}'


def _place_line(place: Column, regions: Regions) -> str | None:
    cells = place.cells
    column = f"column = {text(place.name)}"
    skip = [name for name in cells.counts if plain(name) in _NOWHERE]
    left = Cells([name for name in cells.texts if name not in skip], cells.rows)
    if not left.texts:
        return None
    skipped = f", skip = {texts(skip)}" if skip else ""
    total = len(left.texts)
    if left.share(lambda name: country_of(name, regions)) >= CERTAIN and not _all_states(left.counts):
        return f'{column}, level = "country"{_spelled(left.counts, regions)}{skipped}'
    for mark in ("-", "·", "/", " "):
        first = {name: name.split(mark)[0].strip() for name in left.counts}
        if sum(left.counts[name] for name in first if regions.find(first[name], level="province")) >= MOST * total:
            split = f", split = {text(mark)}" if any(mark in name for name in first) else ""
            return f"{column}{split}{skipped}"
    heads = [name.split(" ")[0] for name in left.counts]
    if left.share(lambda name: " " in name) >= MOST and states_of(heads) == ["KR"]:
        return f'{column}, split = " ", within = "KR", make = {texts(["province", "city"])}{skipped}'
    if left.share(regions.find) >= CERTAIN and not _foreign(left, regions):
        return f"{column}{skipped}"
    return _comma_line(column, left, skipped, regions)


def _comma_line(column: str, cells: Cells, skipped: str, regions: Regions) -> str | None:
    """Places from small to large with commas, whose last parts are countries, or states of one country."""
    parts = {name: [part.strip() for part in name.split(",") if part.strip()] for name in cells.counts}
    last = [own[-1] for own in parts.values() if own]
    several = cells.share(lambda name: len(parts[name]) > 1)
    if several < MOST:
        return None
    tail = f'{column}, split = ",", smallest_first = true'
    states = states_of(last)
    short = [name for name in last if len(name) <= 3]
    if len(states) == 1 and len(set(last)) >= 3:
        return f"{tail}, within = {text(states[0])}, make = {texts(['province', 'city'])}{skipped}"
    if not (short and _all_states(short)) and cells.share(lambda name: country_of(parts[name][-1], regions)) >= CERTAIN:
        return f'{tail}, level = "country", make = {texts(["province", "city"])}{_spelled(last, regions)}{skipped}'
    return None


def _all_states(names: Sequence[str] | dict[str, int]) -> bool:
    """Whether nearly all texts of two letters are codes of states of the United States, too."""
    codes = [plain(name) for name in names if len(name) == 2]
    return bool(codes) and sum(code in STATES["US"] for code in codes) >= 0.7 * len(codes)


def _spelled(names: Sequence[str] | dict[str, int], regions: Regions) -> str:
    spelled = {name: code for name in dict.fromkeys(names) if (code := country_to_spell(name, regions))}
    return (
        f", spelled = {{ {', '.join(f'{key(name)} = {text(code)}' for name, code in spelled.items())} }}"
        if spelled
        else ""
    )


def _samples(column: Column) -> str:
    return _shown(column.cells.samples())


def _shown(names: Sequence[str]) -> str:
    return ", ".join(map(comment, names[:_SHOWN])) + (", …" if len(names) > _SHOWN else "")
