"""The hierarchy that an import looks places up in: the user's, which the folder keeps, or the one that is shipped."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.dataset.dataset_folder import choose_source, find_sources
from ecosystem.errors import DatasetError, Finding, OutputError
from ecosystem.imports.part import ASIDE, REGION, Part
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.regions import Region, Regions, read_region_file, regions_of, shipped_regions
from ecosystem.tables.writer import write_table

KEPT = "regions.csv"
"""In the folder of an import what the user gave, and in the dataset folder the same with what imports have made."""
TABLES = "tables.json"
"""The tables that the imports have written, with the SHA-256 of each: what else is in the folder is the user's."""
_SHOWN = 5
_COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The regions in which places are looked up. `given`: the user gave them, and the import writes them.

    `own` is the table of regions that lies in the folder by the user's hand: the import does not write that one.
    `other` is true where earlier imports into the folder have looked places up in other regions.
    """

    regions: Regions
    given: bool = False
    own: Path | None = None
    other: bool = False

    def findings(self, earlier: Sequence[str]) -> list[Finding]:
        """What to say of the sources that were imported in other regions."""
        if not self.other or not earlier:
            return []
        message = tr(
            "imported in other regions, and not looked up again in these: {sources}", sources=", ".join(earlier)
        )
        return [Finding("warning", "other_regions", message, hint=tr("import these sources again"))]


def hierarchy_for(
    given: Regions | Path | None, out: Path, made: Collection[str], *, imported: bool, model: Model
) -> Hierarchy:
    """The hierarchy of an import into `out`: the one given, that of earlier imports, the user's table there, or ours.

    `made` are the tables in `out` that imports have written. OutputError where the folder has another hierarchy of the
    user's than the one given: one that only adds regions is taken. RegionError where a table of regions has faults.
    """
    kept = out / ASIDE / KEPT
    own, here = _own_table(out, made, model)
    before = Hierarchy(read_region_file(kept, model=model), given=True) if kept.exists() else None
    if before is None:
        before = Hierarchy(shipped_regions() if here is None else here, own=own)
    if given is None:
        return before
    wanted = given if isinstance(given, Regions) else read_region_file(given, model=model)
    by_the_user = before.given or here is not None
    if by_the_user and (lost := list(_lost(before.regions, wanted))):
        raise OutputError(
            tr("{out} has another hierarchy of regions than the one that is given: {lost}", out=out, lost=_few(lost)),
            hint=tr(
                "leave it out to go on with the one in the folder, or import into a new folder; a table "
                "that only adds regions is taken"
            ),
        )
    same = list(wanted) == list(before.regions)
    return before if same and own is None else Hierarchy(wanted, given=True, other=imported and not same)


def written_tables(folder: Path) -> set[str]:
    """The tables in a folder that imports have written, by their record."""
    path = folder / ASIDE / TABLES
    try:
        return set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()
    except (OSError, ValueError, TypeError):
        return set()


def folder_regions(folder: Path, model: Model) -> Regions:
    """The hierarchy of a dataset folder: that of its table of regions, or the one that is shipped."""
    _, here = _own_table(folder, (), model)
    return shipped_regions() if here is None else here


def write_regions(hierarchy: Hierarchy, parts: Sequence[Part], stage: Path) -> None:
    """Write the table of regions where the dataset has others than the shipped ones, and keep what the user gave.

    A hierarchy of the user's is written whole. Of the shipped one all countries are, and the parts of those in which
    the dataset has something: an index ranks the regions of a level also where they are empty.
    OutputError where that would replace a table of regions of the user's.
    """
    kept = stage / ASIDE / KEPT
    kept.unlink(missing_ok=True)  # it may be the very file of the old folder, which has to stay as it is
    if hierarchy.given:
        write_table(kept, hierarchy.regions.table())
    made = {region.id: region for part in parts for region in part.made if region.id not in hierarchy.regions}
    _refuse_unknown(hierarchy.regions, made, parts)
    if not made and not hierarchy.given:
        return
    if hierarchy.own is not None:
        raise OutputError(
            tr(
                "{target} has {files}, which no import has written and this one would replace",
                target=hierarchy.own.parent,
                files=hierarchy.own.name,
            ),
            hint=tr(
                "the mapping makes regions beside yours: --regions {file} lets the import write both",
                file=hierarchy.own,
            ),
        )
    whole = hierarchy.given or hierarchy.own is not None
    regions = list(hierarchy.regions) if whole else list(_travelling(hierarchy.regions, made, parts))
    write_table(stage / KEPT, Regions([*regions, *made.values()]).table())


def _own_table(folder: Path, made: Collection[str], model: Model) -> tuple[Path | None, Regions | None]:
    """The table of regions in a folder that no import has written, and what it holds; None, None without one."""
    if not folder.is_dir():
        return None, None
    sources = [one for one in find_sources(folder, model)[0].get("regions", []) if one.path.name not in made]
    findings: list[Finding] = []
    chosen = choose_source(sources, findings) if sources else None
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise DatasetError(tr("the table of regions in {folder} cannot be read", folder=folder), findings=errors)
    if chosen is None or not chosen[1].read:
        return None, None
    return chosen[0], regions_of(chosen[1], model=model)


def _lost(before: Regions, after: Regions) -> Iterator[str]:
    """What of a hierarchy is not in another, or lies elsewhere there."""
    for region in before:
        if region.id not in after:
            yield tr("{region} is not in it", region=region)
        elif (region.level, region.parent) != (after[region.id].level, after[region.id].parent):
            yield tr("{region} has another level or lies in another region there", region=region)
        elif not set(region.members) <= set(after[region.id].members):
            yield tr("{region} has other members there", region=region)


def _few(texts: Sequence[str]) -> str:
    more = tr("; and {count:,} more", count=len(texts) - _SHOWN) if len(texts) > _SHOWN else ""
    return "; ".join(texts[:_SHOWN]) + more


def _located(part: Part) -> set[str]:
    """The regions that nodes of a part lie in."""
    found: set[str] = set()
    for label in part.labels:
        path = part.folder / "nodes" / f"{label}.parquet"
        found |= set(pc.drop_null(pc.unique(parquet.read_table(path, columns=[REGION])[REGION])).to_pylist())
    return found


def _refuse_unknown(regions: Regions, made: Collection[str], parts: Sequence[Part]) -> None:
    """DatasetError where a part has nodes, or regions of its own, in regions that are not there any more."""
    for part in parts:
        used = _located(part) | {region.parent for region in part.made if region.parent is not None}
        missing = sorted(region for region in used if region not in regions and region not in made)
        if missing:
            raise DatasetError(
                tr(
                    "the source {source} has nodes in regions that the table of regions has not got: {missing}",
                    source=part.source,
                    missing=", ".join(missing[:_SHOWN]),
                ),
                hint=tr("put these regions back, or import the sources again into a new folder"),
            )


def _travelling(regions: Regions, made: dict[str, Region], parts: Sequence[Part]) -> Iterator[Region]:
    """The countries, the regions of those in which the dataset has something, and the groups of these."""
    known = {region for part in parts for region in _located(part)} | {one.parent for one in made.values()}
    used = {regions[region].country for region in known if region is not None and region in regions}
    kept = {region.id for region in regions if region.level == _COUNTRY or region.country in used}
    for region in regions:
        members = tuple(member for member in region.members if member in kept)
        if region.id in kept or members:
            yield replace(region, members=members)
