"""The nodes of all sources as one table: organisations merged, each property from the first source that has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import Finding
from ecosystem.imports.graph import SAMPLE
from ecosystem.imports.merge.organisations import LEGAL_NAME, Merging, Organisation, merge_organisations
from ecosystem.imports.merge.registers import REGISTERS, plain_code
from ecosystem.imports.part import REGION, Part
from ecosystem.imports.report import Pair
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.regions import Regions
from ecosystem.tables.raw import as_text


@dataclass(slots=True)
class Nodes:
    """Merged nodes. `tables` is label -> id, properties; `located` id -> region; `names` per part own id -> id."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    located: dict[str, str] = field(default_factory=dict)
    names: list[dict[str, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    places: int = 0
    pairs: list[Pair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def combine_nodes(parts: Sequence[Part], decisions: Sequence[Pair], model: Model, regions: Regions) -> Nodes:
    """The nodes of the parts, the first part first; what is merged in them stands in `pairs` and `findings`."""
    nodes = Nodes()
    tables = [{label: part.nodes(label) for label in part.labels} for part in parts]
    nodes.names = _own_names(parts, tables, model)
    merging = _merge(parts, tables, nodes.names, decisions, model, _countries(parts, regions))
    nodes.pairs, nodes.labels = merging.pairs, merging.labels
    nodes.findings.extend(merging.findings)
    for own in nodes.names:
        own.update({key: merging.into[name] for key, name in own.items() if name in merging.into})
    for part, own in zip(tables, nodes.names, strict=True):
        ids = {
            key for label, table in part.items() if not model.labels[label].keyless for key in table["id"].to_pylist()
        }
        own.update({key: merging.into[key] for key in ids & merging.into.keys() if key not in own})
    by_label = _by_final_label(tables, nodes, model)
    for label in model.labels:
        if label in by_label:
            _combine_label(label, stacked(by_label[label]), nodes, keyless=model.labels[label].keyless)
    return nodes


def _own_names(parts: Sequence[Part], tables: Sequence[Mapping[str, pa.Table]], model: Model) -> list[dict[str, str]]:
    """Per part the ids that an earlier part has given to a node of its own: they get the source in front."""
    taken: set[str] = set()
    names = []
    for part, own in zip(parts, tables, strict=True):
        ids = {
            key for label, table in own.items() if not model.labels[label].keyless for key in table["id"].to_pylist()
        }
        names.append({key: f"{part.source}:{key}" for key in sorted(ids & taken)})
        taken |= ids
    return names


def _countries(parts: Sequence[Part], regions: Regions) -> dict[str | None, str]:
    """The country of each region, those that the sources have made too."""
    made = [region for part in parts for region in part.made]
    return {region.id: region.country for region in [*regions, *made] if region.country}


def _merge(
    parts: Sequence[Part],
    tables: Sequence[Mapping[str, pa.Table]],
    names: Sequence[Mapping[str, str]],
    decisions: Sequence[Pair],
    model: Model,
    countries: Mapping[str | None, str],
) -> Merging:
    organisations: list[Organisation] = []
    known: list[str] = []
    for source, (own, by_label) in enumerate(zip(names, tables, strict=True)):
        for label, table in by_label.items():
            ids = [own.get(key, key) for key in table["id"].to_pylist()]
            known.extend(ids)
            if model.labels[label].organisation:
                organisations += _organisations(ids, table, label, source, countries)
    return merge_organisations(organisations, [part.source for part in parts], decisions, known, model)


def _organisations(
    ids: Sequence[str], table: pa.Table, label: str, source: int, countries: Mapping[str | None, str]
) -> Iterator[Organisation]:
    """The nodes of a table that have a legal name, or a code in a register."""
    registers = [register for register in REGISTERS if register in table.column_names]
    names = table[LEGAL_NAME].to_pylist() if LEGAL_NAME in table.column_names else [None] * table.num_rows
    shown = table["name"].to_pylist() if registers and "name" in table.column_names else names
    regions = table[REGION].to_pylist()
    columns = [table[register].cast(pa.string()).to_pylist() for register in registers]
    for row, (key, legal) in enumerate(zip(ids, names, strict=True)):
        codes = {
            register: plain_code(column[row])
            for register, column in zip(registers, columns, strict=True)
            if column[row] is not None
        }
        if legal or codes:
            name = legal or shown[row] or key
            yield Organisation(key, label, name, source, countries.get(regions[row]), codes, legal=bool(legal))


def _by_final_label(tables: Sequence[Mapping[str, pa.Table]], nodes: Nodes, model: Model) -> dict[str, list[pa.Table]]:
    """The tables by the label that their nodes have in the end, ids renamed; rows in `made` by their own label."""
    by_label: dict[str, list[pa.Table]] = {}
    for own, part in zip(nodes.names, tables, strict=True):
        for label, table in part.items():
            nodes.made[label] = nodes.made.get(label, 0) + table.num_rows
            if model.labels[label].keyless:
                by_label.setdefault(label, []).append(table)
                continue
            named = table.set_column(0, "id", renamed(table["id"], own))
            for final, rows in _split(named, label, nodes.labels):
                by_label.setdefault(final, []).append(rows)
    return by_label


def _split(table: pa.Table, label: str, labels: Mapping[str, str]) -> Iterator[tuple[str, pa.Table]]:
    finals = [labels.get(key, label) for key in table["id"].to_pylist()] if labels else [label] * table.num_rows
    for final in dict.fromkeys(finals):
        yield final, table.filter(pa.array([one == final for one in finals])) if set(finals) != {label} else table


def _combine_label(label: str, table: pa.Table, nodes: Nodes, *, keyless: bool) -> None:
    if SAMPLE in table.column_names:
        # a source that says nothing means the sample
        place = table.column_names.index(SAMPLE)
        table = table.set_column(place, SAMPLE, pc.fill_null(table[SAMPLE], True))
    nodes.places += table.num_rows - table[REGION].null_count
    if pc.count_distinct(table["id"]).as_py() < table.num_rows:
        nodes.findings.extend(_differing(label, table))
        table = _first_of_each(table)
    regions = table.select(["id", REGION]).filter(pc.is_valid(table[REGION]))
    nodes.located.update(zip(regions["id"].to_pylist(), regions[REGION].to_pylist(), strict=True))
    table = table.drop_columns([REGION, "id"] if keyless else [REGION])
    blank = [name for name in table.column_names if name != "id" and table[name].null_count == table.num_rows]
    nodes.tables[label] = table.drop_columns(blank)


def _first_of_each(table: pa.Table) -> pa.Table:
    """One row per id: of each property the first value that is there; in the sample where any source says so."""
    options = pc.ScalarAggregateOptions(skip_nulls=True, min_count=0)
    names = [name for name in table.column_names if name != "id"]
    calls = [(name, "any" if name == SAMPLE else "first", options) for name in names]
    grouped = table.group_by("id", use_threads=False).aggregate(calls)
    order = ["id", *(f"{name}_{function}" for name, function, _ in calls)]
    return grouped.select(order).rename_columns(["id", *names])


def _differing(label: str, table: pa.Table) -> list[Finding]:
    """One finding for each property that sources tell differently of nodes that are one: how many, and the first."""
    names = [name for name in table.column_names if name not in ("id", SAMPLE)]
    grouped = table.group_by("id", use_threads=False).aggregate([(name, "count_distinct") for name in names])
    findings = []
    for name in names:
        many = grouped.filter(pc.greater(grouped[f"{name}_count_distinct"], 1))
        if many.num_rows:
            key = many["id"][0].as_py()
            values = table.filter(pc.equal(table["id"], key))[name].drop_null().unique().to_pylist()
            what = "region" if name == REGION else name
            message = tr(
                "{count} merged {label} nodes have different values of {property}, for example {key}: "
                "{values}; the first source is kept",
                count=many.num_rows,
                label=label,
                property=what,
                key=key,
                values=", ".join(str(value)[:40] for value in values[:3]),
            )
            findings.append(Finding("warning", "sources_differ", message, column=what, value=key))
    return findings


def located_table(located: Mapping[str, str]) -> pa.Table:
    """Node and region of every node that has one, in the order of the nodes."""
    return pa.table({"from": pa.array(list(located), pa.string()), "to": pa.array(list(located.values()), pa.string())})


def degrees_of(column: pa.ChunkedArray, degrees: dict[str, int]) -> None:
    """Add to `degrees` how often each text stands in the column, which is a dictionary."""
    whole = column.combine_chunks()
    counts = np.bincount(whole.indices.to_numpy(), minlength=len(whole.dictionary))
    for key, count in zip(whole.dictionary.to_pylist(), counts.tolist(), strict=True):
        if count:
            degrees[key] = degrees.get(key, 0) + count


def common_types(schemas: Iterable[pa.Schema]) -> dict[str, pa.DataType]:
    """Every column in the order of first sight, with a type that holds all: of numbers float, of others text."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for column in schema:
            types[column.name] = _common(types.get(column.name, column.type), column.type)
    return types


def _common(first: pa.DataType, other: pa.DataType) -> pa.DataType:
    if first == other:
        return first
    numbers = {pa.int64(), pa.float64()}
    return pa.float64() if {first, other} <= numbers else pa.string()


def conform(table: pa.Table, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The table with exactly these columns; one that it has not is blank."""
    columns = [_cast(table, name, kind) for name, kind in types.items()]
    return pa.Table.from_arrays(columns, names=list(types))


def _cast(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, kind)])
    column = table[name]
    if column.type == kind:
        return column
    return as_text(column) if kind == pa.string() else column.cast(kind)


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of all tables."""
    types = common_types(table.schema for table in tables)
    return pa.concat_tables([conform(table, types) for table in tables])


def renamed(column: pa.ChunkedArray, names: Mapping[str, str]) -> pa.ChunkedArray:
    """The texts, those that have another name by it."""
    if not names:
        return column
    found = pc.index_in(column, value_set=pa.array(list(names), pa.string()))
    others = pa.array(list(names.values()), pa.string()).take(pc.fill_null(found, 0).combine_chunks())
    return pc.if_else(pc.is_valid(found), pa.chunked_array([others]), column)
