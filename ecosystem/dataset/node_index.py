"""All nodes of a dataset by id: their integer keys, their labels, and where each id was first given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.link_ids import Hashes, hash_texts
from ecosystem.dataset.text_index import TextIndex
from ecosystem.tables.raw import Mask, Rows

Keys = npt.NDArray[np.int64]
"""Integer keys of nodes."""


class NodeIndex:
    """Grows label by label; the key of a node is its place among the loaded nodes of all labels, counted from 0."""

    def __init__(self) -> None:
        self.places = IdPositions()
        self._tables: dict[str, pa.Table] = {}
        self._ids: list[pa.Array] = []
        self._index = TextIndex()
        self._checked: set[str] = set()

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The loaded nodes of each label that has any, in the order of their keys; `_id` is the key."""
        return dict(self._tables)

    @property
    def ids(self) -> pa.ChunkedArray:
        """The ids of the loaded nodes, by key."""
        return pa.chunked_array(self._ids, pa.string())

    def load(self, label: str, table: pa.Table, *, checked: bool = False) -> None:
        """Give keys to the nodes of a label, in the order of its rows; a label without rows is left out.

        `checked` says that the ids have been looked at, as those of a link must be.
        """
        if table.num_rows:
            self._checked |= {label} if checked else set()
            first = len(self.ids)
            keys = pa.array(np.arange(first, first + table.num_rows))
            self._tables[label] = table.add_column(0, "_id", keys)
            self._ids.append(table["id"].combine_chunks())
            self._index.add(self._ids[-1])

    def keys(self, ids: pa.ChunkedArray) -> Keys:
        """The key of each id, -1 where no loaded node has it."""
        return self._index.places(ids)

    def label_numbers(self, keys: Keys) -> npt.NDArray[np.int8]:
        """The label of each key, as its place in `tables`."""
        counts = [len(ids) for ids in self._ids]
        labels: npt.NDArray[np.int8] = np.repeat(np.arange(len(counts), dtype=np.int8), counts)[keys]
        return labels

    def all_checked(self, keys: Keys, labels: Collection[str]) -> bool:
        """True when all keys are those of nodes of some labels, whose ids have been checked."""
        checked = np.array([label in labels and label in self._checked for label in self._tables], np.bool_)
        return bool((keys >= 0).all() and checked[self.label_numbers(keys)].all())

    def hashes(self) -> Hashes:
        """The hash of the id of each node, by key."""
        return hash_texts(self.ids)

    def named(self, name: str, labels: Collection[str]) -> str | None:
        """The id of a node of some labels that has that name."""
        for label, table in self._tables.items():
            if (
                label in labels
                and "name" in table.column_names
                and (place := pc.index(table["name"], name).as_py()) >= 0
            ):
                return str(table["id"][place])
        return None


@dataclass(frozen=True, slots=True)
class Positions:
    """For each of some ids the file and the line that gave it, null for those that none gave."""

    files: pa.Array
    lines: pa.Array

    @property
    def known(self) -> Mask:
        """True for the ids that a file gave."""
        known: Mask = pc.is_valid(self.files).to_numpy(zero_copy_only=False)
        return known

    def at(self, chosen: Rows | Mask) -> tuple[pa.Array, pa.Array]:
        """The files and the lines of some of the ids, by their numbers or by a mask."""
        rows = pa.array(np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen)
        return self.files.take(rows), self.lines.take(rows)


class IdPositions:
    """Remembers ids with their places, those of rows that do not load among them."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._lines: list[Rows] = []
        self._index = TextIndex()

    @property
    def files(self) -> list[str]:
        """The files that gave ids."""
        return list(self._files)

    def note(self, file: str, ids: pa.Array, lines: Rows) -> None:
        """Remember the ids of a file and the lines they stand on."""
        self._files.append(file)
        self._lines.append(lines)
        self._index.add(ids)

    def of(self, ids: pa.Array | pa.ChunkedArray) -> Positions:
        """Where each id was given first."""
        found = self._index.places(ids)
        unknown = found < 0
        if unknown.all():
            return Positions(pa.nulls(len(found), pa.string()), pa.nulls(len(found), pa.int64()))
        number = np.searchsorted(np.cumsum(list(map(len, self._lines))), found, side="right")
        files = pa.array(self._files).take(pa.array(number, mask=unknown))
        return Positions(files, pa.array(np.concatenate(self._lines)[found], mask=unknown))
