"""Matrices of the same nodes against each other: their correlation, and a regression, where nodes are permuted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.network.nulls import Comparison, compared

Matrix = FloatArray | csr_array[np.float64]
HELD = 4_000_000
"""Permuted cells that are held at a time."""
_CONSTANT = 1e-12
_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class MatrixRegression:
    """A matrix as a sum of others: the intercept, and the coefficient (K,) of each, plain and standardised.

    `tests` compares the partial correlation of each with that of its permutations; `r2` is the share of the variance
    of the `cells` that the others explain.
    """

    intercept: float
    coefficient: FloatArray
    standardised: FloatArray
    tests: tuple[Comparison, ...]
    r2: float
    cells: int


def qap(first: Matrix, second: Matrix, draws: int, seed: int) -> Comparison:
    """Pearson's r of the cells of two matrices (N, N) off the diagonal, against permutations of the second's nodes.

    Rows and columns of the second are permuted together: it keeps its structure, and only which node is where changes.
    Flows between regions or adjacency matrices, dense or sparse. Symmetric matrices have every cell twice, which
    changes nothing. Same seed, same draws. NaN where the cells of either are all equal, or one is NaN. Reference:
    Krackhardt (1987), QAP partialling as a test of spuriousness; Hubert and Schultz (1976).
    """
    count, cells = first.shape[0], first.shape[0] * (first.shape[0] - 1)
    one, other = _off_diagonal(first), _off_diagonal(second)
    spread = _spread(_held(one), cells) * _spread(_held(other), cells)
    if not spread > 0:
        return compared(float("nan"), np.full(draws, np.nan))
    level = float(one.sum() * other.sum()) / cells

    def r(order: IntArray) -> float:
        return float(((one * other[order][:, order]).sum() - level) / spread)

    return compared(r(np.arange(count)), np.array([r(order) for order in _orders(count, draws, seed)]))


def regress(outcome: FloatArray, predictors: Sequence[FloatArray], draws: int, seed: int) -> MatrixRegression:
    """Least squares of the cells of a matrix (N, N) off the diagonal on those of K others, tested by permutation.

    Double semi-partialing: what is left of a predictor after a regression on all others is permuted, rows and columns
    together, takes its place, and its t is drawn anew; the others stay as they are, so that collinear predictors and
    the dependence of cells in a row do not make too many small p-values. What is compared is the partial correlation r,
    of which t = r sqrt(df / (1 - r^2)) is an increasing function, so that the p-values are those of t. A standardised
    coefficient is in standard deviations. The hypothesis is `qapspp` of netlm in sna for R, whose two-sided p is the
    share of draws with |t| as great, without the observed. All is NaN where the predictors are collinear, a matrix is
    constant, a cell is NaN, or there are no more cells than coefficients. Reference: Dekker, Krackhardt and Snijders
    (2007), Sensitivity of MRQAP tests to collinearity and autocorrelation conditions.
    """
    off = ~np.eye(len(outcome), dtype=bool)
    y, x = outcome[off], np.array([one[off] for one in predictors]).reshape(len(predictors), -1)
    if not _regular(y, x):
        nothing, undrawn = np.full(len(x), np.nan), compared(float("nan"), np.full(draws, np.nan))
        return MatrixRegression(float("nan"), nothing, nothing, (undrawn,) * len(x), float("nan"), len(y))
    centre, mean = x.mean(axis=1, keepdims=True), y.mean()
    coefficient = np.linalg.lstsq((x - centre).T, y - mean)[0]
    rest = y - mean - coefficient @ (x - centre)
    tests = tuple(_tested(y, x, place, off, draws, seed) for place in range(len(x)))
    r2 = float(1 - rest @ rest / (y.var() * len(y)))
    return MatrixRegression(
        float(mean - coefficient @ centre.ravel()),
        coefficient,
        coefficient * x.std(axis=1) / y.std(),
        tests,
        r2,
        len(y),
    )


def _tested(y: FloatArray, x: FloatArray, place: int, off: BoolArray, draws: int, seed: int) -> Comparison:
    """The partial correlation of the outcome with a predictor, and with permutations of what others leave of it."""
    others = np.linalg.qr(np.column_stack([np.ones(len(y)), *np.delete(x, place, axis=0)])).Q
    left, rest = _without(x[place][None], others), _without(y[None], others)[0]
    matrix, (row, column) = np.zeros(off.shape), np.nonzero(off)
    matrix[off] = left[0]
    orders = np.array(list(_orders(len(off), draws, seed)), dtype=np.int64).reshape(draws, len(off))
    blocks = np.array_split(orders, max(1, draws * len(y) // HELD))
    drawn = [_correlations(_without(matrix[block[:, row], block[:, column]], others), rest) for block in blocks]
    return compared(float(_correlations(left, rest)[0]), np.concatenate(drawn))


def _without(cells: FloatArray, others: FloatArray) -> FloatArray:
    """What is left of vectors (D, cells) after a regression on the orthonormal columns of `others`."""
    left: FloatArray = cells - (cells @ others) @ others.T
    return left


def _correlations(cells: FloatArray, rest: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = cells @ rest / np.sqrt((cells**2).sum(axis=1) * (rest @ rest))
    return found


def _regular(y: FloatArray, x: FloatArray) -> bool:
    """Whether a regression of `y` (cells,) on the rows of `x` (K, cells) and a constant has one solution, not flat."""
    if not np.isfinite(y).all() or not np.isfinite(x).all() or len(y) <= len(x) + 1:
        return False
    size = np.array([_spread(one, len(y)) for one in (y, *x)])
    if not (size > 0).all():
        return False
    centred = (x - x.mean(axis=1, keepdims=True)) / size[1:, None]
    return bool(np.linalg.matrix_rank(centred, tol=_COLLINEAR) == len(x))


def _spread(values: FloatArray, cells: int) -> float:
    """The root of the sum of squares of so many cells about their mean, most of which may be 0; 0 but for noise."""
    if not len(values):
        return 0.0
    mean, square = float(values.sum()) / cells, float(values @ values)
    spread = float(((values - mean) ** 2).sum()) + (cells - len(values)) * mean**2
    return spread**0.5 if spread > _CONSTANT**2 * square else 0.0


def _orders(count: int, draws: int, seed: int) -> Iterator[IntArray]:
    rng = np.random.default_rng(seed)
    return (rng.permutation(count) for _ in range(draws))


def _off_diagonal(matrix: Matrix) -> Matrix:
    """The matrix with 0 on its diagonal; a dense one about the mean of its other cells, lest large sums leave noise."""
    if not isinstance(matrix, np.ndarray):
        off: csr_array[np.float64] = csr_array(matrix - diags_array(matrix.diagonal()))
        return off
    count = len(matrix)
    mean = (matrix.sum() - np.trace(matrix)) / max(count * (count - 1), 1)
    centred: FloatArray = np.where(np.eye(count, dtype=bool), 0.0, matrix - mean)
    return centred


def _held(matrix: Matrix) -> FloatArray:
    """The cells that a matrix holds, off the diagonal; those of a sparse one that are not held are 0."""
    return matrix[~np.eye(len(matrix), dtype=bool)] if isinstance(matrix, np.ndarray) else matrix.data
