"""Indices small enough to score by hand."""

from __future__ import annotations

from collections.abc import Sequence

from ecosystem.index.spec import Aggregation, Group, Index, Indicator, Level, Missing, Normalisation, Source, Text, Ties

Leaf = tuple[str, str, float, int]
"""code, pillar, weight, direction"""

TWO_PILLARS: tuple[Leaf, ...] = (("a", "p", 0.5, 1), ("b", "p", 0.2, 1), ("c", "q", 0.3, -1))


def small_index(
    leaves: Sequence[Leaf] = TWO_PILLARS,
    regions: Sequence[str] = ("r1", "r2", "r3"),
    groups: Sequence[tuple[str, tuple[str, ...]]] = (),
    bounds: tuple[float, float] = (0.0, 100.0),
) -> Index:
    """An index of three levels: indicators, pillars, top."""
    pillars = dict.fromkeys(pillar for _, pillar, _, _ in leaves)
    rows = [
        _row(code, pillar, 1, weight, direction, Source("column", code)) for code, pillar, weight, direction in leaves
    ]
    for pillar in pillars:
        rows.append(_row(pillar, "top", 2, sum(leaf[2] for leaf in leaves if leaf[1] == pillar)))
    rows.append(_row("top", None, 3, sum(leaf[2] for leaf in leaves)))
    return _index(rows, regions, groups, bounds)


def flat_index(weights: Sequence[float], regions: Sequence[str]) -> Index:
    """An index of two levels: indicators right under the top."""
    rows = [_row(f"x{at}", "top", 1, weight, 1, Source("column", f"x{at}")) for at, weight in enumerate(weights)]
    return _index([*rows, _row("top", None, 2, sum(weights))], regions, (), (0.0, 100.0))


def _row(
    code: str, parent: str | None, level: int, weight: float, direction: int = 1, source: Source | None = None
) -> Indicator:
    return Indicator(code, parent, level, Text(code, code), direction, weight, "assumed", "", source)


def _index(
    rows: Sequence[Indicator],
    regions: Sequence[str],
    groups: Sequence[tuple[str, tuple[str, ...]]],
    bounds: tuple[float, float],
) -> Index:
    text = Text("文", "text")
    listed = tuple(Group(name, Text(name, name), members) for name, members in groups)
    return Index(
        id="small",
        title=text,
        unit_of_analysis=text,
        source=text,
        levels={"province": Level("province", tuple(regions), "sum", listed)},
        indicators=tuple(rows),
        normalisation=Normalisation("minmax", *bounds),
        aggregation=Aggregation("weighted_sum", "global"),
        missing=Missing("zero", 0.5),
        ties=Ties("competition", 1e-9),
    )
