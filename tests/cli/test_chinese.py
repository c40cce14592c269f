"""What a Chinese reader sees: no command prints English sentences, headings or helps with `--lang zh`.

The commands of the README and of the tutorial are run in Chinese, every help is shown, and a row of mistakes is made.
English is what is left of a line when commands, options, file names, codes and text in back quotes are taken away.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from command import run_in

from ecosystem.cli.main import app

ROOT = Path(__file__).parents[2]
_CODE = re.compile(
    r"`[^`]*`"  # what is to be typed
    r"|(?:\becosystem|\bmake|\bpip|\bcd)\s.*"  # a command line
    r"|--?[\w-]+(?:[ =][A-Z][\w|.\[\]]*)?"  # an option and what it takes
    r"|\b[\w./*-]*[_/.:=\\][\w./*:-]*"  # codes, paths, file names
    r"|'[^']*'|\"[^\"]*\"|“[^”]*”"  # what somebody wrote
    r"|Spearman rho|Kendall tau"
    r"|^ *(?:MATCH|WHERE|RETURN) .*"  # Cypher
    r"|\b[A-Z][\w-]*+(?: [A-Z&][\w-]*+)*+(?! [a-z]{2})"  # names, Cypher's words
)
_ENGLISH = re.compile(r"(?<![A-Za-z])[A-Za-z][a-z]+(?: [a-z]+)+(?![A-Za-z])")


def english_in(text: str) -> Iterator[str]:
    """The lines of a text that have two English words or more in a row."""
    for line in text.splitlines():
        if _ENGLISH.search(_CODE.sub(" ~ ", line)):
            yield line.strip()


def command_lines(page: str) -> list[str]:
    """The commands of a page's blocks."""
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    lines = [shlex.join(shlex.split(line, comments=True)) for block in blocks for line in block.splitlines()]
    return [line.replace("--lang en", "--lang zh") for line in lines if line.startswith("ecosystem ")]


def test_the_measure_of_english() -> None:
    seen = """错误：unknown region 'x'
提示：ecosystem regions list shows them
得分见 data/x.csv，MATCH (a:Company)
Missing argument
"""
    assert list(english_in(seen)) == ["错误：unknown region 'x'", "Missing argument"]


@pytest.mark.long
@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_no_command_of_a_page_speaks_english(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECOSYSTEM_LANG", "zh")
    found: list[str] = []
    for line in dict.fromkeys(command_lines(page)):
        done = run_in(tmp_path, *shlex.split(line)[1:])
        found += [f"{line}: {said}" for said in english_in(done.stdout + done.stderr)]
    assert found == []


def every_command(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group, by the words that name it."""
    command = command or typer.main.get_command(app)
    command = getattr(command, "whole", command)
    yield words
    for name in sorted(getattr(command, "commands", {})):
        yield from every_command(command.commands[name], (*words, name))


def test_no_help_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECOSYSTEM_LANG", "zh")
    found = [
        f"{' '.join(words)}: {said}"
        for words in every_command()
        for said in english_in(run_in(tmp_path, *words, "--help").stdout)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "scor",
        "score",
        "score cingai-2032",
        "score cingai-2023 --level provnce",
        "score cingai-2023 --levle province",
        "score cingai-2023 --top x",
        "score cingai-2023 --store nowhere.duckdb",
        "score cingai-2023 --store neo4j://localhost:1",
        "score cingai-2023 --values nothing.csv",
        "load nowhere",
        "dataset check nowhere",
        "dataset import itjuzi_ai --from nowhere --out out",
        "metrics run enablement",
        "regions resolve Atlantis",
        "explain cingai-2023 Atlantis",
        "query 'MATCH (c:Compny) RETURN c.name'",
        "query 'MATCH (c:Company RETURN'",
        "query 'MATCH (c:Company) DELETE c'",
        "index check nowhere",
        "weights ahp nothing.csv",
        "export gexf",
        "knockout cingai-2023",
    ],
)
def test_no_error_is_english(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECOSYSTEM_LANG", "zh")
    done = run_in(tmp_path, *shlex.split(line))
    assert done.returncode in (1, 2)
    assert list(english_in(done.stdout + done.stderr)) == []
