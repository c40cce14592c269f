"""Indices of every shape with values of every kind, drawn at random: for a program that must agree with ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import (
    Aggregation,
    Missing,
    Normalisation,
    OwnRules,
    Rescaling,
    Screening,
    Ties,
    Transformation,
    Weighting,
)
from ecosystem.index.spec import Index, Indicator, Level, Source, Text

RESCALINGS = (Rescaling(), Rescaling("share_of_best", best=100), Rescaling("minmax"), Rescaling("percentile"))
TIES = (Ties("competition", 1e-9), Ties("modified", 1e-9), Ties("dense", 1e-9), Ties("competition", 1e-9, 1))
OWN = (Normalisation("zscore", mean=5, sd=2), Normalisation("prank"), Normalisation("goalposts", cap=True))
OWN_MEANS = ("amean", "median", "sum")
MEANS = ("weighted_sum", "amean", "amean", "genmean", "median", "copeland", "topsis", "vikor", "promethee", "sum")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An index with values `(regions, indicators)` for it."""

    index: Index
    values: FloatArray


def drawn(rng: np.random.Generator) -> Drawn:
    """An index of two to four levels, and values with gaps, ties, constant columns, signs and sizes of all kinds."""
    regions = tuple(f"r{place}" for place in range(rng.integers(1, 25)))
    rows = _tree(rng)
    method = str(rng.choice(MEANS))
    linear: dict[str, Any] = (
        {"preference": "linear", "threshold": 20.0} if method == "promethee" and rng.random() < 0.5 else {}
    )
    power = float(rng.choice([-1.0, 0.5, 2.0]))
    scope: Literal["global", "local"] = "global" if method == "weighted_sum" and rng.random() < 0.7 else "local"
    text = Text("文", "text")
    index = Index(
        id="drawn",
        title=text,
        unit_of_analysis=text,
        source=text,
        levels={"province": Level("province", regions)},
        indicators=tuple(rows),
        normalisation=Normalisation("minmax", *((0.0, 100.0) if rng.random() < 0.5 else (1.0, 10.0))),
        aggregation=Aggregation(method, scope, power=power, v=float(rng.random()), **linear),
        missing=Missing(str(rng.choice(["zero", "skip", "skip"])), 0.5, float(rng.choice([0.0, 0.0, 0.5]))),
        ties=TIES[rng.integers(len(TIES))],
        rescaling=RESCALINGS[rng.integers(len(RESCALINGS))],
        weighting=Weighting(str(rng.choice(["printed", "printed", "equal", "equal_by_pillar", "critic"]))),
        screening=Screening(None, drop=(regions[-1],)) if len(regions) > 3 and rng.random() < 0.3 else None,
    )
    return Drawn(index, _values(rng, len(regions), len(index.leaves)))


def _tree(rng: np.random.Generator) -> list[Indicator]:
    """The rows of a hierarchy, from the top down; every parent has one to four parts."""
    depth = int(rng.integers(2, 5))
    levels = [[_row(rng, "top", None, depth)]]
    for level in range(depth - 1, 0, -1):
        above = levels[-1]
        counts = rng.integers(1, 5, len(above))
        levels.append(
            [
                _row(rng, f"{parent.code}_{at}", parent.code, level)
                for parent, count in zip(above, counts, strict=True)
                for at in range(count)
            ]
        )
    rows = [row for level in reversed(levels) for row in level]
    order = rng.permutation(len(rows))
    return [rows[place] for place in order]


def _row(rng: np.random.Generator, code: str, parent: str | None, level: int) -> Indicator:
    leaf = level == 1
    own = OwnRules(
        (Transformation("sqrt"),) if leaf and rng.random() < 0.05 else (),
        OWN[rng.integers(len(OWN))] if leaf and rng.random() < 0.1 else None,
    )
    return Indicator(
        code=code,
        parent=parent,
        level=level,
        name=Text(code, code),
        direction=1 if rng.random() < 0.7 or not leaf else -1,
        weight=float(rng.choice([0.1, 0.25, 1.0, rng.random()])),
        weight_source="assumed",
        unit="",
        source=Source("column", code) if leaf else None,
        target=float(rng.choice([60.0, 500.0])) if leaf else None,
        lower=-10.0 if leaf and not own.transformation else 0.0 if leaf else None,
        upper=120.0 if leaf else None,
        aggregation=str(rng.choice(OWN_MEANS)) if not leaf and rng.random() < 0.1 else None,
        own=own,
    )


def _values(rng: np.random.Generator, regions: int, indicators: int) -> FloatArray:
    shape = (regions, indicators)
    kinds = [
        rng.random(shape) * 100,
        rng.integers(0, 4, shape).astype(np.float64),
        np.round(rng.lognormal(3, 2, shape), 1),
        np.broadcast_to(rng.random(indicators), shape),
        rng.random(shape) * 1e-6 + 1e-3,
    ]
    which = rng.choice(len(kinds), indicators, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    values = np.stack([kinds[kind][:, column] for column, kind in enumerate(which)], axis=1)
    gaps = rng.random(shape) < rng.choice([0.0, 0.0, 0.1, 0.4])
    return np.where(gaps, np.nan, values)
