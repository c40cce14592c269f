"""The benefit of the doubt by region: the best score that each can have, and the shares that give it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem.index.shares import doubt
from ecosystem.scoring.result import Scores
from ecosystem.scoring.tables import names_of


def doubt_table(scores: Scores) -> pd.DataFrame:
    """A row per region without gaps, the best first: names, score, a share per indicator.

    The score is 1 for the regions that none outdoes. Shares are weight x value / score and add up to 1. Raises as
    `benefit_of_the_doubt`.
    """
    standing, leaves = scores.standing, scores.index.leaves
    full = np.flatnonzero(~np.isnan(standing.prepared).any(axis=-1)).tolist()
    directions = np.array([float(leaf.direction) for leaf in leaves])
    found = doubt(standing.prepared[full], directions, scores.index.weighting)
    regions = [standing.regions[place] for place in full]
    names = [names_of(scores, region) for region in regions]
    frame = pd.DataFrame(
        {
            "region": regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": found.scores,
            **{leaf.code: found.shares[:, place] for place, leaf in enumerate(leaves)},
        }
    )
    return frame.sort_values(["score", "region"], ascending=[False, True], ignore_index=True)
