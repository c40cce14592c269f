"""What cannot be written is refused by every command before anything is computed; a file is what is printed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from command import run_in
from openpyxl import load_workbook
from tables import write_csv, write_xlsx

from ecosystem.cli.outputs import OUTPUTS
from ecosystem.cli.program import app

VALUES: list[list[object]] = [["region", "a", "b"], ["A", 1, 10], ["B", 3, 5], ["C", 2, 30]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "v.csv", VALUES)
    write_xlsx(tmp_path / "v.xlsx", VALUES)
    write_csv(tmp_path / "m.csv", [["", "x", "y"], ["x", 1, 2], ["y", 0.5, 1]])
    assert run_in(tmp_path, "index", "new", "mine", "--from", "v.csv").returncode == 0
    os.link(tmp_path / "v.csv", tmp_path / "linked.csv")
    (tmp_path / "soft.csv").symlink_to("v.csv")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "score mine --values v.csv --out v.csv",
        "score mine --out v.csv --values v.csv",
        "score mine --values=v.csv --out=./v.csv",
        "score mine --values v.csv --out mine/../v.csv --by-year",
        "score mine --values v.csv --out linked.csv",
        "score mine --values v.csv --out soft.csv",
        "score mine --values v.xlsx[Sheet] --out v.xlsx",
        "score mine --values v.csv --against m.csv --out m.csv",
        "score mine --values v.csv --out mine/indicators.csv",
        "weights ahp m.csv --out m.csv",
        "weights entropy --index mine --values v.csv --out v.csv",
        "weights bod --index mine --values v.csv --out mine/indicators.csv --by-region",
        "coherence mine --values v.csv --out v.csv",
        "index drop-one mine --values v.csv --out v.csv",
        "score mine --values v.csv --weights m.csv --out m.csv",
    ],
)
def test_an_output_that_is_an_input(folder: Path, line: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run_in(folder, *line.split())
    assert done.returncode == 2
    assert "is read by this run" in done.stderr
    assert not done.stdout
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_inputs_of_a_receipt_are_inputs(folder: Path) -> None:
    assert run_in(folder, "score", "mine", "--values", "v.csv", "--out", "s.csv").returncode == 0
    done = run_in(folder, "score", "--from", "s.run.json", "--out", "v.csv")
    assert (done.returncode, "is read by this run" in done.stderr) == (2, True)
    assert run_in(folder, "score", "--from", "s.run.json", "--out", "s.csv").returncode == 0


def test_what_a_run_wrote_before_may_be_written_again(folder: Path) -> None:
    for _ in range(2):
        assert run_in(folder, "score", "mine", "--values", "v.csv", "--out", "mine/s.xlsx").returncode == 0
    assert load_workbook(folder / "mine" / "s.xlsx").sheetnames[:2] == ["overview", "scores"]
    long = "MATCH (n) RETURN '" + "x" * 5000 + "' AS x"
    assert "is read by" not in run_in(folder, "query", long, "--out", "v.csv").stderr


@pytest.mark.parametrize(
    "line",
    [
        "explain cingai-2023 北京市 --dataset data --out data/companies.csv",
        "knockout remove cingai-2023 C1 --dataset=data --out=data/../data/enables.csv",
        "score cingai-2023 --dataset data --out data/dataset.xlsx",
    ],
)
def test_a_table_of_a_dataset_is_an_input(tmp_path: Path, line: str) -> None:
    for name in ("companies.csv", "enables.csv", "dataset.xlsx"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text("id\n", encoding="utf-8")
    done = run_in(tmp_path, *line.split())
    assert (done.returncode, "is read by this run" in done.stderr) == (2, True)


def commands(group: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its words, out of the tree of the program."""
    whole = getattr(group, "whole", group)
    for word, command in getattr(whole, "commands", {}).items():
        yield from commands(command, (*name, word))
    if not hasattr(whole, "commands"):
        yield name, whole


def written_by() -> list[tuple[tuple[str, ...], str, str]]:
    """Every command that writes a file or a folder: its words, the option, what stands for its value in the help."""
    tree = typer.main.get_command(app)
    return [
        (words, option, parameter.metavar or "DIR")
        for words, command in commands(tree)
        for parameter in command.params
        for option in parameter.opts
        if option in OUTPUTS
    ]


WRITTEN = written_by()


def test_the_commands_that_write_are_found() -> None:
    found = {words[0] for words, _, _ in WRITTEN}
    assert {"score", "query", "explain", "knockout", "metrics", "weights", "compare", "coherence", "index"} <= found
    assert len(WRITTEN) >= 30


@pytest.mark.parametrize(("words", "option", "metavar"), WRITTEN, ids=str)
def test_every_command_refuses_what_it_cannot_write(
    words: tuple[str, ...], option: str, metavar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else a command needs is not even looked for: its arguments name nothing that exists."""

    def compute(*_: object, **__: object) -> None:
        raise AssertionError("something was opened or computed")

    for place in ("ecosystem.store.open_store", "ecosystem.index.load_index", "ecosystem.dataset.read_dataset"):
        monkeypatch.setattr(place, compute)
    if not metavar.startswith("FILE"):
        assert "is not written to stdout" in run_in(tmp_path, *words, option, "-").stderr, "a folder"
        return
    done = run_in(tmp_path, *words, option, "result.odt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'result.odt' does not end in a known suffix" in done.stderr
    suffix = metavar.removeprefix("FILE").split("|")[0] or ".csv"
    done = run_in(tmp_path, *words, option, f"absent/result{suffix}")
    assert done.returncode == 1
    assert "there is no folder absent" in done.stderr
    if option == "--plot":
        assert "a picture is not written to stdout" in run_in(tmp_path, *words, option, "-").stderr


def test_a_byte_order_mark_is_for_csv_alone(folder: Path) -> None:
    for name in ("s.xlsx", "s.md", "-"):
        done = run_in(folder, "score", "mine", "--values", "v.csv", "--excel", "--out", name)
        assert (done.returncode, done.stdout) == (2, "")
        assert "leave out --excel" in done.stderr


LINES = (
    "score mine --values v.csv",
    "score mine --values v.csv --top 2",
    "score mine --values v.csv --long",
    "score mine --values y.csv --by-year",
    "score mine --values y.csv --by-year --long",
    "explain mine A --values v.csv",
    "explain versus mine A B --values v.csv",
    "explain overtake mine A B --values v.csv",
    "weights entropy --index mine --values v.csv",
    "weights bod --index mine --values v.csv --by-region",
    "index drop-one mine --values v.csv",
    "index drop-one mine --values v.csv --long",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("form", ["csv", "md", "json"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_file_is_what_the_format_prints(folder: Path, line: str, form: str, lang: str) -> None:
    years: list[list[object]] = [["region", "year", "a", "b"]]
    years += [[name, year, at + year, 5 - at] for year in (2020, 2021) for at, name in enumerate("ABC")]
    write_csv(folder / "y.csv", years)
    words = [*line.split(), "--lang", lang]
    printed = run_in(folder, *words, "--format", form)
    assert printed.returncode == 0, printed.stderr
    assert run_in(folder, *words, "--out", f"out.{form}").returncode == 0
    if form == "json" and words[0] in ("score", "index"):
        printed = run_in(folder, *words, "--format", form, "--long")
    assert (folder / f"out.{form}").read_text(encoding="utf-8") == printed.stdout
    if form == "csv":
        assert run_in(folder, *words, "--out", "-").stdout == printed.stdout, "stdout is a file of CSV"
        assert run_in(folder, *words, "--out", "-", "--format", "csv").stdout == printed.stdout
    assert not (folder / "-").exists()


def test_the_long_form_goes_into_every_format(folder: Path) -> None:
    words = ("score", "mine", "--values", "v.csv", "--long", "--out")
    for name in ("s.csv", "s.xlsx", "s.parquet", "s.json"):
        assert run_in(folder, *words, name).returncode == 0
    read: list[Any] = [pd.read_csv, partial(pd.read_excel, engine="calamine"), pd.read_parquet, pd.read_json]
    frames = [one(folder / name) for one, name in zip(read, ("s.csv", "s.xlsx", "s.parquet", "s.json"), strict=True)]
    assert {len(frame) for frame in frames} == {3 * 3}
    assert all(list(frame.columns) == list(frames[0].columns) for frame in frames)


def test_a_workbook_of_scores_says_what_it_is_and_is_read_again(folder: Path) -> None:
    words = ("score", "mine", "--values", "v.csv", "--normalise", "prank", "--lang", "zh", "--out", "s.xlsx")
    assert run_in(folder, *words).returncode == 0
    book = load_workbook(folder / "s.xlsx")
    lines = [str(row[0]) for row in book["概览"].iter_rows(max_row=6, max_col=1, values_only=True)]
    assert lines[0] == "mine"
    assert [line.split("：")[0] for line in lines[1:5]] == ["日期", "数据", "年份", "本次改动"]
    assert "v.csv" in lines[2]
    label = book["概览"]["B8"]
    place = label.hyperlink.location.split("!")[1]
    assert book["指标"][place].value == "C", "the best region leads to its own rows"
    assert book["指标"][place].hyperlink.location == "'概览'!B8"
    again = run_in(folder, "index", "new", "again", "--from", "s.xlsx")
    assert again.returncode == 0, again.stderr
    assert "the sheet '得分' is read" in again.stderr


def given(patch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let the next command find this on stdin."""
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize(
    "line",
    [
        "score mine --values v.csv",
        "score mine --values v.csv --by-year --since 2020 --until 2021",
        "explain mine A --values v.csv",
        "weights ahp m.csv",
        "weights entropy --index mine --values v.csv",
        "index check mine --values v.csv",
        "score mine --values linked.csv --against s.csv",
    ],
)
def test_a_table_on_stdin_is_the_table_in_a_file(folder: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = line.split()
    run_in(folder, "score", "mine", "--values", "v.csv", "--out", "s.csv")
    name = next(name for name in ("m.csv", "s.csv", "v.csv") if name in words)
    before = run_in(folder, *words, "--format", "csv")
    given(monkeypatch, (folder / name).read_bytes())
    done = run_in(folder, *("-" if word == name else word for word in words), "--format", "csv")
    assert (done.returncode, done.stdout) == (before.returncode, before.stdout)
    assert done.returncode == 0, done.stderr


def test_a_run_from_stdin_replays_from_stdin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = (folder / "v.csv").read_bytes()
    given(monkeypatch, table)
    assert run_in(folder, "score", "mine", "--values", "-", "--out", "s.csv").returncode == 0
    given(monkeypatch, table)
    assert "every digit is the same" in run_in(folder, "score", "--from", "s.run.json").stderr
    given(monkeypatch, table.replace(b"30", b"31"))
    assert "values_hash was" in run_in(folder, "score", "--from", "s.run.json").stderr
    given(monkeypatch, table)
    assert run_in(folder, "index", "new", "again", "--from", "-").returncode == 0
    given(monkeypatch, b"code,weight\na,3\nb,1\n")
    weighted = run_in(folder, "score", "mine", "--values", "v.csv", "--weights", "-")
    assert weighted.returncode == 0, weighted.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04" + bytes(40), "the file is a zip archive, not text"),
        (b"region,a,b\nA,one,two\n", "stdin.csv"),
        (b"\xff\xfe\x00", "stdin.csv"),
    ],
)
def test_what_is_no_table_on_stdin(folder: Path, content: bytes, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, content)
    done = run_in(folder, "score", "mine", "--values", "-", "--out", "s.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert not (folder / "s.csv").exists()


def test_stdin_is_read_once_and_may_be_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_in(folder, "score", "mine", "--values", "-", "--weights=-")
    assert (done.returncode, "stdin can be read only once" in done.stderr) == (2, True)
    monkeypatch.setattr(sys, "stdin", None)
    assert "the file is empty" in run_in(folder, "score", "mine", "--values", "-").stderr
    given(monkeypatch, b"MATCH (c:Company) RETURN c.id AS id")
    assert "there is no store" in run_in(folder, "query", "-", "--store", "absent.duckdb").stderr
