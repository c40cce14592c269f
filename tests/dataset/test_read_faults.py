"""Every fault that CSV files can have: one change to a faultless dataset, one clear finding with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from dataset_folder import TABLES, append, change, write_small

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, Finding, Severity

Change = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """A change, and the finding it must lead to; `aside` is how many rows of the file must be set aside."""

    change: Change
    code: str
    place: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    aside: int = 1


def cell(table: str, line: str) -> Change:
    return lambda folder: append(folder, table, line)


def swap(table: str, old: str, new: str) -> Change:
    return lambda folder: change(folder, table, old, new)


def raw(name: str, content: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes(content)


def recoded(table: str, encoding: str) -> Change:
    return raw(f"{table}.csv", TABLES[table].lstrip().encode(encoding))


def company(layer: str = "", year: str = "", valuation: str = "", patents: str = "", listed: str = "") -> Change:
    return cell("companies", f"c9,name,,{layer},{year},{valuation},{patents},{listed}")


def invested(year: str = "", amount: str = "", date: str = "", ends: str = "i1,c1") -> Change:
    return cell("invested_in", f"{ends},,{year},,,{amount},,{date}")


CASES = {
    # --- the file as a whole
    "empty file": Case(raw("people.csv", b""), "empty_file", "people.csv", "the file is empty", "template", aside=0),
    "blank file": Case(raw("people.csv", b"\xef\xbb\xbf \n\n"), "empty_file", "people.csv", "is empty", aside=0),
    "blank first line": Case(raw("people.csv", b"\nid,name\n"), "no_header", "people.csv", "is blank", aside=0),
    "GBK": Case(
        recoded("companies", "gbk"),
        "wrong_encoding",
        "companies.csv",
        "on line 2); probably GBK (GB18030)",
        "iconv -f GB18030",
        aside=0,
    ),
    "GBK header": Case(
        raw("people.csv", "id,name,姓名\n".encode("gbk") + b"p1,x,y\n"),
        "wrong_encoding",
        "people.csv",
        "on line 1); probably GBK",
        aside=0,
    ),
    "Latin 1": Case(
        raw("people.csv", b"id,name\np1,Caf\xe9\n"),
        "wrong_encoding",
        "people.csv",
        "probably Windows-1252",
        aside=0,
    ),
    "UTF-16": Case(
        recoded("companies", "utf-16"),
        "wrong_encoding",
        "companies.csv",
        "the file is UTF-16",
        "iconv -f UTF-16",
        aside=0,
    ),
    "UTF-16 without mark": Case(
        recoded("companies", "utf-16-be"), "wrong_encoding", "companies.csv", "UTF-16", aside=0
    ),
    "UTF-32": Case(recoded("companies", "utf-32"), "wrong_encoding", "companies.csv", "UTF-32", aside=0),
    "semicolons": Case(
        raw("people.csv", b"id;name\np1;x\n"), "wrong_delimiter", "people.csv", "by semicolons", "CSV UTF-8", aside=0
    ),
    "tabs": Case(raw("people.csv", b"id\tname\np1\tx\n"), "wrong_delimiter", "people.csv", "by tabs", aside=0),
    "full-width commas": Case(
        raw("people.csv", "id，name\n".encode()), "wrong_delimiter", "people.csv", "full-width commas", aside=0
    ),
    "separator line": Case(
        raw("people.csv", b"sep=;\nid;name\n"), "wrong_delimiter", "people.csv", "'sep=;'", "delete that line", aside=0
    ),
    "open quote": Case(
        raw("people.csv", b'id,name\np1,x\np2,"y\np3,z\n'), "open_quote", "people.csv", "line 3 and never", aside=0
    ),
    "open quote in a ragged row": Case(
        raw("people.csv", b'id,name\np1,x\n"p2,y\np3,z\n'), "open_quote", "people.csv", "line 3 and never", aside=0
    ),
    "binary": Case(raw("people.csv", bytes(range(128, 256)) * 9), "wrong_encoding", "people.csv", "not UTF-8", aside=0),
    # --- the header
    "header only": Case(
        raw("segments.csv", b"id,name\n"), "empty_table", "segments", "has no rows", severity="warning", aside=0
    ),
    "header only, no line end": Case(
        raw("segments.csv", b"id,name"), "empty_table", "segments", "has no rows", severity="warning", aside=0
    ),
    "misspelled column": Case(
        swap("universities", "papers_intl", "paper_intl"),
        "misspelled_column",
        "universities.csv:paper_intl",
        "'paper_intl' is unknown",
        "did you mean 'papers_intl'?",
        "warning",
        aside=0,
    ),
    "forgotten unit": Case(
        swap("invested_in", "amount_cny_m", "Amount"),
        "misspelled_column",
        "invested_in.csv:Amount",
        "unknown",
        "'amount_cny_m'",
        "warning",
        aside=0,
    ),
    "Chinese heading in another unit": Case(
        swap("companies", "valuation_cny_m", "估值（亿元）"),
        "misspelled_column",
        "companies.csv:估值（亿元）",
        "unknown",
        "convert the numbers to CNY million and call it '估值（百万元）'",
        "warning",
        aside=0,
    ),
    "capitals": Case(
        swap("companies", "layer", "Layer"),
        "misspelled_column",
        "companies.csv:Layer",
        "only by capitals",
        "rename it 'layer'",
        aside=0,
    ),
    "missing id": Case(
        swap("investors", "id,name", "name,title"),
        "missing_column",
        "investors.csv:id",
        "the column 'id' is missing",
        "the columns are: name, title",
        aside=2,
    ),
    "missing from": Case(
        swap("works_for", "from", "person"), "missing_column", "works_for.csv:from", "'from' is missing", "person, to"
    ),
    "missing to": Case(swap("works_for", "to", "company"), "missing_column", "works_for.csv:to", "'to' is missing"),
    "missing value": Case(
        swap("region_values", "indicator", "what"), "missing_column", "region_values.csv:indicator", "missing", aside=3
    ),
    "column twice": Case(
        swap("companies", "layer", "patents"),
        "duplicate_column",
        "companies.csv:patents",
        "is there twice",
        aside=3,  # the first of the two is read as patents
    ),
    "columns that differ by capitals": Case(
        raw("people.csv", b"id,name,x,X\np1,n,1,2\n"),
        "duplicate_column",
        "people.csv:X",
        "'X' and 'x' differ only by capitals",
        aside=0,
    ),
    "underscore": Case(
        raw("people.csv", b"id,_src\np1,1\n"),
        "bad_column_name",
        "people.csv:_src",
        "begins with an underscore",
        aside=0,
    ),
    "nameless column": Case(
        raw("people.csv", b"id,\np1,1\n"), "bad_column_name", "people.csv", "column 2 has cells but no name", aside=0
    ),
    "control character in a name": Case(
        raw("people.csv", b"id,a\x07b\np1,1\n"), "bad_column_name", "people.csv:a\x07b", "control", aside=0
    ),
    "long name": Case(
        raw("people.csv", b"id," + b"x" * 200 + b"\np1,1\n"),
        "bad_column_name",
        f"people.csv:{'x' * 60}…",
        "more than 100",
        aside=0,
    ),
    "made column": Case(
        swap("region_values", "indicator,year", "indicator,id"),
        "bad_column_name",
        "region_values.csv:id",
        "is made from the others",
        aside=1,  # two values of 广东 are one key without the years
    ),
    "extra column": Case(
        raw("people.csv", b"id,height\np1,1.7\n"), "extra_column", "people.csv:height", "kept", "known", "info", aside=0
    ),
    "region in a node file": Case(
        raw("people.csv", "id,region\np1,北京\n".encode()),
        "region_column",
        "people.csv:region",
        "not as a location",
        "located_in",
        "info",
        aside=0,
    ),
    # --- files
    "unknown file": Case(
        raw("company.csv", b"id\n"),
        "unknown_file",
        "company.csv",
        "is no table",
        "'companies.csv'",
        "warning",
        aside=0,
    ),
    "file in capitals": Case(
        lambda folder: (folder / "enables.csv").rename(folder / "Enables.csv"),
        "unknown_file",
        "Enables.csv",
        "not read",
        "did you mean 'enables.csv'",
        "warning",
        aside=0,
    ),
    "other workbook": Case(
        raw("data.xlsx", b"PK"), "unknown_file", "data.xlsx", "not read", "'dataset.xlsx'", "warning", aside=0
    ),
    # --- rows
    "row too long": Case(
        cell("people", "p2,x,y,z"),
        "wrong_cell_count",
        "people.csv:3",
        "4 cells, the header 2; too many are: y,z",
        "quotation",
    ),
    "row too short": Case(
        cell("people", "p2"), "wrong_cell_count", "people.csv:3", "the row has 1 cells, the header 2"
    ),
    # --- ids
    "id twice": Case(cell("people", "p1,again"), "duplicate_id", "people.csv:3:id", "people.csv, line 2", "another id"),
    "id of another label": Case(
        cell("investors", "c2,x"), "duplicate_id", "investors.csv:4:id", "another node: companies.csv, line 3"
    ),
    "id of a region": Case(
        cell("companies", "110000,,,,,,,"), "duplicate_id", "companies.csv:5:id", "another node: regions.csv, line "
    ),
    "id blank": Case(cell("people", ",x"), "blank_id", "people.csv:3:id", "id is blank", "an id is"),
    **{
        f"id {text}": Case(cell("people", f"{text},x"), "blank_id", "people.csv:3:id", f"'{text}' stands for a missing")
        for text in ("nan", "NaN", "NULL", "None", "N/A", "#N/A")
    },
    "id with a tab": Case(cell("people", "a\tb,x"), "control_character", "people.csv:3:id", "'a�b' has control"),
    "long id": Case(cell("people", f"{'p' * 501},x"), "too_long", "people.csv:3:id", "501 characters; at most 500"),
    # --- cells
    "layer": Case(
        company(layer="Technolgy"),
        "not_allowed",
        "companies.csv:5:layer",
        "'Technolgy' is none of: foundation, technology, application",
        "did you mean 'technology'?",
    ),
    "year of five digits": Case(
        invested("20223"), "out_of_range", "invested_in.csv:5:year", "'20223' is above 2100", "four digits"
    ),
    "year in Chinese": Case(
        invested("二〇二三"), "not_an_integer", "invested_in.csv:5:year", "'二〇二三' is not a whole", "in digits: 2023"
    ),
    "year with a fraction": Case(
        invested("2023.5"), "not_an_integer", "invested_in.csv:5:year", "'2023.5' is not a whole", "four digits"
    ),
    "year 年": Case(invested("2023年"), "not_an_integer", "invested_in.csv:5:year", "'2023年'", "write 2023"),
    "year far back": Case(company(year="19"), "out_of_range", "companies.csv:5:founded_year", "'19' is below 1800"),
    "negative amount": Case(
        invested(amount="-1"), "out_of_range", "invested_in.csv:5:amount_cny_m", "'-1' is below 0", "cannot be negative"
    ),
    "share above one": Case(
        lambda folder: (folder / "parks.csv").write_text("id,ai_company_share\nk1,12\n"),
        "out_of_range",
        "parks.csv:2:ai_company_share",
        "'12' is above 1",
    ),
    "text in a number": Case(
        company(patents="many"), "not_an_integer", "companies.csv:5:patents", "'many' is not a whole", "blank"
    ),
    "thousands": Case(
        invested(amount='"1,234.5"'),
        "not_a_number",
        "invested_in.csv:5:amount_cny_m",
        "'1,234.5'",
        "separators: 1234.5",
    ),
    "full-width digits": Case(
        company(patents="１２"), "not_an_integer", "companies.csv:5:patents", "'１２'", "ordinary digits: 12"
    ),
    "amount with a unit": Case(
        invested(amount="500万"), "not_a_number", "invested_in.csv:5:amount_cny_m", "'500万'", "write 5 (CNY million)"
    ),
    "percent": Case(
        company(valuation="12%"), "not_a_number", "companies.csv:5:valuation_cny_m", "'12%'", "a fraction of 1"
    ),
    "hexadecimal": Case(company(patents="0x1F"), "not_an_integer", "companies.csv:5:patents", "'0x1F'"),
    "very long number": Case(company(patents="9" * 19), "not_an_integer", "companies.csv:5:patents", "9999"),
    "NaN": Case(
        invested(amount="NaN"), "not_finite", "invested_in.csv:5:amount_cny_m", "'NaN' is not a finite", "blank"
    ),
    "infinity": Case(invested(amount="-inf"), "not_finite", "invested_in.csv:5:amount_cny_m", "'-inf' is not a finite"),
    "overflow": Case(invested(amount="1e999"), "not_finite", "invested_in.csv:5:amount_cny_m", "'inf' is not a finite"),
    "NaN in a whole number": Case(company(patents="nan"), "not_finite", "companies.csv:5:patents", "'nan' is not"),
    "boolean": Case(company(listed="maybe"), "not_a_boolean", "companies.csv:5:listed", "'maybe' is neither", "是/否"),
    "impossible day": Case(invested(date="2023-02-30"), "not_a_date", "invested_in.csv:5:date", "'2023-02-30' is not"),
    "other date": Case(
        invested(date="2023/5/1"), "not_a_date", "invested_in.csv:5:date", "'2023/5/1'", "as 2023-05-01"
    ),
    "month": Case(invested(date="2023-05"), "not_a_date", "invested_in.csv:5:date", "'2023-05'", "give the year"),
    "early date": Case(invested(date="0202-05-01"), "out_of_range", "invested_in.csv:5:date", "is below 1800-01-01"),
    "control character": Case(cell("people", "p2,a\x07b"), "control_character", "people.csv:3:name", "'a�b'", "CLEAN"),
    "NUL": Case(cell("people", "p2,a\0b"), "control_character", "people.csv:3:name", "'a�b' has control"),
    "1 MB cell": Case(
        cell("people", f"p2,{'x' * 1_000_000}"), "too_long", "people.csv:3:name", "1000000 characters; at most 100,000"
    ),
    "17 MB cell": Case(
        cell("people", f'p2,"{"x" * 17_000_000}"'), "too_long", "people.csv:3:name", "17000000 characters"
    ),
    "future": Case(
        company(year="2099"), "future_year", "companies.csv:5:founded_year", "2099", severity="warning", aside=0
    ),
    "placeholder text": Case(
        cell("people", "p2,NULL"), "placeholder", "people.csv:3:name", "NULL", "blank", severity="warning", aside=0
    ),
    "date without year": Case(
        invested(date="2023-05-01"), "date_without_year", "invested_in.csv:5:year", "undated", "", "warning", aside=0
    ),
    "date and year": Case(
        invested("2022", date="2023-05-01"), "year_and_date", "invested_in.csv:5:year", "1", "", "warning", aside=0
    ),
    # --- links
    "link from nowhere": Case(
        invested(ends="i9,c1"), "missing_node", "invested_in.csv:5:from", "'i9' is the id of no node", "did you mean"
    ),
    "link to nowhere": Case(invested(ends="i1,c77"), "missing_node", "invested_in.csv:5:to", "'c77' is the id of no"),
    "name in place of id": Case(
        invested(ends="红树资本,c1"),
        "missing_node",
        "invested_in.csv:5:from",
        "no node",
        "the name of 'i1': write the id",
    ),
    "wrong label to": Case(
        invested(ends="i1,i2"), "wrong_label", "invested_in.csv:5:to", "has the label Investor; to must be Company"
    ),
    "wrong label from": Case(
        cell("studied_at", "c1,u1"),
        "wrong_label",
        "studied_at.csv:3:from",
        "has the label Company; from must be Person",
    ),
    "several labels": Case(
        cell("works_for", "p1,p1"), "wrong_label", "works_for.csv:3:to", "Company, Investor, University or Institute"
    ),
    "end blank": Case(cell("works_for", "p1,"), "blank_id", "works_for.csv:3:to", "to is blank"),
    "end null": Case(cell("works_for", "NULL,c1"), "blank_id", "works_for.csv:3:from", "'NULL' stands for a missing"),
    "end set aside": Case(
        swap("universities", "12", "twelve"),
        "not_an_integer",
        "universities.csv:2:papers_intl",
        "'twelve' is not a whole number; 3 links to it do not load either",
    ),
    "end in an unread file": Case(
        raw("people.csv", b""), "missing_node", "works_for.csv:2:from", "(people.csv could not be read)"
    ),
    "link id twice": Case(
        cell("invested_in", "i1,c1,link-7,,,,,,"), "duplicate_id", "invested_in.csv:5:id", "invested_in.csv, line 4"
    ),
    "link id of another type": Case(
        lambda folder: (folder / "enables.csv").write_text("from,to,id\nc1,c2,link-7\n"),
        "duplicate_id",
        "enables.csv:2:id",
        "another link: invested_in.csv, line 4",
        "leave the id blank",
    ),
    # --- regions
    "unknown region": Case(
        swap("located_in", "Guangdong", "Guangdnog"),
        "unknown_region",
        "located_in.csv:3:to",
        "'Guangdnog'",
        "Guangdong (province, 440000)",
    ),
    "ambiguous region": Case(
        swap("located_in", "440300", "朝阳区"),
        "ambiguous_region",
        "located_in.csv:7:to",
        "'朝阳区' means 2 regions: Chaoyang District (district, 110105) in Beijing",
        "write the id",
    ),
    "location blank": Case(swap("located_in", "440300", ""), "blank_id", "located_in.csv:7:to", "to is blank"),
    "second location": Case(
        cell("located_in", "c1,上海市"),
        "second_location",
        "located_in.csv:10:from",
        "located_in.csv, line 2",
        "but one",
    ),
    "same location again": Case(
        cell("located_in", "c1,北京市"), "second_location", "located_in.csv:10:from", "'c1' has a location already"
    ),
    "value of an unknown region": Case(
        cell("region_values", "Narnia,gdp,2022,1"), "unknown_region", "region_values.csv:5:region", "'Narnia'"
    ),
    "value twice": Case(
        cell("region_values", "440000,gdp,2022,1"), "duplicate_key", "region_values.csv:5", "'440000|gdp|2022'"
    ),
    "value blank": Case(
        cell("region_values", "北京,gdp,2021,"), "blank_cell", "region_values.csv:5:value", "value is blank"
    ),
    "no locations": Case(
        lambda folder: (folder / "located_in.csv").unlink(),
        "no_location",
        "companies",
        "2 of 2 nodes Company have no location",
        "located_in",
        "warning",
        aside=0,
    ),
    "no region values": Case(
        lambda folder: (folder / "region_values.csv").unlink(), "no_region_values", "", "column:", "", "info", aside=0
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_fault(case: Case, tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    case.change(folder)
    reading = read_dataset(folder)
    finding = _only([found for found in reading.findings if found.code == case.code and found.place == case.place])
    assert finding.severity == case.severity
    assert case.message in finding.message
    assert case.hint in (finding.hint or "")
    assert reading.clean == (case.severity != "error")
    table = (finding.file or "").removesuffix(".csv")
    assert (reading.quarantine[table].num_rows if table in reading.quarantine else 0) == case.aside
    for count in reading.counts:
        aside = reading.quarantine[count.table].num_rows if count.table in reading.quarantine else 0
        assert count.read == count.loaded + count.quarantined
        assert count.quarantined == aside
    if finding.severity == "error" and finding.row is not None:
        assert finding.row in reading.quarantine[table]["line"].to_pylist()


def _only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("rows", "code", "row", "message"),
    [
        ("n,N,zone,m\nm,M,zone,n\n", "region_cycle", 2, "lie in each other"),
        ("n,N,zone,\nm,M,zone,n\nk,K,zone,\nm,M,zone,k\n", "two_parents", 5, "'m' has two parents"),
        ("n,N,zone,x\n", "unknown_parent", 2, "'x' of 'n' does not exist"),
        ("n,N,zone,n\n", "region_cycle", 2, "lie in each other"),
        ("n,,zone,\n", "blank_name", 2, "has no name"),
        ("\n\n,N,zone,\n", "blank_id", 4, "has no id"),
        ("n,N,zone,,too long\n", "wrong_cell_count", 2, "5 cells, the header 4"),
    ],
)
def test_faults_of_the_regions_stop_the_reading(rows: str, code: str, row: int, message: str, tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    (folder / "regions.csv").write_text(f"id,name,level,parent\n{rows}", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_dataset(folder)
    finding = next(found for found in caught.value.findings if found.code == code)
    assert finding.row == row
    assert message in finding.message
    assert "regions.csv" in str(caught.value)


def test_regions_in_another_encoding_stop_the_reading(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    (folder / "regions.csv").write_bytes("id,name,level\n1,北京,province\n".encode("gbk"))
    with pytest.raises(DatasetError, match="probably GBK"):
        read_dataset(folder)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"(?s)nowhere does not exist.*hint: .*dataset template"):
        read_dataset(tmp_path / "nowhere")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(DatasetError, match="is a file, not a folder"):
        read_dataset(tmp_path / "data")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"(?s)has no table of a dataset: it is empty.*companies\.csv"):
        read_dataset(tmp_path)


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "company.csv").write_text("id\n")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(DatasetError, match=r"(?s)it holds company\.csv, notes\.txt.*did you mean 'companies\.csv'"):
        read_dataset(tmp_path)


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(DatasetError, match=r"(?s)cannot read the folder .*Permission denied.*ask for the permission"):
        read_dataset(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_small(tmp_path)
    really_open = Path.open

    def denied(path: Path, *args: str, **options: str) -> object:
        if path.name == "people.csv":
            raise PermissionError(13, "Permission denied")
        return really_open(path, *args, **options)  # type: ignore[call-overload]  # passes on whatever it is given

    monkeypatch.setattr(Path, "open", denied)
    reading = read_dataset(folder)
    finding = next(found for found in reading.findings if found.code == "unreadable_file")
    assert finding.place == "people.csv"
    assert "Permission denied" in finding.message
    assert any("(people.csv could not be read)" in found.message for found in reading.findings)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    (folder / "people.csv").unlink()
    (folder / "people.csv").mkdir()
    reading = read_dataset(folder)
    assert [found.place for found in reading.findings if found.code == "unreadable_file"] == ["people.csv"]


def test_what_lies_beside_the_tables_is_no_fault(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    for name in ("README.md", "run.json", "scores.run.json", "columns.csv", ".hidden", "~$dataset.xlsx"):
        (folder / name).write_text("x")
    (folder / "quarantine").mkdir()
    assert read_dataset(folder).findings == ()


def test_many_empty_tables_are_one_warning(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    for table in ("people", "works_for", "studied_at", "alliances", "located_in"):
        (folder / f"{table}.csv").write_text(TABLES[table].lstrip().splitlines()[0])
    empty = [found for found in read_dataset(folder).findings if found.code == "empty_table"]
    assert [found.message for found in empty] == [
        "5 tables have no rows: alliances, people, located_in, works_for, studied_at"
    ]


def test_a_row_with_several_faults_is_set_aside_once_with_all_reasons(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    append(folder, "companies", "c1,x,,nolayer,20223,-1,many,perhaps")
    reading = read_dataset(folder)
    (row,) = reading.quarantine["companies"].to_pylist()
    reasons = row.pop("reason").split("; ")
    assert [reason.split(":")[0] for reason in reasons] == [
        "layer",
        "founded_year",
        "valuation_cny_m",
        "patents",
        "listed",
        "id",
    ]
    assert row == {
        "line": 5,
        "id": "c1",
        "name": "x",
        "in_sample": None,
        "layer": "nolayer",
        "founded_year": "20223",
        "valuation_cny_m": "-1",
        "patents": "many",
        "listed": "perhaps",
    }
