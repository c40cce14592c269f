"""What the columns of a table of results are called: those it has of its own, and those of pillars and indicators."""

from __future__ import annotations

from collections.abc import Sequence

from ecosystem.headings import apart, heading, in_both_languages
from ecosystem.index import Index, Indicator

RESULT_COLUMNS = (
    "index", "kind", "year", "group", "level", "code", "rank", "tier", "region", "region_zh", "region_en", "name",
    "name_zh", "name_en", "unit", "direction", "score", "overall", "weight", "weighted", "raw", "normalised", "points",
    "coverage", "mark", "overrides", "missing", "rank_old", "rank_change", "score_old", "score_change", "growth",
    "entry", "exit", "dated", "scale", "change",
)  # fmt: skip
"""Every column that a table of results can have of its own: no indicator's column is called so, in any language."""
RESULT_WORDS = in_both_languages(RESULT_COLUMNS)


def part_columns(parts: Sequence[Indicator], lang: str | None = None) -> list[str]:
    """What the columns of parts are called in a table of results: by code, or by name where a language is given.

    The one place that says so: none is called like a column of the result, nor two of them alike.
    """
    names = [part.code if lang is None else part.name.to(lang) for part in parts]
    kind = "indicator" if all(part.level == 1 for part in parts) else "pillar"
    return apart(names, RESULT_WORDS, kind if lang is None else heading(kind, lang))


def part_words(index: Index, lang: str) -> dict[str, str]:
    """From the column of each pillar and each indicator, called by its code, to its name, as files have it."""
    return {
        column: name
        for parts in (index.indicators, index.pillars, index.leaves)
        for column, name in zip(part_columns(parts), part_columns(parts, lang), strict=True)
    }
