"""A last step under audit: knock-out is the plain knock-out rescaled, and the parts of a score still add up to it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ecosystem.audit import explain, knock_out_each, knockout, needed_values, overtake, trace, versus
from ecosystem.dataset import read_dataset
from ecosystem.index import load_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.override import override
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.synthesize import synthesize

pytestmark = pytest.mark.long

RULES = ("share_of_best", "share_of_mean", "minmax:10,20", "percentile")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    folder = tmp_path_factory.mktemp("last")
    synthesize(folder / "data", companies=100, links=1000, seed=5)
    made = open_store(folder / "graph.duckdb", create=True)
    made.load(read_dataset(folder / "data").dataset)
    yield made
    made.close()


@pytest.fixture(scope="module")
def tmtpost(store: GraphStore) -> tuple[Scores, Scores]:
    """By the rules of the report, and by the same without the last step."""
    index = load_index("tmtpost-2024")
    assert index.rescaling.method == "share_of_best"
    without = override(index, rescale="none")
    return score(index, store, partial=True), score(without, store, partial=True)


def by_hand(rule: str, plain: FloatArray) -> FloatArray:
    """What a rule makes of scores (..., regions), written out anew."""
    least, most, mean = (f(plain, axis=-1, keepdims=True) for f in (np.min, np.max, np.mean))
    if rule == "percentile":
        lower: FloatArray = (plain[..., None, :] < plain[..., :, None] - 1e-12).sum(axis=-1) / (plain.shape[-1] - 1)
        return 100 * lower
    made: FloatArray = {
        "share_of_best": plain / most,
        "share_of_mean": plain / mean * 100,
        "minmax:10,20": 10 + 10 * (plain - least) / np.where(most > least, most - least, 1),
    }[rule]
    return made


def test_the_best_city_of_tmtpost_prints_one(tmtpost: tuple[Scores, Scores]) -> None:
    shown, plain = (each.standing for each in tmtpost)
    assert shown.overall.max() == 1.0
    assert np.fmax.reduce(shown.pillars, axis=0)[:3].tolist() == [1.0] * 3
    assert shown.last is not None
    assert shown.last.undefined == ("urban_penetration",)  # no data here: every score is 0, and nobody is the best
    assert np.isnan(shown.pillars[:, 3]).all()
    np.testing.assert_allclose(shown.overall, by_hand("share_of_best", plain.overall), rtol=1e-12)
    assert (shown.overall_rank == plain.overall_rank).all()
    assert shown.within_one


def companies(store: GraphStore, count: int) -> list[str]:
    return store.entities.of("Company")["id"].tolist()[:count]


def test_knock_out_under_the_rules_of_tmtpost(store: GraphStore, tmtpost: tuple[Scores, Scores]) -> None:
    for company in companies(store, 6):
        shown, plain = (knockout(each, [company]).after.overall for each in tmtpost)
        np.testing.assert_allclose(shown, by_hand("share_of_best", plain), rtol=1e-12)


def test_explanations_under_the_rules_of_tmtpost_add_up(tmtpost: tuple[Scores, Scores]) -> None:
    shown = tmtpost[0]
    for place in np.argsort(shown.standing.overall_rank)[:4].tolist():
        region = shown.standing.regions[place]
        found = explain(shown, region, top=2)
        score_of = shown.standing.overall[place]
        assert found.contributions_add_up
        assert found.total == pytest.approx(score_of, abs=1e-9)
        assert found.parts["points"].sum() == pytest.approx(score_of, abs=1e-9)
        steps = found.steps
        for level in range(1, 5):
            assert steps.loc[steps["level"] == level, "contribution"].sum() == pytest.approx(score_of, abs=1e-9)


@pytest.fixture(scope="module", params=RULES)
def pair(request: pytest.FixtureRequest, store: GraphStore) -> tuple[str, Scores, Scores]:
    index = load_index("cingai-2023")
    changed, plain = (score(override(index, rescale=rule), store) for rule in (request.param, "none"))
    return request.param, changed, plain


def test_every_knock_out_at_once_is_each_alone(pair: tuple[str, Scores, Scores], store: GraphStore) -> None:
    """By the linear chain for lines, by the engine for percentiles."""
    rule, shown, plain = pair
    loads = knock_out_each(shown).table.set_index("entity")
    for company in companies(store, 4):
        after = by_hand(rule, knockout(plain, [company]).after.overall)
        np.testing.assert_allclose(knockout(shown, [company]).after.overall, after, atol=1e-9)
        change = after - shown.standing.overall
        assert loads.loc[company, "score_change"] == pytest.approx(change.min(), abs=1e-9)
        assert loads.loc[company, "total_change"] == pytest.approx(np.abs(change).sum(), abs=1e-8)


def test_parts_add_up_where_the_step_is_a_line(pair: tuple[str, Scores, Scores]) -> None:
    rule, shown, _ = pair
    best, next_best = (shown.standing.regions[place] for place in np.argsort(shown.standing.overall_rank)[:2])
    found = explain(shown, best, top=3)
    assert found.adds_up == found.contributions_add_up == (rule != "percentile")
    both = versus(shown, best, next_best)
    gap = shown.standing.overall[shown.standing.overall_rank.argsort()[:2]]
    assert both.steps.iloc[0]["difference"] == pytest.approx(gap[0] - gap[1])
    if rule != "percentile":
        assert found.total == pytest.approx(gap[0], abs=1e-9)
        leaves = both.steps[both.steps["level"] == 1]
        assert leaves["contribution"].sum() == pytest.approx(gap[0] - gap[1], abs=1e-9)


def test_what_is_needed_and_traced_does_not_depend_on_the_step(
    pair: tuple[str, Scores, Scores], store: GraphStore
) -> None:
    """Values and links that bring a region past another are the same, for the order is."""
    _, shown, plain = pair
    second, first = (shown.standing.regions[place] for place in np.argsort(shown.standing.overall_rank)[[1, 0]])
    ways = [needed_values(each, second, first).table.set_index("code")["way"] for each in (shown, plain)]
    np.testing.assert_allclose(ways[0], ways[1].reindex(ways[0].index), atol=1e-6)
    numbers = [overtake(each, second, first) for each in (shown, plain)]
    assert numbers[0].number == numbers[1].number
    (company,) = companies(store, 1)
    counts = [trace(each, company).counts for each in (shown, plain)]
    assert counts[0]["matches"].tolist() == counts[1]["matches"].tolist()
