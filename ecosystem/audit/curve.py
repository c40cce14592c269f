"""How fast a region's score falls as its organisations leave: the largest first, and in random order; as an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import in_words
from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute, variants
from ecosystem.audit.lineage import Lineage, lineage, region_place
from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.progress import Progress, silent
from ecosystem.removals import Removals
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BATCH = 20_000
"""Variants that are counted in one go."""


@dataclass(frozen=True, eq=False)
class Curves:
    """How scores fall as organisations leave.

    `points` has a row per region, order (`targeted`, `random`) and number removed: `score`, of random orders the mean,
    with `low` and `high`, their 5th and 95th percentile. `table` has a row per region: how many were removed, the score
    before and after, and `fragility`: the area above the curve, the mean share of the score that is gone over 1 .. k
    removed. It is 0 where nothing falls, and negative where the score rises; every score is computed anew, minimum and
    maximum of the regions too.
    """

    scores: Scores
    points: pd.DataFrame
    table: pd.DataFrame

    def to_pandas(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        facts = {"index": self.scores.index.id, "count": len(self.table)}
        return tr("{index}: how scores fall as organisations leave; regions: {count}", **facts)

    def __repr__(self) -> str:
        names = named(self.table[f"region_{one_language()}"]) if len(self.table) else ""
        first = tr("most fragile: {names}", names=names) if names else ""
        return few_lines(self._title, first, more="table, points, plot()")

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.scores, self.table, one_language()))


def curve(
    scores: Scores,
    region: str | None = None,
    *,
    remove: int = 20,
    random: int = 0,
    seed: int = 1,
    progress: Progress = silent,
    tell: Tell = mute,
) -> Curves:
    """The curves of one region, or of all that are ranked: without the top 1, the top 2, ... up to `remove`.

    The top are the organisations whose parts in the score (without shares: in the number of matches) are largest.
    `random` orders of as many of the region's organisations, drawn with `seed`, stand beside. InputError for a region
    without organisations.
    """
    if remove < 1 or random < 0:
        raise UsageError(tr("--remove takes 1 or more, --random 0 or more"))
    audit = AuditedScores(scores)
    places = [region_place(scores, region)] if region is not None else list(range(len(scores.standing.regions)))
    pools = {place: pool for place in places if len(pool := ranked_members(audit, place))}
    if region is not None and not pools:
        raise InputError(
            tr("no organisation stands behind the score of {region}", region=region),
            hint=tr("ecosystem explain shows its parts"),
        )
    generator = np.random.default_rng(seed)
    orders = [
        (place, kind, order)
        for place, pool in pools.items()
        for kind, order in _orders(pool, remove, random, generator)
    ]
    found = _follow(audit, orders, progress, tell)
    return _curves(scores, orders, found)


def ranked_members(audit: AuditedScores, region: int) -> IntArray:
    """The organisations behind a region's score, the one with the largest part first."""
    chain = Chain.of(audit.scores.standing)
    lines = [lineage(audit, place, region, chain) for place in audit.places]
    codes = np.concatenate([line.codes for line in lines]) if lines else np.array([], dtype=np.int64)
    if not len(codes):
        return codes
    distinct, at = np.unique(codes, return_inverse=True)
    sizes = np.bincount(at, np.concatenate([_sizes(audit, line, region) for line in lines]))
    matches = np.bincount(at, np.concatenate([line.matches for line in lines]))
    return np.asarray(distinct[np.lexsort((distinct, -matches, -sizes))])


def _sizes(audit: AuditedScores, line: Lineage, region: int) -> FloatArray:
    """Parts in the score; of a value without points its share of the weight."""
    if line.adds_up:
        return line.points
    value = audit.scores.standing.raw[region, line.place]
    weight = audit.scores.standing.shares[line.place]
    parts: FloatArray = np.nan_to_num(line.shares / value * weight) if value else np.zeros(len(line.codes))
    return parts


def _orders(pool: IntArray, remove: int, random: int, generator: np.random.Generator) -> Iterator[tuple[str, IntArray]]:
    length = min(remove, len(pool))
    yield "targeted", pool[:length]
    for _ in range(random):
        yield "random", np.asarray(generator.choice(pool, length, replace=False))


_Orders = Sequence[tuple[int, str, IntArray]]


def _follow(audit: AuditedScores, orders: _Orders, progress: Progress, tell: Tell) -> list[FloatArray]:
    """For each order the score of its region without the first, the first two, ..."""
    found: list[FloatArray] = []
    for batch in _batches(orders):
        without = variants(audit, Removals.cumulative([order for _, _, order in batch]), tell=tell)
        place = np.repeat([place for place, _, _ in batch], [len(order) for _, _, order in batch])
        done, parts = 0, []
        for scores in without.overall():
            parts.append(scores[np.arange(len(scores)), place[done : done + len(scores)]])
            done += len(scores)
        ends = np.cumsum([len(order) for _, _, order in batch])[:-1]
        found += np.split(np.concatenate(parts), ends)
        progress("orders", len(found), len(orders))
    return found


def _batches(orders: _Orders) -> Iterator[_Orders]:
    begin, size = 0, 0
    for at, (_, _, order) in enumerate(orders):
        size += len(order)
        if size >= BATCH:
            yield orders[begin : at + 1]
            begin, size = at + 1, 0
    if begin < len(orders):
        yield orders[begin:]


def _curves(scores: Scores, orders: _Orders, found: Sequence[FloatArray]) -> Curves:
    points, rows = [], []
    for place in dict.fromkeys(place for place, _, _ in orders):
        region, base = scores.standing.regions[place], scores.standing.overall[place]
        name = names_of(scores, region)
        row = {"region": region, "region_zh": name.zh, "region_en": name.en, "score": base}
        for kind in ("targeted", "random"):
            those = [after for (at, which, _), after in zip(orders, found, strict=True) if (at, which) == (place, kind)]
            if not those:
                continue
            lines = np.concatenate([np.full((len(those), 1), base), np.stack(those)], axis=1)
            mean = lines.mean(axis=0)
            low, high = np.percentile(lines, [5, 95], axis=0)
            points.append(
                pd.DataFrame(
                    {
                        "region": region,
                        "order": kind,
                        "removed": np.arange(len(mean)),
                        "score": mean,
                        "low": low,
                        "high": high,
                    }
                )
            )
            area = float((1 - lines[:, 1:] / base).mean()) if base else np.nan
            row |= {"removed": len(mean) - 1, f"score_{kind}": mean[-1], f"fragility_{kind}": area}
        rows.append(row)
    table = pd.DataFrame(rows)
    if "fragility_targeted" in table:
        table = table.sort_values(["fragility_targeted", "region"], ascending=[False, True], ignore_index=True)
    return Curves(scores, pd.concat(points, ignore_index=True) if points else pd.DataFrame(), table)
