"""Which rows of a ranked table are shown, and beside which earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ecosystem.errors import RegionError
from ecosystem.index import Index
from ecosystem.scoring.result import Scores
from ecosystem.scoring.tables import names_of


def against(frame: pd.DataFrame, old: pd.DataFrame, index: Index) -> pd.DataFrame:
    """A wide table with what changed since an earlier one, tidy or wide: old rank, change of rank and of score.

    A positive change of rank is a climb. Raises RegionError when the earlier table has not the columns.
    """
    if "code" in old.columns:
        old = old[old["code"] == index.top.code]
    lacking = [name for name in ("region", "score", "rank") if name not in old.columns]
    if lacking:
        hint = "give a CSV that `ecosystem score --out` or `--format csv` wrote"
        raise RegionError(f"the earlier table has no column {', '.join(lacking)}", hint=hint)
    before = old.assign(region=old["region"].astype("str")).drop_duplicates("region").set_index("region")
    matched = before.reindex(frame["region"])
    changed = frame.assign(
        rank_old=matched["rank"].to_numpy(dtype=np.float64),
        rank_change=matched["rank"].to_numpy(dtype=np.float64) - frame["rank"].to_numpy(),
        score_change=frame["score"].to_numpy() - matched["score"].to_numpy(dtype=np.float64),
    )
    return changed.astype({"rank_old": "Int64", "rank_change": "Int64"})


def chosen(frame: pd.DataFrame, scores: Scores, regions: Sequence[str], top: int | None) -> pd.DataFrame:
    """The rows of some regions, by any of their names, and of the first `top`."""
    if regions:
        known: Mapping[str, str] = {name: region for region in frame["region"] for name in _known_as(scores, region)}
        wanted = [known.get(name) or scores.regions.resolve(name, level=scores.level) for name in regions]
        outside = [name for name, region in zip(regions, wanted, strict=True) if region not in set(frame["region"])]
        if outside:
            message = f"{', '.join(outside)} is not ranked by {scores.index.id}"
            raise RegionError(message, hint="leave --region out to see who is")
        frame = frame[frame["region"].isin(wanted)]
    return frame.head(top) if top is not None else frame


def _known_as(scores: Scores, region: str) -> tuple[str, ...]:
    name = names_of(scores, region)
    return (region, name.zh, name.en)
