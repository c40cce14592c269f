"""Whether the places of a mapping make sense in a hierarchy: levels that it has, and regions that it knows."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.errors import DatasetError, Finding, RegionError
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.place_language import PlaceSpec
from ecosystem.messages import tr
from ecosystem.regions import Regions


def check_places(spec: MappingSpec, regions: Regions) -> None:
    """Raise DatasetError where no place could ever be found: in a region that is not known, at a level that is none."""
    findings = [
        fault
        for key, node in spec.nodes.items()
        for place in node.region
        for fault in _faults(f"nodes.{key}.region", place, regions)
    ]
    if findings:
        raise DatasetError(tr("the mapping and the hierarchy of regions do not fit together"), findings=findings)


def _faults(place: str, spec: PlaceSpec, regions: Regions) -> Iterator[Finding]:
    if spec.within is not None:
        yield from _refusal(f"{place}.within", spec.within, None, regions)
    for level in (spec.level or ()) if spec.strict else ():
        if level not in (spec.make or ()) and not regions.at(level):
            yield from _refusal(f"{place}.level", "", level, regions)


def _refusal(place: str, name: str, level: str | None, regions: Regions) -> Iterator[Finding]:
    """Why a name or a level means nothing, as the hierarchy says it."""
    try:
        regions.resolve(name, level=level)
    except RegionError as err:
        for one in err.findings:
            yield Finding("error", one.code, one.message, column=place, hint=one.hint)
