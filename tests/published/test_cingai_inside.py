"""What can be checked inside the report of cingai-2023, and every place where it does not agree with itself."""

from __future__ import annotations

import pytest
from printed_tables import counts, ranked, rounds_to, rows

CIRCLES = {
    "group:jing-jin-ji": ("北京市", "天津市", "河北省"),
    "group:yangtze-delta": ("上海市", "江苏省", "浙江省", "安徽省"),
    "group:pearl-delta": ("广东省",),
    "group:chuan-yu": ("四川省", "重庆市"),
}
PILLARS = (
    "company_capability", "academic_ecology", "capital_environment",
    "international_openness", "linking_capability", "government_responsiveness",
)  # fmt: skip
WEIGHTS = {row["code"]: float(row["weight"]) for row in rows("cingai-2023", "table_02_weights")}
SCORES = {
    (row["code"], row["region_zh"]): row["score"]
    for row in rows("cingai-2023", "text_scores")
    if row["level"] == "province"
}
TABLE_5 = rows("cingai-2023", "table_05_circles")
SHARES = rows("cingai-2023", "text_shares")


def summed(parent: str, *parts: str) -> float:
    """Parts less parent, in units of the last printed digit."""
    return round(10_000 * (sum(WEIGHTS[part] for part in parts) - WEIGHTS[parent]))


def shares(subject: str) -> dict[str, str]:
    return {row["region_zh"]: row["percent"] for row in SHARES if row["subject"] == subject and row["percent"]}


def test_rows_and_sums() -> None:
    sizes = {
        "table_01_sample": 8, "table_02_weights": 40, "table_03_consistency": 7, "table_04_provinces": 30,
        "table_05_circles": 4, "tables_06_12_circle_ranks": 24, "table_13_cities": 20, "text_scores": 90,
        "text_shares": 37, "text_changes": 42, "indicator_ranks": 36, "indicator_values": 4,
    }  # fmt: skip
    assert {table: len(rows("cingai-2023", table)) for table in sizes} == sizes
    assert sum(float(row["overall_score"]) for row in TABLE_5) == pytest.approx(301.02)
    assert sum(float(score) for (code, _), score in SCORES.items() if code == "overall") == pytest.approx(413.52)
    assert sum(WEIGHTS[pillar] for pillar in PILLARS) == pytest.approx(1)


def test_weights_add_up_within_a_pillar() -> None:
    assert summed("company_capability", "company_scale", "company_innovation") == 0
    assert summed("company_scale", "company_count", "company_mean_valuation") == 0
    assert summed("capital_environment", "financing", "investment") == 0
    assert summed("financing", "financing_links", "financing_amount") == 0
    assert summed("government_response", "park_count", "policy_count") == 0


def test_c1_two_pillars_weigh_a_unit_more_than_their_parts() -> None:
    assert summed("academic_ecology", "university_innovation", "institute_innovation") == -1
    assert summed("international_openness", "human_capital_openness", "technology_openness") == -1
    leaves = list(WEIGHTS.values())[:24]
    assert sum(leaves) == pytest.approx(0.9998)


def test_table_4_ranks_31_provinces_of_which_one_is_not_printed() -> None:
    """Every column is a ranking with ties (the next rank is left out) once one more region is put in."""
    table = rows("cingai-2023", "table_04_provinces")
    for column in [name for name in table[0] if name.endswith(("_2023", "_2022"))]:
        printed = [int(row[column]) for row in table]
        complete = [
            rank
            for rank in range(1, 32)
            if all(1 + sum(other < each for other in [*printed, rank]) == each for each in [*printed, rank])
        ]
        assert complete, column


def test_text_and_table_4_have_the_same_first_ten_everywhere() -> None:
    table = rows("cingai-2023", "table_04_provinces")
    for code in ("overall", *PILLARS):
        text = [row for row in rows("cingai-2023", "text_scores") if row["code"] == code and row["level"] == "province"]
        assert ranked(text) == ranked(table, f"{code}_2023")[: len(text)], code
        assert [float(row["score"]) for row in text] == sorted((float(row["score"]) for row in text), reverse=True)


def test_c2_pillars_of_three_provinces_miss_their_total_by_a_unit() -> None:
    """Six rounded pillars may miss a rounded total by 3.5 units; these three miss it by one, the other two by none."""
    off = {}
    for province in ("北京市", "广东省", "浙江省", "江苏省", "山东省"):
        parts = [SCORES[pillar, province] for pillar in PILLARS if (pillar, province) in SCORES]
        assert len(parts) == 6
        off[province] = round(100 * (sum(map(float, parts)) - float(SCORES["overall", province])))
    assert off == {"北京市": 0, "广东省": 0, "浙江省": 1, "江苏省": -1, "山东省": -1}


def test_c3_a_circle_is_the_sum_of_its_provinces_but_for_four_units() -> None:
    """Of every score that is printed for all members."""
    off = {}
    for circle in TABLE_5:
        for code in ("overall", *PILLARS):
            parts = [SCORES[code, member] for member in CIRCLES[circle["region"]] if (code, member) in SCORES]
            if len(parts) == len(CIRCLES[circle["region"]]):
                off[circle["region_zh"], code] = round(100 * (sum(map(float, parts)) - float(circle[f"{code}_score"])))
    assert len(off) == 13
    assert {key: units for key, units in off.items() if units} == {
        ("长三角", "capital_environment"): 1,
        ("长三角", "international_openness"): 1,
        ("京津冀", "overall"): -1,
    }
    total = {row["region_zh"]: sum(float(row[f"{pillar}_score"]) for pillar in PILLARS) for row in TABLE_5}
    units = {row["region_zh"]: round(100 * (total[row["region_zh"]] - float(row["overall_score"]))) for row in TABLE_5}
    assert units == {"长三角": -1, "京津冀": 0, "珠三角": 0, "川渝": 0}


def test_table_5_ranks_follow_its_scores() -> None:
    for code in ("overall", *PILLARS):
        by_score = sorted(TABLE_5, key=lambda row: -float(row[f"{code}_score"]))
        assert [int(row[f"{code}_rank"]) for row in by_score] == [1, 2, 3, 4]


def test_shares_of_companies_institutes_and_parks_go_with_their_counts() -> None:
    for row in SHARES:
        if row["count"] and row["whole"] and row["percent"]:
            assert rounds_to(100 * int(row["count"]) / int(row["whole"]), row["percent"]), row
    institutes = {region: counts(percent, 307) for region, percent in shares("institutes").items()}
    assert institutes == {"四大经济圈": [264], "长三角": [116], "京津冀": [92], "珠三角": [53], "川渝": [3]}
    assert counts(shares("parks")["四大经济圈"], 3507) == [2708]
    assert rounds_to(100 * 55 / (1987 - 681 - 646 - 582), "70.51")


def test_c4_shares_of_alliances_are_of_966_not_of_967() -> None:
    assert not any(counts(percent, 967) for percent in shares("alliances").values())
    found = {region: counts(percent, 966) for region, percent in shares("alliances").items()}
    assert found == {"四大经济圈": [506], "长三角": [214], "珠三角": [143], "京津冀": [98], "川渝": [51]}
    assert 214 + 143 + 98 + 51 == 506


def test_c5_shares_of_conferences_are_not_of_2318() -> None:
    """Not of any whole near it but 2358; 1250, those with a place perhaps, gives all five, and they add up."""
    percents = shares("conferences").values()
    assert sum(bool(counts(percent, 2318)) for percent in percents) == 1
    assert [whole for whole in range(2200, 2400) if all(counts(percent, whole) for percent in percents)] == [2358]
    found = {region: counts(percent, 1250) for region, percent in shares("conferences").items()}
    assert found == {"四大经济圈": [846], "长三角": [353], "京津冀": [299], "珠三角": [105], "川渝": [89]}
    assert 353 + 299 + 105 + 89 == 846


def test_c6_no_number_of_438_universities_is_45_per_cent() -> None:
    assert counts(shares("universities")["四大经济圈"], 438) == []


def test_c7_no_number_of_775_policies_is_44_01_per_cent() -> None:
    assert counts(shares("policies")["四大经济圈"], 775) == []
    assert counts(shares("policies")["四大经济圈"], 768) == [338]


def test_c8_shares_of_enablement_add_up_to_a_unit_more() -> None:
    """Four rounded shares may miss a rounded sum by 2.5 units."""
    whole, *parts = (float(percent) for percent in shares("enablement_links").values())
    assert round(100 * (sum(parts) - whole)) == 1


def test_c9_the_order_by_universities_is_not_that_of_the_total() -> None:
    """The text says it is (part 3 (2) 2); table 7 has Chuan-Yu third, table 5 the Pearl delta."""
    table = {row["code"]: row for row in rows("cingai-2023", "tables_06_12_circle_ranks")}
    universities = [
        table["university_count"][key] for key in ("yangtze_delta", "jing_jin_ji", "pearl_delta", "chuan_yu")
    ]
    assert [row["overall_rank"] for row in TABLE_5] == ["1", "2", "3", "4"]
    assert universities == ["1", "2", "4", "3"]


def test_ranks_of_circles_are_rankings_and_one_has_a_tie() -> None:
    tied = []
    for row in rows("cingai-2023", "tables_06_12_circle_ranks"):
        ranks = sorted(int(row[circle]) for circle in ("jing_jin_ji", "yangtze_delta", "pearl_delta", "chuan_yu"))
        assert all(1 + sum(other < rank for other in ranks) == rank for rank in ranks)
        tied += [row["code"]] if len(set(ranks)) < 4 else []
    assert tied == ["institute_mean_papers_intl"]


def test_table_13_and_the_text_have_the_same_first_ten() -> None:
    cities = rows("cingai-2023", "table_13_cities")
    text = [row for row in rows("cingai-2023", "text_scores") if row["level"] == "city"]
    assert ranked(text) == ranked(cities, "overall")[:10]
    for pillar in PILLARS:
        assert len({row[pillar] for row in cities}) == 20
