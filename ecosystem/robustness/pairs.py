"""Pairs of ranked regions: how often one is above the other over many draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem.index.arrays import IntArray
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of


def pairs_of(scores: Scores, ranks: IntArray) -> pd.DataFrame:
    """A row per pair of ranked regions, the better one first, from its ranks in the draws (D, R).

    `above_share`: the share of draws that rank both in which it has the better rank; `equal_share`: in which both have
    the same; `never_swap`: it is above in all of them.
    """
    standing = scores.standing
    order = [at for at in best_first(standing.overall_rank, standing.regions) if standing.overall_rank[at] > 0]
    # a row per region, so that a pair is compared along what lies together in memory
    drawn = np.ascontiguousarray(ranks[:, order].T.astype(np.int32))
    # a draw that does not rank both says nothing of them
    both = [(drawn[at] > 0) & (drawn[at + 1 :] > 0) for at in range(len(order))]
    count = [np.maximum(each.sum(axis=1), 1) for each in both]
    above = [((drawn[at] < drawn[at + 1 :]) & both[at]).sum(axis=1) / count[at] for at in range(len(order))]
    equal = [((drawn[at] == drawn[at + 1 :]) & both[at]).sum(axis=1) / count[at] for at in range(len(order))]
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
    ahead = np.concatenate(above)
    shares = {"above_share": ahead, "equal_share": np.concatenate(equal), "never_swap": ahead == 1.0}
    return pd.DataFrame({**columns, **shares})
