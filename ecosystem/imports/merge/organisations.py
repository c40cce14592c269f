"""Which nodes of several sources are one organisation: by legal name, and by what the user has decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ecosystem.errors import Finding
from ecosystem.imports.merge.decisions import decided
from ecosystem.imports.merge.legal_names import SHORTEST, common_form, near_misses
from ecosystem.imports.merge.registers import Codes, believed_before, disagree, kinds_differ, same_codes
from ecosystem.imports.report import Pair
from ecosystem.messages import tr
from ecosystem.model import Model, kind_word

LEGAL_NAME = "legal_name"
"""The property by which organisations of different sources are the same; a mapping that sets it says so."""
_FIRMS = ("Company", "Investor")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A node with a legal name or a code in a register, as its source tells it.

    `source` is the place of the source among all; `country` is None where the source does not locate it. Where it has
    no legal name `name` is only shown.
    """

    id: str
    label: str
    name: str
    source: int
    country: str | None = None
    codes: Codes = field(default_factory=dict)
    legal: bool = True

    @property
    def kind(self) -> str:
        """Companies and investors may be one organisation; others only with their like."""
        return "firm" if self.label in _FIRMS else self.label


@dataclass(slots=True)
class Merging:
    """What is one node: `into` leads from an id to the id that stands for it, where that is another one."""

    into: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def merge_organisations(
    organisations: Sequence[Organisation],
    titles: Sequence[str],
    decisions: Sequence[Pair],
    known: Iterable[str],
    model: Model | None = None,
) -> Merging:
    """Organisations with the same code in a register, or the same legal name in common form, are one; the first stands.

    A name is not enough in different countries: Airbus SAS, GmbH and SA are three, and one of an unknown country is
    none of them; nor where a register has two codes for it. A pair that the user refuses is not merged by code or name,
    one that he accepts is. `known` are all ids of the dataset, `model` is its model.
    """
    merging = Merging(findings=kinds_differ(organisations, model))
    forms = [common_form(one.name) if one.legal else "" for one in organisations]
    named = [place for place, form in enumerate(forms) if len(form) >= SHORTEST]
    groups: dict[tuple[str, str], list[int]] = {}
    for place in named:
        groups.setdefault((organisations[place].kind, forms[place]), []).append(place)
    union = _Union(organisations)
    refused, accepted = decided(decisions, "refuse"), decided(decisions, "accept")
    lands = [_by_country(group, organisations) for group in groups.values()]
    same = [(land[0], other) for group in lands for land in group for other in land[1:]]
    abroad = [(group[0][0], land[0]) for group in lands for land in group[1:]]
    coded = _join_registered(organisations, union, refused)
    same = [pair for pair in same if pair not in coded]
    apart = _join_named(same, organisations, union, refused)
    _join_accepted(organisations, decisions, union, merging, set(known), model)
    firsts = [group[0] for group in groups.values()]
    near, skipped = near_misses(
        [forms[place] for place in firsts],
        [organisations[place].source for place in firsts],
        [organisations[place].kind for place in firsts],
    )
    if skipped:
        message = tr(
            "{skipped} beginnings of legal names are too common to look for near misses among them", skipped=skipped
        )
        merging.findings.append(Finding("info", "near_misses_skipped", message))
    told = [("same_code", 1.0, first, other) for first, other in coded]
    told += [("same_name_other_code" if pair in apart else "same_name", 1.0, *pair) for pair in same]
    told += [("same_name_abroad", 1.0, first, other) for first, other in abroad]
    told += [("near_miss", one.similarity, firsts[one.first], firsts[one.second]) for one in near]
    merging.into, merging.labels = union.result()
    words = dict.fromkeys(accepted, "accept") | dict.fromkeys(refused, "refuse")
    merging.pairs = [
        _pair(organisations[first], organisations[other], kind, similarity, titles, words, union.are_one(first, other))
        for kind, similarity, first, other in told
    ]
    merging.pairs += _others(decisions, merging.pairs, union)
    return merging


def _by_country(group: Sequence[int], organisations: Sequence[Organisation]) -> list[list[int]]:
    """The organisations of one name that may be one: all of them, unless they are known to be in several countries."""
    countries = dict.fromkeys(organisations[place].country for place in group)
    if len(countries.keys() - {None}) < 2:
        return [list(group)]
    lands = [[place for place in group if organisations[place].country == country] for country in countries if country]
    return lands + [[place] for place in group if organisations[place].country is None]


class _Union:
    """Sets of organisations that are one; the first in the order of the sources stands for its set."""

    def __init__(self, organisations: Sequence[Organisation]) -> None:
        self._all = organisations
        self._up = list(range(len(organisations)))
        self._codes = {place: dict(one.codes) for place, one in enumerate(organisations) if one.codes}
        self.places = {one.id: place for place, one in enumerate(organisations)}

    def find(self, place: int) -> int:
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place

    def join(self, first: int, other: int) -> None:
        low, high = sorted((self.find(first), self.find(other)))
        self._up[high] = low
        if low != high and (codes := self._codes.pop(high, None)):
            self._codes[low] = codes | self._codes.get(low, {})

    def codes(self, place: int) -> Codes:
        """The codes of an organisation and of those that are one with it."""
        return self._codes.get(self.find(place), {})

    def are_one(self, first: int, other: int) -> bool:
        return self.find(first) == self.find(other)

    def result(self) -> tuple[dict[str, str], dict[str, str]]:
        """Id -> the id that stands for it, and the label of each merged node: a company where one of them is."""
        into: dict[str, str] = {}
        labels: dict[str, str] = {}
        for place, one in enumerate(self._all):
            first = self._all[self.find(place)]
            if first is one:
                continue
            into[one.id] = first.id
            label = labels.get(first.id, first.label)
            labels[first.id] = "Company" if "Company" in (label, one.label) else label
        return into, labels


def _join_registered(
    organisations: Sequence[Organisation], union: _Union, refused: set[tuple[str, str]]
) -> dict[tuple[int, int], None]:
    """Join those that have the same code, unless a register that is believed before has two codes for them."""
    pairs: dict[tuple[int, int], None] = {}
    for register, first, other in same_codes(organisations):
        if disagree(union.codes(first), union.codes(other), believed_before(register)):
            continue
        pairs[first, other] = None
        if (organisations[first].id, organisations[other].id) not in refused:
            union.join(first, other)
    return pairs


def _join_named(
    same: Sequence[tuple[int, int]],
    organisations: Sequence[Organisation],
    union: _Union,
    refused: set[tuple[str, str]],
) -> set[tuple[int, int]]:
    """Join those of one name, but for the pairs for which a register has two codes: they are returned."""
    apart = set()
    for first, other in same:
        if disagree(union.codes(first), union.codes(other)):
            apart.add((first, other))
        elif (organisations[first].id, organisations[other].id) not in refused:
            union.join(first, other)
    return apart


def _join_accepted(
    organisations: Sequence[Organisation],
    decisions: Sequence[Pair],
    union: _Union,
    merging: Merging,
    known: set[str],
    model: Model | None,
) -> None:
    for pair in (one for one in decisions if one.decision == "accept"):
        first, other = union.places.get(pair.id_a), union.places.get(pair.id_b)
        if first is None or other is None:
            lost = [key for key in pair.key if key not in union.places]
            names = {"name_a": pair.name_a or pair.id_a, "name_b": pair.name_b or pair.id_b, "lost": ", ".join(lost)}
            message = (
                tr("{name_a} and {name_b} are not merged: {lost} has no legal name", **names)
                if set(lost) <= known
                else tr(
                    "{name_a} and {name_b} are not merged: {lost} is not in the dataset any more, or not yet", **names
                )
            )
            merging.findings.append(Finding("warning", "merge_not_possible", message))
        elif organisations[first].kind != organisations[other].kind:
            message = tr(
                "{name_a} and {name_b} are not merged: a {label_a} and {label_b} cannot be one node",
                name_a=pair.name_a,
                name_b=pair.name_b,
                label_a=kind_word(organisations[first].label, model),
                label_b=kind_word(organisations[other].label, model),
            )
            merging.findings.append(Finding("warning", "merge_not_possible", message))
        else:
            union.join(first, other)


def _pair(
    first: Organisation,
    other: Organisation,
    kind: str,
    similarity: float,
    titles: Sequence[str],
    words: Mapping[tuple[str, str], str],
    merged: bool,
) -> Pair:
    return Pair(
        words.get((first.id, other.id), ""),
        "yes" if merged else "no",
        kind,
        f"{similarity:g}",
        first.name,
        other.name,
        first.label,
        titles[first.source],
        titles[other.source],
        first.id,
        other.id,
    )


def _others(decisions: Sequence[Pair], pairs: Sequence[Pair], union: _Union) -> list[Pair]:
    """Decisions on pairs that are no candidates: they stay in the file, and say whether they hold."""
    seen = {key for pair in pairs for key in (pair.key, pair.key[::-1])}
    kept = []
    for pair in decisions:
        if pair.decision and pair.key not in seen:
            first, other = union.places.get(pair.id_a), union.places.get(pair.id_b)
            merged = first is not None and other is not None and union.are_one(first, other)
            told = {name: getattr(pair, name) for name in ("kind", "similarity", "name_a", "name_b", "label")}
            kept.append(
                Pair(
                    pair.decision,
                    "yes" if merged else "no",
                    **told,
                    source_a=pair.source_a,
                    source_b=pair.source_b,
                    id_a=pair.id_a,
                    id_b=pair.id_b,
                )
            )
    return kept
