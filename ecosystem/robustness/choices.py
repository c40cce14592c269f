"""What varies: the terms of `--vary` read into choices, each a list of alternatives or a law of weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index import Index
from ecosystem.index.files.weight_files import read_weights
from ecosystem.index.override import override, with_weights
from ecosystem.messages import tr
from ecosystem.tables.reader import SUFFIXES

OWN = "own"
"""The alternative that leaves a rule as the index has it."""
METHODS = ("normalise", "aggregate", "weights", "treat", "impute", "rescale")
"""The rules that vary by a list of methods, called as the options of `score` are."""
DIRICHLET = "dirichlet"
_OFF = {"treat": "treatment", "impute": "imputation"}
"""The rules that can be on or off, and what the index calls them."""
_USUAL = {"treat": "winsorise", "impute": "median"}


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A rule that is one of a list in each draw, every alternative as likely as the others."""

    name: str
    words: tuple[str, ...]

    @property
    def dimensions(self) -> int:
        """How many random numbers a draw of it takes."""
        return 1


@dataclass(frozen=True, slots=True)
class WeightNoise:
    """Weights times 1 + u, u uniform within the spread to either side, at these levels of the hierarchy."""

    name: str
    spread: float
    levels: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def dimensions(self) -> int:
        """A random number for each weight."""
        return sum(self.sizes)


@dataclass(frozen=True, slots=True)
class WeightSimplex:
    """Weights from a Dirichlet law at one level: around those of the index, or, without a concentration, uniform."""

    name: str
    concentration: float | None
    level: int
    size: int

    @property
    def dimensions(self) -> int:
        """A random number for each weight."""
        return self.size


Choice: TypeAlias = Alternatives | WeightNoise | WeightSimplex
Vary: TypeAlias = "Sequence[str] | Mapping[str, Sequence[str]] | str"
"""Terms such as `weights:0.25`, all of them in one text with spaces between, or alternatives by rule."""


def choices_of(vary: Vary, index: Index) -> tuple[Choice, ...]:
    """The choices that terms name, each tried on the index. UsageError for one that is unknown or makes no sense."""
    found: dict[str, Choice] = {}
    for name, words in _terms(vary):
        choice = _choice(name, words, index)
        if choice.name in found:
            raise UsageError(
                tr("{name} is to vary twice", name=choice.name), hint=tr("put all its alternatives into one list")
            )
        found[choice.name] = choice
    if not found:
        raise UsageError(tr("nothing is to vary"), hint=tr("for example weights:0.25 normalise:minmax,zscore"))
    return tuple(found.values())


def _terms(vary: Vary) -> Iterable[tuple[str, tuple[str, ...]]]:
    if isinstance(vary, Mapping):
        return [(name, tuple(words)) for name, words in vary.items()]
    terms = vary.split() if isinstance(vary, str) else [term for each in vary for term in each.split()]
    return [_term(term.replace("，", ",").replace("：", ":")) for term in terms]


def _term(term: str) -> tuple[str, tuple[str, ...]]:
    """`normalise:minmax,zscore`; where an alternative has a comma of its own, `rescale:minmax:0,100|none`."""
    name, colon, rest = term.partition(":")
    words = tuple(word for word in rest.split("|" if "|" in rest else ",") if word)
    if not colon or not words:
        message = tr("{term!r} does not say what {name} may be", term=term, name=name)
        raise UsageError(message, hint=tr("write NAME:ALTERNATIVE,ALTERNATIVE, for example normalise:minmax,zscore"))
    return name, words


def _choice(name: str, words: tuple[str, ...], index: Index) -> Choice:
    if name not in METHODS:
        raise UsageError(tr("{name!r} is nothing that can vary", name=name), hint=did_you_mean(name, METHODS))
    if name == "weights" and len(words) == 1:
        word, _, level = words[0].partition("@")
        if word.partition(":")[0] == DIRICHLET:
            return _simplex(word, level, index)
        if _is_number(word):
            return _noise(float(word), level, index)
    twice = [word for at, word in enumerate(words) if word in words[:at]]
    if twice:
        message = tr("{name} has the alternative {word!r} twice", name=name, word=twice[0])
        raise UsageError(message, hint=tr("each alternative is as likely as the others: name it once"))
    for word in words:
        applied(index, {name: word})
    return Alternatives(name, words)


def _noise(spread: float, level: str, index: Index) -> WeightNoise:
    if not 0 < spread <= 1:
        message = tr("weights cannot vary by {spread:g} to either side", spread=spread)
        raise UsageError(message, hint=tr("write a share above 0, and 1 at most: weights:0.25 is 25 % up or down"))
    levels = (_level(level, index),) if level else _levels(index)
    sizes = tuple(len(index.at(each)) for each in levels)
    return WeightNoise(f"weights@{level}" if level else "weights", spread, levels, sizes)


def _simplex(word: str, level: str, index: Index) -> WeightSimplex:
    _, colon, text = word.partition(":")
    concentration = float(text) if _is_number(text) else None
    if colon and (concentration is None or not 0 < concentration < math.inf):
        message = tr("the concentration of a Dirichlet law is a number above 0, not {text!r}", text=text)
        raise UsageError(message, hint=tr("weights:dirichlet:50; the greater, the nearer to the weights of the index"))
    at = _level(level, index) if level else 1
    return WeightSimplex(f"weights@{level}" if level else "weights", concentration, at, len(index.at(at)))


def _levels(index: Index) -> tuple[int, ...]:
    """The levels with weights of their own: all below the top where they count against siblings, else indicators."""
    return tuple(range(1, index.depth)) if index.aggregation.weights == "local" else (1,)


def _level(text: str, index: Index) -> int:
    if not (text.isdecimal() and 1 <= int(text) < index.depth):
        message = tr("{id} has no level {level!r} of weights", id=index.id, level=text)
        raise UsageError(message, hint=tr("levels are 1 (indicators) to {most}", most=index.depth - 1))
    return int(text)


def _is_number(text: str) -> bool:
    try:
        return not math.isnan(float(text))
    except ValueError:
        return False


def applied(index: Index, setting: Mapping[str, str]) -> Index:
    """The index with an alternative of every rule that varies by a list. UsageError names what is unknown."""
    given = {name: _word(index, name, word) for name, word in setting.items() if word != OWN}
    weights = given.get("weights", "")
    if Path(weights).suffix.lower() in SUFFIXES:
        index = with_weights(index, read_weights(Path(weights)), weights)
        del given["weights"]
    return override(index, **given)


def _word(index: Index, name: str, word: str) -> str:
    """`off` as the method `none`, `on` as the index's own method or else the usual one."""
    if name in _OFF and word == "off":
        return "none"
    if name in _OFF and word == "on":
        own: str = getattr(index, _OFF[name]).method
        return _USUAL[name] if own == "none" else own
    return word
