"""The three tables of a description, on a dataset that can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_folder import change, write_small

from ecosystem.dataset import read_dataset
from ecosystem.dataset.describe import Description, describe


@pytest.fixture
def description(tmp_path: Path) -> Description:
    folder = write_small(tmp_path)
    change(folder, "located_in", "a1,110000\n", "")
    change(folder, "located_in", "c1,北京市", "c1,110100")
    return describe(read_dataset(folder).dataset)


def test_nodes_by_region(description: Description) -> None:
    frame = description.nodes
    labels = ["Company", "Investor", "University", "Alliance", "Person"]
    assert list(frame.columns) == ["region", "name", "name_en", *labels]
    counted = {row["region"]: [row[label] for label in labels] for _, row in frame.iterrows()}
    assert counted == {
        "US": [0, 1, 0, 0, 0],
        "110000": [1, 1, 0, 0, 0],  # 110100 is the city of the municipality
        "310000": [1, 0, 0, 0, 1],
        "440000": [1, 0, 1, 0, 0],  # the university is in 440300, a city of it
        "-": [0, 0, 0, 1, 0],
    }
    assert frame["region"].tolist()[-1] == "-"
    assert dict(zip(frame["region"], frame["name_en"], strict=True))["440000"] == "Guangdong"


def test_links_by_year(description: Description) -> None:
    frame = description.links.set_index("type")
    assert list(frame.columns) == ["2020", "2021", "undated", "total"]
    counted = {str(name): row.tolist() for name, row in frame.iterrows()}
    assert counted["INVESTED_IN"] == [2, 0, 1, 3]
    assert counted["ENABLES"] == [0, 2, 1, 3]
    assert counted["WORKS_FOR"] == [0, 0, 1, 1]
    assert "WITHIN" not in frame.index


def test_fill_rates(description: Description) -> None:
    records = description.fill.to_dict("records")
    rows = {(row["table"], row["property"]): (row["rows"], row["filled"], row["share"]) for row in records}
    assert rows["Company", "patents"] == (3, 2, pytest.approx(2 / 3))
    assert rows["INVESTED_IN", "amount_cny_m"] == (3, 2, pytest.approx(2 / 3))
    assert ("RegionValue", "value") in rows
    assert not {name for _, name in rows} & {"id", "_id", "_src_label"}


def test_one_long_table(description: Description) -> None:
    tidy = description.tidy()
    assert list(tidy.columns) == ["part", "item", "measure", "value"]
    value = tidy.set_index(["part", "item", "measure"])["value"]
    assert value["nodes", "440000", "University"] == 1
    assert value["links", "ENABLES", "2021"] == 2
    assert value["fill", "Company", "patents"] == pytest.approx(2 / 3)


def test_regions_without_provinces_count_for_themselves(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    (folder / "regions.csv").write_text("id,name,level,parent\nn,North,zone,\nn1,Hill,block,n\n", encoding="utf-8")
    (folder / "located_in.csv").write_text("from,to\nc1,Hill\nc2,North\n", encoding="utf-8")
    (folder / "region_values.csv").unlink()
    dataset = read_dataset(folder).dataset
    assert describe(dataset).nodes["region"].tolist() == ["n", "n1", "-"]
    zones = describe(dataset, level="zone").nodes
    assert dict(zip(zones["region"], zones["Company"], strict=True)) == {"n": 2, "-": 1}


def test_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id\n")
    empty = describe(read_dataset(tmp_path).dataset)
    assert empty.nodes.empty
    assert empty.links.empty
    assert empty.fill.empty
    assert empty.tidy().empty
