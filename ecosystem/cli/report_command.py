"""`ecosystem report`: scores as one HTML file that people open, read and print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ecosystem.cli.completion import complete_network, complete_region
from ecosystem.cli.console import progress, say, say_of_data
from ecosystem.cli.earlier_request import Wanted, earlier_scores
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    DEFAULT_STORE,
    AgainstOption,
    DatabaseOption,
    IndexArgument,
    Lang,
    LangOption,
    MetricsOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    UntilOption,
)
from ecosystem.cli.out_files import page_file
from ecosystem.cli.outputs import refuse_overwriting, write_receipt
from ecosystem.cli.rule_options import rule_options
from ecosystem.cli.run_request import RunRequest, known_metrics, known_networks, run_inputs
from ecosystem.cli.score_command import GivenTable, table_options
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.receipt import Argument
    from ecosystem.scoring import Scores
    from ecosystem.scoring.earlier import EarlierScores

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """What the page opens with, what its map is drawn from, and how much it shows."""

    regions: tuple[str, ...]
    top: int
    network: str
    boundaries: Path | None
    by_year: bool
    draws: int
    seed: int

    def arguments(self) -> dict[str, Argument]:
        """What a receipt keeps of it."""
        return {
            "region": ", ".join(self.regions) or None,
            "network": self.network,
            "boundaries": str(self.boundaries) if self.boundaries else None,
            "top": str(self.top),
            "draws": str(self.draws),
            "seed": str(self.seed),
            "by_year": "yes" if self.by_year else None,
        }


def page_options(
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            help="The region that the page opens with; several are compared with it.",
            autocompletion=complete_region,
        ),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=1, help="How many organisations an indicator of a region names.")
    ] = 5,
    network: Annotated[
        str,
        typer.Option(
            "--network",
            help="The network that the page shows first, by id or title; others follow where the data have them.",
            autocompletion=complete_network,
        ),
    ] = "enablement",
    boundaries: Annotated[
        Path | None,
        typer.Option(
            "--boundaries",
            metavar="FILE.geojson",
            help="Your own boundaries for the map; a property of each feature holds an id, code or name of its region.",
        ),
    ] = None,
    by_year: Annotated[bool, typer.Option("--by-year", help="Show every year from --since to --until, too.")] = False,
    draws: Annotated[
        int,
        typer.Option("--draws", metavar="N", min=0, help="Draws of weights and rules for rank intervals; 0: none."),
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the random numbers of the draws.")] = 0,
) -> Page:
    """What the page opens with, as the options of the command say; see `takes`."""
    return Page(tuple(region or ()), top, network, boundaries, by_year, draws, seed)


@takes(table=table_options, changes=rule_options, page=page_options)
def report(
    table: GivenTable,
    changes: dict[str, str | None],
    page: Page,
    index: IndexArgument,
    lang: LangOption,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="The file to write.", callback=page_file)
    ] = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    against: AgainstOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
) -> None:
    """Write scores as one HTML file: ranking, map, regions down to their links, method.

    The file needs no other and asks nothing of any server. Whoever opens it reads it in Chinese or in English.
    """
    if page.by_year and (since is None or until is None) and table.values is None:
        raise UsageError(tr("which years?"), hint=tr("add --since YEAR --until YEAR"))
    if out is None:
        raise UsageError(tr("which file?"), hint=tr("add --out report.html"))
    request = RunRequest(index, level, since, until, True, folder, table.values, store, None, changes, table.columns)
    refuse_overwriting(out, (table.values, index, against, page.boundaries))
    _write(request, database, against, page, out, lang)


def _write(request: RunRequest, database: str | None, against: str | None, page: Page, out: Path, lang: Lang) -> None:
    """Score, write the page, and its receipt beside it."""
    from ecosystem.network import find_network
    from ecosystem.receipt import receipt_of_report
    from ecosystem.report import write_report
    from ecosystem.scoring import score as score_index
    from ecosystem.scoring.panel import score_panel

    network = find_network(page.network, known_networks())
    with run_inputs(request, database) as (spec, graph, values), progress() as told:
        asked: dict[str, Any] = {
            "values": values, "level": request.level, "since": request.since, "until": request.until,
            "metrics": known_metrics(request.metrics), "networks": known_networks(), "progress": told,
        }  # fmt: skip
        scores = score_index(spec, graph, **asked)
        panel = score_panel(spec, graph, **asked) if page.by_year else None
        say_of_data(scores)
        earlier = None if against is None else _earlier(against, scores, request, database)
        made = write_report(
            scores, out, regions=page.regions, against=earlier, lang=lang.value, network=network,
            boundaries=page.boundaries, top=page.top, draws=page.draws, seed=page.seed, panel=panel, progress=told,
        )  # fmt: skip
        receipt = write_receipt(out, receipt_of_report(scores, request.arguments(lang.value) | page.arguments()))
    if (without := made.parts["map"]["missing"]) is not None:
        say(without[spoken()])
    size = out.stat().st_size / MEGABYTE
    say(tr("written: {out} ({size:.1f} MB) and {receipt}; open it in a browser", out=out, size=size, receipt=receipt))


def _earlier(word: str, scores: Scores, request: RunRequest, database: str | None) -> EarlierScores:
    wanted = Wanted(scores.index, scores.level, scores.regions, request.since, request.until, request.metrics, database)
    before = earlier_scores(word, wanted)
    for sentence in before.sentences(scores.standing.regions):
        say(sentence)
    return before
