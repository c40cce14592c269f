"""Values of the provinces: one integer program per pillar, the pillars still to come as plain scores beside it."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tools.twin.cities import backed, within_provinces, within_reach
from tools.twin.printed import OVERALL
from tools.twin.problem import Problem, Scale
from tools.twin.program import Linear, Program, total

HALF, HALF_OF_MEANS = 0.0049, 0.0042
"""Of the 0.005 that a printed score may be off; with means there must be room for rounding them to integer totals."""
STEP = 0.003
"""The least distance of two scores with different ranks."""
CLEAR = 0.2
"""The least distance of two normalised values of which the text says that one is higher."""
FIRST_PILLAR_COST, LATER_PILLAR_COST = 3.0, 20.0


@dataclass(slots=True)
class Settled:
    """What is decided: the pillar scores, and the values (a count, or the total behind a mean)."""

    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    amounts: dict[str, dict[str, int]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The variables of a pillar by indicator and region: `normalised` on 0 .. 100; `amounts`, a count or a total."""

    program: Program
    normalised: dict[str, dict[str, Linear]]
    amounts: dict[str, dict[str, Linear]]


def settle(problem: Problem, pillar: str, settled: Settled, seed: int, *, seconds: float) -> bool:
    """Decide the values of a pillar; False where none of the scales can be met.

    Two steps: the counts, with means as plain numbers; then, the counts fixed, each mean as an integer total over them.
    """
    for scales in problem.scalings(pillar):
        amounts: dict[str, dict[str, int]] = {}
        for _ in range(2 if any(scale.members for scale in scales.values()) else 1):
            cells = _cells(problem, settled, scales, amounts)
            _wishes(problem, cells, pillar, scales, seed)
            _index(problem, cells, pillar, settled)
            found = cells.program.solve(seconds=seconds)
            if found is None:
                break
            for code, values in cells.amounts.items():
                amounts[code] = {region: round(found(value)) for region, value in values.items()}
        else:
            settled.amounts |= amounts
            settled.scales |= scales
            settled.scores[pillar] = _scores(problem, scales, settled)
            return True
    return False


def _cells(
    problem: Problem, settled: Settled, scales: Mapping[str, Scale], known: Mapping[str, Mapping[str, int]]
) -> Cells:
    """The variables, and what holds of single indicators; `known` counts are constants."""
    cells = Cells(Program(), {}, {})
    for code, scale in scales.items():
        members = known.get(scale.members or "")
        cells.normalised[code] = {}
        if members is not None or scale.members is None:
            cells.amounts[code] = {}
        for region in problem.regions:
            if scale.members is None:
                amount = _count(cells.program, scale, region, least=0 if problem.above else 1)
                if code in known:
                    cells.program.hold(amount, low=known[code][region], high=known[code][region])
                value = scale.normalised(amount)
            elif members is None:
                value, amount = _mean(cells.program, scale, region, least=0 if problem.above else CLEAR), None
            else:
                amount = _total(cells.program, scale, region, members[region], whole=region in problem.tied(code))
                value = scale.normalised(amount * (1 / members[region])) if members[region] else Linear()
            cells.normalised[code][region] = value
            if amount is not None:
                cells.amounts[code][region] = amount
    _facts(problem, cells)
    _circle_ranks(problem, cells)
    _parts(problem, cells, scales, settled)
    if problem.above:
        within_provinces(problem, cells.program, scales, cells.amounts, cells.normalised, known)
        backed(problem, cells.program, cells.amounts, settled.amounts)
    return cells


def _count(program: Program, scale: Scale, region: str, *, least: int) -> Linear:
    """An integer count: 0 where nobody is, the ends of the scale where it says so, between them elsewhere."""
    if region in scale.absent:
        return program.variable(0, 0)
    if region == scale.highest:
        return program.variable(scale.top, scale.top)
    if region == scale.lowest:
        return program.variable(scale.bottom, scale.bottom)
    return program.variable(max(scale.bottom, least), scale.top - 1, integer=True)


def _mean(program: Program, scale: Scale, region: str, *, least: float) -> Linear:
    """A mean on the scale of 0 to 100; 0 where there is nobody."""
    if region in scale.absent or region == scale.lowest:
        return Linear()
    if region == scale.highest:
        return Linear({}, 100)
    return program.variable(least, 100 - CLEAR)


def _total(program: Program, scale: Scale, region: str, members: int, *, whole: bool) -> Linear:
    """The integer total behind a mean; with `whole` the mean is an integer too, so that sums of it can be equal."""
    if region == scale.highest:
        return Linear({}, scale.top * members)
    if region == scale.lowest or not members:
        return Linear({}, scale.bottom * members)
    if whole:
        return program.variable(scale.bottom + 1, scale.top - 1, integer=True) * members
    return program.variable(scale.bottom * members + 1, scale.top * members - 1, integer=True)


def _facts(problem: Problem, cells: Cells) -> None:
    facts, program, values, counts = problem.facts, cells.program, cells.normalised, cells.amounts
    for fact in facts["order"]:
        if fact["indicator"] in values:
            _order(program, values[fact["indicator"]], fact["regions"])
    for kind in ("within", "at"):
        for fact in facts[kind]:
            if fact["indicator"] in values:
                for region in fact["regions"]:
                    _place(program, values[fact["indicator"]], region, fact["place"], exact=kind == "at")
    for fact in facts["count"]:
        if fact["indicator"] in counts:
            number = _over(problem, counts[fact["indicator"]], fact)
            program.hold(number, low=fact["count"], high=fact.get("at_most", fact["count"]))
    for fact in facts["share"]:
        if fact["indicator"] in counts:
            part, whole = _over(problem, counts[fact["indicator"]], fact), _over(problem, counts[fact["indicator"]], {})
            program.hold(part - whole * ((fact["percent"] - HALF) / 100), low=0)
            program.hold(part - whole * ((fact["percent"] + HALF) / 100), high=0)


def _over(problem: Problem, counts: Mapping[str, Linear], fact: Mapping[str, Any]) -> Linear:
    return total(counts[region] for region in problem.over(fact))


def _order(program: Program, values: Mapping[str, Linear], leaders: Sequence[str]) -> None:
    for better, worse in itertools.pairwise(leaders):
        program.hold(values[better] - values[worse], low=CLEAR)
    for region, value in values.items():
        if region not in leaders:
            program.hold(values[leaders[-1]] - value, low=CLEAR)


def _place(program: Program, values: Mapping[str, Linear], region: str, place: int, *, exact: bool) -> None:
    above = []
    for other, value in values.items():
        if other == region:
            continue
        is_above = program.variable(0, 1, integer=True)
        above.append(is_above)
        program.hold(values[region] - value + is_above * 101, low=CLEAR)
        if exact:
            program.hold(value - values[region] + (is_above * -101 + 101), low=CLEAR)
    program.hold(total(above), low=place - 1 if exact else 0, high=place - 1)


def _circle_ranks(problem: Problem, cells: Cells) -> None:
    program, values = cells.program, cells.normalised
    for code, ranks in problem.printed.circle_ranks.items():
        if code not in values:
            continue
        sums = {circle: total(values[code][region] for region in problem.members(circle)) for circle in ranks}
        order = sorted(ranks, key=lambda circle: ranks[circle])
        for better, worse in itertools.pairwise(order):
            if ranks[better] == ranks[worse]:
                program.hold(sums[better] - sums[worse], low=0, high=0)
            else:
                program.hold(sums[better] - sums[worse], low=CLEAR)


def _parts(problem: Problem, cells: Cells, scales: Mapping[str, Scale], settled: Settled) -> None:
    """A part is no more than its whole, in this pillar or in one that is settled."""
    for code, scale in {**settled.scales, **scales}.items():
        whole = cells.amounts.get(scale.part_of or "")
        if whole is None:
            continue
        for region in problem.regions:
            part = cells.amounts[code][region] if code in scales else Linear({}, settled.amounts[code][region])
            cells.program.hold(whole[region] - part, low=0)


def _wishes(problem: Problem, cells: Cells, pillar: str, scales: Mapping[str, Scale], seed: int) -> None:
    """Draw every value to the share that its pillar score suggests, a little off at random."""
    rng = np.random.default_rng([seed, zlib.crc32(pillar.encode())])
    ideal, most = ideals(problem, pillar), 100 * problem.weight(pillar)
    for code, scale in scales.items():
        likely = {region: 100 * ideal[region] / most * rng.uniform(0.7, 1.4) for region in problem.regions}
        if scale.members is None:
            likely = _adding_up(problem, likely, scale)
        for region, value in likely.items():
            cells.program.draw(cells.normalised[code][region], min(value, 95.0), weight=problem.weight(code))


def _adding_up(problem: Problem, likely: Mapping[str, float], scale: Scale) -> dict[str, float]:
    """Normalised counts stretched so that they add up to the known counts, part by part, then the rest."""
    steps = 100 / (scale.top - scale.bottom)
    counts = {
        region: 0.0 if region in scale.absent else scale.bottom + value / steps for region, value in likely.items()
    }
    counts[scale.highest], done = float(scale.top), {scale.highest}
    facts = [fact for fact in problem.facts["count"] if fact["indicator"] == scale.code and "at_most" not in fact]
    for fact in sorted(facts, key=lambda fact: len(problem.over(fact))):
        free = [region for region in problem.over(fact) if region not in done]
        known = sum(counts[region] for region in problem.over(fact) if region in done)
        whole = sum(counts[region] for region in free)
        for region in free if whole else ():
            counts[region] *= max(fact["count"] - known, 0) / whole
        done.update(free)
    return {region: max(count - scale.bottom, 0) * steps for region, count in counts.items()}


def ideals(problem: Problem, pillar: str) -> dict[str, float]:
    """The printed scores; below the last of them scores that fall smoothly with the rank, to almost nothing.

    Where no score of the pillar is printed, the first has all points and the others fall off behind it.
    """
    scores, ranks, count = problem.printed.scores[pillar], problem.printed.ranks[pillar], len(problem.regions)
    if not scores:
        most = 100 * problem.weight(pillar)
        return {region: most * 0.5 * 0.88 ** (ranks.get(region, count) - 1) for region in problem.regions}
    last, least = max(ranks[region] for region in scores), min(scores.values())
    return {
        region: scores.get(region, least * ((count + 0.5 - ranks[region]) / (count - last)) ** 1.3)
        for region in problem.regions
    }


def _index(problem: Problem, cells: Cells, pillar: str, settled: Settled) -> None:
    """Hold pillar scores, overall scores, circles and ranks to what is printed."""
    program, pillars = cells.program, [part.code for part in problem.index.pillars]
    scores: dict[str, dict[str, Linear]] = {}
    for code in pillars:
        if code in settled.scores:
            scores[code] = {region: Linear({}, value) for region, value in settled.scores[code].items()}
            continue
        if code == pillar:
            scores[code] = _weighted(problem, cells.normalised)
        else:
            most = 100 * sum(problem.weight(leaf) for leaf in problem.leaves(code))
            scores[code] = {region: program.variable(0, most) for region in problem.regions}
            if problem.above:
                within_reach(problem, program, code, scores[code])
        for region, ideal in ideals(problem, code).items():
            program.draw(scores[code][region], ideal, weight=FIRST_PILLAR_COST if code == pillar else LATER_PILLAR_COST)
        exact = code == pillar and problem.only_counts(pillar)
        _meet(problem, program, code, scores[code], HALF if exact else HALF_OF_MEANS)
    scores[OVERALL] = {region: total(scores[code][region] for code in pillars) for region in problem.regions}
    _meet(problem, program, OVERALL, scores[OVERALL], HALF_OF_MEANS)


def _weighted(problem: Problem, normalised: Mapping[str, Mapping[str, Linear]]) -> dict[str, Linear]:
    return {
        region: total(values[region] * problem.weight(code) for code, values in normalised.items())
        for region in problem.regions
    }


def _meet(problem: Problem, program: Program, code: str, scores: Mapping[str, Linear], half: float) -> None:
    printed = problem.printed
    for region, score in printed.scores[code].items():
        program.hold(scores[region], low=score - half, high=score + half)
    for circle, score in printed.circles.get(code, {}).items():
        program.hold(total(scores[region] for region in problem.members(circle)), low=score - half, high=score + half)
    ranks = printed.ranks[code]
    order = sorted(ranks, key=lambda region: ranks[region])
    for better, worse in itertools.pairwise(order):
        tied = ranks[better] == ranks[worse]
        program.hold(scores[better] - scores[worse], low=0 if tied else STEP, high=0 if tied else 100)
    for region in scores.keys() - ranks.keys():
        program.hold(scores[order[-1]] - scores[region], low=STEP)


def _scores(problem: Problem, scales: Mapping[str, Scale], settled: Settled) -> dict[str, float]:
    scores = dict.fromkeys(problem.regions, 0.0)
    for code, scale in scales.items():
        for region in problem.regions:
            value: float = settled.amounts[code][region]
            if scale.members:
                count = settled.amounts[scale.members][region]
                value = value / count if count else scale.bottom
            scores[region] += problem.weight(code) * 100 * (value - scale.bottom) / (scale.top - scale.bottom)
    return scores
