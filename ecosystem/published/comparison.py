"""Our scores beside the published ones: differences, and how far the two orders agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from ecosystem.errors import SpecError
from ecosystem.headings import heading
from ecosystem.index import Index, IndexScores, Standing
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_table import ValueTable
from ecosystem.messages import tr, tr_later
from ecosystem.metrics import Metric
from ecosystem.notebook import few_lines, html_table, one_language
from ecosystem.progress import Progress, silent
from ecosystem.published.grounds import Grounds, grounds_of
from ecosystem.published.published import Published, PublishedNumber
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore

COLUMNS = (
    "table", "level", "region", "code", "shows", "printed", "lower", "upper", "ours", "difference", "reproduced",
    "not_compared",
)  # fmt: skip
KEYS = ("table", "level", "code", "shows")
FURTHEST = {
    "count": tr_later("{value:.4g} of a count"),
    "rank": tr_later("{value:.4g} of a rank"),
    "score": tr_later("{value:.4g} of a score"),
    "value": tr_later("{value:.1%} of a value"),
}
"""How far off the furthest number is, by what is published."""
FIGURES = ("printed", "compared", "not_compared", "equal", "reproduced", "largest_difference", "spearman", "kendall")
FEWEST = 3
"""Two regions always correlate perfectly or not at all."""
CLOSE = 1e-9
GROUPS = "group"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Published numbers beside ours.

    `cells` has a row per published number with `COLUMNS`, `summary` one per table, code and what it shows. A number is
    reproduced where ours has its published digits: a score or the value of an indicator to half a unit of the last one,
    a rank or a count exactly, and where words give a range, ours lies in it. What rests on no data, or on data that are
    the same for all, is not compared: `not_compared` says why, ours is blank, and the number counts for neither side.
    `scores` are ours by level; `not_reproduced` says, a sentence each, what could not be reproduced and why.
    """

    cells: pd.DataFrame
    summary: pd.DataFrame
    scores: Mapping[str, Scores]
    not_reproduced: tuple[str, ...]

    def __repr__(self) -> str:
        levels = tr("levels: {names}", names=", ".join(self.scores))
        return few_lines(self._title, levels, *self.not_reproduced, more="cells, summary, scores, verdict")

    def _repr_html_(self) -> str:
        lang = one_language()
        return html_table(self._title, self.summary.rename(columns=lambda name: heading(str(name), lang)))

    @property
    def _title(self) -> str:
        return tr("published numbers beside ours: {verdict}", verdict=self.verdict)

    @property
    def verdict(self) -> str:
        """How many of the published numbers ours reproduce, and how far off the furthest score, rank and count are."""
        compared = self.cells[self.cells["not_compared"] == ""]
        parts = compared.dropna(subset=["ours"]).groupby("shows", sort=False)
        largest = ", ".join(tr(FURTHEST[str(shows)], value=_furthest(str(shows), part)) for shows, part in parts)
        counted = {"count": int(compared["reproduced"].sum()), "total": len(compared), "largest": largest}
        aside = {"aside": len(self.cells) - len(compared), "printed": len(self.cells)}
        if not largest:
            return tr("reproduced {count} of {printed}: nothing could be compared", count=0, printed=len(self.cells))
        verdict = tr("reproduced {count} of {total}, largest difference {largest}", **counted)
        if not aside["aside"]:
            return verdict
        return tr("{verdict}; not compared, for want of data: {aside} of {printed}", verdict=verdict, **aside)

    @property
    def reasons(self) -> dict[str, int]:
        """Why published numbers are not compared, and of how many that is so; the commonest first."""
        aside = self.cells.loc[self.cells["not_compared"] != "", "not_compared"]
        return {str(reason): int(count) for reason, count in aside.value_counts().items()}


def compare_published(
    index: Index,
    published: Published,
    store: GraphStore | None = None,
    *,
    values: ValueTable | None = None,
    since: int | None = None,
    until: int | None = None,
    metrics: Mapping[str, Metric] | None = None,
    progress: Progress = silent,
) -> Comparison:
    """The published numbers of an index beside those that it gives on a store, a table of values, or both.

    Every level is scored of which numbers are published; a column that is nowhere counts as missing. Raises as `score`,
    where no level can be scored at all.
    """
    scores: dict[str, Scores] = {}
    refused: dict[str, SpecError] = {}
    for name, level in index.levels.items():
        if name not in published.levels and not (level.groups and GROUPS in published.levels):
            continue
        try:
            scores[name] = score(
                index, store, values=values, level=name, since=since, until=until, metrics=metrics, partial=True,
                progress=progress,
            )  # fmt: skip
        except SpecError as err:
            refused[name] = err
    if refused and not scores:
        raise next(iter(refused.values()))
    return beside_published(scores, published, store, _unscored(refused))


def beside_published(
    scores: Mapping[str, Scores], published: Published, store: GraphStore | None = None, unscored: Sequence[str] = ()
) -> Comparison:
    """The published numbers of an index beside scores that are there by level; `unscored` says why a level is not."""
    labels = {each.code for each in published.numbers if each.shows == "count"}
    counts = {} if store is None else sample_counts(store, labels)
    grounds = {level: grounds_of(each, each.standing) for level, each in scores.items()}
    grouped = [(each, each.groups) for each in scores.values() if each.groups is not None]
    grounds |= {GROUPS: grounds_of(*grouped[0])} if grouped else {}
    cells, summary = side_by_side(published, standings(scores), counts, grounds)
    return Comparison(cells, summary, scores, (*unscored, *_missing(scores)))


def standings(scores: Mapping[str, Scores]) -> dict[str, Standing]:
    """The standing of every level, and that of the groups as `group`."""
    found: dict[str, Standing] = {level: each.standing for level, each in scores.items()}
    groups = [each.groups for each in scores.values() if each.groups is not None]
    return found | ({GROUPS: groups[0]} if groups else {})


def sample_counts(store: GraphStore, labels: Iterable[str]) -> dict[str, int]:
    """The number of nodes of each label that belong to the sample; a label that the graph does not have is left out."""
    counted = "MATCH (n:{} {{in_sample: true}}) RETURN count(n) AS value"
    return {
        label: store.query(parse(counted.format(name_text(label)))).read_all()["value"][0].as_py()
        for label in sorted(labels)
        if label in store.schema.counts
    }


def side_by_side(
    published: Published,
    ours: Mapping[str, Standing],
    counts: Mapping[str, int] | None = None,
    grounds: Mapping[str, Grounds] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published numbers beside those of our standings by level: every number, and a line per table and code.

    A rank of ours is among the regions of the level, as the published one is. Where a table was rescaled so that its
    best region has a given score, ours are rescaled alike. A number that we do not have stays blank. Spearman's rho and
    Kendall's tau-b are over the regions that both have; blank for fewer than three, or where all are equal.
    """
    books = {level: _OurNumbers(standing) for level, standing in ours.items()}
    rows = []
    for each in published.numbers:
        value = _ours(each, books, counts or {})
        why = _refusal(each, value, counts or {}, grounds)
        if why:
            value = np.nan
        difference = each.off(value)
        met = abs(difference) <= each.half + CLOSE
        place = (each.table.file, each.level, each.region, each.code, each.shows)
        rows.append((*place, each.value, each.lower, each.upper, value, difference, met, why))
    cells = pd.DataFrame(rows, columns=list(COLUMNS))
    parts = cells.groupby(list(KEYS), sort=False)
    summary = [dict(zip(KEYS, key, strict=True)) | _figures(part) for key, part in parts]
    return cells, pd.DataFrame(summary, columns=[*KEYS, *FIGURES])


def _ours(each: PublishedNumber, books: Mapping[str, _OurNumbers], counts: Mapping[str, int]) -> float:
    if each.shows == "count":
        return float(counts.get(each.code, np.nan))
    return books[each.level].value(each) if each.level in books else np.nan


def _refusal(
    each: PublishedNumber, value: float, counts: Mapping[str, int], grounds: Mapping[str, Grounds] | None
) -> str:
    """Why a published number is not compared with ours; "" where it is."""
    if each.shows == "count":
        return "" if counts.get(each.code) else tr("the graph has no {label} in its sample", label=each.code)
    if grounds is not None:
        if each.level not in grounds:
            return tr("the level {level} has no scores", level=each.level)
        why = grounds[each.level].refusal(each)
        if why:
            return why
    return tr("no value of ours") if np.isnan(value) else ""


def _furthest(shows: str, part: pd.DataFrame) -> float:
    """How far off the furthest number is; of values, which have different units, as a share of the printed one."""
    off = part["difference"].abs()
    if shows == "value":
        printed = part["printed"].fillna(part["lower"]).fillna(part["upper"])
        off = off[printed > 0] / printed[printed > 0]
    return float(off.max())


class _OurNumbers:
    """The numbers of a standing by code, region and what is shown."""

    def __init__(self, standing: Standing) -> None:
        index = standing.index
        self._row = {region: row for row, region in enumerate(standing.regions)}
        self._scores: dict[str, FloatArray] = {}
        for level in range(1, index.depth + 1):
            for place, part in enumerate(index.at(level)):
                self._scores[part.code] = standing.at(level)[..., place]
        raw = standing.raw if isinstance(standing, IndexScores) else np.full(standing.weighted.shape, np.nan)
        self._values: dict[str, FloatArray] = {leaf.code: raw[..., place] for place, leaf in enumerate(index.leaves)}

    def value(self, each: PublishedNumber) -> float:
        """Our number beside a published one; NaN for a region of which we have no score."""
        row = self._row.get(each.region)
        if each.shows == "value":
            return np.nan if row is None else float(self._values[each.code][row])
        scores = self._scores[each.code]
        if row is None or np.isnan(scores[row]):
            return np.nan
        if each.shows == "rank":
            return float(1 + np.count_nonzero(scores > scores[row] + CLOSE))
        if each.table.best is None:
            return float(scores[row])
        best = np.nanmax(scores)
        return float(scores[row] / best * each.table.best) if best > 0 else np.nan


def _figures(part: pd.DataFrame) -> dict[str, object]:
    both = part.dropna(subset=["ours"])
    differences = both["difference"].abs()
    exact = both.dropna(subset=["printed"])
    varied = len(exact) >= FEWEST and exact["ours"].nunique() > 1 and exact["printed"].nunique() > 1
    return {
        "printed": len(part),
        "compared": len(both),
        "not_compared": int((part["not_compared"] != "").sum()),
        "equal": int((differences < CLOSE).sum()),
        "reproduced": int(both["reproduced"].sum()),
        "largest_difference": float(differences.max()) if len(both) else np.nan,
        "spearman": float(spearmanr(exact["printed"], exact["ours"]).statistic) if varied else np.nan,
        "kendall": float(kendalltau(exact["printed"], exact["ours"]).statistic) if varied else np.nan,
    }


def _unscored(refused: Mapping[str, SpecError]) -> list[str]:
    return [f"level {level}: {err.message}" for level, err in refused.items()]


def _missing(scores: Mapping[str, Scores]) -> list[str]:
    """Each indicator without a value once, with the levels at which it has none."""
    levels: dict[tuple[str, str], list[str]] = {}
    for level, each in scores.items():
        for code, reason in each.missing.items():
            levels.setdefault((code, reason), []).append(level)
    return [f"{code} (level {', '.join(at)}): {reason}" for (code, reason), at in levels.items()]
