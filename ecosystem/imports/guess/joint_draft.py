"""Links between organisations that did something together, as they are drafted: joint papers, patents, projects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ecosystem.imports.guess.draft import Draft, Section, text, texts
from ecosystem.imports.guess.draft import key as toml_key
from ecosystem.imports.guess.node_draft import Made
from ecosystem.imports.guess.parties import Parties, Party
from ecosystem.imports.guess.value_draft import date_lines, samples
from ecosystem.imports.guess.vocabulary import SUBJECT_WORDS
from ecosystem.messages import tr


def ends_of(made: Sequence[Made]) -> str:
    """An end of a link, as a mapping says it: the node tables of a row, or those that a column names."""
    keys = list(dict.fromkeys(one.key for one in made))
    nodes = text(keys[0]) if len(keys) == 1 else texts(keys)
    column = made[0].column
    return nodes if column is None else f"{{ node = {nodes}, column = {text(column.name)} }}"


def joint_links(draft: Draft, parties: Parties, made: Sequence[Made]) -> None:
    """What organisations did together: every two that one patent, paper or project names."""
    event = parties.event
    listed = [one for one in made if one.each and one.party.subject in _LISTED]
    if event is not None and event.subject == "project" and listed:
        listed = [one for one in made if one.party.subject in _OF_PROJECTS and one.column is None]
    if event is None:
        _partners(draft, parties, made)
    elif event.subject in TOGETHER and listed:
        _of_a_row(draft, event, listed)
    elif event.subject in TOGETHER:
        _with_itself(draft, parties, event, made)


TOGETHER = ("patent", "paper", "project")
_LISTED = ("applicant", "affiliation", "partner", "organisation", "member", "other")
_OF_PROJECTS = (*_LISTED, "company", "university", "institute")


def _of_a_row(draft: Draft, event: Party, listed: Sequence[Made]) -> None:
    """Organisations that stand in one cell: every two of them."""
    key = next((column for column in event.of("id") if column.sure and column.cells.unique), None)
    lines = ['type = "COLLABORATES_WITH"', f"from = {ends_of(listed)}", f"to = {ends_of(listed)}", "pairs = true"]
    if key is not None:
        lines.append(f"event = {text(key.name)}")
        draft.use(key.name, "COLLABORATES_WITH.event")
    lines.append(f"properties.kind = {{ value = {text(event.subject)} }}")
    dates = event.of("date", "year")
    if len(dates) == 1:
        lines += [line for line in date_lines(draft, dates[0], "COLLABORATES_WITH") if ".year" in line]
    for column in dates if len(dates) > 1 else []:
        draft.say(
            column.name,
            tr(
                "a date of the {event} ({samples}): is it the year of what they did together?",
                event=tr(SUBJECT_WORDS[event.subject]),
                samples=samples(column),
            ),
        )
    draft.links.append(Section("[links.joint]", lines))


def _partners(draft: Draft, parties: Parties, made: Sequence[Made]) -> None:
    """The partners, or the universities, that a row names beside what it is of."""
    main = parties.main.subject if parties.main is not None else None
    partners = [
        one
        for one in made
        if one.party.subject == "partner" or (one.party.subject == "university" and main not in (None, "university"))
    ]
    others = [one for one in made if one.party.subject == main]
    if partners and others:
        told = any(re.search("合作|partner|collab|joint", one.id.plain) for one in partners)
        lines = ['type = "COLLABORATES_WITH"', f"from = {ends_of(others)}", f"to = {ends_of(partners)}"]
        if not told:
            lines.insert(0, f"# ? {tr('do they work together, or what joins them?')}")
        draft.links.append(Section("[links.joint]", lines, live=told))


def _with_itself(draft: Draft, parties: Parties, event: Party, made: Sequence[Made]) -> None:
    """Organisations in different rows of one project, patent or paper: its rows are joined with each other."""
    subjects = ("organisation", "applicant", "affiliation", "partner", "member", "company", "university", "institute")
    found = [one for one in made if one.party.subject in subjects and not one.each and one.id.kind in ("id", "name")]
    key = next((one for one in event.of("id") if one.sure and one.cells.blank == 0 and not one.cells.unique), None)
    ends = [one for one in found if one.id is found[0].id]
    if not found or key is None or not parties.table.varies(key, found[0].id):
        return
    own, nodes = found[0].id.name, ends_of([replace(one, column=None) for one in ends])
    on = f"{{ {toml_key(key.name)} = {text(key.name)} }}"
    pairs = f"pairs_of_{parties.table.key}"
    draft.files[pairs] = [f"join.partner = {{ file = {text(parties.table.key)}, on = {on} }}"]
    lines = ['type = "COLLABORATES_WITH"', f"from = {{ node = {nodes}, column = {text(own)} }}"]
    lines += [f"to = {{ node = {nodes}, column = {text('partner.' + own)} }}"]
    keep = [f"{{ column = {text(own)}, before = {text('partner.' + own)} }}"]
    if found[0].kinds is not None and found[0].column is None:
        kind, told = found[0].kinds
        keep += [f"{{ column = {text(name)}, in = {texts(told)} }}" for name in (kind, f"partner.{kind}")]
    lines += ["keep = " + (keep[0] if len(keep) == 1 else "[" + ", ".join(keep) + "]"), f"event = {text(key.name)}"]
    lines.append(f"properties.kind = {{ value = {text(event.subject)} }}")
    draft.links.append(Section("[links.joint]", lines, file=pairs))
    draft.use(key.name, "COLLABORATES_WITH.event")
    draft.use(own, "COLLABORATES_WITH")
