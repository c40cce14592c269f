"""`ecosystem regions`: what regions are known, and which one a name means."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_level, complete_region
from ecosystem.cli.console import show
from ecosystem.cli.options import DatabaseOption, Format, FormatOption, Lang, LangOption
from ecosystem.errors import UsageError
from ecosystem.headings import headings
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.regions import Region, Regions

app = App(help="Known regions and their names.")

LevelOption = Annotated[
    str | None,
    typer.Option(
        "--level", help="One level: country, province, city, district or group.", autocompletion=complete_level
    ),
]

HierarchyStore = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="PATH|URL", help="The hierarchy of a loaded graph, in place of the one that is shipped."
    ),
]
HierarchyDataset = Annotated[
    Path | None, typer.Option("--dataset", metavar="DIR", help="The hierarchy of a dataset folder.")
]

_COLUMNS = ("id", "level", "name", "name_en", "lies_in", "aliases")
_GROUP_COLUMNS = ("id", "name", "members")


@app.command("list")
def list_regions(
    lang: LangOption,
    one_level: LevelOption = None,
    hierarchy: HierarchyStore = None,
    database: DatabaseOption = None,
    dataset: HierarchyDataset = None,
    form: FormatOption = Format.table,
) -> None:
    """List the regions, of one level or all."""
    regions = _hierarchy(hierarchy, database, dataset)
    show(_frame(regions if one_level is None else regions.at(regions.level(one_level)), lang, form), form)


@app.command("resolve")
def resolve_region(
    name: Annotated[
        str,
        typer.Argument(
            help="An id, a code, a name in Chinese or English, or an alias.", autocompletion=complete_region
        ),
    ],
    lang: LangOption,
    one_level: LevelOption = None,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            help="A region or group that it has to lie in.",
            autocompletion=complete_region,
        ),
    ] = None,
    hierarchy: HierarchyStore = None,
    database: DatabaseOption = None,
    dataset: HierarchyDataset = None,
    form: FormatOption = Format.table,
) -> None:
    """Show which region a name means; exit 1 when it is none, or more than one."""
    regions = _hierarchy(hierarchy, database, dataset)
    inside = None if within is None else regions.resolve(within)
    show(_frame([regions[regions.resolve(name, level=one_level, within=inside)]], lang, form), form)


@app.command("groups")
def list_groups(lang: LangOption, form: FormatOption = Format.table) -> None:
    """List the groups of regions with their members."""
    import pandas as pd

    from ecosystem.regions import shipped_regions

    regions = shipped_regions()
    rows = [
        (group.id, _name(group, lang), ", ".join(f"{_name(regions[id_], lang)} {id_}" for id_ in group.members))
        for group in regions.groups
    ]
    frame = pd.DataFrame(rows, columns=list(_GROUP_COLUMNS))
    show(frame.rename(columns=headings(_GROUP_COLUMNS, lang)), form)


def _hierarchy(store: str | None, database: str | None, dataset: Path | None) -> Regions:
    """The regions that were loaded into a store, those of a dataset folder, or else those that are shipped."""
    from ecosystem.regions import shipped_regions

    if store is not None and dataset is not None:
        raise UsageError(tr("--store and --dataset each name a hierarchy"), hint=tr("leave one of them out"))
    if store is not None:
        from ecosystem.store import open_store, stored_regions

        with closing(open_store(store, database=database)) as graph:
            return stored_regions(graph)
    if dataset is not None:
        from ecosystem.dataset import read_dataset

        return read_dataset(dataset).dataset.regions
    return shipped_regions()


def _frame(regions: Iterable[Region], lang: Lang, form: Format) -> pd.DataFrame:
    """A row per region; the level is a word of the reader's language where a person reads it, else its code."""
    import pandas as pd

    from ecosystem.regions import level_word

    rows = [
        (
            region.id,
            level_word(region.level) if form in {Format.table, Format.md} else region.level,
            region.name,
            region.name_en or "",
            region.parent or "",
            ", ".join(region.aliases),
        )
        for region in regions
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).rename(columns=headings(_COLUMNS, lang))


def _name(region: Region, lang: Lang) -> str:
    return region.name if lang is Lang.zh or not region.name_en else region.name_en
