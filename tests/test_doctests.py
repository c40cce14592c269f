"""The examples in the docstrings of the public functions run, and print what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import ecosystem
from ecosystem.synthetic.twin import write_twin

SHOWN = [name for name in ecosystem.__all__ if callable(getattr(ecosystem, name)) and name[0].islower()]
"""The functions of the package; what they give tells in its own docstring what it holds."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `ecosystem demo` makes, which is what the examples begin with."""
    home = tmp_path_factory.mktemp("doctests")
    write_twin("cingai-2023", home / "demo" / "dataset")
    store = ecosystem.open_store(home / "demo" / "graph.duckdb", create=True)
    store.load(ecosystem.read_dataset(home / "demo" / "dataset").dataset)
    store.close()
    return home


@pytest.mark.parametrize("name", SHOWN)
def test_the_example_of_a_public_function_runs(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    finder, runner = (
        doctest.DocTestFinder(recurse=False),
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE),
    )
    [example] = finder.find(getattr(ecosystem, name), name, module=False, globs={"ecosystem": ecosystem})
    assert example.examples, f"the docstring of ecosystem.{name} has no example"
    said: list[str] = []
    runner.run(example, out=said.append)
    assert not runner.summarize(verbose=False).failed, "".join(said)
