"""The weights of a whole index from pairwise judgements: a matrix for each parent, their consistency, one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ecosystem.errors import Finding, InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.steps.ahp import CONSISTENT, Judgement, RandomIndex, ahp
from ecosystem.messages import tr

Judgements = Mapping[str, tuple[tuple[str, ...], FloatArray]]
"""By the code or the name of a parent its items, by code or name too, and their judgements `(items, items)`."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedParent:
    """A parent, the parts of it that were judged against each other, by code, and what came of it."""

    parent: str
    items: tuple[str, ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True, eq=False)
class JudgedWeights:
    """What was judged, and by code the weight of every part in the whole index: the product down the hierarchy."""

    judged: tuple[JudgedParent, ...]
    weights: Mapping[str, float]

    def ratio_of(self, code: str) -> float | None:
        """The consistency ratio of the judgements under a parent; None where there are none, or it is not known."""
        return next((each.judgement.ratio for each in self.judged if each.parent == code), None)


def judged_weights(
    index: Index,
    judgements: Judgements,
    *,
    random_index: RandomIndex = "saaty",
    max_ratio: float = CONSISTENT,
    whole: bool = True,
) -> JudgedWeights:
    """The weights that judgements give the parts of an index (Saaty 1980).

    A matrix compares the parts of its parent, or all that lie one or more levels further below it: the parts between
    then have the sum of theirs. A parent of one part needs none. With `whole` all others do; else the parts of a parent
    without a matrix keep their weights against each other. InputError with every fault: no such parent, other items, no
    judgements, a consistency ratio above `max_ratio`, a parent that lacks a matrix, or has one that nothing asks for.
    """
    findings: list[Finding] = []
    judged: dict[str, JudgedParent] = {}
    for name, (items, matrix) in judgements.items():
        try:
            each = _judged(index, name, items, matrix, random_index)
            if each.parent in judged:
                message = tr("{parent!r} has judgements twice", parent=each.parent)
                findings.append(Finding("error", "parent_twice", message, name))
            judged[each.parent] = each
        except InputError as err:
            findings += [Finding("error", one.code, one.message, name, hint=one.hint) for one in err.findings]
    findings += _inconsistent(judged.values(), max_ratio)
    weights: dict[str, float] = {}
    lacking: list[str] = []
    _spread(index, index.top, 1.0, judged, weights, lacking)
    used = {code for code in judged if code in weights and not _inside(index, code, judged)}
    if not findings:
        findings += [_unused(code) for code in judged if code not in used]
        findings += _lacking(index, lacking) if whole else []
    if findings:
        hint = tr("a matrix for each parent: its name is the code or the name of the parent, its items are the parts")
        raise InputError(tr("the judgements do not weigh index {id}", id=index.id), hint=hint, findings=findings)
    return JudgedWeights(tuple(judged.values()), {part.code: weights[part.code] for part in index.indicators})


def judged_table(index: Index, found: JudgedWeights) -> pd.DataFrame:
    """A row per part: code, parent, level, `share` among the parts of its parent, `weight` in the whole index."""
    rows = []
    for part in index.indicators:
        above = found.weights[part.parent] if part.parent is not None else 1.0
        weight = found.weights[part.code]
        rows.append((part.code, part.parent, part.level, weight / above if above > 0 else 0.0, weight))
    return pd.DataFrame(rows, columns=["code", "parent", "level", "share", "weight"])


def parent_judged(index: Index, items: Sequence[str]) -> str:
    """The lowest part of an index under which all these items lie. InputError where there is none."""
    for level in range(2, index.depth + 1):
        for parent in index.at(level):
            if _at_one_level(index, parent, items):
                return parent.code
    names = ", ".join(part.code for part in index.pillars)
    message = tr("no part of {id} has exactly these parts: {items}", id=index.id, items=", ".join(items))
    raise InputError(message, hint=tr("its pillars are {names}", names=names))


def _judged(
    index: Index, name: str, items: Sequence[str], matrix: FloatArray, random_index: RandomIndex
) -> JudgedParent:
    try:
        code = index.code_of(name)
    except UsageError as err:
        raise _refused("unknown_parent", err.message, err.hint) from err
    parent = next((part for part in index.indicators if part.code == code and part.level > 1), None)
    if parent is None:
        known = ", ".join(part.code for part in index.indicators if part.level > 1)
        raise _refused(
            "unknown_parent", tr("{id} has no part {name!r} with parts of its own", id=index.id, name=name), known
        )
    codes = _at_one_level(index, parent, items)
    if codes is None:
        wanted = ", ".join(part.code for part in index.at(parent.level - 1) if part.parent == parent.code)
        message = tr("the items are not the parts of {parent}: {items}", parent=parent.code, items=", ".join(items))
        raise _refused("other_items", message, tr("its parts are {names}", names=wanted))
    return JudgedParent(parent.code, codes, ahp(matrix, random_index, codes))


def _refused(code: str, message: str, hint: str | None) -> InputError:
    return InputError(message, findings=[Finding("error", code, message, hint=hint)])


def _at_one_level(index: Index, parent: Indicator, items: Sequence[str]) -> tuple[str, ...] | None:
    """The codes of the items, which are all the parts of the parent at one level below it; None where they are not."""
    for level in range(parent.level - 1, 0, -1):
        below = [part for part in index.at(level) if parent.code in index.ancestors(part)]
        words: dict[str, str] = {}
        for part in below:
            for word in (part.code, part.name.zh, part.name.en):
                words.setdefault(word.casefold(), part.code)
        codes = tuple(words.get(item.strip().casefold(), "") for item in items)
        if len(codes) == len(below) and set(codes) == {part.code for part in below}:
            return codes
    return None


def _spread(
    index: Index,
    parent: Indicator,
    weight: float,
    judged: Mapping[str, JudgedParent],
    weights: dict[str, float],
    lacking: list[str],
) -> float:
    """Give a part its weight, and those below it theirs; `lacking` are the parents that nobody judged."""
    weights[parent.code] = weight
    if parent.level == 1:
        return weight
    rows = {part.code: part for part in index.indicators}
    if parent.code in judged:
        each = judged[parent.code]
        for code, share in zip(each.items, each.judgement.weights.tolist(), strict=True):
            _spread(index, rows[code], weight * share, judged, weights, lacking)
        for level in range(rows[each.items[0]].level + 1, parent.level):
            for between in index.at(level):
                if parent.code in index.ancestors(between):
                    weights[between.code] = sum(
                        weights[part.code] for part in index.at(level - 1) if part.parent == between.code
                    )
        return weight
    parts = [part for part in index.at(parent.level - 1) if part.parent == parent.code]
    if len(parts) > 1:
        lacking.append(parent.code)
    total = sum(part.weight for part in parts)
    for part in parts:
        share = part.weight / total if total > 0 else 1 / len(parts)
        _spread(index, part, weight * share, judged, weights, lacking)
    return weight


def _inside(index: Index, code: str, judged: Mapping[str, JudgedParent]) -> bool:
    """Whether the judgements of a part above already weigh what lies below this one."""
    rows = {part.code: part for part in index.indicators}
    above = index.ancestors(rows[code])
    return any(each.parent in above and rows[each.items[0]].level < rows[code].level for each in judged.values())


def _unused(code: str) -> Finding:
    message = tr("the parts of {code!r} are weighed by the judgements of a part above it already", code=code)
    return Finding("error", "judged_twice", message, hint=tr("leave one of the two matrices out"))


def _lacking(index: Index, lacking: Sequence[str]) -> Iterator[Finding]:
    for code in lacking:
        parts = ", ".join(part.code for part in index.indicators if part.parent == code)
        message = tr("there are no judgements of the parts of {code}: {parts}", code=code, parts=parts)
        yield Finding("error", "lacks_parent", message)


def _inconsistent(judged: Iterable[JudgedParent], limit: float) -> Iterator[Finding]:
    for each in judged:
        ratio = each.judgement.ratio
        if ratio is not None and ratio > limit:
            message = tr(
                "the judgements of {code} contradict each other: consistency ratio {ratio:.4f}, above {limit:g}",
                code=each.parent,
                ratio=ratio,
                limit=limit,
            )
            hint = tr("revise them, or let them pass with --max-ratio {ratio:.2f}", ratio=ratio + 0.005)
            yield Finding("error", "inconsistent", message, hint=hint)
