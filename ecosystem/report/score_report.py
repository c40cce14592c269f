"""A report: what each part of its page shows, made from scores alone, and the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecosystem.errors import InputError, refuse_unknown
from ecosystem.messages import LANGUAGES, tr
from ecosystem.report.json_values import Json
from ecosystem.report.page import page_of
from ecosystem.report.parts.core_data import core
from ecosystem.report.parts.lineage_data import lineage
from ecosystem.report.parts.map_data import map_part
from ecosystem.report.parts.method_data import method
from ecosystem.report.parts.network_data import network
from ecosystem.report.parts.published_data import published
from ecosystem.report.parts.region_data import region
from ecosystem.report.parts.sure_data import sure
from ecosystem.report.parts.whatif_data import whatif
from ecosystem.report.parts.years_data import years
from ecosystem.report.request import DRAWS, NETWORK, TOP, Request
from ecosystem.tables.atomic import check_target, write_bytes

if TYPE_CHECKING:
    from ecosystem.network import NetworkFile
    from ecosystem.progress import Progress
    from ecosystem.scoring import Scores
    from ecosystem.scoring.earlier import EarlierScores
    from ecosystem.scoring.panel import Panel


MAKERS: Mapping[str, Callable[[Request], Json | None]] = {
    "core": core,
    "map": map_part,
    "region": region,
    "lineage": lineage,
    "network": network,
    "years": years,
    "published": published,
    "sure": sure,
    "whatif": whatif,
    "method": method,
}
"""What makes the data of each part, in the order of the page; None where the scores have nothing for it."""


@dataclass(frozen=True, eq=False)
class Report:
    """The data of every part of a page, by the name of the part; `lang` is the language that it opens in."""

    scores: Scores
    lang: str
    parts: Mapping[str, Json] = field(repr=False)

    def html(self) -> bytes:
        """The page: one file that needs no other, the same bytes for the same report."""
        return page_of(self.parts, self.lang)


def make_report(
    scores: Scores,
    *,
    regions: Sequence[str] = (),
    against: EarlierScores | None = None,
    lang: str = "both",
    network: NetworkFile | str = NETWORK,
    boundaries: str | Path | None = None,
    top: int = TOP,
    draws: int = DRAWS,
    seed: int = 0,
    panel: Panel | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report of scores, which opens with `regions`, by any of their names.

    `lang` is the language that the page opens in, zh or en; `both` leaves that to the browser. Either can be chosen in
    the page. For the other arguments see `Request`. RegionError for a region that is unknown or not ranked, InputError
    where no region has a score.
    """
    refuse_unknown(lang, LANGUAGES, tr("there is no language {lang!r}", lang=lang))
    if not (scores.standing.overall_rank > 0).any():
        raise InputError(
            tr("no region has a score in {id}, so there is nothing to report", id=scores.index.id),
            hint=tr("ecosystem index check {id} says what the data lack", id=scores.index.id),
        )
    ranked = scores.standing.regions
    chosen = tuple(scores.regions.resolve_among(name, ranked, level=scores.level) for name in regions)
    own = None if boundaries is None else Path(boundaries)
    request = Request(scores, chosen, against, network, own, top, draws, seed, panel, progress)
    made = {name: make(request) for name, make in MAKERS.items()}
    return Report(scores, lang, {name: part for name, part in made.items() if part is not None})


def write_report(scores: Scores, path: str | Path, **options: Any) -> Report:
    """Write the report of scores as one HTML file, which needs no other and asks nothing of any server.

    Options and errors as `make_report`; OutputError where the file cannot be written.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> report = ecosystem.write_report(scores, "report.html", regions=["四川省"], lang="en")
    """
    check_target(Path(path))
    report = make_report(scores, **options)
    write_bytes(Path(path), report.html())
    return report
