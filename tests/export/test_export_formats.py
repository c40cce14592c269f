"""Tables as CSV, JSON and Markdown, and every kind of cell in every format."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from export_frame import FRAME
from pyarrow import parquet

from ecosystem.export import to_csv, to_json, to_markdown
from ecosystem.export.files import to_parquet
from ecosystem.export.workbook import workbook_bytes


class Colour(StrEnum):
    red = "red"


def one(value: object) -> pd.DataFrame:
    return pd.DataFrame({"x": pd.Series([value, "end"], dtype=object)})


class TestCsv:
    def test_text(self) -> None:
        assert to_csv(FRAME) == (
            "code,name,score,rank,listed,founded\n"
            "110000,北京市,81.5734582345812,1,true,2019-03-01\n"
            '440000,"Guang""dong, 广东",,2,false,\n'
            "310000,,0.30000000000000004,3,true,2021-12-31\n"
        )

    def test_read_back(self) -> None:
        back = pd.read_csv(StringIO(to_csv(FRAME)), dtype={"code": str}, parse_dates=["founded"])
        assert back["score"].tolist()[0] == FRAME["score"][0]
        assert back["score"].tolist()[2] == FRAME["score"][2]
        assert back["name"].tolist()[:2] == FRAME["name"].tolist()[:2]
        assert back["founded"][2] == FRAME["founded"][2]

    @pytest.mark.parametrize("number", [1e-300, 1 / 3, 123456789.123456789, 5e-324, 2.0**70, -0.1])
    def test_numbers_keep_every_digit(self, number: float) -> None:
        assert float(to_csv(pd.DataFrame({"x": [number]})).split()[1]) == number

    @pytest.mark.parametrize("text", ["=1+1", "+86", "-", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1", "－1"])
    def test_a_formula_is_only_text(self, text: str) -> None:
        back = pd.read_csv(StringIO(to_csv(one(text))))
        assert back["x"][0] == f"'{text}"

    def test_headings_are_escaped_too(self) -> None:
        assert to_csv(pd.DataFrame({"=x": [1]})) == "'=x\n1\n"

    def test_numbers_are_no_formulas(self) -> None:
        assert to_csv(pd.DataFrame({"x": [-1.5, -2.0], "y": [-1, 2]})) == "x,y\n-1.5,-1\n-2.0,2\n"

    def test_byte_order_mark_for_excel(self) -> None:
        assert to_csv(FRAME, excel=True) == "\ufeff" + to_csv(FRAME)

    def test_empty_tables(self) -> None:
        assert to_csv(FRAME.iloc[:0]) == "code,name,score,rank,listed,founded\n"
        assert to_csv(pd.DataFrame({"x": [None, None]})) == 'x\n""\n""\n'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, '""'),
        (float("nan"), '""'),
        (pd.NA, '""'),
        (pd.NaT, '""'),
        (np.float64("nan"), '""'),
        (np.float64(0.1), "0.1"),
        (np.int64(7), "7"),
        (np.bool_(True), "true"),
        (Decimal("1.5"), "1.5"),
        (2**63, "9223372036854775808"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (dt.datetime(2020, 1, 2, 3, 4), "2020-01-02T03:04:00"),  # noqa: DTZ001 - a moment without a zone is meant
        (pd.Timestamp("2020-01-02 03:04:05.123456789"), "2020-01-02T03:04:05.123456"),
        (pd.Timestamp("2020-01-02", tz="UTC"), "2020-01-02T00:00:00+00:00"),
        (Colour.red, "red"),
        ("a\x00b\x1bc\x7fd\x85e", "abcde"),
        ("a\ud800b\ufffec", "abc"),
        ("a\r\nb\rc", '"a\nb\nc"'),
        ("a\tb", "a\tb"),
        ("　全角　", "　全角　"),
        ("😀", "😀"),
    ],
)
def test_every_kind_of_cell(value: object, text: str) -> None:
    frame = one(value)
    assert to_csv(frame) == f"x\n{text}\nend\n"
    assert json.loads(to_json(frame))[1] == {"x": "end"}
    assert to_markdown(frame).endswith("| end |\n")
    assert openpyxl.load_workbook(BytesIO(workbook_bytes({"x": frame})))["x"]["A3"].value == "end"


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, np.array([1, 2])])
def test_what_is_no_cell_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a table has no cell for a"):
        to_csv(one(value))


def test_a_typed_column_tells_what_is_missing_from_what_is_no_number_and_holds_lists() -> None:
    table = pa.table({"x": [math.nan, None, -math.inf], "l": [[1, None], None, []], "i": [2**63 - 1, None, 0]})
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    assert to_csv(frame) == 'x,l,i\nNaN,"[1, null]",9223372036854775807\n,,\n-inf,[],0\n'
    assert json.loads(to_json(frame)) == [
        {"x": "NaN", "l": [1, None], "i": 2**63 - 1},
        {"x": None, "l": None, "i": None},
        {"x": "-inf", "l": [], "i": 0},
    ]
    assert to_markdown(frame).splitlines()[2:] == [
        "| NaN | [1, null] | 9223372036854775807 |",
        "|  |  |  |",
        "| -inf | [] | 0 |",
    ]
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes({"x": frame})))["x"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["NaN", "[1, null]", "9223372036854775807"],
        [None, None, None],
        ["-inf", "[]", 0],
    ]
    again = parquet.read_table(BytesIO(to_parquet(frame))).to_pydict()
    assert [str(value) for value in again["x"]] == ["nan", "None", "-inf"]
    assert (again["l"], again["i"]) == ([[1, None], None, []], [2**63 - 1, None, 0])


class TestJson:
    def test_records(self) -> None:
        assert json.loads(to_json(FRAME)) == [
            {
                "code": "110000",
                "name": "北京市",
                "score": 81.5734582345812,
                "rank": 1,
                "listed": True,
                "founded": "2019-03-01",
            },
            {"code": "440000", "name": 'Guang"dong, 广东', "score": None, "rank": 2, "listed": False, "founded": None},
            {"code": "310000", "name": None, "score": 0.1 + 0.2, "rank": 3, "listed": True, "founded": "2021-12-31"},
        ]

    def test_chinese_is_readable_and_empty_is_a_list(self) -> None:
        assert "北京市" in to_json(FRAME)
        assert to_json(FRAME.iloc[:0]) == "[]\n"

    def test_infinity_is_a_text(self) -> None:
        assert json.loads(to_json(pd.DataFrame({"x": [np.inf, -np.inf]}))) == [{"x": "inf"}, {"x": "-inf"}]


class TestMarkdown:
    def test_text(self) -> None:
        frame = pd.DataFrame(
            {"name": ["甲|乙", None, "a\nb <i>"], "score": [81.57346, np.nan, 0.0000123], "n": [1, 20, 300]}
        )
        assert to_markdown(frame) == (
            "| name | score | n |\n"
            "| --- | ---: | ---: |\n"
            "| 甲\\|乙 | 81.5735 | 1 |\n"
            "|  |  | 20 |\n"
            "| a<br>b &lt;i> | 1.23e-05 | 300 |\n"
        )

    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (100.0, "100"),
            (0.0, "0"),
            (1234567.0, "1234567"),
            (0.1782, "0.1782"),
            (-0.00001, "-1e-05"),
            (99.99999, "100"),
        ],
    )
    def test_numbers_are_short(self, number: float, text: str) -> None:
        assert f"| {text} |\n" in to_markdown(pd.DataFrame({"x": [number]}))
