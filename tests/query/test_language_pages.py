"""The pages of the language name every function; what they show is what the embedded engine gives, or refuses."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from function_values import same
from graphs import Link, Node, dataset, graph
from language_page import PAGES, Refusal, aggregates, page, refusals, tables, values

from ecosystem.dataset import read_dataset
from ecosystem.errors import EcosystemError, InputError, MetricError
from ecosystem.messages import speaking
from ecosystem.metrics import check_metric, parse_metric
from ecosystem.query.functions import FUNCTIONS
from ecosystem.store import GraphStore, open_store
from ecosystem.store.limits import Limits
from ecosystem.store.question import answer
from ecosystem.synthetic.synthesize import synthesize

_BLOCK = re.compile(r"^```cypher\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("pages") / "graph.duckdb", create=True)
    store.load(dataset(graph([Node("P1", "Park")], [Link("l1", "LOCATED_IN", "P1", "c1")])))
    yield store
    store.close()


def ask(store: GraphStore, text: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of a question, as Python has them."""
    rows: list[dict[str, Any]] = answer(store, text, None, parameters, Limits.of(60, "half")).to_pylist()
    return rows


@pytest.mark.parametrize("lang", PAGES)
def test_every_function_is_on_the_page(lang: str) -> None:
    calls = {name for head, rows in tables(page(lang)) for row in rows for name in re.findall(r"(\w+)\(", row[0])}
    assert {function.name for function in FUNCTIONS.values()} - calls == set()


@pytest.mark.parametrize("lang", PAGES)
def test_what_is_written_is_what_the_page_says(lang: str, store: GraphStore) -> None:
    pairs = values(page(lang))
    items = (f"{text} AS c{number}" for number, text in enumerate(text for pair in pairs for text in pair))
    (row,) = ask(store, f"MATCH (n:Park) RETURN {', '.join(items)}")
    found = list(row.values())
    wrong = [
        (pair, one) for pair, one, other in zip(pairs, found[::2], found[1::2], strict=True) if not same(one, other)
    ]
    assert len(pairs) > 60
    assert wrong == []


@pytest.mark.parametrize("lang", PAGES)
def test_the_aggregates_of_the_page_are_right(lang: str, store: GraphStore) -> None:
    told = aggregates(page(lang))
    calls = ", ".join(f"{call.replace(', p)', ', 0.5)')} AS c{number}" for number, (call, *_) in enumerate(told))
    (some,) = ask(store, f"UNWIND [1, 2, 2, 7, null] AS x RETURN {calls}")
    (none,) = ask(store, f"UNWIND [1] AS x WITH x WHERE x > 1 RETURN {calls}")
    shown = ["missing" if value is None else str(value) for value in none.values()]
    assert shown == [nothing.replace("缺失", "missing") for *_, nothing in told]
    for (call, wanted, _), value in zip(told, some.values(), strict=True):
        assert (f"{value:.3f}" if wanted.startswith("2.") and wanted != "2.0" else str(value)) == wanted, call


@pytest.mark.parametrize("lang", PAGES)
def test_what_the_page_says_is_refused_is_refused_with_its_sentence(lang: str, store: GraphStore) -> None:
    metric, *_ = _BLOCK.findall(page(lang))
    told = refusals(page(lang))
    assert len(told) > 35
    with speaking(lang):
        assert [refusal(each.written, metric, store) for each in told] == told


def refusal(written: str, metric: str, store: GraphStore) -> Refusal:
    """The sentence about a question, or about a line in the metric of the page, and the first line of its hint."""
    try:
        if "RETURN" in re.sub(r"\{.*?\}", "", written) and not written.startswith("RETURN r.id"):
            ask(store, written)
            return Refusal(written, "", "")
        head, last = metric.rstrip().rsplit("\n", 1)
        lines = (head, written) if written.startswith("RETURN") else (head, written, last)
        found = check_metric(parse_metric("\n".join(lines), "m.cypher"), store.schema)
        raise MetricError("", findings=found)
    except EcosystemError as err:
        fault = err.findings[0] if isinstance(err, InputError) and err.findings else err
        return Refusal(written, fault.message, (fault.hint or "").partition("\n")[0])


@pytest.mark.long
@pytest.mark.parametrize("lang", PAGES)
def test_the_questions_of_the_page_have_answers(lang: str, tmp_path: Path) -> None:
    """On the made-up graph of the page; the metric at its top among them."""
    synthesize(tmp_path / "mydata", companies=300, links=3000, seed=1)
    with contextlib.closing(open_store(tmp_path / "graph.duckdb", create=True)) as made_up:
        made_up.load(read_dataset(tmp_path / "mydata").dataset)
        blocks = _BLOCK.findall(page(lang))
        assert len(blocks) > 6
        assert [block for block in blocks if len(ask(made_up, block, level="province")) < 3] == []


def test_the_pages_have_the_same_examples() -> None:
    english, chinese = page("en"), page("zh")
    assert values(chinese) == values(english)
    assert [each.written for each in refusals(chinese)] == [each.written for each in refusals(english)]
    assert aggregates(chinese) == [
        (call, some, none.replace("missing", "缺失")) for call, some, none in aggregates(english)
    ]
