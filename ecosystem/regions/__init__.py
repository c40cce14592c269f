"""Region hierarchy and groups; any known name, alias or code leads to one region id."""

from __future__ import annotations

from ecosystem.model import level_named, level_word
from ecosystem.regions.hierarchy import Region, Regions, fold
from ecosystem.regions.reading import read_regions, shipped_regions

__all__ = ["Region", "Regions", "fold", "level_named", "level_word", "read_regions", "shipped_regions"]
