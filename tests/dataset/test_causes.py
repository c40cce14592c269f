"""One finding for each cause, and hints that work: each that says what to write is followed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from dataset_folder import append, change, write_small

from ecosystem.dataset import Reading, read_dataset
from ecosystem.messages import speaking


def errors(reading: Reading) -> list[str]:
    return [f"{found.place} {found.code}" for found in reading.findings if found.severity == "error"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path)


def test_seven_faults_are_seven_findings(folder: Path) -> None:
    """Each fault is felt in many rows: links to a company that does not load, a region that ten nodes name."""
    for number in range(20):
        append(folder, "companies", f"x{number},企业{number},,,,,,")
        append(folder, "located_in", f"x{number},{'北京' if number < 10 else '北境'}")  # 1: an unknown region
        append(folder, "enables", f"x{number},{'c99' if number % 2 else 'c3'},,")  # 2: no such node
        append(folder, "enables", f"c2,x{number},,")
    change(folder, "companies", "c1,甲科技,true,foundation", "c1,甲科技,true,fundation")  # 3
    change(folder, "companies", "c2,乙智能,,technology,,,0", "c2,乙智能,,technology,,,many")  # 4
    change(folder, "companies", "x7,企业7,,,,,,", "x7,企业7,,")  # 5: too few cells
    append(folder, "companies", "c3,again,,,,,,")  # 6: an id that is there already
    change(folder, "region_values", "广东,gdp,,1", "广东,gdp,,much")  # 7
    reading = read_dataset(folder)
    assert sorted(errors(reading)) == [
        "companies.csv:12 wrong_cell_count",
        "companies.csv:25:id duplicate_id",
        "companies.csv:2:layer not_allowed",
        "companies.csv:3:patents not_an_integer",
        "enables.csv:7:to missing_node",
        "located_in.csv:20:to unknown_region",
        "region_values.csv:4:value not_a_number",
    ]
    told = {found.place: found.message for found in reading.findings}
    assert told["companies.csv:3:patents"].endswith("; 24 links to it do not load either")
    counts = Counter({name: table.num_rows for name, table in reading.quarantine.items()})
    assert counts.total() > 50


HINTS = [
    ("companies", "valuation_cny_m", "1200万", "write 12 (CNY million)"),
    ("companies", "valuation_cny_m", "1.5亿元", "write 150 (CNY million)"),
    ("companies", "valuation_cny_m", "¥1,200,000", "write 1.2 (CNY million)"),
    ("companies", "valuation_cny_m", "3 million", "write 3 (CNY million)"),
    ("companies", "valuation_cny_m", "2bn CNY", "write 2000 (CNY million)"),
    ("companies", "valuation_cny_m", "500k", "write 0.5 (CNY million)"),
    ("companies", "valuation_cny_m", "12百万元", "write 12 (CNY million)"),
    ("companies", "valuation_cny_m", "12 CNY million", "write 12 (CNY million)"),
    ("companies", "valuation_cny_m", "1,234.5", "write it without separators: 1234.5"),
    ("companies", "patents", "3千件", "write 3000 (patents)"),
    ("companies", "patents", "１２", "write it in ordinary digits: 12"),
    ("companies", "patents", "1.2万", "write 12000 (patents)"),
    ("companies", "founded_year", "2015年", "write 2015"),
    ("companies", "founded_year", "二〇一五", "write it in digits: 2015"),
    ("companies", "layer", "Technolgy", "did you mean 'technology'?"),
    ("companies", "layer", "应用", "did you mean '应用层'?"),
    ("parks", "ai_company_share", "12.5%", "write 0.125"),
    ("invested_in", "date", "2023/5/1", "write it as 2023-05-01"),
    ("invested_in", "date", "2023年5月1日", "write it as 2023-05-01"),
    ("invested_in", "from", "i9", "did you mean 'i2' or 'i1'?"),
    ("invested_in", "from", "红树资本", "that is the name of 'i1': write the id"),
    (
        "located_in",
        "to",
        "Guangdnog",
        "did you mean Guangdong (province, 440000) or Guang'an (city, 511600) or Guangzhou (city, 440100)?",
    ),
]
_REPLACEMENT = re.compile(r"write (?:it [a-z ]+[: ] ?)?([\d.-]+)|mean '([^']+)'|name of '([^']+)'|, ([\w:]+)\)")


def write_cell(folder: Path, table: str, column: str, cell: str) -> None:
    """A dataset with one more row in a table, whose ends are known; the cell stands in a column of it."""
    row = {"id": "z1", column: cell} if table in ("companies", "parks") else {"from": "i1", "to": "c1", column: cell}
    if table == "located_in":
        append(folder, "investors", "z1,z")
        row = {"from": "z1", "to": cell}
    path = folder / f"{table}.csv"
    quoted = [f'"{value}"' for value in row.values()]
    if path.exists():
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        names = header.split(",")
        row = {name: row.get(name, "") for name in names}
        quoted = [f'"{value}"' for value in row.values()]
        path.write_text("\n".join([header, *rows, ",".join(quoted)]), encoding="utf-8")
    else:
        path.write_text("\n".join([",".join(row), ",".join(quoted)]), encoding="utf-8")


@pytest.mark.parametrize(("table", "column", "cell", "hint"), HINTS)
def test_a_hint_that_is_followed_works(tmp_path: Path, table: str, column: str, cell: str, hint: str) -> None:
    write_cell(write_small(tmp_path / "wrong"), table, column, cell)
    (finding,) = [found for found in read_dataset(tmp_path / "wrong").findings if found.severity == "error"]
    assert finding.hint == hint
    match = _REPLACEMENT.search(hint)
    assert match is not None
    write_cell(write_small(tmp_path / "right"), table, column, next(filter(None, match.groups())))
    assert errors(read_dataset(tmp_path / "right")) == []


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("100万美元", "convert it to CNY million"),
        ("$5m", "convert it to CNY million"),
        ("-5万", "write a number from 0 on"),
        ("many", "leave the cell blank where the value is missing"),
    ],
)
def test_no_number_is_named_that_would_be_wrong(folder: Path, cell: str, hint: str) -> None:
    write_cell(folder, "companies", "valuation_cny_m", cell)
    (finding,) = [found for found in read_dataset(folder).findings if found.severity == "error"]
    assert finding.hint == hint


def test_findings_in_chinese(folder: Path) -> None:
    write_cell(folder, "companies", "valuation_cny_m", "1200万")
    append(folder, "enables", "z1,c1,,")
    append(folder, "located_in", "z1,XK")
    with speaking("zh"):
        found = [found for found in read_dataset(folder).findings if found.severity == "error"]
    assert [(each.message, each.hint) for each in found] == [
        ("'1200万' 不是数值；指向它的 2 条关系也未能载入", "写 12（百万元）"),
        ("未知地区 'XK'", "查看全部名称：ecosystem regions list"),
    ]


def test_the_suffix_of_a_file_makes_it_like_no_other(folder: Path) -> None:
    (folder / "foo.csv").write_text("a\n1\n")
    (folder / "investor.csv").write_text("id\nx\n")
    hints = {found.file: found.hint for found in read_dataset(folder).findings if found.code == "unknown_file"}
    assert hints == {
        "foo.csv": "`ecosystem dataset template DIR` writes a file for every table",
        "investor.csv": "did you mean 'investors.csv' or 'invested_in.csv'?",
    }
