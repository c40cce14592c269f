"""The legend of a dataset: what every column of every table means, as the model says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ecosystem.dataset.files import columns_by_table
from ecosystem.model import Label, LinkType, Model, Property


@dataclass(frozen=True, slots=True)
class Entry:
    """One column of a table, described in both languages.

    `choices` are the values of a closed list, `allowed` says what else a cell must be; both and `default` may be empty.
    """

    table: str
    table_zh: str
    table_en: str
    column: str
    type: str
    unit: str
    required: str
    choices: str
    allowed: str
    default: str
    zh: str
    en: str


def legend(model: Model) -> list[Entry]:
    """An entry for each column, table by table, in the order of the model."""
    return [*_node_entries(model), *_link_entries(model)]


def _node_entries(model: Model) -> Iterator[Entry]:
    columns = columns_by_table(model)
    for label in model.labels.values():
        for name in columns[label.table]:
            yield _entry(label, label.properties[name])


def _link_entries(model: Model) -> Iterator[Entry]:
    for link in model.link_tables:
        yield _end_entry(model, link, "from", link.sources, "起点", "where the link begins")
        yield _end_entry(model, link, "to", link.targets, "终点", "where the link ends")
        for entry in link.properties.values():
            yield _entry(link, entry)


def _end_entry(model: Model, link: LinkType, end: str, labels: tuple[str, ...], zh: str, en: str) -> Entry:
    if labels == ("Region",):
        allowed = "region: id, code, name or alias"
    else:
        allowed = "id in " + ", ".join(model.labels[label].table for label in labels)
    return Entry(link.table, link.zh, link.en, end, "string", "", "yes", "", allowed, "", zh, en)


def _entry(owner: Label | LinkType, entry: Property) -> Entry:
    return Entry(
        table=owner.table,
        table_zh=owner.zh,
        table_en=owner.en,
        column=entry.name,
        type=entry.type,
        unit=entry.unit,
        required="yes" if entry.required else "no",
        choices=", ".join(("true", "false") if entry.type == "boolean" else entry.values),
        allowed=_allowed(entry),
        default="" if entry.default is None else str(entry.default).lower(),
        zh=entry.zh,
        en=entry.en,
    )


def _allowed(entry: Property) -> str:
    if entry.type == "date":
        return "YYYY-MM-DD"
    limits = (("at least", entry.minimum), ("at most", entry.maximum))
    return ", ".join(f"{words} {limit:g}" for words, limit in limits if limit is not None)
