"""Tables that a user puts into the folder of an import: kept, or refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import every_byte, import_text, table

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, EcosystemError, OutputError

COMPANIES = """
title = "companies"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "id"
name = "name"
region = { column = "cc", level = "country" }
"""
EXPORT = {"list.csv": "id,name,cc\n1,A,US\n2,B,NO\n"}
OWN = {
    "regions.csv": "id,name,level\nUS,United States,country\nNO,Norway,country\nmine,Mine,country\n",
    "region_values.csv": "region,indicator,year,value\nUS,gdp,2020,5\n",
    "universities.csv": "id,name\nu1,MIT\n",
    "works_for.csv": "from,to\n",
    "notes.txt": "mine",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    import_text(tmp_path, "first", COMPANIES, EXPORT)
    return tmp_path / "out"


def put(out: Path, *names: str) -> None:
    for name in names:
        (out / name).write_text(OWN[name])


def test_own_tables_stay_when_a_source_is_imported_again(tmp_path: Path, out: Path) -> None:
    put(out, *OWN)
    for _ in range(2):
        import_text(tmp_path, "first", COMPANIES, EXPORT)
        assert {name: (out / name).read_text() for name in OWN} == OWN
    (out / "works_for.csv").unlink()  # a table without rows is a fault of a dataset
    assert read_dataset(out).dataset is not None


def test_own_tables_stay_when_another_source_is_added(tmp_path: Path, out: Path) -> None:
    put(out, "universities.csv")
    import_text(tmp_path, "second", COMPANIES.replace("Company", "Investor"), EXPORT)
    assert (out / "universities.csv").read_text() == OWN["universities.csv"]
    assert len(table(tmp_path, "investors")) == 2


def test_what_an_import_made_goes_when_its_source_makes_it_no_more(tmp_path: Path, out: Path) -> None:
    import_text(tmp_path, "first", COMPANIES.replace("Company", "Investor"), EXPORT)
    assert not (out / "companies.csv").exists()


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("universities.csv", COMPANIES.replace("Company", "University")),
        (
            "regions.csv",
            COMPANIES.replace('column = "cc", level = "country"', 'columns = ["cc", "name"], make = "city"'),
        ),
    ],
)
def test_an_own_table_that_would_be_replaced_refuses_the_import(
    tmp_path: Path, out: Path, name: str, mapping: str
) -> None:
    put(out, name)
    before = every_byte(out)
    with pytest.raises(OutputError, match="no import has written") as caught:
        import_text(tmp_path, "second", mapping, EXPORT)
    assert name in caught.value.message
    assert every_byte(out) == before


def test_a_table_that_was_changed_by_hand_refuses_the_import(tmp_path: Path, out: Path) -> None:
    changed = out / "companies.csv"
    changed.write_text(changed.read_text().replace("A", "Alpha"))
    before = every_byte(out)
    with pytest.raises(OutputError, match=r"changes in .* since the import would be lost: companies\.csv"):
        import_text(tmp_path, "first", COMPANIES, EXPORT)
    assert every_byte(out) == before
    changed.unlink()  # as the hint says
    import_text(tmp_path, "first", COMPANIES, EXPORT)
    assert [row["name"] for row in table(tmp_path, "companies")] == ["A", "B"]


def test_a_folder_of_an_older_version_keeps_own_tables_too(tmp_path: Path, out: Path) -> None:
    (out / "import" / "tables.json").unlink()
    put(out, "universities.csv", "regions.csv")
    import_text(tmp_path, "first", COMPANIES, EXPORT)
    assert (out / "universities.csv").read_text() == OWN["universities.csv"]
    assert [row["name"] for row in table(tmp_path, "companies")] == ["A", "B"]


def test_a_folder_that_only_has_a_folder_named_import_is_not_of_an_import(tmp_path: Path) -> None:
    (tmp_path / "out" / "import").mkdir(parents=True)
    put(tmp_path / "out", "universities.csv")
    with pytest.raises(OutputError, match="is not empty"):
        import_text(tmp_path, "first", COMPANIES, EXPORT)
    assert (tmp_path / "out" / "universities.csv").exists()


@pytest.mark.parametrize("name", ["tables.json", "sources.json"])
@pytest.mark.parametrize("text", ["", "{", "3", "[" * 100_000])
def test_a_damaged_record_is_one_message(tmp_path: Path, out: Path, name: str, text: str) -> None:
    (out / "import" / name).unlink()
    (out / "import" / name).write_text(text)
    before = every_byte(out)
    with pytest.raises(EcosystemError, match="not what an import has left") as caught:
        import_text(tmp_path, "first", COMPANIES, EXPORT)
    assert isinstance(caught.value, DatasetError)
    assert every_byte(out) == before
