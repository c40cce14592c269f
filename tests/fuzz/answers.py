"""Answers of Neo4j written down, so that the embedded engine is judged by them where no server is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from campaign import behind, faults, parameters_of, text_of
from compare import Row, same
from generator import generate
from queries import TYPES_OF_PARAMETERS
from server import Judge, JudgeError
from worlds import Embedded, embedded, world

from ecosystem.model import load_model
from ecosystem.query import Query, Schema, bind_query, parse, provenance
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_tree import AnyQuery
from ecosystem.query.tree import PropertyOf

HERE = Path(__file__).parent
FILE = HERE / "answers.json"
DIRECTED = HERE / "directed.json"
WORLDS = 6
PER_WORLD = 40
MOST_ROWS = 25


@dataclass(frozen=True)
class Question:
    """A query on a world; a metric's with the window that it is asked in (flow or stock, variable, first, last)."""

    world: int
    text: str
    metric: bool
    window: tuple[str, str, int | None, int | None] | None = None

    def query(self) -> AnyQuery:
        """The tree, in its window."""
        if not self.metric:
            return parse_statement(self.text)
        query = parse(self.text)
        if self.window is None:
            return query
        kind, variable, since, until = self.window
        dated = PropertyOf(variable, "year")
        return provenance.windowed(
            bind_query(query, Schema(load_model())), cast("Any", kind), dated, since, until
        ).query


@dataclass(frozen=True)
class Answer:
    """What the server said: the rows of the query, and of each query behind it."""

    question: Question
    rows: tuple[list[Row], ...]


def noticed(answer: Answer, case: Embedded) -> bool:
    """Whether the embedded engine now says something else, or nothing at all."""
    try:
        asked = [query for _, query in behind(answer.question.query())]
        given = [case.rows(query, parameters_of(query)) for query in asked]
    except Exception:
        # a translator that is broken on purpose may fail in any way
        return True
    return len(given) != len(answer.rows) or not all(map(same, asked, given, answer.rows))


def read(file: Path) -> list[Answer]:
    """The answers of a file."""
    return [
        Answer(_question(each["question"]), tuple([_row(row) for row in rows] for rows in each["rows"]))
        for each in json.loads(file.read_text(encoding="utf-8"))
    ]


def record(judge: Judge) -> None:
    """Ask the server everything again: random questions anew, the directed ones as they stand."""
    directed = [_question(each["question"]) for each in json.loads(DIRECTED.read_text(encoding="utf-8"))]
    random: list[Answer] = []
    aimed: list[Answer] = []
    for number in range(WORLDS):
        graph = world(number)
        judge.load(graph)
        with embedded(graph) as case:
            random += _answers(judge, _random_questions(case, number))
        aimed += _answers(judge, (question for question in directed if question.world == number))
    _write(FILE, [answer for answer in random if all(len(rows) <= MOST_ROWS for rows in answer.rows)])
    _write(DIRECTED, aimed)


def _random_questions(case: Embedded, number: int) -> Iterator[Question]:
    for at in range(PER_WORLD):
        query = generate(f"answers/{number}/{at}", case.store.schema, TYPES_OF_PARAMETERS)
        if not faults(query, case):
            yield Question(number, text_of(query), isinstance(query, Query))


def _answers(judge: Judge, questions: Iterator[Question]) -> Iterator[Answer]:
    for question in questions:
        asked = [query for _, query in behind(question.query())]
        try:
            yield Answer(question, tuple(list(judge.rows(text_of(query), parameters_of(query))) for query in asked))
        except JudgeError:
            # an integer divided by zero has no answer
            continue


def _write(file: Path, answers: Sequence[Answer]) -> None:
    lines = [json.dumps(asdict(answer), ensure_ascii=False, default=_written, allow_nan=True) for answer in answers]
    file.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _written(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(value)


def _question(found: dict[str, Any]) -> Question:
    window = found.get("window")
    return Question(found["world"], found["text"], found["metric"], None if window is None else tuple(window))


def _row(row: list[Any]) -> Row:
    return [_value(value) for value in row]


def _value(value: Any) -> object:
    match value:
        case {"date": str() as told, **others} if not others:
            return date.fromisoformat(told)
        case dict():
            return {key: _value(each) for key, each in value.items()}
        case list():
            return [_value(each) for each in value]
        case _:
            return value
