"""Write the values of the twin of a system that prints little: `python -m tools.twin.small_systems aitisa-2021`.

The scores of a region are linear in its normalised values, so a linear program finds values that keep to the printed
scores, ranks and figures and stay close to what is drawn; what contradicts gives way and is said. Counts are then made
whole, and the columns that are not counts are solved once more.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array, hstack, vstack

from ecosystem.index import Index, index_folder, load_index
from ecosystem.published.published import PublishedNumber, read_published

Floats = NDArray[np.float64]
HERE = Path(__file__).parent / "systems"
PENALTY = 600.0
"""What a printed figure costs that gives way, beside 1 for a cell that is as far as can be from what was drawn."""
APART = 0.12
"""Points by which a region of a better rank leads, at least."""
SECONDS = 200
"""The time that a program may take."""
CLOSE, NEARLY = 0.7, 0.95
"""The share of half a printed digit that the program may use of a score, and of a value."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of an indicator: `best` has `top`, `worst` has `bottom`; counts have a `step`, 0 where nothing
    is; `fine` ones are so many that a unit moves no published digit, and are solved with what is not counted."""

    top: float
    bottom: float = 0.0
    step: float = 1.0
    best: str = ""
    worst: str = ""
    fine: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What is printed: ends of the values of a region and indicator and of the scores of a region and part, and orders.

    `orders` gives by part all regions from the best down, `ranks` the range of ranks of those that are published.
    """

    values: Mapping[tuple[str, str], tuple[float, float]]
    scores: Mapping[tuple[str, str], tuple[float, float]]
    orders: Mapping[str, Sequence[str]]
    ranks: Mapping[str, Mapping[str, tuple[int, int]]]


class Program:
    """A linear program whose rows may give way at a price; `whole` variables are whole numbers of steps."""

    def __init__(self, wish: Floats) -> None:
        self.wish, self.rows, self.names = wish.ravel(), list[tuple[Floats, float, float]](), list[str]()
        self.low, self.high = np.zeros(wish.size), np.ones(wish.size)
        self.whole: dict[int, float] = {}

    def keep(self, name: str, row: Floats, low: float, high: float) -> None:
        """A sum that is to lie between two ends."""
        self.rows.append((row, low, high))
        self.names.append(name)

    def solve(self) -> tuple[Floats, list[str]]:
        """The cells, and the rows that gave way with how much."""
        size, count = len(self.wish), len(self.rows)
        matrix = csr_array(np.array([row for row, _, _ in self.rows]))
        eye, none = csr_array(np.eye(size)), csr_array((size, 2 * count))
        give = csr_array(np.hstack([np.eye(count), -np.eye(count)]))
        cells = [cell for cell in self.whole if self.low[cell] < self.high[cell]]
        steps = csr_array(
            ([self.whole[cell] for cell in cells], (range(len(cells)), range(len(cells)))), shape=(len(cells),) * 2
        )
        chosen = csr_array(([1.0] * len(cells), (range(len(cells)), cells)), shape=(len(cells), size))
        far = vstack([hstack([eye, -eye, none]), hstack([-eye, -eye, none])])
        kept = hstack([matrix, csr_array((count, size)), give])
        blank = csr_array((far.shape[0], len(cells)))
        ends = np.array([(low, high) for _, low, high in self.rows])
        rest = size + 2 * count + len(cells)
        price = np.concatenate([np.zeros(size), np.ones(size), np.full(2 * count, PENALTY), np.zeros(len(cells))])
        upper = np.concatenate([self.high, np.full(rest, np.inf)])
        lower = np.concatenate([self.low, np.zeros(rest)])
        counted = hstack([chosen, csr_array((len(cells), size + 2 * count)), -steps])
        found = milp(
            price,
            constraints=[
                LinearConstraint(hstack([far, blank]).tocsr(), -np.inf, np.concatenate([self.wish, -self.wish])),
                LinearConstraint(hstack([kept, csr_array((count, len(cells)))]).tocsr(), ends[:, 0], ends[:, 1]),
                LinearConstraint(counted.tocsr(), 0, 0),
            ],
            bounds=Bounds(lower, upper),
            integrality=np.concatenate([np.zeros(size + size + 2 * count), np.ones(len(cells))]),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.01},
        )
        if found.x is None:
            raise SystemExit(f"no solution: {found.message}")
        slack = found.x[2 * size : 2 * size + 2 * count]
        moved = slack[:count] + slack[count:]
        return found.x[:size], [f"{self.names[at]}: {moved[at]:.3g}" for at in np.flatnonzero(moved > 1e-7)]


def main() -> None:
    """Calibrate one system and write its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    index = load_index(asked.index)
    facts = tomllib.loads((HERE / f"{asked.index}.toml").read_text(encoding="utf-8"))
    regions, raw = calibrate(index, facts, asked.seed)
    names = [str(leaf.source and leaf.source.name).partition("(")[0] for leaf in index.leaves]
    with (index_folder(asked.index) / "twin.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["region", *names])
        for region, values in zip(regions, raw, strict=True):
            writer.writerow([region, *(f"{value:.10g}" for value in values)])


def calibrate(index: Index, facts: Mapping[str, Any], seed: int) -> tuple[Sequence[str], Floats]:
    """The regions and their values in units, regions down and indicators across."""
    level = facts["level"]
    regions = index.levels[level].regions
    said = said_of(index, regions, read_published(index, index_folder(index.id)).numbers, facts)
    scales = _scales(index, facts)
    wish = _wishes(index, said, regions, seed)
    counts = np.array([scale.step >= 1 and not scale.fine for scale in scales])
    first, gave = _program(index, said, regions, scales, wish, None).solve()
    _tell("all cells", gave)
    raw = _raw(first.reshape(wish.shape), scales)
    fixed = np.where(counts[None, :], _normal(raw, scales), np.nan)
    second, gave = _program(index, said, regions, scales, wish, fixed).solve()
    _tell("with whole counts", gave)
    again = _raw(second.reshape(wish.shape), scales)
    return regions, np.where(counts[None, :], raw, again)


def said_of(index: Index, regions: Sequence[str], numbers: Sequence[PublishedNumber], facts: Mapping[str, Any]) -> Said:
    """What the published tables say; figures under `given_up` are left out, since others contradict them."""
    left = {(one["shows"], one["code"], one["region"]) for one in facts.get("given_up", ())}
    values, scores = dict[tuple[str, str], tuple[float, float]](), dict[tuple[str, str], tuple[float, float]]()
    ranks: dict[str, dict[str, tuple[int, int]]] = {}
    below: dict[str | None, list[str]] = {}
    for part in index.indicators:
        below.setdefault(part.parent, []).append(part.code)
    alone = {parts[0]: str(parent) for parent, parts in below.items() if len(parts) == 1 and parent is not None}
    for one in numbers:
        if (one.shows, one.code, one.region) in left:
            continue
        if one.shows == "rank":
            # of a part with one indicator alone the ranks of both are the same
            code = alone.get(one.code, one.code)
            low = one.value if not np.isnan(one.value) else one.lower
            high = one.value if not np.isnan(one.value) else one.upper
            last = len(regions) if np.isnan(high) else int(high)
            ranks.setdefault(code, {}).setdefault(one.region, (int(np.nan_to_num(low, nan=1)), last))
        elif one.shows in ("score", "value"):
            kept = scores if one.shows == "score" else values
            if np.isnan(one.value):
                kept.setdefault(
                    (one.region, one.code), (np.nan_to_num(one.lower, nan=-1e18), np.nan_to_num(one.upper, nan=1e18))
                )
            else:
                near = one.half * (CLOSE if one.shows == "score" else NEARLY)
                kept[one.region, one.code] = (one.value - near, one.value + near)
    top = next(part.code for part in index.indicators if part.parent is None)
    total = completed(regions, ranks.get(top, {}), list(regions))
    orders, parent = {top: total}, {part.code: part.parent for part in index.indicators}
    for code in [part.code for part in reversed(index.indicators)]:
        if code in ranks and code != top:
            above = parent[code]
            while above is not None and above not in orders:
                above = parent[above]
            hint = facts.get("hint", {}).get(code, [])
            prior = [*hint, *(region for region in orders[above or top] if region not in hint)]
            orders[code] = completed(regions, ranks[code], prior)
    return Said(values, scores, orders, {top: {}, **ranks})


def _program(
    index: Index,
    said: Said,
    regions: Sequence[str],
    scales: Sequence[Scale],
    wish: Floats,
    fixed: Floats | None,
) -> Program:
    program, width = Program(wish), len(scales)
    place = {region: at for at, region in enumerate(regions)}
    code_at = {leaf.code: at for at, leaf in enumerate(index.leaves)}
    for column, scale in enumerate(scales):
        for region, end in ((scale.best, 1.0), (scale.worst, 0.0)):
            program.low[place[region] * width + column] = program.high[place[region] * width + column] = end
    for (region, code), (low, high) in said.values.items():
        cell, scale = place[region] * width + code_at[code], scales[code_at[code]]
        ends = [np.clip((end - scale.bottom) / (scale.top - scale.bottom), 0, 1) for end in (low, high)]
        if program.low[cell] < program.high[cell]:
            program.low[cell], program.high[cell] = ends
    for column, scale in enumerate(scales):
        if scale.step >= 1 and not scale.fine and fixed is None:
            for at in range(len(place)):
                program.whole[at * width + column] = scale.step / (scale.top - scale.bottom)
    if fixed is not None:
        known = ~np.isnan(fixed.ravel())
        program.low[known] = program.high[known] = fixed.ravel()[known]
    units = [scale.step / (scale.top - scale.bottom) for scale in scales]
    for name, row, low, high in _rows(index, said, place, units):
        program.keep(name, row, low, high)
    return program


def _rows(
    index: Index, said: Said, place: Mapping[str, int], units: Sequence[float]
) -> Iterator[tuple[str, Floats, float, float]]:
    """What is printed of parts: scores and bounds, and ranks by an order of all regions that keeps to them."""
    width = len(units)
    size = len(place) * width

    def row(region: str, share: Floats) -> Floats:
        full = np.zeros(size)
        full[place[region] * width : (place[region] + 1) * width] = share
        return full

    for (region, code), (low, high) in said.scores.items():
        yield f"{code} of {region}", row(region, shares(index, code)), low, high
    for code, order in said.orders.items():
        share = shares(index, code)
        lead = max([APART, *(share[at] * unit for at, unit in enumerate(units) if share[at] >= 99.9)])
        for at, region in enumerate(order):
            first, last = said.ranks[code].get(region, (1, len(order)))
            for other in order[: first - 1]:
                if other != region:
                    yield f"{code}: {other} before {region}", row(other, share) - row(region, share), lead, np.inf
            for other in (*order[last - 1 : at], *order[at + 1 :]) if last < len(order) else ():
                yield f"{code}: {region} not below {other}", row(region, share) - row(other, share), 0.0, np.inf


def shares(index: Index, code: str) -> Floats:
    """How many points of a part each indicator brings where it is best, by the weights among siblings."""
    of = {part.code: part for part in index.indicators}
    total: dict[str | None, float] = {}
    for part in index.indicators:
        total[part.parent] = total.get(part.parent, 0.0) + part.weight
    found = np.zeros(len(index.leaves))
    for at, leaf in enumerate(index.leaves):
        factor, part = 1.0, of[leaf.code]
        while part.code != code and part.parent is not None:
            factor *= part.weight / total[part.parent]
            part = of[part.parent]
        found[at] = 100 * factor if part.code == code else 0.0
    return found


def _scales(index: Index, facts: Mapping[str, Any]) -> list[Scale]:
    usual = facts["usual"]
    return [Scale(**{**usual, **facts["indicator"].get(leaf.code, {})}) for leaf in index.leaves]


def _wishes(index: Index, said: Said, regions: Sequence[str], seed: int) -> Floats:
    """What each cell would be if nothing else were asked: by the rank of its region in the part above, with noise."""
    rng = np.random.default_rng(seed)
    wish = np.empty((len(regions), len(index.leaves)))
    parent = {part.code: part.parent for part in index.indicators}
    for column, leaf in enumerate(index.leaves):
        above: str | None = leaf.code
        while above is not None and above not in said.orders:
            above = parent[above]
        order = said.orders[str(above)]
        rank = np.array([order.index(region) for region in regions])
        wish[:, column] = np.exp(-2.2 * rank / len(regions)) * rng.lognormal(0, 0.25, len(regions))
    return np.clip(wish, 0.02, 0.97)


def completed(regions: Sequence[str], ranks: Mapping[str, tuple[int, int]], prior: Sequence[str]) -> list[str]:
    """Every region in an order that keeps to ranges of ranks, and elsewhere follows another order."""
    size = len(regions)
    cost = np.empty((size, size))
    for row, region in enumerate(regions):
        first, last = ranks.get(region, (1, size))
        at = np.arange(1, size + 1)
        cost[row] = np.abs(at - prior.index(region) - 1) ** 1.5
        cost[row][(at < first) | (at > last)] += 1e5
    _, taken = linear_sum_assignment(cost)
    return [regions[row] for row in np.argsort(taken)]


def _raw(cells: Floats, scales: Sequence[Scale]) -> Floats:
    columns = []
    for column, scale in zip(cells.T, scales, strict=True):
        values = scale.bottom + column * (scale.top - scale.bottom)
        columns.append(np.rint(values / scale.step) * scale.step if scale.step >= 1 else np.round(values, 6))
    return np.array(columns).T


def _normal(raw: Floats, scales: Sequence[Scale]) -> Floats:
    return np.array(
        [(column - scale.bottom) / (scale.top - scale.bottom) for column, scale in zip(raw.T, scales, strict=True)]
    ).T


def _tell(what: str, gave: Sequence[str]) -> None:
    sys.stderr.write(f"{what}: {len(gave)} give way\n" + "".join(f"    {one}\n" for one in gave))


if __name__ == "__main__":
    main()
