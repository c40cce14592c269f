"""From Lark's tree to ours: names, nodes, links and paths, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from lark import Token, Transformer, v_args

from ecosystem.messages import tr
from ecosystem.query import syntax, tree
from ecosystem.query.escapes import unquote
from ecosystem.query.refusals import Refused
from ecosystem.query.syntax import Position
from ecosystem.query.traversal import conjunction, conjuncts

LARGEST = 2**63 - 1
_DIGITS = 40
"""As many characters as a number may have at most: in octal and with underscores it is longer than in decimal."""
_Hops = tuple[int, int | None]


def position_of(meta: Any) -> Position:
    """Where a rule's text began."""
    return Position() if meta.empty else Position(meta.line, meta.column)


def too_large(digits: str, position: Position) -> Refused:
    """The refusal of a number."""
    shown = digits if len(digits) <= 25 else tr("a number of {count:,} characters", count=len(digits))
    return Refused(tr("{shown} does not fit into 64 bits", shown=shown), position)


class Name(str):
    """A name, to tell it from other strings while a pattern is put together."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Where:
    """A condition, to tell it from other expressions."""

    condition: tree.Expression


@dataclass(frozen=True, slots=True)
class Chain:
    """A path, and the conditions that stand inside its nodes and links."""

    path: tree.PathPattern
    conditions: tuple[tree.Expression, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A node or link with the condition inside it."""

    pattern: tree.NodePattern | tree.LinkPattern
    conditions: tuple[tree.Expression, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """A path in parentheses, and how often it is repeated; None where that is not said."""

    match: tree.Match
    hops: _Hops | None


def match_of(parts: Iterable[Any], meta: Any) -> tree.Match:
    """A match of chains and a condition; the conditions inside the patterns come before it."""
    kept = list(parts)
    chains = [part for part in kept if isinstance(part, Chain)]
    inside = [condition for chain in chains for condition in chain.conditions]
    behind = [part.condition for part in kept if isinstance(part, Where)]
    where = conjunction((*inside, *behind)) if inside else next(iter(behind), None)
    return tree.Match(tuple(chain.path for chain in chains), where, position=position_of(meta))


@v_args(meta=True)
class PatternRules(Transformer[Token, Any]):
    """Lark's tree to ours; a rule's name is its method's name. `text` is what was parsed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def whole(self, digits: str, meta: Any) -> int:
        """The number of these digits."""
        # more digits are not even read: Python takes long to, and refuses in the end
        if len(digits) > _DIGITS or (value := int(digits, 0)) > LARGEST + 1:
            raise too_large(digits, position_of(meta))
        return value

    def name(self, _: Any, parts: list[Any]) -> Name:
        token = str(parts[0])
        return Name(unquote(token) if token.startswith("`") else token)

    def where(self, _: Any, parts: list[Any]) -> Where:
        return Where(parts[1])

    def path(self, meta: Any, parts: list[Any]) -> Chain:
        name = next((str(part) for part in parts if isinstance(part, Name)), "")
        selector = next((_selector(part) for part in parts if isinstance(part, Token) and part.type == "SELECTOR"), "")
        found = parts[-1]
        path = replace(found.path, variable=name, selector=selector, position=position_of(meta))
        return cast("Chain", replace(found, path=path))

    def shortest(self, meta: Any, parts: list[Any]) -> Chain:
        chain = next(part for part in parts if isinstance(part, Chain))
        every = next(part for part in parts if isinstance(part, Token)).lower().startswith("all")
        shortest = replace(chain, path=replace(chain.path, shortest="all" if every else "one"))
        return self.path(meta, [*(part for part in parts if isinstance(part, Name)), shortest])

    def chain(self, meta: Any, parts: list[Any]) -> Chain:
        if len(parts) == 1 and isinstance(parts[0], _Group) and parts[0].hops is None:
            # parentheses around a whole path
            alone = parts[0].match
            return Chain(alone.paths[0], tuple(conjuncts(alone.where)))
        return chain_of(_joined(parts, meta), meta)

    def strand(self, _: Any, parts: list[Any]) -> list[_Step]:
        return parts

    def group(self, meta: Any, parts: list[Any]) -> _Group:
        hops = next((part for part in parts if isinstance(part, tuple)), None)
        return _Group(match_of(parts, meta), hops)

    def node(self, meta: Any, parts: list[Any]) -> _Step:
        variable, labels, further, properties, conditions = _pattern(parts, meta)
        return _Step(tree.NodePattern(variable, labels, properties, further, position=position_of(meta)), conditions)

    first = node

    def link_out(self, meta: Any, parts: list[Any]) -> _Step:
        return _link(meta, parts, "out")

    def link_in(self, meta: Any, parts: list[Any]) -> _Step:
        return _link(meta, parts, "in")

    def link_both(self, meta: Any, parts: list[Any]) -> _Step:
        return _link(meta, parts, "both")

    def detail(self, _: Any, parts: list[Any]) -> list[Any]:
        return parts

    def length(self, meta: Any, parts: list[Any]) -> _Hops:
        numbers = [self.whole(part, meta) if part.type == "INTEGER" else None for part in parts]
        match numbers:
            case []:
                return 1, None
            case [int() as exact]:
                return exact, exact
            case [None, *rest]:
                return 1, rest[0] if rest else None
            case [int() as least, _, *rest]:
                return least, rest[0] if rest else None
        return 1, None

    def at_least_one(self, _: Any, __: list[Any]) -> _Hops:
        return 1, None

    def any_number(self, _: Any, __: list[Any]) -> _Hops:
        return 0, None

    def between(self, meta: Any, parts: list[Any]) -> _Hops:
        # the comma has no token of its own here: what stands before it is told by its place
        comma = self.text.index(",", meta.start_pos)
        least = next((self.whole(part, meta) for part in parts if part.start_pos < comma), 0)
        return least, next((self.whole(part, meta) for part in parts if part.start_pos > comma), None)

    def exactly(self, meta: Any, parts: list[Any]) -> _Hops:
        exact = self.whole(parts[0], meta)
        return exact, exact

    def labels(self, _: Any, parts: list[Any]) -> syntax.LabelExpression:
        return cast("syntax.LabelExpression", parts[-1])

    def hint(self, _: Any, __: list[Any]) -> None:
        """Which index a server is to use says nothing about the rows."""

    def label_name(self, meta: Any, parts: list[Any]) -> syntax.LabelExpression:
        return syntax.LabelName(str(parts[0]), position=position_of(meta))

    def label_any(self, meta: Any, _: list[Any]) -> syntax.LabelExpression:
        return syntax.LabelName("", position=position_of(meta))

    def label_not(self, meta: Any, parts: list[Any]) -> syntax.LabelExpression:
        return syntax.LabelNot(parts[0], position=position_of(meta))

    def label_inside(self, _: Any, parts: list[Any]) -> syntax.LabelExpression:
        return cast("syntax.LabelExpression", parts[-1])

    def label_both(self, meta: Any, parts: list[Any]) -> syntax.LabelExpression:
        found = parts[0]
        for part in parts[1:]:
            found = syntax.LabelBoth(found, part, position=position_of(meta))
        return cast("syntax.LabelExpression", found)

    def label_either(self, meta: Any, parts: list[Any]) -> syntax.LabelExpression:
        found = parts[0]
        for part in parts[1:]:
            found = syntax.LabelEither(found, part, position=position_of(meta))
        return cast("syntax.LabelExpression", found)

    def map(self, meta: Any, parts: list[Any]) -> dict[str, tree.Expression]:
        entries = dict(parts)
        if len(entries) < len(parts):
            raise Refused(tr("a property stands twice in one map"), position_of(meta), tr("keep one of them"))
        return entries

    def entry(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return (str(parts[0]), parts[1])


def chain_of(steps: list[Any], meta: Any) -> Chain:
    """The path of nodes and links in turn."""
    nodes, links = [step.pattern for step in steps[::2]], [step.pattern for step in steps[1::2]]
    path = tree.PathPattern(tuple(nodes), tuple(links), position=position_of(meta))
    return Chain(path, tuple(condition for step in steps for condition in step.conditions))


def _joined(parts: list[Any], meta: Any) -> list[_Step]:
    """Nodes and links in turn: a path that is repeated stands where a link does, between two nodes."""
    nothing = _Step(tree.NodePattern("", position=position_of(meta)), ())
    steps: list[_Step] = []
    for part in parts:
        if isinstance(part, _Group):
            at = part.match.position
            if part.hops is None:
                hint = tr("say how often it is repeated, as in ((a)-[:TYPE]->(b)){1,3}, or leave the parentheses out")
                raise Refused(tr("a path in parentheses stands beside another"), at, hint)
            steps += [] if len(steps) % 2 else [nothing]
            steps.append(_Step(tree.LinkPattern("", hops=part.hops, inside=part.match, position=at), ()))
        elif len(steps) % 2:
            hint = tr("write (a)-[:TYPE]->(b), or a comma between two paths")
            raise Refused(tr("two nodes stand side by side with no link between them"), part[0].pattern.position, hint)
        else:
            steps += part
    return steps if len(steps) % 2 else [*steps, nothing]


def _link(meta: Any, parts: list[Any], direction: Any) -> _Step:
    detail = next((part for part in parts if isinstance(part, list)), [])
    variable, types, further, properties, conditions = _pattern(detail, meta)
    hops = [part for part in (*detail, *parts) if isinstance(part, tuple)]
    at = position_of(meta)
    if len(hops) > 1:
        raise Refused(tr("the length of a link is said twice"), at, tr("keep one of them"))
    link = tree.LinkPattern(variable, types, properties, direction, further, position=at)
    if not hops:
        return _Step(link, conditions)
    if not conditions:
        return _Step(replace(link, hops=hops[0]), ())
    # a condition inside a link that is repeated is about each of them
    ends = tree.NodePattern("", position=at), tree.NodePattern("", position=at)
    each = tree.Match((tree.PathPattern(ends, (link,), position=at),), conjunction(conditions), position=at)
    return _Step(tree.LinkPattern("", hops=hops[0], inside=each, position=at), ())


def _selector(token: Token) -> str:
    """`SHORTEST 2 GROUPS` and its like in one way of writing; empty for ALL, which is what no selector says too."""
    words = str(token).upper().split()
    count = next((word for word in words if word.isdecimal()), "1")
    if words[-1] in ("GROUP", "GROUPS"):
        return f"SHORTEST {count} GROUPS"
    if "SHORTEST" in words:
        return "ALL SHORTEST" if words[0] == "ALL" else f"SHORTEST {count}"
    return f"ANY {count}" if words[0] == "ANY" else ""


def _pattern(parts: list[Any], meta: Any) -> tuple[str, tuple[str, ...], Any, Any, tuple[tree.Expression, ...]]:
    """The parts of a node or link: variable, alternatives, further labels, properties, conditions."""
    variable = next((str(part) for part in parts if isinstance(part, Name)), "")
    label = next((part for part in parts if isinstance(part, syntax.LabelExpression)), None)
    if any(isinstance(part, tree.Parameter) for part in parts):
        message = tr("the properties of a pattern are written out: {name: $value}")
        raise Refused(message, position_of(meta))
    properties = next((tuple(part.items()) for part in parts if isinstance(part, dict)), ())
    conditions = tuple(each for part in parts if isinstance(part, Where) for each in conjuncts(part.condition))
    labels = _alternatives(label)
    # once each: where a type stands twice, Neo4j 5.26 counts its links twice in COUNT { }
    named = tuple(dict.fromkeys(labels)) if labels else ()
    return (
        variable,
        named,
        None if labels else label,
        properties,
        tuple(each for c in conditions for each in conjuncts(c)),
    )


def _alternatives(label: syntax.LabelExpression | None) -> tuple[str, ...] | None:
    """The labels of a plain choice; None for anything else, and for no label at all."""
    match label:
        case syntax.LabelName() if label.name:
            return (label.name,)
        case syntax.LabelEither():
            left, right = _alternatives(label.left), _alternatives(label.right)
            return (*left, *right) if left and right else None
        case _:
            return None
