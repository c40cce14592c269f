"""Write twin.csv: `python -m tools.twin.solve [--seed 1] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ecosystem.index import Index, index_folder, load_index
from tools.twin.cities import city_problem
from tools.twin.printed import read_facts, read_printed
from tools.twin.problem import Problem, read_scales
from tools.twin.provinces import Settled, settle
from tools.twin.table import INVESTORS, by_region, shared, write_table

HERE = Path(__file__).parent
INDEX = "cingai-2023"
ORDER = (
    "linking_capability",
    "government_responsiveness",
    "international_openness",
    "academic_ecology",
    "capital_environment",
    "company_capability",
)
CITY_ORDER = (*ORDER[:3], "company_capability", "capital_environment", "academic_ecology")
"""The pillars that only whole counts make come first: the others, with means and amounts, make up for their steps.

Of cities the companies come before what has no company: they are the scarcest.
"""
ATTEMPTS, CITY_ATTEMPTS = 10, 8
"""Draws of the wishes that are tried: each settles pillars a little differently, and not every way leads to the end."""


COUNT_OF_INVESTORS = 5722
UNPLACED = {"alliance_count": 1, "conference_count": 1068, "policy_count": 7}
"""What table 1 counts and the printed shares do not: 967 - 966, 2318 - 1250, 775 - 768. They have no region."""


def main() -> None:
    """Solve, pillar by pillar, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20, help="at most, for each program")
    parser.add_argument("--out", type=Path, default=index_folder(INDEX) / "twin.csv")
    asked = parser.parse_args()
    begun = time.monotonic()
    index = load_index(INDEX)
    problem = province_problem(index)
    for attempt in range(ATTEMPTS):
        rows = _rows(problem, asked.seed + 1000 * attempt, asked.seconds, begun)
        if rows is not None:
            write_table(asked.out, index, rows | {"": UNPLACED})
            return
    sys.exit("no way was found")


def province_problem(index: Index) -> Problem:
    """What is given of the provinces."""
    printed = read_printed(index_folder(INDEX) / "published", index)
    return Problem(index, printed, read_facts(HERE / "facts.toml"), read_scales(HERE / "scales.toml"))


def _rows(problem: Problem, seed: int, seconds: float, begun: float) -> dict[str, dict[str, int]] | None:
    """The amounts of provinces and cities; None where these wishes lead to no end."""
    provinces = solved(problem, ORDER, seed, seconds, begun)
    if provinces is None:
        return None
    provinces.amounts[INVESTORS] = shared(COUNT_OF_INVESTORS, provinces.amounts["financing_links"])
    facts, scales = read_facts(HERE / "city_facts.toml"), read_scales(HERE / "city_scales.toml")
    below = city_problem(problem, facts, scales, provinces.amounts)
    for attempt in range(CITY_ATTEMPTS):
        cities = solved(below, CITY_ORDER, seed + attempt, seconds, begun)
        if cities is not None:
            return by_region(provinces.amounts, problem.regions) | by_region(cities.amounts, below.regions)
    return None


def solved(problem: Problem, order: Sequence[str], seed: int, seconds: float, begun: float) -> Settled | None:
    """The values of all pillars, one after another; None where one cannot be met."""
    settled = Settled()
    for pillar in order:
        met = settle(problem, pillar, settled, seed, seconds=seconds)
        words = f"{problem.level}: {pillar}: {'met' if met else 'cannot be met'}"
        sys.stderr.write(f"{time.monotonic() - begun:6.1f} s  {words}\n")
        if not met:
            return None
    return settled


if __name__ == "__main__":
    main()
