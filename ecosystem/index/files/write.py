"""An index as the files of its folder, and the draft of one that is made from a table."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.files.index_form import COLUMNS, OPTIONAL
from ecosystem.index.files.indicator_rows import VARIABLE_COLUMNS, VARIABLES_NAME
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.method import Methods
from ecosystem.index.rules import (
    AS_PRINTED,
    NO_IMPUTATION,
    NO_RULES,
    NO_TREATMENT,
    USUAL_MISSING,
    Aggregation,
    Normalisation,
    OwnRules,
    Ties,
    Treatment,
)
from ecosystem.index.spec import AS_HEADED, CSV_NAME, TOML_NAME, Index, Indicator, Level, Source, TableColumns, Text
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.messages import tr
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.words import is_missing

Cell = str | float | None
Keys = Mapping[str, object]


LEVEL = "region"
"""The level of regions of a table that says nothing of levels."""


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files into a new folder, all or none. OutputError where it is not empty, or the disk refuses."""
    with new_folder(folder) as stage:
        for name, text in files.items():
            (stage / name).write_text(text, encoding="utf-8", newline="")


def index_files(index: Index) -> dict[str, str]:
    """The text of every file of an index folder, by name; reading it back gives the same index."""
    files = {TOML_NAME: toml_text(index), CSV_NAME: indicators_text(index.indicators)}
    if index.variables:
        rows = [(one.code, one.kind, one.name.zh, one.name.en, one.unit) for one in index.variables]
        files[VARIABLES_NAME] = csv_text(VARIABLE_COLUMNS, rows)
    return files


def indicators_text(rows: Sequence[Indicator]) -> str:
    """`indicators.csv`, with those optional columns that some row uses."""
    used = [name for name in OPTIONAL if any(getattr(row, name) is not None for row in rows)]
    cells = [
        (
            row.code, row.parent, row.level, row.name.zh, row.name.en, row.direction, row.weight, row.weight_source,
            row.unit, None if row.source is None else str(row.source), *(getattr(row, name) for name in used),
        )
        for row in rows
    ]  # fmt: skip
    return csv_text((*COLUMNS, *used), cells)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV: numbers with every digit, whole ones without a fraction; a missing cell is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def toml_text(index: Index) -> str:
    """`index.toml`: every rule of the index, those that are as usual left out."""
    import tomlkit

    document: dict[str, object] = {"id": index.id}
    document |= {name: _text(getattr(index, name)) for name in ("title", "unit_of_analysis", "source")}
    document |= dict(_rules(index))
    if index.table != AS_HEADED:
        document["table"] = _given(id=index.table.id, name=index.table.name, year=index.table.year)
    own = {leaf.code: dict(_own_rules(leaf.own)) for leaf in index.leaves if leaf.own != NO_RULES}
    if own:
        document["indicator"] = own
    if index.levels:
        document["level"] = {level.name: _level(level) for level in index.levels.values()}
    if index.gaps:
        document["gap"] = [_text(gap) for gap in index.gaps]
    return tomlkit.dumps(document)


def _rules(index: Index) -> Iterable[tuple[str, Keys]]:
    yield "normalisation", _keys(NORMALISATIONS, index.normalisation)
    aggregation = index.aggregation
    own: Keys = {"method": aggregation.method, "weights": aggregation.weights}
    levels = {"by_level": list(aggregation.by_level)} if aggregation.by_level else {}
    yield "aggregation", {**own, **levels, **AGGREGATIONS.values(aggregation.methods, aggregation)}
    missing = {"rule": index.missing.rule, "coverage_mark": index.missing.coverage_mark}
    yield "missing", {**missing, **MISSING_RULES.values([index.missing.rule], index.missing)}
    yield "ties", {**_keys(TIES, index.ties), "tolerance": index.ties.tolerance}
    if index.imputation != NO_IMPUTATION:
        yield "imputation", _keys(IMPUTATIONS, index.imputation)
    if index.treatment != NO_TREATMENT:
        yield "treatment", _treatment(index.treatment)
    if index.weighting != AS_PRINTED:
        yield "weighting", _keys(WEIGHTINGS, index.weighting)
    if index.screening is not None:
        screen = index.screening
        named = {"keep": list(screen.keep), "drop": list(screen.drop)}
        given = _given(availability=screen.availability, nonzero=screen.nonzero, by_pillar=screen.by_pillar)
        yield "screening", given | {name: value for name, value in named.items() if value}
    if index.rescales:
        yield "rescaling", _keys(RESCALINGS, index.rescaling)
    if index.tiers is not None:
        yield "tiers", _keys(TIERS, index.tiers)


def _treatment(rule: Treatment) -> Keys:
    return _keys(TREATMENTS, rule, skew=rule.skew, kurtosis=rule.kurtosis)


def _own_rules(own: OwnRules) -> Iterable[tuple[str, object]]:
    if own.transformation:
        yield "transformation", [_keys(TRANSFORMATIONS, rule) for rule in own.transformation]
    if own.normalisation is not None:
        yield "normalisation", _keys(NORMALISATIONS, own.normalisation)
    if own.treatment is not None:
        # over which years a panel is treated is a rule of all indicators
        yield "treatment", {name: value for name, value in _treatment(own.treatment).items() if name != "years"}
    if own.imputation is not None:
        yield "imputation", _keys(IMPUTATIONS, own.imputation)


class _Rule(Protocol):
    @property
    def method(self) -> str: ...


def _keys(step: Methods[Any], rule: _Rule, **always: object) -> Keys:
    """The keys of a rule: its method, those that every method of the step has, those of its own method."""
    return {"method": rule.method, **always, **step.values([rule.method], rule)}


def _given(**keys: object) -> dict[str, object]:
    return {name: value for name, value in keys.items() if value is not None}


def _level(level: Level) -> Keys:
    groups = [{"id": group.id, **_text(group.name), "members": list(group.members)} for group in level.groups]
    return _given(rollup=level.rollup, ranked=list(level.regions), groups=groups or None)


def _text(text: Text) -> Keys:
    return {"zh": text.zh, "en": text.en}


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
        missing=USUAL_MISSING,
        ties=Ties("competition", 1e-9),
    )


def draft_of_sources(name: str, described: Sequence[tuple[Source, Text, str]], level: Level) -> dict[str, str]:
    """The files of an index folder with an indicator of equal weight for each source: its name in words, and its unit.

    The code of an indicator is the name of its source, `_` for what a code cannot have. InputError for fewer than two.
    """
    if len(described) < 2:
        raise InputError(tr("an index needs two indicators or more"), hint=tr("name another one"))
    share = 1 / len(described)
    leaves = [
        Indicator(
            re.sub(r"[^\w.-]+", "_", source.name).strip("_"), "index", 1, words, 1, share, "assumed", unit, source
        )
        for source, words, unit in described
    ]
    top = Indicator("index", None, 2, Text(name, name), 1, 1.0, "assumed", "", None)
    return index_files(replace(draft_index(name, level.regions, [*leaves, top]), levels={level.name: level}))


def draft_files(table: ValueTable, name: str, keys: TableColumns = AS_HEADED) -> dict[str, str]:
    """The files of an index folder with an indicator for every column of numbers of a table, read by these `keys`.

    The code of an indicator is the column's name, or made from it. InputError where no column holds numbers.
    """
    columns = [name for name, values in table.numbers.items() if not np.isnan(values).all()]
    if len(columns) < 2:
        message = tr(
            "{file} has {count} columns of numbers, and an index needs at least two",
            file=table.file,
            count=len(columns),
        )
        raise InputError(message, findings=list(table.mixed.values()))
    codes = _codes(columns)
    share = 1 / len(columns)
    leaves = [
        Indicator(code, "index", 1, Text(column, column), 1, share, "assumed", _unit(table, column), _source(column))
        for column, code in zip(columns, codes, strict=True)
    ]
    top = Indicator("index", None, 2, Text(name, name), 1, 1.0, "assumed", "", None)
    return index_files(replace(draft_index(name, table.units, [*leaves, top]), table=keys))


def left_out(table: ValueTable) -> Iterator[str]:
    """What of a table is no indicator of the draft, beside the columns that a finding of the table names: and why."""
    for name, cells in table.texts.items():
        example = next(cell for cell in cells if cell is not None and not is_missing(cell))
        yield tr(
            "column {name!r} holds words, e.g. {example!r}: it is not an indicator, but may be a group",
            name=name,
            example=example[:40],
        )
    for name, values in table.numbers.items():
        if np.isnan(values).all():
            yield tr("column {name!r} has no value at all, so it is not an indicator", name=name)


def _unit(table: ValueTable, column: str) -> str:
    return "%" if column in table.percents else ""


def _source(column: str) -> Source:
    return Source("column", column)


def _codes(columns: Sequence[str]) -> list[str]:
    codes: list[str] = []
    for at, column in enumerate(columns, start=1):
        code = re.sub(r"[^\w.-]+", "_", column).strip("_.-")
        if not re.fullmatch(r"[^\W\d][\w.-]*", code) or code in {*codes, "index"}:
            code = f"x{at}_{code}".rstrip("_")
        codes.append(code)
    return codes
