"""Which regions are left out of an index, and why: too few values, too few other than 0, or named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rules import Screening
from ecosystem.messages import listed, tr, tr_later


def availability(values: FloatArray) -> FloatArray:
    """The share of the columns of `(..., regions, columns)` that have a value, `(..., regions)`."""
    share: FloatArray = (~np.isnan(values)).mean(axis=-1)
    return share


def nonzero_share(values: FloatArray) -> FloatArray:
    """The share of the present values that are not 0, `(..., regions)`; 0 where there is none."""
    present = ~np.isnan(values)
    count = present.sum(axis=-1)
    share: FloatArray = (present & (values != 0)).sum(axis=-1) / np.maximum(count, 1)
    return share


def screen(
    values: FloatArray, regions: Sequence[str], rule: Screening, pillars: Mapping[str, Sequence[int]] | None = None
) -> BoolArray:
    """Which regions are left out, `(..., regions)`: too few values, too few other than 0, or named. COINr `Screen`.

    Too few values are counted over all indicators, and, with `by_pillar`, over those of each pillar, whose columns are
    in `pillars`.
    Screening comes before imputation (after it nothing would be missing) and before normalisation: a region that is
    left out moves nobody's minimum or maximum.
    """
    out = np.zeros(values.shape[:-1], np.bool_)
    if rule.availability is not None:
        out |= availability(values) < rule.availability
    if rule.nonzero is not None:
        out |= nonzero_share(values) < rule.nonzero
    if rule.by_pillar is not None:
        for columns in (pillars or {}).values():
            out |= availability(values[..., columns]) < rule.by_pillar
    names = np.array(regions, dtype=object)
    out &= ~np.isin(names, list(rule.keep))
    dropped: BoolArray = out | np.isin(names, list(rule.drop))
    return dropped


def reasons(
    values: FloatArray, regions: Sequence[str], rule: Screening, pillars: Mapping[str, Sequence[int]] | None = None
) -> dict[str, str]:
    """Why each region of one matrix `(regions, columns)` is left out, in words."""
    have, filled, out = availability(values), nonzero_share(values), screen(values, regions, rule, pillars)
    found = {}
    for place in np.flatnonzero(out).tolist():
        region = regions[place]
        words = []
        if region in rule.drop:
            words.append(tr("left out by [screening]"))
        if rule.availability is not None and have[place] < rule.availability:
            sentence = tr_later("has values of {share:.1%} of the indicators, fewer than {least:.1%}")
            words.append(tr(sentence, share=have[place], least=rule.availability))
        for code, columns in (pillars or {}).items() if rule.by_pillar is not None else ():
            own = float(availability(values[place, columns]))
            if own < (rule.by_pillar or 0):
                sentence = tr_later("has values of {share:.1%} of the indicators of {code}, fewer than {least:.1%}")
                words.append(tr(sentence, share=own, code=code, least=rule.by_pillar))
        if rule.nonzero is not None and filled[place] < rule.nonzero:
            sentence = tr_later("{share:.1%} of its values are not 0, fewer than {least:.1%}")
            words.append(tr(sentence, share=filled[place], least=rule.nonzero))
        found[region] = listed(words, "; ")
    return found
