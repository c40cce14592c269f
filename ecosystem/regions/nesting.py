"""How the regions of a file lie in each other: parents, depth, cycles and members of groups, each fault a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecosystem.errors import Finding, Severity, did_you_mean
from ecosystem.messages import tr
from ecosystem.regions.hierarchy import GROUP, SEPARATOR

MOST_DEEP = 100
"""How many regions may lie one in the other."""

Cells = Mapping[str, str | None]


@dataclass(slots=True)
class Faults:
    """The findings of one file, as they are collected."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> None:
        """Note a finding of the file; a long value is cut."""
        short = value[:80] if value is not None else None
        self.findings.append(Finding(severity, code, message, self.file, row, column, short, hint))

    @property
    def fatal(self) -> bool:
        """True where the file cannot be used."""
        return any(finding.severity == "error" for finding in self.findings)


Kept = dict[str, tuple[int, Cells]]
"""Per id the line and the cells of its first row."""


def check_parents(kept: Kept, faults: Faults) -> None:
    """Note parents that are not there, that are groups, that lie too deep or in a circle."""
    for region, (line, cells) in kept.items():
        parent = cells.get("parent")
        if parent is None:
            continue
        if cells["level"] == GROUP:
            message, hint = (
                tr("the group {region!r} has a parent", region=region),
                tr("a group has members and no parent"),
            )
            faults.add("group_parent", message, row=line, column="parent", value=parent, hint=hint)
        elif parent not in kept:
            message, hint = (
                tr("the parent {parent!r} of {region!r} does not exist", parent=parent, region=region),
                did_you_mean(parent, kept),
            )
            faults.add("unknown_parent", message, row=line, column="parent", value=parent, hint=hint)
        elif kept[parent][1]["level"] == GROUP:
            message, hint = (
                tr("the parent {parent!r} of {region!r} is a group", parent=parent, region=region),
                tr("list {region!r} in the group's members", region=region),
            )
            faults.add("group_as_parent", message, row=line, column="parent", value=parent, hint=hint)
    _check_depth(kept, faults)
    for cycle in _cycles({region: cells.get("parent") for region, (_, cells) in kept.items()}):
        message = tr("regions lie in each other: {cycle}", cycle=" → ".join([*cycle, cycle[0]]))
        faults.add("region_cycle", message, row=kept[cycle[0]][0], column="parent", value=cycle[0])


def _check_depth(kept: Kept, faults: Faults) -> None:
    """An error for the first region that lies too deep: each region is counted for all that it lies in."""
    depths: dict[str, int] = {}
    for region in kept:
        path: dict[str, None] = {}
        here: str | None = region
        while here in kept and here not in depths and here not in path:
            path[here] = None
            here = kept[here][1].get("parent")
        above = depths.get(here or "", 0)
        for place, below in enumerate(reversed(path), start=above + 1):
            depths[below] = place
            if place > MOST_DEEP:
                message = tr(
                    "{region!r} is nested {depth} regions deep; at most {limit} are allowed",
                    region=below,
                    depth=place - 1,
                    limit=MOST_DEEP,
                )
                hint = tr("give it a parent that is less deep")
                faults.add("too_deep", message, row=kept[below][0], column="parent", value=below, hint=hint)
                return


def _cycles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The cycles, each once, beginning with its first region in file order."""
    cycles, done = [], set[str]()
    for start in parents:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = parents.get(here)
        if here in path:
            walked = list(path)
            cycles.append(walked[walked.index(here) :])
        done.update(path)
    return [_turned(cycle, parents) for cycle in cycles]


def _turned(cycle: list[str], parents: Mapping[str, str | None]) -> list[str]:
    first = cycle.index(next(region for region in parents if region in cycle))
    return cycle[first:] + cycle[:first]


def check_members(kept: Kept, faults: Faults) -> None:
    """Note groups without members, members of what is no group, and members that are not there or are groups."""
    for region, (line, cells) in kept.items():
        members = split_cell(cells.get("members"))
        if cells["level"] == GROUP and not members:
            hint = tr("member ids separated by {separator}", separator=SEPARATOR)
            faults.add(
                "empty_group",
                tr("the group {region!r} has no members", region=region),
                row=line,
                column="members",
                hint=hint,
            )
        if cells["level"] != GROUP and members:
            message, hint = (
                tr("{region!r} has members, but is not a group", region=region),
                tr("set its level to {group}, or delete the members", group=GROUP),
            )
            faults.add("members_of_no_group", message, row=line, column="members", value=cells["members"], hint=hint)
            continue
        for member in members:
            if member not in kept:
                message, hint = (
                    tr("the member {member!r} of {region!r} does not exist", member=member, region=region),
                    did_you_mean(member, kept),
                )
                faults.add("unknown_member", message, row=line, column="members", value=member, hint=hint)
            elif kept[member][1]["level"] == GROUP:
                message, hint = (
                    tr("the member {member!r} of {region!r} is a group", member=member, region=region),
                    tr("list the members of that group instead"),
                )
                faults.add("group_of_groups", message, row=line, column="members", value=member, hint=hint)


def split_cell(cell: str | None) -> tuple[str, ...]:
    """The parts of a cell, each once."""
    return tuple(dict.fromkeys(part.strip() for part in (cell or "").split(SEPARATOR) if part.strip()))
