"""What the commands on metrics and on networks do alike with their Cypher files: list, show, write a new one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ecosystem.cli.console import put, show, visible
from ecosystem.cli.options import Format, Lang
from ecosystem.errors import OutputError
from ecosystem.messages import in_language, tr, tr_later

if TYPE_CHECKING:
    from ecosystem.query.query_file import QueryFile

F = TypeVar("F", bound="QueryFile")

_FLOW, _STOCK = tr_later("flow {year}"), tr_later("stock {year}")
_CLASSES = {
    "monotone": tr_later("a removed entity takes its matches with it"),
    "witnessed": tr_later("a match is lost when its last witness is removed"),
    "recompute": tr_later("the query runs again for every removal"),
}


def show_list(files: Mapping[str, F], lang: Lang, form: Format, own: Mapping[str, Callable[[F], str]]) -> None:
    """Print a row per file; `own` are columns that only one kind of file has."""
    import pandas as pd

    from ecosystem.headings import headings
    from ecosystem.metrics import PROVENANCES

    rows = [
        {
            "id": file.id,
            "title": file.title(lang),
            "unit": unit(file, lang),
            "dated": _dated(file),
            **{key: text(file) for key, text in own.items()},
            "class": tr(PROVENANCES[file.provenance]),
            "source": tr(file.source),
        }
        for file in files.values()
    ]
    frame = pd.DataFrame(rows)
    show(frame.rename(columns=headings(frame.columns, lang)) if form is Format.table else frame, form)


def show_file(file: QueryFile, lang: Lang, own: Mapping[str, str], *, sql: bool, model: Path | None = None) -> None:
    """Print what a file means, how it is dated, and its Cypher; `own` are facts that only one kind of file has."""
    from rich.cells import cell_len

    from ecosystem.headings import heading
    from ecosystem.metrics import PROVENANCES

    parameters = ", ".join(f"${key} = {value!r}" for key, value in file.parameters.items())
    meaning = tr(_CLASSES[file.provenance])
    facts = {
        "title": " | ".join((file.title(lang), file.title("en" if lang is Lang.zh else "zh"))),
        "definition": file.definition(lang),
        "unit": unit(file, lang),
        "dated": _dated(file),
        **own,
        "class": tr("{name}: {meaning}", name=tr(PROVENANCES[file.provenance]), meaning=meaning),
        "parameters": ", ".join(filter(None, ["$level, $since, $until", parameters])),
        "source": tr(file.source),
        "file": file.file,
    }
    body = "\n".join(line for line in file.text.splitlines() if not line.startswith("//"))
    keys = {key: heading(key, lang) for key in facts}
    lines = [f"{keys[key]}{' ' * (12 - cell_len(keys[key]))}{visible(value, keep='')}" for key, value in facts.items()]
    lines.append(f"\n{body.strip()}")
    if sql:
        lines += _sql(file, model)
    put(visible("\n".join(lines)) + "\n", shown=True)


def unit(file: QueryFile, lang: str) -> str:
    """The unit of a file's numbers in a language."""
    return in_language(lang, file.unit, "unit")


def new_file(name: str, folder: Path, template: str, parse: Callable[[str, str], Any]) -> None:
    """Write a template under an id and print where; OutputError where the file is there or the folder cannot be."""
    from ecosystem.resources import resource
    from ecosystem.tables.atomic import write_bytes

    text = resource("cypher", template).read_text(encoding="utf-8").replace("NAME", name)
    parse(text, f"{name}.cypher")
    path = folder / f"{name}.cypher"
    if os.path.lexists(path):
        raise OutputError(tr("{path} exists already", path=path), hint=tr("choose another id, or edit that file"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(tr("{path} cannot be written: {reason}", path=path, reason=err.strerror)) from err
    write_bytes(path, text.encode())
    put(f"{path}\n")


def _dated(file: QueryFile) -> str:
    if file.dated is None:
        return tr("none")
    text, year = _FLOW if file.dating == "flow" else _STOCK, f"{file.dated.variable}.{file.dated.name}"
    return tr(text, year=year)


def _sql(file: QueryFile, path: Path | None) -> list[str]:
    from ecosystem.dataset.own_model import model_at
    from ecosystem.model import load_model
    from ecosystem.query import Schema, checked, to_sql
    from ecosystem.query.currency import in_currency
    from ecosystem.query.provenance import evidence

    model = load_model() if path is None else model_at(path)
    query = in_currency(file, model).query
    bound = checked(query, Schema.of_model(model), file.parameter_types, file.file)
    return ["\n-- " + tr("values"), to_sql(bound), "\n-- " + tr("evidence"), to_sql(evidence(bound))]
