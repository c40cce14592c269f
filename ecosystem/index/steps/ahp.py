"""Weights from pairwise judgements: the analytic hierarchy process, with its consistency ratio and for gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr

RECIPROCAL = 1e-3
"""Judgements are often printed with few digits (.333): a pair may miss a_ij a_ji = 1 by this share."""

RandomIndex = Literal["saaty", "dd"]

RANDOM_INDEX: Mapping[RandomIndex, Mapping[int, float]] = {
    "saaty": {
        3: 0.52, 4: 0.89, 5: 1.11, 6: 1.25, 7: 1.35, 8: 1.40, 9: 1.45, 10: 1.49, 11: 1.52, 12: 1.54, 13: 1.56,
        14: 1.58, 15: 1.59,
    },
    "dd": {
        3: 0.4914, 4: 0.8286, 5: 1.0591, 6: 1.1797, 7: 1.2519, 8: 1.3171, 9: 1.3733, 10: 1.4055, 11: 1.4213,
        12: 1.4497, 13: 1.4643, 14: 1.4822, 15: 1.4969, 16: 1.5078, 17: 1.5153, 18: 1.5262, 19: 1.5313, 20: 1.5371,
        25: 1.5619, 30: 1.5772, 40: 1.5976, 50: 1.6102, 60: 1.6178, 70: 1.6237, 80: 1.6277, 90: 1.6213, 100: 1.6339,
    },
}  # fmt: skip
"""The mean consistency index of random matrices by their order: Saaty (2005, p. 31); Donegan and Dodd (1991).

Between two orders of the second the index lies on the line between theirs. ahpy takes the second by default.
"""

CONSISTENT = 0.1
"""Judgements whose consistency ratio is above this should be made again (Saaty 1980)."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Weights `(items,)` that sum to 1, and how well the judgements agree.

    `matrix` is the matrix with its gaps filled; `eigenvalue` the greatest; `index` = (eigenvalue - n) / (n - 1) and
    `ratio` = index / random index, 0 for fewer than three items, None where no random index is printed for so many.
    """

    weights: FloatArray
    matrix: FloatArray
    eigenvalue: float
    index: float
    ratio: float | None
    gaps: int


def ahp(matrix: FloatArray, random_index: RandomIndex = "saaty", names: Sequence[str] = ()) -> Judgement:
    """Weights from a matrix of judgements `(items, items)`: a_ij says how many times as much i counts as j.

    The principal right eigenvector (Saaty 1977). NaN in both places of a pair is a gap; gaps are filled so that the
    greatest eigenvalue is least, which has one solution when the judgements connect all items (Bozoki, Fulop and Ronyai
    2010, as ahpy does). One place of a pair suffices. `names` are those of the items. InputError with every fault: no
    square, not positive, not reciprocal, a diagonal that is not 1, items that no judgement connects.
    """
    judged = np.array(matrix, dtype=np.float64)
    if judged.ndim != 2 or judged.shape[0] != judged.shape[1] or not len(judged):
        raise InputError(tr("a judgement matrix is square"), hint=tr("give it a row and a column for each item"))
    judged = _mirrored(judged)
    _refuse(judged, names or [str(item) for item in range(1, len(judged) + 1)])
    gaps = [(int(i), int(j)) for i, j in np.argwhere(np.isnan(judged)) if i < j]
    filled = _filled(judged, gaps) if gaps else judged
    values, vectors = np.linalg.eig(filled)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    count, eigenvalue = len(judged), float(values[first].real)
    index = max((eigenvalue - count) / (count - 1), 0.0) if count > 2 else 0.0
    return Judgement(
        weights / weights.sum(), filled, eigenvalue, index, _ratio(index, count, RANDOM_INDEX[random_index]), len(gaps)
    )


def _ratio(index: float, count: int, printed: Mapping[int, float]) -> float | None:
    if count < 3:
        return 0.0
    if count > max(printed):
        return None
    return index / float(np.interp(count, list(printed), list(printed.values())))


def _mirrored(judged: FloatArray) -> FloatArray:
    """The matrix with each lone judgement in both places, and a blank diagonal as 1."""
    with np.errstate(divide="ignore"):
        mirrored = np.where(np.isnan(judged), 1 / judged.T, judged)
    np.fill_diagonal(mirrored, np.where(np.isnan(np.diagonal(judged)), 1.0, np.diagonal(judged)))
    return mirrored


def _refuse(judged: FloatArray, names: Sequence[str]) -> None:
    findings = []
    for i, j in np.argwhere(~(np.isnan(judged) | ((judged > 0) & np.isfinite(judged)))).tolist():
        findings.append(
            _fault(names, i, j, tr("the judgement is {judgement:g}, and must be above 0", judgement=judged[i, j]))
        )
    for i in np.flatnonzero(np.abs(np.diagonal(judged) - 1) > RECIPROCAL).tolist():
        findings.append(
            _fault(names, i, i, tr("an item counts {judgement:g} times as much as itself", judgement=judged[i, i]))
        )
    with np.errstate(invalid="ignore"):
        off = np.abs(judged * judged.T - 1) > RECIPROCAL * 10
    for i, j in np.argwhere(np.triu(off, 1)).tolist():
        findings.append(
            _fault(
                names,
                i,
                j,
                tr(
                    "{judgement:g} one way and {turned:g} the other: one must be 1 divided by the other",
                    judgement=judged[i, j],
                    turned=judged[j, i],
                ),
            )
        )
    if not findings and (unconnected := _unconnected(judged)):
        findings.append(
            Finding(
                "error",
                "not_connected",
                tr("no judgement connects {item!r} with the first item", item=names[unconnected]),
            )
        )
    if findings:
        hint = tr(
            "the cell in row i and column j says how many times as much item i counts as item j; "
            "leave both cells of a pair blank where there is no judgement"
        )
        raise InputError(tr("the judgements cannot be used"), hint=hint, findings=findings)


def _fault(names: Sequence[str], i: int, j: int, message: str) -> Finding:
    return Finding("error", "bad_judgement", f"{names[i]!r} against {names[j]!r}: {message}")


def _unconnected(judged: FloatArray) -> int | None:
    """An item that cannot be reached from the first over judgements."""
    reached = np.zeros(len(judged), np.bool_)
    reached[0] = True
    for _ in range(len(judged)):
        reached |= (~np.isnan(judged[reached])).any(axis=0)
    alone = np.flatnonzero(~reached)
    return int(alone[0]) if len(alone) else None


def _filled(judged: FloatArray, gaps: list[tuple[int, int]]) -> FloatArray:
    """The matrix whose gaps make the greatest eigenvalue least: convex in the logarithms of the gaps."""
    from scipy import optimize

    rows, columns = np.array(gaps).T

    def full(logs: FloatArray) -> FloatArray:
        whole = judged.copy()
        whole[rows, columns], whole[columns, rows] = np.exp(logs), np.exp(-logs)
        return whole

    def eigenvalue(logs: FloatArray) -> tuple[float, FloatArray]:
        whole = full(logs)
        value, right = _perron(whole)
        left = _perron(whole.T)[1]
        slope = left[rows] * right[columns] * np.exp(logs) - left[columns] * right[rows] * np.exp(-logs)
        return value, slope / float(left @ right)

    found = optimize.minimize(eigenvalue, np.zeros(len(gaps)), jac=True, method="BFGS", options={"gtol": 1e-10})
    return full(found.x)


def _perron(matrix: FloatArray) -> tuple[float, FloatArray]:
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    return float(values[first].real), np.abs(vectors[:, first].real)
