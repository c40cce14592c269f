"""`ecosystem network`: tables of one network in every format, files of one's own, and inputs that make no sense."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from network_home import made_up, network

OWN = """// title: Own | 自有
// definition: who enables whom
// unit: links
// dated: flow t.year
// directed: yes
// source: a test
MATCH (a)-[t:ENABLES]->(b)
RETURN a.id AS source, b.id AS target, count(t) AS weight
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up dataset in its store, and a folder of networks."""
    home = made_up(tmp_path_factory, "network")
    (home / "networks").mkdir()
    (home / "networks" / "own.cypher").write_text(OWN, encoding="utf-8")
    return home


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_measured_is_said(home: Path) -> None:
    _, said = network(home, "regions", "enablement", "--since", "2019", "--until", "2020", "--level", "city")
    assert "Technology enablement, level city, years 2019-2020: " in said
    assert "parallel links are added up in the weight of an edge: links" in said


def test_the_same_table_in_every_format(home: Path) -> None:
    out, _ = network(home, "regions", "enablement", "--measure", "ei,outflow", "--format", "csv")
    table = rows(out)
    assert list(table[0]) == ["region", "name", "organisations", "ei", "outflow"]
    out, _ = network(home, "regions", "enablement", "--measure", "ei,outflow", "--format", "json")
    assert [row["region"] for row in json.loads(out)] == [row["region"] for row in table]
    assert json.loads(out)[0]["outflow"] == float(table[0]["outflow"])
    network(home, "regions", "enablement", "--measure", "ei,outflow", "--out", "r.xlsx", "--lang", "zh")
    sheet = openpyxl.load_workbook(home / "r.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["地区", "名称", "主体数", "E-I 指数", "流出"]


def test_headings_are_words_on_the_screen(home: Path) -> None:
    out, _ = network(home, "regions", "enablement", "--measure", "bridging", "--lang", "en")
    assert "bridging centrality" in out.splitlines()[0]
    out, _ = network(home, "roles", "enablement", "--lang", "zh", "--top", "1")
    assert "守门人" in out


def test_a_row_for_every_year_adds_up_to_the_whole(home: Path) -> None:
    out, _ = network(home, "regions", "enablement", "--measure", "internal", "--by-year", "--format", "csv")
    whole, _ = network(home, "regions", "enablement", "--measure", "internal", "--format", "csv")
    yearly = sum(float(row["internal"]) for row in rows(out))
    dated = sum(float(row["internal"]) for row in rows(whole))
    assert 0 < yearly <= dated
    years = {row["year"] for row in rows(out)}
    assert len(years) > 1
    window, _ = network(
        home, "regions", "enablement", "--measure", "internal", "--by-year", "--format", "csv", "--since", max(years)
    )
    assert {row["year"] for row in rows(window)} == {max(years)}


def test_flows_of_regions_add_up_to_the_weight(home: Path) -> None:
    network(home, "flows", "enablement", "--out", "flows.xlsx")
    book = openpyxl.load_workbook(home / "flows.xlsx")
    regions = [dict(zip([c.value for c in book["regions"][1]], row, strict=True)) for row in book["regions"].values][1:]
    flows = [dict(zip([c.value for c in book["flows"][1]], row, strict=True)) for row in book["flows"].values][1:]
    assert sum(row["weight"] for row in flows) == sum(row["outflow"] + row["internal"] for row in regions)
    out, _ = network(home, "flows", "enablement", "--matrix", "--format", "csv")
    matrix = rows(out)
    assert len(matrix) == len(regions)
    by_pair = {(row["from_region"], row["to_region"]): row["weight"] for row in flows}
    for row in matrix:
        for to, weight in list(row.items())[1:]:
            assert float(weight) == by_pair.get((row["region"], to), 0.0)


def test_flows_split_by_layer_and_year_add_up_to_the_whole(home: Path) -> None:
    whole, _ = network(home, "flows", "enablement", "--by-target", "layer", "--countries", "--format", "csv")
    yearly, _ = network(
        home, "flows", "enablement", "--by-target", "layer", "--countries", "--by-year", "--format", "csv"
    )
    assert len({row["target_class"] for row in rows(whole)}) > 2
    assert abs(sum(float(row["share_of_all"]) for row in rows(whole)) - 1) < 1e-9
    dated = sum(float(row["weight"]) for row in rows(yearly))
    assert 0 < dated <= sum(float(row["weight"]) for row in rows(whole))


def test_a_split_of_flows_that_makes_no_sense_is_refused(home: Path) -> None:
    _, err = network(home, "flows", "enablement", "--matrix", "--by-source", "layer", fails=True)
    assert "--matrix does not go with" in err
    _, err = network(home, "flows", "enablement", "--by-source", "colour", fails=True)
    assert "no organisation of this network has a property 'colour'" in err


def test_block_densities_are_shares_of_pairs(home: Path) -> None:
    out, _ = network(home, "flows", "enablement", "--matrix", "--normalise", "density", "--format", "csv")
    cells = [float(cell) for row in rows(out) for cell in list(row.values())[1:] if cell]
    assert all(0 <= cell <= 1 for cell in cells)
    assert any(0 < cell < 1 for cell in cells)


def test_roles_of_organisations_add_up_to_those_of_their_region(home: Path) -> None:
    network(home, "roles", "enablement", "--out", "roles.xlsx")
    book = openpyxl.load_workbook(home / "roles.xlsx")
    regions, brokers = (
        [dict(zip([c.value for c in sheet[1]], row, strict=True)) for row in sheet.values][1:] for sheet in book
    )
    for region in regions:
        own = [row["gatekeeper"] for row in brokers if row["region"] == region["region"]]
        assert region["gatekeeper"] == sum(own)
        assert region["gatekeepers"] == sum(1 for count in own if count)


def test_organisations_of_one_region_and_the_first_few(home: Path) -> None:
    out, _ = network(home, "nodes", "enablement", "--region", "北京", "--format", "csv", "--lang", "en")
    assert {row["region"] for row in rows(out)} == {"110000"}
    out, _ = network(home, "nodes", "enablement", "--top", "3", "--format", "csv")
    assert len(rows(out)) == 3


def test_isolates_are_counted_where_they_are_asked_for(home: Path) -> None:
    def facts(*more: str) -> dict[str, float]:
        out, _ = network(home, "summary", "enablement", "--format", "json", *more)
        return {row["key"]: row["value"] for row in json.loads(out)}

    without, with_them = facts(), facts("--isolates")
    assert "isolates" not in without
    assert with_them["organisations"] == without["organisations"] + with_them["isolates"]
    assert with_them["density"] < without["density"]


def test_files_of_ones_own(home: Path) -> None:
    out, said = network(home, "new", "mine", "--networks", "fresh")
    assert out == str(Path("fresh", "mine.cypher")) + "\n"
    assert "network summary mine --networks fresh" in said
    _, said = network(home, "check", "fresh")
    assert "1 network parses and runs" in said or "no COLLABORATES_WITH" in said
    out, _ = network(home, "list", "--networks", "networks", "--format", "csv")
    assert {"own", "enablement"} <= {row["id"] for row in rows(out)}
    out, _ = network(home, "show", "Own", "--networks", "networks", "--sql")
    assert "MATCH (a)-[t:ENABLES]->(b)" in out
    assert "SELECT" in out
    own, _ = network(home, "summary", "own", "--networks", "networks", "--format", "json")
    shipped, _ = network(home, "summary", "enablement", "--format", "json")
    assert own == shipped


def test_the_folder_of_ones_own_networks_may_stand_in_the_settings(home: Path) -> None:
    (home / "ecosystem.toml").write_text('networks = "networks"\n', encoding="utf-8")
    try:
        out, _ = network(home, "show", "own")
    finally:
        (home / "ecosystem.toml").unlink()
    assert "ENABLES" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("summary", "enablment"), ("there is no network 'enablment'", "'enablement'")),
        (("summary", "enablement", "--level", "shire"), ("no region has the level 'shire'", "province")),
        (
            ("summary", "enablement", "--since", "1900", "--until", "1901"),
            ("no edge in 1900-1901", "its matches are of"),
        ),
        (
            ("summary", "enablement", "--since", "2021", "--until", "2020"),
            ("--since 2021 is after --until 2020", "turn"),
        ),
        (("nodes", "enablement", "--measure", "constrant"), ("no measure 'constrant'", "'constraint'")),
        (("nodes", "enablement", "--measure", "bridging"), ("no measure 'bridging'", "it has one for each region")),
        (("nodes", "enablement", "--region", "Atlantis"), ("Atlantis", "")),
        (("summary", "own", "--networks", "nowhere"), ("there is no folder nowhere", "name a folder")),
        (("new", "mine too"), ("mine too", "")),
        (("nodes", "enablement", "--out", "missing/nodes.csv"), ("missing", "")),
    ],
)
def test_what_makes_no_sense_is_one_error_with_a_hint(
    home: Path, words: tuple[str, ...], told: tuple[str, str]
) -> None:
    before = sorted(path.name for path in home.iterdir())
    out, said = network(home, *words, fails=True)
    assert out == ""
    assert all(part in said for part in told)
    assert sorted(path.name for path in home.iterdir()) == before


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("RETURN a.id AS source, b.id AS target", "a network returns source, target, weight"),
        ("RETURN a.id AS source, b.id AS target, collect(t.year) AS weight", "collect"),
        ("RETURN a.id AS source, b.id AS target, sum(t.year - 2100) AS weight", "has the weight -"),
        ("RETURN a.id AS source, b.name AS target, count(t) AS weight", "target is the id of a node"),
    ],
)
def test_a_network_file_that_is_none(home: Path, tmp_path: Path, column: str, told: str) -> None:
    text = OWN.split("RETURN", maxsplit=1)[0] + column + "\n"
    (tmp_path / "bad.cypher").write_text(text, encoding="utf-8")
    _, said = network(home, "check", str(tmp_path), fails=True)
    assert told in said
    assert "bad.cypher" in said


@pytest.mark.parametrize("name", ["bridging", "bridging centrality", "桥接中心性"])
def test_a_measure_is_chosen_by_its_id_or_its_title(home: Path, name: str) -> None:
    lang = "en" if name.isascii() else "zh"
    out, _ = network(home, "regions", "enablement", "--columns", f"region,{name}", "--lang", lang)
    assert out.splitlines()[0].split()[-1] == ("centrality" if lang == "en" else name)
