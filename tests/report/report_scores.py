"""Scores for the tests of reports: a small index over a table whose regions have hostile names."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from ecosystem.index import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.scoring import Scores, score

HOSTILE = ("<script>alert(1)</script>", "</script>", '"><img src=x onerror=alert(2)>', "{{name}} & co")


def scored(folder: Path, *, empty: bool = False) -> Scores:
    """Scores of eight regions by four indicators, one value missing; `empty` has no region with a score."""
    regions = [*HOSTILE, "north", "south", "east", "west"]
    rows = [[name, place, place * place % 7, 10 - place, place**0.5] for place, name in enumerate(regions)]
    rows[3][2] = ""
    path = folder / "values.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["region", "a", "b", "c", "d"], *rows])
    write_folder(folder / "mine", draft_files(read_values(path), "mine"))
    scores = score(read_index(folder / "mine"), values=read_values(path))
    if not empty:
        return scores
    standing = scores.standing
    return replace(scores, standing=replace(standing, overall_rank=np.zeros_like(standing.overall_rank)))
