"""A `model.toml` beside the tables: what it adds, what it must leave as it is, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.dataset.model_form import ModelForm
from ecosystem.dataset.own_model import additions, extended, folder_model, model_of_text, model_text
from ecosystem.errors import DatasetError, StoreError
from ecosystem.model import load_model, model_in

PROJECTS = """\
[labels.Project]
table = "projects"
zh = "项目"
en = "publicly funded project"
[labels.Project.properties]
budget_cny_m = { type = "float", unit = "CNY million", zh = "预算", minimum = 0 }
field = { type = "string", values = ["ai", "chips"], words = { "芯片" = "chips" } }

[labels.Company.properties]
employees = { type = "integer", unit = "people", zh = "员工数", minimum = 0 }

[links.GRANTED_TO]
table = "granted_to"
from = ["Project"]
to = ["Company", "University"]
[links.GRANTED_TO.properties]
amount_cny_m = { type = "float", unit = "CNY million", minimum = 0 }

[links.INVESTED_IN]
to = ["University"]

[links.LOCATED_IN]
from = ["Project"]
"""
TABLES = {
    "companies": "id,name,员工数\nc1,One,10\nc2,Two,-1\n",
    "universities": "id,name\nu1,Uni\n",
    "项目": "id,name,预算（百万元）,field\nj1,J One,3.5,芯片\nj2,J Two,1,steel\n",
    "granted_to": "from,to,year,amount_cny_m\nj1,c1,2020,1.5\nj1,u1,2020,2\n",
    "invested_in": "from,to,amount_cny_m\nc1,u1,3\n",
    "located_in": "from,to\nc1,北京市\nj1,北京市\n",
}


def written(folder: Path, model: str, tables: dict[str, str]) -> Path:
    """A dataset folder with a `model.toml`."""
    folder.mkdir(exist_ok=True)
    (folder / "model.toml").write_text(model, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def refusal(tmp_path: Path, text: str | bytes) -> DatasetError:
    """What is said of a `model.toml`."""
    (tmp_path / "model.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DatasetError) as caught:
        folder_model(tmp_path)
    return caught.value


def test_labels_links_and_properties_are_read_with_their_limits(tmp_path: Path) -> None:
    reading = read_dataset(written(tmp_path / "d", PROJECTS, TABLES))
    faults = [(finding.file, finding.row, finding.column) for finding in reading.findings if finding.row]
    assert faults == [("companies.csv", 3, "员工数"), ("项目.csv", 3, "field")]
    dataset = reading.dataset
    assert dataset.nodes["Project"].select(["id", "budget_cny_m", "field"]).to_pylist() == [
        {"id": "j1", "budget_cny_m": 3.5, "field": "chips"}
    ]
    assert dataset.links["GRANTED_TO"]["amount_cny_m"].to_pylist() == [1.5, 2.0]
    assert dataset.links["INVESTED_IN"].num_rows == 1
    assert dataset.links["LOCATED_IN"].num_rows == 2


def test_without_a_model_file_the_model_is_the_shipped_one(tmp_path: Path) -> None:
    assert folder_model(tmp_path) is load_model()
    assert (additions(load_model()), model_text(load_model())) == ({}, "")
    assert model_of_text("") is load_model()


def test_what_is_added_goes_out_and_comes_back_the_same(tmp_path: Path) -> None:
    model = folder_model(written(tmp_path, 'currency = "USD"\n' + PROJECTS.replace("amount_cny_m", "share"), {}))
    back = model_of_text(model_text(model))
    assert back == model
    assert back.hash == model.hash
    assert list(back.labels) == list(model.labels)
    again, faults = extended(model, ModelForm.model_validate(additions(model)))
    assert (again, faults) == (model, [])


def test_words_are_no_part_of_the_hash_and_all_else_is(tmp_path: Path) -> None:
    model = folder_model(written(tmp_path, PROJECTS, {}))
    named = folder_model(written(tmp_path, PROJECTS.replace("项目", "课题"), {}))
    other = folder_model(written(tmp_path, PROJECTS.replace('"ai", ', ""), {}))
    assert model.hash == named.hash
    assert len({model.hash, other.hash, load_model().hash}) == 3


def test_all_of_the_shipped_model_may_be_said_again(tmp_path: Path) -> None:
    text = '[labels.Company]\ntable = "companies"\nzh = "企业"\norganisation = true\n[labels.Company.properties]\n'
    text += 'patents = { type = "integer", unit = "patents", minimum = 0 }\n[links.ENABLES]\nfrom = ["Company"]\n'
    (tmp_path / "model.toml").write_text(text, encoding="utf-8")
    assert folder_model(tmp_path) == load_model()


def test_amounts_in_another_currency_have_its_names_and_units(tmp_path: Path) -> None:
    tables = {"companies": "id,name,估值（百万美元）\nc1,One,10\n", "investors": "id\ni1\n"}
    tables["invested_in"] = "from,to,amount_usd_m\ni1,c1,2\n"
    reading = read_dataset(written(tmp_path / "d", 'currency = "USD"\n', tables))
    assert reading.clean
    assert reading.dataset.nodes["Company"]["valuation_usd_m"].to_pylist() == [10.0]
    model = reading.dataset.model
    assert model.links["INVESTED_IN"].properties["amount_usd_m"].unit == "USD million"
    assert model.in_currency("round_amount_cny_m") == "round_amount_usd_m"
    assert model.in_currency("patents") == "patents"
    assert load_model().in_currency("amount_cny_m") == "amount_cny_m"
    assert model_in("USD").hash == model.hash


def test_a_column_in_another_currency_than_the_datasets_is_refused(tmp_path: Path) -> None:
    tables = {"companies": "id,name,valuation_cny_m\nc1,One,10\n"}
    reading = read_dataset(written(tmp_path / "d", 'currency = "USD"\n', tables))
    (fault,) = [finding for finding in reading.findings if finding.severity == "error"]
    assert (fault.code, fault.column, fault.file) == ("other_currency", "valuation_cny_m", "companies.csv")
    assert not reading.whole
    assert read_dataset(written(tmp_path / "e", "", {"companies": "id,valuation_usd_m\nc1,10\n"})).clean


def test_a_node_has_one_link_of_a_type_that_allows_one(tmp_path: Path) -> None:
    model = PROJECTS.replace('table = "granted_to"', 'table = "granted_to"\nat_most_one = true')
    reading = read_dataset(written(tmp_path / "d", model, TABLES))
    assert [finding.row for finding in reading.findings if finding.code == "second_link"] == [3]


P = '[labels.Project]\ntable = "projects"\n'
BAD = {
    '[labels.project]\ntable = "projects"': "labels.project",
    '[labels."Project) DETACH DELETE (n"]\ntable = "projects"': "labels.Project) DETACH DELETE (n",
    '[labels."P\'; DROP TABLE Company; --"]\ntable = "projects"': "labels.P'; DROP TABLE Company; --",
    '[labels."项目"]\ntable = "projects"': "labels.项目",
    '[labels."_Ecosystem"]\ntable = "projects"': "labels._Ecosystem",
    '[labels.COMPANY]\ntable = "projects"': "labels.COMPANY",
    '[labels.Within]\ntable = "projects"': "labels.Within",
    "[labels.Project]": "labels.Project.table",
    '[labels.Project]\ntable = "../projects"': "labels.Project.table",
    '[labels.Project]\ntable = "companies"': "labels.Project.table",
    '[labels.Project]\ntable = "merges"': "labels.Project.table",
    '[labels.Project]\ntable = "con"': "labels.Project.table",
    P + 'zh = "企业"': "labels.Project.zh",
    P + 'zh = "项\\n目"': "labels.Project.zh",
    P + "zh = 5": "labels.Project.zh",
    P + "keyless = true": "labels.Project.keyless",
    P + 'colour = "red"': "labels.Project.colour",
    P + '[labels.Project.properties]\n"a b" = { type = "string" }': "labels.Project.properties.a b",
    P + '[labels.Project.properties]\n_id = { type = "integer" }': "labels.Project.properties._id",
    P + '[labels.Project.properties]\nid = { type = "integer" }': "labels.Project.properties.id",
    P + '[labels.Project.properties]\na = { type = "money" }': "labels.Project.properties.a.type",
    P + '[labels.Project.properties]\na = { unit = "people" }': "labels.Project.properties.a.type",
    P
    + '[labels.Project.properties]\na = { type = "integer", minimum = 2, maximum = 1 }': "labels.Project.properties.a",
    P + '[labels.Project.properties]\na = { type = "float", minimum = nan }': "labels.Project.properties.a",
    P + '[labels.Project.properties]\na = { type = "string", maximum = 1 }': "labels.Project.properties.a",
    P + '[labels.Project.properties]\na = { type = "integer", values = ["1"] }': "labels.Project.properties.a",
    P + '[labels.Project.properties]\na = { type = "string", values = [] }': "labels.Project.properties.a.values",
    P + '[labels.Project.properties]\na = { type = "integer", default = "x" }': "labels.Project.properties.a.default",
    P + '[labels.Project.properties]\na = { type = "integer", default = true }': "labels.Project.properties.a.default",
    P + '[labels.Project.properties]\na = { type = "integer", default = 9223372036854775808 }': (
        "labels.Project.properties.a.default"
    ),
    P + '[labels.Project.properties]\na = { type = "string", values = ["x"], words = { "甲" = "y" } }': (
        "labels.Project.properties.a.words"
    ),
    '[labels.Company]\ntable = "firms"': "labels.Company.table",
    '[labels.Company]\nzh = "公司"': "labels.Company.zh",
    "[labels.Company]\nin_sample = false": "labels.Company.in_sample",
    '[labels.Company.properties]\npatents = { type = "float" }': "labels.Company.properties.patents",
    '[labels.Company.properties]\npatents = { type = "string" }': "labels.Company.properties.patents",
    '[labels.Company.properties]\nsize = { type = "integer", required = true }': (
        "labels.Company.properties.size.required"
    ),
    '[labels.Company.properties]\nworth = { type = "float", zh = "估值" }': "labels.Company.properties.worth.zh",
    '[labels.Company.properties]\nvaluation_usd_m = { type = "float" }': "labels.Company.properties.valuation_usd_m",
    '[labels.Region.properties]\narea = { type = "float" }': "labels.Region.properties",
    '[links.granted]\ntable = "granted"\nfrom = ["Company"]\nto = ["Company"]': "links.granted",
    '[links.COMPANY]\ntable = "granted"\nfrom = ["Company"]\nto = ["Company"]': "links.COMPANY",
    '[links.GRANTED]\ntable = "granted"\nfrom = ["Company"]': "links.GRANTED.to",
    '[links.GRANTED]\ntable = "granted"\nfrom = ["Compny"]\nto = ["Company"]': "links.GRANTED.from",
    '[links.GRANTED]\ntable = "granted"\nfrom = ["RegionValue"]\nto = ["Company"]': "links.GRANTED.from",
    '[links.GRANTED]\ntable = "granted"\nfrom = ["Company"]\nto = ["Company"]\nderived = true': "links.GRANTED.derived",
    '[links.GRANTED]\ntable = "granted"\nfrom = ["Company"]\nto = ["Company"]\n[links.GRANTED.properties]\n'
    'from = { type = "string" }': "links.GRANTED.properties.from",
    "[links.ENABLES]\ndirected = false": "links.ENABLES.directed",
    '[links.WITHIN]\nfrom = ["Company"]': "links.WITHIN",
    '[links.LOCATED_IN]\nto = ["Park"]': "links.LOCATED_IN",
    'currency = "dollar"': "currency",
    "version = 7": "version",
    "[node_properties]": "node_properties",
}


@pytest.mark.parametrize("text", BAD)
def test_what_makes_no_sense_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, text)
    assert [(finding.file, finding.column) for finding in error.findings] == [("model.toml", BAD[text])]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = '[labels.project]\ntable = "companies"\n[links.A]\ntable = "a"\nfrom = ["project"]\nto = ["Nowhere"]\n'
    assert len(refusal(tmp_path, text).findings) == 3


@pytest.mark.parametrize(
    "text",
    [
        b"[labels",
        b"\xff\xfe",
        b"x = " + b"[" * 5000,
        b"# " + b"x" * (1 << 20),
        b"version = " + b"9" * 5000,
        b'[labels.A]\ntable = "a"\n[labels.A]\ntable = "b"\n',
        "\n".join(f'[labels.L{n}]\ntable = "t{n}"' for n in range(101)).encode(),
        b'[labels.A]\ntable = "a"\nen = "' + b"x" * 300 + b'"\n',
        b"labels = 5\n",
        b'[labels]\nA = "b"\n',
    ],
)
def test_what_is_no_model_file_is_one_clear_error(text: bytes, tmp_path: Path) -> None:
    error = refusal(tmp_path, text)
    assert "model.toml" in str(error)
    assert len(str(error)) < 3000


def test_a_folder_in_its_place_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "model.toml").mkdir()
    with pytest.raises(DatasetError, match=r"model\.toml"):
        folder_model(tmp_path)


@pytest.mark.parametrize("text", ["{", '{"labels": 5}', json.dumps({"labels": {"x": {"table": "x"}}})])
def test_a_store_with_a_damaged_model_says_so(text: str) -> None:
    with pytest.raises(StoreError, match="damaged"):
        model_of_text(text)


def test_another_model_than_what_a_file_can_say_is_not_kept() -> None:
    shipped = load_model()
    labels = {**shipped.labels, "Company": replace(shipped.labels["Company"], table="firms")}
    assert model_text(replace(shipped, labels=labels)) == ""
