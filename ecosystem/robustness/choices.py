"""What varies: the terms of `--vary` read into choices, each a list of alternatives or a law of weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index import Index
from ecosystem.index.files.entries import entry_names, with_entry
from ecosystem.index.files.weight_files import read_weights
from ecosystem.index.override import override, with_weights
from ecosystem.index.rules import Screening
from ecosystem.messages import tr
from ecosystem.tables.reader import is_table

OWN = "own"
"""The alternative that leaves a rule as the index has it."""
METHODS = ("normalise", "aggregate", "weights", "treat", "impute", "rescale")
"""The rules that vary by a list of methods, called as the options of `score` are."""
TABLES = {
    "normalise": "normalisation",
    "aggregate": "aggregation",
    "weights": "weighting",
    "treat": "treatment",
    "impute": "imputation",
    "rescale": "rescaling",
}
"""Under which table of `index.toml` the parameters of a method stand."""
REGIONS = "regions"
"""Which regions are ranked: all of them (`own`), or those of a group."""
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
    """`normalise:minmax,zscore`; a bar parts alternatives that have a comma of their own outside brackets."""
    name, colon, rest = term.partition(":")
    words = tuple(filter(None, _split(rest, "|" if "|" in rest else ",")))
    if not colon or not words:
        message = tr("{term!r} does not say what {name} may be", term=term, name=name)
        raise UsageError(message, hint=tr("write NAME:ALTERNATIVE,ALTERNATIVE, for example normalise:minmax,zscore"))
    return name, words


def _split(text: str, mark: str) -> list[str]:
    """A text cut at a mark, though not within brackets."""
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == mark and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _choice(name: str, words: tuple[str, ...], index: Index) -> Choice:
    known = [*METHODS, REGIONS, *entry_names(index)]
    if name not in known:
        raise UsageError(tr("{name!r} is nothing that can vary", name=name), hint=did_you_mean(name, known))
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
    levels = tuple(_level(each, index) for each in level.split("+")) if level else _levels(index)
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
    words = {name: _word(index, name, word) for name, word in setting.items()}
    given = {name: word for name, word in words.items() if word != OWN}
    methods = {name: _plain(word) for name, word in given.items() if name in METHODS}
    weights = methods.get("weights", "")
    if is_table(weights):
        index = with_weights(index, read_weights(Path(weights)), weights)
        del methods["weights"]
    index = override(index, **methods)
    for name, word in given.items():
        if name == REGIONS:
            index = _only(index, word)
        for entry, value in _entries(name, word):
            index = with_entry(index, entry, value)
    return index


def _plain(word: str) -> str:
    """The method of `zscore(mean=10,sd=2)`."""
    return word.partition("(")[0]


def _entries(name: str, word: str) -> Iterable[tuple[str, str]]:
    """The entries that an alternative sets: its own, or those in the brackets behind a method."""
    if name in TABLES and "(" in word:
        inside = word.partition("(")[2].removesuffix(")")
        for part in _split(inside, ","):
            key, equals, value = part.partition("=")
            if not equals:
                message = tr("{word!r} does not say what {part!r} is", word=word, part=part)
                raise UsageError(
                    message, hint=tr("write METHOD(KEY=VALUE,KEY=VALUE), for example zscore(mean=10,sd=2)")
                )
            yield f"{TABLES[name]}.{key.strip()}", value.strip()
    elif "." in name:
        yield name, word


def _only(index: Index, word: str) -> Index:
    """The index that ranks the regions of one group alone: the others are screened out, and move nobody's scale."""
    groups = {group.id: group for level in index.levels.values() for group in level.groups}
    names = {name: group.id for group in groups.values() for name in (group.id, group.name.zh, group.name.en)}
    if word not in names:
        raise UsageError(tr("{word!r} is no group of the index", word=word), hint=did_you_mean(word, [OWN, *names]))
    members = groups[names[word]].members
    old = index.screening or Screening(None)
    others = tuple(dict.fromkeys(r for level in index.levels.values() for r in level.regions if r not in members))
    return replace(index, screening=replace(old, drop=(*old.drop, *others)))


def _word(index: Index, name: str, word: str) -> str:
    """`off` as the method `none`, `on` as the index's own method or else the usual one."""
    if name in _OFF and word == "off":
        return "none"
    if name in _OFF and word == "on":
        own: str = getattr(index, _OFF[name]).method
        return _USUAL[name] if own == "none" else OWN
    return word
