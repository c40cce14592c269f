"""The records of measures: complete, found by their ids and families, and computed once for what they share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import Row, made_of
from printed_networks import EDGES, NODES

from ecosystem.errors import NetworkError
from ecosystem.network import Network
from ecosystem.network.communities import communities
from ecosystem.network.measure import OF, Measure
from ecosystem.network.measures import MEASURES, find_measures, measures_of, region_values, usual_of_network, values_of

NET = made_of(
    ["a", "b", "c", "d"], ["NA", "NA", "x", None], [("a", "b", 1.0), ("b", "c", 2.0), ("c", "d", 4.0)], directed=True
)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: f"{one.of}-{one.id}")
@pytest.mark.parametrize("directed", [True, False])
def test_every_measure_gives_a_number_for_each(measure: Measure, directed: bool) -> None:
    net = replace(NET, directed=directed)
    found = np.asarray(values_of(net, [measure])[measure.id], dtype=np.float64)
    assert found.shape == {"node": (4,), "region": (2,), "network": ()}[measure.of]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: f"{one.of}-{one.id}")
def test_weights_and_directions_count_exactly_where_the_record_says_so(measure: Measure) -> None:
    heavier = replace(NET, weight=NET.weight * np.array([1.0, 3.0, 5.0]))
    turned = made_of(
        ["a", "b", "c", "d"],
        ["NA", "NA", "x", None],
        [("b", "a", 1.0), ("b", "c", 2.0), ("c", "d", 4.0)],
        directed=True,
    )
    base = np.asarray(values_of(NET, [measure])[measure.id])
    if not measure.weights:
        assert np.array_equal(base, np.asarray(values_of(heavier, [measure])[measure.id]), equal_nan=True)
    if not measure.directions:
        assert np.array_equal(base, np.asarray(values_of(turned, [measure])[measure.id]), equal_nan=True)


SHUFFLED = st.permutations(range(len(NODES)))
PLACES = st.lists(st.sampled_from(["x", "y", "NA", None]), min_size=len(NODES), max_size=len(NODES))
# the algorithm that looks for communities meets nodes in the order of their ids
STEADY = [one for one in MEASURES if one.compute is not communities]


def all_values(net: Network) -> dict[str, np.ndarray]:
    found = {of: values_of(net, [one for one in STEADY if one.of == of]) for of in OF}
    return {
        f"{of} {name}": np.asarray(v, dtype=np.float64) for of, values in found.items() for name, v in values.items()
    }


@settings(max_examples=60)
@given(EDGES, PLACES, SHUFFLED, st.booleans())
def test_no_measure_depends_on_ids_or_the_order_of_rows(
    edges: list[Row], places: list[str | None], order: list[int], directed: bool
) -> None:
    name = {node: f"{order[at]}" for at, node in enumerate(NODES)}
    rows = [(name[a], name[b], w) for a, b, w in edges][::-1]
    one = all_values(made_of(NODES, places, edges, directed=directed))
    two = all_values(made_of(list(name.values())[::-1], places[::-1], rows, directed=directed))
    for key, values in two.items():
        np.testing.assert_allclose(
            values[order] if key.startswith("node") else values, one[key], atol=1e-11, err_msg=key
        )


@settings(max_examples=60)
@given(EDGES, PLACES, st.booleans())
def test_another_unit_of_weight_changes_nothing_or_the_unit(
    edges: list[Row], places: list[str | None], directed: bool
) -> None:
    net = made_of(NODES, places, edges, directed=directed)
    one, two = all_values(net), all_values(replace(net, weight=net.weight / 1024))
    for key, values in two.items():
        same = np.allclose(values, one[key], atol=1e-11, equal_nan=True)
        assert same or np.allclose(values * 1024, one[key], atol=1e-11, equal_nan=True), key


def test_no_two_records_share_an_id_and_every_one_is_told() -> None:
    keys = [(one.of, one.id) for one in MEASURES]
    assert len(set(keys)) == len(keys)
    assert all(one.title and one.meaning for one in MEASURES)
    assert not {one.family for one in MEASURES} & {one.id for one in MEASURES}


def test_a_family_stands_for_its_measures_and_each_comes_once() -> None:
    found = [one.id for one in find_measures(["gatekeeper", "roles", "EI "], "region")]
    assert found == ["gatekeeper", "coordinator", "consultant", "representative", "liaison", "ei"]


def test_an_unknown_measure_is_named_with_the_nearest() -> None:
    with pytest.raises(NetworkError, match="no measure 'gatekeper' has a number for each region") as caught:
        find_measures(["gatekeper"], "region")
    assert "'gatekeeper'" in str(caught.value.hint)


def test_a_measure_of_something_else_is_said_to_be_one() -> None:
    with pytest.raises(NetworkError) as caught:
        find_measures(["constraint"], "region")
    assert caught.value.hint == "it has one for each organisation"


def test_what_measures_share_is_computed_once() -> None:
    runs = []

    def both(network: Network) -> tuple[float, float]:
        runs.append(network)
        return 1.0, 2.0

    one = Measure("one", "network", "one", "one", both, "", part=lambda pair: pair[0])
    two = Measure("two", "network", "two", "two", both, "", part=lambda pair: pair[1])
    assert values_of(NET, find_measures([one, two], "network")) == {"one": 1.0, "two": 2.0}
    assert len(runs) == 1


def test_a_region_without_a_node_has_no_number() -> None:
    values = region_values(NET, measures_of("region")["outflow"], ["x", "nobody", "NA"])
    assert values.tolist() == pytest.approx([0.0, np.nan, 2.0], nan_ok=True)


def test_measures_of_a_family_are_not_taken_unasked() -> None:
    assert "density" in usual_of_network()
    assert not set(usual_of_network()) & {one.id for one in find_measures(["triads"], "network")}
