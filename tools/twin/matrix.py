"""The matrix of a twin: printed figures and facts as rows of a program over scores from 0 to 1, and what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.twin.elastic import Floats, Program
from tools.twin.system import Entry, Scale, System

CLOSE = 0.95
"""The share of half a printed unit that the program uses: the rest is for rounding to whole numbers."""
MARGIN = 1.2e-5
ROUGH = 0.02
"""How far the quotient of two counts may be off what was sought."""
SCALE = 25.0
FEW = 1e-4


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cell of a region and an indicator stands among the variables."""

    system: System

    def __call__(self, region: str, code: str) -> int:
        """The number of a cell."""
        return self.system.regions.index(region) * len(self.system.leaves) + self.system.leaves.index(code)

    def row(self, region: str) -> np.ndarray:
        """All cells of a region."""
        width = len(self.system.leaves)
        return self.system.regions.index(region) * width + np.arange(width)


def wishes(system: System, seed: int) -> Floats:
    """What each cell would be if nothing else were asked: the strength of its region, more or less."""
    rng = np.random.default_rng(seed)
    top = next(part.code for part in system.index.indicators if part.parent is None)
    printed = {each.region: each.value for each in system.printed if each.code == top and each.shows == "score"}
    best = max(printed.values(), default=1.0)
    ranks = {each.region: each.value for each in system.printed if each.code == top and each.shows == "rank"}
    low = min(printed.values(), default=1.0) / best
    rest = [region for region in system.regions if region not in printed]
    order = sorted(rest, key=lambda region: (ranks.get(region, 1e9), rng.random()))
    strength = {region: value / best for region, value in printed.items()}
    strength |= {region: low * 0.9 * np.exp(-1.6 * place / max(len(order), 1)) for place, region in enumerate(order)}
    wish = np.empty((len(system.regions), len(system.leaves)))
    for column, code in enumerate(system.leaves):
        scale = system.scales[code]
        power = np.array([strength[region] for region in system.regions]) ** scale.power
        wish[:, column] = np.clip(scale.level * power * rng.lognormal(0, scale.noise, len(power)), 0, 0.97)
    return wish


def program_of(system: System, fixed: Mapping[int, float]) -> Program:
    """Everything that is known of a system; `fixed` cells are settled."""
    cells, size = Cells(system), len(system.regions) * len(system.leaves)
    program = Program(size, np.zeros(size), np.ones(size), np.zeros(size))
    for number, value in fixed.items():
        program.low[number] = program.high[number] = value
    free = {number for number in range(size) if number not in fixed}
    _ends(system, cells, program, free)
    _facts(system, cells, program, free)
    _scores(system, cells, program)
    _orders(system, cells, program)
    return program


def _ends(system: System, cells: Cells, program: Program, free: set[int]) -> None:
    for code, scale in system.scales.items():
        printed = system.exact(code)
        unit = scale.step / abs(scale.span) or 1e-6
        for region in system.regions:
            cell = cells(region, code)
            if cell not in free:
                continue
            at = 1.0 if region == scale.best else 0.0 if region == system.floor else None
            if at is not None:
                program.low[cell] = program.high[cell] = at
            else:
                program.high[cell] = 1 - unit
            if scale.whole and region in printed and at is None:
                program.whole[cell] = unit
        if scale.have is not None and not (scale.whole and scale.span / scale.step < 3):
            _haves(system, cells, program, code, scale, unit, free)
        elif scale.have is not None:
            others = [cells(region, code) for region in system.regions if region in printed]
            program.hold(others, [scale.span] * len(others), scale.have + 2, scale.have + 2)
            for region in system.regions:
                if region not in printed and cells(region, code) in free:
                    program.high[cells(region, code)] = 0.0


def _haves(
    system: System, cells: Cells, program: Program, code: str, scale: Scale, unit: float, free: set[int]
) -> None:
    """The strongest have at least one, the others none."""
    wish = wishes(system, 1)[:, system.leaves.index(code)]
    named = {
        region
        for each in system.facts.get("value", ())
        if each["code"] == code
        for region, raw in each["regions"].items()
        if raw
    }
    order = sorted(range(len(wish)), key=lambda row: (system.regions[row] not in named, -wish[row]))
    for place, row in enumerate(order):
        cell = cells(system.regions[row], code)
        if cell in free and system.regions[row] != system.floor:
            if place < (scale.have or 0):
                program.low[cell] = max(program.low[cell], unit)
            else:
                program.high[cell] = 0.0


def _facts(system: System, cells: Cells, program: Program, free: set[int]) -> None:
    for each in system.facts.get("value", ()):
        for region, raw in each["regions"].items():
            cell = cells(region, each["code"])
            if cell in free:
                program.low[cell] = program.high[cell] = _score(system, each["code"], raw)
                program.whole.pop(cell, None)
    for each in system.facts.get("bound", ()):
        _bound(system, cells, program, each, free)
    for each in system.facts.get("sum", ()):
        _sum(system, cells, program, each)
    for each in system.facts.get("equal", ()):
        codes = [each["whole"], *each["parts"]]
        spans = [system.scales[code].span for code in codes]
        factors = [span / spans[0] * (1 if place == 0 else -1) for place, span in enumerate(spans)]
        for region in system.regions:
            columns = [cells(region, code) for code in codes]
            if not free.isdisjoint(columns):
                program.hold(columns, factors, 0, 0)
    for each in system.facts.get("part", ()):
        part, whole = system.scales[each["part"]], system.scales[each["whole"]]
        factor = each.get("factor", 1.0) * whole.span / part.span
        for region in system.regions:
            columns = [cells(region, each["part"]), cells(region, each["whole"])]
            if not free.isdisjoint(columns):
                program.hold(columns, [1.0, -factor], -np.inf, 0)


def _score(system: System, code: str, raw: float) -> float:
    scale = system.scales[code]
    return (raw - scale.bottom) / scale.span


def _named(system: System, code: str) -> set[str]:
    """The regions of which a fact says something by name."""
    found: set[str] = set()
    for kind in ("value", "order", "bound"):
        for each in system.facts.get(kind, ()):
            if each["code"] == code and each.get("regions", "all") != "all":
                found.update(each["regions"])
    return found


def _bound(system: System, cells: Cells, program: Program, each: Entry, free: set[int]) -> None:
    """Between two ends; the regions that no fact names at most so much."""
    code = each["code"]
    best = system.scales[code].best
    listed: Iterable[str] = each.get("regions", ())
    for region in system.regions if listed == "all" else listed:
        cell = cells(region, code)
        if cell in free and region not in (system.floor, best):
            program.low[cell] = max(program.low[cell], _score(system, code, each["low"]) if "low" in each else 0.0)
            program.high[cell] = min(program.high[cell], _score(system, code, each["high"]) if "high" in each else 1.0)
    if "most_others" in each:
        named = _named(system, code)
        for region in system.regions:
            cell = cells(region, code)
            if cell in free and region not in named and region != best:
                program.high[cell] = min(program.high[cell], _score(system, code, each["most_others"]))


def _sum(system: System, cells: Cells, program: Program, each: Entry) -> None:
    code, regions = each["code"], each.get("regions", system.regions)
    scale = system.scales[code]
    # in the scores of one region, so that a row is neither huge nor tiny
    factor, offset = 1.0, scale.bottom / scale.span * len(regions)
    program.hold(
        [cells(region, code) for region in regions],
        [factor] * len(regions),
        each.get("low", -np.inf) / scale.span - offset,
        each.get("high", np.inf) / scale.span - offset,
        f"sum {code}",
    )


def _scores(system: System, cells: Cells, program: Program) -> None:
    bests: dict[str, str] = {
        each.code: each.region for each in system.printed if each.shows == "rank" and each.value == 1
    }
    for each in system.printed:
        if each.shows != "score":
            continue
        weights = system.coefficients(each.code)
        used = np.flatnonzero(weights)
        here = cells.row(each.region)[used]
        name = f"{each.table.file} {each.code} {each.region} {each.value}"
        half = each.half * CLOSE
        if system.relative:
            if bests[each.code] == each.region:
                continue
            best = cells.row(bests[each.code])[used]
            columns, plain = np.concatenate([here, best]), weights[used] * SCALE
            for sign, at in ((1.0, each.value + half), (-1.0, each.value - half)):
                factors = np.concatenate([plain, -at * plain]) * sign
                program.hold(columns, factors, -np.inf, 0.0, name)
        else:
            unit = weights.sum()
            program.hold(here, weights[used] / unit, (each.value - half) / unit, (each.value + half) / unit, name)


def _orders(system: System, cells: Cells, program: Program) -> None:
    for code, regions, closed in system.orders():
        weights = system.coefficients(code)
        unit = weights.sum()
        used = np.flatnonzero(weights)
        leaf = system.scales.get(code)
        margin = max(1.6 * leaf.step / abs(leaf.span), FEW) if leaf else _margin(system, code)
        below = [region for region in system.regions if region not in regions] if closed else []
        pairs = [*pairwise(regions), *((regions[-1], region) for region in below)]
        for better, worse in pairs:
            columns = np.concatenate([cells.row(better)[used], cells.row(worse)[used]])
            factors = np.concatenate([weights[used], -weights[used]]) / unit
            program.hold(columns, factors, margin, np.inf, f"order {code}: {better} > {worse}")


def _margin(system: System, code: str) -> float:
    """How far apart two parts have to be that rounding to whole numbers does not turn them."""
    weights = system.coefficients(code)
    parts = [
        weight / weights.sum() * (system.scales[leaf].step / abs(system.scales[leaf].span) or ROUGH)
        for leaf, weight in zip(system.leaves, weights, strict=True)
        if weight and system.scales[leaf].early and not system.scales[leaf].whole
    ]
    return MARGIN + 0.8 * sum(parts) if not _loose(system, weights) else MARGIN


def _loose(system: System, weights: Floats) -> bool:
    """Whether a part has an indicator that is settled last, and so makes up for rounding."""
    return any(
        weight and not (system.scales[leaf].early or system.scales[leaf].whole)
        for leaf, weight in zip(system.leaves, weights, strict=True)
    )
