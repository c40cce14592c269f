"""The tiers of scores, on whichever columns their rule asks for, and the means of each tier."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ecosystem.headings import heading
from ecosystem.index import IndexScores
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Tiering
from ecosystem.index.steps.clusters import SEED, STARTS
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.tiers import NO_TIER, Tiers, tier
from ecosystem.messages import listed, tr


def tier_columns(standing: IndexScores, rule: Tiering) -> FloatArray:
    """What tiers are made over, `(..., R, n)`: the scores of the pillars, or the normalised indicators.

    A missing value is what the index makes of it: 0 where it scores 0, NaN elsewhere.
    """
    if rule.on == "pillars":
        return standing.pillars
    rule_of_missing = MISSING_RULES.find(standing.index.missing.rule)
    columns: FloatArray = rule_of_missing.function(standing.normalised, standing.excluded)
    return columns


def tiers_of(standing: IndexScores) -> Tiers | None:
    """The tiers of the regions of one matrix, None where the index has no tiers. InputError as `tier`."""
    rule = standing.index.tiers
    if rule is None:
        return None
    return tier(standing.overall, rule, None if rule.on == "scores" else tier_columns(standing, rule))


def tier_means(standing: IndexScores) -> pd.DataFrame | None:
    """A row per tier: `tier`, `regions`, the mean `score`, and the mean of every column that the tiers are made over.

    Columns are called by the codes of pillars or indicators. None where tiers are not made over columns.
    """
    found, rule = tiers_of(standing), standing.index.tiers
    if found is None or rule is None or found.clusters is None:
        return None
    parts = standing.index.pillars if rule.on == "pillars" else standing.index.leaves
    inside = found.of != NO_TIER
    score = pd.Series(standing.overall[inside]).groupby(found.of[inside])
    means = {part.code: found.clusters.means[:, at] for at, part in enumerate(parts)}
    return pd.DataFrame(
        {"tier": np.arange(1, rule.count + 1), "regions": score.size(), "score": score.mean(), **means}
    ).reset_index(drop=True)


def tier_notes(standing: IndexScores) -> Iterator[str]:
    """What has to be known of tiers over columns: how well they part the regions, and which regions have none."""
    found, rule = tiers_of(standing), standing.index.tiers
    if found is None or rule is None or found.clusters is None:
        return
    told = {
        "count": rule.count,
        "columns": found.clusters.means.shape[1],
        "explained": found.clusters.explained,
        "same": found.clusters.found,
        "starts": STARTS,
        "seed": SEED,
    }
    yield tr(
        "{count} clusters over {columns} columns: {explained:.1%} of the squared differences lie between them; "
        "{same} of {starts} starts (seed {seed}) led there",
        **told,
    )
    without = [
        region
        for region, of, score in zip(standing.regions, found.of, standing.overall, strict=True)
        if of == NO_TIER and not np.isnan(score)
    ]
    if without:
        yield tr("without a tier, since values are missing: {regions}", regions=listed(without))


def means_for_people(standing: IndexScores, lang: str) -> Iterator[pd.DataFrame]:
    """The means of the tiers with headings in words and a row per column, since indicators are many; none without."""
    means = tier_means(standing)
    if means is None:
        return
    names = {part.code: part.name.to(lang) for part in standing.index.indicators}
    values = means.drop(columns="tier").T
    titles = [heading(key, lang) if key in ("regions", "score") else names[key] for key in values.index]
    word = heading("tier", lang)
    yield pd.DataFrame(
        {
            heading("name", lang): titles,
            **{f"{word} {at}": values[row].to_numpy() for row, at in enumerate(means["tier"])},
        }
    )
