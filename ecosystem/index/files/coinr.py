"""COINr's `iData` and `iMeta` as the files of an index folder with its values, and back without loss."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ecosystem.errors import Finding, InputError, SpecError, did_you_mean
from ecosystem.index.files.index_folder import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.files.write import csv_text, draft_index, index_files
from ecosystem.index.index_check import check_index
from ecosystem.index.rules import USUAL_MISSING, Aggregation
from ecosystem.index.spec import Index, Indicator, Source, Text, Variable, VariableKind
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.messages import tr
from ecosystem.tables.packed import content_of, text_content
from ecosystem.tables.records import parse_table

VALUES_NAME, KEPT_NAME = "values.csv", "coinr.csv"
META = ("Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target", "Denominator", "Parent", "Type")
"""The columns of `iMeta` that the house format has of its own; others are kept in `coinr.csv`."""

NEEDED = ("Level", "iCode", "Direction", "Weight", "Parent", "Type")
KINDS: Mapping[str, VariableKind] = {"Group": "group", "Denominator": "denominator", "Other": "other"}
POSTS = {"goalpost_lower": "lower", "goalpost_upper": "upper"}


@dataclass(frozen=True, slots=True)
class Meta:
    """The rows of `iMeta`: the line of each, its cells by column, NA as None; and the columns."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str | None]], ...]


def import_coinr(data: Path, meta: Path, name: str) -> dict[str, str]:
    """The files of an index folder `name` made of `iData` and `iMeta`; InputError with every fault of both.

    The index is COINr's default: min-max 0 to 100, arithmetic means of local weights, missing values skipped.
    `values.csv` holds `iData` as it is; `coinr.csv` the order of the rows and columns of `iMeta` and what of it the
    house format has no place for.
    """
    table, sheet = read_values(data), _read_meta(meta)
    rows, variables, findings = _rows(sheet)
    findings += _uncovered(sheet, table, rows, variables)
    if any(finding.severity == "error" for finding in findings):
        raise InputError(tr("the index cannot be imported"), findings=findings)
    index = replace(as_coinr_does(draft_index(name, table.units, rows)), variables=tuple(variables))
    faults = [finding for finding in check_index(index) if finding.severity == "error"]
    if faults:
        raise InputError(
            tr("the hierarchy of iMeta has errors"), findings=[replace(one, file=sheet.file) for one in faults]
        )
    return index_files(index) | {VALUES_NAME: plain_table(data, table), KEPT_NAME: _kept(sheet)}


def as_coinr_does(index: Index) -> Index:
    """The index with the rules that COINr and the COIN Tool have where none are given; a missing part is skipped."""
    return replace(
        index,
        normalisation=NORMALISATIONS.of_coinr("n_minmax").rule(),
        aggregation=Aggregation(AGGREGATIONS.of_coinr("a_amean").name, "local"),
        missing=USUAL_MISSING,
    )


def _read_meta(path: Path) -> Meta:
    try:
        sheet = parse_table(content_of(path), path.name, NEEDED)
    except FileNotFoundError as err:
        raise InputError(
            tr("there is no file {path}", path=path),
            hint=tr("name the table that describes the indicators with --meta"),
        ) from err
    except OSError as err:
        raise InputError(
            tr("{path} cannot be read: {reason}", path=path, reason=err.strerror), hint=tr("name a CSV file")
        ) from err
    if not sheet.names:
        raise InputError(tr("{path} cannot be read", path=path), findings=sheet.findings)
    header = sheet.names
    findings = [
        Finding(
            "error",
            "missing_column",
            tr("column {name!r} is missing", name=name),
            path.name,
            1,
            name,
            None,
            did_you_mean(name, header),
        )
        for name in NEEDED
        if name not in header
    ]
    findings += sheet.findings
    if findings:
        raise InputError(tr("{path} is not an iMeta table of COINr", path=path), findings=findings)
    rows = [
        (line, {name: None if cell in {"", "NA"} else cell for name, cell in row.items()}) for line, row in sheet.rows
    ]
    return Meta(path.name, header, tuple(rows))


def _rows(sheet: Meta) -> tuple[list[Indicator], list[Variable], list[Finding]]:
    rows: list[Indicator] = []
    variables: list[Variable] = []
    findings: list[Finding] = []
    for line, cells in sheet.rows:
        kind = cells["Type"]
        code = cells["iCode"] or ""
        name = Text(cells.get("iName") or code, cells.get("iName") or code)
        if kind in {"Indicator", "Aggregate"}:
            row = _indicator(cells, line, code, name, sheet.file, findings)
            if row is not None:
                rows.append(row)
        elif kind in KINDS:
            variables.append(Variable(code, KINDS[kind or ""], name, cells.get("Unit") or ""))
        else:
            hint = did_you_mean(str(kind), ["Indicator", "Aggregate", *KINDS])
            findings.append(
                Finding(
                    "error", "bad_type", tr("unknown type {kind!r}", kind=kind), sheet.file, line, "Type", kind, hint
                )
            )
    return rows, variables, findings


def _indicator(
    cells: Mapping[str, str | None], line: int, code: str, name: Text, file: str, findings: list[Finding]
) -> Indicator | None:
    before = len(findings)

    def number(column: str, *, needed: bool = False) -> float | None:
        cell = cells.get(column)
        if cell is None and not needed:
            return None
        try:
            return float(cell or "")
        except ValueError:
            message = tr("{column} of {code!r} is blank", column=column, code=code)
            if cell is not None:
                message = tr("{column} of {code!r} is not a number: {cell!r}", column=column, code=code, cell=cell)
            findings.append(Finding("error", "bad_value", message, file, line, column, cell))
            return None

    level, direction = number("Level", needed=True), number("Direction", needed=True)
    weight, target = number("Weight", needed=True), number("Target")
    posts = {own: number(theirs) for theirs, own in POSTS.items()}
    if not re.fullmatch(r"[^\W\d][\w.-]*", code):
        hint = tr("begin with a letter, go on with letters, digits, '_', '.' or '-'")
        findings.append(
            Finding("error", "bad_code", tr("iCode {code!r} is not a code", code=code), file, line, "iCode", code, hint)
        )
    if len(findings) > before or level is None or direction is None or weight is None:
        return None
    leaf = cells["Type"] == "Indicator"
    return Indicator(
        code=code,
        parent=cells.get("Parent"),
        level=int(level),
        name=name,
        direction=int(direction),
        weight=weight,
        weight_source="printed",
        unit=cells.get("Unit") or "",
        source=Source("column", code) if leaf else None,
        row=line,
        denominator=cells.get("Denominator"),
        target=target,
        lower=posts["lower"],
        upper=posts["upper"],
    )


def _uncovered(
    sheet: Meta, table: ValueTable, rows: Sequence[Indicator], variables: Sequence[Variable]
) -> Iterator[Finding]:
    """Indicators, groups and denominators of `iMeta` that `iData` lacks, or does not have as numbers."""
    lines = {cells["iCode"]: line for line, cells in sheet.rows}
    known = {*table.numbers, *table.texts}
    for code in [row.code for row in rows if row.level == 1] + [one.code for one in variables]:
        if code in table.mixed and code not in known:
            yield table.mixed[code]
        elif code not in known:
            message = tr("{file} has no column for {code!r}", file=table.file, code=code)
            hint = did_you_mean(code, known)
            yield Finding("error", "missing_column", message, sheet.file, lines.get(code), "iCode", code, hint)
    for row in rows:
        if row.level == 1 and row.code in table.texts:
            yield table.mixed[row.code]
        if row.denominator is not None and row.denominator not in table.numbers:
            message = tr(
                "the denominator {denominator!r} of {code!r} is not a column of numbers",
                denominator=row.denominator,
                code=row.code,
            )
            hint = did_you_mean(row.denominator, table.numbers)
            yield Finding("error", "no_denominator", message, sheet.file, row.row, "Denominator", None, hint)


def plain_table(path: Path, table: ValueTable) -> str:
    """`iData` as CSV, cell by cell as it is."""
    if path.suffix.lower() == ".csv":
        return text_content(path).replace("\r\n", "\n")
    keys = [name for name in table.columns if name and name not in table.numbers and name not in table.texts]
    texts = {**table.texts, keys[0]: table.regions}
    columns = [texts.get(name, table.numbers.get(name, ())) for name in table.columns if name]
    return csv_text([name for name in table.columns if name], zip(*[list(column) for column in columns], strict=True))


def _kept(sheet: Meta) -> str:
    """`coinr.csv`: the columns and rows of `iMeta`, blank where the house format has a place of its own."""
    own = {*META, *POSTS} - {"iCode"}
    rows = [
        [None if name in own and cells["Type"] not in KINDS else cells.get(name) for name in sheet.columns]
        for _, cells in sheet.rows
    ]
    return csv_text(sheet.columns, rows)


def export_coinr(folder: Path, values: Path | None = None) -> dict[str, str]:
    """`iData.csv` and `iMeta.csv` of an index folder; `values` is its table, `values.csv` in the folder by default.

    SpecError where the index has no table. The two hold the hierarchy, directions, weights, targets, goalposts,
    denominators and groups, and not the rules of the steps.
    """
    index = read_index(folder)
    path = values or folder / VALUES_NAME
    if not path.is_file():
        raise SpecError(
            tr("{folder} has no {file}", folder=folder, file=VALUES_NAME),
            hint=tr("give the table of its values: --values TABLE"),
        )
    table = read_values(path)
    kept = _read_kept(folder / KEPT_NAME)
    return {"iData.csv": _data(index, table, path), "iMeta.csv": _meta_text(index, kept)}


@dataclass(frozen=True, slots=True)
class Kept:
    """What `coinr.csv` keeps of `iMeta`: its columns, the order of its rows, by code the cells with no other place."""

    columns: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _read_kept(path: Path) -> Kept:
    """Nothing where there is no such file."""
    if not path.is_file():
        return Kept()
    table = parse_table(content_of(path), path.name)
    if table.errors:
        raise InputError(tr("{path} cannot be used", path=path), findings=table.errors)
    cells = {row["iCode"]: {name: cell for name, cell in row.items() if cell} for _, row in table.rows}
    return Kept(table.names, tuple(cells), cells)


def _data(index: Index, table: ValueTable, path: Path) -> str:
    """The table with the names that COINr knows for its keys, and the columns named by the indicators' codes."""
    text = plain_table(path, table)
    header, _, body = text.partition("\n")
    names = next(csv.reader([header]))
    by_source = {leaf.source.name: leaf.code for leaf in index.leaves if leaf.source is not None}
    theirs = {"region": "uCode", "name": "uName", "year": "Time"}
    renamed = [theirs.get(name.casefold(), by_source.get(name, name)) for name in names]
    return csv_text(renamed, []) + body


def _meta_text(index: Index, kept: Kept) -> str:
    """`iMeta` in the columns and the order that it had, with those that it needs now."""
    rows = {row.code: _row_cells(row) for row in index.indicators}
    kinds = {own: theirs for theirs, own in KINDS.items()}
    for one in index.variables:
        own = {"iCode": one.code, "iName": one.name.en, "Unit": one.unit, "Type": kinds[one.kind]}
        rows[one.code] = {**kept.cells.get(one.code, {}), **own}
    places = {code: at for at, code in enumerate(kept.order)}
    codes = sorted(rows, key=lambda code: places.get(code, len(places)))
    used = [name for name in (*META, *POSTS) if any(rows[code].get(name) not in {None, ""} for code in codes)]
    if all(rows[code]["iName"] == code for code in codes):
        used.remove("iName")
    columns = list(dict.fromkeys([*(kept.columns or META), *used]))
    whole = [{**kept.cells.get(code, {}), **rows[code]} for code in codes]
    return csv_text(columns, ([_or_na(row.get(name)) for name in columns] for row in whole))


def _row_cells(row: Indicator) -> dict[str, str | float | None]:
    """A row of the hierarchy as `iMeta` has it."""
    return {
        "Level": row.level,
        "iCode": row.code,
        "iName": row.name.en,
        "Direction": row.direction,
        "Weight": row.weight,
        "Unit": row.unit,
        "Target": row.target,
        "Denominator": row.denominator,
        "Parent": row.parent,
        "Type": "Indicator" if row.level == 1 else "Aggregate",
        **{theirs: getattr(row, own) for theirs, own in POSTS.items()},
    }


def _or_na(cell: str | float | None) -> str | float:
    return "NA" if cell is None or cell == "" else cell
