"""One table of an export as a draft: its parties, their nodes and links, and a sentence on every other column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ecosystem.imports.guess.column_guess import MONEY, Column
from ecosystem.imports.guess.draft import AS_NUMBER, Draft, cell, prefixed, text
from ecosystem.imports.guess.foreign_keys import Reference, references_of
from ecosystem.imports.guess.joined_tables import joined
from ecosystem.imports.guess.link_draft import draft_links
from ecosystem.imports.guess.node_draft import Made, draft_lead, draft_nodes
from ecosystem.imports.guess.own_labels import own_label_sections
from ecosystem.imports.guess.parties import ORGANISATIONS, OTHERS, Parties, Party, Table, parties_of
from ecosystem.imports.guess.value_draft import currency_of_column, number_cell, samples
from ecosystem.imports.guess.vocabulary import SUBJECT_WORDS
from ecosystem.messages import tr, tr_later
from ecosystem.regions import Regions

_PLAIN: Mapping[str, str] = {
    "email": tr_later("addresses of mail: they are about persons, and never made nodes or properties"),
    "phone": tr_later("numbers of telephones: they are about persons, and never made nodes or properties"),
    "person": tr_later("of persons: never made nodes or properties"),
    "rownum": tr_later("counts the rows: no id"),
    "language": tr_later("a language ({samples}): not used"),
}
_KEPT: Mapping[str, str] = {
    "url": tr_later("addresses of the web ({samples}): not used; to keep them:"),
    "address": tr_later("street addresses ({samples}): no region; to keep them:"),
    "postcode": tr_later("postal codes ({samples}): no region; to keep them:"),
    "description": tr_later("free text ({samples}): not used; to keep it:"),
    "latitude": tr_later("a latitude ({samples}): no region by itself; to keep it:"),
    "longitude": tr_later("a longitude ({samples}): no region by itself; to keep it:"),
    "coordinates": tr_later("coordinates ({samples}): no region by themselves; to keep them:"),
    "alias": tr_later("other names ({samples}): not used; to keep them:"),
}
_QUESTIONS: Mapping[str, str] = {
    "end_date": tr_later(
        "a date that is no beginning ({samples}): an end, a deadline, an update? Not used; to keep it:"
    ),
    "continent": tr_later("parts of the world ({samples}): larger than a country; not used. Is there a country?"),
    "count": tr_later("a number of things ({samples}): of whom, and when? To keep it:"),
    "score": tr_later("a score or share ({samples}): a value of whom? To keep it:"),
    "share": tr_later("a share ({samples}): of what? To keep it:"),
    "rank": tr_later("a rank ({samples}): of whom, and when? To keep it:"),
    "currency": tr_later("a currency ({samples}): of which amount?"),
    "round": tr_later("a round or stage ({samples}): of a deal whose investors no column names? To keep it:"),
    "founded": tr_later("a year or date of foundation ({samples}): of whom? To keep it:"),
    "year": tr_later("years ({samples}): of what? To keep them:"),
    "date": tr_later("dates ({samples}): of what? To keep them:"),
    "status": tr_later("a status ({samples}): of whom? To keep it:"),
    "type": tr_later("a kind or role ({samples}): of whom, and does it decide what a row is? To keep it:"),
    "industry": tr_later("a field or class ({samples}): of whom? To keep it:"),
    "legal_form": tr_later("a legal form ({samples}): of whom? To keep it:"),
    "employees": tr_later("numbers of employees ({samples}): of whom? To keep them:"),
    "title": tr_later("titles ({samples}): of what? To keep them:"),
    "name": tr_later("names ({samples}): of whom, and what joins them with the others of the row?"),
    "legal_name": tr_later("legal names ({samples}): of whom?"),
    "country": tr_later("countries ({samples}): of whom?"),
    "state": tr_later("states ({samples}): of whom, in which country?"),
    "city": tr_later("cities ({samples}): of whom, in which country?"),
    "place": tr_later("places ({samples}): of whom?"),
}
_NOT_IN_MODEL = {
    "patent": tr_later(
        "the model has no patents: nothing of it can hold this ({samples}); a label of your own could: is one wanted?"
    ),
    "project": tr_later(
        "the model has no projects: nothing of it can hold this ({samples}); a label of your own could: is one wanted?"
    ),
    "product": tr_later(
        "the model has no products: nothing of it can hold this ({samples}); a label of your own could: is one wanted?"
    ),
    "paper": tr_later(
        "the model has no papers: nothing of it can hold this ({samples}); a label of your own could: is one wanted?"
    ),
}


@dataclass(slots=True)
class TableDraft:
    """A table with its draft, its parties, the node tables that it makes, and the columns that name rows of others."""

    table: Table
    draft: Draft
    parties: Parties
    references: Mapping[str, Reference]
    made: list[Made] = field(default_factory=list)


def draft_tables(tables: Sequence[Table], regions: Regions) -> list[TableDraft]:
    """The drafts of the tables of an export: the nodes of all of them first, then what joins them."""
    joins = {one.key: made for one in tables if (made := joined(one, tables)) is not None}
    wide = [joins[one.key].table if one.key in joins else one for one in tables]
    drafts = [TableDraft(one, Draft(), parties_of(one), references_of(one, tables)) for one in wide]
    taken: set[str] = set()
    headings: set[str] = set()
    for one in drafts:
        for subject in (*ORGANISATIONS, *OTHERS):
            party = one.parties.get(subject)
            if party is not None and _has_nodes(party, one.parties) and not _is_named_elsewhere(party, one):
                one.made += draft_nodes(one.draft, one.parties, party, regions, taken)
                if subject == "investor":
                    one.made += draft_lead(one.draft, one.parties, taken)
    for one in drafts:
        draft_links(one.draft, one.parties, [*one.made, *_referred(one, drafts)])
        for section in one.draft.links:
            if section.live and section.heading in headings:
                section.heading = f"{section.heading[:-1]}_{one.table.key}]"
            headings.add(section.heading)
        one.draft.links += own_label_sections(one.parties, list(dict.fromkeys(made.key for made in one.made)))
        for party in one.parties.all.values():
            for column in party.columns:
                if column.name not in one.draft.used and column.name not in one.draft.said:
                    _rest(one, party, column)
    for one in drafts:
        join = joins.get(one.table.key)
        if join is not None and any(join.own(name) for name in one.draft.used):
            one.draft.file.append(join.line)
            join.hand_back(one.draft, next(other.draft for other in drafts if other.table.key == join.other.key))
    return drafts


def _is_named_elsewhere(party: Party, one: TableDraft) -> bool:
    """Whether rows only name a party, whose nodes another table makes."""
    key = party.one("id") or party.name
    told = key is not None and key.name in one.references and one.references[key.name].sure
    return told and (party.name is None or party.name is key)


def _referred(one: TableDraft, drafts: Sequence[TableDraft]) -> list[Made]:
    """The node tables of others that columns of this one name, as ends of links."""
    found: list[Made] = []
    own = {made.id.name for made in one.made}
    for name, reference in one.references.items():
        makes = next(draft.made for draft in drafts if draft.table.key == reference.table.key)
        named = [made for made in makes if made.id.name == reference.key.name and not made.each]
        if not reference.sure or name in own or not named:
            continue
        subject = _subject_of(one, reference, named[0])
        found += [replace(made, party=Party(subject), id=reference.column, column=reference.column) for made in named]
        one.draft.use(name, f"-> {reference.table.name}.{reference.key.name}")
        one.draft.say(name, reference.sentence())
    return found


def _subject_of(one: TableDraft, reference: Reference, made: Made) -> str:
    """As what a table names the nodes of another: by its column, else as what they are."""
    own = reference.column.subject
    if own in ("investor", "acquirer", "supplier", "customer", "member"):
        return own
    main = one.parties.main
    return (
        main.subject
        if main is not None and made.label == "Company" and made.party.subject != "investor"
        else made.party.subject
    )


def _has_nodes(party: Party, parties: Parties) -> bool:
    """Whether the nodes of a party are made: of the main one, and of those that a column names."""
    name = party.name
    return (name is not None and (name.sure or party is parties.main)) or (
        party is parties.main and party.one("id") is not None
    )


def _rest(one: TableDraft, party: Party, column: Column) -> None:
    """A sentence on a column that no line uses."""
    draft, shown = one.draft, samples(column)
    reference = one.references.get(column.name)
    if reference is not None:
        draft.say(column.name, tr("{sentence}: which of them does it join?", sentence=reference.sentence()))
    elif not column.cells.texts:
        draft.say(column.name, tr("blank in every row that was looked at"))
    elif column.cells.counter and column.kind in ("", "id", "rownum", "count", "rank"):
        draft.say(column.name, tr(_PLAIN["rownum"]))
    elif column.subject == "person":
        draft.say(column.name, tr(_PLAIN["person"]))
    elif column.kind in _PLAIN:
        draft.say(column.name, tr(_PLAIN[column.kind], samples=shown))
    elif party.subject in _NOT_IN_MODEL and column.kind in (
        "name",
        "title",
        "alias",
        "id",
        "description",
        "type",
        "industry",
    ):
        draft.say(column.name, tr(_NOT_IN_MODEL[party.subject], samples=shown))
    elif column.kind == "id":
        _id(draft, party, column, shown)
    elif column.kind == "listed":
        _listed(draft, column, shown)
    elif column.kind in MONEY:
        _money(one, column, shown)
    elif column.kind in _KEPT:
        draft.say(column.name, tr(_KEPT[column.kind], samples=shown), _kept(column))
    elif column.kind in _QUESTIONS:
        draft.say(
            column.name,
            tr(_QUESTIONS[column.kind], samples=shown),
            *([_kept(column)] if _QUESTIONS[column.kind].endswith(":") else []),
        )
    else:
        draft.say(column.name, tr("what is it ({samples})? To keep it as text:", samples=shown), _kept(column))


def _listed(draft: Draft, column: Column, shown: str) -> None:
    chain = column.name[: column.name.rindex("[]") + 2] if "[]" in column.name else column.name
    draft.say(
        column.name,
        tr(
            "a list in each record ({samples}): one of each deal or event? In the line of the file a row of each:",
            samples=shown,
        ),
        f"rows = {text(chain)}",
    )


def _money(one: TableDraft, column: Column, shown: str) -> None:
    currency = currency_of_column(one.parties.table, column)
    told = tr("in {currency}.", currency=currency) if currency else tr("in which currency?")
    one.draft.say(
        column.name,
        tr(
            "amounts of money ({samples}), {told} Of whom, and of which year? To keep them:",
            samples=shown,
            told=told,
        ),
        f"properties.{_slug(column)} = {number_cell(column) or cell(column.name, AS_NUMBER)}",
    )


def _id(draft: Draft, party: Party, column: Column, shown: str) -> None:
    of = column.subject or party.subject
    if column.subject == party.subject and party.subject in (
        "deal",
        "patent",
        "project",
        "paper",
    ):
        draft.say(
            column.name,
            tr(
                "an id of the {event}, no id of an organisation ({samples})",
                event=tr(SUBJECT_WORDS[party.subject]),
                samples=shown,
            ),
        )
    else:
        draft.say(
            column.name,
            tr("an id or number ({samples}): is it the id of the {party}?", samples=shown, party=tr(SUBJECT_WORDS[of])),
            f"id = {cell(column.name, prefixed(of))}",
        )


def _kept(column: Column, *more: str) -> str:
    return f"properties.{_slug(column)} = {cell(column.name, *more)}"


def _slug(column: Column) -> str:
    own = "_".join(column.plain.split())
    return own if own.isidentifier() else "note"
