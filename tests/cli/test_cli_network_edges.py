"""Every `ecosystem network` command on graphs with next to nothing in them: tables with blanks, or one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run_in
from graphs import Link, Node, dataset, graph

from ecosystem.store import open_store

pytestmark = pytest.mark.long  # twenty-four commands on seven graphs

COMPANIES = [Node(name, "Company", {"in_sample": True}) for name in "abc"]
AT = {"a": "c1", "b": "c2", "c": "p2"}


def located(*names: str) -> list[Link]:
    return [Link(f"at:{name}", "LOCATED_IN", name, AT[name]) for name in names]


def enables(*pairs: str) -> list[Link]:
    return [Link(f"e:{pair}", "ENABLES", pair[0], pair[1], {"year": 2020}) for pair in pairs]


GRAPHS = {
    "one edge within one region": [*located("a", "b"), *enables("ab")],
    "one edge between two regions": [*located("a", "c"), *enables("ac")],
    "both ways and a self-link": [*located("a", "c"), *enables("ac", "ca", "aa")],
    "nobody has a region": enables("ab", "bc"),
    "one end has a region": [*located("a"), *enables("ab")],
    "a link to oneself alone": [*located("a"), *enables("aa")],
    "no link": located("a", "b", "c"),
}
COMMANDS = (
    "summary enablement",
    "summary enablement --by-year",
    "summary enablement --isolates",
    "nodes enablement --isolates --measure degree,betweenness,closeness,eigenvector,pagerank,holes,roles,ei",
    "regions enablement --isolates --measure flows,ei,coleman,bridging,bridging_factors,roles,partner_entropy",
    "flows enablement",
    "flows enablement --normalise lq --matrix",
    "roles enablement",
    "typology enablement",
    "communities enablement",
    "core enablement",
    "holes enablement",
    "backbone enablement",
    "test ei enablement --draws 19",
    "test ei enablement --draws 19 --null rewire",
    "multiplex enablement all",
    "evolution enablement",
    "relatedness activity",
    "ego a --network enablement",
    "path a b --network enablement",
    "suggest 甲省 --network enablement",
    "draw enablement --out net.svg",
    "draw enablement --out net.html --isolates --colour community",
    "export enablement net.graphml",
)
FINE_WITHOUT_REGIONS = ("summary enablement", "nodes enablement", "communities enablement", "export enablement")


@pytest.fixture(scope="module", params=GRAPHS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of one of the graphs."""
    home = tmp_path_factory.mktemp("edges")
    store = open_store(home / "g.duckdb", create=True)
    store.load(dataset(graph(COMPANIES, GRAPHS[request.param])))
    store.close()
    (home / "kind").write_text(request.param, encoding="utf-8")
    return home


@pytest.mark.parametrize("command", COMMANDS)
def test_next_to_nothing_gives_blanks_or_one_error(home: Path, command: str) -> None:
    kind = (home / "kind").read_text(encoding="utf-8")
    before = {path.name for path in home.iterdir()}
    done = run_in(home, "network", *command.split(), "--store", "g.duckdb")
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert (done.returncode, len(errors)) in ((0, 0), (1, 1), (2, 1)), done.stderr
    if done.returncode:
        assert done.stdout == ""
        assert {path.name for path in home.iterdir()} == before, "nothing half-written stays"
    if kind in ("no link", "a link to oneself alone") and "activity" not in command and "multiplex" not in command:
        assert done.returncode == 1, "there is no edge"
        assert "enablement" in done.stderr
    elif command in FINE_WITHOUT_REGIONS:
        assert done.returncode == 0, done.stderr
