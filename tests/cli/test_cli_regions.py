"""`ecosystem regions`: exit codes and both streams."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from ecosystem.cli.main import app
from ecosystem.errors import RegionError, UsageError

runner = CliRunner()


def records(*arguments: str) -> list[dict[str, str]]:
    result = runner.invoke(app, ["regions", *arguments, "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stderr == ""
    found: list[dict[str, str]] = json.loads(result.stdout)
    return found


def test_list_of_provinces_in_both_languages() -> None:
    english = records("list", "--level", "province", "--lang", "en")
    assert len(english) == 34
    assert english[4] == {
        "id": "150000",
        "level": "province",
        "name": "内蒙古自治区",
        "English name": "Inner Mongolia",
        "in": "CN",
        "aliases": "内蒙古, 内蒙, Nei Mongol, Nei Menggu, Neimenggu, Inner Mongolia Autonomous Region, CN-NM",
    }
    chinese = records("list", "--level", "province", "--lang", "zh")
    assert list(chinese[0]) == ["编号", "层级", "名称", "英文名", "所属地区", "别名"]


def test_list_without_a_level_holds_all() -> None:
    assert len(records("list", "--lang", "en")) > 3000


@pytest.mark.parametrize(
    ("arguments", "region"),
    [
        (["内蒙古"], "150000"),
        (["Inner Mongolia"], "150000"),
        (["吉林", "--level", "city"], "220200"),
        (["朝阳区", "--within", "北京"], "110105"),
    ],
)
def test_resolve_prints_the_region(arguments: list[str], region: str) -> None:
    (row,) = records("resolve", *arguments, "--lang", "en")
    assert row["id"] == region


def test_groups_name_their_members() -> None:
    rows = records("groups", "--lang", "en")
    assert rows[3] == {
        "id": "group:chuan-yu",
        "name": "Sichuan-Chongqing",
        "members": "Chongqing 500000, Sichuan 510000",
    }
    assert records("groups", "--lang", "zh")[3]["成员"] == "重庆市 500000, 四川省 510000"


def test_table_is_printed_whole_where_there_is_no_terminal() -> None:
    result = runner.invoke(app, ["regions", "resolve", "Nei Mongol", "--lang", "en"], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["id", "level", "name", "English", "name", "in", "aliases"]
    assert result.stdout.splitlines()[1].startswith("150000  province")


def test_unknown_and_ambiguous_names_are_errors() -> None:
    for name in ("Shenzen", "吉林"):
        with pytest.raises(RegionError):
            runner.invoke(app, ["regions", "resolve", name], catch_exceptions=False)
    with pytest.raises(UsageError):
        runner.invoke(app, ["regions", "list", "--level", "provnce"], catch_exceptions=False)


@pytest.mark.parametrize("command", ["list", "resolve", "groups"])
def test_help_shows_an_example_that_runs(command: str) -> None:
    result = runner.invoke(app, ["regions", command, "--help"])
    assert result.exit_code == 0
    words = result.stdout.partition("Examples:\n  ecosystem ")[2].splitlines()[0].split()
    assert words[:2] == ["regions", command]
    assert runner.invoke(app, words, catch_exceptions=False).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["resolve", "吉林"], 1, ["Jilin (province, 220000)", "Jilin (city, 220200)", "hint: "]),
        (["list", "--level", "provnce"], 2, ["no region has the level 'provnce'", "hint: did you mean 'province'?"]),
    ],
)
def test_process_ends_with_one_message_and_no_traceback(arguments: list[str], code: int, words: list[str]) -> None:
    command = [sys.executable, "-c", "from ecosystem.cli.main import main; main()", "regions", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
