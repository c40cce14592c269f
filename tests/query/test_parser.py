"""Cypher text to the tree and back, and the sentence for each text that is outside the subset."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecosystem.errors import Finding, QueryError
from ecosystem.query import parse, to_cypher
from ecosystem.query.printer import expression_text, name_text
from ecosystem.query.statement_tree import Item, Query
from ecosystem.query.syntax import Position
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

EITHER = PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern("", ("X", "Y"), direction="in"),))
A, X, Y = Variable("a"), PropertyOf("a", "x"), PropertyOf("a", "y")


def expression(text: str) -> Expression:
    return parse(f"MATCH (a) RETURN {text} AS v").items[0].expression


def match(text: str) -> Match:
    return parse(f"MATCH {text} RETURN count(*) AS v").matches[0]


def fault(text: str) -> Finding:
    with pytest.raises(QueryError) as caught:
        parse(text, "m.cypher")
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", Literal(1)),
        ("0", Literal(0)),
        ("-1", Literal(-1)),
        ("9223372036854775807", Literal(2**63 - 1)),
        ("1.5", Literal(1.5)),
        (".5", Literal(0.5)),
        ("1e3", Literal(1000.0)),
        ("2.5E-3", Literal(0.0025)),
        ("-1e22", Literal(-1e22)),
        ("'a'", Literal("a")),
        ('"a"', Literal("a")),
        (r"'it\'s'", Literal("it's")),
        (r'"say \"so\""', Literal('say "so"')),
        (r"'a\\b\n\t\r\b\f'", Literal("a\\b\n\t\r\b\f")),
        # a backslash before anything else stays: so answered Neo4j 5.26.30
        (r"'C:\data \d \` \/'", Literal(r"C:\data \d \` \/")),
        ("1_000_000", Literal(1000000)),
        ("0x_FF", Literal(255)),
        ("0o777777777777777777777", Literal(2**63 - 1)),
        ("-0o1000000000000000000000", Literal(-(2**63))),
        ("-9223372036854775808", Literal(-(2**63))),
        ("1.5f", Literal(1.5)),
        ("1.0_1", Literal(1.01)),
        ("+1", Literal(1)),
        (r"'\u5317\u4eac'", Literal("北京")),
        (r"'\ud83d\ude00'", Literal("😀")),
        ("'// no comment /* none */'", Literal("// no comment /* none */")),
        ("'two\nlines'", Literal("two\nlines")),
        ("true", Literal(True)),
        ("FALSE", Literal(False)),
        ("Null", Literal(None)),
        ("$level", Parameter("level")),
        ("$阈值", Parameter("阈值")),
        ("a", A),
        ("a.x", X),
        ("a.`x y`", PropertyOf("a", "x y")),
        ("a.`x``y`", PropertyOf("a", "x`y")),
        ("a.专利", PropertyOf("a", "专利")),
        ("a.end", PropertyOf("a", "end")),
        ("a.count", PropertyOf("a", "count")),
        ("`null`", Variable("null")),
        ("(a.x)", X),
        ("-a.x", Minus(X)),
        ("-true", Minus(Literal(True))),
        ("--1", Literal(1)),
        ("NOT a.x", Not(X)),
        ("NOT NOT a.x", Not(Not(X))),
        ("a.x IS NULL", IsNull(X)),
        ("a.x is not null", IsNull(X, negated=True)),
        ("[]", ListOf(())),
        ("['a', 1]", ListOf((Literal("a"), Literal(1)))),
        ("count(*)", Call("count", ())),
        ("COUNT( * )", Call("count", ())),
        ("count(a)", Call("count", (A,))),
        ("count(DISTINCT a)", Call("count", (A,), distinct=True)),
        ("Sum(a.x)", Call("sum", (X,))),
        ("coalesce(a.x, a.y, 0)", Call("coalesce", (X, Y, Literal(0)))),
        ("CASE WHEN a.x THEN 1 END", Case(None, ((X, Literal(1)),), None)),
        (
            "CASE a.x WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END",
            Case(X, ((Literal(1), Literal("a")), (Literal(2), Literal("b"))), Literal("c")),
        ),
    ],
)
def test_atoms(text: str, tree: Expression) -> None:
    assert repr(expression(text)) == repr(tree)


def binary(operator: Operator, left: Expression, right: Expression) -> Binary:
    return Binary(operator, left, right)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a.x OR a.y AND a", binary("OR", X, binary("AND", Y, A))),
        ("(a.x OR a.y) AND a", binary("AND", binary("OR", X, Y), A)),
        ("NOT a.x = a.y", Not(binary("=", X, Y))),
        ("NOT a.x AND a.y", binary("AND", Not(X), Y)),
        ("a.x + a.y * 2", binary("+", X, binary("*", Y, Literal(2)))),
        ("a.x - a.y - 1", binary("-", binary("-", X, Y), Literal(1))),
        ("a.x - (a.y - 1)", binary("-", X, binary("-", Y, Literal(1)))),
        ("a.x / a.y % 2", binary("%", binary("/", X, Y), Literal(2))),
        ("-a.x ^ 2", binary("^", Minus(X), Literal(2))),
        ("2 ^ a.x ^ 2", binary("^", binary("^", Literal(2), X), Literal(2))),
        ("a.x + 1 IN [2]", binary("IN", binary("+", X, Literal(1)), ListOf((Literal(2),)))),
        ("a.x + 1 IS NULL", IsNull(binary("+", X, Literal(1)))),
        ("a.x IN [1] = true", binary("=", binary("IN", X, ListOf((Literal(1),))), Literal(True))),
        ("a.x starts with 'a'", binary("STARTS WITH", X, Literal("a"))),
        ("a.x ENDS  WITH 'a' OR a", binary("OR", binary("ENDS WITH", X, Literal("a")), A)),
        ("NOT a.x CONTAINS 'a'", Not(binary("CONTAINS", X, Literal("a")))),
        ("a.x < -a.y", binary("<", X, Minus(Y))),
        ("a.x<-1", binary("<", X, Literal(-1))),
        ("a.x<>a.y", binary("<>", X, Y)),
    ],
)
def test_operators_bind_as_in_cypher(text: str, tree: Expression) -> None:
    assert expression(text) == tree


def test_chained_comparisons_hold_pair_by_pair() -> None:
    assert expression("1 < a.x <= a.y <> 3") == binary(
        "AND",
        binary("AND", binary("<", Literal(1), X), binary("<=", X, Y)),
        binary("<>", Y, Literal(3)),
    )


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("()", [PathPattern((NodePattern(""),), ())]),
        ("(a)", [PathPattern((NodePattern("a"),), ())]),
        ("(:Company)", [PathPattern((NodePattern("", ("Company",)),), ())]),
        ("(a:Company|University)", [PathPattern((NodePattern("a", ("Company", "University")),), ())]),
        (
            "(a {x: 1, `y z`: 'b'})",
            [PathPattern((NodePattern("a", (), (("x", Literal(1)), ("y z", Literal("b")))),), ())],
        ),
        ("(a {})", [PathPattern((NodePattern("a"),), ())]),
        ("(match:Company)", [PathPattern((NodePattern("match", ("Company",)),), ())]),
        ("(count {end: 1})", [PathPattern((NodePattern("count", (), (("end", Literal(1)),)),), ())]),
        ("(企业:Company)", [PathPattern((NodePattern("企业", ("Company",)),), ())]),
        ("(a)-->(b)", [PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern(""),))]),
        ("(a)<--(b)", [PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern("", direction="in"),))]),
        ("(a)--(b)", [PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern("", direction="both"),))]),
        ("(a)-[t:X]->(b)", [PathPattern((NodePattern("a"), NodePattern("b")), (LinkPattern("t", ("X",)),))]),
        ("(a)<-[:X|Y]-(b)", [EITHER]),
        ("(a)<-[:X|:Y]-(b)", [EITHER]),
        (
            "(a)-[t:X {year: 2020}]-(b)",
            [
                PathPattern(
                    (NodePattern("a"), NodePattern("b")),
                    (LinkPattern("t", ("X",), (("year", Literal(2020)),), "both"),),
                )
            ],
        ),
        (
            "(a)-[:X]->(b)<-[:Y]-(c), (d)",
            [
                PathPattern(
                    (NodePattern("a"), NodePattern("b"), NodePattern("c")),
                    (LinkPattern("", ("X",)), LinkPattern("", ("Y",), direction="in")),
                ),
                PathPattern((NodePattern("d"),), ()),
            ],
        ),
    ],
)
def test_patterns(text: str, paths: list[PathPattern]) -> None:
    assert list(match(text).paths) == paths


def test_clauses_comments_and_places() -> None:
    query = parse(
        "// title: x\n/* a comment\n over lines */ MATCH (a:Company) // the node\n"
        "WHERE a.x = 1 match (b) RETURN a.id AS region,\n  count(b) as value;"
    )
    assert query == Query(
        (
            Match((PathPattern((NodePattern("a", ("Company",)),), ()),), binary("=", X, Literal(1))),
            Match((PathPattern((NodePattern("b"),), ()),)),
        ),
        (Item(PropertyOf("a", "id"), "region"), Item(Call("count", (Variable("b"),)), "value")),
    )
    assert query.matches[0].position == Position(3, 16)
    assert query.matches[0].where is not None
    assert query.matches[0].where.position == Position(4, 7)
    assert query.items[1].position == Position(5, 3)


def test_subqueries() -> None:
    inner = match("(a)-[:X]->(b) WHERE b.x > 1")
    more = Match((PathPattern((NodePattern("b"),), ()),))
    assert expression("EXISTS { MATCH (a)-[:X]->(b) WHERE b.x > 1 MATCH (b) }") == Exists((inner, more))
    assert expression("count{match (a)-[:X]->(b) WHERE b.x > 1} >= 2") == binary(
        ">=", CountMatches((inner,)), Literal(2)
    )


def test_a_column_without_a_name_is_called_as_it_is_written() -> None:
    query = parse("MATCH (a) RETURN a.id, count( DISTINCT a ), a.x+1 AS `order by`")
    assert [item.alias for item in query.items] == ["a.id", "count( DISTINCT a )", "order by"]
    assert "AS `order by`" in to_cypher(query)


@pytest.mark.parametrize(
    ("text", "place", "code", "sentence"),
    [
        ("MATCH (a) CREATE (b) RETURN a", "1:11", "outside_subset", "CREATE is refused"),
        ("MATCH (a)\nSET a.x = 1", "2:1", "outside_subset", "SET is refused"),
        ("MATCH (a) DETACH DELETE a", "1:11", "outside_subset", "DETACH DELETE is refused"),
        ("MATCH (a) delete a", "1:11", "outside_subset", "DELETE is refused"),
        ("MATCH (a) REMOVE a.x", "1:11", "outside_subset", "REMOVE is refused"),
        ("MERGE (a) RETURN a", "1:1", "outside_subset", "MERGE is refused"),
        ("LOAD CSV FROM 'x' AS line RETURN line", "1:1", "outside_subset", "LOAD CSV is refused"),
        ("MATCH (a) FOREACH (x IN [1] | SET a.x = 1)", "1:11", "outside_subset", "FOREACH is refused"),
        ("DROP INDEX x", "1:1", "outside_subset", "DROP is refused"),
        ("CALL db.labels()", "1:1", "outside_subset", "CALL"),
        ("MATCH (a) CALL { MATCH (b) RETURN b } RETURN a", "1:11", "outside_subset", "CALL"),
        ("UNWIND [1] AS x RETURN x", "1:1", "outside_subset", "UNWIND"),
        ("MATCH (a) WITH a RETURN a", "1:11", "outside_subset", "WITH"),
        ("MATCH (a) OPTIONAL MATCH (b) RETURN a", "1:11", "outside_subset", "OPTIONAL MATCH"),
        ("MATCH (a) RETURN a UNION MATCH (a) RETURN a", "1:26", "outside_subset", "UNION"),
        ("MATCH (a) RETURN a.x ORDER BY a.x", "1:18", "outside_subset", "ORDER BY"),
        ("MATCH (a) RETURN a SKIP 1", "1:18", "outside_subset", "SKIP"),
        ("MATCH (a) RETURN a LIMIT 1", "1:18", "outside_subset", "LIMIT"),
        ("MATCH (a) RETURN DISTINCT a.x", "1:18", "outside_subset", "RETURN DISTINCT"),
        ("MATCH (a) RETURN *", "1:18", "outside_subset", "RETURN *"),
        ("USE neo4j MATCH (a) RETURN a", "1:1", "outside_subset", "USE"),
        ("RETURN 1 AS x", "1:8", "syntax", "begins with MATCH"),
        ("MATCH (a) RETURN count(DISTINCT) AS x", "1:32", "syntax", "')' cannot stand here"),
        ("", "1:1", "syntax", "ends too early"),
        ("  \n// only a comment", "2:18", "syntax", "ends too early"),
        ("MATCH (a)\n\n", "1:10", "syntax", "ends too early"),
        ("MATCH (a) RETURN count() AS x", "1:18", "syntax", "count() of nothing"),
        ("MATCH (a) RETURN sum(*) AS x", "1:18", "syntax", "only count(*) does"),
        ("MATCH (a {x: 1, x: 2}) RETURN a", "1:10", "syntax", "twice in one map"),
        ("MATCH (a) RETURN 9223372036854775808 AS x", "1:18", "syntax", "does not fit into 64 bits"),
        ("MATCH (a) RETURN 1e999 AS x", "1:18", "syntax", "does not fit into 64 bits"),
        (r"MATCH (a) RETURN '\u12' AS x", "1:18", "syntax", "four hexadecimal digits"),
        (r"MATCH (a) RETURN '\ud83d' AS x", "1:18", "syntax", "half a surrogate pair"),
        (r"MATCH (a) RETURN '\u0000' AS x", "1:18", "syntax", "character 0"),
    ],
)
def test_refusals_say_where_and_why(text: str, place: str, code: str, sentence: str) -> None:
    found = fault(text)
    assert (found.place, found.code) == (f"m.cypher:{place}", code)
    assert sentence in found.message


@pytest.mark.parametrize(
    "condition",
    ["(" * 2000 + "a.x" + ")" * 2000, " AND ".join(["a.x"] * 2000), "NOT " * 2000 + "a.x", "-" * 500 + "a.x"],
)
def test_what_is_nested_too_deeply_is_refused(condition: str) -> None:
    found = fault(f"MATCH (a) WHERE {condition} RETURN a.id AS v")
    assert "nests more than" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Company)" + "-[:ENABLES]->()" * 3000 + " RETURN a.id AS region, 1 AS value",
        "MATCH " + ", ".join(["(:Company)"] * 3000) + " RETURN 1 AS region, 1 AS value",
    ],
)
def test_more_patterns_than_an_engine_joins_are_refused(text: str) -> None:
    with pytest.raises(QueryError, match="at most 500 can be joined"):
        parse(text)


@pytest.mark.parametrize("part", ["CASE WHEN true THEN {} END", "coalesce({})", "NOT ({})", "[{}]", "-({})"])
def test_an_item_that_nests_thousands_deep_is_refused(part: str) -> None:
    before, after = part.split("{}")
    with pytest.raises(QueryError, match="nests more than 100 deep"):
        parse(f"MATCH (a) RETURN a.id AS region, {before * 3000}1{after * 3000}")


def test_a_long_list_is_not_deep() -> None:
    listed = ", ".join(f"'{number}'" for number in range(2000))
    tree = expression(f"a.x IN [{listed}]")
    assert isinstance(tree, Binary)
    assert isinstance(tree.right, ListOf)
    assert len(tree.right.items) == 2000


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (binary("AND", binary("AND", X, Y), A), "a.x AND a.y AND a"),
        (binary("AND", X, binary("AND", Y, A)), "a.x AND (a.y AND a)"),
        (binary("=", binary("=", X, Y), A), "(a.x = a.y) = a"),
        (Not(binary("OR", X, Y)), "NOT (a.x OR a.y)"),
        (Minus(Minus(X)), "-(-a.x)"),
        (Literal('it\'s "so"'), '"it\'s \\"so\\""'),
        (Variable("null"), "`null`"),
        (PropertyOf("a", "x y"), "a.`x y`"),
        (Literal(1e22), "1e+22"),
        (Literal(None), "null"),
    ],
)
def test_text_has_the_fewest_parentheses(tree: Expression, text: str) -> None:
    assert expression_text(tree) == text
    assert expression(text) == tree


WORDS = ["a", "企业", "match", "end", "count", "exists", "NULL", "distinct", "x y", "`", "a`b", "ä", "1", r"a\u0041"]
NAMES = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
NUMBERS = st.one_of(st.integers(-(2**63) + 1, 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False, width=64))
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Literal, st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)),
    st.builds(Parameter, NAMES),
    st.builds(Variable, NAMES),
    st.builds(PropertyOf, NAMES, NAMES),
    st.just(Call("count", ())),
)
OPERATORS: list[Operator] = ["AND", "OR", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^"]
OPERATORS += ["STARTS WITH", "ENDS WITH", "CONTAINS", "IN"]


def deeper(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    some = st.lists(inside, min_size=1, max_size=3).map(tuple)
    numbers = inside.filter(lambda node: not (isinstance(node, Literal) and type(node.value) in (int, float)))
    branches = st.lists(st.tuples(inside, inside), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Not, inside),
        st.builds(Minus, numbers),
        st.builds(Binary, st.sampled_from(OPERATORS), inside, inside),
        st.builds(IsNull, inside, st.booleans()),
        st.builds(ListOf, st.lists(inside, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(["count", "sum", "coalesce", "lower", "a1"]), some, st.booleans()),
        st.builds(Case, st.none() | inside, branches, st.none() | inside),
        st.builds(Exists, matches(inside)),
        st.builds(CountMatches, matches(inside)),
    )


def maps(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[tuple[str, Expression], ...]]:
    return st.dictionaries(NAMES, inside, max_size=2).map(lambda found: tuple(found.items()))


@st.composite
def paths(draw: st.DrawFn, inside: st.SearchStrategy[Expression]) -> PathPattern:
    variable = st.just("") | NAMES
    names = st.lists(NAMES, max_size=2, unique=True).map(tuple)
    ways = st.sampled_from(["out", "in", "both"])
    length = draw(st.integers(0, 2))
    nodes = tuple(draw(st.builds(NodePattern, variable, names, maps(inside))) for _ in range(length + 1))
    links = tuple(draw(st.builds(LinkPattern, variable, names, maps(inside), ways)) for _ in range(length))
    return PathPattern(nodes, links)


def matches(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[Match, ...]]:
    some = st.lists(paths(inside), min_size=1, max_size=2).map(tuple)
    return st.lists(st.builds(Match, some, st.none() | inside), min_size=1, max_size=2).map(tuple)


EXPRESSIONS = st.recursive(LEAVES, deeper, max_leaves=5)
QUERIES = st.builds(
    Query,
    matches(LEAVES),
    st.lists(st.builds(Item, EXPRESSIONS, NAMES), min_size=1, max_size=2).map(tuple),
)


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(QUERIES)
def test_tree_to_text_to_tree_is_the_identity(query: Query) -> None:
    text = to_cypher(query)
    again = parse(text)
    assert repr(again) == repr(query)
    assert to_cypher(again) == text


@given(NAMES)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_any_name_can_be_written(name: str) -> None:
    assert expression(name_text(name)) == Variable(name)


def test_a_query_is_printed_one_clause_a_line() -> None:
    text = "MATCH (c:Company)-[t:ENABLES]->() WHERE c.x = 'a' RETURN c.id AS region, count(t) AS value"
    assert to_cypher(parse(text)) == (
        'MATCH (c:Company)-[t:ENABLES]->() WHERE c.x = "a"\nRETURN c.id AS region, count(t) AS value'
    )
