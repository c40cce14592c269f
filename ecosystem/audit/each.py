"""Every organisation of a label removed alone: the scores and ranks that would move, the most load-bearing first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import in_words
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute, variants
from ecosystem.audit.selection import node_labels
from ecosystem.errors import InputError, did_you_mean
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.steps.rank import competition_ranks
from ecosystem.messages import tr
from ecosystem.notebook import ROWS, few_lines, html_table, one_language, picture
from ecosystem.progress import Progress, silent
from ecosystem.removals import Removals
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Loads:
    """What each organisation carries, found by removing one at a time.

    `table` has a row per organisation, the most load-bearing first: `entity, name, label`; `region`, the ranked region
    whose score falls most, by `score_change`, from rank `rank_old` to `rank`; `overtaken_by`, the first region that
    passes it; `moved`, how many regions change their rank; `total_change`, the sum of all changes of score, each as a
    size. Rows stand in the order of ranks moved, then of the change of score.
    """

    scores: Scores
    label: str
    table: pd.DataFrame

    def to_pandas(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        facts = {"index": self.scores.index.id, "count": len(self.table), "label": self.label}
        return tr("{index}: each of {count:,} nodes {label} removed alone", **facts)

    def __repr__(self) -> str:
        columns = (self.table[name].head(3).tolist() for name in ("name", "entity", "moved"))
        first = (f"{name or entity} ({moved})" for name, entity, moved in zip(*columns, strict=True))
        moving = int((self.table["moved"] > 0).sum())
        return few_lines(
            self._title,
            tr("{count:,} of them change a rank", count=moving),
            tr("first, with the ranks that each changes: {names}", names=", ".join(first)),
            more="table, plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.scores, self.table.head(ROWS), one_language()), len(self.table))


def knock_out_each(scores: Scores, label: str = "Company", *, progress: Progress = silent, tell: Tell = mute) -> Loads:
    """What changes without each node of a label, one at a time; in one pass over the evidence.

    Those that take part in no match of any indicator change nothing, and have zeros. InputError for a label without
    nodes.
    """
    audit = AuditedScores(scores)
    known = node_labels(audit.graph.store)
    if label not in known:
        raise InputError(tr("the dataset has no {label!r} to remove", label=label), hint=did_you_mean(label, known))
    frame = audit.graph.store.entities.of(label)
    columns = measure_each(audit, frame.index.to_numpy(), progress=progress, tell=tell)
    table = pd.DataFrame({"entity": frame["id"].to_numpy(), "name": frame["name"].to_numpy(), "label": label} | columns)
    table = table.assign(size=table["score_change"].abs())
    table = table.sort_values(["moved", "size", "entity"], ascending=[False, False, True], ignore_index=True)
    return Loads(scores, label, _named(scores, table.drop(columns="size")))


def measure_each(
    audit: AuditedScores, codes: IntArray, *, progress: Progress = silent, tell: Tell = mute
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]:
    """The columns of the table, a row per code."""
    standing, tolerance = audit.scores.standing, audit.scores.index.ties.tolerance
    base, old = standing.overall, standing.overall_rank
    parts, done = [], 0
    without = variants(audit, Removals.each(codes), progress=progress, tell=tell)
    for scores in without.overall():
        parts.append(_row(scores, ranks(scores, base, tolerance), base, old))
        done += len(scores)
        progress("variants", done, len(codes))
    names = ("place", "score_change", "rank_old", "rank", "passed", "moved", "total_change")
    whole = [np.concatenate(columns) for columns in zip(*parts, strict=True)] if parts else [np.array([])] * len(names)
    return dict(zip(names, whole, strict=True))


def _row(scores: FloatArray, new: IntArray, base: FloatArray, old: IntArray) -> tuple[np.ndarray, ...]:
    """For each variant: the region that loses most, how much, its ranks, who passes it first, how many ranks move."""
    change = scores - base
    each = np.arange(len(scores))
    place = change.argmin(axis=1)
    before, after = old[place], new[each, place]
    passed = np.full(len(scores), -1)
    fell = np.flatnonzero(after > before)
    if len(fell):
        # of those that were ranked behind and are now ranked before, the one that was nearest
        overtakes = (old[None] > before[fell, None]) & (new[fell] < after[fell, None])
        nearest = np.where(overtakes, old[None] * len(base) + new[fell], np.iinfo(np.int64).max)
        first = nearest.argmin(axis=1)
        passed[fell] = np.where(overtakes.any(axis=1), first, -1)
    return place, change[each, place], before, after, passed, (new != old).sum(axis=1), np.abs(change).sum(axis=1)


def _named(scores: Scores, table: pd.DataFrame) -> pd.DataFrame:
    """The table with regions in place of their numbers; a region that loses nothing is none."""
    regions = np.array([*scores.standing.regions, ""], dtype=object)
    names = [names_of(scores, region) for region in scores.standing.regions]
    english = np.array([*(name.en for name in names), ""], dtype=object)
    chinese = np.array([*(name.zh for name in names), ""], dtype=object)
    place = np.where(table["score_change"] < 0, table["place"], -1)
    passed = table["passed"].to_numpy()
    found = table.drop(columns=["place", "passed"])
    found.insert(3, "region", regions[place])
    found.insert(4, "region_zh", chinese[place])
    found.insert(5, "region_en", english[place])
    found.insert(9, "overtaken_by", regions[passed])
    found.insert(10, "overtaken_by_zh", chinese[passed])
    found.insert(11, "overtaken_by_en", english[passed])
    return found


def ranks(scores: FloatArray, base: FloatArray, tolerance: float) -> IntArray:
    """The ranks (variants, R) of scores (variants, R) that are variants of the scores `base` (R,)."""
    found = np.tile(competition_ranks(base, tolerance), (len(scores), 1))
    moved = np.flatnonzero(~keeps_order(scores, base, tolerance))
    if len(moved):
        found[moved] = competition_ranks(scores[moved], tolerance)
    return found


def keeps_order(scores: FloatArray, base: FloatArray, tolerance: float) -> BoolArray:
    """True (variants,) where the ranks are surely those of `base`; false where they are, or may be, others.

    In the order of `base`, ties stay far closer than the tolerance (together, at most a quarter of it), and steps stay
    wider than twice the tolerance: then no sorting can part the ones or join the others.
    """
    order = np.argsort(-base, kind="stable")
    tied = base[order][:-1] - base[order][1:] <= tolerance
    close = tolerance / (4 * max(len(base), 1))
    least, most = np.where(tied, -close, 2 * tolerance), np.where(tied, close, np.inf)
    ordered = np.take(scores, order, axis=1)
    steps = ordered[:, :-1] - ordered[:, 1:]
    return np.asarray(((steps >= least) & (steps <= most)).all(axis=1))
