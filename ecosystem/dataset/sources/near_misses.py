"""Legal names that are nearly the same: candidates for a person to look at, never merged by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

LEAST = 0.85
"""Similarity from which on two names are a near miss: 1 less the edit distance in parts of the longer name."""
_BLOCK = 2
_MOST = 40_000_000


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two names of different sources, by their places in the list that was given."""

    first: int
    second: int
    similarity: float


def near_misses(names: Sequence[str], sources: Sequence[int], kinds: Sequence[str]) -> tuple[list[NearMiss], int]:
    """Pairs of names of one kind and of different sources with a similarity (Levenshtein 1965) of LEAST to 1, not 1.

    Names are compared where their first two characters agree, which with Chinese legal names is the place or the
    beginning of the trade name. The second result counts the beginnings that so many names share that they were not
    compared. Pairs come with the most similar first.
    """
    found: list[NearMiss] = []
    skipped = 0
    for block in _blocks(names, kinds).values():
        for mine, others in _sides(block, sources):
            if len(mine) * len(others) > _MOST:
                skipped += 1
                continue
            found.extend(_compared(names, mine, others))
    return sorted(found, key=lambda pair: (-pair.similarity, pair.first, pair.second)), skipped


def _blocks(names: Sequence[str], kinds: Sequence[str]) -> Mapping[tuple[str, str], list[int]]:
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        blocks.setdefault((kind, name[:_BLOCK]), []).append(place)
    return blocks


def _sides(block: Sequence[int], sources: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """The names of each source, and those of all sources after it."""
    for source in sorted({sources[place] for place in block}):
        mine = [place for place in block if sources[place] == source]
        others = [place for place in block if sources[place] > source]
        if others:
            yield mine, others


def _compared(names: Sequence[str], mine: Sequence[int], others: Sequence[int]) -> Iterator[NearMiss]:
    scores = process.cdist(
        [names[place] for place in mine],
        [names[place] for place in others],
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=LEAST,
        dtype=np.float32,
    )
    for row, column in zip(*np.nonzero((scores > 0) & (scores < 1)), strict=True):
        yield NearMiss(mine[row], others[column], round(float(scores[row, column]), 3))
