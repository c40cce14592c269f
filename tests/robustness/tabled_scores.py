"""Scores of an index in memory from a table written for the test."""

from __future__ import annotations

import csv
from math import isnan
from pathlib import Path

from ecosystem import score
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Index
from ecosystem.scoring import Scores


def tabled_scores(folder: Path, index: Index, values: FloatArray, name: str = "values.csv") -> Scores:
    """The scores of values (R, K) with the index's regions as rows; NaN is written as a blank."""
    codes = [leaf.code for leaf in index.leaves]
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["region", *codes])
        for region, row in zip(index.level("province").regions, values.tolist(), strict=True):
            writer.writerow([region, *("" if isnan(cell) else repr(cell) for cell in row)])
    return score(index, values=folder / name)
