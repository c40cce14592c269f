"""The empty table of what an index needs from outside the graph: a row per ranked region, a column per source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.index import Index, Indicator
from ecosystem.index.prepare import SHARE_OF_TOTAL
from ecosystem.index.spec import EVERY
from ecosystem.messages import tr
from ecosystem.regions import Regions
from ecosystem.scoring.ranked_regions import in_hierarchy, ranked

KEY_COLUMNS = ("region", "region_zh", "region_en")


@dataclass(frozen=True, slots=True)
class ValueTemplate:
    """A table to fill in, and what its columns are.

    `values` has a row per region, and per year where years are asked for: `region`, `region_zh`, `region_en`, `year`
    and an empty column per source. `columns` has a row per such column: `column`, `indicator` (the codes that use it),
    `name_zh`, `name_en`, `unit`, `direction`.
    """

    values: pd.DataFrame
    columns: pd.DataFrame


def value_template(
    index: Index, regions: Regions, *, level: str | None = None, years: Sequence[int] = ()
) -> ValueTemplate:
    """The table of columns that an index needs from outside, empty, for the regions that it ranks at a level.

    Columns are the sources `column:...` of its indicators, their denominators, and the groups that imputation asks for.
    UsageError for an index whose values all come from the graph, and where it has several levels and none is chosen;
    SpecError where the hierarchy has none of its regions.
    """
    described = _described(index)
    if not described:
        message = tr("all values of {id} come from the graph: no table is needed", id=index.id)
        raise UsageError(message, hint=tr("ecosystem score {id} --store ...", id=index.id))
    of = index.level(level or next(iter(index.levels)))
    where = tr("the region hierarchy")
    if of.regions == (EVERY,):
        of = in_hierarchy(of, regions, where)
    of, _ = ranked(of, regions, where)
    named = [regions[region] for region in of.regions]
    keys = (of.regions, [one.name for one in named], [one.name_en or one.name for one in named])
    values = pd.DataFrame(dict(zip(KEY_COLUMNS, keys, strict=True)))
    if years:
        times = pd.DataFrame({"year": list(years)})
        values = values.merge(times, how="cross")
    empty = {column: np.full(len(values), np.nan) for column in described}
    return ValueTemplate(values.assign(**empty), pd.DataFrame(list(described.values())))


def _described(index: Index) -> dict[str, dict[str, object]]:
    """What is known of each column that a table has to have, by its name, in the order of the indicators."""
    found: dict[str, dict[str, object]] = {}
    for leaf in index.leaves:
        for name, own in _columns_of(leaf):
            if name in found:
                found[name]["indicator"] = f"{found[name]['indicator']}, {leaf.code}"
            else:
                found[name] = _column(name, leaf, own=own)
    for group in filter(None, dict.fromkeys(rule.group for rule in index.imputations)):
        found.setdefault(group, {"column": group})
    return found


def _columns_of(leaf: Indicator) -> list[tuple[str, bool]]:
    """The columns behind an indicator, each with whether it holds the indicator itself, and not what divides it."""
    own = [(leaf.source.name, True)] if leaf.source is not None and leaf.source.kind == "column" else []
    by = leaf.denominator
    return own + ([(by, False)] if by is not None and by != SHARE_OF_TOTAL else [])


def _column(name: str, leaf: Indicator, *, own: bool) -> dict[str, object]:
    if not own:
        return {"column": name, "indicator": leaf.code}
    return {
        "column": name,
        "indicator": leaf.code,
        "name_zh": leaf.name.zh,
        "name_en": leaf.name.en,
        "unit": leaf.unit,
        "direction": leaf.direction,
    }
