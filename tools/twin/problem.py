"""What is known before a pillar is calibrated: the index, the printed figures, the facts, and the scales tried."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from ecosystem.index import Index
from tools.twin.printed import Printed
from tools.twin.program import Linear

Facts = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of an indicator; a mean has `members`, and regions without any are `absent`."""

    code: str
    bottom: int
    top: int
    highest: str
    lowest: str | None
    absent: frozenset[str]
    members: str | None
    part_of: str | None

    def normalised(self, value: Linear) -> Linear:
        """A value on the scale of 0 to 100."""
        return (value - self.bottom) * (100 / (self.top - self.bottom))


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that is given; `above` are the amounts of the provinces, where their cities are to be calibrated."""

    index: Index
    printed: Printed
    facts: Facts
    scales: Mapping[str, Mapping[str, Any]]
    level: str = "province"
    above: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the level."""
        return self.index.levels[self.level].regions

    def members(self, region: str) -> tuple[str, ...]:
        """The provinces of a circle, or the province itself."""
        for group in self.index.levels["province"].groups:
            if group.id == region:
                return group.members
        return (region,)

    def over(self, fact: Mapping[str, Any]) -> tuple[str, ...]:
        """The provinces that a fact is about; all of them where it names none."""
        names = fact.get("regions", self.regions)
        return tuple(region for name in names for region in self.members(name))

    def leaves(self, pillar: str) -> tuple[str, ...]:
        """The indicators of a pillar, in the order of the index."""
        parents = {part.code: part.parent for part in self.index.indicators}
        return tuple(leaf.code for leaf in self.index.leaves if parents[parents[leaf.code] or ""] == pillar)

    def weight(self, code: str) -> float:
        """The weight of a part of the index."""
        return next(part.weight for part in self.index.indicators if part.code == code)

    def only_counts(self, pillar: str) -> bool:
        """True where no indicator of the pillar is a mean."""
        return all(self.scales[code]["kind"] == "count" for code in self.leaves(pillar))

    def tied(self, code: str) -> frozenset[str]:
        """The provinces of circles that share a rank in an indicator."""
        ranks = list(self.printed.circle_ranks.get(code, {}).items())
        circles = [circle for circle, rank in ranks if [each for _, each in ranks].count(rank) > 1]
        return frozenset(region for circle in circles for region in self.members(circle))

    def scalings(self, pillar: str) -> Iterator[dict[str, Scale]]:
        """Every choice of scales for the indicators of a pillar, the likeliest first."""
        codes = self.leaves(pillar)
        ranges = [list(product(self.scales[code]["bottom"], self.scales[code]["top"])) for code in codes]
        for chosen in product(*ranges):
            yield {code: self._scale(code, *each) for code, each in zip(codes, chosen, strict=True)}

    def _scale(self, code: str, bottom: int, top: int) -> Scale:
        entry = self.scales[code]
        members = entry.get("members")
        absent = self.scales[members].get("absent", []) if members else entry.get("absent", [])
        return Scale(
            code, bottom, top, entry["highest"], entry.get("lowest"), frozenset(absent), members, entry.get("part_of")
        )


def read_scales(path: Path) -> dict[str, dict[str, Any]]:
    """The table of scales: indicator -> its entry."""
    with path.open("rb") as file:
        return tomllib.load(file)
