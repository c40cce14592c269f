"""The request of a run of `score`, by options or by a receipt, and the index, table and store that it needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say
from ecosystem.cli.options import DEFAULT_STORE, Format, Lang
from ecosystem.cli.out_files import STREAM
from ecosystem.cli.settings import settings
from ecosystem.errors import InputError, UsageError
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.index import Index
    from ecosystem.index.files.value_table import ValueTable
    from ecosystem.index.spec import TableColumns
    from ecosystem.metrics import Metric
    from ecosystem.network import NetworkFile
    from ecosystem.receipt import Argument, Receipt
    from ecosystem.store import GraphStore


CHANGES = ("normalise", "aggregate", "weights", "treat", "impute", "tiers", "on", "param", "rescale")
"""The options that change a rule of the index, or a parameter of its metrics, for one run."""


class Scale(StrEnum):
    """What the scores of a panel are normalised over."""

    all = "all"
    year = "year"
    mixed = "mixed"


@dataclass(frozen=True, slots=True)
class Presentation:
    """How results are shown: language, format, file, one row for each part or for each region, and which of them."""

    lang: Lang
    form: Format
    out: Path | None
    excel: bool
    long: bool
    regions: tuple[str, ...]
    top: int | None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The options of a run that decide its digits. `scale` is that of a panel, None for scores of one window."""

    index: str | None
    level: str | None
    since: int | None
    until: int | None
    groups: bool
    metrics: Path | None
    values: Path | None
    store: str
    scale: str | None
    changes: Mapping[str, str | None]
    columns: TableColumns | None = None

    def arguments(self, lang: str) -> dict[str, Argument]:
        """The options that a receipt keeps."""
        return {
            "index": self.index,
            "groups": self.groups,
            "metrics": str(self.metrics) if self.metrics else None,
            "lang": lang,
            "scale": self.scale,
            **self.changes,
            **({} if self.columns is None else asdict(self.columns)),
        }


def request_of_receipt(path: Path, given: RunRequest) -> tuple[RunRequest, Receipt]:
    """The request that a receipt records, and the receipt; UsageError where options beside it say otherwise."""
    from ecosystem.receipt import OF_SCORES, read_receipt

    others = (given.index, given.level, given.since, given.until, given.metrics, given.values, given.scale)
    if given.columns is not None or any(value is not None for value in (*others, *given.changes.values())):
        message = tr("--from repeats a run as it was: leave out the index, level, window, table, metrics and rules")
        raise UsageError(message)
    then = read_receipt(path)
    if then.command not in OF_SCORES or "index" not in then.arguments:
        raise UsageError(tr("{path} is the receipt of `{command}`, not of `score`", path=path, command=then.command))
    words = {name: value for name, value in then.arguments.items() if isinstance(value, str)}
    _refuse_shares(path, then.values, *words.values())
    request = replace(
        given,
        index=words["index"],
        level=then.level,
        since=then.since,
        until=then.until,
        groups=given.groups or bool(then.arguments.get("groups")),
        metrics=Path(words["metrics"]) if "metrics" in words else None,
        values=Path(then.values) if then.values else None,
        store=_store_of(path, then, given),
        scale=words.get("scale"),
        changes={name: words.get(name) for name in CHANGES},
        columns=table_columns(words.get("id"), words.get("name"), words.get("year"), then.values),
    )
    return request, then


def _store_of(path: Path, then: Receipt, given: RunRequest) -> str:
    """The store of a replay. UsageError where only the receipt names a server: nobody has said that it is trusted."""
    from ecosystem.store import is_server

    if given.store != DEFAULT_STORE or then.store == then.values:
        return given.store
    if is_server(then.store):
        message = tr(
            "{path} names a server, {store}: it is used, and given a password, only if you name it too",
            path=path,
            store=then.store,
        )
        hint = tr(
            "if you trust it, add --store {store}; another store with the same dataset does as well", store=then.store
        )
        raise UsageError(message, hint=hint)
    return then.store


def _refuse_shares(path: Path, *names: str | None) -> None:
    """Raise UsageError for a file of a receipt that lies on another machine: Windows logs in where one is opened."""
    for name in names:
        if name is not None and name.startswith(("\\\\", "//")):
            raise UsageError(
                tr("{path} names a file on another machine: {name}", path=path, name=name),
                hint=tr("copy it here, and score it"),
            )


def check_replay(then: Receipt, now: Receipt) -> None:
    """Say whether a replay gave the result of its receipt; raise InputError when it did not."""
    from ecosystem.receipt import differences

    inputs, changed = differences(then, now)
    for finding in changed:
        say(tr("warning: {finding}", finding=finding))
    if inputs:
        hint = tr("load the dataset of the receipt, and restore the index and the metrics of that run")
        raise InputError(tr("the run cannot be replayed: its inputs have changed"), hint=hint, findings=inputs)
    if then.result != now.result:
        raise InputError(
            tr("the same inputs gave different digits"),
            hint=tr("a version that has changed, see above, may be the reason"),
        )
    say(tr("replayed: every digit is the same"))


def known_metrics(folder: Path | None) -> dict[str, Metric]:
    """The shipped metrics and, over them, those of a folder."""
    from ecosystem.metrics import load_metrics

    return load_metrics() | (load_metrics(folder) if folder is not None else {})


def known_networks(folder: Path | None = None) -> dict[str, NetworkFile]:
    """The shipped networks and, over them, those of a folder, or else of the folder that the settings name."""
    from ecosystem.network import load_networks

    own = folder or settings().place("networks")
    return load_networks() | (load_networks(own) if own is not None else {})


def changed_index(name: str, changes: Mapping[str, str | None], metrics: Path | None = None) -> Index:
    """The index with the rules that the command line changes.

    `weights` may name a file of codes and weights, or give them: `technology=0.4,capital=0.6`.
    `param` are parameters, `NAME=VALUE` with commas between, of its metrics, of which a folder may have some.
    """
    from ecosystem.index import load_index
    from ecosystem.index.files.weight_files import read_weights, written_weights
    from ecosystem.index.override import override, with_weights
    from ecosystem.tables.reader import is_table

    index = load_index(name)
    given = {key: value for key, value in changes.items() if value is not None}
    if "param" in given:
        from ecosystem.scoring.metric_names import given_parameters

        index = given_parameters(index, known_metrics(metrics), [given.pop("param")])
    weights = given.get("weights")
    if weights is not None and (weights == STREAM or is_table(weights)):
        index = with_weights(index, read_weights(Path(weights)), weights)
        del given["weights"]
    elif weights is not None and "=" in weights:
        index = with_weights(index, written_weights(weights), weights)
        del given["weights"]
    return override(index, **given)


@contextlib.contextmanager
def run_inputs(
    request: RunRequest, database: str | None
) -> Iterator[tuple[Index, GraphStore | None, ValueTable | None]]:
    """The index, the store and the table of a run; the store is closed afterwards. UsageError without an index."""
    if request.index is None:
        raise UsageError(
            tr("which index?"), hint=tr("for example: ecosystem score cingai-2023; see `ecosystem index list`")
        )
    spec = changed_index(request.index, request.changes, request.metrics)
    graph, table = open_inputs(spec, request.store, database, request.values, request.columns)
    try:
        yield spec, graph, table
    finally:
        if graph is not None:
            graph.close()


def table_columns(
    id_column: str | None, name: str | None, year: str | None, values: Path | str | None
) -> TableColumns | None:
    """The key columns that the command line names, if any. UsageError where there is no table that could have them."""
    from ecosystem.index.spec import TableColumns

    if id_column is None and name is None and year is None:
        return None
    if values is None:
        raise UsageError(tr("--id, --name and --year are columns of a table"), hint=tr("add --values TABLE"))
    return TableColumns(id_column, name, year)


def given_table(values: Path, columns: TableColumns | None = None) -> ValueTable:
    """The table of values, after saying what is to be known of it."""
    from ecosystem.index.files.value_files import read_values
    from ecosystem.index.spec import AS_HEADED

    table = read_values(values, columns or AS_HEADED)
    for finding in table.findings:
        say(f"{finding.severity}: {finding}")
    return table


def open_inputs(
    index: Index, store: str, database: str | None, values: Path | None, columns: TableColumns | None = None
) -> tuple[GraphStore | None, ValueTable | None]:
    """The store and the table; no store where the table has all indicators, or where there is none by default."""
    from ecosystem.scoring.sources import lacking_columns
    from ecosystem.store import open_store

    if values is None:
        return open_store(store, database=database), None
    table = given_table(values, index.table if columns is None else columns.over(index.table))
    lacking = lacking_columns(index, table)
    if not lacking or (store == DEFAULT_STORE and not Path(store).exists()):
        return None, table
    return open_store(store, database=database), table
