"""docs/methods.md: every method of every step of an index, from the tables that the engine looks them up in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecosystem.index.method import Method, Methods
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS, Normaliser
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS

STEPS: tuple[tuple[str, str, str, str, Methods[Any]], ...] = (
    (
        "Transformation",
        "变换",
        "`transformation` of `[indicator.CODE]`",
        "x is a value; targets and goalposts under `ln`, `log10` or `sqrt` are written in the unit of x.",
        TRANSFORMATIONS,
    ),
    ("Imputation", "插补", "`[imputation]`, `--impute`", "", IMPUTATIONS),
    (
        "Treatment",
        "异常值处理",
        "`[treatment]`, `--treat`",
        "m and M are the least and the greatest value.",
        TREATMENTS,
    ),
    (
        "Normalisation",
        "标准化",
        "`[normalisation]`, `--normalise`",
        "x is a value, min and max are those of its column; a direction of -1 turns every method.",
        NORMALISATIONS,
    ),
    ("Weighting", "赋权", "`[weighting]`, `--weights`", "Weights of the data look at min-max scores.", WEIGHTINGS),
    (
        "Aggregation",
        "集成",
        "`[aggregation]`, `--aggregate`",
        "x are the scores of the parts, w their weights, which count in proportion to the siblings'.",
        AGGREGATIONS,
    ),
    (
        "Missing values",
        "缺失值规则",
        "`[missing]`",
        "What a value does that is missing after imputation.",
        MISSING_RULES,
    ),
    ("Ties", "并列名次", "`[ties]`", "", TIES),
    ("Tiers", "梯队", "`[tiers]`, `--tiers`", "", TIERS),
)


def methods_page(note: str) -> str:
    """A table of methods for each step."""
    parts = [f"# Methods\n\n{note}\nWhat each step of an index can do; [method notes](index.md) say when and why.\n"]
    parts += ["\n".join(_section(*step)) for step in STEPS]
    return "\n".join(parts)


def _section(title: str, zh: str, where: str, words: str, table: Methods[Any]) -> Iterator[str]:
    rows = list(table.by_name.values())
    columns = [name for name, cell in _COLUMNS.items() if any(cell(row) for row in rows)]
    yield f"## {title} · {zh}\n\n{where}. {words}".rstrip() + "\n"
    yield f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(_COLUMNS[name](row).replace('|', chr(92) + '|') for name in columns)} |"
    yield ""


def _constant(row: Method[Any]) -> str:
    return row.constant if isinstance(row, Normaliser) else ""


def _needs(row: Method[Any]) -> str:
    return _codes(row.needs) if isinstance(row, Normaliser) else ""


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_COLUMNS = {
    "method": lambda row: f"`{row.name}`",
    "中文": lambda row: row.zh,
    "what it gives": lambda row: row.en,
    "keys": lambda row: _codes(row.keys),
    "columns": _needs,
    "a constant column": _constant,
    "undefined": lambda row: row.undefined,
    "COINr": lambda row: row.coinr and f"`{row.coinr}`",
}
