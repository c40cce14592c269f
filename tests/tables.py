"""Tables and workbooks that tests write: plain ones, and a small one in the form of the COIN Tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from ecosystem.regions import shipped_regions


def write_csv(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[object]], merged: str | None = None) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def write_places(path: Path) -> Path:
    """A place for each province of the shipped hierarchy, made up: a grid of two degrees."""
    provinces = [region.id for region in shipped_regions() if region.level == "province"]
    places = [[region, 90 + at % 6 * 2, 20 + at // 6 * 2] for at, region in enumerate(provinces)]
    return write_csv(path, [["region", "longitude", "latitude"], *places])


def coin_tool(path: Path) -> Path:
    """Four indicators in two pillars, the levels of sub-pillars and sub-indices unused, five units."""
    book = Workbook()
    base = book.worksheets[0]
    base.title = "Database"
    columns: list[tuple[object, ...]] = [
        # weight, direction, lower, upper, index, sub-index, pillar, sub-pillar, name, code
        (1, 1, 0, 10, "Index", "si.01", "p.01", "sp.01", "Firms", "ind.01"),
        (2, -1, 0, 10, "Index", "si.01", "p.01", "sp.01", "Dropouts", "ind.02"),
        (1, 1, 0, 10, "Index", "si.01", "p.02", "sp.01", "Patents", "ind.03"),
        (1, 1, 0, 10, "Index", "si.01", "p.02", "sp.01", "Papers", "ind.04"),
    ]
    for at, cells in enumerate(columns, start=5):
        for row, cell in enumerate(cells, start=7):
            base.cell(row, at, cell)
    values: list[tuple[object, ...]] = [(1, 9, 3, 4), (2, 8, "n/a", 1), (5, 5, 2, 2), (7, 1, 8, 3), (9, 4, 6, 9)]
    for row, cells in enumerate(values, start=17):
        base.cell(row, 2, f"Unit {row - 16}")
        base.cell(row, 3, f"U{row - 16}")
        for at, value in enumerate(cells, start=5):
            base.cell(row, at, value)
    frame = book.create_sheet("Framework")
    for row, (code, weight, name) in enumerate(
        [
            ("Dimension/indicator", "Weight", "Name"),
            ("p.01", 3, "Economy"),
            ("p.02", 1, "Science"),
            ("Index", 1, "All"),
        ],
        start=4,
    ):
        frame.cell(row, 3, code)
        frame.cell(row, 5, weight)
        frame.cell(row, 8, name)
    book.save(path)
    return path
