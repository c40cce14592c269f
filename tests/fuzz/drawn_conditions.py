"""Random conditions and numbers of both subsets as trees, rare ones among them."""

from __future__ import annotations

from dataclasses import replace

from queries import Drawing

from ecosystem.query.bindings import Bindings
from ecosystem.query.location_chain import repeated_location
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Exists,
    Expression,
    IsNull,
    ListOf,
    Literal,
    Match,
    Minus,
    NodePattern,
    Not,
    Parameter,
)

_BIG = (2_147_483_647, 2_147_483_647, 2**53 + 1, 2**63 - 1, -(2**63))
_UNDEFINED = Binary("/", Literal(0.0), Literal(0.0))
_INFINITE = Binary("/", Literal(1.0), Literal(0.0))
_AGGREGATES = ("min", "max", "sum", "avg", "stDev", "stDevP", "percentileCont", "percentileDisc")


class Conditions(Drawing):
    """Draws what stands in a match or a condition."""

    labels = ("Company", "University", "Investor", "Person", "Institute", "Conference", "Park")
    types = (
        *("ENABLES", "ENABLES", "INVESTED_IN", "COLLABORATES_WITH", "COLLABORATES_WITH"),
        *("WORKS_FOR", "STUDIED_AT", "WORKED_AT", "LOCATED_IN", "LOCATED_IN", "WITHIN"),
    )

    def number(self, bindings: Bindings, depth: int) -> Expression:
        """As drawn elsewhere, and besides: numbers that need 64 bits, CASE with a subject, powers of a number."""
        if self.chance(4):
            return self.part(
                _UNDEFINED, Parameter("undefined"), _INFINITE, Minus(_INFINITE), Literal(-0.0), Literal(self.one(*_BIG))
            )
        if not depth or self.chance(75):
            return super().number(bindings, depth)
        match self.one("big", "subject", "power", "date", "fraction", "undefined"):
            case "big":
                return Binary(self.one("+", "-"), Literal(self.one(*_BIG)), self.number(bindings, 0))
            case "undefined":
                nothing = Binary("*", Literal(0.0), self.number(bindings, 0))
                return Binary("/", nothing, self.part(Literal(0.0), Literal(-0.0), nothing))
            case "subject":
                branches = tuple((self.word(), Literal(number)) for number in range(self.whole(1, 2)))
                return Case(self.text(bindings), branches, Literal(9) if self.chance(50) else None)
            case "power":
                return Binary("^", self.number(bindings, 0), Literal(self.one(2, 0.5, -1)))
            case "date":
                dates = self.properties(bindings, "date")
                blank = IsNull(self.one(*dates)) if dates else Literal(True)
                return Case(None, ((blank, Literal(1)),), None)
            case _:
                turned = self.number(bindings, 0)
                match turned:
                    case Literal(value=int() | float() as number) if number >= 0:
                        # the parser makes one number of a sign and a number
                        turned = Literal(-number)
                    case _:
                        turned = Minus(turned)
                return Binary("*", self.number(bindings, 0), turned)

    def match(self, before: list[Match], outer: Bindings, *, inner: bool = False) -> Match:
        """As drawn elsewhere; what the checker would refuse is drawn again, a few times."""
        drawn = super().match(before, outer, inner=inner)
        for _ in range(4):
            if not repeated_location(drawn) and self.bound([*before, drawn], outer).possible:
                break
            drawn = super().match(before, outer, inner=inner)
        return replace(drawn, where=None) if self.chance(15) else drawn

    def node(self, known: dict[str, tuple[str, ...]], labels: tuple[str, ...], percent: int) -> NodePattern:
        """As drawn elsewhere; half of the property maps are left out, since few nodes have what they say."""
        drawn = super().node(known, labels, percent)
        return replace(drawn, properties=()) if self.chance(50) else drawn

    def subquery(self, bindings: Bindings, deeper: int) -> tuple[Match, ...]:
        """Now and then with a subquery inside."""
        return super().subquery(bindings, int(deeper or self.chance(25)))

    def condition(self, bindings: Bindings, subqueries: int, depth: int) -> Expression:
        """As drawn elsewhere, but half of the time one that much of the graph fulfils."""
        if self.chance(12):
            return self.rare(bindings, subqueries)
        if self.chance(65):
            loose = self.loose(bindings)
            if depth and self.chance(20):
                return Binary(self.one("AND", "OR"), loose, super().condition(bindings, subqueries, depth - 1))
            return loose
        return super().condition(bindings, subqueries, depth)

    def rare(self, bindings: Bindings, subqueries: int) -> Expression:
        """What is seldom drawn by chance."""
        text, number = self.text(bindings), self.number(bindings, 0)
        match self.one(
            "not exists" if subqueries else "in",
            "not exists" if subqueries else "text",
            "in",
            "empty",
            "text",
            "null",
            "remainder",
            "number in",
            "number in",
            "lists",
        ):
            case "not exists":
                return Not(Exists(self.subquery(bindings, 0)))
            case "in":
                return Binary("IN", text, ListOf((self.word(), self.word(), self.text(bindings))))
            case "number in":
                listed = self.part(Parameter("reals"), ListOf((_UNDEFINED, number, Literal(self.one(*_BIG)))))
                return Binary("IN", self.number(bindings, 1), listed)
            case "lists":
                pair = ListOf((Literal(1), self.number(bindings, 0)))
                return Binary("IN", ListOf((number, Literal(1))), ListOf((pair, ListOf((number, Literal(1.0))))))
            case "empty":
                return Not(Binary("IN", text, ListOf(())))
            case "text":
                return Binary(self.one("ENDS WITH", "CONTAINS"), text, self.word())
            case "null":
                return Not(Binary("AND", Binary("=", number, Literal(None)), Literal(False)))
            case _:
                return Binary(">=", Binary("%", number, Literal(self.one(2, 1.5, -3))), Literal(-9))

    def loose(self, bindings: Bindings) -> Expression:
        """What is often true."""
        dates = self.properties(bindings, "date")
        if dates and self.chance(40):
            return Binary(self.one("<", ">=", "=", "<>"), self.one(*dates), self.one(*dates))
        text = self.text(bindings)
        number = self.number(bindings, 0)
        return self.part(
            Binary("<>", text, Literal("zz")),
            Binary(">=", Call("coalesce", (number, Literal(0))), Literal(-5)),
            Binary("OR", IsNull(number), Binary("<", number, Literal(5000))),
            IsNull(number, negated=True),
            Binary("STARTS WITH", Call("coalesce", (text, Literal(""))), Literal("")),
        )

    def aggregate(self, bindings: Bindings) -> Expression:
        """As drawn elsewhere, and besides: an order, a deviation, DISTINCT in any."""
        if self.chance(50):
            return super().aggregate(bindings)
        name = self.one(*_AGGREGATES)
        # a server loses the digits of a deviation that is small beside the numbers: none of the large ones there
        number = super().number(bindings, 0) if name.startswith("stDev") else self.number(bindings, 1)
        if name in ("min", "max") and self.chance(40):
            number = self.text(bindings)
        share = (Literal(self.one(0.0, 0.25, 0.5, 1.0)),) if name.startswith("percentile") else ()
        return Call(name.lower(), (number, *share), self.chance(30))
