"""The value matrix before normalisation: transformed, divided, screened, imputed, treated, with what was done kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rules import places_by_rule
from ecosystem.index.spec import Index
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES, ImputeInput
from ecosystem.index.steps.screen import reasons, screen
from ecosystem.index.steps.transform import Lost, refuse_undefined, refuse_unknown_columns, transform
from ecosystem.index.steps.treat import Treated, treat_columns
from ecosystem.messages import tr, tr_count

T = TypeVar("T")

SHARE_OF_TOTAL = "share_of_total"
"""In place of a column: the indicator's own sum over the ranked regions."""


@dataclass(frozen=True, slots=True, eq=False)
class Auxiliary:
    """What a value matrix comes with, by column: denominators `(..., regions)`, groups (a name per region).

    `denominators` are all columns that an indicator looks at, those of a formula among them. `years`: those of the
    first axis, where that is one of years; `pooled`: then all years share one scale. `earlier`: by code of an indicator
    whose growth is asked for, its values of the earlier year `(..., regions)`.
    """

    denominators: Mapping[str, FloatArray] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    years: Sequence[int] | None = None
    pooled: bool = False
    earlier: Mapping[str, FloatArray] = field(default_factory=dict)


NO_AUXILIARY = Auxiliary()
"""No denominators, no groups, one year."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Values `(..., regions, indicators)` ready to be normalised.

    `divided` and `filled` are the values on the way: over their denominators, and with what was imputed. `missing`
    before imputation, `imputed` by it; `excluded` regions `(..., regions)` are NaN throughout; `treated` is None where
    the index treats nothing.
    """

    values: FloatArray
    divided: FloatArray
    filled: FloatArray
    missing: BoolArray
    imputed: BoolArray
    excluded: BoolArray
    treated: Treated | None


def prepare(
    index: Index, raw: FloatArray, regions: Sequence[str], auxiliary: Auxiliary, absent: BoolArray | None = None
) -> Prepared:
    """The values transformed and over their denominators, without screened regions, imputed, treated, in this order.

    `absent` regions are left out as screened ones are. InputError or UsageError where a column, a denominator or a
    group is not there, a denominator is negative, a transformation is undefined, or a value is missing that the index
    refuses to miss.
    """
    values, undefined = transformed(index, raw, regions, auxiliary)
    _refuse_unknown_group(index, auxiliary)
    excluded = np.zeros(raw.shape[:-1], np.bool_) if absent is None else np.broadcast_to(absent, raw.shape[:-1])
    if index.screening is not None:
        excluded = excluded | screen(values, regions, index.screening, pillars_of(index))
    out = bool(excluded.any())
    if out:
        values = np.where(excluded[..., None], np.nan, values)
    refuse_undefined(index.leaves, undefined, excluded, regions, auxiliary.years)
    missing = np.isnan(values)
    filled = _imputed(index, values, auxiliary) if missing.any() else values
    if out:
        filled = np.where(excluded[..., None], np.nan, filled)
    imputed = missing & ~np.isnan(filled)
    if MISSING_RULES.find(index.missing.rule).refuses:
        _refuse_missing(index, np.isnan(filled) & ~excluded[..., None], regions, auxiliary.years)
    rules = index.treatments
    if all(rule.method == "none" for rule in rules):
        return Prepared(filled, values, filled, missing, imputed, excluded, None)
    together = auxiliary.pooled and index.treatment.years == "together"
    flat = filled.reshape(-1, filled.shape[-1]) if together else filled
    treated = treat_columns(flat, rules)
    return Prepared(treated.values.reshape(filled.shape), values, filled, missing, imputed, excluded, treated)


def row_of(cell: Sequence[int], regions: Sequence[str], years: Sequence[int] | None) -> str:
    """The region of a cell `(..., region, column)` as a message names it, with its year in a panel."""
    return regions[cell[-2]] if years is None or len(cell) < 3 else f"{regions[cell[-2]]} {years[cell[0]]}"


def by_year(step: Callable[[FloatArray], T], values: FloatArray, years: Sequence[int] | None) -> T:
    """What a step makes of values `(..., R, K)`; InputError names the years in which it is undefined, of a panel."""
    try:
        return step(values)
    except InputError as err:
        if years is None or values.ndim < 3:
            raise
        findings, wrong = list[Finding](), list[str]()
        for year, matrix in zip(years, values, strict=True):
            try:
                step(matrix)
            except InputError as one:
                wrong.append(str(year))
                findings += [replace(finding, file=str(year)) for finding in one.findings]
        message = f"{', '.join(wrong)}: {err.message.splitlines()[0]}"
        raise InputError(message, hint=err.hint, findings=findings) from err


def screened_out(
    index: Index, raw: FloatArray, regions: Sequence[str], auxiliary: Auxiliary = NO_AUXILIARY
) -> dict[str, str]:
    """Why each region of one matrix `(regions, indicators)` is screened out, in words; none without screening."""
    if index.screening is None:
        return {}
    return reasons(transformed(index, raw, regions, auxiliary)[0], regions, index.screening, pillars_of(index))


def pillars_of(index: Index) -> dict[str, list[int]]:
    """The columns of the indicators under every part right under the top, by its code."""
    families = [(leaf.code, *index.ancestors(leaf)) for leaf in index.leaves]
    return {
        pillar.code: [at for at, family in enumerate(families) if pillar.code in family] for pillar in index.pillars
    }


def transformed(
    index: Index, raw: FloatArray, regions: Sequence[str], auxiliary: Auxiliary
) -> tuple[FloatArray, list[Lost]]:
    """The values by their formula or growth, over their denominators, by the other transformations.

    Where one is undefined the value is NaN and a line in the second result. InputError with every column that is not
    there.
    """
    if not any(leaf.own.transformation for leaf in index.leaves):
        return divided(index, raw, regions, auxiliary), []
    columns = {leaf.code: raw[..., place] for place, leaf in enumerate(index.leaves)} | dict(auxiliary.denominators)
    refuse_unknown_columns(index.leaves, columns, auxiliary.earlier)
    values, undefined = transform(index.leaves, raw, columns, auxiliary.earlier, first=True)
    values = divided(index, values, regions, auxiliary)
    values, more = transform(index.leaves, values, columns, auxiliary.earlier, first=False)
    return values, [*undefined, *more]


def divided(index: Index, raw: FloatArray, regions: Sequence[str], auxiliary: Auxiliary) -> FloatArray:
    """The values over their denominators. InputError with every denominator that is not there, or is negative."""
    by = [leaf.denominator for leaf in index.leaves]
    if not any(by):
        return raw
    known = {SHARE_OF_TOTAL, *auxiliary.denominators}
    absent = [leaf for leaf in index.leaves if leaf.denominator and leaf.denominator not in known]
    if absent:
        findings = [
            Finding(
                "error",
                "no_denominator",
                tr(
                    "the denominator {denominator!r} of {code!r} is in no table",
                    code=leaf.code,
                    denominator=leaf.denominator,
                ),
                "indicators.csv",
                leaf.row,
                "denominator",
                None,
                did_you_mean(str(leaf.denominator), known),
            )
            for leaf in absent
        ]
        raise InputError(
            tr("denominators are missing"),
            hint=tr("give a table with these columns: --values TABLE"),
            findings=findings,
        )
    _refuse_negative(index, raw, regions, auxiliary)
    quotients = denominate(raw, auxiliary.denominators, by)
    per = [1.0 if leaf.per is None else leaf.per for leaf in index.leaves]
    return quotients if set(per) == {1.0} else quotients * np.array(per)


def _refuse_negative(index: Index, raw: FloatArray, regions: Sequence[str], auxiliary: Auxiliary) -> None:
    """Raise InputError for denominators below 0: more per such a thing is less, and the order would turn unseen."""
    findings = []
    for at, leaf in enumerate(index.leaves):
        if leaf.denominator is None:
            continue
        own = leaf.denominator == SHARE_OF_TOTAL
        column = _total(raw[..., at]) if own else auxiliary.denominators[leaf.denominator]
        for cell in np.argwhere(column < 0).tolist():
            value = float(column[tuple(cell)])
            message = tr(
                "{code!r} is divided by {name!r}, which is {value:g}",
                code=leaf.code,
                name=leaf.denominator,
                value=value,
            )
            if own:
                message = tr(
                    "{code!r} is divided by the sum of its column, which is {value:g}", code=leaf.code, value=value
                )
            year = [str(auxiliary.years[cell[0]])] if auxiliary.years is not None and len(cell) > 1 else []
            where = " ".join([*([] if own else [regions[cell[-1]]]), *year]) or None
            findings.append(Finding("error", "negative_denominator", message, where, None, leaf.denominator))
    if findings:
        hint = tr("a denominator is 0 or more: correct it, or leave it blank, and the value is missing")
        raise InputError(tr("denominators are negative"), hint=hint, findings=findings)


def _refuse_unknown_group(index: Index, auxiliary: Auxiliary) -> None:
    """Raise UsageError for a column of groups that is not there, also where nothing is missing this time."""
    for rule in dict.fromkeys(index.imputations):
        if "group" in IMPUTATIONS.find(rule.method).keys and rule.group not in auxiliary.groups:
            hint = tr("name a column of words in the table of values")
            raise UsageError(
                tr("imputation by group needs the column {group!r}, which is in no table", group=rule.group), hint=hint
            )


def _imputed(index: Index, values: FloatArray, auxiliary: Auxiliary) -> FloatArray:
    """The values with the gaps of every indicator filled by its rule."""
    filled = values.copy()
    for rule, places in places_by_rule(index.imputations).items():
        groups = None if rule.group is None else auxiliary.groups[rule.group]
        at = ImputeInput(rule, groups, auxiliary.years)
        filled[..., places] = IMPUTATIONS.find(rule.method).function(values[..., places], at)
    return filled


def _refuse_missing(index: Index, lacking: BoolArray, regions: Sequence[str], years: Sequence[int] | None) -> None:
    if not lacking.any():
        return
    cells = {(row_of(cell, regions, years), cell[-1]): None for cell in np.argwhere(lacking).tolist()}
    findings = [
        Finding("error", "missing_value", tr("there is no value"), row, None, index.leaves[column].code)
        for row, column in cells
    ]
    hint = tr('impute them ([imputation]), leave the regions out ([screening]), or set rule = "skip" in [missing]')
    raise InputError(_how_many_missing(len(findings)), hint=hint, findings=findings)


def _how_many_missing(count: int) -> str:
    return tr_count(
        "{count} value is missing, and this index does not allow that",
        "{count} values are missing, and this index does not allow that",
        count,
    )


def denominate(values: FloatArray, denominators: Mapping[str, FloatArray], by: Sequence[str | None]) -> FloatArray:
    """`(..., regions, columns)` with each column divided by its denominator `(..., regions)`, named by `by`.

    `SHARE_OF_TOTAL` divides by the sum of the column's present values. NaN where the denominator is missing or 0: a
    value per nothing is no number, so it is missing and not infinite (COINr returns the infinity). COINr `Denominate`.
    """
    divided = values.astype(np.float64, copy=True)
    for place, name in enumerate(by):
        if name is not None:
            column = _total(values[..., place]) if name == SHARE_OF_TOTAL else denominators[name]
            with np.errstate(divide="ignore", invalid="ignore"):
                divided[..., place] = np.where(column == 0, np.nan, divided[..., place] / column)
    return divided


def _total(column: FloatArray) -> FloatArray:
    total: FloatArray = np.nansum(column, axis=-1, keepdims=True)
    return total
