"""`ecosystem network multiplex`, `evolution`, `relatedness`: as a person runs them, and inputs that make no sense."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from network_home import made_up, network


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up dataset in its store."""
    return made_up(tmp_path_factory, "layers")


def sheets(home: Path, *words: str) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """The tables of a command by their sheets, and what it said."""
    _, said = network(home, *words, "--out", "t.xlsx", "--lang", "en")
    book = openpyxl.load_workbook(home / "t.xlsx")
    found = {
        sheet.title: [dict(zip([c.value for c in sheet[1]], row, strict=True)) for row in sheet.values][1:]
        for sheet in book
    }
    return found, said


def test_networks_are_compared_pair_by_pair_and_node_by_node(home: Path) -> None:
    found, said = sheets(home, "multiplex", "investment", "enablement", "collaboration")
    assert "Investment, level province: " in said
    assert "Collaboration, level province: " in said
    pairs = [(row["network"], row["other_network"]) for row in found["overlap"]]
    assert pairs == [("investment", "enablement"), ("investment", "collaboration"), ("enablement", "collaboration")]
    for row in found["overlap"]:
        either = row["edges"] + row["other_edges"] - row["shared"]
        assert row["jaccard"] == pytest.approx(row["shared"] / either)
    sums = [row["overlapping_degree"] for row in found["entities"]]
    assert sums == sorted(sums, reverse=True)
    degrees = [f"degree_{name}" for name in ("investment", "enablement", "collaboration")]
    assert all(row["overlapping_degree"] == sum(row[key] for key in degrees) for row in found["entities"])
    out, _ = network(home, "multiplex", "investment", "enablement", "--lang", "zh", "--top", "1")
    assert "技术赋能" in out


def test_every_step_of_a_network(home: Path) -> None:
    found, said = sheets(home, "evolution", "enablement")
    assert "nothing leaves" not in said
    assert "have no year and are left out" in said
    steps = found["steps"]
    assert [row["from_year"] for row in steps[1:]] == [row["to_year"] for row in steps[:-1]]
    assert sum(row["edges_left"] for row in steps) > 0
    for before, after in pairwise(steps):
        there = before["edges_entered"] + before["edges_persisted"]
        assert there == after["edges_left"] + after["edges_persisted"]
    regions = {row["region"] for row in found["regions"]}
    assert len(found["regions"]) == len(steps) * len(regions)
    out, said = network(home, "evolution", "enablement", "--lang", "en")
    assert "regions are those of the last step" in said
    assert len(out.strip().splitlines()) == 1 + len(steps) + 2 + len(regions)


def test_windows_that_grow_lose_nothing(home: Path) -> None:
    found, _ = sheets(home, "evolution", "enablement", "--cumulative", "--region", "北京")
    assert {row["edges_left"] for row in found["steps"]} == {0}
    assert {row["region"] for row in found["regions"]} == {"110000"}
    found, said = sheets(home, "evolution", "co_membership")
    assert "a stock holds all that came before: nothing leaves" in said
    assert {row["edges_left"] for row in found["steps"]} == {0}
    wide, _ = sheets(home, "evolution", "enablement", "--width", "5", "--until", "2020")
    assert {row["to_year"] - row["from_year"] for row in wide["steps"]} == {5}
    assert wide["steps"][-1]["to_year"] == 2020


def test_what_regions_are_active_in(home: Path) -> None:
    found, said = sheets(home, "relatedness", "--level", "city")
    assert "organisations with no region do not count" in said
    assert list(found) == ["regions", "segments", "cells", "pairs"]
    assert sum(row["count"] for row in found["regions"]) == sum(row["count"] for row in found["segments"])
    for row in found["regions"]:
        own = [cell for cell in found["cells"] if cell["region"] == row["region"]]
        assert row["diversity"] == sum(cell["location_quotient"] >= 1 for cell in own)
        assert row["count"] == sum(cell["count"] for cell in own)
    found, _ = sheets(home, "relatedness", "activity", "--likeness", "cosine", "--region", "北京")
    assert {row["region"] for row in found["cells"]} == {"110000"}
    assert all(0 < row["relatedness"] <= 1 + 1e-12 for row in found["pairs"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("multiplex", "enablement"), ("one network alone", "name another")),
        (("multiplex", "enablement", "技术赋能"), ("one network alone", "name another")),
        (("multiplex", "enablement", "investmnt"), ("there is no network 'investmnt'", "'investment'")),
        (("evolution", "enablement", "--since", "2020", "--until", "2020"), ("one window alone, 2020", "more years")),
        (("evolution", "enablement", "--width", "99"), ("one window alone", "smaller --width")),
        (("evolution", "enablement", "--region", "Atlantis"), ("Atlantis", "")),
        (("evolution", "enablement", "--width", "0"), ("--width", "at least 1")),
        (("relatedness", "enablement"), ("has edges to it and from it", "take the network activity")),
        (("relatedness", "collaboration"), ("these have no direction", "take the network activity")),
        (("relatedness", "--likeness", "jaccard"), ("jaccard", "proximity")),
        (("evolution", "enablement", "--out", "missing/e.csv"), ("missing", "")),
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
