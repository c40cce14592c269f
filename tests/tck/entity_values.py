"""Nodes, links and paths as values: as a cell of an expected table writes them, and as a graph holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from notation import Expression, NodeText, NotationError, PathText, Reader


@dataclass(frozen=True)
class NodeValue:
    """A node by what it is; `key` is its id in a graph, and empty in a cell."""

    labels: frozenset[str]
    properties: Mapping[str, object]
    key: str = field(default="", compare=False)


@dataclass(frozen=True)
class LinkValue:
    """A link by what it is; in a graph it has an id and the ids of its ends too."""

    kind: str
    properties: Mapping[str, object]
    key: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    target: str = field(default="", compare=False)


@dataclass(frozen=True)
class PathValue:
    """Nodes, the links between them, and of each link whether it points to the node after it."""

    nodes: tuple[NodeValue, ...]
    links: tuple[LinkValue, ...]
    forward: tuple[bool, ...]


def cell_value(text: str) -> object:
    """The value that a cell of a table writes. Raises NotationError for what is none."""
    reader = _CellReader(text)
    value = reader.expression()({})
    if reader.next.kind != "end":
        raise NotationError(f"{reader.next.text!r} stands behind a value")
    return value


class _CellReader(Reader):
    """Where an operand may stand, a cell may have an entity too."""

    def _operand(self) -> Expression:
        entity: object
        if self.takes("<"):
            entity = _path(self.path())
            self.must(">")
        elif self.sees("("):
            entity = _node(self.node())
        elif self.sees("[", ":"):
            _, kind, properties = self.bracket()
            entity = LinkValue(kind, _evaluated(properties))
        else:
            return super()._operand()
        return lambda row: entity


def _node(text: NodeText) -> NodeValue:
    return NodeValue(frozenset(text.labels), _evaluated(text.properties))


def _path(text: PathText) -> PathValue:
    links = tuple(LinkValue(link.kind, _evaluated(link.properties)) for link in text.links)
    return PathValue(tuple(map(_node, text.nodes)), links, tuple(link.forward for link in text.links))


def _evaluated(properties: Mapping[str, Expression]) -> dict[str, object]:
    return {name: value({}) for name, value in properties.items()}
