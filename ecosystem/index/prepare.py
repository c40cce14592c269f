"""The value matrix before normalisation: divided, screened, imputed, treated, with what was done kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.denominate import SHARE_OF_TOTAL, denominate
from ecosystem.index.impute import impute_centre, impute_group_centre, impute_last, impute_linear
from ecosystem.index.records import Index
from ecosystem.index.screen import reasons, screen
from ecosystem.index.treat import Treated, treat


@dataclass(frozen=True, slots=True, eq=False)
class Auxiliary:
    """What a value matrix needs beside it, by column: denominators `(..., regions)`, groups (a name per region).

    `years`: those of the first axis, where that is one of years; `pooled`: then all years share one scale.
    """

    denominators: Mapping[str, FloatArray] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    years: Sequence[int] | None = None
    pooled: bool = False


ALONE = Auxiliary()
"""Nothing beside the values."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Values `(..., regions, indicators)` ready to be normalised.

    `missing` before imputation, `imputed` by it; `excluded` regions `(..., regions)` are NaN throughout; `treated` is
    None where the index treats nothing.
    """

    values: FloatArray
    missing: BoolArray
    imputed: BoolArray
    excluded: BoolArray
    treated: Treated | None


def prepare(
    index: Index, raw: FloatArray, regions: Sequence[str], beside: Auxiliary, absent: BoolArray | None = None
) -> Prepared:
    """The values divided by their denominators, without screened regions, imputed and treated, in this order.

    `absent` regions are left out as screened ones are. InputError or UsageError where a denominator or a group is not
    there, or a value is missing that the index refuses to miss.
    """
    values = divided(index, raw, beside)
    _refuse_unknown_group(index, beside)
    excluded = np.zeros(raw.shape[:-1], np.bool_) if absent is None else np.broadcast_to(absent, raw.shape[:-1])
    if index.screening is not None:
        excluded = excluded | screen(values, regions, index.screening)
    out = bool(excluded.any())
    if out:
        values = np.where(excluded[..., None], np.nan, values)
    missing = np.isnan(values)
    filled = _imputed(index, values, beside) if index.imputation.method != "none" and missing.any() else values
    if out:
        filled = np.where(excluded[..., None], np.nan, filled)
    imputed = missing & ~np.isnan(filled)
    if index.missing.rule == "refuse":
        _refuse_missing(index, np.isnan(filled) & ~excluded[..., None], regions)
    if index.treatment.method == "none":
        return Prepared(filled, missing, imputed, excluded, None)
    flat = filled.reshape(-1, filled.shape[-1]) if beside.pooled else filled
    treated = treat(flat, index.treatment)
    return Prepared(treated.values.reshape(filled.shape), missing, imputed, excluded, treated)


def screened_out(index: Index, raw: FloatArray, regions: Sequence[str], beside: Auxiliary = ALONE) -> dict[str, str]:
    """Why each region of one matrix `(regions, indicators)` is screened out, in words; none without screening."""
    return {} if index.screening is None else reasons(divided(index, raw, beside), regions, index.screening)


def divided(index: Index, raw: FloatArray, beside: Auxiliary) -> FloatArray:
    """The values over their denominators. InputError with every denominator that is not there."""
    by = [leaf.denominator for leaf in index.leaves]
    if not any(by):
        return raw
    known = {SHARE_OF_TOTAL, *beside.denominators}
    absent = [leaf for leaf in index.leaves if leaf.denominator and leaf.denominator not in known]
    if absent:
        findings = [
            Finding(
                "error",
                "no_denominator",
                f"{leaf.code!r} is divided by {leaf.denominator!r}, which no table has",
                "indicators.csv",
                leaf.row,
                "denominator",
                None,
                did_you_mean(str(leaf.denominator), known),
            )
            for leaf in absent
        ]
        raise InputError("denominators are missing", hint="give a table with these columns", findings=findings)
    return denominate(raw, beside.denominators, by)


def _refuse_unknown_group(index: Index, beside: Auxiliary) -> None:
    """Raise UsageError for a column of groups that is not there, also where nothing is missing this time."""
    rule = index.imputation
    if rule.method in {"group_mean", "group_median"} and rule.group not in beside.groups:
        hint = "it is a column of words in the table of values, beside the indicators"
        raise UsageError(f"imputation by group needs the column {rule.group!r}, which no table has", hint=hint)


def _imputed(index: Index, values: FloatArray, beside: Auxiliary) -> FloatArray:
    rule = index.imputation
    match rule.method:
        case "mean" | "median":
            return impute_centre(values, median=rule.method == "median")
        case "group_mean" | "group_median":
            return impute_group_centre(values, beside.groups[str(rule.group)], median=rule.method == "group_median")
        case "last" if beside.years is not None:
            return impute_last(values, beside.years, rule.reach)
        case "linear" if beside.years is not None:
            return impute_linear(values, beside.years)
        case _:
            return values  # one year alone has no year before it


def _refuse_missing(index: Index, lacking: BoolArray, regions: Sequence[str]) -> None:
    if not lacking.any():
        return
    cells = {(int(cell[-2]), int(cell[-1])) for cell in np.argwhere(lacking)}
    findings = [
        Finding("error", "missing_value", "there is no value", regions[row], None, index.leaves[column].code)
        for row, column in sorted(cells)
    ]
    hint = 'impute them ([imputation]), leave the regions out ([screening]), or set rule = "skip" in [missing]'
    raise InputError(f"{len(findings)} values are missing, which this index refuses", hint=hint, findings=findings)
