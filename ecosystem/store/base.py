"""The interface of a store: load, query, close, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import pyarrow as pa

from ecosystem.dataset.dataset import Dataset
from ecosystem.messages import tr_later
from ecosystem.progress import Progress, silent
from ecosystem.query import Schema
from ecosystem.query.bound_query import AskedQuery

if TYPE_CHECKING:
    from ecosystem.store.entities import Entities

OTHER_MODEL = tr_later("{store} was made with another model: its labels, link types or properties are not those of now")
"""What a store says whose dataset was read with another model than the one that it is opened with."""
DEFAULT_STORE = ".ecosystem/graph.duckdb"
"""The embedded store in the working folder."""


@dataclass(frozen=True, slots=True)
class LoadedDataset:
    """Which dataset a store holds: its name, the SHA-256 of what was read, version and hash of its model.

    The hash of the model is empty where a version of the program wrote it that kept none.
    """

    name: str
    hash: str
    model_version: int
    model_hash: str = ""


class GraphStore(Protocol):
    """A graph that answers the queries of the subset.

    `url` says where it is, without any password; `dataset` and `schema` what it holds. Both raise StoreError before the
    first load.
    """

    @property
    def exact_sums(self) -> bool:
        """True when a sum of floats is rounded once, as `math.fsum` does it, and not at every step."""

    @property
    def url(self) -> str:
        """Where the graph is."""

    @property
    def dataset(self) -> LoadedDataset:
        """What was loaded."""

    @property
    def schema(self) -> Schema:
        """Labels, link types and properties that are there."""

    def load(self, dataset: Dataset, *, replace: bool = False, progress: Progress = silent) -> None:
        """Make a dataset the content. Loading twice gives the same graph.

        Where a store is shared, another dataset gives way only with `replace`.
        """

    def count(self) -> Mapping[str, int]:
        """How many nodes of each label and links of each type there are, counted now; `schema` says what was loaded."""

    @property
    def entities(self) -> Entities:
        """The ids and names behind the codes that `query` returns."""

    def query(
        self, statement: AskedQuery, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows of a checked query, streamed.

        A node or link that a `Query` returns is its int64 code (see `entities`); one of a `Statement`, which is what a
        person asks, is its id. `timeout` is in seconds.

        Raises StoreError with the statement when the engine refuses or time is up.
        """

    def close(self) -> None:
        """Let go of the engine; safe to call twice."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a load would do to one label or link type: numbers of nodes or links, and the ids of some that it touches.

    `kept` are those that the dataset does not have and that stay, `same` those that are as it says.
    """

    name: str
    added: int
    changed: int
    removed: int
    kept: int
    same: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load would do, and what of somebody else's would keep it from doing it."""

    changes: tuple[Change, ...]
    refused: tuple[str, ...]

    @property
    def none(self) -> bool:
        """True when all is there already as the dataset says."""
        return not any(change.added or change.changed or change.removed for change in self.changes)


@runtime_checkable
class SharedStore(Protocol):
    """A store that lasts and that others use as well: it is changed where a dataset differs, and not built anew."""

    def load(
        self,
        dataset: Dataset,
        *,
        replace: bool = False,
        update: bool = False,
        batch: int | None = None,
        sessions: int | None = None,
        progress: Progress = silent,
    ) -> None:
        """Make a dataset the content: `update` leaves what it does not have, `replace` takes that away.

        `batch` is the number of rows in a transaction, `sessions` that of transactions at a time.
        """

    def changes(
        self, dataset: Dataset, *, replace: bool = False, update: bool = False, progress: Progress = silent
    ) -> Changes:
        """What `load` would do; nothing is written."""


@runtime_checkable
class LimitedStore(Protocol):
    """A store whose engine works within this process, so that its memory can be limited."""

    def limited(self, memory: int) -> AbstractContextManager[None]:
        """Let the engine have no more than so many bytes for the time of a block; StoreError for what needs more."""


@runtime_checkable
class CypherStore(Protocol):
    """A store that takes any Cypher as it stands, also what is outside the subset."""

    def ask(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        timeout: float | None = None,
        memory: int | None = None,
    ) -> pa.Table:
        """The rows of a text that only reads; a node or link is its id; lists of unlike values are JSON.

        `timeout` is in seconds, `memory` the bytes that the rows may take.

        Raises QueryError for what does more than read, StoreError when the engine refuses or a limit is reached.
        """
