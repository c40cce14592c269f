"""What can be checked inside the report of tmtpost-2024, and every place where it does not agree with itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from printed_tables import ranked, rounds_to, rows

from ecosystem.index import load_index
from ecosystem.index.steps.tiers import natural_breaks

LISTS: dict[str, list[str]] = {}
for _row in rows("tmtpost-2024", "lists"):
    LISTS.setdefault(_row["code"], []).append(_row["region_zh"])
FIGURES: dict[tuple[str, str, str], list[str]] = {}
for _row in [*rows("tmtpost-2024", "text_figures"), *rows("tmtpost-2024", "indicator_values")]:
    found = FIGURES.setdefault((_row["code"], _row["region_zh"], _row["year"]), [])
    found += [_row["value"]] if _row["value"] not in found else []
TABLES = ("total", "factor_endowment", "development_potential", "benefit_output", "urban_penetration")


def figure(code: str, region: str, year: str = "") -> float:
    (value,) = FIGURES[code, region, year]
    return float(value)


def test_rows_and_sums() -> None:
    """Sums taken from the report itself, with awk."""
    sums = {"total": 9.7072, "factor_endowment": 7.7111, "development_potential": 6.8895, "benefit_output": 3.6535}
    sums["urban_penetration"] = 13.1383
    for table, total in sums.items():
        printed = rows("tmtpost-2024", table)
        assert len(printed) == (100 if table == "total" else 30)
        assert sum(float(row["score"]) for row in printed) == pytest.approx(total, abs=1e-9)
    policies = rows("tmtpost-2024", "policies")
    assert (len(policies), sum(int(row["policies"]) for row in policies)) == (30, 14_824)
    sizes = {
        "lists": 126,
        "tiers": 20,
        "policy_weights": 12,
        "park_weights": 4,
        "text_figures": 64,
        "indicator_values": 52,
    }
    sizes |= {"indicator_ranks": 150, "policy_class_ranks": 12}
    assert {table: len(rows("tmtpost-2024", table)) for table in sizes} == sizes


@pytest.mark.parametrize("table", TABLES)
def test_ranks_follow_scores_and_the_best_has_1(table: str) -> None:
    printed = rows("tmtpost-2024", table)
    scores = [float(row["score"]) for row in printed]
    assert [int(row["rank"]) for row in printed] == list(range(1, len(printed) + 1))
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert len({row["region"] for row in printed}) == len(printed)


@pytest.mark.parametrize("table", [name for name in TABLES if name != "factor_endowment"])
def test_the_lists_of_the_text_are_those_of_the_tables(table: str) -> None:
    assert LISTS[table] == ranked(rows("tmtpost-2024", table))[:10]


def test_t1_the_text_ranks_factor_endowment_otherwise_than_its_table() -> None:
    """Part 2 (2): the text has Chongqing in place 8, the table in place 15, behind Changsha and Tianjin."""
    table = ranked(rows("tmtpost-2024", "factor_endowment"))
    assert LISTS["factor_endowment"][:7] == table[:7]
    assert LISTS["factor_endowment"][7:] == ["重庆市", "杭州市", "合肥市"]
    assert table[7:10] == ["杭州市", "合肥市", "天津市"]
    assert table.index("重庆市") + 1 == 15


def test_t2_four_cities_have_policies_and_ranks_in_opposite_order() -> None:
    """Part 3 (1), table of policies: it is sorted by number, its ranks are not."""
    printed = [(int(row["rank"]), row["region_zh"], int(row["policies"])) for row in rows("tmtpost-2024", "policies")]
    assert [each[2] for each in printed] == sorted((each[2] for each in printed), reverse=True)
    assert sorted(each[0] for each in printed) == list(range(1, 31))
    turned = [
        (more[1], fewer[1])
        for more, fewer in itertools.combinations(printed, 2)
        if more[0] > fewer[0] and more[2] > fewer[2]
    ]
    assert turned == [
        ("合肥市", "宜春市"), ("丽水市", "深圳市"), ("嘉兴市", "东营市"), ("湖州市", "沈阳市"), ("东莞市", "沈阳市"),
    ]  # fmt: skip


def test_t3_four_lists_of_ten_have_nine_cities() -> None:
    nine = {code for code, names in LISTS.items() if len(names) == 9}
    assert nine == {"company_scale", "innovation_vitality", "patent_output", "economic_performance"}
    assert all(len(names) == 10 for code, names in LISTS.items() if code not in nine)


def test_t4_new_companies_of_xian_are_two_numbers() -> None:
    """Part 3 (4): 3291 in 2023 in the overview, 3260 in the detail."""
    overview, detail = FIGURES["n08_number", "西安市", "2023"]
    assert overview != detail


def test_t5_their_growth_goes_with_neither() -> None:
    """45.92 % is printed; from the 2519 of 2022 it is 29 or 31 %."""
    (before,) = FIGURES["new_companies", "西安市", "2022"]
    (printed,) = FIGURES["n08_growth", "西安市", "2023"]
    growth = [100 * (float(now) / float(before) - 1) for now in FIGURES["n08_number", "西安市", "2023"]]
    assert not any(rounds_to(each, printed) for each in growth)
    assert growth == pytest.approx([30.65, 29.42], abs=0.005)


def test_t6_a_city_has_more_financing_in_a_year_than_the_country() -> None:
    """Part 1 against part 3 (8): the indicators are called annual, their figures cannot be."""
    assert figure("n22_value", "上海市") > figure("financing_amount_cny_100m", "全国", "2023")
    assert figure("n23_value", "杭州市") > figure("financing_events", "全国", "2023")


def test_t7_the_two_lists_of_indicators_begin_their_parts_at_other_rows() -> None:
    """Introduction against part 4 (3), each as it is legible: a part begins at the row that names it.

    Part 2 (2) counts 6, 12, 5 and 2 indicators in the pillars, which is neither; the index follows the text.
    """
    begins, sizes = [], []
    for table in ("indicators_introduction", "indicators_part_4"):
        listed = rows("tmtpost-2024", table)
        begins.append({row["dimension_zh"]: int(row["number"]) for row in listed if row["dimension_zh"]})
        starts = [int(row["number"]) for row in listed if row["pillar_zh"]] + [26]
        sizes.append([after - start for start, after in itertools.pairwise(starts)])
    introduction, part_4 = begins
    shared = introduction.keys() & part_4.keys()
    assert {name: (introduction[name], part_4[name]) for name in shared if introduction[name] != part_4[name]} == {
        "基础设施": (2, 3), "创新活力": (13, 12), "专利成果": (16, 17), "经济绩效": (19, 20),
    }  # fmt: skip
    assert introduction.keys() ^ part_4.keys() == {"民众参与度", "融资环境"}
    assert sizes == [[6, 12, 4, 3], [6, 13, 4, 2]]
    index = load_index("tmtpost-2024")
    assert [round(25 * pillar.weight) for pillar in index.pillars] == [6, 12, 5, 2]


def test_tiers_are_the_first_twenty_and_leave_more_than_200_for_the_fifth() -> None:
    tiers = rows("tmtpost-2024", "tiers")
    assert [row["region"] for row in tiers] == [row["region"] for row in rows("tmtpost-2024", "total")[:20]]
    assert [sum(row["tier"] == tier for row in tiers) for tier in "123"] == [1, 2, 17]
    assert figure("sample_cities", "全国") - 20 - figure("tier_4_cities", "全国") > 200


def test_t8_policies_are_older_than_the_data_are_said_to_be() -> None:
    """Part 4 (2): data of 2012 to 2024; the note under the table of part 3 (1): 1999 to 2024."""
    assert figure("first_year_of_policies", "全国") < figure("first_year_of_data", "全国")


def test_tiers_are_no_natural_breaks_of_the_total() -> None:
    """Whatever the totals below the hundredth: three cities as printed, then 8 to 12 in place of 17."""
    printed = np.array([float(row["score"]) for row in rows("tmtpost-2024", "total")])
    for below in (np.zeros(238), np.linspace(0, printed[-1], 238), np.full(238, printed[-1])):
        cuts = natural_breaks(np.concatenate([printed, below]), 5)
        upper = [int((printed >= cut).sum()) for cut in cuts[:3]]
        assert upper[:2] == [1, 3]
        assert 8 <= upper[2] - upper[1] <= 12


def test_shares_of_the_text_go_with_its_counts() -> None:
    """Part 3 (4) and (5): unicorns, listed companies, layers of Shenzhen, companies that spend most on R&D."""
    (two,) = FIGURES["unicorns_of_two_percent_of_china", "北京市", ""]
    both = int(figure("n14_value", "北京市") + figure("n14_value", "上海市"))
    assert [whole for whole in range(150, 300) if rounds_to(100 * both / whole, two)] == [207]
    (listed,) = FIGURES["listed_companies_percent_of_china", "北京市", ""]
    assert any(rounds_to(100 * figure("n12_value", "北京市") / whole, listed) for whole in range(2900, 3000))
    layers = [figure(code, "深圳市") for code in ("n09_value", "n11_value")]
    parts = [figure(f"{layer}_companies_percent_of_china", "深圳市") for layer in ("foundation", "application")]
    assert sum(100 * own / part for own, part in zip(layers, parts, strict=True)) < figure("companies", "全国", "2024")
    assert sum(layers) < 100 * layers[0] / figure("foundation_companies_percent_of_city", "深圳市")
    first = figure("n15_value", "北京市")
    leads = [figure(f"rd_top_500_lead_over_{place}", "北京市") for place in ("second", "third")]
    assert 0.39 < (3 * first - sum(leads)) / 500 < 0.4  # "nearly 40 %"
