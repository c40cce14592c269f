"""Every finding about an index as a whole: its hierarchy, its weights, its levels, its sources, its gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.records import EVERY, Group, Index, Level, SourceKind
from ecosystem.index.rules_check import check_rules
from ecosystem.index.spec import TOML_NAME
from ecosystem.index.structure import check_structure, fault
from ecosystem.index.weights import check_weights


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
        message = f"the {len(unknown)} ranked regions are the index's own: the region hierarchy has none of them"
        hint = "check them against a table with --values TABLE, or bring them in regions.csv of the dataset"
        yield Finding("info", "own_regions", message, TOML_NAME, None, place, None, hint)
        return
    for region in unknown:
        message = f"region {region!r} is not in the region hierarchy"
        yield Finding("warning", "unknown_region", message, TOML_NAME, None, place, None, did_you_mean(region, known))


def _members(group: Group, level: Level) -> Iterator[Finding]:
    place = f"level.{level.name}.groups.{group.id}"
    yield from _twice(group.members, "member", place)
    for member in group.members:
        if member not in level.regions:
            message = f"member {member!r} of {group.id!r} is not ranked at level {level.name!r}"
            hint = did_you_mean(member, level.regions)
            yield Finding("error", "member_not_ranked", message, TOML_NAME, None, place, member, hint)


def _twice(names: Sequence[str], noun: str, place: str) -> Iterator[Finding]:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        hint = "take out all but one"
        message = f"{noun} {name!r} is listed {names.count(name)} times"
        yield Finding("error", f"{noun}_twice", message, TOML_NAME, None, place, name, hint)


def _sources(index: Index, known: Mapping[SourceKind, Collection[str]]) -> Iterator[Finding]:
    for indicator in index.leaves:
        source = indicator.source
        if source is not None and source.kind in known and source.name not in known[source.kind]:
            message = f"{source.kind} {source.name!r}, the source of {indicator.code!r}, does not exist"
            yield fault(indicator, "unknown_source", "source", message, did_you_mean(source.name, known[source.kind]))
