"""What becomes of a scenario on the embedded engine: right, wrong, refused, a crash, or nothing that it can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from created import CreatedGraph, created
from entity_values import cell_value
from features import Fault, Scenario, Table
from notation import NotationError, tokens
from same_values import Known, same_rows
from typed_graph import UNLABELLED, InexpressibleError, Stores
from vocabulary import vocabulary

from ecosystem.errors import QueryError, StoreError, UsageError
from ecosystem.store import GraphStore
from ecosystem.store.duckdb.engine_errors import OUR_FAULT
from ecosystem.store.limits import Limits
from ecosystem.store.question import answer

LIMITS = Limits(seconds=30.0)
_WRITES = {"CREATE", "MERGE", "SET", "DELETE", "REMOVE", "FOREACH"}
_TIMES = re.compile(r"\b(?:time|localtime|localdatetime|datetime|duration)\s*[.(]|timezone", re.IGNORECASE)
_OWN_ID = re.compile(r"\bid\b(?!\s*\()")


@dataclass(frozen=True)
class Rows:
    """The rows that an engine gave, with the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Outcome:
    """A scenario, what became of it, and why or what was given in place of what it expects.

    `refused` is an error of ours with a sentence, `crash` any other, `lenient` an answer where an error was to come at
    runtime. `server` is the verdict on a Neo4j server, where one was asked.
    """

    scenario: Scenario
    verdict: str
    told: str = ""
    server: str = ""


def judged(scenario: Scenario, stores: Stores) -> Outcome:
    """The scenario, asked of the embedded engine; what its graph lacks is a text, or a number where no text will do."""
    plain = without_own_id(scenario)
    try:
        graph = expressible(plain)
        expected = expected_rows(plain)
        values = {name: cell_value(text) for name, text in plain.parameters}
        words = vocabulary(plain.query)
        outcome = _asked(plain, graph, expected, values, stores.store(graph, words))
        if outcome.verdict == "refused" and words.properties:
            again = _asked(plain, graph, expected, values, stores.store(graph, words, "integer"))
            outcome = outcome if again.verdict == "refused" else again
    except (InexpressibleError, NotationError) as err:
        outcome = Outcome(scenario, "inexpressible", str(err))
    return replace(outcome, scenario=scenario)


def _asked(
    scenario: Scenario, graph: CreatedGraph, expected: Rows | None, values: dict[str, object], store: GraphStore
) -> Outcome:
    try:
        table = answer(store, scenario.query, None, values, LIMITS)
    except (QueryError, UsageError, StoreError) as err:
        return _refused(scenario, err, _beyond(scenario, values))
    except Exception as err:
        return Outcome(scenario, "crash", f"{type(err).__name__}: {err}")
    return compared(scenario, expected, _rows(table), {**graph.nodes, **graph.links})


def compared(scenario: Scenario, expected: Rows | None, got: Rows, known: Known) -> Outcome:
    """The verdict on rows that were given."""
    if expected is None:
        late = isinstance(scenario.expected, Fault) and scenario.expected.at_runtime
        return Outcome(scenario, "lenient" if late else "wrong", f"no error, but {_shown(got)}")
    if _fits(scenario, expected, got, known):
        return Outcome(scenario, "right")
    return Outcome(scenario, "wrong", _shown(got))


def expected_rows(scenario: Scenario) -> Rows | None:
    """The rows of the expected table; None where an error is expected. Raises NotationError."""
    if not isinstance(scenario.expected, Table):
        return None
    return Rows(scenario.expected.columns, [list(map(cell_value, row)) for row in scenario.expected.rows])


def expressible(scenario: Scenario) -> CreatedGraph:
    """The graph of a scenario that only reads it. Raises InexpressibleError or NotationError."""
    words = {token.text.upper() for token in tokens(scenario.query) if token.kind == "name"}
    if scenario.writes or words & _WRITES:
        raise InexpressibleError("a query that writes")
    if scenario.procedure or re.search(r"\bCALL\s+[\w.]+\s*", scenario.query, re.IGNORECASE):
        raise InexpressibleError("a procedure")
    if scenario.expected is None:
        raise InexpressibleError("no result is said")
    graph = created(scenario.setup)
    if "LABELS" in words and any(not node.labels for node in graph.nodes.values()):
        raise InexpressibleError(f"labels() of a node without one, which is {UNLABELLED} here")
    return graph


def without_own_id(scenario: Scenario) -> Scenario:
    """The scenario with another name for a property called `id`, which every entity of ours has."""

    def renamed(text: str) -> str:
        return _OWN_ID.sub("identity", text)

    expected = scenario.expected
    if isinstance(expected, Table):
        rows = tuple(tuple(map(renamed, row)) for row in expected.rows)
        expected = replace(expected, columns=tuple(map(renamed, expected.columns)), rows=rows)
    return replace(
        scenario,
        query=renamed(scenario.query),
        setup=tuple(map(renamed, scenario.setup)),
        parameters=tuple((renamed(name), renamed(text)) for name, text in scenario.parameters),
        expected=expected,
    )


def _beyond(scenario: Scenario, values: dict[str, object]) -> str:
    """Why a refusal is none: what is asked for is neither in the graph's types nor a value that a person can give."""
    given = [item for value in values.values() for item in (value if isinstance(value, list) else [value])]
    if any(isinstance(item, dict) for item in given):
        return "a parameter that is a map"
    if _TIMES.search(scenario.query):
        return "times of day, time zones, durations"
    return ""


def _refused(scenario: Scenario, err: QueryError | UsageError | StoreError, reason: str) -> Outcome:
    told = "; ".join(finding.message for finding in err.findings) if isinstance(err, QueryError) else err.message
    told = told or err.message
    if isinstance(err, StoreError) and told.startswith(OUR_FAULT):
        return Outcome(scenario, "crash", f"the engine's own words: {err.__cause__}")
    if isinstance(scenario.expected, Fault):
        return Outcome(scenario, "right", told)
    return Outcome(scenario, "inexpressible", reason) if reason else Outcome(scenario, "refused", told)


def _rows(table: pa.Table) -> Rows:
    columns = [column.to_pylist() for column in table.columns]
    return Rows(tuple(table.column_names), list(zip(*columns, strict=True)))


def _fits(scenario: Scenario, expected: Rows, got: Rows, known: Known) -> bool:
    """Whether the rows are the expected ones; columns may come in any order."""
    wanted = scenario.expected
    assert isinstance(wanted, Table)
    if not expected.columns:
        return not got.rows
    if sorted(expected.columns) != sorted(got.columns):
        return False
    order = [got.columns.index(name) for name in expected.columns]
    # of the keys of an entity one is its id, a property of ours
    rows = [[row[at] for at in order] for row in got.rows if "keys(" not in scenario.query or "id" not in row]
    return same_rows(expected.rows, rows, known, ordered=wanted.ordered, any_list_order=wanted.any_list_order)


def _shown(got: Rows) -> str:
    rows = "; ".join(", ".join(map(repr, row)) for row in got.rows[:8])
    return f"{', '.join(got.columns)}: {rows or 'no rows'}{' ...' if len(got.rows) > 8 else ''}"
