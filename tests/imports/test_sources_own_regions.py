"""A hierarchy of the user's: given with an import, kept in the folder, or lying there before the first one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from exports import every_byte, table

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, InputError, OutputError, RegionError
from ecosystem.imports import ImportReport, import_source, source_contents
from ecosystem.regions import shipped_regions

REGIONS = """id,name,level,code,parent,members
US,United States,country,US,,
US-CA,California,state,CA,US,
US-NY,New York,state,NY,US,
06085,Santa Clara,county,,US-CA,
36061,New York,county,,US-NY,
sj,San Jose,metro,,06085,
ny,New York,metro,,36061,
NO,Norway,country,NO,,
bay,Bay Area,group,,,06085
"""
LEVELS = '["country", "state", "county", "metro"]'
COMPANIES = f"""
title = "companies"
files.list = {{ path = "list.csv" }}
[nodes.company]
label = "Company"
id = "id"
name = "name"
region = {{ columns = {LEVELS}, level = {LEVELS}, strict = true }}
"""
EXPORT = """id,name,country,state,county,metro
1,A,US,CA,Santa Clara,San Jose
2,B,US,NY,New York,
3,C,United States,California,,
4,D,NO,,,
5,E,CA,,,
"""
PLAIN = COMPANIES.replace(f"level = {LEVELS}, strict = true", 'level = "country"')
MAKING = COMPANIES.replace("strict = true", 'make = ["county", "metro"]')


@pytest.fixture
def regions(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(REGIONS)
    return path


def run(folder: Path, regions: Path | None = None, mapping: str = COMPANIES, export: str = EXPORT) -> ImportReport:
    (folder / "list.csv").write_text(export)
    (folder / "m.toml").write_text(mapping)
    return import_source(str(folder / "m.toml"), folder / "list.csv", folder / "out", regions=regions)


def located(folder: Path) -> dict[str, str]:
    return {row["from"]: row["to"] for row in table(folder, "located_in")}


def test_places_are_looked_up_in_the_regions_that_are_given(tmp_path: Path, regions: Path) -> None:
    report = run(tmp_path, regions)
    assert located(tmp_path) == {"1": "sj", "2": "36061", "3": "US-CA", "4": "NO"}
    assert [finding.value for finding in report.findings if finding.code == "place_unknown"] == ["CA"]
    reading = read_dataset(tmp_path / "out")
    assert reading.clean
    assert reading.dataset.regions.levels == ("country", "state", "county", "metro", "group")
    assert reading.dataset.regions["bay"].members == ("06085",)


def test_later_imports_go_on_with_them(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, regions)
    before = every_byte(tmp_path / "out")
    run(tmp_path)
    assert every_byte(tmp_path / "out") == before
    run(tmp_path, regions)
    assert every_byte(tmp_path / "out") == before


def test_other_regions_are_refused_and_more_regions_are_taken(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, regions)
    before = every_byte(tmp_path / "out")
    other = tmp_path / "other.csv"
    other.write_text(
        REGIONS.replace("sj,San Jose,metro,,06085", "sj,San Jose,metro,,US-NY").replace("36061,New", "7,N")
    )
    with pytest.raises((OutputError, RegionError)):
        run(tmp_path, other)
    other.write_text(REGIONS.replace("sj,San Jose,metro,,06085", "sj,San Jose,metro,,US-NY"))
    with pytest.raises(OutputError, match=r"San Jose .* lies in another region there"):
        run(tmp_path, other)
    assert every_byte(tmp_path / "out") == before
    other.write_text(f"{REGIONS}US-GA,Georgia,state,GA,US,\n")
    export = f"{EXPORT}6,F,US,GA,,\n"
    run(tmp_path, other, export=export)
    assert located(tmp_path)["6"] == "US-GA"
    run(tmp_path, export=export)
    assert located(tmp_path)["6"] == "US-GA"


def test_made_regions_stand_beside_those_that_are_given(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, regions, MAKING, f"{EXPORT}6,F,US,CA,Alameda,Oakland\n")
    held = read_dataset(tmp_path / "out").dataset.regions
    oakland = held[located(tmp_path)["6"]]
    assert (oakland.level, held[oakland.parent or ""].level, held[oakland.parent or ""].parent) == (
        "metro",
        "county",
        "US-CA",
    )
    assert len(held) == 11
    assert "06085" in held


def test_a_table_of_regions_may_lie_in_the_folder_first(tmp_path: Path, regions: Path) -> None:
    (tmp_path / "out").mkdir()
    own = tmp_path / "out" / "regions.csv"
    own.write_text(REGIONS)
    for _ in range(2):
        run(tmp_path)
        assert own.read_text() == REGIONS
        assert located(tmp_path)["1"] == "sj"
    before = every_byte(tmp_path / "out")
    with pytest.raises(OutputError, match=r"regions\.csv, which no import has written") as caught:
        run(tmp_path, None, MAKING, f"{EXPORT}6,F,US,CA,Alameda,Oakland\n")
    assert "--regions" in (caught.value.hint or "")
    assert every_byte(tmp_path / "out") == before
    run(tmp_path, own, MAKING, f"{EXPORT}6,F,US,CA,Alameda,Oakland\n")  # as the hint says
    assert len(table(tmp_path, "regions")) == 11
    assert located(tmp_path)["1"] == "sj"


def test_a_changed_table_of_regions_is_taken_where_it_is_named(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, regions)
    own = tmp_path / "out" / "regions.csv"
    own.write_text(f"{own.read_text()}US-GA,Georgia,state,GA,US,US,,,,,\n")
    export = f"{EXPORT}6,F,US,GA,,\n"
    with pytest.raises(OutputError, match="has been changed since the import") as caught:
        run(tmp_path, export=export)
    assert "--regions" in (caught.value.hint or "")
    run(tmp_path, own, export=export)
    run(tmp_path, export=export)
    assert located(tmp_path)["6"] == "US-GA"


def test_sources_that_were_imported_in_other_regions_are_told(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, mapping=PLAIN, export="id,name,country,state,county,metro\n1,A,US,,,\n")
    (tmp_path / "second.toml").write_text(COMPANIES.replace("Company", "Investor"))
    report = import_source(str(tmp_path / "second.toml"), tmp_path / "list.csv", tmp_path / "out", regions=regions)
    assert [(found.code, "m" in found.message) for found in report.findings] == [("other_regions", True)]
    assert read_dataset(tmp_path / "out").clean


def test_regions_that_earlier_sources_lie_in_must_be_there(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, mapping=PLAIN, export="id,name,country,state,county,metro\n1,A,SE,,,\n")
    (tmp_path / "second.toml").write_text(COMPANIES.replace("Company", "Investor"))
    before = every_byte(tmp_path / "out")
    with pytest.raises(DatasetError, match=r"the source m has nodes in regions .* has not got: SE"):
        import_source(str(tmp_path / "second.toml"), tmp_path / "list.csv", tmp_path / "out", regions=regions)
    assert every_byte(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,name,level,parent\nUS,United States,country,\nCA,California,state,XX\n", 3),
        ("id,name\nUS,United States\n", 1),
        ("id,name,level\n", 1),
        ("id,name,level\nUS,United States\n", 2),
    ],
)
def test_faults_of_the_table_stand_with_their_lines(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(RegionError) as caught:
        run(tmp_path, path)
    assert {finding.row for finding in caught.value.findings} >= {line}
    assert not (tmp_path / "out").exists()


def test_a_table_that_is_missing_or_none_is_one_error(tmp_path: Path) -> None:
    for name in ("none.csv", "m.toml"):
        with pytest.raises(InputError):
            run(tmp_path, tmp_path / name)
    assert not (tmp_path / "out").exists()


def test_only_the_divisions_of_countries_in_use_stand_beside_made_regions(tmp_path: Path) -> None:
    mapping = PLAIN.replace('level = "country"', 'level = "country", make = "city"')
    export = "id,name,country,state,county,metro\n1,A,US,CA,,Oakland\n"
    run(tmp_path, mapping=mapping, export=export)
    ids = {row["id"] for row in table(tmp_path, "regions")}
    countries = {region.id for region in shipped_regions().at("country")}
    assert countries < ids
    assert len(ids - countries) == 1
    run(tmp_path, mapping=mapping, export=f"{export}2,B,CN,,,杭州\n")
    ids = {row["id"] for row in table(tmp_path, "regions")}
    assert {region.id for region in shipped_regions()} < ids


def test_what_a_source_holds_is_counted_in_the_regions_of_the_folder(tmp_path: Path, regions: Path) -> None:
    run(tmp_path, regions)
    assert source_contents(tmp_path / "out", "m", "state").sample == {"Company": 3}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"state", "county"', '"stat", "county"'), r"nodes\.company\.region\.level: no region has the level 'stat'"),
        ((f"level = {LEVELS}, strict = true", 'within = "USA!"'), r"region\.within: unknown region 'USA!'"),
    ],
)
def test_a_level_or_a_region_that_the_hierarchy_has_not_got_is_told_before_rows_are_read(
    tmp_path: Path, regions: Path, change: tuple[str, str], message: str
) -> None:
    head, _, tail = COMPANIES.partition("level = ")
    mapping = head + ("level = " + tail).replace(*change)
    with pytest.raises(DatasetError, match="do not fit together") as caught:
        run(tmp_path, regions, mapping)
    assert re.search(message, str(caught.value))
    assert not (tmp_path / "out").exists()
