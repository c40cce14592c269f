"""Profiles of the twin of CINGAI: every number beside what pandas makes of its CSV files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from tables import write_csv

from ecosystem.dataset import read_dataset
from ecosystem.errors import InputError, RegionError, UsageError
from ecosystem.export import write_scores
from ecosystem.index import Group, Text, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.index.override import override
from ecosystem.profiles import Profile, profile
from ecosystem.profiles.profile_tables import sections
from ecosystem.resources import resource
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store
from ecosystem.synthetic.twin import write_twin

pytestmark = pytest.mark.long

TIANJIN, DELTA = "120000", ("310000", "320000", "330000", "340000")


@dataclass(frozen=True)
class Twin:
    folder: Path
    scores: Scores

    def read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / f"{name}.csv", dtype="str")

    def place(self, ids: pd.Series) -> pd.Series:
        """The province of each organisation, blank where it lies in none, by the first two digits of where it is."""
        to = self.read("located_in").drop_duplicates("from").set_index("from")["to"]
        return ids.map(to.where(to.str.fullmatch(r"\d{6}")).str[:2] + "0000")

    def sample(self, name: str) -> pd.DataFrame:
        """The organisations that count, with their province."""
        frame = self.read(name)
        frame = frame[frame["in_sample"].fillna("true") != "false"] if "in_sample" in frame else frame
        return frame.assign(region=self.place(frame["id"]))

    def links(self) -> pd.DataFrame:
        """Enablement: the provinces of both ends, and whether the company that enables counts."""
        found = self.read("enables")
        own = set(self.sample("companies")["id"])
        return found.assign(start=self.place(found["from"]), end=self.place(found["to"]), own=found["from"].isin(own))


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    home = tmp_path_factory.mktemp("profiles")
    write_twin("cingai-2023", home / "twin", seed=1)
    store = open_store(home / "g.duckdb", create=True)
    store.load(read_dataset(home / "twin").dataset)
    yield Twin(home / "twin", score("cingai-2023", store))
    store.close()


@pytest.fixture(scope="module")
def tianjin(twin: Twin) -> Profile:
    return profile(twin.scores, "天津")


@pytest.fixture(scope="module")
def delta(twin: Twin) -> Profile:
    return profile(twin.scores, "长江三角洲")


def row(found: Profile, code: str) -> pd.Series:
    return found.parts[found.parts["code"] == code].iloc[0]


def test_values_shares_and_ranks_are_those_of_the_files(twin: Twin, tianjin: Profile) -> None:
    links = twin.links()
    counts = {
        "company_count": twin.sample("companies")["region"].value_counts(),
        "university_count": twin.sample("universities")["region"].value_counts(),
        "enablement_links": links[links["own"]]["start"].value_counts(),
    }
    for code, counted in counts.items():
        by_region = counted.reindex(list(twin.scores.standing.regions), fill_value=0)
        found = row(tianjin, code)
        assert found["value"] == by_region[TIANJIN]
        assert found["share_nation"] == pytest.approx(by_region[TIANJIN] / by_region.sum(), rel=1e-12)
        ranks = by_region.rank(method="min", ascending=False)
        assert (found["rank"], found["regions"]) == (ranks[TIANJIN], 31)
        assert found["median"] == by_region.median()
        assert (found["best_region"], found["best"]) == (by_region.idxmax(), by_region.max())
        assert (found["gap_median"], found["gap_best"]) == (
            by_region[TIANJIN] - by_region.median(),
            by_region[TIANJIN] - by_region.max(),
        )
        others = by_region.drop(TIANJIN)
        behind = (others < by_region[TIANJIN]).sum() + 0.5 * (others == by_region[TIANJIN]).sum()
        assert found["percentile"] == pytest.approx(100 * behind / 30)


def test_a_mean_has_no_share_and_says_why(twin: Twin, tianjin: Profile, delta: Profile) -> None:
    companies = twin.sample("companies")
    patents = companies["patents"].astype(float)
    found = row(tianjin, "company_mean_patents")
    assert found["value"] == pytest.approx(patents[companies["region"] == TIANJIN].mean(), rel=1e-12)
    assert np.isnan(found["share_nation"])
    assert found["share_note"] == "a mean does not add up"
    # a circle's mean is that of all its companies, not the mean of four means
    all_of_it = patents[companies["region"].isin(DELTA)].mean()
    assert row(delta, "company_mean_patents")["value"] == pytest.approx(all_of_it, rel=1e-12)


def test_a_group_is_the_sum_of_its_members(twin: Twin, delta: Profile) -> None:
    links, companies = twin.links(), twin.sample("companies")
    started = links[links["own"]]["start"].value_counts()
    assert row(delta, "company_count")["value"] == companies["region"].isin(DELTA).sum()
    assert row(delta, "enablement_links")["share_nation"] == pytest.approx(
        started[list(DELTA)].sum() / started.sum(), rel=1e-12
    )
    tidy = twin.scores.to_pandas()
    top = tidy[(tidy["level"] == 4) & (tidy["kind"] == "region")].set_index("region")["score"]
    assert delta.top["score"] == pytest.approx(top[list(DELTA)].sum())
    assert delta.top["score"] == pytest.approx(106.93, abs=0.01)  # the report prints 106.93, table 5
    assert delta.top["share_nation"] == pytest.approx(top[list(DELTA)].sum() / top.sum())
    assert (delta.top["rank"], delta.top["regions"]) == (1, 4)
    assert list(delta.members["region"]) == list(top[list(DELTA)].sort_values(ascending=False).index)
    assert delta.members["share"].sum() == pytest.approx(1)
    ranks = top.rank(method="min", ascending=False)
    assert list(delta.members["rank"]) == [ranks[region] for region in delta.members["region"]]


def test_the_shares_of_the_groups_are_marked_where_they_leave_regions_out(delta: Profile) -> None:
    notes = " ".join(sections(delta, "en")[0].notes)
    inside = {member for group in delta.scores.index.level("province").groups for member in group.members}
    assert f"({31 - len(inside)} are in none)" in notes


def points_of(twin: Twin, table: str, prefix: str) -> pd.Series:
    """What each university or institute brings to the score: weight x 100 x its share of the value / range."""
    weights = pd.read_csv(resource("data", "indices", "cingai-2023", "indicators.csv")).set_index("code")["weight"]
    units = twin.sample(table)
    total = pd.Series(0.0, index=units["id"])
    regions = list(twin.scores.standing.regions)
    for code, column in (
        ("count", None),
        ("mean_papers_domestic", "papers_domestic"),
        ("mean_papers_intl", "papers_intl"),
        ("mean_patents", "patents"),
    ):
        held = pd.Series(1.0, index=units.index) if column is None else units[column].astype(float)
        groups = held.groupby(units["region"])
        values = (groups.sum() if column is None else groups.mean()).reindex(regions)
        values = values.fillna(0) if column is None else values
        share = held if column is None else held / groups.transform("count")
        slope = float(weights[f"{prefix}_{code}"]) * 100 / (values.max() - values.min())
        total += (share * slope).fillna(0).to_numpy()
    return total[(units["region"] == TIANJIN).to_numpy()].sort_values(ascending=False)


@pytest.mark.parametrize(
    ("table", "prefix", "kind"),
    [("universities", "university", "University"), ("institutes", "institute", "Institute")],
)
def test_top_organisations_by_their_points(twin: Twin, table: str, prefix: str, kind: str) -> None:
    found = profile(twin.scores, TIANJIN, top=400).organisations
    assert found is not None
    ours = found[found["kind"] == kind].set_index("id")["points"]
    expected = points_of(twin, table, prefix)
    assert list(ours.index[:3]) == list(expected.index[:3])
    np.testing.assert_allclose(ours[expected.index[:10]], expected.iloc[:10], rtol=1e-9)
    assert (found["points"].diff().dropna() <= 0).all()
    assert found["share"].to_numpy() == pytest.approx(
        found["points"] / row(profile(twin.scores, TIANJIN), "competitiveness")["score"]
    )


def test_partners_are_counted_in_both_directions(twin: Twin, tianjin: Profile, delta: Profile) -> None:
    links = twin.links()
    links = links[links["from"] != links["to"]]  # a network has no link of an organisation with itself
    away = links[(links["start"] == TIANJIN) & (links["end"] != TIANJIN)]["end"]
    home = links[(links["end"] == TIANJIN) & (links["start"] != TIANJIN)]["start"]
    both = away.value_counts().add(home.value_counts(), fill_value=0).sort_values(ascending=False)
    assert tianjin.partners is not None
    found = tianjin.partners[tianjin.partners["network"] == "enablement"]
    first = found[found["place"].notna()].set_index("partner")
    assert list(first["weight"]) == sorted(both, reverse=True)[:10]
    for region in first.index:
        assert first.loc[region, "sent"] == (away == region).sum()
        assert first.loc[region, "received"] == (home == region).sum()
    outside = away.isna().sum() + home.isna().sum()
    rest = found.set_index("partner")["weight"]
    assert rest["elsewhere"] == outside
    assert first["share"].iloc[0] == pytest.approx(both.iloc[0] / (both.sum() + outside))
    assert rest["inside"] == ((links["start"] == TIANJIN) & (links["end"] == TIANJIN)).sum()
    assert delta.partners is not None
    inside = delta.partners.set_index(["network", "partner"])["weight"]["enablement", "inside"]
    assert inside == (links["start"].isin(DELTA) & links["end"].isin(DELTA)).sum()
    assert not set(delta.partners["partner"]) & set(DELTA)


def test_peers_are_the_nearest_by_brute_force(twin: Twin, tianjin: Profile) -> None:
    tidy = twin.scores.to_pandas()
    leaves = tidy[(tidy["level"] == 1) & (tidy["kind"] == "region")]
    raw = leaves.pivot(index="region", columns="code", values="raw")
    scaled = (raw - raw.min()) / (raw.max() - raw.min())
    full = scaled.dropna()
    distances = pd.Series(cdist(full.loc[[TIANJIN]], full)[0] / np.sqrt(24), index=full.index).sort_values()
    assert list(tianjin.peers["region"]) == list(distances.index[:4])
    np.testing.assert_allclose(tianjin.peers["distance"], distances.iloc[:4], rtol=1e-9)
    assert tianjin.peers["compared"].tolist() == [24] * 4


def test_strengths_follow_the_threshold(twin: Twin) -> None:
    strict = profile(twin.scores, TIANJIN, strong=100).strengths
    assert not len(strict[strict["percentile"].between(1e-9, 100, inclusive="left")])
    usual = profile(twin.scores, "北京", strong=75).strengths
    assert (usual[usual["standing"] == "strength"]["percentile"] >= 75).all()
    assert (usual[usual["standing"] == "weakness"]["percentile"] <= 25).all()
    with pytest.raises(UsageError, match="above the percentile 50"):
        profile(twin.scores, TIANJIN, strong=50)


def test_what_changed_since_an_earlier_window(twin: Twin, tmp_path: Path) -> None:
    before = score("cingai-2023", twin.scores.graph, until=2015)
    found = profile(twin.scores, "四川", against=before)
    companies = twin.sample("companies")
    mine = companies[companies["region"] == "510000"]["founded_year"].astype(float)
    line = row(found, "company_count")
    assert line["value_old"] == (mine <= 2015).sum()
    assert line["value_change"] == (mine > 2015).sum()
    old = before.overall().set_index("region")
    assert found.top["rank_old"] == old.loc["Sichuan", "rank"]
    assert found.top["rank_change"] == found.top["rank_old"] - found.top["rank"]
    assert found.top["score_change"] == pytest.approx(found.top["score"] - old.loc["Sichuan", "score"])
    # of a group, whose indicators are ranked by value
    delta = profile(twin.scores, "长三角", against=before)
    inside = companies[companies["region"].isin(DELTA)]["founded_year"].astype(float)
    assert row(delta, "company_count")["value_old"] == (inside <= 2015).sum()
    # the same from the file that `score --long` writes, in either language
    for lang in ("en", "zh"):
        write_scores(before, tmp_path / f"{lang}.csv", lang=lang)
        again = profile(twin.scores, "四川", against=tmp_path / f"{lang}.csv")
        for name in ("value_old", "score_old", "rank_old"):
            np.testing.assert_allclose(again.parts[name].astype(float), found.parts[name].astype(float), rtol=1e-9)


def test_an_earlier_table_that_is_none_is_refused(twin: Twin, tmp_path: Path) -> None:
    write_csv(tmp_path / "other.csv", [["region", "code", "score"], ["120000", "gdp", 3]])
    with pytest.raises(InputError, match="has no column"):
        profile(twin.scores, TIANJIN, against=tmp_path / "other.csv")
    write_csv(tmp_path / "text.csv", [["region", "score"], ["120000", "much"]])
    with pytest.raises(InputError, match="not a table of scores"):
        profile(twin.scores, TIANJIN, against=tmp_path / "text.csv")
    write_csv(tmp_path / "lacking.csv", [["city", "score"], ["120000", 3]])
    with pytest.raises(InputError, match="no column region"):
        profile(twin.scores, TIANJIN, against=tmp_path / "lacking.csv")
    # ranks alone; the report and its twin have Sichuan 7th
    write_csv(tmp_path / "ranks.csv", [["region", "rank"], ["四川省", 20], ["北京市", 1]])
    assert (
        "It has climbed 13 places since ranks.csv."
        in profile(twin.scores, "四川", against=tmp_path / "ranks.csv").summary()
    )
    write_csv(tmp_path / "first.csv", [["region", "rank"], ["四川省", 6]])
    assert (
        "It has fallen 1 place since first.csv."
        in profile(twin.scores, "四川", against=tmp_path / "first.csv").summary()
    )
    # a table without --long has the score of the index, and so has one of a part of the regions
    write_csv(tmp_path / "wide.csv", [["region", "rank", "score"], ["120000", 1, 3.5]])
    assert profile(twin.scores, TIANJIN, against=tmp_path / "wide.csv").top["score_old"] == 3.5
    assert np.isnan(profile(twin.scores, "四川", against=tmp_path / "wide.csv").top["score_old"])


def test_a_region_that_is_not_ranked_is_refused(twin: Twin) -> None:
    with pytest.raises(RegionError, match=r"did you mean.*Tianjin"):
        profile(twin.scores, "天津巿")
    with pytest.raises(RegionError, match="--level city"):
        profile(twin.scores, "苏州市")
    with pytest.raises(RegionError, match="长三角"):
        profile(twin.scores, "长三脚")
    with pytest.raises(UsageError, match="30 others can be compared"):
        profile(twin.scores, TIANJIN, peers=31)
    with pytest.raises(UsageError, match="3 others can be compared"):
        profile(twin.scores, "珠三角", peers=4)
    assert len(profile(twin.scores, TIANJIN, peers=0).peers) == 1


def test_a_city_has_a_share_of_its_province(twin: Twin) -> None:
    cities = score("cingai-2023", twin.scores.graph, level="city")
    found = row(profile(cities, "苏州"), "company_count")
    companies = twin.sample("companies")
    at = twin.read("located_in").drop_duplicates("from").set_index("from")["to"]
    here = companies["id"].map(at).str[:4] == "3205"
    assert found["value"] == here.sum()
    assert found["share_parent"] == pytest.approx(here.sum() / (companies["region"] == "320000").sum())


@pytest.fixture(scope="module")
def by_table(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """Scores of an index that is made of a table of four regions: all its indicators are columns."""
    home = tmp_path_factory.mktemp("table")
    rows: list[list[object]] = [["region", "name", "firms", "papers"]]
    rows += [["r1", "North", 10, 4], ["r2", "South", 40, 1], ["r3", "East", 30, 9], ["r4", "West", "", ""]]
    write_csv(home / "values.csv", rows)
    write_folder(home / "mine", draft_files(read_values(home / "values.csv"), "mine"))
    return score(home / "mine", values=home / "values.csv")


def test_the_points_of_organisations_share_out_those_of_the_indicators(twin: Twin) -> None:
    """Where points are no line of the value they are in proportion to it, so that none are left over."""
    mean = score(override(twin.scores.index, aggregate="amean", normalise="zscore"), twin.scores.graph)
    found = profile(mean, "北京", top=10_000)
    assert found.brought is not None
    assert found.brought.share == pytest.approx(1, rel=1e-9)
    assert len(found.brought.table) == found.brought.of


def test_no_organisation_has_a_part_of_a_geometric_mean(twin: Twin) -> None:
    rules = override(twin.scores.index, aggregate="gmean", normalise="rank")
    rules = replace(rules, missing=replace(rules.missing, rule="skip"))
    found = profile(score(rules, twin.scores.graph), "北京")
    assert found.organisations is None
    text = " ".join(note for section in sections(found, "en") for note in section.notes)
    assert "Points of indicators do not add up to the score" in text


def test_a_group_is_looked_for_at_every_level(twin: Twin) -> None:
    index = load_index("cingai-2023")
    alone = replace(index.level("city"), groups=(), rollup=None)
    cities = score(replace(index, levels={**index.levels, "city": alone}), twin.scores.graph, level="city")
    with pytest.raises(RegionError, match="--level province"):
        profile(cities, "长三角")


def test_an_index_of_a_table_has_no_organisations_and_says_so(by_table: Scores) -> None:
    found = profile(by_table, "South")
    assert found.organisations is None
    assert found.partners is None
    leaf = row(found, "firms")
    assert (leaf["value"], leaf["rank"], leaf["best"]) == (40, 1, 40)
    assert np.isnan(leaf["share_nation"])
    assert "does not say whether its values add up" in leaf["share_note"]
    text = " ".join(note for section in sections(found, "en") for note in section.notes)
    assert "The values come from a table" in text
    # one without any value has neither rank nor strengths, and is nobody's peer
    west = profile(by_table, "West")
    assert west.parts["value"].isna().all()
    assert not len(west.strengths)
    assert "West" not in found.summary()


def test_an_index_without_any_value_is_refused(by_table: Scores) -> None:
    nothing = replace(by_table, standing=replace(by_table.standing, raw=np.full_like(by_table.standing.raw, np.nan)))
    with pytest.raises(InputError, match="no indicator of mine has a value"):
        profile(nothing, "South")


def test_groups_that_overlap_are_marked(twin: Twin) -> None:
    index = twin.scores.index
    level = index.level("province")
    wide = Group("group:wide", Text("大圈", "wide"), ("310000", "110000"))
    overlapping = replace(index, levels={"province": replace(level, groups=(*level.groups, wide))})
    found = profile(score(overlapping, twin.scores.graph), "大圈")
    notes = " ".join(sections(found, "en")[0].notes)
    assert "The groups overlap (110000, 310000)" in notes
    # the hierarchy has no such group: counts are added up, a mean of two regions is not known
    companies = twin.sample("companies")
    assert row(found, "company_count")["value"] == companies["region"].isin(wide.members).sum()
    assert np.isnan(row(found, "company_mean_patents")["value"])


def test_every_sentence_is_in_the_language_that_is_asked_for(tianjin: Profile, delta: Profile) -> None:
    for found in (tianjin, delta):
        words = re.sub(r"CINGAI|AI", "", found.summary("zh"))
        assert not re.search(r"[A-Za-z]", words), words
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"示例(企业|大学|科研机构)", "", found.summary("en")))
    assert tianjin.summary("both").split("\n") == [tianjin.summary("zh"), tianjin.summary("en")]
    assert tianjin.summary("en").startswith("Tianjin is number 14 of 31 regions")  # table 4 prints rank 14 and 9.80
