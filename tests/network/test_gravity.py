"""Poisson regressions of flows against statsmodels and a search by hand, distances by hand, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of
from scipy.optimize import minimize
from scipy.stats import norm
from statsmodels.api import GLM, families

from ecosystem.index.arrays import FloatArray
from ecosystem.network import Network
from ecosystem.network.flows import flow_matrix
from ecosystem.network.gravity import gravity, poisson
from ecosystem.network.region_points import great_circles

SEEDS = st.integers(0, 10_000)


def columns(rng: np.random.Generator, count: int) -> dict[str, FloatArray]:
    return {"constant": np.ones(count), "mass": rng.normal(3, 1, count), "distance": rng.normal(6, 0.5, count)}


def drawn(seed: int, *, directed: bool) -> tuple[Network, FloatArray]:
    """Ten regions of one to ten organisations at random places, and links at random."""
    rng = np.random.default_rng(seed)
    region = np.repeat([f"r{at}" for at in range(9)] + ["NA"], range(1, 11))
    nodes = [f"o{at:02}" for at in range(len(region))]
    ends = rng.choice(nodes, (2, 120))
    edges = [(a, b, float(w)) for a, b, w in zip(*ends, rng.integers(1, 20, 120), strict=True)]
    net = made_of([*nodes, "z"], [*region, None], [*edges, ("o01", "z", 5.0)], directed=directed)
    return net, great_circles(rng.uniform(75, 130, 10), rng.uniform(20, 50, 10))


def second_program(flow: FloatArray, table: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Coefficients, standard errors and fitted flows of statsmodels; its HC1 of such a model is HC0, without n - K."""
    fit = GLM(flow, table, family=families.Poisson()).fit(cov_type="HC0", tol=1e-14)
    count, terms = table.shape
    return fit.params, fit.bse * (count / (count - terms)) ** 0.5, fit.fittedvalues


@given(SEEDS, st.sampled_from([1e-3, 1.0, 1e6]))
def test_equal_to_statsmodels(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    x = columns(rng, 40)
    flow = scale * rng.poisson(np.exp(1 + 0.8 * x["mass"] - 0.5 * x["distance"])) * rng.choice([0.5, 1.5], 40)
    found = poisson(flow, x)
    params, se, fitted = second_program(flow, np.column_stack(list(x.values())))
    assert found.coefficient == pytest.approx(params, rel=1e-7, abs=1e-7)
    assert found.se == pytest.approx(se, rel=1e-6)
    assert found.z == pytest.approx(params / se, rel=1e-5, abs=1e-6)
    assert found.p == pytest.approx(2 * norm.sf(abs(params / se)), rel=1e-4, abs=1e-9)
    assert found.r2 == pytest.approx(np.corrcoef(flow, fitted)[0, 1] ** 2)
    assert (found.pairs, found.zeros) == (40, int((flow == 0).sum()))


def test_equal_to_a_search_for_the_likeliest() -> None:
    rng = np.random.default_rng(4)
    x = columns(rng, 60)
    flow = rng.poisson(np.exp(2 + 0.8 * x["mass"] - 0.6 * x["distance"])).astype(np.float64)
    table = np.column_stack(list(x.values()))

    def unlikely(b: FloatArray) -> float:
        return float(np.exp(table @ b).sum() - flow @ table @ b)

    searched = minimize(unlikely, np.zeros(3), method="Nelder-Mead", tol=1e-10, options={"maxiter": 5000})
    found = poisson(flow, x)
    assert found.coefficient == pytest.approx(searched.x, abs=1e-5)
    # the residuals of the likeliest are at right angles to every column
    assert (flow - np.exp(table @ found.coefficient)) @ table == pytest.approx(np.zeros(3), abs=1e-7)


def test_flows_that_follow_the_law_give_it_back() -> None:
    x = columns(np.random.default_rng(1), 30)
    flow = np.exp(-2 + 1.5 * x["mass"] - 0.75 * x["distance"])
    found = poisson(flow, x)
    assert found.coefficient == pytest.approx([-2, 1.5, -0.75], abs=1e-9)
    assert found.r2 == pytest.approx(1)
    assert found.zeros == 0


@pytest.mark.parametrize("directed", [True, False])
def test_a_network_by_hand(directed: bool) -> None:
    net, kilometres = drawn(3, directed=directed)
    kilometres[2, 5] = kilometres[5, 2] = 0
    flows, table, flow = flow_matrix(net), [], []
    mass = {at: sum(net.region == at) for at in range(10)}
    for i in range(10):
        for j in range(10):
            if i == j or {i, j} == {2, 5} or (j < i and not directed):
                continue
            sizes = [np.log(mass[i]), np.log(mass[j])] if directed else [np.log(mass[i] * mass[j])]
            table.append([1, *sizes, np.log(kilometres[i, j])])
            flow.append(flows[i, j])
    params, se, _ = second_program(np.array(flow), np.array(table))
    found = gravity(net, kilometres)
    assert found.terms[1:-1] == (("mass_from", "mass_to") if directed else ("masses",))
    assert found.coefficient == pytest.approx(params, abs=1e-7)
    assert found.se == pytest.approx(se, rel=1e-6)
    assert (found.pairs, found.zeros) == (len(flow), flow.count(0))


def test_what_has_no_estimate() -> None:
    x = columns(np.random.default_rng(2), 8)
    few = np.array([3.0, 1, 0, 0, 0, 0, 0, 0])
    for flow, table in ((np.zeros(8), x), (few, x), (np.ones(8), {**x, "distance": 2 * x["mass"]})):
        found = poisson(flow, table)
        assert np.isnan([*found.coefficient, *found.se, *found.p, found.r2]).all()
    assert poisson(few, x).zeros == 6
    exact = poisson(np.array([3.0, 1, 2]), {name: values[:3] for name, values in x.items()})
    assert np.isnan(exact.se).all()
    assert np.isfinite(exact.coefficient).all()
    empty = made_of(["a"], ["NA"], [], directed=True)
    found = gravity(empty, np.zeros((1, 1)))
    assert (found.pairs, found.zeros) == (0, 0)
    assert np.isnan(found.coefficient).all()


def test_distances_on_the_sphere() -> None:
    # Beijing and Shanghai; a quarter and half of a meridian; both sides of the date line
    east = np.array([116.4074, 121.4737, 0.0, 0, 0, 179.5, -179.5])
    north = np.array([39.9042, 31.2304, 90.0, 0, -90, 0, 0])
    found = great_circles(east, north)
    assert found[0, 1] == pytest.approx(1067, abs=1)
    assert found[2, 3] == pytest.approx(6371.0088 * np.pi / 2)
    assert found[2, 4] == pytest.approx(6371.0088 * np.pi)
    assert found[5, 6] == pytest.approx(6371.0088 * np.pi / 180)
    assert (found == found.T).all()
    assert (np.diag(found) == 0).all()
    assert np.isnan(great_circles(np.array([1.0, np.nan]), np.array([1.0, 2]))[0, 1])
