"""`explain` and `knockout` as a user runs them: exit code, both streams, and the files that they leave."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import openpyxl
import pandas as pd
import pytest

from ecosystem.cli.main import main
from ecosystem.export.plots import fonts


@dataclass(frozen=True)
class Done:
    """What a command has said."""

    stdout: str
    stderr: str


pytestmark = pytest.mark.long


def run(*words: str, folder: Path, code: int = 0) -> Done:
    """Run the program in a folder, in this process; the exit code must be the expected one."""
    out, err, ended = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", ["ecosystem", *words]),
        mock.patch.dict(os.environ, {"LC_ALL": "C.UTF-8"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            ended = int(stop.code or 0)
    assert ended == code, (out.getvalue(), err.getvalue())
    return Done(out.getvalue(), err.getvalue())


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
    assert openpyxl.load_workbook(out).sheetnames == ["构成", "主体", "关系", "方法"]
    assert "四川省" in plot.read_text(encoding="utf-8")
    all_csv = tmp_path / "all.csv"
    run("knockout", "cingai-2023", "--all", "Company", "--out", str(all_csv), "--excel", folder=home)
    assert all_csv.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(pd.read_csv(all_csv)) >= 200
    alone = ("knockout", "cingai-2023", "--entity", "C000001", "--lang", "en")
    run(*alone, "--out", str(tmp_path / "one.xlsx"), folder=home)
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames[:2] == ["regions", "groups"]


def test_two_regions_and_what_would_turn_them_round(home: Path) -> None:
    done = run("explain", "cingai-2023", "四川省", "--versus", "湖北省", "--format", "csv", folder=home)
    assert done.stdout.startswith("code,region,kind,id,name")
    assert "Sichuan minus Hubei" in done.stderr
    beside = run("explain", "cingai-2023", "四川省", "--versus", "湖北省", "--lang", "zh", folder=home).stdout
    assert beside.splitlines()[1].split() == ["组成", "四川省", "湖北省", "差额", "匹配数"]
    assert "各地区最小值" not in beside
    ranked = json.loads(run("score", "cingai-2023", "--format", "json", folder=home).stdout)
    first, second = (row["region_en"] for row in ranked[:2])
    found = run("explain", "cingai-2023", second, "--to-overtake", first, folder=home)
    assert "not proved to be the smallest" in found.stderr
    behind = run("explain", "cingai-2023", first, "--to-overtake", second, folder=home, code=1)
    assert "behind" in behind.stderr


def test_an_organisation_everywhere_and_without_it(home: Path) -> None:
    words = ("explain", "cingai-2023", "--entity", "C000001")
    counts = run(*words, "--format", "csv", folder=home).stdout
    assert counts.splitlines()[0] == "code,region,roles,matches,share,points,effect,effect_points"
    one = run(*words, "--indicator", "company_count", "--lang", "zh", folder=home).stdout
    assert [line.split()[0] for line in one.splitlines()] == ["指标", "企业数量"]
    without = run("knockout", "cingai-2023", "--entity", "C000001", "--format", "csv", folder=home).stdout
    assert len(without.splitlines()) == 32
    beijing = run("knockout", "cingai-2023", "--where", "label=Company,region=北京市", "--lang", "en", folder=home)
    assert "Beijing" in beijing.stdout
    for chosen in (["--link", "ENABLES"], ["--partner-country", "US"], ["--all", "University", "--top", "3"]):
        run("knockout", "cingai-2023", *chosen, folder=home)
    curve = run(
        "knockout", "cingai-2023", "--curve", "--region", "四川省", "--random", "5", "--lang", "en", folder=home
    )
    assert "fragility, targeted" in curve.stdout


@pytest.mark.parametrize(
    ("command", "spelled_with_an_option"),
    [
        ("explain region cingai-2023 四川省 --top 2", "explain cingai-2023 四川省 --top 2"),
        ("explain versus cingai-2023 四川省 湖北省", "explain cingai-2023 四川省 --versus 湖北省"),
        ("explain overtake cingai-2023 西藏 北京市", "explain cingai-2023 西藏 --to-overtake 北京市"),
        ("explain entity cingai-2023 C000001", "explain cingai-2023 --entity C000001"),
        ("knockout remove cingai-2023 --link ENABLES", "knockout cingai-2023 --link ENABLES"),
        ("knockout each cingai-2023 University", "knockout --all University cingai-2023"),
        ("knockout curve cingai-2023 --region 四川省", "knockout cingai-2023 --curve --region 四川省"),
    ],
)
def test_every_mode_is_a_command_and_the_option_of_old_says_the_same(
    home: Path, command: str, spelled_with_an_option: str
) -> None:
    new, old = (run(*words.split(), "--format", "csv", folder=home) for words in (command, spelled_with_an_option))
    assert new == old
    assert len(new.stdout.splitlines()) > 1


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["explain", "cingai-2023"], 2, "which region, or which organisation?"),
        (["explain", "cingai-2023", "四川省", "--entity", "C000001"], 2, "--entity is about all regions"),
        (
            ["explain", "cingai-2023", "四川省", "--versus", "湖北省", "--to-overtake", "湖北省"],
            2,
            "cannot be used together",
        ),
        (
            ["explain", "cingai-2023", "四川省", "--to-overtake", "北京市", "--indicator", "company_count"],
            2,
            "about the whole score",
        ),
        (["explain", "cingai-2023", "Atlantis"], 1, "Atlantis"),
        (["explain", "cingai-2023", "四川省", "--indicator", "company_cuont"], 1, "company_count"),
        (["explain", "cingai-2023", "四川省", "--to-overtake", "四川省"], 2, "cannot overtake itself"),
        (["explain", "cingai-2023", "--entity", "C00000x"], 1, "nothing has the name or the id 'C00000x'"),
        (["explain", "cingai-2023", "四川省", "--depth", "deep"], 2, "deep"),
        (["explain", "cingai-2023", "四川省", "--plot", "tree.gif"], 2, ".svg"),
        (["explain", "cingai-2023", "四川省", "--out", "tree.docx"], 2, ".xlsx"),
        (["explain", "cingai-2023", "四川省", "--out", "absent/tree.csv"], 1, "there is no folder absent"),
        (["knockout", "cingai-2023"], 2, "choose what to remove"),
        (["knockout", "remove", "cingai-2023"], 2, "choose what to remove"),
        (["knockout", "each", "cingai-2023"], 2, "Missing argument 'LABEL'"),
        (["knockout", "cingai-2023", "--all", "Company", "--curve"], 2, "--all and --curve cannot"),
        (
            ["knockout", "cingai-2023", "--entity", "C000001", "--region", "四川省"],
            2,
            "--region is an option of --curve",
        ),
        (["knockout", "cingai-2023", "--where", "label=Nobody"], 2, "unknown label 'Nobody'"),
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


def test_names_that_no_font_can_draw_are_said(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    had = fonts._is_drawn
    monkeypatch.setattr(fonts, "_is_drawn", lambda char: char != "四" and had(char))
    words = ("explain", "cingai-2023", "四川省", "--depth", "pillar", "--lang", "zh", "--plot")
    said = run(*words, str(tmp_path / "tree.png"), folder=home).stderr
    assert "提示：安装" in said
    assert "四川省" in said
    assert "提示" not in run(*words, str(tmp_path / "tree.svg"), folder=home).stderr
