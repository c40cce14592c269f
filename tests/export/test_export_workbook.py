"""Tables as the sheets of a workbook, read back with openpyxl."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from export_frame import FRAME

from ecosystem.errors import UsageError
from ecosystem.export import write_table, write_workbook
from ecosystem.export.workbook import sheet_name, workbook_bytes


class TestWorkbook:
    def read(self, path: Path) -> openpyxl.Workbook:
        return openpyxl.load_workbook(path)

    def test_read_back(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        write_workbook(path, {"得分": FRAME, "second": pd.DataFrame({"x": [1.5]})})
        book = self.read(path)
        assert book.sheetnames == ["得分", "second"]
        rows = list(book["得分"].iter_rows(values_only=True))
        assert rows[0] == tuple(FRAME.columns)
        assert rows[1] == ("110000", "北京市", 81.5734582345812, 1, True, dt.datetime(2019, 3, 1))  # noqa: DTZ001 - a plain date
        assert rows[2] == ("440000", 'Guang"dong, 广东', None, 2, False, None)

    def test_look(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        write_table(path, FRAME.assign(weight=[0.1, 0.2, 0.3]), sheet="scores")
        sheet = self.read(path)["scores"]
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
        assert sheet.auto_filter.ref == "A1:G4"
        formats = {name: sheet[f"{name}2"].number_format for name in "CDFG"}
        assert formats == {"C": "#,##0.00", "D": "0", "F": "yyyy-mm-dd", "G": "0.0000"}

    def test_chinese_takes_twice_the_width(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        write_table(path, pd.DataFrame({"a": ["人工智能科技产业"], "b": ["abcdefgh"], "c": ["x" * 500]}))
        widths = self.read(path)["data"].column_dimensions
        assert widths["A"].width - widths["B"].width == pytest.approx(8)
        assert widths["C"].width < 70

    def test_text_stays_text(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        texts = ["=1+1", "+1", "@x", "-1", "http://example.org", "007", "a\x01b", "{=1}"]
        write_table(path, pd.DataFrame({"x": texts}))
        cells = [row[0] for row in self.read(path)["data"].iter_rows(min_row=2)]
        assert [cell.value for cell in cells] == [*texts[:6], "ab", "{=1}"]
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.hyperlink is None for cell in cells)

    def test_what_excel_cannot_hold_is_text(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        values = [2**60, float("inf"), dt.date(1850, 1, 1), "x" * 40_000]
        write_table(path, pd.DataFrame({"x": pd.Series(values, dtype=object)}))
        cells = [row[0].value for row in self.read(path)["data"].iter_rows(min_row=2)]
        assert cells[:3] == [str(2**60), "inf", "1850-01-01"]
        assert len(cells[3]) == 32_767
        assert cells[3].endswith("x…")

    def test_too_many_rows(self) -> None:
        frame = pd.DataFrame({"x": np.zeros(1_048_576)})
        with pytest.raises(UsageError, match=r"1,048,576 rows[\s\S]*hint: write a \.parquet"):
            workbook_bytes({"x": frame})

    def test_the_same_table_gives_the_same_bytes(self) -> None:
        content = workbook_bytes({"x": FRAME})
        assert workbook_bytes({"x": FRAME}) == content
        created = openpyxl.load_workbook(BytesIO(content)).properties.created
        assert created.isoformat() == "2000-01-01T00:00:00", "no clock in the file"

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (("scores", "Scores"), ("scores", "Scores_2")),
            (("a/b:c", "[x]"), ("a_b_c", "_x_")),
            (("", "'"), ("sheet", "sheet_2")),
            (("x" * 40, "x" * 40), ("x" * 31, "x" * 29 + "_2")),
        ],
    )
    def test_names_of_sheets(self, names: tuple[str, str], expected: tuple[str, str]) -> None:
        first = sheet_name(names[0], [])
        assert (first, sheet_name(names[1], [first])) == expected
        if len(set(names)) == 2:
            book = openpyxl.load_workbook(BytesIO(workbook_bytes(dict.fromkeys(names, FRAME))))
            assert tuple(book.sheetnames) == expected

    def test_no_rows(self, tmp_path: Path) -> None:
        write_table(tmp_path / "t.xlsx", FRAME.iloc[:0])
        assert list(self.read(tmp_path / "t.xlsx")["data"].iter_rows(values_only=True)) == [tuple(FRAME.columns)]
