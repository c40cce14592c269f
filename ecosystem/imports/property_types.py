"""The type of every property that a mapping writes: as the model declares it, else as its cell is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def property_types(mapping: MappingSpec, model: Model) -> Mapping[str, Mapping[str, PropertyType]]:
    """Label or link type -> property -> type, for everything that the mapping writes."""
    types: dict[str, dict[str, PropertyType]] = {}
    for kind, name, cell, known in typed_cells(mapping, model):
        declared = known.get(name)
        types.setdefault(kind, {})[name] = declared.type if declared else cell_type(cell)
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


def typed_cells(mapping: MappingSpec, model: Model) -> Iterator[tuple[str, str, CellSpec, Mapping[str, Property]]]:
    """Label or link type, property, cell, and the properties that the model knows there."""
    for node in mapping.nodes.values():
        if node.label in model.labels:
            for name, cell in node.cells.items():
                yield node.label, name, cell, model.labels[node.label].properties
    for link in mapping.links.values():
        if link.type in model.links:
            for name, cell in link.properties.items():
                yield link.type, name, cell, model.links[link.type].properties
