"""A network in one window of years after another, and what changes from each to the next."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.errors import NetworkError
from ecosystem.messages import tr
from ecosystem.network.evolution import Evolution, evolution
from ecosystem.network.linkage import Linkage, linkage
from ecosystem.network.network import Network, coded
from ecosystem.network.network_query import years_of
from ecosystem.progress import Progress, silent


def windows(
    whole: Linkage, width: int = 1, *, cumulative: bool = False, progress: Progress = silent
) -> Iterator[tuple[int, Network]]:
    """The network of each window of so many years, with the last of these, from the first year of a match to the last.

    `whole` is a network in the window that holds all of them. Windows do not overlap; the first may be shorter. With
    `cumulative` each begins with the first year, and so does, whatever is asked, each of a network that is dated as a
    stock. A window without a match is a network without nodes. NetworkError for a network that is not dated, or whose
    matches have no year.
    """
    known = [year for year in years_of(whole.store, whole.file) if _within(whole, year)]
    if not known:
        raise NetworkError(tr("no match of the network {name!r} has a year", name=whole.file.id))
    ends = list(range(known[-1], known[0] - 1, -width))[::-1]
    for done, end in enumerate(ends):
        progress(tr("years"), done, len(ends))
        since = known[0] if cumulative else max(end - width + 1, known[0])
        if any(since <= year <= end for year in known) or whole.file.dating == "stock":
            yield end, _inside(whole, since, end)
        else:
            yield end, coded([], [], [], [], [], directed=whole.file.directed)
    progress(tr("years"), len(ends), len(ends))


def evolution_of(whole: Linkage, width: int = 1, *, cumulative: bool = False, progress: Progress = silent) -> Evolution:
    """What enters, leaves and persists between the windows of a network; see `windows` and `evolution`."""
    return evolution(list(windows(whole, width, cumulative=cumulative, progress=progress)))


def _within(whole: Linkage, year: int) -> bool:
    since, until = whole.window.since, whole.window.until
    return (since is None or year >= since) and (until is None or year <= until)


def _inside(whole: Linkage, since: int, until: int) -> Network:
    return linkage(whole.store, whole.file, level=whole.level, since=since, until=until).network
