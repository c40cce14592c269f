"""The import of itjuzi_ai, whole, held against the raw file read with nothing but csv."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.imports import ImportReport, import_source

Row = dict[str, str]

NOT_FINANCING = {"新三板", "IPO上市", "并购", "-"}
RATES = {"人民币": Fraction(1), "美元": Fraction("6.6174"), "欧元": Fraction("7.8016")}
RATES_OF_THE_PORTAL = {"人民币": Fraction(1), "美元": Fraction("6.5"), "欧元": Fraction("7.3")}


@dataclass(frozen=True)
class Imported:
    report: ImportReport
    raw: list[Row]
    companies: dict[str, Row]
    investors: dict[str, Row]
    links: list[Row]
    located: dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = shared / "data" / "real" / "itjuzi_ai"
    out = tmp_path_factory.mktemp("itjuzi") / "dataset"
    report = import_source("itjuzi_ai", folder, out)
    return Imported(
        report,
        read(folder / "companies_and_rounds.csv"),
        {row["id"]: row for row in read(out / "companies.csv")},
        {row["id"]: row for row in read(out / "investors.csv")},
        read(out / "invested_in.csv"),
        {row["from"]: row["to"] for row in read(out / "located_in.csv")},
    )


def blocks(raw: list[Row]) -> Iterator[list[Row]]:
    """The rows of each company as the portal lists it."""
    block: list[Row] = []
    for row in raw:
        if row["公司名称"] and block:
            yield block
            block = []
        block.append(row)
    yield block


def legal_entity(head: Row) -> str:
    return head["工商名称"] or head["公司名称"]


def yuan(text: str, rates: dict[str, Fraction]) -> Fraction | None:
    """The amount in yuan, read without the package: digits, or 数 as three, times 十 百 千 万 亿."""
    currency = next((word for word in rates if text.endswith(word)), "人民币")
    text = text.removesuffix(currency).removesuffix("元")
    if text in ("-", "", "未透露"):
        return None
    found = re.fullmatch(r"(数|[0-9.]+)([十百千]?)([万亿])", text)
    assert found, text
    count = Fraction(3) if found[1] == "数" else Fraction(found[1])
    return (
        count
        * {"": 1, "十": 10, "百": 100, "千": 1000}[found[2]]
        * {"万": 10**4, "亿": 10**8}[found[3]]
        * rates[currency]
    )


def distinct_rounds(raw: list[Row]) -> dict[str, dict[tuple[str, str], list[Row]]]:
    """Legal entity -> (day, kind) -> the rows that tell of that round; financing only."""
    rounds: dict[str, dict[tuple[str, str], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for block in blocks(raw):
        for row in block:
            if row["轮次"] not in NOT_FINANCING:
                rounds[legal_entity(block[0])][row["融资时间"], row["轮次"]].append(row)
    return rounds


def entity(company: Row) -> str:
    return company["legal_name"] or company["name"]


def test_rows_in_are_rows_out(imported: Imported) -> None:
    (file,) = imported.report.files
    assert (file.rows, file.used, file.skipped, file.quarantined) == (1439, 1439, 0, 0)
    assert len(imported.raw) == 1439
    counts = {entry.entry: entry for entry in imported.report.entries}
    assert set(counts) == {"nodes.company", "nodes.company.region", "nodes.investor", "links.investment"}
    for entry in counts.values():
        assert entry.rows == entry.used + entry.skipped + entry.quarantined == 1439
        assert entry.made == entry.written + entry.repeated
    financing = sum(row["轮次"] not in NOT_FINANCING for row in imported.raw)
    assert counts["links.investment"].used == counts["nodes.investor"].used == financing == 1093
    assert counts["nodes.company"].written == len(imported.companies)
    assert counts["nodes.investor"].written == len(imported.investors)
    assert counts["links.investment"].written == len(imported.links)
    assert counts["nodes.company.region"].written == len(imported.located)
    assert imported.report.feeds == ("Company", "Investor", "LOCATED_IN", "INVESTED_IN")


def test_companies_are_legal_entities(imported: Imported) -> None:
    expected = {legal_entity(block[0]) for block in blocks(imported.raw)}
    assert {entity(company) for company in imported.companies.values()} == expected
    assert len(imported.companies) == len(expected) == 817
    listed = {company["products"] for company in imported.companies.values() if "|" in company["products"]}
    assert listed == {"舆情早报网|智慧星光", "虫洞语音助手|图灵机器人", "人马互动|齐悟"}


def test_a_blank_legal_name_is_not_that_of_the_company_above(imported: Imported) -> None:
    blank = [company["name"] for company in imported.companies.values() if not company["legal_name"]]
    assert len(blank) == 31
    assert {"库卡机器人KUKA", "ARM", "Driva.ai"} <= set(blank)


def test_the_total_of_each_company_is_the_sum_over_its_distinct_rounds(imported: Imported) -> None:
    totals: dict[str, list[float]] = defaultdict(list)
    wholes: dict[str, dict[str, str]] = defaultdict(dict)
    for link in imported.links:
        if link["amount_cny_m"]:
            totals[link["to"]].append(float(link["amount_cny_m"]))
            wholes[link["to"]][link["round_id"]] = link["round_amount_cny_m"]
    rounds = distinct_rounds(imported.raw)
    compared = 0
    for key, company in imported.companies.items():
        amounts = [
            next((amount for row in rows if (amount := yuan(row["融资金额"], RATES)) is not None), None)
            for rows in rounds.get(entity(company), {}).values()
        ]
        expected = sum((amount for amount in amounts if amount is not None), Fraction(0)) / 10**6
        whole = sum((Fraction(text) for text in wholes[key].values()), Fraction(0))
        assert whole == expected, company["name"]
        assert math.isclose(math.fsum(totals[key]), float(expected), rel_tol=1e-12), company["name"]
        compared += expected > 0
    assert compared > 400


def test_every_round_is_there_once_with_its_investors(imported: Imported) -> None:
    rounds = distinct_rounds(imported.raw)
    made: dict[str, set[tuple[str, str]]] = defaultdict(set)
    investors: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    names = {key: row["name"] for key, row in (imported.companies | imported.investors).items()}
    for link in imported.links:
        company = entity(imported.companies[link["to"]])
        made[company].add((link["date"], link["round"]))
        investors[company, link["date"], link["round"]].append(
            names[link["from"]] if link["disclosed"] == "true" else ""
        )
    assert made == {company: set(told) for company, told in rounds.items()}
    assert len({link["round_id"] for link in imported.links}) == sum(map(len, rounds.values())) == 1090
    for company, told in rounds.items():
        for (day, kind), rows in told.items():
            cells = [cell for row in rows for cell in re.split(r",(?![^(（]*[)）])", row["投资方"])]
            expected = {"" if cell == "-" else cell.strip() for cell in cells}
            found = investors[company, day, kind]
            assert set(found) == expected
            assert len(found) == len(expected)


def test_rounds_with_nobody_named_have_a_node_each(imported: Imported) -> None:
    hidden = [link for link in imported.links if link["disclosed"] == "false"]
    assert len(hidden) == len({link["from"] for link in hidden}) == len({link["round_id"] for link in hidden}) == 158
    assert {imported.investors[link["from"]]["name"] for link in hidden} == {"未透露投资方 (undisclosed)"}
    ends = Counter(link["from"] for link in imported.links)
    assert max(ends.values()) < 0.05 * len(imported.links)


def test_investors_of_the_list_are_its_companies(imported: Imported) -> None:
    corporate = Counter(
        imported.companies[link["from"]]["name"] for link in imported.links if link["from"] in imported.companies
    )
    assert corporate["ECOVACS科沃斯机器人"] == 5
    assert len(corporate) == 15
    assert not any(link["from"] == link["to"] for link in imported.links)
    names = {row["name"] for row in imported.companies.values()}
    assert not names & {row["name"] for row in imported.investors.values()}


def test_the_sample_is_the_chinese_companies_that_exist(imported: Imported) -> None:
    outside = {
        legal_entity(head)
        for head, *_ in blocks(imported.raw)
        if re.match("北美洲|欧洲|亚洲", head["地点"]) or head["运营状态"] == "已关闭"
    }
    assert {entity(row) for row in imported.companies.values() if row["in_sample"] == "false"} == outside
    assert len(outside) == 42
    assert {row["in_sample"] for row in imported.investors.values()} == {"false"}
    abroad = {key for key, region in imported.located.items() if not region.isdigit()}
    assert all(imported.companies[key]["in_sample"] == "false" for key in abroad)
    assert len(abroad) == 31


def test_every_company_is_located_where_the_portal_says(imported: Imported) -> None:
    assert set(imported.located) == set(imported.companies)
    by_name = {company["name"]: imported.located[key] for key, company in imported.companies.items()}
    assert by_name["识代运筹NowledgeData"] == "610100"
    assert by_name["云知声"] == "110105"
    assert by_name["库卡机器人KUKA"] == "DE"
    provinces = Counter(region[:2] for region in imported.located.values())
    heads = [head for head, *_ in blocks(imported.raw)]
    assert provinces["31"] == sum(head["地点"].startswith("上海") for head in heads)
    assert provinces["44"] == sum(head["地点"].startswith("广东") for head in heads) - 1  # 人马互动 and 齐悟 are one
    assert provinces["11"] == sum(head["地点"].startswith("北京") for head in heads) - 2
    warnings = {finding.value for finding in imported.report.findings if finding.code.startswith("place")}
    assert warnings == {"香港-沙田区", "香港-中西区", "台湾-台北市"}


def test_vague_amounts_are_marked(imported: Imported) -> None:
    for link in imported.links:
        assert (link["amount_vague"] == "") == (link["round_amount_cny_m"] == "")
    vague = {link["round_id"] for link in imported.links if link["amount_vague"] == "true"}
    rounds = distinct_rounds(imported.raw)
    assert len(vague) == sum(
        any(row["融资金额"].startswith("数") for row in rows) for told in rounds.values() for rows in told.values()
    )


def test_what_the_mapping_says_of_the_portal_is_so(imported: Imported) -> None:
    """数 is three and a USD 6.5 CNY in the totals of the portal; most valuations are five times the newest round."""
    totals = five = valuations = 0
    differing = []
    for head, *older in blocks(imported.raw):
        amounts = [yuan(row["融资金额"], RATES_OF_THE_PORTAL) or Fraction(0) for row in (head, *older)]
        total = yuan(head["融资总额"], RATES_OF_THE_PORTAL)
        if total is not None:
            totals += 1
            # the totals are printed in 万 or 亿 with up to four digits
            if abs(sum(amounts) - total) > total / 100:
                differing.append(head["公司名称"])
        valuation = yuan(head["估值"], RATES_OF_THE_PORTAL)
        if valuation is not None:
            valuations += 1
            five += abs(valuation - 5 * amounts[0]) <= valuation / 100
    assert (totals, differing) == (478, [])
    assert (valuations, five) == (181, 159)


def test_valuations_leave_mergers_out(imported: Imported) -> None:
    by_name = {row["name"]: row for row in imported.companies.values()}
    assert by_name["库卡机器人KUKA"]["valuation_cny_m"] == ""
    assert by_name["亿嘉和"]["valuation_cny_m"] == "3385"
    expected = {
        head["公司名称"]
        for head, *_ in blocks(imported.raw)
        if yuan(head["估值"], RATES) is not None and head["轮次"] != "并购"
    }
    assert sum(row["valuation_cny_m"] != "" for row in imported.companies.values()) == len(expected) == 175


def test_years(imported: Imported) -> None:
    assert all(link["year"] == link["date"][:4] for link in imported.links)
    founded = {head["公司名称"]: head["成立时间"][:4] for head, *_ in blocks(imported.raw)}
    assert all(row["founded_year"] == founded[row["name"]] for row in imported.companies.values())


def test_the_dataset_reads_without_error(imported: Imported) -> None:
    reading = read_dataset(imported.report.out)
    assert {finding.severity for finding in reading.findings} <= {"info"}
    assert {count.table: count.loaded for count in reading.counts} == {
        entry.table: entry.written for entry in imported.report.entries
    }
    assert all(count.quarantined == 0 for count in reading.counts)
