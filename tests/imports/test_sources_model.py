"""A mapping with labels, link types and a currency of its own, and what the import makes of the folder's model."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow import csv

from ecosystem.dataset import read_dataset
from ecosystem.dataset.own_model import folder_model, model_toml
from ecosystem.errors import DatasetError
from ecosystem.imports import import_source, load_mapping
from ecosystem.model import load_model

PATENTS = """\
title = "Patents"
files.patents.path = "patents.csv"

[model.labels.Patent]
table = "patents"
zh = "专利"
en = "granted patent"
[model.labels.Patent.properties]
claims = { type = "integer", unit = "claims", zh = "权利要求数", minimum = 0 }
kind = { type = "string", words = { "发明 \\"A\\"" = "invention" } }
[model.links.OWNS_PATENT]
table = "owns_patent"
from = ["Company"]
to = ["Patent"]
[model.links.LOCATED_IN]
from = ["Patent"]

[nodes.patent]
label = "Patent"
id = { column = "number", prefix = "p-" }
name = { column = "title" }
properties.claims = { column = "claims", as = "integer" }
region = [{ column = "city" }]
[nodes.owner]
label = "Company"
id = { column = "owner", as = "hash", prefix = "c-" }
name = { column = "owner" }
[links.owns]
type = "OWNS_PATENT"
from = "owner"
to = "patent"
"""
ROWS = "number,title,claims,city,owner\n1,One,5,北京市,Alpha\n2,Two,-3,上海市,Beta\n3,Three,1,北京市,Alpha\n"
DEALS = """\
title = "Deals"
files.deals.path = "deals.csv"
model.links.INVESTED_IN.to = ["University"]

[nodes.investor]
label = "Investor"
id = { column = "investor", as = "hash", prefix = "i-" }
name = { column = "investor" }
[nodes.university]
label = "University"
id = { column = "school", as = "hash", prefix = "u-" }
name = { column = "school" }
[links.deal]
type = "INVESTED_IN"
from = "investor"
to = "university"
properties.amount_usd_m = { column = "usd_m", as = "number" }
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two mappings with their exports."""
    texts = {"patents.toml": PATENTS, "patents.csv": ROWS, "deals.csv": "investor,school,usd_m\nFund,Uni,2.5\n"}
    texts |= {
        "deals.toml": 'model.currency = "USD"\n' + DEALS,
        "cny.toml": DEALS.replace("amount_usd_m", "amount_cny_m"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def imported(export: Path, name: str, out: str = "out") -> Path:
    """The folder after an import."""
    import_source(str(export / f"{name}.toml"), export, export / out)
    return export / out


def refusal(export: Path, name: str, out: str = "out") -> DatasetError:
    """What an import is refused with."""
    with pytest.raises(DatasetError) as caught:
        imported(export, name, out)
    return caught.value


def test_what_a_mapping_adds_stands_in_the_folder_and_is_read(export: Path) -> None:
    folder = imported(export, "patents")
    reading = read_dataset(folder)
    assert reading.clean
    assert reading.dataset.nodes["Patent"].select(["id", "claims"]).to_pylist() == [
        {"id": "p-1", "claims": 5},
        {"id": "p-3", "claims": 1},
    ]
    assert reading.dataset.links["OWNS_PATENT"].num_rows == 2
    assert folder_model(folder) == load_mapping(str(export / "patents.toml")).model


def test_importing_again_changes_nothing(export: Path) -> None:
    folder = imported(export, "patents")
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    imported(export, "patents")
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == first


def test_two_mappings_add_to_one_model_and_a_source_without_amounts_takes_any_currency(export: Path) -> None:
    folder = imported(export, "patents")
    imported(export, "deals")
    model = folder_model(folder)
    assert model.currency == "USD"
    assert "University" in model.links["INVESTED_IN"].targets
    assert "Patent" in model.labels
    assert csv.read_csv(folder / "invested_in.csv")["amount_usd_m"].to_pylist() == [2.5]
    assert read_dataset(folder).clean
    imported(export, "patents")
    assert folder_model(folder) == model


def test_amounts_in_two_currencies_are_refused(export: Path) -> None:
    folder = imported(export, "cny")
    before = (folder / "invested_in.csv").read_bytes()
    error = refusal(export, "deals")
    assert [(fault.file, fault.column) for fault in error.findings] == [("deals.toml", "model.currency")]
    assert (folder / "invested_in.csv").read_bytes() == before
    imported(export, "deals", "usd")
    error = refusal(export, "cny", "usd")
    assert [fault.column for fault in error.findings] == ["links.deal.properties.amount_cny_m"]


def test_the_users_own_model_file_is_kept_and_used(export: Path) -> None:
    folder = imported(export, "patents")
    text = "# mine\n" + model_toml(folder_model(folder)) + '[labels.Product]\ntable = "products"\n'
    (folder / "model.toml").write_text(text, encoding="utf-8")
    (folder / "products.csv").write_text("id,name\ng1,Good\n", encoding="utf-8")
    imported(export, "patents")
    assert (folder / "model.toml").read_text(encoding="utf-8") == text
    assert read_dataset(folder).dataset.nodes["Product"].num_rows == 1


def test_a_mapping_for_labels_of_the_folder_needs_no_model_of_its_own(export: Path) -> None:
    folder = imported(export, "patents")
    rest = PATENTS[: PATENTS.index("[model.labels")] + PATENTS[PATENTS.index("[nodes.patent]") :]
    (export / "more.toml").write_text(rest, encoding="utf-8")
    imported(export, "more")
    assert read_dataset(folder).dataset.nodes["Patent"].num_rows == 4
    assert "'Patent' is not a label" in str(refusal(export, "more", "elsewhere"))


def test_a_model_that_contradicts_the_folders_is_refused(export: Path) -> None:
    imported(export, "patents")
    other = PATENTS.replace('claims = { type = "integer"', 'claims = { type = "float"')
    (export / "patents.toml").write_text(other, encoding="utf-8")
    error = refusal(export, "patents")
    assert [fault.column for fault in error.findings] == ["model.labels.Patent.properties.claims"]


def test_labels_whose_model_file_is_gone_are_one_clear_error(export: Path) -> None:
    folder = imported(export, "patents")
    (folder / "model.toml").unlink()
    error = refusal(export, "cny")
    assert "OWNS_PATENT, Patent" in str(error)
    assert "model.toml" in (error.hint or "")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[model.labels.Patent]", "[model.labels.patent]", "model.labels.patent"),
        ('table = "patents"', 'table = "companies"', "model.labels.Patent.table"),
        ('type = "integer", unit', 'type = "money", unit', "model.labels.Patent.properties.claims.type"),
        ('zh = "专利"', 'colour = "red"', "model.labels.Patent.colour"),
    ],
)
def test_a_fault_in_the_model_of_a_mapping_has_its_place(export: Path, old: str, new: str, place: str) -> None:
    (export / "patents.toml").write_text(PATENTS.replace(old, new), encoding="utf-8")
    error = refusal(export, "patents")
    assert place in [fault.column for fault in error.findings]
    assert not (export / "out").exists()


def test_a_mapping_without_a_model_is_for_the_shipped_one(export: Path) -> None:
    for name in ("itjuzi_ai", "cn_pevc"):
        assert load_mapping(name).model == load_model()


def test_a_folder_may_begin_with_a_model(export: Path) -> None:
    (export / "out").mkdir()
    text = 'currency = "USD"\n[labels.Product]\ntable = "products"\n'
    (export / "out" / "model.toml").write_text(text, encoding="utf-8")
    folder = imported(export, "deals")
    assert {"Product"} == set(folder_model(folder).labels) - set(load_model().labels)
    assert [fault.column for fault in refusal(export, "cny").findings] == ["links.deal.properties.amount_cny_m"]


def test_the_currency_into_which_amounts_are_read_is_the_folders(export: Path) -> None:
    money = '[money]\ninto = "EUR"\ndefault = "€"\ncurrencies = { "€" = 1 }\n'
    text = DEALS.replace("amount_usd_m", "amount_eur_m").replace('as = "number"', 'as = "amount"') + money
    (export / "eur.toml").write_text(text, encoding="utf-8")
    (export / "deals.csv").write_text("investor,school,usd_m\nFund,Uni,€2500000\n", encoding="utf-8")
    folder = imported(export, "eur")
    assert folder_model(folder).currency == "EUR"
    assert csv.read_csv(folder / "invested_in.csv")["amount_eur_m"].to_pylist() == [2.5]
    assert read_dataset(folder).clean
    (export / "eur.toml").write_text('model.currency = "USD"\n' + text, encoding="utf-8")
    assert [fault.column for fault in refusal(export, "eur", "other").findings] == ["model.currency"]
