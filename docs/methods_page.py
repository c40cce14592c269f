"""The page of methods in two languages: every method of every step, from the tables where the engine looks them up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecosystem.index.method import Method, Methods
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS, Normaliser
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.messages import speaking, tr

STEPS: tuple[tuple[str, str, str, str, str, Methods[Any]], ...] = (
    (
        "Transformation",
        "变换",
        "`transformation` of `[indicator.CODE]`",
        "x is a value; targets and goalposts under `ln`, `log10` or `sqrt` are written in the unit of x.",
        "x 是数值；使用 `ln`、`log10`、`sqrt` 时，目标值和阈值用 x 的单位书写。",
        TRANSFORMATIONS,
    ),
    ("Imputation", "插补", "`[imputation]`, `--impute`", "", "", IMPUTATIONS),
    (
        "Treatment",
        "离群值处理",
        "`[treatment]`, `--treat`",
        "m and M are the least and the greatest value.",
        "m 和 M 是最小值与最大值。",
        TREATMENTS,
    ),
    (
        "Normalisation",
        "标准化",
        "`[normalisation]`, `--normalise`",
        "x is a value, min and max are those of its column; a direction of -1 turns every method.",
        "x 是数值，min 和 max 是该列的最小值与最大值；方向为 -1 时每种方法都反转。",
        NORMALISATIONS,
    ),
    (
        "Weighting",
        "赋权",
        "`[weighting]`, `--weights`",
        "Weights of the data look at min-max scores.",
        "由数据得到的权重使用最小最大得分。",
        WEIGHTINGS,
    ),
    (
        "Aggregation",
        "合成",
        "`[aggregation]`, `--aggregate`",
        "x are the scores of the parts, w their weights, which count in proportion to the siblings'.",
        "x 是各组成部分的得分，w 是它们的权重，按在同级中的比例计。",
        AGGREGATIONS,
    ),
    (
        "Missing values",
        "缺失值规则",
        "`[missing]`",
        "What a value does that is missing after imputation.",
        "插补之后仍缺失的数值怎样处理。",
        MISSING_RULES,
    ),
    (
        "Last step",
        "最后一步",
        "`[rescaling]`, `--rescale`",
        "x is a score of the index, or of a pillar that is no indicator, among the regions; or of a group, among the "
        "groups. It is applied to total and pillars alone.",
        "x 是指数的得分，或本身不是指标的一级指标的得分，在各地区之间比较；经济圈则在各圈之间。只用于总分和一级指标。",
        RESCALINGS,
    ),
    ("Ties", "并列名次", "`[ties]`", "", "", TIES),
    ("Tiers", "梯队", "`[tiers]`, `--tiers`", "", "", TIERS),
)


def methods_page(note: str, lang: str) -> str:
    """A table of methods for each step, in a language."""
    if lang == "zh":
        intro = "指数的每个步骤可以使用的方法；何时使用、为什么，见[方法说明](index.md)。"
        head = f"# 方法一览\n\n{note}\n[English](../methods.md)\n\n{intro}\n"
    else:
        intro = "What each step of an index can do; [method notes](index.md) say when and why."
        head = f"# Methods\n\n{note}\n[中文](zh/methods.md)\n\n{intro}\n"
    with speaking(lang):
        return "\n".join([head, *("\n".join(_section(*step, lang)) for step in STEPS)])


def _section(
    title: str, chinese: str, where: str, words: str, in_chinese: str, table: Methods[Any], lang: str
) -> Iterator[str]:
    rows = list(table.by_name.values())
    columns = [name for name, cell in _COLUMNS.items() if any(cell(row) for row in rows)]
    if lang == "zh":
        yield f"## {chinese} · {title}\n\n{where.replace(' of ', '，').replace(', ', '、')}。{in_chinese}\n"
    else:
        yield f"## {title} · {chinese}\n\n{where}. {words}".rstrip() + "\n"
    yield f"| {' | '.join(_CHINESE[name] if lang == 'zh' else name for name in columns)} |\n|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(_COLUMNS[name](row).replace('|', chr(92) + '|') for name in columns)} |"
    yield ""


def _constant(row: Method[Any]) -> str:
    return tr(row.constant) if isinstance(row, Normaliser) and row.constant else ""


def _needs(row: Method[Any]) -> str:
    return _codes(row.needs) if isinstance(row, Normaliser) else ""


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_COLUMNS = {
    "method": lambda row: f"`{row.name}`",
    "中文": lambda row: row.zh,
    "what it gives": lambda row: tr(row.en),
    "keys": lambda row: _codes(row.keys),
    "columns": _needs,
    "a constant column": _constant,
    "undefined": lambda row: row.undefined and tr(row.undefined),
    "COINr": lambda row: row.coinr and f"`{row.coinr}`",
}
_CHINESE = {
    "method": "方法",
    "中文": "名称",
    "what it gives": "结果",
    "keys": "键",
    "columns": "列",
    "a constant column": "常数列",
    "undefined": "没有定义时",
    "COINr": "COINr",
}
