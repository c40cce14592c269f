"""Admissible weights drawn uniformly: from the simplex, by rejection where most draws stay, else by hit-and-run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import linprog

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.robustness.admissible_weights import SLACK, AdmissibleWeights, optimum

PILOT = 20_000
"""Draws that tell how many of the simplex are admissible."""
CHEAP = 0.01
"""Rejection is used where at least this share of the simplex is admissible."""
CHAINS = 500
"""Walks that run side by side; how their shares differ gives the standard error."""
STRETCHES, SWEEPS, THINNING = 6, 50, 4
"""How often the body is turned at the beginning, after how many sweeps; and the sweeps between two draws of a walk."""

Sampler = Literal["simplex", "rejection", "hit-and-run", "one point"]


@dataclass(frozen=True, slots=True, eq=False)
class WeightDraws:
    """Weights (draws, n), how they were drawn, and which walk each is of (draws,), all 0 where draws are independent.

    `admissible`: the share of the simplex that the constraints leave, NaN where it was too small to be counted.
    """

    weights: FloatArray
    sampler: Sampler
    walk: IntArray
    admissible: float

    @property
    def walks(self) -> IntArray | None:
        """Which walk each draw is of (draws,), None where all are independent."""
        return self.walk if self.sampler == "hit-and-run" else None


def draw_weights(admissible: AdmissibleWeights, draws: int, seed: int = 1) -> WeightDraws:
    """So many admissible weights, uniform over all of them; the same for the same seed."""
    rng, n = np.random.default_rng(seed), len(admissible.codes)
    if admissible.free:
        return WeightDraws(_simplex(rng, draws, n), "simplex", np.zeros(draws, np.int64), 1.0)
    if admissible.lower.sum() > 1 - SLACK:
        only = np.broadcast_to(admissible.lower, (draws, n)).copy()
        return WeightDraws(only, "one point", np.zeros(draws, np.int64), 0.0)
    pilot = _above(rng, PILOT, admissible.lower)
    kept = float(admissible.holds(pilot).mean())
    # of the weights above the lower bounds so much; those are a simplex with an edge of 1 - sum of the bounds
    share = kept * float((1 - admissible.lower.sum()) ** (n - 1))
    if kept >= CHEAP:
        return WeightDraws(_rejected(admissible, rng, draws, kept), "rejection", np.zeros(draws, np.int64), share)
    return _walked(admissible, rng, draws, share if kept else np.nan)


def _simplex(rng: np.random.Generator, draws: int, n: int) -> FloatArray:
    """Uniform shares: exponential variates over their sum (Devroye 1986, chapter V.2; Rubinstein 1982)."""
    exponential = rng.standard_exponential((draws, n))
    return np.asarray(exponential / exponential.sum(axis=1, keepdims=True))


def _above(rng: np.random.Generator, draws: int, lower: FloatArray) -> FloatArray:
    """Uniform shares that are at least `lower` (n): a smaller simplex of the same shape."""
    return np.asarray(lower + (1 - lower.sum()) * _simplex(rng, draws, len(lower)))


def _rejected(admissible: AdmissibleWeights, rng: np.random.Generator, draws: int, kept: float) -> FloatArray:
    found: list[FloatArray] = []
    lacking = draws
    while lacking > 0:
        some = _above(rng, min(int(1.1 * lacking / kept) + 100, 500_000), admissible.lower)
        found.append(some[admissible.holds(some)][:lacking])
        lacking -= len(found[-1])
    return np.concatenate(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """The admissible weights as centre + basis z, z with rows z <= limits: full-dimensional and round the origin."""

    centre: FloatArray
    basis: FloatArray
    rows: FloatArray
    limits: FloatArray


def _walked(admissible: AdmissibleWeights, rng: np.random.Generator, draws: int, share: float) -> WeightDraws:
    """Hit-and-run (Smith 1984; Tervonen, van Valkenhoef, Basturk and Postmus 2013), many walks side by side.

    After every stretch at the beginning the body is turned so that the points lie alike in all directions: a long thin
    body would be walked through slowly.
    """
    body = _body(admissible)
    dimensions = body.basis.shape[1]
    if dimensions == 0:
        only = np.broadcast_to(body.centre, (draws, len(body.centre))).copy()
        return WeightDraws(only, "one point", np.zeros(draws, np.int64), share)
    walks = max(min(CHAINS, draws // 4), 1)
    points: FloatArray = np.zeros((walks, dimensions))
    turn: FloatArray = np.eye(dimensions)
    for _ in range(STRETCHES):
        points = _sweeps(body.rows @ turn, body.limits, points, SWEEPS, rng)
        if walks > 2 * dimensions:
            spread = turn @ np.atleast_2d(np.cov(points.T)) @ turn.T
            new = np.linalg.cholesky(spread + np.eye(dimensions) * 1e-12 * np.trace(spread))
            points, turn = np.asarray(np.linalg.solve(new, turn @ points.T).T, dtype=np.float64), new
    found = []
    for _ in range(-(-draws // walks)):
        points = _sweeps(body.rows @ turn, body.limits, points, THINNING, rng)
        found.append(points @ (body.basis @ turn).T + body.centre)
    weights = np.clip(np.concatenate(found)[:draws], 0.0, 1.0)
    return WeightDraws(weights, "hit-and-run", np.tile(np.arange(walks), len(found))[:draws], share)


def _sweeps(
    rows: FloatArray, limits: FloatArray, points: FloatArray, sweeps: int, rng: np.random.Generator
) -> FloatArray:
    """The points (walks, d) after so many sweeps: in each a step along every axis of a random frame.

    The frame is the same for all walks, how far each goes on its chord is its own.
    """
    size = points.shape[1]
    for _ in range(sweeps):
        frame = np.linalg.qr(rng.standard_normal((size, size)))[0]
        speeds, room = (rows @ frame).T, limits - points @ rows.T
        moves = np.empty((size, len(points)))
        for axis, speed in enumerate(speeds):
            up, down = speed > 0, speed < 0
            ahead = (room[:, up] / speed[up]).min(axis=1).clip(min=0.0)
            behind = (room[:, down] / speed[down]).max(axis=1).clip(max=0.0)
            moves[axis] = behind + (ahead - behind) * rng.random(len(points))
            room -= moves[axis][:, None] * speed
        points = points + (frame @ moves).T
    return points


def _body(admissible: AdmissibleWeights) -> _Body:
    """The body in coordinates of its own dimension, round the centre of its largest ball.

    Constraints that hold as equations for all admissible weights, such as equal bounds, take a dimension away.
    """
    rows, limits = admissible.inequalities
    ends = [found for found in (optimum(row, rows, limits) for row in rows) if found is not None]
    loose = np.array([limit - end.value > SLACK for limit, end in zip(limits, ends, strict=True)])
    start = ends[0].at
    basis: FloatArray = null_space(np.vstack([np.ones(rows.shape[1]), rows[~loose]]))
    inner, room = rows[loose] @ basis, limits[loose] - rows[loose] @ start
    if not basis.shape[1]:
        return _Body(start, basis, inner, room)
    size = basis.shape[1]
    radius = np.linalg.norm(inner, axis=1)[:, None]
    found = linprog(
        np.r_[np.zeros(size), -1.0], A_ub=np.hstack([inner, radius]), b_ub=room, bounds=(None, None), method="highs"
    )
    ball = np.zeros(size) if found.x is None else found.x[:-1]
    return _Body(start + basis @ ball, basis, inner, room - inner @ ball)
