"""`ecosystem dataset import`: exit codes and both streams."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ecosystem.cli import import_command
from ecosystem.cli.main import app as whole_app
from ecosystem.errors import DatasetError, OutputError, UsageError
from ecosystem.messages import speaking

runner = CliRunner()

MAPPING = """
title = "companies"
files.list = { path = "list.csv" }
notes = ["a note"]
[nodes.company]
label = "Company"
id = "id"
region = "place"
properties.patents = "p"
"""


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None)

    @app.callback()
    def root() -> None:
        """Keep `import` a command of a group."""

    app.add_typer(import_command.app, name="import")
    return app


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "list.csv").write_text("id,place,p\na,北京,1\nb,乌有乡,2\nc,上海,many\n", encoding="utf-8")
    return tmp_path


def arguments(export: Path, *more: str) -> list[str]:
    return ["import", str(export / "mine.toml"), "--from", str(export), "--out", str(export / "out"), *more]


def test_counts_on_stdout_and_the_rest_on_stderr(app: typer.Typer, export: Path) -> None:
    result = runner.invoke(app, arguments(export, "--lang", "en", "--format", "csv"), catch_exceptions=False)
    assert result.exit_code == 0
    first, second = csv.DictReader(io.StringIO(result.stdout))
    assert (first["entry"], first["table"]) == ("nodes.company", "companies")
    assert (first["rows"], first["used"], first["skipped"], first["quarantined"]) == ("3", "2", "0", "1")
    assert (second["entry"], second["written"]) == ("nodes.company.region", "1")
    assert "list.csv: 3 rows in = 2 used + 0 skipped + 1 quarantined" in result.stderr
    assert "feeds: Company, LOCATED_IN; nothing for: Investor" in result.stderr
    assert "'乌有乡' is not located" in result.stderr
    assert "indicators of cingai-2023 that mine feeds: company_count, company_mean_patents\n" in result.stderr
    assert "not company_mean_valuation: it has no value of Company.valuation_cny_m" in result.stderr
    assert "has no value of Region" not in result.stderr
    assert "1 info" in result.stderr
    assert str(Path("out", "import", "findings.csv")) in result.stderr
    assert (export / "out" / "companies.csv").exists()


def test_json_and_chinese_headings(app: typer.Typer, export: Path) -> None:
    result = runner.invoke(app, arguments(export, "--lang", "zh", "--format", "json"), catch_exceptions=False)
    records = json.loads(result.stdout)
    assert records[0]["表"] == "companies"
    assert (records[0]["行数"], records[0]["隔离"], records[0]["写入"]) == (3, 1, 2)


def test_the_table_says_what_went_where(app: typer.Typer, export: Path) -> None:
    result = runner.invoke(app, arguments(export, "--lang", "en"), catch_exceptions=False)
    assert "mine -> " in result.stdout
    assert "nodes.company.region" in result.stdout


def test_errors_leave_as_errors(app: typer.Typer, export: Path) -> None:
    unknown = runner.invoke(app, ["import", "itjuzi", "--from", str(export), "--out", str(export / "out")])
    assert isinstance(unknown.exception, DatasetError)
    (export / "out").mkdir()
    (export / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    occupied = runner.invoke(app, arguments(export))
    assert isinstance(occupied.exception, OutputError)
    assert "is not empty" in str(occupied.exception)
    incomplete = runner.invoke(app, ["import", "itjuzi_ai"])
    assert isinstance(incomplete.exception, UsageError)
    assert "--from is missing" in str(incomplete.exception)


def test_help_shows_an_example() -> None:
    result = runner.invoke(whole_app, ["dataset", "import", "--help"])
    assert "Examples:\n  ecosystem dataset import itjuzi_ai --from exports/itjuzi_ai --out imported" in result.stdout


def test_a_preview_prints_what_the_first_rows_become_and_writes_nothing(app: typer.Typer, export: Path) -> None:
    before = sorted(export.rglob("*"))
    lines = ["import", str(export / "mine.toml"), "--from", str(export), "--preview", "2", "--lang", "en"]
    result = runner.invoke(app, [*lines, "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [(row["kind"], row["line"], row["id"]) for row in found] == [("node", 2, "a"), ("node", 3, "b")]
    assert json.loads(found[0]["properties"]) == {"patents": 1}
    assert "nothing was written" in result.stderr
    assert sorted(export.rglob("*")) == before
    with speaking("zh"):
        shown = runner.invoke(app, [*lines[:-2], "--lang", "zh"], catch_exceptions=False)
    assert "北京市" in shown.stdout
    assert "前 2 行的节点" in shown.stdout
