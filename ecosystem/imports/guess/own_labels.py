"""What a guess proposes where the model has no place for what rows are: a label and a link type of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.imports.guess.draft import Section, cell, prefixed, text, texts
from ecosystem.imports.guess.parties import Parties
from ecosystem.messages import tr, tr_later


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """A label that the model could have, and the link type from organisations to its nodes, in both languages."""

    label: str
    table: str
    zh: str
    en: str
    link: str
    link_zh: str
    link_en: str


_LABELS: Mapping[str, OwnLabel] = {
    "patent": OwnLabel(
        "Patent", "patents", "专利", "patent", "OWNS_PATENT", "拥有专利", "an organisation owns a patent"
    ),
    "project": OwnLabel(
        "Project",
        "projects",
        "项目",
        "project",
        "PARTICIPATES_IN",
        "参与项目",
        "an organisation takes part in a project",
    ),
    "paper": OwnLabel(
        "Paper", "papers", "论文", "paper", "WROTE", "发表论文", "an organisation is of an author of a paper"
    ),
}
_ASKED = tr_later("the model has no label {label}: take these lines without # where one is wanted")
_ORGANISATIONS = ("Company", "Investor", "University", "Institute")


def own_label_sections(parties: Parties, nodes: Sequence[str]) -> list[Section]:
    """The sections, as comments, for the event that a row is; none where the model has it or nothing tells it apart."""
    event = parties.event
    own = _LABELS.get(event.subject) if event is not None else None
    key = event.one("id") if event is not None else None
    if event is None or own is None or key is None or not key.sure:
        return []
    name = min(event.of("title"), key=lambda one: len(one.plain), default=event.name)
    label = [
        f"# ? {tr(_ASKED, label=own.label)}",
        f"table = {text(own.table)}",
        f"zh = {text(own.zh)}",
        f"en = {text(own.en)}",
    ]
    link = [f"table = {text(own.link.lower())}", f"zh = {text(own.link_zh)}", f"en = {text(own.link_en)}"]
    link += [f"from = {texts(_ORGANISATIONS)}", f"to = {texts([own.label])}"]
    made = [f"label = {text(own.label)}", f"id = {cell(key.name, prefixed(event.subject))}"]
    made += [f"name = {text(name.name)}"] if name is not None else []
    sections = [
        Section(f"[model.labels.{own.label}]", label, live=False),
        Section(f"[model.links.{own.link}]", link, live=False),
        Section(f"[nodes.{event.subject}]", made, live=False),
    ]
    if nodes:
        ends = [f"type = {text(own.link)}", f"from = {texts(nodes)}", f"to = {text(event.subject)}"]
        sections.append(Section(f"[links.{own.link.lower()}]", ends, live=False))
    return sections
