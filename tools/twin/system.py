"""What is known of an index before its twin is calibrated: printed scores and ranks, and sentences of its report."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from ecosystem.index import Index, index_folder, load_index
from ecosystem.published.published import PublishedNumber, read_published

HERE = Path(__file__).parent / "systems"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of an indicator. `top` scores best, and `best` has it; `step` is the unit of what is counted, 0 where
    nothing is; `have` is the number of regions that have any."""

    top: float
    bottom: float = 0.0
    step: float = 1.0
    decimals: int = 2
    best: str | None = None
    have: int | None = None
    whole: bool = False
    early: bool = False
    level: float = 1.0
    power: float = 1.0
    noise: float = 0.35

    @property
    def span(self) -> float:
        """How far top and bottom are apart; negative where less is better."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class System:
    """An index, the level that is calibrated, its scales, what its report says of them, and what it printed."""

    index: Index
    level: str
    floor: str | None
    scales: Mapping[str, Scale]
    facts: Mapping[str, Sequence[Entry]]
    printed: Sequence[PublishedNumber]
    ranges: Sequence[tuple[str, str, int, int]] = field(default=())

    @property
    def regions(self) -> tuple[str, ...]:
        """The ranked regions."""
        return self.index.levels[self.level].regions

    @property
    def leaves(self) -> tuple[str, ...]:
        """The codes of the indicators."""
        return tuple(leaf.code for leaf in self.index.leaves)

    @property
    def relative(self) -> bool:
        """Whether a printed score is a share of the best one."""
        return any(each.table.best is not None for each in self.printed) or bool(self.facts.get("relative"))

    def exact(self, code: str) -> set[str]:
        """The regions of which a pillar over an indicator is printed as a score."""
        top = next(part.code for part in self.index.indicators if part.parent is None)
        return {
            each.region
            for each in self.printed
            if each.shows == "score" and each.code != top and self.coefficients(each.code)[self.leaves.index(code)]
        }

    def coefficients(self, code: str) -> np.ndarray:
        """How much each indicator, from 0 to 1, adds to the score of a part before any last step."""
        of = {part.code: part for part in self.index.indicators}
        local = self.index.aggregation.weights == "local"
        low, high = self.index.normalisation.lower, self.index.normalisation.upper
        siblings: dict[str | None, float] = defaultdict(float)
        for part in self.index.indicators:
            siblings[part.parent] += part.weight
        found = np.zeros(len(self.leaves))
        for place, leaf in enumerate(self.leaves):
            factor, at = (1.0 if local else of[leaf].weight), of[leaf]
            while at.code != code and at.parent is not None:
                factor *= at.weight / siblings[at.parent] if local else 1.0
                at = of[at.parent]
            found[place] = factor * (high - low) if at.code == code else 0.0
        return found

    def orders(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """Code, regions from the best down, and whether all the others are below them."""
        dropped = {
            (each["file"], each["code"], region)
            for each in self.facts.get("given_up", ())
            for region in each["regions"]
        }
        ranks: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for each in self.printed:
            if each.shows == "rank" and (each.table.file, each.code, each.region) not in dropped:
                ranks[each.code][each.region] = (int(each.value), int(each.value))
        for code, region, first, last in self.ranges:
            if ("text_dimension_ranks.csv", code, region) not in dropped:
                ranks[code].setdefault(region, (first, last))
        prior = self._prior(ranks)
        for code, places in ranks.items():
            exact = sorted((first, region) for region, (first, last) in places.items() if first == last)
            if len(exact) == len(places) and [first for first, _ in exact] == list(range(1, len(exact) + 1)):
                yield code, tuple(region for _, region in exact), True
            else:
                yield code, self._completed(places, prior), True
        for fact in self.facts.get("order", ()):
            yield fact["code"], tuple(fact["regions"]), not fact.get("open", False)

    def _prior(self, ranks: Mapping[str, Mapping[str, tuple[int, int]]]) -> dict[str, int]:
        top = next(part.code for part in self.index.indicators if part.parent is None)
        return {region: first for region, (first, _) in ranks.get(top, {}).items()}

    def _completed(self, places: Mapping[str, tuple[int, int]], prior: Mapping[str, int]) -> tuple[str, ...]:
        """Every region in an order that keeps to the places, and elsewhere follows the order of the total."""
        size = len(self.regions)
        cost = np.empty((size, size))
        for row, region in enumerate(self.regions):
            first, last = places.get(region, (1, size))
            place = np.arange(1, size + 1)
            cost[row] = np.abs(place - prior.get(region, size)) ** 1.5
            cost[row][(place < first) | (place > last)] = 1e6
        _, taken = linear_sum_assignment(cost)
        return tuple(self.regions[row] for row in np.argsort(taken))


def read_system(name: str) -> System:
    """The system of an index."""
    index, folder = load_index(name), index_folder(name)
    with (HERE / f"{name}.toml").open("rb") as file:
        facts = tomllib.load(file)
    scales = {code: Scale(**entry) for code, entry in facts.pop("indicator").items()}
    aside = facts.pop("aside", [])
    level, floor = facts.pop("level"), facts.pop("floor", None)
    return System(
        index,
        level,
        floor,
        scales,
        facts,
        [
            each
            for each in read_published(index, folder).numbers
            if each.level == level and each.shows in ("score", "rank") and each.table.file not in aside
        ],
        list(_ranges(folder / "published" / "text_dimension_ranks.csv")),
    )


def _ranges(path: Path) -> Iterator[tuple[str, str, int, int]]:
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield row["code"], row["region"], int(row["rank_from"]), int(row["rank_to"])
