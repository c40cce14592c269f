"""Scores of a small index from a table, for the tests of robustness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Aggregation, Index, Indicator, Level, Missing, Normalisation, Source, Text, Ties
from ecosystem.scoring import Scores, score

CODES = tuple(f"x{at}" for at in range(6))
NAMES = tuple(f"r{at:02}" for at in range(12))


def index_of(
    codes: Sequence[str] = CODES, names: Sequence[str] = NAMES, *, method: str = "amean", local: bool = False
) -> Index:
    """Three levels: indicators of unequal weight, two pillars, a top."""
    rows = [_row(code, f"p{at % 2}", 1, (at + 1) / 21) for at, code in enumerate(codes)]
    rows += [_row(f"p{at}", "top", 2, sum(row.weight for row in rows if row.parent == f"p{at}")) for at in range(2)]
    rows.append(_row("top", None, 3, 1.0))
    text = Text("文", "text")
    return Index(
        id="small",
        title=text,
        unit_of_analysis=text,
        source=text,
        levels={"city": Level("city", tuple(names))},
        indicators=tuple(rows),
        normalisation=Normalisation("minmax", 70.0, 130.0) if method == "mpi" else Normalisation("minmax", 1.0, 100.0),
        aggregation=Aggregation(method, "local" if local else "global"),
        missing=Missing("skip", 0.5),
        ties=Ties("competition", 1e-9),
    )


def _row(code: str, parent: str | None, level: int, weight: float) -> Indicator:
    source = Source("column", code) if level == 1 else None
    return Indicator(code, parent, level, Text(code, code), 1, weight, "assumed", "", source)


def scores_of(folder: Path, index: Index, values: FloatArray | None = None) -> Scores:
    """The scores of the index on made-up values, through a table of values."""
    names, codes = index.level("city").regions, [leaf.code for leaf in index.leaves]
    if values is None:
        values = np.random.default_rng(3).lognormal(size=(len(names), len(codes)))
    table = folder / "values.csv"
    pd.DataFrame(values, columns=codes).assign(region=names).to_csv(table, index=False, float_format="%.17g")
    return score(index, values=table)
