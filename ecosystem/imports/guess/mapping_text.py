"""The text of a guessed mapping: lines for what is certain, and of every column what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from ecosystem.imports.guess.cell_looks import Cells
from ecosystem.imports.guess.column_guess import MONEY, guessed
from ecosystem.imports.guess.draft import Draft, Section, comment, key, text, texts
from ecosystem.imports.guess.export_sample import Sample, samples_of
from ecosystem.imports.guess.money_words import certain_currency
from ecosystem.imports.guess.parties import Table
from ecosystem.imports.guess.table_draft import draft_tables
from ecosystem.imports.guess.value_draft import money_line
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.mapping_check import check_mapping
from ecosystem.messages import tr, tr_later
from ecosystem.model import load_model
from ecosystem.regions import Regions, shipped_regions
from ecosystem.tables.encoding import toml_table
from ecosystem.tables.record_paths import ITEM
from ecosystem.tables.words import is_missing


def guess_mapping(path: Path) -> str:
    """The text of a mapping for a file or the files of a folder.

    Live lines are what the names and the cells of a column agree on; what is not certain is a comment with a question.
    DatasetError where the file is missing, empty, or no table.
    """
    regions = shipped_regions()
    samples, others = samples_of(path)
    keys = _keys(samples)
    tables = [_table(sample, name, regions) for name, sample in zip(keys, samples, strict=True)]
    currency = _currency(tables)
    tables = [replace(table, currency=currency) for table in tables]
    drafts = [one.draft for one in draft_tables(tables, regions)]
    several = len(keys) > 1 or any(draft.files for draft in drafts)
    while True:
        made = _text(path, samples, tables, drafts, others, several=several)
        doubtful = _faulty(made, drafts)
        if not doubtful:
            return made
        for section in doubtful:
            section.live = False


def _currency(tables: Sequence[Table]) -> str | None:
    """The currency of all amounts of an export, where each of them certainly is in it."""
    money = [column for table in tables for column in table.columns if column.kind in MONEY]
    found = {certain_currency(column.name, column.cells) for column in money}
    other = {text for table in tables for one in table.columns if one.kind == "currency" for text in one.cells.counts}
    return found.pop() if len(found) == 1 and not other - found else None


def _faulty(made: str, drafts: Sequence[Draft]) -> list[Section]:
    """The live sections that the language of mappings or the model does not allow together; questions from now on."""
    live = [section for draft in drafts for section in (*draft.links, *draft.nodes) if section.live]
    if not any(section.live for draft in drafts for section in draft.nodes):
        return [section for section in live if section.heading.startswith("[links.")]
    try:
        faults = {
            fault.column or "" for fault in check_mapping(MappingSpec.model_validate(toml_table(made)), load_model())
        }
    except ValidationError as err:
        faults = {".".join(map(str, error["loc"])) for error in err.errors()}
    if not faults:
        return []
    named = [one for one in live if any(f"{fault}.".startswith(f"{one.heading[1:-1]}.") for fault in faults)]
    return named or live


def _text(
    path: Path,
    samples: Sequence[Sample],
    tables: Sequence[Table],
    drafts: Sequence[Draft],
    others: dict[str, str],
    *,
    several: bool,
) -> str:
    """The whole mapping."""
    name = path.name
    lines = [
        _comment(tr(_FIRST, name=name)),
        _comment(tr("docs/sources.md has every key.")),
        f"title = {text(name.split('.')[0])}",
    ]
    for table, sample, draft in zip(tables, samples, drafts, strict=True):
        lines += _file_lines(table.key, sample, draft)
        pairs = draft.files.items() if any(section.live and section.file for section in draft.links) else ()
        lines += [f"files.{key(own)} = {{ {', '.join([*_file_keys(sample), *more])} }}" for own, more in pairs]
    lines += _money(drafts)
    if not any(section.live for draft in drafts for section in draft.nodes):
        lines += ["", _comment(tr("Nothing is certain enough for a line: answer the questions below, then import."))]
    for draft, table in zip(drafts, tables, strict=True):
        for section in (*draft.nodes, *draft.links):
            lines += ["", *_section(section, table.key if several else None)]
    for sample, draft in zip(samples, drafts, strict=True):
        lines += ["", *_columns(sample, draft)]
    lines += [_comment(f"{file}: {why}") for file, why in others.items()]
    return "\n".join(lines) + "\n"


def _money(drafts: Sequence[Draft]) -> list[str]:
    """The line on amounts in words: how those of the one currency are read in which all of them are."""
    symbols = {code: words for draft in drafts for code, words in draft.money.items()}
    if not symbols:
        return []
    if "CNY" in symbols:
        return [f"money = {{ currencies = {{ {key('人民币')} = 1, {key('元')} = 1 }}, default = {text('人民币')} }}"]
    code = next(iter(symbols))
    every = dict.fromkeys(symbol for draft in drafts for symbol in draft.money.get(code, ()))
    return [money_line(code, tuple(every))]


_FIRST = tr_later(
    "A first guess from {name}. Lines without # are what names and cells agree on; the others are questions."
)


def _section(section: Section, file: str | None) -> list[str]:
    """The lines of a table of the mapping, with the file that it is made of where there are several."""
    lines = section.text()
    if file is None or section.heading.startswith("[model."):
        return lines
    own = f"file = {text(section.file or file)}"
    return [lines[0], own if section.live else f"# {own}", *lines[1:]]


def _keys(samples: Sequence[Sample]) -> list[str]:
    """A key for each table, of the words of its name."""
    keys: list[str] = []
    for sample in samples:
        own = re.sub(r"\W+", "_", sample.name.casefold(), flags=re.ASCII).strip("_") or "list"
        count = sum(other == own or other.startswith(f"{own}_") for other in keys)
        keys.append(f"{own}_{count + 1}" if count else own)
    return keys if len(keys) > 1 else ["list"]


def _table(sample: Sample, key_: str, regions: Regions) -> Table:
    places: dict[str, int] = {}
    for place, name in enumerate(sample.header):
        if name:
            places.setdefault(name, place)
    columns = []
    for name, place in places.items():
        cells = [row[place] for row in sample.rows]
        columns.append(guessed(name, _cells(cells, listed="[]" in name), regions))
    return Table(key_, sample.name, tuple(columns), sample.rows, places)


def _cells(cells: Sequence[str], *, listed: bool) -> Cells:
    """The cells that say something; of lists in a nested record the things in them."""
    listed = listed or any(ITEM in cell for cell in cells)
    parts = [part for cell in cells for part in cell.split(ITEM)] if listed else cells
    return Cells([part for part in parts if not is_missing(part)], len(cells), listed)


def _file_lines(name: str, sample: Sample, draft: Draft) -> list[str]:
    """The entry of a file, and what the first words that are not ASCII say in each encoding that fits."""
    lines = []
    (best, words), *others = sample.encodings
    if words:
        lines.append(
            _comment(
                tr(
                    "encoding: {best} reads {words}. Where that is wrong, take the one that is right:",
                    best=best,
                    words=comment(words),
                )
            )
        )
        lines += [
            _comment(f"  {tr('{name} reads {words}', name=other, words=comment(what))}")
            for other, what in others
            if what != words
        ]
    keys = _file_keys(sample)
    if draft.missing:
        keys.append(f"missing = {texts(draft.missing)}")
    keys += draft.file
    if draft.add:
        keys.append(f"add = {{ {', '.join(f'{key(one)} = {made}' for one, made in draft.add.items())} }}")
    return [*lines, f"files.{name} = {{ {', '.join(keys)} }}"]


def _file_keys(sample: Sample) -> list[str]:
    """What an entry says of where its file is and how it is read."""
    told = {"path": sample.file, **sample.keys}
    return [f"{own} = {text(value) if isinstance(value, str) else value}" for own, value in told.items()]


def _columns(sample: Sample, draft: Draft) -> list[str]:
    """What every column is used for, asked or not used, in the order of the file."""
    lines = [
        _comment(tr("Every column of {name} ({rows:,} rows were looked at):", name=sample.name, rows=len(sample.rows)))
    ]
    width = max((len(comment(name)) for name in sample.header), default=0)
    for name in dict.fromkeys(sample.header):
        shown = comment(name) if name else tr("(no name)")
        used, said = draft.used.get(name, []), draft.said.get(name, [])
        head = f"  {shown:<{min(width, 40)}}  "
        if used:
            lines.append(_comment(f"{head}= {', '.join(used)}"))
        if said:
            lines.append(_comment(f"{head}{'' if used else '? ' if re.search('[?？]', said[0]) else '- '}{said[0]}"))
            lines += [_comment(f"        {line}") for line in said[1:]]
        if not used and not said:
            lines.append(_comment(f"{head}- {tr('not used')}"))
    return lines


def _comment(line: str) -> str:
    return f"# {line if line.isprintable() else text(line)}".rstrip()
