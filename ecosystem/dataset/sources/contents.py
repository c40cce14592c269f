"""What one source holds, in the words in which metrics ask: labels, link types, properties, units of the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.sources.arrow_types import ARROW
from ecosystem.dataset.sources.link_file import read_groups
from ecosystem.dataset.sources.parts import Part
from ecosystem.dataset.sources.tables import REGION
from ecosystem.model import load_model
from ecosystem.query import Schema
from ecosystem.regions import Regions

_NAMES = {kind: name for name, kind in ARROW.items()}


@dataclass(frozen=True, slots=True)
class Contents:
    """`schema` has the properties with a value; `sample[label]` counts the nodes of the sample that are in a level."""

    schema: Schema
    sample: Mapping[str, int]


def contents(part: Part, regions: Regions, level: str) -> Contents:
    """What the part holds; of the sample, what is located in a region of that level or inside one."""
    model = load_model()
    inside = {region for region, above in regions.closure() if regions[above].level == level}
    nodes: dict[str, dict[str, str]] = {}
    links: dict[str, dict[str, str]] = {}
    sample: dict[str, int] = {}
    counts = {"Region": 1, "WITHIN": 1, "LOCATED_IN": 0}
    for label in part.labels:
        table = part.nodes(label)
        defaults = (entry for entry in model.labels[label].properties.values() if entry.default is not None)
        nodes[label] = {entry.name: entry.type for entry in defaults} | _present(table)
        counts[label] = table.num_rows
        counts["LOCATED_IN"] += table.num_rows - table[REGION].null_count
        if "in_sample" in table.column_names:
            table = table.filter(pc.fill_null(table["in_sample"], True))
        sample[label] = sum(region in inside for region in table[REGION].to_pylist())
    for key, kind in part.links.items():
        defaults = (entry for entry in model.links[kind].properties.values() if entry.default is not None)
        links.setdefault(kind, {}).update({entry.name: entry.type for entry in defaults})
        for table in read_groups(part.link_file(key)):
            links[kind] |= _present(table)
            counts[kind] = counts.get(kind, 0) + table.num_rows
    return Contents(Schema(nodes, links, counts), sample)


def _present(table: pa.Table) -> dict[str, str]:
    """The properties with a value, and their types."""
    return {
        field.name: _NAMES[field.type]
        for field in table.schema
        if not field.name.startswith("_") and table[field.name].null_count < table.num_rows
    }
