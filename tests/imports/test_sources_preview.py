"""What the first rows of an export become, with nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ecosystem.errors import UsageError
from ecosystem.imports import ImportPreview, import_source, preview_source
from ecosystem.imports.first_rows import first_rows, last_line
from ecosystem.messages import speaking
from ecosystem.tables.form import Block

MAPPING = """
title = "companies and who owns them"
files.list = { path = "list.csv", join.c = { file = "codes", on = { country = "code" } } }
files.codes = { path = "codes.csv" }
files.deals = { path = "deals.csv" }
[nodes.company]
label = "Company"
file = "list"
id = { column = "id", prefix = "c-" }
name = "name"
region = [{ columns = ["c.name", "city"], level = "country", make = "city" }]
properties.patents = "patents"
[links.deal]
type = "INVESTED_IN"
file = "deals"
from = { node = "company", column = "buyer" }
to = { node = "company", column = "bought" }
properties = { year = "year" }
"""
LIST = [
    f"{number},N{number},{'NO' if number % 2 else 'CN'},{'Oslo' if number % 2 else '杭州'},{number}"
    for number in range(1, 31)
]
FILES = {
    "list.csv": "id,name,country,city,patents\n" + "\n".join(LIST) + "\n",
    "codes.csv": "code,name\n" + "".join(f"X{number},nowhere\n" for number in range(30)) + "NO,Norway\nCN,China\n",
    "deals.csv": "buyer,bought,year\n1,30,2020\n2,29,many\n3,99,2021\n4,5,2022\n",
}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def preview(export: Path, rows: int) -> ImportPreview:
    return preview_source(str(export / "m.toml"), export, rows)


def test_nodes_and_links_of_the_first_rows_with_where_they_come_from(export: Path) -> None:
    before = sorted(export.rglob("*"))
    found = preview(export, 2)
    assert sorted(export.rglob("*")) == before
    assert found.nodes[["file", "line", "type", "id", "name"]].to_numpy().tolist() == [
        ["list.csv", 2, "Company", "c-1", "N1"],
        ["list.csv", 3, "Company", "c-2", "N2"],
    ]
    assert found.nodes["region_id"].tolist() == ["NO/oslo", "330100"]
    assert found.nodes["properties"].tolist() == [{"patents": 1}, {"patents": 2}]
    (link,) = found.links.to_dict("records")
    assert (link["from_name"], link["to_name"], link["properties"]) == ("N1", "N30", {"year": 2020})
    (aside,) = found.quarantine.to_dict("records")
    assert (aside["file"], aside["line"], aside["table"]) == ("deals.csv", 3, "invested_in")
    assert "many" in aside["reason"]
    assert {(finding.code, finding.hint) for finding in found.findings} == {("quarantined", None)}


def test_what_the_first_rows_become_is_what_the_import_makes_of_them(export: Path) -> None:
    found = preview(export, 40)
    report = import_source(str(export / "m.toml"), export, export / "out")
    written = {entry.entry: entry.written for entry in report.entries}
    assert (len(found.nodes), len(found.links)) == (written["nodes.company"], written["links.deal"])
    assert len(found.quarantine) == sum(entry.quarantined for entry in report.entries)
    told = [finding for finding in report.findings if finding.code not in ("sources_differ", "giant_node")]
    assert list(found.findings) == [replace(one, hint=None) if one.code == "quarantined" else one for one in told]


def blocks(read: list[int]) -> Iterator[Block]:
    """Blocks of two records, each of which notes that it is read."""
    for place in range(0, 100, 2):
        read.append(place)
        yield Block((place + 1, place + 2), (["x"], ["y"]), {1: "odd"}, place / 100)


@pytest.mark.parametrize(("headed", "lines", "last"), [(True, [1, 2, 3, 4], 4), (False, [1, 2, 3], 3)])
def test_a_file_is_not_read_beyond_its_first_rows(headed: bool, lines: list[int], last: int) -> None:
    read: list[int] = []
    found = list(first_rows(blocks(read), 3, headed=headed))
    assert [line for block in found for line in block.lines] == lines
    assert all(place < len(block.records) for block in found for place in block.faults)
    assert len(read) == 2
    assert last_line(blocks(read), 3, headed=headed) == (last, 3)


def test_without_a_limit_all_of_a_file_is_read() -> None:
    assert sum(len(block.lines) for block in first_rows(blocks([]), None, headed=True)) == 100


def test_one_table_in_the_order_of_the_rows(export: Path) -> None:
    whole = preview(export, 3).to_pandas()
    assert whole["kind"].tolist() == ["link", "quarantine", "quarantine", "node", "node", "node"]
    assert whole["line"].tolist() == [2, 3, 4, 2, 3, 4]
    assert whole["name"].tolist()[:3] == [None, None, None]


@pytest.mark.parametrize(("language", "names"), [("en", ["Oslo", "Hangzhou"]), ("zh", ["Oslo", "杭州市"])])
def test_regions_have_their_names_in_the_language_that_is_asked_for(
    export: Path, language: str, names: list[str]
) -> None:
    with speaking(language):
        assert preview(export, 2).nodes["region"].tolist() == names


def test_regions_are_those_of_the_import(export: Path) -> None:
    own = export / "own.csv"
    own.write_text("id,name,level,parent\nnorge,Norway,country,\noslo,Oslo,city,norge\n")
    found = preview_source(str(export / "m.toml"), export, 1, regions=own)
    assert found.nodes["region_id"].tolist() == ["oslo"]
    (export / "out").mkdir()
    (export / "out" / "regions.csv").write_text(own.read_text())
    found = preview_source(str(export / "m.toml"), export, 1, out=export / "out")
    assert found.nodes["region_id"].tolist() == ["oslo"]


def test_a_preview_of_nothing_is_refused(export: Path) -> None:
    with pytest.raises(UsageError):
        preview(export, 0)


def test_no_row_that_becomes_anything_is_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(
        'title = "t"\nfiles.a.path = "a.csv"\n[nodes.c]\nlabel = "Company"\nid = "id"\n'
        'keep = { column = "x", in = ["2"] }\n'
    )
    (tmp_path / "a.csv").write_text("id,x\n1,1\n")
    found = preview_source(str(tmp_path / "m.toml"), tmp_path, 3)
    assert found.to_pandas().empty
    assert "0 nodes, 0 links" in repr(found)
