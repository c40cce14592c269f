"""Cells of exports of any country: dates, numbers, truth, texts that are changed, lists of names with legal forms."""

from __future__ import annotations

import contextlib
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date
from exports import import_text, table

from ecosystem.errors import DatasetError
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError, boolean, split
from ecosystem.imports.cells import evaluate
from ecosystem.imports.dates import formats_of, partial_date, whole_date, year_of
from ecosystem.imports.html_entities import unescaped
from ecosystem.imports.numbers import integer, number

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("cell_cases.json").read_text(encoding="utf-8"))


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["text"][:30]) for case in CASES if case["as"] == kind]


def read(case: dict[str, Any]) -> str | float | bool | None:
    """What a cell of the case becomes: None where it is unreadable, a date as a text."""
    cell = CellSpec.model_validate({"column": "x", "as": case["as"], **case.get("options", {})})
    try:
        value = evaluate(cell, {"x": case["text"]}, None)
    except UnreadableError:
        return None
    return value if isinstance(value, str | float | bool | None) else str(value) if case["as"] == "date" else value  # type: ignore[return-value]  # an integer is a float here


@pytest.mark.parametrize("case", of_kind("date"))
def test_days(case: dict[str, Any]) -> None:
    assert read(case) == case["expected"]


@pytest.mark.parametrize("case", of_kind("year"))
def test_years(case: dict[str, Any]) -> None:
    assert read(case) == case["expected"]


@pytest.mark.parametrize("case", of_kind("number"))
def test_numbers(case: dict[str, Any]) -> None:
    assert read(case) == case["expected"]


@pytest.mark.parametrize("case", of_kind("boolean"))
def test_truth(case: dict[str, Any]) -> None:
    assert read(case) == case["expected"]


def test_the_usual_formats_of_a_text() -> None:
    assert formats_of("01/02/2016") == ("%d/%m/%Y", "%m/%d/%Y")
    assert formats_of("13/02/2016") == ("%d/%m/%Y",)
    assert formats_of("42507") == ("excel",)
    assert formats_of("2016-05-17") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("05.06.2021", "format = '%d.%m.%Y' or '%m.%d.%Y' would read it"),
        ("13/05/21", "format = '%d/%m/%y' or '%y/%m/%d' would read it"),
        ("1620900000", "format = 'unix' would read it"),
        ("FY2021-22", "names two years; pattern = '\\\\d{4}' keeps the first"),
        ("2021-02-30", "day is out of range"),
        ("9" * 10_000, "is not a date"),
        ("10²", "is not a date"),
        ("1٢/05/2021", "has digits of two scripts"),
    ],
)
def test_why_a_text_is_no_date(text: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        partial_date(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


READ_IN = (
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "nb",
    "da",
    "fi",
    "cs",
    "ro",
    "ru",
    "uk",
    "tr",
    "lt",
    "ca",
    "zh",
    "ko",
)


@pytest.mark.parametrize("language", READ_IN)
def test_days_as_unicode_cldr_writes_them_in_words(language: str) -> None:
    for month in range(1, 13):
        day = datetime.date(2021, month, 13)
        for width in ("long", "full"):
            assert whole_date(format_date(day, width, locale=language)) == day


@pytest.mark.parametrize(
    "language", [*READ_IN, "pl", "hr", "sl", "hu", "el", "id", "vi", "et", "lv", "ja", "en_US", "en_GB"]
)
def test_no_way_of_writing_a_day_is_read_as_another(language: str) -> None:
    for day in (datetime.date(2021, 2, 1), datetime.date(2003, 11, 10), datetime.date(2021, 5, 13)):
        for width in ("short", "medium", "long", "full"):
            with contextlib.suppress(UnreadableError):
                assert whole_date(format_date(day, width, locale=language)) == day


def test_a_year_that_is_known_where_the_day_is_in_doubt() -> None:
    assert year_of("01/02/2016") == 2016
    with pytest.raises(UnreadableError):
        whole_date("01/02/2016")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,5", "decimal = ',' would read it"),
        ("1.200.000,50", "decimal = ',' would read it"),
        ("1234,567", "decimal = ',' would read it"),
        ("0,123", "decimal = ',' would read it"),
        ("12%", "units = { '%' = 1 } would read it as 12"),
        ("12 km", "units = { 'km' = 1 } would read it as 12"),
        ("10²", "is not a number"),
        ("①", "is not a number"),
        ("1٢", "has digits of two scripts"),
        ("1e9999", "is not a number"),
        ("1e999", "too large"),
        ("9" * 10_000, "too large"),
        ("(-5)", "is not a number"),
        ("1,23,4", "is not a number"),
        ("1 2", "is not a number"),
    ],
)
def test_why_a_text_is_no_number(text: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        number(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


def test_whole_numbers_keep_their_digits() -> None:
    assert integer("9,007,199,254,740,993") == 9_007_199_254_740_993
    assert integer("9007199254740993") == 9_007_199_254_740_993


def test_truth_is_not_guessed() -> None:
    with pytest.raises(UnreadableError):
        boolean("maybe")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Acme, Inc., Beta LLC, Gamma", ["Acme, Inc.", "Beta LLC", "Gamma"]),
        ("Foo Co., Ltd., Bar", ["Foo Co., Ltd.", "Bar"]),
        ("Foo, Co., Ltd, Bar", ["Foo, Co., Ltd", "Bar"]),
        ("Alpha, S.A.; Beta, S.p.A.", ["Alpha, S.A.", "Beta, S.p.A."]),
        ("IBM, SAS, AG", ["IBM", "SAS", "AG"]),
        ("CA, CO, NY", ["CA", "CO", "NY"]),
        ("Inc., Acme", ["Inc.", "Acme"]),
        (", Inc., Acme", ["", "Inc.", "Acme"]),
    ],
)
def test_legal_forms_stay_with_their_names(text: str, parts: list[str]) -> None:
    assert split(text, [",", ";"]) == parts


def test_parts_that_the_mapping_keeps_with_the_one_before() -> None:
    assert split("Alpha, AG, Beta", [","], ["AG"]) == ["Alpha, AG", "Beta"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("S&ouml;hne &#38; Co", "Söhne & Co"),
        ("&#x4e2d;", "中"),
        ("&amp;lt;", "&lt;"),
        ("R&D; x", "R&D; x"),
        ("a&copy=1", "a&copy=1"),
        ("&notit;", "&notit;"),
    ],
)
def test_entities_are_read_once(text: str, expected: str) -> None:
    assert unescaped(text) == expected


def made(text: str, **keys: object) -> object:
    return evaluate(CellSpec.model_validate({"column": "x", **keys}), {"x": text}, None)


def test_texts_are_replaced_in_their_order() -> None:
    assert made("Univ. of A", replace={"Univ.": "University", "University of": "Uni"}) == "Uni A"
    assert made("007", substitute={r"^0+(\d)": r"\1"}) == "7"
    assert made("a&nbsp;", unescape=True) == "a"
    assert made("n/a &amp; n/a", unescape=True, replace={"n/a": "", "&": ""}) is None


@pytest.mark.parametrize(
    "keys",
    [
        {"replace": {"a": "a" * 1000}},
        {"substitute": {"a": r"\g<0>" * 1000}},
        {"replace": {"a": "aa", "aa": "aaaa", "aaaa": "a" * 100}},
    ],
)
def test_a_text_does_not_grow_without_end(keys: dict[str, object]) -> None:
    with pytest.raises(UnreadableError, match="is longer than 100,000 characters"):
        made("a" * 10_000, **keys)


@pytest.mark.parametrize(
    "keys",
    [
        {"replace": {"": "x"}},
        {"substitute": {"(": "x"}},
        {"substitute": {"a": r"\2"}},
        {"decimal": ";"},
        {"units": {" ": 1}},
        {"times": 0},
    ],
)
def test_keys_that_make_no_sense(keys: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        CellSpec.model_validate({"column": "x", **keys})


NODES = """
title = "parks"
files.list = {{ path = "list.csv" }}
[nodes.park]
label = "Park"
id = "id"
name = "id"
properties.odd = {cell}
"""


@pytest.mark.parametrize(
    ("cell", "bad", "good", "kept"),
    [
        ("integer", "many", "5", "5"),
        ("number", "1,5", "1.5", "1.5"),
        ("boolean", "maybe", "oui", "true"),
        ("year", "soon", "FY2016", "2016"),
        ("date", "01/02/2016", "13/02/2016", "2016-02-13"),
    ],
)
def test_a_bad_cell_that_is_optional_is_blank_and_its_row_stays(
    tmp_path: Path, cell: str, bad: str, good: str, kept: str
) -> None:
    mapping = NODES.format(cell=f'{{ column = "x", as = "{cell}", optional = true }}')
    report = import_text(tmp_path, "m", mapping, {"list.csv": f'id,x\na,"{bad}"\nb,{good}\n'})
    assert [row["odd"] for row in table(tmp_path, "parks")] == ["", kept]
    told = [one for one in report.findings if one.code == "cell_unread"]
    assert [one.row for one in told] == [2]
    assert ("how dates are written" in str(told[0].hint)) == (cell in ("date", "year"))


@pytest.mark.parametrize("key", ['decimal = ","', "times = 1000", 'units = { "%" = 1 }'])
def test_a_key_that_the_reading_does_not_look_at_is_refused(tmp_path: Path, key: str) -> None:
    mapping = NODES.format(cell=f'{{ column = "x", as = "date", {key} }}')
    with pytest.raises(DatasetError, match="has faults") as caught:
        import_text(tmp_path, "m", mapping, {"list.csv": "id,x\na,1\n"})
    assert "read as date" in str(caught.value.findings[0].message)
