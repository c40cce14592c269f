"""Write the calibrated values of TMTPost: `python -m tools.twin.systems tmtpost-2024 [--seed 1]`."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

import numpy as np

from ecosystem.index import evaluate, index_folder
from ecosystem.published.comparison import side_by_side
from ecosystem.published.published import Published
from tools.twin.elastic import Floats
from tools.twin.matrix import program_of, wishes
from tools.twin.system import System, read_system

REGION = "region"
COARSE = 1e-4
"""An indicator with so few steps is settled before those that make up for its rounding."""


def main() -> None:
    """Solve twice: all cells; then, with small counts whole, the others once more. Say which figures give way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=120, help="at most, for each program")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    system = read_system(asked.index)
    raw = calibrate(system, seed=asked.seed, seconds=asked.seconds)
    write(asked.out or index_folder(asked.index) / "twin.csv", system, raw)
    _report(system, raw)


def calibrate(system: System, *, seed: int, seconds: float) -> Floats:
    """The values of a twin: regions down, indicators across, in their units."""
    begun = time.monotonic()
    wish = wishes(system, seed)
    price = 1 / (wish + 0.03)
    shape = wish.shape
    cells, settled, raw = wish, np.zeros(shape[1], np.bool_), np.full(shape, np.nan)
    every = [system.scales[code] for code in system.leaves]
    stages = {
        "all indicators": np.array([each.whole for each in every]),
        "with few units settled": np.array([each.early for each in every]),
        "with counts settled": np.array([each.step / abs(each.span) > COARSE for each in every]),
        "with coarse numbers settled": np.ones(shape[1], np.bool_),
    }
    for words, now in stages.items():
        fixed = {
            row * shape[1] + column: float(np.nan_to_num(_score(system, system.leaves[column], raw[row, column])))
            for column in np.flatnonzero(settled)
            for row in range(shape[0])
        }
        found, missed = program_of(system, fixed).solve(cells.ravel(), price.ravel(), seconds=seconds)
        _tell(begun, words, missed)
        cells = found.reshape(shape)
        new = now & ~settled
        raw[:, new] = _counted(system, np.where(settled, np.nan_to_num(cells), cells))[:, new]
        settled |= now
    return raw


def _tell(begun: float, what: str, missed: dict[str, float]) -> None:
    sys.stderr.write(f"{time.monotonic() - begun:6.1f} s  {what}: {len(missed)} figures give way\n")
    for name, by in sorted(missed.items()):
        sys.stderr.write(f"          {name}: {by:.3g}\n")


def _score(system: System, code: str, raw: float) -> float:
    scale = system.scales[code]
    return (raw - scale.bottom) / scale.span


def _rounded(system: System, cells: Floats) -> Floats:
    raw = np.empty_like(cells)
    for column, code in enumerate(system.leaves):
        scale = system.scales[code]
        values = scale.bottom + cells[:, column] * scale.span
        raw[:, column] = np.round(np.rint(values / scale.step) * scale.step if scale.step else values, scale.decimals)
    return raw


def _counted(system: System, cells: Floats) -> Floats:
    """Rounded so that sums stay: the largest fractions get what rounding down has lost."""
    raw = _rounded(system, cells)
    for each in system.facts.get("sum", ()):
        column = system.leaves.index(each["code"])
        scale = system.scales[each["code"]]
        if (scale.early or scale.whole) and each.get("low") == each.get("high"):
            exact = scale.bottom + cells[:, column] * scale.span
            down = np.floor(exact + 1e-6)
            order = np.argsort(-(exact - down), kind="stable")
            down[order[: round(each["low"] - down.sum())]] += 1
            raw[:, column] = down
    for each in system.facts.get("equal", ()):
        parts = [system.leaves.index(code) for code in each["parts"]]
        raw[:, system.leaves.index(each["whole"])] = raw[:, parts].sum(axis=1)
    for each in system.facts.get("part", ()):
        part, whole = system.leaves.index(each["part"]), system.leaves.index(each["whole"])
        if system.scales[each["part"]].early and system.scales[each["whole"]].early:
            raw[:, part] = np.minimum(raw[:, part], raw[:, whole])
    if "n08_growth" in system.leaves:
        _growth(system, cells, raw)
    return raw


def _growth(system: System, cells: Floats, raw: Floats) -> None:
    """Growth from whole numbers of two years; -100 where there was one company before and none now."""
    now, growth, every = (system.leaves.index(code) for code in ("n08_number", "n08_growth", "n07_value"))
    scale = system.scales["n08_growth"]
    for row in range(len(raw)):
        new, score = raw[row, now], cells[row, growth]
        if new == 0:
            raw[row, growth] = -100.0 if raw[row, every] else np.nan
            continue
        ratio = 1 + (scale.bottom + score * scale.span) / 100
        before = np.arange(max(np.floor(new / max(ratio, 0.05)) - 1, 1), new / max(ratio, 0.05) + 2)
        before = before[(before <= raw[row, every] - new) & (100 * (new / before - 1) <= scale.top + 1e-9)]
        reached = (100 * (new / before - 1) - scale.bottom) / scale.span
        # without a company of the year before there is no growth, which scores as nothing
        if len(before) == 0 or score < np.abs(reached - score).min():
            raw[row, growth] = np.nan
        else:
            raw[row, growth] = 100 * (new / before[np.argmin(np.abs(reached - score))] - 1)


def write(path: Path, system: System, raw: Floats) -> None:
    """Write a row per region and a column per source; a mean of nothing is blank."""
    names = [str(leaf.source and leaf.source.name).partition("(")[0] for leaf in system.index.leaves]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([REGION, *names])
        for region, values in zip(system.regions, raw, strict=True):
            writer.writerow([region, *("" if np.isnan(value) else f"{value:.12g}" for value in values)])


def _report(system: System, raw: Floats) -> None:
    scores = evaluate(system.index, raw, level=system.level)
    cells, _ = side_by_side(Published(tuple(system.printed), (), ()), {system.level: scores})
    lost = cells[~cells["reproduced"].astype(bool)]
    sys.stderr.write(f"reproduced {cells['reproduced'].sum()} of {len(cells)}\n{lost.to_string()}\n")


if __name__ == "__main__":
    main()
