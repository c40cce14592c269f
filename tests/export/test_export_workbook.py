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
from ecosystem.export.workbook import Cover, sheet_name, workbook_bytes


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

    def test_every_sheet_is_ready_to_print(self) -> None:
        book = openpyxl.load_workbook(BytesIO(workbook_bytes({"x": FRAME, "y": FRAME}, cover({"x": FRAME}))))
        for sheet, head in zip(book.worksheets, (6, 1, 1), strict=True):
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), "1 is what none says"
            assert sheet.print_title_rows == f"${head}:${head}"
            assert sheet.oddFooter.right.text == "&P / &N"
            assert sheet.freeze_panes == f"A{head + 1}"

    def test_ranks_with_gaps_have_no_decimals(self, tmp_path: Path) -> None:
        write_table(tmp_path / "t.xlsx", pd.DataFrame({"rank": [1.0, np.nan, 30.0]}))
        assert self.read(tmp_path / "t.xlsx")["data"]["A2"].number_format == "0"


def cover(linked: dict[str, pd.DataFrame], regions: int = 3) -> Cover:
    """A cover of some regions, the best first, whose names lead to the first of some sheets."""
    frame = pd.DataFrame(
        {"rank": range(1, regions + 1), "region": [f"R{at}" for at in range(regions)], "score": [90.0] * regions}
    )
    return Cover(
        name="overview",
        title="An index, 2023",
        notes=("Date: today", "Data: x"),
        warning="made up",
        frame=frame.assign(one=1.5),
        keys=["110000", "310000", "999999", *map(str, range(regions))][:regions],
        label="region",
        bars="score",
        scales=["one"],
        chart="Score",
        linked=next(iter(linked)),
        linked_by="code",
    )


class TestCover:
    def read(self, regions: int = 3) -> openpyxl.Workbook:
        content = workbook_bytes({"it's": FRAME}, cover({"it's": FRAME}, regions))
        return openpyxl.load_workbook(BytesIO(content))

    def test_it_says_what_the_workbook_is(self) -> None:
        sheet = self.read()["overview"]
        assert [row[0] for row in sheet.iter_rows(max_row=5, max_col=1, values_only=True)] == [
            "An index, 2023",
            "made up",
            "Date: today",
            "Data: x",
            None,
        ]
        assert [cell.value for cell in sheet[6]] == ["rank", "region", "score", "one"]
        assert [cell.value for cell in sheet[7]] == [1, "R0", 90, 1.5]
        assert sheet["A2"].font.color.rgb == "FFC00000"
        assert sheet.auto_filter.ref == "A6:D9"

    def test_scores_have_bars_and_pillars_a_scale_of_colours(self) -> None:
        rules = self.read()["overview"].conditional_formatting
        assert {(str(each.sqref), each.rules[0].type) for each in rules} == {
            ("C7:C9", "dataBar"),
            ("D7:D9", "colorScale"),
        }

    @pytest.mark.parametrize(("regions", "last"), [(3, 9), (40, 26)])
    def test_the_chart_has_the_first_twenty(self, regions: int, last: int) -> None:
        (chart,) = self.read(regions)["overview"]._charts
        assert chart.series[0].val.numRef.f == f"overview!$C$7:$C${last}"
        assert chart.series[0].cat.strRef.f == f"overview!$B$7:$B${last}"

    def test_a_region_leads_to_its_rows_and_back(self) -> None:
        book = self.read()
        forth = {cell.value: cell.hyperlink.location for cell in book["overview"]["B"] if cell.hyperlink}
        assert forth == {"R0": "'it''s'!A2", "R1": "'it''s'!A4"}, "the third has no rows"
        back = {cell.value: cell.hyperlink.location for cell in book["it's"]["A"] if cell.hyperlink}
        assert back == {"110000": "'overview'!B7", "310000": "'overview'!B8"}

    def test_without_a_region(self) -> None:
        assert not self.read(0)["overview"]._charts
