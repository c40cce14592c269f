"""The draft of an index from what a user has: a table of values, or metrics of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say
from ecosystem.cli.run_request import given_table, known_metrics
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.index.files.value_table import ValueTable
    from ecosystem.index.spec import Level, TableColumns
    from ecosystem.metrics import Metric

USUAL_LEVEL = "province"


def draft_of_metrics(name: str, wanted: Sequence[str], level: str | None) -> dict[str, str]:
    """The files of an index of metrics, by id or title, that ranks every region of a level. MetricError, InputError."""
    from ecosystem.index.spec import EVERY, Level
    from ecosystem.metrics import find_metric

    known = known_metrics(None)
    metrics = {metric.id: metric for metric in (find_metric(one.strip(), known) for one in wanted if one.strip())}
    return _of_metrics(name, list(metrics.values()), Level(level or USUAL_LEVEL, (EVERY,)))


def draft_of_table(name: str, table: Path, columns: TableColumns | None, level: str | None) -> dict[str, str]:
    """The files of an index of the columns of a table; where those are values of metrics, of these. InputError."""
    from ecosystem.index.files.write import draft_files, left_out
    from ecosystem.index.spec import AS_HEADED, Level

    values, known = given_table(table, columns), known_metrics(None)
    for sentence in left_out(values):
        say(tr("left out: {sentence}", sentence=sentence))
    place = level or _level_of(values)
    if values.numbers and values.numbers.keys() <= known.keys():
        return _of_metrics(name, [known[code] for code in values.numbers], Level(place or USUAL_LEVEL, values.units))
    return draft_files(values, name, columns or AS_HEADED)


def _of_metrics(name: str, metrics: Sequence[Metric], level: Level) -> dict[str, str]:
    from ecosystem.index.files.write import draft_of_sources
    from ecosystem.index.spec import Source, Text

    described = [(Source("metric", one.id), Text(one.title_zh, one.title_en), one.unit) for one in metrics]
    return draft_of_sources(name, described, level)


def _level_of(values: ValueTable) -> str | None:
    """The level of the regions of a table, where the shipped hierarchy has all of them at one."""
    from ecosystem.regions import shipped_regions

    regions = shipped_regions()
    known = {region.id: region.level for region in regions}
    levels = {known.get(region) for region in values.units}
    return levels.pop() if len(levels) == 1 else None
