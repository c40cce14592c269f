"""A group of regions explained: the sum of its members, down to organisations; against pandas on the files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in

import ecosystem
from ecosystem.audit import GroupExplanation
from ecosystem.errors import RegionError
from ecosystem.index import load_index
from ecosystem.scoring import Scores

pytestmark = pytest.mark.long

MEMBERS = {"31", "32", "33", "34"}
"""The first two digits of the provinces of 长三角; every place in them begins with these."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("groups")
    assert run_in(folder, "dataset", "synthesize", "small", "--companies", "80", "--links", "1000").returncode == 0
    assert run_in(folder, "load", "small").returncode == 0
    return folder


@pytest.fixture(scope="module")
def scores(folder: Path) -> Scores:
    return ecosystem.score("cingai-2023", folder / ".ecosystem" / "graph.duckdb", level="province")


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "small" / f"{name}.csv", dtype="str")


def test_a_group_is_the_sum_of_its_members(scores: Scores) -> None:
    found = ecosystem.explain(scores, "长三角", top=3)
    assert isinstance(found, GroupExplanation)
    own = pd.Series(scores.standing.overall, index=list(scores.standing.regions))
    members = own[[region[:2] in MEMBERS for region in own.index]]
    assert found.steps["points"].iloc[0] == pytest.approx(members.sum())
    assert [member.region for member in found.members] == list(members.sort_values(ascending=False).index)
    assert found.total == pytest.approx(members.sum())
    by_member = found.by_member
    leaves = by_member[by_member["level"] == 1].groupby("code")["points"].sum()
    steps = found.steps[found.steps["level"] == 1].set_index("code")["points"]
    np.testing.assert_allclose(leaves.reindex(steps.index), steps)
    # organisations, those that are not named, and the minimum together are the points of the indicator
    additive = found.parts.dropna(subset=["points"]).groupby("code")["points"].sum()
    np.testing.assert_allclose(additive, steps.reindex(additive.index), atol=1e-9)
    named = found.parts[found.parts["id"] != ""].groupby("code").size()
    assert named.max() <= 3


def test_companies_and_links_are_those_of_the_files(folder: Path, scores: Scores) -> None:
    """Companies of the sample in the four provinces, and the links that they enable, counted by pandas."""
    places = _table(folder, "located_in").set_index("from")["to"]
    companies = _table(folder, "companies")
    here = {one for one, flag in zip(companies["id"], companies["in_sample"], strict=True) if flag != "false"}
    here = {one for one in here if str(places.get(one, ""))[:2] in MEMBERS}
    counted = ecosystem.explain(scores, "Yangtze River Delta", indicator="company_count", top=1)
    assert counted.parts["matches"].sum() == len(here)
    links = _table(folder, "enables")
    linked = ecosystem.explain(scores, "group:yangtze-delta", indicator="enablement_links", top=10_000)
    assert linked.links["match"].count() > 0
    assert linked.parts["matches"].sum() == links["from"].isin(here).sum()
    assert set(linked.links["region"].str[:2]) <= MEMBERS


def test_the_other_regions_have_no_rank(scores: Scores) -> None:
    others = ecosystem.explain(scores, "其他地区", indicator="company_count", top=1)
    assert isinstance(others, GroupExplanation)
    assert others.steps["rank"].isna().all()
    grouped = {member for group in scores.index.level("province").groups for member in group.members}
    assert {member.region for member in others.members} == {*scores.standing.regions} - grouped
    with pytest.raises(RegionError):
        ecosystem.explain(scores, "Atlantis circle")


def test_the_command_in_both_languages_and_in_a_workbook(folder: Path) -> None:
    for lang, group, member in (("zh", "川渝", "四川省"), ("en", "Sichuan-Chongqing", "Sichuan")):
        done = run_in(folder, "explain", "cingai-2023", group, "--lang", lang, "--depth", "pillar")
        assert done.returncode == 0, done.stderr
        assert f"\n  {member} " in done.stdout
    done = run_in(folder, "explain", "cingai-2023", "川渝", "--depth", "link", "--lang", "en", "--out", "g.xlsx")
    assert done.returncode == 0, done.stderr
    book = pd.read_excel(folder / "g.xlsx", sheet_name=None, engine="calamine", dtype={"region": "str"})
    assert list(book) == ["steps", "members", "organisations", "links", "method"]
    assert set(book["members"]["region"].astype("str")) == {"500000", "510000"}
    done = run_in(folder, "explain", "cingai-2023", "川渝", "--level", "city", "--lang", "en")
    # of the cities of this circle Chengdu alone is ranked
    points = re.findall(r"^ *(?:Regional competitiveness|Chengdu) +(-?[\d.]+) ", done.stdout, re.MULTILINE)
    assert len(points) > 1
    assert points[0] == points[1]
    assert run_in(folder, "explain", "cingai-2023", "川渝", "--level", "district").returncode == 2


def test_groups_by_year_are_the_sums_of_their_members(folder: Path) -> None:
    words = ("score", "cingai-2023", "--by-year", "--since", "2020", "--until", "2021", "--groups")
    done = run_in(folder, *words, "--lang", "en", "--out", "paths.csv")
    assert done.returncode == 0, done.stderr
    paths = pd.read_csv(folder / "paths.csv", dtype={"region": "str"}).set_index("region")
    for group in load_index("cingai-2023").level("province").groups:
        for year in ("score_2020", "score_2021"):
            assert paths.loc[group.id, year] == pytest.approx(paths.loc[list(group.members), year].sum())
    circles = paths[paths["kind"] == "group"]
    assert circles["rank_2021"].tolist() == circles["score_2021"].rank(ascending=False).tolist()
    others = paths[paths["kind"] == "others"]
    assert others["rank_2021"].isna().all()
    regions = paths.loc[paths["kind"] == "region", "score_2021"].sum()
    assert circles["score_2021"].sum() + others["score_2021"].sum() == pytest.approx(regions), "these do not overlap"
    done = run_in(folder, *words, "--level", "city", "--format", "json")
    cities = {row["region"]: row["score_2021"] for row in json.loads(done.stdout)}
    for circle in load_index("cingai-2023").level("city").groups:
        assert cities[circle.id] == pytest.approx(sum(cities[member] for member in circle.members))
