"""The headings of files in Chinese, English or both, one way for every file, and all of them read back."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import run_in
from tables import write_csv

from ecosystem.headings import HEADINGS, file_headings, heading, keys_of

COLUMNS = [key for key in HEADINGS if not key.startswith("sheet_")]
CHINESE = re.compile("[\u4e00-\u9fff]")
VALUES: list[list[object]] = [
    ["region", "a", "b", "zone"],
    *([f"r{at}", at, at * 7 % 11, "xy"[at % 2]] for at in range(6)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with values, with and without years, an index of them in two languages, and judgements."""
    folder = tmp_path_factory.mktemp("files")
    write_csv(folder / "v.csv", VALUES)
    years: list[list[object]] = [["region", "year", "a", "b"]]
    years += [[f"r{at}", year, at + year % 7, at * 5 % 7] for year in (2020, 2021) for at in range(4)]
    write_csv(folder / "y.csv", years)
    write_csv(folder / "j.csv", [["", "x", "y"], ["x", 1, 2], ["y", 0.5, 1]])
    assert run_in(folder, "index", "new", "mine", "--from", "v.csv").returncode == 0
    path = folder / "mine" / "indicators.csv"
    table = pd.read_csv(path)
    path.write_text(table.assign(name_zh=table["code"].map("指标 {}".format)).to_csv(index=False), encoding="utf-8")
    return folder


class TestHeadings:
    def test_every_column_has_its_own_heading_in_chinese(self) -> None:
        headings = [heading(key, "zh") for key in COLUMNS]
        assert [word for word in headings if not CHINESE.search(word)] == []
        assert sorted({word for word in headings if headings.count(word) > 1}) == []

    @pytest.mark.parametrize("lang", ["en", "zh", "both"])
    def test_all_are_read_back(self, lang: str) -> None:
        keys = [*COLUMNS, "score_2020", "company_count", "GDP / head", "数字"]
        words = file_headings(keys, lang)
        assert keys_of(words) == keys
        assert len(set(words)) == len(words)

    def test_english_is_what_programs_read(self) -> None:
        assert file_headings(["region_en", "score_2020"], "en") == ["region_en", "score_2020"]
        assert file_headings(["region", "score_2020"], "both") == ["地区 / region", "得分 2020 / score 2020"]

    def test_only_what_is_looked_for_is_renamed(self) -> None:
        assert keys_of(["地区", "得分", "rank", "排名"], ("region", "rank")) == ["region", "得分", "rank", "rank"]
        assert keys_of(["English name", " 代码 / code "]) == ["name_en", "code"]
        assert file_headings(["mean", "x"], "zh", {"mean": "均价"}) == ["均价", "x"]


LINES = (
    "score mine --values v.csv --treat winsorise --tiers quantile:2",
    "score mine --values v.csv --long",
    "score mine --values y.csv --by-year",
    "score mine --values y.csv --by-year --long",
    "explain mine r1 --values v.csv",
    "explain versus mine r1 r2 --values v.csv",
    "explain overtake mine r1 r5 --values v.csv",
    "weights bod --index mine --values v.csv --by-region",
    "weights ahp j.csv",
    "index drop-one mine --values v.csv",
    "index drop-one mine --values v.csv --long",
    "coherence mine --values v.csv --all --by zone",
)


@pytest.mark.parametrize("line", LINES)
def test_a_chinese_file_has_no_english_heading(folder: Path, line: str) -> None:
    words = [*line.split(), "--lang", "zh", "--out"]
    assert run_in(folder, *words, "f.xlsx").returncode == 0
    (folder / "f.run.json").unlink(missing_ok=True)
    book = openpyxl.load_workbook(folder / "f.xlsx")
    heads = {name: [str(cell.value) for cell in book[name][1]] for name in book.sheetnames if name != "概览"}
    if not line.startswith("coherence"):
        for name in ("f.csv", "f.md"):
            assert run_in(folder, *words, name).returncode == 0
            (folder / "f.run.json").unlink(missing_ok=True)
            first = (folder / name).read_text(encoding="utf-8").splitlines()[0]
            heads[name] = first.strip("| ").split(" | ") if name == "f.md" else first.split(",")
    english = {(name, word) for name, head in heads.items() for word in (name, *head) if not CHINESE.search(word)}
    own = {"r1", "r2", "x", "y", "f.csv", "f.md"}
    assert {(name, word) for name, word in english if word not in own} == set()


def test_the_sheet_of_the_method_has_chinese_keys(folder: Path) -> None:
    words = ("score", "mine", "--values", "v.csv", "--normalise", "zscore", "--lang", "zh", "--out", "m.xlsx")
    assert run_in(folder, *words).returncode == 0
    sheet = openpyxl.load_workbook(folder / "m.xlsx")["方法"]
    keys = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    assert [key for key in keys if not CHINESE.search(key)] == []


def test_json_and_parquet_keep_their_keys(folder: Path) -> None:
    for name in ("k.json", "k.parquet"):
        words = ("score", "mine", "--values", "v.csv", "--lang", "zh", "--out", name)
        assert run_in(folder, *words).returncode == 0
        (folder / "k.run.json").unlink()
    frame = pd.read_json(folder / "k.json")
    assert list(frame.columns) == list(pd.read_parquet(folder / "k.parquet").columns)
    assert {"region", "score", "code"} <= set(frame.columns)


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_file_of_our_own_is_read_in_every_language(folder: Path, lang: str) -> None:
    score = ("score", "mine", "--values", "v.csv")
    for name, more in ((f"{lang}.csv", ()), (f"{lang}-long.csv", ("--long",)), (f"{lang}.md", ())):
        assert run_in(folder, *score, *more, "--lang", lang, "--out", name).returncode == 0
    for name in (f"{lang}.csv", f"{lang}-long.csv"):
        done = run_in(folder, *score, "--against", name, "--format", "csv", "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert {line.split(",")[-1] for line in done.stdout.splitlines()[1:]} == {"0.0"}, "nothing has changed"
    entropy = ("weights", "entropy", "--index", "mine", "--values", "v.csv")
    assert run_in(folder, *entropy, "--lang", lang, "--out", f"{lang}-w.csv").returncode == 0
    done = run_in(folder, *score, "--weights", f"{lang}-w.csv")
    assert done.returncode == 0, done.stderr
    again = run_in(folder, "index", "new", f"again-{lang}", "--from", f"{lang}.csv")
    assert again.returncode == 0, again.stderr
    done = run_in(folder, "score", f"again-{lang}", "--values", f"{lang}.csv", "--format", "json")
    assert '"region": "r1"' in done.stdout, "the column of the regions has been found"
    parts = ("compare", "implied-weights", "--parts", f"{lang}-parts.csv", "--total", f"{lang}-total.csv")
    names = file_headings(["region", "rank"], lang)
    write_csv(folder / parts[3], [[names[0], "one", "two"], *([f"r{at}", at, at * at] for at in range(6))])
    write_csv(folder / parts[5], [[*names, "all"], *([f"r{at}", 6 - at, at + at * at] for at in range(6))])
    done = run_in(folder, *parts)
    assert done.returncode == 0, done.stderr


def test_an_earlier_file_without_the_columns_is_one_error(folder: Path) -> None:
    write_csv(folder / "bad.csv", [["地区", "名字"], ["r1", "x"]])
    done = run_in(folder, "score", "mine", "--values", "v.csv", "--against", "bad.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no column score, rank" in done.stderr
    write_csv(folder / "bad.csv", [["代码", "数值"], ["a", 1]])
    done = run_in(folder, "score", "mine", "--values", "v.csv", "--weights", "bad.csv")
    assert (done.returncode, "'weight' is missing" in done.stderr) == (1, True)


def test_both_languages_stand_in_one_file(folder: Path) -> None:
    words = ("score", "mine", "--values", "v.csv", "--lang", "both", "--out")
    assert run_in(folder, *words, "both.csv").returncode == 0
    head = (folder / "both.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert head[:4] == ["排名 / rank", "地区 / region", heading("region_zh", "both"), heading("region_en", "both")]
    assert "指标 a / a" in head
    assert run_in(folder, *words, "both.md").returncode == 0
    assert (
        (folder / "both.md")
        .read_text(encoding="utf-8")
        .startswith("| 排名 / rank | 地区 / region | 综合评分 / score |")
    )
    assert run_in(folder, *words, "both.xlsx").returncode == 0
    assert openpyxl.load_workbook(folder / "both.xlsx").sheetnames[:2] == ["概览 overview", "得分 scores"]


def test_the_names_of_a_query_are_its_own_and_values_of_metrics_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECOSYSTEM_LANG", "zh")
    store = tmp_path / "g.duckdb"
    golden = Path(__file__).parents[1] / "golden" / "dataset"
    assert run_in(tmp_path, "load", str(golden), "--store", str(store)).returncode == 0
    text = "MATCH (c:Company) RETURN c.id AS region, count(*) AS score"
    done = run_in(tmp_path, "query", text, "--store", str(store), "--format", "csv")
    assert done.stdout.startswith("region,score\n")
    words = ("metrics", "run", "company_count", "enablement_links", "--store", str(store), "--lang", "zh", "--out")
    assert run_in(tmp_path, *words, "values.csv").returncode == 0
    assert (tmp_path / "values.csv").read_text(encoding="utf-8").startswith("关系指标,")
    made = run_in(tmp_path, "index", "new", "made", "--from", "values.csv")
    assert made.returncode == 0, made.stderr
    assert "company_count" in (tmp_path / "made" / "indicators.csv").read_text(encoding="utf-8")


def test_a_run_in_chinese_replays_in_english(folder: Path) -> None:
    words = ("score", "mine", "--values", "v.csv", "--normalise", "zscore", "--treat", "winsorise", "--impute", "mean")
    assert run_in(folder, *words, "--lang", "zh", "--out", "r.csv").returncode == 0
    done = run_in(folder, "score", "--from", "r.run.json", "--lang", "en")
    assert "every digit is the same" in done.stderr
    years = ("score", "mine", "--values", "y.csv", "--by-year", "--treat", "winsorise")
    assert run_in(folder, *years, "--lang", "zh", "--out", "p.csv").returncode == 0
    assert "every digit is the same" in run_in(folder, "score", "--from", "p.run.json", "--lang", "en").stderr
