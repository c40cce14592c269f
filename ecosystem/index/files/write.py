"""An index as the files of its folder: `index.toml`, `indicators.csv`, `variables.csv`, and a table of values."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ecosystem.index.files.index_form import COLUMNS, CSV_NAME, OPTIONAL, TOML_NAME
from ecosystem.index.files.indicator_rows import VARIABLE_COLUMNS, VARIABLES_NAME
from ecosystem.index.rules import AS_PRINTED, NO_IMPUTATION, NO_TREATMENT
from ecosystem.index.spec import Index, Indicator, Level, Text
from ecosystem.tables.atomic import new_folder

Cell = str | float | None
Keys = Mapping[str, object]


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
    parts = [f"id = {_value(index.id)}"]
    parts += [_text(name, getattr(index, name)) for name in ("title", "unit_of_analysis", "source")]
    for name, keys in _rules(index):
        parts.append(_table(f"[{name}]", keys))
    for level in index.levels.values():
        parts += _level(level)
    parts += [_text("gap", gap, double=True) for gap in index.gaps]
    return "\n\n".join(parts) + "\n"


def _rules(index: Index) -> Iterable[tuple[str, Keys]]:
    yield "normalisation", _normalisation(index)
    yield "aggregation", _aggregation(index)
    missing: dict[str, object] = {"rule": index.missing.rule, "coverage_mark": index.missing.coverage_mark}
    yield "missing", missing | ({"least": index.missing.least} if index.missing.least else {})
    yield "ties", {"method": index.ties.method, "tolerance": index.ties.tolerance}
    if index.imputation != NO_IMPUTATION:
        rule = index.imputation
        yield "imputation", _given(method=rule.method, group=rule.group, reach=rule.reach)
    if index.treatment != NO_TREATMENT:
        yield "treatment", _treatment(index)
    if index.weighting != AS_PRINTED:
        own = index.weighting
        yield (
            "weighting",
            _given(method=own.method, bounds=[own.lower, own.upper] if own.method == "bod" else None, on=own.on),
        )
    if index.screening is not None:
        screen = index.screening
        named = {"keep": list(screen.keep), "drop": list(screen.drop)}
        given = _given(availability=screen.availability, nonzero=screen.nonzero)
        yield "screening", given | {name: value for name, value in named.items() if value}
    if index.tiers is not None:
        tiers = index.tiers
        yield (
            "tiers",
            {"method": tiers.method}
            | ({"cuts": list(tiers.cuts)} if tiers.method == "cuts" else {"count": tiers.count}),
        )


def _given(**keys: object) -> dict[str, object]:
    return {name: value for name, value in keys.items() if value is not None}


def _normalisation(index: Index) -> Keys:
    rule = index.normalisation
    keys: dict[str, object] = {"method": rule.method}
    match rule.method:
        case "minmax" | "ampi":
            keys["range"] = [rule.lower, rule.upper]
        case "zscore":
            keys |= {"mean": rule.mean, "sd": rule.sd}
        case "goalposts":
            keys |= {"factor": rule.factor, "cap": rule.cap}
        case "scaled":
            keys["factor"] = rule.factor
        case "dist2ref":
            keys |= {"reference": rule.reference, "cap": rule.cap}
        case "dist2target":
            keys["cap"] = rule.cap
        case "rank" | "borda" | "prank":
            keys["ties"] = rule.ties
        case _:
            pass
    return keys


def _aggregation(index: Index) -> Keys:
    rule = index.aggregation
    keys: dict[str, object] = {"method": rule.method, "weights": rule.weights}
    means = rule.by_level or (rule.method,)
    if rule.by_level:
        keys["by_level"] = list(rule.by_level)
    if "genmean" in means:
        keys["power"] = rule.power
    if "mpi" in means:
        keys |= {"penalty": "plus" if rule.penalty > 0 else "minus", "sample": rule.sample}
    return keys


def _treatment(index: Index) -> Keys:
    rule = index.treatment
    keys: dict[str, object] = {"method": rule.method, "skew": rule.skew, "kurtosis": rule.kurtosis}
    if rule.method.startswith("winsorise"):
        keys["points"] = rule.points
    if rule.method in {"log", "winsorise_log"}:
        keys["log"] = rule.log
    if rule.method == "boxcox" and rule.power is not None:
        keys["power"] = rule.power
    return keys


def _level(level: Level) -> list[str]:
    parts = [_table(f"[level.{level.name}]", _given(rollup=level.rollup, ranked=list(level.regions)))]
    for group in level.groups:
        keys = {"id": group.id, "zh": group.name.zh, "en": group.name.en, "members": list(group.members)}
        parts.append(_table(f"[[level.{level.name}.groups]]", keys))
    return parts


def _text(name: str, text: Text, *, double: bool = False) -> str:
    return _table(f"[[{name}]]" if double else f"[{name}]", {"zh": text.zh, "en": text.en})


def _table(head: str, keys: Keys) -> str:
    return "\n".join([head, *(f"{name} = {_value(value)}" for name, value in keys.items())])


def _value(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(_escape(char) for char in escaped)}"'


def _float(value: float) -> str:
    return str(int(value)) + ".0" if value.is_integer() and abs(value) < 1e15 else repr(value)


def _escape(char: str) -> str:
    return (
        char
        if char.isprintable() or char == "\u3000"
        else f"\\u{ord(char):04x}"
        if ord(char) < 0x10000
        else f"\\U{ord(char):08x}"
    )
