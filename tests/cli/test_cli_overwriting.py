"""An output that is an input is refused before anything is computed, whichever command and spelling."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command import run_in
from openpyxl import load_workbook
from tables import write_csv, write_xlsx

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
    done = run_in(folder, "score", "--from", "run.json", "--out", "v.csv")
    assert (done.returncode, "is read by this run" in done.stderr) == (2, True)
    assert run_in(folder, "score", "--from", "run.json", "--out", "s.csv").returncode == 0


def test_what_a_run_wrote_before_may_be_written_again(folder: Path) -> None:
    for _ in range(2):
        assert run_in(folder, "score", "mine", "--values", "v.csv", "--out", "mine/s.xlsx").returncode == 0
    assert load_workbook(folder / "mine" / "s.xlsx").sheetnames[0] == "scores"
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
