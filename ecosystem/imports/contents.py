"""What one source holds, in the words in which metrics ask: labels, link types, properties, units of the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.imports.link_file import read_groups
from ecosystem.imports.part import REGION, Part
from ecosystem.model import Model, Property, PropertyType
from ecosystem.query import Schema
from ecosystem.regions import Regions
from ecosystem.tables.words import PROPERTY_TYPES

REGION_VALUE = "RegionValue"
"""The label that has no nodes."""


@dataclass(frozen=True, slots=True)
class Contents:
    """`schema` has the properties with a value; `sample[label]` counts the nodes of the sample that are in a level.

    `anywhere[label]` counts all of the sample: of labels such as Person, which a company locates.
    `begins[type]` and `ends[type]` are the labels at which links of the type begin and end.
    """

    schema: Schema
    sample: Mapping[str, int]
    anywhere: Mapping[str, int]
    begins: Mapping[str, frozenset[str]]
    ends: Mapping[str, frozenset[str]]


def contents(part: Part, model: Model, regions: Regions, level: str) -> Contents:
    """What the part holds; of the sample, what is located in a region of that level or inside one."""
    inside = {region for region, above in regions.closure() if regions[above].level == level}
    nodes: dict[str, dict[str, PropertyType]] = {"Region": _types(model.labels["Region"].properties)}
    sample: dict[str, int] = {}
    anywhere: dict[str, int] = {}
    counts = {"Region": 1, "WITHIN": 1, "LOCATED_IN": 0}
    for label in part.labels:
        table = part.nodes(label)
        nodes[label] = _defaults(model.labels[label].properties) | _present(table)
        counts[label] = table.num_rows
        counts["LOCATED_IN"] += table.num_rows - table[REGION].null_count
        if "in_sample" in table.column_names:
            table = table.filter(pc.fill_null(table["in_sample"], True))
        anywhere[label] = table.num_rows
        sample[label] = sum(region in inside for region in table[REGION].to_pylist())
    links: dict[str, dict[str, PropertyType]] = {}
    for key, kind in part.links.items():
        links.setdefault(kind, {}).update(_defaults(model.links[kind].properties))
        for table in read_groups(part.link_file(key)):
            links[kind] |= _present(table)
            counts[kind] = counts.get(kind, 0) + table.num_rows
    schema = Schema(model, nodes, links, counts)
    return Contents(schema, sample, anywhere, _labels_at(part, "from"), _labels_at(part, "to"))


def _labels_at(part: Part, end: str) -> dict[str, frozenset[str]]:
    """The labels of the nodes at one end of the links of each type."""
    ids = {label: part.nodes(label)["id"] for label in part.labels if label != REGION_VALUE}
    found: dict[str, frozenset[str]] = {}
    for key, kind in part.links.items():
        at = parquet.read_table(part.link_file(key), columns=[end])[end].unique()
        here = {label for label, known in ids.items() if pc.any(pc.is_in(at, value_set=known)).as_py()}
        found[kind] = found.get(kind, frozenset()) | here
    return found


def _types(properties: Mapping[str, Property]) -> dict[str, PropertyType]:
    return {entry.name: entry.type for entry in properties.values()}


def _defaults(properties: Mapping[str, Property]) -> dict[str, PropertyType]:
    """The properties that have a value where a source is silent."""
    return {entry.name: entry.type for entry in properties.values() if entry.default is not None}


def _present(table: pa.Table) -> dict[str, PropertyType]:
    """The properties with a value, and their types."""
    return {
        field.name: PROPERTY_TYPES[field.type]
        for field in table.schema
        if not field.name.startswith("_") and table[field.name].null_count < table.num_rows
    }
