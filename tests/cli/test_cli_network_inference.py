"""`ecosystem network test`, `backbone` and `gravity`: what they print and say, and inputs that make no sense."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from network_home import made_up, network
from tables import write_csv, write_places


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up dataset in its store."""
    home = made_up(tmp_path_factory, "inference")
    write_places(home / "places.csv")
    write_csv(home / "one.csv", [["region", "longitude", "latitude"], ["北京市", 116.4, 39.9], ["Atlantis", 0, 0]])
    write_csv(home / "far.csv", [["region", "longitude", "latitude"], ["北京市", 39.9, 116.4]])
    write_csv(home / "flat.csv", [["region", "longitude", "lat"], ["北京市", 116.4, 39.9]])
    return home


def rows(home: Path, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(network(home, *words, "--format", "csv")[0])))


def test_a_measure_against_chance(home: Path) -> None:
    words = ("test", "ei,density", "enablement", "--draws", "99", "--seed", "4")
    out, said = network(home, *words, "--format", "json")
    found = {row["measure"]: row for row in json.loads(out)}
    whole, _ = network(home, "summary", "enablement", "--measure", "ei,ei_expected", "--format", "json")
    exact = {row["key"]: row["value"] for row in json.loads(whole)}
    assert found["ei"]["observed"] == exact["ei"]
    assert found["ei"]["null_mean"] == pytest.approx(exact["ei_expected"], abs=found["ei"]["null_sd"])
    assert 0.02 <= found["ei"]["p"] <= 1
    assert found["density"]["z"] is None
    assert "99 draws, seed 4" in said
    assert "density: this chance does not change it" in said
    assert network(home, *words, "--format", "json") == (out, said)
    assert network(home, "test", "ei", "enablement", "--draws", "99", "--seed", "5", "--format", "json")[0] != out


def test_qap_of_a_measure_permutes_organisations_against_regions(home: Path) -> None:
    words = ("test", "ei", "enablement", "--draws", "19", "--format", "json")
    labels, _ = network(home, *words)
    out, said = network(home, *words, "--null", "qap")
    assert out == labels
    assert "qap permutes organisations against their regions" in said


def test_links_made_anew(home: Path) -> None:
    words = ("test", "ei", "enablement", "--null", "rewire", "--draws", "9")
    assert rows(home, *words) == rows(home, *words)
    assert rows(home, *words)[0]["draws"] == "9"
    assert "degree of every organisation kept" in network(home, *words)[1]


def test_numbers_for_people(home: Path) -> None:
    out, _ = network(home, "test", "density", "enablement", "--draws", "9", "--lang", "en")
    heading, row = out.splitlines()
    assert heading.split("  ")[0] == "title"
    assert all(words in heading for words in ("observed", "chance: mean", "chance: sd", "chance: 97.5 %"))
    assert "–" in row
    out, _ = network(home, "test", "ei", "enablement", "--draws", "9", "--lang", "zh")
    assert "E-I 指数" in out


def test_flows_of_one_network_and_of_several(home: Path) -> None:
    one = rows(home, "test", "qap", "investment", "--with", "enablement", "--draws", "49")
    assert float(one[0]["r"]) == pytest.approx(float(one[0]["standardised"]))
    _, said = network(
        home, "test", "QAP", "investment", "--with", "enablement, all", "--draws", "49", "--out", "q.xlsx"
    )
    assert "permutations of the regions: 49 draws, seed 1" in said
    assert said.count("edges with") == 3
    book = openpyxl.load_workbook(home / "q.xlsx")
    assert book.sheetnames == ["tests", "fit"]
    assert [row[0] for row in book["tests"].values] == ["network", "enablement", "all"]


def test_flows_of_which_nothing_can_be_said(home: Path, tmp_path: Path) -> None:
    shipped, _ = network(home, "show", "enablement")
    twice = shipped[shipped.index("MATCH") :]
    head = "// title: Own\n// unit: links\n// dated: none\n// directed: yes\n"
    (tmp_path / "own.cypher").write_text(head + twice, encoding="utf-8")
    words = ("test", "qap", "investment", "--with", "enablement,own", "--networks", str(tmp_path), "--draws", "9")
    out, said = network(home, *words, "--format", "json")
    assert [row["r"] for row in json.loads(out)] == [None, None]
    assert "a sum of those of others" in said


def test_the_backbone(home: Path) -> None:
    edges = rows(home, "backbone", "enablement", "--alpha", "0.6")
    assert edges
    assert all(float(row["p"]) < 0.6 for row in edges)
    weights = [float(row["weight"]) for row in edges]
    assert weights == sorted(weights, reverse=True)
    assert len(rows(home, "backbone", "enablement", "--alpha", "0.6", "--top", "2")) == 2
    _, said = network(home, "backbone", "enablement", "--alpha", "0.6")
    assert f"{len(edges)} of " in said
    scores = rows(home, "backbone", "enablement", "--filter", "noise", "--lang", "en")
    assert all(float(row["score"]) > 1.64 * float(row["sd"]) for row in scores)
    out, said = network(home, "backbone", "enablement", "--alpha", "0", "--format", "csv")
    assert len(out.splitlines()) == 1
    assert "a larger --alpha keeps more" in said


def test_flows_by_mass_and_distance(home: Path) -> None:
    terms = rows(home, "gravity", "enablement", "--coordinates", "places.csv")
    assert [row["term"] for row in terms] == ["constant", "mass_from", "mass_to", "distance"]
    assert float(terms[1]["coefficient"]) > 0
    for row in terms:
        assert float(row["z"]) == pytest.approx(float(row["coefficient"]) / float(row["se"]))
    _, said = network(home, "gravity", "all", "--coordinates", "places.csv", "--out", "g.xlsx")
    assert "distance: kilometres of the great circle" in said
    book = openpyxl.load_workbook(home / "g.xlsx")
    assert [row[0] for row in book["terms"].values] == ["term", "constant", "masses", "distance"]
    fit = {row[0]: row[2] for row in list(book["fit"].values)[1:]}
    assert 0 < fit["zeros"] < fit["pairs"]
    assert 0 <= fit["r2_fitted"] <= 1


def test_too_few_flows_have_no_estimate(home: Path) -> None:
    words = ("gravity", "collaboration", "--coordinates", "places.csv", "--since", "2012", "--until", "2012")
    out, said = network(home, *words, "--format", "json")
    assert {row["coefficient"] for row in json.loads(out)} == {None}
    assert "no estimate" in said
    assert "<0.0001" in network(home, "gravity", "enablement", "--coordinates", "places.csv")[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("test", "modularty", "enablement"), ("no measure 'modularty'", "'modularity'")),
        (("test", "constraint", "enablement"), ("no measure 'constraint'", "it has one for each organisation")),
        (("test", "ei", "enablment"), ("there is no network 'enablment'", "'enablement'")),
        (("test", "qap", "enablement"), ("another network", "--with NETWORK")),
        (("test", "qap", "enablement", "--with", "investmnt"), ("there is no network 'investmnt'", "'investment'")),
        (("test", "qap", "enablement", "--with", "all", "--null", "labels"), ("a null of its own", "--null")),
        (("test", "ei", "enablement", "--with", "all"), ("not compared with other networks: ei", "test qap")),
        (("test", "ei", "enablement", "--draws", "1"), ("--draws", "2")),
        (("test", "ei", "enablement", "--null", "magic"), ("magic", "rewire")),
        (("backbone", "enablement", "--alpha", "2"), ("--alpha 2 is above 1", "0.05")),
        (("backbone", "enablement", "--since", "1900", "--until", "1901"), ("no edge in 1900-1901", "")),
        (("backbone", "enablement", "--out", "missing/edges.csv"), ("missing", "")),
        (
            ("gravity", "enablement"),
            ("regions have no coordinates: ", "region, longitude, latitude (--coordinates FILE)"),
        ),
        (("gravity", "enablement", "--coordinates", "one.csv"), ("regions have no coordinates: ", "regions.csv")),
        (("gravity", "enablement", "--coordinates", "far.csv"), ("116.4 is no latitude of 北京市", "-90 to 90")),
        (("gravity", "enablement", "--coordinates", "flat.csv"), ("no column of numbers 'latitude'", "lat")),
        (("gravity", "enablement", "--coordinates", "none.csv"), ("there is no table none.csv", "'one.csv'")),
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
