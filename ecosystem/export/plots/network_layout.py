"""Where the nodes of a network stand on a picture, and where there is room for their labels."""

from __future__ import annotations

from collections.abc import Sequence

import igraph
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.network import Network
from ecosystem.network.igraph_random import seeded

STRESS, FORCES = 100, 4000
"""The most nodes of a component laid out by the lengths of its paths (Kamada and Kawai 1989), and by forces
(Fruchterman and Reingold 1991); a larger one by DrL (Martin, Brown, Klavans and Boyack 2011)."""
STRONGEST = 8
"""Of a dense component the edges that place its nodes: so many strongest of each node, and what connects them all."""
BOUND = 1e6
EVEN = 0.5
"""How much of the distance from the middle is that of nodes spread evenly."""
WIDE = 4 / 3
"""The width of a picture in heights."""
PASSES = 40
"""Rounds in which nodes are moved apart."""
AT_ONCE = 4096
"""Places of a picture that are looked at together."""
LABEL_HEIGHT = 1.25
"""The height of a label in font sizes."""


def positions(network: Network, *, seed: int = 1) -> FloatArray:
    """The place of every node (N, 2): each component is laid out by itself, then the components are packed.

    The largest component is in the middle, the others around it, all of it wider than high. Directions do not count,
    heavier edges are shorter. The same network and seed give the same picture.
    """
    net = network.undirected()
    count, member = connected_components(net.matrix(), directed=False)
    generator = np.random.default_rng(seed)
    at = np.zeros((len(net), 2))
    if not count:
        return at
    sizes = np.bincount(member, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    inside = np.split(np.argsort(member, kind="stable"), np.cumsum(sizes)[:-1])
    of_edge = member[net.source]
    edges = np.split(np.argsort(of_edge, kind="stable"), np.cumsum(np.bincount(of_edge, minlength=count))[:-1])
    place = np.zeros(len(net), dtype=np.int64)
    for each in range(count):
        nodes = inside[each]
        place[nodes] = np.arange(len(nodes))
        own = edges[each]
        at[nodes] = _component(place[net.source[own]], place[net.target[own]], net.weight[own], len(nodes), generator)
    largest = inside[order[0]]
    at[largest] = _lying(at[largest])
    radius = np.sqrt(sizes) * np.where(sizes > 2, 1.0, 0.8)
    centre = _packed(radius[order])
    middle = np.empty((count, 2))
    middle[order] = centre
    found: FloatArray = (at * radius[member][:, None] + middle[member]) * np.array([WIDE, 1.0])
    return found


def _component(
    source: IntArray, target: IntArray, weight: FloatArray, count: int, generator: np.random.Generator
) -> FloatArray:
    """The nodes of one component within the unit circle (n, 2)."""
    if count <= 2:
        return np.array([[-0.5, 0.0], [0.5, 0.0]])[:count] if count == 2 else np.zeros((count, 2))
    if len(weight) > 2 * STRONGEST * count:
        kept = _strongest(source, target, weight, count)
        source, target, weight = source[kept], target[kept], weight[kept]
    graph = igraph.Graph(n=count, edges=np.column_stack([source, target]).tolist())
    # a weight that is a thousand times another pulls three times as strongly, not a thousand
    pull = (1 + np.log10(weight / weight.min())).tolist()
    start = generator.normal(size=(count, 2)).tolist()
    # within bounds igraph 1.0 does not turn the layout, which ends the process for some that are a straight line
    bounds = {"minx": [-BOUND] * count, "maxx": [BOUND] * count, "miny": [-BOUND] * count, "maxy": [BOUND] * count}
    with seeded(int(generator.integers(2**31))):
        if count <= STRESS:
            lengths = (1 / np.sqrt(pull)).tolist()
            made = graph.layout_kamada_kawai(seed=start, weights=lengths, maxiter=50 * count, **bounds)
        elif count <= FORCES:
            made = graph.layout_fruchterman_reingold(weights=pull, niter=500, seed=start, grid=False, **bounds)
        else:
            made = graph.layout_drl(weights=pull, seed=start)
    return _in_unit_circle(np.array(made.coords))


def _strongest(source: IntArray, target: IntArray, weight: FloatArray, count: int) -> BoolArray:
    """Whether each edge is one of the strongest of an end, or of the strongest tree that connects all nodes."""
    ends, edge = np.concatenate([source, target]), np.tile(np.arange(len(weight)), 2)
    order = np.lexsort((-np.tile(weight, 2), ends))
    degree = np.bincount(ends, minlength=count)
    rank = np.arange(len(ends)) - np.repeat(np.cumsum(degree) - degree, degree)
    kept = np.zeros(len(weight), dtype=bool)
    kept[edge[order[rank < STRONGEST]]] = True
    # the places of edges stand in for lengths: every one its own, the strongest the shortest, none of them 0
    length = np.empty(len(weight))
    length[np.argsort(-weight, kind="stable")] = np.arange(1, len(weight) + 1)
    tree = minimum_spanning_tree(coo_array((length, (source, target)), shape=(count, count)).tocsr())
    return np.asarray(kept | np.isin(length, tree.data))


def _in_unit_circle(at: FloatArray) -> FloatArray:
    """The same places around their middle, spread so that no part of the circle is nearly empty."""
    centred = at - np.median(at, axis=0)
    distance = np.maximum(np.linalg.norm(centred, axis=1), 1e-12)
    # half as far as they are, half as far as the same number of nodes spread evenly: a few far ones else take all room
    even = np.sqrt((np.argsort(np.argsort(distance, kind="stable")) + 1) / len(at))
    wanted = distance / distance.max() * (1 - EVEN) + even * EVEN
    spread: FloatArray = centred / distance[:, None] * wanted[:, None]
    return spread


def _lying(at: FloatArray) -> FloatArray:
    """The same places turned so that they are wider than high, and the first is on the left and not below."""
    if len(at) < 3:
        return at
    turned: FloatArray = at @ np.linalg.svd(at - at.mean(axis=0), full_matrices=False)[2].T
    return turned * np.where(turned[0] * np.array([-1, 1]) < 0, -1.0, 1.0)


def _packed(radius: FloatArray) -> FloatArray:
    """Centres (n, 2) of discs that do not meet, the largest first and in the middle, each as near to it as may be."""
    centre = np.zeros((len(radius), 2))
    if len(radius) < 2:
        return centre
    gap = 0.25
    step = float(radius.min()) / 2 + gap
    side = 2 * int((1.6 * np.sqrt(float(((radius + gap) ** 2).sum())) + float(radius[:2].sum())) / step) + 1
    line = (np.arange(side) - side // 2) * step
    # the spots of a grid, the nearest to the middle first, and the place of each in that order
    nearest = np.argsort(np.hypot(line[:, None], line[None, :]).ravel(), kind="stable")
    place = np.empty((side, side), dtype=np.int64)
    place.ravel()[nearest] = np.arange(side * side)
    room = (np.hypot(line[:, None], line[None, :]) - radius[0] - gap).ravel()[nearest]
    at = 0
    for each in range(1, len(radius)):
        # what is too near for a disc stays so for the next of its size
        at = _next_free(room, at if radius[each] == radius[each - 1] else 0, float(radius[each]))
        row, column = divmod(int(nearest[at]), side)
        centre[each] = line[row], line[column]
        reach = int((2 * radius[each] + gap) / step) + 1
        rows, columns = (slice(max(spot - reach, 0), spot + reach + 1) for spot in (row, column))
        left = np.hypot(line[rows, None] - line[row], line[None, columns] - line[column]) - radius[each] - gap
        near = place[rows, columns]
        room[near] = np.minimum(room[near], left)
    return centre


def _next_free(room: FloatArray, at: int, radius: float) -> int:
    """The first place from one on that has room for a disc; the last where none has."""
    for start in range(at, len(room), AT_ONCE):
        free = room[start : start + AT_ONCE] >= radius
        if free.any():
            return start + int(np.argmax(free))
    return len(room) - 1


def fitted(at: FloatArray, radius: FloatArray, width: float, height: float) -> FloatArray:
    """The places (N, 2) within a frame of so many points, and discs of these radii (N,) moved apart."""
    found = _scaled(at, radius, width, height)
    for _ in range(PASSES):
        pairs = _near_pairs(found, radius)
        between = found[pairs[:, 1]] - found[pairs[:, 0]]
        distance = np.maximum(np.linalg.norm(between, axis=1), 1e-9)
        wanted = (radius[pairs[:, 0]] + radius[pairs[:, 1]]) * 1.05
        near = distance < wanted
        if not near.any():
            break
        one, other = pairs[near].T
        push = between[near] / distance[near, None] * ((wanted - distance)[near] / 2)[:, None]
        # nodes at one place have no direction in which to go
        push[distance[near] <= 1e-9] = (0.1, 0.05)
        # a node among many goes a part of the way that each asks for
        load = np.maximum(np.bincount(np.concatenate([one, other]), minlength=len(found)) / 2, 1)[:, None]
        moved = np.zeros_like(found)
        np.add.at(moved, one, -push)
        np.add.at(moved, other, push)
        found = found + moved / load
    return _scaled(found, radius, width, height)


def _near_pairs(at: FloatArray, radius: FloatArray) -> IntArray:
    """Pairs of discs (p, 2) that may meet; the few large ones are looked at by themselves, since they reach far."""
    tree = cKDTree(at)
    usual = float(np.quantile(radius, 0.95))
    pairs: IntArray = tree.query_pairs(2.1 * usual, output_type="ndarray")
    large = np.flatnonzero(radius > usual)
    if not len(large):
        return pairs
    reach = 2.1 * float(radius.max())
    near = cKDTree(at[large]).sparse_distance_matrix(tree, reach, output_type="ndarray")
    one, other = large[near["i"]], near["j"]
    # two large ones come up twice, and two that are near each other have come up already
    new = (one != other) & ((radius[other] <= usual) | (one < other)) & (near["v"] > 2.1 * usual)
    return np.concatenate([pairs, np.column_stack([one[new], other[new]])])


def _scaled(at: FloatArray, radius: FloatArray, width: float, height: float) -> FloatArray:
    if not len(at):
        return at
    margin = float(radius.max())
    low, high = at.min(axis=0), at.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    frame = np.array([width, height]) - 2 * margin
    scale = float((frame / span).min()) if len(at) > 1 else 1.0
    found: FloatArray = (at - (low + high) / 2) * scale + np.array([width, height]) / 2
    return found


def room_for_labels(
    at: FloatArray, radius: FloatArray, sizes: Sequence[tuple[int, float, float]], width: float, height: float
) -> dict[int, tuple[float, float]]:
    """The lower left corners of labels, by node, so that no two meet and each is within the frame.

    `sizes` are node, width and height of each label, the most important first; one for which there is no room is left
    out. A label stands where it covers the fewest nodes and is nearest to its own.
    """
    taken = np.empty((0, 4))
    found: dict[int, tuple[float, float]] = {}
    for node, wide, high in sizes:
        corners = _corners(at[node], float(radius[node]), wide, high)
        boxes = np.column_stack([corners, corners + np.array([wide, high])])
        free = (boxes[:, 0] >= 0) & (boxes[:, 1] >= 0) & (boxes[:, 2] <= width) & (boxes[:, 3] <= height)
        if len(taken):
            free = free & ~_meet(boxes, taken).any(axis=1)
        if free.any():
            covered = _covered(boxes, at, radius, node) + np.arange(len(boxes)) * 1e-3 + np.where(free, 0.0, np.inf)
            best = int(np.argmin(covered))
            found[node] = float(corners[best, 0]), float(corners[best, 1])
            taken = np.vstack([taken, boxes[best]])
    return found


def _corners(at: FloatArray, radius: float, wide: float, high: float) -> FloatArray:
    """Where a label may stand: in the node if it is large, beside, above, below, at its corners; then further away."""
    x, y = at
    places = [(x - wide / 2, y - high / 2)] if 2 * radius > wide * 1.05 else []
    for off in (2.0, 6.0, 12.0, 20.0):
        away = radius + off
        slant = away * 0.72
        places += [(x + away, y - high / 2), (x - away - wide, y - high / 2)]
        places += [(x - wide / 2, y + away), (x - wide / 2, y - away - high)]
        places += [(x + slant, y + slant), (x - slant - wide, y + slant)]
        places += [(x + slant, y - slant - high), (x - slant - wide, y - slant - high)]
    return np.array(places)


def _meet(boxes: FloatArray, taken: FloatArray) -> BoolArray:
    one, other = boxes[:, None, :], taken[None, :, :]
    apart = (one[..., 2] <= other[..., 0]) | (other[..., 2] <= one[..., 0])
    apart |= (one[..., 3] <= other[..., 1]) | (other[..., 3] <= one[..., 1])
    return np.asarray(~apart, dtype=bool)


def _covered(boxes: FloatArray, at: FloatArray, radius: FloatArray, own: int) -> FloatArray:
    """How much of other nodes each box covers, in radii."""
    x = np.maximum(np.maximum(boxes[:, None, 0] - at[None, :, 0], at[None, :, 0] - boxes[:, None, 2]), 0)
    y = np.maximum(np.maximum(boxes[:, None, 1] - at[None, :, 1], at[None, :, 1] - boxes[:, None, 3]), 0)
    inside: BoolArray = np.hypot(x, y) < radius[None, :]
    inside[:, own] = False
    weight = radius**2 / max(float(np.median(radius)) ** 2, 1e-9)
    covered: FloatArray = inside.astype(np.float64) @ np.sqrt(weight)
    return covered
