"""Edges that are not there yet: which pairs of organisations they would join, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.stats import rankdata

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.network.network import NOWHERE, Network
from ecosystem.progress import Progress, silent

SCORES = ("common_neighbours", "adamic_adar", "resource_allocation", "preferential_attachment", "local_path")
"""The columns of all scores; the first is the one that the others have to beat."""

LONGER = 100
"""How many paths of three edges count as much as one of two in the local path index."""
CELLS = 1 << 21
"""Pairs that are scored together: bounds the memory."""
TESTED = 5_000_000
"""Pairs that a draw may rank; where a region has more, some of its organisations stand for it."""
OTHERS = 10_000
"""Pairs that are not joined, with which hidden edges are compared."""
DIGITS = 9
"""Decimals of a score: what is closer differs by the order in which a sum was taken, and is a tie."""

Pairs: TypeAlias = tuple[IntArray, IntArray]
"""Places among the rows of a scope, and nodes."""
Leading: TypeAlias = tuple[FloatArray, IntArray]
"""Scores, the highest first, and how many pairs have each."""
_NONE: IntArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """The k best pairs that are not joined, best first, as places in the network, and their scores (k, 5).

    `one` (k,) is an organisation of the region that was asked for, `other` (k,) the one suggested to it.
    """

    one: IntArray
    other: IntArray
    scores: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Accuracy:
    """How well every score finds edges that were hidden, in each of several draws (draws, 5); NaN without edges.

    `auc` is the chance that a hidden edge has a higher score than a pair that is not joined, ties counted by half: 0.5
    is a guess. `precision` is the share of hidden edges among the first `most` pairs; of those that tie for the last
    places, the share that chance would give. `hidden` is the number of edges that each draw hides, `tested`
    that of the organisations among whose pairs they are looked for, of as many `organisations` in the region.
    """

    auc: FloatArray
    precision: FloatArray
    hidden: int
    most: int
    tested: int
    organisations: int


@dataclass(frozen=True, slots=True, eq=False)
class _Scope:
    """The pairs that are asked about: one end is among the nodes `rows` (m,), and edges join nodes of their kinds."""

    rows: IntArray
    inside: BoolArray
    kind: IntArray
    joined: BoolArray


def suggestions(
    network: Network,
    region: int | None = None,
    *,
    score: str = "resource_allocation",
    most: int = 20,
    kind: IntArray | None = None,
) -> Suggestions:
    """The pairs with the highest scores that are not joined yet, with an end in a region, or all where it is None.

    With G(i) the neighbours of i and k_i their number, the five scores of i and j are

    - common_neighbours: |G(i) and G(j)|;
    - adamic_adar: sum over z in both of 1 / ln k_z (Adamic and Adar 2003);
    - resource_allocation: sum over z in both of 1 / k_z (Zhou, Lü and Zhang 2009);
    - preferential_attachment: k_i k_j (Barabasi and Albert 1999);
    - local_path: the paths of two edges from i to j, and 0.01 times those of three (Lü, Jin and Zhou 2009), the
      beginning of Katz's index.

    Pairs whose score is 0 are none of them. Where `kind` (N,) says of what kind each node is, a pair is only suggested
    where an edge joins nodes of these kinds already: no company to a company in a network of companies and segments,
    where two of a kind share neighbours but never an edge. Neither weights nor directions count. Ties stand in the
    order of ids. Reference: Liben-Nowell and Kleinberg (2007), The link-prediction problem for social networks; Lü and
    Zhou (2011), Link prediction in complex networks: a survey.
    """
    scope, steps = _scope(network, region, kind), network.undirected().matrix(weighted=False)
    one, other, found = [_NONE], [_NONE], [np.zeros(0)]
    for rows, asked, scores in _blocks(scope, steps, [score]):
        row, column = _best(np.where(asked, scores[0], 0.0), most)
        one.append(rows[row])
        other.append(column)
        found.append(scores[0, row, column])
    order = np.argsort(-np.concatenate(found), kind="stable")[:most]
    ends = np.concatenate(one)[order], np.concatenate(other)[order]
    return Suggestions(*ends, _all_scores(scope, steps, *ends))


def hold_out(
    network: Network,
    region: int | None = None,
    *,
    seed: int,
    draws: int = 5,
    share: float = 0.1,
    most: int = 20,
    kind: IntArray | None = None,
    progress: Progress = silent,
) -> Accuracy:
    """How well the scores of `suggestions` find a share of the edges that is hidden from them, for each draw.

    Hidden are edges with an end in the region, at least one; they are compared with pairs that could be suggested and
    are not joined, all of them or OTHERS by chance. Of a region with more than TESTED pairs, as many organisations as
    give no more are drawn, and stand for all. The same seed gives the same draws. NaN for a region with fewer than two
    edges, and where all pairs are joined.

    What it finds is an upper bound where edges come in groups, as those between all members of an alliance or a
    project do: of such a group the other edges are still there, and give the hidden one away. References: Lü and Zhou
    (2011), section 2; that the baseline is shown beside is the advice of Liben-Nowell and Kleinberg (2007).
    """
    rng, ends = np.random.default_rng(seed), network.undirected()
    whole = _scope(network, region, kind)
    scope = _sampled(whole, rng)
    at = np.flatnonzero(scope.inside[ends.source] | scope.inside[ends.target])
    hidden = max(1, round(share * len(at))) if len(at) > 1 else 0
    auc, precision = (np.full((draws, len(SCORES)), np.nan) for _ in range(2))
    for draw in range(draws if hidden else 0):
        progress(tr("draws"), draw, draws)
        held = np.sort(rng.choice(at, hidden, replace=False))
        rest = np.ones(len(ends.source), dtype=bool)
        rest[held] = False
        others = _others(scope, ends.matrix(weighted=False), rng)
        edges = _towards(scope, ends.source[held], ends.target[held])
        known = _ones(ends.source[rest], ends.target[rest], len(network))
        auc[draw], precision[draw] = _tested(scope, known, edges, others, most)
    progress(tr("draws"), draws, draws)
    return Accuracy(auc, precision, hidden, most, len(scope.rows), len(whole.rows))


def _sampled(scope: _Scope, rng: np.random.Generator) -> _Scope:
    """The scope, or one of some of its organisations where it is a large one."""
    count = max(1, TESTED // max(len(scope.inside), 1))
    if len(scope.rows) <= count:
        return scope
    rows = np.sort(rng.choice(scope.rows, count, replace=False))
    inside = np.zeros(len(scope.inside), dtype=bool)
    inside[rows] = True
    return replace(scope, rows=rows, inside=inside)


def _scope(network: Network, region: int | None, kind: IntArray | None) -> _Scope:
    inside = np.ones(len(network), dtype=bool) if region is None else (network.region == region)
    if region == NOWHERE:
        inside = ~network.located
    kinds = np.zeros(len(network), dtype=np.int64) if kind is None else kind
    size = int(kinds.max(initial=0)) + 1
    joined = np.zeros((size, size), dtype=bool)
    joined[kinds[network.source], kinds[network.target]] = True
    return _Scope(np.flatnonzero(inside), inside, kinds, joined | joined.T)


def _ones(source: IntArray, target: IntArray, count: int) -> csr_array[np.float64]:
    ends = np.concatenate([source, target]), np.concatenate([target, source])
    return coo_array((np.ones(len(ends[0])), ends), shape=(count, count)).tocsr()


def _blocks(
    scope: _Scope, steps: csr_array[np.float64], which: Sequence[str] = SCORES
) -> Iterator[tuple[IntArray, BoolArray, FloatArray]]:
    """Some rows (b,) at a time: which of their pairs are asked about (b, N), and some scores (s, b, N)."""
    size = max(1, CELLS // max(len(scope.inside), 1))
    degree = np.diff(steps.indptr).astype(np.float64)
    # who has one neighbour is in common to none
    log = np.log(np.maximum(degree, 2))
    shares = {
        name: csr_array(diags_array(1 / by) @ steps)
        for name, by in (("adamic_adar", log), ("resource_allocation", np.maximum(degree, 1)))
    }
    for start in range(0, len(scope.rows), size):
        rows = scope.rows[start : start + size]
        own, scores = steps[rows], np.empty((len(which), min(size, len(rows)), steps.shape[0]))
        for score, name in zip(scores, which, strict=True):
            if name in shares:
                score[:] = np.round((own @ shares[name]).toarray(), DIGITS)
            elif name == "preferential_attachment":
                np.multiply(degree[rows][:, None], degree[None, :], out=score)
            else:
                (own @ steps).toarray(out=score)
            if name == "local_path":
                # whole numbers until the last step: equal ones stay equal
                score[:] = (LONGER * score + (steps @ np.ascontiguousarray(score.T)).T) / LONGER
        yield rows, _asked(scope, steps, rows), scores


def _all_scores(scope: _Scope, steps: csr_array[np.float64], one: IntArray, other: IntArray) -> FloatArray:
    """All scores (k, 5) of some pairs."""
    found = np.zeros((len(one), len(SCORES)))
    for rows, _, scores in _blocks(replace(scope, rows=np.unique(one)), steps):
        here = np.isin(one, rows)
        found[here] = scores[:, np.searchsorted(rows, one[here]), other[here]].T
    return found


def _asked(scope: _Scope, steps: csr_array[np.float64], rows: IntArray) -> BoolArray:
    """Whether each pair (b, N) could be suggested; of two nodes of the region only the first asks for the other."""
    asked: BoolArray = scope.joined[scope.kind[rows]][:, scope.kind]
    asked &= ~(scope.inside[None, :] & (np.arange(len(scope.inside))[None, :] <= rows[:, None]))
    row, column = steps[rows].nonzero()
    asked[row, column] = False
    return asked


def _best(scores: FloatArray, most: int) -> Pairs:
    """The rows and columns of the highest scores above 0, ties by their place; at least those of the first `most`."""
    flat = scores.ravel()
    if len(flat) > most:
        least = np.partition(flat, -most)[-most] if most else np.inf
        above, tied = np.flatnonzero(flat > least), np.flatnonzero((flat == least) & (flat > 0))
        at = np.sort(np.concatenate([above, tied[: most - len(above)]]))
    else:
        at = np.flatnonzero(flat > 0)
    return at // scores.shape[1], at % scores.shape[1]


def _towards(scope: _Scope, source: IntArray, target: IntArray) -> Pairs:
    """Edges as the place of a row, and the node at the other end, each as it could be suggested."""
    first = scope.inside[source]
    one, other = np.where(first, source, target), np.where(first, target, source)
    return np.searchsorted(scope.rows, one), other


def _others(scope: _Scope, steps: csr_array[np.float64], rng: np.random.Generator) -> Pairs:
    """Pairs that could be suggested in the whole network: all if they are few, else OTHERS by chance."""
    count = len(scope.inside)
    if len(scope.rows) * count <= 4 * OTHERS:
        row, column = np.nonzero(_asked(scope, steps, scope.rows))
        return row.astype(np.int64), column.astype(np.int64)
    found: list[IntArray] = []
    for _ in range(20):
        row, column = rng.integers(len(scope.rows), size=OTHERS), rng.integers(count, size=OTHERS)
        rows = scope.rows[row]
        free = scope.joined[scope.kind[rows], scope.kind[column]] & (steps[rows, column] == 0)
        free &= ~(scope.inside[column] & (column <= rows))
        found.append((row * count + column)[free])
        if sum(len(some) for some in found) >= OTHERS:
            break
    keys = np.concatenate(found)[:OTHERS]
    return keys // count, keys % count


def _tested(
    scope: _Scope, known: csr_array[np.float64], edges: Pairs, others: Pairs, most: int
) -> tuple[FloatArray, FloatArray]:
    """AUC and precision of every score (5,) where the network is known but for the hidden edges."""
    of_edges, of_others = (np.zeros((len(SCORES), len(pairs[0]))) for pairs in (edges, others))
    leading: list[Leading] = [(np.zeros(0), _NONE) for _ in SCORES]
    start = 0
    for rows, asked, scores in _blocks(scope, known):
        for (row, column), values in ((edges, of_edges), (others, of_others)):
            here = (row >= start) & (row < start + len(rows))
            values[:, here] = scores[:, row[here] - start, column[here]]
        leading = [_leading(each, asked, before, most) for each, before in zip(scores, leading, strict=True)]
        start += len(rows)
    auc = np.array([_auc(*pair) for pair in zip(of_edges, of_others, strict=True)])
    precision = [_precision(each, *best, most) for each, best in zip(of_edges, leading, strict=True)]
    return auc, np.array(precision)


def _leading(scores: FloatArray, asked: BoolArray, before: Leading, most: int) -> Leading:
    """The highest scores so far, each once, the highest first, and how many pairs have it: `most` or a few more."""
    values, counts = before
    least = values[-1] if counts.sum() >= most else -np.inf
    new = scores[asked & (scores >= least)]
    if len(new) > most:
        new = new[new >= np.partition(new, -most)[-most]]
    distinct, place = np.unique(np.concatenate([values, new]), return_inverse=True)
    many = np.bincount(place, np.concatenate([counts, np.ones(len(new), dtype=np.int64)]), len(distinct))
    values, counts = distinct[::-1], many[::-1].astype(np.int64)
    kept = np.cumsum(counts) - counts < most
    return values[kept], counts[kept]


def _auc(edges: FloatArray, others: FloatArray) -> float:
    """The chance that one of the edges is above one of the others, by the sum of ranks (Mann and Whitney 1947)."""
    if not len(edges) or not len(others):
        return float("nan")
    ranks = rankdata(np.concatenate([edges, others]))[: len(edges)].sum()
    return float(ranks - len(edges) * (len(edges) + 1) / 2) / (len(edges) * len(others))


def _precision(edges: FloatArray, values: FloatArray, counts: IntArray, most: int) -> float:
    if not len(values):
        return float("nan")
    above = int(counts[:-1].sum())
    places = min(most, above + int(counts[-1]))
    hits = float((edges > values[-1]).sum())
    tied = float((edges == values[-1]).sum())
    return (hits + (places - above) * tied / int(counts[-1])) / places
