"""Scenarios of openCypher's conformance suite (TCK), read from its feature files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler


@dataclass(frozen=True)
class Table:
    """The rows that a query is to give, as they are written; whether their order and that in their lists counts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ordered: bool = False
    any_list_order: bool = False


@dataclass(frozen=True)
class Fault:
    """The error that a query is to end with: its kind, its detail, and whether it may come at runtime only."""

    kind: str
    at_runtime: bool


@dataclass(frozen=True)
class Scenario:
    """A query on a graph that `setup` creates, and what is to come of it. An outline is a scenario for each example."""

    folder: str
    feature: str
    name: str
    query: str
    expected: Table | Fault | None
    setup: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    writes: bool = False
    procedure: bool = False
    line: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """Feature, line of the file and name."""
        return f"{self.feature}:{self.line} {self.name}"


def features_folder(given: Path) -> Path:
    """The folder of the feature files: the given one, or `features` below it as in a checkout."""
    inner = (given / "features", given / "tck" / "features")
    return next((folder for folder in inner if folder.is_dir()), given)


def read_scenarios(folder: Path) -> list[Scenario]:
    """Every scenario of the feature files in a folder and below, in the order of their paths."""
    return [each for file in sorted(folder.rglob("*.feature")) for each in read_feature(file, folder)]


def read_feature(file: Path, folder: Path) -> Iterator[Scenario]:
    """The scenarios of a file; named graphs are looked for beside the folder of the features."""
    document: Any = Parser().parse(file.read_text(encoding="utf-8"))
    document["uri"] = file.name
    examples = _lines_of_examples(document)
    for pickle in Compiler().compile(document):
        line = examples.get(pickle["astNodeIds"][-1], pickle["location"]["line"])
        yield _scenario(pickle, file, folder, line)


def _lines_of_examples(node: Any) -> dict[str, int]:
    """The line of every part of a document that has one, by the part's id."""
    lines: dict[str, int] = {}
    if isinstance(node, dict):
        if "id" in node and "location" in node:
            lines[node["id"]] = node["location"]["line"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            lines |= _lines_of_examples(child)
    return lines


def _scenario(pickle: Any, file: Path, folder: Path, line: int) -> Scenario:
    """What the steps say, each by its first words."""
    setup: list[str] = []
    parameters: list[tuple[str, str]] = []
    query, expected, writes, procedure = "", None, False, False
    for step in pickle["steps"]:
        text, argument = step["text"], step.get("argument", {})
        content = argument.get("docString", {}).get("content", "")
        cells = _cells(argument)
        if text.endswith("graph"):
            setup += _named_graph(text, folder)
        elif text.startswith("having executed"):
            setup.append(content)
        elif text.startswith("parameters are"):
            parameters += [(name, value) for name, value in cells]
        elif text.startswith("there exists a procedure"):
            procedure = True
        elif text.startswith("executing query"):
            query = content
        elif text.startswith("the side effects should be"):
            writes = True
        elif expected is None and text != "no side effects":
            expected = _expected(text, cells)
    return Scenario(
        folder=file.parent.relative_to(folder).as_posix(),
        feature=file.stem,
        name=pickle["name"],
        query=query,
        expected=expected,
        setup=tuple(setup),
        parameters=tuple(parameters),
        writes=writes,
        procedure=procedure,
        line=line,
    )


def _expected(text: str, cells: Sequence[tuple[str, ...]]) -> Table | Fault | None:
    """The table or the error of a step that says what the result is; None for a step that says something else."""
    if "should be raised" in text:
        kind, _, when = text.removeprefix("a ").removeprefix("an ").partition(" should be raised at ")
        return Fault(kind, at_runtime=not when.startswith("compile"))
    if text.startswith("the result should be empty"):
        return Table((), ())
    if text.startswith("the result should be"):
        return Table(cells[0], tuple(cells[1:]), "in order" in text, "ignoring element order" in text)
    return None


def _cells(argument: Any) -> list[tuple[str, ...]]:
    rows = argument.get("dataTable", {}).get("rows", [])
    return [tuple(cell["value"] for cell in row["cells"]) for row in rows]


def _named_graph(text: str, folder: Path) -> list[str]:
    """The script of `the NAME graph`; nothing for `an empty graph` and `any graph`."""
    name = text.removeprefix("the ").removesuffix(" graph")
    if text in ("an empty graph", "any graph"):
        return []
    return [(folder.parent / "graphs" / name / f"{name}.cypher").read_text(encoding="utf-8")]
