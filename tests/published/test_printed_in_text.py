"""What the reports print in sentences beside the name of a city: nothing that the tables of this project leave out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from printed_tables import rows
from test_transcription import AITISA, SCENARIO, TMTPOST, between, report

from ecosystem.index import load_index

VALUED = ("aitisa-2021", "cingai-2023", "scenario-2024", "tmtpost-2024")


def held(index: str) -> set[str]:
    """Every number that the tables of an index hold, as printed."""
    names = {"tmtpost-2024": ["indicator_values", "text_figures"], "aitisa-2021": ["indicator_values", "text_figures"]}
    found: set[str] = set()
    for table in names[index]:
        for row in rows(index, table):
            found |= {row[name].lstrip("-") for name in ("value", "lower", "upper") if row[name]}
    return found


def test_no_number_with_a_unit_of_tmtpost_is_left_out(shared: Path) -> None:
    """Part 3 as a whole: each number before a unit of an indicator, but for thresholds and sizes of lists."""
    text = between(
        report(shared, TMTPOST), "1、政策环境排名及分析（本节有删减）", "四、研究方法及人工智能城市评价指标体系\n"
    )
    text = re.sub(r"[ \n]", "", text)
    figures = set(re.findall(r"(\d[\d.]*)(?:万件|万次|万人|万亿元|亿元|家|所|起|个平台|%)", text))
    ratios = set(re.findall(r"(\d+)倍", text))
    thresholds = {"40", "30", "20", "10", "55", "25", "15", "5", "3", "100", "300", "500", "14", "2", "1"}
    assert (figures | ratios) - thresholds <= held("tmtpost-2024")


def test_every_share_of_aitisa_is_held(shared: Path) -> None:
    """Each per cent of part 3, but the support that a policy promises and the price basis of a growth."""
    percents = set(re.findall(r"(\d[\d.]*)%", re.sub(r"\s", "", report(shared, AITISA))))
    assert percents - {"20"} <= held("aitisa-2021")


def test_every_figure_of_the_abstract_of_scenario_is_held(shared: Path) -> None:
    text = re.sub(r"\s", "", report(shared, SCENARIO))
    for row in [*rows("scenario-2024", "indicator_values"), *rows("scenario-2024", "text_figures")]:
        assert (row["value"] or row["upper"]) in text, row
    for row in rows("scenario-2024", "second_level_names"):
        if row["section"] == "abstract":
            assert row["name_zh"] in text or row["name_zh"][-2:] in text
    assert len(rows("scenario-2024", "second_level_names")) == 7
    abstract = between(text, "全国人工智能应用场景创新最佳实践城市是指", "一、评选方法以下")
    printed = set(re.findall(r"(\d+\.\d|\d+)(?:%|项具|分)", abstract))
    mine = {row["value"] for table in ("indicator_values", "text_figures") for row in rows("scenario-2024", table)}
    mine |= {row["score"] for row in rows("scenario-2024", "top_10")}
    assert printed - mine == set()


@pytest.mark.parametrize("index", VALUED)
def test_every_printed_value_is_one_of_an_indicator_and_every_rank_is_a_place(index: str) -> None:
    spec = load_index(index)
    leaves = {leaf.code for leaf in spec.leaves}
    for row in rows(index, "indicator_values"):
        assert row["code"] in leaves, row
        assert row["value"] or row["lower"] or row["upper"], row
        assert bool(row.get("times")) == bool(row.get("unit")), row
    for row in rows(index, "indicator_ranks"):
        last = int(row["rank_to"] or 999)
        assert 1 <= int(row["rank_from"]) <= last, row


def test_ranks_by_indicator_go_with_the_values_that_are_printed() -> None:
    """A city that is printed behind another in one sentence has no larger value, whatever the sentence."""
    for index in ("tmtpost-2024", "aitisa-2021"):
        values: dict[tuple[str, str], float] = {}
        for row in rows(index, "indicator_values"):
            if row["value"]:
                values[row["code"].removesuffix("_value"), row["region"]] = float(row["value"])
        ranks = [row for row in rows(index, "indicator_ranks") if row["rank_from"] == row["rank_to"]]
        pairs = 0
        for one in ranks:
            for two in ranks:
                keys = (one["code"], one["region"]), (two["code"], two["region"])
                if (
                    one["code"] == two["code"]
                    and int(one["rank_from"]) < int(two["rank_from"])
                    and values.keys() >= {*keys}
                ):
                    assert values[keys[0]] >= values[keys[1]], (one, two)
                    pairs += 1
        assert pairs >= 8
