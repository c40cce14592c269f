"""Whom the rows of a table tell of: its parties, the event that joins them, and what determines what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecosystem.imports.guess.cell_looks import CERTAIN
from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.id_columns import is_register
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.profiles import is_latest, is_profile
from ecosystem.imports.guess.vocabulary import kinds_of, plain, table_subject

ORGANISATIONS = (
    *("company", "organisation", "university", "institute", "member", "applicant", "affiliation", "partner"),
    *("supplier", "customer", "acquirer", "investor", "other"),
)
OTHERS = ("policy", "conference", "park", "alliance")
EVENTS = ("deal", "patent", "project", "paper")
_MAIN = (*ORGANISATIONS, *OTHERS)
_NAMING = ("name", "legal_name", "title", "id")
_OF_EVENT = frozenset(
    {
        "title",
        "date",
        "year",
        "amount",
        "id",
        "description",
        "round",
        "currency",
        "language",
        "rownum",
        "share",
        "count",
    }
)
_OF_PROJECT = frozenset({"title", "date", "year", "amount", "round", "description", "end_date", "currency"})
_OF_PATENT = _OF_EVENT | {"industry", "country", "status", "type", "url", "end_date", "name"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: the key that a mapping gives it, its columns, and its rows for what columns say "
    "together."""

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    places: Mapping[str, int]
    currency: str | None = None
    """The one currency of all amounts of the export, where that is certain."""
    event: str | None = None
    """The column that names the rows of a table that is joined: these are the events."""

    def cells(self, column: Column) -> list[str]:
        """The cells of a column row by row, blank ones too."""
        return [row[self.places[column.name]] for row in self.rows]

    def varies(self, key: Column, column: Column) -> bool:
        """Whether a column has several texts in the rows of one key."""
        found: dict[str, set[str]] = {}
        for own, cell in zip(self.cells(key), self.cells(column), strict=True):
            found.setdefault(own, set()).add(cell)
        return sum(len(cells) > 1 for cells in found.values()) > 1


@dataclass(slots=True)
class Party:
    """Somebody or something that rows tell of, with the columns that tell it."""

    subject: str
    columns: list[Column] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Column]:
        """The columns of these kinds, kind by kind."""
        return [column for kind in kinds for column in self.columns if column.kind == kind]

    def one(self, *kinds: str) -> Column | None:
        """The first of them: those that are certain, and those that name the party, before others."""
        found = sorted(
            self.of(*kinds),
            key=lambda one: (not one.sure, one.subject != self.subject, one.kind not in kinds_of(one.plain)),
        )
        return next(iter(found), None)

    @property
    def name(self) -> Column | None:
        """The column with its names."""
        found = [one for kind in ("name", "title", "legal_name", "alias") if (one := self.one(kind)) is not None]
        return next((one for one in found if one.sure), next(iter(found), None))


@dataclass(slots=True)
class Parties:
    """The parties of a table: the main one, the event that a row is, and all by their subject."""

    table: Table
    main: Party | None
    event: Party | None
    all: dict[str, Party]
    lasting: bool = False
    """Whether each row is an organisation with what is known of it today, and not a deal of it."""

    def get(self, *subjects: str) -> Party | None:
        """The first of these parties that has a name or an id."""
        found = (self.all[subject] for subject in subjects if subject in self.all)
        return next((party for party in found if party.name is not None or party.one("id") is not None), None)


def parties_of(table: Table) -> Parties:
    """The parties of a table."""
    told = table_subject(plain(table.name))
    named = _named(table.columns)
    event = _event(table.columns, named, told)
    main = _main(table.columns, named, told, event)
    lasting = event == "deal" and told != "deal" and is_profile(table.columns, main)
    everyone = {subject: Party(subject) for subject in dict.fromkeys((*([main] if main else []), *named))}
    if event:
        everyone.setdefault(event, Party(event))
    for column in table.columns:
        subject = _subject(column, main, event, everyone, lasting=lasting)
        everyone.setdefault(subject, Party(subject)).columns.append(column)
    _part_twins(everyone, main)
    return Parties(table, everyone.get(main or ""), everyone.get(event or ""), everyone, lasting)


def _part_twins(everyone: dict[str, Party], main: str | None) -> None:
    """Where rows name two organisations in the same words the second is a party of its own: nobody tells who is who."""
    party = everyone.get(main or "")
    names = party.of("name") if party is not None else []
    if party is None or party.subject not in ORGANISATIONS or len(names) < 2 or "other" in everyone:
        return
    if names[1].subject == names[0].subject and names[1].sure:
        party.columns.remove(names[1])
        everyone["other"] = Party("other", [names[1]])


def _named(columns: Sequence[Column]) -> list[str]:
    """The subjects of which a column has the name or the id."""
    return list(dict.fromkeys(column.subject for column in columns if column.subject and column.kind in _NAMING))


def _event(columns: Sequence[Column], named: Sequence[str], told: str | None) -> str | None:
    """The event that a row is: a deal, a patent, a project, a paper; None where rows are things that last."""
    kinds = {column.kind for column in columns}
    subjects = {column.subject for column in columns}
    if {"investor", "lead", "acquirer"} & set(named) and (
        told not in ("investor",) or len(set(named) & set(ORGANISATIONS)) > 1
    ):
        return "deal"
    for event in ("patent", "paper", "project"):
        if told == event or event in named:
            return event
    if "applicant" in named and "patent" in subjects:
        return "patent"
    deal = told == "deal" or "deal" in named
    return "deal" if (deal and kinds & {"amount", "round", "date", "id"}) or {"round", "amount"} <= kinds else None


def _main(columns: Sequence[Column], named: Sequence[str], told: str | None, event: str | None) -> str | None:
    """The party that columns are of which say nothing else."""
    if told == "alliance" and (members := [one for one in ("member", *ORGANISATIONS) if one in named]):
        return members[0]
    if event == "deal" and told == "investor" and not _is_key(columns, told):
        told = None  # its rows are who took part in deals, and the deals are of others
    if event is None and told in named and (rows := _of_every_row(columns, told)):
        return rows
    bare = any(column.kind in _NAMING and (column.subject is None) for column in columns)
    if told in _MAIN and (told in named or (bare and told not in ("investor",)) or not set(named) & set(_MAIN)):
        return told
    if event == "deal":
        found = next((one for one in ("company", "organisation", "university", "institute") if one in named), None)
        return found or ("company" if bare else None)  # the model has nothing else to invest in
    head = next((one for one in columns if _is_head(one)), None)
    if head is not None and head.kind == "" and event is None:
        return None  # rows are of something that nobody here knows: what else they say is of that
    listed = [one for one in _MAIN if one in named]
    if listed:
        return listed[0]
    kinds = ("legal_name",) if event is not None else ("name", "legal_name", "title")
    return "organisation" if any(one.kind in kinds and one.sure and one.subject is None for one in columns) else None


def _is_key(columns: Sequence[Column], subject: str) -> bool:
    """Whether each row names another one of a subject."""
    return any(one.subject == subject and one.kind in _NAMING and one.cells.unique for one in columns)


def _of_every_row(columns: Sequence[Column], told: str | None) -> str | None:
    """The one party whose names differ from row to row, where those of what the table is called after repeat."""
    names = {one.subject: one.cells.unique for one in columns if one.kind in _NAMING and one.sure}
    others = [subject for subject in _MAIN if names.get(subject) and subject != told]
    return others[0] if told in names and not names[told] and len(others) == 1 else None


def _is_head(column: Column) -> bool:
    """Whether a column can name what the rows are: a short text that differs from row to row."""
    cells = column.cells
    short = cells.words >= MOST and cells.length <= 60 and cells.separator is None
    return short and cells.unique and column.kind in ("", *_NAMING) and cells.code < MOST


def _subject(
    column: Column, main: str | None, event: str | None, everyone: Mapping[str, Party], *, lasting: bool
) -> str:
    """Whom a column is of: who it says, else the event for what events have, else what the rows are."""
    own = column.subject
    if own in ("lead", "person"):
        return own
    if own in ("company", "organisation") and main in ("company", "organisation"):
        return main
    if main and (column.kind == "total" or (column.kind == "id" and own is None and is_register(column))):
        return main
    if lasting and main and own is None and not is_latest(column) and column.kind not in ("amount", "round"):
        return main
    if own in everyone:
        return str(own)
    if own is not None and own != "deal" and (column.kind in _NAMING or own in EVENTS):
        return own
    if event in ("patent", "paper") and column.kind in _OF_PATENT:
        return event
    if event == "project" and column.kind in (_OF_PROJECT if main else _OF_PATENT):
        return event
    if event == "deal" and (own == "deal" or column.kind in _OF_EVENT) and column.kind not in ("founded", "total"):
        return "deal"
    return main or event or "row"


@dataclass(frozen=True, slots=True)
class Dependence:
    """Of how many keys that come in several rows, and for what share of these, a column has one value."""

    share: float
    repeated: int

    @property
    def holds(self) -> bool:
        """Whether the key determines the column, as far as the rows show."""
        return self.repeated > 0 and self.share >= CERTAIN

    @property
    def fails(self) -> bool:
        """Whether the rows show that it does not."""
        return self.repeated >= 2 and self.share < MOST


def dependence(table: Table, keys: Sequence[Column], column: Column) -> Dependence:
    """How far some columns together determine another; blank cells say nothing."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, cell in zip(zip(*map(table.cells, keys), strict=True), table.cells(column), strict=True):
        if all(key) and cell:
            found.setdefault(key, []).append(cell)
    several = [cells for cells in found.values() if len(cells) > 1]
    same = sum(len(set(cells)) == 1 for cells in several)
    return Dependence(same / len(several) if several else 1.0, len(several))
