"""Dataset folders that are broken, foreign, enormous or meant to hurt: every fault is told, and nothing is lost."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest
from hostile_files import GOOD_ROWS, OLE, Write, archive, cell, content, lying, packed, workbook
from pyarrow import parquet

from ecosystem.dataset import read_dataset, write_quarantine
from ecosystem.tables.packed import SETTING

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

GOOD = "id,name\nc1,甲\nc2,乙\n"
HUGE = 200_000


@dataclass(frozen=True, slots=True)
class Case:
    """What lies at `file` in a folder, and what is read of it.

    Either `fault`, the code and a part of the error of the file as a whole; or the ids of the companies that load, and
    for each line that is set aside a part of the reason.
    """

    write: Write
    file: str = "companies.csv"
    ids: tuple[str, ...] = ()
    aside: dict[int, str] = field(default_factory=dict)
    fault: tuple[str, str] | None = None


def refused(write: Write | bytes | str, code: str, part: str, file: str = "companies.csv") -> Case:
    return Case(write if callable(write) else content(write), file, fault=(code, part))


def loads(
    write: Write | bytes | str, *ids: str, aside: dict[int, str] | None = None, file: str = "companies.csv"
) -> Case:
    return Case(write if callable(write) else content(write), file, ids or ("c1", "c2"), aside or {})


def table(columns: dict[str, object]) -> Write:
    return lambda path: parquet.write_table(pa.table(columns), path)


def changed(place: slice, by: bytes) -> Write:
    """A good Parquet file with some bytes replaced."""

    def write(path: Path) -> None:
        table({"id": ["c1", "c2"]})(path)
        data = bytearray(path.read_bytes())
        data[place] = by
        path.write_bytes(data)

    return write


def _linked(path: Path) -> None:
    path.with_name(".real").write_text(GOOD, encoding="utf-8")
    path.symlink_to(".real")


CASES = {
    # --- encodings
    "plain": loads(GOOD),
    "utf-8 with a mark": loads("\ufeff" + GOOD),
    "two marks": loads("\ufeff\ufeff" + GOOD),
    "a mark in the middle, as of joined files": loads(GOOD + "\ufeffc3,丙\n", aside={4: "has control characters"}),
    "gbk": refused(GOOD.encode("gbk") * 9, "wrong_encoding", "probably GBK (GB18030)"),
    "gb18030 beyond gbk": refused("id,name\nc1,㐀𠀀\n".encode("gb18030"), "wrong_encoding", "probably GBK (GB18030)"),
    "utf-16 with a mark": refused(GOOD.encode("utf-16"), "wrong_encoding", "the file is UTF-16"),
    "utf-16 without a mark": refused(GOOD.encode("utf-16-le"), "wrong_encoding", "the file is UTF-16"),
    "utf-32": refused(GOOD.encode("utf-32"), "wrong_encoding", "the file is UTF-32"),
    "one line of gbk": refused(GOOD.encode() + "c3,企业名称\n".encode("gbk"), "wrong_encoding", "byte 0xc6 on line 4"),
    "a damaged header": refused(b"id,na\xff\xffme\nc1,x\n", "wrong_encoding", "on line 1"),
    "a damaged row that is too long": refused(GOOD.encode() + b"c3,\xff,x\n", "wrong_encoding", "0xff on line 4"),
    # --- delimiters
    "semicolons": refused(GOOD.replace(",", ";"), "wrong_delimiter", "separated by semicolons"),
    "tabs": refused(GOOD.replace(",", "\t"), "wrong_delimiter", "separated by tabs"),
    "bars": refused(GOOD.replace(",", "|"), "wrong_delimiter", "separated by vertical bars"),
    "a line for Excel": refused("sep=,\n" + GOOD, "wrong_delimiter", "not the header"),
    # --- rows
    "too short": loads(GOOD + "c3\nc4,丁\n", "c1", "c2", "c4", aside={4: "1 cells, the header 2"}),
    "too long": loads(GOOD + "c3,丙,x\n", aside={4: "3 cells, the header 2; too many are: x"}),
    "commas at the end of rows": loads(
        "id,name\nc1,甲\nc2,乙\nc3,丙,\n", aside={4: "the row has 3 cells, the header 2"}
    ),
    "commas at the end of all lines": loads("id,name,,\nc1,甲,,\nc2,乙,,\n"),
    "blank rows": loads("id,name\n\nc1,甲\n,\n\n , \nc2,乙\n\n"),
    "100 columns": loads(f"id{''.join(f',x{n}' for n in range(99))}\nc1{',1' * 99}\nc2{',y' * 99}\n"),
    "1,000 columns": loads(f"id{''.join(f',x{n}' for n in range(999))}\nc1{',1' * 999}\nc2{',y' * 999}\n"),
    "a column twice": refused("id,name,id\nc1,甲,x\n", "duplicate_column", "is there twice"),
    "no column that is known": refused("a,b\n1,2\n", "missing_column", "'id' is missing"),
    "only a header": loads("id,name\n", "none"),
    "only a header without its end": loads("id,name", "none"),
    "nothing": refused("", "empty_file", "has not even a header"),
    "nothing but a mark": refused("\ufeff", "empty_file", "has not even a header"),
    "nothing but line ends": refused("\n\r\n\n", "empty_file", "has not even a header"),
    "nothing but commas": refused(",,,\n,,,\n", "no_header", "the first line is blank"),
    "a blank line before the header": refused("\n" + GOOD, "no_header", "the first line is blank"),
    # --- quotes and cells
    "a quote left open": refused('id,name\nc1,"甲\nc2,乙\nc3,丙\n', "open_quote", "opened on line 2"),
    "a quote left open in the header": refused('id,"name\nc1,甲\nc2,乙\n', "open_quote", "opened on line 1"),
    "a quote left open on the last line": refused(GOOD + 'c3,"丙', "open_quote", "opened on line 4"),
    "text behind a quote": loads('id,name\nc1,"甲" x\nc2,乙\n'),
    "doubled quotes": loads('id,name\nc1,"a ""b"" c"\nc2,乙\n'),
    "a line break in a cell": loads('id,name\nc1,"甲\n乙"\nc2,乙\nc3\n', aside={5: "1 cells"}),
    "a cell of 200,000 letters": loads(GOOD + f"c3,{'x' * HUGE}\n", aside={4: "200000 characters; at most 100,000"}),
    "an id of 200,000 letters": loads(GOOD + f"{'x' * HUGE},丙\n", aside={4: "200000 characters; at most 500"}),
    "a header of 200,000 letters": refused(f"id,{'x' * HUGE}\nc1,甲\n", "bad_column_name", "has line breaks"),
    "many quotes": loads(GOOD + "c3," + '"' * 40_000 + "\n", "c1", "c2", "c3"),
    # --- line ends and control characters
    "line ends of Windows": loads(GOOD.replace("\n", "\r\n")),
    "line ends of old Macs": loads(GOOD.replace("\n", "\r")),
    "mixed line ends": loads("id,name\r\nc1,甲\rc2,乙\nc3\r\n", aside={4: "1 cells"}),
    "no end of the last line": loads(GOOD.rstrip("\n")),
    "NUL in an id": loads(GOOD + "c\0,丙\n", aside={4: "has control characters"}),
    "NUL in the header": refused("id,na\0me\nc1,甲\n", "bad_column_name", "control characters"),
    "nothing but NUL": refused(bytes(4_000), "bad_column_name", "control characters"),
    "an invisible letter in an id": loads(GOOD + "c\u200b3,丙\n", aside={4: "'c�3' has control characters"}),
    "letters that change direction in an id": loads(GOOD + "c\u202e3,丙\n", aside={4: "has control characters"}),
    "a formula in text": loads(GOOD + "=1+1,丙\n", "c1", "c2", "=1+1"),
    # --- what is no text
    "binary garbage": refused(bytes(range(128, 256)) * 8, "wrong_encoding", "its encoding is not known"),
    "a Parquet file under the name of a csv": refused(changed(slice(0, 0), b""), "not_text", "a Parquet file"),
    "a workbook under the name of a csv": refused(workbook(GOOD_ROWS), "not_text", "a zip archive"),
    "an old workbook under the name of a csv": refused(OLE, "not_text", "an old Excel workbook"),
    "gzip under the name of a csv": refused(packed(GOOD), "not_text", "packed with gzip"),
    # --- Parquet
    "Parquet cut off": refused(
        changed(slice(-30, None), b""), "unreadable_parquet", "or is damaged", "companies.parquet"
    ),
    "Parquet, its mark alone": refused(b"PAR1", "unreadable_parquet", "or is damaged", "companies.parquet"),
    "Parquet of nothing": refused(b"", "empty_file", "0 bytes", "companies.parquet"),
    "text under the name of Parquet": refused(GOOD, "unreadable_parquet", "not Parquet", "companies.parquet"),
    "Parquet with a damaged page": refused(
        changed(slice(4, 24), b"\xff" * 20), "unreadable_parquet", "or is damaged", "companies.parquet"
    ),
    "Parquet with a list": refused(
        table({"id": ["c1"], "tags": [["a", "b"]]}), "bad_column_type", "list", "companies.parquet"
    ),
    "Parquet with a record": refused(
        table({"id": ["c1"], "place": [{"x": 1, "y": 2}]}), "bad_column_type", "struct", "companies.parquet"
    ),
    "Parquet with a list as id": refused(table({"id": [["c1"]]}), "bad_column_type", "list", "companies.parquet"),
    "Parquet with bytes as id": loads(table({"id": pa.array([b"c1", b"c2"], pa.binary())}), file="companies.parquet"),
    "Parquet without columns": refused(table({}), "missing_column", "'id' is missing", "companies.parquet"),
    "Parquet without rows": loads(table({"id": pa.array([], pa.string())}), "none", file="companies.parquet"),
    "Parquet with a long text in many rows": refused(
        table({"id": ["c1"] * 3_000, "name": ["x" * 1_000] * 3_000}), "unpacked_size", "1 MB", "companies.parquet"
    ),
    "Parquet with nothing in ten million rows": refused(
        table({"id": pa.nulls(10_000_000, pa.null())}), "unpacked_size", "1 MB", "companies.parquet"
    ),
    # --- workbooks
    "a workbook": loads(workbook(GOOD_ROWS), file="dataset.xlsx"),
    "a workbook cut off": refused(
        workbook(GOOD_ROWS)[:-60], "unreadable_workbook", "cut off or damaged", "dataset.xlsx"
    ),
    "a workbook with a password": refused(OLE, "locked_workbook", "locked by a password", "dataset.xlsx"),
    "a workbook of nothing": refused(b"", "empty_file", "0 bytes", "dataset.xlsx"),
    "text under the name of a workbook": refused(GOOD, "unreadable_workbook", "not an Excel workbook", "dataset.xlsx"),
    "a zip archive under the name of a workbook": refused(
        archive({"../../a.txt": b"x"}), "unreadable_workbook", "cut off or damaged", "dataset.xlsx"
    ),
    "a workbook whose sheet lies outside": refused(
        workbook(GOOD_ROWS, target="../../../../etc/passwd"), "unreadable_sheet", "damaged", "dataset.xlsx"
    ),
    "a workbook bomb": refused(
        workbook(GOOD_ROWS, extra={"xl/bomb.xml": bytes(3_000_000)}), "unpacked_size", "1 MB", "dataset.xlsx"
    ),
    "a workbook bomb that lies": refused(
        lying(workbook(GOOD_ROWS, extra={"xl/bomb.xml": bytes(3_000_000)}), 100),
        "unpacked_size",
        "1 MB",
        "dataset.xlsx",
    ),
    "a workbook with a cell at the far corner": refused(
        workbook(GOOD_ROWS + f'<row r="1048576">{cell("XFD1048576", 1)}</row>'),
        "too_large_sheet",
        "1,048,576 rows and 16,384 columns",
        "dataset.xlsx",
    ),
    "a workbook with rows that are far apart": refused(
        workbook('<row r="1048570"><c><v>1</v></c>' + "<c/>" * 60 + "</row>"),
        "too_large_sheet",
        "1,048,570 rows and 61 columns",
        "dataset.xlsx",
    ),
    **{
        f"a workbook with {what}": refused(workbook(GOOD_ROWS + row), "unreadable_sheet", part, "dataset.xlsx")
        for what, row, part in (
            ("a row beyond 2^32", f'<row r="4294967295">{cell("A4294967295", "x")}</row>', "no place in a sheet"),
            ("a cell that wraps round", f'<row r="4">{cell("B4294967298", "x")}</row>', "'B4294967298' is no place"),
            ("a row after the last", f'<row r="1048577">{cell("A1048577", "x")}</row>', "no place in a sheet"),
            ("a row before the first", f'<row r="0">{cell("A0", "x")}</row>', "no place in a sheet"),
            ("a column after the last", f'<row r="4">{cell("XFE4", "x")}</row>', "'XFE' is no place"),
            ("a column of many letters", f'<row r="4">{cell("AAAAAAAAAA4", "x")}</row>', "no place in a sheet"),
            ("a place behind a sign", '<row r="4"><c s=">"\nr = \'B4294967298\'/></row>', "no place in a sheet"),
            ("a place in other letters", '<row r="4"><c r="&#66;4"/></row>', "no place in a sheet"),
            ("a text of no number", '<row r="4"><c r="A4" t="s"><v>-1</v></c></row>', "'-1' is no number of a text"),
            ("merged cells outside", '<mergeCell ref="A1:B4294967297"/>', "no place in a sheet"),
            ("merged cells backwards", '<mergeCell ref="B9:A1"/>', "'B9:A1' is no place"),
        )
    },
    "a workbook with a time that no clock has": refused(
        workbook(
            GOOD_ROWS + '<row r="4"><c r="A4" s="0"><v>1e300</v></c></row>',
            extra={"xl/styles.xml": b'<styleSheet><cellXfs><xf numFmtId="46"/></cellXfs></styleSheet>'},
        ),
        "unreadable_sheet",
        "damaged",
        "dataset.xlsx",
    ),
    "a workbook whose text looks like a place": loads(
        workbook(GOOD_ROWS + f'<row r="4">{cell("A4", "c3")}{cell("B4", "row r=&quot;9999999999&quot; ")}</row>'),
        "c1",
        "c2",
        "c3",
        file="dataset.xlsx",
    ),
    "a workbook without sheets": refused(workbook(GOOD_ROWS, sheets=""), "no_sheets", "no sheet in it", "dataset.xlsx"),
    "a workbook that names a sheet twice": refused(
        workbook(GOOD_ROWS, sheets='<sheet name="companies" sheetId="1" r:id="r1"/>' * 2),
        "unreadable_sheet",
        "names 2 times the sheet",
        "dataset.xlsx",
    ),
    "a workbook with a sheet of two parts": refused(
        workbook(GOOD_ROWS, extra={"xl/worksheets/SHEET1.xml": b"<worksheet/>"}),
        "unreadable_sheet",
        "two parts",
        "dataset.xlsx",
    ),
    # --- what is no file
    "a folder under the name of a csv": refused(Path.mkdir, "unreadable_file", "is a folder"),
    "a folder under the name of a Parquet file": refused(
        Path.mkdir, "unreadable_file", "is a folder", "companies.parquet"
    ),
    "a folder under the name of a workbook": refused(Path.mkdir, "unreadable_file", "is a folder", "dataset.xlsx"),
    "a pipe": refused(os.mkfifo, "unreadable_file", "not an ordinary file"),
    "a pipe under the name of a workbook": refused(
        os.mkfifo, "unreadable_file", "not an ordinary file", "dataset.xlsx"
    ),
    "a device without an end": refused(
        lambda path: path.symlink_to("/dev/zero"), "unreadable_file", "not an ordinary file"
    ),
    "a link": loads(_linked),
    "a link to nothing": refused(lambda path: path.symlink_to("nothing"), "unreadable_file", "No such file"),
    "a link to itself": refused(lambda path: path.symlink_to(path), "unreadable_file", "symbolic links"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_dataset(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.fault and case.fault[0] == "unpacked_size":
        monkeypatch.setenv(SETTING, "1")
    (tmp_path / "people.csv").write_text("id\np1\n", encoding="utf-8")
    case.write(tmp_path / case.file)
    reading = read_dataset(tmp_path)
    errors = [found for found in reading.findings if found.severity == "error"]
    whole = [found for found in errors if found.row is None]
    assert reading.dataset.nodes["Person"].num_rows == 1
    if case.fault:
        code, part = case.fault
        assert whole[0].code == code
        assert part in str(whole[0])
        assert all(found.hint for found in whole)
        assert len(str(whole[0])) < 1_000
        return
    assert whole == []
    loaded = reading.dataset.nodes["Company"]["id"].to_pylist() if "Company" in reading.dataset.nodes else ["none"]
    assert tuple(loaded) == case.ids
    aside = reading.quarantine.get("companies")
    reasons = {} if aside is None else dict(zip(aside["line"].to_pylist(), aside["reason"].to_pylist(), strict=True))
    assert reasons.keys() == case.aside.keys()
    for line, reason in case.aside.items():
        assert reason in reasons[line]
    assert write_quarantine(tmp_path, reading) == ()
