"""Tables as they come: which columns name the regions and the years, what is guessed, and what is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in
from tables import write_csv

from ecosystem.errors import InputError
from ecosystem.index import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.spec import TableColumns
from ecosystem.scoring import score

Rows = list[list[object]]
CONTINENTS: Rows = [
    ["Country", "Region", "Code", "gdp", "life"],
    ["Ghana", "Africa", 288, 5, 64],
    ["Togo", "Africa", 768, 2, 61],
    ["Peru", "America", 604, 7, 73],
]


@pytest.mark.parametrize(
    ("header", "row", "other", "region", "name", "numbers"),
    [
        (
            ["iso3", "country", "le", "gni"],
            ["GHA", "Ghana", 1, 2],
            ["TGO", "Togo", 3, 4],
            "GHA",
            "Ghana",
            {"le", "gni"},
        ),
        (["Country", "le", "gni"], ["Ghana", 1, 2], ["Togo", 3, 4], "Ghana", None, {"le", "gni"}),
        (["Country Name", "Country Code", "le"], ["Ghana", "GHA", 1], ["Togo", "TGO", 2], "GHA", "Ghana", {"le"}),
        (["province", "city", "a"], ["江苏", "南京", 1], ["江苏", "苏州", 2], "南京", "南京", {"a"}),
        (["省份", "城市", "a"], ["江苏", "南京", 1], ["江苏", "苏州", 2], "南京", "南京", {"a"}),
        (["id", "province", "a"], [1, "江苏", 1], [2, "浙江", 2], "江苏", None, {"a"}),
        (["name", "kind", "a"], ["x", "k", 1], ["y", "k", 2], "x", None, {"a"}),
        (["code", "name", "a"], [110000, "北京", 1], [120000, "天津", 2], "110000", "北京", {"a"}),
        (["Entity", "Code", "a"], ["World", "", 1], ["Ghana", "GHA", 2], "World", None, {"a"}),
        (["index", "province", "index_b"], ["1.0", "x", 1], ["2.0", "y", 2], "x", None, {"index_b"}),
        (["index", "province", "a"], [60, "x", 1], [2, "y", 2], "x", None, {"index", "a"}),
        (["region", "code", "a"], ["x", 1, 1], ["y", 2, 2], "x", None, {"a"}),
    ],
)
def test_headings_of_regions_are_guessed(
    header: list[object], row: list[object], other: list[object], region: str, name: str | None,
    numbers: set[str], tmp_path: Path,
) -> None:  # fmt: skip
    table = read_values(write_csv(tmp_path / "v.csv", [header, row, other]))
    assert table.units[0] == region
    if name != region:
        assert (table.names[region].en if table.names else None) == name
    assert set(table.numbers) == numbers


def test_a_region_that_repeats_is_asked_about_and_not_taken(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "v.csv", CONTINENTS)
    with pytest.raises(InputError) as caught:
        read_values(path)
    (found,) = caught.value.findings
    assert (found.code, found.row, found.column) == ("region_repeats", 3, "Region")
    assert "'Africa' is in lines 2 and 3" in found.message
    assert found.hint == "say which column does: --id Country or --id Code"
    table = read_values(path, TableColumns(id="Country"))
    assert table.units == ("Ghana", "Togo", "Peru")
    assert set(table.numbers) == {"gdp", "life"}
    assert table.group("Region")["Peru"] == "America"


def test_an_id_column_that_repeats_is_refused_with_the_columns_that_do_not(tmp_path: Path) -> None:
    rows: Rows = [["City name", "when it was", "a"], ["x", 2020, 1], ["x", 2021, 2], ["y", 2021, 3]]
    path = write_csv(tmp_path / "v.csv", rows)
    with pytest.raises(InputError, match='say which column does: --year "when it was"'):
        read_values(path, TableColumns(id="City name"))
    table = read_values(path, TableColumns(id="City name", year="when it was"))
    assert table.column("a") == {"x": {2020: 1, 2021: 2}, "y": {2021: 3}}
    with pytest.raises(InputError, match=r"there is no column 'city'[\s\S]*'City name'"):
        read_values(path, TableColumns(id="city"))
    twice: Rows = [["place of it", "a"], ["x", 1], ["x", 2]]
    with pytest.raises(InputError, match="region 'x' is in line 2 already"):
        read_values(write_csv(tmp_path / "v.csv", twice), TableColumns(id="place of it"))


def test_no_column_that_looks_like_a_region_names_those_that_may_be(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "v.csv", [["Member State of it", "a"], ["x", 1], ["y", 2]])
    with pytest.raises(InputError, match=r'no column names the region[\s\S]*--id "Member State of it"'):
        read_values(path)


def test_years_as_spreadsheets_write_them(tmp_path: Path) -> None:
    rows: Rows = [["province", "年份", "a"], ["江苏", "2021年", 1], ["江苏", "2022.0", 2]]
    assert read_values(write_csv(tmp_path / "v.csv", rows)).column("a") == {"江苏": {2021: 1, 2022: 2}}


def test_a_long_table_under_other_headings(tmp_path: Path) -> None:
    rows: Rows = [
        ["province", "year", "value", "units", "variables"],
        ["江苏", 2021, 1, "个", "firms"],
        ["江苏", 2021, 5, "件", "patents"],
        ["浙江", 2021, 2, "个", "firms"],
    ]
    table = read_values(write_csv(tmp_path / "v.csv", rows))
    assert table.column("firms") == {"江苏": {2021: 1}, "浙江": {2021: 2}}
    assert table.column("patents") == {"江苏": {2021: 5}}


def test_the_command_line_names_columns_and_the_index_remembers_them(tmp_path: Path) -> None:
    write_csv(tmp_path / "v.csv", CONTINENTS)
    refused = run_in(tmp_path, "index", "new", "first", "--from", "v.csv")
    assert refused.returncode == 1
    assert "--id Country" in refused.stderr
    assert run_in(tmp_path, "index", "new", "first", "--from", "v.csv", "--id", "Country").returncode == 0
    assert read_index(tmp_path / "first").table == TableColumns(id="Country")
    for words in (("index", "check", "first"), ("score", "first"), ("coherence", "first")):
        done = run_in(tmp_path, *words, "--values", "v.csv")
        assert done.returncode == 0, done.stderr
    done = run_in(tmp_path, "weights", "entropy", "--index", "first", "--values", "v.csv")
    assert done.returncode == 0, done.stderr
    assert run_in(tmp_path, "index", "check", "first", "--values", "v.csv", "--id", "Region").returncode == 1
    named = ("score", "first", "--values", "v.csv", "--id", "Country", "--name", "Code", "--out", "s.csv")
    assert run_in(tmp_path, *named).returncode == 0
    assert "every digit is the same" in run_in(tmp_path, "score", "--from", "s.run.json").stderr
    assert run_in(tmp_path, "score", "first", "--id", "Country").returncode == 2


def test_public_tables_can_be_read_as_they_are(shared: Path) -> None:
    """Whatever names their rows; a table of other things (a list of laboratories) is no table of regions."""
    folder = shared / "data" / "real"
    for name, count in {"RDIntense": 32, "HitechFirmsPub": 31, "RDPaperInternational": 32, "MarketPush": 32}.items():
        table = read_values(folder / "province_tech" / f"{name}.csv")
        assert len(table.units) == count, name
        assert table.dated, name
    assert len(read_values(folder / "hdi2022.csv").units) == 193


HDI_TOML = """\
id = "hdi"
title = { en = "Human Development Index", zh = "人类发展指数" }
unit_of_analysis = { en = "countries", zh = "国家和地区" }
source = { en = "UNDP, technical note 1", zh = "联合国开发计划署技术说明一" }
normalisation = { method = "goalposts", factor = 1, cap = true }
aggregation = { method = "gmean", by_level = ["amean", "gmean"], weights = "local" }
missing = { rule = "skip", least = 1.0 }
ties = { method = "competition", decimals = 3 }
level = { country = { ranked = ["*"] } }
indicator = { income = { transformation = "ln" } }
"""
HDI_CSV = """\
code,parent,level,name_zh,name_en,direction,weight,weight_source,unit,source,lower,upper
life,health,1,预期寿命,Life expectancy,1,1,printed,years,column:le_2022,20,85
expected,education,1,预期受教育年限,Expected years of schooling,1,1,printed,years,column:eys_2022,0,18
mean,education,1,平均受教育年限,Mean years of schooling,1,1,printed,years,column:mys_2022,0,15
income,wealth,1,人均国民总收入,Gross national income per head,1,1,printed,2017 PPP dollars,column:gnipc_2022,100,75000
health,hdi,2,健康,Health,1,1,printed,,,,
education,hdi,2,教育,Education,1,1,printed,,,,
wealth,hdi,2,收入,Income,1,1,printed,,,,
hdi,,3,人类发展指数,Human Development Index,1,1,printed,,,,
"""


def test_the_human_development_index_of_193_countries(shared: Path, tmp_path: Path) -> None:
    """UNDP, Human Development Report 2023/24: goalposts of technical note 1, values of table 1."""
    for name, text in (("index.toml", HDI_TOML), ("indicators.csv", HDI_CSV)):
        (tmp_path / "hdi").mkdir(exist_ok=True)
        (tmp_path / "hdi" / name).write_text(text, encoding="utf-8")
    path = shared / "data" / "real" / "hdi2022.csv"
    scores = score(read_index(tmp_path / "hdi"), values=read_values(path))
    printed = pd.read_csv(path, index_col="iso3")["hdi_2022"].loc[list(scores.standing.regions)]
    assert len(printed) == 193
    np.testing.assert_array_equal(np.round(scores.standing.overall, 3), printed)
    np.testing.assert_array_equal(scores.standing.overall_rank, printed.rank(ascending=False, method="min"))
    assert scores.regions["CHE"].name_en == "Switzerland"
