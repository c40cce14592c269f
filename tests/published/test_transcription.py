"""A second reading of the reports themselves: every figure of their tables, taken from the text by another road.

The first reading was made by eye; this one cuts the text by its line breaks, tabs and blanks.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from printed_tables import rows

TMTPOST, AITISA, SCENARIO, CINGAI = "000_b8c2", "001_09cb", "002_3b25", "003_ea54"


def report(shared: Path, beginning: str) -> str:
    """The text of a report, or a failure that says which."""
    (path,) = (shared / "seeds").glob(f"{beginning}*.txt")
    return path.read_text(encoding="utf-8", errors="replace")


def between(text: str, start: str, end: str) -> str:
    return text.split(start, 1)[1].split(end, 1)[0]


@pytest.mark.parametrize(
    ("table", "heading", "count"),
    [
        ("total", "综合线性指数\n", 100),
        ("factor_endowment", "要素储备综合线性指数\n", 30),
        ("development_potential", "发展潜能综合线性指数\n", 30),
        ("benefit_output", "效益产出综合线性指数\n", 30),
        ("urban_penetration", "城市渗透综合线性指数\n", 30),
        ("policies", "人工智能相关政策发布综合数量\n", 30),
    ],
)
def test_tmtpost(shared: Path, table: str, heading: str, count: int) -> None:
    printed = between(report(shared, TMTPOST), heading, "数据来源")
    second = [tuple(line.split("\t")) for line in printed.splitlines() if line.count("\t") == 2]
    first = rows("tmtpost-2024", table)
    score = "policies" if table == "policies" else "score"
    assert len(second) == count
    assert [(row["rank"], row["region_zh"], row[score]) for row in first] == second


def test_tmtpost_lists_and_tiers(shared: Path) -> None:
    text = report(shared, TMTPOST).replace("\n", "")
    lists: dict[tuple[str, str], list[str]] = {}
    for row in rows("tmtpost-2024", "lists"):
        lists.setdefault((row["section"], row["code"]), []).append(row["region_zh"])
    found = [each.split("、") for each in re.findall(r"(?:北京市|深圳市)(?:、\w+?市){8,9}(?=[。，])", text)]
    assert len(lists) == 13
    for names in lists.values():
        assert names in found
    third = between(text, "发展基础。", "为第三梯队").replace("，", "、").split("、")
    tiers = rows("tmtpost-2024", "tiers")
    assert [row["region_zh"] for row in tiers if row["tier"] == "3"] == third
    assert [row["region_zh"] for row in tiers if row["tier"] != "3"] == ["北京市", "深圳市", "上海市"]


def test_tmtpost_figures_stand_in_their_part(shared: Path) -> None:
    """Parts begin at their Chinese numerals, the sections of part 3 at their numbers."""
    text = report(shared, TMTPOST).split("\n引言\n", 1)[1]
    parts = re.split(r"(?m)^[一二三四五六]、", text)
    sections = re.split(r"(?m)^[1-9]、\S+排名及分析", parts[3])
    assert (len(parts), len(sections)) == (7, 10)
    words = {
        "245000": "24.5万",
        "-14": "下降14%",
        "10000": "万",
        "1000": "千家",
        "60": "六成",
        "4000": "4000",
        "2": "倍",
    }
    for table in ("text_figures", "indicator_values"):
        for row in rows("tmtpost-2024", table):
            part, _, section = row["section"].partition(" ")[0].partition(".")
            where = sections[int(section)] if part == "3" else parts[int(part)]
            number = row["value"] or row["lower"] or row["upper"]
            said = {"none so far": "暂无", "times the sum of Beijing and Shanghai": "超过了第二名", "nearly": number}
            said |= {"Shenzhen and Beijing": number, "Beijing and Shanghai": number}
            spoken = {
                "1": "万亿",
                "40": "近 4 成|40%",
                "2": "倍|2 个|第二",
                "50": "5 成",
                "30": "3成",
                "20000": "两万",
                "17": "",
                "3": "3|三",
            }
            forms = [number, *words.get(number, number).split("|"), *spoken.get(number, number).split("|")]
            forms += [said.get(row["note"], number)]
            assert any(form in where for form in forms), row


@pytest.mark.parametrize(
    ("table", "start"),
    [("indicators_introduction", "\n序号\t维度"), ("indicators_part_4", "三级指标\t\n")],
)
def test_tmtpost_indicators(shared: Path, table: str, start: str) -> None:
    text = report(shared, TMTPOST)
    lines = [line.split("\t") for line in between(text, start, "\n\n").splitlines() if line[:1].isdigit()]
    second = [(cells[0], next(cell for cell in reversed(cells) if cell)) for cells in lines]
    assert [(row["number"], row["indicator_zh"]) for row in rows("tmtpost-2024", table)] == second
    assert len(second) == 25


def test_tmtpost_weights_of_policies_and_parks(shared: Path) -> None:
    text = report(shared, TMTPOST)
    lines = [line.split("\t") for line in between(text, "序号\t分类\t政策类别\t权重\n", "\n\n").splitlines()]
    # a merged cell is printed once, for the rows below it too
    second, above = [], ["", "", "", ""]
    for cells in lines:
        above = [cell.removesuffix("%") or old for cell, old in zip(cells, above, strict=True)]
        second.append(tuple(above))
    assert [tuple(row.values()) for row in rows("tmtpost-2024", "policy_weights")] == second
    # the sentence above the table says the same kinds once more
    classes = re.findall(r"第[一二三四]类包括(.+?)[，。]", text)
    named = [re.split("[、及]", each) for each in classes]
    printed = [[row[2] for row in second if row[0] == number] for number in "1234"]
    assert [sorted(kinds) for kinds in named] == [sorted(kinds) for kinds in printed]
    assert len(second) == 12
    parks = re.findall(r"\n(\d)\t(\S+)\t(\d+)%", between(text, "序号\t人工智能企业覆盖率", "从城市人工智能园区"))
    held = [tuple(row.values()) for row in rows("tmtpost-2024", "park_weights")]
    assert held == parks


def test_cingai_tables_of_ranks(shared: Path) -> None:
    """Tables 4, 5 and 13: the name of a region, then figures and nothing else."""
    text = report(shared, CINGAI).replace("\n\n", "\n")
    provinces = between(text, "表 4 ", "（二）分项评价指数排名")
    provinces = re.sub(r"(广西壮族|宁夏回族|新疆维吾|内蒙古自)\n(自治区|尔自治区|治区)\n", r"\1\2 ", provinces)
    lines = [line.split() for line in provinces.splitlines() if len(line.split()) == 15]
    assert [list(row.values())[1:] for row in rows("cingai-2023", "table_04_provinces")] == lines
    assert len(lines) == 30
    circles = re.findall(r"\n(长三角|京津冀|珠三角|川渝) (\d（.*)", between(text, "经济圈 综合排名", "（二）"))
    second = [(name, *re.findall(r"[\d.]+", figures)) for name, figures in circles]
    assert [tuple(row.values())[1:] for row in rows("cingai-2023", "table_05_circles")] == second
    cities = between(text, "表 13 ", "从分项指标的评价")
    found = [line.split() for line in cities.splitlines() if len(line.split()) == 8 and line.split()[1].isdigit()]
    assert [list(row.values())[1:] for row in rows("cingai-2023", "table_13_cities")] == found
    assert len(found) == 20


def test_cingai_sample_weights_and_consistency(shared: Path) -> None:
    text = report(shared, CINGAI)
    sample = re.findall(r"\n\w*?(\S+) (\d+) (\d+)\n", between(text, "表 1 样本库结构", "通过实际"))
    held = [(row["name_zh"], row["count_2023"], row["count_2022"]) for row in rows("cingai-2023", "table_01_sample")]
    assert held == sample
    weights = re.findall(r"0\.\d{4}", between(text, "三级指标 权重", "1.企业能力"))
    table = rows("cingai-2023", "table_02_weights")
    assert sorted(row["weight"] for row in table) == sorted(weights)
    ratios = re.findall(r"0\.\d{4}", between(text, "区域竞争力 企业能力 学术生态", "ij"))
    assert [row["consistency_ratio"] for row in rows("cingai-2023", "table_03_consistency")] == ratios


def test_cingai_tables_6_to_12(shared: Path) -> None:
    """Every line that ends with four ranks of circles."""
    text = report(shared, CINGAI)
    second = re.findall(r"(\S+) (\d) (\d) (\d) (\d)\n", between(text, "表 6 ", "四、中国人工智能科技产业主要城市"))
    held = rows("cingai-2023", "tables_06_12_circle_ranks")
    assert [tuple(list(row.values())[2:]) for row in held] == second
    assert len(second) == 24


def test_cingai_scores_and_shares_of_the_text(shared: Path) -> None:
    """Scores stand in the text in the order of their ranks; every share stands there with its per cent sign."""
    text = re.sub(r"\s", "", report(shared, CINGAI))
    blocks: dict[tuple[str, str], list[str]] = {}
    for row in rows("cingai-2023", "text_scores"):
        blocks.setdefault((row["level"], row["code"]), []).append(row["score"])
    for (level, code), scores in blocks.items():
        ten = [scores[at : at + 10] for at in range(0, len(scores), 10)]
        for part in ten if level == "province" else [scores[:3], scores[3:]]:
            assert re.search("[、和]".join(map(re.escape, part[:-1])) + r"[、和]" + re.escape(part[-1]), text), code
    for row in rows("cingai-2023", "text_shares"):
        assert f"{row['percent'] or row['lower']}%" in text or row["count"] in ("681", "618")
        assert not row["count"] or f"{row['count']}家" in text
    section = between(text, "四大经济圈企业能力评价指数排名", "2.学术生态评价指数排名")
    percents = {row["percent"] for row in rows("cingai-2023", "text_shares")}
    three = text.split("三、人工智能科技产业四大经济圈竞争力评价指数排名", 1)[1]
    assert set(re.findall(r"([\d.]+)%", three)) <= percents | {"90.00"}
    counted = {row["count"] for row in rows("cingai-2023", "text_shares")}
    assert set(re.findall(r"(\d+)家", section)) <= counted
    for row in rows("cingai-2023", "indicator_values"):
        assert f"{row['value']}家" in section.replace("为294家", "294家")


def test_aitisa_table_2(shared: Path) -> None:
    text = between(report(shared, AITISA), "表 2 样本城市", "台专门政策")
    lines = [line.split("\t") for line in text.splitlines() if re.match(r"\S+市\t\d", line)]
    assert [list(row.values())[1:] for row in rows("aitisa-2021", "table_02_ranks")] == lines
    assert len(lines) == 20


def test_aitisa_lists_and_scores(shared: Path) -> None:
    text = re.sub(r"\s", "", report(shared, AITISA))
    lists: dict[str, list[str]] = {}
    for row in rows("aitisa-2021", "lists"):
        lists.setdefault(row["code"], []).append(row["region_zh"].removesuffix("市"))
    assert len(lists) == 5
    for names in lists.values():
        assert "、".join(names) in text or "、".join(names[:-1]) + "及" + names[-1] in text
    for row in rows("aitisa-2021", "text_scores"):
        assert re.search(re.escape(row["region_zh"].removesuffix("市")) + rf"\D{{0,25}}{re.escape(row['score'])}", text)


def test_aitisa_figures_stand_in_the_part_of_their_city(shared: Path) -> None:
    """Each figure of part 3 in the part of its city, each of part 2 somewhere in it; 1 000 may be printed as words."""
    text = re.sub(r"\s", "", report(shared, AITISA))
    parts = re.split(r"#+\**[（(][一二三四五六七八九十]+[）)](?=\w{2}：)", text)
    assert len(parts) == 11
    assert "北京、上海、深圳、苏州的研发投入较高" in parts[0]
    for row in [*rows("aitisa-2021", "text_figures"), *rows("aitisa-2021", "indicator_values")]:
        chapter, _, place = row["section"].partition(".")
        part = parts[int(place)] if chapter == "3" else parts[0]
        number = (row["value"] or row["lower"]).removesuffix(".0")
        forms = {number, f"{float(number):g}", f"{float(number) / 1000:g}千", f"{float(number) / 1000:g}000P"}
        forms |= {{"100": "百余个", "3": "3", "30000": "三万", "4": "4个"}.get(number, number)}
        assert row.get("note") == "named" or any(form in part for form in forms), row


def test_aitisa_indicators_and_policies(shared: Path) -> None:
    text = re.sub(r"\s", "", report(shared, AITISA))
    for row in rows("aitisa-2021", "table_01_indicators"):
        assert re.sub(r"\s", "", row["indicator_zh"]) in text
    listed = text.replace("发布时间政策文件主要内容", "")
    for row in rows("aitisa-2021", "tables_03_12_policies"):
        title = re.sub(r"\s", "", row["title_zh"])
        assert title in listed or title[:14] in listed, title


def test_scenario_top_10_and_list_of_tables(shared: Path) -> None:
    text = re.sub(r"\s", "", report(shared, SCENARIO))
    found = re.findall(r"([^\W和]{2})[(（]No\.(\d+),([\d.]+)分?[)）]", text)
    top = [(row["region_zh"].removesuffix("市"), row["rank"], row["score"]) for row in rows("scenario-2024", "top_10")]
    assert top == found
    for row in rows("scenario-2024", "text_scores"):
        place = {"2": "第二"}[row["rank"]]
        city, name, score = row["region_zh"].removesuffix("市"), row["name_zh"], re.escape(row["score"])
        assert re.search(rf"{city}[^。]*{name}维度得分[(（]{score}分[)）]名列全国{place}", text)
    named = [row for row in rows("scenario-2024", "list_of_tables") if row["table"]]
    assert [int(row["table"]) for row in named] == list(range(9, 34))
    for row in named:
        name = row["indicator_zh"].replace("，", "")
        assert name in text or name.replace("近5年", "近5年人") in text, name
        assert not row["page"] or re.search(rf"{re.escape(name)}得分\.*{row['page']}", text), name
