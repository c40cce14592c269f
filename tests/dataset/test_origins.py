"""From the id of a node or link to file and line: of a dataset made by hand, and through it to the export."""

from __future__ import annotations

from pathlib import Path

from exports import import_text, table

from ecosystem.dataset import read_dataset
from ecosystem.dataset.origins import trace

MAPPING = """
title = "m"
files.list = { path = "list.csv" }
[nodes.buyer]
label = "Company"
id = { column = "buyer", prefix = "c-" }
region = "place"
[nodes.seller]
label = "Company"
id = { column = "seller", prefix = "c-" }
[links.sale]
type = "ENABLES"
from = "seller"
to = "buyer"
"""


def test_a_folder_made_by_hand(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name\na,A\n\nb,B\nnan,C\nc,C\n", encoding="utf-8")
    (tmp_path / "enables.csv").write_text("from,to\na,b\nb,nobody\nb,c\n", encoding="utf-8")
    reading = read_dataset(tmp_path)
    links = reading.dataset.links["ENABLES"]["id"].to_pylist()
    found = trace(reading, ["c", links[1], "nobody"]).to_pylist()
    assert {(row["table"], row["file"], row["line"]) for row in found} == {
        ("companies", "companies.csv", 6),
        ("enables", "enables.csv", 4),
    }
    assert all(row["source"] is None for row in found)


def test_an_imported_folder_leads_to_the_export(tmp_path: Path) -> None:
    text = "buyer,seller,place\n甲,乙,北京\n丙,甲,上海\n甲,乙,北京\n"
    import_text(tmp_path, "m", MAPPING, {"list.csv": text})
    reading = read_dataset(tmp_path / "out")
    links = table(tmp_path, "enables")
    assert [row["id"] for row in links] == reading.dataset.links["ENABLES"]["id"].to_pylist()
    located = {row["from"]: row["id"] for row in table(tmp_path, "located_in")}
    wanted = [links[2]["id"], "c-丙", located["c-丙"]]
    found = trace(reading, wanted, folder=tmp_path / "out").to_pylist()
    assert [
        (row["id"], row["file"], row["line"], row["source"], row["source_file"], row["source_line"]) for row in found
    ] == sorted(
        [
            (links[2]["id"], "enables.csv", 4, "m", "list.csv", 4),
            ("c-丙", "companies.csv", 3, "m", "list.csv", 3),
            (located["c-丙"], "located_in.csv", 3, "m", "list.csv", 3),
        ]
    )


def test_every_node_and_link_of_an_import_has_an_origin(tmp_path: Path) -> None:
    text = "buyer,seller,place\n" + "".join(f"甲{i % 7},乙{i % 5},北京\n" for i in range(40))
    import_text(tmp_path, "m", MAPPING, {"list.csv": text})
    reading = read_dataset(tmp_path / "out")
    every = [
        key
        for kind, rows in [*reading.dataset.nodes.items(), *reading.dataset.links.items()]
        if kind not in ("Region", "WITHIN")
        for key in rows["id"].to_pylist()
    ]
    found = trace(reading, every, folder=tmp_path / "out").to_pylist()
    assert {row["id"] for row in found} == set(every)
    assert all(row["source_file"] == "list.csv" and row["source_line"] >= 2 for row in found)
