"""The empty table of what an index needs: filled in, it scores the index."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import run_in

from ecosystem.errors import UsageError
from ecosystem.index import list_indices, load_index
from ecosystem.regions import shipped_regions
from ecosystem.scoring.value_template import value_template

SHIPPED = [folder.name for folder in list_indices()]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_column_that_an_index_names_is_there_and_no_other(name: str) -> None:
    rows = pd.read_csv(next(f for f in list_indices() if f.name == name) / "indicators.csv", dtype=str)
    cells = rows["source"].dropna()
    columns = list(dict.fromkeys(cell.removeprefix("column:") for cell in cells if cell.startswith("column:")))
    if not columns:
        with pytest.raises(UsageError, match="come from the graph"):
            value_template(load_index(name), shipped_regions())
    elif name != "parks-20-cities":  # its parks are in no hierarchy but the dataset's
        template = value_template(load_index(name), shipped_regions())
        assert list(template.values.columns) == ["region", "region_zh", "region_en", *columns]
        assert template.columns["column"].tolist() == columns
        assert template.values["region"].is_unique


def test_years_give_a_row_each() -> None:
    template = value_template(load_index("aitisa-2021"), shipped_regions(), years=(2020, 2021))
    assert len(template.values) == 40
    assert template.values.iloc[:2]["year"].tolist() == [2020, 2021]


@pytest.mark.parametrize(("lang", "sheet"), [("en", "data"), ("zh", "数据")])
def test_a_filled_template_scores_its_index(tmp_path: Path, lang: str, sheet: str) -> None:
    (tmp_path / "plain.csv").write_text("region,gdp,roads\n110000,4,1\n310000,2,9\n440000,3,8\n", encoding="utf-8")
    assert run_in(tmp_path, "index", "new", "mine", "--from", "plain.csv").returncode == 0
    done = run_in(tmp_path, "index", "template", "mine", "--out", "values.xlsx", "--lang", lang)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(tmp_path / "values.xlsx")
    assert len(book.sheetnames) == 2
    filled = book[sheet]
    names = [cell.value for cell in filled[1]]
    for row, numbers in enumerate([(4, 1), (2, 9), (3, 8)], start=2):
        for name, number in zip(("gdp", "roads"), numbers, strict=True):
            filled.cell(row, names.index(name) + 1).value = number
    book.save(tmp_path / "filled.xlsx")
    plain = run_in(tmp_path, "score", "mine", "--values", "plain.csv", "--format", "json")
    again = run_in(tmp_path, "score", "mine", "--values", f"filled.xlsx[{sheet}]", "--format", "json")
    assert again.returncode == 0, again.stderr
    scores = [{row["region"]: row["score"] for row in json.loads(done.stdout)} for done in (plain, again)]
    assert scores[0] == scores[1]
    assert len(set(scores[0].values())) > 1


def test_years_that_are_none_are_wrong_usage(tmp_path: Path) -> None:
    done = run_in(tmp_path, "index", "template", "aitisa-2021", "--since", "2020")
    assert done.returncode == 2
    assert "--since 2020 --until 2023" in done.stderr
