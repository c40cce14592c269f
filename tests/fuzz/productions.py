"""What of the grammar a query uses: the table in which every line must be hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ecosystem.query import statement_tree, temporal_types, tree
from ecosystem.query.conversion_functions import CONVERSION_FUNCTIONS
from ecosystem.query.list_functions import LIST_FUNCTIONS
from ecosystem.query.number_functions import NUMBER_FUNCTIONS
from ecosystem.query.statement_tree import AnyQuery, OptionalMatch, Order, Projection, QueryPart, Statement, Union
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.text_functions import TEXT_FUNCTIONS
from ecosystem.query.traversal import chosen, walk

PRODUCTIONS = (
    *("MATCH", "MATCH ..., ...", "MATCH ... MATCH", "MATCH ... WHERE", "OPTIONAL MATCH", "OPTIONAL MATCH ... WHERE"),
    *("WITH", "WITH ... WHERE", "WITH entity", "WITH value", "WITH aggregate", "RETURN", "RETURN entity"),
    *("DISTINCT", "ORDER BY", "ORDER BY DESC", "ORDER BY what is not returned", "SKIP", "LIMIT", "LIMIT $parameter"),
    *("UNION", "UNION ALL"),
    *("(n)", "(n:Label)", "(n:A|B)", "()", "(n {property})", "a node twice", "a lone node"),
    *("-[t:T]->", "<-[t:T]-", "-[t:T]-", "-[:T]-", "-[t:A|B]-", "-[t {property}]-", "a chain of two links"),
    *("AND", "OR", "NOT", "=", "<>", "<", "<=", ">", ">=", "IN [...]", "IN []", "IN $parameter"),
    *("IS NULL", "IS NOT NULL", "STARTS WITH", "ENDS WITH", "CONTAINS", "+", "-", "*", "/", "%", "^", "-x"),
    *("CASE WHEN", "CASE x WHEN", "ELSE", "coalesce", "EXISTS { }", "NOT EXISTS { }", "COUNT { }", "nested subquery"),
    *("count(*)", "count(x)", "count(DISTINCT x)", "sum(x)", "avg(x)"),
    *("an alias that hides", "names that differ in capitals", "coalesce(entity)", "CASE ... THEN entity"),
    *("0.0 / 0.0", "1.0 / 0.0", "-0.0", "an integer beyond 2^53", "IN lists of lists"),
    *("$parameter", "null", "true or false", "an integer", "a float", "a string", "n.property", "entity = entity"),
)
"""Every production that the subsets have, in words."""
_OF_LISTS = {
    tree.ElementOf: "list[index]",
    tree.SliceOf: "list[a..b]",
    tree.Comprehension: "[x IN list | ...]",
    tree.Quantifier: "any(x IN list WHERE ...)",
    tree.Reduce: "reduce(...)",
    tree.MapOf: "{key: value}",
    tree.MapProjection: "n {.name}",
    tree.LabelTest: "n:Label in an expression",
    tree.PatternComprehension: "[pattern | ...]",
    tree.Subquery: "a statement in an expression",
    statement_tree.Unwind: "UNWIND",
    statement_tree.CallSubquery: "CALL { }",
}
OF_LISTS = (*_OF_LISTS.values(), "-[*a..b]-", "a named path", "shortestPath", "allShortestPaths", "WITH *")
"""What only statements have: lists, maps, loops, subqueries of whole statements, walks and paths."""
OF_FUNCTIONS = (
    *("a function of a text", "a function of a number", "a function of a list", "a conversion", "=~"),
    *("a date, a moment or a duration", "min(x)", "max(x)", "sum(DISTINCT x)", "avg(DISTINCT x)", "stdev(x)"),
    *("stdevp(x)", "percentilecont(x)", "percentiledisc(x)", "collect(x)"),
)
"""The families of functions, and the aggregates that are newer than count, sum and avg."""
_FAMILIES = (
    (TEXT_FUNCTIONS, "a function of a text"),
    (NUMBER_FUNCTIONS, "a function of a number"),
    (LIST_FUNCTIONS, "a function of a list"),
    (CONVERSION_FUNCTIONS, "a conversion"),
)


def hits(query: AnyQuery) -> Counter[str]:
    """How many times a query uses each production; each at least once is what counts."""
    return Counter(set(_all(query)))


def table(counts: Counter[str]) -> str:
    """Every production with its number of queries, the rarest first."""
    rows = sorted(
        ((counts[name], name) for name in (*PRODUCTIONS, *OF_LISTS, *OF_FUNCTIONS)), key=lambda row: (row[0], row[1])
    )
    return "\n".join(f"{count:>8}  {name}" for count, name in rows)


def _all(query: AnyQuery) -> Iterator[str]:
    if isinstance(query, Union):
        yield "UNION ALL" if query.everything else "UNION"
    if isinstance(query, statement_tree.Query):
        yield "RETURN"
    seen: set[str] = set()
    names = {name for node in walk(query) if (name := _named(node))}
    if len({name.lower() for name in names}) < len(names):
        yield "names that differ in capitals"
    for node in walk(query):
        yield from _of_clause(node)
        yield from _of_pattern(node, seen)
        yield from _of_expression(node)
        yield from _of_lists(node)


def _of_lists(node: SyntaxNode) -> Iterator[str]:
    yield from (word for kind, word in _OF_LISTS.items() if isinstance(node, kind))
    match node:
        case tree.LinkPattern() if node.hops is not None:
            yield "-[*a..b]-"
        case tree.PathPattern():
            yield from ["a named path"] if node.variable else []
            yield from [{"one": "shortestPath", "all": "allShortestPaths"}[node.shortest]] if node.shortest else []
        case Projection(everything=True):
            yield "WITH *"


def _named(node: SyntaxNode) -> str:
    """The name that a pattern or a column gives."""
    match node:
        case tree.NodePattern() | tree.LinkPattern():
            return node.variable
        case statement_tree.Item():
            return node.alias
        case _:
            return ""


def _of_clause(node: SyntaxNode) -> Iterator[str]:
    match node:
        case tree.Match():
            yield "MATCH"
            yield from ["MATCH ..., ..."] if len(node.paths) > 1 else []
            yield from ["MATCH ... WHERE"] if node.where is not None else []
        case statement_tree.Query():
            yield from ["MATCH ... MATCH"] if len(node.matches) > 1 else []
        case QueryPart():
            yield from ["MATCH ... MATCH"] if sum(isinstance(each, tree.Match) for each in node.clauses) > 1 else []
        case OptionalMatch():
            yield "OPTIONAL MATCH"
            yield from ["OPTIONAL MATCH ... WHERE"] if node.match.where is not None else []
        case Statement():
            yield "RETURN"
            for step in node.parts[:-1]:
                yield from _of_with(step.projection)
            if any(isinstance(item.expression, tree.Variable) for item in node.parts[-1].projection.items):
                yield "RETURN entity"
        case Projection():
            yield from _of_projection(node)
        case Order():
            yield "ORDER BY DESC" if node.descending else "ORDER BY"


def _of_with(projection: Projection) -> Iterator[str]:
    yield "WITH"
    yield from ["WITH ... WHERE"] if projection.where is not None else []
    for item in projection.items:
        if any(isinstance(part, tree.Call) and part.function != "coalesce" for part in walk(item.expression)):
            yield "WITH aggregate"
        yield "WITH entity" if isinstance(item.expression, tree.Variable) else "WITH value"


def _of_projection(node: Projection) -> Iterator[str]:
    returned = {item.alias for item in node.items}
    spoken_of = {_spoken(part) for item in node.items for part in walk(item.expression) if _spoken(part) != item.alias}
    yield from ["an alias that hides"] if node.order and returned & spoken_of else []
    for item in node.items:
        chosen_entity = list(chosen(item.expression)) and not isinstance(item.expression, tree.Variable)
        word = "CASE ... THEN entity" if isinstance(item.expression, tree.Case) else "coalesce(entity)"
        yield from [word] if chosen_entity else []
    yield from ["DISTINCT"] if node.distinct else []
    yield from ["SKIP"] if node.skip is not None else []
    if node.limit is not None:
        yield "LIMIT $parameter" if isinstance(node.limit, tree.Parameter) else "LIMIT"
    for order in node.order:
        named = order.expression
        owner = named.name if isinstance(named, tree.Variable) else getattr(named, "variable", None)
        yield from ["ORDER BY what is not returned"] if owner not in returned else []


def _spoken(node: SyntaxNode) -> str:
    """The name that an expression speaks of."""
    return node.name if isinstance(node, tree.Variable) else getattr(node, "variable", "")


def _of_pattern(node: SyntaxNode, seen: set[str]) -> Iterator[str]:
    match node:
        case tree.NodePattern():
            yield from ["a node twice"] if node.variable in seen else []
            seen |= {node.variable} - {""}
            yield from ["(n {property})"] if node.properties else []
            yield "()" if not node.variable else ("(n)", "(n:Label)", "(n:A|B)")[min(len(node.labels), 2)]
        case tree.LinkPattern():
            yield {"out": "-[t:T]->", "in": "<-[t:T]-", "both": "-[t:T]-"}[node.direction]
            yield from ["-[:T]-"] if not node.variable else []
            yield from ["-[t:A|B]-"] if len(node.types) > 1 else []
            yield from ["-[t {property}]-"] if node.properties else []
        case tree.PathPattern():
            yield from ["a lone node"] if not node.links else []
            yield from ["a chain of two links"] if len(node.links) > 1 else []


def _of_expression(node: SyntaxNode) -> Iterator[str]:  # noqa: C901 - one branch per kind of expression
    match node:
        case tree.Binary(operator="IN", right=right):
            empty = isinstance(right, tree.ListOf) and not right.items
            yield "IN $parameter" if isinstance(right, tree.Parameter) else "IN []" if empty else "IN [...]"
            lists = isinstance(right, tree.ListOf) and any(isinstance(item, tree.ListOf) for item in right.items)
            yield from ["IN lists of lists"] if lists else []
        case tree.Binary(operator="/", left=tree.Literal(value=float() as above), right=tree.Literal(value=0.0)):
            yield "1.0 / 0.0" if above else "0.0 / 0.0"
        case tree.Binary(operator=operator, left=left):
            yield operator
            yield from ["entity = entity"] if isinstance(left, tree.Variable) and operator in ("=", "<>") else []
        case tree.Not(operand=operand):
            yield "NOT EXISTS { }" if isinstance(operand, tree.Exists) else "NOT"
        case tree.Minus():
            yield "-x"
        case tree.IsNull():
            yield "IS NOT NULL" if node.negated else "IS NULL"
        case tree.Case():
            yield "CASE WHEN" if node.subject is None else "CASE x WHEN"
            yield from ["ELSE"] if node.otherwise is not None else []
        case tree.Exists() | tree.CountMatches():
            yield "EXISTS { }" if isinstance(node, tree.Exists) else "COUNT { }"
            inner = [part for match in node.matches for part in walk(match)]
            yield from ["nested subquery"] if any(isinstance(p, tree.Exists | tree.CountMatches) for p in inner) else []
        case tree.Call(function="count"):
            yield "count(*)" if not node.arguments else "count(DISTINCT x)" if node.distinct else "count(x)"
        case tree.Call(function="coalesce"):
            yield "coalesce"
        case tree.Call():
            yield f"{node.function}({'DISTINCT ' if node.distinct else ''}x)"
            yield from (word for family, word in _FAMILIES if node.function in family)
            yield from ["a date, a moment or a duration"] if temporal_types.is_call(node.function) else []
        case tree.Parameter():
            yield "$parameter"
        case tree.PropertyOf():
            yield "n.property"
        case tree.Literal(value=value):
            names = {type(None): "null", bool: "true or false", int: "an integer", float: "a float", str: "a string"}
            yield names[type(value)]
            yield from ["-0.0"] if repr(value) == "-0.0" else []
            yield from ["an integer beyond 2^53"] if type(value) is int and abs(value) > 2**53 else []
