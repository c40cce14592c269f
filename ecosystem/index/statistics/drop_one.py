"""What one part decides: every indicator or pillar left out in turn, with the scores and ranks that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.engine import IndexScores, evaluate
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.statistics.correlation import associate
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table


@dataclass(frozen=True, slots=True, eq=False)
class DropOne:
    """The index without each of `parts` (n): `overall` and `ranks` `(regions, n)`, beside those of the whole index.

    A rank of 0 and a score that is NaN belong to a region without a score.
    """

    whole: IndexScores
    parts: tuple[Indicator, ...]
    overall: FloatArray
    ranks: IntArray

    def __repr__(self) -> str:
        return few_lines(self._title, more="summary, long(), ranks, overall")

    def _repr_html_(self) -> str:
        return html_table(self._title, self.summary)

    @property
    def _title(self) -> str:
        return tr("{index} without each of {count} parts", index=self.whole.index.id, count=len(self.parts))

    @property
    def summary(self) -> pd.DataFrame:
        """A row per part: the mean and the greatest change of a rank, how many change, Spearman's rho with the whole.

        Over the regions that are ranked with and without it. COINr `remove_elements`, whose `MeanAbsDiff` is `mean`.
        """
        frame = moves_of(self.whole, [part.code for part in self.parts], self.overall, self.ranks)
        frame.insert(1, "parent", [part.parent for part in self.parts])
        frame.insert(2, "level", [part.level for part in self.parts])
        return frame

    def long(self) -> pd.DataFrame:
        """A row per region and part: score and rank with and without it, and the change; a climb is positive."""
        return changes_of(self.whole, [part.code for part in self.parts], self.overall, self.ranks)


def moves_of(whole: IndexScores, codes: Sequence[str], overall: FloatArray, ranks: IntArray) -> pd.DataFrame:
    """A row per column of scores and ranks (regions, n): how far the ranks are from those of the whole index.

    Mean and greatest move, how many regions move, Spearman's rho of the scores; over the regions that are ranked in
    both.
    """
    rows = []
    for place, code in enumerate(codes):
        both = (whole.overall_rank > 0) & (ranks[:, place] > 0)
        moved = np.abs(ranks[both, place] - whole.overall_rank[both])
        pair = np.column_stack([whole.overall[both], overall[both, place]])
        rho = float(associate(pair, "spearman").r[0, 1]) if both.any() else np.nan
        mean, most = (float(moved.mean()), int(moved.max())) if both.any() else (np.nan, 0)
        rows.append((code, mean, most, int((moved > 0).sum()), rho))
    return pd.DataFrame(rows, columns=["code", "mean_move", "greatest_move", "moved", "spearman"])


def changes_of(whole: IndexScores, codes: Sequence[str], overall: FloatArray, ranks: IntArray) -> pd.DataFrame:
    """A row per code and region: score and rank of the whole index and of a column of these (regions, n)."""
    regions = len(whole.regions)
    frame = pd.DataFrame(
        {
            "region": np.tile(np.array(whole.regions, dtype=object), len(codes)),
            "code": np.repeat(np.array(codes, dtype=object), regions),
            "score": np.tile(whole.overall, len(codes)),
            "score_without": overall.T.ravel(),
            "rank": np.tile(whole.overall_rank, len(codes)),
            "rank_without": ranks.T.ravel(),
        }
    )
    for name in ("rank", "rank_without"):
        frame[name] = frame[name].astype("Int64").mask(frame[name] == 0)
    return frame.assign(rank_change=frame["rank"] - frame["rank_without"])


def drop_one(scores: IndexScores, *, auxiliary: Auxiliary = NO_AUXILIARY, level: int = 1) -> DropOne:
    """The index evaluated without each row at a `level` of its hierarchy in turn: 1 the indicators, 2 what is above.

    With a row all that is under it is left out, and a parent without parts too. The weights of its siblings count for
    it, as everywhere; under `weighted_sum` it adds nothing, and the others' shares are as they were. Weights from the
    data are made anew. UsageError for a level that is not under the top, InputError where nothing would be left, or a
    mean is undefined without a part, which is named.
    """
    index = scores.index
    if not 1 <= level < index.depth:
        hint = tr("level 1 has the indicators, level {level} the parts right under the top", level=index.depth - 1)
        raise UsageError(tr("the index has no parts at level {level} of its hierarchy", level=level), hint=hint)
    parts = index.at(level)
    if len(parts) == 1:
        raise InputError(
            tr(
                "{code!r} is the only part at level {level}: without it nothing is left",
                code=parts[0].code,
                level=level,
            )
        )
    found = [_evaluated(scores, part, auxiliary) for part in parts]
    overall = np.stack([each.overall for each in found], axis=1)
    return DropOne(scores, parts, overall, np.stack([each.overall_rank for each in found], axis=1))


def _evaluated(scores: IndexScores, part: Indicator, auxiliary: Auxiliary) -> IndexScores:
    index = without(scores.index, part)
    left = {leaf.code for leaf in index.leaves}
    columns = [at for at, leaf in enumerate(scores.index.leaves) if leaf.code in left]
    try:
        return evaluate(index, scores.raw[:, columns], level=scores.level, auxiliary=auxiliary)
    except InputError as err:
        message = tr("the index cannot be evaluated without {code!r}: {message}", code=part.code, message=err.message)
        raise InputError(message, hint=err.hint, findings=err.findings) from err


def without(index: Index, part: Indicator) -> Index:
    """The index without a row of its hierarchy, what is under it, and the parents that have no other part."""
    rows = [row for row in index.indicators if row.code != part.code and part.code not in index.ancestors(row)]
    needed = {code for row in rows if row.level == 1 for code in (row.code, *index.ancestors(row))}
    return replace(index, indicators=tuple(row for row in rows if row.code in needed))
