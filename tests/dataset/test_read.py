"""A dataset without faults: what is read, with which keys, types, ids and hash."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from dataset_folder import TABLES, append, change, write_small

from ecosystem.dataset import read_dataset
from ecosystem.regions import shipped_regions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def test_small_dataset_has_no_findings(folder: Path) -> None:
    reading = read_dataset(folder)
    assert reading.findings == ()
    assert reading.clean
    assert not reading.quarantine
    counted = {count.table: (count.read, count.loaded, count.quarantined) for count in reading.counts}
    rows = {table: text.strip().count("\n") for table, text in TABLES.items()}
    assert counted == {table: (count, count, 0) for table, count in rows.items()}


def test_node_keys_count_over_labels_in_model_order(folder: Path) -> None:
    nodes = read_dataset(folder).dataset.nodes
    assert list(nodes) == ["Region", "Company", "Investor", "University", "Alliance", "Person", "RegionValue"]
    keys = [key for table in nodes.values() for key in table["_id"].to_pylist()]
    assert keys == list(range(len(keys)))
    assert nodes["Region"].num_rows == len(shipped_regions())
    assert {table.schema.field("_id").type for table in nodes.values()} == {pa.int64()}


def test_link_keys_and_ends(folder: Path) -> None:
    dataset = read_dataset(folder).dataset
    assert list(dataset.links) == ["LOCATED_IN", "WITHIN", "INVESTED_IN", "ENABLES", "WORKS_FOR", "STUDIED_AT"]
    keys = [key for table in dataset.links.values() for key in table["_id"].to_pylist()]
    assert keys == list(range(len(keys)))
    ids = {key: id_ for table in dataset.nodes.values() for key, id_ in zip(*_lists(table, "_id", "id"), strict=True)}
    labels = {key: label for label, table in dataset.nodes.items() for key in table["_id"].to_pylist()}
    for table in dataset.links.values():
        for end in ("_src", "_dst"):
            assert table[f"{end}_label"].to_pylist() == [labels[key] for key in table[end].to_pylist()]
            assert pa.types.is_dictionary(table.schema.field(f"{end}_label").type)
    invested = dataset.links["INVESTED_IN"]
    assert [(ids[a], ids[b]) for a, b in zip(*_lists(invested, "_src", "_dst"), strict=True)] == [
        ("i1", "c1"),
        ("i2", "c1"),
        ("c1", "c2"),
    ]


def test_values_have_the_types_of_the_model(folder: Path) -> None:
    dataset = read_dataset(folder).dataset
    companies = dataset.nodes["Company"].drop_columns(["_id"]).to_pydict()
    assert companies == {
        "id": ["c1", "c2", "c3"],
        "name": ["甲科技", "乙智能", "丙数据"],
        "in_sample": [True, True, False],
        "layer": ["foundation", "technology", "application"],
        "founded_year": [2015, None, 2019],
        "valuation_cny_m": [120.5, None, 8.0],
        "patents": [3, 0, None],
        "listed": [True, None, False],
    }
    invested = dataset.links["INVESTED_IN"]
    assert invested["disclosed"].to_pylist() == [True, True, False]
    assert invested["date"].to_pylist() == [dt.date(2020, 3, 4), dt.date(2020, 3, 4), None]
    assert invested["amount_cny_m"].type == pa.float64()
    assert dataset.nodes["Investor"]["in_sample"].to_pylist() == [True, True]  # a default needs no column


def test_locations_are_resolved(folder: Path) -> None:
    dataset = read_dataset(folder).dataset
    regions = dataset.nodes["Region"]["id"].to_pylist()
    located = [regions[key] for key in dataset.links["LOCATED_IN"]["_dst"].to_pylist()]
    assert located == ["110000", "440000", "310000", "110000", "US", "440300", "310000", "110000"]


def test_within_is_the_closure_of_the_regions(folder: Path) -> None:
    dataset = read_dataset(folder).dataset
    regions = dataset.nodes["Region"]["id"].to_pylist()
    within = dataset.links["WITHIN"]
    pairs = [(regions[a], regions[b]) for a, b in zip(*_lists(within, "_src", "_dst"), strict=True)]
    assert pairs == shipped_regions().closure()


def test_region_values_are_nodes(folder: Path) -> None:
    table = read_dataset(folder).dataset.nodes["RegionValue"].drop_columns(["_id"])
    assert table.to_pydict() == {
        "id": ["110000|gdp|2022", "440000|gdp|2022", "440000|gdp|"],
        "region": ["110000", "440000", "440000"],
        "indicator": ["gdp", "gdp", "gdp"],
        "year": [2022, 2022, None],
        "value": [41610.9, 129118.6, 1.0],
    }


def test_given_link_ids_stay_and_identical_links_are_numbered(folder: Path) -> None:
    links = read_dataset(folder).dataset.links
    assert links["INVESTED_IN"]["id"].to_pylist()[2] == "link-7"
    first, second, third = links["ENABLES"]["id"].to_pylist()
    assert second == f"{first}-2"
    assert third != first
    assert len(first) == 16


def test_a_blank_copy_of_an_exported_link_gets_the_next_number(folder: Path) -> None:
    made = read_dataset(folder).dataset.links["ENABLES"]["id"].to_pylist()
    text = TABLES["enables"].strip().splitlines()
    exported = [f"{text[0]},id", *(f"{line},{id_}" for line, id_ in zip(text[1:], made, strict=True)), f"{text[1]},"]
    (folder / "enables.csv").write_text("\n".join(exported), encoding="utf-8")
    assert read_dataset(folder).dataset.links["ENABLES"]["id"].to_pylist() == [*made, f"{made[0]}-3"]


def test_hash_is_of_the_content(folder: Path, tmp_path: Path) -> None:
    first = read_dataset(folder).dataset.hash
    again = read_dataset(write_small(tmp_path / "other name")).dataset.hash
    assert first == again
    assert len(first) == len(hashlib.sha256().hexdigest())
    change(folder, "people", "张三", "李四")
    assert read_dataset(folder).dataset.hash != first


def test_hash_depends_on_the_regions(folder: Path) -> None:
    (folder / "regions.csv").write_text("id,name,level\n110000,北京市,province\n", encoding="utf-8")
    for table in ("located_in", "region_values"):
        (folder / f"{table}.csv").unlink()
    first = read_dataset(folder).dataset.hash
    (folder / "regions.csv").write_text("id,name,level\n110000,北京市,city\n", encoding="utf-8")
    assert read_dataset(folder).dataset.hash != first


def test_own_regions_replace_the_shipped_ones(folder: Path) -> None:
    (folder / "regions.csv").write_text(
        "id,name,level,parent,members\nn,North,zone,,\nn1,Hill,block,n,\nboth,All,group,,n\n", encoding="utf-8"
    )
    (folder / "located_in.csv").write_text("from,to\nc1,Hill\nc2,North\n", encoding="utf-8")
    (folder / "region_values.csv").unlink()
    reading = read_dataset(folder)
    assert reading.clean
    assert reading.dataset.nodes["Region"]["id"].to_pylist() == ["n", "n1", "both"]
    assert reading.dataset.links["WITHIN"].num_rows == 6  # each itself, n1 in n, both of them in the group


def test_progress_is_reported(folder: Path) -> None:
    calls: list[tuple[str, int, int | None]] = []
    read_dataset(folder, progress=lambda *call: calls.append(call))
    assert [done for _, done, _ in calls] == sorted(done for _, done, _ in calls)
    assert len(calls) == len(TABLES)


@pytest.mark.parametrize(
    ("values", "expected", "told"),
    [
        (["9223372036854775808", "9223372036854775809"], ["9223372036854775808", "9223372036854775809"], True),
        (["9007199254740993000000", "1"], ["9007199254740993000000", "1"], True),
        (["0.5", "9007199254740993"], ["0.5", "9007199254740993"], True),
        (["9" * 5000, "1"], ["9" * 5000, "1"], True),
        (["9007199254740993", "1"], [9007199254740993, 1], False),
        (["0.5", "9007199254740992"], [0.5, 9007199254740992.0], False),
        (["1.2e19", "12.5"], [1.2e19, 12.5], False),
    ],
    ids=["beyond 64 bits", "one beyond", "beside a float", "thousands of digits", "64 bits", "exact", "exponent"],
)
def test_digits_that_a_number_would_lose_are_kept_as_text(
    folder: Path, values: list[str], expected: list[object], told: bool
) -> None:
    rows = "".join(f"x{number},{value}\n" for number, value in enumerate(values))
    (folder / "companies.csv").write_text(f"id,tax_no\n{rows}", encoding="utf-8")
    for file in folder.glob("*.csv"):
        if file.name != "companies.csv":
            file.unlink()
    reading = read_dataset(folder)
    assert reading.dataset.nodes["Company"]["tax_no"].to_pylist() == expected
    assert ("too_many_digits" in {finding.code for finding in reading.findings}) == told


def test_extra_columns_are_typed_and_kept(folder: Path) -> None:
    header = "id,name,staff,share,open,since,code,note,empty"
    rows = ["i1,甲,12,0.5,yes,2020-01-02,007,x,", "i2,乙,-3,1e3,no,,12,2,", "i3,丙,,,,2020-02-29,,,"]
    (folder / "investors.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    reading = read_dataset(folder)
    assert reading.clean
    investors = reading.dataset.nodes["Investor"]
    assert investors["staff"].to_pylist() == [12, -3, None]
    assert investors["share"].to_pylist() == [0.5, 1000.0, None]
    assert investors["open"].to_pylist() == [True, False, None]
    assert investors["since"].to_pylist() == [dt.date(2020, 1, 2), None, dt.date(2020, 2, 29)]
    assert investors["code"].to_pylist() == ["007", "12", None]
    assert investors["note"].to_pylist() == ["x", "2", None]
    assert investors["empty"].to_pylist() == [None, None, None]
    extras = [finding.column for finding in reading.findings if finding.code == "extra_column"]
    assert extras == ["staff", "share", "open", "since", "code", "note", "empty"]


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_ends_marks_blanks_and_quotes_are_read(folder: Path, ending: str) -> None:
    lines = ["\ufeffid,name,patents,layer,", "", ' c1 ,"甲, ""A""\t乙",+7, technology ,', ",,,,", "\u3000c2,  ,3.0,,"]
    (folder / "companies.csv").write_text(ending.join(lines) + ending, encoding="utf-8", newline="")
    (folder / "invested_in.csv").unlink()
    (folder / "located_in.csv").write_text("from,to\nc1,US\nc2,US\ni1,US\ni2,US\nu1,US\np1,US\na1,US\n")
    reading = read_dataset(folder)
    assert reading.findings == ()
    companies = reading.dataset.nodes["Company"]
    assert companies["id"].to_pylist() == ["c1", "c2"]
    assert companies["name"].to_pylist() == ['甲, "A"\t乙', None]
    assert companies["patents"].to_pylist() == [7, 3]


def test_lines_are_counted_as_an_editor_does(folder: Path) -> None:
    text = 'id,name\n"c1","two\nlines"\n\nc2,short\nc3,short,long\nc4,\n"c5","x\r\ny"\nnan,last'
    (folder / "companies.csv").write_text(text, encoding="utf-8", newline="")
    reading = read_dataset(folder)
    rows = {(finding.code, finding.row) for finding in reading.findings if finding.file == "companies.csv"}
    assert rows == {("wrong_cell_count", 6), ("blank_id", 10)}
    assert reading.quarantine["companies"]["line"].to_pylist() == [6, 10]


def test_good_rows_load_beside_bad_ones(folder: Path) -> None:
    append(folder, "companies", "c4,丁,maybe,,,,,")
    append(folder, "located_in", "c4,北京")
    append(folder, "enables", "c4,c1,,")
    reading = read_dataset(folder)
    counts = {count.table: (count.read, count.loaded, count.quarantined) for count in reading.counts}
    assert counts["companies"] == (4, 3, 1)
    assert counts["enables"] == (4, 3, 1)
    assert reading.quarantine["enables"].to_pylist() == [
        {
            "line": 5,
            "reason": "from: the row of node 'c4' does not load: companies.csv, line 5",
            "from": "c4",
            "to": "c1",
            "year": None,
            "field": None,
        }
    ]
    assert reading.dataset.links["ENABLES"].num_rows == 3


def test_only_the_first_of_many_faults_are_shown_and_all_are_set_aside(folder: Path) -> None:
    for number in range(50):
        append(folder, "investors", f"i{number + 10},{'x' * 5}")
        append(folder, "located_in", f"i{number + 10},Atlantis {number}")
    reading = read_dataset(folder)
    shown = [finding for finding in reading.findings if finding.code == "unknown_region"]
    assert len(shown) == 21
    assert shown[-1].message == "and 30 more rows with this fault, the first of them here"
    assert shown[-1].row == shown[-2].row + 1 if shown[-2].row else False
    assert reading.quarantine["located_in"].num_rows == 50


def test_one_fault_of_many_rows_is_one_finding(folder: Path) -> None:
    """An unknown region, a misspelled word: each is told once, with where else it is; the quarantine has every row."""
    for number in range(8):
        append(folder, "investors", f"i{number + 10},x")
        append(folder, "located_in", f"i{number + 10},Atlantis")
    reading = read_dataset(folder)
    (finding,) = [finding for finding in reading.findings if finding.severity == "error"]
    assert finding.place == "located_in.csv:10:to"
    assert finding.message == "unknown region 'Atlantis'; also on 7 more lines: 11, 12, 13, 14, 15, …"
    assert reading.quarantine["located_in"]["line"].to_pylist() == list(range(10, 18))


def _lists(table: pa.Table, *names: str) -> list[list[object]]:
    return [table[name].to_pylist() for name in names]


def test_numbers_that_a_float_would_make_one_stay_text(folder: Path) -> None:
    names = "id,name,licence,capital,code,share"
    rows = [
        "c1,a,9223372036854775807,10000000000000000,9007199254740993,1",
        "c2,b,9223372036854775808,1.5,0.5,2",
        f"c3,c,{'9' * 5000},2,1,0.5",
    ]
    (folder / "companies.csv").write_text("\n".join([names, *rows]), encoding="utf-8")
    reading = read_dataset(folder)
    table = reading.dataset.nodes["Company"]
    assert table["licence"].to_pylist() == ["9223372036854775807", "9223372036854775808", "9" * 5000]
    assert table["code"].to_pylist() == ["9007199254740993", "0.5", "1"]
    assert table["capital"].to_pylist() == [1e16, 1.5, 2]
    assert table["share"].to_pylist() == [1, 2, 0.5]
    told = [(found.severity, found.column) for found in reading.findings if found.code == "too_many_digits"]
    assert told == [("warning", "licence"), ("warning", "code")]
