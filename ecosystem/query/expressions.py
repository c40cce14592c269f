"""SQL for one expression, wherever Cypher and SQL differ in words or in meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ecosystem.query import collection_sql, comparison_sql, temporal_types
from ecosystem.query.aggregate_dialect import Range
from ecosystem.query.aggregates import KNOWN, Values
from ecosystem.query.call_types import ENTITY_FUNCTIONS
from ecosystem.query.comparison_sql import refuse_long
from ecosystem.query.dialect import EXACT, Dialect
from ecosystem.query.functions import FUNCTIONS, Function
from ecosystem.query.kinds import inside, is_list
from ecosystem.query.surroundings import Surroundings
from ecosystem.query.temporal_functions import Temporal
from ecosystem.query.temporal_types import TEMPORAL
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Comprehension,
    CountMatches,
    ElementOf,
    Exists,
    Expression,
    FieldOf,
    IsNull,
    LabelTest,
    ListOf,
    Literal,
    MapOf,
    MapProjection,
    Minus,
    Not,
    Parameter,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    SliceOf,
    Subquery,
    TypeTest,
    Variable,
)


@dataclass(frozen=True, slots=True)
class Emitter:
    """Expressions of one scope as SQL."""

    scope: Surroundings

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""
        return self.scope.dialect

    def expression(self, node: Expression) -> str:  # noqa: C901 - one branch per kind of expression
        """The SQL of an expression, safe to stand as an operand."""
        match node:
            case Literal():
                return self.dialect.constant(node.value)
            case Parameter():
                kind = self.scope.typer.parameters.get(node.name, "unknown")
                return self.dialect.parameter(self.scope.parameter(node.name), kind)
            case Variable():
                # what has no type is null throughout, and an engine would give it one that fits nothing
                untold = self.scope.typer.bindings.values.get(node.name) in ("null", "unknown")
                return "NULL" if untold else self.scope.variable(node.name)
            case PropertyOf():
                return self._property_of(node)
            case Not():
                return f"(NOT {self.expression(node.operand)})"
            case Minus():
                return f"(-{self.expression(node.operand)})"
            case Binary():
                return self._binary(node)
            case IsNull():
                return f"({self.expression(node.operand)} IS {'NOT ' if node.negated else ''}NULL)"
            case ListOf():
                kind = inside(self.type_of(node))
                return self.dialect.array([self.chosen(item, kind) for item in node.items])
            case FieldOf() | ElementOf() | SliceOf() | MapOf() | MapProjection() | LabelTest():
                return collection_sql.part(self, node)
            case Comprehension():
                return collection_sql.comprehension(self, node)
            case Quantifier():
                return collection_sql.quantifier(self, node)
            case Reduce():
                return collection_sql.reduction(self, node)
            case PatternComprehension():
                return self.scope.results(node.match, node.result)
            case Call():
                return self._call(node)
            case Case():
                return self._case(node)
            case Exists():
                return f"EXISTS ({self.scope.subquery(node.matches, '1')})"
            case CountMatches():
                return f"coalesce(({self.scope.subquery(node.matches, 'count(*)')}), 0)"
            case Subquery() | TypeTest():
                raise TypeError(f"{type(node).__name__} is a step of its own (pipeline.py), or refused (subset.py)")

    def inside(self, scope: Surroundings) -> Emitter:
        """The emitter of a scope inside this one."""
        return Emitter(scope)

    def type_of(self, node: Expression) -> str:
        """The type of an expression that the checker has passed; of a node or link with what it may be."""
        if isinstance(node, PropertyOf) and node.variable not in self.scope.typer.bindings.values:
            # the check of a pattern's properties has other nodes than their SQL
            return self.scope.property_type(node.variable, node.name) or "null"
        kind = self.scope.typer.known(node)
        return self.scope.typer.detailed(node) if kind in ("node", "link") else kind

    def _property_of(self, node: PropertyOf) -> str:
        if node.variable in self.scope.typer.bindings.values:
            return collection_sql.field(self, Variable(node.variable), node.name)
        return self.scope.property(node.variable, node.name)

    def _binary(self, node: Binary) -> str:
        types = {self.type_of(node.left), self.type_of(node.right)}
        if node.operator in ("+", "-", "*", "/") and types & set(TEMPORAL) and not any(map(is_list, types)):
            return Temporal(self).arithmetic(node)
        if node.operator == "IN":
            return comparison_sql.is_in(self, node)
        left, right = self.expression(node.left), self.expression(node.right)
        match node.operator:
            case "STARTS WITH" | "ENDS WITH" | "CONTAINS" as operator:
                return self.dialect.text_test(
                    operator, self._as_text(node.left, left), self._as_text(node.right, right)
                )
            case "^":
                return self.dialect.power(left, right)
            case "=~":
                written = node.right.value if isinstance(node.right, Literal) else None
                return self.dialect.matches(left, right, written if isinstance(written, str) else None)
            case "/" if self.type_of(node) == "integer":
                return self.dialect.whole_quotient(left, right)
            case "/":
                return self.dialect.quotient(left, right)
            case "%":
                return self._remainder(node, left, right)
            case "+" if is_list(self.type_of(node)):
                return self._joined(node)
            case "+" if "string" in (self.type_of(node.left), self.type_of(node.right)):
                return self.dialect.concatenation(self._as_text(node.left, left), self._as_text(node.right, right))
            case "=" | "<>" | "<" | "<=" | ">" | ">=" as operator:
                return comparison_sql.compare(self, operator, node.left, node.right)
            case "XOR":
                return f"({left} <> {right})"
            case operator:
                return f"({left} {operator} {right})"

    def _remainder(self, node: Binary, left: str, right: str) -> str:
        """Of integers by -1 as by 1: a quotient of the smallest and -1, which an engine computes first, has 65 bits."""
        known = isinstance(node.right, Literal) and node.right.value not in (0, -1)
        if self.type_of(node) != "integer" or known:
            return self.dialect.remainder(left, right)
        refuse_long(left, right)
        one, minus, zero = map(self.dialect.constant, (1, -1, 0))
        rest = self.dialect.remainder(left, f"(CASE WHEN {right} = {minus} THEN {one} ELSE {right} END)")
        failed = self.dialect.failure("zero_division", "integer")
        return f"(CASE WHEN {right} = {zero} AND {left} IS NOT NULL THEN {failed} ELSE {rest} END)"

    def _joined(self, node: Binary) -> str:
        """Two lists joined, or a list with one element more; null where either side is."""
        kind = self.type_of(node)
        sides = [
            self._list_of_type(side, kind)
            if is_list(self.type_of(side))
            else self._as_list(self.chosen(side, inside(kind)))
            for side in (node.left, node.right)
        ]
        return self.dialect.lists.joined(*sides)

    def _list_of_type(self, node: Expression, kind: str) -> str:
        """A list that holds nothing, or nulls alone, has to the engine a type of its own."""
        text = self.expression(node)
        untold = inside(self.type_of(node)) in ("null", "unknown") and "unknown" not in kind
        return f"CAST({text} AS {self.dialect.lists.type_for(kind)})" if untold else text

    def _as_list(self, element: str) -> str:
        return f"(CASE WHEN {element} IS NULL THEN NULL ELSE {self.dialect.array([element])} END)"

    def _as_text(self, node: Expression, text: str) -> str:
        kind = self.type_of(node)
        return text if kind == "string" else self.dialect.function("tostring", [text], [kind])

    def _cast(self, text: str, kind: str) -> str:
        return self.dialect.cast(text, kind)

    def may_be_nan(self, node: Expression) -> bool:
        """Whether it may be not a number: the values of a dataset never are, and what is computed of floats may be.

        Not-a-number equals nothing, itself neither: to DISTINCT and to groups each is another, as it is to Neo4j.
        """
        if self.type_of(node) != "float":
            return False
        match node:
            case Literal() | PropertyOf():
                return False
            case Minus():
                return self.may_be_nan(node.operand)
            case Call(function="coalesce"):
                return any(map(self.may_be_nan, node.arguments))
            case Case():
                return any(map(self.may_be_nan, node.results))
            case _:
                return True

    def chosen(self, node: Expression, kind: str) -> str:
        """One of several expressions whose common type this is: an integer beside floats becomes one, or an error."""
        if is_list(kind):
            return self._list_of_type(node, kind)
        if kind != "float" or self.type_of(node) != "integer":
            return self.expression(node)
        if isinstance(node, Literal) and isinstance(node.value, int) and abs(node.value) <= EXACT:
            return self.expression(Literal(float(node.value)))
        text = self.expression(node)
        refuse_long(text)
        return self.dialect.exact_float(text)

    def _case(self, node: Case) -> str:
        kind = self.type_of(node)
        branches = "".join(
            f" WHEN {self._condition(node.subject, when)} THEN {self.chosen(then, kind)}"
            for when, then in node.branches
        )
        otherwise = f" ELSE {self.chosen(node.otherwise, kind)}" if node.otherwise is not None else ""
        return f"(CASE{branches}{otherwise} END)"

    def _condition(self, subject: Expression | None, when: Expression) -> str:
        # the subject is compared as everywhere else: CASE x WHEN y of SQL takes not-a-number for equal to itself
        return self.expression(when) if subject is None else comparison_sql.equal(self, subject, when)

    def _call(self, node: Call) -> str:
        if node.function == "coalesce":
            kind = self.type_of(node)
            return f"coalesce({', '.join(self.chosen(argument, kind) for argument in node.arguments)})"
        if node.function in ENTITY_FUNCTIONS:
            return collection_sql.of_entity(self, node)
        if node.function == "nullif":
            first, second = node.arguments
            branches = ((Binary("=", first, second), Literal(None)),)
            return self.expression(Case(None, branches, first))
        if temporal_types.is_call(node.function):
            return Temporal(self).call(node)
        if node.function in FUNCTIONS:
            return self._function(node, FUNCTIONS[node.function])
        if node.function in KNOWN:
            return self._aggregate(node)
        arguments = [self.expression(argument) for argument in node.arguments]
        if node.function == collection_sql.IN_TURN:
            return self.dialect.lists.in_turn(*arguments)
        return self._collect(node, arguments[0])

    def _aggregate(self, node: Call) -> str:
        if not node.arguments:
            return "count(*)"
        argument, text, record = node.arguments[0], self.expression(node.arguments[0]), KNOWN[node.function]
        kind, may_be_nan = self.type_of(argument), self.may_be_nan(argument)
        if node.distinct and may_be_nan:
            refuse_long(text)
        if kind == "null" and record.takes:
            kind = record.takes[0]
            text = self._cast(text, kind)
        share = self._share(node.arguments[1]) if record.shared else ""
        ranges = [] if kind == "integer" else list(self._ranges(argument))
        return record.sql(Values(self.dialect, text, kind, node.distinct, may_be_nan, ranges, share))

    def _share(self, node: Expression) -> str:
        """A number from 0 to 1, or a failure."""
        text = self._cast(self.expression(node), "float")
        if isinstance(node, Literal):
            return text
        zero, one, fails = self.dialect.constant(0.0), self.dialect.constant(1.0), self.dialect.failure
        within = f"{text} BETWEEN {zero} AND {one}"
        return f"(CASE WHEN {within} THEN {text} ELSE {fails('percentile', 'float')} END)"

    def _collect(self, node: Call, text: str) -> str:
        """The list of what is there, in the order of the rows where they have one, else in its own."""
        order = self.scope.order or (text,)
        found = self.dialect.lists.collected(text, order, distinct=node.distinct, where=f"{text} IS NOT NULL")
        return f"coalesce({found}, {self.dialect.lists.nothing(self.type_of(node))})"

    def _function(self, node: Call, function: Function) -> str:
        """A function of the table; what is null throughout is given the type that the function takes."""
        kinds = tuple(map(self._type_of_argument, node.arguments))
        texts = [self.expression(argument) for argument in node.arguments]
        for number, (kind, takes) in enumerate(zip(kinds, function.takes, strict=False)):
            if kind == "null" and takes[0] in self.dialect.types:
                texts[number] = self._cast(texts[number], takes[0])
        return function.written(self.dialect, texts, kinds)

    def _type_of_argument(self, node: Expression) -> str:
        """The type of an argument: what is of none is null, but for a parameter of which nobody said it."""
        kind = self.type_of(node)
        return "null" if kind == "unknown" and not isinstance(node, Parameter) else kind

    def _ranges(self, node: Expression) -> Iterator[Range | None]:
        """The ranges of the constants and properties that an expression chooses among; None where it computes."""
        match node:
            case Literal(value=int() | float() as number):
                yield (abs(float(number)), abs(float(number)))
            case Literal(value=None):
                return
            case PropertyOf() if self.type_of(node) == "float":
                yield from self.scope.numeric_range(node.variable, node.name)
            case Call(function="coalesce"):
                for argument in node.arguments:
                    yield from self._ranges(argument)
            case Case():
                for result in node.results:
                    yield from self._ranges(result)
            case Minus():
                yield from self._ranges(node.operand)
            case _:
                yield None
