"""The page of published results: every disagreement that it lists has a test of its name, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import test_aitisa_inside
import test_cingai_inside
import test_contradictions
import test_tmtpost_inside

from ecosystem.published.implied_weights import implied_weights
from ecosystem.published.printed_scores import read_score_table
from ecosystem.resources import resource

PAGE = (Path(__file__).parents[2] / "docs" / "published-results.md").read_text(encoding="utf-8")
PILLARS = ("factor_endowment", "development_potential", "benefit_output", "urban_penetration")


def test_every_disagreement_is_listed_and_tested() -> None:
    listed = re.findall(r"(?m)^\| ([CTASX]\d+) \|", PAGE)
    modules = (test_cingai_inside, test_tmtpost_inside, test_aitisa_inside, test_contradictions)
    names = [name for module in modules for name in dir(module) if re.match(r"test_[ctasx]\d", name)]
    tested = {name.split("_")[1].upper() for name in names}
    assert len(set(listed)) == len(listed) == 30
    assert tested == set(listed)


@pytest.mark.parametrize("place", range(4))
def test_the_page_gives_the_weights_that_come_out(place: int) -> None:
    folder = resource("data", "indices", "tmtpost-2024", "published")
    parts = [read_score_table(folder / f"{name}.csv") for name in PILLARS]
    found = implied_weights(parts, read_score_table(folder / "total.csv"))
    line = re.search(rf"(?m)^\| {PILLARS[place].replace('_', ' ')} .*$", PAGE)
    assert line is not None
    indicators = int(line.group().split("|")[2])
    ranges = [(found.left_out_low, found.left_out_high), (found.digits_low, found.digits_high)]
    words = [f"{low[place]:.5f}-{high[place]:.5f}" for low, high in ranges]
    words = [f"{found.weights[place]:.5f}", *words, f"{found.weights[place] / indicators:.4f}"]
    assert [cell.strip() for cell in line.group().split("|")[3:7]] == words
