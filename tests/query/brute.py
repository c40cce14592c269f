"""A query evaluated by nested loops over lists of nodes and links, in plain Python: what the SQL is judged by.

It knows the records of the tree and nothing else of the package: no bindings, no names, no SQL. Conditions have three
values; a match assigns a node or link to every pattern, links of one MATCH being pairwise distinct.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from graphs import Graph, Link, Node

from ecosystem.query import statement_tree, tree

Entity = Node | Link
Value = Entity | bool | int | float | str | Sequence[object] | None
Env = Mapping[str, Entity]

AGGREGATES = ("count", "sum", "avg")
MOST = 20_000


class TooManyMatches(Exception):  # noqa: N818 - no error: the question is put aside
    """A query pairs so much with so much that nested loops are the wrong tool."""


class Brute:
    """A graph that answers queries slowly."""

    def __init__(self, graph: Graph, parameters: Mapping[str, object] | None = None) -> None:
        self.nodes = {node.id: node for node in graph.nodes}
        self.links = graph.links
        self.parameters = dict(parameters or {})

    def rows(self, query: statement_tree.Query) -> list[tuple[object, ...]]:
        """The result of a query: one row per match, or one per group where something is aggregated."""
        matches = list(islice(self.matches(query.matches, {}), MOST + 1))
        if len(matches) > MOST:
            raise TooManyMatches
        if not any(_aggregates(item.expression) for item in query.items):
            return [tuple(self.value(item.expression, env) for item in query.items) for env in matches]
        keys = [item.expression for item in query.items if not _aggregates(item.expression)]
        groups: dict[tuple[object, ...], list[Env]] = {} if keys else {(): []}
        for env in matches:
            groups.setdefault(tuple(self.value(key, env) for key in keys), []).append(env)
        return [tuple(self.grouped(item.expression, group) for item in query.items) for group in groups.values()]

    def matches(self, matches: Sequence[tree.Match], env: Env) -> Iterator[Env]:
        """Every way to match a chain of matches, begun from what is bound already."""
        if not matches:
            yield env
            return
        first, *rest = matches
        for found in self._paths(first.paths, env, frozenset()):
            if self._holds(first, found):
                yield from self.matches(rest, found)

    def _paths(self, paths: Sequence[tree.PathPattern], env: Env, used: frozenset[str]) -> Iterator[Env]:
        if not paths:
            yield env
            return
        first, *rest = paths
        for start in self.nodes.values():
            bound = _bound(env, first.nodes[0], start)
            if bound is not None:
                for found, links in self._steps(first, 0, start, bound, used):
                    yield from self._paths(rest, found, links)

    def _steps(
        self, path: tree.PathPattern, step: int, at: Node, env: Env, used: frozenset[str]
    ) -> Iterator[tuple[Env, frozenset[str]]]:
        if step == len(path.links):
            yield env, used
            return
        pattern, target = path.links[step], path.nodes[step + 1]
        for link in self.links:
            if link.id in used or link.kind not in pattern.types:
                continue
            for end in self._ends(link, at, pattern.direction):
                bound = _bound(env, pattern, link)
                bound = None if bound is None else _bound(bound, target, end)
                if bound is not None:
                    yield from self._steps(path, step + 1, end, bound, used | {link.id})

    def _ends(self, link: Link, at: Node, direction: str) -> list[Node]:
        """The nodes that a link leads to from a node; a self link leads there once."""
        ends = []
        if direction != "in" and link.source == at.id:
            ends.append(link.target)
        if direction != "out" and link.target == at.id and not (ends and link.source == link.target):
            ends.append(link.source)
        return [self.nodes[end] for end in ends]

    def _holds(self, match: tree.Match, env: Env) -> bool:
        """Whether the property maps and WHERE are true, null being not true."""
        for pattern in _patterns(match):
            entity = env[name_of(pattern)]
            for name, wanted in pattern.properties:
                if _compare("=", entity.properties.get(name), self.value(wanted, env)) is not True:
                    return False
        return match.where is None or self.value(match.where, env) is True

    def grouped(self, expression: tree.Expression, group: Sequence[Env]) -> object:
        """An expression over a group of matches: its aggregates are folded, all else is the same in every row."""
        match expression:
            case tree.Call(function=function) if function in AGGREGATES:
                return self._aggregate(expression, group)
            case tree.Binary() if _aggregates(expression):
                left, right = self.grouped(expression.left, group), self.grouped(expression.right, group)
                return _arithmetic(expression.operator, left, right)
            case tree.Minus() if _aggregates(expression):
                return _negative(self.grouped(expression.operand, group))
            case _:
                return self.value(expression, group[0] if group else {})

    def _aggregate(self, call: tree.Call, group: Sequence[Env]) -> object:
        if not call.arguments:
            return len(group)
        found = [value for env in group if (value := self.value(call.arguments[0], env)) is not None]
        if call.function == "count":
            return len(set(map(_identity, found))) if call.distinct else len(found)
        numbers = [value for value in found if isinstance(value, int | float)]
        exact = all(isinstance(number, float) and math.isfinite(number) for number in numbers)
        total = math.fsum(numbers) if exact else sum(numbers)
        if call.function == "sum":
            return total
        return total / len(numbers) if numbers else None

    def value(self, node: tree.Expression, env: Env) -> object:  # noqa: C901 - one branch per kind of expression
        """The value of an expression where the variables are bound; None is null."""
        match node:
            case tree.Literal():
                return node.value
            case tree.Parameter():
                return self.parameters[node.name]
            case tree.Variable():
                return env[node.name]
            case tree.PropertyOf():
                entity = env[node.variable]
                return entity.id if node.name == "id" else entity.properties.get(node.name)
            case tree.Not():
                return _not(self.value(node.operand, env))
            case tree.Minus():
                return _negative(self.value(node.operand, env))
            case tree.Binary():
                return self._binary(node, env)
            case tree.IsNull():
                return (self.value(node.operand, env) is None) != node.negated
            case tree.ListOf():
                return [self.value(item, env) for item in node.items]
            case tree.Call(function="coalesce"):
                values = (self.value(argument, env) for argument in node.arguments)
                return next((value for value in values if value is not None), None)
            case tree.Case():
                return self._case(node, env)
            case tree.Exists():
                return any(True for _ in self.matches(node.matches, env))
            case tree.CountMatches():
                return sum(1 for _ in self.matches(node.matches, env))
        raise AssertionError(node)

    def _binary(self, node: tree.Binary, env: Env) -> object:
        left, right = self.value(node.left, env), self.value(node.right, env)
        match node.operator:
            case "AND":
                return _and(left, right)
            case "OR":
                return _not(_and(_not(left), _not(right)))
            case "IN":
                return _in(left, right)
            case "STARTS WITH" | "ENDS WITH" | "CONTAINS":
                return _text(node.operator, left, right)
            case "=" | "<>" | "<" | "<=" | ">" | ">=":
                return _compare(node.operator, left, right)
            case _:
                return _arithmetic(node.operator, left, right)

    def _case(self, node: tree.Case, env: Env) -> object:
        for when, then in node.branches:
            tested = self.value(when, env)
            if node.subject is not None:
                tested = _compare("=", self.value(node.subject, env), tested)
            if tested is True:
                return self.value(then, env)
        return None if node.otherwise is None else self.value(node.otherwise, env)


def name_of(pattern: tree.NodePattern | tree.LinkPattern) -> str:
    """What a pattern is called; one without a name is itself alone."""
    return pattern.variable or f"pattern {id(pattern)}"


def _bound(env: Env, pattern: tree.NodePattern | tree.LinkPattern, entity: Entity) -> Env | None:
    """What is bound beside this; None where it is bound to another, or has not the label."""
    name = name_of(pattern)
    known = env.get(name)
    if known is not None and known.id != entity.id:
        return None
    if isinstance(pattern, tree.NodePattern) and pattern.labels and entity.kind not in pattern.labels:
        return None
    return {**env, name: entity}


def _patterns(match: tree.Match) -> Iterator[tree.NodePattern | tree.LinkPattern]:
    for path in match.paths:
        yield from path.nodes
        yield from path.links


def _aggregates(expression: tree.Expression) -> bool:
    match expression:
        case tree.Call(function=function, arguments=arguments):
            return function in AGGREGATES or any(map(_aggregates, arguments))
        case tree.Binary(left=left, right=right):
            return _aggregates(left) or _aggregates(right)
        case tree.Minus(operand=operand) | tree.Not(operand=operand) | tree.IsNull(operand=operand):
            return _aggregates(operand)
        case _:
            return False


def _identity(value: object) -> object:
    return (value.kind, value.id) if isinstance(value, Node | Link) else value


def _not(value: object) -> bool | None:
    return None if value is None else not value


def _and(left: object, right: object) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _in(value: object, listed: object) -> bool | None:
    if listed is None:
        return None
    assert isinstance(listed, Sequence)
    found: list[bool | None] = [_compare("=", value, item) for item in listed]
    return True if True in found else None if None in found else False


def _text(operator: str, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    assert isinstance(left, str)
    assert isinstance(right, str)
    if operator == "CONTAINS":
        return right in left
    return left.startswith(right) if operator == "STARTS WITH" else left.endswith(right)


def _compare(operator: str, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    left, right = _identity(left), _identity(right)
    if operator in ("=", "<>"):
        return (left == right) == (operator == "=")
    assert isinstance(left, int | float | str)
    less, equal = left < right, left == right  # type: ignore[operator]  # the checker lets only like beside like
    more = left > right  # type: ignore[operator]  # as above
    return {"<": less, "<=": less or equal, ">": more, ">=": more or equal}[operator]


def _negative(value: object) -> object:
    assert value is None or isinstance(value, int | float)
    return None if value is None else -value


def _arithmetic(operator: str, left: object, right: object) -> object:
    if left is None or right is None:
        return None
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return _quotient(float(left), float(right))
        case "%" if isinstance(left, int) and isinstance(right, int):
            return None if right == 0 else int(math.fmod(left, right))
        case "%":
            return math.nan if right == 0 else math.fmod(left, right)
        case "^":
            return float(left) ** float(right)
    raise AssertionError(operator)


def _quotient(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)
