"""What `--help` shows: options in groups, commands in the order of work, three examples, both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from command import Run, runner

from ecosystem.cli.examples import EXAMPLES
from ecosystem.cli.help_page import COMMAND_GROUPS, columns, folded, text
from ecosystem.cli.main import app
from ecosystem.messages import speaking


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    return runner(monkeypatch, capsys)


def pages(command: Any = None, name: str = "ecosystem", parent: Any = None) -> Iterator[tuple[Any, str]]:
    """Every command that is shown, with its page at 80 columns."""
    command = command or typer.main.get_command(app)
    command = getattr(command, "whole", command)
    context = typer.Context(command, info_name=name, parent=parent, help_option_names=["-h", "--help"])
    yield context, text(command, context, 80)
    for below, one in getattr(command, "commands", {}).items():
        if not one.hidden:
            yield from pages(one, below, context)


def test_every_command_shows_three_examples_of_itself_or_more() -> None:
    named = set()
    for context, page in pages():
        words = context.command_path.removeprefix("ecosystem").strip()
        named.add(words)
        shown = [line for line in page.partition("Examples:\n")[2].splitlines() if line.startswith("  ")]
        assert shown == [f"  ecosystem {example}" for example in EXAMPLES.get(words, ())]
        if not hasattr(context.command, "commands"):
            assert len({*shown}) >= 3, words
        assert all(example.startswith(words) for example in EXAMPLES.get(words, ())), words
    assert set(EXAMPLES) <= named


def test_the_commands_stand_in_the_order_of_work_and_begin_with_where_to_start(run: Run) -> None:
    shown = run("--help").out
    assert shown.index("Start here:\n  demo") < shown.index("\n  dataset ") < shown.index("\n  score ")
    order = [name for names in COMMAND_GROUPS.values() for name in names]
    assert [name for name in typer.main.get_group(app).commands if name not in order] == []


def test_options_stand_in_groups(run: Run) -> None:
    shown = run("score", "--help").out
    titles = [line for line in shown.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert titles == ["Arguments:", "Options:", "Index:", "Data:", "Output:", "Every command:", "Examples:"]
    assert shown.index("Data:") < shown.index("--store") < shown.index("Output:") < shown.index("--out FILE")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_of_a_help_is_wider_than_the_terminal(lang: str) -> None:
    with speaking(lang):
        for _, page in pages():
            lines = [line for line in page.splitlines() if not line.startswith("  ecosystem ")]
            assert [line for line in lines if columns(line) > 80] == []


def test_chinese_is_folded_between_its_characters_and_not_before_a_comma() -> None:
    assert folded("一二三四，五六 abc", 8) == ["一二三", "四，五六", "abc"]


def test_what_the_parser_refuses_names_the_nearest_word(run: Run) -> None:
    for words, message, near in (
        (["score", "--levle", "x"], "No such option: --levle", "--level"),
        (["score", "--format", "jsn"], "Invalid value for '--format'", "json"),
        (["scor"], "No such command 'scor'", "score"),
    ):
        done = run(*words)
        assert (done.code, done.out) == (2, "")
        assert message in done.err
        assert done.err.rstrip().endswith(f"hint: did you mean {near}?")
    for value in ("0", "x"):
        assert f"'{value}' is not a whole number of at least 1" in run("score", "--top", value).err
    assert "'soon' is not a number" in run("query", "RETURN 1 AS n", "--timeout", "soon").err


def test_quiet_keeps_errors_and_drops_notes(run: Run) -> None:
    loud, quiet, before = (
        run(*words)
        for words in ((["regions", "groups"]), ["regions", "groups", "--quiet"], ["--quiet", "regions", "groups"])
    )
    assert loud == quiet == before
    assert run("index", "check", "cingai-2023", "--quiet").err == ""
    assert run("index", "check", "cingai-2023").err != ""
    assert "error" in run("regions", "resolve", "nowhere", "--quiet").err
