"""From the id of a node or link to the rows of the exports that tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import import_text, table

from ecosystem.dataset.origins import ExportRow, exported
from ecosystem.errors import DatasetError

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


def test_a_folder_made_by_hand_has_none(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name\na,A\n", encoding="utf-8")
    assert exported(tmp_path, "companies", ["a"]) == {}


def test_an_imported_folder_leads_to_the_export(tmp_path: Path) -> None:
    text = "buyer,seller,place\n甲,乙,北京\n丙,甲,上海\n甲,乙,北京\n"
    import_text(tmp_path, "m", MAPPING, {"list.csv": text})
    links = table(tmp_path, "enables")
    located = {row["from"]: row["id"] for row in table(tmp_path, "located_in")}
    out = tmp_path / "out"
    assert exported(out, "enables", [links[2]["id"], "nobody"]) == {links[2]["id"]: [ExportRow("m", "list.csv", 4)]}
    assert exported(out, "companies", ["c-丙"]) == {"c-丙": [ExportRow("m", "list.csv", 3)]}
    assert exported(out, "located_in", [located["c-丙"]]) == {located["c-丙"]: [ExportRow("m", "list.csv", 3)]}
    # the row that gives a node; line 3 says nothing new of it
    assert exported(out, "companies", ["c-甲"]) == {"c-甲": [ExportRow("m", "list.csv", 2)]}


def test_every_node_and_link_of_an_import_has_an_origin(tmp_path: Path) -> None:
    text = "buyer,seller,place\n" + "".join(f"甲{i % 7},乙{i % 5},北京\n" for i in range(40))
    import_text(tmp_path, "m", MAPPING, {"list.csv": text})
    for name in ("companies", "enables", "located_in"):
        ids = {row["id"] for row in table(tmp_path, name)}
        assert exported(tmp_path / "out", name, sorted(ids)).keys() == ids


def test_origins_that_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "origins.parquet").write_bytes(b"no table")
    with pytest.raises(DatasetError, match=r"origins\.parquet"):
        exported(tmp_path, "companies", ["a"])
