"""The solver meets every printed figure of the provinces and circles with a seed that is not the shipped table's."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosystem.index import evaluate, index_folder, load_index, roll_up
from ecosystem.published.comparison import side_by_side
from ecosystem.published.published import read_published
from tools.twin.solve import ORDER, province_problem, solved
from tools.twin.table import INVESTORS, by_region, write_table


@pytest.mark.long
def test_another_seed_meets_the_same_figures(tmp_path: Path) -> None:
    index = load_index("cingai-2023")
    problem = province_problem(index)
    settled = solved(problem, ORDER, 2, 20.0, time.monotonic())
    assert settled is not None
    settled.amounts[INVESTORS] = dict.fromkeys(problem.regions, 0)
    write_table(tmp_path / "twin.csv", index, by_region(settled.amounts, problem.regions))
    shipped, table = (
        pd.read_csv(path, dtype={"region": "str"}).set_index("region").reindex(list(problem.regions))
        for path in (index_folder("cingai-2023") / "twin.csv", tmp_path / "twin.csv")
    )
    assert (shipped["company_count"] != table["company_count"]).sum() > 5
    values = table[[leaf.code for leaf in index.leaves]].to_numpy(dtype=np.float64)
    scores = evaluate(index, values, level="province")
    found = {"province": scores, "group": roll_up(scores)}
    cells, _ = side_by_side(read_published(index, index_folder("cingai-2023")), found)
    cells = cells[cells["level"].isin(list(found))]
    assert len(cells) == 559
    assert cells["reproduced"].all(), cells[~cells["reproduced"]]
