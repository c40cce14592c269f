"""`ecosystem dataset`: exit code, data on stdout, messages on stderr, and files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ecosystem.cli.main import app as whole_app
from ecosystem.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; exit code, stdout, stderr."""

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["ecosystem", "dataset", *map(str, words)])
        with pytest.raises(SystemExit) as exit_:
            main()
        out, err = capfd.readouterr()
        code = exit_.value.code
        return int(code or 0), out, err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "companies.csv").write_text("id,name,layer\nc1,甲,technology\nc2,乙,technologi\n", encoding="utf-8")
    (tmp_path / "located_in.csv").write_text("from,to\nc1,北京\n", encoding="utf-8")
    return tmp_path


def test_template_then_check(run: Run, tmp_path: Path) -> None:
    code, out, err = run("template", tmp_path / "new")
    assert (code, out) == (0, "")
    assert "columns.csv" in err
    code, out, err = run("check", tmp_path / "new", "--lang", "en")
    assert code == 0
    assert "the dataset has no rows" in out
    assert "no errors, 1 warning, no notes" in err
    assert not (tmp_path / "new" / "quarantine").exists()


def test_template_over_files(run: Run, folder: Path) -> None:
    code, out, err = run("template", folder)
    assert (code, out) == (1, "")
    assert err == f"error: {folder} is not empty\n  hint: name a new folder, or move what is in it away\n"


def test_check_finds_faults(run: Run, folder: Path) -> None:
    code, out, err = run("check", folder, "--lang", "en")
    assert code == 1
    assert "'technologi' is none of: foundation, technology, application" in out
    assert "did you mean 'technology'?" in out
    assert [line.split() for line in err.splitlines()[:4]] == [
        ["table", "read", "loaded", "quarantined"],
        ["companies", "2", "1", "1"],
        ["located_in", "1", "1", "0"],
        ["=", "3", "2", "1"],
    ]
    assert f"the rows that do not load: {folder / 'quarantine'}" in err
    assert (folder / "quarantine" / "companies.csv").is_file()


def test_check_as_json(run: Run, folder: Path) -> None:
    code, out, _ = run("check", folder, "--format", "json", "--lang", "en")
    assert code == 1
    (error,) = [found for found in json.loads(out) if found["severity"] == "error"]
    assert error == {
        "severity": "error",
        "file": "companies.csv",
        "row": 3,
        "column": "layer",
        "message": "'technologi' is none of: foundation, technology, application",
        "hint": "did you mean 'technology'?",
    }


def test_check_as_csv_in_chinese(run: Run, folder: Path) -> None:
    code, out, err = run("check", folder, "--format", "csv", "--lang", "zh")
    assert code == 1
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["级别"], row["文件"], row["行"], row["列"]) for row in rows] == [
        ("错误", "companies.csv", "3", "layer"),
        ("提示", "", "", ""),
    ]
    assert "1 个错误，没有警告，1 条提示" in err


def test_check_of_a_missing_folder(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "nowhere")
    assert (code, out) == (1, "")
    assert err.startswith(f"error: the dataset folder {tmp_path / 'nowhere'} does not exist\n  hint: ")


def test_wrong_usage(run: Run) -> None:
    assert run("check")[0] == 2
    assert run("check", ".", "--format", "pdf")[0] == 2
    assert run("synthesize", "x", "--companies", "many")[0] == 2


def test_synthesize_check_describe(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "made"
    code, out, _ = run(
        "synthesize", made, "--companies", "400", "--links", "3000", "--seed", "7", "--format", "parquet"
    )
    assert (code, out) == (0, "")
    assert (made / "companies.parquet").is_file()
    assert run("check", made, "--lang", "en")[0] == 0
    code, out, err = run("describe", made, "--lang", "en")
    assert code == 0
    assert "Nodes by region" in out
    assert "Beijing" in out
    assert "INVESTED_IN" in out
    assert "faulty" not in err


def test_describe_in_other_forms(run: Run, folder: Path) -> None:
    code, out, err = run("describe", folder, "--lang", "zh")
    assert code == 0
    assert "各地区节点数" in out
    assert "北京市" in out
    assert "有错误的行未计入" in err
    code, out, _ = run("describe", folder, "--format", "json")
    assert {"part": "nodes", "item": "110000", "measure": "Company", "value": 1.0} in json.loads(out)


@pytest.mark.parametrize("command", ["template", "synthesize", "check", "describe"])
def test_help_shows_examples(command: str) -> None:
    shown = CliRunner().invoke(whole_app, ["dataset", command, "--help"])
    assert shown.exit_code == 0
    assert f"Examples:\n  ecosystem dataset {command} " in shown.stdout
