"""What reads and judges the conformance suite, on scenarios of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from areas import counted, reasons, table
from created import created
from entity_values import LinkValue, NodeValue, PathValue, cell_value
from features import Fault, Scenario, Table, features_folder, read_scenarios
from notation import NotationError
from outcomes import Outcome, Rows, compared, expected_rows, judged
from same_values import Known, same, same_rows
from typed_graph import InexpressibleError, Stores, dataset
from vocabulary import Vocabulary, vocabulary

FEATURE = """
Feature: People

  Background:
    Given an empty graph
    And having executed:
      \"\"\"
      CREATE (a:Person {name: 'Ada', id: 1})-[:KNOWS {since: 2001}]->(b:Person {name: 'Bo'}),
             (:City {founded: date('1850-01-01')})
      \"\"\"

  Scenario Outline: [1] By name #Example: <name>
    And parameters are:
      | wanted | '<name>' |
    When executing query:
      \"\"\"
      MATCH (p:Person) WHERE p.name = $wanted RETURN p, p.id
      \"\"\"
    Then the result should be, in any order:
      | p   | p.id |
      | <p> | <id> |
    And no side effects

    Examples:
      | name | p                         | id   |
      | Ada  | (:Person {id: 1, name: 'Ada'}) | 1    |
      | Bo   | (:Person {name: 'Bo'})    | null |
      | Bo   | (:Person {name: 'Ada'})   | null |

  Scenario: [2] A link
    When executing query:
      \"\"\"
      MATCH (:Person)-[k:KNOWS]->() RETURN k
      \"\"\"
    Then the result should be, in order:
      | k                      |
      | [:KNOWS {since: 2001}] |

  Scenario: [3] A mistake
    When executing query:
      \"\"\"
      MATCH (p:Person) RETURN q
      \"\"\"
    Then a SyntaxError should be raised at compile time: UndefinedVariable

  Scenario: [4] A write
    When executing query:
      \"\"\"
      CREATE ()
      \"\"\"
    Then the result should be empty
    And the side effects should be:
      | +nodes | 1 |

  Scenario: [5] A mistake that is none
    When executing query:
      \"\"\"
      MATCH (p:Person) RETURN p.name AS name
      \"\"\"
    Then a TypeError should be raised at runtime: *

  Scenario: [6] What nobody has
    When executing query:
      \"\"\"
      MATCH (p:Robot {model: 'x'}) RETURN p.model AS model
      \"\"\"
    Then the result should be empty

  Scenario: [7] What nobody has is a number
    When executing query:
      \"\"\"
      MATCH (p:Robot) RETURN avg(p.model) AS model
      \"\"\"
    Then the result should be, in any order:
      | model |
      | null  |
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    folder = tmp_path / "tck" / "features" / "clauses" / "match"
    folder.mkdir(parents=True)
    (folder / "People.feature").write_text(FEATURE, encoding="utf-8")
    return read_scenarios(features_folder(tmp_path))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    stores = Stores(tmp_path)
    yield stores
    stores.close()


def test_features_are_read(scenarios: list[Scenario]) -> None:
    first = scenarios[0]
    assert [each.name[:3] for each in scenarios] == ["[1]", "[1]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]"]
    assert (first.folder, first.feature, first.name) == ("clauses/match", "People", "[1] By name #Example: Ada")
    assert first.parameters == (("wanted", "'Ada'"),)
    assert first.expected == Table(("p", "p.id"), (("(:Person {id: 1, name: 'Ada'})", "1"),))
    assert first.setup[0].startswith("CREATE (a:Person")
    assert scenarios[4].expected == Fault("SyntaxError", at_runtime=False)
    assert scenarios[5].writes
    assert scenarios[3].expected == Table(("k",), (("[:KNOWS {since: 2001}]",),), ordered=True)
    assert len({each.line for each in scenarios}) == len(scenarios)


def test_scenarios_are_judged(scenarios: list[Scenario], stores: Stores) -> None:
    outcomes = [judged(each, stores) for each in scenarios]
    verdicts = ["right", "right", "wrong", "right", "right", "inexpressible", "lenient", "right", "right"]
    assert [outcome.verdict for outcome in outcomes] == verdicts, [outcome.told for outcome in outcomes]
    assert "n1" in outcomes[2].told
    counts = counted(outcomes)["MATCH, WHERE"]
    assert (counts.rows["right"], counts.rows["wrong"], counts.errors["lenient"]) == (5, 1, 1)
    assert counts.share == 5 / 6
    assert "83.3%" in table(outcomes)
    assert reasons(outcomes, "inexpressible") == "     1  a query that writes"


def test_what_a_server_does_not_answer_is_left_out() -> None:
    scenario = Scenario("clauses/with", "With1", "[1]", "", Table((), ()))
    verdicts = [("right", "right"), ("refused", "wrong"), ("refused", "right")]
    counts = counted([Outcome(scenario, verdict, server=server) for verdict, server in verdicts])["all"]
    assert counts.share == 0.5
    assert counts.left_out == {"not on Neo4j": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-12", -12),
        ("1.5e3", 1500.0),
        ("'it\\'s'", "it's"),
        ("[1, [null], {a: true}]", [1, [None], {"a": True}]),
        ("(:A:B {p: 'x'})", NodeValue(frozenset("AB"), {"p": "x"})),
        ("[[:T]]", [LinkValue("T", {})]),
        (
            "<(:A)<-[:T {n: 1}]-()>",
            PathValue(
                (NodeValue(frozenset("A"), {}), NodeValue(frozenset(), {})), (LinkValue("T", {"n": 1}),), (False,)
            ),
        ),
    ],
)
def test_cells_are_read(text: str, value: object) -> None:
    assert cell_value(text) == value


@pytest.mark.parametrize("text", ["(", "1 2", "f(1)", "(a)-[:T]-(b)", ""])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        cell_value(text)


def test_setups_are_carried_out() -> None:
    graph = created(
        [
            "CREATE (a:A {name: 'x'}) WITH a UNWIND range(1, 3) AS i CREATE (a)-[:T {n: i}]->(:B {n: i, m: null})",
            "MATCH (a:A)-[r]->(b) DELETE r CREATE (b)-[:U]->(a); MATCH (a:A) CREATE (:C {name: a.name + '0'})",
        ]
    )
    assert [set(node.labels) for node in graph.nodes.values()] == [{"A"}, {"B"}, {"B"}, {"B"}, {"C"}]
    assert [node.properties for node in graph.nodes.values()][3:] == [{"n": 3}, {"name": "x0"}]
    assert {(link.kind, link.source, link.target) for link in graph.links.values()} == {
        ("U", "n1", "n0"),
        ("U", "n2", "n0"),
        ("U", "n3", "n0"),
    }


def test_a_query_is_searched_for_names() -> None:
    query = """MATCH (a:A {p: 1})-[r:T|:U*1..2]->(`b c`:C) WHERE a.q = [x IN r | x.w] AND EXISTS { (a) WHERE a:D }
    RETURN {m: a.`v v`} AS m // (:Z)"""
    assert vocabulary(query) == Vocabulary(("A", "C", "D"), ("T", "U"), ("p", "q", "w", "m", "v v"))


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        ("CREATE (:A:B)", "several labels"),
        ("CREATE ({p: 1}), ({p: 'x'})", "several types"),
        ("CREATE ({p: [1]})", "a property that is a list"),
        ("CREATE ({p: 1, P: 1})", "case alone"),
        ("CREATE (:A)-[:a]->(:A)", "case alone"),
        ("CREATE (:Builds)", "case alone"),
        ("CREATE (:_A)", "begins with _"),
    ],
)
def test_what_a_typed_graph_cannot_hold(setup: str, why: str) -> None:
    with pytest.raises(InexpressibleError, match=why):
        dataset(created([setup]), Vocabulary(labels=("Robot",), kinds=("BUILDS",)))


def test_values_are_compared_as_the_suite_means_them() -> None:
    graph = created(["CREATE (:A {d: date('2021-05-01')})-[:T]->(:B)<-[:T]-(:C)"])
    known: Known = {**graph.nodes, **graph.links}
    assert same(cell_value("(:A {d: '2021-05-01'})"), "n0", known)
    assert not same(cell_value("(:A)"), "n0", known)
    assert same(cell_value("<(:A {d: '2021-05-01'})-[:T]->(:B)<-[:T]-(:C)>"), ["n0", "r0", "n1", "r1", "n2"], known)
    assert not same(cell_value("<(:B)-[:T]->(:C)>"), ["n1", "r1", "n2"], known)
    assert same([1, {"a": [None]}], '[1, {"a": [null]}]', known)
    assert same("2021-05-01", date(2021, 5, 1), known)
    assert same("2021-05-01T00:00Z", datetime(2021, 5, 1, tzinfo=UTC), known)
    assert same("2021-05-01T10:20:30.05", datetime(2021, 5, 1, 10, 20, 30, 50_000), known)  # noqa: DTZ001 - of no zone
    assert same("10:20:30+01:00", time(10, 20, 30, tzinfo=timezone(timedelta(hours=1))), known)
    assert same({"p": 1}, {"p": 1, "id": "n0"}, known)
    assert same(float("nan"), float("nan"), known)
    assert not same(1, 1.0, known)
    assert not same(1, True, known)
    assert not same([1, 2], [2, 1], known)
    assert same([1, 2], [2, 1], known, any_list_order=True)
    assert same_rows([[1], [2]], [[2], [1]], known, ordered=False, any_list_order=False)
    assert not same_rows([[1], [2]], [[2], [1]], known, ordered=True, any_list_order=False)
    assert not same_rows([[1], [1], [2]], [[1], [2], [2]], known, ordered=False, any_list_order=False)


def test_keys_are_compared_without_our_own() -> None:
    scenario = Scenario(
        "expressions/graph", "Graph8", "[1]", "UNWIND keys(n) AS x RETURN x", Table(("x",), (("'a'",),))
    )
    got = Rows(("x",), [["id"], ["a"]])
    assert compared(scenario, expected_rows(scenario), got, {}).verdict == "right"
    other = replace(scenario, query="RETURN x")
    assert compared(other, expected_rows(other), got, {}).verdict == "wrong"
