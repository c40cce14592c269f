"""Nodes, links and rows of tables that a page names, each once: kind, id, name, and its place in a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial

import numpy as np
import pandas as pd

from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import rows_frame
from ecosystem.errors import DatasetError
from ecosystem.index.arrays import IntArray
from ecosystem.indicator_source import Record
from ecosystem.model import Model, kind_word
from ecosystem.query.provenance import HIERARCHY
from ecosystem.report.json_values import Both, Json, clean, said

EXPORTS = 3
"""So many rows of exports behind an entity are named."""
_MADE = re.compile(r"[0-9a-f]{16}(-\d+)?")
"""An id that the program made of what a link says, where the data give none."""
_COLUMNS = ("kind", "id", "name")


class Entities:
    """What is named, by numbers that are given out as it comes; `payload` has the table of all of it."""

    def __init__(self, audit: AuditedScores) -> None:
        self._audit = audit
        self._frames: list[pd.DataFrame] = []
        self._known: dict[tuple[str, int | str], int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def number(self, what: str, codes: IntArray, kinds: Collection[str]) -> IntArray:
        """The numbers of nodes or links (`what`) by their codes; kinds are those that they may be of."""
        asked, at = np.unique(codes, return_inverse=True)
        fresh = [code for code in asked.tolist() if (what, code) not in self._known]
        if fresh:
            possible = [kind for kind in kinds if kind not in HIERARCHY]
            self._frames.append(self._audit.graph.store.entities.known(np.array(fresh), possible))
            self._known |= {(what, code): at for at, code in enumerate(fresh, start=len(self._known))}
        return np.array([self._known[what, code] for code in asked.tolist()], dtype=np.int64)[at]

    def rows(self, records: Sequence[Record | None]) -> list[int | None]:
        """The numbers of rows of tables."""
        found: list[int | None] = []
        fresh: list[Record] = []
        for record in records:
            if record is None:
                found.append(None)
                continue
            key = (f"{record.kind} {record.name} {record.id}", record.line or 0)
            if key not in self._known:
                fresh.append(record)
                self._known[key] = len(self._known)
            found.append(self._known[key])
        if fresh:
            columns = (*_COLUMNS, "file", "line")
            self._frames.append(pd.DataFrame({name: [getattr(each, name) for each in fresh] for name in columns}))
        return found

    @property
    def _model(self) -> Model | None:
        graph = self._audit.scores.graph
        return None if graph is None else graph.schema.model

    def payload(self) -> Json:
        """The table of all that was numbered, column by column, with the files that it names.

        `lines` says why no lines are there, None where they are.
        """
        frame = pd.concat([pd.DataFrame(columns=[*_COLUMNS, "file", "line"]), *self._frames], ignore_index=True)
        frame, why = self._placed(frame)
        kinds, kind = np.unique(frame["kind"].to_numpy(dtype=str), return_inverse=True)
        files, file = np.unique(frame["file"].fillna("").to_numpy(dtype=str), return_inverse=True)
        placed = frame["line"].notna().tolist()
        exports = [None if pd.isna(text) else _first(str(text)) for text in frame["exports"]]
        return {
            "kinds": [said(partial(kind_word, name, self._model)) for name in kinds.tolist()],
            "kind": kind.tolist(),
            "id": [self._shown(*row) for row in zip(frame["kind"], frame["id"], placed, strict=True)],
            "name": [clean(str(name)) for name in frame["name"]],
            "files": [clean(name) for name in files.tolist()],
            "file": file.tolist(),
            "line": [int(line) if known else None for line, known in zip(frame["line"], placed, strict=True)],
            "exports": exports if any(exports) else None,
            "lines": why,
        }

    def _placed(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, Both | None]:
        """The table with file and line of all that has one, and why not where the dataset's files cannot be read."""
        frame = frame.astype({"line": "Int64"}).assign(exports=None)
        asked = frame["line"].isna() & (frame["kind"] != "")
        if not asked.any():
            return frame, None
        bare = frame.loc[asked, list(_COLUMNS)]
        try:
            found = rows_frame(self._audit, bare, None).set_index(bare.index)
        except DatasetError:
            return frame, said(partial(self._why, bare.head(1)))
        frame.loc[asked, ["file", "line"]] = found[["file", "line"]]
        if "exports" in found:
            frame.loc[asked, "exports"] = found["exports"]
        return frame, None

    def _why(self, bare: pd.DataFrame) -> str:
        try:
            rows_frame(self._audit, bare, None)
        except DatasetError as err:
            return err.message.split("\n")[0]
        return ""

    def _shown(self, kind: str, text: str, placed: bool) -> str:
        """An id, but not one that the program made for a link whose line is known: no file has it."""
        graph = self._audit.scores.graph
        made = graph is not None and kind in graph.schema.model.links and _MADE.fullmatch(text)
        return "" if placed and made else clean(text)


def _first(exports: str) -> str:
    rows = exports.split("; ")
    return clean("; ".join([*rows[:EXPORTS], "…"] if len(rows) > EXPORTS else rows))
