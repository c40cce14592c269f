"""The entities of a sample and the strata that they are drawn in; how often each is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ecosystem.errors import UsageError, refuse_unknown
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY
from ecosystem.store import GraphStore

Over = Literal["region", "all"]
"""Inside which entities are drawn: those of their region and label, or all of their label."""
StringArray: TypeAlias = npt.NDArray[np.object_]
NOWHERE = -1
"""The place of an entity that lies in no ranked region."""
BATCH = 1_000_000
"""Drawn entities that are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The entities of the sample, stratum by stratum.

    `codes` (E,) are those of the store, `labels` and `places` (E,) say what each is and in which ranked region it lies,
    `NOWHERE` for none; `first` and `size` (E,) are the begin and the number of entities of its stratum.
    """

    codes: IntArray
    labels: StringArray
    places: IntArray
    first: IntArray
    size: IntArray

    def __len__(self) -> int:
        return len(self.codes)

    def sizes(self, regions: int) -> IntArray:
        """How many of its entities lie in each ranked region (R,)."""
        return np.bincount(self.places[self.places >= 0], minlength=regions)

    def fixed(self, regions: int) -> IntArray:
        """The ranked regions whose every entity is alone in its stratum, or that have none: nothing there is drawn."""
        drawn = (self.size > 1) & (self.places >= 0)
        return np.flatnonzero(np.bincount(self.places[drawn], minlength=regions) == 0)

    def multiplicities(self, draws: int, seed: int) -> Iterator[FloatArray]:
        """How often each entity is drawn, (E, some) a batch of draws after the other; each stratum keeps its size.

        The same seed gives the same draws whatever the batches.
        """
        generator = np.random.default_rng(seed)
        count = len(self)
        step = max(1, BATCH // max(count, 1))
        for begin in range(0, draws, step):
            some = min(step, draws - begin)
            drawn = (generator.random((some, count)) * self.size).astype(np.int64)
            drawn += self.first + np.arange(some)[:, None] * count
            times = np.bincount(drawn.ravel(), minlength=some * count).reshape(some, count)
            yield np.ascontiguousarray(times.T, dtype=np.float64)


def read_sample(
    store: GraphStore, level: str, regions: Sequence[str], labels: Collection[str], over: Over = "region"
) -> Sample:
    """The nodes of some labels that are in the sample of a store, in strata of region and label, or of label alone.

    One that lies in no ranked region shares its stratum with all of its label that do not: people have no place of
    their own. Where ranked regions overlap, the first that an entity lies in is its region.
    """
    frames = [_nodes(store, label, level, regions) for label in labels]
    # by id, which every store has, so that the same seed draws the same entities
    frame = pd.concat(frames, ignore_index=True).sort_values(["label", "place", "id"], ignore_index=True)
    keys = frame["label"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    places = frame["place"].to_numpy(dtype=np.int64)
    if over == "region":
        keys = keys * (len(regions) + 1) + places + 1
    _, first, at, size = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    codes = frame["code"].to_numpy(dtype=np.int64)
    return Sample(codes, frame["label"].to_numpy(dtype=object), places, first[at], size[at])


def _nodes(store: GraphStore, label: str, level: str, regions: Sequence[str]) -> pd.DataFrame:
    """The nodes of a label in the sample, each once, with the place of its region."""
    node = f"(x:{name_text(label)} {{in_sample: true}})"
    nodes: pd.DataFrame = store.query(parse(f"MATCH {node} RETURN x AS code, x.id AS id")).read_all().to_pandas()
    chain = "MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})"
    found = store.query(parse(f"MATCH {node} {chain} RETURN x AS code, r.id AS region"), {"level": level}).read_all()
    places = pd.Index(regions).get_indexer(found["region"].to_pandas())
    located = pd.Series(places, index=found["code"].to_numpy())[places >= 0].groupby(level=0).min()
    return nodes.assign(label=label, place=located.reindex(nodes["code"]).fillna(NOWHERE).to_numpy(dtype=np.int64))


def sampled_labels(store: GraphStore) -> tuple[str, ...]:
    """The labels of a store whose nodes can be in its sample."""
    schema = store.schema
    labels = (label for label in schema.model.labels.values() if label.name not in HIERARCHY and not label.keyless)
    return tuple(label.name for label in labels if schema.counts.get(label.name) and "in_sample" in label.properties)


def drawn_labels(store: GraphStore, behind: Collection[str], census: Collection[str]) -> tuple[str, ...]:
    """The labels that are drawn: those behind the evidence, without those that are a census.

    UsageError for a census of a label that the dataset does not have, or where nothing is left to draw.
    """
    known = sampled_labels(store)
    for label in census:
        refuse_unknown(label, known, tr("the dataset has no {label!r} to hold fixed", label=label))
    drawn = tuple(label for label in known if label in behind and label not in census)
    if not drawn:
        raise UsageError(
            tr("nothing is left to draw: every entity behind the values is held fixed"),
            hint=tr("leave --census out, or name fewer labels: {labels}", labels=", ".join(known)),
        )
    return drawn
