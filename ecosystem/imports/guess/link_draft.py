"""Links as they are drafted: who invested in whom, members, joint papers; a question where none is certain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.draft import AS_HASH, Draft, Section, cell, comment, prefixed, text, texts
from ecosystem.imports.guess.id_columns import is_register
from ecosystem.imports.guess.joint_draft import TOGETHER, ends_of, joint_links
from ecosystem.imports.guess.node_draft import Made, share_in_rows
from ecosystem.imports.guess.parties import Parties, Party, dependence
from ecosystem.imports.guess.value_draft import amount_line, date_lines, samples
from ecosystem.messages import tr, tr_later

_ADDED = "event of the guess"


def draft_links(draft: Draft, parties: Parties, made: Sequence[Made]) -> None:
    """The links between the parties of a row."""
    by = {
        subject: [one for one in made if one.party.subject == subject]
        for subject in {one.party.subject for one in made}
    }
    main = by.get(parties.main.subject, []) if parties.main else []
    if investors := by.get("investor"):
        companies = [one for one in main or by.get("company", []) if one.label == "Company"]
        if companies and investors is not main:
            _investment(draft, parties, investors, companies)
    if (alliances := by.get("alliance")) and (members := [one for one in made if one.party.subject != "alliance"]):
        _membership(draft, parties, members, alliances)
    elif by.get("member"):
        draft.say(
            by["member"][0].id.name,
            tr("members of which alliance? No column names it"),
            '[nodes.alliance]  label = "Alliance"; id and name = { value = "…" }',
            '[links.membership]  type = "MEMBER_OF"',
        )
    _asked_links(draft, parties, by, main)
    joint_links(draft, parties, made)


_BOUGHT = tr_later("does buying a company count as investing in it? As a round of its own kind it can be left out")
_SUPPLIED = tr_later(
    "does a supply count as enabling (technology from supplier to customer), or is it a link type of your own?"
)
_TOGETHER = tr_later("what joins the two organisations of a row?")


def _asked_links(draft: Draft, parties: Parties, by: Mapping[str, Sequence[Made]], main: Sequence[Made]) -> None:
    """Links of which only the user knows what they mean: companies bought, supplies, two organisations of a row."""
    buyers, suppliers, others = (by.get(subject, []) for subject in ("acquirer", "supplier", "other"))
    if buyers:
        kind = ['properties.round = { value = "acquisition" }']
        _asked(draft, parties, "acquisition", "INVESTED_IN", buyers, main, tr(_BOUGHT), kind)
    if suppliers and (customers := by.get("customer") or (main if main is not suppliers else [])):
        _asked(draft, parties, "supply", "ENABLES", suppliers, customers, tr(_SUPPLIED), [])
    together = parties.event is not None and parties.event.subject in TOGETHER and any(one.each for one in others)
    if others and main and not together:
        _asked(draft, parties, "other", "COLLABORATES_WITH", main, others, tr(_TOGETHER), [])


def _investment(draft: Draft, parties: Parties, investors: Sequence[Made], companies: Sequence[Made]) -> None:
    section = Section(
        "[links.investment]", ['type = "INVESTED_IN"', f"from = {ends_of(investors)}", f"to = {ends_of(companies)}"]
    )
    event = parties.event if parties.event is not None and not parties.lasting else Party("deal")
    key, keys = _event_of(draft, parties, event, companies[0])
    amount = event.one("amount")
    whole = amount is None or key is None or not dependence(parties.table, keys, amount).fails
    lines: list[str] = []
    when = _when(draft, event)
    lines += date_lines(draft, when, "INVESTED_IN") if when is not None else []
    lines += _rounds(draft, event)
    if amount is not None:
        name = "round_amount" if whole else "amount"
        found = amount_line(draft, parties.table, event, amount, name, "INVESTED_IN")
        if found is not None:
            lines.append(found[1])
            if whole and key is not None:
                section.lines.append(f"share = {{ {found[0].removeprefix('round_')} = {text(found[0])} }}")
    lines += _valuations(draft, parties, event)
    if key is not None:
        section.lines.insert(3, f"event = {text(key)}")
        lines.insert(0, f"properties.round_id = {text(key)}")
        _unnamed(draft, parties, investors, section, key)
    section.lines += lines
    draft.links.append(section)
    _lead(draft, parties, investors)


_NO_DEAL = re.compile(r"join|added|listed|birth|register|加入|上市")
_ROUND = re.compile(
    r"seed|series|round|angel|pre.?[a-z]\b|venture|equity|debt|grant|ipo|growth|bridge|stage vc|convertible"
    r"|轮|シード|シリーズ|시드|시리즈"
    r"|s[ée]rie|rodada|ronda",
    re.IGNORECASE,
)


def _when(draft: Draft, event: Party) -> Column | None:
    """The day of a deal: of several dates the one that is named for it."""
    dates = sorted(event.of("date", "year"), key=lambda one: _NO_DEAL.search(one.plain) is not None)
    if dates and _NO_DEAL.search(dates[0].plain):
        return None
    for other in dates[1:]:
        draft.say(
            other.name,
            tr(
                "another date ({samples}); {taken} is taken for the day of the deal: is that so?",
                samples=samples(other),
                taken=comment(dates[0].name),
            ),
        )
    return dates[0] if dates else None


def _rounds(draft: Draft, event: Party) -> list[str]:
    lines: list[str] = []
    of_series = re.compile("round|series|轮|ラウンド|라운드|단계")
    for column in sorted(event.of("round", "type"), key=lambda one: of_series.search(one.plain) is None):
        told = of_series.search(column.plain) or column.cells.share(_ROUND.search) >= 0.5
        if not column.sure or not told or column.cells.separator is not None:
            continue
        name = "round" if not lines else _own(column, f"deal_type_{len(lines)}" if len(lines) > 1 else "deal_type")
        lines.append(f"properties.{name} = {text(column.name)}")
        draft.use(column.name, f"INVESTED_IN.{name}")
    return lines


def _own(column: Column, otherwise: str) -> str:
    own = column.plain.replace(" ", "_")
    return (
        own
        if own.isascii() and own.isidentifier() and own not in {"round", "date", "year", "id", "type"}
        else otherwise
    )


def _valuations(draft: Draft, parties: Parties, event: Party) -> list[str]:
    lines: list[str] = []
    everyone = [] if parties.lasting else [*event.columns, *(parties.main.columns if parties.main else [])]
    for column in everyone:
        if column.kind == "valuation" and column.name not in draft.used and column.name not in draft.said:
            name = "pre_money" if "pre" in column.plain else "post_money" if "post" in column.plain else "valuation"
            found = amount_line(draft, parties.table, event, column, name, "INVESTED_IN")
            lines += [found[1]] if found is not None else []
    return lines


def _event_of(draft: Draft, parties: Parties, event: Party, company: Made) -> tuple[str | None, list[Column]]:
    """The column that tells deals apart, one of the file or added out of company, day and round."""
    own = company.id
    told = parties.table.event
    for column in sorted(event.of("id"), key=lambda one: (one.name != told, one.subject != "deal")):
        if column.subject != "deal" and (is_register(column) or own.cells.unique):
            continue  # a number of the company, or nobody can tell: the rows of both are the same
        tells = [own, *event.of("date", "year", "amount", "round")]
        whole = not any(dependence(parties.table, [column], one).fails for one in tells)
        if column.cells.blank == 0 and column.sure and column is not own and whole:
            draft.use(column.name, "INVESTED_IN.event")
            return column.name, [column]
    parts = [own, *(one for one in (_when(Draft(), event), *event.of("round")[:1]) if one is not None)]
    if _when(Draft(), event) is None and event.one("amount") is None:
        return None, []
    draft.add[_ADDED] = f"{{ join = {texts(column.name for column in parts)} }}"
    for column in parts:
        draft.use(column.name, "INVESTED_IN.event")
    return _ADDED, parts


def _unnamed(draft: Draft, parties: Parties, investors: Sequence[Made], link: Section, key: str) -> None:
    """A node of its own for each deal of which nobody is named, so that its money counts and its link does not."""
    name = investors[0].party.name
    if name is None or len(investors) > 1 or (name.cells.blank == 0 and not draft.missing):
        return
    for section in draft.nodes:
        if section.heading in {f"[nodes.{one.key}]" for one in investors}:
            section.lines.append(
                f"unnamed = {{ id = {cell(key, AS_HASH, prefixed('undisclosed'))}, name = {{ value = "
                f"{text('undisclosed investor')} }} }}"
            )
    link.lines.append('named = "disclosed"')


def _lead(draft: Draft, parties: Parties, investors: Sequence[Made]) -> None:
    """What is said of the investor that led a deal, where no link is made of it."""
    lead = parties.all.get("lead")
    name = investors[0].party.name
    for column in lead.columns if lead is not None else []:
        if column.kind != "name" or name is None or column.name in draft.used:
            continue
        share = share_in_rows(parties.table, column, name)
        draft.say(
            column.name,
            tr(
                "the investor that led the deal ({samples}); {share:.0%} of them are among the investors: not used",
                samples=samples(column),
                share=share,
            ),
        )


def _asked(
    draft: Draft,
    parties: Parties,
    key: str,
    kind: str,
    sources: Sequence[Made],
    targets: Sequence[Made],
    question: str,
    more: Sequence[str],
) -> None:
    """A link table that waits for an answer."""
    if not sources or not targets:
        return
    scratch = Draft()
    event = parties.event or Party("deal")
    lines = [f"type = {text(kind)}", f"from = {ends_of(sources)}", f"to = {ends_of(targets)}", *more]
    for column in [*event.of("date", "year"), *(parties.main.of("date", "year") if parties.main else [])][:1]:
        lines += date_lines(scratch, column, kind)
        draft.say(
            column.name,
            tr("when: of the link {key}, which waits for an answer ({samples})?", key=key, samples=samples(column)),
        )
    draft.links.append(Section(f"[links.{key}]", [f"# ? {question}", *lines], live=False))


def _membership(draft: Draft, parties: Parties, members: Sequence[Made], alliances: Sequence[Made]) -> None:
    section = Section(
        "[links.membership]", ['type = "MEMBER_OF"', f"from = {ends_of(members)}", f"to = {ends_of(alliances)}"]
    )
    when = next(
        (
            column
            for party in parties.all.values()
            for column in party.of("year", "date")
            if column.name not in draft.used
        ),
        None,
    )
    if when is not None:
        section.lines += date_lines(draft, when, "MEMBER_OF")
    draft.links.append(section)
