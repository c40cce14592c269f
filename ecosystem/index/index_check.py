"""Every finding about an index as a whole: hierarchy, weights, levels, sources, gaps, and the rules of its steps."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.method import NO_METHOD, Methods
from ecosystem.index.rules import Normalisation
from ecosystem.index.spec import EVERY, TOML_NAME, Group, Index, Indicator, Level, SourceKind
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS, along
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.index.structure import check_structure, check_weights, fault
from ecosystem.messages import tr, tr_later


def check_index(
    index: Index,
    *,
    known_sources: Mapping[SourceKind, Collection[str]] | None = None,
    known_regions: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Every finding about an index; errors first.

    `known_sources` names what exists, e.g. `{"metric": ids}`; a kind that it leaves out is not checked.
    `known_regions` are region ids; an unknown one is a warning, since a dataset may bring a hierarchy of its own.
    """
    structure = check_structure(index.indicators)
    broken = any(finding.severity == "error" for finding in structure)
    findings = [
        *structure,
        *([] if broken or index.aggregation.weights == "local" else check_weights(index.indicators)),
        *([] if broken else check_rules(index)),
        *check_levels(index.levels, known_regions),
        *_sources(index, known_sources or {}),
        *(Finding("info", "gap", gap.en, TOML_NAME, None, "gap") for gap in index.gaps),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


def check_levels(levels: Mapping[str, Level], known: Collection[str] | None = None) -> Iterator[Finding]:
    """Every finding about the ranked regions and the groups of the levels."""
    for level in levels.values():
        place = f"level.{level.name}.ranked"
        yield from _twice(level.regions, "region", place)
        yield from _twice([group.id for group in level.groups], "group", f"level.{level.name}.groups")
        for group in level.groups:
            yield from _members(group, level)
        if known is not None and level.regions != (EVERY,):
            yield from _unknown(level, known, place)


def _unknown(level: Level, known: Collection[str], place: str) -> Iterator[Finding]:
    """A warning for each region that the hierarchy lacks; one note where it has none of them."""
    unknown = [region for region in dict.fromkeys(level.regions) if region not in known]
    if unknown and len(unknown) == len(level.regions):
        message = tr(
            "none of the {count} ranked regions is in the region hierarchy: they are the index's own",
            count=len(unknown),
        )
        hint = tr("check them against a table with --values TABLE, or put them into regions.csv of the dataset")
        yield Finding("info", "own_regions", message, TOML_NAME, None, place, None, hint)
        return
    for region in unknown:
        message = tr("region {region!r} is not in the region hierarchy", region=region)
        yield Finding("warning", "unknown_region", message, TOML_NAME, None, place, None, did_you_mean(region, known))


def _members(group: Group, level: Level) -> Iterator[Finding]:
    place = f"level.{level.name}.groups.{group.id}"
    yield from _twice(group.members, "member", place)
    for member in group.members:
        if member not in level.regions:
            message = tr(
                "member {member!r} of {id!r} is not ranked at level {name!r}",
                member=member,
                id=group.id,
                name=level.name,
            )
            hint = did_you_mean(member, level.regions)
            yield Finding("error", "member_not_ranked", message, TOML_NAME, None, place, member, hint)


_TWICE = {
    "region": tr_later("region {name!r} is listed {count} times"),
    "group": tr_later("group {name!r} is listed {count} times"),
    "member": tr_later("member {name!r} is listed {count} times"),
}


def _twice(names: Sequence[str], noun: str, place: str) -> Iterator[Finding]:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        hint = tr("keep one of them")
        message = tr(_TWICE[noun], name=name, count=names.count(name))
        yield Finding("error", f"{noun}_twice", message, TOML_NAME, None, place, name, hint)


@runtime_checkable
class TellsWhy(Protocol):
    """Names of sources that can say why another is none of them."""

    def why_not(self, name: str) -> tuple[str, str | None] | None:
        """What is wrong with a name, and the next step; None where there is just nothing of the kind."""
        ...


def _sources(index: Index, known: Mapping[SourceKind, Collection[str]]) -> Iterator[Finding]:
    for indicator in index.leaves:
        source = indicator.source
        if source is not None and source.kind in known and source.name not in known[source.kind]:
            names = known[source.kind]
            told = names.why_not(source.name) if isinstance(names, TellsWhy) else None
            message = tr(
                "the source of {code!r} does not exist: {kind} {name!r}",
                kind=source.kind,
                name=source.name,
                code=indicator.code,
            )
            if told is not None:
                message = tr("the source of {code!r} cannot be: {reason}", code=indicator.code, reason=told[0])
            hint = did_you_mean(source.name, names) if told is None else told[1]
            yield fault(indicator, "unknown_source", "source", message, hint)


def check_rules(index: Index) -> Iterator[Finding]:
    """Every rule that needs what the index lacks, or that does not work with another rule."""
    unknown = [*_methods(index), *_own_aggregations(index)]
    if unknown:
        yield from unknown
        return
    yield from _levels(index)
    yield from _parameters(index)
    yield from _means(index)
    yield from _names(index)


def _methods(index: Index) -> Iterator[Finding]:
    """An error for every method that its table does not have; an index that is read from a file has none."""
    named: list[tuple[str, Methods[Any], str]] = [
        ("normalisation.method", NORMALISATIONS, index.normalisation.method),
        *(("aggregation.method", AGGREGATIONS, method) for method in dict.fromkeys(index.aggregation.methods)),
        ("missing.rule", MISSING_RULES, index.missing.rule),
        ("ties.method", TIES, index.ties.method),
        ("imputation.method", IMPUTATIONS, index.imputation.method),
        ("treatment.method", TREATMENTS, index.treatment.method),
        ("weighting.method", WEIGHTINGS, index.weighting.method),
        ("rescaling.method", RESCALINGS, index.rescaling.method),
        *([] if index.tiers is None else [("tiers.method", TIERS, index.tiers.method)]),
        *(method for leaf in index.leaves for method in _own_methods(leaf)),
    ]
    for place, table, name in named:
        if name not in table.by_name:
            message = tr(NO_METHOD, step=tr(table.step), name=name)
            yield _error("unknown_choice", message, place, did_you_mean(name, table.by_name))


def _own_aggregations(index: Index) -> Iterator[Finding]:
    """An error for every row whose own aggregation does not exist, has nothing to aggregate, or cannot be mixed."""
    for row in index.indicators:
        name = row.aggregation
        if name is None:
            continue
        if name not in AGGREGATIONS.by_name:
            hint = did_you_mean(name, AGGREGATIONS.by_name)
            yield fault(
                row, "unknown_choice", "aggregation", tr(NO_METHOD, step=tr(AGGREGATIONS.step), name=name), hint
            )
        elif row.level == 1:
            message = tr("indicator {code!r} has nothing under it to aggregate", code=row.code)
            yield fault(row, "idle_aggregation", "aggregation", message, tr("leave the cell blank"))
        elif "weighted_sum" in (name, index.aggregation.method) and name != index.aggregation.method:
            if name == "weighted_sum":
                message = tr("weighted_sum is for all levels, and not for {code!r} alone", code=row.code)
            else:
                message = tr("weighted_sum is for all levels, but {code!r} has {name}", code=row.code, name=name)
            yield fault(
                row, "mixed_aggregation", "aggregation", message, tr("use amean or sum instead of weighted_sum")
            )


def _own_methods(leaf: Indicator) -> Iterator[tuple[str, Methods[Any], str]]:
    own, place = leaf.own, f"indicator.{leaf.code}"
    yield from ((f"{place}.transformation", TRANSFORMATIONS, rule.method) for rule in own.transformation)
    for name, table, rule in (
        ("normalisation", NORMALISATIONS, own.normalisation),
        ("treatment", TREATMENTS, own.treatment),
        ("imputation", IMPUTATIONS, own.imputation),
    ):
        if rule is not None:
            yield f"{place}.{name}.method", table, rule.method


def _levels(index: Index) -> Iterator[Finding]:
    given, wanted = len(index.aggregation.by_level), index.depth - 1
    if given and given != wanted:
        message = tr(
            "by_level names {given} methods for {wanted} levels above the indicators", given=given, wanted=wanted
        )
        yield _error(
            "by_level",
            message,
            "aggregation.by_level",
            tr("name one method for each of the levels 2, 3, ... up to the top"),
        )


def _parameters(index: Index) -> Iterator[Finding]:
    for leaf, rule in zip(index.leaves, index.normalisations, strict=True):
        for name in NORMALISATIONS.find(rule.method).needs:
            if getattr(leaf, name) is None:
                message = tr("{method} needs the {name} of {code!r}", method=rule.method, name=name, code=leaf.code)
                hint = tr("fill the column {name!r}, in the unit of the indicator", name=name)
                yield fault(leaf, "missing_parameter", name, message, hint)
        for name in ("target", "lower", "upper"):
            number = getattr(leaf, name)
            if number is not None and not math.isfinite(along(leaf.own.transformation, number)):
                message = tr(
                    "the {name} of {code!r} is {number:g}, which its transformation cannot be applied to",
                    name=name,
                    code=leaf.code,
                    number=number,
                )
                hint = tr("write it in the unit of the indicator before its logarithm or root")
                yield fault(leaf, "bad_parameter", name, message, hint)
        if leaf.per is not None and leaf.denominator is None:
            message = tr("{code!r} is per {per:g}, but has no denominator", code=leaf.code, per=leaf.per)
            yield fault(
                leaf, "bad_parameter", "per", message, tr("fill the column 'denominator', or leave 'per' blank")
            )
        if leaf.lower is not None and leaf.upper is not None and leaf.lower >= leaf.upper:
            message = tr(
                "the lower goalpost of {code!r}, {lower:g}, is not below the upper one, {upper:g}",
                code=leaf.code,
                lower=leaf.lower,
                upper=leaf.upper,
            )
            hint = tr("lower is the smaller number, whatever the direction")
            yield fault(leaf, "bad_goalposts", "upper", message, hint)


def _means(index: Index) -> Iterator[Finding]:
    """Means that need scores above 0, on a scale that begins there."""
    rules = [rule for rule in dict.fromkeys(index.normalisations) if _begins_at_zero(rule)]
    rule, zero = rules[0] if rules else index.normalisation, bool(rules)
    for name in sorted({*index.aggregation.methods}):
        method = AGGREGATIONS.find(name)
        if method.refuses_zero and (zero or index.missing.rule == "zero"):
            need = tr(method.undefined)
            if zero:
                message = tr("{need}, and {method} gives the worst region 0", need=need, method=rule.method)
            else:
                message = tr("{need}, and a missing value scores 0", need=need)
            hint = tr('write range = [1, 100] under minmax, and rule = "skip" in [missing]')
            yield Finding("warning", "mean_of_zero", message, TOML_NAME, None, "aggregation.method", None, hint)


def _begins_at_zero(rule: Normalisation) -> bool:
    worst = NORMALISATIONS.find(rule.method).worst
    return worst is not None and worst(rule) <= 0


def _names(index: Index) -> Iterator[Finding]:
    ranked = {region for level in index.levels.values() for region in level.regions}
    named = [("normalisation.reference", index.normalisation.reference)]
    for leaf in index.leaves:
        if leaf.own.normalisation is not None:
            named.append((f"indicator.{leaf.code}.normalisation.reference", leaf.own.normalisation.reference))
    if index.screening is not None:
        named += [("screening", region) for region in (*index.screening.keep, *index.screening.drop)]
    for place, region in named:
        if region is not None and region not in ranked:
            message = tr("region {region!r} is not ranked", region=region)
            yield _error("unknown_region", message, place, did_you_mean(region, ranked))


def _error(code: str, message: str, place: str, hint: str) -> Finding:
    return Finding("error", code, message, TOML_NAME, None, place, None, hint)
