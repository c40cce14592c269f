"""What a column tells, out of its name and its cells together: where they do not agree it is a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ecosystem.imports.guess.cell_looks import CERTAIN, Cells
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.money_words import amounts
from ecosystem.imports.guess.organisation_names import LABELS
from ecosystem.imports.guess.vocabulary import kinds_of, plain, subject_of
from ecosystem.imports.guess.world import CONTINENTS, country_of, states_of
from ecosystem.regions import Regions

MONEY = frozenset({"amount", "total", "valuation", "revenue", "capital"})
"""Kinds of columns that are amounts of money."""
PRIVATE = frozenset({"email", "phone", "person"})
"""Kinds of columns that tell of persons: they are never made nodes or properties."""
_NAMED_BY_TITLES = frozenset({"company", "organisation", "investor", "university", "institute", "member", "alliance"})
_NO_NAME = re.compile(
    r"\b(dep(t|artment)|faculty|division|unit|size|type|stage|status|model|role|class|profile?|tier|level|score)s?\b"
)
_ONE_OF_EACH = frozenset({*MONEY, "date", "year", "end_date", "founded", "round", "currency", "share", "count"})
"""What a list in a nested record has one of for each event or part of it: no value of the record itself."""
_FEW = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its cells, what it tells ("" where nobody knows), whom of, and whether that is certain."""

    name: str
    cells: Cells
    kind: str = ""
    subject: str | None = None
    sure: bool = False

    @property
    def plain(self) -> str:
        """The words of its name."""
        return plain(self.name)


def guessed(name: str, cells: Cells, regions: Regions) -> Column:
    """The column with what it tells."""
    words = plain(name)
    subject = _subject_of(name)
    if not cells.texts:
        return Column(name, cells, "", subject)
    for kind in (*_by_cells(cells, sure=True), *_kinds_of(name)):
        if _agrees(kind, words, cells, regions):
            if cells.listed and kind in _ONE_OF_EACH:
                return Column(name, cells, "listed", subject)
            return Column(name, cells, _finer(kind, cells, subject), subject, sure=True)
    alone = _of_subject(subject, words, cells) if subject is not None else None
    if alone:
        return Column(name, cells, alone, subject, sure=True)
    named = _kinds_of(name)
    doubtful = next((kind for kind in _by_cells(cells, sure=False) if _agrees(kind, words, cells, regions)), "")
    return Column(name, cells, doubtful or (named[0] if named else ""), subject)


def _path(name: str) -> list[str]:
    """The parts of the path of a nested record, the innermost first; a heading that is none is one part."""
    return [part for part in reversed(name.split(".")) if part] if "." in name and " " not in name else [name]


def _kinds_of(name: str) -> list[str]:
    """What a column of this name may tell; of a path, what its innermost part says goes first."""
    inner = plain(_path(name)[0])
    if re.search(r"\b(id|ids|uuid|guid|pk|fk|permalink)$", inner):
        return list(dict.fromkeys(["id", *kinds_of(inner), *kinds_of(plain(name))]))
    return list(dict.fromkeys([*(kinds_of(inner) if inner != "value" else []), *kinds_of(plain(name))]))


def _subject_of(name: str) -> str | None:
    """Whom a column of this name is of; of a path, the innermost part that says so."""
    found = [subject for part in _path(name) if (subject := subject_of(plain(part))) is not None]
    return found[0] if found else subject_of(plain(name))


def _finer(kind: str, cells: Cells, subject: str | None) -> str:
    """What a place is, where its cells are known: states of a country, parts of the world; whose titles are names."""
    if kind == "title" and subject in _NAMED_BY_TITLES:
        return "name"
    if kind == "place" and cells.share(lambda text: plain(text) in CONTINENTS) >= MOST:
        return "continent"
    if kind == "year" and cells.year < MOST:
        return "date"
    if kind in ("place", "city") and (cells.distinct >= 3 or cells.length > 3) and states_of(list(cells.counts)):
        return "state"
    return kind


def _by_cells(cells: Cells, *, sure: bool) -> list[str]:
    """What cells tell that no name is needed for; without `sure` what they may tell, which is a question."""
    if sure:
        return ["email"] if cells.email >= MOST else []
    if cells.url >= MOST and cells.share(lambda text: "/" in text or "." in text) >= MOST:
        return ["url"]
    if cells.dates.share >= CERTAIN:
        return ["year" if cells.year >= MOST else "date"]
    named = cells.labels()
    return ["name"] if sum(named[label] for label in LABELS) >= 0.6 * sum(named.values()) else ["country"]


def _of_subject(subject: str, words: str, cells: Cells) -> str | None:
    """What a column named for somebody alone holds: names, or ids."""
    if subject == "deal" or cells.number >= MOST or cells.dates.share >= MOST:
        return "id" if cells.whole == 1 and cells.unique and len(words.split()) == 1 else None
    if cells.flag >= MOST or _NO_NAME.search(words):
        return None
    if cells.url >= MOST:
        return "url"
    if cells.code >= CERTAIN and cells.words < MOST:
        return "id"
    return "name" if cells.words >= MOST and cells.length <= 120 else None


def _agrees(kind: str, words: str, cells: Cells, regions: Regions) -> bool:
    """Whether the cells can be what the name says."""
    if kind == "country":
        return cells.share(lambda text: country_of(text, regions)) >= MOST
    if kind == "continent":
        return cells.share(lambda text: plain(text) in CONTINENTS) >= MOST
    if kind == "state":
        known = (
            bool(states_of(list(cells.counts)))
            or cells.share(lambda text: regions.find(text, level="province")) >= MOST
        )
        return known or (_is_words(cells) and cells.digits < 0.2)
    test = _TESTS.get(kind)
    return test(words, cells) if test is not None else True


def _is_words(cells: Cells) -> bool:
    return cells.words >= MOST and cells.number < 0.2


def _is_name(_: str, cells: Cells) -> bool:
    words = cells.letters >= MOST and cells.number < 0.2 and cells.length <= 160
    return words and cells.dates.share < MOST and cells.url < MOST and cells.flag < MOST


def _is_number(cells: Cells) -> bool:
    return cells.number >= CERTAIN or cells.comma_number >= CERTAIN


def _is_date(_: str, cells: Cells) -> bool:
    return cells.dates.share >= MOST or cells.year >= MOST


def _is_year(_: str, cells: Cells) -> bool:
    return cells.year >= MOST or cells.dates.share >= CERTAIN


def _is_id(words: str, cells: Cells) -> bool:
    if cells.share(lambda text: " " not in text and text.isascii()) >= CERTAIN and (
        cells.code >= MOST or "name" not in words
    ):
        return cells.dates.share < MOST or cells.whole == 1
    if cells.code >= MOST:
        return cells.words < MOST or cells.distinct > 0.3 * len(cells.texts)
    return cells.whole == 1 or (
        cells.distinct > MOST * len(cells.texts)
        and "name" not in words
        and cells.share(lambda text: " " not in text and text.isascii()) >= CERTAIN
    )


def _is_place(_: str, cells: Cells) -> bool:
    return _is_words(cells) and cells.length <= 80


def _is_few(_: str, cells: Cells) -> bool:
    return _is_words(cells) and (cells.distinct <= _FEW or cells.distinct <= 0.3 * len(cells.texts))


def _is_round(_: str, cells: Cells) -> bool:
    return cells.distinct <= _FEW and cells.number < 0.5 and cells.dates.share < 0.5 and cells.code < MOST


def _is_money(_: str, cells: Cells) -> bool:
    return amounts(cells) >= MOST and cells.year < CERTAIN and (cells.dates.share < MOST or cells.number >= CERTAIN)


_TESTS: Mapping[str, Callable[[str, Cells], bool]] = {
    "rownum": lambda _, cells: cells.counter or (cells.whole == 1 and cells.unique),
    "email": lambda _, cells: cells.email >= 0.5,
    "phone": lambda _, cells: cells.digits >= MOST and cells.words < 0.2,
    "person": lambda _, cells: _is_words(cells) and cells.url < 0.5 and cells.dates.share < 0.5 and cells.flag < MOST,
    "currency": lambda _, cells: cells.distinct <= _FEW and cells.length <= 8 and cells.digits == 0,
    "coordinates": lambda _, cells: cells.digits >= MOST and cells.words < 0.5,
    "latitude": lambda _, cells: _is_number(cells),
    "longitude": lambda _, cells: _is_number(cells),
    "postcode": lambda _, cells: cells.digits >= MOST and cells.length <= 12,
    "address": lambda _, cells: _is_words(cells) and cells.email < 0.5,
    "url": lambda _, cells: cells.url >= MOST,
    "alias": _is_name,
    "legal_name": _is_name,
    "legal_form": lambda _, cells: cells.words >= 0.5 and cells.distinct <= _FEW,
    **dict.fromkeys(MONEY, _is_money),
    "employees": lambda _, cells: (
        cells.share(lambda text: text[0].isdigit() or text[0] in "<>") >= MOST and cells.dates.share < MOST
    ),
    "end_date": _is_date,
    "founded": _is_date,
    "city": _is_place,
    "place": _is_place,
    "status": _is_few,
    "round": _is_round,
    "share": lambda _, cells: cells.digits >= MOST and cells.words < 0.2,
    "rank": lambda _, cells: cells.digits >= MOST and cells.words < 0.2,
    "score": lambda _, cells: _is_number(cells),
    "count": lambda _, cells: cells.whole >= MOST,
    "year": _is_year,
    "date": _is_date,
    "industry": lambda _, cells: cells.words >= 0.5 or cells.code >= MOST,
    "description": lambda _, cells: cells.words >= 0.5,
    "language": _is_few,
    "id": _is_id,
    "type": _is_few,
    "title": _is_name,
    "name": _is_name,
}
