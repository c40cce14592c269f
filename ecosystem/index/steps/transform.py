"""Values transformed, each indicator by a rule of its own: logarithms, roots, shares, growth, a formula of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.formula import FUNCTIONS, Operation, Undefined, apply, compute, read_formula
from ecosystem.index.method import Key, Method, table_of
from ecosystem.index.rules import Transformation
from ecosystem.index.spec import TOML_NAME, Indicator
from ecosystem.messages import tr, tr_count, tr_later


@dataclass(frozen=True, slots=True, eq=False)
class TransformInput:
    """What a transformation may look at beside the values `(..., regions)`: its rule, every column of that shape.

    `earlier` are the values of the indicator itself `rule.over` years before, None where nothing tells them.
    """

    rule: Transformation
    columns: Mapping[str, FloatArray]
    earlier: FloatArray | None


Transformed: TypeAlias = tuple[FloatArray, list[Undefined]]
"""Values `(..., regions)`, NaN where one is missing or has no result, and where there is none."""

Transform: TypeAlias = Callable[[FloatArray, TransformInput], Transformed]


@dataclass(frozen=True, slots=True)
class Transformer(Method[Transform]):
    """A transformation. `first`: it makes the value, so that it stands before the denominator and any other.

    `along`: what it makes of one number, a target or a goalpost, None where these are written for its result.
    """

    first: bool = False
    along: Operation | None = None


def _pointwise(operation: Operation) -> Transform:
    def transform(values: FloatArray, at: TransformInput) -> Transformed:
        undefined: list[Undefined] = []
        return apply(operation, [values], undefined), undefined

    return transform


def _share(values: FloatArray, at: TransformInput) -> Transformed:
    undefined: list[Undefined] = []
    total = np.broadcast_to(np.nansum(values, axis=-1, keepdims=True), values.shape)
    return apply(_OF_TOTAL, [values, total], undefined), undefined


def _per_capita(values: FloatArray, at: TransformInput) -> Transformed:
    undefined: list[Undefined] = []
    denominator = at.columns[str(at.rule.by)]
    return apply(_PER, [values, denominator], undefined) * at.rule.per, undefined


def _growth(values: FloatArray, at: TransformInput) -> Transformed:
    before = at.earlier if at.rule.earlier is None else at.columns[at.rule.earlier]
    if before is None:
        raise ValueError("growth without values of an earlier year")
    undefined: list[Undefined] = []
    return apply(_GROWTH, [values, before], undefined), undefined


def _formula(values: FloatArray, at: TransformInput) -> Transformed:
    found, undefined = compute(read_formula(at.rule.formula), at.columns)
    return np.broadcast_to(found, values.shape).copy(), undefined


def _grown(now: FloatArray, before: FloatArray) -> FloatArray:
    return np.where(before > 0, now / before - 1, np.nan)


def _per(value: FloatArray, size: FloatArray) -> FloatArray:
    # more per a size below 0 is less: the order would turn unseen
    return np.where(size > 0, value / size, np.nan)


_PER = Operation(_per, 2, tr_later("division by a value that is not above 0"), 1)
_OF_TOTAL = Operation(_per, 2, tr_later("a share of a total that is not above 0"), 1)
_GROWTH = Operation(_grown, 2, tr_later("growth from a value that is not above 0"), 1)

TRANSFORMATIONS = table_of(
    "transformation",
    [
        Transformer(
            "ln", _pointwise(FUNCTIONS["ln"]), "自然对数", "the natural logarithm", undefined="values above 0 only",
            along=FUNCTIONS["ln"],
        ),
        Transformer(
            "log10", _pointwise(FUNCTIONS["log10"]), "常用对数", "the logarithm to base 10",
            undefined="values above 0 only", along=FUNCTIONS["log10"],
        ),
        Transformer(
            "sqrt", _pointwise(FUNCTIONS["sqrt"]), "平方根", "the square root", undefined="values from 0 up only",
            along=FUNCTIONS["sqrt"],
        ),
        Transformer(
            "per_capita", _per_capita, "人均（按另一列计）", "x / the column `by`, times `per`", ("by", "per"),
            "a column that is not above 0 in some region", "Denominate",
        ),
        Transformer(
            "share", _share, "占比", "x / the sum over the ranked regions", undefined="a sum that is not above 0",
        ),
        Transformer(
            "growth", _growth, "增长率",
            "x / the column `earlier` - 1; without it, the indicator itself `over` years before",
            ("earlier", "over"), "an earlier value that is not above 0", first=True,
        ),
        Transformer(
            "formula", _formula, "各列的算式", "`formula` of columns: + - * / ^ ( ), ln log10 sqrt exp abs min max",
            ("formula",), "division by zero; a root or a logarithm that is no number", first=True,
        ),
    ],
    [
        Key(
            "formula", lambda rule: rule.formula or None, lambda rule: rule.formula,
            'needs the formula: add formula = "exports / gdp"', "FORMULA"),
        Key(
            "by", lambda rule: rule.by, lambda rule: tr("by {column}", column=rule.by),
            'needs the column that it divides by: add by = "<column>"', "COLUMN"),
        Key("per", lambda rule: None if rule.per == 1 else rule.per, lambda rule: tr("per {per:g}", per=rule.per)),
        Key(
            "earlier", lambda rule: rule.earlier,
            lambda rule: tr("since {column}", column=rule.earlier) if rule.earlier else "",
            argument="COLUMN"),
        Key("over", lambda rule: None if rule.over == 1 else rule.over,
            lambda rule: (
                "" if rule.earlier else tr_count("over {count} year", "over {count} years", rule.over)
            )),
    ],
)  # fmt: skip
"""Every transformation of `[indicator.CODE]`."""


def columns_of(rules: Sequence[Transformation]) -> list[str]:
    """The columns that transformations look at beside the indicator, each once; FormulaError as `read_formula`."""
    found: dict[str, None] = {}
    for rule in rules:
        named = read_formula(rule.formula).columns if rule.formula else ()
        found |= dict.fromkeys([*named, *filter(None, (rule.by, rule.earlier))])
    return list(found)


def along(rules: Sequence[Transformation], number: float) -> float:
    """A target or a goalpost on the scale that the transformed values have; NaN where it has no place there.

    Those of an indicator under `ln` are written in its own unit, as in the Human Development Report: 100 and 75,000
    dollars.
    """
    value = np.array(number)
    for rule in rules:
        operation = TRANSFORMATIONS.find(rule.method).along
        value = value if operation is None else apply(operation, [value], [])
    return float(value)


Lost: TypeAlias = tuple[int, Undefined]
"""The place of an indicator, and where its transformation is undefined."""


def transform(
    leaves: Sequence[Indicator],
    values: FloatArray,
    columns: Mapping[str, FloatArray],
    earlier: Mapping[str, FloatArray],
    *,
    first: bool,
) -> tuple[FloatArray, list[Lost]]:
    """The values `(..., regions, indicators)` by the transformations that stand first, or by the others.

    `columns` and `earlier` go by name and by code. Where one is undefined the value is NaN, and told.
    """
    result, lost = values.astype(np.float64, copy=True), []
    for place, leaf in enumerate(leaves):
        for rule in leaf.own.transformation:
            method = TRANSFORMATIONS.find(rule.method)
            if method.first == first:
                beside = TransformInput(rule, columns, earlier.get(leaf.code))
                result[..., place], undefined = method.function(result[..., place], beside)
                lost += [(place, one) for one in undefined]
    return result, lost


def refuse_unknown_columns(
    leaves: Sequence[Indicator], columns: Mapping[str, FloatArray], earlier: Mapping[str, FloatArray]
) -> None:
    """Raise InputError for every column of a transformation that is not there, and for growth from no year."""
    findings = []
    for leaf in leaves:
        place = f"indicator.{leaf.code}.transformation"
        for name in columns_of(leaf.own.transformation):
            if name not in columns:
                message = tr(
                    "the transformation of {code!r} names the column {name!r}, which is in no table",
                    code=leaf.code,
                    name=name,
                )
                hint = did_you_mean(name, columns)
                findings.append(Finding("error", "no_column", message, TOML_NAME, None, place, None, hint))
        if leaf.code not in earlier and any(looks_back(rule) for rule in leaf.own.transformation):
            message = tr("the growth of {code!r} needs values of an earlier year", code=leaf.code)
            hint = tr("give a table with a column of years, or name the column of the earlier values: growth:COLUMN")
            findings.append(Finding("error", "no_earlier_year", message, TOML_NAME, None, place, None, hint))
    if findings:
        raise InputError(tr("columns that a transformation needs are missing"), findings=findings)


def looks_back(rule: Transformation) -> bool:
    """True for a transformation that needs values of an earlier year, which no column of the same year holds."""
    return "earlier" in TRANSFORMATIONS.find(rule.method).keys and rule.earlier is None


def refuse_undefined(
    leaves: Sequence[Indicator],
    lost: Sequence[Lost],
    excluded: BoolArray,
    regions: Sequence[str],
    years: Sequence[int] | None,
) -> None:
    """Raise InputError for every value of a ranked region that a transformation makes nothing of, each named once."""
    findings: dict[tuple[str, str], Finding] = {}
    for place, one in lost:
        code = leaves[place].code
        for cell in np.argwhere(one.where & ~excluded):
            region = regions[cell[-1]] if years is None else f"{regions[cell[-1]]} {years[cell[-2]]}"
            value = f"{one.value[tuple(cell)]:g}"
            message = tr("{code!r} is undefined: {why}: {value}", code=code, why=tr(one.why), value=value)
            findings.setdefault((region, code), Finding("error", "undefined", message, region, None, code, value))
    if findings:
        hint = tr("correct the value, leave it blank, or use another transformation for the indicator")
        message = tr_count(
            "{count} value has no result under its transformation",
            "{count} values have no result under their transformation",
            len(findings),
        )
        raise InputError(message, hint=hint, findings=list(findings.values()))
