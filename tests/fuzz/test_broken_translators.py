"""A translator with a mistake is noticed: what the fuzzer compares, or a directed question, gives another answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from answers import DIRECTED, FILE, WORLDS, Answer, noticed, read
from broken import MISTAKES, Mistake
from broken_lists import LISTS
from worlds import Embedded, embedded, world

RANDOM, AIMED = read(FILE), read(DIRECTED)


@pytest.fixture(scope="module")
def cases() -> Iterator[list[Embedded]]:
    with ExitStack() as stack:
        yield [stack.enter_context(embedded(world(number))) for number in range(WORLDS)]


def is_noticed(answers: list[Answer], cases: list[Embedded]) -> bool:
    return any(noticed(answer, cases[answer.question.world]) for answer in answers)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_a_mistake_is_noticed(mistake: Mistake, cases: list[Embedded], monkeypatch: pytest.MonkeyPatch) -> None:
    mistake.make(monkeypatch)
    assert is_noticed(AIMED, cases) or is_noticed(RANDOM, cases)


@pytest.mark.long
@pytest.mark.parametrize("mistake", LISTS, ids=lambda mistake: mistake.what)
def test_a_mistake_in_lists_is_noticed(
    mistake: Mistake, cases: list[Embedded], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake.make(monkeypatch)
    assert is_noticed(AIMED, cases)


@pytest.mark.long
def test_most_are_noticed_by_random_questions_too(cases: list[Embedded]) -> None:
    found = []
    for mistake in MISTAKES:
        with pytest.MonkeyPatch.context() as patch:
            mistake.make(patch)
            if is_noticed(RANDOM, cases):
                found.append(mistake.what)
    # a window is put on by the library: both engines are asked the query in it
    assert "the window ends a year early" not in found
    assert len(found) >= 15


def test_there_are_sixteen_mistakes_and_more_and_thirty_in_lists() -> None:
    assert len(MISTAKES) >= 16
    assert len(LISTS) >= 30
