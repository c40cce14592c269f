"""Properties of nodes as they are drafted: those of the model, and own ones whose meaning is plain."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ecosystem.imports.guess.cell_looks import CERTAIN
from ecosystem.imports.guess.column_guess import PRIVATE, Column
from ecosystem.imports.guess.draft import AS_INTEGER, Draft, cell, text
from ecosystem.imports.guess.id_columns import is_register
from ecosystem.imports.guess.parties import Parties, Party, dependence
from ecosystem.imports.guess.value_draft import amount_line, date_lines, number_cell, optional, samples, year_cell
from ecosystem.imports.guess.vocabulary import SUBJECT_WORDS
from ecosystem.messages import tr

ORGANISATION_LABELS = frozenset({"Company", "Investor", "University", "Institute"})
_TEXTS: Mapping[str, str] = {"legal_name": "legal_name", "legal_form": "legal_form", "status": "status"}
_AMOUNTS: Mapping[str, str] = {
    "total": "total_funding",
    "valuation": "valuation",
    "revenue": "revenue",
    "capital": "registered_capital",
}
_OF_NODES = frozenset({*_TEXTS, *_AMOUNTS, "founded", "alias", "industry", "url", "employees", "count", "id"})
_WEBSITE = re.compile(
    r"web|\bsite|home ?page|domain|www|网址|网站|官网|サイト|ホームページ|홈페이지"
    r"|sitio|pagina|(company|organi[sz]ation) url"
)
_NO_WEBSITE = re.compile("linkedin|twitter|facebook|crunchbase|source|news|pdf")


def property_lines(
    draft: Draft, parties: Parties, party: Party, label: str, before: Collection[str], key: Column
) -> list[str]:
    """The lines for the properties of a node table, of columns that nothing used `before` its party."""
    lines: dict[str, str] = {}
    for column in party.columns:
        own = column is key or column is party.name
        if own or column.name in before or column.kind in PRIVATE or not column.sure:
            continue
        known = parties.event is not None or column.kind in _OF_NODES
        if party is parties.main and known and _differs(draft, parties, party, key, column):
            continue
        for name, value in _properties(draft, parties, party, label, column):
            if name in lines:
                question = tr("another column is {name} already: which of the two?", name=name)
                draft.say(column.name, question, f"properties.{name} = {value}")
            else:
                lines[name] = f"properties.{name} = {value}"
                draft.use(column.name, f"{label}.{name}")
    return list(lines.values())


def _differs(draft: Draft, parties: Parties, party: Party, key: Column, column: Column) -> bool:
    """Whether a column is none of the party: it differs between rows of the same one."""
    if column.subject == party.subject or not dependence(parties.table, [key], column).fails:
        return False
    question = tr(
        "differs between rows of one {party}: of what is it ({samples})?",
        party=tr(SUBJECT_WORDS[party.subject]),
        samples=samples(column),
    )
    draft.say(column.name, question)
    return True


def _properties(draft: Draft, parties: Parties, party: Party, label: str, column: Column) -> list[tuple[str, str]]:
    """The properties that a column gives, each with its cell; none where that is not plain."""
    kind = column.kind
    if kind in _TEXTS:
        return [(_TEXTS[kind], text(column.name))]
    if kind in _AMOUNTS:
        if kind == "valuation" and parties.event is not None and not parties.lasting:
            return []
        found = amount_line(draft, parties.table, party, column, _AMOUNTS[kind], label)
        return [] if found is None else [(found[0], found[1].partition(" = ")[2])]
    if kind in ("founded", "year", "date"):
        return _times(draft, label, column)
    if kind in ("alias", "industry", "url", "employees"):
        return _of_organisation(label, column)
    return _numbers(draft, label, column)


def _times(draft: Draft, label: str, column: Column) -> list[tuple[str, str]]:
    if column.kind == "founded":
        year = year_cell(column)
        return [("founded_year" if label in ORGANISATION_LABELS else "year", year)] if year is not None else []
    if label in ORGANISATION_LABELS:
        return []
    parts = [line.removeprefix("properties.").partition(" = ") for line in date_lines(draft, column, label)]
    return [(name, value) for name, _, value in parts]


def _of_organisation(label: str, column: Column) -> list[tuple[str, str]]:
    own = text(column.name)
    if column.kind == "alias":
        return [("name_en" if re.search("english|英|영문| en$", column.plain) else "other_name", own)]
    if column.kind == "industry":
        return [("industry" if label in ORGANISATION_LABELS else "topic", own)]
    if column.kind == "url":
        own_site = _WEBSITE.search(column.plain) and not _NO_WEBSITE.search(column.plain)
        return [("website", own)] if own_site else []
    whole = column.cells.whole
    return [("employees", cell(column.name, AS_INTEGER, *optional(whole)) if whole >= CERTAIN else own)]


def _numbers(draft: Draft, label: str, column: Column) -> list[tuple[str, str]]:
    if column.kind == "id" and slug(column) and (is_register(column) or column.subject is not None):
        return [(slug(column), text(column.name))]
    patents = column.kind == "count" and re.search("patent|专利|特許|특허", column.plain) is not None
    if patents and label in ("Company", "University", "Institute") and column.cells.whole == 1:
        return [("patents", text(column.name))]
    number = number_cell(column) if column.kind in ("rank", "score") and label in ORGANISATION_LABELS else None
    if number is not None and slug(column):
        said = tr("numbers ({samples}), kept only if you want them", samples=samples(column))
        draft.say(column.name, said, f"properties.{slug(column)} = {number}")
    return []


def slug(column: Column) -> str:
    """A name for a property, of the words of the column in Latin letters; "" where it has none."""
    own = re.sub(r"[^a-z0-9]+", "_", column.plain.encode("ascii", "ignore").decode()).strip("_")
    return own if own and own[0].isalpha() else ""
