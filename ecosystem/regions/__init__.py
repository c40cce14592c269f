"""Region hierarchy and groups; any known name, alias or code leads to one region id."""

from __future__ import annotations

from ecosystem.model import level_named, level_word
from ecosystem.regions.hierarchy import Region, Regions, fold
from ecosystem.regions.reading import read_regions, shipped_regions
from ecosystem.regions.region_file import read_region_file, regions_of

__all__ = [
    "Region",
    "Regions",
    "fold",
    "level_named",
    "level_word",
    "read_region_file",
    "read_regions",
    "regions_of",
    "shipped_regions",
]
