"""The type of every property that a mapping writes: as the model declares it, else as its cell is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.nearest import LOCATED_BY, NEAREST, NEAREST_KM
from ecosystem.model import Model, Property, PropertyType

TYPES: Mapping[str, PropertyType] = {
    "text": "string",
    "hash": "string",
    "integer": "integer",
    "year": "integer",
    "number": "float",
    "amount": "float",
    "boolean": "boolean",
    "vague": "boolean",
    "date": "date",
}
"""Reading of a cell -> the type of what it makes."""
_HOW_LOCATED: Mapping[str, PropertyType] = {LOCATED_BY: "string", NEAREST: "string", NEAREST_KM: "float"}


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell of a mapping: where it stands, of which property of which label or link type it is, and what is known."""

    place: str
    kind: str
    name: str
    cell: CellSpec
    known: Property | None


def property_types(mapping: MappingSpec, model: Model) -> Mapping[str, Mapping[str, PropertyType]]:
    """Label or link type -> property -> type, for everything that the mapping writes."""
    types: dict[str, dict[str, PropertyType]] = {}
    for one in typed_cells(mapping, model):
        types.setdefault(one.kind, {})[one.name] = one.known.type if one.known else cell_type(one.cell)
    for node in mapping.nodes.values():
        if node.label in model.labels and model.labels[node.label].keyless and node.region:
            types.setdefault(node.label, {})["region"] = "string"
        if any(place.nearest is not None for place in node.region):
            types.setdefault(node.label, {}).update(_HOW_LOCATED)
    for link in mapping.links.values():
        made = types.setdefault(link.type, {})
        made.update(dict.fromkeys(link.share, "float"))
        if link.named is not None:
            made[link.named] = "boolean"
    return types


def cell_type(cell: CellSpec, otherwise: PropertyType = "string") -> PropertyType:
    """The type of the values that a cell makes; `otherwise` where it leaves the reading to the model."""
    if cell.value is not None:
        return type_of(cell.value)
    if cell.translate:
        return type_of(next(iter(cell.translate.values())))
    return TYPES[cell.reading] if cell.reading else otherwise


def type_of(value: object) -> PropertyType:
    """The type of a constant."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "float" if isinstance(value, float) else "string"


def typed_cells(mapping: MappingSpec, model: Model) -> Iterator[TypedCell]:
    """Every cell of a property, or of a key of a node that is one."""
    for key, node in mapping.nodes.items():
        if node.label in model.labels:
            known = model.labels[node.label].properties
            for name, cell in node.cells.items():
                place = f"nodes.{key}.properties.{name}" if name in node.properties else f"nodes.{key}.{name}"
                yield TypedCell(place, node.label, name, cell, known.get(name))
    for key, link in mapping.links.items():
        if link.type in model.links:
            known = model.links[link.type].properties
            for name, cell in link.properties.items():
                yield TypedCell(f"links.{key}.properties.{name}", link.type, name, cell, known.get(name))
