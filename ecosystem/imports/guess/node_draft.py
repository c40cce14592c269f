"""Node tables as they are drafted: what a party is, what identifies it, what is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ecosystem.imports.guess.cell_looks import CERTAIN
from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.draft import AS_HASH, Draft, Section, cell, comment, prefixed, text, texts
from ecosystem.imports.guess.id_columns import is_register, says_whose
from ecosystem.imports.guess.list_cells import MOST, split_list
from ecosystem.imports.guess.organisation_names import LABELS, UNKNOWN_PARTY, label_of
from ecosystem.imports.guess.parties import Parties, Party, Table, dependence
from ecosystem.imports.guess.place_draft import region_line
from ecosystem.imports.guess.property_draft import ORGANISATION_LABELS, property_lines
from ecosystem.imports.guess.value_draft import samples
from ecosystem.imports.guess.vocabulary import plain
from ecosystem.messages import tr
from ecosystem.regions import Regions
from ecosystem.tables.record_paths import ITEM

FIXED = {
    "company": "Company",
    "acquirer": "Company",
    "investor": "Investor",
    "university": "University",
    "institute": "Institute",
    "alliance": "Alliance",
    "policy": "Policy",
    "conference": "Conference",
    "park": "Park",
}
"""What a party is, whose name says it."""
_KINDS = (
    (
        "University",
        r"(?i)\b(hes|universit\w*|uniwersytet\w*|uczelnia\w*|yliopisto\w*"
        r"|hogskol\w*|hogeschool|университет\w*|вуз"
        r"|higher ?ed\w*|education|academi[ac]|college|hochschule|school)\b|大学|高校|院校|대학",
    ),
    (
        "Institute",
        r"(?i)\b(rec|research|\w*institut\w*|instytut\w*|istitut\w*|forskning\w*|институт\w*"
        r"|laborator\w*|rto|research cent\w+|facility|forschung\w*"
        r"|public research\w*)\b|研究|科研|연구",
    ),
    ("Investor", r"(?i)\b(investor|vc|venture capital|fund|angel|corporate venture)\b|投资"),
    (
        "Company",
        r"(?i)\b(prc|compan(y|ies)|firm|industry|enterprise|sme|corporat\w*|start ?up|business|private|for profit"
        r"|large|unternehmen|entreprise|empresa|foretag|bolag|virksomhed|selskap|bedrijf|firma|spolka|yritys|impresa|компания"
        r"|предприятие|grande? empresa|pyme|pme|gmbh)\b|企业|公司|会社|企業|기업",
    ),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A node table that is drafted: its key, its label, and how links name its nodes."""

    key: str
    label: str
    party: Party
    id: Column
    live: bool
    each: bool
    column: Column | None = None
    kinds: tuple[str, tuple[str, ...]] | None = None
    """The column of kinds that decides which rows are nodes, and the texts that are."""


def draft_lead(draft: Draft, parties: Parties, taken: set[str]) -> list[Made]:
    """The investor that led a deal, where the column of the investors names the others: both are its investors."""
    lead, investors = parties.all.get("lead"), parties.all.get("investor")
    column = lead.one("name") if lead is not None else None
    name = investors.name if investors is not None else None
    if column is None or name is None or not (column.sure and name.sure) or name.cells.listed:
        return []
    if share_in_rows(parties.table, column, name) >= MOST or (investors is not None and investors.one("id")):
        return []
    lead = Party("investor", [column])
    section = Section("[nodes.lead_investor]", ['label = "Investor"'])
    zipped = _zipped(parties.table, lead)
    section.lines += [*_each(zipped), *_id_and_name(draft, lead, column, column, "Investor"), "in_sample = false"]
    draft.nodes.append(section)
    taken.add("lead_investor")
    return [Made("lead_investor", "Investor", lead, column, section.live, bool(zipped))]


def share_in_rows(table: Table, column: Column, lists: Column) -> float:
    """For what share of the rows that name something in a column a list of theirs has it, too."""
    mark = lists.cells.separator
    rows = [row for row in zip(table.cells(column), table.cells(lists), strict=True) if row[0]]
    known = [{part.casefold() for part in (split_list(others, mark) if mark else [others])} for _, others in rows]
    own = column.cells.separator
    there = sum(
        all(part.casefold() in names for part in (split_list(text, own) if own else [text]))
        for (text, _), names in zip(rows, known, strict=True)
    )
    return there / len(rows) if rows else 1.0


def draft_nodes(draft: Draft, parties: Parties, party: Party, regions: Regions, taken: set[str]) -> list[Made]:
    """The node tables of a party: one, or one for each label where its rows are of several."""
    name, table = party.name, parties.table
    zipped = _zipped(table, party)
    if zipped:
        party = Party(party.subject, zipped)
    identity = _identity(draft, parties, party)
    if identity is None:
        return []
    main = parties.main is not None and parties.main.subject == party.subject
    labels = _labels(draft, party, name)
    before = set(draft.used)
    kind = next(
        (one for one in party.of("type", "industry") if any(text(one.name) in "".join(keep) for _, keep in labels)),
        None,
    )
    kinds = (kind.name, tuple(one for one, label in _types(kind).items() if label)) if kind is not None else None
    made = []
    for label, keep in labels:
        key = _key(party, label, alone=len(labels) == 1)
        key = f"{key}_{table.key}" if key in taken else key
        taken.add(key)
        section = Section(f"[nodes.{key}]", [f"label = {text(label)}", *keep])
        section.lines += _each(zipped)
        section.lines += _id_and_name(draft, party, identity, name, label)
        if label in ORGANISATION_LABELS and not main and parties.main is not None:
            section.lines.append("in_sample = false")
        line = region_line(draft, _settled(parties, party, identity), label, regions)
        section.lines += [line] if line else []
        section.lines += property_lines(draft, parties, party, label, before, identity)
        draft.nodes.append(section)
        made.append(Made(key, label, party, identity, section.live, bool(zipped), kinds=kinds))
    return made


def _settled(parties: Parties, party: Party, identity: Column) -> Party:
    """The party without columns that differ between rows of the same one, where rows are events."""
    if parties.main is not party:
        return party
    own = [one for one in party.columns if not dependence(parties.table, [identity], one).fails]
    return Party(party.subject, own)


def _key(party: Party, label: str, *, alone: bool) -> str:
    own = {"organisation": label.lower(), "affiliation": label.lower(), "company": "company"}.get(
        party.subject, party.subject
    )
    return own if alone or own == label.lower() else f"{own}_{label.lower()}"


def _identity(draft: Draft, parties: Parties, party: Party) -> Column | None:
    """The column that tells the nodes of a party apart: an id that goes with the names, else the names."""
    name = party.name
    for column in party.of("id"):
        if not column.sure or _has_gaps(parties.table, column, name):
            continue
        if _is_key(parties, party, column, name):
            return column
    return name


def _has_gaps(table: Table, column: Column, name: Column | None) -> bool:
    """Whether an id is blank where there is a name; in rows of neither nobody is named."""
    if name is None or name.cells.listed or column.cells.listed:
        return column.cells.blank > 0
    return any(told and not own for own, told in zip(table.cells(column), table.cells(name), strict=True))


def _is_key(parties: Parties, party: Party, column: Column, name: Column | None) -> bool:
    """Whether an id is of the party: the name of the column says so, or names and ids go together in its own table."""
    if name is None:
        return column.subject == party.subject or says_whose(column)
    table = parties.table
    there, back = dependence(table, [column], name), dependence(table, [name], column)
    if there.fails or back.fails or (back.repeated and not back.holds):
        return False
    if column.subject is not None and column.subject not in ("deal", "patent", "project", "paper"):
        return True
    if is_register(column) or (back.repeated >= 2 and back.holds and there.holds):
        return True
    return parties.event is None and column.cells.unique and says_whose(column)


def _labels(draft: Draft, party: Party, name: Column | None) -> list[tuple[str, list[str]]]:
    """The labels that the nodes of a party have, each with the lines that keep its rows; empty where that is asked."""
    kind = next((column for column in party.of("type", "industry") if _types(column)), None)
    if party.subject in FIXED:
        label = FIXED[party.subject]
        if (
            kind is not None
            and len({one for one in _types(kind).values() if one}) > 1
            and label in ("Company", "University")
        ):
            draft.say(
                kind.name,
                tr(
                    "kinds of organisations ({samples}); {label} is taken for all: is that so?",
                    samples=samples(kind),
                    label=label,
                ),
            )
        return [(label, [])]
    if kind is not None:
        return _by_kind(draft, kind)
    return _by_name(draft, party, name) if name is not None else []


def _types(column: Column) -> dict[str, str | None]:
    """Kind of organisation in a column -> label; empty where most of them are none that are known."""
    if column.cells.distinct > 30:
        return {}
    found = {
        kind: next((label for label, words in _KINDS if re.search(words, plain(kind))), None)
        for kind in dict.fromkeys(column.cells.parts())
    }
    known = sum(found[one] is not None for one in column.cells.parts()) / len(column.cells.parts())
    return (
        found
        if known >= 0.5 and any(label in ("University", "Institute", "Company") for label in found.values())
        else {}
    )


def _by_kind(draft: Draft, kind: Column) -> list[tuple[str, list[str]]]:
    types = _types(kind)
    labels = [label for label in ("Company", "University", "Institute", "Investor") if label in types.values()]
    made = []
    for label in labels:
        own = [one for one, found in types.items() if found == label]
        made.append((label, [f"keep = {{ column = {text(kind.name)}, in = {texts(own)} }}"]))
        draft.use(kind.name, f"{label}.keep")
    if rest := [one for one, found in types.items() if found is None]:
        draft.say(
            kind.name,
            tr("what are {kinds}? They are left out until a `keep` names them", kinds=", ".join(map(comment, rest))),
        )
    return made


def _by_name(draft: Draft, party: Party, name: Column) -> list[tuple[str, list[str]]]:
    """Labels by what names say: a legal form, university, institute; only where nearly all of them say it."""
    counts = name.cells.labels()
    total = sum(counts.values())
    shares = {label: counts[label] / total for label in LABELS} if total else {}
    told = [label for label, share in shares.items() if share >= 0.02]
    if sum(shares.values()) >= 0.9 and len(told) > 1:
        return [(label, [f"keep = {_only(name.name, label)}"]) for label in told]
    if len(told) == 1 and shares[told[0]] >= CERTAIN:
        return [(told[0], [])]
    if told == ["Company"] and shares["Company"] >= 0.6:
        left = [part for part in dict.fromkeys(name.cells.parts()) if label_of(part) is None]
        draft.say(
            name.name,
            tr(
                "what are {kinds}? They have no legal form and are left out until a `keep` names them",
                kinds=", ".join(map(comment, left[:_SHOWN])),
            ),
        )
        return [("Company", [f"keep = {_only(name.name, 'Company')}"])]
    draft.say(
        name.name,
        tr(
            "names ({samples}): are they companies, universities, institutes, or something else?", samples=samples(name)
        ),
        f'[nodes.{party.subject}]  label = "Company"?',
        f"name = {text(name.name)}",
    )
    return []


def _only(column: str, label: str) -> str:
    """The condition that a name is of one label, as `label_of` finds it."""
    if label == "University":
        return f"{{ column = {text(column)}, matches = {text(LABELS['University'])} }}"
    other = [LABELS["University"]] if label == "Institute" else [LABELS["University"], LABELS["Institute"]]
    conditions = [
        f"{{ column = {text(column)}, matches = {text(LABELS[label])} }}",
        *(f"{{ column = {text(column)}, not_matches = {text(one)} }}" for one in other),
    ]
    return f"[{', '.join(conditions)}]"


_MARK = r"\s*(?:\*+|[(（](?i:lead|lead investor|leader|chef de file|领投|リード)[)）])$"
_SHOWN = 6


def _marks(name: Column | None) -> list[str]:
    """What takes the mark of a lead investor off its name, where there are such: `Alder Fund (lead)`, `Alder Fund*`."""
    told = re.compile(_MARK)
    marked = name is not None and any(told.search(part) for part in set(name.cells.parts()))
    return [f'substitute = {{ {text(_MARK)} = "" }}'] if marked else []


def _zipped(table: Table, party: Party) -> list[Column]:
    """The columns of a party that are lists of as many things as there are names; none where names are no lists."""
    name = party.name
    mark = name.cells.separator if name is not None else None
    if name is None or mark is None:
        return []
    counts = [len(cell.split(mark)) for cell in table.cells(name)]
    lists = [column for column in party.columns if column is name or column.cells.separator == mark]
    return [one for one in lists if one is name or [len(cell.split(mark)) for cell in table.cells(one)] == counts]


def _each(zipped: list[Column]) -> list[str]:
    if not zipped:
        return []
    names = [column.name for column in zipped]
    columns = f"columns = {texts(names) if len(names) > 1 else text(names[0])}"
    mark = zipped[0].cells.separator or ""
    if mark == ITEM:
        return [f"each = {{ {columns} }}"]
    by = {"；": [";", "；"], "，": [",", "，"]}.get(mark, [mark.strip() or mark])
    return [f"each = {{ {columns}, by = {texts(by) if len(by) > 1 else text(by[0])} }}"]


def _id_and_name(draft: Draft, party: Party, identity: Column, name: Column | None, label: str) -> list[str]:
    prefix = prefixed(label.lower())
    marks = _marks(name) if label == "Investor" else []
    draft.use(identity.name, f"{label}.id")
    if identity.kind == "id" and identity is not name:
        lines = [f"id = {cell(identity.name, prefix)}"]
    else:
        lines = [f"id = {cell(identity.name, *marks, AS_HASH, prefix)}"]
    if name is not None:
        draft.use(name.name, f"{label}.name")
        lines.append(f"name = {cell(name.name, *marks)}")
    unknown = [one for one in (name or identity).cells.counts if UNKNOWN_PARTY.match(one)]
    draft.missing += [one for one in unknown if one not in draft.missing]
    return lines
