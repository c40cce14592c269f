"""The index engine: one index, and a thousand variants of it, beside pymcdm and scikit-criteria on the same matrix."""

from __future__ import annotations

import warnings
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from benchmarks.timing import Times, in_turns
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Missing, Normalisation, Ties
from ecosystem.index.spec import Index, Indicator, Level, Source, Text
from ecosystem.index.variants import Variant, evaluate_variants

REGIONS, INDICATORS, PILLARS, VARIANTS = 338, 25, 5, 1000


def measure_index(repeat: int) -> Times:
    """Seconds of one index, of a thousand variants, and of the rivals' weighted sums; scores are compared first."""
    rng = np.random.default_rng(1)
    index, values, shares = (
        made_up_index(),
        rng.lognormal(size=(REGIONS, INDICATORS)),
        rng.dirichlet(np.ones(25), VARIANTS),
    )
    scales = (Normalisation("minmax", 1.0, 100.0), Normalisation("minmax", 70.0, 130.0))
    means = (Aggregation("weighted_sum", "global"), Aggregation("amean", "global"), Aggregation("gmean", "global"))
    variants = [Variant(shares[at], scales[at % 2], means[at % 3]) for at in range(VARIANTS)]
    stack = rng.lognormal(size=(VARIANTS, REGIONS, INDICATORS))
    rivals = _rivals(values, np.array([leaf.weight for leaf in index.leaves]))
    plain = replace(index, normalisation=Normalisation("minmax", 0.0, 1.0))
    ours = evaluate(plain, values, level="city").overall
    for rival in rivals.values():
        np.testing.assert_allclose(np.ravel(np.asarray(rival(), dtype=np.float64)), ours, rtol=1e-9)
    one = in_turns({"ours": lambda: evaluate(plain, values, level="city"), **rivals}, repeat * 5)
    whole = {
        "variants": lambda: evaluate_variants(index, values, variants, level="city"),
        "matrices": lambda: evaluate(index, stack, level="city", weights=shares),
    }
    return one | in_turns(whole, repeat)


def made_up_index() -> Index:
    """25 indicators, five pillars, a top; equal weights, min-max and a weighted sum."""
    text = Text("文", "text")
    rows = [
        Indicator(f"x{at}", f"p{at % PILLARS}", 1, text, 1, 1 / INDICATORS, "assumed", "", Source("column", f"x{at}"))
        for at in range(INDICATORS)
    ]
    rows += [Indicator(f"p{at}", "top", 2, text, 1, 1 / PILLARS, "assumed", "", None) for at in range(PILLARS)]
    rows.append(Indicator("top", None, 3, text, 1, 1.0, "assumed", "", None))
    return Index(
        id="made-up",
        title=text,
        unit_of_analysis=text,
        source=text,
        levels={"city": Level("city", tuple(f"r{at}" for at in range(REGIONS)))},
        indicators=tuple(rows),
        normalisation=Normalisation("minmax", 0.0, 100.0),
        aggregation=Aggregation("weighted_sum", "global"),
        missing=Missing("zero", 0.5),
        ties=Ties("competition", 1e-9),
    )


def _rivals(values: Any, weights: Any) -> dict[str, Any]:
    """A weighted sum of min-max scores by the two libraries; they know one level and no ranks of pillars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm.methods import WSM
        from pymcdm.normalizations import minmax_normalization
        from skcriteria import mkdm
        from skcriteria.agg.simple import WeightedSumModel
        from skcriteria.preprocessing.scalers import MinMaxScaler
    types = np.ones(len(weights))
    matrix = mkdm(values, types, weights=weights)
    scaler, model = MinMaxScaler(target="matrix"), WeightedSumModel()
    return {
        "pymcdm": lambda: WSM(minmax_normalization)(values, weights, types),
        "scikit_criteria": lambda: model.evaluate(scaler.transform(matrix)).e_.score,
    }


if __name__ == "__main__":
    print({name: f"{median(seconds) * 1000:.2f} ms" for name, seconds in measure_index(5).items()})
