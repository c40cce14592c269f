"""What a graph can hold and what a loaded one does hold: labels, link types, their properties and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecosystem.errors import refuse_unknown
from ecosystem.messages import tr
from ecosystem.model import Label, LinkType, Model


@dataclass(frozen=True, slots=True)
class Schema:
    """The model together with the properties of one dataset.

    `nodes[label]` and `links[type]` map the properties that are present to their types, in the model's words (string,
    integer, float, boolean, date). A property that the model knows and the dataset lacks is null everywhere.
    `counts` is the number of nodes of each label and links of each type. `ranges[owner, property]` is the smallest
    non-zero and the largest absolute value of a float property: what an exact sum needs to know.
    """

    model: Model
    nodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    ranges: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of_model(cls, model: Model) -> Schema:
        """The schema of a dataset that has every property of the model."""
        return cls(
            model,
            {
                name: {prop.name: prop.type for prop in label.properties.values()}
                for name, label in model.labels.items()
            },
            {name: {prop.name: prop.type for prop in link.properties.values()} for name, link in model.links.items()},
        )

    def label(self, name: str) -> Label:
        """The label of the model; UsageError when it has none of that name."""
        refuse_unknown(name, self.model.labels, tr("there is no label {name!r}", name=name))
        return self.model.labels[name]

    def link(self, name: str) -> LinkType:
        """The link type of the model; UsageError when it has none of that name."""
        refuse_unknown(name, self.model.links, tr("there is no link type {name!r}", name=name))
        return self.model.links[name]

    def node_property(self, label: str, name: str) -> str | None:
        """The type of a node's property; None when neither dataset nor model knows it."""
        known = self.model.labels[label].properties.get(name)
        return self.nodes.get(label, {}).get(name) or (known.type if known else None)

    def link_property(self, kind: str, name: str) -> str | None:
        """The type of a link's property; None when neither dataset nor model knows it."""
        known = self.model.links[kind].properties.get(name)
        return self.links.get(kind, {}).get(name) or (known.type if known else None)

    def node_properties(self, label: str) -> tuple[str, ...]:
        """All property names that a node of this label may have."""
        return tuple(dict.fromkeys([*self.model.labels[label].properties, *self.nodes.get(label, {})]))

    def link_properties(self, kind: str) -> tuple[str, ...]:
        """All property names that a link of this type may have."""
        return tuple(dict.fromkeys([*self.model.links[kind].properties, *self.links.get(kind, {})]))
