"""`ecosystem robustness --sample` as a person runs it: what is shown, written, drawn and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import run_in

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
SAMPLE = ("robustness", "cingai-2023", "--sample", "--draws", "40", "--lang", "en")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose default store holds the golden dataset."""
    folder = tmp_path_factory.mktemp("sample")
    assert run_in(folder, "load", str(GOLDEN)).returncode == 0
    return folder


def test_ranks_are_of_the_sample(home: Path) -> None:
    done = run_in(home, *SAMPLE)
    assert done.returncode == 0
    assert "of the sample" in done.stdout
    assert "90% all at once" in done.stdout
    assert "of the sample: 40 draws" in done.stderr
    assert "census and no sample: name it with --census" in done.stderr
    held = run_in(home, *SAMPLE, "--census", "Policy", "--census", "Park", "--over", "all")
    assert "a census and no sample, held as it is: Policy, Park" in held.stderr
    assert "from all regions together" in held.stderr


def test_chinese_is_spoken(home: Path) -> None:
    done = run_in(home, *SAMPLE[:-1], "zh")
    assert "样本" in done.stdout
    assert "样本" in done.stderr


def test_files_pictures_and_receipts(home: Path) -> None:
    files = [home / f"sample.{suffix}" for suffix in ("csv", "json", "parquet", "xlsx")]
    for file in files:
        done = run_in(home, *SAMPLE, "--out", file.name, "--plot", "sample.svg")
        assert done.returncode == 0, done.stderr
    table, parquet = pd.read_csv(files[0]), pd.read_parquet(files[2])
    assert list(table.columns) == list(parquet.columns)
    assert len(json.loads(files[1].read_text(encoding="utf-8"))) == len(table)
    sheets = pd.read_excel(files[3], sheet_name=None, engine="openpyxl")
    assert len(sheets) == 4
    assert any("of the sample" in str(cell) for cell in sheets["notes"].to_numpy().ravel())
    receipt = json.loads((home / "sample.run.json").read_text(encoding="utf-8"))
    assert receipt["command"] == "robustness"
    wanted = {"sample": True, "over": "region", "draws": 40, "seed": 1, "coverage": "0.9", "census": []}
    assert wanted.items() <= receipt["arguments"].items()
    picture = (home / "sample.svg").read_text(encoding="utf-8")
    assert "rank of the sample" in picture


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--draws", "0"), "there are no 0 draws"),
        (("--draws", "1"), "one draw has no spread"),
        (("--draws", "1000000000"), "MB of memory"),
        (("--coverage", "90"), "a coverage of 90 is no share"),
        (("--census", "Compny"), "the dataset has no 'Compny' to hold fixed"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(home: Path, words: tuple[str, ...], message: str) -> None:
    done = run_in(home, *SAMPLE, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "hint:" in done.stderr


@pytest.mark.parametrize("words", [("--seed", "red"), ("--over", "city"), ("--coverage", "much")])
def test_a_word_that_is_no_value_is_wrong_usage(home: Path, words: tuple[str, ...]) -> None:
    done = run_in(home, *SAMPLE, *words)
    assert done.returncode == 2
    assert words[1] in done.stderr


def test_options_of_the_sample_need_it(home: Path) -> None:
    done = run_in(home, "robustness", "cingai-2023", "--census", "Park", "--over", "all")
    assert done.returncode == 2
    assert "--over, --census: of no use with draws of rules and weights" in done.stderr
    assert "add --sample" in done.stderr


@pytest.mark.parametrize(("table", "heading"), [("pairs", "never swap"), ("draws", "draw")])
def test_pairs_and_draws_of_the_sample_are_printed(home: Path, table: str, heading: str) -> None:
    done = run_in(home, *SAMPLE, "--show", table, "--top", "4")
    assert done.returncode == 0, done.stderr
    assert heading in done.stdout
    chinese = run_in(home, *SAMPLE[:-1], "zh", "--show", table, "--top", "4")
    assert "市" in chinese.stdout or "省" in chinese.stdout
    assert "region" not in chinese.stdout


def test_one_study_at_a_time(home: Path) -> None:
    done = run_in(home, *SAMPLE, "--vary", "weights:0.25")
    assert done.returncode == 2
    assert "--vary: of no use with --sample" in done.stderr
    assert "--vary: for draws of rules and weights, --sensitivity" in done.stderr
    done = run_in(home, *SAMPLE, "--missing")
    assert "--sample and --missing are studies of their own" in done.stderr


@pytest.mark.parametrize("what", ["indicator", "pillar", "label", "source", "year"])
def test_each_is_left_out(home: Path, what: str) -> None:
    words = ("robustness", "cingai-2023", "--leave-out", what, "--lang", "en")
    done = run_in(home, *words)
    assert done.returncode == 0, done.stderr
    assert "worst rank without" in done.stdout
    assert "mean move" in done.stdout
    assert "has the greatest effect" in done.stderr
    done = run_in(home, *words, "--out", f"{what}.xlsx", "--plot", f"{what}.svg")
    assert done.returncode == 0, done.stderr
    sheets = pd.read_excel(home / f"{what}.xlsx", sheet_name=None, engine="openpyxl")
    assert list(sheets) == ["regions", "left_out", "ranks"]
    receipt = json.loads((home / f"{what}.run.json").read_text(encoding="utf-8"))
    assert receipt["arguments"]["leave_out"] == what
    assert "<svg" in (home / f"{what}.svg").read_text(encoding="utf-8")


def test_what_cannot_be_left_out_is_wrong_usage(home: Path) -> None:
    done = run_in(home, "robustness", "cingai-2023", "--leave-out", "moon")
    assert done.returncode == 2
    assert "moon" in done.stderr
