"""Exports that are broken, foreign, enormous or meant to hurt: each ends in a dataset or in one clear message."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest
from hostile_files import GOOD_ROWS, OLE, Write, archive, cell, content, lying, packed, workbook
from pyarrow import csv, parquet

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError
from ecosystem.imports import import_source
from ecosystem.tables.packed import SETTING

GOOD = "id,name\nc1,甲\nc2,乙\n"
CHINESE = "id,name\nc1,北京星河智能\nc2,深圳市蓝湾科技\n"


@dataclass(frozen=True, slots=True)
class Case:
    """What lies at `list.csv` (or `file`), what the mapping says of it, and what becomes of it.

    Either `refused`, all of whose parts stand in the one message; or the ids of the companies that are imported, and
    for each line that is set aside a part of the reason.
    """

    write: Write
    options: str = ""
    ids: tuple[str, ...] = ("c1", "c2")
    aside: dict[int, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    file: str = "list.csv"


def refused(write: Write | bytes | str, *parts: str, options: str = "", file: str = "list.csv") -> Case:
    return Case(write if callable(write) else content(write), options, (), {}, parts, file)


def loads(
    write: Write | bytes | str,
    *ids: str,
    aside: dict[int, str] | None = None,
    options: str = "",
    file: str = "list.csv",
) -> Case:
    return Case(write if callable(write) else content(write), options, ids or ("c1", "c2"), aside or {}, (), file)


def _parquet(path: Path) -> None:
    parquet.write_table(pa.table({"id": ["c1"]}), path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket is short
        listener.bind(path.name)
        os.chdir(here)


def _zero_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _linked(path: Path) -> None:
    path.with_name("real").write_text(GOOD, encoding="utf-8")
    path.symlink_to("real")


SHEETS = '<sheet name="companies" sheetId="1" r:id="r1"/><sheet name="more" sheetId="2" r:id="r1"/>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FORMULAS = (
    GOOD_ROWS
    + f'<row r="4">{cell("A4", "c3")}<c r="B4" t="str"><f>A1&amp;"x"</f><v>idx</v></c></row>'
    + f'<row r="5">{cell("A5", "c4")}<c r="B5"><f>1+1</f></c></row>'
    + f'<row r="6">{cell("A6", "c5")}<c r="B6" t="e"><v>#N/A</v></c></row>'
)

CASES = {
    # --- encodings
    "plain": loads(GOOD),
    "utf-8 with a mark": loads("\ufeff" + GOOD),
    "a mark in the middle, as of joined files": loads(GOOD + "\ufeffc3,丙\n", "c1", "c2", "c3"),
    "gbk": loads(CHINESE.encode("gbk"), options='encoding = "gbk"'),
    "gb18030 beyond gbk": loads("id,name\nc1,㐀𠀀\nc2,乙\n".encode("gb18030"), options='encoding = "gb18030"'),
    "gbk said to be utf-8": refused(CHINESE.encode("gbk"), "list.csv:2", "is not utf-8", "encoding = 'gb18030'"),
    "utf-8 said to be gbk": refused(CHINESE.replace("智能", "智"), "is not gbk", "utf-8", options='encoding = "gbk"'),
    "big5 said to be utf-8": refused("id,name\nc1,臺灣大學\n".encode("big5"), "is not utf-8", "encoding = '"),
    "utf-16 with a mark": loads(GOOD.encode("utf-16"), options='encoding = "utf-16"'),
    "utf-16 without a mark": loads(GOOD.encode("utf-16-le"), options='encoding = "utf-16-le"'),
    "utf-16 with a mark said to be utf-8": refused(GOOD.encode("utf-16"), "is not utf-8", "set encoding = 'utf-16'"),
    "utf-16 without a mark said to be utf-8": refused(
        GOOD.encode("utf-16-be"), "is not utf-8", "it is UTF-16: set encoding = 'utf-16'"
    ),
    "utf-16 cut in the middle of a letter": refused(
        GOOD.encode("utf-16")[:-1], "is not utf-16", "list.csv:3", options='encoding = "utf-16"'
    ),
    "utf-32": refused(GOOD.encode("utf-32"), "it is UTF-32: set encoding = 'utf-32'"),
    "utf-8 with one line of gbk": loads(
        GOOD.encode() + "c3,企业名称\n".encode("gbk") + "c4,丁\n".encode(),
        "c1",
        "c2",
        "c4",
        aside={4: "has bytes that are not utf-8: 0xc6"},
    ),
    "gbk with a name cut in the middle of a letter": loads(
        "id,name\nc1,甲\nc2,星河".encode("gbk")[:-1] + b",\nc3,\xd2\xd2\n",
        "c1",
        "c3",
        aside={3: "has bytes that are not gbk: 0xba"},
        options='encoding = "gbk"',
    ),
    "a damaged header": refused(b"id,name\xff\xff\nc1,x\n", "list.csv:1", "is not utf-8"),
    "letters of half a pair": loads(
        GOOD.encode() + b"c3,\xed\xa0\x80\n", aside={4: "has bytes that are not utf-8: 0xed 0xa0 0x80"}
    ),
    "latin-1 said to be utf-8": refused("id,name\nc1,Zürich\n".encode("latin-1"), "is not utf-8"),
    "an encoding that is none": refused(GOOD, "is not a text encoding: 'utf-9'", options='encoding = "utf-9"'),
    # --- delimiters
    "semicolons": loads(GOOD.replace(",", ";"), options='delimiter = ";"'),
    "tabs": loads(GOOD.replace(",", "\t"), options='delimiter = "\\t"'),
    "full-width commas": loads(GOOD.replace(",", "，"), options='delimiter = "，"'),
    "semicolons said to be commas": refused(GOOD.replace(",", ";"), "is the delimiter right?"),
    "a delimiter of two letters": refused(GOOD, "delimiter", options='delimiter = "||"'),
    # --- rows
    "too short": loads(GOOD + "c3\nc4,丁\n", "c1", "c2", "c4", aside={4: "has 1 cells, the file has 2 columns"}),
    "too long": loads(GOOD + "c3,丙,x\n", aside={4: "has 3 cells, the file has 2 columns"}),
    "commas at the end of rows": loads("id,name\nc1,甲,,\nc2,乙,\n"),
    "commas at the end of the header": loads("id,name,,\nc1,甲,,\nc2,乙,,\n"),
    "blank rows": loads("id,name\n\nc1,甲\n,\n\n , \nc2,乙\n\n"),
    "100 columns": loads(
        "\n".join(",".join([*row, *("x" * 98)]) for row in (("id", "name"), ("c1", "甲"), ("c2", "乙"))).replace(
            ",x,", ",x1,", 1
        )
    ),
    "5,000 columns": loads(
        "\n".join(
            ",".join([*row, *(f"{row[0]}{n}" for n in range(4_998))])
            for row in (("id", "name"), ("c1", "甲"), ("c2", "乙"))
        )
    ),
    "a needed column twice": refused("id,name,id\nc1,甲,x\n", "has the column 'id' twice"),
    "another column twice": loads("id,name,x,x,\nc1,甲,1,2,\nc2,乙,3,4,\n"),
    "no such column": refused("ID,name\nc1,甲\n", "has no column 'id'", "did you mean 'ID'"),
    "only a header": refused("id,name\n", "has a header, but no rows"),
    "only a header without its end": refused("id,name", "has a header, but no rows"),
    "nothing": refused("", "list.csv is empty"),
    "nothing but a mark": refused("\ufeff", "list.csv is empty"),
    "nothing but line ends": refused("\n\r\n\n", "list.csv is empty"),
    "nothing but blanks": refused("   \n", "has no column 'id'"),
    "rows without an id": refused("id,name\n,甲\n", "no row of the export became a node"),
    # --- quotes and cells
    "a quote left open": refused('id,name\nc1,"甲\nc2,乙\nc3,丙\n', "list.csv:2", "a quotation mark is opened"),
    "a quote left open in the header": refused('id,"name\nc1,甲\n', "list.csv:1", "a quotation mark is opened"),
    "a quote left open on the last line": loads(GOOD + 'c3,"丙', aside={4: "cannot be split into cells"}),
    "text behind a quote": loads(
        'id,name\nc1,"甲" x\nc2,乙\n', "c2", aside={2: "cannot be split into cells: ',' expected after '\"'"}
    ),
    "text behind a quote that was opened before": loads(
        'id,name\nc0,"甲\nc1,"乙",x\nc2,丙\n', "c2", aside={2: "cannot be split into cells"}
    ),
    "doubled quotes": loads('id,name\nc1,"a ""b"" c"\nc2,乙\n'),
    "a line break in a cell": loads('id,name\nc1,"甲\n乙"\nc2,乙\nc3\n', aside={5: "has 1 cells"}),
    "a cell of 200,000 letters": loads(
        GOOD + f"c3,{'x' * 200_000}\nc4,丁\n", "c1", "c2", "c4", aside={4: "field larger than field limit"}
    ),
    "a cell of 120,000 letters": loads(GOOD + f"c3,{'x' * 120_000}\n", aside={4: "at most 100,000 are kept"}),
    "a line of 17 MB": refused(GOOD + "x" * 17_000_000, "list.csv:4", "the line has more than 16,777,216 characters"),
    # --- line ends and control characters
    "line ends of Windows": loads(GOOD.replace("\n", "\r\n")),
    "line ends of old Macs": loads(GOOD.replace("\n", "\r")),
    "mixed line ends": loads("id,name\r\nc1,甲\rc2,乙\nc3\r\n", aside={4: "has 1 cells"}),
    "no end of the last line": loads(GOOD.rstrip("\n")),
    "NUL in a cell": loads(GOOD + "c3,a\0b\n", aside={4: "has control characters"}),
    "NUL in an id": loads(GOOD + "c\0,丙\n", aside={4: "has control characters"}),
    "nothing but NUL": refused(bytes(4_000), "has no column 'id'"),
    "a bell in a cell": loads(GOOD + "c3,\x07\n", aside={4: "has control characters"}),
    "a mark inside an id": loads(GOOD + "c\ufeff3,丙\n", aside={4: "has control characters"}),
    "an invisible letter at the end of an id": loads(GOOD + "c3\u200b,丙\n", aside={4: "has control characters"}),
    "a formula in text": loads(GOOD + '"=HYPERLINK(""x"")",丙\n', "c1", "c2", '=HYPERLINK("x")'),
    # --- what is no text
    "binary garbage": refused(bytes(range(128, 256)) * 8, "list.csv:1", "is not utf-8"),
    "binary garbage said to be latin-1": refused(
        bytes(range(128, 256)) * 8, "has no column 'id'", options='encoding = "latin-1"'
    ),
    "parquet under the name of a csv, which is read as what it is": refused(_parquet, "has no column 'name'"),
    "an old workbook": refused(OLE, "is an old Excel workbook, or one with a password"),
    "a zip archive": refused(archive({"list.csv": GOOD.encode()}), "is a zip archive", "unpack it"),
    "a zip archive that climbs out": refused(archive({"../../list.csv": GOOD.encode()}), "is a zip archive"),
    "an empty zip archive": refused(archive({}), "is a zip archive with nothing in it"),
    "packed with bzip2": refused(b"BZh91AY&SY", "is packed with bzip2", "unpack it"),
    "packed with xz": refused(b"\xfd7zXZ\x00\x00", "is packed with xz"),
    "a PDF": refused(b"%PDF-1.7\n", "is a PDF document"),
    # --- packed
    "gzip": loads(packed(GOOD), file="list.csv.gz"),
    "gzip under the name of a csv": loads(packed(GOOD)),
    "gzip in two members": loads(packed(GOOD) + packed("c3,丙\n"), "c1", "c2", "c3"),
    "gzip with zeros behind": loads(packed(GOOD) + bytes(512)),
    "gzip with garbage behind": refused(packed(GOOD) + b"garbage", "the packed file is cut off or damaged"),
    "gzip cut off": refused(packed(GOOD * 100)[:-20], "the packed file is cut off or damaged", "fetch or pack it"),
    "gzip of nothing": refused(packed(""), "list.csv is empty"),
    "gzip, its head alone": refused(packed(GOOD)[:10], "the packed file is cut off or damaged"),
    "gzip with a wrong sum": refused(packed(GOOD)[:-8] + bytes(8), "the packed file is cut off or damaged"),
    "gzip in gzip": refused(packed(packed(GOOD)), "is packed twice", "unpack it once"),
    "gzip of a zip archive": refused(packed(archive({"a": b""})), "is a zip archive"),
    "gzip of gbk": loads(packed(CHINESE.encode("gbk")), options='encoding = "gbk"'),
    "gzip bomb of rows": refused(
        packed(GOOD * 1_000, repeat=100), "unpacks to more than 1 MB", f"raise the limit: {SETTING}=2"
    ),
    "gzip bomb of zeros": refused(packed(bytes(1_000_000), repeat=20), "unpacks to more than 1 MB"),
    "gzip bomb of one line": refused(packed(b"id,name" + b"x" * 1_000_000, repeat=20), "unpacks to more than 1 MB"),
    # --- workbooks
    "a workbook": loads(workbook(GOOD_ROWS), file="list.xlsx"),
    "a workbook with formulas": loads(
        workbook(FORMULAS),
        "c1",
        "c2",
        "c3",
        aside={5: "the formula '=1+1' has no saved value", 6: "the cell shows the error #N/A"},
        file="list.xlsx",
    ),
    "a workbook of two sheets": refused(
        workbook(GOOD_ROWS, sheets=SHEETS), "has several sheets", "'companies' or 'more'", file="list.xlsx"
    ),
    "a workbook of two sheets, one named": loads(
        workbook(GOOD_ROWS, sheets=SHEETS), options='sheet = "companies"', file="list.xlsx"
    ),
    "a sheet that is not there": refused(
        workbook(GOOD_ROWS), "has no sheet 'company'", "'companies'", options='sheet = "company"', file="list.xlsx"
    ),
    "a workbook without rows": refused(workbook(""), "is empty", file="list.xlsx"),
    "a workbook with a header alone": refused(
        workbook(GOOD_ROWS[: GOOD_ROWS.index('<row r="2"')]), "has a header, but no rows", file="list.xlsx"
    ),
    "a workbook cut off": refused(workbook(GOOD_ROWS)[:-60], "cut off or damaged", file="list.xlsx"),
    "a workbook with a password": refused(OLE, "or one with a password", "save it as .xlsx", file="list.xlsx"),
    "text under the name of a workbook": loads(GOOD, file="list.xlsx"),
    "a zip archive under the name of a workbook": refused(
        archive({"a.txt": b"x"}), "cut off or damaged", file="list.xlsx"
    ),
    "a workbook whose sheet lies outside": refused(
        workbook(GOOD_ROWS, target="../../../../etc/passwd"), "is damaged", file="list.xlsx"
    ),
    "a workbook with a part that climbs out": loads(
        workbook(GOOD_ROWS, extra={"../../../climbed": b"x"}), file="list.xlsx"
    ),
    "a workbook that laughs a billion times": refused(
        workbook(GOOD_ROWS.replace("甲", "&l9;"), prolog=f'<!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]>'),
        "is damaged",
        file="list.xlsx",
    ),
    "a workbook bomb": refused(
        workbook(GOOD_ROWS, extra={"xl/bomb.xml": bytes(3_000_000)}), "unpacks to more than 1 MB", file="list.xlsx"
    ),
    "a workbook bomb that lies": refused(
        lying(workbook(GOOD_ROWS, extra={"xl/bomb.xml": bytes(3_000_000)}), 100),
        "unpacks to more than 1 MB",
        file="list.xlsx",
    ),
    "a workbook with a cell at the far corner": refused(
        workbook(GOOD_ROWS + f'<row r="1048576">{cell("XFD1048576", 1)}</row>'),
        "it has 1,048,576 rows and 16,384 columns",
        file="list.xlsx",
    ),
    "a workbook with one long text in many cells": refused(
        workbook(
            "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 401)),
            shared=f"<si><t>{'x' * 32_000}</t></si>",
        ),
        "its texts are more than 1 MB",
        file="list.xlsx",
    ),
    # --- what is no file
    "a folder": refused(Path.mkdir, "cannot read", "it is a folder"),
    "a pipe": refused(os.mkfifo, "cannot read", "it is not an ordinary file"),
    "a socket": refused(_socket, "cannot read", "it is not an ordinary file"),
    "a device without an end": refused(_zero_device, "cannot read", "it is not an ordinary file"),
    "a link": loads(_linked),
    "a link to nothing": refused(lambda path: path.symlink_to("nothing"), "does not exist"),
    "a link to itself": refused(lambda path: path.symlink_to(path), "cannot read", "symbolic links"),
    "nothing there": refused(lambda path: None, "does not exist", "the folder has no files"),
    "a file with a long name": loads(GOOD, file=f"{'长' * 83}.csv"),
}

MAPPING = """title = "hostile"
files.list = {{ path = "{file}"{comma}{options} }}
nodes.company = {{ label = "Company", id = "id", name = "name" }}
"""


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_import(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if any("unpacks to more" in part or "more than 1 MB" in part for part in case.refused):
        monkeypatch.setenv(SETTING, "1")
    export = tmp_path / "export"
    export.mkdir()
    case.write(export / case.file)
    mapping = tmp_path / "hostile.toml"
    comma = ", " if case.options else ""
    mapping.write_text(MAPPING.format(file=case.file, comma=comma, options=case.options), encoding="utf-8")
    if case.refused:
        with pytest.raises(DatasetError) as caught:
            import_source(str(mapping), export, tmp_path / "out")
        for part in case.refused:
            assert part in str(caught.value)
        assert len(str(caught.value)) < 2_000
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["export", "hostile.toml"]
        return
    report = import_source(str(mapping), export, tmp_path / "out")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["export", "hostile.toml", "out"]
    reading = read_dataset(tmp_path / "out")
    assert reading.clean, [str(finding) for finding in reading.findings]
    assert tuple(reading.dataset.nodes["Company"]["id"].to_pylist()) == case.ids
    (count,) = report.files
    assert (count.used, count.quarantined) == (len(case.ids), len(case.aside))
    aside = set_aside(tmp_path / "out")
    assert aside.keys() == case.aside.keys()
    for line, reason in case.aside.items():
        assert reason in aside[line]


def set_aside(out: Path) -> dict[int, str]:
    path = next((out / "import").glob("*/quarantine/companies.csv"), None)
    if path is None:
        return {}
    table = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True))
    return dict(zip(table["line"].to_pylist(), table["reason"].to_pylist(), strict=True))
