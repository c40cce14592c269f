"""The language of mappings: where a node is."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field
from pydantic import model_validator as check

from ecosystem.imports.cell_language import Spec


def _levels(entry: object) -> object:
    return [entry] if isinstance(entry, str) else entry


class PlaceSpec(Spec):
    """Where a node is. In a list of places the first that leads to a region is taken."""

    column: str | None = Field(None, description="a column with a place")
    columns: list[str] | None = Field(None, min_length=1, description="several columns, the largest region first")
    value: str | None = Field(None, description="a region, the same for every row")
    split: str | None = Field(None, description="what separates the parts of the cell, e.g. -")
    smallest_first: bool = Field(False, description="true where the parts run from small to large: Wuhan, China")
    skip: list[str] = Field([], description="parts that are no region, e.g. continents")
    spelled: dict[str, str] = Field({}, description="how the source spells a region = how it is known")
    level: Annotated[list[str] | None, BeforeValidator(_levels)] = Field(
        None,
        min_length=1,
        description="the level at which the first part is looked up first; where there are several parts: province. "
        "Or the levels of all parts, the largest first: of several columns, or of the parts of one. "
        "A text in Latin letters that is not known at a smaller level is no country: CA may be California",
    )
    strict: bool = Field(
        False,
        description="true: a first part that is not known at `level` has no region; with a level for each, no part "
        "counts that is not known at its own",
    )
    within: str | None = Field(
        None, description="a region in which all of the place lies, e.g. US; the first part is looked up there alone"
    )
    make: Annotated[list[str] | None, BeforeValidator(_levels)] = Field(
        None,
        min_length=1,
        description="the level of new regions, e.g. city, or several, the largest first: last parts that are not known "
        "inside the larger ones become regions of their own there, one in the other; those before a city are "
        "provinces. Where `level` says the level of each part, only parts of these levels are new",
    )
    prefix_of: str | None = Field(
        None, description="a column with a legal name; its beginning counts with 省, 市, 区 ... or as a province"
    )
    nearest: list[str] | None = Field(
        None,
        description="two columns, latitude and longitude: the region of the nearest node of this table that is located",
        min_length=2,
        max_length=2,
    )
    within_km: float = Field(50, gt=0, description="with `nearest`: how far that node may be")

    @check(mode="after")
    def _has_one_origin(self) -> Self:
        origins = (self.column, self.columns, self.value, self.prefix_of, self.nearest)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("needs exactly one of column, columns, value, prefix_of, nearest")
        if self.column is None and self.columns is None and (self.make or self.within or self.strict):
            raise ValueError("make, within and strict go with column or columns")
        if self.strict and self.level is None:
            raise ValueError("strict needs a level")
        if self.within is not None and self.level is not None and len(self.level) == 1:
            raise ValueError("has level and within: the first part is looked up in the one or in the other")
        if self.columns is not None and len(self.level or ()) not in (0, 1, len(self.columns)):
            raise ValueError("has columns, but not a level for each")
        return self

    @property
    def used_columns(self) -> tuple[str, ...]:
        """Every column that the place looks at."""
        if self.value is not None:
            return ()
        return tuple(self.columns or self.nearest or [self.column or self.prefix_of or ""])


def _places(entry: object) -> object:
    return [{"column": one} if isinstance(one, str) else one for one in (entry if isinstance(entry, list) else [entry])]


Places = Annotated[list[PlaceSpec], BeforeValidator(_places)]
