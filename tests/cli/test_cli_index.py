"""`ecosystem index`: exit codes and both streams."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from ecosystem.cli.index_command import app as index_app
from ecosystem.cli.main import app, main
from ecosystem.index.files.index_form import COLUMNS
from ecosystem.resources import resource

SHIPPED = resource("data", "indices", "cingai-2023")


class Done(NamedTuple):
    code: int | str | None
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command as a person runs it, errors turned into exit codes and all."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["ecosystem", "index", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Done(stopped.value.code, out, err)

    return call


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The shipped index with a weight in words and a parent that does not exist."""
    folder = tmp_path / "mine"
    shutil.copytree(SHIPPED, folder)
    table = folder / "indicators.csv"
    text = (
        table.read_text(encoding="utf-8")
        .replace("0.0427", "some")
        .replace("financing,capital_env", "financing,capital_enw")
    )
    table.write_text(text, encoding="utf-8")
    return folder


def test_list(run: Run) -> None:
    done = run("list", "--format", "json", "--lang", "en")
    assert (done.code, done.err) == (0, "")
    (row,) = (row for row in json.loads(done.out) if row["id"] == "cingai-2023")
    assert (row["ranked"], row["indicators"]) == ("province 31, city 38", "24")
    assert row["title"].startswith("Regional competitiveness of China")
    assert "人工智能" in run("list", "--lang", "zh").out


def test_list_has_the_indices_of_a_folder_and_says_which_are_broken(run: Run, broken: Path) -> None:
    shutil.copytree(SHIPPED, broken.parent / "other")
    done = run("list", "--indices", str(broken.parent), "--format", "json")
    rows = {row["id"]: row for row in json.loads(done.out)}
    assert done.code == 0
    assert rows["mine"]["title"].startswith("2 errors: ecosystem index check")
    assert rows["mine"]["indicators"] is None
    assert len(json.loads(done.out)) == len(json.loads(run("list", "--format", "json").out)) + 2


def test_list_of_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    done = run("list", "--indices", str(tmp_path / "absent"))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: there is no folder")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "Company capability",
                "weight source",
                "ranked regions",
                "province 31",
                "Pearl River Delta",
                "sum of 440000",
                "minmax 0-100",
                "global weights",
                "CNY million",
            ],
        ),
        (
            "zh",
            [
                "企业能力",
                "权重来源",
                "参评地区",
                "province 31",
                "珠三角",
                "报告未列出",
                "（minmax），0-100",
                "全局权重",
            ],
        ),
    ],
)
def test_show(run: Run, lang: str, words: list[str]) -> None:
    done = run("show", "cingai-2023", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    for word in [*words, "0.1782", "metric:company_count"]:
        assert word in done.out


def test_show_draws_the_tree_from_the_top(run: Run) -> None:
    lines = run("show", "cingai-2023", "--lang", "en").out.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("competitiveness"))
    assert [line.split()[0] for line in lines[start : start + 5]] == [
        "competitiveness",
        "company_capability",
        "company_scale",
        "company_count",
        "company_mean_valuation",
    ]
    assert lines[start + 3].startswith("      company_count ")


def test_show_as_csv_is_the_table_of_the_folder(run: Run) -> None:
    done = run("show", "cingai-2023", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    with (SHIPPED / "indicators.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    for row, other in zip(rows, shipped, strict=True):
        assert float(row.pop("weight")) == float(other.pop("weight"))
        assert row == other


def test_check_says_what_the_weights_add_up_to(run: Run) -> None:
    done = run("check", "cingai-2023")
    assert done.code == 0
    assert "the 24 indicator weights add up to 0.9998, not 1" in done.out
    assert "0.2126, not 0.2127" in done.out
    assert "City index" in done.out
    assert done.err == "cingai-2023: 0 errors, 0 warnings, 7 notes\n"


def test_check_shows_every_fault_and_exits_1(run: Run, broken: Path) -> None:
    done = run("check", str(broken), "--format", "json")
    assert done.code == 1
    assert done.err == "mine: 2 errors, 0 warnings, 0 notes\n"
    first, second = json.loads(done.out)
    assert (first["code"], first["file"], first["row"], first["column"]) == (
        "bad_value",
        "indicators.csv",
        "23",
        "weight",
    )
    assert second["hint"].startswith("did you mean 'capital_environment'")


def test_check_knows_which_metrics_exist(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cingai-2023"
    shutil.copytree(SHIPPED, folder)
    table = folder / "indicators.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("metric:park_count", "metric:park_counts"), encoding="utf-8"
    )
    done = run("check", str(folder), "--format", "json")
    assert done.code == 1
    error = json.loads(done.out)[0]
    assert (error["code"], error["row"]) == ("unknown_source", "24")
    assert error["hint"].startswith("did you mean 'park_count'")


def test_check_takes_metrics_of_a_folder(run: Run, tmp_path: Path) -> None:
    metrics, folder = tmp_path / "metrics", tmp_path / "cingai-2023"
    metrics.mkdir()
    shutil.copyfile(resource("cypher", "metrics", "park_count.cypher"), metrics / "my_parks.cypher")
    shutil.copytree(SHIPPED, folder)
    table = folder / "indicators.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("metric:park_count", "metric:my_parks"), encoding="utf-8"
    )
    assert run("check", str(folder)).code == 1
    assert run("check", str(folder), "--metrics", str(metrics)).code == 0


@pytest.mark.parametrize("command", ["show", "check"])
def test_an_unknown_index(run: Run, command: str) -> None:
    done = run(command, "cingai-2032")
    assert (done.code, done.out) == (1, "")
    message, hint = done.err.splitlines()
    assert message == "error: there is no index 'cingai-2032', and no folder of that name"
    assert hint.startswith("  hint: did you mean 'cingai-2023'")


def test_show_refuses_an_index_with_errors(run: Run, broken: Path) -> None:
    done = run("show", str(broken))
    assert (done.code, done.out) == (1, "")
    assert "2 errors" in done.err
    assert "indicators.csv:23:weight: weight 'some' is not a number" in done.err
    assert f"hint: ecosystem index check {broken}" in done.err


def test_check_of_a_folder_without_an_index(run: Run, tmp_path: Path) -> None:
    done = run("check", str(tmp_path))
    assert done.code == 1
    assert "index.toml is missing" in done.out
    assert "indicators.csv is missing" in done.out


@pytest.mark.parametrize(
    "command",
    [
        command.callback.__name__
        for command in index_app.registered_commands
        # those that read files run in test_docs and test_cli_tables
        if command.callback
        and "import" not in str(command.name)
        and command.name not in {"new", "export-coinr", "drop-one", "plot"}
    ],
)
def test_every_help_ends_with_examples_that_run(run: Run, command: str) -> None:
    name = command.removesuffix("_command")
    shown = CliRunner().invoke(app, ["index", name, "--help"]).stdout
    words = shown.partition("Examples:\n")[2].splitlines()[0].split()[2:]
    assert words[0] == name
    assert run(*words).code == 0
