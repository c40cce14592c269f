"""Cells of foreign exports: names, parts, numbers, dates, amounts."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.imports.amounts import Amount, amount
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError, boolean, hashed, normalise, split
from ecosystem.imports.dates import partial_date, whole_date
from ecosystem.imports.money_language import Money
from ecosystem.imports.numbers import integer, number

MONEY = Money.model_validate(
    {
        "currencies": {"人民币": 1, "元": 1, "美元": 6.6174, "元人民币": 1, "欧元": 7.8016, "US$": 6.6174},
        "default": "人民币",
        "unknown": ["未透露", "未公开万未公开", "未 知"],
        "vague": {"数十万": 300_000, "数百万": 3_000_000, "数千万": 30_000_000, "数亿": 300_000_000},
        "about": ["近", "超", "约", "级", "及以上"],
    }
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "深创投,歌华有线,中国移动(中移创新产业基金),九弦资本",
            ["深创投", "歌华有线", "中国移动(中移创新产业基金)", "九弦资本"],
        ),
        ("深圳甲（乙、丙）、丁", ["深圳甲（乙、丙）", "丁"]),
        ("甲【乙,丙】,丁", ["甲【乙,丙】", "丁"]),
        ("甲(乙(丙,丁),戊),己", ["甲(乙(丙,丁),戊)", "己"]),
        ("甲（乙,丙),丁", ["甲（乙,丙)", "丁"]),
        ("前海梧桐并购基金,中一资本 ", ["前海梧桐并购基金", "中一资本"]),
        ("Ridge Ventures( IDG Ventures USA), 甲", ["Ridge Ventures( IDG Ventures USA)", "甲"]),
        ("甲(乙,丙", ["甲(乙", "丙"]),
        ("甲),(乙,丙", ["甲)", "(乙", "丙"]),
        ("甲(乙],丙", ["甲(乙]", "丙"]),
        ("甲,,乙", ["甲", "", "乙"]),
        ("甲", ["甲"]),
        ("", [""]),
    ],
)
def test_split_respects_brackets(text: str, parts: list[str]) -> None:
    assert split(text, [",", "、"]) == parts


def test_split_takes_the_longest_separator() -> None:
    assert split("甲;;乙;丙", [";", ";;"]) == ["甲", "乙", "丙"]


@given(st.lists(st.text(alphabet="甲乙 (（)）abc", min_size=1).map(str.strip), min_size=1))
def test_split_loses_no_text(parts: list[str]) -> None:
    joined = ",".join(parts)
    assert "".join(split(joined, [","])).replace(" ", "").replace(",", "") == joined.replace(",", "").replace(" ", "")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("中科创达软件科技（北京）有限公司", "中科创达软件科技(北京)有限公司"),
        ("Face＋＋ 旷视", "face++旷视"),
        (" 旷视科技\u3000Face++", "旷视科技FACE++"),
    ],
)
def test_names_are_compared_without_width_case_and_space(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)
    assert hashed(left) == hashed(right)
    assert len(hashed(left)) == 16


def test_different_names_have_different_hashes() -> None:
    assert hashed("有米广告") != hashed("Adxmi有米广告")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500万人民币", Amount(5.0)),
        ("10000万元", Amount(100.0)),
        ("1.1亿", Amount(110.0)),
        ("17.2亿人民币", Amount(1720.0)),
        ("1.8亿美元", Amount(1191.132)),
        ("340万欧元", Amount(26.52544)),
        ("9万美元", Amount(0.595566)),
        ("US$5,000,000", Amount(33.087)),
        ("5 000万 人民币", Amount(50.0)),
        ("５００万元", Amount(5.0)),
        ("1亿5000万元人民币", Amount(150.0)),
        ("3千万", Amount(30.0)),
        ("5000", Amount(0.005)),
        ("千万人民币", Amount(10.0)),
        ("数百万美元", Amount(19.8522, vague=True)),
        ("数亿人民币", Amount(300.0, vague=True)),
        ("数千万", Amount(30.0, vague=True)),
        ("近千万人民币", Amount(10.0, vague=True)),
        ("超1.5亿美元", Amount(992.61, vague=True)),
        ("千万级人民币", Amount(10.0, vague=True)),
        ("亿及以上人民币", Amount(100.0, vague=True)),
        ("未透露人民币", Amount(None)),
        ("未透露美元", Amount(None)),
        ("未透露", Amount(None)),
        ("未公开万未公开", Amount(None)),
        ("未知", Amount(None)),
        ("0", Amount(0.0)),
    ],
)
def test_amounts_in_millions_of_cny(text: str, expected: Amount) -> None:
    assert amount(text, MONEY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5亿日元",
        "很多",
        "数万人民币",
        "人民币",
        "1.2.3万",
        "万5",
        "1e3万",
        "NaN",
        "9" * 400,
        "9" * 5000 + "x",
    ],
)
def test_what_is_no_amount_is_said_and_never_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        amount(text, MONEY)


def test_an_amount_without_currency_needs_a_default() -> None:
    strict = Money.model_validate({"currencies": {"元": 1}})
    assert amount("5万元", strict) == Amount(0.05)
    with pytest.raises(UnreadableError, match="names no currency"):
        amount("5万", strict)


@given(st.integers(1, 10**9), st.sampled_from(["万", "亿", "千", ""]))
def test_amounts_are_exact(count: int, unit: str) -> None:
    size = {"万": 10**4, "亿": 10**8, "千": 1000, "": 1}[unit]
    assert amount(f"{count}{unit}人民币", MONEY) == Amount(count * size / 10**6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-05-17", (2016, 5, 17)),
        ("2016/5/7", (2016, 5, 7)),
        ("2016.05.17", (2016, 5, 17)),
        ("2016年5月17日", (2016, 5, 17)),
        ("2016年5月", (2016, 5, None)),
        ("2016年", (2016, None, None)),
        ("20160517", (2016, 5, 17)),
        ("2011-03", (2011, 3, None)),
        ("2016", (2016, None, None)),
        ("2016.0", (2016, None, None)),
        ("2016-05-17 00:00:00", (2016, 5, 17)),
        ("2016-05-17T12:30:00", (2016, 5, 17)),
        ("２０１６-05-17", (2016, 5, 17)),
        ("17 May 2016", (2016, 5, 17)),
        ("May 17th, 2016", (2016, 5, 17)),
        ("17-Sept-2016", (2016, 9, 17)),
        ("May 2016", (2016, 5, None)),
    ],
)
def test_dates_as_far_as_they_are_known(text: str, expected: tuple[int, int | None, int | None]) -> None:
    date = partial_date(text)
    assert (date.year, date.month, date.day) == expected
    assert date.exact == (datetime.date(*expected) if None not in expected else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "1 May 2 2016",
        "31 Feb 2016",
        "44317",
        "2016-13-01",
        "2015-02-29",
        "05-06-2016",
        "二〇一六",
        "2016-05-17-1",
        "",
        "0000",
        "20223",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UnreadableError, match="is not a date"):
        partial_date(text)


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("01/02/2016", ["%d/%m/%Y"], (2016, 2, 1)),
        ("01/02/2016", ["%m/%d/%Y"], (2016, 1, 2)),
        ("13/02/2016", ["%m/%d/%Y", "%d/%m/%Y"], (2016, 2, 13)),
        ("2016-05-17", ["%d/%m/%Y"], (2016, 5, 17)),
        ("1/2/16", ["%d/%m/%y"], (2016, 2, 1)),
        ("02/2016", ["%m/%Y"], (2016, 2, None)),
        ("FY2016", ["FY%Y"], (2016, None, None)),
        ("42507", ["excel"], (2016, 5, 17)),
        ("42507.0", ["excel"], (2016, 5, 17)),
        ("2016", ["excel"], (2016, None, None)),
    ],
)
def test_dates_in_the_format_of_a_mapping(
    text: str, formats: list[str], expected: tuple[int, int | None, int | None]
) -> None:
    date = partial_date(text, formats)
    assert (date.year, date.month, date.day) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("01/02/2016", "'01/02/2016' is not a date; format = '%d/%m/%Y' or '%m/%d/%Y' would read it"),
        ("44317", "'44317' is not a date; format = 'excel' would read it"),
        ("Q1 2016", "'Q1 2016' is not a whole date: its month is not known"),
        ("2016-05", "'2016-05' is not a whole date: its day is not known"),
        ("2016", "'2016' is not a whole date: its month is not known"),
    ],
)
def test_why_a_text_is_no_day(text: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        whole_date(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("formats", ["%d/%m", "%Y-%Y", "%Q %Y", "%Y %", "%Y%y", "%b %B %Y", ""])
def test_a_format_that_makes_no_date(formats: str) -> None:
    with pytest.raises(ValueError, match="Value error"):
        CellSpec.model_validate({"column": "x", "as": "date", "format": formats})


@pytest.mark.parametrize(("text", "value"), [("1,234.5", 1234.5), ("１２", 12.0), ("-0.5", -0.5), ("1e3", 1000.0)])
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1,23", "nan", "inf", "0x10", "12%", "1e999"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(UnreadableError):
        number(text)


def test_whole_numbers() -> None:
    assert integer("2024.0") == 2024
    with pytest.raises(UnreadableError, match="whole number"):
        integer("2024.5")
    with pytest.raises(UnreadableError, match="too large"):
        integer("1e19")


def test_truth() -> None:
    assert [boolean(word) for word in ("是", "YES", "1", "true")] == [True] * 4
    assert [boolean(word) for word in ("否", "No", "0", "false")] == [False] * 4
    with pytest.raises(UnreadableError, match="neither true nor false"):
        boolean("也许")
