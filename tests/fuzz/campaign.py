"""Many random queries on many random graphs, each asked of the embedded engine and of the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from compare import same
from generator import generate
from productions import PRODUCTIONS, hits, table
from queries import PARAMETERS, TYPES_OF_PARAMETERS
from server import Judge, JudgeError
from worlds import Embedded, Row, embedded, world

from ecosystem.model import load_model
from ecosystem.query import Query, Schema, bind_query, check
from ecosystem.query.parser import parse_statement
from ecosystem.query.printer import statement_text, to_cypher
from ecosystem.query.provenance import classify, evidence, witnesses
from ecosystem.query.run_failures import RUN_FAILURES
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import AnyQuery, Projection, Union
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, map_children, walk
from ecosystem.query.tree import Binary, Call, Case, Expression, Literal, Minus, Parameter, PropertyOf, Variable

_N = TypeVar("_N", bound=SyntaxNode)

PER_GRAPH = 40
WITHOUT_RESULT = ("inexact", "overflow")
SERVER_FAULTS = ("UNNAMED0", "The shortest path algorithm does not work when the start and end nodes are the same")
"""What the server's planner makes of queries that have an answer, which is then ours alone.

A pattern as a condition beside EXISTS behind an aggregate loses its name; and the two ends of a shortest path, which
have different labels in what is drawn, are tried before their labels are told apart.
"""
LITTLE_MEMORY = "MemoryPoolOutOfMemoryError"
ARITHMETIC = ("/ by zero", "overflow")
"""What the server says of integers where no result exists; whether such a row is reached is up to the plan."""


@dataclass(frozen=True)
class Find:
    """A query on which the two disagree, or did: `metric` says of which subset it is."""

    seed: str
    world: int
    what: str
    metric: bool
    text: str
    embedded: str
    server: str


@dataclass
class Tally:
    """What a run came to."""

    queries: int = 0
    accepted: int = 0
    with_rows: int = 0
    compared: int = 0
    signs: int = 0
    undefined: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    productions: Counter[str] = field(default_factory=Counter)
    finds: list[Find] = field(default_factory=list)

    def __str__(self) -> str:
        refused, failed = sum(self.refused.values()), sum(self.failed.values())
        return "\n".join(
            [
                f"{self.queries} queries: {self.accepted} accepted, {refused} refused ({dict(self.refused)})",
                f"{self.with_rows} of the accepted have rows; {self.compared} results compared, {failed} not to be had",
                *(f"    {count} x {reason}" for reason, count in self.failed.most_common()),
                f"{self.signs} times the server took -0.0 for less than 0.0, though it calls them equal",
                f"{len(self.undefined)} times the server took a not-a-number that it computed once for one value",
                *(f"    {text}" for text in self.undefined),
                f"{len(self.finds)} differences",
                f"{sum(self.productions[name] < 50 for name in PRODUCTIONS)} productions in fewer than 50 queries",
                "queries by production:",
                table(self.productions),
            ]
        )


def faults(query: AnyQuery, case: Embedded) -> list[str]:
    """The codes for which the checker refuses a query; none where it accepts it."""
    schema = case.store.schema
    if isinstance(query, Query):
        found = check(query, schema, TYPES_OF_PARAMETERS)
    else:
        found = check_statement(query, schema, TYPES_OF_PARAMETERS)
    return [each.code for each in found]


def text_of(query: AnyQuery) -> str:
    """The query as both engines are asked it."""
    return to_cypher(query) if isinstance(query, Query) else statement_text(query)


def parameters_of(query: AnyQuery) -> dict[str, Any]:
    """The parameters that a query reads."""
    return {node.name: PARAMETERS[node.name] for node in walk(query) if isinstance(node, Parameter)}


def behind(query: AnyQuery) -> Iterator[tuple[str, AnyQuery]]:
    """The query, and for a metric's the queries behind it: its evidence and its witnesses."""
    yield "rows", query
    if isinstance(query, Query):
        bound = bind_query(query, Schema(load_model()), TYPES_OF_PARAMETERS)
        yield "evidence", evidence(bound).query
        if classify(query) == "witnessed":
            yield from (("witnesses", each.query) for each in witnesses(bound))


def run(judge: Judge, queries: int, seed: str, progress: Callable[[int, Tally], None] | None = None) -> Tally:
    """The outcome of as many queries, `PER_GRAPH` of them on each graph."""
    tally = Tally()
    for start in range(0, queries, PER_GRAPH):
        number = start // PER_GRAPH
        graph = world(number)
        judge.load(graph)
        with embedded(graph) as case:
            for at in range(start, min(start + PER_GRAPH, queries)):
                _one(judge, case, f"{seed}/{at}", number, tally)
        if progress is not None:
            progress(number, tally)
    return tally


def _one(judge: Judge, case: Embedded, seed: str, number: int, tally: Tally) -> None:
    drawn = generate(seed, case.store.schema, TYPES_OF_PARAMETERS)
    # as the command line gets it: what is drawn is a text, and the parser may make more of it than one tree says
    query = drawn if isinstance(drawn, Query) else parse_statement(text_of(drawn))
    tally.queries += 1
    found = faults(query, case)
    if found:
        tally.refused[found[0]] += 1
        return
    tally.accepted += 1
    tally.productions += hits(query)
    for what, asked in behind(query):
        text = text_of(drawn if what == "rows" else asked)
        ours, theirs = ask(judge, case, asked, text)
        if isinstance(ours, str) or isinstance(theirs, str):
            tally.failed[f"{_first(ours)} | {_first(theirs)}"] += 1
            agree = explained(ours, theirs)
        else:
            tally.compared += 1
            tally.with_rows += what == "rows" and bool(theirs)
            agree = same(asked, ours, theirs)
            if not agree and agrees_but_for_signs_of_zero(judge, asked, drawn if what == "rows" else asked, ours):
                tally.signs += 1
                agree = True
            if not agree and groups_one_undefined(asked):
                tally.undefined.append(f"{seed}: {text}")
                agree = True
        if not agree:
            tally.finds.append(
                Find(seed, number, what, isinstance(asked, Query), text, str(ours)[:2000], str(theirs)[:2000])
            )


def explained(ours: list[Row] | str, theirs: list[Row] | str) -> bool:
    """Whether an answer that is none is no fault.

    Arithmetic without a result, an integer that no float equals, or more rows than the server's small memory holds.
    What fails here for another reason is a find whatever the server says.
    """
    if isinstance(ours, str):
        both = isinstance(theirs, str) and "/ by zero" in theirs and RUN_FAILURES["zero_division"].message in ours
        return both or any(RUN_FAILURES[code].message in ours for code in WITHOUT_RESULT)
    return isinstance(theirs, str) and any(reason in theirs for reason in (*ARITHMETIC, *SERVER_FAULTS, LITTLE_MEMORY))


def agrees_but_for_signs_of_zero(judge: Judge, query: AnyQuery, asked: AnyQuery, ours: list[Row]) -> bool:
    """Whether the server says the same where no zero has a sign: to it 0.0 <= -0.0 is false, and 0.0 = -0.0 true."""
    try:
        return same(query, ours, judge.rows(text_of(_unsigned(asked)), parameters_of(query)))
    except JudgeError:
        return False


def _unsigned(node: _N) -> _N:
    """The same with 0.0 added to all that may be -0.0."""

    def change(part: SyntaxNode) -> SyntaxNode:
        if isinstance(part, Literal) and part.value == 0 and isinstance(part.value, float):
            return Literal(0.0)
        below = _unsigned(part)
        signed = isinstance(below, Minus) or (isinstance(below, Binary) and below.operator in ("*", "/", "%"))
        return Binary("+", cast("Expression", below), Literal(0.0)) if signed else below

    return map_children(node, change)


def groups_one_undefined(query: AnyQuery) -> bool:
    """Whether a query groups, counts or makes distinct what may be a not-a-number that was computed once for many rows.

    Each is a value of its own to both engines, but the server knows by the object that one was handed on, or constant.
    """
    makes_one = (isinstance(node, Binary) and node.operator in ("/", "^", "%", "*") for node in walk(query))
    if not any(makes_one) and "undefined" not in parameters_of(query):
        return False
    projections = [node for node in walk(query) if isinstance(node, Projection)]
    keys: list[Expression] = [call.arguments[0] for call in aggregates(query) if call.distinct]
    for given in projections:
        items = [item.expression for item in given.items]
        if given.distinct or any(map(aggregates, items)) or isinstance(query, Union):
            keys += [item for item in items if not aggregates(item)]
    return any(map(_computed_once, keys))


def _computed_once(expression: Expression) -> bool:
    match expression:
        case Call(function="coalesce", arguments=choices) | Case(results=choices):
            return any(map(_computed_once, choices))
        case Variable() | Parameter():
            return True
        case _:
            return not any(isinstance(part, PropertyOf | Variable | Parameter) for part in walk(expression))


def ask(
    judge: Judge, case: Embedded, query: AnyQuery, text: str | None = None
) -> tuple[list[Row] | str, list[Row] | str]:
    """What both say: rows, or why there are none; `text` is what the server is asked, where the tree is not its."""
    parameters = parameters_of(query)
    ours: list[Row] | str
    theirs: list[Row] | str
    try:
        ours = case.rows(query, parameters)
    except Exception as err:
        # a crash of the translator is a find, and not the end of the run
        ours = f"{type(err).__name__}: {err}"
    try:
        theirs = judge.rows(text or text_of(query), parameters)
    except JudgeError as err:
        theirs = str(err)
    return ours, theirs


def _first(answer: list[Row] | str) -> str:
    return answer.split("\n", 1)[0][:120] if isinstance(answer, str) else "rows"
