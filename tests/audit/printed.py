"""A small index whose source printed two tables: four regions, two indicators, scores that are worked out by hand."""

from __future__ import annotations

from pathlib import Path

from tables import write_csv

from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder

VALUES = [("region", "firms", "papers"), ("r1", 10, 4), ("r2", 40, 1), ("r3", 30, 9), ("r4", 25, 6)]
SCORES = {"r1": 18.75, "r2": 50.0, "r3": 250 / 3, "r4": 56.25}
"""Half of firms (0, 1, 2/3, 1/2) and half of papers (3/8, 0, 1, 5/8), in per cent."""

MANIFEST = """
[[table]]
file = "total.csv"
title = { zh = "总分", en = "totals" }
place = { zh = "表 1", en = "table 1" }
level = "region"
scores = { score = "index" }
ranks = { rank = "index" }

[[table]]
file = "firms.csv"
title = { zh = "企业", en = "firms" }
place = { zh = "表 2", en = "table 2" }
level = "region"
code_column = "code"
scores = { score = "" }
aliases = { companies = "firms" }
best = 1.0

[[table]]
file = "notes.csv"
title = { zh = "说明", en = "notes" }
place = { zh = "表 3", en = "table 3" }
not_compared = { zh = "不是得分", en = "not scores" }
"""
TOTAL = [("rank", "region", "score"), (1, "r3", 80), (2, "r2", 60), (3, "r4", 56.25), (4, "r9", 20)]
FIRMS = [("code", "region", "score"), ("companies", "r2", 1), ("companies", "r3", 0.9)]


def printed_index(folder: Path) -> Path:
    """The folder of the index, beside it `values.csv`."""
    values = read_values(write_csv(folder / "values.csv", VALUES))
    write_folder(folder / "mine", draft_files(values, "mine"))
    published = folder / "mine" / "published"
    published.mkdir()
    (published / "tables.toml").write_text(MANIFEST, encoding="utf-8")
    write_csv(published / "total.csv", TOTAL)
    write_csv(published / "firms.csv", FIRMS)
    write_csv(published / "notes.csv", [("note",), ("x",)])
    return folder / "mine"
