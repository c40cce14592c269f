"""A starting index: all columns of a table as indicators of equal weight, to be edited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ecosystem.errors import Finding, InputError
from ecosystem.index.files.write import index_files
from ecosystem.index.rules import Aggregation, Missing, Normalisation, Ties
from ecosystem.index.spec import Index, Indicator, Level, Source, Text
from ecosystem.index.value_table import ValueTable

LEVEL = "region"
"""The level of regions of a table that says nothing of levels."""


def draft_index(name: str, regions: Sequence[str], rows: Sequence[Indicator]) -> Index:
    """An index with the usual rules: min-max 0 to 100, weighted sum of shares, missing values skipped.

    Titles are the name; they and the rules are there to be edited.
    """
    identifier = re.sub(r"[^a-z0-9_-]+", "-", name.casefold()).strip("-_") or "index"
    text = Text(name, name)
    return Index(
        id=identifier,
        title=text,
        unit_of_analysis=Text("地区", "regions"),
        source=Text("待填写", "to be filled in"),
        levels={LEVEL: Level(LEVEL, tuple(regions))},
        indicators=tuple(rows),
        normalisation=Normalisation("minmax", 0.0, 100.0),
        aggregation=Aggregation("weighted_sum", "global"),
        missing=Missing("skip", 0.5),
        ties=Ties("competition", 1e-9),
    )


def draft_files(table: ValueTable, name: str) -> dict[str, str]:
    """The files of an index folder with an indicator for every column of numbers of a table.

    The code of an indicator is the column's name, or made from it. InputError where no column holds numbers.
    """
    columns = list(table.numbers)
    if len(columns) < 2:
        findings = list(table.mixed.values())
        raise InputError(
            f"{table.file} has {len(columns)} columns of numbers; an index needs two", findings=_worse(findings)
        )
    codes = _codes(columns)
    share = 1 / len(columns)
    leaves = [
        Indicator(code, "index", 1, Text(column, column), 1, share, "assumed", "", Source("column", column))
        for column, code in zip(columns, codes, strict=True)
    ]
    top = Indicator("index", None, 2, Text(name, name), 1, 1.0, "assumed", "", None)
    return index_files(draft_index(name, table.units, [*leaves, top]))


def _worse(findings: Sequence[Finding]) -> list[Finding]:
    return list(findings)


def _codes(columns: Sequence[str]) -> list[str]:
    codes: list[str] = []
    for at, column in enumerate(columns, start=1):
        code = re.sub(r"[^\w.-]+", "_", column).strip("_.-")
        if not re.fullmatch(r"[^\W\d][\w.-]*", code) or code in {*codes, "index"}:
            code = f"x{at}_{code}".rstrip("_")
        codes.append(code)
    return codes
