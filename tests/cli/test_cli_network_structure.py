"""`ecosystem network communities`, `core`, `holes`: tables in every format, the same twice, and bad input."""

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
    return made_up(tmp_path_factory, "structure")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_communities_are_the_same_for_the_same_seed_and_beside_other_measures(home: Path) -> None:
    out, said = network(home, "communities", "enablement", "--show", "entities", "--format", "csv")
    again, _ = network(home, "communities", "enablement", "--show", "entities", "--format", "csv")
    assert out == again
    assert "10 runs, seed 1" in said
    assert "directions do not count here" in said
    beside, _ = network(home, "nodes", "enablement", "--measure", "community", "--format", "csv")
    assert {r["id"]: int(r["community"]) for r in rows(out)} == {
        r["id"]: round(float(r["community"])) for r in rows(beside)
    }


def test_communities_add_up_to_the_network(home: Path) -> None:
    network(home, "communities", "enablement", "--out", "c.xlsx", "--lang", "en", "--runs", "2")
    book = openpyxl.load_workbook(home / "c.xlsx")
    assert book.sheetnames == ["communities", "summary", "entities", "mix"]
    groups, _, members, mix = (list(sheet.values)[1:] for sheet in book)
    assert sum(row[1] for row in groups) <= len(members)
    assert all(sum(places[1:]) <= group[1] for places, group in zip(mix, groups, strict=True))
    out, _ = network(home, "communities", "enablement", "--format", "json", "--runs", "2")
    assert [row["organisations"] for row in json.loads(out)] == [row[1] for row in groups]


def test_the_core_is_told_on_the_screen_and_in_full(home: Path) -> None:
    out, said = network(home, "core", "enablement", "--draws", "2", "--lang", "en")
    assert "size of the core" in out
    assert "rich club against 2 rewired networks, seed 1" in said
    full, _ = network(home, "core", "enablement", "--draws", "2", "--show", "rich_club", "--format", "csv")
    assert [int(row["organisations"]) for row in rows(full)] == sorted(
        {int(row["organisations"]) for row in rows(full)}, reverse=True
    )
    members, _ = network(home, "core", "enablement", "--draws", "0", "--show", "entities", "--format", "csv")
    told, _ = network(home, "core", "enablement", "--draws", "0", "--format", "json")
    size = next(row["value"] for row in json.loads(told) if row["key"] == "core_size")
    assert sum(row["core"] == "1" for row in rows(members)) == size


def test_holes_of_one_region(home: Path) -> None:
    out, _ = network(home, "holes", "enablement", "--region", "北京", "--format", "csv")
    found = rows(out)
    assert {row["region"] for row in found} == {"110000"}
    # blank where an organisation has no neighbour: it is linked with itself alone
    constraint = [float(row["constraint"]) for row in found if row["constraint"]]
    assert constraint == sorted(constraint)
    assert len(constraint) > 1
    shown, _ = network(home, "holes", "enablement", "--top", "2", "--lang", "zh")
    assert "约束度" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("communities", "enablment"), ("there is no network 'enablment'", "'enablement'")),
        (("communities", "enablement", "--runs", "0"), ("--runs", "")),
        (("communities", "enablement", "--resolution", "-1"), ("--resolution", "")),
        (("communities", "enablement", "--show", "groups"), ("--show", "communities")),
        (("core", "enablement", "--draws", "-1"), ("--draws", "")),
        (("core", "enablement", "--since", "1900", "--until", "1901"), ("no edge in 1900-1901", "its matches are of")),
        (("holes", "enablement", "--region", "Atlantis"), ("Atlantis", "")),
        (("holes", "enablement", "--level", "shire"), ("no region has the level 'shire'", "province")),
        (("holes", "enablement", "--out", "missing/holes.csv"), ("missing", "")),
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


def test_estimates_are_marked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ecosystem.network import distances

    words = ("nodes", "enablement", "--measure", "betweenness,degree", "--lang", "en", "--top", "2")
    out, said = network(home, *words)
    assert "estimate" not in out + said
    monkeypatch.setattr(distances, "EXACT", 10)
    out, said = network(home, *words)
    assert "betweenness (estimate)" in " ".join(out.split())
    assert "estimated from the paths of 250 organisations, since more than 10 hang together: betweenness" in said
    out, _ = network(home, *words, "--format", "csv")
    assert "betweenness" in rows(out)[0]
    out, said = network(home, "summary", "enablement", "--lang", "en")
    assert "mean path (estimate)" in out
    assert "mean path, diameter" in said
