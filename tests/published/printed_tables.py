"""The printed tables as the project holds them, and regions by the short names that the reports use."""

from __future__ import annotations

import csv

from ecosystem.resources import resource

Rows = list[dict[str, str]]


def rows(index: str, table: str) -> Rows:
    """The rows of `data/indices/<index>/published/<table>.csv`, as text."""
    path = resource("data", "indices", index, "published", f"{table}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ranked(table: Rows, rank: str = "rank") -> list[str]:
    """The Chinese names of the regions of a table in the order of a rank."""
    return [row["region_zh"] for row in sorted(table, key=lambda row: int(row[rank]))]


def rounds_to(value: float, printed: str) -> bool:
    """Whether a value gives these printed digits, whichever way a tie is rounded."""
    decimals = len(printed.partition(".")[2])
    return abs(value - float(printed)) <= 0.5 * 10.0**-decimals + 1e-9


def counts(percent: str, whole: int) -> list[int]:
    """The numbers of a whole that have this printed share."""
    near = int(whole * float(percent) / 100)
    return [count for count in (near - 1, near, near + 1, near + 2) if rounds_to(100 * count / whole, percent)]
