"""The region hierarchy that a store holds, read back out of it."""

from __future__ import annotations

from ecosystem.errors import RegionError, UsageError, did_you_mean
from ecosystem.messages import tr
from ecosystem.query import parse
from ecosystem.regions import Regions, read_regions
from ecosystem.store.base import GraphStore
from ecosystem.store.snapshot import REGION_COLUMNS


def stored_regions(store: GraphStore) -> Regions:
    """The region hierarchy that was loaded, in the order of the ids: that of the file is kept by no server."""
    columns = ", ".join(f"r.{name} AS {name}" for name in REGION_COLUMNS)
    held = store.query(parse(f"MATCH (r:Region) RETURN {columns}")).read_all().sort_by("id")
    regions, findings = read_regions(held, file=tr("the store"), model=store.schema.model)
    if regions is None:
        raise RegionError(tr("the regions in the store have errors"), findings=findings)
    return regions


def regions_at(store: GraphStore, level: str) -> list[str]:
    """The ids of the regions of a level, sorted. Raises UsageError for a level that no region has."""
    query = parse("MATCH (r:Region {level: $level}) RETURN r.id AS id")
    found = sorted(store.query(query, {"level": level}).read_all()["id"].to_pylist())
    if not found:
        known = sorted(set(stored_regions(store).levels))
        raise UsageError(tr("no region has the level {level!r}", level=level), hint=did_you_mean(level, known))
    return found
