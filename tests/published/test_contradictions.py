"""What is printed twice and differently: both figures are read from the tables, and they cannot both be right."""

from __future__ import annotations

import csv

import pytest
from printed_tables import counts, rows

from ecosystem.resources import resource


def _listed() -> list[dict[str, str]]:
    with resource("data", "indices", "contradictions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LISTED = {row["id"]: row for row in _listed()}


def printed(contradiction: dict[str, str], side: int) -> float:
    """The figure of one side, read from its table, and the one that the list itself gives: they are the same."""
    wanted = dict(part.split("=", 1) for part in contradiction[f"row_{side}"].split(";"))
    table = rows(contradiction[f"index_{side}"], contradiction[f"table_{side}"])
    (row,) = [row for row in table if all(row[name] == value for name, value in wanted.items())]
    column, figure = contradiction[f"figure_{side}"].split("=")
    assert row[column] == figure
    return float(figure)


@pytest.mark.parametrize("name", [name for name in LISTED if name not in ("A2", "T12")])
def test_the_two_figures_are_printed_and_differ(name: str) -> None:
    assert printed(LISTED[name], 1) != printed(LISTED[name], 2)
    assert LISTED[name]["comment_zh"]
    assert LISTED[name]["comment_en"]


def test_a2_one_place_is_given_twice() -> None:
    assert printed(LISTED["A2"], 1) == printed(LISTED["A2"], 2)
    assert LISTED["A2"]["row_1"] != LISTED["A2"]["row_2"]


def test_t9_chengdu_is_fourth_and_joint_third_by_universities() -> None:
    same = [row for row in rows("tmtpost-2024", "indicator_values") if row["code"] == "n03_value"]
    assert {row["region_zh"] for row in same if row["value"] == "10"} == {"成都市", "武汉市"}
    assert [row["value"] for row in same if float(row["value"]) > 10] == ["14", "11"]


def test_t10_two_cities_lead_in_research_staff() -> None:
    staff = {
        row["region_zh"]: row["value"] for row in rows("tmtpost-2024", "indicator_values") if row["code"] == "n05_value"
    }
    assert float(staff["深圳市"]) > float(staff["北京市"])
    assert printed(LISTED["T10"], 1) == 1


def test_t11_two_cities_are_fifth_in_economic_performance() -> None:
    listed = [row for row in rows("tmtpost-2024", "lists") if row["code"] == "economic_performance"]
    assert [row["region_zh"] for row in listed if row["rank"] == "5"] == ["杭州市"]
    assert printed(LISTED["T11"], 1) == 5


def test_t12_two_years_have_more_financing_than_all_years() -> None:
    """7060 are 25 %, 24.5 to 25.5 as rounded: 28,816 at most."""
    figures = rows("tmtpost-2024", "text_figures")
    years = {row["year"]: float(row["value"]) for row in figures if row["code"] == "financing_amount_cny_100m"}
    assert printed(LISTED["T12"], 1) == 25
    assert printed(LISTED["T12"], 2) == years["2021"]
    assert years["2018"] + years["2021"] > 7060 / 0.245


def test_s1_there_are_more_indicators_than_tables() -> None:
    assert printed(LISTED["S1"], 1) > printed(LISTED["S1"], 2)


def test_x1_shanghai_has_no_open_platform_and_three() -> None:
    assert printed(LISTED["X1"], 1) == 0
    assert printed(LISTED["X1"], 2) == 3


def test_x2_shenzhen_had_more_open_platforms_than_any_city_has_three_years_later() -> None:
    most = [row["value"] for row in rows("tmtpost-2024", "indicator_values") if row["code"] == "n04_value"]
    assert max(most) == "2"
    assert printed(LISTED["X2"], 2) == 4


def test_c10_other_sums_of_shares_miss_by_a_unit_too() -> None:
    """Four rounded shares may miss a rounded sum by 2.5 units: the counts behind both are whole."""
    off = {}
    for subject, whole in (("institutes", 307), ("alliances", 966), ("conferences", 1250)):
        shares = [row["percent"] for row in rows("cingai-2023", "text_shares") if row["subject"] == subject]
        off[subject] = round(100 * (sum(map(float, shares[1:])) - float(shares[0])))
        assert sum(counts(each, whole)[0] for each in shares[1:]) == counts(shares[0], whole)[0]
    assert off == {"institutes": 1, "alliances": -1, "conferences": 0}
