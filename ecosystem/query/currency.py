"""A query file as a dataset in another currency takes it: its amounts, its unit and its words are in that currency."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from ecosystem.messages import in_language
from ecosystem.model import CURRENCY, Model
from ecosystem.query.query_file import F
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import map_children
from ecosystem.query.tree import FieldOf, LinkPattern, NodePattern, PropertyOf

_N = TypeVar("_N", bound=SyntaxNode)
_YUAN = re.compile("(?<=[百千万亿])元")


def in_currency(file: F, model: Model) -> F:
    """The file for a dataset of this model; itself where it asks no amount, or the currency is that of the shipped one.

    So `sum(t.amount_cny_m)` of CNY million is `sum(t.amount_usd_m)` of USD million where all is in USD. A number with
    which an amount is compared stays as it is: at least 100 million are 100 million of the dataset's currency.
    """
    if model.currency == CURRENCY:
        return file
    query = _renamed(file.query, model)
    if query == file.query:
        return file
    return replace(
        file,
        query=query,
        unit=in_other_currency(file.unit, model),
        title_en=in_other_currency(file.title_en, model),
        title_zh=_in_chinese(file.title_zh, model),
        definition_en=in_other_currency(file.definition_en, model),
        definition_zh=_in_chinese(file.definition_zh, model),
    )


def in_other_currency(text: str, model: Model) -> str:
    """A unit or an English text with the currency of a model: `USD million` for `CNY million`."""
    return re.sub(rf"\b{CURRENCY}\b", model.currency, text)


def _in_chinese(text: str, model: Model) -> str:
    unit = in_language("zh", f"{model.currency} million", "unit")
    name = unit.removeprefix("百万") if unit.startswith("百万") else f" {model.currency}"
    return _YUAN.sub(name, text)


def _renamed(node: _N, model: Model) -> _N:
    """The tree with every amount called as the model calls it."""
    changed = map_children(node, lambda child: _renamed(child, model))
    if isinstance(changed, PropertyOf | FieldOf):
        return replace(changed, name=model.in_currency(changed.name))
    if isinstance(changed, NodePattern | LinkPattern):
        return replace(changed, properties=tuple((model.in_currency(name), one) for name, one in changed.properties))
    return changed
