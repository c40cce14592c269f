"""Which labels and link types each variable can have, as the patterns and the model allow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ecosystem.model import LinkType
from ecosystem.query.schema import Schema
from ecosystem.query.tree import LinkPattern, Match


@dataclass(frozen=True, slots=True)
class Bindings:
    """The possible labels of each node variable and types of each link variable, in the order of the model.

    An empty tuple means that the pattern can never match. `values` holds the types of what WITH has computed.
    """

    nodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def of(self, variable: str) -> tuple[str, ...]:
        """The labels or types of a variable; empty for one that is not bound."""
        return self.nodes.get(variable) or self.links.get(variable) or ()

    @property
    def possible(self) -> bool:
        """True when every variable has a label or type left."""
        return all(self.nodes.values()) and all(self.links.values())

    def among(self, names: Collection[str]) -> Bindings:
        """The bindings of these variables alone."""
        return Bindings(
            {name: kinds for name, kinds in self.nodes.items() if name in names},
            {name: kinds for name, kinds in self.links.items() if name in names},
            {name: kind for name, kind in self.values.items() if name in names},
        )


def bind(matches: tuple[Match, ...], schema: Schema, outer: Bindings | None = None) -> Bindings:
    """The bindings after these matches, begun from those of the query around them.

    A subquery narrows an outer variable for itself alone; so each scope has bindings of its own.
    Every pattern must be named and every label and type known.
    """
    outer = outer or Bindings()
    nodes, links = dict(outer.nodes), dict(outer.links)
    for match in matches:
        for node in match.nodes():
            known = nodes.get(node.variable, tuple(schema.model.labels))
            nodes[node.variable] = tuple(label for label in known if not node.labels or label in node.labels)
        for link in match.links():
            known = links.get(link.variable, tuple(schema.model.links))
            links[link.variable] = tuple(kind for kind in known if kind in link.types)
    while _narrow(matches, schema, nodes, links):
        pass
    return Bindings(nodes, links, outer.values)


def _narrow(
    matches: tuple[Match, ...],
    schema: Schema,
    nodes: dict[str, tuple[str, ...]],
    links: dict[str, tuple[str, ...]],
) -> bool:
    """Drop what no link can join; True when something was dropped."""
    before = (dict(nodes), dict(links))
    for match in matches:
        for left, link, right in match.hops():
            fitting = [
                (kind, pair)
                for kind in links[link.variable]
                for pair in end_labels(schema.link(kind), link, nodes[left.variable], nodes[right.variable])
            ]
            kinds, lefts, rights = _kept(fitting)
            links[link.variable] = tuple(kind for kind in links[link.variable] if kind in kinds)
            nodes[left.variable] = tuple(label for label in nodes[left.variable] if label in lefts)
            nodes[right.variable] = tuple(label for label in nodes[right.variable] if label in rights)
    return (nodes, links) != before


def _kept(fitting: list[tuple[str, tuple[str, str]]]) -> tuple[set[str], set[str], set[str]]:
    return {kind for kind, _ in fitting}, {pair[0] for _, pair in fitting}, {pair[1] for _, pair in fitting}


def end_labels(
    kind: LinkType, link: LinkPattern, lefts: tuple[str, ...], rights: tuple[str, ...]
) -> set[tuple[str, str]]:
    """The label pairs (left, right) that a link of this type can join in the pattern's direction."""
    pairs: set[tuple[str, str]] = set()
    if link.direction != "in":
        pairs |= {(a, b) for a in lefts if a in kind.sources for b in rights if b in kind.targets}
    if link.direction != "out":
        pairs |= {(a, b) for a in lefts if a in kind.targets for b in rights if b in kind.sources}
    return pairs
