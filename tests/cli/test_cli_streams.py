"""What becomes of text on its way to a terminal, of streams that fail, and of Ctrl-C from the beginning on."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from command import PROGRAM, run_in
from graphs import Node, dataset, graph

from ecosystem.cli import console
from ecosystem.cli.console import visible
from ecosystem.cli.options import Format
from ecosystem.store import open_store

pytestmark = pytest.mark.long


BELL = "Acme\x1b]0;owned\x07\x1b[2J\x9b31m\u202emoc.live\nhint: rm -rf"
SHOWN = r"Acme\x1b]0;owned\x07\x1b[2J\x9b31m\u202emoc.live\x0ahint: rm -rf"
NAMES = "MATCH (c:Company) RETURN c.name AS name"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, in which one company has a name that would take a terminal over."""
    folder = tmp_path_factory.mktemp("streams")
    store = open_store(folder / "g.duckdb", create=True)
    store.load(dataset(graph([Node("a", "Company", {"name": BELL}), Node("b", "Company", {"name": "北京 é 🐼"})], [])))
    store.close()
    return folder


def process(
    folder: Path, *words: str, redirect: str = "", code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The program in a shell with streams as `redirect` says."""
    line = ["sh", "-c", f'exec "$@" {redirect}', "sh", *PROGRAM, *words]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, check=False, timeout=60)
    encoding = environment["PYTHONIOENCODING"]
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert done.returncode == code, err
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    return subprocess.CompletedProcess(words, done.returncode, out, err)


# --- names that would command a terminal


def test_a_name_in_a_table_commands_no_terminal(folder: Path) -> None:
    for form in ("table", "md"):
        done = run_in(folder, "query", NAMES, "--store", "g.duckdb", "--format", form)
        assert visible(done.stdout) == done.stdout
        assert (SHOWN if form == "table" else r"\u202emoc.live") in done.stdout


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_name_in_a_file_turns_as_it_did(folder: Path, form: str) -> None:
    """What has no place in a file of text, such as the codes of a terminal, has never been written into one."""
    done = run_in(folder, "query", NAMES, "--store", "g.duckdb", "--format", form)
    rows = json.loads(done.stdout) if form == "json" else csv.DictReader(io.StringIO(done.stdout, newline=""))
    assert "Acme]0;owned[2J31m\u202emoc.live\nhint: rm -rf" in [row["name"] for row in rows]


@pytest.mark.parametrize("form", list(Format))
def test_a_terminal_is_commanded_by_no_format(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    console.show(pd.DataFrame({BELL: [BELL]}), form, title=BELL)
    console.put(BELL)
    assert visible(terminal.getvalue()) == terminal.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        ["\x1b[31m"],
        ["query", "--\x1b[31m"],
        ["query", "\x1b[31m"],
        ["query", "\x1b[31m.cypher"],
        ["query", NAMES, "--store", "\x1b[31m"],
        ["query", NAMES, "--param", "\x1b[31m"],
        ["score", "\x1b[31m"],
        ["score", "--from", "\x1b[31m.json"],
        ["score", "cingai-2023", "--values", "\u202e\x9b.csv"],
        ["load", "\x1b[31m"],
        ["dataset", "check", "\x1b[31m"],
        ["dataset", "import", "run", "\x1b[31m.toml", "--from", "\x07"],
        ["index", "show", "\x1b[31m"],
        ["metrics", "show", "\x1b[31m"],
        ["regions", "resolve", "\x1b[31m"],
    ],
)
def test_no_message_commands_a_terminal(folder: Path, words: list[str]) -> None:
    done = run_in(folder, *words)
    assert done.returncode in (1, 2)
    assert done.stderr
    assert visible(done.stderr + done.stdout) == done.stderr + done.stdout


def test_a_metric_with_a_title_that_commands_a_terminal(folder: Path) -> None:
    (folder / "metrics").mkdir(exist_ok=True)
    text = "// title: Red\x1b[31m\n// unit: x\n// dated: none\nMATCH (c:Company)-[:LOCATED_IN]->(r:Region) // \x1b[0m\n"
    (folder / "metrics" / "red.cypher").write_text(text + "RETURN r.id AS region, count(c) AS value", encoding="utf-8")
    for words in (["show", "red"], ["list"]):
        done = run_in(folder, "metrics", *words, "--metrics", "metrics")
        assert r"Red\x1b[31m" in done.stdout
        assert visible(done.stdout) == done.stdout


# --- encodings


TOLD = {"cp1252": r"\u5317\u4eac é", "gbk": "北京 é", "ascii": r"\u5317\u4eac \u00e9"}


@pytest.mark.parametrize("encoding", TOLD)
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_encoding_that_lacks_characters(folder: Path, encoding: str, form: str) -> None:
    words = ["query", NAMES + " ORDER BY c.id SKIP 1", "--store", "g.duckdb", "--format", form]
    done = run_in(folder, *words, encoding=encoding)
    assert rf"{TOLD[encoding]} \ud83d\udc3c" in done.stdout
    assert done.stderr.count(f"note: {encoding} lacks some characters") == 1
    assert "PYTHONIOENCODING=utf-8" in done.stderr
    assert json.loads(done.stdout) == [{"name": "北京 é 🐼"}] if form == "json" else True
    whole = run_in(folder, *words)
    assert "北京 é 🐼" in whole.stdout
    assert not whole.stderr


def test_the_hint_for_an_encoding_works(folder: Path) -> None:
    words = ["regions", "resolve", "四川"]
    assert process(folder, *words, PYTHONIOENCODING="ascii").stderr.startswith("note: ascii lacks some characters")
    assert process(folder, *words, PYTHONIOENCODING="utf-8").stderr == ""


def test_names_that_are_not_utf_8(folder: Path) -> None:
    odd = os.fsdecode(b"\xff\x9b31m")
    for words in ([odd], ["query", f"{odd}.cypher"], ["load", odd], ["score", odd], ["dataset", "check", odd]):
        done = run_in(folder, *words)
        assert done.returncode in (1, 2)
        assert r"\udcff\udc9b31m" in done.stderr


# --- streams that are full, closed, or read by nobody


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("words", [["--help"], ["query", NAMES, "--store", "g.duckdb"]])
def test_nothing_is_lost_in_silence_where_stdout_is_full(folder: Path, words: list[str], buffered: str) -> None:
    done = process(folder, *words, redirect="> /dev/full", code=1, PYTHONUNBUFFERED=buffered)
    assert done.stderr.startswith("error: stdout cannot be written: No space left on device\n  hint: ")


def test_nothing_is_lost_in_silence_where_stdout_is_closed(folder: Path) -> None:
    done = process(folder, "metrics", "show", "company_count", redirect=">&-", code=1)
    assert done.stderr.startswith("error: stdout cannot be written: ")


@pytest.mark.parametrize("redirect", ["2>&-", "2> /dev/full", "<&- 2>&-"])
def test_the_answer_comes_without_the_other_streams(folder: Path, redirect: str) -> None:
    words = ["query", NAMES, "--store", "g.duckdb"]
    assert process(folder, *words, redirect=redirect).stdout == run_in(folder, *words).stdout
    process(folder, "regions", "resolve", "nowhere", redirect=redirect, code=1)


def test_no_file_takes_the_place_of_a_closed_stream(folder: Path) -> None:
    words = ["query", NAMES, "--store", "g.duckdb", "--out"]
    run_in(folder, *words, "one.csv")
    process(folder, *words, "other.csv", redirect=">&- 2>&- <&-")
    assert (folder / "other.csv").read_bytes() == (folder / "one.csv").read_bytes()


@pytest.mark.parametrize("words", ["--help", "regions list --format csv"])
def test_a_pipe_that_nobody_reads(folder: Path, words: str) -> None:
    line = f"{{ '{PROGRAM[0]}' -c '{PROGRAM[2]}' {words}; echo $? >&2; }} 2>&3 | true"
    done = subprocess.run(["sh", "-c", f"({line}) 3>&1"], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


# --- Ctrl-C


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.2, 0.4])
def test_ctrl_c_from_the_beginning_on(folder: Path, seconds: float) -> None:
    """By then Python has begun with what is ours; where the machine is slow it is tried later."""
    for wait in (seconds, 3 * seconds, 9 * seconds):
        child = subprocess.Popen(
            [*PROGRAM, "dataset", "synthesize", "big", "--companies", "200000", "--links", "9000000"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(wait)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        if child.returncode == 130:
            break
    assert child.returncode == 130
    assert errors.startswith("stopped")
    assert len(errors.splitlines()) == 1
    assert not (folder / "big").exists()


def test_ctrl_c_that_a_library_makes_another_error_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("numpy could not be imported") from None

    monkeypatch.setattr("ecosystem.store.open_store", broken)
    done = run_in(folder, "query", NAMES, "--store", "g.duckdb")
    assert done.returncode == 130
    assert done.stderr.startswith("stopped: ")


def test_a_second_ctrl_c_waits_for_what_is_being_put_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = []

    def broken(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            ordered.append(True)

    monkeypatch.setattr("ecosystem.store.open_store", broken)
    assert run_in(folder, "query", NAMES, "--store", "g.duckdb").returncode == 130
    assert ordered


def test_ctrl_c_in_a_destructor_comes_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Destroyed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def broken(*_: object, **__: object) -> None:
        Destroyed()
        time.sleep(10)

    monkeypatch.setattr("ecosystem.store.open_store", broken)
    assert run_in(folder, "query", NAMES, "--store", "g.duckdb").returncode == 130


def test_little_memory_is_one_message(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ecosystem.store.open_store", broken)
    done = run_in(folder, "query", NAMES, "--store", "g.duckdb")
    assert done.returncode == 1
    assert done.stderr.startswith("error: there is not enough memory\n  hint: ")
