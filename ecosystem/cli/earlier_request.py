"""Earlier scores by what a command line names: the receipt of a run, a store, a dataset folder, a table of any kind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import progress, say
from ecosystem.cli.options import DEFAULT_STORE
from ecosystem.cli.run_request import RunRequest, known_metrics, known_networks, request_of_receipt, run_inputs
from ecosystem.errors import InputError, UsageError
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.index import Index
    from ecosystem.receipt import Receipt
    from ecosystem.regions import Regions
    from ecosystem.scoring import Scores
    from ecosystem.scoring.earlier import EarlierScores
    from ecosystem.store import GraphStore

STORE_SUFFIX = ".duckdb"
NO_REQUEST = RunRequest(None, None, None, None, False, None, None, DEFAULT_STORE, None, {})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What earlier scores have to be about: an index, a level of regions with their names, a window, own metrics."""

    index: Index
    level: str
    regions: Regions
    since: int | None = None
    until: int | None = None
    metrics: Path | None = None
    database: str | None = None


def earlier_scores(word: str, wanted: Wanted) -> EarlierScores:
    """The scores that a word names: `x.run.json`, a store, a dataset folder, or a table that `read_earlier` reads.

    A store or a dataset is scored in the window of the run; a run is replayed in its own, or where its inputs have
    changed, the file beside its receipt is read. Raises as `score`, `read_receipt` and `read_earlier`.
    """
    from ecosystem.receipt import is_receipt
    from ecosystem.scoring.earlier_files import read_earlier
    from ecosystem.store import is_server

    path = Path(word)
    if is_server(word) or path.suffix.lower() == STORE_SUFFIX or path.is_dir():
        with _graph(word, wanted) as graph:
            return _named(word, _scored(wanted, graph))
    if path.suffix.lower() == ".json" and is_receipt(path):
        return _of_run(path, wanted)
    return read_earlier(word, wanted.index, wanted.level, wanted.regions)


@contextmanager
def open_state(word: str, wanted: Wanted) -> Iterator[Scores]:
    """The scores that a word names with all that they were made from, as long as the context lasts.

    A store, a dataset folder or the receipt of a run. UsageError for a table, which does not say what its scores were
    made from; InputError for a run that cannot be replayed.
    """
    from ecosystem.receipt import is_receipt
    from ecosystem.store import is_server

    path = Path(word)
    if is_server(word) or path.suffix.lower() == STORE_SUFFIX or path.is_dir():
        with _graph(word, wanted) as graph:
            yield _scored(wanted, graph)
        return
    if path.suffix.lower() != ".json" or not is_receipt(path):
        message = tr("{word} is a table: it does not say what its scores were made from", word=word)
        raise UsageError(message, hint=tr("give two runs (x.run.json), two stores or two datasets"))
    _refuse_other_run(path, wanted)
    with _replayed(path, wanted) as (scores, same):
        if not same:
            reason = tr("it gives other digits now")
            message = tr("the run of {path} cannot be replayed: {reason}", path=path, reason=reason)
            raise InputError(message, hint=tr("restore the inputs of that run, or give the file that it wrote"))
        yield scores


@contextmanager
def _replayed(path: Path, wanted: Wanted) -> Iterator[tuple[Scores, bool]]:
    """The scores of a run made again, as long as the context lasts, and whether they are the same to the digit."""
    from ecosystem.receipt import receipt_of_scores
    from ecosystem.scoring import score

    request, then = request_of_receipt(path, replace(NO_REQUEST, store=DEFAULT_STORE))
    with run_inputs(request, wanted.database) as (spec, graph, table):
        with progress() as report:
            scores = score(
                spec, graph, values=table, level=request.level, since=request.since, until=request.until,
                metrics=known_metrics(request.metrics), networks=known_networks(), progress=report,
            )  # fmt: skip
        yield scores, receipt_of_scores(scores, then.arguments).result == then.result


def _named(word: str, scores: Scores) -> EarlierScores:
    from ecosystem.dataset.dataset import is_marked
    from ecosystem.scoring.earlier import earlier_of_standings

    found = earlier_of_standings(word, [scores.standing, *([scores.groups] if scores.groups is not None else [])])
    return replace(found, made_up=is_marked(scores.dataset.name))


@contextmanager
def _graph(word: str, wanted: Wanted) -> Iterator[GraphStore]:
    """The store of that address; a dataset folder is loaded into one that is gone afterwards."""
    from ecosystem.dataset import read_dataset
    from ecosystem.errors import DatasetError
    from ecosystem.store import open_store

    if not Path(word).is_dir():
        with closing(open_store(word, database=wanted.database)) as graph:
            yield graph
        return
    with progress() as report:
        reading = read_dataset(Path(word), progress=report)
    if not reading.whole or not reading.clean:
        hint = tr("correct them (ecosystem dataset check lists all)")
        raise DatasetError(tr("{folder} has errors", folder=word), findings=reading.findings, hint=hint)
    with (
        tempfile.TemporaryDirectory() as place,
        closing(open_store(str(Path(place) / "earlier.duckdb"), create=True)) as graph,
    ):
        graph.load(reading.dataset)
        yield graph


def _scored(wanted: Wanted, graph: GraphStore) -> Scores:
    from ecosystem.scoring import score

    with progress() as report:
        return score(
            wanted.index, graph, level=wanted.level, since=wanted.since, until=wanted.until,
            metrics=known_metrics(wanted.metrics), networks=known_networks(), progress=report,
        )  # fmt: skip


def _of_run(path: Path, wanted: Wanted) -> EarlierScores:
    """The scores of a run as its receipt says; those of the file beside it where the inputs are no longer the same."""
    from ecosystem.errors import EcosystemError
    from ecosystem.scoring.earlier_files import read_earlier

    then = _refuse_other_run(path, wanted)
    try:
        with _replayed(path, wanted) as (scores, same):
            if same:
                return _named(str(path), scores)
        reason = tr("it gives other digits now")
    except EcosystemError as err:
        reason = str(err)
    beside = _file_beside(path, then)
    if beside is None:
        hint = tr("restore the inputs of that run, or give the file that it wrote")
        raise InputError(tr("the run of {path} cannot be replayed: {reason}", path=path, reason=reason), hint=hint)
    say(
        tr(
            "{file} is read, since the run of {path} cannot be replayed: {reason}",
            file=beside,
            path=path,
            reason=reason,
        )
    )
    return read_earlier(beside, wanted.index, wanted.level, wanted.regions)


def _refuse_other_run(path: Path, wanted: Wanted) -> Receipt:
    """The receipt of a run. InputError where it is of another index or level, UsageError where of several years."""
    from ecosystem.receipt import read_receipt

    then = read_receipt(path)
    if then.index != wanted.index.id or then.level != wanted.level:
        message = tr("{path} is the receipt of {index} at level {level}", path=path, index=then.index, level=then.level)
        raise InputError(
            message, hint=tr("give a run of {index} at level {level}", index=wanted.index.id, level=wanted.level)
        )
    if then.arguments.get("scale") is not None:
        message = tr("{path} is the receipt of scores by year", path=path)
        raise UsageError(message, hint=tr("name a year of the file beside it: {file}[2022]", file=then.file or "x.csv"))
    return then


def _file_beside(path: Path, receipt: Receipt) -> Path | None:
    """The file that a run wrote, where it still lies beside its receipt and is a table that can be read."""
    from ecosystem.scoring.earlier_files import TABLES

    beside = path.with_name(Path(receipt.file).name) if receipt.file else None
    return beside if beside is not None and beside.is_file() and beside.suffix.lower() in TABLES else None
