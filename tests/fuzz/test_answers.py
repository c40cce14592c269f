"""What Neo4j said is what the embedded engine says: random questions and directed ones, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from answers import DIRECTED, FILE, WORLDS, Answer, noticed, read
from worlds import Embedded, embedded, world

ANSWERS = {"random": read(FILE), "directed": read(DIRECTED)}


@pytest.fixture(scope="module")
def cases() -> Iterator[list[Embedded]]:
    with ExitStack() as stack:
        yield [stack.enter_context(embedded(world(number))) for number in range(WORLDS)]


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_the_answers_are_those_of_neo4j(cases: list[Embedded], answers: list[Answer]) -> None:
    assert [answer.question.text for answer in answers if noticed(answer, cases[answer.question.world])] == []


def test_the_answers_say_something() -> None:
    assert len(ANSWERS["random"]) > 150
    assert sum(any(answer.rows) for answer in ANSWERS["random"]) > 75
    assert len(ANSWERS["directed"]) > 60
