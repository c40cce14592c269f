"""The form of `published/tables.toml`: what each printed table shows, and where it is printed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ecosystem.errors import Finding, SpecError
from ecosystem.index import Text

FOLDER, FILE = "published", "tables.toml"
Shows = Literal["score", "rank", "count"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PrintedTable(_Form):
    """One printed table.

    `scores` and `ranks` say which column shows which code of the index; with `code_column` the code stands in the row
    itself, and `aliases` translates it. `level` is that of the regions, `group` for the groups of the index; a table
    without one is not about scores of regions. `best` is the printed score of the best region where the report rescaled
    its scores so. With `regions` a column is a region, and its cells show the rank in the code of their row. With
    `counts` the column of that name counts the sample nodes of a label, which `aliases` gives for the code of a row.
    `not_compared` says why there is nothing of ours to put beside the table.
    """

    file: str = Field(min_length=1)
    title: Text
    place: Text
    level: str | None = None
    level_column: str | None = None
    code_column: str | None = None
    scores: dict[str, str] = {}
    ranks: dict[str, str] = {}
    aliases: dict[str, str] = {}
    regions: dict[str, str] = {}
    counts: str | None = None
    best: float | None = Field(default=None, gt=0)
    not_compared: Text | None = None


class Manifest(_Form):
    """The whole file."""

    table: list[PrintedTable] = Field(min_length=1)


def read_manifest(index_folder: Path) -> tuple[PrintedTable, ...]:
    """The printed tables of an index folder. Raises SpecError with every fault, also where nothing is published."""
    path = index_folder / FOLDER / FILE
    try:
        form = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as err:
        hint = f"a folder {FOLDER}/ with {FILE} holds what the source of an index printed"
        raise SpecError(f"index {index_folder.name} has no published tables", hint=hint) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SpecError(f"{path} is not valid TOML: {err}") from err
    except ValidationError as err:
        faults = [
            Finding("error", "bad_value", each["msg"], FILE, None, ".".join(map(str, each["loc"])))
            for each in err.errors()
        ]
        raise SpecError(f"{path} cannot be used", findings=faults) from err
    absent = [each.file for each in form.table if not (path.parent / each.file).is_file()]
    if absent:
        raise SpecError(f"{path} names files that are not there: {', '.join(absent)}")
    return tuple(form.table)
