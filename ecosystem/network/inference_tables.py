"""Tables of what is more than chance: measures against nulls, flows against those of other networks, the backbone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import in_language, tr_later
from ecosystem.network.backbone import disparity, noise_corrected
from ecosystem.network.flows import flow_matrix
from ecosystem.network.gravity import TERMS, Gravity
from ecosystem.network.measure import Measure
from ecosystem.network.measures import values_of
from ecosystem.network.network import Network
from ecosystem.network.network_tables import Names
from ecosystem.network.nulls import Comparison, Null, label_null, rewiring_null
from ecosystem.network.path_tables import edge_table
from ecosystem.network.qap import MatrixRegression, regress
from ecosystem.progress import Progress, silent

Filter = Literal["disparity", "noise"]
"""The disparity filter, or noise-corrected scores."""

_FITS = {
    "cells": (tr_later("cells"), tr_later("ordered pairs of regions")),
    "r_squared": (tr_later("r squared"), tr_later("the share of the variance of the flows that the others explain")),
    "constant": (tr_later("constant"), tr_later("the flow where all others are 0")),
    "pairs": (
        tr_later("pairs of regions"),
        tr_later("ordered pairs where flows have directions; a region with itself is none"),
    ),
    "zeros": (tr_later("pairs without a flow"), tr_later("they count as a flow of 0")),
    "r2_fitted": (tr_later("r squared"), tr_later("the squared correlation of the flows with those that are fitted")),
}


def null_table(
    net: Network,
    measures: Sequence[Measure],
    null: Null,
    draws: int,
    seed: int,
    *,
    lang: str,
    progress: Progress = silent,
) -> pd.DataFrame:
    """A row per measure of the network: `measure, title, observed`, and what chance gives; see `Comparison`.

    `null_mean`, `null_sd`, `null_low` and `null_high` are the mean, sd and interval of 95 % of the draws, `p` is
    two-sided. All measures see the same draws.
    """
    against = label_null if null == "labels" else rewiring_null
    rows = []
    for one in measures:

        def number(of: Network, measure: Measure = one) -> float:
            return float(values_of(of, [measure])[measure.id])

        # the function itself where it gives the number: the E-I index is known by it, and drawn faster
        found = against(net, one.compute if one.part is None else number, draws, seed, progress)
        rows.append({"measure": one.id, "title": in_language(lang, one.title), **_compared(found)})
    return pd.DataFrame(rows)


def flow_test(
    outcome: Network, others: Mapping[str, Network], draws: int, seed: int
) -> tuple[MatrixRegression, tuple[str, ...]]:
    """The flows between regions of a network regressed on those of others, tested by permuting regions (MRQAP).

    The regions are those of any of the networks; where one has no organisation in a region its flows are 0. Also gives
    the ids of the regions. With one other network the partial correlation is the correlation, and the test QAP.
    """
    regions = tuple(sorted({region for one in (outcome, *others.values()) for region in one.regions}))
    flows = [_flows_over(one, regions) for one in (outcome, *others.values())]
    return regress(flows[0], flows[1:], draws, seed), regions


def flow_test_tables(found: MatrixRegression, titles: Mapping[str, str], lang: str) -> dict[str, pd.DataFrame]:
    """`tests`, a row per network: `network, title, coefficient, standardised, r` and what chance gives; and `fit`.

    `r` is the partial correlation, which is what the draws have too.
    """
    rows = [
        {
            "network": network,
            "title": title,
            "coefficient": found.coefficient[at],
            "standardised": found.standardised[at],
            **_compared(found.tests[at], "r"),
        }
        for at, (network, title) in enumerate(titles.items())
    ]
    return {
        "tests": pd.DataFrame(rows),
        "fit": _facts({"cells": found.cells, "r_squared": found.r2, "constant": found.intercept}, _FITS, lang),
    }


def gravity_tables(found: Gravity, lang: str) -> dict[str, pd.DataFrame]:
    """`terms`: `term, title, coefficient, se, z, p` of the gravity model; and `fit`, what it rests on."""
    terms = pd.DataFrame(
        {
            "term": found.terms,
            "title": [in_language(lang, TERMS[term]) for term in found.terms],
            "coefficient": found.coefficient,
            "se": found.se,
            "z": found.z,
            "p": found.p,
        }
    )
    facts = {"pairs": found.pairs, "zeros": found.zeros, "r2_fitted": found.r2}
    return {"terms": terms, "fit": _facts(facts, _FITS, lang)}


def backbone_table(net: Network, names: Names, method: Filter, alpha: float) -> tuple[pd.DataFrame, BoolArray]:
    """The edges of the backbone, heaviest first, with their ends as ids and names, and which edges it keeps (E,).

    The disparity filter keeps edges of `p` below alpha; noise-corrected are those whose `score` is more standard
    deviations `sd` above 0 than a normal variable is with probability alpha: 1.28 for 0.1, 1.64 for 0.05.
    """
    kept, columns = _kept(net, method, alpha)
    return edge_table(net, names, np.flatnonzero(kept), columns), kept


def _kept(net: Network, method: Filter, alpha: float) -> tuple[BoolArray, dict[str, FloatArray]]:
    if method == "disparity":
        p = disparity(net)
        return p < alpha, {"p": p}
    found = noise_corrected(net)
    return found.score > -ndtri(alpha) * found.sd, {"score": found.score, "sd": found.sd}


def _flows_over(net: Network, regions: Sequence[str]) -> FloatArray:
    """The flows between regions (S, S), 0 for those that no node of the network is in."""
    flows = np.zeros((len(regions), len(regions)))
    at = np.searchsorted(np.array(regions, dtype=object), np.array(net.regions, dtype=object))
    flows[np.ix_(at, at)] = flow_matrix(net)
    return flows


def _compared(found: Comparison, name: str = "observed") -> dict[str, Any]:
    return {
        name: found.observed,
        "null_mean": found.mean,
        "null_sd": found.sd,
        "z": found.z,
        "p": found.p,
        "null_low": found.low,
        "null_high": found.high,
        "draws": found.draws,
    }


def _facts(values: Mapping[str, float], words: Mapping[str, tuple[str, str]], lang: str) -> pd.DataFrame:
    """`key, title, value, meaning` of numbers by their keys."""
    told = {key: [in_language(lang, text) for text in words[key]] for key in values}
    rows = [(key, told[key][0], float(value), told[key][1]) for key, value in values.items()]
    return pd.DataFrame(rows, columns=["key", "title", "value", "meaning"])
