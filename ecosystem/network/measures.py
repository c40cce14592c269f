"""All measures of networks by their ids, and their values on a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ecosystem.errors import NetworkError, did_you_mean
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.network import (
    bridging,
    brokerage,
    centrality,
    cohesion,
    communities,
    core_periphery,
    distances,
    flows,
    homophily,
    mixing,
    relatedness,
    structural_holes,
    triads,
)
from ecosystem.network.measure import OF, Measure, Of
from ecosystem.network.network import Network

MEASURES: tuple[Measure, ...] = (
    *homophily.MEASURES,
    *mixing.MEASURES,
    *bridging.MEASURES,
    *brokerage.MEASURES,
    *flows.MEASURES,
    *structural_holes.MEASURES,
    *relatedness.MEASURES,
    *centrality.MEASURES,
    *distances.MEASURES,
    *cohesion.MEASURES,
    *triads.MEASURES,
    *core_periphery.MEASURES,
    *communities.MEASURES,
)
"""Every measure that is shipped, in the order of tables and of the page on measures."""


def measures_of(what: Of) -> dict[str, Measure]:
    """The shipped measures of organisations, of regions, or of the network, by their ids."""
    return {measure.id: measure for measure in MEASURES if measure.of == what}


def usual_of_network() -> dict[str, Measure]:
    """The measures of a whole that are taken where none is named: those of a family are asked for by its word."""
    return {key: one for key, one in measures_of("network").items() if not one.family}


def find_measures(names: Iterable[str | Measure], what: Of) -> tuple[Measure, ...]:
    """The measures that ids or words for a family mean, each once, in the order asked; a record stands for itself.

    NetworkError, with the nearest names, for a word that means none.
    """
    known = measures_of(what)
    found: dict[str, Measure] = {}
    for name in names:
        if isinstance(name, Measure):
            found.setdefault(name.id, name)
            continue
        word = name.strip().casefold()
        meant = [known[word]] if word in known else [one for one in known.values() if one.family == word]
        if not meant:
            raise NetworkError(
                tr("no measure {name!r} has a number for {what}", name=name, what=tr(OF[what])),
                hint=_nearest(word, what),
            )
        found.update((one.id, one) for one in meant if one.id not in found)
    return tuple(found.values())


def _nearest(word: str, what: Of) -> str:
    elsewhere = [of for of in OF if of != what and word in {m.id for m in MEASURES if m.of == of}]
    if elsewhere:
        return tr("it has one for {what}", what=tr(OF[elsewhere[0]]))
    known = measures_of(what)
    return did_you_mean(word, sorted({*known, *(one.family for one in known.values() if one.family)}))


Made = dict[object, Any]
"""What functions have given on one network, by the function."""


def values_of(network: Network, measures: Sequence[Measure], made: Made | None = None) -> dict[str, Any]:
    """The numbers of each measure by its id: an array (N,) or (R,), or a float. What several share is computed once.

    `made` keeps what was computed on this network for the next call.
    """
    made = {} if made is None else made
    found: dict[str, Any] = {}
    for measure in measures:
        if measure.compute not in made:
            made[measure.compute] = measure.compute(network)
        whole = made[measure.compute]
        found[measure.id] = whole if measure.part is None else measure.part(whole)
    return found


def estimated(network: Network, measures: Sequence[Measure]) -> list[str]:
    """The ids of those measures that are estimated from a sample in a network of this size."""
    known = [one.id for one in measures if one in distances.MEASURES]
    return known if known and distances.sampled(network) else []


def region_values(network: Network, measure: Measure, regions: Sequence[str]) -> FloatArray:
    """The numbers of a measure of regions for some regions (S,), NaN for one that no node of the network is in."""
    return regional(network, [measure], regions)[measure.id]


def regional(network: Network, measures: Sequence[Measure], regions: Sequence[str]) -> dict[str, FloatArray]:
    """The numbers of measures of regions for some regions, each (S,), NaN for one that no node is in."""
    place = {region: at for at, region in enumerate(network.regions)}
    held = np.array([place.get(region, -1) for region in regions], dtype=np.int64)
    # a region may be known and hold no node any more
    there = np.isin(held, network.region[network.located])
    found: dict[str, FloatArray] = {}
    for name, numbers in values_of(network, measures).items():
        found[name] = np.full(len(regions), np.nan)
        found[name][there] = np.asarray(numbers, dtype=np.float64)[held[there]]
    return found
