"""Random graphs and random queries of the subset, for hypothesis: small enough for nested loops, and full of nulls."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Literal as OneOf
from typing import TypeVar

from graphs import REGIONS, Graph, Link, Node, Value, graph
from hypothesis import strategies as st

from ecosystem.query import Schema
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import name_all
from ecosystem.query.statement_tree import Item, Query
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    IsNull,
    LinkPattern,
    ListOf,
    Literal,
    Match,
    Minus,
    NodePattern,
    Not,
    Operator,
    Parameter,
    PathPattern,
    PropertyOf,
    Variable,
)

LABELS = ("Company", "University", "Investor", "Person")
TYPES = ("ENABLES", "INVESTED_IN", "COLLABORATES_WITH", "WORKS_FOR", "STUDIED_AT", "LOCATED_IN", "WITHIN")
PARAMETERS: dict[str, object] = {
    "least": 1,
    "Least": 2,
    "undefined": math.nan,
    "reals": [0.0, -0.0, math.nan, math.inf, 2020.0],
    "share": 0.3,
    "word": "ab",
    "levels": ["province", "city"],
    "years": [2020, 2021],
    "none": [],
}
TYPES_OF_PARAMETERS = {
    "least": "integer",
    "Least": "integer",
    "undefined": "float",
    "reals": "list of float",
    "share": "float",
    "word": "string",
    "levels": "list of string",
    "years": "list of integer",
    "none": "list of unknown",
}

_WORDS = ("a", "ab", "", "it's", '"q"', "北京", "AB")
_INTEGERS = (0, 1, 2, 3, -1, 2020, 2021)
_FLOATS = (0.0, 0.1, 0.2, 0.30000000000000004, 1.5, -2.25, 1e6)
_COMPARISONS: tuple[Operator, ...] = ("=", "<>", "<", "<=", ">", ">=")
_SIGNS: tuple[Operator, ...] = ("+", "-", "*", "%")
_OF_TEXTS: tuple[Operator, ...] = ("STARTS WITH", "ENDS WITH", "CONTAINS")
_WAYS: tuple[OneOf["out", "in", "both"], ...] = ("out", "in", "both")
_T = TypeVar("_T")
_PLACES = [region.id for region in REGIONS if region.level != "group"]


def random_graph(seed: int) -> Graph:
    """A graph of some dozen nodes with self links, parallel links, nodes in no region, and many values null."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret

    def some(values: tuple[Value, ...]) -> Value:
        return rng.choice((*values, None)) if rng.random() < 0.8 else None

    def node(number: int) -> Node:
        label = rng.choice(LABELS)
        properties: dict[str, Value] = {"name": some(_WORDS), "in_sample": rng.random() < 0.7}
        if label == "Company":
            properties |= {"layer": some(("foundation", "technology")), "patents": some(_INTEGERS)}
            properties |= {"revenue_cny_m": some(_FLOATS), "listed": some((True, False)), "score": some(_FLOATS)}
        if label == "University":
            properties |= {"patents": some(_INTEGERS), "papers_intl": some(_INTEGERS), "score": some(_FLOATS)}
        return Node(f"{label.lower()}{number}", label, properties)

    nodes = [node(number) for number in range(rng.randint(8, 12))]
    by_label = {label: [each.id for each in nodes if each.kind == label] for label in LABELS}
    organisations = [each.id for each in nodes if each.kind != "Person"]
    ends: dict[str, tuple[list[str], list[str], int]] = {
        "ENABLES": (organisations, organisations, 9),
        "INVESTED_IN": (by_label["Investor"] + by_label["Company"], by_label["Company"], 8),
        "COLLABORATES_WITH": (organisations, organisations, 7),
        "WORKS_FOR": (by_label["Person"], organisations, 7),
        "STUDIED_AT": (by_label["Person"], by_label["University"], 4),
    }
    links = []
    for kind, (sources, targets, count) in ends.items():
        for number in range(count if sources and targets else 0):
            properties: dict[str, Value] = {"year": some((2019, 2020, 2021))}
            if kind == "INVESTED_IN":
                properties |= {
                    "amount_cny_m": some(_FLOATS),
                    "round_id": some(("r1", "r2")),
                    "disclosed": some((True,)),
                }
            if kind == "COLLABORATES_WITH":
                properties |= {"kind": some(_WORDS), "count": some(_INTEGERS)}
            links.append(Link(f"{kind}{number}", kind, rng.choice(sources), rng.choice(targets), properties))
    links += [Link(f"at-{each.id}", "LOCATED_IN", each.id, rng.choice(_PLACES)) for each in nodes if rng.random() < 0.8]
    return graph(nodes, links)


class Drawing:
    """Draws a query part by part; what is bound so far tells which properties there are to speak of."""

    labels: tuple[str, ...] = LABELS
    types: tuple[str, ...] = TYPES

    def __init__(self, rng: random.Random, schema: Schema) -> None:
        self.rng, self.schema, self.count = rng, schema, 0

    def one(self, *choices: _T) -> _T:
        return self.rng.choice(choices)

    def part(self, *choices: Expression) -> Expression:
        return self.rng.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def whole(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def some(self, choices: tuple[_T, ...]) -> tuple[_T, ...]:
        """One or two of them."""
        kept = list(dict.fromkeys(choices))
        return tuple(self.rng.sample(kept, min(len(kept), self.whole(1, 2))))

    def fresh(self, letter: str) -> str:
        """A name that nothing else has."""
        self.count += 1
        return f"{letter}{self.count}"

    def query(self) -> Query:
        matches: list[Match] = []
        for _ in range(self.whole(1, 2)):
            matches.append(self.match(matches, Bindings()))
        if self.chance(50):
            matches += self.places(self.bound(matches, Bindings()))
        bindings = self.bound(matches, Bindings())
        return Query(tuple(matches), self.items(bindings))

    def bound(self, matches: list[Match], outer: Bindings) -> Bindings:
        """The bindings of what is drawn so far."""
        return bind(name_all(Query(tuple(matches), ())).matches, self.schema, outer)

    def match(self, before: list[Match], outer: Bindings, *, inner: bool = False) -> Match:
        known = dict((self.bound(before, outer) if before else outer).nodes)
        paths: list[PathPattern] = []
        for _ in range(1 if inner else self.whole(1, 2)):
            paths.append(self.path(known, inner=inner))
        drawn = Match(tuple(paths))
        if self.chance(50):
            bindings = self.bound([*before, drawn], outer)
            drawn = replace(drawn, where=self.condition(bindings, 0 if inner else 1, 2))
        return drawn

    def places(self, bindings: Bindings) -> list[Match]:
        """A match for the place of one or two of the nodes, as metrics have them."""
        located = self.schema.link("LOCATED_IN").sources
        nodes = [name for name, labels in bindings.nodes.items() if name[0] != "_" and set(labels) & set(located)]
        found: list[Match] = []
        for node in nodes[: self.whole(0, 2)]:
            regions = NodePattern(self.fresh("r")), NodePattern(self.fresh("r") if self.chance(70) else "", ("Region",))
            links = LinkPattern("", ("LOCATED_IN",)), LinkPattern(self.fresh("l"), ("WITHIN",))
            length = self.whole(1, 2)
            drawn = Match((PathPattern((NodePattern(node), *regions[:length]), links[:length]),))
            if found and self.chance(50):
                first = found[0].paths[0].nodes[1].variable
                differ = Binary("<>", PropertyOf(first, "country"), PropertyOf(regions[0].variable, "country"))
                drawn = replace(drawn, where=differ)
            elif self.chance(30):
                drawn = replace(drawn, where=self.condition(self.bound([drawn], bindings), 1, 1))
            found.append(drawn)
        return found

    def path(self, known: dict[str, tuple[str, ...]], *, inner: bool) -> PathPattern:
        """A chain whose links fit the labels that its nodes can have; `known` gains what it binds."""
        length = self.whole(1 if inner else 0, 2)
        labels = (*self.labels, "Region")
        nodes = [self.node(known, labels, 60)]
        links = []
        for _ in range(length):
            here = known.get(nodes[-1].variable, nodes[-1].labels or labels)
            fitting = [(kind, way, self.beyond(kind, way, here)) for kind in self.types for way in _WAYS]
            fitting = [each for each in fitting if each[2]]
            if not fitting:
                break
            kind, way, ends = self.one(*fitting)
            types = [kind, *(other for other, its, _ in fitting if its == way and other != kind and self.chance(12))]
            properties = (("year", Literal(2020)),) if self.chance(5) else ()
            links.append(
                LinkPattern(self.fresh("l") if self.chance(60) else "", tuple(dict.fromkeys(types)), properties, way)
            )
            nodes.append(self.node(known, ends, 15))
        return PathPattern(tuple(nodes), tuple(links))

    def beyond(self, kind: str, way: str, here: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that a link leads to from one of these."""
        link = self.schema.link(kind)
        found: list[str] = []
        if way != "in" and set(here) & set(link.sources):
            found += link.targets
        if way != "out" and set(here) & set(link.targets):
            found += link.sources
        return tuple(label for label in (*self.labels, "Region") if label in found)

    def node(self, known: dict[str, tuple[str, ...]], labels: tuple[str, ...], percent: int) -> NodePattern:
        """A node that may have these labels, now and then one that is bound already."""
        again = [name for name, kinds in known.items() if set(kinds) & set(labels) and not name.startswith("_")]
        variable = self.fresh("n") if self.chance(80) else ""
        if again and self.chance(percent):
            variable = self.one(*again)
            labels = tuple(label for label in known[variable] if label in labels)
        written: tuple[str, ...] = ()
        if self.chance(25):
            written = labels = self.some(labels)
        if variable:
            known[variable] = labels
        return NodePattern(variable, written, (self.entry(),) if self.chance(6) else ())

    def entry(self) -> tuple[str, Expression]:
        """A property of a map, of which every label has one."""
        return ("name", self.word()) if self.chance(50) else ("id", Literal("company1"))

    def properties(self, bindings: Bindings, kind: str) -> list[PropertyOf | Variable]:
        """The properties of this type of what is bound: those on which all owners agree. And values of this type."""
        found: list[PropertyOf | Variable] = [Variable(name) for name, its in bindings.values.items() if its == kind]
        for variables, names, look in (
            (bindings.nodes, self.schema.node_properties, self.schema.node_property),
            (bindings.links, self.schema.link_properties, self.schema.link_property),
        ):
            for variable, owners in variables.items():
                for name in dict.fromkeys(name for owner in owners for name in names(owner)):
                    if not variable.startswith("_") and {look(owner, name) for owner in owners} <= {kind, None}:
                        found.append(PropertyOf(variable, name))
        return found

    def condition(self, bindings: Bindings, subqueries: int, depth: int) -> Expression:
        kinds = ["compare", "compare", "words", "true", "null", "in", "text", "same"]
        kinds += ["not", "and", "or", "and", "or", "case"] if depth else []
        kinds += ["exists", "exists", "count"] if subqueries else []
        match self.one(*kinds):
            case "compare":
                return Binary(self.one(*_COMPARISONS), self.number(bindings, 1), self.number(bindings, 1))
            case "words":
                return Binary(self.one(*_COMPARISONS), self.text(bindings), self.text(bindings))
            case "true":
                known = self.properties(bindings, "boolean")
                return self.part(*known, Literal(True), Literal(None))
            case "null":
                return IsNull(self.number(bindings, 0) if self.chance(50) else self.text(bindings), self.chance(50))
            case "in":
                return self.member(bindings)
            case "text":
                return Binary(self.one(*_OF_TEXTS), self.text(bindings), self.text(bindings))
            case "same":
                return self.identity(bindings)
            case "not":
                return Not(self.condition(bindings, subqueries, depth - 1))
            case "and" | "or" as word:
                left = self.condition(bindings, subqueries, depth - 1)
                return Binary("AND" if word == "and" else "OR", left, self.condition(bindings, subqueries, depth - 1))
            case "case":
                branch = (self.condition(bindings, 0, 0), self.condition(bindings, 0, 0))
                return Case(None, (branch,), self.condition(bindings, 0, 0) if self.chance(50) else None)
            case "exists":
                return Exists(self.subquery(bindings, subqueries - 1))
            case _:
                return Binary(
                    self.one(*_COMPARISONS), CountMatches(self.subquery(bindings, subqueries - 1)), Literal(1)
                )

    def subquery(self, bindings: Bindings, deeper: int) -> tuple[Match, ...]:
        drawn = self.match([], bindings, inner=True)
        if deeper and self.chance(30):
            inner = self.bound([drawn], bindings)
            return (replace(drawn, where=Exists((self.match([], inner, inner=True),))),)
        return (drawn,)

    def identity(self, bindings: Bindings) -> Expression:
        known = [name for name in bindings.nodes if not name.startswith("_")]
        if not known:
            return Literal(False)
        pair = Variable(self.one(*known)), Variable(self.one(*known))
        return Binary("=" if self.chance(50) else "<>", *pair)

    def member(self, bindings: Bindings) -> Expression:
        if self.chance(50):
            mixed = ListOf((Literal(1), Literal(2.0), Literal(2020)))
            listed = self.part(Parameter("years"), Parameter("none"), ListOf(()), mixed)
            return Binary("IN", self.number(bindings, 0), listed)
        own = ListOf((self.word(), self.text(bindings)))
        return Binary("IN", self.text(bindings), self.part(Parameter("levels"), Parameter("none"), own))

    def word(self) -> Literal:
        return Literal(self.one(*_WORDS))

    def text(self, bindings: Bindings) -> Expression:
        known = self.properties(bindings, "string")
        drawn = self.part(*known, self.word(), Parameter("word"))
        return Binary("+", drawn, self.word()) if self.chance(15) else drawn

    def number(self, bindings: Bindings, depth: int) -> Expression:
        known = [*self.properties(bindings, "integer"), *self.properties(bindings, "float")]
        constants = (Literal(self.one(*_INTEGERS)), Literal(self.one(*_FLOATS)), Parameter("least"))
        kinds = ["plain", "plain", "plain", "share"]
        kinds += ["minus", "sum", "sum", "ratio", "choice", "case"] if depth else []
        match self.one(*kinds):
            case "plain":
                return self.part(*known, *known, *constants)
            case "share":
                return Parameter("share")
            case "minus":
                return Minus(self.one(*known)) if known else Literal(1)
            case "sum":
                return Binary(self.one(*_SIGNS), self.number(bindings, 0), self.number(bindings, 0))
            case "ratio":
                above = Binary("*", Literal(1.0), self.number(bindings, 0))
                return Binary("/", above, self.number(bindings, 0))
            case "choice":
                return Call("coalesce", (self.number(bindings, 0), self.number(bindings, 0)))
            case _:
                branch = (self.condition(bindings, 0, 0), self.number(bindings, 0))
                return Case(None, (branch,), self.number(bindings, 0) if self.chance(50) else None)

    def items(self, bindings: Bindings) -> tuple[Item, ...]:
        groups: list[PropertyOf | Variable]
        groups = [PropertyOf(name, "id") for name in bindings.nodes if not name.startswith("_")]
        groups += self.properties(bindings, "string")
        found = [Item(self.one(*groups), "g")] if groups and self.chance(75) else []
        if self.chance(15) and groups:
            return (*found, Item(self.number(bindings, 1), "x")) if found else (Item(self.text(bindings), "x"),)
        return (*found, Item(self.aggregate(bindings), "value"))

    def aggregate(self, bindings: Bindings) -> Expression:
        variables = [Variable(name) for name in (*bindings.nodes, *bindings.links) if not name.startswith("_")]
        counted = [Call("count", (each,), distinct) for each in variables for distinct in (True, False)]
        match self.one("count", "sum", "avg", "ratio", "distinct", "matches"):
            case "count":
                return self.one(Call("count", ()), *counted)
            case "sum" | "avg" as function:
                return Call(function, (self.number(bindings, 1),))
            case "ratio":
                total = Binary("*", Literal(1.5), Call("sum", (self.number(bindings, 0),)))
                return Binary("/", total, Call("count", (self.number(bindings, 0),)))
            case "distinct":
                return Call("count", (self.text(bindings) if self.chance(50) else self.number(bindings, 1),), True)
            case _:
                return Call("sum", (CountMatches(self.subquery(bindings, 0)),))


def queries(schema: Schema) -> st.SearchStrategy[Query]:
    """Queries over the drawn labels and link types; most of them pass the checker."""
    return st.randoms(use_true_random=True).map(lambda rng: Drawing(rng, schema).query())
