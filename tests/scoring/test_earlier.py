"""Earlier scores beside those of now, and ranks of every part: in every output, against pandas on the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import run_in
from tables import write_csv

from ecosystem import score
from ecosystem.headings import heading
from ecosystem.index import load_index

pytestmark = pytest.mark.long

REGIONS = ("A", "B", "C", "D", "E")
OLD = {"x": [1, 2, 3, 9, 4], "y": [8, 4, 6, 2, 4], "z": [5, 7, 7, 1, 9]}
NOW = {"x": [5, 2, 3, 9, 4], "y": [8, 9, 6, 2, 4], "z": [5, 7, 7, 1, 0]}
GROUPS = {"group:first": ["A", "B"], "group:second": ["B", "C"], "group:third": ["D"]}
MORE = """
rollup = "sum"

[[level.region.groups]]
id = "group:first"
zh = "甲圈"
en = "first"
members = ["A", "B"]

[[level.region.groups]]
id = "group:second"
zh = "乙圈"
en = "second"
members = ["B", "C"]

[[level.region.groups]]
id = "group:third"
zh = "丙圈"
en = "third"
members = ["D"]
"""
SCORE = ("score", "mine", "--values")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three columns with overlapping groups, and two tables of values."""
    folder = tmp_path_factory.mktemp("earlier")
    for name, values in (("old.csv", OLD), ("now.csv", NOW)):
        write_csv(folder / name, [["region", *values], *zip(REGIONS, *values.values(), strict=True)])
    assert run_in(folder, "index", "new", "mine", "--from", "now.csv").returncode == 0
    with (folder / "mine" / "index.toml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    return folder


def _scores(values: dict[str, list[int]]) -> pd.DataFrame:
    """Points of x, y, z and the index by hand: minimum to 0, maximum to 100, a third of the weight each."""
    frame = pd.DataFrame(values, index=list(REGIONS), dtype=float)
    points = (frame - frame.min()) / (frame.max() - frame.min()) * 100 / 3
    return points.assign(index=points.sum(axis=1))


def _grouped(values: dict[str, list[int]]) -> pd.DataFrame:
    points = _scores(values)
    return pd.DataFrame({name: points.loc[members].sum() for name, members in GROUPS.items()}).T


def _ranks(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.round(9).rank(ascending=False, method="min")


def _run(folder: Path, *words: str) -> str:
    done = run_in(folder, *SCORE, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ranks_of_every_part_are_those_of_pandas(folder: Path) -> None:
    printed = pd.DataFrame(json.loads(_run(folder, "now.csv", "--groups", "--ranks", "all", "--format", "json")))
    rows = printed.set_index("region")
    ours = rows.rename(columns={"rank": "index_rank"})[["x_rank", "y_rank", "z_rank", "index_rank"]]
    for expected in (_ranks(_scores(NOW)), _ranks(_grouped(NOW))):
        named = expected.add_suffix("_rank")
        pd.testing.assert_frame_equal(
            ours.loc[list(named.index)].astype(float), named[list(ours.columns)], check_names=False
        )
    assert rows.loc["others", ["rank", "x_rank", "y_rank"]].isna().all(), "the other regions are no group"
    assert rows.loc["others", "score"] == pytest.approx(_scores(NOW).loc["E", "index"])
    assert rows.loc["group:first", "mark"] == "shares members with second (1): never to be added up"
    assert rows.loc["group:third", "mark"] == ""
    scores = score(load_index(str(folder / "mine")), values=folder / "now.csv")
    table = scores.ranks("indicator").set_index("region")
    assert table.loc[list(REGIONS), "z_rank"].tolist() == _ranks(_scores(NOW))["z"].tolist()
    tidy = (
        scores.to_pandas().query("kind == 'region' and level == 1").pivot(index="region", columns="code", values="rank")
    )
    pd.testing.assert_frame_equal(tidy, _ranks(_scores(NOW))[["x", "y", "z"]], check_names=False)


@pytest.fixture(scope="module")
def earlier(folder: Path) -> Path:
    """What a run on the old values wrote, in every format and language."""
    names = ("w.csv", "w.xlsx", "w.parquet", "w.json")
    for lang in ("en", "zh", "both"):
        for name in names:
            _run(
                folder,
                "old.csv",
                "--groups",
                "--ranks",
                "all",
                "--lang",
                lang,
                "--out",
                f"{lang}-{name.replace('.', '.')}",
            )
            (folder / f"{lang}-w.run.json").rename(folder / f"{lang}-{name}.keep.json")
        _run(folder, "old.csv", "--groups", "--long", "--lang", lang, "--out", f"{lang}-long.csv")
    _run(folder, "old.csv", "--groups", "--out", "run.csv")
    places = _ranks(_scores(OLD))
    write_csv(folder / "printed.csv", [["region", "overall_2022"], *places["index"].astype(int).items()])
    write_csv(folder / "rank.csv", [["地区", "排名"], *places["index"].astype(int).items()])
    return folder


WRITTEN = [
    f"{lang}-{name}" for lang in ("en", "zh", "both") for name in ("w.csv", "w.xlsx", "w.parquet", "w.json", "long.csv")
]


@pytest.mark.parametrize("before", [*WRITTEN, "run.run.json"])
def test_every_change_since_every_kind_of_earlier_file(earlier: Path, before: str) -> None:
    printed = pd.DataFrame(json.loads(_run(earlier, "now.csv", "--groups", "--against", before, "--format", "json")))
    rows = printed.set_index("region")
    for now, then in ((_scores(NOW), _scores(OLD)), (_grouped(NOW), _grouped(OLD))):
        ours = rows.loc[list(now.index)]
        assert ours["rank_old"].tolist() == _ranks(then)["index"].tolist()
        assert ours["rank_change"].tolist() == (_ranks(then) - _ranks(now))["index"].tolist()
        assert ours["score_change"].tolist() == pytest.approx((now - then)["index"].tolist())


@pytest.mark.parametrize("before", ["printed.csv", "rank.csv", "printed.csv[2022]"])
def test_printed_ranks_give_changes_of_ranks_alone(earlier: Path, before: str) -> None:
    printed = pd.DataFrame(json.loads(_run(earlier, "now.csv", "--against", before, "--format", "json")))
    change = (_ranks(_scores(OLD)) - _ranks(_scores(NOW)))["index"]
    assert dict(zip(printed["region"], printed["rank_change"], strict=True)) == change.to_dict()
    assert "score_change" not in printed


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_changes_reach_every_file(earlier: Path, lang: str) -> None:
    more = ("--groups", "--against", "run.run.json", "--ranks", "all", "--lang", lang, "--out")
    for name in ("n.csv", "n.md", "n.json", "n.parquet", "n.xlsx"):
        _run(earlier, "now.csv", *more, name)
        (earlier / "n.run.json").unlink()
    change = (_ranks(_scores(OLD)) - _ranks(_scores(NOW)))["index"].to_dict()
    region = "region" if lang == "en" else "地区"
    names = ("rank_old", "rank_change", "rank")
    old, moved, rank = names if lang == "en" else (heading(name, "zh") for name in names)
    wide = pd.read_csv(earlier / "n.csv").iloc[:5]
    assert wide.set_index(region)[moved].to_dict() == change
    assert ("x_rank" if lang == "en" else "x 排名") in wide
    for frame in (pd.read_parquet(earlier / "n.parquet"), pd.read_json(earlier / "n.json")):
        leaves = frame[frame["kind"].eq("region") & frame["code"].eq("y")].set_index("region")
        assert leaves["rank_change"].to_dict() == (_ranks(_scores(OLD)) - _ranks(_scores(NOW)))["y"].to_dict()
    head = (earlier / "n.md").read_text(encoding="utf-8").splitlines()[0]
    assert heading("rank_old", lang) in head
    book = pd.read_excel(earlier / "n.xlsx", sheet_name=None, engine="calamine")
    scores, groups, indicators = (
        book[name] for name in (("scores", "groups", "indicators") if lang == "en" else ("得分", "经济圈", "指标"))
    )
    assert scores.set_index(region)[moved].to_dict() == change
    assert {old, moved} <= set(groups.columns)
    assert {rank, old, moved} <= set(indicators.columns)


def test_regions_that_do_not_match_are_said(earlier: Path) -> None:
    write_csv(earlier / "some.csv", [["region", "rank"], ["A", 1], ["F", 2]])
    done = run_in(earlier, *SCORE, "now.csv", "--against", "some.csv")
    assert done.returncode == 0
    assert "only in some.csv, and not ranked here: F" in done.stderr
    assert "not in some.csv, so without a change: B, C, D, E" in done.stderr
    write_csv(earlier / "none.csv", [["region", "rank"], ["F", 1], ["G", 2]])
    write_csv(earlier / "years.csv", [["region", "overall_2021", "overall_2022"], ["A", 1, 2]])
    write_csv(earlier / "twice.csv", [["region", "rank"], ["A", 1], ["A", 2]])
    write_csv(earlier / "text.csv", [["region", "rank"], ["A", "first"]])
    write_csv(earlier / "bare.csv", [["region", "note"], ["A", "first"]])
    for name, code, part in (
        ("none.csv", 1, "none of the 2 regions of none.csv is ranked by mine"),
        ("years.csv", 1, "several years: 2021, 2022"),
        ("years.csv[1999]", 1, "nothing of '1999'"),
        ("twice.csv", 1, "two different values"),
        ("text.csv", 1, "'first' is not a number"),
        ("bare.csv", 1, "no column score, rank"),
        ("absent.csv", 1, "there is no table absent.csv"),
    ):
        done = run_in(earlier, *SCORE, "now.csv", "--against", name, "--out", "never.csv")
        assert (done.returncode in (code, 2), done.stdout) == (True, ""), name
        assert part in done.stderr
        assert not (earlier / "never.csv").exists()
