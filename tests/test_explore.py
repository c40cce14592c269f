"""The ten queries for the Browser, asked of both stores with the golden dataset; what they say was done by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command import Run, runner
from neo4j_server import Server
from stores import empty

from ecosystem.dataset import read_dataset
from ecosystem.query.read_only import refuse_writes
from ecosystem.store import open_store

FOLDER = Path(__file__).parents[1] / "cypher" / "explore"
GOLDEN = Path(__file__).parent / "golden" / "dataset"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.cypher"))}

Ask = Callable[..., list[list[Any]]]


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "embedded":
        path = str(tmp_path_factory.mktemp("explore") / "graph.duckdb")
        _load(path)
        yield path
        return
    server: Server = request.getfixturevalue("neo4j_server")
    empty(server)
    _load(server.url)
    yield server.url
    empty(server)


def _load(place: str) -> None:
    store = open_store(place, create=True)
    store.load(read_dataset(GOLDEN).dataset)
    store.close()


@pytest.fixture
def ask(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a file as the guide says, on the command line; its rows."""
    run: Run = runner(monkeypatch, capsys)

    def rows(name: str, **values: str) -> list[list[Any]]:
        given = [word for key, value in values.items() for word in ("--param", f"{key}={value}")]
        done = run("query", FOLDER / f"{name}.cypher", *given, "--store", url, "--format", "json")
        assert done.code == 0, done.err
        return [list(row.values()) for row in json.loads(done.out)]

    return rows


def test_there_are_ten_and_each_says_what_it_asks_and_for_what() -> None:
    assert len(TEXTS) == 10
    for name, text in TEXTS.items():
        assert re.match(r"// title: [^|]+ \| [^|]*[\u4e00-\u9fff]", text), name
        told = re.search(r"^// browser: :params? (.*)$", text, re.MULTILINE)
        named = set(re.findall(r"(\w+)(?= =>|: ')", told[1])) if told else set()
        assert named == set(re.findall(r"\$(\w+)", text)), name
        assert refuse_writes(text) == []


def test_neighbourhood(ask: Ask) -> None:
    """Every link of c01, counted in the files."""
    tables = [[row.split(",")[:2] for row in path.read_text("utf-8").splitlines()] for path in GOLDEN.glob("*.csv")]
    ends = [row for table in tables if table[0] == ["from", "to"] for row in table[1:]]
    found = ask("neighbourhood", id="c01")
    assert len(found) == sum("c01" in row for row in ends) > 10
    assert {row[0] for row in found} == {"c01"}


def test_links_by_year(ask: Ask) -> None:
    """Of ENABLES in 2020 there are e02 e03 e07 e08 e10 e13 e16 e17 e20 e21 e22 e23 e26 e28 e29 e30 e31."""
    found = ask("links_by_year")
    assert [2020, "ENABLES", 17] in found
    assert [None, "ENABLES", 4] in found  # e05 e19 e24 e33
    total = sum(len((GOLDEN / f"{name}.csv").read_text("utf-8").splitlines()) - 1 for name in DRAWN)
    assert sum(row[2] for row in found) == total


DRAWN = ("enables", "invested_in", "collaborates_with")

BY_HAND = [
    # c01 c02 c03 are sample companies of Beijing, c04 is not of the sample
    ("region_profile", {"region": "北京市"}, [["Conference", 4], ["Alliance", 3], ["Company", 3]]),
    # e01 e02 e03: c01 in Beijing to c05 in Nanjing
    ("flows_between_provinces", {}, [["北京市", "江苏省", 3]]),
    # c02 c04 c05 c13 c17 c18 u01
    ("hubs", {}, [["c01", "Company 01", 7, ["Company", "University"]]]),
    # the round r01; r02 is undisclosed, r05 and r10 have one investor and one company each
    (
        "syndicates",
        {},
        [
            ["Investor 01", "Investor 02", 1, ["Company 01"]],
            ["Investor 01", "Investor 04", 1, ["Company 01"]],
            ["Investor 02", "Investor 04", 1, ["Company 01"]],
        ],
    ),
    # t04 of an investor nowhere; t01 t05 t06 t25; t02 t10; t03
    (
        "money_into_a_region",
        {"region": "北京市"},
        [[None, 1, 50.0], ["北京市", 4, 48.5], ["江苏省", 2, 37.0], ["加利福尼亚州", 1, 30.0]],
    ),
    # p01 p02 p13 at u09, p01 at u10
    ("schools_of_talent", {"region": "北京市"}, [["University 09", "US", 3], ["University 10", "JP", 1]]),
]


@pytest.mark.parametrize(("name", "values", "first"), BY_HAND)
def test_rows_done_by_hand(ask: Ask, name: str, values: dict[str, str], first: list[list[Any]]) -> None:
    assert ask(name, **values)[: len(first)] == first


def test_chain_gaps(ask: Ask) -> None:
    """In Beijing c01 is active in g01 and g04, c02 in g04; nobody in the eight others, which come first."""
    found = ask("chain_gaps", region="北京市")
    assert [row[2] for row in found] == [0] * 8 + [1, 2]
    assert found[-2:] == [["Segment 01", "foundation", 1], ["Segment 04", "technology", 2]]


def test_shortest_path(ask: Ask) -> None:
    """c05 has links with c01, which c13 enables (e27); no link joins c05 and c13."""
    ((steps, over, _),) = ask("shortest_path", id="c05", other="c13")
    assert (steps, over) == (2, ["Company 05", "Company 01", "Company 13"])
