"""`ecosystem profile` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run_in
from network_home import made_up

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store holds a made-up dataset."""
    return made_up(tmp_path_factory, "profile")


def test_a_profile_is_printed_in_sections(home: Path) -> None:
    done = run_in(home, "profile", "cingai-2023", "四川省", "--lang", "en")
    assert done.returncode == 0, done.stderr
    for title in ("Values, scores and ranks", "Strengths and weaknesses", "Top organisations", "Partners", "Peers"):
        assert f"\n{title}\n" in done.stdout
    assert done.stdout.startswith("Sichuan: profile in Regional competitiveness")
    chinese = run_in(home, "profile", "cingai-2023", "长三角", "--lang", "zh")
    assert "\n成员\n" in chinese.stdout
    assert "个经济圈中排名第" in chinese.stdout


def test_a_program_reads_the_parts(home: Path) -> None:
    done = run_in(home, "profile", "cingai-2023", "四川省", "--format", "json")
    rows = json.loads(done.stdout)
    assert rows[0]["code"] == "competitiveness"
    assert len(rows) == 41
    done = run_in(home, "profile", "cingai-2023", "四川省", "--columns", "code,rank", "--format", "csv", "--lang", "en")
    assert done.stdout.splitlines()[0] == "code,rank"
    assert run_in(home, "profile", "cingai-2023", "四川省", "--out", "-", "--lang", "en").stdout.startswith(
        "level,code"
    )


@pytest.mark.parametrize("name", ["p.docx", "p.html", "p.md", "p.xlsx", "p.csv", "p.json"])
def test_a_file_has_a_receipt_beside_it(home: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    done = run_in(home, "profile", "cingai-2023", "四川省", "--peers", "2", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 1000
    receipt = json.loads((tmp_path / "p.run.json").read_text(encoding="utf-8"))
    assert (receipt["command"], receipt["file"], receipt["index"]) == ("profile", name, "cingai-2023")
    assert (receipt["arguments"]["region"], receipt["arguments"]["peers"]) == ("四川省", 2)
    # it is no run of `score`
    done = run_in(home, "score", "--from", str(tmp_path / "p.run.json"))
    assert "is the receipt of `profile`" in done.stderr


def test_changes_against_a_table(home: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    assert run_in(home, "score", "cingai-2023", "--until", "2018", "--long", "--out", str(old)).returncode == 0
    done = run_in(home, "profile", "cingai-2023", "四川省", "--lang", "en", "--against", str(old))
    assert "\nChanges since old.csv\n" in done.stdout
    # the receipt of that run says the same of scores and ranks
    again = run_in(
        home, "profile", "cingai-2023", "四川省", "--lang", "en", "--against", str(tmp_path / "old.run.json")
    )
    assert again.returncode == 0, again.stderr
    assert "\nChanges since old.run.json\n" in again.stdout
    top = [line.split() for line in (done.stdout + again.stdout).splitlines() if line.startswith("Regional compet")]
    assert top[1] == top[3]


def test_changes_against_ranks_from_elsewhere(home: Path, tmp_path: Path) -> None:
    (tmp_path / "ranks.csv").write_text("region,rank\n四川省,20\n北京市,1\n", encoding="utf-8")
    words = ("profile", "cingai-2023", "四川省", "--format", "json", "--against", str(tmp_path / "ranks.csv"))
    top = json.loads(run_in(home, *words).stdout)[0]
    assert (top["rank_old"], top["rank_change"], top["score_change"]) == (20, 20 - top["rank"], None)


def test_changes_against_a_store(home: Path) -> None:
    words = ("profile", "cingai-2023", "四川省", "--against", ".ecosystem/graph.duckdb", "--format", "json")
    rows = json.loads(run_in(home, *words).stdout)
    assert {row["rank_change"] for row in rows if row["rank"]} == {0}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("四川巿",), 1, "no such region"),
        (("Springfield",), 1, "no such region"),
        (("四川省", "--peers", "99"), 2, "30 others can be compared"),
        (("四川省", "--strong", "40"), 2, "above the percentile 50"),
        (("四川省", "--out", "p.pdf"), 2, "does not end in a known suffix"),
        (("四川省", "--level", "district"), 2, "has no level"),
        (("四川省", "--against", "absent.csv"), 1, "there is no table"),
        (("四川省", "--against", "absent.duckdb"), 1, "absent.duckdb"),
    ],
)
def test_bad_input_is_one_clear_error(home: Path, words: tuple[str, ...], code: int, message: str) -> None:
    done = run_in(home, "profile", "cingai-2023", *words, "--lang", "en")
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert message in done.stderr
    assert "hint" in done.stderr or "did you mean" in done.stderr or code == 2
    assert not list(home.glob("p.*"))
