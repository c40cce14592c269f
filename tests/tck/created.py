"""The graph that a setup makes: CREATE, also after UNWIND or MATCH, carried out on lists in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from entity_values import LinkValue, NodeValue
from notation import LinkText, NodeText, NotationError, PathText, Reader, Row

Condition = Callable[[Row], bool]


@dataclass
class CreatedGraph:
    """Nodes and links by their ids, in the order in which they were made."""

    nodes: dict[str, NodeValue] = field(default_factory=dict)
    links: dict[str, LinkValue] = field(default_factory=dict)

    def add_node(self, labels: Sequence[str], properties: Mapping[str, object]) -> NodeValue:
        """A new node; properties that are null are none."""
        node = NodeValue(frozenset(labels), _present(properties), f"n{len(self.nodes)}")
        self.nodes[node.key] = node
        return node

    def add_link(self, kind: str, properties: Mapping[str, object], ends: tuple[NodeValue, NodeValue]) -> LinkValue:
        """A new link from the first node to the second."""
        number = 1 + max((int(key[1:]) for key in self.links), default=-1)
        link = LinkValue(kind, _present(properties), f"r{number}", ends[0].key, ends[1].key)
        self.links[link.key] = link
        return link


def created(setup: Sequence[str]) -> CreatedGraph:
    """The graph after these statements. Raises NotationError for a statement that is not understood."""
    graph = CreatedGraph()
    for text in setup:
        for statement in text.split(";"):
            _Setup(statement, graph).run()
    return graph


def _present(properties: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in properties.items() if value is not None}


class _Setup:
    """One statement: its clauses are read and carried out one after the other, on rows of named values."""

    def __init__(self, text: str, graph: CreatedGraph) -> None:
        self._reader = Reader(text)
        self._graph = graph
        self._rows: list[dict[str, object]] = [{}]

    def run(self) -> None:
        """Carry out every clause."""
        reader = self._reader
        while reader.next.kind != "end":
            if reader.takes("CREATE"):
                for pattern in self._patterns():
                    self._rows = [self._create(pattern, row) for row in self._rows]
            elif reader.takes("MATCH"):
                self._match()
            elif reader.takes("UNWIND"):
                self._unwind()
            elif reader.takes("WITH"):
                self._keep()
            elif reader.takes("DELETE"):
                self._delete(reader.name())
            else:
                raise NotationError(f"a clause that begins with {reader.next.text!r}")

    def _patterns(self) -> list[PathText]:
        found = [self._reader.path()]
        while self._reader.takes(","):
            found.append(self._reader.path())
        return found

    def _create(self, pattern: PathText, row: Row) -> dict[str, object]:
        known = dict(row)
        nodes = [self._create_node(node, known) for node in pattern.nodes]
        for link, left, right in zip(pattern.links, nodes, nodes[1:], strict=False):
            ends = (left, right) if link.forward else (right, left)
            made = self._graph.add_link(link.kind, _values(link, known), ends)
            known |= {link.variable: made} if link.variable else {}
        return known

    def _create_node(self, text: NodeText, known: dict[str, object]) -> NodeValue:
        before = known.get(text.variable) if text.variable else None
        if isinstance(before, NodeValue):
            return before
        node = self._graph.add_node(text.labels, _values(text, known))
        known |= {text.variable: node} if text.variable else {}
        return node

    def _unwind(self) -> None:
        values = self._reader.expression()
        self._reader.must("AS")
        name = self._reader.name()
        self._rows = [{**row, name: item} for row in self._rows for item in _items(values(row))]

    def _keep(self) -> None:
        """WITH, of names alone."""
        if self._reader.takes("*"):
            return
        names = [self._reader.name()]
        while self._reader.takes(","):
            names.append(self._reader.name())
        self._rows = [{name: row[name] for name in names if name in row} for row in self._rows]

    def _delete(self, name: str) -> None:
        for row in self._rows:
            link = row.get(name)
            if not isinstance(link, LinkValue):
                raise NotationError("DELETE of what is no link")
            self._graph.links.pop(link.key, None)

    def _match(self) -> None:
        for pattern in self._patterns():
            self._rows = [found for row in self._rows for found in self._found(pattern, row)]
        if self._reader.takes("WHERE", "NOT"):
            name, (label, *_) = self._reader.name(), self._reader.labels()
            self._rows = [row for row in self._rows if label not in _labels(row.get(name))]

    def _found(self, pattern: PathText, row: Row) -> Iterator[dict[str, object]]:
        """The row once for every node that fits, or for every link with fitting ends."""
        first, *others = pattern.nodes
        if not others:
            yield from (_named(row, (first, node)) for node in self._graph.nodes.values() if _fits(first, node))
            return
        if len(others) > 1 or pattern.links[0].kind:
            raise NotationError("MATCH of more than one link, or by its type")
        left, right = (first, others[0]) if pattern.links[0].forward else (others[0], first)
        for link in self._graph.links.values():
            source, target = self._graph.nodes[link.source], self._graph.nodes[link.target]
            if _fits(left, source) and _fits(right, target):
                yield _named(row, (left, source), (right, target), (pattern.links[0], link))


def _named(row: Row, *found: tuple[NodeText | LinkText, NodeValue | LinkValue]) -> dict[str, object]:
    if any(text.properties or text.variable in row for text, _ in found):
        raise NotationError("MATCH with properties, or from what is known")
    return {**row, **{text.variable: value for text, value in found if text.variable}}


def _fits(text: NodeText, node: NodeValue) -> bool:
    return set(text.labels) <= node.labels


def _labels(value: object) -> frozenset[str]:
    return value.labels if isinstance(value, NodeValue) else frozenset()


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise NotationError("UNWIND of what is no list")
    return value


def _values(text: NodeText | LinkText, row: Row) -> dict[str, object]:
    return {name: value(row) for name, value in text.properties.items()}
