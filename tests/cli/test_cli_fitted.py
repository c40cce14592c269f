"""Tables on terminals of every width, in both languages: no word is cut, and what is not shown is named."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from command import run_in
from command_lines import LINES
from rich.cells import cell_len
from tables import write_csv, write_places

from ecosystem.cli import console
from ecosystem.cli.fitted_table import Column, fit
from ecosystem.cli.fitted_text import MARK, shortened, wrapped
from ecosystem.cli.main import app, main
from ecosystem.messages import speaking

Shown = tuple[pd.DataFrame, str | None]

WIDTHS = (60, 80, 120, 200)
LANGUAGES = ("en", "zh")
VALUES: list[list[object]] = [
    ["region", "name", "year", "firms", "papers", "jobless", "kind"],
    *[["r1", "Northern Innovation District", 2020, 10, 4, 7, "a"], ["r2", "South", 2020, 40, 1, 5, "a"]],
    *[["r3", "East", 2020, 30, 9, 9, "b"], ["r4", "West", 2020, 25, 6, 2, "b"]],
    *[["r1", "Northern Innovation District", 2021, 12, 5, 6, "a"], ["r2", "South", 2021, 41, 2, 4, "a"]],
    *[["r3", "East", 2021, 33, 8, 9, "b"], ["r4", "West", 2021, 22, 7, 1, "b"]],
]
PLAIN = [[*row[:2], *row[3:]] for row in VALUES[:5]]
MAPPING = """title = "companies"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "id"
region = "place"
"""
ON_A_SERVER = {"load"}
"""Commands that print a table of what they would do on a server, and nothing of the sort for a file."""


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the command lines name."""
    home = tmp_path_factory.mktemp("fitted")
    for name, seed in (("small", 1), ("other", 2)):
        size = f"--companies 80 --links 1000 --seed {seed}".split()
        assert run_in(home, "dataset", "synthesize", name, *size).returncode == 0
    assert run_in(home, "load", "small").returncode == 0
    write_csv(home / "values.csv", VALUES)
    write_csv(home / "plain.csv", PLAIN)
    assert run_in(home, "index", "new", "mine", "--from", "values.csv").returncode == 0
    write_csv(
        home / "judgements.csv", [["item", "a", "b", "c"], ["a", 1, 3, 5], ["b", "1/3", 1, 2], ["c", "1/5", "", 1]]
    )
    for name, scores in {"p1": (1, 2, 4), "p2": (3, 1, 2), "total": (4, 3, 6)}.items():
        write_csv(home / f"{name}.csv", [["region", "score"], *zip("xyz", scores, strict=True)])
    write_places(home / "capitals.csv")
    for folder in ("faulty", "exports"):
        (home / folder).mkdir()
    rows = "C1,甲,430000\nC1,乙,430000\nC2,Somebody with a rather long name in the wrong place,nowhere\n"
    (home / "faulty" / "companies.csv").write_text("id,name,region\n" + rows, encoding="utf-8")
    (home / "exports" / "list.csv").write_text("id,place\na,北京\nb,乌有乡\nc,上海\n", encoding="utf-8")
    (home / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return home


ASKED = [
    pytest.param((lang, name), id=f"{lang}-{name}", marks=[pytest.mark.long] if lang == "zh" else [])
    for lang in LANGUAGES
    for name in LINES
]
"""Each command in each language; one language is enough for the quick tests."""


@pytest.fixture(scope="module", params=ASKED)
def tables(request: pytest.FixtureRequest, home: Path) -> tuple[str, list[Shown]]:
    """The language, and the tables that a command prints."""
    lang, name = request.param
    tables: list[Shown] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console, "_show_fitted", lambda frame, title, fine: tables.append((frame, title)))
        done = run_in(home, *shlex.split(LINES[name].format(lang=lang)), "--lang", lang)
    assert done.returncode in (0, 1), done.stderr
    assert tables, done.stderr
    return lang, tables


def printed(table: Shown, width: int, lang: str) -> str:
    """What a terminal of a width shows of a table."""
    frame, title = table
    with pytest.MonkeyPatch.context() as patch, speaking(lang):
        patch.setattr(sys, "stdout", terminal := Terminal())
        patch.setenv("COLUMNS", str(width))
        patch.setenv("TERM", "dumb")
        console._show_fitted(frame, title, fine=False)
    return re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())


_WORD = re.compile(r"\d+(?:[.,]\d+)+|[\u2e80-\u9fff\uff00-\uffef]|[^\W\u2e80-\u9fff\uff00-\uffef]+")


def words(texts: list[str]) -> Counter[str]:
    """How often each word, number and Chinese character stands in texts."""
    return Counter(word for text in texts for word in _WORD.findall(text))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_cut_and_nothing_is_lost_in_silence(tables: tuple[str, list[Shown]], width: int) -> None:
    lang, shown = tables
    for table in shown:
        text = printed(table, width, lang)
        assert max(map(cell_len, text.splitlines()), default=0) <= width
        columns = console._columns(table[0])
        fitted = fit(columns, width)
        left_out = [column for column in columns if column.heading in fitted.hidden]
        cut = [column for column in columns if column.heading in fitted.shortened]
        # the line below the table names them, folded or not
        said = "".join(text.split())
        assert all("".join(column.heading.split()) in said for column in (*left_out, *cut))
        assert (MARK in text) <= bool(cut or any(MARK in cell for column in columns for cell in column.cells))
        whole = [column for column in columns if column not in (*left_out, *cut)]
        assert whole or cut
        wanted = words([text for column in whole for text in (column.heading, *column.cells)])
        assert wanted <= words([text])


def test_every_command_that_prints_a_table_is_here() -> None:
    def below(command: Any, path: str) -> Iterator[str]:
        command = getattr(command, "whole", command)
        if any(param.name == "wide" for param in command.params) and not command.hidden:
            yield path
        for name, each in getattr(command, "commands", {}).items():
            yield from below(each, f"{path} {name}".strip())

    assert {*below(typer.main.get_command(app), "")} == {*LINES, *ON_A_SERVER} - {"years"}


# --- the layout itself


LONG = "Mean valuation or market capitalisation of companies"
TREE = [
    Column("part", ["Regional competitiveness", f"      {LONG}", "        示例企业 0128 (C00128)"]),
    Column("value", ["–", "12,345.00", "3"], right=True),
    *[Column(f"another value of the region {number}", ["1.00", "2.00", "3.00"], right=True) for number in range(2)],
]


def test_a_label_that_wraps_keeps_its_place_in_the_tree() -> None:
    body = fit(TREE, 60).body
    at = next(number for number, line in enumerate(body) if line.startswith("      Mean"))
    assert body[at + 1].startswith("        ")
    assert not body[at + 1].startswith("         ")
    assert " ".join(re.split(r"(?<=\S)  +", line)[0].strip() for line in body[at:-1]) == LONG
    assert [line.split()[0] for line in body if not line.startswith(" ")] == ["Regional"]


def test_what_matters_least_gives_way_and_keeps_the_order() -> None:
    names = ["coverage", "Academic ecology", "score", "Linking capability", "region", "rank"]
    columns = [Column(name, ["12.34", "56.78"], right=True) for name in names]
    assert fit(columns, 44).hidden == ("coverage",)
    assert fit(columns, 25).hidden == ("coverage", "Academic ecology", "Linking capability")
    assert fit(columns, 25).head[-1].split() == ["score", "region", "rank"]
    assert fit(columns, 25, in_order=True).head[-1].split()[0] == "coverage"
    chinese = [Column(name, ["12.34"], right=True) for name in ("数据覆盖率", "学术生态", "综合评分", "排名")]
    assert fit(chinese, 25).hidden == ("数据覆盖率",)


def test_a_heading_breaks_at_spaces_and_nothing_is_stretched() -> None:
    columns = [Column("rank", ["1"]), Column("Government responsiveness", ["0.62"], right=True)]
    assert fit(columns, 24).head == ["          Government", "rank  responsiveness"]
    for width in (200, None):
        assert fit(columns, width).head == ["rank  Government responsiveness"]
        assert fit(columns, width).body == ["1                          0.62"]


def test_a_source_is_shortened_in_the_middle() -> None:
    source = "CINGAI 2023, part 1 (3) 1-7 (definitions and method), table 2"
    for width in range(12, 62):
        text = shortened(source, width)
        assert cell_len(text) <= width
        first, _, last = text.partition(MARK)
        assert source.startswith(first)
        assert source.endswith(last)
        assert words([text]) <= words([source])
    assert shortened("tables_06_12_circle_ranks.csv", 20) == "tables_06_…ranks.csv"
    assert shortened("0123456789abcdef", 8) == "0123456…"


def test_a_text_wraps_at_words_at_chinese_characters_and_a_path_after_its_slashes() -> None:
    assert wrapped("see one/two/three/four.csv now", 12) == ["see", "one/two/", "three/", "four.csv now"]
    assert wrapped("企业规模，企业创新能力", 10) == ["企业规模，", "企业创新能", "力"]
    assert wrapped("a/very/long/path", 6, part=False) == ["a/very/long/path"]


# --- as a person sees it


def seen(home: Path, width: int, line: str) -> list[str]:
    """The lines of stdout of a command on a terminal of some width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console, "_width", lambda stream: width)
        done = run_in(home, *shlex.split(line))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_row_is_a_line(home: Path) -> None:
    """At 80 columns they were 348 and 170 lines."""
    compared = run_in(home, *shlex.split(LINES["compare published"]), "--format", "json", "--lang", "en")
    lines = seen(home, 80, f"{LINES['compare published']} --lang en")
    note = next(at for at, line in enumerate(lines) if line.startswith("not shown"))
    assert note == 1 + len(json.loads(compared.stdout))
    assert len(lines) - note <= 2
    tree = seen(home, 80, "index show cingai-2023 --lang en")
    first = next(at for at, line in enumerate(tree) if line.startswith("competitiveness"))
    last = next(at for at, line in enumerate(tree) if line.startswith("not shown"))
    parts = json.loads(run_in(home, "index", "show", "cingai-2023", "--format", "json").stdout)
    assert last - first == len(parts)
    assert len(tree) < 90


def test_a_pipe_gets_a_table_as_wide_as_what_stands_in_it(home: Path) -> None:
    done = run_in(home, "index", "show", "cingai-2023", "--lang", "en")
    lines = done.stdout.splitlines()
    assert not any(line.endswith(" ") for line in lines)
    assert any(len(line) > 240 for line in lines)
    assert "not shown" not in done.stdout
    assert max(map(len, run_in(home, "regions", "groups").stdout.splitlines())) < 120


def test_columns_are_chosen_by_key_or_by_heading_in_either_language(home: Path) -> None:
    for lang in LANGUAGES:
        for names in ("score,region", "综合评分，地区"):
            done = run_in(home, "score", "cingai-2023", "--lang", lang, "--top", "3", "--columns", names)
            words_of_head = done.stdout.splitlines()[1].split()
            assert words_of_head == (["score", "region"] if lang == "en" else ["综合评分", "地区"]), done.stderr
    done = run_in(home, "score", "cingai-2023", "--columns", "academic_ecology,rank", "--format", "csv", "--top", "1")
    assert done.stdout.splitlines()[0] == "academic_ecology,rank"
    # of several tables each shows those that it has
    done = run_in(home, *shlex.split(LINES["dataset describe"]), "--columns", "share,region", "--lang", "en")
    assert [line.split() for line in done.stdout.splitlines() if "re" in line] == [
        ["Nodes", "by", "region"],
        ["region"],
        ["How", "far", "properties", "are", "filled", "in"],
        ["share"],
    ]


def test_an_unknown_column_is_a_wrong_usage_and_prints_nothing(home: Path) -> None:
    for form in ("table", "csv", "json", "md"):
        done = run_in(home, "regions", "groups", "--columns", "id,nmae", "--format", form, "--lang", "en")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "error: there is no column 'nmae'\n  hint: the columns are id, name, members\n"
    assert run_in(home, "regions", "groups", "--columns", " , ").returncode == 2
    # a choice ends with its command
    assert run_in(home, "regions", "groups").stdout.startswith("id ")


def test_wide_shows_all_columns_on_a_narrow_terminal(home: Path) -> None:
    narrow, wide = (seen(home, 60, f"score cingai-2023 --lang en {more}") for more in ("", "--wide"))
    assert narrow[-1].endswith("chooses)")
    assert wide == seen(home, 400, "score cingai-2023 --lang en")
    assert len(wide) == 33


def test_messages_wrap_at_words_and_hints_keep_their_indentation(home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console, "_width", lambda stream: 50)
        done = run_in(home, "dataset", "check", "absent", "--lang", "en")
    hint = done.stderr.splitlines()[1:]
    assert hint[0].startswith("  hint: ")
    assert all(line.startswith("    ") for line in hint[1:])
    assert any("`ecosystem dataset template DIR`" in line for line in hint)
    assert max(map(len, done.stderr.splitlines())) <= 50


def test_bars_on_a_terminal_leave_stdout_alone(home: Path) -> None:
    """A table went to stderr with the bars where stdout was a file."""
    words_given = ["ecosystem", *shlex.split(LINES["knockout each"])]
    out, err = io.StringIO(), Terminal()
    with contextlib.chdir(home), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", words_given)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit):
            main()
    assert len(out.getvalue().splitlines()) == 6


def test_a_file_has_the_columns_that_are_chosen(home: Path, tmp_path: Path) -> None:
    for name, head in (("a.csv", "rank,region"), ("a.md", "| rank | region |")):
        words_given = ["score", "cingai-2023", "--lang", "en", "--top", "2", "--out", str(tmp_path / name)]
        done = run_in(home, *words_given, "--columns", "rank,region")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / name).read_text(encoding="utf-8").splitlines()[0] == head
        (tmp_path / name).unlink()
        assert run_in(home, *words_given, "--columns", "rank,nothing").returncode == 2
        assert not (tmp_path / name).exists()
