"""Which labels and link types each variable can have, as the patterns and the model allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ecosystem.model import LinkType
from ecosystem.query import kinds
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import LabelExpression, holds
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
    nodes, links, values = dict(outer.nodes), dict(outer.links), dict(outer.values)
    for match in matches:
        for node in match.nodes():
            known = nodes.get(node.variable, tuple(schema.model.labels))
            nodes[node.variable] = tuple(label for label in known if _fits(label, node.labels, node.further))
        for link in match.links():
            known = links.get(link.variable, tuple(schema.model.links))
            links[link.variable] = tuple(kind for kind in known if _fits(kind, link.types, link.further))
    while _narrow(matches, schema, nodes, links):
        pass
    for path in (path for match in matches for path in match.paths if path.variable):
        passed = [label for node in path.nodes for label in nodes[node.variable]]
        for link in path.links:
            passed += _labels_on_the_way(link, links[link.variable], schema)
        followed = [kind for link in path.links for kind in links[link.variable]]
        values[path.variable] = kinds.path_of(list(dict.fromkeys(passed)), list(dict.fromkeys(followed)))
    for link in (link for match in matches for link in match.links() if link.hops is not None):
        # what stands for several links is a list of them
        values[link.variable] = kinds.list_of(kinds.entity_of("link", links.pop(link.variable, ())))
    return Bindings(nodes, links, values)


def _fits(name: str, names: tuple[str, ...], further: LabelExpression | None) -> bool:
    return holds(further, name) if further is not None else not names or name in names


def _labels_on_the_way(link: LinkPattern, types: Iterable[str], schema: Schema) -> list[str]:
    """What the nodes between the links of one that stands for several may be."""
    if link.hops is None:
        return []
    return [label for kind in map(schema.link, types) for label in (*kind.sources, *kind.targets)]


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
            ends = (nodes[left.variable], nodes[right.variable])
            if link.hops is not None:
                firsts, lasts = _far_ends(link, [schema.link(kind) for kind in links[link.variable]], *ends)
                nodes[left.variable], nodes[right.variable] = firsts, lasts
                continue
            fitting = [
                (kind, pair) for kind in links[link.variable] for pair in end_labels(schema.link(kind), link, *ends)
            ]
            kinds, lefts, rights = _kept(fitting)
            links[link.variable] = tuple(kind for kind in links[link.variable] if kind in kinds)
            nodes[left.variable] = tuple(label for label in nodes[left.variable] if label in lefts)
            nodes[right.variable] = tuple(label for label in nodes[right.variable] if label in rights)
    return (nodes, links) != before


def _kept(fitting: list[tuple[str, tuple[str, str]]]) -> tuple[set[str], set[str], set[str]]:
    return {kind for kind, _ in fitting}, {pair[0] for _, pair in fitting}, {pair[1] for _, pair in fitting}


def _far_ends(
    link: LinkPattern, types: Sequence[LinkType], lefts: tuple[str, ...], rights: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels at the two ends of a link that stands for several, as far as each end tells of the other."""
    turned = {"out": "in", "in": "out", "both": "both"}[link.direction]
    back = replace(link, direction=turned)  # type: ignore[arg-type]  # one of the three
    reached, left_from = _reached(link, types, lefts), _reached(back, types, rights)
    return (tuple(label for label in lefts if label in left_from), tuple(label for label in rights if label in reached))


def _reached(link: LinkPattern, types: Sequence[LinkType], labels: Iterable[str]) -> set[str]:
    """The labels of the nodes that lie so many links away from nodes of these."""
    least, most = link.hops or (1, 1)
    every = tuple({label for kind in types for label in (*kind.sources, *kind.targets)})
    step, reached, hops = set(labels), set[str](), 0
    seen: list[set[str]] = []
    while step and (most is None or hops <= most):
        if hops >= least:
            if step in seen:
                break  # the same labels again: from here on all repeats itself
            seen.append(step)
            reached |= step
        step = {pair[1] for kind in types for pair in end_labels(kind, link, tuple(step), every)}
        hops += 1
    return reached


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


def possible_ends(link: LinkPattern, types: Iterable[str], end: str, schema: Schema) -> set[str]:
    """The labels that the model allows at this end of a link, `_src` or `_dst`."""
    known = [schema.link(kind) for kind in types]
    if link.direction == "both":
        return {label for kind in known for label in (*kind.sources, *kind.targets)}
    return {label for kind in known for label in (kind.sources if end == "_src" else kind.targets)}
