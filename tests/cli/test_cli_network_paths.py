"""`ecosystem network ego`, `path`, `suggest`: as a person runs them, and inputs that make no sense."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from network_home import made_up, network


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up dataset in its store."""
    return made_up(tmp_path_factory, "paths")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.split("\n\n", maxsplit=1)[0])))


def test_contacts_and_the_edges_among_them(home: Path) -> None:
    network(home, "ego", "C000001", "--network", "enablement", "--out", "ego.xlsx")
    book = openpyxl.load_workbook(home / "ego.xlsx")
    around, edges = ([list(row) for row in sheet.values][1:] for sheet in book)
    assert around[0][0] == "C000001"
    assert [row[-1] for row in around] == [0] + [1] * (len(around) - 1)
    inside = {row[0] for row in around}
    assert {end for row in edges for end in (row[0], row[2])} <= inside
    own = {end for row in edges if "C000001" in (row[0], row[2]) for end in (row[0], row[2])}
    assert own == inside
    _, said = network(home, "ego", around[0][1], "--network", "enablement", "--depth", "2", "--lang", "en")
    assert "other organisations at most 2 edges away" in said


def test_directions_that_are_followed(home: Path) -> None:
    def around(follow: str) -> set[str]:
        out, _ = network(
            home, "ego", "C000001", "--network", "enablement", "--follow", follow, "--format", "csv", "--lang", "en"
        )
        return {row["id"] for row in rows(out)}

    assert around("out") | around("in") == around("all")
    assert around("out") != around("all")


def test_the_shortest_paths_and_their_edges(home: Path) -> None:
    out, said = network(home, "path", "C000001", "C000002", "--network", "enablement", "--format", "csv")
    paths = rows(out)
    steps = {path["ids"].count(" ") // 2 for path in paths}
    assert len(steps) == 1
    assert all(path["ids"].startswith("C000001 ") and path["ids"].endswith(" C000002") for path in paths)
    assert f"of {steps.pop()} edge" in said
    first, said = network(
        home, "path", "C000001", "C000002", "--network", "enablement", "--format", "csv", "--top", "1"
    )
    assert rows(first) == paths[:1]
    assert ("the first 1 are shown" in said) == (len(paths) > 1)


def test_suggestions_come_with_their_accuracy(home: Path) -> None:
    words = ("suggest", "北京", "--network", "enablement", "--top", "5", "--seed", "3", "--out", "s.xlsx")
    _, said = network(home, *words, "--lang", "en")
    assert "seed 3" in said
    assert "the test is too favourable" in said
    book = openpyxl.load_workbook(home / "s.xlsx")
    pairs, accuracy = ([dict(zip([c.value for c in s[1]], row, strict=True)) for row in s.values][1:] for s in book)
    assert len(pairs) == 5
    scores = [row["resource_allocation"] for row in pairs]
    assert scores == sorted(scores, reverse=True)
    out, _ = network(home, "nodes", "enablement", "--region", "北京", "--format", "csv", "--lang", "en")
    assert {row["id"] for row in pairs} <= {row["id"] for row in rows(out)}
    assert accuracy[0]["key"] == "common_neighbours"
    for row in accuracy:
        assert 0 <= row["auc"] <= 1
        assert row["auc_gain"] == pytest.approx(row["auc"] - accuracy[0]["auc"])
    again, _ = network(home, *words[:-2], "--format", "json")
    assert again == network(home, *words[:-2], "--format", "json")[0]
    assert json.loads(again.split("\n\n", maxsplit=1)[0])[0]["id"] == pairs[0]["id"]


def test_headings_in_chinese(home: Path) -> None:
    out, _ = network(home, "suggest", "北京", "--network", "enablement", "--lang", "zh")
    assert "共同邻居" in out
    out, _ = network(home, "path", "C000001", "C000002", "--lang", "zh")
    assert "路径" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ego", "C0000001"), ("no organisation of the network has the name or the id 'C0000001'", "'C000001'")),
        (("ego", "C000001", "--depth", "0"), ("--depth", "at least 1")),
        (("ego", "C000001", "--network", "enablment"), ("there is no network 'enablment'", "'enablement'")),
        (("path", "C000001", "C0000002"), ("'C0000002'", "'C000002'")),
        (
            ("path", "C000001", "I000078", "--network", "investment", "--follow", "out"),
            ("no path leads from 'C000001' to 'I000078'", "--follow all"),
        ),
        (("suggest", "Atlantis"), ("Atlantis", "")),
        (("suggest", "US-CA", "--network", "membership"), ("US-CA", "")),
        (("suggest", "北京", "--score", "katz"), ("katz", "local_path")),
        (("suggest", "北京", "--since", "1900", "--until", "1901"), ("no edge in 1900-1901", "its matches are of")),
        (("path", "C000001", "C000002", "--out", "missing/path.csv"), ("missing", "")),
    ],
)
def test_what_makes_no_sense_is_one_error_with_a_hint(
    home: Path, words: tuple[str, ...], told: tuple[str, str]
) -> None:
    before = sorted(path.name for path in home.iterdir())
    out, said = network(home, *words, fails=True)
    assert out == ""
    assert all(part in said for part in told), said
    assert sorted(path.name for path in home.iterdir()) == before
