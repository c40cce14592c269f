"""A network laid out, ready to be drawn: places, sizes and groups of its nodes, and the words on its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ecosystem.dataset.dataset import folder_name
from ecosystem.errors import UsageError
from ecosystem.export.described_network import DescribedNetwork
from ecosystem.export.plots.network_layout import fitted, positions
from ecosystem.export.plots.plot_style import PALETTE, Wording
from ecosystem.index import Text
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import in_language, tr, tr_later
from ecosystem.network import NOWHERE
from ecosystem.version import __version__

Colour = Literal["region", "community"]
OTHERS, NONE = "#b4b8be", "#eceef0"
WIDTH, HEIGHT = 640.0, 480.0
"""The frame of the nodes, in points."""
SMALLEST, LARGEST = 1.6, 17.0
"""Radii in points; the smallest are smaller still where there are very many."""
LABELS = 20
"""How many of the largest nodes have their names on a picture, where nothing else is asked."""
COVERED = 0.14
"""The share of the frame that the nodes cover at most."""
STRENGTH = Text("强度", "strength")


@dataclass(frozen=True, slots=True)
class Group:
    """What shares a colour: its names, the colour, and how many nodes it has."""

    name: Text
    colour: str
    nodes: int


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A network laid out: what a picture and a page show of it.

    `at` (N, 2) are the places of the nodes in points, in a frame of WIDTH by HEIGHT whose origin is at the lower left;
    `radius` (N,) in points, its square in proportion to `size` (N,) but for the smallest; `group` (N,) is the place of
    each node's group in `groups`. `seed` is that of the layout.
    """

    shown: DescribedNetwork
    at: FloatArray
    radius: FloatArray
    size: FloatArray
    size_name: Text
    group: IntArray
    groups: tuple[Group, ...]
    colour: Colour
    seed: int

    @property
    def largest(self) -> IntArray:
        """The nodes (N,), the largest first, then by their place."""
        return np.lexsort((np.arange(len(self.size)), -np.nan_to_num(self.size, nan=-1.0))).astype(np.int64)


def drawing(
    shown: DescribedNetwork,
    *,
    colour: Colour = "region",
    communities: IntArray | None = None,
    size: tuple[Text, FloatArray] | None = None,
    seed: int = 1,
) -> Drawing:
    """A network laid out, in the colours of the regions or of the communities (N,), numbered from 0, that are given.

    `size` is the name and the values (N,) of the measure that nodes are as large as, by default the strength: the sum
    of the weights of a node's edges, both directions. An undefined value is as small as 0. UsageError for a measure
    with values below 0, and for a network without nodes.
    """
    network = shown.network
    if not len(network):
        message = tr("the network {name} has no nodes, so there is nothing to draw", name=shown.id)
        raise UsageError(message, hint=tr("choose another window, level or network"))
    name, values = size or (STRENGTH, _strength(shown))
    if (values < 0).any():
        message = tr("{name} has values below 0, which no area can show", name=name.en)
        raise UsageError(message, hint=tr("choose another --size"))
    radius = _radii(values)
    at = fitted(positions(network, seed=seed), radius, WIDTH, HEIGHT)
    codes, names = _of_regions(shown) if communities is None else _of_communities(communities)
    # communities are numbered by their size already
    group, groups = _groups(codes, names, values if communities is None else np.ones(len(values)))
    return Drawing(shown, at, radius, values, name, group, groups, colour, seed)


def _strength(shown: DescribedNetwork) -> FloatArray:
    network = shown.network
    ends = np.concatenate([network.source, network.target])
    both = np.concatenate([network.weight, network.weight])
    return np.bincount(ends, both, minlength=len(network)).astype(np.float64)


def _radii(values: FloatArray) -> FloatArray:
    share = np.nan_to_num(values, nan=0.0) / max(float(np.nanmax(values, initial=0.0)), 1e-300)
    largest = np.sqrt(COVERED * WIDTH * HEIGHT / (np.pi * max(float(share.sum()), 1e-9)))
    smallest = min(SMALLEST, np.sqrt(COVERED * WIDTH * HEIGHT / (np.pi * len(values))))
    radii: FloatArray = np.maximum(np.sqrt(share) * min(max(float(largest), 5.0), LARGEST), smallest)
    return radii


def _of_regions(shown: DescribedNetwork) -> tuple[IntArray, list[Text]]:
    return shown.network.region, [shown.region_name(region) for region in shown.network.regions]


def _of_communities(communities: IntArray) -> tuple[IntArray, list[Text]]:
    count = int(communities.max(initial=-1)) + 1
    return communities, [Text(*(_community(place, lang) for lang in ("zh", "en"))) for place in range(1, count + 1)]


def _community(place: int, lang: str) -> str:
    return in_language(lang, tr_later("community {place}")).format(place=place)


def _groups(codes: IntArray, names: Sequence[Text], values: FloatArray) -> tuple[IntArray, tuple[Group, ...]]:
    """The group of every node (N,); the groups of the largest area with a colour each, then the others, and none."""
    known = codes != NOWHERE
    sizes = np.bincount(codes[known], minlength=len(names))
    area = np.bincount(codes[known], np.nan_to_num(values[known], nan=0.0), minlength=len(names))
    order = np.lexsort((np.arange(len(names)), -sizes, -area))[: len(PALETTE)]
    groups = [Group(names[at], PALETTE[place], int(sizes[at])) for place, at in enumerate(order.tolist())]
    place_of = np.full(len(names) + 1, len(groups), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    others, nowhere = int(sizes.sum() - sizes[order].sum()), int((codes == NOWHERE).sum())
    if others:
        rest = len(names) - len(order)
        text = tr_later("{count} others")
        groups.append(Group(Text(*(in_language(to, text).format(count=rest) for to in ("zh", "en"))), OTHERS, others))
    place_of[-1] = len(groups)
    if nowhere:
        text = tr_later("no region")
        shade = NONE if known.any() else PALETTE[0]
        groups.append(Group(Text(*(in_language(to, text) for to in ("zh", "en"))), shade, nowhere))
    return place_of[codes], tuple(groups)


def kind_of(drawn: Drawing, lang: str) -> str:
    """What a colour is."""
    return in_language(lang, tr_later("region") if drawn.colour == "region" else tr_later("community"))


def size_steps(drawn: Drawing) -> list[tuple[float, float]]:
    """Up to three round values of the measure and the radii of nodes of that size, the largest first."""
    top = float(np.nanmax(drawn.size, initial=0.0))
    if not top > 0:
        return []
    steps: list[tuple[float, float]] = []
    for share in (1.0, 0.25, 0.05):
        value = _round(top * share)
        radius = float(drawn.radius.max() * np.sqrt(value / top))
        if radius >= drawn.radius.min() and value not in [known for known, _ in steps]:
            steps.append((value, radius))
    return steps


def _round(value: float) -> float:
    """The next lower 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)) * power)


def facts(drawn: Drawing, lang: str) -> list[str]:
    """The numbers of nodes and edges, and the years."""
    network, window = drawn.shown.network, drawn.shown.window
    said = in_language(lang, tr_later("{nodes:,} nodes, {edges:,} edges"))
    parts = [said.format(nodes=len(network), edges=len(network.weight))]
    return [*parts, str(window)] if window.given else parts


def source(drawn: Drawing, wording: Wording) -> str:
    """Where the network comes from, and how the picture can be made again."""
    lang, dataset = wording.lang, drawn.shown.dataset
    parts = []
    if dataset:
        name = wording.name("dataset", folder_name(dataset), folder_name(dataset))
        parts.append(in_language(lang, tr_later("source: {dataset}")).format(dataset=name))
    parts.append(in_language(lang, tr_later("layout by forces, seed {seed}")).format(seed=drawn.seed))
    return f"{' · '.join(parts)} · ecosystem {__version__}"
