"""`explain` and `knockout` as a user runs them: exit code, both streams, and the files that they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


def run(*words: str, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder; the exit code must be the expected one, and there is never a traceback."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run([*PROGRAM, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, (done.stdout, done.stderr)
    return done


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a synthesized dataset, loaded into the default store."""
    home = tmp_path_factory.mktemp("audit")
    run("dataset", "synthesize", "mydata", "--companies", "200", "--links", "1500", folder=home)
    run("load", "mydata", folder=home)
    return home


def test_a_score_is_walked_back_to_the_line(home: Path) -> None:
    words = ("explain", "cingai-2023", "四川省", "--indicator", "enablement_links", "--top", "2", "--lang", "en")
    shown = run(*words, "--depth", "row", folder=home).stdout
    assert "Sichuan" in shown
    assert "minimum of the regions" in shown
    assert "[enables.csv:" in shown
    for depth in ("pillar", "indicator", "entity", "link"):
        assert "Regional competitiveness" in run(*words, "--depth", depth, folder=home).stdout
    rows = json.loads(run(*words, "--depth", "row", "--format", "json", folder=home).stdout)
    enables = pd.read_csv(home / "mydata" / "enables.csv")
    lines = {row["line"]: row["entity"] for row in rows if row["kind"] == "ENABLES"}
    assert lines
    assert all(enables["from"][line - 2] == entity for line, entity in lines.items())
    elsewhere = run(*words, "--depth", "row", "--dataset", "absent", folder=home, code=1)
    assert "--dataset DIR" in elsewhere.stderr


def test_a_workbook_has_a_sheet_for_every_level_and_pictures_are_drawn(home: Path, tmp_path: Path) -> None:
    out, plot = tmp_path / "explained.xlsx", tmp_path / "explained.svg"
    words = ("explain", "cingai-2023", "四川省", "--lang", "zh", "--depth", "row", "--top", "3")
    done = run(*words, "--out", str(out), "--plot", str(plot), folder=home)
    assert done.stdout == ""
    assert openpyxl.load_workbook(out).sheetnames == ["steps", "entities", "links", "method"]
    assert "四川省" in plot.read_text(encoding="utf-8")
    run("knockout", "cingai-2023", "--all", "Company", "--out", str(tmp_path / "all.csv"), folder=home)
    assert len(pd.read_csv(tmp_path / "all.csv")) >= 200
    run("knockout", "cingai-2023", "--entity", "C000001", "--out", str(tmp_path / "one.xlsx"), folder=home)
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames[:2] == ["regions", "groups"]


def test_two_regions_and_what_would_turn_them_round(home: Path) -> None:
    done = run("explain", "cingai-2023", "四川省", "--versus", "湖北省", "--format", "csv", folder=home)
    assert done.stdout.startswith("code,region,kind,id,name")
    assert "四川省 less 湖北省" in done.stderr
    ranked = json.loads(run("score", "cingai-2023", "--format", "json", folder=home).stdout)
    first, second = (row["region_en"] for row in ranked[:2])
    found = run("explain", "cingai-2023", second, "--to-overtake", first, folder=home)
    assert "no proof that none smaller exists" in found.stderr
    behind = run("explain", "cingai-2023", first, "--to-overtake", second, folder=home, code=1)
    assert "behind" in behind.stderr


def test_an_organisation_everywhere_and_without_it(home: Path) -> None:
    counts = run("explain", "cingai-2023", "--entity", "C000001", "--format", "csv", folder=home).stdout
    assert counts.splitlines()[0] == "code,region,roles,matches,share,points,effect,effect_points"
    without = run("knockout", "cingai-2023", "--entity", "C000001", "--format", "csv", folder=home).stdout
    assert len(without.splitlines()) == 32
    beijing = run("knockout", "cingai-2023", "--where", "label=Company,region=北京市", "--lang", "en", folder=home)
    assert "Beijing" in beijing.stdout
    for words in (["--link", "ENABLES"], ["--partner-country", "US"], ["--all", "University", "--top", "3"]):
        run("knockout", "cingai-2023", *words, folder=home)
    curve = run(
        "knockout", "cingai-2023", "--curve", "--region", "四川省", "--random", "5", "--lang", "en", folder=home
    )
    assert "fragility, targeted" in curve.stdout


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["explain", "cingai-2023"], 2, "which region, or which organisation?"),
        (["explain", "cingai-2023", "四川省", "--entity", "C000001"], 2, "--entity tells of all regions"),
        (
            ["explain", "cingai-2023", "四川省", "--versus", "湖北省", "--to-overtake", "湖北省"],
            2,
            "do not go together",
        ),
        (["explain", "cingai-2023", "Atlantis"], 1, "Atlantis"),
        (["explain", "cingai-2023", "四川省", "--indicator", "company_cuont"], 1, "company_count"),
        (["explain", "cingai-2023", "四川省", "--to-overtake", "四川省"], 2, "cannot overtake itself"),
        (["explain", "cingai-2023", "--entity", "C00000x"], 1, "nothing is called 'C00000x'"),
        (["explain", "cingai-2023", "四川省", "--depth", "deep"], 2, "deep"),
        (["explain", "cingai-2023", "四川省", "--plot", "tree.gif"], 2, ".svg"),
        (["explain", "cingai-2023", "四川省", "--out", "tree.docx"], 2, ".xlsx"),
        (["explain", "cingai-2023", "四川省", "--out", "absent/tree.csv"], 1, "there is no folder absent"),
        (["knockout", "cingai-2023"], 2, "who is to be taken out?"),
        (["knockout", "cingai-2023", "--all", "Company", "--curve"], 2, "--all and --curve each stand alone"),
        (["knockout", "cingai-2023", "--entity", "C000001", "--region", "四川省"], 2, "--region goes with --curve"),
        (["knockout", "cingai-2023", "--where", "label=Nobody"], 2, "no label 'Nobody'"),
        (["knockout", "cingai-2023", "--all", "Planet"], 1, "Planet"),
        (["knockout", "cingai-2024", "--all", "Company"], 1, "cingai-2023"),
        (["knockout", "cingai-2023", "--entity", "C000001", "--store", "absent.duckdb"], 1, "there is no store"),
    ],
)
def test_one_clear_message(home: Path, words: list[str], code: int, part: str) -> None:
    before = sorted(home.rglob("*"))
    done = run(*words, folder=home, code=code)
    assert part in done.stderr
    assert done.stdout == ""
    assert sorted(home.rglob("*")) == before
