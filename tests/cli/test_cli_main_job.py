"""The commands of the main job as a user runs them: exit code, both streams, and the files that they leave."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest
from command import PROGRAM, foreground, run_in

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


def run(*words: str, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """What the program says in a folder; the exit code must be the expected one."""
    done = run_in(folder, *words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the golden dataset loaded into the default store."""
    home = tmp_path_factory.mktemp("home")
    done = run("load", str(GOLDEN), folder=home)
    assert "0 quarantined" in done.stderr
    assert done.stdout == ""
    return home


def test_the_demo_ranks_explains_and_counts_what_it_reproduces(tmp_path: Path) -> None:
    done = run("demo", "--lang", "en", folder=tmp_path)
    lines = done.stdout.strip().splitlines()
    assert "CINGAI" in lines[0]
    assert lines[1].split()[:3] == ["rank", "region", "score"]
    ranked = lines[2:33]
    assert [int(line.split()[0]) for line in ranked] == list(range(1, 32))
    assert "Zhejiang [synthetic data]" in lines
    assert "made up" in done.stderr
    verdict, _, _, *following = done.stderr.splitlines()[-6:]
    assert verdict.startswith("reproduced ")
    assert all(line.startswith("  ecosystem ") for line in following)
    assert (tmp_path / "demo" / "scores.xlsx").stat().st_size > 10_000
    assert (tmp_path / "demo" / "report.html").stat().st_size > 500_000
    again = run("demo", "--lang", "en", folder=tmp_path)
    assert again.stdout == done.stdout
    assert "used as it is" in again.stderr


def test_scores_in_both_languages_and_every_format(home: Path) -> None:
    chinese = run("score", "cingai-2023", "--lang", "zh", folder=home).stdout
    assert "排名" in chinese
    assert "北京市" in chinese
    table = run("score", "cingai-2023", "--format", "csv", folder=home).stdout
    assert table.splitlines()[0].startswith("rank,region,region_zh,region_en,score,company_capability")
    records = json.loads(run("score", "cingai-2023", "--format", "json", folder=home).stdout)
    assert records[0]["rank"] == 1
    markdown = run("score", "cingai-2023", "--format", "md", "--lang", "en", folder=home).stdout
    assert markdown.startswith("| rank | region | score |")
    assert run("score", "cingai-2023", "--format", "csv", folder=home).stdout == table


def test_notes_go_to_the_other_stream(home: Path) -> None:
    done = run("score", "cingai-2023", "--since", "2019", "--until", "2021", folder=home)
    assert "not dated, so the window has no effect on them: intl_study, intl_work" in done.stderr
    assert "not ranked" in done.stderr


def test_top_region_and_groups(home: Path) -> None:
    one = run("score", "cingai-2023", "--region", "Beijing", "--format", "csv", folder=home).stdout
    assert len(one.splitlines()) == 2
    first = run("score", "cingai-2023", "--top", "2", "--format", "csv", folder=home).stdout
    assert len(first.splitlines()) == 3
    both = run("score", "cingai-2023", "--groups", "--format", "csv", folder=home).stdout
    assert "group:pearl-delta" in both
    assert "group" in {line.rsplit(",", 1)[1] for line in both.splitlines()}


def test_a_run_leaves_a_receipt_and_replays(home: Path, tmp_path: Path) -> None:
    run("score", "cingai-2023", "--since", "2019", "--out", str(tmp_path / "scores.csv"), "--excel", folder=home)
    assert (tmp_path / "scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    receipt = json.loads((tmp_path / "scores.run.json").read_text(encoding="utf-8"))
    assert receipt["since"] == 2019
    assert receipt["weights"]["company_count"] == 0.1782
    replay = ("score", "--from", str(tmp_path / "scores.run.json"))
    again = run(*replay, "--out", str(tmp_path / "again.csv"), "--excel", folder=home)
    assert "every digit is the same" in again.stderr
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "scores.csv").read_bytes()
    receipt["dataset_hash"] = "0" * 64
    (tmp_path / "scores.run.json").write_text(json.dumps(receipt), encoding="utf-8")
    changed = run("score", "--from", str(tmp_path / "scores.run.json"), folder=home, code=1)
    assert "dataset_hash was 0000000000000000..." in changed.stderr
    assert changed.stdout == ""


def test_against_earlier_scores(home: Path, tmp_path: Path) -> None:
    run("score", "cingai-2023", "--since", "2020", "--out", str(tmp_path / "old.csv"), folder=home)
    done = run("score", "cingai-2023", "--against", str(tmp_path / "old.csv"), "--format", "csv", folder=home)
    assert done.stdout.splitlines()[0].endswith("rank_old,rank_change,score_old,score_change")


def test_metrics_are_listed_shown_run_and_begun(home: Path, tmp_path: Path) -> None:
    listed = run("metrics", "list", "--format", "csv", folder=home).stdout
    assert len(listed.splitlines()) == 66
    shown = run("metrics", "show", "enablement_links", "--sql", folder=home).stdout
    assert "MATCH (c:Company {in_sample: true})-[t:ENABLES]->(b)" in shown
    assert "GROUP BY" in shown
    values = run("metrics", "run", "company_count", "--format", "csv", folder=home).stdout
    assert (
        values.splitlines()[0]
        == "metric,metric_zh,metric_en,region,region_zh,region_en,value,unit,dated,undated,unclassed,missing"
    )
    rows = run("metrics", "run", "enablement_links", "--evidence", "--format", "csv", folder=home).stdout
    assert "link_t" in rows.splitlines()[0]
    folder = str(tmp_path / "m")
    begun = run("metrics", "new", "my_companies", "--metrics", folder, folder=home)
    assert begun.stdout.strip().endswith("my_companies.cypher")
    mine = run("metrics", "run", "my_companies", "--metrics", folder, "--format", "csv", folder=home).stdout
    theirs = [line.split(",")[3:7] for line in values.splitlines()[1:]]
    assert [line.split(",")[3:7] for line in mine.splitlines()[1:]] == theirs
    again = run("metrics", "new", "my_companies", "--metrics", folder, folder=home, code=1)
    assert "exists already" in again.stderr


def test_metrics_in_chinese_and_by_their_titles(home: Path) -> None:
    listed = run("metrics", "list", "--lang", "zh", folder=home).stdout
    assert listed.split("\n")[0].split() == ["编号", "标题", "单位", "时间口径", "溯源类别", "来源"]
    assert "流量 t.year" in listed
    shown = run("metrics", "show", "技术赋能关系数", "--lang", "zh", folder=home).stdout
    assert "单位        条\n" in shown
    assert "剔除主体时" in shown
    by_id = run("metrics", "run", "company_count", "--format", "csv", folder=home).stdout
    for title in ("企业数量", "companies"):
        assert run("metrics", "run", title, "--format", "csv", folder=home).stdout == by_id
    unknown = run("metrics", "run", "企业总数", "--lang", "zh", folder=home, code=1).stderr
    assert unknown.splitlines()[0] == "错误：没有指标 '企业总数'"
    assert "'企业数量'" in unknown


def test_an_index_out_of_metrics_and_out_of_their_values(home: Path, tmp_path: Path) -> None:
    one, other, values = str(tmp_path / "one"), str(tmp_path / "other"), str(tmp_path / "values.csv")
    run("index", "new", one, "--metrics", "企业数量,enablement_links", "--level", "省", folder=home)
    rows = (tmp_path / "one" / "indicators.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1] == "company_count,index,1,企业数量,Companies,1,0.5,assumed,companies,metric:company_count"
    run("metrics", "run", "company_count", "enablement_links", "--out", values, folder=home)
    run("index", "new", other, "--from", values, folder=home)
    scores = [run("score", folder, "--format", "csv", folder=home).stdout for folder in (one, other)]
    assert scores[0] == scores[1]
    assert run("score", other, "--values", values, "--format", "csv", folder=home).stdout == scores[0]


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        ((), 2, "either from a table or from metrics"),
        (("--from", "values.csv", "--metrics", "company_count"), 2, "either from a table or from metrics"),
        (("--metrics", "company_count"), 1, "two indicators or more"),
        (("--metrics", "company_count,company_cuont"), 1, "there is no metric 'company_cuont'"),
    ],
)
def test_an_index_out_of_nothing_is_refused(home: Path, words: tuple[str, ...], code: int, part: str) -> None:
    assert part in run("index", "new", "nothing", *words, folder=home, code=code).stderr
    assert not (home / "nothing").exists()


def test_metric_values_are_written(home: Path, tmp_path: Path) -> None:
    run("metrics", "run", "--out", str(tmp_path / "values.parquet"), folder=home)
    assert pd.read_parquet(tmp_path / "values.parquet")["metric"].nunique() == 65
    assert json.loads((tmp_path / "values.run.json").read_text(encoding="utf-8"))["command"] == "metrics run"


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["score", "cingai-2024"], 1, "cingai-2023"),
        (["score"], 2, "which index?"),
        (["score", "cingai-2023", "--level", "district"], 2, "has no level 'district'"),
        (["score", "cingai-2023", "--region", "Atlantis"], 1, "Atlantis"),
        (["score", "cingai-2023", "--since", "2022", "--until", "2019"], 2, "is after"),
        (["score", "cingai-2023", "--out", "absent/scores.csv"], 1, "there is no folder absent"),
        (["score", "cingai-2023", "--out", "scores.docx"], 2, ".xlsx"),
        (["score", "cingai-2023", "--against", "absent.csv"], 1, "there is no table absent.csv"),
        (["score", "cingai-2023", "--store", "absent.duckdb"], 1, "there is no store at absent.duckdb"),
        (["score", "cingai-2023", "--store", "ftp://somewhere"], 2, "ftp://"),
        (["score", "cingai-2023", "--metrics", "absent"], 1, "there is no folder absent"),
        (["score", "cingai-2023", "--from", "run.json"], 2, "--from repeats a run as it was"),
        (["score", "--from", "absent.json"], 1, "there is no receipt absent.json"),
        (["metrics", "run", "company_cuont"], 1, "company_count"),
        (["metrics", "show", "nothing_like_it_xyz"], 1, "there is no metric"),
        (["metrics", "run", "company_count", "--level", "provnce"], 2, "province"),
        (["metrics", "new", "Bad-Name"], 1, "is not a valid id"),
        (["load", "absent"], 1, "absent"),
        (["nonsense"], 2, "No such command"),
        (["score", "cingai-2023", "--top", "0"], 2, "--top"),
    ],
)
def test_one_clear_message(home: Path, words: list[str], code: int, part: str) -> None:
    before = sorted(home.rglob("*"))
    done = run(*words, folder=home, code=code)
    assert part in done.stderr
    assert done.stdout == ""
    assert sorted(home.rglob("*")) == before


def test_a_metric_that_writes_is_refused_with_its_place(home: Path, tmp_path: Path) -> None:
    header = "// title: x\n// unit: x\n// dated: none\n"
    text = header + "MATCH (c:Company) SET c.name = 'x'\nRETURN c.id AS region, count(c) AS value\n"
    (tmp_path / "writes.cypher").write_text(text, encoding="utf-8")
    done = run("metrics", "run", "writes", "--metrics", str(tmp_path), folder=home, code=1)
    assert "writes.cypher:4:19: a query only reads: SET is refused" in done.stderr


def test_a_dataset_with_errors_is_not_loaded_unless_asked(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for file in GOLDEN.glob("*.csv"):
        (data / file.name).write_bytes(file.read_bytes())
    run("load", "data", "--store", "g.duckdb", folder=tmp_path)
    before = run("metrics", "run", "company_count", "--store", "g.duckdb", "--format", "csv", folder=tmp_path).stdout
    companies = data / "companies.csv"
    companies.write_text(companies.read_text(encoding="utf-8") + "nan,Nobody\n", encoding="utf-8")
    refused = run("load", "data", "--store", "g.duckdb", folder=tmp_path, code=1)
    assert "companies.csv" in refused.stderr
    assert "--quarantine" in refused.stderr
    after = run("metrics", "run", "company_count", "--store", "g.duckdb", "--format", "csv", folder=tmp_path).stdout
    assert after == before
    assert (data / "quarantine" / "companies.csv").exists()
    done = run("load", "data", "--store", "g.duckdb", "--quarantine", folder=tmp_path)
    assert "1 quarantined" in done.stderr


def test_ctrl_c_leaves_the_old_graph_and_nothing_else(tmp_path: Path) -> None:
    run("load", str(GOLDEN), "--store", "g.duckdb", folder=tmp_path)
    run("dataset", "synthesize", "big", "--companies", "20000", "--links", "1000000", folder=tmp_path)
    before = {path.name: path.stat().st_size for path in tmp_path.glob("g.duckdb*")}
    child = subprocess.Popen(
        foreground([*PROGRAM, "load", "big", "--store", "g.duckdb"]), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    time.sleep(1.5)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert errors.startswith("stopped")
    assert "Traceback" not in errors
    assert {path.name: path.stat().st_size for path in tmp_path.glob("g.duckdb*")} == before


def test_version_and_help_answer_without_a_store(tmp_path: Path) -> None:
    assert run("--version", folder=tmp_path).stdout.startswith("ecosystem 0.")
    assert "Rank regions" in run("--help", folder=tmp_path).stdout
