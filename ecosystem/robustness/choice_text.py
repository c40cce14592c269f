"""What varies in words: each rule and its alternatives as people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecosystem.headings import heading
from ecosystem.index.method import Methods
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.messages import listed, spoken, tr
from ecosystem.robustness.choices import OWN, TABLES, Alternatives, Choice, WeightNoise

STEPS: Mapping[str, Methods[Any]] = {
    "normalise": NORMALISATIONS,
    "aggregate": AGGREGATIONS,
    "weights": WEIGHTINGS,
    "treat": TREATMENTS,
    "impute": IMPUTATIONS,
    "rescale": RESCALINGS,
}
"""The methods of each rule that varies by a list."""


def describe_choice(choice: Choice) -> str:
    """A choice in a few words."""
    if isinstance(choice, Alternatives):
        words = listed(describe_alternative(choice.name, word) for word in choice.words)
        return tr("{rule} {words}", rule=choice_name(choice.name, spoken()), words=words)
    if isinstance(choice, WeightNoise):
        levels = ", ".join(map(str, choice.levels))
        return tr("weights of level {levels} by {spread:.0%} up or down", levels=levels, spread=choice.spread)
    if choice.concentration is None:
        return tr("weights of level {level} uniform on the simplex", level=choice.level)
    facts = {"level": choice.level, "concentration": choice.concentration}
    return tr("weights of level {level} by a Dirichlet law of concentration {concentration:g}", **facts)


def choice_name(name: str, lang: str) -> str:
    """What a choice is called: the rule in words, weights with their level behind them; an entry as it is written."""
    rule, at, level = name.partition("@")
    if rule not in TABLES:
        return name
    return heading("weight" if rule == "weights" else TABLES[rule], lang) + at + level


def describe_alternative(rule: str, word: str) -> str:
    """An alternative of a rule: a method by its name in the language, with what is set behind it; else as written."""
    if word == OWN:
        return tr("as the index has it")
    if word in ("on", "off") and rule in STEPS:
        return tr("on") if word == "on" else tr("off")
    code, sign, rest = word.partition("(" if "(" in word else ":")
    methods = STEPS.get(rule)
    if methods is None or code not in methods.by_name:
        return word
    return f"{methods.find(code).title}{sign}{rest}"
