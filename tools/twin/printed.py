"""What the report printed of the provinces and circles, as targets of the calibration."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ecosystem.index import Index

OVERALL = "competitiveness"
YEAR = "2023"


@dataclass(frozen=True, slots=True)
class Printed:
    """Scores and ranks by code of the index, then region; `circle_ranks` by indicator."""

    scores: Mapping[str, Mapping[str, float]]
    ranks: Mapping[str, Mapping[str, int]]
    circles: Mapping[str, Mapping[str, float]]
    circle_ranks: Mapping[str, Mapping[str, int]]
    city_scores: Mapping[str, float]
    city_ranks: Mapping[str, Mapping[str, int]]


def read_printed(folder: Path, index: Index) -> Printed:
    """The printed tables of an index folder, with the ranks of the one province that the report leaves out."""
    pillars = [OVERALL, *(part.code for part in index.at(3))]
    table, circles = _rows(folder / "table_04_provinces.csv"), _rows(folder / "table_05_circles.csv")
    ranks = {code: {row["region"]: int(row[f"{_column(code)}_{YEAR}"]) for row in table} for code in pillars}
    cities = _rows(folder / "table_13_cities.csv")
    text = _rows(folder / "text_scores.csv")
    return Printed(
        scores={code: _scores(text, "province", _column(code)) for code in pillars},
        ranks={code: _completed(each, index.levels["province"].regions) for code, each in ranks.items()},
        circles={code: {row["region"]: float(row[f"{_column(code)}_score"]) for row in circles} for code in pillars},
        circle_ranks=_circle_ranks(folder),
        city_scores=_scores(text, "city", _column(OVERALL)),
        city_ranks={code: {row["region"]: int(row[_column(code)]) for row in cities} for code in pillars},
    )


def read_facts(path: Path) -> dict[str, list[dict[str, object]]]:
    """The sentences of the report as constraints: kind -> entries, in the order of the file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def _column(code: str) -> str:
    return "overall" if code == OVERALL else code


def _scores(rows: list[dict[str, str]], level: str, column: str) -> dict[str, float]:
    return {row["region"]: float(row["score"]) for row in rows if (row["level"], row["code"]) == (level, column)}


def _completed(ranks: dict[str, int], regions: tuple[str, ...]) -> dict[str, int]:
    """Ranks with that of the province which is not listed: the one place that the others leave free.

    The printed ranks are competition ranks, so equal ranks take up the places behind them.
    """
    (absent,) = set(regions) - set(ranks)
    taken: set[int] = set()
    for rank in sorted(ranks.values()):
        taken.add(next(place for place in range(rank, len(regions) + 1) if place not in taken))
    (free,) = set(range(1, len(regions) + 1)) - taken
    return ranks | {absent: free}


def _circle_ranks(folder: Path) -> dict[str, dict[str, int]]:
    columns = {
        "jing_jin_ji": "group:jing-jin-ji",
        "yangtze_delta": "group:yangtze-delta",
        "pearl_delta": "group:pearl-delta",
        "chuan_yu": "group:chuan-yu",
    }
    rows = _rows(folder / "tables_06_12_circle_ranks.csv")
    return {row["code"]: {circle: int(row[column]) for column, circle in columns.items()} for row in rows}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
