"""Amounts of money in any currency and any usual way of writing them; what has two meanings is a finding."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from exports import import_text, table

from ecosystem.errors import DatasetError
from ecosystem.imports.amounts import SCALES, Amount, Around, amount
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.currency_words import currency_words, word
from ecosystem.imports.money_language import Money

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("amount_cases.json").read_text(encoding="utf-8"))
DOLLARS = {"into": "USD", "rates": {"EUR": 1.25, "INR": 0.0125}, "symbols": {"$": "USD"}, "default": "USD"}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"][:30]) for case in CASES])
def test_amounts(case: dict[str, Any]) -> None:
    around = Around(**case.get("around", {}))
    if around.times is not None:
        around = Around(around.currency, around.year, around.decimal, Decimal(around.times))
    money = Money.model_validate(case["money"])
    if case["expected"] == "unreadable":
        with pytest.raises(UnreadableError):
            amount(case["text"], money, around)
    else:
        assert amount(case["text"], money, around) == Amount(case["expected"], case.get("vague", False))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Rs 20 Cr", "Rs may be INR or LKR or MUR or NPR; symbols = { 'Rs' = 'INR' } in [money] would say so"),
        ("1,5", "decimal = ',' would read it"),
        ("1-5M", "is a range; range = 'low' or 'middle' or 'high' in [money] would read it"),
        ("CHF 5", "is in CHF; rates = { CHF = ... } in [money] would read it"),
        ("5 mil", "neither a number nor a word of [money]"),
        ("9" * 10_000, "is not an amount"),
    ],
)
def test_why_a_text_is_no_amount(text: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        amount(text, Money.model_validate(DOLLARS))
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("symbol", "codes"),
    [
        ("€", {"EUR"}),
        ("₹", {"INR"}),
        ("US$", {"USD"}),
        ("R$", {"BRL"}),
        ("zł", {"PLN"}),
        ("美元", {"USD"}),
        ("yen", {"JPY"}),
    ],
)
def test_words_for_one_currency(symbol: str, codes: set[str]) -> None:
    assert currency_words()[word(symbol)] == codes


@pytest.mark.parametrize("symbol", ["$", "£", "¥", "kr", "Rs", "dollars", "pesos", "元", "franc", "won", "C$"])
def test_words_for_many_currencies_are_not_taken_for_one(symbol: str) -> None:
    assert len(currency_words()[word(symbol)]) > 1


LANGUAGES = (
    "en",
    "en_IN",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "nb",
    "da",
    "pl",
    "cs",
    "ru",
    "ko",
    "fi",
    "tr",
    "hu",
)
ENGLISH = {"b", "bn", "tn", "billion", "billions"}
"""Words that mean 10^12 (or, tn, a thousand) in some language, and are read as in English."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_scales_are_those_of_cldr(language: str) -> None:
    """Unicode CLDR, compact decimal formats; where a word means another size there, it is none of ours."""
    formats = Locale.parse(language).compact_decimal_formats
    for length in ("short", "long"):
        for plural in formats[length].values():
            for size, pattern in plural.items():
                digits, _, name = pattern.pattern.replace("\xa0", " ").replace("'", "").partition("0")
                name = name.lstrip("0").strip().lower().removesuffix(".")
                if not digits and name and name in SCALES and (language.startswith("en") or name not in ENGLISH):
                    zeros = pattern.pattern.count("0") - 1
                    assert SCALES[name] * 10**zeros == int(size), (language, length, name, size)


MAPPING = """
title = "rounds"
files.list = {{ path = "list.csv" }}
[money]
{money}
[nodes.company]
label = "Company"
id = "id"
name = "id"
properties.raised = {cell}
"""
ROWS = "id,raised,currency,day\na,1.5M,EUR,2019-03-01\nb,$2M,,2020\nc,,USD,2019\nd,soon,USD,2019\n"


def raised(folder: Path, money: str, cell: str) -> list[str]:
    import_text(folder, "m", MAPPING.format(money=money, cell=cell), {"list.csv": ROWS})
    return [row["raised"] for row in table(folder, "companies")]


def test_a_column_names_the_currency_and_another_the_year(tmp_path: Path) -> None:
    money = 'into = "USD"\nsymbols = { "$" = "USD" }\nrates_by_year = { 2019 = { EUR = 1.25 } }'
    cell = '{ column = "raised", as = "amount", currency_column = "currency", year = "day", optional = true }'
    assert raised(tmp_path, money, cell) == ["1.875", "2", "", ""]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            '{ column = "raised", as = "amount", currency = "Taler" }',
            "is in 'Taler', which is not one of the currencies",
        ),
        ('{ column = "raised", as = "amount" }', "is read at the rate of a year (EUR), but names none"),
        ('{ column = "raised", as = "number", year = "day" }', "year go with as = 'amount' or 'vague'"),
        ('{ column = "raised", as = "amount", units = { "%" = 1 } }', "has units, but it is read as amount"),
    ],
)
def test_what_an_amount_cannot_say(tmp_path: Path, cell: str, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        raised(tmp_path, 'into = "USD"\nrates_by_year = { 2019 = { EUR = 1.25 } }', cell)
    assert any(message in str(one.message) for one in caught.value.findings)


@pytest.mark.parametrize(
    "money",
    [
        {},
        {"unknown": ["x"]},
        {"into": "usd"},
        {"into": "USD", "default": "$"},
        {"into": "USD", "rates": {"EUR": 0}},
        {"into": "USD", "rates": {"Euro": 1}},
        {"into": "USD", "decimal": ";"},
        {"into": "USD", "range": "mean"},
    ],
)
def test_tables_of_money_that_make_no_sense(money: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Money.model_validate(money)


def test_a_cell_looks_at_every_column_that_its_value_hangs_on() -> None:
    cell = CellSpec.model_validate({"column": "a", "as": "amount", "currency_column": "b", "year": "c"})
    assert cell.columns == ("a", "b", "c")
