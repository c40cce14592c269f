"""Pairs of ranked regions: how often one is above the other over many draws."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of

Ranks: TypeAlias = npt.NDArray[np.int32]


def pairs_of(scores: Scores, ranks: IntArray) -> pd.DataFrame:
    """A row per pair of ranked regions, the better one first, from its ranks in the draws (D, R).

    `above_share`: the share of draws that rank both in which it has the better rank; `equal_share`: in which both have
    the same; `never_swap`: it is above in all of them.
    """
    standing = scores.standing
    order = [at for at in best_first(standing.overall_rank, standing.regions) if standing.overall_rank[at] > 0]
    # a row per region, so that a pair is compared along what lies together in memory
    drawn = np.ascontiguousarray(ranks[:, order].T.astype(np.int32))
    compared = [_compared(drawn[at], drawn[at + 1 :]) for at in range(len(order))]
    first, second = np.triu_indices(len(order), k=1)
    names = [names_of(scores, standing.regions[at]) for at in order]
    words = {
        "": [standing.regions[at] for at in order],
        "_zh": [name.zh for name in names],
        "_en": [name.en for name in names],
    }
    columns = {
        f"{end}{lang}": np.array(texts, dtype=object)[places]
        for end, places in (("region", first), ("other", second))
        for lang, texts in words.items()
    }
    ahead, same = (np.concatenate(parts) for parts in zip(*compared, strict=True))
    return pd.DataFrame({**columns, "above_share": ahead, "equal_share": same, "never_swap": ahead == 1.0})


def _compared(one: Ranks, others: Ranks) -> tuple[FloatArray, FloatArray]:
    """In which share of the draws the ranks `one` (D,) are better than `others` (n, D), and equal to them.

    A draw that does not rank both says nothing of them.
    """
    both = (one > 0) & (others > 0)
    count = np.maximum(both.sum(axis=1), 1)
    above: FloatArray = ((one < others) & both).sum(axis=1) / count
    equal: FloatArray = ((one == others) & both).sum(axis=1) / count
    return above, equal
