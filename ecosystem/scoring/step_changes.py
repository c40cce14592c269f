"""What the steps before normalisation did to the values: every cell, from what to what, and what was left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ecosystem.index import IndexScores, Indicator, Standing
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rule_text import describe_transformation
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import UNTOUCHED, WORDS, Treated
from ecosystem.messages import listed, tr, tr_count, tr_later
from ecosystem.scoring.value_years import first_of

CELLS = ("year", "region", "code", "step", "method", "from", "to")
COLUMNS = (
    "year", "code", "outcome", "values_changed", "skewness_before", "kurtosis_before", "skewness_after",
    "kurtosis_after",
)  # fmt: skip


def changed_cells(standing: IndexScores, years: Sequence[int] = ()) -> pd.DataFrame:
    """A row per value that a step has changed: year, region, code, step, method, from, to; `years` those of a panel.

    The steps are `transformed` (where an indicator has a transformation of its own, its denominator with it) or
    `denominated`, `imputed` and `treated`, in this order; a value may have a row of each. What is imputed
    comes from nothing. There is no column `year` but in a panel.
    """
    rows = [*_denominated(standing), *_imputed(standing), *_treated(standing)]
    named = [
        (years[cell[0]] if years else 0, standing.regions[cell[-2]], standing.index.leaves[cell[-1]].code, *what)
        for cell, *what in rows
    ]
    frame = pd.DataFrame(named, columns=list(CELLS)).astype({"from": "float64", "to": "float64"})
    return frame if years else frame.drop(columns="year")


Change = tuple[tuple[int, ...], str, str, float, float]


def _cells(mask: BoolArray) -> Iterator[tuple[int, ...]]:
    yield from map(tuple, np.argwhere(mask).tolist())


def _denominated(standing: IndexScores) -> Iterator[Change]:
    leaves = standing.index.leaves
    by = np.array([leaf.denominator is not None or bool(leaf.own.transformation) for leaf in leaves])
    known = ~np.isnan(standing.raw) | ~np.isnan(standing.divided)
    for cell in _cells(by & known & ~standing.excluded[..., None]):
        leaf = leaves[cell[-1]]
        step = "transformed" if leaf.own.transformation else "denominated"
        yield cell, step, _words_of(leaf), standing.raw[cell], standing.divided[cell]


def _words_of(leaf: Indicator) -> str:
    """What is made of a value before it is imputed, e.g. `over people, then ln`."""
    rules = leaf.own.transformation
    over = [] if leaf.denominator is None else [tr("over {denominator}", denominator=leaf.denominator)]
    made = [describe_transformation(rule) for rule in rules if TRANSFORMATIONS.find(rule.method).first]
    rest = [describe_transformation(rule) for rule in rules if not TRANSFORMATIONS.find(rule.method).first]
    return listed([*made, *over, *rest], ", then ")


def _imputed(standing: IndexScores) -> Iterator[Change]:
    rules = standing.index.imputations
    for cell in _cells(standing.imputed):
        yield cell, "imputed", rules[cell[-1]].method, np.nan, standing.filled[cell]


def _treated(standing: IndexScores) -> Iterator[Change]:
    if standing.treated is not None:
        codes = standing.treated.points.reshape(standing.filled.shape)
        for cell in _cells(codes != UNTOUCHED):
            yield cell, "treated", tr(WORDS[codes[cell]]), standing.filled[cell], standing.prepared[cell]


def treated_columns(standing: IndexScores, years: Sequence[int] = ()) -> pd.DataFrame:
    """A row per column that was tested for outliers, of every year that was treated by itself: what became of it, why.

    Columns: year, code, outcome, values_changed, skewness and kurtosis before and after; no row where the index treats
    nothing. There is no column `year` but where years were treated one by one.
    """
    treated, rows = standing.treated, []
    if treated is None:
        return pd.DataFrame(columns=list(COLUMNS)).drop(columns="year")
    for cell in np.ndindex(treated.failed.shape):
        column = (*cell[:-1], slice(None), cell[-1])
        moved = int((treated.points[column] != UNTOUCHED).sum())
        moments = [float(each[cell]) for pair in (treated.before, treated.after) for each in pair]
        year = years[cell[0]] if years and len(cell) > 1 else 0
        rows.append((year, standing.index.leaves[cell[-1]].code, _outcome(treated, cell), moved, *moments))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame if years and treated.failed.ndim > 1 else frame.drop(columns="year")


def _outcome(treated: Treated, cell: tuple[int, ...]) -> str:
    if treated.stuck[cell]:
        return tr("left as it is: it has outliers, but would become constant")
    if treated.failed[cell]:
        return tr("treated") if treated.passed[cell] else tr("treated, but outliers remain")
    if np.isnan(treated.before[1][cell]):
        return tr("left as it is: constant, or fewer than four values")
    return tr("left as it is: it passes the test")


STEPS = {
    "transformed": tr_later("transformed"),
    "denominated": tr_later("denominated"),
    "imputed": tr_later("imputed"),
    "treated": tr_later("treated"),
}
"""What a step has done, by its name in the table of cells."""
_COUNTED: Mapping[str, Callable[[int, str], str]] = {
    "transformed": lambda count, cells: tr_count(
        "transformed: {count:,} value: {cells}", "transformed: {count:,} values: {cells}", count, cells=cells
    ),
    "denominated": lambda count, cells: tr_count(
        "denominated: {count:,} value: {cells}", "denominated: {count:,} values: {cells}", count, cells=cells
    ),
    "imputed": lambda count, cells: tr_count(
        "imputed: {count:,} value: {cells}", "imputed: {count:,} values: {cells}", count, cells=cells
    ),
    "treated": lambda count, cells: tr_count(
        "treated: {count:,} value: {cells}", "treated: {count:,} values: {cells}", count, cells=cells
    ),
}


def step_notes(standing: IndexScores, years: Sequence[int] = ()) -> Iterator[str]:
    """What a person has to know of the changes: how many of each step, the first of them, and columns left alone."""
    cells = changed_cells(standing, years)
    for step, part in cells.groupby("step", sort=False):
        cells_said = [_in_words(row) for row in part.to_dict("records")]
        yield _COUNTED[str(step)](len(part), first_of(cells_said))
    columns = treated_columns(standing, years)
    for outcome, part in columns[columns["values_changed"] == 0].groupby("outcome", sort=False):
        names = [
            f"{row['code']} {row['year']}" if "year" in row else str(row["code"]) for row in part.to_dict("records")
        ]
        yield tr("{outcome}: {codes}", outcome=outcome, codes=first_of(names))


def _in_words(row: dict[object, object]) -> str:
    when = f" {row['year']}" if "year" in row else ""
    old, new = (f"{row[name]:.6g}" for name in ("from", "to"))
    what = new if row["step"] == "imputed" else f"{old} -> {new}"
    return tr("{cell} ({method})", cell=f"{row['region']}{when} {row['code']} {what}", method=row["method"])


def cell_marks(standing: IndexScores, years: Sequence[int] = ()) -> dict[tuple[object, ...], str]:
    """By region and code, of a panel by year, region and code, what was done to the value; none that is as it was."""
    marks: dict[tuple[object, ...], str] = {}
    for row in changed_cells(standing, years).to_dict("records"):
        key = tuple(row[name] for name in ("year", "region", "code") if name in row)
        text = tr("{cell} ({method})", cell=tr(STEPS[str(row["step"])]), method=row["method"])
        marks[key] = listed([marks[key], text]) if key in marks else text
    return marks


def step_values(standing: IndexScores) -> dict[str, FloatArray]:
    """The values `(regions, indicators)` after every step, by the name of the step."""
    return {
        "denominated": standing.divided,
        "imputed": standing.filled,
        "treated": standing.prepared,
        "normalised": standing.normalised,
        "weighted": np.where(np.isnan(standing.at(1)), np.nan, standing.weighted),
    }


def imputed_in(standing: IndexScores) -> Iterator[str]:
    """Of each region the indicators whose value is imputed, in words; "" where none is."""
    leaves = np.array([leaf.code for leaf in standing.index.leaves])
    for cells in standing.imputed:
        yield tr("imputed: {codes}", codes=", ".join(leaves[cells])) if cells.any() else ""


def last_step_notes(standing: Standing) -> list[str]:
    """Which parts have no score since the last step is undefined for them, and why, in sentences."""
    if standing.last is None:
        return []
    method = RESCALINGS.find(standing.index.rescaling.method)
    sentence = tr_later("no region has a score of {code}: {method} is undefined, since {reason}")
    facts = {"method": method.name, "reason": tr(method.undefined) if method.undefined else ""}
    return [tr(sentence, code=code, **facts) for code in standing.last.undefined]
