"""What can be checked inside the reports of aitisa-2021, scenario-2024 and parks-20-cities, and where they disagree."""

from __future__ import annotations

from collections import Counter

import pytest
from printed_tables import counts, ranked, rounds_to, rows

CODES = ("overall", "environment_support", "resource_support", "knowledge_creation", "development_outcome")
TABLE_2 = rows("aitisa-2021", "table_02_ranks")
FIGURES = {
    (row["code"], row["region_zh"]): row["value"]
    for table in ("text_figures", "indicator_values")
    for row in rows("aitisa-2021", table)
    if row["value"]
}
RANKS = {
    (row["code"], row["region_zh"]): (int(row["rank_from"]), int(row["rank_to"]))
    for row in rows("aitisa-2021", "text_dimension_ranks")
}


def test_rows_and_sums() -> None:
    sizes = {
        "table_01_indicators": 23, "table_02_ranks": 20, "lists": 50, "text_scores": 7, "text_dimension_ranks": 78,
        "text_figures": 62, "indicator_values": 65, "indicator_ranks": 29, "score_bounds": 6,
        "tables_03_12_policies": 48,
    }  # fmt: skip
    assert {table: len(rows("aitisa-2021", table)) for table in sizes} == sizes
    assert sum(float(row["score"]) for row in rows("aitisa-2021", "text_scores")) == pytest.approx(571.15)
    for code in CODES:
        assert sum(int(row[code]) for row in TABLE_2) == 210


def test_table_2_holds_rankings_of_twenty() -> None:
    for code in CODES:
        assert sorted(int(row[code]) for row in TABLE_2) == list(range(1, 21))


def test_lists_and_scores_of_the_text_go_with_table_2() -> None:
    lists: dict[str, list[str]] = {}
    for row in rows("aitisa-2021", "lists"):
        lists.setdefault(row["code"], []).append(row["region_zh"])
    for code in CODES:
        assert lists[code] == ranked(TABLE_2, code)[:10]
        scored = [row for row in rows("aitisa-2021", "text_scores") if row["code"] == code]
        assert ranked(scored) == ranked(TABLE_2, code)[: len(scored)]
        assert [float(row["score"]) for row in scored] == sorted((float(row["score"]) for row in scored), reverse=True)


def test_ranks_by_gdp_go_with_the_gdp_that_is_printed() -> None:
    """Of the ten cities that print it; those that do not (Chongqing, Tianjin) may stand between."""
    gdp = {city: float(value) for (code, city), value in FIGURES.items() if code == "gdp"}
    assert len(gdp) == 10
    for (code, city), (best, worst) in RANKS.items():
        if code == "economic_environment" and city in gdp:
            above = sum(value > gdp[city] for value in gdp.values())
            assert best <= above + 3, city
            assert worst >= above + 1, city


def test_98_segments_give_every_printed_share() -> None:
    """And no smaller number does: the denominator behind indicator 23 is derived from it."""
    percents = {value for (code, _), value in FIGURES.items() if code == "segments_covered"}
    fits = [whole for whole in range(2, 120) if all(counts(percent, whole) for percent in percents)]
    assert len(percents) == 6
    assert fits[0] == 98


def test_a1_two_cities_share_the_first_place_with_different_coverage() -> None:
    """Part 3 (7): Wuhan beside Shenzhen in the first place, with 14.3 % against the 13.3 % of part 3 (2)."""
    assert RANKS["industry_coverage", "武汉市"] == RANKS["industry_coverage", "深圳市"] == (1, 1)
    assert FIGURES["segments_covered", "武汉市"] == "14.3"
    assert FIGURES["segments_covered", "深圳市"] == "13.3"


def test_a2_two_cities_have_the_second_place_in_organisations() -> None:
    """Parts 3 (1) and 3 (6); part 2 (2) names Shenzhen, Suzhou and Changsha as those that have most."""
    single = [key for key, (best, worst) in RANKS.items() if best == worst]
    places = Counter((code, RANKS[code, city]) for code, city in single)
    shared = {key for key, times in places.items() if times > 1}
    assert shared == {
        ("organisation_environment", (2, 2)),
        ("industry_coverage", (1, 1)),
        ("industry_coverage", (5, 5)),
    }
    assert RANKS["organisation_environment", "北京市"] == RANKS["organisation_environment", "苏州市"] == (2, 2)
    assert RANKS["organisation_environment", "深圳市"] == (1, 3)
    # the other shared place is a tie of equal shares
    assert FIGURES["segments_covered", "北京市"] == FIGURES["segments_covered", "南京市"]


MOST_RESEARCH = ("北京市", "上海市", "深圳市", "苏州市")
"""Part 2 (2): where R&D expenditure is high."""


def test_a3_guangzhou_is_among_the_first_four_in_research_and_is_fifth() -> None:
    assert RANKS["research_environment", "广州市"] == (1, 4)
    assert "广州市" not in MOST_RESEARCH
    spent = {city: float(value) for (code, city), value in FIGURES.items() if code == "rd_expenditure"}
    assert spent["广州市"] < spent["苏州市"] < spent["深圳市"]


def test_a4_shares_of_research_in_gdp_are_of_different_years() -> None:
    """Expenditure of 2019: Guangzhou's share is of the GDP of 2020, those of Shenzhen and Suzhou are not."""
    fits = {}
    for city in ("广州市", "深圳市", "苏州市"):
        spent = float(FIGURES["rd_expenditure", city])
        share = 100 * spent / float(FIGURES["gdp", city])
        fits[city] = rounds_to(share, FIGURES["rd_share_of_gdp_percent", city])
    assert fits == {"广州市": True, "深圳市": False, "苏州市": False}


def test_a5_no_number_of_companies_gives_12_a_share_of_42_8() -> None:
    """Part 3 (4): 12 of 28 are 42.86 %; the share beside it, 30 with 63.8 %, is of 47."""
    assert FIGURES["ai_key_companies", "广州市"] == "12"
    share = FIGURES["ai_key_companies_percent_of_province", "广州市"]
    assert share == "42.8"
    assert not any(rounds_to(100 * 12 / whole, share) for whole in range(12, 60))
    other = FIGURES["big_data_key_companies_percent_of_province", "广州市"]
    assert [whole for whole in range(30, 60) if rounds_to(100 * 30 / whole, other)] == [47]


def test_growth_of_longhua_goes_with_its_output() -> None:
    then, now = (float(FIGURES[f"longhua_output_{year}_cny_100m", "深圳市"]) for year in (2019, 2020))
    assert rounds_to(100 * (now / then - 1), FIGURES["longhua_growth_percent", "深圳市"])


def test_scenario() -> None:
    top = rows("scenario-2024", "top_10")
    scores = [float(row["score"]) for row in top]
    assert len(top) == 10
    assert sum(scores) == pytest.approx(563.8)
    assert scores == sorted(scores, reverse=True)
    assert [int(row["rank"]) for row in top] == list(range(1, 11))
    assert len(rows("scenario-2024", "list_of_tables")) == 33
    (variety,) = rows("scenario-2024", "text_scores")
    assert (variety["region"], variety["rank"], variety["score"]) == ("320400", "2", "71.7")


def test_parks_print_no_figure() -> None:
    pillars = rows("parks-20-cities", "pillars")
    assert len(pillars) == 3
    assert all(row["weight"] == "" for row in pillars)
