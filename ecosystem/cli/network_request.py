"""What the commands of `ecosystem network` share: their options, the network they open, and the tables they give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_measure, complete_network
from ecosystem.cli.console import progress, put, say, say_if_synthetic, show
from ecosystem.cli.options import Format
from ecosystem.cli.run_request import known_networks
from ecosystem.cli.table_options import KEYS
from ecosystem.errors import NetworkError
from ecosystem.messages import in_language, spoken, tr, tr_count

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.network import Linkage, NetworkFile
    from ecosystem.store import GraphStore

NetworkArgument = Annotated[
    str, typer.Argument(metavar="NETWORK", help="A network: its id or its title.", autocompletion=complete_network)
]
MeasureOption = Annotated[
    str | None,
    typer.Option(
        "--measure",
        metavar="NAME,NAME",
        help="Measures, or a family of them; see docs/measures.md.",
        autocompletion=complete_measure,
    ),
]
TopRowsOption = Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="Only the first N rows.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which network of which store a command asks for."""

    name: str
    folder: Path | None
    store: str
    database: str | None
    level: str = "province"
    since: int | None = None
    until: int | None = None
    isolates: bool = False


@contextmanager
def opened(asked: Asked) -> Iterator[Linkage]:
    """The network that is asked for, while its store is open; what it is made of is said.

    NetworkError where no edge is left, with the years that have one.
    """
    from ecosystem.store import open_store

    file = _file(asked.name, asked.folder)
    with closing(open_store(asked.store, database=asked.database)) as graph:
        say_if_synthetic(graph.dataset)
        found = _linked(graph, file, asked)
        say_of_network(found)
        yield found


def beside(found: Linkage, name: str, asked: Asked) -> Linkage:
    """Another network of the same store, with the level and years that are asked for; what it is made of is said."""
    other = _linked(found.store, _file(name, asked.folder), asked)
    say_of_network(other)
    return other


def _file(name: str, folder: Path | None) -> NetworkFile:
    from ecosystem.network import find_network

    return find_network(name, known_networks(folder))


def _linked(store: GraphStore, file: NetworkFile, asked: Asked) -> Linkage:
    from ecosystem.network import linkage

    found = linkage(store, file, level=asked.level, since=asked.since, until=asked.until, isolates=asked.isolates)
    if not len(found.network.weight):
        raise _no_edge(found)
    return found


def by_year(asked: Asked, table: Callable[[Linkage], pd.DataFrame]) -> pd.DataFrame:
    """The tables of every year that has an edge, one below the other, with a column `year` first."""
    import pandas as pd

    from ecosystem.network.linkage import linkage
    from ecosystem.network.network_query import years_of

    with opened(asked) as whole:
        years = [year for year in years_of(whole.store, whole.file) if _within(year, asked.since, asked.until)]
        frames = []
        with progress() as report:
            for done, year in enumerate(years):
                report(tr("years"), done, len(years))
                since = year if whole.file.dating == "flow" else None
                found = linkage(
                    whole.store, whole.file, level=asked.level, since=since, until=year, isolates=asked.isolates
                )
                if len(found.network.weight):
                    frames.append(table(found).assign(year=year))
            report(tr("years"), len(years), len(years))
    joined = pd.concat(frames, ignore_index=True)
    return joined[["year", *(name for name in joined.columns if name != "year")]]


def _within(year: int, since: int | None, until: int | None) -> bool:
    return (since is None or year >= since) and (until is None or year <= until)


def say_of_network(linkage: Linkage) -> None:
    """What the numbers of a network are made of: its size, level and years, its weight, and what is left out."""
    say(linkage.title)
    unit = in_language(spoken(), linkage.file.unit, "unit")
    say(tr("parallel links are added up in the weight of an edge: {unit}", unit=unit))
    if linkage.network.self_links:
        say(
            tr_count(
                "{count:,} organisation is linked to itself: such links are left out",
                "{count:,} organisations are linked to themselves: such links are left out",
                linkage.network.self_links,
            )
        )
    if linkage.window.given and linkage.file.dated is None:
        say(tr("not dated, so the window has no effect on them: {codes}", codes=linkage.file.id))
    if linkage.window.given and linkage.undated and linkage.file.dating == "flow":
        say(
            tr_count(
                "{count:,} match has no year and is left out",
                "{count:,} matches have no year and are left out",
                linkage.undated,
            )
        )
    net = linkage.network
    if not (net.located[net.source] & net.located[net.target]).any():
        say(
            tr(
                "no edge has both ends in a region of the level {level}: flows and other measures of regions are blank",
                level=linkage.level,
            )
        )
    nowhere = len(linkage.network) - int(linkage.network.located.sum())
    if nowhere:
        say(
            tr_count(
                "{count:,} organisation has no region of the level {level}",
                "{count:,} organisations have no region of the level {level}",
                nowhere,
                level=linkage.level,
            )
        )


def number(value: float) -> str:
    """A number as a person reads it: whole as it is, else with four significant digits."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1e5 else f"{value:,.4g}"


def words(names: str | None, usual: Sequence[str]) -> list[str]:
    """The names between the commas of an option, else the usual ones."""
    return [name for name in names.split(",") if name.strip()] if names else list(usual)


def put_tables(
    tables: Mapping[str, pd.DataFrame],
    form: Format,
    out: Path | None,
    *,
    excel: bool = False,
    titles: Mapping[str, str] | None = None,
) -> None:
    """Print tables by the names of their sheets, or write them: a workbook holds all, any other file the first.

    A column with the id of a measure has its title where people read it, marked where the numbers are estimates, which
    is said, too. `titles` are lines over the printed tables.
    """
    from ecosystem.export import write_table, write_workbook
    from ecosystem.network.measures import MEASURES
    from ecosystem.network.network_tables import ESTIMATE

    names = {measure.id: measure.named() for measure in MEASURES}
    guessed = {one for frame in tables.values() for one in frame.attrs.get("estimated", ())}
    if guessed:
        say_estimates([names[one] for one in names if one in guessed])
    names |= {one: names[one] + tr(ESTIMATE) for one in guessed}
    if out is not None:
        first = next(iter(tables.values()))
        if out.suffix.lower() == ".xlsx":
            write_workbook(out, tables, lang=spoken(), names=names)
        else:
            write_table(out, first, excel=excel, lang=spoken(), names=names)
        say(tr("{count:,} rows written to {out}", count=len(first), out=out))
        return
    for at, (name, frame) in enumerate(tables.items()):
        if at:
            put("\n")
        _show(frame, form, names, (titles or {}).get(name))


def _show(frame: pd.DataFrame, form: Format, names: Mapping[str, str], title: str | None) -> None:
    from ecosystem.export import headed
    from ecosystem.headings import headings

    if form is Format.json:
        show(frame, form)
    elif form is Format.table:
        titled = frame.rename(columns={**headings(frame.columns, spoken()), **names})
        titled.attrs[KEYS] = {title: key for key, title in names.items()}
        show(titled, form, title=title)
    else:
        show(headed(frame, spoken(), names), form, own=True)


def say_estimates(titles: Sequence[str]) -> None:
    """Say which measures are estimates, and from what."""
    from ecosystem.network.distances import EXACT, SOURCES

    say(
        tr(
            "estimated from the paths of {sources} organisations, since more than {exact:,} hang together: {measures}",
            sources=SOURCES,
            exact=EXACT,
            measures=", ".join(titles),
        )
    )


def _no_edge(linkage: Linkage) -> NetworkError:
    from ecosystem.network.network_query import years_of

    name = linkage.file.id
    if not linkage.window.given or linkage.file.dated is None:
        hint = tr("`ecosystem network show {name}` shows what it looks for", name=name)
        return NetworkError(tr("the network {name!r} has no edge in this graph", name=name), hint=hint)
    years = years_of(linkage.store, linkage.file)
    hint = tr("its matches are of {first}-{last}", first=years[0], last=years[-1]) if years else tr("none has a year")
    return NetworkError(tr("the network {name!r} has no edge in {years}", name=name, years=linkage.window), hint=hint)
